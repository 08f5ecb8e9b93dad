//! Sheets as lines of the incident page: what the policy wants on record, how far it is, and what is still asked.

use super::{Case, spans};
use crate::screens::staff::desk::Staff;
use app::App;
use domain::actor::Section;
use domain::incident::{Incident, SheetEntry};
use domain::pack::{FieldNeed, Pack, Sheet, Step};
use domain::permission::Action;

/// A line of the incident page.
#[derive(Debug, Clone)]
pub struct SheetLine {
    /// What it is called.
    pub title: String,
    /// Its page.
    pub href: String,
    /// “Nothing yet”, “2 entries, 1 unfinished”
    pub says: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// Times: “Time to recovery: 30 h 30 min”
    pub spans: Vec<String>,
    /// Questions that are still open, as the policy asks them.
    pub asks: Vec<String>,
    /// Documents it works with: “State plan: not supplied”
    pub papers: Vec<String>,
}

/// The sheets that the policy wants here, for those who may read them.
pub fn lines(app: &App, staff: &Staff, case: &Case, pack: &Pack) -> Vec<SheetLine> {
    let zone = staff.zone(app);
    // What human resources alone read has a page of its own.
    let reads =
        |sheet: &&Sheet| sheet.section != Section::Personnel && case.allow(staff, Action::Read, sheet.section).is_ok();
    let line = |sheet: &&Sheet| {
        let entries: Vec<&SheetEntry> = case.incident.entries(&sheet.id).collect();
        let unfinished = entries.iter().filter(|e| !e.settled(sheet)).count();
        let wanted = [Step::Closing, Step::Completion, Step::Triage].iter().any(|step| sheet.wanted.contains(step));
        let (says, mark) = match (entries.len(), unfinished) {
            (0, _) if wanted => (gap(sheet, "Needed, and not filled in"), "soon"),
            (0, _) => (gap(sheet, "Nothing yet"), "not-owed"),
            (1, 0) if !sheet.repeats => ("Complete".to_owned(), "met"),
            (1, _) if !sheet.repeats => ("Unfinished".to_owned(), "running"),
            (all, 0) => (format!("{all} {}", if all == 1 { "entry" } else { "entries" }), "met"),
            (all, open) => {
                (format!("{all} {}, {open} unfinished", if all == 1 { "entry" } else { "entries" }), "running")
            }
        };
        let spans = entries
            .iter()
            .flat_map(|entry| spans(&case.incident, sheet, entry, staff, &zone))
            .map(|(says, words)| format!("{says}: {words}"));
        SheetLine {
            title: sheet.title.clone(),
            href: format!("/incidents/{}/sheets/{}", case.row.reference, sheet.id),
            says,
            mark,
            spans: spans.collect(),
            asks: asks(sheet, &entries),
            papers: papers(app, case, sheet, pack),
        }
    };
    let asked = domain::incident::sheets_asked(&case.incident, pack);
    // What was recorded stays in sight when the facts that asked for it have changed.
    // Whether human resources is asked is anybody's question, whatever the kind of the incident.
    let shown = pack.sheets.iter().filter(|sheet| {
        asked.iter().any(|a| a.id == sheet.id)
            || case.incident.entries(&sheet.id).next().is_some()
            || sheet.refers.is_some()
    });
    shown.filter(|sheet| reads(sheet)).map(|sheet| line(&sheet)).collect()
}

fn gap(sheet: &Sheet, usual: &str) -> String {
    sheet.gap.clone().unwrap_or_else(|| usual.to_owned())
}

/// What is asked for and not answered: the questions of its unfinished entries, and while there is no entry those without
/// which none is whole, where the sheet is asked for because of the kind of incident.
fn asks(sheet: &Sheet, entries: &[&SheetEntry]) -> Vec<String> {
    let mut asks: Vec<String> = Vec::new();
    let lacking = entries.iter().flat_map(|entry| entry.lacks(sheet, FieldNeed::ToFinish));
    let fresh = sheet.fields.iter().filter(|f| {
        entries.is_empty() && !sheet.kinds.is_empty() && f.need != FieldNeed::Never && f.only_if.is_empty()
    });
    for field in lacking.chain(fresh) {
        if !asks.contains(&field.label) {
            asks.push(field.label.clone());
        }
    }
    asks
}

/// The documents that a sheet works with. Until an administrator supplies one, the work goes on without it and says so.
pub(super) fn papers(app: &App, case: &Case, sheet: &Sheet, pack: &Pack) -> Vec<String> {
    if sheet.uses.is_empty() {
        return Vec::new();
    }
    let slots = app.slots(case.row.tenant);
    let told = |document: &domain::pack::MissingDocument| {
        let supplied =
            slots.iter().find(|slot| slot.document.id == document.id).and_then(|slot| slot.supplied.as_ref());
        match supplied {
            Some(supplied) => format!("{}: version {}", document.title, supplied.version),
            None => format!("{}: not supplied", document.title),
        }
    };
    sheet.uses.iter().filter_map(|id| pack.document(id)).map(told).collect()
}

/// “3 entries are sealed for others.”, or empty.
pub fn sealed(incident: &Incident) -> String {
    match incident.sealed_entries {
        0 => String::new(),
        1 => "1 entry is sealed for others.".to_owned(),
        n => format!("{n} entries are sealed for others."),
    }
}
