//! The personnel file of an incident: what was handed to human resources, and the sheets that they alone read.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::incident::{Incident, SheetEntry};
use domain::pack::{Pack, Sheet};

use super::sheets::{self, EntryView};
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        home::{actor, unit_name},
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// `/incidents/{reference}/personnel`
#[derive(Debug, Template)]
#[template(path = "staff/personnel_file.html")]
pub struct FilePage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// The unit.
    pub unit: String,
    /// What was handed over.
    pub handed: Vec<Handed>,
    /// Their sheets.
    pub sheets: Vec<Offered>,
    /// The page of their part of the form, or empty.
    pub form: String,
    /// Whether everything stands.
    pub done: bool,
}

desks!(FilePage);

/// A sheet of theirs.
#[derive(Debug, Clone)]
pub struct Offered {
    /// What it is called.
    pub title: String,
    /// Its page.
    pub href: String,
    /// How it stands.
    pub says: String,
    /// The class of its mark.
    pub mark: &'static str,
}

/// What an officer handed to human resources.
#[derive(Debug, Clone)]
pub struct Handed {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// What it says.
    pub entry: EntryView,
}

/// The page. Statements of the store: session, row with exclusion, stream, and the look that is written down.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let file = app.personnel_file(&staff.who.viewer, &reference).await?;
    app.note_look(&file.may).await?;
    let (now, zone) = (staff.now(), staff.zone(&app));
    let handed = file.handed.iter().enumerate().filter_map(|(n, (sheet, entry))| {
        let first = entry.fillings.first()?;
        Some(Handed {
            by: actor(&app, first.by),
            at: times::short(first.at, now, &zone),
            entry: sheets::view(&app, &staff, &file.incident, sheet, entry, n + 1),
        })
    });
    let base = format!("/incidents/{}", file.row.reference);
    let offered = file.sheets.iter().map(|sheet| {
        let (says, mark) = stands(sheet, &file.incident.entries(&sheet.id).collect::<Vec<_>>());
        Offered { title: sheet.title.clone(), href: format!("{base}/sheets/{}", sheet.id), says, mark }
    });
    Ok(shown(&FilePage {
        desk: staff.desk(&app, format!("Personnel file, {}", file.row.reference)).under("/home", "Home"),
        unit: unit_name(&app, file.unit),
        handed: handed.collect(),
        sheets: offered.collect(),
        form: if file.form { format!("{base}/form") } else { String::new() },
        done: file.incident.personnel_reviewed.is_some(),
        reference: file.row.reference,
    }))
}

fn stands(sheet: &Sheet, entries: &[&SheetEntry]) -> (String, &'static str) {
    let open = entries.iter().filter(|entry| !entry.settled(sheet)).count();
    let entry = if entries.len() == 1 { "entry" } else { "entries" };
    match (entries.len(), open) {
        (0, _) => (sheet.gap.clone().unwrap_or_else(|| "Nothing yet".to_owned()), "not-owed"),
        (all, 0) => (format!("{all} {entry}, complete"), "met"),
        (all, open) => (format!("{all} {entry}, {open} to finish or sign"), "running"),
    }
}

/// What those may know of it who read the incident: done or not done, and nothing where nobody asked human resources.
pub fn marker(app: &App, staff: &Staff, incident: &Incident, pack: &Pack) -> String {
    match (incident.personnel_reviewed, incident.referred(pack)) {
        (Some(at), _) => {
            let at = times::short(at, staff.now(), &staff.zone(app)).words;
            format!("Personnel review: done, {at}. Only human resources read it.")
        }
        (None, Some(_)) => "Personnel review: not done. Only human resources read it.".to_owned(),
        (None, None) => String::new(),
    }
}

/// Where somebody of human resources goes on when the policy has no form of theirs: their file, if they may see it.
pub async fn instead(app: &App, staff: &Staff, reference: &str) -> Result<String, Trouble> {
    let file = app.personnel_file(&staff.who.viewer, reference).await?;
    if file.form { Err(Trouble::NotFound) } else { Ok(format!("/incidents/{}/personnel", file.row.reference)) }
}
