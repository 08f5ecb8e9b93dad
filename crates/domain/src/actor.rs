//! Who did something, as the record names them: an opaque id, never a name.

use crate::ids::AccountId;
use serde::{Deserialize, Serialize};

/// The one who caused an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as", content = "id")]
pub enum Actor {
    /// Somebody without an account, through the public form or their status page.
    Reporter,
    /// A person with an account.
    Account(AccountId),
    /// The product itself: a job, a clock, an importer.
    System,
}

/// The part of a case that an event belongs to; each has its own key and its own readers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What was reported.
    Report,
    /// Who reported it and how to reach them.
    Reporter,
    /// The officer's work: timeline, tasks, the officer's part of the form.
    Officer,
    /// Human resources' part: personnel actions.
    Personnel,
    /// Counsel's privileged notes.
    Counsel,
    /// Files and what is known of them.
    Evidence,
}

impl Section {
    /// Every section, in the order of the case file.
    pub const ALL: [Self; 6] =
        [Self::Report, Self::Reporter, Self::Officer, Self::Personnel, Self::Counsel, Self::Evidence];

    /// The section's name as it stands in headers and key labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Reporter => "reporter",
            Self::Officer => "officer",
            Self::Personnel => "personnel",
            Self::Counsel => "counsel",
            Self::Evidence => "evidence",
        }
    }

    /// Whether its words may be found by search. Personnel, counsel and the reporter's identity never are.
    pub const fn searchable(self) -> bool {
        matches!(self, Self::Report | Self::Officer)
    }
}
