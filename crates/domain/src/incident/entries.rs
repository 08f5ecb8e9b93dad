//! Entries of sheets as their fillings tell them: what each field holds, what is still missing, when it was finished.

use super::sealed::EntrySignature;
use super::{Incident, Recorded};
use crate::actor::Section;
use crate::ids::{AccountId, EntryId};
use crate::pack::{
    ChoiceId, FieldId, FieldNeed, Held, NamedOn, OnSheet, Sheet, SheetField, SheetFieldKind, SheetId, Span, SpanStart,
    Taken,
};
use crate::text::Note;
use crate::time::{Instant, When, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fields of one entry, filled at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SheetFilling {
    /// The sheet.
    pub sheet: SheetId,
    /// The entry; a new one begins with its first filling.
    pub entry: EntryId,
    /// Who reads it.
    pub section: Section,
    /// What each field holds now; `None` empties it.
    pub values: BTreeMap<FieldId, Option<FieldValue>>,
    /// Why it is told otherwise than before.
    pub reason: Option<Note>,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "holds", content = "value", rename_all = "snake_case")]
pub enum FieldValue {
    /// Words, of one line or several.
    Words(Note),
    /// Choices.
    Chosen(Vec<ChoiceId>),
    /// A time, about a time, or a day.
    Time(When),
    /// A civil date.
    Day(Date),
    /// A number.
    Number(u64),
    /// Asked, and not known yet.
    NotKnown,
    /// Somebody with an account.
    Person(AccountId),
    /// A sum of money, in hundredths.
    Amount(u64),
}

/// An entry as its fillings tell it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetEntry {
    /// The sheet.
    pub sheet: SheetId,
    /// The entry.
    pub id: EntryId,
    /// Who reads it.
    pub section: Section,
    /// What its fields hold.
    pub values: BTreeMap<FieldId, FieldValue>,
    /// All that was said about it, oldest first.
    pub fillings: Vec<Recorded<SheetFilling>>,
    /// Taken back, with the reason; it stays readable and counts for nothing.
    pub struck: Option<Recorded<Note>>,
    /// Its signature, from which on nothing of it changes.
    pub signed: Option<Recorded<EntrySignature>>,
}

impl SheetEntry {
    /// Fields that it still needs, by that need or a stronger one.
    pub fn lacks<'a>(&self, sheet: &'a Sheet, need: FieldNeed) -> Vec<&'a SheetField> {
        lacking(sheet, &self.values, need)
    }

    /// Whether nothing is missing.
    pub fn finished(&self, sheet: &Sheet) -> bool {
        self.lacks(sheet, FieldNeed::ToFinish).is_empty()
    }

    /// Whether nothing is missing, a signature included where the policy wants one.
    pub fn settled(&self, sheet: &Sheet) -> bool {
        self.finished(sheet) && (sheet.signed_by.is_empty() || self.signed.is_some())
    }

    /// Whether its fields hold those choices, all together.
    pub fn holds(&self, choices: &[Held]) -> bool {
        hold(choices, &self.values)
    }

    /// The choices of a field.
    pub fn chosen(&self, field: &FieldId) -> &[ChoiceId] {
        match self.values.get(field) {
            Some(FieldValue::Chosen(choices)) => choices,
            _ => &[],
        }
    }

    /// The instant of a field; a day counts from its start.
    pub fn time(&self, field: &FieldId, zone: &Zone) -> Option<Instant> {
        match self.values.get(field)? {
            FieldValue::Time(when) => instant(when, zone),
            FieldValue::Day(on) => Some(zone.start_of_day(*on)),
            _ => None,
        }
    }

    /// When its last gap was closed, as far as it has none.
    pub fn finished_at(&self, sheet: &Sheet) -> Option<Instant> {
        let mut so_far = Self { values: BTreeMap::new(), fillings: Vec::new(), ..self.clone() };
        let mut since = None;
        for filling in &self.fillings {
            so_far.fill(filling.clone());
            since = so_far.finished(sheet).then(|| since.unwrap_or(filling.at));
        }
        since
    }

    /// The instant at which a field ends: a day lasts to its last moment.
    fn end(&self, field: &FieldId, zone: &Zone) -> Option<Instant> {
        match self.values.get(field)? {
            FieldValue::Time(When::Day { on }) | FieldValue::Day(on) => Some(zone.end_of_day(*on)),
            _ => self.time(field, zone),
        }
    }

    /// The seconds between the two ends of a span: to its last field or, while that is empty, to `now`; with whether it
    /// has ended. `None` where it has not begun.
    pub fn span(&self, incident: &Incident, span: &Span, zone: &Zone, now: Instant) -> Option<(i64, bool)> {
        let from = match &span.from {
            SpanStart::Field(field) => self.time(field, zone)?,
            SpanStart::Moment(moment) => instant(&incident.moments.get(moment)?.when, zone)?,
        };
        let to = self.time(&span.to, zone);
        Some((to.unwrap_or(now).seconds_since(from), to.is_some()))
    }

    pub(super) fn fill(&mut self, filling: Recorded<SheetFilling>) {
        for (field, value) in &filling.what.values {
            match value {
                Some(value) => self.values.insert(field.clone(), value.clone()),
                None => self.values.remove(field),
            };
        }
        self.fillings.push(filling);
    }
}

fn instant(when: &When, zone: &Zone) -> Option<Instant> {
    match when {
        When::Exact { at } | When::About { at } => Some(*at),
        When::Day { on } => Some(zone.start_of_day(*on)),
        When::Unknown => None,
    }
}

/// Whether each of these fields holds one of the choices beside it.
pub(super) fn hold(choices: &[Held], values: &BTreeMap<FieldId, FieldValue>) -> bool {
    choices.iter().all(|(other, choices)| {
        matches!(values.get(other), Some(FieldValue::Chosen(held)) if held.iter().any(|c| choices.contains(c)))
    })
}

fn applies(field: &SheetField, values: &BTreeMap<FieldId, FieldValue>) -> bool {
    hold(&field.only_if, values)
}

pub(super) fn lacking<'a>(
    sheet: &'a Sheet,
    values: &BTreeMap<FieldId, FieldValue>,
    need: FieldNeed,
) -> Vec<&'a SheetField> {
    let filled = |id: &FieldId| values.contains_key(id);
    let wanted = |field: &&SheetField| {
        let by_need = match field.need {
            FieldNeed::Never => false,
            FieldNeed::ToSave => true,
            FieldNeed::ToFinish => need == FieldNeed::ToFinish,
        };
        by_need && applies(field, values) && !field.unless.as_ref().is_some_and(filled) && !filled(&field.id)
    };
    sheet.fields.iter().filter(wanted).collect()
}

impl Incident {
    /// The choice that is offered for a field that an entry, or a new one, leaves open and that applies there: what the
    /// policy suggests, or what the kinds of the incident would make of it.
    pub fn suggested<'a>(&'a self, field: &'a SheetField, entry: Option<&SheetEntry>) -> Option<&'a ChoiceId> {
        let none = BTreeMap::new();
        let values = entry.map_or(&none, |entry| &entry.values);
        let kinds = self.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
        let open = !values.contains_key(&field.id) && applies(field, values);
        field.suggests.as_ref().or_else(|| field.made_by(kinds)).filter(|_| open)
    }

    /// The entries of a sheet that were not taken back, oldest first.
    pub fn entries<'a>(&'a self, sheet: &'a SheetId) -> impl Iterator<Item = &'a SheetEntry> {
        self.sheets.iter().filter(move |e| e.sheet == *sheet && e.struck.is_none())
    }

    /// The same in the order of the sheet: by the time it names, entries without one last.
    pub fn entries_in_order<'a>(&'a self, sheet: &'a Sheet, zone: &Zone) -> Vec<&'a SheetEntry> {
        let mut entries: Vec<&SheetEntry> = self.entries(&sheet.id).collect();
        if let Some(field) = &sheet.ordered_by {
            entries.sort_by_key(|entry| entry.time(field, zone).map_or(i64::MAX, Instant::micros));
        }
        entries
    }

    /// Whether somebody is named on a sheet at that moment.
    pub fn named(&self, on: &NamedOn, person: AccountId, zone: &Zone, now: Instant) -> bool {
        self.entries(&on.sheet).any(|entry| self.names(on, entry, person, zone, now))
    }

    /// The same for the one entry of its own sheet, where a sheet names those who take up its entries.
    pub fn named_for(
        &self,
        on: &NamedOn,
        (sheet, entry): (&SheetId, Option<EntryId>),
        person: AccountId,
        zone: &Zone,
        now: Instant,
    ) -> bool {
        if on.sheet != *sheet {
            return self.named(on, person, zone, now);
        }
        self.entries(sheet).any(|e| Some(e.id) == entry && self.names(on, e, person, zone, now))
    }

    fn names(&self, on: &NamedOn, entry: &SheetEntry, person: AccountId, zone: &Zone, now: Instant) -> bool {
        let begun = on.from.as_ref().and_then(|f| entry.time(f, zone)).is_none_or(|at| at <= now);
        let lasts = on.until.as_ref().and_then(|f| entry.end(f, zone)).is_none_or(|at| now < at);
        entry.values.get(&on.person) == Some(&FieldValue::Person(person)) && begun && lasts
    }

    /// When a sheet says that the ticket was taken, and by whom.
    pub fn ticket_taken<'a>(&'a self, taken: &'a Taken) -> Option<(&'a When, Option<&'a Note>)> {
        self.entries(&taken.sheet).find_map(|entry| {
            let FieldValue::Time(at) = entry.values.get(&taken.at)? else { return None };
            let by = taken.by.as_ref().and_then(|by| match entry.values.get(by)? {
                FieldValue::Words(words) => Some(words),
                _ => None,
            });
            Some((at, by))
        })
    }

    /// Whether that stands on another sheet.
    pub(super) fn stands(&self, on: &OnSheet) -> bool {
        self.standing_on(on) > 0
    }

    /// How many entries of another sheet stand so.
    pub(super) fn standing_on(&self, on: &OnSheet) -> usize {
        let so = |entry: &&SheetEntry| match &on.holds {
            Some((field, choices)) => entry.chosen(field).iter().any(|c| choices.contains(c)),
            None => true,
        };
        self.entries(&on.sheet).filter(so).count()
    }

    pub(super) fn fill_sheet(&mut self, filling: Recorded<SheetFilling>) {
        let what = &filling.what;
        if let Some(entry) = self.sheets.iter_mut().find(|e| e.id == what.entry) {
            entry.fill(filling);
            return;
        }
        let (sheet, id, section) = (what.sheet.clone(), what.entry, what.section);
        let mut entry = SheetEntry {
            sheet,
            id,
            section,
            values: BTreeMap::new(),
            fillings: Vec::new(),
            struck: None,
            signed: None,
        };
        entry.fill(filling);
        self.sheets.push(entry);
    }
}

/// The first words of an entry, by which people tell it from its neighbours.
pub fn gist(sheet: &Sheet, entry: &SheetEntry) -> Option<String> {
    sheet.fields.iter().find_map(|field| match (field.kind, entry.values.get(&field.id)?) {
        (SheetFieldKind::Line | SheetFieldKind::Text, FieldValue::Words(words)) => Some(words.gist(80)),
        _ => None,
    })
}
