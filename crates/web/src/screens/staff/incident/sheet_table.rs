//! The entries of a sheet taken along, in its order: as a page to print or keep as PDF, and as a table.

use app::{App, Trouble};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use domain::incident::{FieldValue, SheetEntry};
use domain::pack::SheetField;
use domain::permission::Action;
use domain::time::{Instant, When, Zone};

use super::sheets::{Found, copied, find, words};
use crate::screens::{
    incidents::export,
    staff::{
        desk::{Desk, Staff, desks, page as shown},
        home::actor,
        sorry::Answer,
    },
};

/// `/incidents/{reference}/sheets/{sheet}/print`
#[derive(Debug, Template)]
#[template(path = "staff/sheet_table.html")]
pub struct TablePage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference and what it is called.
    pub about: String,
    /// When it was made, and by whom.
    pub made: String,
    /// The names of its columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

desks!(TablePage);

/// A sheet that somebody takes along, with the look written down.
async fn taken(app: &App, staff: &Staff, reference: &str, sheet: &str) -> Result<Found, Trouble> {
    let found = find(app, staff, reference, sheet).await?;
    let may = found.case.allow(staff, Action::Export, found.sheet.section)?;
    app.note_copy(&may, copied(&found.sheet)).await?;
    Ok(found)
}

/// The columns and the rows. The time of recording stands beside the time that an entry tells, and is never lost when
/// the entries are put in order.
fn columns(app: &App, staff: &Staff, found: &Found) -> (Vec<String>, Vec<Vec<String>>) {
    let zone = staff.zone(app);
    let head = found.sheet.fields.iter().map(|field| field.label.clone());
    let ends = ["Recorded at", "Recorded by", "Last changed at"].map(str::to_owned);
    let row = |entry: &SheetEntry| -> Vec<String> {
        let cell = |field: &SheetField| {
            entry.values.get(&field.id).map(|value| plain(app, staff, &zone, field, value)).unwrap_or_default()
        };
        let first = entry.fillings.first();
        let last = entry.fillings.last().filter(|_| entry.fillings.len() > 1);
        let cells = found.sheet.fields.iter().map(cell);
        let told = [
            first.map(|f| minute(f.at, &zone)).unwrap_or_default(),
            first.map(|f| actor(app, f.by)).unwrap_or_default(),
            last.map(|f| minute(f.at, &zone)).unwrap_or_default(),
        ];
        cells.chain(told).collect()
    };
    let rows = found.case.incident.entries_in_order(&found.sheet, &zone).into_iter().map(row).collect();
    (head.chain(ends).collect(), rows)
}

/// A value that means the same wherever and whenever it is read.
fn plain(app: &App, staff: &Staff, zone: &Zone, field: &SheetField, value: &FieldValue) -> String {
    match value {
        FieldValue::Time(When::Exact { at }) => minute(*at, zone),
        FieldValue::Time(When::About { at }) => format!("about {}", minute(*at, zone)),
        FieldValue::Time(When::Day { on }) | FieldValue::Day(on) => on.to_string(),
        other => words(app, field, other, staff, zone),
    }
}

fn minute(at: Instant, zone: &Zone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// The table as a CSV file. Statements of the store: session, row with exclusion, stream, look.
pub async fn csv(State(app): State<App>, Path((reference, sheet)): Path<(String, String)>, staff: Staff) -> Answer {
    let found = taken(&app, &staff, &reference, &sheet).await?;
    let (head, rows) = columns(&app, &staff, &found);
    let name = format!("{}-{}.csv", found.case.row.reference, found.sheet.id).replace('/', "-");
    Ok(export::csv(&name, Body::from(app::sheets::as_csv(head, rows))))
}

/// The page to print. Statements of the store: session, row with exclusion, stream, look.
pub async fn print(State(app): State<App>, Path((reference, sheet)): Path<(String, String)>, staff: Staff) -> Answer {
    let found = taken(&app, &staff, &reference, &sheet).await?;
    let (head, rows) = columns(&app, &staff, &found);
    let reference = &found.case.row.reference;
    let back = format!("/incidents/{reference}/sheets/{}", found.sheet.id);
    let title = found.case.incident.opening.as_ref().map(|o| o.title.to_string()).unwrap_or_default();
    let page = TablePage {
        desk: staff.desk(&app, &found.sheet.title).under(&back, &found.sheet.title),
        about: format!("{reference} {title}"),
        made: format!("Made {} by {}", minute(staff.now(), &staff.zone(&app)), app.name_of(staff.who.viewer.account)),
        head,
        rows,
    };
    Ok(shown(&page))
}
