//! tocsin-store-sqlite.
