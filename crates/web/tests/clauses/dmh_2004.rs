//! The Department of Mental Health, edition of 2004.

mod disclosures;
mod kinds;
pub mod record;
