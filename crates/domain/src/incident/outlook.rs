//! What commands would do to the duties of an incident, told before anything is written: the same rules on a copy.

use super::assess::assessed;
use super::decide::{Command, Given, decide};
use super::refusal::Refusal;
use super::{DueDate, Duty, Event, Incident};
use crate::obligation::{Assessed, Outcome};
use crate::pack::{ObligationId, Pack, PackId};
use crate::time::Instant;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The events that follow from several commands, each decided on what those before it left. One refusal refuses all.
pub fn decide_all(incident: &Incident, commands: Vec<Command>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let mut after = incident.clone();
    let mut events = Vec::new();
    for command in commands {
        let decided = decide(&after, command, given)?;
        for event in &decided {
            after.apply(event, given.actor, given.now);
        }
        events.extend(decided);
    }
    Ok(events)
}

/// What would become of the duties.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outlook {
    /// Duties that would start.
    pub opens: Vec<Duty>,
    /// Open duties whose date would move.
    pub moves: Vec<Move>,
    /// Rules that would not be required any more, with the answers and numbers that make it so.
    pub spared: Vec<Spared>,
    /// Duties that the product itself could answer for from then on.
    pub meets: Vec<Duty>,
    /// Open duties that would stay as they are.
    pub stays: Vec<Duty>,
}

/// A date that would move.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Move {
    /// The duty with the date it has now.
    pub duty: Duty,
    /// The date it would have.
    pub to: DueDate,
}

/// A rule that would not be required any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Spared {
    /// The pack.
    pub pack: PackId,
    /// The rule.
    pub rule: ObligationId,
    /// What is to be done under it.
    pub title: String,
    /// Why it is not required, or what it waits for.
    pub because: Vec<String>,
    /// Its duty stands open on the incident all the same, until somebody answers for it: no fact closes a duty.
    pub stands: bool,
}

impl Outlook {
    /// Nothing would start, move, or end to count.
    pub fn is_nothing(&self) -> bool {
        self.opens.is_empty() && self.moves.is_empty() && self.spared.is_empty() && self.meets.is_empty()
    }
}

/// What these commands would do. Nothing is changed; asking twice gives the same.
pub fn outlook(incident: &Incident, commands: Vec<Command>, given: Given<'_>) -> Result<Outlook, Refusal> {
    let events = decide_all(incident, commands, given)?;
    let mut after = incident.clone();
    for event in &events {
        after.apply(event, given.actor, given.now);
    }
    let open = |incident: &Incident, rule: &ObligationId| incident.duties.get(rule).is_some_and(|d| d.met.is_none());
    let met_now: BTreeSet<&ObligationId> = events.iter().filter_map(met).collect();
    let mut told = Outlook { opens: vec![], moves: vec![], spared: vec![], meets: vec![], stays: vec![] };
    for (rule, state) in &after.duties {
        if met_now.contains(rule) {
            told.meets.push(state.duty.clone());
        } else if open(&after, rule) {
            match incident.duties.get(rule) {
                None => told.opens.push(state.duty.clone()),
                Some(before) if when(&before.duty.due) != when(&state.duty.due) => {
                    told.moves.push(Move { duty: before.duty.clone(), to: state.duty.due.clone() });
                }
                Some(_) => told.stays.push(state.duty.clone()),
            }
        }
    }
    told.spared = spared(incident, &after, given);
    let gone: BTreeSet<&ObligationId> = told.spared.iter().filter(|s| s.stands).map(|s| &s.rule).collect();
    told.stays.retain(|duty| !gone.contains(&duty.rule));
    Ok(told)
}

const fn met(event: &Event) -> Option<&ObligationId> {
    match event {
        Event::DutyMet(met) => Some(&met.rule),
        Event::DutyWaived(waiver) => Some(&waiver.rule),
        _ => None,
    }
}

/// Whatever of a date people act on; its words may be told better without the date having moved.
const fn when(due: &DueDate) -> (Option<Instant>, Option<Date>, Option<Instant>) {
    (due.by, due.day, due.late_after)
}

fn spared(before: &Incident, after: &Incident, given: Given<'_>) -> Vec<Spared> {
    let earlier = assessed(before, given.pack, given.laws);
    let earlier: BTreeMap<(&PackId, &ObligationId), &Outcome> =
        earlier.iter().map(|found| ((&found.pack, &found.rule), &found.outcome)).collect();
    let packs = || std::iter::once(given.pack).chain(given.laws.iter().copied());
    let told = |found: Assessed| {
        let was = earlier.get(&(&found.pack, &found.rule))?;
        let because = match (was, found.outcome) {
            (Outcome::Owed(_) | Outcome::NotKnownYet { .. }, Outcome::NotRequired { because }) => because,
            (Outcome::Owed(_), Outcome::NotKnownYet { needs }) => {
                needs.into_iter().map(|need| format!("Not known any more: {need}")).collect()
            }
            (Outcome::Owed(_), Outcome::NotCalledUp { waits_for }) => {
                vec![format!("Not recorded any more: {}.", waits_for.says())]
            }
            (Outcome::Owed(_), Outcome::Off { because }) => vec![because],
            _ => return None,
        };
        let pack: &Pack = packs().find(|pack| pack.id == found.pack)?;
        let stands = after.duties.get(&found.rule).is_some_and(|state| {
            state.met.is_none() && state.duty.pack.as_ref().unwrap_or(&given.pack.id) == &found.pack
        });
        let title = pack.obligation(&found.rule)?.title.clone();
        Some(Spared { pack: found.pack, rule: found.rule, title, because, stands })
    };
    assessed(after, given.pack, given.laws).into_iter().filter_map(told).collect()
}
