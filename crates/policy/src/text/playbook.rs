//! Playbooks as they stand on paper.

use super::Word;
use domain::incident::Stage;
use domain::pack::{Moment, Starts};
use serde::Deserialize;

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Playbook {
    pub id: Word,
    pub title: Word,
    pub on: Moment,
    #[serde(default)]
    pub when: Vec<Word>,
    #[serde(default)]
    pub starts: Starts,
    #[serde(default, rename = "step")]
    pub steps: Vec<PlaybookStep>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaybookStep {
    pub id: Word,
    pub title: Word,
    pub role: Word,
    pub stage: Stage,
    /// Left out: as written.
    pub order: Option<u32>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}
