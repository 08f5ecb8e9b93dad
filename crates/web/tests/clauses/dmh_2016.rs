//! The Department of Mental Health, edition of 2016.

mod inquiry;
mod record;
