//! Sheets as they stand on paper.

use super::Word;
use domain::pack::{FieldNeed, Moment, SheetFieldKind, Step};
use serde::Deserialize;

/// Something that officers write down about an incident, field by field.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    pub id: Word,
    pub title: String,
    pub help: Option<String>,
    #[serde(default)]
    pub when: Vec<Word>,
    /// Asked for while the incident is of one of these kinds.
    #[serde(default)]
    pub kinds: Vec<Word>,
    /// `other-sheet.field is choice or choice`, or `other-sheet` for any entry on it: offered only then.
    #[serde(default)]
    pub after: Vec<Word>,
    /// What is said while it has no entry.
    pub gap: Option<String>,
    /// The field by which a copy of the unit's register, which its entries are together, can be narrowed.
    pub register: Option<Word>,
    /// Several entries instead of one.
    #[serde(default)]
    pub repeats: bool,
    /// The roles that fill it; left out, whoever works the incident.
    #[serde(default)]
    pub recorded_by: Vec<Word>,
    /// People named on another sheet fill it as well, for as long as they are named there.
    pub or_named: Option<NamedOn>,
    /// `officer` (the usual), `counsel`, `evidence` or `personnel`: who reads it.
    #[serde(default)]
    pub read_by: ReadBy,
    /// Steps that wait until there is an entry.
    #[serde(default)]
    pub wanted: Vec<Step>,
    /// Steps that wait while an entry is unfinished.
    #[serde(default)]
    pub holds: Vec<Step>,
    /// The duty that a finished entry answers for.
    pub meets: Option<Word>,
    /// Further duties that the same entry answers for.
    #[serde(default)]
    pub also_meets: Vec<Word>,
    /// The field that says when that was.
    pub met_at: Option<Word>,
    /// The field by whose time its entries are put in order.
    pub ordered_by: Option<Word>,
    /// The field by whose time an entry stands in the incident's timeline.
    pub on_timeline: Option<Word>,
    #[serde(rename = "field")]
    pub fields: Vec<SheetField>,
    #[serde(default, rename = "span")]
    pub spans: Vec<Span>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
    /// Documents that it works with and that an administrator supplies.
    #[serde(default)]
    pub uses: Vec<Word>,
    /// The roles that sign a finished entry; people of `or_named` sign it as well. A signed entry stays as it is.
    #[serde(default)]
    pub signed_by: Vec<Word>,
    /// People named on a sheet read this one as well, for as long as they are named there.
    pub also_read_by: Option<NamedOn>,
    /// A finished entry hands the incident to human resources, who read what stands on it.
    #[serde(default)]
    pub refers: bool,
    /// `field is choice`: it does so only while that stands.
    pub refers_if: Option<Word>,
    /// Words beside an entry while choices stand together.
    #[serde(default, rename = "word")]
    pub words: Vec<SheetWord>,
    /// The whole record is kept, whatever any date says.
    pub keeps: Option<SheetHold>,
}

/// Words beside an entry.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetWord {
    /// `field is choice or choice`, several joined by `and`.
    pub when: Word,
    pub says: String,
    /// The entry is taken so only with a reason.
    #[serde(default)]
    pub asks_first: bool,
}

/// An entry that puts the whole record on hold.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetHold {
    /// `field is choice or choice`, several joined by `and`.
    pub when: Word,
    /// The field that says from which day.
    pub from: Option<Word>,
    /// What the hold says to those who keep the record.
    pub says: String,
}

/// People named on a sheet, each for a time.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedOn {
    pub sheet: Word,
    /// Its field of kind `person`.
    pub person: Word,
    pub from: Option<Word>,
    pub until: Option<Word>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReadBy {
    #[default]
    Officer,
    Counsel,
    Evidence,
    Personnel,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetField {
    pub id: Word,
    pub label: String,
    pub help: Option<String>,
    pub kind: SheetFieldKind,
    #[serde(default)]
    pub choices: Vec<SheetChoice>,
    /// `to-save`, `to-finish` or `never` (the usual).
    #[serde(default)]
    pub needed: FieldNeed,
    /// `other-field is choice` or `other-field is choice or choice`, several joined by `and`: needed only then.
    pub only_if: Option<Word>,
    /// Not needed once this field is filled.
    pub unless: Option<Word>,
    /// Its time may lie ahead.
    #[serde(default)]
    pub ahead: bool,
    /// The roles of which somebody is named, for kind `person`.
    #[serde(default)]
    pub of: Vec<Word>,
    /// “Not known yet” is an answer.
    #[serde(default)]
    pub or_unknown: bool,
    /// Statistics show incidents by its choices.
    #[serde(default)]
    pub counts: bool,
    /// Statistics add its amounts up.
    #[serde(default)]
    pub sums: bool,
    /// Its choices are lists of their own when a copy of the sheet is taken.
    #[serde(default)]
    pub lists: bool,
    /// The question of the public report whose answer it takes over.
    pub from_question: Option<Word>,
    /// What it takes over of each thing lost or stolen: `item`, `tag`, `last-place`, `contents`, or a question of the loss.
    pub from_loss: Option<Word>,
    /// The fact that its choices `yes`, `no` and `unknown` answer.
    pub answers: Option<Word>,
    /// The moment that its time records.
    pub records: Option<Moment>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    /// The choice that is offered as the answer, for a person to confirm.
    pub suggests: Option<Word>,
    /// What a kind brings along (`marked_by`) is recorded as soon as an officer chooses the kind.
    #[serde(default)]
    pub by_itself: bool,
    /// The box of the form for which the words of a finished entry are offered: `form/box`.
    pub offers_for: Option<Word>,
    /// The box of human resources' part of the form that it fills: `form/box`.
    pub fills: Option<Word>,
    /// The field whose words go with a choice into that box.
    pub fills_with: Option<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetChoice {
    pub id: Word,
    pub says: String,
    /// Kinds of incident that choose it beforehand; whoever takes it away says why. With `by_itself` they make it.
    #[serde(default)]
    pub marked_by: Vec<Word>,
    /// `other-field is choice`: what other fields hold once it is chosen.
    #[serde(default)]
    pub gives: Vec<Word>,
}

/// The time between two fields of one entry.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub says: String,
    /// A field, or `moment report-received`.
    pub from: Word,
    pub to: Word,
    /// What is said while the last is empty.
    pub open: String,
}
