//! For administrators: what stops disposal, without anything of the cases, and lifting a hold with a written reason.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::ids::EntryId;
use domain::incident::Command;
use domain::permission::Action;
use domain::text::Note;
use serde::Deserialize;

use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::{actor, unit_name},
            sorry::{Answer, refusal},
        },
    },
    times::{self, Stamp},
    typed::{Typed, problem},
};

/// `/records/holds`
#[derive(Debug, Template)]
#[template(path = "staff/holds.html")]
pub struct Holds {
    /// The desk.
    pub desk: Desk,
    /// What stops disposal.
    pub rows: Vec<Row>,
    /// What was typed.
    pub typed: Typed,
}

desks!(Holds);

/// A hold or an open matter.
#[derive(Debug, Clone)]
pub struct Row {
    /// The record.
    pub reference: String,
    /// Its unit.
    pub unit: String,
    /// “Legal hold”
    pub what: &'static str,
    /// Where lifting goes.
    pub lift: String,
    /// Whether it can be lifted here.
    pub liftable: bool,
    /// The field of its reason.
    pub field: String,
    /// Who placed it.
    pub by: String,
    /// When.
    pub at: Stamp,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Three statements of the store: session, list, streams.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff, Typed::default()).await?;
    page.desk.flash = match done.done.as_str() {
        "lifted" => Flash::says("Lifted. Your reason is on record with the incident."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, typed: Typed) -> Result<Holds, Trouble> {
    let viewer = &staff.who.viewer;
    let (now, zone) = (staff.now(), staff.zone(app));
    let held = app.held_records(viewer).await?;
    let rows = held.into_iter().map(|held| Row {
        unit: unit_name(app, held.unit),
        what: if held.hold { "Legal hold" } else { "Open legal matter" },
        lift: format!("/records/holds/{}/{}/lift", held.reference, held.id),
        liftable: held.liftable,
        field: format!("reason-{}", held.id),
        by: actor(app, held.by),
        at: times::short(held.at, now, &zone),
        reference: held.reference,
    });
    Ok(Holds { desk: staff.desk(app, "Holds on records"), rows: rows.collect(), typed })
}

async fn again(app: &App, staff: &Staff, typed: Typed, wrong: Problem) -> Answer {
    let mut page = view(app, staff, typed).await?;
    page.desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&page))
}

/// Lifts a hold, or lets an open matter hold the record no longer. Sends `reason-{id}`.
pub async fn lift(
    State(app): State<App>,
    Path((reference, hold)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::LiftHold, Section::Officer).await?;
    let id: EntryId = hold.parse().map_err(|_| Trouble::NotFound)?;
    let field = format!("reason-{id}");
    let reason: Note = match typed.needed_prose(&field, "Write why it is lifted: the reason stays on record.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, typed, wrong).await,
    };
    match app.act(&may, &row, None, |_, _| Ok(Command::LiftLegalHold(id, reason.clone()))).await {
        Ok(_) => Ok(go("/records/holds?done=lifted")),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, typed, problem(&field, &words)).await
        }
    }
}
