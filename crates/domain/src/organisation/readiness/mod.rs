//! The readiness of an agency: which level the state told, which one the agency declared and why, what its people did
//! about it, and the reports of each change. What happened is kept as changes; the level on any day follows from them.

pub mod decide;
pub mod level;
pub mod report;

use crate::ids::{AccountId, EntryId, UnitId};
use crate::pack::{ChoiceId, FieldId, RoleId};
use crate::text::{Line, Name, Note};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use decide::{Refusal, Refusals};
pub use level::{Passage, Step, Timeline, Why};
pub use report::{Issued, Left, Ranked, ReportKind, Sent, Value, Values};

/// What was found out about the factors that drive the level: `None` is unchanged.
pub type Factors = BTreeMap<ChoiceId, Option<Note>>;
/// What a declaration weighs: `None` is not known.
pub type Weighing = BTreeMap<ChoiceId, Option<Note>>;

/// An assessment of the factors, complete in itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// The entry.
    pub id: EntryId,
    /// Each factor, unchanged or with what changed.
    pub factors: Factors,
    /// How many declarations stood on record before it.
    pub after: usize,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A level that was declared, or confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declaration {
    /// The entry.
    pub id: EntryId,
    /// The level.
    pub level: u8,
    /// Why.
    pub reason: Note,
    /// The factors as they were assessed for it.
    pub factors: Factors,
    /// The state's notice to which it answers.
    pub notice: Option<EntryId>,
    /// What was weighed.
    pub weighed: Weighing,
    /// Kinds of activity among the reasons.
    pub activities: Vec<ChoiceId>,
    /// How many notices of the state were on record: what came later is not answered by it.
    pub told: usize,
    /// Who.
    pub by: AccountId,
    /// When; it holds from then on.
    pub at: Instant,
}

/// A level that somebody else thinks right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// The entry.
    pub id: EntryId,
    /// The level.
    pub level: u8,
    /// Why.
    pub why: Note,
    /// How many declarations stood on record before it.
    pub after: usize,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A recommended measure of the agency's own table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measure {
    /// The entry.
    pub id: EntryId,
    /// At which level.
    pub level: u8,
    /// Of which kind.
    pub kind: ChoiceId,
    /// What is done.
    pub what: Line<400>,
    /// Whose it is to do: a role of the policy.
    pub responsible: RoleId,
    /// Since when it stands in the table.
    pub from: Instant,
    /// Since when it does no more.
    pub until: Option<Instant>,
}

/// What became of a measure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", content = "because", rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not, for this reason.
    NotDone(Note),
    /// It does not apply, for this reason.
    NotApplicable(Note),
}

/// What a unit did about a measure while a level lasted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// The change that brought the level.
    pub step: EntryId,
    /// The measure.
    pub measure: EntryId,
    /// The unit.
    pub unit: UnitId,
    /// What became of it.
    pub outcome: Outcome,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A unit has taken note of a level and holds it too.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The change that brought the level.
    pub step: EntryId,
    /// The unit.
    pub unit: UnitId,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A report that is being written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The change it reports.
    pub step: EntryId,
    /// What it says so far.
    pub values: Values,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A report was brought to somebody by hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delivered {
    /// The report.
    pub report: EntryId,
    /// To whom, as the report names them.
    pub to: Name,
    /// How, and what shows it.
    pub how: Line<300>,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// What can happen to the readiness of an agency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "entry", content = "of", rename_all = "snake_case")]
pub enum Change {
    /// The factors were assessed.
    Assessed(Assessment),
    /// A level was declared or confirmed.
    Declared(Declaration),
    /// Somebody proposed a level.
    Proposed(Proposal),
    /// The table of measures, as it stands from that moment; what stood before ends.
    Measures {
        /// All of them.
        measures: Vec<Measure>,
        /// Since when.
        at: Instant,
    },
    /// A measure was done, or not.
    Answered(Answered),
    /// A unit took note of a level.
    Acknowledged(Acknowledged),
    /// A report was saved unfinished.
    Drafted(Draft),
    /// A report was sent.
    Issued(Issued),
    /// A report was brought by hand.
    Delivered(Delivered),
}

impl Change {
    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Assessed(_) => "administration.readiness_assessed",
            Self::Declared(_) => "administration.readiness_declared",
            Self::Proposed(_) => "administration.readiness_proposed",
            Self::Measures { .. } => "administration.readiness_measures",
            Self::Answered(_) => "administration.readiness_answered",
            Self::Acknowledged(_) => "administration.readiness_acknowledged",
            Self::Drafted(_) => "administration.readiness_drafted",
            Self::Issued(_) => "administration.readiness_reported",
            Self::Delivered(_) => "administration.readiness_delivered",
        }
    }
}

/// The readiness of an agency as its changes tell it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Readiness {
    /// Assessments, in order of recording.
    pub assessments: Vec<Assessment>,
    /// Declarations, in order of recording.
    pub declarations: Vec<Declaration>,
    /// Proposals, in order of recording.
    pub proposals: Vec<Proposal>,
    /// Measures, those of earlier tables too.
    pub measures: Vec<Measure>,
    /// What became of measures; the latest word of a unit counts.
    pub answers: Vec<Answered>,
    /// Who has taken note.
    pub acknowledged: Vec<Acknowledged>,
    /// Reports that are being written, one for each change.
    pub drafts: Vec<Draft>,
    /// Reports that were sent.
    pub reports: Vec<Issued>,
    /// Reports that were brought by hand.
    pub delivered: Vec<Delivered>,
}

impl Readiness {
    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Assessed(assessment) => self.assessments.push(assessment.clone()),
            Change::Declared(declaration) => self.declarations.push(declaration.clone()),
            Change::Proposed(proposal) => self.proposals.push(proposal.clone()),
            Change::Measures { measures, at } => {
                for measure in self.measures.iter_mut().filter(|measure| measure.until.is_none()) {
                    measure.until = Some(*at);
                }
                self.measures.extend(measures.iter().cloned());
            }
            Change::Answered(answer) => {
                let same = |a: &Answered| (a.step, a.measure, a.unit) == (answer.step, answer.measure, answer.unit);
                self.answers.retain(|earlier| !same(earlier));
                self.answers.push(answer.clone());
            }
            Change::Acknowledged(entry) => self.acknowledged.push(entry.clone()),
            Change::Drafted(draft) => {
                self.drafts.retain(|earlier| earlier.step != draft.step);
                self.drafts.push(draft.clone());
            }
            Change::Issued(report) => {
                self.drafts.retain(|draft| draft.step != report.step);
                self.reports.push(report.clone());
            }
            Change::Delivered(delivered) => self.delivered.push(delivered.clone()),
        }
    }

    /// Whether anything was ever recorded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Measures that stood in the table at some time between two moments, for a level.
    pub fn measures_at(&self, level: u8, from: Option<Instant>, until: Option<Instant>) -> Vec<&Measure> {
        let overlaps = |m: &&Measure| {
            m.level == level
                && until.is_none_or(|end| m.from < end)
                && m.until.is_none_or(|end| from.is_some_and(|begin| end > begin))
        };
        self.measures.iter().filter(overlaps).collect()
    }

    /// What a unit said about a measure while a level lasted.
    pub fn answer(&self, step: EntryId, measure: EntryId, unit: UnitId) -> Option<&Answered> {
        self.answers.iter().find(|a| (a.step, a.measure, a.unit) == (step, measure, unit))
    }

    /// Whether and when a unit took note of a change.
    pub fn acknowledgement(&self, step: EntryId, unit: UnitId) -> Option<&Acknowledged> {
        self.acknowledged.iter().find(|a| (a.step, a.unit) == (step, unit))
    }

    /// The declaration with this id.
    pub fn declaration(&self, id: EntryId) -> Option<&Declaration> {
        self.declarations.iter().find(|d| d.id == id)
    }

    /// The report of a change, once it was sent.
    pub fn report_of(&self, step: EntryId) -> Option<&Issued> {
        self.reports.iter().find(|report| report.step == step && report.kind == ReportKind::Change)
    }

    /// Summaries that were sent while a level lasted.
    pub fn summaries_of(&self, step: EntryId) -> usize {
        self.reports.iter().filter(|report| report.step == step && report.kind == ReportKind::Summary).count()
    }

    /// The report that is being written about a change.
    pub fn draft_of(&self, step: EntryId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.step == step)
    }

    /// The last assessment on which no declaration rests yet.
    pub fn open_assessment(&self) -> Option<&Assessment> {
        self.assessments.last().filter(|last| last.after == self.declarations.len())
    }

    /// Proposals that nobody has answered by a declaration yet.
    pub fn open_proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.proposals.iter().filter(|proposal| proposal.after == self.declarations.len())
    }

    /// What the last report said in a field that is filled beforehand.
    pub fn last_said(&self, field: &FieldId) -> Option<&Value> {
        self.reports.last().and_then(|report| report.values.get(field))
    }
}
