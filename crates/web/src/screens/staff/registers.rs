//! Registers of a unit: the entries that one sheet holds over all its incidents, on one page and as a table.

use app::unit_register::{Entered, Register};
use app::{App, Trouble};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use domain::ids::UnitId;
use domain::pack::{SheetField, SheetId};
use domain::permission::{Action, Object, decide};
use serde::Deserialize;

use super::desk::{Desk, Staff, desks, page as shown};
use super::home::actor;
use super::incident::sheet_table::{minute, plain};
use super::sorry::Answer;
use crate::query;
use crate::screens::incidents::export;
use crate::typed::Typed;

/// Incidents on one page.
const LINES: u32 = 50;
/// Incidents in one table; a larger one is narrowed first.
const MOST: u32 = 200;

/// `/registers/{unit}/{sheet}`
#[derive(Debug, Template)]
#[template(path = "staff/register.html")]
pub struct RegisterPage {
    /// The desk.
    pub desk: Desk,
    /// What it is for.
    pub help: String,
    /// This page.
    pub address: String,
    /// What tells entries apart: “Consumer”.
    pub by: String,
    /// To whom it is narrowed.
    pub typed: Typed,
    /// The names of its columns, after that of the incident.
    pub head: Vec<String>,
    /// Its rows: the incident's reference, and the cells.
    pub rows: Vec<(String, Vec<String>)>,
    /// Where the table is, or empty for those who take nothing out.
    pub table: String,
    /// Where the next page is, or empty.
    pub next: String,
}

desks!(RegisterPage);

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What the entries are narrowed to.
    #[serde(default)]
    of: String,
    /// The cursor.
    before: Option<i64>,
}

fn place(app: &App, unit: &str, sheet: &str) -> Result<(UnitId, String, SheetId), Trouble> {
    let directory = app.directory();
    let unit = directory.unit_by_code(unit).ok_or(Trouble::NotFound)?;
    let sheet = SheetId::parse(sheet).map_err(|_| Trouble::NotFound)?;
    Ok((unit.id, unit.profile.name.en.clone(), sheet))
}

fn head(register: &Register) -> Vec<String> {
    let ends = ["Recorded at", "Recorded by"].map(str::to_owned);
    register.sheet.fields.iter().map(|field| field.label.clone()).chain(ends).collect()
}

fn cells(app: &App, staff: &Staff, register: &Register, entered: &Entered) -> Vec<String> {
    let zone = staff.zone(app);
    let cell = |field: &SheetField| {
        let value = entered.entry.values.get(&field.id);
        value.map(|value| plain(app, staff, &zone, field, value)).unwrap_or_default()
    };
    let last = entered.entry.fillings.last();
    let told =
        [last.map(|f| minute(f.at, &zone)).unwrap_or_default(), last.map(|f| actor(app, f.by)).unwrap_or_default()];
    register.sheet.fields.iter().map(cell).chain(told).collect()
}

/// The page. Three statements of the store: session, list, streams.
pub async fn page(
    State(app): State<App>,
    Path((unit, sheet)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let (id, name, sheet) = place(&app, &unit, &sheet)?;
    let viewer = &staff.who.viewer;
    let register = app.unit_register(viewer, (Action::Read, id, &sheet), &asked.of, asked.before, LINES).await?;
    let address = format!("/registers/{}/{}", unit.to_ascii_uppercase(), register.sheet.id);
    let table = query::address(&format!("{address}/csv"), &[("of", &asked.of)]);
    let by = register.sheet.register.as_ref().and_then(|field| register.sheet.field(field));
    let whole = Object::Unit { tenant: viewer.tenant, unit: id };
    let takes = decide(viewer, Action::Export, whole, register.sheet.section).is_ok();
    let page = RegisterPage {
        desk: staff.desk(&app, format!("{}: {name}", register.sheet.title)),
        help: register.sheet.help.clone().unwrap_or_default(),
        by: by.map(|field| field.label.clone()).unwrap_or_default(),
        head: head(&register),
        rows: register
            .entries
            .iter()
            .map(|entered| (entered.reference.clone(), cells(&app, &staff, &register, entered)))
            .collect(),
        table: if takes { table } else { String::new() },
        next: register
            .next
            .map(|n| query::address(&address, &[("of", &asked.of), ("before", &n.to_string())]))
            .unwrap_or_default(),
        typed: Typed::new(vec![("of".to_owned(), asked.of)]),
        address,
    };
    Ok(shown(&page))
}

/// The table, with a line at its end where it was cut. The copy is on record with every incident that is in it.
pub async fn csv(
    State(app): State<App>,
    Path((unit, sheet)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let (id, _, sheet) = place(&app, &unit, &sheet)?;
    let viewer = &staff.who.viewer;
    let register = app.unit_register(viewer, (Action::Export, id, &sheet), &asked.of, None, MOST).await?;
    app.note_register_copy(viewer, &register, id).await?;
    let row = |entered: &Entered| {
        std::iter::once(entered.reference.clone()).chain(cells(&app, &staff, &register, entered)).collect()
    };
    let mut rows: Vec<Vec<String>> = register.entries.iter().map(row).collect();
    if register.next.is_some() {
        rows.push(vec![format!("Cut here: one table holds the newest {MOST} incidents. Narrow it and take it again.")]);
    }
    let head = std::iter::once("Incident".to_owned()).chain(head(&register)).collect();
    let name = format!("{}-{}.csv", unit.to_ascii_uppercase(), register.sheet.id);
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect();
    Ok(export::csv(&name, Body::from(app::sheets::as_csv(head, rows))))
}
