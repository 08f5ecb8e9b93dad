//! Who takes part in one incident without a role that reaches it: named with a reason, for as long as they are named.

use super::{Event, Given, Glass, Incident, Recorded, Refusal, Standing};
use crate::ids::AccountId;
use crate::text::Note;
use crate::time::{Instant, Zone};
use jiff::civil;
use serde::{Deserialize, Serialize};

/// Somebody who takes part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub account: AccountId,
    /// What for.
    pub reason: Note,
    /// The last day; `None` until it is ended.
    pub until: Option<civil::Date>,
}

/// Somebody's part, and how it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The part.
    pub given: Recorded<Participant>,
    /// When it was ended, by whom and why; `None` while it lasts.
    pub ended: Option<Recorded<Note>>,
}

impl Part {
    /// Lasts at that instant. Its last day counts whole, in the zone of the policy.
    pub fn lasts(&self, now: Instant, zone: &Zone) -> bool {
        self.ended.is_none() && self.given.what.until.is_none_or(|day| now <= zone.end_of_day(day))
    }
}

impl Incident {
    /// Whether somebody takes part in it now. Whoever takes part in an incident that was withdrawn takes part in nothing.
    pub fn takes_part(&self, account: AccountId, now: Instant, zone: &Zone) -> bool {
        let part = |part: &Part| part.given.what.account == account && part.lasts(now, zone);
        let glass = |glass: &Glass| glass.asked.what.account == account && glass.open(now);
        self.standing != Standing::Withdrawn && (self.parts.iter().any(part) || self.glass.iter().any(glass))
    }

    pub(super) fn give_part(&mut self, given: Recorded<Participant>) {
        self.parts.push(Part { given, ended: None });
    }

    pub(super) fn end_part(&mut self, account: AccountId, ended: &Recorded<Note>) {
        let open = |part: &&mut Part| part.given.what.account == account && part.ended.is_none();
        self.parts.iter_mut().filter(open).for_each(|part| part.ended = Some(ended.clone()));
    }
}

pub(super) fn add(incident: &Incident, participant: Participant, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let zone = &given.pack.zone;
    if participant.until.is_some_and(|day| zone.end_of_day(day) < given.now) {
        return Err(Refusal::OverAlready);
    }
    let known = |part: &Part| part.given.what.account == participant.account && part.lasts(given.now, zone);
    if incident.parts.iter().any(known) {
        return Err(Refusal::TakesPart);
    }
    Ok(vec![Event::ParticipantAdded(participant)])
}

pub(super) fn remove(
    incident: &Incident,
    account: AccountId,
    reason: Note,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    if !incident.takes_part(account, given.now, &given.pack.zone) {
        return Err(Refusal::TakesNoPart);
    }
    Ok(vec![Event::ParticipantRemoved { account, reason }])
}
