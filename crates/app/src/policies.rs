//! What an agency keeps about its policies while the product runs: texts it put in force, its own values, the documents
//! it supplied, kinds of workforce it added, and what it said about dates that have passed. Every change is an entry of
//! the administration stream; the sealed row read here follows from those entries and changes with them.

pub mod compare;
pub mod documents;
pub mod evidence;
pub mod install;
pub mod kept;
pub mod own_values;
pub mod reassess;
pub mod standing;
pub mod text;
pub mod view;
