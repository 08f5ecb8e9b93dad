//! Sheets that human resources alone read: when an incident is handed to them, who signs an entry, when their review is
//! done, and what of an incident somebody sees who reads such a part and nothing else.

use super::entries::hold;
use super::keeping::LegalHold;
use super::{Event, FieldValue, Given, Incident, Refusal, SheetEntry, Standing};
use crate::actor::Section;
use crate::form::Party;
use crate::ids::EntryId;
use crate::pack::{FieldId, FieldNeed, FormPart, Pack, Sheet};
use crate::text::{Line, Note};
use crate::time::{Instant, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A signature under an entry of a sheet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntrySignature {
    /// The entry.
    pub entry: EntryId,
    /// Who reads it.
    pub section: Section,
    /// The typed name.
    pub name: Line<200>,
    /// The capacity: “Supervisor of the employee”.
    pub capacity: Line<120>,
    /// SHA-256, in hexadecimal, of the canonical contents that were signed.
    pub digest: Line<64>,
    /// How the signer proved who they are, such as `password`.
    pub proof: Line<60>,
}

impl Incident {
    /// Since when it is handed to human resources; `None` while nobody has done so.
    pub fn referred(&self, pack: &Pack) -> Option<Instant> {
        let referring = pack.sheets.iter().filter_map(|sheet| Some((sheet, sheet.refers.as_ref()?)));
        let entries = referring.flat_map(|(sheet, choices)| {
            let so = self.entries(&sheet.id).filter(move |entry| entry.holds(choices));
            so.filter_map(move |entry| entry.finished_at(sheet))
        });
        entries.min()
    }

    /// Whether human resources may see what is theirs: where the policy has somebody hand it over, once that was done.
    /// What they wrote they keep in sight.
    pub fn open_to_personnel(&self, pack: &Pack) -> bool {
        pack.sheets.iter().all(|sheet| sheet.refers.is_none())
            || self.referred(pack).is_some()
            || self.sheets.iter().any(|entry| entry.section == Section::Personnel)
    }

    /// Since when it waits for human resources: for their part of the form, or for their review.
    pub fn waits_for_personnel(&self, pack: &Pack) -> Option<Instant> {
        if self.standing == Standing::Withdrawn || self.opening.as_ref().is_none_or(|o| o.imported.is_some()) {
            return None;
        }
        let referred = self.referred(pack);
        if pack.forms.first().is_some_and(|form| form.part(FormPart::Hr).next().is_some()) {
            let completed = self.form.signed_by(Party::OfficerCompleted).map(|(_, at)| *at);
            let completed = completed.filter(|_| self.open_to_personnel(pack));
            return completed.or(referred).filter(|_| self.personnel_done.is_none());
        }
        referred.filter(|_| self.personnel_reviewed.is_none())
    }

    /// Whether everything stands that the policy wants human resources to record: something at all, nothing unfinished
    /// or unsigned, and whatever follows from a choice.
    fn personnel_settled(&self, pack: &Pack) -> bool {
        // A sheet that only names who reads another is no record of anything.
        let names = |sheet: &&Sheet| {
            let others = pack.sheets.iter().filter(|other| other.id != sheet.id);
            let mut naming = others.flat_map(|other| [&other.also_read_by, &other.or_named].into_iter().flatten());
            naming.any(|on| on.sheet == sheet.id)
        };
        let theirs = || pack.sheets.iter().filter(|s| s.section == Section::Personnel).filter(|s| !names(s));
        let whole = |sheet: &Sheet| {
            let follows = sheet.after.iter().map(|on| self.standing_on(on)).max().unwrap_or(0);
            let wanted = if sheet.repeats { follows } else { follows.min(1) };
            self.entries(&sheet.id).all(|entry| entry.settled(sheet)) && self.entries(&sheet.id).count() >= wanted
        };
        theirs().any(|sheet| self.entries(&sheet.id).next().is_some()) && theirs().all(whole)
    }

    /// What somebody sees of it who reads one section and nothing else: where it belongs, and the entries of that
    /// section that they may see. Not even what it is called.
    pub fn only(&self, section: Section, sees: impl Fn(&SheetEntry) -> bool) -> Self {
        let mut seen = Self::empty(self.id);
        (seen.version, seen.standing, seen.opened_at) = (self.version, self.standing, self.opened_at);
        seen.personnel_reviewed = self.personnel_reviewed;
        seen.sheets = self.sheets.iter().filter(|e| e.section == section && sees(e)).cloned().collect();
        seen.opening = self.opening.clone().map(|mut opening| {
            opening.title = Line::parse(&opening.reference.to_string()).unwrap_or_else(|_| Line::dash());
            (opening.occurred, opening.noticed) = (When::Unknown, None);
            (opening.categories, opening.facts, opening.told) = (Vec::new(), Vec::new(), Vec::new());
            (opening.report, opening.reported_at, opening.lead, opening.imported) = (None, None, None, None);
            opening
        });
        seen
    }
}

/// Signs an entry that nothing is missing from.
pub(super) fn sign(
    incident: &Incident,
    mut signature: Box<EntrySignature>,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let standing = |e: &&SheetEntry| e.id == signature.entry && e.struck.is_none();
    let entry = incident.sheets.iter().find(standing).ok_or(Refusal::NoSuchEntry)?;
    let sheet = given.pack.sheet(&entry.sheet).filter(|s| !s.signed_by.is_empty()).ok_or(Refusal::NoSuchEntry)?;
    if entry.signed.is_some() {
        return Err(Refusal::AlreadySigned);
    }
    let lacks = entry.lacks(sheet, FieldNeed::ToFinish);
    if !lacks.is_empty() {
        return Err(Refusal::FieldsEmpty(lacks.iter().map(|f| (f.id.clone(), f.label.clone())).collect()));
    }
    signature.section = sheet.section;
    Ok(vec![Event::SheetSigned(signature)])
}

/// Whether an event is a word of human resources' on a sheet of theirs.
pub(super) fn is_personnel(event: &Event) -> bool {
    let on_sheet = matches!(event, Event::SheetFilled(_) | Event::SheetStruck { .. } | Event::SheetSigned(_));
    on_sheet && event.section() == Section::Personnel
}

/// What everybody may know of that: that the review is done, or is not done after all.
pub(super) fn reviewed(after: &Incident, pack: &Pack) -> Option<Event> {
    let done = after.personnel_settled(pack);
    (done != after.personnel_reviewed.is_some()).then_some(Event::PersonnelReviewed { done })
}

/// The hold on the record that begins with an entry. Its words come from the policy, so that nothing of a sealed entry
/// is told, but for the day.
pub(super) fn keeps(
    sheet: &Sheet,
    entry: EntryId,
    before: &BTreeMap<FieldId, FieldValue>,
    after: &BTreeMap<FieldId, FieldValue>,
) -> Option<Event> {
    let keeps = sheet.keeps.as_ref().filter(|k| hold(&k.when, after) && !hold(&k.when, before))?;
    let from = keeps.from.as_ref().and_then(|field| match after.get(field)? {
        FieldValue::Day(day) | FieldValue::Time(When::Day { on: day }) => Some(format!(" From {day}.")),
        _ => None,
    });
    let reason = Note::parse(&format!("{}{}", keeps.says, from.unwrap_or_default())).ok()?;
    // Another id than the entry's, which only its readers know.
    let mixed = u128::from_be_bytes(*entry.bytes()) ^ 0x6b65_6570_7300_0000_0000_0000_0000_0001;
    Some(Event::LegalHoldPlaced(Box::new(LegalHold { id: uuid::Uuid::from_u128(mixed).into(), reason })))
}
