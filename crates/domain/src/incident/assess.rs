//! What the policy attaches to an incident as its facts stand: duties to open, and duties whose date moved.

use super::{DueDate, Duty, Event, FactValue, Incident};
use crate::obligation::{self, DuePoint, Facts, Known, Owed};
use crate::pack::{Answer, Moment, ObligationRule, Pack, Start};
use crate::text::Line;
use crate::time::{When, Zone};

/// What is known about an incident, in the words of the rules.
pub fn facts(incident: &Incident) -> Facts {
    let moments = incident.moments.iter().filter_map(|(moment, when)| Some((*moment, rule_time(when)?.into())));
    let answers = incident.answers.iter().map(|(fact, (value, since))| {
        let since = Some(Start::At(*since));
        (fact.clone(), Known { answer: rule_answer(*value), since })
    });
    Facts { moments: moments.collect(), answers: answers.collect(), ..Facts::default() }
}

const fn rule_answer(value: FactValue) -> Answer {
    match value {
        FactValue::Yes => Answer::Yes,
        FactValue::No => Answer::No,
        FactValue::Unknown => Answer::Unknown,
        FactValue::Count(n) => Answer::Count(n),
    }
}

const fn rule_time(when: &When) -> Option<Start> {
    match when {
        When::Exact { at } | When::About { at } => Some(Start::At(*at)),
        When::Day { on } => Some(Start::Day(*on)),
        When::Unknown => None,
    }
}

/// Duties that the facts call up and that are not open yet, and dates that the facts moved. A duty is never closed
/// here: a fact that no longer calls one up leaves it standing until somebody answers for it.
pub(super) fn assess(incident: &Incident, pack: &Pack) -> Vec<Event> {
    let owed = obligation::owed(pack, &facts(incident));
    owed.iter()
        .filter_map(|owed| {
            let rule = pack.obligations.iter().find(|rule| rule.id == owed.rule)?;
            // Standing duties belong to a unit, not to one incident.
            if rule.trigger.on == Moment::Standing {
                return None;
            }
            let due = due_date(owed, &pack.zone);
            match incident.duties.get(&owed.rule) {
                None => Some(Event::DutyOpened(Box::new(duty(rule, pack, due)))),
                Some(state) if state.met.is_none() && state.duty.due != due => {
                    Some(Event::DutyMoved { rule: owed.rule.clone(), due })
                }
                Some(_) => None,
            }
        })
        .collect()
}

fn duty(rule: &ObligationRule, pack: &Pack, due: DueDate) -> Duty {
    let role = pack.roles.iter().find(|role| role.id == rule.actor);
    Duty {
        rule: rule.id.clone(),
        title: cut(&rule.title),
        owed_by: cut(role.map_or(rule.actor.as_str(), |role| role.title.en.as_str())),
        clauses: rule.clauses.clone(),
        due,
    }
}

fn due_date(owed: &Owed, zone: &Zone) -> DueDate {
    let since = owed.start.map(|start| match start {
        Start::At(at) => at,
        Start::Day(day) => zone.start_of_day(day),
    });
    let Some(due) = &owed.due else {
        let arithmetic = cut("Its clock has not started.");
        return DueDate { by: None, day: None, late_after: None, since, arithmetic };
    };
    let arithmetic = cut(due.arithmetic());
    match due.at() {
        DuePoint::At { instant, late_after } => {
            DueDate { by: Some(*instant), day: None, late_after: *late_after, since, arithmetic }
        }
        DuePoint::EndOf { day, .. } => {
            let end = zone.end_of_day(*day);
            DueDate { by: Some(end), day: Some(*day), late_after: Some(end), since, arithmetic }
        }
        DuePoint::Before(_) | DuePoint::With(_) | DuePoint::AfterHold | DuePoint::AgeOnly => {
            DueDate { by: None, day: None, late_after: None, since, arithmetic }
        }
    }
}

/// Text from a pack, made to fit. Packs are checked when compiled, so nothing is cut in practice.
fn cut<const LIMIT: usize>(text: &str) -> Line<LIMIT> {
    let short: String = text.chars().take(LIMIT).collect();
    Line::parse(&short).or_else(|_| Line::parse("–")).unwrap_or_else(|_| Line::dash())
}
