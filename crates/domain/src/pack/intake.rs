//! What the public report shows and asks, per pack.

use super::{Answer, Facts};
use super::{
    CategoryId, ChoiceId, ClauseId, Condition, FactId, Moment, NoteId, ObligationId, QuestionId, RoleId, SystemId,
    TileId, Words, WorkforceId,
};
use crate::incident::{FactAnswer, FactValue};
use serde::{Deserialize, Serialize};

/// A choice with a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Slug stored with the answer.
    pub id: ChoiceId,
    /// What people read.
    pub label: Words,
    /// Chosen beforehand when one of these tiles was; whoever takes it away says why.
    pub marked_by: Vec<TileId>,
}

/// A kind of workforce member the policy covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkforceKind {
    /// Slug.
    pub id: WorkforceId,
    /// What people read.
    pub label: Words,
    /// Somebody whom the policy does not bind and who may report all the same.
    pub external: bool,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
}

/// A class of systems the policy covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemClass {
    /// Slug.
    pub id: SystemId,
    /// What people read.
    pub label: Words,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
}

/// One choice under "What happened?", in everyday words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// Slug stored with the report.
    pub id: TileId,
    /// What people read.
    pub label: Words,
    /// The policy's categories it points to, as a suggestion for the officer.
    pub suggests: Vec<CategoryId>,
    /// Facts that choosing it makes true.
    pub sets: Vec<FactId>,
    /// Choosing it opens the questions about something lost or stolen.
    pub opens_loss: bool,
}

/// One of the policy's own kinds of incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Slug.
    pub id: CategoryId,
    /// Its name.
    pub label: Words,
    /// Which of the policy's lists it belongs to, where there are several (`class`, `type`).
    pub axis: String,
    /// Facts that choosing it makes true.
    pub sets: Vec<FactId>,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// The tiles; several may be chosen.
    Tiles,
    /// Yes, no or not sure, as three buttons.
    YesNoUnsure,
    /// A unit and a place in it.
    Place,
    /// Own words, with photos and files.
    LongText,
    /// One line.
    ShortText,
    /// A moment, a day, a stretch of time, or not known.
    When,
    /// People, systems and data touched.
    Affected,
    /// Items lost or stolen.
    Loss,
    /// What was done so far, by the reporter, by technical staff, by others.
    Done,
    /// Name and ways to be reached.
    Contact,
    /// One of the choices.
    ChooseOne,
    /// Any of the choices.
    ChooseMany,
    /// Things by name, several of them: what each is, by the choices, and whether it was hit or only had a part.
    Named,
}

/// A question of the public report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Slug; also the last part of the page's address.
    pub id: QuestionId,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The question.
    pub title: Words,
    /// A line under it.
    pub hint: Option<Words>,
    /// A report cannot be sent without it. Everything else may be left open.
    pub required: bool,
    /// Choices, for the kinds that have them.
    pub choices: Vec<Item>,
    /// The fact that the answer to a yes-or-no question records.
    pub records: Option<FactId>,
    /// “I don't know yet” is offered, and is an answer.
    pub or_unknown: bool,
    /// Choices that say nothing without words, such as *something else*.
    pub words_with: Vec<ChoiceId>,
    /// Asked only when one of these tiles was chosen; empty means always.
    pub tiles: Vec<TileId>,
    /// The clauses that ask for the answer.
    pub clauses: Vec<ClauseId>,
}

/// One of the particulars that the policy wants from whoever reports; a report is counted complete by these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Particular {
    /// Slug.
    pub id: ChoiceId,
    /// What it is about, as the reporter reads it when it is still open.
    pub title: Words,
    /// The questions that give it; an answer to one of them is enough.
    pub questions: Vec<QuestionId>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}

/// How the policy's own definition tells an incident from another event: questions, and the answers that make one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The questions, in order.
    pub asks: Vec<FactId>,
    /// Groups of conditions: an incident where all of one group hold.
    pub any_of: Vec<Vec<Condition>>,
    /// The clauses that define it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

impl Definition {
    /// What the definition makes of these answers; `None` while too little is known.
    pub fn finds(&self, answers: &[FactAnswer]) -> Option<bool> {
        let answer = |value: FactValue| match value {
            FactValue::Yes => Answer::Yes,
            FactValue::No => Answer::No,
            FactValue::Unknown => Answer::Unknown,
            FactValue::Count(n) => Answer::Count(n),
        };
        let facts = answers.iter().fold(Facts::default(), |facts, a| facts.answered(a.fact.clone(), answer(a.answer)));
        if self.any_of.iter().any(|group| facts.satisfy(group)) {
            return Some(true);
        }
        let known = |fact: &FactId| answers.iter().any(|a| a.fact == *fact && a.answer != FactValue::Unknown);
        // A group that is ruled out by what is known stays ruled out.
        let excluded = |group: &Vec<Condition>| group.iter().any(|c| !facts.could_satisfy(c));
        (self.asks.iter().all(known) || self.any_of.iter().all(excluded)).then_some(false)
    }
}

/// "Do this now": what somebody should do this minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// For these tiles; empty means for any.
    pub tiles: Vec<TileId>,
    /// Written for an event that is still going on.
    pub going_on: bool,
    /// Three to five imperative lines.
    pub lines: Vec<Words>,
}

/// Whether somebody may report without a name, and how a name is shielded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// A report needs no name at all.
    pub anonymous: bool,
    /// The name can be kept from everybody but those who handle the incident.
    pub can_be_shielded: bool,
    /// What the reporter reads about it.
    pub says: Words,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A call that the policy wants first; the web form is then a record, not the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneFirst {
    /// The number as printed.
    pub number: String,
    /// Who answers.
    pub role: RoleId,
    /// The button.
    pub label: Words,
    /// Why one should call.
    pub says: Words,
    /// The duty that a recorded call meets.
    pub meets: ObligationId,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// The questions about something lost or stolen; repeated per item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The fact that filling it makes true.
    pub sets: FactId,
    /// When that fact counts from.
    pub from: Moment,
    /// Kinds of items.
    pub items: Vec<Item>,
    /// Kinds of information on the item.
    pub contents: Vec<Item>,
    /// Asked per item besides the above, in order.
    pub questions: Vec<Question>,
    /// What the reporter reads about who will be told.
    pub says: Words,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}
