//! Compiles a policy pack from text into the types of `domain::pack`, or says what is wrong, where, and what to write
//! instead. It reads no files: callers hand over paths with their texts.
//!
//! A pack is a folder with a `pack.toml`, a `SOURCES.md`, any number of further `.toml` files, and worked cases under
//! `cases/`. To write one, start from `policy/us-mo/dmh-2016`.

mod assessment;
mod check;
mod compile;
mod facts;
mod report;
#[cfg(feature = "schema")]
mod schema;
mod spanned;
mod text;

pub use assessment::{Assessment, Obligation, assess};
pub use check::{check, check_set};
pub use compile::{compile, compile_set};
pub use facts::{Asked, Bound, read_facts};
pub use report::{Problem, Report};
#[cfg(feature = "schema")]
pub use schema::{case_schema, facts_schema, pack_schema};

/// The published JSON Schema of the files of a pack. A test with the feature `schema` holds it to the types.
pub const PACK_SCHEMA: &str = include_str!("../../../docs/schemas/pack.schema.json");
/// The published JSON Schema of a facts file.
pub const FACTS_SCHEMA: &str = include_str!("../../../docs/schemas/facts.schema.json");

/// One file of a pack: its path below the policy folder, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path with forward slashes: `us-mo/dmh-2016/pack.toml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}
