//! People and systems affected, and the policy's questions; whoever changes a fact sees first which duties would start.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::{Actor, Section};
use domain::ids::EntryId;
use domain::incident::{
    AffectedSystem, Command, Confidence, Event, FactAnswer, FactValue, Given, Incident, PeopleCount, decide,
};
use domain::pack::{FactId, FactKind, Measure, Pack, SystemId};
use domain::permission::Action;

use super::{Case, Place, act, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Staff, desks, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// What a change of facts would start, before it is made. Works without script.
#[derive(Debug, Template)]
#[template(path = "staff/confirm_facts.html")]
pub struct Confirm {
    /// The desk.
    pub desk: Desk,
    /// Where the form goes.
    pub action: String,
    /// The way back.
    pub back: String,
    /// Duties that would start: title, and when due.
    pub starts: Vec<(String, String)>,
    /// Duties whose date would move: title, and when due.
    pub moves: Vec<(String, String)>,
    /// The fields to send again.
    pub kept: Vec<(String, String)>,
}

desks!(Confirm);

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

/// Counts people. Sends `people`, `confidence`, `residence`, `information`.
pub async fn count(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let read = || -> Result<PeopleCount, Problem> {
        let people =
            typed.get("people").replace([',', ' '], "").parse().map_err(|_| {
                problem("people", "Write how many people, in figures. An estimate is fine; say so below.")
            })?;
        let confidence = if typed.get("confidence") == "counted" { Confidence::Counted } else { Confidence::Estimated };
        Ok(PeopleCount {
            people,
            confidence,
            residence: typed.line("residence")?,
            information: typed.prose("information")?,
            measure: Measure::Affected,
            low: None,
            high: None,
            as_of: None,
        })
    };
    match read() {
        Ok(count) => {
            foresee(app, staff, reference, "count", typed, move |incident, pack, _| {
                // The policy's own question about how many people is the same number: nobody types it twice.
                let same =
                    pack.facts.iter().filter(|f| matches!(&f.kind, FactKind::Count { unit } if unit == "people"));
                let answers = same.map(|f| FactAnswer {
                    fact: f.id.clone(),
                    answer: FactValue::Count(count.people),
                    reason: None,
                });
                let _ = incident;
                (vec![Command::CountPeople(count.clone())], answers.collect())
            })
            .await
        }
        Err(wrong) => again(&app, &staff, &reference, "count", typed, vec![wrong]).await,
    }
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
    foresee(app, staff, reference, "facts", typed, move |incident, pack, laws| {
        let changed = |a: &FactAnswer| {
            let known = laws.iter().chain([&pack]).any(|asks| asks.fact(&a.fact).is_some());
            known && incident.answers.get(&a.fact).map(|(value, _)| *value) != Some(a.answer)
        };
        (Vec::new(), answers.iter().filter(|a| changed(a)).cloned().collect())
    })
    .await
}

/// Makes the change, after showing what it would start unless that was seen already.
async fn foresee(
    app: App,
    staff: Staff,
    reference: String,
    form: &str,
    typed: Typed,
    plan: impl Fn(&Incident, &Pack, &[&Pack]) -> (Vec<Command>, Vec<FactAnswer>) + Send + Sync,
) -> Answer {
    let field = if form == "count" { "people" } else { "facts" };
    if typed.get("confirmed").is_empty() {
        let case = Case::find(&app, &staff, &reference).await?;
        case.allow(&staff, Action::Work, Section::Officer)?;
        let pack = app.pack_of_incident(&case.incident)?;
        let laws = app.laws_of_incident(&case.incident);
        let (commands, answers) = plan(&case.incident, pack, &laws);
        let mut after = case.incident.clone();
        let given = Given { actor: Actor::Account(staff.who.viewer.account), now: staff.now(), pack, laws: &laws };
        let mut events = Vec::new();
        for command in commands.into_iter().chain([Command::Answer(answers)]) {
            let decided = match decide(&after, command, given) {
                Ok(decided) => decided,
                Err(no) => {
                    let words = refusal(Trouble::Incident(no))?;
                    return again(&app, &staff, &reference, form, typed, vec![problem(field, &words)]).await;
                }
            };
            for event in &decided {
                after.apply(event, given.actor, given.now);
            }
            events.extend(decided);
        }
        let (starts, moves) = duties_in(&events, &after, &staff, &app);
        if !starts.is_empty() || !moves.is_empty() {
            let address = format!("/incidents/{}", case.row.reference);
            let desk = staff.desk(&app, "What this would start").under(&address, &case.row.reference);
            let kept = typed.fields().to_vec();
            let action = format!("{address}/{form}");
            return Ok(shown(&Confirm { desk, action, back: address, starts, moves, kept }));
        }
    }
    let done = if form == "count" { "counted" } else { "answered" };
    let place = Place { section: "affected", form, field, done };
    let second = typed.clone();
    let law = &app;
    let first = act(&app, &staff, &reference, place, typed, |incident, pack| {
        let (mut commands, answers) = plan(incident, pack, &law.laws_of_incident(incident));
        Ok(commands.pop().unwrap_or(Command::Answer(answers)))
    })
    .await?;
    if form != "count" || first.status() != axum::http::StatusCode::SEE_OTHER {
        return Ok(first);
    }
    act(&app, &staff, &reference, place, second, |incident, pack| {
        Ok(Command::Answer(plan(incident, pack, &law.laws_of_incident(incident)).1))
    })
    .await
}

type Lines = Vec<(String, String)>;

fn duties_in(events: &[Event], after: &Incident, staff: &Staff, app: &App) -> (Lines, Lines) {
    let zone = staff.zone(app);
    let due = |due: &domain::incident::DueDate| match (due.day, due.by) {
        (Some(day), _) => format!("by {}", times::day(day)),
        (None, Some(by)) if by <= staff.now() => "due now".to_owned(),
        (None, Some(by)) => format!("by {}", times::short(by, staff.now(), &zone).words),
        (None, None) => "no fixed date".to_owned(),
    };
    let (mut starts, mut moves) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::DutyOpened(duty) => starts.push((duty.title.to_string(), due(&duty.due))),
            Event::DutyMoved { rule, due: new } => {
                let title = after.duties.get(rule).map(|d| d.duty.title.to_string()).unwrap_or_default();
                moves.push((title, due(new)));
            }
            _ => {}
        }
    }
    (starts, moves)
}
