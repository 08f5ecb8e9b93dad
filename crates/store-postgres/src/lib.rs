//! tocsin-store-postgres.
