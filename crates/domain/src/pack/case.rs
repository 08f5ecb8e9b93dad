//! What an incident needs on its way to closing: decisions with those who have to agree, and the closing checklist.

use super::{
    ClauseId, ClosingId, Condition, DecisionId, EntryKind, Item, Moment, NoteId, ObligationId, RoleId, Step, Trigger,
};
use serde::{Deserialize, Serialize};

/// How several voices make one decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Concurrence {
    /// One of the deciders decides.
    Any,
    /// Every decider has to say the same.
    All,
    /// Every decider has to say the same; until then the highest option voted for holds provisionally.
    AllHighestHolds,
}

/// A decision that the policy wants taken and recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Slug.
    pub id: DecisionId,
    /// The question, for officers.
    pub asks: String,
    /// When it is put.
    pub trigger: Trigger,
    /// Who decides.
    pub deciders: Vec<RoleId>,
    /// How voices combine.
    pub concurrence: Concurrence,
    /// Who may end a disagreement on record.
    pub settles: Option<RoleId>,
    /// The options, lowest first.
    pub options: Vec<Item>,
    /// A reason is needed for every option.
    pub reasoned: bool,
    /// It is put about a written statement; a new version of that needs new votes.
    pub on_statement: bool,
    /// The moment that its being decided is.
    pub records: Option<Moment>,
    /// What holds is the severity of the incident: the options are spread over the four bars.
    pub judges_severity: bool,
    /// Steps it holds up while open.
    pub blocks: Vec<Step>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// What a line of the closing checklist looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ClosingNeed {
    /// A statement written by the officer.
    Statement {
        /// The kind of entry it is kept as.
        entry: EntryKind,
    },
    /// A duty met, where the facts call it up.
    Duty {
        /// The duty.
        obligation: ObligationId,
    },
    /// A decision taken, where it was put.
    Decision {
        /// The decision.
        decision: DecisionId,
    },
}

/// A line of the closing checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closing {
    /// Slug.
    pub id: ClosingId,
    /// What is missing while it is not met, for officers.
    pub says: String,
    /// Applies when all hold; empty means always.
    pub when: Vec<Condition>,
    /// What it looks for.
    pub needs: ClosingNeed,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// A report may be set aside only after somebody found what it was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAsideRule {
    /// Whose finding it takes.
    pub needs_finding_by: RoleId,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}
