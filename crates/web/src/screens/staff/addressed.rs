//! The help desk's own list: reports that are addressed to it, and each of them on a page of its own. It decides nothing
//! about them; the officers do, and have a copy.

use app::App;
use askama::Template;
use axum::extract::{Path, State};

use super::desk::{Desk, Staff, desks, page as shown};
use super::home::unit_name;
use super::inbox::tiles;
use super::report::{Said, said_in, went};
use super::sorry::Answer;
use crate::times::{self, Stamp};

/// `/desk`
#[derive(Debug, Template)]
#[template(path = "staff/addressed.html")]
pub struct Addressed {
    /// The desk.
    pub desk: Desk,
    /// The reports.
    pub rows: Vec<Row>,
}

/// A report that is addressed to the desk.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What happened, as chosen.
    pub what: String,
    /// Where.
    pub unit: String,
    /// When it arrived.
    pub received: Stamp,
}

/// `/desk/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/addressed_report.html")]
pub struct AddressedReport {
    /// The desk.
    pub desk: Desk,
    /// The report's reference.
    pub reference: String,
    /// What happened, as chosen.
    pub what: String,
    /// When it arrived.
    pub received: Stamp,
    /// Everything that was said.
    pub said: Vec<Said>,
    /// Who reported, and how to reach them.
    pub reporter: Vec<Said>,
    /// Where it went.
    pub went: Vec<Said>,
    /// The category in which the policy wants a ticket, or empty.
    pub category: String,
}

desks!(Addressed, AddressedReport);

/// The list. Two statements of the store.
pub async fn list(State(app): State<App>, staff: Staff) -> Answer {
    let (now, zone) = (staff.now(), staff.zone(&app));
    let lines = app.addressed(&staff.who.viewer).await?;
    let row = |line: app::inbox::InboxLine| {
        let pack = app.pack_for_report(line.unit, line.received_at).ok();
        let what = pack.map(|pack| tiles(pack, &line.summary.happened)).unwrap_or_default();
        Row {
            href: format!("/desk/{}", line.reference),
            what: if what.is_empty() { "Report".to_owned() } else { what },
            unit: unit_name(&app, line.unit),
            received: times::short(line.received_at, now, &zone),
            reference: line.reference,
        }
    };
    let rows = lines.into_iter().map(row).collect();
    Ok(shown(&Addressed { desk: staff.desk(&app, "Sent to your desk"), rows }))
}

/// One of them. Four statements of the store: session, row, stream, and the look that is written down.
pub async fn report(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let (now, zone) = (staff.now(), staff.zone(&app));
    let (may, row, report) = app.addressed_report(&staff.who.viewer, &reference).await?;
    app.note_look(&may).await?;
    let pack = app.pack_of_report(&report)?;
    let filed = report.filed.as_ref().ok_or(app::Trouble::NotFound)?;
    let what = tiles(pack, &filed.submission.happened);
    let (said, reporter) = said_in(&app, &staff, &row, &report, pack);
    Ok(shown(&AddressedReport {
        desk: staff.desk(&app, row.reference.clone()).under("/desk", "Sent to your desk"),
        what: if what.is_empty() { "Report".to_owned() } else { what },
        received: times::stamp(filed.at, now, &zone),
        said,
        reporter,
        went: went(&app, &report, pack, now, &zone),
        category: pack.ticket.as_ref().map(|ticket| ticket.category.clone()).unwrap_or_default(),
        reference: row.reference,
    }))
}
