//! A paper form as adopted: its boxes in order, who fills each, and what has to stand before it is signed.

use super::{BoxId, ClauseId, FactId, FormId, Moment, NoteId, ObligationId, RoleId, Words};
use crate::form::Party;
use serde::{Deserialize, Serialize};

/// Whose part of the form a box is in; the other parts are closed to whoever fills it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FormPart {
    /// Filled by the person who reports.
    Reporter,
    /// Filled by the officer.
    Officer,
    /// Filled by human resources; nobody else reads it.
    Hr,
}

/// What a box holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BoxKind {
    /// Printed instructions; nothing to fill but the ticks they speak of.
    Instruction,
    /// The name of the unit, taken from the organisation.
    Unit,
    /// Kinds of incident from the pack, several, with "other" in words.
    Categories,
    /// A civil date.
    Date,
    /// A date with a time, a stretch of time, or a time not known.
    DateTime,
    /// Text.
    Text,
    /// People with their part in it.
    People,
    /// A place of work.
    Place,
    /// A signature.
    Signature,
    /// Dated entries.
    Entries,
    /// One of some choices, with words of one's own.
    Choice,
}

/// A box of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormBox {
    /// Slug, unique in the form: `XII-1`.
    pub id: BoxId,
    /// Numeral as printed, which two boxes may share; empty in the head of the form.
    pub numeral: String,
    /// Caption as adopted, and in Spanish for reading along.
    pub label: Words,
    /// Whose part.
    pub part: FormPart,
    /// What it holds.
    pub kind: BoxKind,
    /// Characters that print inside the box; more goes on a continuation sheet. `None` for boxes without text.
    pub limit: Option<u32>,
    /// Has to be filled before this part signs. A box of the reporter's part that only completion needs (a remedy
    /// not yet in place) is false here and true in `required_to_complete`.
    pub required_to_sign: bool,
    /// Has to be filled before the officer completes the form.
    pub required_to_complete: bool,
    /// A recorded reason why it does not apply fills it too.
    pub or_reason: bool,
    /// The fact under which a reason does not do: the box itself has to be filled.
    pub reason_unless: Option<FactId>,
    /// The box whose day comes first; this one cannot be earlier.
    pub not_before: Option<BoxId>,
    /// The moment that this box's day tells: writing the day moves every clock that counts from it.
    pub tells: Option<Moment>,
    /// The signature box whose signing sets this day.
    pub set_by: Option<BoxId>,
    /// The choice beside it: once that names something, this box is needed as well.
    pub goes_with: Option<BoxId>,
    /// What can be chosen; only for boxes with a choice.
    pub choices: Vec<BoxChoice>,
    /// Help beside the box, in our own words.
    pub help: Option<String>,
    /// The clauses that give it.
    pub clauses: Vec<ClauseId>,
}

/// One of the choices of a box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoxChoice {
    /// Slug, unique in the box.
    pub id: BoxId,
    /// As it stands in the box and prints.
    pub label: Words,
    /// Says too little without words of one's own.
    pub needs_words: bool,
    /// Says that there is nothing to tell; what goes with the box is not needed then.
    pub nothing: bool,
}

impl FormBox {
    /// May still be empty when the reporter signs, and is filled by the officer afterwards.
    pub fn filled_later(&self) -> bool {
        self.part == FormPart::Reporter && self.required_to_complete && !self.required_to_sign
    }

    /// The choice that a text begins with, and the words after it.
    pub fn chosen<'a>(&self, text: &'a str) -> Option<(&BoxChoice, &'a str)> {
        let rest = |c: &BoxChoice| {
            let after = text.strip_prefix(c.label.en.as_str())?;
            (after.is_empty() || after.starts_with(':')).then(|| after.trim_start_matches(':').trim())
        };
        self.choices.iter().find_map(|c| Some((c, rest(c)?)))
    }
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Slug: `report-of-security-incident`.
    pub id: FormId,
    /// Title as printed.
    pub title: Words,
    /// Lines printed above the title.
    pub issuer: String,
    /// Edition as printed in the footer.
    pub edition: String,
    /// Boxes in the order of the paper.
    pub boxes: Vec<FormBox>,
    /// Line printed under the reporter's part.
    pub send_line: Words,
    /// To whom the reporter's part goes.
    pub send_to: RoleId,
    /// Line printed under the officer's part.
    pub attach_line: Words,
    /// The duty that its completion meets.
    pub meets: Option<ObligationId>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

impl Form {
    /// The box with this id.
    pub fn form_box(&self, id: &BoxId) -> Option<&FormBox> {
        self.boxes.iter().find(|b| b.id == *id)
    }

    /// The party whose signature belongs in this box: the officer's first signature box is for receipt, the last for
    /// completion. `None` for boxes without a signature.
    pub fn signs(&self, id: &BoxId) -> Option<Party> {
        let signature = |b: &&FormBox| b.kind == BoxKind::Signature;
        let found = self.form_box(id).filter(signature)?;
        Some(match found.part {
            FormPart::Reporter => Party::Reporter,
            FormPart::Hr => Party::HumanResources,
            FormPart::Officer if self.part(FormPart::Officer).filter(signature).last()?.id == *id => {
                Party::OfficerCompleted
            }
            FormPart::Officer => Party::OfficerReceived,
        })
    }

    /// The boxes of one part, in the order of the paper.
    pub fn part(&self, part: FormPart) -> impl Iterator<Item = &FormBox> {
        self.boxes.iter().filter(move |b| b.part == part)
    }
}
