//! People and systems affected, and the policy's questions; whoever changes a fact sees first what it would do.

use app::App;
use axum::extract::{Path, State};
use domain::ids::EntryId;
use domain::incident::{AffectedSystem, Command, Confidence, FactAnswer, FactValue, Incident, PeopleCount};
use domain::pack::{FactId, FactKind, Measure, Pack, StateCode, SystemId};
use domain::text::Line;

use super::foresee::{Change, foresee};
use super::view::names::measure;
use super::{Place, act, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{desk::Staff, sorry::Answer},
    },
    times,
    typed::{Typed, problem, thousands},
};

/// How people write that it is not known where somebody lives.
pub const RESIDENCE_UNKNOWN: &str = "?";

/// A system is affected. Sends `class` and `system`.
pub async fn system(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let description = match typed.needed_line("system", "Write the system’s name, tag or place.") {
        Ok(line) => line,
        Err(wrong) => return again(&app, &staff, &reference, "system", typed, vec![wrong]).await,
    };
    let id: EntryId = app.draw();
    let class = SystemId::parse(typed.get("class")).ok();
    let place = Place { section: "affected", form: "system", field: "system", done: "system" };
    act(&app, &staff, &reference, place, typed, move |_, pack| {
        let class = class.clone().filter(|id| pack.systems.iter().any(|s| s.id == *id));
        Ok(Command::AffectSystem(AffectedSystem { id, class, description: description.clone(), counted: true }))
    })
    .await
}

/// Counts people. Sends `people`, `low`, `high`, `measure`, `confidence`, `residence`, `as-of`, `information`.
pub async fn count(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    match read_count(&app, &staff, &typed) {
        Ok(count) => {
            let place = Place { section: "affected", form: "count", field: "people", done: "counted" };
            let change = Change { path: "count".into(), place, says: said(&count), always: false, seen: None };
            foresee(&app, &staff, &reference, change, typed, move |incident, pack, _| {
                Ok(counting(&count, incident, pack))
            })
            .await
        }
        Err(wrong) => again(&app, &staff, &reference, "count", typed, vec![wrong]).await,
    }
}

fn read_count(app: &App, staff: &Staff, typed: &Typed) -> Result<PeopleCount, Problem> {
    let figure = |field: &str, words: &str| match typed.get(field).replace([',', ' '], "") {
        text if text.is_empty() => Ok(None),
        text => text.parse::<u64>().map(Some).map_err(|_| problem(field, words)),
    };
    let needed = "Write how many people, in figures. An estimate is fine; say so below.";
    let people = figure("people", needed)?.ok_or_else(|| problem("people", needed))?;
    let ends = "Write this end of the range in figures, or leave it empty.";
    let confidence = if typed.get("confidence") == "counted" { Confidence::Counted } else { Confidence::Estimated };
    let measure = match typed.get("measure") {
        "notified" => Measure::Notified,
        "unreachable" => Measure::Unreachable,
        _ => Measure::Affected,
    };
    let as_of = match typed.get("as-of") {
        "" => None,
        text => {
            let day = times::read_day(text, staff.now(), &staff.zone(app));
            Some(day.map_err(|e| problem("as-of", &e.to_string()))?)
        }
    };
    Ok(PeopleCount {
        people,
        confidence,
        residence: residence(typed)?,
        information: typed.prose("information")?,
        measure,
        low: figure("low", ends)?,
        high: figure("high", ends)?,
        as_of,
    })
}

/// Two letters of a state; “?” for people of whom nobody knows where they live; nothing for everybody together.
fn residence(typed: &Typed) -> Result<Option<Line<2>>, Problem> {
    let text = typed.get("residence");
    if text.is_empty() {
        return Ok(None);
    }
    let state = StateCode::try_from(text.to_owned()).map(String::from);
    let code = match state {
        Ok(code) => code,
        Err(_) if text == RESIDENCE_UNKNOWN => text.to_owned(),
        Err(_) => {
            let words = "Write two letters, such as MO; “?” where nobody knows; nothing for all places together.";
            return Err(problem("residence", words));
        }
    };
    Line::parse(&code).map(Some).map_err(|_| problem("residence", "Write two letters, such as MO."))
}

fn said(count: &PeopleCount) -> String {
    let range = match (count.low, count.high) {
        (None, None) => String::new(),
        (low, high) => format!(
            " (between {} and {})",
            low.map_or_else(|| "an unknown low end".to_owned(), thousands),
            high.map_or_else(|| "an unknown high end".to_owned(), thousands)
        ),
    };
    let place = match count.residence.as_ref().map(Line::as_str) {
        None => "in all places together".to_owned(),
        Some(RESIDENCE_UNKNOWN) => "whose residence is not known".to_owned(),
        Some(state) => format!("living in {state}"),
    };
    let sure = if count.confidence == Confidence::Counted { "counted" } else { "estimated" };
    format!("{}: {}{range} {place}, {sure}.", measure(count.measure), thousands(count.people))
}

/// The policy's own question about how many people is the same number: nobody types it twice. A number of one state, or
/// of one mailing, answers nothing about everybody.
fn counting(count: &PeopleCount, incident: &Incident, pack: &Pack) -> Vec<Command> {
    let mut commands = vec![Command::CountPeople(count.clone())];
    if count.measure == Measure::Affected && count.residence.is_none() {
        let answer = FactValue::Count(count.people);
        let same = pack.facts.iter().filter(|f| matches!(&f.kind, FactKind::Count { unit } if unit == "people"));
        let news = same.filter(|f| incident.answers.get(&f.id).map(|(value, _)| *value) != Some(answer));
        let answers: Vec<FactAnswer> = news.map(|f| FactAnswer { fact: f.id.clone(), answer, reason: None }).collect();
        if !answers.is_empty() {
            commands.push(Command::Answer(answers));
        }
    }
    commands
}

/// Answers questions of the policy. Sends `fact.{id}` with `yes`, `no`, `unknown` or a number, and `fact-reason`.
pub async fn facts(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let reason = match typed.prose("fact-reason") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, "facts", typed, vec![wrong]).await,
    };
    let mut answers = Vec::new();
    for (name, value) in typed.fields() {
        let Some(id) = name.strip_prefix("fact.").and_then(|id| FactId::parse(id).ok()) else { continue };
        let answer = match value.trim() {
            "" => continue,
            "yes" => FactValue::Yes,
            "no" => FactValue::No,
            "unknown" => FactValue::Unknown,
            number => match number.replace([',', ' '], "").parse() {
                Ok(number) => FactValue::Count(number),
                Err(_) => {
                    let problems = vec![problem(name, "Write a number in figures, or leave it empty.")];
                    return again(&app, &staff, &reference, "facts", typed, problems).await;
                }
            },
        };
        answers.push(FactAnswer { fact: id, answer, reason: reason.clone() });
    }
    let place = Place { section: "affected", form: "facts", field: "facts", done: "answered" };
    let says = "You are about to answer questions of policy and law.".to_owned();
    let change = Change { path: "facts".into(), place, says, always: false, seen: None };
    foresee(&app, &staff, &reference, change, typed, move |incident, pack, laws| {
        let changed = |a: &&FactAnswer| {
            let known = laws.iter().chain([&pack]).any(|asks| asks.fact(&a.fact).is_some());
            known && incident.answers.get(&a.fact).map(|(value, _)| *value) != Some(a.answer)
        };
        let changed: Vec<FactAnswer> = answers.iter().filter(changed).cloned().collect();
        if changed.is_empty() { Ok(Vec::new()) } else { Ok(vec![Command::Answer(changed)]) }
    })
    .await
}
