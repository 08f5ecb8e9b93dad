//! Acts on an incident: answering for a duty, tasks, describing it, deciding a question.

use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::ids::{EntryId, TaskId};
use domain::incident::{Command, Decision, Description, DutyMet, Proof, Stage, Task};
use domain::pack::{CategoryId, ClauseId, ObligationId};
use domain::text::Line;
use domain::time::{Instant, When};

use super::foresee::{Change, foresee};
use super::view::names::{SEVERITIES, STAGES};
use super::{Place, act, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{desk::Staff, sorry::Answer},
    },
    times,
    typed::{Typed, problem},
};

const NO_CLAUSE: &str = "The policy has no such clause. Copy its id from a duty, or leave this empty.";

/// A typed moment; the present one when nothing was typed.
pub fn moment(app: &App, staff: &Staff, typed: &Typed, field: &str) -> Result<Instant, Problem> {
    let text = typed.get(field);
    if text.is_empty() {
        return Ok(staff.now());
    }
    let zone = staff.zone(app);
    match times::read(text, staff.now(), &zone).map_err(|e| problem(field, &e.to_string()))? {
        When::Exact { at } | When::About { at } => Ok(at),
        When::Day { on } => Ok(zone.end_of_day(on).min(staff.now())),
        When::Unknown => Err(problem(field, "Write when, as well as you know: “yesterday 3pm” will do.")),
    }
}

/// Answers for a duty. Sends `how`, `at`, `words`.
pub async fn meet_duty(
    State(app): State<App>,
    Path((reference, rule)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let rule = ObligationId::parse(&rule).map_err(|_| Trouble::NotFound)?;
    let (form, words, at) = (format!("duty-{rule}"), format!("words-{rule}"), format!("at-{rule}"));
    let read = || -> Result<DutyMet, Problem> {
        let by = match typed.get("how") {
            "called" => Proof::Called,
            "not-applicable" => Proof::NotApplicable,
            _ => Proof::Recorded,
        };
        let missing = match by {
            Proof::NotApplicable => "Write why this does not apply.",
            _ => "Write what was done: a ticket number, whom you spoke to.",
        };
        let note = typed.needed_prose(&words, missing)?;
        Ok(DutyMet { rule: rule.clone(), by, at: moment(&app, &staff, &typed, &at)?, words: Some(note) })
    };
    match read() {
        Ok(met) => {
            let place = Place { section: "duties", form: &form, field: &words, done: "met" };
            act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::MeetDuty(met.clone()))).await
        }
        Err(wrong) => again(&app, &staff, &reference, &form, typed, vec![wrong]).await,
    }
}

/// Sets a task. Sends `task`, `stage`, `owner`, `task-due`, `task-clause`.
pub async fn set_task(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let read = || -> Result<Task, Problem> {
        let title = typed.needed_line("task", "Write what is to be done.")?;
        let stage = STAGES.iter().find(|(_, name, _)| *name == typed.get("stage"));
        let due = match typed.get("task-due") {
            "" => None,
            text => {
                // A task lies ahead: a day without a year that has just passed is next year's.
                let zone = staff.zone(&app);
                Some(times::read_day(text, staff.now(), &zone).map_err(|e| problem("task-due", &e.to_string()))?)
            }
        };
        let id: TaskId = app.draw();
        let owner = typed.get("owner").parse().ok();
        let stage = stage.map_or(Stage::Investigate, |(stage, ..)| *stage);
        let clauses = match typed.get("task-clause") {
            "" => Vec::new(),
            id => vec![ClauseId::parse(id).map_err(|_| problem("task-clause", NO_CLAUSE))?],
        };
        Ok(Task { id, title, stage, owner, due, clauses })
    };
    match read() {
        Ok(task) => {
            let field = if task.clauses.is_empty() { "task" } else { "task-clause" };
            let place = Place { section: "tasks", form: "task", field, done: "task" };
            act(&app, &staff, &reference, place, typed, move |_, pack| {
                if task.clauses.iter().any(|id| pack.clause(id).is_none()) {
                    return Err(Trouble::Refused(NO_CLAUSE.to_owned()));
                }
                Ok(Command::SetTask(task.clone()))
            })
            .await
        }
        Err(wrong) => again(&app, &staff, &reference, "task", typed, vec![wrong]).await,
    }
}

/// A task is done. Sends `came-of-it`.
pub async fn finish_task(
    State(app): State<App>,
    Path((reference, task)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let task: TaskId = task.parse().map_err(|_| Trouble::NotFound)?;
    let note = match typed.prose("came-of-it") {
        Ok(note) => note,
        Err(wrong) => return again(&app, &staff, &reference, "tasks", typed, vec![wrong]).await,
    };
    let place = Place { section: "tasks", form: "tasks", field: "tasks", done: "task-done" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::FinishTask(task, note.clone()))).await
}

/// A task is not done after all.
pub async fn reopen_task(
    State(app): State<App>,
    Path((reference, task)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let task: TaskId = task.parse().map_err(|_| Trouble::NotFound)?;
    let place = Place { section: "tasks", form: "tasks", field: "tasks", done: "task-open" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::ReopenTask(task))).await
}

/// Changes what describes it. Sends `title`, `severity`, `category` (several), `occurred`, `discovered`, `reason`, `seen`.
pub async fn describe(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let read = || -> Result<Description, Problem> {
        let zone = staff.zone(&app);
        let severity = SEVERITIES.iter().find(|(_, name, ..)| *name == typed.get("severity")).map(|(value, ..)| *value);
        let occurred = match typed.get("occurred") {
            "" => None,
            text => Some(times::read(text, staff.now(), &zone).map_err(|e| problem("occurred", &e.to_string()))?),
        };
        let discovered_at = match typed.get("discovered") {
            "" => None,
            _ => Some(moment(&app, &staff, &typed, "discovered")?),
        };
        let categories = typed
            .raw("has-categories")
            .map(|_| typed.all("category").filter_map(|id| CategoryId::parse(id).ok()).collect());
        Ok(Description {
            title: typed.line("title")?,
            categories,
            severity,
            occurred,
            discovered_at,
            reason: Some(
                typed.needed_prose("reason", "Write why you are changing this: the record keeps the reason.")?,
            ),
        })
    };
    match read() {
        Ok(description) => {
            let place = Place { section: "describe", form: "describe", field: "reason", done: "described" };
            let says = "You are about to change what describes this incident.".to_owned();
            let seen = typed.get("seen").parse().ok();
            let change = Change { path: "describe".into(), place, says, always: false, seen };
            foresee(&app, &staff, &reference, change, typed, move |incident, pack, _| {
                Ok(vec![Command::Describe(only_changes(&description, incident, pack))])
            })
            .await
        }
        Err(wrong) => again(&app, &staff, &reference, "describe", typed, vec![wrong]).await,
    }
}

/// Leaves out what is as it was, so that the record shows what changed and nothing else.
fn only_changes(new: &Description, incident: &domain::incident::Incident, pack: &domain::pack::Pack) -> Description {
    let Some(old) = &incident.opening else { return new.clone() };
    let known = |ids: Vec<CategoryId>| ids.into_iter().filter(|id| pack.category(id).is_some()).collect::<Vec<_>>();
    Description {
        title: new.title.clone().filter(|t| *t != old.title),
        categories: new.categories.clone().map(known).filter(|c| *c != old.categories),
        severity: new.severity.filter(|s| incident.severity != Some(*s)),
        occurred: new.occurred.clone().filter(|o| *o != old.occurred),
        discovered_at: new.discovered_at.filter(|d| d.seconds_since(old.discovered_at) / 60 != 0),
        reason: new.reason.clone(),
    }
}

/// Decides a question. Sends `asked` or `question`, `outcome`, `decision-reason`.
pub async fn decide_question(
    State(app): State<App>,
    Path(reference): Path<String>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let own = match typed.line::<300>("question") {
        Ok(own) => own,
        Err(wrong) => return again(&app, &staff, &reference, "decide", typed, vec![wrong]).await,
    };
    let asked = typed.get("asked").to_owned();
    let rest = || -> Result<_, Problem> {
        if asked.is_empty() && own.is_none() {
            return Err(problem("question", "Choose a question of the policy, or write your own."));
        }
        let outcome: Line<300> = typed.needed_line("outcome", "Write what was decided.")?;
        Ok((outcome, typed.needed_prose("decision-reason", "Write why: a decision stands on its reasons.")?))
    };
    let (outcome, reason) = match rest() {
        Ok(rest) => rest,
        Err(wrong) => return again(&app, &staff, &reference, "decide", typed, vec![wrong]).await,
    };
    let id: EntryId = app.draw();
    let place = Place { section: "decisions", form: "decide", field: "outcome", done: "decided" };
    act(&app, &staff, &reference, place, typed, move |incident, pack| {
        let of_pack = pack.decisions.iter().find(|d| d.id.as_str() == asked);
        let question = match (of_pack, &own) {
            (Some(decision), _) => {
                let short: String = decision.asks.chars().take(300).collect();
                Line::parse(&short).map_err(|e| Trouble::fault("reading a question of the policy", e))?
            }
            (None, Some(own)) => own.clone(),
            (None, None) => return Err(Trouble::Refused("Choose the question that was decided.".into())),
        };
        let asked = of_pack.map(|d| d.id.clone());
        let earlier = incident.decisions.iter().rev().find(|d| d.what.question == question);
        Ok(Command::Decide(Box::new(Decision {
            id,
            supersedes: earlier.map(|d| d.what.id),
            asked,
            question,
            outcome: outcome.clone(),
            reason: reason.clone(),
        })))
    })
    .await
}
