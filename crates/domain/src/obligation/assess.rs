//! Which duties packs attach to a set of facts, side by side: what is owed and when, what is not required and by which
//! numbers, what nobody can say yet, and what is switched off.

use super::{Answered, Done, Due, DuePoint, Facts, Held, Holds, Timeliness, due, hold, say_day, timeliness};
use crate::pack::{
    Calendar, ClockStart, Moment, ObligationId, ObligationRule, Pack, PackId, RuleStatus, Start, Status, Term,
};
use crate::time::Zone;
use serde::Serialize;

/// One rule of one pack, and what the facts make of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessed {
    /// The pack.
    pub pack: PackId,
    /// The rule.
    pub rule: ObligationId,
    /// What the facts make of it.
    pub outcome: Outcome,
}

/// What the facts make of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is owed.
    Owed(Box<Owed>),
    /// Its event happened, and something else keeps it away.
    NotRequired {
        /// The answers and numbers that make it so.
        because: Vec<String>,
    },
    /// Its event happened, and whether it is owed depends on what nobody knows yet.
    NotKnownYet {
        /// What has to be known.
        needs: Vec<String>,
    },
    /// Its event is not recorded.
    NotCalledUp {
        /// The event.
        waits_for: Moment,
    },
    /// It binds nobody, or not on that day.
    Off {
        /// Why.
        because: String,
    },
}

/// A duty that the facts call up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The rule.
    pub rule: ObligationId,
    /// When its clock started; `None` while it has not (the duty is open, without a date).
    pub start: Option<Start>,
    /// The recorded moment that started it; `None` where it was the moment at which an answer became known.
    pub started_by: Option<Moment>,
    /// When it is due; `None` while its clock has not started.
    pub due: Option<Due>,
    /// The requests for silence that bear on it, oldest first.
    pub held: Vec<Held>,
    /// What else has to be said: numbers that fell again, a duty that takes its place.
    pub notes: Vec<String>,
    /// How it was answered for, and how that lies to the limit; `None` while open.
    pub answered: Option<(Done, Timeliness)>,
}

/// What the packs make of the facts: every rule of every pack, in the order of the packs. Depends on nothing but its
/// arguments, and not on the order in which facts were written down.
pub fn assess(packs: &[&Pack], facts: &Facts) -> Vec<Assessed> {
    packs.iter().flat_map(|pack| assess_pack(pack, facts)).collect()
}

/// The duties of one pack that the facts call up, in the order of the pack.
pub fn owed(pack: &Pack, facts: &Facts) -> Vec<Owed> {
    let owed = assess_pack(pack, facts).into_iter().filter_map(|assessed| match assessed.outcome {
        Outcome::Owed(owed) => Some(*owed),
        _ => None,
    });
    owed.collect()
}

fn assess_pack(pack: &Pack, facts: &Facts) -> Vec<Assessed> {
    let zone = facts.zone_of(pack);
    let calendar = pack.calendar_in(zone.clone());
    let desk = Desk { pack, facts, zone, calendar };
    let mut outcomes: Vec<(&ObligationRule, Outcome)> =
        pack.obligations.iter().map(|rule| (rule, desk.outcome(rule))).collect();
    desk.join(&mut outcomes);
    for (rule, outcome) in &mut outcomes {
        if let Outcome::Owed(owed) = outcome {
            desk.answer(rule, owed);
        }
    }
    desk.give_way(&mut outcomes);
    let assessed = |(rule, outcome): (&ObligationRule, Outcome)| Assessed {
        pack: pack.id.clone(),
        rule: rule.id.clone(),
        outcome,
    };
    outcomes.into_iter().map(assessed).collect()
}

/// What one pack is assessed on.
struct Desk<'a> {
    pack: &'a Pack,
    facts: &'a Facts,
    zone: Zone,
    calendar: Calendar,
}

impl Desk<'_> {
    fn outcome(&self, rule: &ObligationRule) -> Outcome {
        if let Some(because) = self.off(rule) {
            return Outcome::Off { because };
        }
        let Some((_, called_up)) = self.facts.happened(rule.trigger.on, self.pack, &self.zone) else {
            return Outcome::NotCalledUp { waits_for: rule.trigger.on };
        };
        let (mut since, mut notes, mut against, mut open) = (None, Vec::new(), Vec::new(), Vec::new());
        for condition in &rule.trigger.when {
            match self.facts.holds(condition, Some(self.pack), &self.zone) {
                Holds::Yes { since: known, note } => {
                    since = since.into_iter().chain(known).max_by_key(|w: &Start| w.instant(&self.zone));
                    notes.extend(note);
                }
                Holds::No { because } => against.push(because),
                Holds::Open { needs } => open.push(needs),
            }
        }
        if !against.is_empty() {
            return Outcome::NotRequired { because: against };
        }
        if !open.is_empty() {
            return Outcome::NotKnownYet { needs: open };
        }
        let started = self.clock_start(rule, called_up, since);
        let day = started.map_or(called_up, |(_, start)| start).day(&self.zone);
        if !rule.effective.covers(day) {
            return Outcome::Off { because: out_of_force(rule, day) };
        }
        let mut owed = Owed {
            rule: rule.id.clone(),
            start: started.map(|(_, start)| start),
            started_by: started.and_then(|(by, _)| by),
            due: started.map(|(_, start)| due(rule, start, &self.calendar)),
            held: Vec::new(),
            notes,
            answered: None,
        };
        self.hold(rule, &mut owed);
        Outcome::Owed(Box::new(owed))
    }

    fn off(&self, rule: &ObligationRule) -> Option<String> {
        let proposed = "Proposed, not in force: switched off until it becomes law.";
        let repealed = "Repealed: it binds nobody any more.";
        match (self.pack.edition.status, rule.status) {
            (Status::Proposed, _) | (_, RuleStatus::Proposed) => Some(proposed.to_owned()),
            (Status::Repealed, _) | (_, RuleStatus::Repealed) => Some(repealed.to_owned()),
            (_, RuleStatus::InForce | RuleStatus::Contract) => None,
        }
    }

    /// The moment from which the clock counts, and which event that was.
    fn clock_start(
        &self,
        rule: &ObligationRule,
        called_up: Start,
        since: Option<Start>,
    ) -> Option<(Option<Moment>, Start)> {
        let when = |m: &Moment| self.facts.happened(*m, self.pack, &self.zone).map(|(by, when)| (Some(by), when));
        let instant = |(_, when): &(Option<Moment>, Start)| when.instant(&self.zone);
        match &rule.starts {
            ClockStart::Trigger => match since {
                Some(known) if known.instant(&self.zone) >= called_up.instant(&self.zone) => Some((None, known)),
                _ => when(&rule.trigger.on),
            },
            ClockStart::EarliestOf(moments) => moments.iter().filter_map(when).min_by_key(instant),
            ClockStart::FirstRecordedOf(moments) => moments.iter().find_map(when),
            ClockStart::LatestOf(moments) => {
                let all: Option<Vec<_>> = moments.iter().map(when).collect();
                all?.into_iter().max_by_key(instant)
            }
        }
    }

    fn hold(&self, rule: &ObligationRule, owed: &mut Owed) {
        let Some(due) = &mut owed.due else { return };
        let mut dates: Vec<&mut _> = due.soft.iter_mut().chain([&mut due.outer]).collect();
        owed.held = hold::pause(rule, self.pack, &self.facts.holds, &mut dates, &self.zone);
    }

    /// Gives a duty that is due with another that one's date, holds included.
    fn join(&self, outcomes: &mut [(&ObligationRule, Outcome)]) {
        // A chain is at most as long as there are duties; the compiler lets no circle through, and a circle would
        // simply stay without a date.
        for _ in 0..outcomes.len() {
            let mut found = Vec::new();
            for (place, (rule, outcome)) in outcomes.iter().enumerate() {
                let (Term::With(other), Outcome::Owed(owed)) = (&rule.outer, outcome) else { continue };
                if !owed.due.as_ref().is_some_and(|due| matches!(due.at(), DuePoint::With(_))) {
                    continue;
                }
                let leader = outcomes.iter().find(|(leader, _)| leader.id == *other);
                if let Some((leading, Outcome::Owed(leader))) = leader
                    && let Some(due) = &leader.due
                    && !matches!(due.at(), DuePoint::With(_))
                {
                    let held = (rule.regime == leading.regime).then(|| leader.held.clone());
                    found.push((place, due.outer.clone(), leader.start, leader.started_by, held));
                }
            }
            if found.is_empty() {
                return;
            }
            for (place, outer, start, started_by, held) in found {
                let (rule, outcome) = &mut outcomes[place];
                let (Term::With(other), Outcome::Owed(owed)) = (&rule.outer, outcome) else { continue };
                let arithmetic = format!("Due together with {other}. {}", outer.arithmetic);
                owed.start = start;
                owed.started_by = started_by;
                if let Some(due) = &mut owed.due {
                    due.outer = super::Reckoning { at: outer.at, arithmetic };
                }
                match held {
                    Some(held) => owed.held = held,
                    None => self.hold(rule, owed),
                }
            }
        }
    }

    fn answer(&self, rule: &ObligationRule, owed: &mut Owed) {
        let mine = |done: &&Done| done.rule == rule.id && done.pack.as_ref().is_none_or(|p| *p == self.pack.id);
        let first = self.facts.done.iter().filter(mine).min_by_key(|done| done.at.instant(&self.zone));
        owed.answered = first.map(|done| {
            let kept = match (&owed.due, &done.answered) {
                (Some(due), Answered::Done { .. }) => timeliness(due, done.at, &self.zone),
                _ => Timeliness::NoDate,
            };
            (done.clone(), kept)
        });
    }

    fn give_way(&self, outcomes: &mut [(&ObligationRule, Outcome)]) {
        let owed: Vec<(ObligationId, Option<(Done, Timeliness)>)> = outcomes
            .iter()
            .filter_map(|(rule, outcome)| match outcome {
                Outcome::Owed(owed) => Some((rule.id.clone(), owed.answered.clone())),
                _ => None,
            })
            .collect();
        for (rule, outcome) in outcomes {
            let (Some(other), Outcome::Owed(mine)) = (&rule.gives_way_to, outcome) else { continue };
            if let Some((_, answered)) = owed.iter().find(|(id, _)| id == other) {
                mine.notes.push(format!("{other} takes its place; answering for that one answers for this."));
                if mine.answered.is_none() {
                    mine.answered.clone_from(answered);
                }
            }
        }
    }
}

fn out_of_force(rule: &ObligationRule, day: jiff::civil::Date) -> String {
    let started = say_day(day);
    match (rule.effective.from, rule.effective.to) {
        (Some(from), _) if day < from => {
            format!("This rule took force on {}; its clock started on {started}, before that.", say_day(from))
        }
        (_, Some(to)) => format!("This rule held until before {}; its clock started on {started}.", say_day(to)),
        _ => format!("This rule did not hold on {started}."),
    }
}
