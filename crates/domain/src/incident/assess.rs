//! What policy and laws attach to an incident as its facts stand: duties to open, and duties whose date moved.

use super::{ClockRecord, Confidence, DueDate, Duty, Event, FactValue, HoldRecord, Incident, PeopleCount};
use crate::obligation::{self, Assessed, Count, DuePoint, Facts, Happening, Hold, Known, Number, Owed, Residence};
use crate::pack::{Answer, Moment, ObligationRule, Pack, Start, StateCode};
use crate::text::Line;
use crate::time::{Instant, When, Zone};
use jiff::civil::Date;

/// What is known about an incident, in the words of the rules.
pub fn facts(incident: &Incident) -> Facts {
    let answers = incident.answers.iter().map(|(fact, (value, since))| {
        let since = Some(Start::At(*since));
        (fact.clone(), Known { answer: rule_answer(*value), since })
    });
    let moments = incident.moments.iter().filter_map(|(moment, record)| Some((*moment, happening(record)?)));
    let mut facts = Facts { moments: moments.collect(), answers: answers.collect(), ..Facts::default() };
    if let Some(opening) = &incident.opening {
        // What the opening says holds until a clock event says it better.
        let first = Start::At(opening.discovered_at);
        facts.moments.entry(Moment::FirstKnown).or_insert_with(|| first.into());
        if let Some(began) = rule_time(&opening.occurred) {
            facts.moments.entry(Moment::OccurredFrom).or_insert_with(|| began.into());
        }
    }
    facts.counts = incident.counts.iter().map(|(count, at)| counted(count, *at)).collect();
    facts.holds = incident.holds.iter().filter_map(|(hold, lifted)| held(hold, *lifted)).collect();
    facts
}

/// What the governing policy and every law beside it make of the incident as it stands, rule by rule: what is owed, what
/// is not required and by which numbers, and what nobody can say yet. Standing duties belong to a unit and are left out.
pub fn assessed(incident: &Incident, governing: &Pack, laws: &[&Pack]) -> Vec<Assessed> {
    let facts = Facts { zone: Some(governing.zone.clone()), ..facts(incident) };
    let packs: Vec<&Pack> = std::iter::once(governing).chain(laws.iter().copied()).collect();
    let standing = |found: &Assessed| {
        let pack = packs.iter().find(|pack| pack.id == found.pack);
        pack.and_then(|pack| pack.obligation(&found.rule)).is_some_and(|rule| rule.trigger.on == Moment::Standing)
    };
    obligation::assess(&packs, &facts).into_iter().filter(|found| !standing(found)).collect()
}

fn happening(record: &ClockRecord) -> Option<Happening> {
    Some(Happening {
        when: rule_time(&record.when)?,
        actor: record.who.as_ref().map(ToString::to_string),
        evidence: record.evidence.as_ref().map(ToString::to_string),
    })
}

fn counted(count: &PeopleCount, at: Instant) -> Count {
    let state = count.residence.as_ref().map(|place| StateCode::try_from(place.to_string()));
    Count {
        measure: count.measure,
        residence: match state {
            None => Residence::Anywhere,
            Some(Ok(state)) => Residence::In(state),
            Some(Err(_)) => Residence::NotKnown,
        },
        people: Number { low: count.low, estimate: Some(count.people), high: count.high },
        as_of: Some(count.as_of.map_or(Start::At(at), Start::Day)),
        exact: count.confidence == Confidence::Counted,
        evidence: count.information.as_ref().map(ToString::to_string),
    }
}

pub(super) fn held(hold: &HoldRecord, lifted: Option<Date>) -> Option<Hold> {
    Some(Hold {
        regimes: hold.regimes.clone(),
        official: hold.official.to_string(),
        agency: hold.agency.to_string(),
        form: hold.form,
        stated: rule_time(&hold.stated)?,
        until: hold.until,
        lifted,
        evidence: hold.evidence.as_ref().map(ToString::to_string),
    })
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

/// Duties that the facts call up and that are not open yet, and dates that the facts moved, under the governing policy
/// and every law that binds beside it. A duty is never closed here: a fact that no longer calls one up leaves it
/// standing until somebody answers for it.
pub(super) fn assess(incident: &Incident, governing: &Pack, laws: &[&Pack]) -> Vec<Event> {
    let facts = Facts { zone: Some(governing.zone.clone()), ..facts(incident) };
    // A unit that a law leaves out of the policy owes nothing under it; other laws bind it all the same.
    let bound = incident.opening.as_ref().is_none_or(|o| o.voluntary.is_none());
    let packs = std::iter::once(&governing).filter(|_| bound).chain(laws);
    packs.flat_map(|pack| under(incident, pack, pack.id == governing.id, &facts)).collect()
}

fn under(incident: &Incident, pack: &Pack, governs: bool, facts: &Facts) -> Vec<Event> {
    let zone = facts.zone_of(pack);
    let owed = obligation::owed(pack, facts);
    owed.iter()
        .filter_map(|owed| {
            let rule = pack.obligation(&owed.rule)?;
            // Standing duties belong to a unit, not to one incident.
            if rule.trigger.on == Moment::Standing {
                return None;
            }
            let due = due_date(owed, &zone);
            match incident.duties.get(&owed.rule) {
                None => Some(Event::DutyOpened(Box::new(duty(incident, rule, pack, governs, due)))),
                Some(state) if state.met.is_none() && state.duty.due != due => {
                    Some(Event::DutyMoved { rule: owed.rule.clone(), due })
                }
                Some(_) => None,
            }
        })
        .collect()
}

fn duty(incident: &Incident, rule: &ObligationRule, pack: &Pack, governs: bool, due: DueDate) -> Duty {
    // Who got the report in the place of the one whom the policy names first owes what that one would owe.
    let stands_in = incident.opening.as_ref().and_then(|o| o.in_place_of.as_ref());
    let stands_in = stands_in.filter(|(first, to)| governs && rule.actor == *first && rule.also.contains(to));
    let actor = stands_in.map_or(&rule.actor, |(_, to)| to);
    let role = pack.role(actor);
    Duty {
        rule: rule.id.clone(),
        title: cut(&rule.title),
        owed_by: cut(role.map_or(actor.as_str(), |role| role.title.en.as_str())),
        clauses: rule.clauses.clone(),
        due,
        pack: (!governs).then(|| pack.id.clone()),
        blocks: rule.blocks.clone(),
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
    let mut sum = due.arithmetic().to_owned();
    for note in &owed.notes {
        sum.push(' ');
        sum.push_str(note);
    }
    let arithmetic = cut(&sum);
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
