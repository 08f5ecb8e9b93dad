//! Readiness levels as they stand on paper.

use super::{BothAt, Word};
use domain::pack::{FilledWith, ReportFieldKind};
use serde::Deserialize;

/// The readiness scheme of a policy.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Readiness {
    /// What the policy calls it.
    pub title: String,
    /// The role that declares the level; others propose.
    pub decided_by: Word,
    /// The level is never below the one that the state tells.
    #[serde(default)]
    pub floor: bool,
    /// Units hold the level of the head office and have none of their own.
    #[serde(default)]
    pub equal_units: bool,
    /// Roles that get the report of a change.
    pub reported_to: Vec<Word>,
    /// Those of them whom nobody leaves out.
    #[serde(default)]
    pub always_told: Vec<Word>,
    /// The `[[missing]]` document with the recommended measures.
    pub measures: Word,
    /// Levels, the lowest first.
    #[serde(default, rename = "level")]
    pub levels: Vec<Level>,
    /// What reasons for a level can be marked with.
    #[serde(default, rename = "activity")]
    pub activities: Vec<Named>,
    /// What drives the level.
    #[serde(default, rename = "factor")]
    pub factors: Vec<Factor>,
    /// What a declaration weighs.
    #[serde(default)]
    pub weighed: Vec<Weighed>,
    /// Kinds of measures, in order.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<Named>,
    /// The report of a change, field by field.
    #[serde(default, rename = "field")]
    pub fields: Vec<ReportField>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Level {
    pub name: BothAt,
    /// The local value, in calendar days, that says how often a summary is due while it lasts.
    pub summaries: Option<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    pub id: Word,
    pub says: String,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Factor {
    pub id: Word,
    pub says: String,
    /// Only whoever declares the level reads what is written about it.
    #[serde(default)]
    pub restricted: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Weighed {
    pub id: Word,
    pub says: String,
    /// “Not known” is an answer.
    #[serde(default)]
    pub or_unknown: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportField {
    pub id: Word,
    pub label: String,
    pub help: Option<String>,
    pub kind: ReportFieldKind,
    /// Of a field that chooses.
    #[serde(default)]
    pub choices: Vec<Named>,
    /// Of a field of rows.
    #[serde(default)]
    pub columns: Vec<Named>,
    /// The lowest level at whose report it stands.
    pub from_level: Option<u8>,
    /// The report waits for it.
    #[serde(default)]
    pub needed: bool,
    /// One of the fields with the same word here is enough.
    pub one_of: Option<String>,
    /// The statement that may stand in place of a list.
    pub or_none: Option<String>,
    pub filled_with: Option<FilledWith>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}
