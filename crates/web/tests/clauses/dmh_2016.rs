//! The Department of Mental Health, edition of 2016.

mod disclosures;
mod inquiry;
mod record;
