//! tocsin-policy.
