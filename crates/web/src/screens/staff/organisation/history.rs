//! What a unit has lived through: its incidents, each with the edition that governs it for good.

use app::App;
use app::incidents::Filter;
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::permission::Action;

use super::{keeps, unit_of};
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// Incidents on the page.
const MOST: u32 = 100;

/// `/organisation/units/{code}`
#[derive(Debug, Template)]
#[template(path = "organisation/history.html")]
pub struct History {
    /// The desk.
    pub desk: Desk,
    /// The unit.
    pub unit: String,
    /// The policy under which reports are taken today.
    pub policy: String,
    /// Its incidents, the latest first.
    pub rows: Vec<Row>,
    /// Whether there are more.
    pub more: bool,
    /// Whether this person keeps the agency.
    pub keeps: bool,
}

desks!(History);

/// An incident with its edition.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// When it was opened.
    pub opened: Stamp,
    /// The edition that governs it.
    pub edition: String,
}

/// The page. Three statements of the store: session, list, streams.
pub async fn page(State(app): State<App>, Path(code): Path<String>, staff: Staff) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let viewer = &staff.who.viewer;
    let (mut rows, mut more) = (Vec::new(), false);
    // Whoever keeps the house sees the unit and nothing of its incidents.
    if viewer.scope(Action::Read, Section::Officer).is_none_or(|units| units.contains(&unit.id)) {
        let filter = Filter { unit: Some(unit.id), ..Filter::default() };
        let (lines, next) = app.list_incidents(viewer, &filter, None, MOST).await?;
        more = next.is_some();
        let states = app.read_lines(viewer, lines.iter()).await?;
        for line in lines {
            let Some(incident) = states.get(&line.id.into()) else { continue };
            let pack = app.pack_of_incident(incident)?;
            let reported = incident.opening.as_ref().and_then(|o| o.reported_at).unwrap_or(line.opened_at);
            let day = reported.day_in(&staff.zone(&app));
            let flag = pack.edition.flags.iter().find(|flag| flag.from <= day && day <= flag.until);
            rows.push(Row {
                href: format!("/incidents/{}", line.reference),
                title: line.summary.title.clone(),
                opened: times::stamp(line.opened_at, staff.now(), &staff.zone(&app)),
                edition: match flag {
                    Some(flag) => format!("{} ({})", pack.title, flag.says),
                    None => pack.title.clone(),
                },
                reference: line.reference,
            });
        }
    }
    Ok(shown(&History {
        desk: staff.desk(&app, unit.profile.name.en.clone()).under("/organisation", "Organization"),
        unit: unit.profile.name.en.clone(),
        policy: app.pack_for_report(unit.id, staff.now()).map(|pack| pack.title.clone()).unwrap_or_default(),
        rows,
        more,
        keeps: keeps(&app, &staff),
    }))
}
