//! Looking into an incident in an emergency: to ask for it, and to agree that somebody else does.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::EntryId;
use domain::permission::Action;
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, go, page as shown};
use super::sorry::{Answer, refusal};
use crate::{
    screens::frame::Problem,
    times::{self, Stamp},
    typed::{Typed, problem},
};

/// `/glass`
#[derive(Debug, Template)]
#[template(path = "staff/glass.html")]
pub struct GlassPage {
    /// The desk.
    pub desk: Desk,
    /// Whether this person may ask.
    pub asks: bool,
    /// Requests of others, for those who may agree.
    pub waiting: Option<Vec<Row>>,
    /// What was typed.
    pub typed: Typed,
}

desks!(GlassPage);

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where the answer goes.
    pub action: String,
    /// The incident's reference.
    pub reference: String,
    /// Who asks.
    pub who: String,
    /// When they asked.
    pub at: Stamp,
    /// What for.
    pub reason: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Two statements of the store, and one for each request that waits.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let words = match done.done.as_str() {
        "asked" => {
            "Asked. If there is such an incident and a second person agrees within the hour, it opens for you: look at your home page."
        }
        "agreed" => "Agreed. It is open to them for one hour. Somebody else is told.",
        "refused" => "Not agreed to. It stays closed to them.",
        _ => "",
    };
    let mut page = made(&app, &staff, Typed::default(), Vec::new()).await?;
    page.desk.flash = Flash::says(words).filter(|flash| !flash.words.is_empty());
    Ok(shown(&page))
}

async fn made(app: &App, staff: &Staff, typed: Typed, problems: Vec<Problem>) -> Result<GlassPage, Trouble> {
    let viewer = &staff.who.viewer;
    let asks = app.allow_glass(viewer, Action::BreakGlass).is_ok();
    let waiting = match app.glass_waiting(viewer).await {
        Ok(waiting) => Some(waiting),
        Err(Trouble::NotFound) if asks => None,
        Err(other) => return Err(other),
    };
    let (now, zone) = (staff.now(), staff.zone(app));
    let row = |waiting: app::glass::Waiting| Row {
        action: format!("/glass/{}/{}", waiting.reference, waiting.request),
        who: app.name_of(waiting.by),
        at: times::stamp(waiting.at, now, &zone),
        reason: waiting.reason.to_string(),
        reference: waiting.reference,
    };
    let waiting = waiting.map(|all| all.into_iter().map(row).collect());
    let desk = staff.desk(app, "Look in an emergency").under("/me", "Your page").mend(problems);
    Ok(GlassPage { desk, asks, waiting, typed })
}

/// Asks. Sends `reference` and `reason`. The answer is the same whatever the reference names.
pub async fn ask(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    app.allow_glass(&staff.who.viewer, Action::BreakGlass)?;
    let mut wrong = Vec::new();
    let reference = typed
        .needed_line::<40>("reference", "Write the reference of the incident, such as DMH-2026-0147.")
        .map_err(|e| wrong.push(e))
        .ok();
    let reason = typed.needed_prose("reason", "Write why this cannot wait.").map_err(|e| wrong.push(e)).ok();
    let (Some(reference), Some(reason)) = (reference, reason) else {
        return Ok(shown(&made(&app, &staff, typed, wrong).await?));
    };
    app.ask_glass(&staff.who.viewer, &reference.as_str().trim().to_uppercase(), &reason).await?;
    Ok(go("/glass?done=asked"))
}

/// Agrees, or does not. Sends `answer`: `yes` or `no`.
pub async fn answer(
    State(app): State<App>,
    Path((reference, request)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    app.allow_glass(&staff.who.viewer, Action::AgreeGlass)?;
    let request: EntryId = request.parse().map_err(|_| Trouble::NotFound)?;
    let agreed = typed.get("answer") == "yes";
    match app.answer_glass(&staff.who.viewer, &reference, request, agreed).await {
        Ok(()) => Ok(go(if agreed { "/glass?done=agreed" } else { "/glass?done=refused" })),
        Err(trouble) => {
            let words = refusal(trouble)?;
            let wrong = vec![problem("waiting", &words)];
            Ok(shown(&made(&app, &staff, typed, wrong).await?))
        }
    }
}
