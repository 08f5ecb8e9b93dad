//! The list of incidents and the search box behind it: newest first, fifty at a time, never counted.

use app::incidents::IncidentLine;
use app::{App, IncidentState};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use domain::actor::Section;
use domain::permission::Action;
use domain::reference::{IncidentReference, ReportReference};

use super::narrowed::{Chip, Field, Narrowed};
use crate::query::{address, pairs, value};
use crate::screens::apology::{Apology, answer};
use crate::screens::staff::desk::{Desk, Staff, desks, go, page as shown};
use crate::screens::staff::sorry::Answer;
use crate::times;
use crate::typed::thousands;

/// Rows on one page.
const ROWS: u32 = 50;

/// `/incidents`
#[derive(Debug, Template)]
#[template(path = "incidents/list.html")]
pub struct List {
    /// The desk.
    pub desk: Desk,
    /// “12 incidents.” or “The newest 50.”
    pub count: String,
    /// What narrows the list.
    pub chips: Vec<Chip>,
    /// The words as typed.
    pub words: String,
    /// Everything else that narrows it.
    pub fields: Vec<Field>,
    /// Whether some of that is chosen.
    pub narrowed: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// What to do when there is none.
    pub empty: String,
    /// The page of older incidents, or empty.
    pub older: String,
    /// The first page, when this is a later one.
    pub newest: String,
    /// The same list as a table, or empty for those who may not take it along.
    pub table: String,
}

desks!(List);

/// One incident.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// “Theft, Loss”
    pub kinds: String,
    /// The unit's name.
    pub unit: String,
    /// Two letters, or empty.
    pub place: String,
    /// “1,200”, or empty.
    pub people: String,
    /// When it was opened.
    pub opened: times::Stamp,
    /// The class of its mark.
    pub mark: &'static str,
    /// “open”
    pub state: &'static str,
    /// When its nearest duty is due, or empty.
    pub due: times::Stamp,
    /// Where it was imported from, or empty.
    pub source: String,
}

/// The page. Two statements of the store: session and list; one or two more when a reference was typed.
pub async fn page(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let Some(pairs) = pairs(query.as_deref()) else { return Ok(answer("/incidents", &Apology::Unreadable)) };
    let choices = app.choices(&staff.who.viewer);
    let narrowed = Narrowed::read(&pairs, &choices);
    if narrowed.chosen.is_empty()
        && let Some(href) = jump(&app, &staff, &narrowed.words).await
    {
        return Ok(go(&href));
    }
    let before = value(&pairs, "before").parse().ok();
    let (lines, next) = if narrowed.problems.is_empty() {
        app.list_incidents(&staff.who.viewer, &narrowed.filter, before, ROWS).await?
    } else {
        (Vec::new(), None)
    };
    let fields = narrowed.form(&choices);
    let may_take = staff.may(Action::Export, Section::Officer) && !lines.is_empty();
    let mut desk = staff.desk(&app, if narrowed.words.is_empty() { "Incidents" } else { "Search" });
    desk.words.clone_from(&narrowed.words);
    let rows: Vec<Row> = lines.into_iter().map(|line| row(&app, &staff, line)).collect();
    Ok(shown(&List {
        count: count(rows.len(), before.is_some(), next.is_some()),
        chips: narrowed.chips(&fields),
        words: narrowed.words.clone(),
        narrowed: !narrowed.chosen.is_empty() || !narrowed.problems.is_empty(),
        empty: empty(&narrowed, before.is_some()),
        older: next.map(|n| narrowed.address("/incidents", Some(n))).unwrap_or_default(),
        newest: before.map(|_: i64| narrowed.address("/incidents", None)).unwrap_or_default(),
        table: if may_take { narrowed.address("/incidents.csv", None) } else { String::new() },
        desk: desk.mend(narrowed.problems),
        fields,
        rows,
    }))
}

/// `/search?q=`: the same list under the name people guess.
pub async fn search(RawQuery(query): RawQuery, _: Staff) -> Answer {
    let Some(pairs) = pairs(query.as_deref()) else { return Ok(answer("/search", &Apology::Unreadable)) };
    Ok(axum::response::Redirect::to(&address("/incidents", &[("words", value(&pairs, "q"))])).into_response())
}

/// The page of a report or incident whose reference was typed, when this person may see it.
async fn jump(app: &App, staff: &Staff, words: &str) -> Option<String> {
    let viewer = &staff.who.viewer;
    if let Ok(reference) = words.parse::<IncidentReference>() {
        let reference = reference.to_string();
        let found = app.allow_on_incident(viewer, &reference, Action::Read, Section::Officer).await;
        return found.is_ok().then(|| format!("/incidents/{reference}"));
    }
    let reference = words.parse::<ReportReference>().ok()?.to_string();
    let found = app.allow_on_report(viewer, &reference, Action::ReadInbox, Section::Report).await;
    found.is_ok().then(|| format!("/inbox/{reference}"))
}

fn row(app: &App, staff: &Staff, line: IncidentLine) -> Row {
    let (now, zone) = (staff.now(), staff.zone(app));
    let directory = app.directory();
    let (mark, state) = match line.state {
        IncidentState::Open => ("running", "open"),
        IncidentState::Closed => ("met", "closed"),
        IncidentState::Withdrawn => ("waived", "withdrawn"),
    };
    let kinds: Vec<String> = line.summary.kinds.iter().map(|kind| app.kind_label(kind)).collect();
    let imported = line.summary.source.is_some();
    let opened = times::short(line.opened_at, now, &zone);
    Row {
        href: format!("/incidents/{}", line.reference),
        reference: line.reference,
        title: line.summary.title,
        kinds: kinds.join(", "),
        unit: directory.unit(line.unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default(),
        place: line.summary.place.unwrap_or_default(),
        people: line.summary.people.map(thousands).unwrap_or_default(),
        // The source of an imported record gives a day; midnight would be made up.
        opened: if imported {
            times::Stamp { words: times::day(line.opened_at.day_in(&zone)), utc: String::new(), ..opened }
        } else {
            opened
        },
        mark,
        state,
        due: line.next_due.map(|due| times::short(due, now, &zone)).unwrap_or_default(),
        source: line.summary.source.unwrap_or_default(),
    }
}

fn count(rows: usize, later: bool, more: bool) -> String {
    match (rows, later, more) {
        (0, ..) => String::new(),
        (rows, false, true) => format!("The newest {rows}. There are older ones."),
        (rows, true, true) => format!("{rows} older ones. There are more."),
        (rows, true, false) => format!("The {rows} oldest."),
        (1, false, false) => "1 incident.".to_owned(),
        (rows, false, false) => format!("{rows} incidents."),
    }
}

fn empty(narrowed: &Narrowed, later: bool) -> String {
    match (later, narrowed.words.is_empty(), narrowed.chosen.is_empty()) {
        (true, ..) => "There are no older incidents.".to_owned(),
        (_, true, true) => "There are no incidents yet. Accepting a report in the inbox opens one.".to_owned(),
        (_, false, _) => format!(
            "No incident has all of these words: “{}”. Try fewer words, or remove what narrows the list.",
            narrowed.words
        ),
        _ => "No incident is like this. Remove what narrows the list.".to_owned(),
    }
}
