//! What an officer decides about a report, each decision one post: accept, add, ask, set aside, hand over, undo.

use app::{App, ReportRow, Trouble};
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::ids::AccountId;
use domain::incident::{FactAnswer, FactValue};
use domain::pack::NoIncidentId;
use domain::pack::QuestionId;
use domain::permission::{Action, Allowed};
use domain::report::{SetAside, SetAsideReason};

use super::desk::{Staff, go};
use super::report::again;
use super::sorry::{Answer, refusal};
use crate::typed::{Typed, problem};

async fn allowed(app: &App, staff: &Staff, reference: &str) -> Result<(Allowed, ReportRow), Trouble> {
    app.allow_on_report(&staff.who.viewer, reference, Action::Triage, Section::Report).await
}

/// Accepts: a new incident, and its duties start. Sends `overrule`, where the policy's definition says otherwise.
pub async fn accept(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let why = match typed.prose("overrule") {
        Ok(why) => why,
        Err(wrong) => return again(&app, &staff, &reference, "accept", typed, vec![wrong]).await,
    };
    match app.accept_because(&may, &row, why).await {
        Ok(accepted) => Ok(go(&format!("/incidents/{}?done=accepted&of={}", accepted.reference, row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "accept", typed, vec![problem("overrule", &words)]).await
        }
    }
}

/// Adds to an incident that exists. Sends `incident`.
pub async fn add(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let viewer = &staff.who.viewer;
    let wanted = typed.get("incident").to_uppercase();
    if wanted.is_empty() {
        let problems = vec![problem("incident", "Write the incident’s reference, such as DMH-2026-0147.")];
        return again(&app, &staff, &reference, "add", typed, problems).await;
    }
    let (on_incident, incident) = match app.allow_on_incident(viewer, &wanted, Action::Work, Section::Officer).await {
        Ok(found) => found,
        Err(Trouble::NotFound) => {
            let words = format!("There is no incident {wanted} that you can add to. Check the reference.");
            return again(&app, &staff, &reference, "add", typed, vec![problem("incident", &words)]).await;
        }
        Err(other) => return Err(other.into()),
    };
    match app.add_to(&may, &row, &on_incident, &incident).await {
        Ok(()) => Ok(go(&format!("/incidents/{}?done=added&of={}", incident.reference, row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "add", typed, vec![problem("incident", &words)]).await
        }
    }
}

/// Asks the person who reported. Sends `question`.
pub async fn ask(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let words = match typed.needed_prose("question", "Write the question you want to ask.") {
        Ok(words) => words,
        Err(wrong) => return again(&app, &staff, &reference, "ask", typed, vec![wrong]).await,
    };
    match app.ask_reporter(&may, &row, words).await {
        Ok(()) => Ok(go(&format!("/inbox/{}?done=asked", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "ask", typed, vec![problem("question", &words)]).await
        }
    }
}

/// Not an incident. Sends `reason` (a reason of the policy’s own as `policy.{id}`) and `note`.
pub async fn set_aside(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    // A reason of the policy's own stands for something that was looked at and is as it should be.
    let rule = typed.get("reason").strip_prefix("policy.").and_then(|id| NoIncidentId::parse(id).ok());
    let reason = match &rule {
        Some(_) => Some(SetAsideReason::Harmless),
        None => SetAsideReason::ALL.into_iter().find(|r| r.name() == typed.get("reason")),
    };
    let note = typed.prose("note");
    let (reason, note) = match (reason, note) {
        (Some(reason), Ok(note)) => (reason, note),
        (None, _) => {
            let problems = vec![problem("reason", "Choose why this is not an incident.")];
            return again(&app, &staff, &reference, "set-aside", typed, problems).await;
        }
        (_, Err(wrong)) => return again(&app, &staff, &reference, "set-aside", typed, vec![wrong]).await,
    };
    let why = SetAside { reason, note, rule, confirmed_as: None };
    match app.set_aside(&staff.who.viewer, &may, &row, why).await {
        Ok(()) => Ok(go(&format!("/inbox?done=set-aside&of={}", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "set-aside", typed, vec![problem("note", &words)]).await
        }
    }
}

/// Records what was found, where the policy wants that before a report is set aside. Sends `finding`.
pub async fn finding(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let words = match typed.needed_prose("finding", "Write what was found.") {
        Ok(words) => words,
        Err(wrong) => return again(&app, &staff, &reference, "finding", typed, vec![wrong]).await,
    };
    match app.record_finding(&staff.who.viewer, &may, &row, words).await {
        Ok(()) => Ok(go(&format!("/inbox/{}?done=found", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "finding", typed, vec![problem("finding", &words)]).await
        }
    }
}

/// It is not about somebody whose name may stand in it. Sends `person` and `let-in-{person}`.
pub async fn let_in(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let person: AccountId = typed.get("person").parse().map_err(|_| Trouble::NotFound)?;
    let field = format!("let-in-{person}");
    let reason = match typed.needed_prose(&field, "Write how you know that it is not about them.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, "kept", typed, vec![wrong]).await,
    };
    match app.let_in(&may, &row, person, reason).await {
        Ok(()) => Ok(go(&format!("/inbox/{}?done=let-in", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "kept", typed, vec![problem(&field, &words)]).await
        }
    }
}

/// Hands over to another unit. Sends `unit` and `note`.
pub async fn hand_over(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let unit = typed.get("unit").parse();
    let note = typed.prose("hand-note");
    let (unit, note) = match (unit, note) {
        (Ok(unit), Ok(note)) => (unit, note),
        (Err(_), _) => {
            let problems = vec![problem("unit", "Choose who should handle this report.")];
            return again(&app, &staff, &reference, "hand-over", typed, problems).await;
        }
        (_, Err(wrong)) => return again(&app, &staff, &reference, "hand-over", typed, vec![wrong]).await,
    };
    match app.hand_to(&may, &row, unit, note).await {
        Ok(()) => Ok(go(&format!("/inbox?done=handed&of={}", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "hand-over", typed, vec![problem("unit", &words)]).await
        }
    }
}

/// Tests it by the policy's definition of an incident. Sends `fact.{id}` with `yes`, `no` or `unknown`.
pub async fn weigh(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let pack = app.pack_for_report(row.unit, row.received_at)?;
    let asks = pack.definition.iter().flat_map(|definition| &definition.asks);
    let answers = asks.filter_map(|fact| {
        let answer = match typed.get(&format!("fact.{fact}")) {
            "yes" => FactValue::Yes,
            "no" => FactValue::No,
            "unknown" => FactValue::Unknown,
            _ => return None,
        };
        Some(FactAnswer { fact: fact.clone(), answer, reason: None })
    });
    match app.weigh(&may, &row, answers.collect()).await {
        Ok(()) => Ok(go(&format!("/inbox/{}?done=weighed#decide", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "weigh", typed, vec![problem("weigh", &words)]).await
        }
    }
}

/// Corrects what the report says, beside the first words. Sends `correction`.
pub async fn correct(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    let words = match typed.needed_prose("correction", "Write what is right, as it was told to you.") {
        Ok(words) => words,
        Err(wrong) => return again(&app, &staff, &reference, "correct", typed, vec![wrong]).await,
    };
    let about = QuestionId::parse("words").map_err(|_| Trouble::NotFound)?;
    match app.correct_report(&may, &row, words, about).await {
        Ok(()) => Ok(go(&format!("/inbox/{}?done=corrected", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "correct", typed, vec![problem("correction", &words)]).await
        }
    }
}

/// Takes back the last decision.
pub async fn undo(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (may, row) = allowed(&app, &staff, &reference).await?;
    match app.undo_decision(&may, &row).await {
        Ok(()) => Ok(go(&format!("/inbox?done=undone&of={0}&open={0}", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "undo", typed, vec![problem("standing", &words)]).await
        }
    }
}
