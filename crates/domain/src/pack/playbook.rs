//! Playbooks: the policy's or the house's steps for a kind of incident, from which each incident takes a copy.

use super::{ClauseId, NoteId, PlaybookId, RoleId, StepId, Trigger};
use crate::incident::Stage;
use serde::{Deserialize, Serialize};

/// How a playbook begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Starts {
    /// It is offered, and somebody starts it.
    #[default]
    #[serde(rename = "when asked")]
    WhenAsked,
    /// Once its condition holds.
    #[serde(rename = "by itself")]
    ByItself,
}

/// A playbook of the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Playbook {
    /// Slug.
    pub id: PlaybookId,
    /// What it is called.
    pub title: String,
    /// When it is offered.
    pub trigger: Trigger,
    /// How it begins.
    pub starts: Starts,
    /// Its steps, in order.
    pub steps: Vec<PlaybookStep>,
    /// The clauses it comes from.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A step of a playbook: in an incident it becomes a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaybookStep {
    /// Slug, one of a kind within the playbook.
    pub id: StepId,
    /// What is to be done.
    pub title: String,
    /// Who does it.
    pub role: RoleId,
    /// Stage of the work.
    pub stage: Stage,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}
