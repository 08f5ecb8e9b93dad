//! Runs the worked cases of a pack: facts in, duties out, so that a rule cannot change without a person seeing it.

use crate::assessment::say;
use crate::{
    Problem, Report, Source,
    compile::{Compiled, Desk, ReadCase, civil, compile_with_cases, each_pack, read},
};
use domain::{
    obligation::{Facts, Known, Outcome, assess},
    pack::{Answer, FactId, Pack, Start, Term},
    time::{Instant, Zone},
};
use std::{collections::BTreeMap, ops::Range};
use toml::{Value, value::Datetime};

/// Compiles the one pack among these files and works all its cases.
pub fn check(sources: &[Source]) -> Result<Pack, Vec<Report>> {
    let Compiled { pack, mut desk, cases } = compile_with_cases(sources)?;
    for case in &cases {
        work(&mut desk, &pack, case);
    }
    if desk.reports.is_empty() { Ok(pack) } else { Err(desk.reports) }
}

/// Compiles every pack among these files, works all their cases, and makes sure that no editions overlap.
pub fn check_set(sources: &[Source]) -> Result<Vec<Pack>, Vec<Report>> {
    each_pack(sources, check)
}

fn work(desk: &mut Desk, pack: &Pack, case: &ReadCase) {
    let Some(facts) = facts(desk, pack, case) else { return };
    let zone = facts.zone_of(pack);
    let outcomes: BTreeMap<String, Outcome> =
        assess(&[pack], &facts).into_iter().map(|a| (a.rule.to_string(), a.outcome)).collect();
    let file = case.file;
    let due = |id: &str| match outcomes.get(id) {
        Some(Outcome::Owed(owed)) => Some(say(owed.due.as_ref(), &zone)),
        _ => None,
    };
    for (id, expected) in &case.case.owed {
        match due(id.get_ref()) {
            None => {
                let says = format!("{} is not owed on these facts.", id.get_ref());
                let why = outcomes.get(id.get_ref()).map_or_else(String::new, why);
                let help = format!("Take the line out, or mend the rule's `on` and `when`.{why}");
                differ(desk, file, id.span(), says, help);
            }
            Some(due) if !same(expected.get_ref(), &due) && !joined(pack, id.get_ref(), expected.get_ref()) => {
                let says = format!("{} is due {due}, not {}.", id.get_ref(), expected.get_ref());
                let help = format!("Write {} = \"{due}\" if the rule is right; otherwise mend the rule.", id.get_ref());
                differ(desk, file, expected.span(), says, help);
            }
            Some(_) => {}
        }
    }
    let listed = |id: &String| case.case.owed.keys().any(|k| k.get_ref() == id);
    for id in outcomes.keys().filter(|id| !listed(id)) {
        if let Some(due) = due(id) {
            let says = format!("{id} is owed on these facts and not listed.");
            differ(desk, file, 0..0, says, format!("Add {id} = \"{due}\" under [owed] if the rule is right."));
        }
    }
    let silent = [(&case.case.not_required, true), (&case.case.not_known_yet, false)];
    for (id, expected, required) in silent.into_iter().flat_map(|(list, r)| list.iter().map(move |(i, e)| (i, e, r))) {
        let outcome = outcomes.get(id.get_ref());
        let reasons = match (outcome, required) {
            (Some(Outcome::NotRequired { because }), true) => because.join(" "),
            (Some(Outcome::Off { because }), true) => because.clone(),
            (Some(Outcome::NotKnownYet { needs }), false) => needs.join(" "),
            _ => {
                let kind = if required { "not required" } else { "not known yet" };
                let says = format!("{} is something else than {kind} on these facts.", id.get_ref());
                let help =
                    outcome.map_or_else(|| "The pack has no such duty.".to_owned(), |o| why(o).trim().to_owned());
                differ(desk, file, id.span(), says, help);
                continue;
            }
        };
        if !reasons.contains(expected.get_ref().as_str()) {
            let says = format!("The reason for {} does not say {:?}.", id.get_ref(), expected.get_ref());
            differ(desk, file, expected.span(), says, format!("It says: {reasons}"));
        }
    }
}

/// What the engine says about a rule that is not owed.
fn why(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Owed(_) => " It is owed.".to_owned(),
        Outcome::NotRequired { because } => format!(" Not required: {}", because.join(" ")),
        Outcome::NotKnownYet { needs } => format!(" Not known yet: {}", needs.join("; ")),
        Outcome::NotCalledUp { waits_for } => format!(" Not recorded: {}.", waits_for.says()),
        Outcome::Off { because } => format!(" {because}"),
    }
}

/// A case may write `with O47` for a duty that takes that one's date.
fn joined(pack: &Pack, id: &str, expected: &str) -> bool {
    let rule = pack.obligations.iter().find(|r| r.id.as_str() == id);
    rule.is_some_and(|r| matches!(&r.outer, Term::With(other) if same(expected, &format!("with {other}"))))
}

fn differ(desk: &mut Desk, file: usize, place: Range<usize>, says: String, help: String) {
    desk.report(Problem::CaseDiffers, file, place, says, help);
}

fn facts(desk: &mut Desk, pack: &Pack, case: &ReadCase) -> Option<Facts> {
    let mut facts = Facts::default();
    let before = desk.reports.len();
    match &case.case.zone {
        Some(name) => facts.zone = Zone::named(name.get_ref()).ok(),
        None if pack.zone_of_unit => {
            let help = "Add `zone = \"America/Chicago\"` at the top of the case.";
            let says = "The pack counts days where the unit is, and the case does not say where.";
            desk.report(Problem::Unreadable, case.file, 0..0, says, help);
        }
        None => facts.zone = Some(pack.zone.clone()),
    }
    if let (None, Some(name)) = (&facts.zone, &case.case.zone) {
        let says = format!("There is no time zone {}.", name.get_ref());
        desk.report(Problem::Unreadable, case.file, name.span(), says, "Write an IANA name, such as America/Chicago.");
    }
    let zone = facts.zone.clone().unwrap_or_else(Zone::utc);
    for given in &case.case.count {
        match crate::facts::count(given.get_ref(), &zone) {
            Ok(count) => facts.counts.push(count),
            Err((says, help)) => desk.report(Problem::Unreadable, case.file, given.span(), says, help),
        }
    }
    for given in &case.case.hold {
        match crate::facts::hold(given.get_ref(), std::slice::from_ref(pack), &zone) {
            Ok(hold) => facts.holds.push(hold),
            Err((says, help)) => desk.report(Problem::Unreadable, case.file, given.span(), says, help),
        }
    }
    for (name, given) in &case.case.happened {
        let Some(moment) = read(name.get_ref()) else {
            let says = format!("There is no moment {}.", name.get_ref());
            let help = "Write one such as report-received, officer-told, ticket-opened or incident-opened.";
            desk.report(Problem::UnknownReference, case.file, name.span(), says, help);
            continue;
        };
        match start(given.get_ref(), &zone) {
            Some(when) => facts.record(moment, when.into()),
            None => {
                let help = "Write a day, 2016-07-01, or a time, 2016-07-01T09:30:00 (in the zone of the pack).";
                desk.report(Problem::Unreadable, case.file, given.span(), "This is not a day or a time.", help);
            }
        }
    }
    for (name, given) in &case.case.answers {
        let known = FactId::parse(name.get_ref()).ok().filter(|id| pack.facts.iter().any(|f| f.id == *id));
        let Some(fact) = known else {
            let says = format!("The pack has no fact {}.", name.get_ref());
            let help = "Write the id of a [[fact]] of the pack.";
            desk.report(Problem::UnknownReference, case.file, name.span(), says, help);
            continue;
        };
        match answer(given.get_ref()) {
            Some(answer) => {
                facts.answers.insert(fact, Known { answer, since: None });
            }
            None => {
                let help = "Write \"yes\", \"no\", \"unknown\" or a number.";
                desk.report(Problem::Unreadable, case.file, given.span(), "This is not an answer.", help);
            }
        }
    }
    (desk.reports.len() == before).then_some(facts)
}

fn answer(given: &Value) -> Option<Answer> {
    match given {
        Value::String(text) if text == "yes" => Some(Answer::Yes),
        Value::String(text) if text == "no" => Some(Answer::No),
        Value::String(text) if text == "unknown" => Some(Answer::Unknown),
        Value::Integer(n) => u64::try_from(*n).ok().map(Answer::Count),
        _ => None,
    }
}

fn start(given: &Value, zone: &Zone) -> Option<Start> {
    let Value::Datetime(Datetime { date: Some(date), time, offset }) = given else { return None };
    let day = civil(*date)?;
    let Some(time) = time else { return Some(Start::Day(day)) };
    if offset.is_some() {
        return given.as_datetime()?.to_string().parse().ok().map(|at| Start::At(Instant::from_timestamp(at)));
    }
    let clock = day.at(i8::try_from(time.hour).ok()?, i8::try_from(time.minute).ok()?, 0, 0);
    let zoned = zone.time_zone().to_ambiguous_zoned(clock).compatible().ok()?;
    Some(Start::At(Instant::from_timestamp(zoned.timestamp())))
}

fn same(expected: &str, due: &str) -> bool {
    expected.split_whitespace().eq(due.split_whitespace())
}
