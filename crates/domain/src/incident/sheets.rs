//! Sheets of an incident: how officers fill entries field by field, and what unfinished ones hold up. An entry is
//! never edited: a newer word about a field stands over the older one, with a reason, and both stay readable.

use super::entries::{gist, hold, lacking};
use super::{
    ClockRecord, Event, FactAnswer, FactValue, FieldValue, Given, Incident, Missing, Refusal, SheetFilling, facts,
    sealed,
};
use crate::ids::EntryId;
use crate::pack::{
    ChoiceId, FieldId, FieldNeed, ObligationId, OnSheet, Pack, Sheet, SheetField, SheetFieldKind, SheetId, SheetWord,
    Span, SpanStart, Step,
};
use crate::text::Note;
use crate::time::{Instant, When};
use std::collections::BTreeMap;

/// The choices of a field that the kinds of this incident bring along, for people to leave standing or take away. What
/// a kind makes by itself is not among them.
pub fn marked(incident: &Incident, field: &SheetField) -> Vec<ChoiceId> {
    let kinds = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    field.brought(kinds).filter(|_| !field.by_itself).cloned().collect()
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
            after_the_ticket(incident, sheet, field, value, given)?;
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

/// Nobody takes a ticket before it is opened.
fn after_the_ticket(
    incident: &Incident,
    sheet: &Sheet,
    field: &SheetField,
    value: &FieldValue,
    given: Given<'_>,
) -> Result<(), Refusal> {
    let taken = given.pack.ticket.as_ref().and_then(|ticket| ticket.taken.as_ref());
    let tells = taken.is_some_and(|taken| taken.sheet == sheet.id && taken.at == field.id);
    let (FieldValue::Time(When::Exact { at } | When::About { at }), Some(ticket), true) =
        (value, &incident.ticket, tells)
    else {
        return Ok(());
    };
    // People write minutes; the ticket knows its second.
    let opened = ticket.what.at.micros() - ticket.what.at.micros().rem_euclid(60_000_000);
    if at.micros() < opened { Err(Refusal::BeforeTheTicket) } else { Ok(()) }
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
