//! The plan of each unit as it stands on paper.

use super::{NamedWord, Word};
#[cfg(feature = "schema")]
use crate::spanned::Day;
use crate::spanned::Spanned;
use domain::organisation::UnitKind;
use serde::Deserialize;

/// The plan that each unit keeps.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// What the policy calls it.
    pub title: String,
    /// Kinds of units that each keep one.
    pub each: Vec<UnitKind>,
    /// The role that writes it.
    pub written_by: Word,
    /// The role that approves it.
    pub approved_by: Word,
    /// The day by which it has to be approved.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Day>"))]
    pub due: Option<Spanned<toml::value::Datetime>>,
    /// Kinds of areas that somebody answers for.
    #[serde(default, rename = "area")]
    pub areas: Vec<NamedWord>,
    /// Goals, in order.
    #[serde(default, rename = "goal")]
    pub goals: Vec<NamedWord>,
    /// Priorities, in order.
    #[serde(default, rename = "priority")]
    pub priorities: Vec<NamedWord>,
    /// Kinds of incident for which a party has to be named.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<PlanKind>,
    /// What a party's part can be.
    #[serde(default, rename = "part")]
    pub parts: Vec<PlanPart>,
    /// The clauses that ask for limits on what the unit can do.
    #[serde(default)]
    pub limits: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPart {
    pub id: Word,
    pub says: String,
    /// They carry out the measures of the readiness level.
    #[serde(default)]
    pub carries_out: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanKind {
    pub id: Word,
    pub says: String,
    /// Categories whose incidents propose the party.
    #[serde(default)]
    pub categories: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}
