//! Files that people who work on an incident add to its evidence: streamed in, sealed and hashed on the way, never opened.

use app::{App, Trouble};
use axum::extract::{Path, Request, State};
use domain::actor::Section;
use domain::permission::Action;

use super::again;
use crate::{
    intake::{FilePlace, Unread, receive_files},
    screens::staff::{
        desk::{Staff, go},
        sorry::{Answer, refusal},
    },
    typed::{Typed, problem},
    words::Language,
};

/// Adds what was sent. Files that arrived whole are part of the record even when others beside them did not.
pub async fn add(State(app): State<App>, Path(reference): Path<String>, staff: Staff, request: Request) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Work, Section::Evidence).await?;
    let room = app.settings().files_per_report;
    let place = FilePlace { tenant: row.tenant, owner: app.waiting_place(), room };
    let refused = |words: &str| vec![problem("files", words)];
    let posted = match receive_files(&app, request, place).await {
        Ok(posted) => posted,
        Err(Unread::Trouble(trouble)) => return Err(trouble.into()),
        Err(Unread::Unreadable | Unread::TooLarge(_)) => {
            let problems = refused("What was sent could not be read. Choose the files again.");
            return again(&app, &staff, &reference, "files", Typed::default(), problems).await;
        }
    };
    let mut problems: Vec<_> = posted.problems.iter().map(|mend| mend.at("files", Language::English)).collect();
    if posted.files.is_empty() && problems.is_empty() {
        problems = refused("Choose a file first.");
    }
    match app.add_files(&may, &row, &posted.files).await.map_err(refusal) {
        Ok(()) if problems.is_empty() => Ok(go(&format!("/incidents/{}?done=files#documents", row.reference))),
        Ok(()) => again(&app, &staff, &reference, "files", Typed::default(), problems).await,
        Err(Ok(words)) => again(&app, &staff, &reference, "files", Typed::default(), refused(&words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
