//! An incident on paper: what it is, what is owed, and everything that stands on its sheets, block by block, to be printed
//! or read aloud. Nothing is asked or changed here.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::permission::Action;

use super::sheets::{self, EntryView};
use super::{Case, view};
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        duties::DutyRow,
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// `/incidents/{reference}/summary`
#[derive(Debug, Template)]
#[template(path = "staff/summary.html")]
pub struct SummaryPage {
    /// The desk.
    pub desk: Desk,
    /// The incident's page.
    pub back: String,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Its kinds.
    pub kinds: String,
    /// Its unit.
    pub unit: String,
    /// When it was discovered.
    pub discovered: Stamp,
    /// When it happened.
    pub occurred: Stamp,
    /// The policy edition that governs it.
    pub policy: String,
    /// Its duties.
    pub duties: Vec<DutyRow>,
    /// What stands on each sheet that has entries: its title, and they.
    pub blocks: Vec<(String, Vec<EntryView>)>,
    /// How much is sealed for others, in words, or empty.
    pub sealed: String,
    /// What the page says of itself.
    pub stands: String,
}

desks!(SummaryPage);

/// The page. Statements of the store: session, row with exclusion, stream, and the look that is written down.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    app.note_look(&case.may).await?;
    let incident = &case.incident;
    let (now, zone) = (staff.now(), staff.zone(&app));
    let opening = incident.opening.as_ref().ok_or(Trouble::NotFound)?;
    let pack = app.pack_of_incident(incident)?;
    let back = format!("/incidents/{}", case.row.reference);
    let kinds = opening.categories.iter().filter_map(|id| pack.category(id)).map(|c| c.label.en.clone());
    // What human resources alone read stands in no summary, whoever makes it.
    let reads = |sheet: &&domain::pack::Sheet| {
        sheet.section != Section::Personnel && case.allow(&staff, Action::Read, sheet.section).is_ok()
    };
    let block = |sheet: &domain::pack::Sheet| {
        let entries = incident.entries(&sheet.id).enumerate();
        let entries = entries.map(|(n, entry)| sheets::view(&app, &staff, incident, sheet, entry, n + 1));
        (sheet.title.clone(), entries.collect::<Vec<_>>())
    };
    let blocks = pack.sheets.iter().filter(reads).map(block).filter(|(_, entries)| !entries.is_empty());
    let page = SummaryPage {
        title: opening.title.to_string(),
        kinds: kinds.collect::<Vec<_>>().join(", "),
        unit: app.directory().unit(opening.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
        discovered: times::stamp(opening.discovered_at, now, &zone),
        occurred: times::when(&opening.occurred, now, &zone),
        policy: pack.title.clone(),
        duties: view::duties(&app, &staff, incident, pack),
        blocks: blocks.collect(),
        sealed: sheets::sealed(incident),
        stands: format!("As it stands on {}, version {}.", times::stamp(now, now, &zone).words, incident.version),
        desk: staff.desk(&app, format!("Summary of {}", case.row.reference)).under(&back, &case.row.reference),
        reference: case.row.reference.clone(),
        back,
    };
    Ok(shown(&page))
}
