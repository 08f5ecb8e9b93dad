//! Sheets: what a policy wants written down about an incident, field by field: a statement of impact, an isolation that
//! stays open until the system is back, a service with its times down and up. Officers fill them; the policy says which
//! step has to wait for them. With them a new policy needs no new screen.

use super::{
    BoxId, CategoryId, ChoiceId, ClauseId, Condition, FactId, FieldId, Moment, NoteId, ObligationId, QuestionId,
    RoleId, SheetId, SlotId, Step,
};
use crate::actor::Section;
use serde::{Deserialize, Serialize};

/// Something that the policy wants on record about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Slug: `isolation`.
    pub id: SheetId,
    /// What it is called, for officers.
    pub title: String,
    /// What it is for, in a sentence beside it.
    pub help: Option<String>,
    /// Asked for when all hold; empty means always.
    pub when: Vec<Condition>,
    /// Asked for while the incident is of one of these kinds; empty means of any.
    pub kinds: Vec<CategoryId>,
    /// Offered only once all of these stand on other sheets; empty means always.
    pub after: Vec<OnSheet>,
    /// What is said while it has no entry, instead of “Nothing yet”: the gap, named.
    pub gap: Option<String>,
    /// Its entries, those of all incidents of a unit together, are a register of the unit, and a copy of that can be
    /// narrowed to what stands in this field.
    pub register: Option<FieldId>,
    /// Several entries: one for each system, each conversation. Otherwise there is one, and it is changed.
    pub repeats: bool,
    /// Who may fill it; empty means whoever works the incident.
    pub recorded_by: Vec<RoleId>,
    /// People who are named on another sheet may fill it as well, for as long as they are named there.
    pub or_named: Option<NamedOn>,
    /// Who reads it, and whose key seals it.
    pub section: Section,
    /// Steps that wait until it has an entry.
    pub wanted: Vec<Step>,
    /// Steps that wait while one of its entries is unfinished.
    pub holds: Vec<Step>,
    /// The duties that a finished entry answers for.
    pub meets: Vec<ObligationId>,
    /// The field that says when that was; otherwise it was when the entry was finished.
    pub met_at: Option<FieldId>,
    /// The field by whose time its entries are put in order; otherwise they stand as they were recorded.
    pub ordered_by: Option<FieldId>,
    /// The field by whose time an entry stands in the incident's timeline; otherwise it does not.
    pub on_timeline: Option<FieldId>,
    /// Its fields, in order.
    pub fields: Vec<SheetField>,
    /// Times between two of its fields.
    pub spans: Vec<Span>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
    /// Documents it works with, which an administrator supplies.
    pub uses: Vec<SlotId>,
    /// Who signs a finished entry, with their password once more; empty where nobody does. A signed entry stays as it is.
    pub signed_by: Vec<RoleId>,
    /// People named on a sheet read this one as well, for as long as they are named there.
    pub also_read_by: Option<NamedOn>,
    /// A finished entry hands the incident to human resources, who read what stands on it; with choices, only while they
    /// stand.
    pub refers: Option<Vec<Held>>,
    /// What is said while choices stand together.
    pub words: Vec<SheetWord>,
    /// The record is kept, whatever any date says, from an entry that says so.
    pub keeps: Option<SheetHold>,
}

/// A field with the choices of which it has to hold one.
pub type Held = (FieldId, Vec<ChoiceId>);

/// Words that are shown beside an entry while its choices stand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetWord {
    /// The choices.
    pub when: Vec<Held>,
    /// The words.
    pub says: String,
    /// The entry is taken so only with a reason.
    pub asks_first: bool,
}

/// An entry that puts the whole record on hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetHold {
    /// The choices that do so.
    pub when: Vec<Held>,
    /// The field that says from which day.
    pub from: Option<FieldId>,
    /// What the hold says to those who keep the record: nothing of the entry but that.
    pub says: String,
}

/// Something that stands on another sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnSheet {
    /// That sheet; by itself it has to have an entry.
    pub sheet: SheetId,
    /// The field that has to hold one of these choices.
    pub holds: Option<(FieldId, Vec<ChoiceId>)>,
}

/// People named on a sheet, each for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedOn {
    /// That sheet.
    pub sheet: SheetId,
    /// The field that names them.
    pub person: FieldId,
    /// From when; otherwise from the moment of recording.
    pub from: Option<FieldId>,
    /// Until when; while it is empty they stay named.
    pub until: Option<FieldId>,
}

/// What of a thing lost or stolen a field takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum OfLoss {
    /// What it is.
    Item,
    /// Its tag or serial number.
    Tag,
    /// Where it was last.
    Place,
    /// What information is on it.
    Contents,
    /// The answer to a question of the loss.
    Question(QuestionId),
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SheetFieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One of the choices.
    ChooseOne,
    /// Any of the choices.
    ChooseMany,
    /// A time, about a time, or a day.
    When,
    /// A civil date.
    Date,
    /// A number.
    Number,
    /// Somebody of the agency with an account.
    Person,
    /// A sum of money.
    Amount,
}

/// When a field has to be filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FieldNeed {
    /// It may stay empty.
    #[default]
    Never,
    /// An entry is not taken without it.
    ToSave,
    /// An entry is unfinished without it.
    ToFinish,
}

/// A choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetChoice {
    /// Slug.
    pub id: ChoiceId,
    /// What it says.
    pub says: String,
    /// Brought along while the incident is of one of these kinds: chosen beforehand, and whoever takes it away says why;
    /// or, where the field says so, made by the kind itself.
    pub marked_by: Vec<CategoryId>,
    /// What other fields hold once it is chosen, unless they are filled otherwise: a notebook is a computer too.
    pub gives: Vec<(FieldId, ChoiceId)>,
}

/// A field of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetField {
    /// Slug, unique in the sheet.
    pub id: FieldId,
    /// What it asks, for officers.
    pub label: String,
    /// A line under it.
    pub help: Option<String>,
    /// What it holds.
    pub kind: SheetFieldKind,
    /// The choices, for the kinds that have them.
    pub choices: Vec<SheetChoice>,
    /// When it has to be filled.
    pub need: FieldNeed,
    /// Needed only while each of these fields holds one of the choices beside it.
    pub only_if: Vec<Held>,
    /// Not needed once this other field is filled.
    pub unless: Option<FieldId>,
    /// Its time may lie ahead, as the end of an appointment does.
    pub ahead: bool,
    /// The roles of which somebody is named; empty means anybody with an account.
    pub of: Vec<RoleId>,
    /// “Not known yet” serves as an answer.
    pub or_unknown: bool,
    /// Incidents are counted by its choices.
    pub counts: bool,
    /// Its amounts are added up over incidents.
    pub sums: bool,
    /// Its choices are lists of their own, into which a copy of the sheet is split.
    pub lists: bool,
    /// The question of the public report whose answer it takes over.
    pub from_question: Option<QuestionId>,
    /// What it takes over of each thing lost or stolen: each begins an entry.
    pub from_loss: Option<OfLoss>,
    /// The fact that its choices `yes`, `no` and `unknown` answer.
    pub answers: Option<FactId>,
    /// The moment that its time records.
    pub records: Option<Moment>,
    /// The clauses that ask for it, where they are others than the sheet's.
    pub clauses: Vec<ClauseId>,
    /// The choice that is offered as the answer; it counts once a person confirms it.
    pub suggests: Option<ChoiceId>,
    /// What a kind brings along is recorded as soon as an officer says that the incident is of that kind, and only
    /// offered before.
    pub by_itself: bool,
    /// The box of the form for which the words of a finished entry are offered.
    pub offers_for: Option<BoxId>,
    /// The box of human resources' part of the form that it fills, and the field whose words go with a choice.
    pub fills: Option<(BoxId, Option<FieldId>)>,
}

/// Where a span begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpanStart {
    /// At the time in a field of the entry.
    Field(FieldId),
    /// At a moment of the incident, such as the report.
    Moment(Moment),
}

/// A time between two moments of an entry, such as the time to recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// What it is called: “Time to recovery”.
    pub says: String,
    /// Where it begins.
    pub from: SpanStart,
    /// Its last field.
    pub to: FieldId,
    /// What is said while the last is empty: “still down”.
    pub open: String,
}

impl Sheet {
    /// The field with this id.
    pub fn field(&self, id: &FieldId) -> Option<&SheetField> {
        self.fields.iter().find(|f| f.id == *id)
    }
}

impl SheetField {
    /// The choice that one of these kinds of incident makes by itself.
    pub fn made_by<'a>(&'a self, kinds: &'a [CategoryId]) -> Option<&'a ChoiceId> {
        self.brought(kinds).next().filter(|_| self.by_itself)
    }

    /// The choices that these kinds of incident bring along.
    pub fn brought<'a>(&'a self, kinds: &'a [CategoryId]) -> impl Iterator<Item = &'a ChoiceId> {
        let by = |choice: &&SheetChoice| choice.marked_by.iter().any(|kind| kinds.contains(kind));
        self.choices.iter().filter(by).map(|choice| &choice.id)
    }

    /// The words of a choice.
    pub fn choice(&self, id: &ChoiceId) -> Option<&str> {
        self.choices.iter().find(|c| c.id == *id).map(|c| c.says.as_str())
    }
}
