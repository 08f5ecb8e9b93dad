//! tocsin-documents.
