//! All reports, whatever became of them: a report is kept when it was no incident, with who decided so and why.

use app::{App, ReportState};
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::desk::{Desk, Staff, desks, page as shown};
use super::inbox::{read_cursor, tiles, write_cursor};
use super::sorry::Answer;
use crate::{query::address, screens::frame::Choice, times};

/// Rows on one page.
const ROWS: u32 = 50;

/// `/reports`
#[derive(Debug, Template)]
#[template(path = "staff/reports.html")]
pub struct Reports {
    /// The desk.
    pub desk: Desk,
    /// What the list can be narrowed to.
    pub states: Vec<Choice>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The next page, or empty.
    pub next: String,
}

desks!(Reports);

/// One report.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What happened, as chosen.
    pub what: String,
    /// The first words.
    pub gist: String,
    /// Where.
    pub place: String,
    /// When it arrived.
    pub received: times::Stamp,
    /// The class of its mark.
    pub mark: &'static str,
    /// Where it stands.
    pub stands: &'static str,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

/// Name, words, and the states behind them.
const STATES: [(&str, &str, &[ReportState]); 4] = [
    ("", "any", &[ReportState::Waiting, ReportState::Asked, ReportState::Accepted, ReportState::SetAside]),
    ("waiting", "waiting for a decision", &[ReportState::Waiting, ReportState::Asked]),
    ("accepted", "part of an incident", &[ReportState::Accepted]),
    ("set-aside", "not an incident", &[ReportState::SetAside]),
];

/// The page. Two statements of the store: session and list.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let (name, _, states) = STATES.into_iter().find(|(name, ..)| *name == asked.state).unwrap_or(STATES[0]);
    let after = read_cursor(&asked.after);
    let (lines, next) = app.reports(&staff.who.viewer, states.to_vec(), after, ROWS).await?;
    let (now, zone, directory) = (staff.now(), staff.zone(&app), app.directory());
    let rows = lines.into_iter().map(|line| {
        let (mark, stands) = match line.state {
            ReportState::Waiting => ("running", "Waiting for a decision"),
            ReportState::Asked => ("running", "Waiting for the reporter’s answer"),
            ReportState::Accepted => ("met", "Part of an incident"),
            ReportState::SetAside => ("not-owed", "Not an incident"),
        };
        let pack = app.pack_for_report(line.unit, line.received_at).ok();
        let what = pack.map(|pack| tiles(pack, &line.summary.happened)).filter(|what| !what.is_empty());
        Row {
            href: format!("/inbox/{}", line.reference),
            what: what.unwrap_or_else(|| "Report".to_owned()),
            gist: line.summary.gist,
            place: directory.unit(line.unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default(),
            received: times::short(line.received_at, now, &zone),
            reference: line.reference,
            mark,
            stands,
        }
    });
    let rows = rows.collect();
    let next = next.map(|cursor| address("/reports", &[("state", name), ("after", &write_cursor(cursor))]));
    let states = STATES.into_iter().map(|(value, label, _)| Choice::new(value, label).chosen_if(value == name));
    let desk = staff.desk(&app, "Reports").under("/inbox", "Inbox");
    Ok(shown(&Reports { desk, states: states.collect(), rows, next: next.unwrap_or_default() }))
}
