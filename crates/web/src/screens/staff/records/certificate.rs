//! The certificate of a disposal, on one page to read or print.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::permission::Action;

use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        home::{actor, unit_name},
        sorry::Answer,
    },
    times,
};

/// `/records/{reference}/certificate`
#[derive(Debug, Template)]
#[template(path = "staff/certificate.html")]
pub struct CertificatePage {
    /// The desk.
    pub desk: Desk,
    /// The reference of what is gone.
    pub reference: String,
    /// What it says: label and words.
    pub rows: Vec<(&'static str, String)>,
    /// The clauses of the rule: cite and words.
    pub clauses: Vec<(String, String)>,
}

desks!(CertificatePage);

/// The page. Five statements of the store: session, row, exclusion, the entry, its place in the log.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Read, Section::Officer).await?;
    let certificate = app.certificate(&may, &row).await?.ok_or(Trouble::NotFound)?;
    let (now, zone) = (staff.now(), staff.zone(&app));
    let gone = &certificate.disposal;
    let pack = app.packs().get(&gone.pack);
    let at = |at: Option<domain::time::Instant>| at.map(|at| times::stamp(at, now, &zone).words).unwrap_or_default();
    let entries: usize = gone.parts.iter().map(|part| part.versions.len()).sum();
    let log = match certificate.log_entry {
        Some(entry) => format!("Disposed by entry {entry} of the log"),
        None => "Written, and waiting for its place in the log".to_owned(),
    };
    let rows = vec![
        ("Record", row.reference.clone()),
        ("Unit", unit_name(&app, gone.unit)),
        ("Policy", pack.map_or_else(|| gone.pack.to_string(), |pack| pack.title.clone())),
        ("Opened", at(gone.opened_at)),
        ("Closed", at(gone.closed_at)),
        ("Time counted from", gone.counted_from.map(times::day).unwrap_or_default()),
        ("Kept until", times::day(gone.kept_until)),
        ("Rule", gone.rule.to_string()),
        ("Proposed by", format!("{}, {}", actor(&app, gone.proposed_by), at(Some(gone.proposed_at)))),
        ("Reason", gone.reason.to_string()),
        ("Reviewed and carried out by", format!("{}, {}", actor(&app, certificate.by), at(Some(certificate.at)))),
        ("Remark", gone.note.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Reports that went with it", gone.reports.join(", ")),
        (
            "Destroyed",
            format!("keys, salts and contents of {entries} entries; keys and bytes of {} files", gone.files.len()),
        ),
        ("Log", log),
        ("SHA-256 of that entry", certificate.digest.clone()),
    ];
    let clauses = gone.clauses.iter().filter_map(|id| pack.and_then(|pack| pack.clause(id)));
    let page = CertificatePage {
        desk: staff.desk(&app, format!("Certificate of disposal, {}", row.reference)),
        rows: rows.into_iter().filter(|(_, words)| !words.is_empty()).collect(),
        clauses: clauses.map(|c| (c.cite.clone(), c.says.clone())).collect(),
        reference: row.reference,
    };
    Ok(shown(&page))
}
