//! Sheets of an incident: entries that officers fill field by field, finished or not, and what they hold up. An entry is
//! never edited: a newer word about a field stands over the older one, with a reason, and both stay readable.

use super::sealed::EntrySignature;
use super::{ClockRecord, Event, FactAnswer, FactValue, Given, Incident, Missing, Recorded, Refusal, facts, sealed};
use crate::actor::Section;
use crate::ids::{AccountId, EntryId};
use crate::pack::{
    ChoiceId, FieldId, FieldNeed, Held, NamedOn, ObligationId, OnSheet, Pack, Sheet, SheetField, SheetFieldKind,
    SheetId, SheetWord, Span, SpanStart, Step,
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

/// The choices of a field that the kinds of this incident bring along.
pub fn marked(incident: &Incident, field: &SheetField) -> Vec<ChoiceId> {
    let kinds = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let brought = |choice: &&crate::pack::SheetChoice| choice.marked_by.iter().any(|kind| kinds.contains(kind));
    field.choices.iter().filter(brought).map(|choice| choice.id.clone()).collect()
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

fn lacking<'a>(sheet: &'a Sheet, values: &BTreeMap<FieldId, FieldValue>, need: FieldNeed) -> Vec<&'a SheetField> {
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
    pub fn suggested<'a>(&self, field: &'a SheetField, entry: Option<&SheetEntry>) -> Option<&'a ChoiceId> {
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

    fn stands(&self, on: &OnSheet) -> bool {
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

/// The sheets that these facts and kinds, and what stands on other sheets, ask for, in the order of the policy. What was
/// filled once stays in sight.
pub fn sheets_asked<'a>(incident: &Incident, pack: &'a Pack) -> Vec<&'a Sheet> {
    let known = facts(incident);
    let kinds = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let of_kind = |s: &Sheet| s.kinds.is_empty() || s.kinds.iter().any(|kind| kinds.contains(kind));
    let filled = |s: &Sheet| incident.entries(&s.id).next().is_some();
    pack.sheets
        .iter()
        .filter(|s| filled(s) || (of_kind(s) && known.satisfy(&s.when) && sheet_offered(incident, s)))
        .collect()
}

/// Whether everything stands on other sheets that this one waits for.
pub fn sheet_offered(incident: &Incident, sheet: &Sheet) -> bool {
    sheet.after.iter().all(|on| incident.stands(on))
}

/// What has to stand first, in words: “Magnitude: A statewide emergency”.
fn first(sheet: &Sheet, pack: &Pack) -> String {
    let one = |on: &OnSheet| {
        let other = pack.sheet(&on.sheet)?;
        let held = on.holds.as_ref().and_then(|(field, choices)| {
            let field = other.field(field)?;
            Some(choices.iter().filter_map(|c| field.choice(c)).collect::<Vec<_>>().join("” or “"))
        });
        Some(held.map_or_else(|| format!("“{}”", other.title), |held| format!("“{}: {held}”", other.title)))
    };
    sheet.after.iter().filter_map(one).collect::<Vec<_>>().join(" and ")
}

/// What the kinds of an incident say about its sheets by themselves: an external break-in is an attack, and nobody has
/// to write that down. Only what is still open is filled; what a person wrote stands.
pub(super) fn made_by_kind(incident: &Incident, given: Given<'_>) -> Vec<Event> {
    let kinds = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let mut state = incident.clone();
    let mut events = Vec::new();
    for sheet in given.pack.sheets.iter().filter(|s| !s.repeats) {
        let known = state.entries(&sheet.id).next();
        let open = |field: &&SheetField| known.is_none_or(|entry| !entry.values.contains_key(&field.id));
        let made = sheet.fields.iter().filter(open).filter_map(|f| Some((f.id.clone(), f.made_by(kinds)?.clone())));
        let values: BTreeMap<_, _> = made.map(|(id, choice)| (id, Some(FieldValue::Chosen(vec![choice])))).collect();
        if values.is_empty() {
            continue;
        }
        let entry = known.map_or_else(|| first_entry(&state, &sheet.id), |entry| entry.id);
        let filling = SheetFilling { sheet: sheet.id.clone(), entry, section: sheet.section, values, reason: None };
        // What the sheet does not take as it stands is left to a person.
        for event in fill(&state, filling, given).unwrap_or_default() {
            state.apply(&event, given.actor, given.now);
            events.push(event);
        }
    }
    events
}

/// The name of an entry that the rules begin: it follows from the incident, the sheet, and how many entries that had, so
/// that deciding needs no chance.
fn first_entry(incident: &Incident, sheet: &SheetId) -> EntryId {
    let before = incident.sheets.iter().filter(|e| e.sheet == *sheet).count();
    let seed = sheet.as_str().bytes().chain(before.to_le_bytes());
    // FNV-1a, 128 bits: spread, not secrecy.
    let mixed = seed.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    uuid::Uuid::from_u128(u128::from_be_bytes(*incident.id.bytes()) ^ mixed).into()
}

/// What the sheets want before a step is taken: entries that are not there, and entries that are unfinished.
pub fn sheets_before(incident: &Incident, pack: &Pack, step: Step) -> Vec<Missing> {
    let mut missing = Vec::new();
    for sheet in sheets_asked(incident, pack) {
        let mut tell = |says: String, entry: Option<EntryId>| {
            let clauses = sheet.clauses.clone();
            let sheet = Some((sheet.id.clone(), entry));
            missing.push(Missing { says, clauses, duty: None, decision: None, sheet });
        };
        // Entries sealed for others are theirs to finish, so only readers of the section are held up by them.
        if sheet.wanted.contains(&step) && incident.entries(&sheet.id).next().is_none() {
            tell(format!("“{}” is not filled in.", sheet.title), None);
        }
        if sheet.holds.contains(&step) {
            for entry in incident.entries(&sheet.id) {
                let lacks = entry.lacks(sheet, FieldNeed::ToFinish);
                if !lacks.is_empty() {
                    let fields: Vec<_> = lacks.iter().map(|f| what_is_asked(sheet, f)).collect();
                    let which = gist(sheet, entry).map_or_else(String::new, |gist| format!(" ({gist})"));
                    tell(
                        format!("{}{which} is unfinished: {} is empty.", sheet.title, fields.join(", ")),
                        Some(entry.id),
                    );
                }
            }
        }
    }
    missing
}

/// A field by its label, with the one that would do in its place.
fn what_is_asked(sheet: &Sheet, field: &SheetField) -> String {
    match field.unless.as_ref().and_then(|other| sheet.field(other)) {
        Some(other) => format!("“{}” (or “{}”)", field.label, other.label),
        None => format!("“{}”", field.label),
    }
}

/// The first words of an entry, by which people tell it from its neighbours.
pub fn gist(sheet: &Sheet, entry: &SheetEntry) -> Option<String> {
    sheet.fields.iter().find_map(|field| match (field.kind, entry.values.get(&field.id)?) {
        (SheetFieldKind::Line | SheetFieldKind::Text, FieldValue::Words(words)) => Some(words.gist(80)),
        _ => None,
    })
}

pub(super) fn fill(incident: &Incident, mut filling: SheetFilling, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let sheet = given.pack.sheet(&filling.sheet).ok_or_else(|| Refusal::NoSuchSheet(filling.sheet.clone()))?;
    let known = incident.sheets.iter().find(|e| e.id == filling.entry);
    match known {
        Some(entry) if entry.sheet != sheet.id || entry.struck.is_some() => return Err(Refusal::NoSuchEntry),
        Some(entry) if entry.signed.is_some() => return Err(Refusal::EntrySigned),
        None if !sheet.repeats && incident.entries(&sheet.id).next().is_some() => return Err(Refusal::OneEntry),
        _ => {}
    }
    if known.is_none() && !sheet_offered(incident, sheet) {
        return Err(Refusal::NotOffered(sheet.title.clone(), first(sheet, given.pack)));
    }
    for (id, value) in &filling.values {
        let field = sheet.field(id).ok_or(Refusal::NoSuchEntry)?;
        if let Some(value) = value {
            fits(field, value, given)?;
        }
    }
    let before = known.map(|e| e.values.clone()).unwrap_or_default();
    filling.values.retain(|field, value| before.get(field) != value.as_ref());
    give(sheet, &before, &mut filling.values);
    if filling.values.is_empty() && known.is_some() {
        return Ok(Vec::new());
    }
    // “Not known yet” is no word that could be contradicted.
    let told = |field: &FieldId| before.get(field).is_some_and(|value| *value != FieldValue::NotKnown);
    if filling.values.keys().any(told) && filling.reason.is_none() {
        return Err(Refusal::ChangeNeedsReason);
    }
    if filling.reason.is_none() {
        gives_up(incident, sheet, &filling)?;
    }
    let mut after = before.clone();
    for (field, value) in &filling.values {
        match value {
            Some(value) => after.insert(field.clone(), value.clone()),
            None => after.remove(field),
        };
    }
    let lacks = lacking(sheet, &after, FieldNeed::ToSave);
    if !lacks.is_empty() {
        return Err(Refusal::FieldsEmpty(lacks.iter().map(|f| (f.id.clone(), f.label.clone())).collect()));
    }
    if let Some(wrong) = sheet.spans.iter().find(|span| ends_before_it_begins(span, &after, given)) {
        return Err(Refusal::EndsBeforeItBegins(wrong.to.clone()));
    }
    let asks = |word: &&SheetWord| word.asks_first && hold(&word.when, &after) && !hold(&word.when, &before);
    if filling.reason.is_none()
        && let Some(word) = sheet.words.iter().find(asks)
    {
        return Err(Refusal::AsksFirst(word.says.clone()));
    }
    filling.section = sheet.section;
    let mut events = Vec::new();
    events.extend(sealed::keeps(sheet, filling.entry, &before, &after));
    for (id, value) in filling.values.iter().filter_map(|(id, v)| Some((sheet.field(id)?, v.as_ref()?))) {
        events.extend(answer_of(id, value, incident, &filling));
        events.extend(moment_of(id, value, incident, &filling));
    }
    events.insert(0, Event::SheetFilled(Box::new(filling)));
    Ok(events)
}

/// What the kind of an incident brings along is taken away with a reason only.
fn gives_up(incident: &Incident, sheet: &Sheet, filling: &SheetFilling) -> Result<(), Refusal> {
    for (id, value) in &filling.values {
        let Some(field) = sheet.field(id) else { continue };
        let held = match value {
            Some(FieldValue::Chosen(held)) => held.as_slice(),
            _ => &[],
        };
        if marked(incident, field).iter().any(|choice| !held.contains(choice)) {
            return Err(Refusal::MarkNeedsReason(field.id.clone(), field.label.clone()));
        }
    }
    Ok(())
}

/// Choices that say something of other fields fill those that are empty; where the choice itself is changed, they follow
/// it. What is filled in the same breath stands as it was filled.
fn give(sheet: &Sheet, before: &BTreeMap<FieldId, FieldValue>, values: &mut BTreeMap<FieldId, Option<FieldValue>>) {
    let mut given: BTreeMap<FieldId, FieldValue> = BTreeMap::new();
    for (id, value) in values.iter() {
        let (Some(field), Some(FieldValue::Chosen(held))) = (sheet.field(id), value) else { continue };
        let gives = field.choices.iter().filter(|choice| held.contains(&choice.id)).flat_map(|choice| &choice.gives);
        for (other, choice) in gives {
            let open = !before.contains_key(other) || before.contains_key(id);
            if open && !values.contains_key(other) {
                given.insert(other.clone(), FieldValue::Chosen(vec![choice.clone()]));
            }
        }
    }
    given.retain(|field, value| before.get(field) != Some(value));
    values.extend(given.into_iter().map(|(field, value)| (field, Some(value))));
}

fn fits(field: &SheetField, value: &FieldValue, given: Given<'_>) -> Result<(), Refusal> {
    let right = match (field.kind, value) {
        (_, FieldValue::NotKnown) => field.or_unknown,
        (SheetFieldKind::Line | SheetFieldKind::Text, FieldValue::Words(_))
        | (SheetFieldKind::Number, FieldValue::Number(_))
        | (SheetFieldKind::Date, FieldValue::Day(_)) => true,
        (SheetFieldKind::ChooseOne, FieldValue::Chosen(held)) => held.len() == 1 && known_choices(field, held),
        (SheetFieldKind::ChooseMany, FieldValue::Chosen(held)) => !held.is_empty() && known_choices(field, held),
        (SheetFieldKind::When, FieldValue::Time(when)) => {
            if !field.ahead {
                super::decide::past(when, given)?;
            }
            *when != When::Unknown
        }
        (SheetFieldKind::Person, FieldValue::Person(_)) | (SheetFieldKind::Amount, FieldValue::Amount(_)) => true,
        _ => false,
    };
    if right { Ok(()) } else { Err(Refusal::DoesNotFit(field.id.clone(), field.label.clone())) }
}

fn known_choices(field: &SheetField, held: &[ChoiceId]) -> bool {
    held.iter().all(|c| field.choice(c).is_some())
}

/// A day as an end lasts to its last moment, and as a beginning starts with its first: what may be right is not refused.
fn ends_before_it_begins(span: &Span, values: &BTreeMap<FieldId, FieldValue>, given: Given<'_>) -> bool {
    let zone = &given.pack.zone;
    let between = |field| match values.get(field)? {
        FieldValue::Time(When::Exact { at } | When::About { at }) => Some((*at, *at)),
        FieldValue::Time(When::Day { on }) | FieldValue::Day(on) => {
            Some((zone.start_of_day(*on), zone.end_of_day(*on)))
        }
        _ => None,
    };
    let SpanStart::Field(from) = &span.from else { return false };
    between(from).zip(between(&span.to)).is_some_and(|((from, _), (_, to))| to < from)
}

/// A sheet that asks the same as a fact of the rules answers it: nobody types it twice.
fn answer_of(field: &SheetField, value: &FieldValue, incident: &Incident, filling: &SheetFilling) -> Option<Event> {
    let fact = field.answers.clone()?;
    let answer = match value {
        FieldValue::NotKnown => FactValue::Unknown,
        FieldValue::Chosen(held) => match held.first()?.as_str() {
            "no" => FactValue::No,
            "unknown" => FactValue::Unknown,
            _ => FactValue::Yes,
        },
        FieldValue::Number(n) => FactValue::Count(*n),
        _ => return None,
    };
    let same = incident.answers.get(&fact).is_some_and(|(known, _)| *known == answer);
    (!same).then(|| Event::FactAnswered(FactAnswer { fact, answer, reason: filling.reason.clone() }))
}

fn moment_of(field: &SheetField, value: &FieldValue, incident: &Incident, filling: &SheetFilling) -> Option<Event> {
    let moment = field.records?;
    let when = match value {
        FieldValue::Time(when) => when.clone(),
        FieldValue::Day(on) => When::Day { on: *on },
        _ => return None,
    };
    let same = incident.moments.get(&moment).is_some_and(|known| known.when == when);
    let record = ClockRecord { reason: filling.reason.clone(), ..ClockRecord::seen(moment, when) };
    (!same).then_some(Event::MomentRecorded(record))
}

pub(super) fn strike(incident: &Incident, entry: EntryId, reason: Note) -> Result<Vec<Event>, Refusal> {
    let known = incident.sheets.iter().find(|e| e.id == entry && e.struck.is_none()).ok_or(Refusal::NoSuchEntry)?;
    if known.signed.is_some() {
        return Err(Refusal::EntrySigned);
    }
    Ok(vec![Event::SheetStruck { entry, section: known.section, reason }])
}

/// Duties that a finished entry answers for, and when it says that was.
pub(super) fn answered_for(incident: &Incident, given: Given<'_>) -> Vec<(ObligationId, Instant)> {
    let open = |rule: &ObligationId| incident.duties.get(rule).is_some_and(|state| state.met.is_none());
    let answering = given.pack.sheets.iter().flat_map(|sheet| sheet.meets.iter().map(move |rule| (sheet, rule)));
    let finished = answering.filter(|(_, rule)| open(rule)).filter_map(|(sheet, rule)| {
        let entry = incident.entries(&sheet.id).find(|e| e.settled(sheet))?;
        let told = sheet.met_at.as_ref().and_then(|field| entry.time(field, &given.pack.zone));
        Some((rule.clone(), told.unwrap_or(given.now).min(given.now)))
    });
    finished.collect()
}
