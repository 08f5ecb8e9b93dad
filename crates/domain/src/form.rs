//! A paper form filled by several hands: boxes, who may fill and read them, signatures, amendments.

use crate::ids::EntryId;
use crate::pack::{BoxId, Form, FormPart};
use crate::text::{Line, Note, Prose};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a box holds: long enough for any paper, bounded all the same.
pub type BoxText = Prose<20_000>;

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
}

impl Filled {
    /// Takes in boxes.
    pub fn fill(&mut self, filling: &Filling) {
        self.number = self.number.max(1);
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
        self.amends = Some(reason);
        self.originals = originals;
    }

    /// Whether the officer has completed it and human resources has not signed its part yet.
    pub fn waits_for_personnel(&self) -> bool {
        self.signed_by(Party::OfficerCompleted).is_some() && self.signed_by(Party::HumanResources).is_none()
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

    /// Boxes that this party has to see filled before signing, and that are empty.
    pub fn missing(&self, form: &Form, party: Party) -> Vec<BoxId> {
        let wanted = |b: &&crate::pack::FormBox| match party {
            Party::OfficerReceived => false,
            Party::OfficerCompleted => b.part != FormPart::Hr && (b.required_to_complete || b.required_to_sign),
            Party::Reporter | Party::HumanResources => b.part == party.part() && b.required_to_sign,
        };
        let empty = |b: &&crate::pack::FormBox| match form.signs(&b.id) {
            // A box for a signature holds one once its party has signed; the one about to sign fills its own.
            Some(signer) => signer != party && self.signed_by(signer).is_none() && !self.holds(&b.id),
            None => !self.holds(&b.id),
        };
        form.boxes.iter().filter(wanted).filter(empty).map(|b| b.id.clone()).collect()
    }

    fn holds(&self, id: &BoxId) -> bool {
        self.boxes.contains_key(id) || self.not_applicable.contains_key(id)
    }

    /// The contents of one party's reading of the form: what its signature covers. The personnel part is covered by
    /// the personnel signature alone.
    pub fn covered(&self, form: &Form, party: Party) -> BTreeMap<&BoxId, &BoxText> {
        let within = |id: &BoxId| {
            form.form_box(id).is_some_and(|b| match party {
                Party::Reporter => b.part == FormPart::Reporter,
                Party::OfficerReceived | Party::OfficerCompleted => b.part != FormPart::Hr,
                Party::HumanResources => b.part == FormPart::Hr,
            })
        };
        self.boxes.iter().filter(|(id, _)| within(id)).collect()
    }
}
