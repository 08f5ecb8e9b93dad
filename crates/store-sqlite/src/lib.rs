//! The embedded store: everything in one SQLite file, written by one thread that commits for many at once.
//!
//! One writer owns the only writing connection, gathers what waits, and answers all of it after a single durable
//! commit ([`writer`]). A few reader threads with connections of their own answer everything else ([`reader`]).
//! [`store`] maps the verbs of the port to the functions that own their SQL: [`journal`], [`projections`],
//! [`drafts`], [`accounts`] and [`work`].

mod accounts;
mod backup;
mod change;
mod copy;
mod drafts;
mod duties;
mod factors;
mod journal;
mod lists;
mod open;
#[cfg(test)]
mod plans;
mod projections;
mod reader;
mod store;
mod value;
mod words;
mod work;
mod writer;

pub use copy::{copy_in, copy_out};
pub use store::SqliteStore;
