//! tocsin-domain.
