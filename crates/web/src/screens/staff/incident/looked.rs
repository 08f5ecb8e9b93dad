//! Who looked into an incident, and who must not learn of it.

use app::App;
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::permission::{Action, decide};

use super::view::names::named;
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// `/incidents/{reference}/access`
#[derive(Debug, Template)]
#[template(path = "staff/looked.html")]
pub struct Looked {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// Its page.
    pub address: String,
    /// Newest first: who, when, and what was taken out.
    pub looks: Vec<(String, Stamp, String)>,
    /// People who must not learn of it, for those who may say so.
    pub excluded: Option<Vec<String>>,
}

desks!(Looked);

/// The page. Five statements of the store at most: session, row, who is excluded, the looks, and this look.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row, kept_from) =
        app.allow_on_incident_and_excluded(viewer, &reference, Action::Read, Section::Officer).await?;
    let zone = staff.zone(&app);
    let looks =
        app.who_looked(&may).await?.into_iter().map(|look| {
            (named(&app, look.by), times::stamp(look.at, staff.now(), &zone), look.copy.unwrap_or_default())
        });
    let looks = looks.collect();
    let tells = decide(viewer, Action::Exclude, may.object().clone(), Section::Officer).is_ok();
    let excluded = tells.then(|| kept_from.into_iter().map(|id| app.name_of(id)).collect());
    let address = format!("/incidents/{}", row.reference);
    let desk = staff.desk(&app, format!("Who looked into {}", row.reference)).under(&address, &row.reference);
    Ok(shown(&Looked { desk, reference: row.reference, address, looks, excluded }))
}
