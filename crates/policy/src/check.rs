//! Runs the worked cases of a pack: facts in, duties out, so that a rule cannot change without a person seeing it.

use crate::{
    Problem, Report, Source,
    compile::{Compiled, Desk, ReadCase, civil, compile_with_cases, each_pack, read},
};
use domain::{
    pack::{Answer, DuePoint, FactId, Facts, Known, Owed, Pack, Start, owed},
    time::Instant,
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
    let result: BTreeMap<String, String> =
        owed(pack, &facts).iter().map(|o| (o.rule.to_string(), say(o, pack))).collect();
    let file = case.file;
    for (id, expected) in &case.case.owed {
        match result.get(id.get_ref()) {
            None => {
                let says = format!("{} is not owed on these facts.", id.get_ref());
                differ(
                    desk,
                    file,
                    id.span(),
                    says,
                    "Take the line out, or mend the rule's `on` and `when`.".to_owned(),
                );
            }
            Some(due) if !same(expected.get_ref(), due) => {
                let says = format!("{} is due {due}, not {}.", id.get_ref(), expected.get_ref());
                let help = format!("Write {} = \"{due}\" if the rule is right; otherwise mend the rule.", id.get_ref());
                differ(desk, file, expected.span(), says, help);
            }
            Some(_) => {}
        }
    }
    let listed = |id: &String| case.case.owed.keys().any(|k| k.get_ref() == id);
    for (id, due) in result.iter().filter(|(id, _)| !listed(id)) {
        let says = format!("{id} is owed on these facts and not listed.");
        differ(desk, file, 0..0, says, format!("Add {id} = \"{due}\" under [owed] if the rule is right."));
    }
}

fn differ(desk: &mut Desk, file: usize, place: Range<usize>, says: String, help: String) {
    desk.report(Problem::CaseDiffers, file, place, says, help);
}

fn facts(desk: &mut Desk, pack: &Pack, case: &ReadCase) -> Option<Facts> {
    let mut facts = Facts::default();
    let before = desk.reports.len();
    for (name, given) in &case.case.happened {
        let Some(moment) = read(name.get_ref()) else {
            let says = format!("There is no moment {}.", name.get_ref());
            let help = "Write one such as report-received, officer-told, ticket-opened or incident-opened.";
            desk.report(Problem::UnknownReference, case.file, name.span(), says, help);
            continue;
        };
        match start(given.get_ref(), pack) {
            Some(when) => {
                facts.moments.insert(moment, when);
            }
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

fn start(given: &Value, pack: &Pack) -> Option<Start> {
    let Value::Datetime(Datetime { date: Some(date), time, offset }) = given else { return None };
    let day = civil(*date)?;
    let Some(time) = time else { return Some(Start::Day(day)) };
    if offset.is_some() {
        return given.as_datetime()?.to_string().parse().ok().map(|at| Start::At(Instant::from_timestamp(at)));
    }
    let clock = day.at(i8::try_from(time.hour).ok()?, i8::try_from(time.minute).ok()?, 0, 0);
    let zoned = pack.zone.time_zone().to_ambiguous_zoned(clock).compatible().ok()?;
    Some(Start::At(Instant::from_timestamp(zoned.timestamp())))
}

/// The due moment as cases write it.
fn say(owed: &Owed, pack: &Pack) -> String {
    match owed.due.as_ref().map(|d| d.at()) {
        None => "not started".to_owned(),
        Some(DuePoint::At { instant, .. }) => instant.in_zone(&pack.zone).strftime("%Y-%m-%dT%H:%M").to_string(),
        Some(DuePoint::EndOf { day, .. }) => day.to_string(),
        Some(DuePoint::Before(step)) => format!("before {}", format!("{step:?}").to_lowercase()),
        Some(DuePoint::With(other)) => format!("with {other}"),
        Some(DuePoint::AgeOnly) => "no period".to_owned(),
    }
}

fn same(expected: &str, due: &str) -> bool {
    expected.split_whitespace().eq(due.split_whitespace())
}
