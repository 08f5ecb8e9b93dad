//! Bringing in records of other systems: each becomes a closed incident with its original day, once and only once.
//!
//! A source is read into [`Record`]s by a module of its own; [`bulk`] writes them, whatever their source. To add a
//! source: read its bytes into [`Parsed`], give every record an identity that another export of the same record
//! shares, and say in words what was changed on the way in.

mod bulk;
mod hhs;
mod table;
mod veris;
mod vocabulary;

pub use veris::SourceFile;
pub use vocabulary::{KINDS, LOCATIONS, ReadValues, Vocabulary};

use crate::{App, Trouble};
use domain::incident::Imported;
use domain::text::Line;

/// How to import.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions {
    /// Read and report everything, write nothing.
    pub dry_run: bool,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Records written, or found to be here already.
    pub done: usize,
    /// Records of the file.
    pub of: usize,
}

/// What came of an import. Rows are numbered as a spreadsheet shows them, the header being row 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Records that became incidents; in a dry run, those that would.
    pub added: usize,
    /// Records that were here already.
    pub already: usize,
    /// What was changed or missing in rows that were added, one line each.
    pub changed: Vec<(u32, String)>,
    /// Rows that were left out, and why.
    pub skipped: Vec<(u32, String)>,
    /// What is true of the whole file.
    pub notes: Vec<String>,
}

impl ImportReport {
    /// The report as a table that is safe to open in a spreadsheet: row, what was done, and what about it.
    pub fn csv(&self) -> Vec<u8> {
        let notes = self.notes.iter().map(|what| (None, "file", what));
        let skipped = self.skipped.iter().map(|(row, why)| (Some(*row), "skipped", why));
        let changed = self.changed.iter().map(|(row, what)| (Some(*row), "changed", what));
        let mut lines: Vec<_> = notes.chain(skipped).chain(changed).collect();
        lines.sort_by_key(|(row, ..)| *row);
        let row = |(row, done, what): (Option<u32>, &str, &String)| {
            [row.map(|r| r.to_string()).unwrap_or_default(), done.to_owned(), what.clone()]
        };
        let head = ["row", "outcome", "what"].map(str::to_owned);
        documents::csv::table(head, lines.into_iter().map(row), documents::csv::Mark::Utf8)
    }

    /// Rows in which something was changed or missing.
    pub fn rows_changed(&self) -> usize {
        let mut rows: Vec<u32> = self.changed.iter().map(|(row, _)| *row).collect();
        rows.dedup();
        rows.len()
    }
}

/// A file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parsed {
    records: Vec<Record>,
    skipped: Vec<(u32, String)>,
    notes: Vec<String>,
}

/// One record on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    /// Where it stood in the file.
    row: u32,
    /// What it is known by: the same in every export of the same record.
    identity: String,
    /// What the incident is called.
    title: Line<200>,
    /// What was changed or missing, in words.
    changes: Vec<String>,
    /// What it says.
    imported: Imported,
}

impl Record {
    /// Notes a change, for the report of the import and in the record itself.
    fn remark(&mut self, words: String) {
        let short: String = words.chars().take(300).collect();
        self.imported.remarks.extend(Line::parse(&short));
        self.changes.push(words);
    }
}

/// “Theft of laptop and 2 more – Sample Clinic”: what, of or with what, whose.
fn title(kinds: &[&str], locations: &[&str], who: &str) -> String {
    let small = |word: &str| match word {
        "Other" | "Unknown" => "something else".to_owned(),
        word => word.to_lowercase(),
    };
    let listed = |words: &[&str]| match words {
        [] => String::new(),
        [one] => small(one),
        [one, two] => format!("{} and {}", small(one), small(two)),
        [one, rest @ ..] => format!("{} and {} more", small(one), rest.len()),
    };
    let known: Vec<&str> = kinds.iter().copied().filter(|k| !["Other", "Unknown"].contains(k)).collect();
    let what = match known.as_slice() {
        [] => "Breach".to_owned(),
        ["Hacking/IT Incident"] => "Hacking/IT incident".to_owned(),
        known => {
            let listed = listed(known);
            let mut letters = listed.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    };
    let joined =
        if known.len() == 1 && ["Theft", "Loss", "Improper Disposal"].contains(&known[0]) { "of" } else { "involving" };
    let things: Vec<&str> = locations.iter().copied().filter(|l| *l != "Other").collect();
    match things.as_slice() {
        [] => format!("{what} – {who}"),
        things => format!("{what} {joined} {} – {who}", listed(things)),
    }
}

/// Imports an export of the breach portal of the U.S. Department of Health and Human Services into a unit.
pub async fn import_hhs(
    app: &App,
    unit: &str,
    bytes: &[u8],
    options: ImportOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportReport, Trouble> {
    let directory = app.directory();
    let unit = directory.unit_by_code(unit).ok_or_else(|| no_unit(app, unit))?;
    let today = app.now().day_in(&app.zone_of(unit.tenant));
    let parsed = hhs::read(bytes, today)?;
    bulk::add(app, unit, parsed, options, progress).await
}

/// Imports records in the VERIS format into a unit, each known by its `incident_id`.
pub async fn import_veris(
    app: &App,
    unit: &str,
    files: &[SourceFile],
    options: ImportOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportReport, Trouble> {
    let directory = app.directory();
    let unit = directory.unit_by_code(unit).ok_or_else(|| no_unit(app, unit))?;
    let today = app.now().day_in(&app.zone_of(unit.tenant));
    bulk::add(app, unit, veris::read(files, today), options, progress).await
}

/// The unit that takes records when none is named: the head office of the agency that was set up first.
pub fn usual_unit(app: &App) -> Option<String> {
    let directory = app.directory();
    let first = directory.agencies().into_iter().min_by_key(|agency| agency.id)?.id;
    directory.units_of(first).into_iter().find(|unit| unit.parent.is_none()).map(|unit| unit.code.clone())
}

fn no_unit(app: &App, code: &str) -> Trouble {
    let directory = app.directory();
    let mut codes: Vec<String> = directory
        .agencies()
        .into_iter()
        .flat_map(|agency| directory.units_of(agency.id))
        .map(|unit| unit.code.clone())
        .collect();
    codes.sort();
    codes.truncate(40);
    Trouble::Refused(format!("There is no unit “{code}”. Units here: {}.", codes.join(", ")))
}
