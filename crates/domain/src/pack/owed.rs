//! Which duties a pack attaches to a set of facts, and when each is due.

use super::{ClockStart, Due, Facts, ObligationId, ObligationRule, Pack, Start, due};
use crate::time::Zone;
use serde::Serialize;

/// A duty that the facts call up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The rule.
    pub rule: ObligationId,
    /// When its clock started; `None` while it has not (the duty is open, without a date).
    pub start: Option<Start>,
    /// When it is due; `None` while its clock has not started.
    pub due: Option<Due>,
}

/// The duties that the facts call up, in the order of the pack. Depends on nothing but its arguments.
pub fn owed(pack: &Pack, facts: &Facts) -> Vec<Owed> {
    let calendar = pack.calendar();
    let called_up = |rule: &&ObligationRule| facts.has(rule.trigger.on) && facts.satisfy(&rule.trigger.when);
    let assess = |rule: &ObligationRule| {
        let start = clock_start(rule, facts, &pack.zone);
        Owed { rule: rule.id.clone(), start, due: start.map(|start| due(rule, start, &calendar)) }
    };
    pack.obligations.iter().filter(called_up).map(assess).collect()
}

fn clock_start(rule: &ObligationRule, facts: &Facts, zone: &Zone) -> Option<Start> {
    match &rule.starts {
        ClockStart::Trigger => {
            let happened = facts.moments.get(&rule.trigger.on).copied();
            let known = facts.known_since(&rule.trigger.when, zone);
            happened.into_iter().chain(known).max_by_key(|w| w.instant(zone))
        }
        ClockStart::EarliestOf(moments) => {
            let happened = moments.iter().filter_map(|m| facts.moments.get(m).copied());
            happened.min_by_key(|w| w.instant(zone))
        }
        ClockStart::LatestOf(moments) => {
            let happened: Option<Vec<Start>> = moments.iter().map(|m| facts.moments.get(m).copied()).collect();
            happened?.into_iter().max_by_key(|w| w.instant(zone))
        }
    }
}
