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
    /// Who asked to look in an emergency: who, when, what for, and what came of it.
    pub glass: Vec<(String, Stamp, String, String)>,
}

desks!(Looked);

/// The page. Five statements of the store: session, row, who is excluded, the looks, and the incident; one more for the
/// first look of an hour.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row, kept_from) =
        app.allow_on_incident_and_excluded(viewer, &reference, Action::Read, Section::Officer).await?;
    let zone = staff.zone(&app);
    // What a file is called is evidence: that one was taken is for everybody who reads this page.
    let sees = decide(viewer, Action::Read, may.object().clone(), Section::Evidence).is_ok();
    let copied = |copy: Option<String>| copy.map(|of| if sees { of } else { "A copy".to_owned() }).unwrap_or_default();
    let looks = app
        .who_looked(&may)
        .await?
        .into_iter()
        .map(|look| (named(&app, look.by), times::stamp(look.at, staff.now(), &zone), copied(look.copy)));
    let looks = looks.collect();
    let incident = app.read_incident(viewer, &may, &row).await?;
    let glass = incident.glass.iter().map(|glass| {
        let asked = &glass.asked;
        let at = times::stamp(asked.at, staff.now(), &zone);
        let came = match &glass.answered {
            None if glass.waits(staff.now()) => "Waits for a second person".to_owned(),
            None => "Nobody answered within the hour".to_owned(),
            Some(answer) => match answer.what {
                None => format!("Not agreed to by {}", named(&app, answer.by)),
                Some(until) => {
                    let until = times::stamp(until, staff.now(), &zone).words;
                    format!("{} agreed; open until {until}", named(&app, answer.by))
                }
            },
        };
        (app.name_of(asked.what.account), at, asked.what.reason.to_string(), came)
    });
    let glass = glass.collect();
    let tells = decide(viewer, Action::Exclude, may.object().clone(), Section::Officer).is_ok();
    let excluded = tells.then(|| kept_from.into_iter().map(|id| app.name_of(id)).collect());
    let address = format!("/incidents/{}", row.reference);
    let desk = staff.desk(&app, format!("Who looked into {}", row.reference)).under(&address, &row.reference);
    Ok(shown(&Looked { desk, reference: row.reference, address, looks, excluded, glass }))
}
