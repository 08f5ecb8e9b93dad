//! A paper form filled by several hands: boxes, who may fill and read them, signatures, amendments.

use crate::ids::EntryId;
use crate::pack::{BoxId, BoxKind, FactId, Form, FormBox, FormPart};
use crate::text::{Line, Note, Prose};
use crate::time::Instant;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a box holds: long enough for any paper, bounded all the same.
pub type BoxText = Prose<BOX_LIMIT>;

/// The most characters that a box holds; what does not print inside it goes on a continuation sheet.
pub const BOX_LIMIT: usize = 20_000;

/// Boxes filled at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Filling {
    /// Whose part.
    pub part: FormPart,
    /// What each box holds now; `None` empties it.
    pub boxes: BTreeMap<BoxId, Option<BoxText>>,
    /// Boxes that do not apply, with the reason.
    pub not_applicable: BTreeMap<BoxId, Note>,
}

/// Who signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person who reported (box X).
    Reporter,
    /// The officer, for receipt (head of the form).
    OfficerReceived,
    /// The officer, for completion (box XIV).
    OfficerCompleted,
    /// Human resources (after box XVI).
    HumanResources,
}

impl Party {
    /// All parties in the order of the paper.
    pub const ALL: [Self; 4] = [Self::Reporter, Self::OfficerReceived, Self::OfficerCompleted, Self::HumanResources];

    /// The name used in forms and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::OfficerReceived => "officer-received",
            Self::OfficerCompleted => "officer-completed",
            Self::HumanResources => "human-resources",
        }
    }

    /// Whose part of the form the signature covers.
    pub const fn part(self) -> FormPart {
        match self {
            Self::Reporter => FormPart::Reporter,
            Self::OfficerReceived | Self::OfficerCompleted => FormPart::Officer,
            Self::HumanResources => FormPart::Hr,
        }
    }
}

/// A signature: it covers the hash of what the signer saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    /// As whom.
    pub party: Party,
    /// The typed name.
    pub name: Line<200>,
    /// The capacity, as it prints: "Local Security Officer".
    pub capacity: Line<120>,
    /// Which form: 1 for the original, one more for each amendment.
    pub form: u32,
    /// SHA-256, in hexadecimal, of the canonical contents that were signed.
    pub digest: Line<64>,
    /// How the signer proved who they are, such as `password`.
    pub proof: Line<60>,
}

/// A request for the signature of the person who reported, answered by a link that signs once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignatureAsk {
    /// The request.
    pub id: EntryId,
    /// The form that is to be signed; an amended one needs a new request.
    pub form: u32,
    /// The moment from which the link signs nothing any more.
    pub until: Instant,
    /// How the link goes to the person.
    pub way: AskWay,
}

/// How a signing link reaches its signer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskWay {
    /// By mail to the address that the person gave.
    Mail,
    /// On paper, from the officer's hand.
    ByHand,
}

/// A form as its events tell it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Filled {
    /// 1 for the original, one more for each amendment.
    pub number: u32,
    /// What each box holds.
    pub boxes: BTreeMap<BoxId, BoxText>,
    /// Boxes that do not apply, with the reason.
    pub not_applicable: BTreeMap<BoxId, Note>,
    /// Signatures on this form, with their instants.
    pub signatures: Vec<(Signature, Instant)>,
    /// Why it amends the one before.
    pub amends: Option<Note>,
    /// Forms that were signed and amended, oldest first.
    pub originals: Vec<Filled>,
    /// Boxes of the reporter's part that the officer filled after the reporter had signed: no part of that signature.
    pub late: BTreeSet<BoxId>,
}

impl Filled {
    /// Takes in boxes.
    pub fn fill(&mut self, filling: &Filling) {
        self.number = self.number.max(1);
        if filling.part == FormPart::Reporter && self.signed_by(Party::Reporter).is_some() {
            self.late.extend(filling.boxes.keys().cloned());
        }
        for (id, text) in &filling.boxes {
            match text {
                Some(text) => {
                    self.boxes.insert(id.clone(), text.clone());
                    self.not_applicable.remove(id);
                }
                None => {
                    self.boxes.remove(id);
                }
            }
        }
        self.not_applicable.extend(filling.not_applicable.iter().map(|(id, why)| (id.clone(), why.clone())));
    }

    /// Opens an amendment: the same contents without signatures, the signed form kept beside it.
    pub fn amend(&mut self, reason: Note) {
        let mut originals = std::mem::take(&mut self.originals);
        originals.push(self.clone());
        self.number += 1;
        self.signatures.clear();
        self.late.clear();
        self.amends = Some(reason);
        self.originals = originals;
    }

    /// Whether that party has signed this form.
    pub fn signed_by(&self, party: Party) -> Option<&(Signature, Instant)> {
        self.signatures.iter().find(|(signature, _)| signature.party == party)
    }

    /// Whether this part may still be changed: a signed part is changed by an amendment only.
    pub fn open(&self, part: FormPart) -> bool {
        let closes = |party: Party| match party {
            Party::Reporter => part == FormPart::Reporter,
            // Receipt is signed before the officer's work on the form begins, so it closes nothing.
            Party::OfficerReceived => false,
            Party::OfficerCompleted => part != FormPart::Hr,
            Party::HumanResources => part == FormPart::Hr,
        };
        !self.signatures.iter().any(|(signature, _)| closes(signature.party))
    }

    /// Whether this box may still be written in: its part is open, or it is one that the reporter left to the officer.
    pub fn writable(&self, b: &FormBox) -> bool {
        let left = b.filled_later() && (self.late.contains(&b.id) || !self.holds(&b.id));
        self.open(b.part) || (left && self.signed_by(Party::OfficerCompleted).is_none())
    }

    /// Boxes that this party has to see filled before signing, and that are empty. `yes` says which facts are known to
    /// be so.
    pub fn missing(&self, form: &Form, party: Party, yes: impl Fn(&FactId) -> bool) -> Vec<BoxId> {
        let wanted = |b: &&FormBox| match party {
            Party::OfficerReceived => false,
            Party::OfficerCompleted => b.part != FormPart::Hr && (b.required_to_complete || b.required_to_sign),
            Party::Reporter | Party::HumanResources => b.part == party.part() && b.required_to_sign,
        };
        let empty = |b: &&FormBox| match form.signs(&b.id) {
            // A box for a signature holds one once its party has signed; the one about to sign fills its own.
            Some(signer) => signer != party && self.signed_by(signer).is_none() && !self.holds(&b.id),
            None if b.reason_unless.as_ref().is_some_and(&yes) => !self.boxes.contains_key(&b.id),
            // Not missing while the signature that sets it is.
            None if self.waits_for_signature(form, b) => false,
            None => !self.holds(&b.id),
        };
        form.boxes.iter().filter(wanted).filter(empty).map(|b| b.id.clone()).collect()
    }

    fn waits_for_signature(&self, form: &Form, b: &FormBox) -> bool {
        let signer = b.set_by.as_ref().and_then(|id| form.signs(id));
        signer.is_some_and(|party| self.signed_by(party).is_none())
    }

    fn holds(&self, id: &BoxId) -> bool {
        self.boxes.contains_key(id) || self.not_applicable.contains_key(id)
    }

    /// The contents of one party's reading of the form: what its signature covers. The personnel part is covered by
    /// the personnel signature alone.
    pub fn covered(&self, form: &Form, party: Party) -> BTreeMap<&BoxId, &BoxText> {
        let within = |id: &BoxId| {
            form.form_box(id).is_some_and(|b| match party {
                Party::Reporter => b.part == FormPart::Reporter && !self.late.contains(id),
                Party::OfficerReceived | Party::OfficerCompleted => b.part != FormPart::Hr,
                Party::HumanResources => b.part == FormPart::Hr,
            })
        };
        self.boxes.iter().filter(|(id, _)| within(id)).collect()
    }
}

/// A civil day as forms write it: "Fri, Jul 1, 2016".
pub fn written_day(day: Date) -> String {
    day.strftime("%a, %b %-d, %Y").to_string()
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The civil days that a text names, in its order: "Fri, Jul 1, 2016", "2016-07-01" or "7/1/2016".
pub fn days_in(text: &str) -> Vec<Date> {
    let parts =
        text.split(|c: char| c.is_whitespace() || ",;()".contains(c)).map(|word| word.trim_end_matches([':', '.']));
    let words: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
    let number = |at: usize| words.get(at).and_then(|w| w.parse::<i16>().ok());
    let named = |at: usize| {
        let begins = words[at].get(..3)?.to_lowercase();
        let month = MONTHS.iter().position(|m| *m == begins)?;
        let (day, year) = (number(at + 1)?, number(at + 2).filter(|year| *year > 31)?);
        Date::new(year, i8::try_from(month).ok()? + 1, i8::try_from(day).ok()?).ok()
    };
    let numbered = |word: &str| {
        let parts: Vec<i16> = word.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [month, day, year] = parts[..] else { return None };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let one = |at: usize| named(at).or_else(|| words[at].parse().ok()).or_else(|| numbered(words[at]));
    (0..words.len()).filter_map(one).collect()
}

/// What is wrong with a text for its box, by its kind alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// It names no day.
    NoDay,
    /// It names a day that has not come.
    Ahead,
    /// It is none of the choices.
    NoChoice,
    /// The choice says too little by itself.
    WordsNeeded,
}

/// Whether a text can stand in a box on this day.
pub fn fits(b: &FormBox, text: &str, today: Date) -> Result<(), Unfit> {
    match b.kind {
        BoxKind::Date | BoxKind::DateTime => {
            let days = days_in(text);
            if days.is_empty() {
                return Err(Unfit::NoDay);
            }
            if days.iter().any(|day| *day > today) { Err(Unfit::Ahead) } else { Ok(()) }
        }
        BoxKind::Choice => match b.chosen(text) {
            None => Err(Unfit::NoChoice),
            Some((choice, words)) if choice.needs_words && words.is_empty() => Err(Unfit::WordsNeeded),
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_every_way_that_boxes_write_them() {
        let first = jiff::civil::date(2016, 7, 1);
        for text in
            ["Fri, Jul 1, 2016", "2016-07-01", "7/1/2016", "about Fri, Jul 1, 2016, 3:00 p.m. CDT", "July 1, 2016"]
        {
            assert_eq!(days_in(text), [first], "{text}");
        }
        let stretch = "Fri, Jul 1, 2016, 9:00 a.m. CDT to Sat, Jul 2, 2016, 10:00 a.m. CDT";
        assert_eq!(days_in(stretch), [first, jiff::civil::date(2016, 7, 2)]);
        for text in ["", "soon", "July", "Feb 30, 2016", "2016", "Juli", "日本 1, 2016"] {
            assert!(days_in(text).is_empty(), "{text}");
        }
        assert_eq!(written_day(first), "Fri, Jul 1, 2016");
    }
}
