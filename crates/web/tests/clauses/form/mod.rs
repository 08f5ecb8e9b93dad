//! The Report of Security Incident, box by box, under both editions of the regulation.

mod duty;
mod head;
mod officer;
mod papers;
mod personnel;
mod remedy;
mod reporter;
mod signing;
