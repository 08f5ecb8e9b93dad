//! What people see when they report, as it stands on paper.

use super::{BothAt, Choice, Word};
use crate::spanned::Spanned;
use domain::pack::{Moment, QuestionKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Tile {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub suggests: Vec<Word>,
    #[serde(default)]
    pub sets: Vec<Word>,
    #[serde(default)]
    pub opens_loss: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Category {
    pub id: Word,
    pub label: BothAt,
    pub axis: Option<String>,
    /// The tiles that point here; an alternative to `suggests` on the tile, for packs that use shared tiles.
    #[serde(default)]
    pub tiles: Vec<Word>,
    #[serde(default)]
    pub sets: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub id: Word,
    pub kind: QuestionKind,
    pub title: BothAt,
    pub hint: Option<BothAt>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The question it follows; otherwise it stands where it is written, after all included ones.
    pub after: Option<Word>,
    pub records: Option<Word>,
    /// Asked only when one of these tiles was chosen.
    #[serde(default)]
    pub tiles: Vec<Word>,
    /// Offers “I don't know yet”, which is an answer.
    #[serde(default)]
    pub or_unknown: bool,
    /// Choices that need words beside them, such as *something else*.
    #[serde(default)]
    pub words_with: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// One of the particulars by which a report is counted complete.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Particular {
    pub id: Word,
    /// What is still open, as the reporter reads it.
    pub title: BothAt,
    /// An answer to one of these questions gives it.
    pub questions: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// The policy's own test of what an incident is.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    /// The facts that are asked for, in order.
    pub asks: Vec<Word>,
    /// Groups of conditions; an incident where all of one group hold.
    pub any_of: Vec<Vec<Word>>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Advice {
    #[serde(default)]
    pub tiles: Vec<Word>,
    #[serde(default)]
    pub going_on: bool,
    pub lines: Spanned<Vec<BothAt>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub anonymous: bool,
    pub can_be_shielded: bool,
    pub says: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneFirst {
    pub number: String,
    pub role: Word,
    pub label: BothAt,
    pub says: BothAt,
    pub meets: Word,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Loss {
    pub sets: Word,
    pub from: Moment,
    #[serde(default)]
    pub items: Vec<Choice>,
    #[serde(default)]
    pub contents: Vec<Choice>,
    #[serde(default)]
    pub question: Vec<Question>,
    pub says: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
}
