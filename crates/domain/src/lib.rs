//! What is true about reports, incidents and duties: pure rules without I/O, async, clock or database.
//!
//! Everything here is a function from facts to facts. The shell fetches facts, calls a rule, and writes the
//! events that the rule returns. Time and randomness arrive as arguments.

pub mod actor;
pub mod ambient;
pub mod form;
pub mod ids;
pub mod incident;
pub mod obligation;
pub mod observable;
pub mod organisation;
pub mod pack;
pub mod permission;
pub mod picked;
pub mod reference;
pub mod report;
pub mod text;
pub mod time;
