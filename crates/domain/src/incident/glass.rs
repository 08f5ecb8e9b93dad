//! Looking into an incident in an emergency, without a role there: a reason, a second person who agrees, and one hour.
//!
//! It opens what a part in the incident opens and nothing more, and never to somebody who is kept from it: that is
//! decided before this is asked.

use super::{Event, Given, Incident, Recorded, Refusal};
use crate::actor::Actor;
use crate::ids::{AccountId, EntryId};
use crate::text::Note;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// How long a request waits for a second person, and how long what was opened stays open.
pub const GLASS_SECONDS: i64 = 3_600;

/// Somebody asks to look.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GlassRequest {
    /// The request.
    pub id: EntryId,
    /// Who.
    pub account: AccountId,
    /// What for.
    pub reason: Note,
}

/// A request, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Glass {
    /// The request.
    pub asked: Recorded<GlassRequest>,
    /// Until when it is open, or `None` where the second person did not agree.
    pub answered: Option<Recorded<Option<Instant>>>,
}

impl Glass {
    /// Open to whoever asked.
    pub fn open(&self, now: Instant) -> bool {
        let until = self.answered.as_ref().and_then(|answer| answer.what);
        until.is_some_and(|until| now < until)
    }

    /// Waits for a second person.
    pub fn waits(&self, now: Instant) -> bool {
        self.answered.is_none() && now.seconds_since(self.asked.at) < GLASS_SECONDS
    }
}

impl Incident {
    pub(super) fn answer_glass(&mut self, request: EntryId, answer: Recorded<Option<Instant>>) {
        if let Some(glass) = self.glass.iter_mut().find(|glass| glass.asked.what.id == request) {
            glass.answered = Some(answer);
        }
    }
}

/// Asking twice within the hour asks once; whoever takes part needs not ask.
pub(super) fn ask(incident: &Incident, request: GlassRequest, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if incident.takes_part(request.account, given.now, &given.pack.zone) {
        return Ok(Vec::new());
    }
    let waits = incident.glass.iter().any(|g| g.asked.what.account == request.account && g.waits(given.now));
    Ok(if waits { Vec::new() } else { vec![Event::GlassAsked(request)] })
}

pub(super) fn answer(
    incident: &Incident,
    request: EntryId,
    agreed: bool,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let waiting = incident.glass.iter().find(|g| g.asked.what.id == request && g.waits(given.now));
    let asked = &waiting.ok_or(Refusal::NoSuchRequest)?.asked;
    if given.actor == Actor::Account(asked.what.account) || given.actor == asked.by {
        return Err(Refusal::OwnRequest);
    }
    let until = given.now.plus_seconds(GLASS_SECONDS);
    Ok(vec![if agreed { Event::GlassBroken { request, until } } else { Event::GlassRefused { request } }])
}
