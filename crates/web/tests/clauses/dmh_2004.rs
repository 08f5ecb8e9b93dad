//! The Department of Mental Health, edition of 2004.

pub mod kinds;
mod record;
