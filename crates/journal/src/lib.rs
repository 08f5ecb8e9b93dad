//! tocsin-journal.
