//! Who works on an incident, and who must not learn of it.

use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::ids::AccountId;
use domain::incident::{Command, Participant};
use domain::permission::Action;

use super::{Place, act, again};
use crate::{
    screens::staff::{
        desk::{Staff, go},
        sorry::{Answer, refusal},
    },
    times,
    typed::{Typed, problem},
};

/// An active colleague of the same agency.
fn colleague(app: &App, staff: &Staff, typed: &Typed, field: &str) -> Option<AccountId> {
    let id: AccountId = typed.get(field).parse().ok()?;
    let directory = app.directory();
    let person = directory.person(id)?;
    (person.active && person.tenant == staff.who.viewer.tenant).then_some(id)
}

/// Gives the lead to somebody else. Sends `to` and `lead-note`.
pub async fn give_lead(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let Some(to) = colleague(&app, &staff, &typed, "to") else {
        let problems = vec![problem("to", "Choose who leads this from now on.")];
        return again(&app, &staff, &reference, "lead", typed, problems).await;
    };
    let note = match typed.prose("lead-note") {
        Ok(note) => note,
        Err(wrong) => return again(&app, &staff, &reference, "lead", typed, vec![wrong]).await,
    };
    let place = Place { section: "case", form: "lead", field: "to", done: "lead" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::GiveLead(to, note.clone()))).await
}

/// Keeps somebody from learning of it. Sends `person`.
pub async fn exclude(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Exclude, Section::Officer).await?;
    let Some(person) = colleague(&app, &staff, &typed, "person") else {
        let problems = vec![problem("person", "Choose who must not learn of this incident.")];
        return again(&app, &staff, &reference, "exclude", typed, problems).await;
    };
    if person == viewer.account {
        let problems =
            vec![problem("person", "That is you. Hand the incident over first; your successor excludes you.")];
        return again(&app, &staff, &reference, "exclude", typed, problems).await;
    }
    match app.exclude(&may, &row, person).await {
        Ok(()) => Ok(go(&format!("/incidents/{}?done=excluded#case", row.reference))),
        Err(trouble) => match refusal(trouble) {
            Ok(words) => again(&app, &staff, &reference, "exclude", typed, vec![problem("person", &words)]).await,
            Err(other) => Err(Trouble::into(other)),
        },
    }
}

/// Lets a colleague take part who has no role here. Sends `participant`, `part-reason` and `part-until`.
pub async fn add_participant(
    State(app): State<App>,
    Path(reference): Path<String>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Exclude, Section::Officer).await?;
    let mut wrong = Vec::new();
    let account = colleague(&app, &staff, &typed, "participant");
    if account.is_none() {
        wrong.push(problem("participant", "Choose who takes part."));
    }
    let reason = typed.needed_prose("part-reason", "Write what they take part for.").map_err(|e| wrong.push(e)).ok();
    let until = match typed.get("part-until") {
        "" => None,
        text => times::read_day(text, staff.now(), &staff.zone(&app))
            .map_err(|e| wrong.push(problem("part-until", &e.to_string())))
            .ok(),
    };
    let (Some(account), Some(reason), true) = (account, reason, wrong.is_empty()) else {
        return again(&app, &staff, &reference, "participant", typed, wrong).await;
    };
    match app.add_participant(&may, &row, &Participant { account, reason, until }).await {
        Ok(()) => Ok(go(&format!("/incidents/{}?done=part-given#people", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "participant", typed, vec![problem("participant", &words)]).await
        }
    }
}

/// Ends somebody's part. Sends `end-reason`.
pub async fn remove_participant(
    State(app): State<App>,
    Path((reference, person)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Exclude, Section::Officer).await?;
    let account: AccountId = person.parse().map_err(|_| Trouble::NotFound)?;
    let form = format!("end-{account}");
    let reason = match typed.needed_prose("end-reason", "Write why their part ends.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, &form, typed, vec![wrong]).await,
    };
    match app.remove_participant(&may, &row, account, &reason).await {
        Ok(()) => Ok(go(&format!("/incidents/{}?done=part-ended#people", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, &form, typed, vec![problem("end-reason", &words)]).await
        }
    }
}
