//! tocsin-app.
