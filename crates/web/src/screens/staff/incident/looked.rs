//! Who looked into an incident, and who must not learn of it.

use app::App;
use askama::Template;
use axum::extract::{Path, State};

use super::view::named;
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

/// The page. Six statements: this page alone also asks who is excluded.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app
        .allow_on_incident(viewer, &reference, domain::permission::Action::Read, domain::actor::Section::Officer)
        .await?;
    app.note_look(&may).await?;
    let zone = staff.zone(&app);
    let looks =
        app.who_looked(&may).await?.into_iter().map(|look| {
            (named(&app, look.by), times::stamp(look.at, staff.now(), &zone), look.copy.unwrap_or_default())
        });
    let looks = looks.collect();
    let tells = domain::permission::decide(
        viewer,
        domain::permission::Action::Exclude,
        may.object().clone(),
        domain::actor::Section::Officer,
    );
    let excluded = match tells {
        Ok(_) => {
            let accounts = app.store().exclusions(row.id.into()).await?;
            Some(accounts.into_iter().map(|id| app.name_of(id)).collect())
        }
        Err(_) => None,
    };
    let address = format!("/incidents/{}", row.reference);
    let desk = staff.desk(&app, format!("Who looked into {}", row.reference)).under(&address, &row.reference);
    Ok(shown(&Looked { desk, reference: row.reference, address, looks, excluded }))
}
