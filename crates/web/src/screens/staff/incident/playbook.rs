//! Playbooks on an incident: starting one, and fitting its steps to this incident without touching the library.

use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::ids::TaskId;
use domain::incident::Command;
use domain::pack::PlaybookId;

use super::{Place, act, again};
use crate::{
    screens::staff::{desk::Staff, sorry::Answer},
    typed::Typed,
};

/// Starts a playbook: its steps become tasks.
pub async fn start(
    State(app): State<App>,
    Path((reference, playbook)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let id = PlaybookId::parse(&playbook).map_err(|_| Trouble::NotFound)?;
    let place = Place { section: "tasks", form: "tasks", field: "tasks", done: "playbook" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::StartPlaybook(id.clone()))).await
}

/// Takes a task out of this incident. Sends `why-{task}`.
pub async fn remove(
    State(app): State<App>,
    Path((reference, task)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let id: TaskId = task.parse().map_err(|_| Trouble::NotFound)?;
    let field = format!("why-{id}");
    let reason = match typed.needed_prose(&field, "Write why this is not needed here.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, &field, typed, vec![wrong]).await,
    };
    let reason: domain::text::Note = reason;
    let place = Place { section: "tasks", form: &field, field: &field, done: "task-removed" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::RemoveTask(id, reason.clone()))).await
}
