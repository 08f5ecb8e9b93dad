//! The entries of a sheet taken along, in its order: as a page to print or keep as PDF, as a table, and as JSON.

use app::{App, Trouble};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::actor::Section;
use domain::incident::{FieldValue, SheetEntry};
use domain::pack::{FieldId, Sheet, SheetField, SheetFieldKind};
use domain::permission::Action;
use domain::time::{Instant, When, Zone};
use serde_json::json;

use super::sheets::{Found, find, words};
use crate::screens::{
    incidents::export,
    staff::{
        desk::{Desk, Staff, desks, page as shown},
        home::actor,
        sorry::{Answer, Sorry},
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
pub fn plain(app: &App, staff: &Staff, zone: &Zone, field: &SheetField, value: &FieldValue) -> String {
    match value {
        FieldValue::Time(When::Exact { at }) => minute(*at, zone),
        FieldValue::Time(When::About { at }) => format!("about {}", minute(*at, zone)),
        FieldValue::Time(When::Day { on }) | FieldValue::Day(on) => on.to_string(),
        other => words(app, field, other, staff, zone),
    }
}

/// A moment that means the same wherever and whenever it is read.
pub fn minute(at: Instant, zone: &Zone) -> String {
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

/// A copy of a sheet, for those who may take one along. Where one of its fields makes lists, the copy is split into
/// them; an entry without a name says of a whole list what it chooses, such as that nothing is on it.
pub async fn copy(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    staff: Staff,
) -> Result<Response, Sorry> {
    let found = find(&app, &staff, &reference, &sheet).await?;
    let may = found.case.allow(&staff, Action::Export, found.sheet.section)?;
    app.note_copy(&may, copied(&found.sheet)).await?;
    let (sheet, zone) = (&found.sheet, staff.zone(&app));
    let plain = |field: &SheetField, value: &FieldValue| match value {
        FieldValue::Chosen(ids) if field.kind == SheetFieldKind::ChooseOne => {
            json!(ids.first().map(ToString::to_string))
        }
        FieldValue::Chosen(ids) => json!(ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
        FieldValue::Number(number) => json!(number),
        FieldValue::NotKnown => json!("not known yet"),
        FieldValue::Time(When::Exact { at } | When::About { at }) => {
            json!(at.in_zone(&zone).strftime("%FT%T%:z").to_string())
        }
        other => json!(words(&app, field, other, &staff, &zone)),
    };
    let all: Vec<&SheetEntry> = found.case.incident.entries(&sheet.id).collect();
    let whole = |entry: &&SheetEntry, without: Option<&FieldId>| {
        let held = sheet.fields.iter().filter(|f| Some(&f.id) != without);
        let held = held.filter_map(|f| Some((f.id.to_string(), plain(f, entry.values.get(&f.id)?))));
        serde_json::Value::Object(held.collect())
    };
    let named = |entry: &&SheetEntry| domain::incident::gist(sheet, entry).is_some();
    let mut copy = json!({ "incident": found.case.row.reference, "sheet": sheet.id.to_string() });
    match sheet.fields.iter().find(|field| field.lists) {
        None => copy["entries"] = all.iter().map(|entry| whole(entry, None)).collect(),
        Some(field) => {
            for choice in &field.choices {
                let of_list: Vec<&&SheetEntry> =
                    all.iter().filter(|e| e.chosen(&field.id).contains(&choice.id)).collect();
                let entries: Vec<_> = of_list.iter().filter(|e| named(e)).map(|e| whole(e, Some(&field.id))).collect();
                let declared = of_list.iter().find(|e| !named(e)).map(|e| whole(e, Some(&field.id)));
                let declared = declared.filter(|_| entries.is_empty());
                copy["lists"][choice.id.as_str()] = json!({ "entries": entries, "declared": declared });
            }
        }
    }
    let name = format!("{}-{}.json", found.case.row.reference, sheet.id);
    let bytes = serde_json::to_vec_pretty(&copy).map_err(|e| Trouble::fault("writing a copy of a sheet", e))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// What is noted of a copy, for everybody who sees who looked: of what human resources alone read, not even the title.
pub fn copied(sheet: &Sheet) -> &str {
    if sheet.section == Section::Personnel { "a sealed record" } else { &sheet.title }
}
