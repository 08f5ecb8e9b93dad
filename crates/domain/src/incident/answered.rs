//! How duties are answered for: by a person's word, by authority, by the help ticket, or by what the record itself shows.

use super::decide::past;
use super::{ClockRecord, DutyMet, Event, Given, Incident, Proof, Refusal, Ticket, Waiver, sheets, votes};
use crate::pack::{Evidence, Moment, RoleId};
use crate::text::{Line, Note};
use crate::time::When;

pub(super) fn meet(incident: &Incident, met: DutyMet, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let open = incident.duties.get(&met.rule).is_some_and(|state| state.met.is_none());
    if !open {
        return Err(Refusal::NoSuchDuty(met.rule));
    }
    if met.at > given.now {
        return Err(Refusal::InTheFuture);
    }
    if met.by == Proof::Waived {
        return Err(Refusal::AuthorityNeeded);
    }
    let by_hand = matches!(met.by, Proof::Recorded | Proof::Called | Proof::NotApplicable);
    if by_hand && met.words.is_none() {
        return Err(Refusal::WordsNeeded);
    }
    let ticket = given.pack.ticket.as_ref().is_some_and(|ticket| ticket.meets == met.rule);
    let opens_ticket = ticket && matches!(met.by, Proof::Recorded | Proof::Called);
    let when = When::Exact { at: met.at };
    let number = met.words.as_ref().and_then(|words| Line::parse(words.as_str()).ok());
    let named = given.pack.ticket.as_ref().zip(number).filter(|_| opens_ticket && incident.ticket.is_none());
    let recorded = named.and_then(|(wanted, number)| {
        let by = wanted.opened_by.first()?.clone();
        Some(Event::TicketOpened(Ticket { number, category: Line::parse(&wanted.category).ok()?, at: met.at, by }))
    });
    let mut events: Vec<Event> = recorded.into_iter().chain([Event::DutyMet(met)]).collect();
    if opens_ticket && !incident.moments.contains_key(&Moment::TicketOpened) {
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::TicketOpened, when)));
    }
    Ok(events)
}

pub(super) fn waive(incident: &Incident, waiver: Box<Waiver>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if incident.duties.get(&waiver.rule).is_none_or(|state| state.met.is_some()) {
        return Err(Refusal::NoSuchDuty(waiver.rule));
    }
    if waiver.at > given.now { Err(Refusal::InTheFuture) } else { Ok(vec![Event::DutyWaived(waiver)]) }
}

/// The number of the ticket is the hand-over: from its moment on the case is with whoever the category goes to.
pub(super) fn open_ticket(incident: &Incident, ticket: Ticket, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let wanted = given.pack.ticket.as_ref().ok_or(Refusal::NoTicket)?;
    if incident.ticket.is_some() {
        return Err(Refusal::TicketOnRecord);
    }
    if ticket.category.as_str() != wanted.category {
        return Err(Refusal::OtherCategory(wanted.category.clone()));
    }
    if !wanted.opened_by.contains(&ticket.by) {
        return Err(Refusal::NoTicket);
    }
    let when = When::Exact { at: ticket.at };
    past(&when, given)?;
    let mut events = Vec::new();
    let open = incident.duties.get(&wanted.meets).is_some_and(|state| state.met.is_none());
    if open {
        let words = Note::parse(ticket.number.as_str()).ok();
        events.push(Event::DutyMet(DutyMet { rule: wanted.meets.clone(), by: Proof::Recorded, at: ticket.at, words }));
    }
    if !incident.moments.contains_key(&Moment::TicketOpened) {
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::TicketOpened, when)));
    }
    events.insert(0, Event::TicketOpened(ticket));
    Ok(events)
}

/// Duties whose proof the product itself holds are answered for by it: a box or signature of the form, or a report
/// that lay in the right person's inbox from the moment it was filed.
pub(super) fn met_by_itself(incident: &Incident, given: Given<'_>) -> Vec<Event> {
    let opening = incident.opening.as_ref();
    let delivered = |role: &RoleId| opening.filter(|o| o.told.contains(role)).and_then(|o| o.reported_at);
    let form = given.pack.forms.first();
    let shown = |evidence: &Evidence| match evidence {
        Evidence::Signature { in_box, .. } => {
            let party = form.and_then(|form| form.signs(in_box))?;
            incident.form.signed_by(party).map(|(_, at)| *at)
        }
        Evidence::Attached { .. } => incident.files.first().map(|file| file.at),
        Evidence::Filled { in_box, .. } => {
            let filled = incident.form.boxes.contains_key(in_box) || incident.form.not_applicable.contains_key(in_box);
            filled.then_some(given.now)
        }
        Evidence::Delivery { to, or_to, .. } => std::iter::once(to).chain(or_to).find_map(delivered),
        Evidence::Decided { decision } => {
            let asked = given.pack.decisions.iter().find(|d| d.id == *decision);
            asked.and_then(|asked| Some(votes::tally(incident, asked).outcome?.at))
        }
        _ => None,
    };
    let open = incident.duties.values().filter(|state| state.met.is_none());
    open.filter_map(|state| {
        let rule = given.pack.obligations.iter().find(|rule| rule.id == state.duty.rule)?;
        let at = rule.evidence.iter().map(shown).collect::<Option<Vec<_>>>()?.into_iter().max()?;
        let has = |kind: fn(&Evidence) -> bool| rule.evidence.iter().any(kind);
        let by = if has(|e| matches!(e, Evidence::Delivery { .. })) {
            Proof::Delivered
        } else if has(|e| matches!(e, Evidence::Decided { .. })) {
            Proof::Decided
        } else if matches!(rule.evidence.first(), Some(Evidence::Attached { .. })) {
            Proof::Recorded
        } else {
            Proof::Signed
        };
        Some(Event::DutyMet(DutyMet { rule: rule.id.clone(), by, at, words: None }))
    })
    .chain(
        sheets::answered_for(incident, given)
            .into_iter()
            .map(|(rule, at)| Event::DutyMet(DutyMet { rule, by: Proof::Recorded, at, words: None })),
    )
    .collect()
}
