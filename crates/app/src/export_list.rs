//! A list of incidents as a table to take along, made piece by piece so that a long one never fills the memory.

use crate::incidents::{Filter, IncidentLine};
use crate::{App, Trouble};
use documents::csv::{Mark, table};
use domain::actor::Section;
use domain::permission::{Action, Viewer};
use store::IncidentState;

/// The most incidents in one table. A larger one is narrowed first: nobody reads it, and it leaves the product.
pub const MOST: usize = 10_000;
/// Incidents read at a time.
const PIECE: u32 = 500;

/// How far a table has come.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    before: Option<i64>,
    written: usize,
    begun: bool,
    done: bool,
}

impl App {
    /// Says whether this viewer may take lists along at all, before the first byte is sent.
    pub fn may_export(&self, viewer: &Viewer) -> Result<(), Trouble> {
        self.allow_in_agency(viewer, Action::Export, Section::Officer).map(|_| ())
    }

    /// The next piece of the table, or `None` at its end. The last line says so when the table was cut.
    pub async fn export_piece(
        &self,
        viewer: &Viewer,
        filter: &Filter,
        sheet: &mut Sheet,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        if sheet.done {
            return Ok(None);
        }
        self.may_export(viewer)?;
        let scope = viewer.scope(Action::Export, Section::Officer);
        let (lines, next) = self.list_incidents(viewer, filter, sheet.before, PIECE).await?;
        let mine = lines.iter().filter(|line| scope.as_ref().is_none_or(|units| units.contains(&line.unit)));
        let mut rows: Vec<Vec<String>> = mine.map(|line| self.cells(viewer, line)).collect();
        sheet.written += rows.len();
        sheet.before = next;
        sheet.done = next.is_none();
        if sheet.written >= MOST && next.is_some() {
            sheet.done = true;
            rows.push(vec![format!(
                "Cut here: one table holds the newest {MOST} incidents. Narrow the list and take it again."
            )]);
        }
        if !sheet.begun {
            sheet.begun = true;
            return Ok(Some(table(HEAD.map(str::to_owned).to_vec(), rows, Mark::Utf8)));
        }
        let mut rows = rows.into_iter();
        // The table writes its first row as a header; here that is the first of the rows.
        Ok(Some(rows.next().map_or_else(Vec::new, |first| table(first, rows, Mark::None))))
    }

    fn cells(&self, viewer: &Viewer, line: &IncidentLine) -> Vec<String> {
        let directory = self.directory();
        let zone = self.zone_of(viewer.tenant);
        let summary = &line.summary;
        let kinds: Vec<String> = summary.kinds.iter().map(|kind| self.kind_label(kind)).collect();
        let state = match line.state {
            IncidentState::Open => "open",
            IncidentState::Closed => "closed",
            IncidentState::Withdrawn => "withdrawn",
        };
        vec![
            line.reference.clone(),
            summary.title.clone(),
            directory.unit(line.unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default(),
            line.opened_at.day_in(&zone).to_string(),
            state.to_owned(),
            kinds.join("; "),
            summary.locations.join("; "),
            summary.place.clone().unwrap_or_default(),
            summary.people.map(|people| people.to_string()).unwrap_or_default(),
            summary.duties.to_string(),
            line.next_due.map(|due| due.day_in(&zone).to_string()).unwrap_or_default(),
            summary.source.clone().unwrap_or_default(),
            self.marks_in_words(&summary.marks),
        ]
    }
}

const HEAD: [&str; 13] = [
    "reference",
    "title",
    "unit",
    "opened",
    "state",
    "kinds",
    "locations",
    "place",
    "people affected",
    "open duties",
    "next due",
    "source",
    "on record",
];
