//! Who may change what a policy says, on whose authority it stands, and the laws it rests on.

use super::{ClauseId, RoleId, TagId, Words};
use serde::{Deserialize, Serialize};

/// How a text is put in force. Besides a second administrator, which every change needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Enactment {
    /// The role whose approval has to be on record before a changed text can be put in force.
    pub approved_by: Option<RoleId>,
    /// The laws and orders under which the text was issued, as it names them.
    pub authorities: Vec<String>,
    /// Units below the head of the agency make no rules of their own.
    pub units_keep_no_rules: bool,
    /// The clauses that say so.
    pub clauses: Vec<ClauseId>,
}

/// A legal basis that the policy names for itself, with which an incident can be marked. The mark travels with what
/// leaves the incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// Its name: `42-cfr-2`.
    pub id: TagId,
    /// The law as it is cited: `42 CFR 2`.
    pub cite: String,
    /// What an incident is about that carries it.
    pub label: Words,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
}

/// A page on which a supplied document is offered to those who work there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ShownOn {
    /// Where a report is taken by telephone.
    Intake,
    /// The page of an incident.
    Incident,
}
