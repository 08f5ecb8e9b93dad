//! What may be written on the form and signed, and what follows for clocks: boxes that fit each other, parts that close.

use super::decide::Given;
use super::{ClockRecord, Event, FactValue, Incident, Refusal, sheets_before};
use crate::actor::Actor;
use crate::form::{BoxText, Filling, Party, Signature, SignatureAsk, Unfit, days_in, fits, written_day};
use crate::pack::{BoxId, BoxKind, FactId, Form, FormBox, FormPart, Moment, Start, Step};
use crate::text::Note;
use crate::time::{When, Zone};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Fills boxes. `settled` is the product itself writing down what it knows.
pub(super) fn fill(
    incident: &Incident,
    filling: Filling,
    settled: bool,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let form = given.pack.forms.first().ok_or(Refusal::NoForm)?;
    if filling.boxes.is_empty() && filling.not_applicable.is_empty() && !incident.form.open(filling.part) {
        return Err(Refusal::Signed);
    }
    for id in filling.boxes.keys().chain(filling.not_applicable.keys()) {
        let b = form.form_box(id).filter(|b| b.part == filling.part).ok_or_else(|| Refusal::NoSuchBox(id.clone()))?;
        if !incident.form.writable(b) {
            return Err(Refusal::Signed);
        }
        let by_hand = !settled && b.kind != BoxKind::Signature;
        if (filling.boxes.contains_key(id) && b.kind == BoxKind::Signature) || (by_hand && b.kind == BoxKind::Unit) {
            return Err(Refusal::NotWritten(id.clone()));
        }
    }
    let mut after = incident.clone();
    after.form.fill(&filling);
    for id in filling.boxes.keys() {
        let Some(b) = form.form_box(id) else { continue };
        check(&after, form, b, given)?;
        // What came later has to stay later: the day that others count from was written anew.
        for other in form.boxes.iter().filter(|other| other.not_before.as_ref() == Some(id)) {
            check(&after, form, other, given)?;
        }
    }
    if filling.part == FormPart::Hr {
        go_together(&after, form)?;
    }
    let told = moments(&filling, form, incident, &given.pack.zone);
    let filled =
        if filling.part == FormPart::Hr { Event::PersonnelFilled(filling) } else { Event::FormFilled(filling) };
    Ok(std::iter::once(filled).chain(told).collect())
}

/// Signs, when everything that the party answers for is there and fits.
pub(super) fn sign(incident: &Incident, signature: Signature, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let form = given.pack.forms.first().ok_or(Refusal::NoForm)?;
    let party = signature.party;
    if incident.form.signed_by(party).is_some() {
        return Err(Refusal::AlreadySigned);
    }
    // The person who reported has no account: what lets them sign is the request, for its own form and its own days.
    let asked = incident.open_ask(given.now).is_some_and(|ask| ask.form == signature.form);
    if given.actor == Actor::Reporter && !(asked && party == Party::Reporter) {
        return Err(Refusal::NotAsked);
    }
    let missing = incident.form.missing(form, party, |fact| incident.says_yes(fact));
    if !missing.is_empty() {
        return Err(Refusal::BoxesEmpty(missing));
    }
    match party {
        Party::Reporter => form.part(FormPart::Reporter).try_for_each(|b| check(incident, form, b, given))?,
        Party::OfficerCompleted => {
            form.boxes.iter().filter(|b| b.part != FormPart::Hr).try_for_each(|b| check(incident, form, b, given))?;
            held(incident, given)?;
            let unfinished = sheets_before(incident, given.pack, Step::Completion);
            if !unfinished.is_empty() {
                return Err(Refusal::NotReady(unfinished));
            }
        }
        Party::HumanResources => {
            form.part(FormPart::Hr).try_for_each(|b| check(incident, form, b, given))?;
            go_together(incident, form)?;
        }
        Party::OfficerReceived => {}
    }
    let mut events = vec![Event::FormSigned(signature)];
    events.extend(set_by(incident, form, party, given));
    if party == Party::OfficerCompleted {
        let when = When::Exact { at: given.now };
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::FormCompleted, when)));
    }
    Ok(events)
}

/// Asks for the reporter's signature, under a part that can be signed.
pub(super) fn ask_to_sign(incident: &Incident, ask: SignatureAsk, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let form = given.pack.forms.first().ok_or(Refusal::NoForm)?;
    if incident.form.signed_by(Party::Reporter).is_some() {
        return Err(Refusal::AlreadySigned);
    }
    let missing = incident.form.missing(form, Party::Reporter, |fact| incident.says_yes(fact));
    if !missing.is_empty() {
        return Err(Refusal::BoxesEmpty(missing));
    }
    form.part(FormPart::Reporter).try_for_each(|b| check(incident, form, b, given))?;
    Ok(vec![Event::SignatureAsked(ask)])
}

/// Whether what stands in a box fits its kind, today, and the box that comes before it. An empty box always does.
fn check(incident: &Incident, form: &Form, b: &FormBox, given: Given<'_>) -> Result<(), Refusal> {
    let Some(text) = incident.form.boxes.get(&b.id) else { return Ok(()) };
    let today = given.now.day_in(&given.pack.zone);
    fits(b, text.as_str(), today).map_err(|unfit| {
        let says = match unfit {
            Unfit::NoDay => "has to name a day, such as Jul 1, 2016",
            Unfit::Ahead => "names a day that lies in the future",
            Unfit::NoChoice => "has to be one of its choices",
            Unfit::WordsNeeded => "needs words of your own with that choice",
        };
        Refusal::BoxUnfit(b.id.clone(), says)
    })?;
    let Some(before) = &b.not_before else { return Ok(()) };
    let day = days_in(text.as_str()).into_iter().next();
    match (day, day_of(incident, form, before, &given.pack.zone)) {
        (Some(day), Some(first)) if day < first => Err(Refusal::DayTooEarly(b.id.clone(), before.clone())),
        _ => Ok(()),
    }
}

/// The first day that a box names; while it is empty, the day that it would be filled with.
fn day_of(incident: &Incident, form: &Form, id: &BoxId, zone: &Zone) -> Option<Date> {
    if let Some(text) = incident.form.boxes.get(id) {
        return days_in(text.as_str()).into_iter().next();
    }
    let b = form.form_box(id)?;
    let moment = match b.kind {
        BoxKind::DateTime => Moment::OccurredFrom,
        _ => b.tells?,
    };
    told_day(incident, moment, zone)
}

fn told_day(incident: &Incident, moment: Moment, zone: &Zone) -> Option<Date> {
    Some(match super::facts(incident).moments.get(&moment)?.when {
        Start::Day(day) => day,
        Start::At(at) => at.day_in(zone),
    })
}

/// A box that goes with a choice is needed once the choice names something.
fn go_together(incident: &Incident, form: &Form) -> Result<(), Refusal> {
    for b in &form.boxes {
        let Some(other) = b.goes_with.as_ref().and_then(|id| form.form_box(id)) else { continue };
        let chosen = incident.form.boxes.get(&other.id).and_then(|text| other.chosen(text.as_str()));
        if chosen.is_some_and(|(choice, _)| !choice.nothing) && !incident.form.boxes.contains_key(&b.id) {
            return Err(Refusal::GoesWith(b.id.clone(), other.id.clone()));
        }
    }
    Ok(())
}

/// Duties that have to be answered for before the form is completed, and are not.
fn held(incident: &Incident, given: Given<'_>) -> Result<(), Refusal> {
    let open = incident.duties.values().filter(|state| {
        let rule = given.pack.obligation(&state.duty.rule);
        state.met.is_none() && rule.is_some_and(|rule| rule.blocks.contains(&Step::Completion))
    });
    let titles: Vec<String> = open.map(|state| state.duty.title.to_string()).collect();
    if titles.is_empty() { Ok(()) } else { Err(Refusal::CompletionHeld(titles)) }
}

/// Days that the signature itself sets: the received date, when receipt is signed.
fn set_by(incident: &Incident, form: &Form, party: Party, given: Given<'_>) -> Option<Event> {
    let today = BoxText::parse(&written_day(given.now.day_in(&given.pack.zone))).ok()?;
    let set = form.boxes.iter().filter(|b| b.set_by.as_ref().and_then(|id| form.signs(id)) == Some(party));
    let empty = set.filter(|b| !incident.form.boxes.contains_key(&b.id));
    let boxes: BTreeMap<_, _> = empty.map(|b| (b.id.clone(), Some(today.clone()))).collect();
    let filling = Filling { part: party.part(), boxes, not_applicable: BTreeMap::new() };
    (!filling.boxes.is_empty()).then_some(Event::FormFilled(filling))
}

/// What a box tells the clocks: the day on which the officer was told moves every duty that counts from it.
fn moments(filling: &Filling, form: &Form, incident: &Incident, zone: &Zone) -> Vec<Event> {
    let told = filling.boxes.iter().filter_map(|(id, text)| {
        let b = form.form_box(id)?;
        let (moment, on) = (b.tells?, days_in(text.as_ref()?.as_str()).into_iter().next()?);
        if told_day(incident, moment, zone) == Some(on) {
            return None;
        }
        let reason = Note::parse(&format!("Box {} of the form says so.", b.numeral)).ok();
        Some(Event::MomentRecorded(ClockRecord { reason, ..ClockRecord::seen(moment, When::Day { on }) }))
    });
    told.collect()
}

impl Incident {
    /// Whether a question of the pack is answered with yes.
    pub fn says_yes(&self, fact: &FactId) -> bool {
        self.answers.get(fact).is_some_and(|(answer, _)| *answer == FactValue::Yes)
    }
}
