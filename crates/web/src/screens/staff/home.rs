//! Home: what needs this person now, in the same order for everybody: due, new, waiting on others, good to know.

use app::App;
use askama::Template;
use axum::extract::{Query, State};
use domain::actor::{Actor, Section};
use domain::permission::{Action, Role};
use serde::Deserialize;

use super::desk::{Desk, Staff, desks, page as shown};
use super::duties::{DutyRow, rows};
use super::sorry::Answer;
use crate::times;

/// Incidents whose duties stand on the page.
const INCIDENTS: usize = 8;
/// What is due later than this many seconds from now is not Home's business yet.
const AHEAD_SECONDS: i64 = 45 * 24 * 3_600;
/// Duties on the page; the rest is counted.
const DUTIES: usize = 8;

/// `/home`
#[derive(Debug, Template)]
#[template(path = "staff/home.html")]
pub struct Home {
    /// The desk.
    pub desk: Desk,
    /// Duties, the most urgent first.
    pub due: Vec<Due>,
    /// “and 3 later”, or empty.
    pub later: String,
    /// One sentence when nothing is due.
    pub calm: String,
    /// Reports that wait, when this person reads the inbox.
    pub new: Option<New>,
    /// Forms that wait for human resources.
    pub personnel: Option<Vec<Waiting>>,
    /// Whether this person takes calls.
    pub takes_calls: bool,
    /// Whether this person keeps people and units.
    pub administers: bool,
    /// Good to know, one line each.
    pub know: Vec<String>,
}

desks!(Home);

/// A duty with its incident.
#[derive(Debug, Clone)]
pub struct Due {
    /// Address of the incident.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The duty.
    pub duty: DutyRow,
}

/// Reports that wait.
#[derive(Debug, Clone)]
pub struct New {
    /// “2 reports wait, the oldest for 18 min.”
    pub words: String,
    /// The next one to open, or empty.
    pub next: String,
    /// How many are still going on.
    pub going_on: usize,
}

/// A form that waits for its personnel part.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its page.
    pub href: String,
    /// The incident's reference.
    pub reference: String,
    /// The unit.
    pub unit: String,
    /// When the incident was opened.
    pub opened: times::Stamp,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {}

/// The page. Four statements of the store: session, list, streams, inbox.
pub async fn page(State(app): State<App>, Query(_): Query<Asked>, staff: Staff) -> Answer {
    let (now, zone) = (staff.now(), staff.zone(&app));
    let soon = now.plus_seconds(AHEAD_SECONDS);
    let viewer = &staff.who.viewer;
    let mut due = Vec::new();
    let mut incidents = 0;
    if staff.may(Action::Read, Section::Officer) {
        let (nearest, all) = app.nearest_due(viewer, INCIDENTS).await?;
        incidents = all;
        for (line, incident) in nearest {
            let pack = app.pack_of_incident(&incident)?;
            let names = |by: Actor| actor(&app, by);
            let open =
                incident.duties.values().filter(|d| d.met.is_none() && d.duty.due.by.is_some_and(|by| by <= soon));
            due.extend(rows(open, pack, names, now, &zone).into_iter().map(|duty| Due {
                href: format!("/incidents/{}", line.reference),
                reference: line.reference.clone(),
                title: line.summary.title.clone(),
                duty,
            }));
        }
        due.sort_by(|a, b| a.duty.mark.cmp(&b.duty.mark).then_with(|| a.duty.due.machine.cmp(&b.duty.due.machine)));
    }
    let more = due.len().saturating_sub(DUTIES);
    due.truncate(DUTIES);
    let later = match (more, incidents.saturating_sub(INCIDENTS)) {
        (0, 0) => String::new(),
        (more, 0) => format!("and {more} later"),
        (more, cases) => format!("and {more} later here, and more in {cases} further incidents"),
    };
    let new = if staff.may(Action::ReadInbox, Section::Report) { Some(new(&app, &staff).await?) } else { None };
    let personnel = if viewer.has(Role::HumanResources) {
        let lines = app.waiting_for_personnel(viewer).await?;
        let directory = app.directory();
        let waiting = |line: app::incidents::IncidentLine| Waiting {
            href: format!("/incidents/{}/form", line.reference),
            unit: directory.unit(line.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
            opened: times::short(line.opened_at, now, &zone),
            reference: line.reference,
        };
        Some(lines.into_iter().map(waiting).collect())
    } else {
        None
    };
    let desk = staff.desk(&app, "Home");
    let calm = "Nothing is due.".to_owned();
    let takes_calls = staff.may(Action::TakeCall, Section::Report);
    let administers = viewer.has(Role::Administrator);
    let know = know(&app, &staff);
    Ok(shown(&Home { desk, due, later, calm, new, personnel, takes_calls, administers, know }))
}

async fn new(app: &App, staff: &Staff) -> Result<New, app::Trouble> {
    let now = staff.now();
    let (lines, next) = app.inbox(&staff.who.viewer, None, 50).await?;
    let oldest = lines.iter().map(|l| now.seconds_since(l.received_at)).max().unwrap_or(0);
    let count = if next.is_some() { format!("More than {}", lines.len()) } else { lines.len().to_string() };
    Ok(New {
        words: match lines.len() {
            0 => "No reports wait.".to_owned(),
            1 => format!("1 report waits, for {} now.", times::span(oldest)),
            _ => format!("{count} reports wait, the oldest for {}.", times::span(oldest)),
        },
        next: lines.first().map(|l| format!("/inbox/{}", l.reference)).unwrap_or_default(),
        going_on: lines.iter().filter(|l| l.summary.signals.contains(&domain::report::Signal::GoingOn)).count(),
    })
}

/// Which policies bind this person's agency today, and which of them are out of force.
fn know(app: &App, staff: &Staff) -> Vec<String> {
    use domain::pack::Governing;
    let directory = app.directory();
    let Some(agency) = directory.agency(staff.who.viewer.tenant) else { return Vec::new() };
    let today = staff.now().day_in(&agency.profile.zone);
    agency
        .profile
        .policies
        .iter()
        .filter_map(|series| {
            let governing = app.packs().governing(series, today);
            match governing {
                Governing::InForce(pack) => Some(format!("Reports are taken under {}.", pack.title)),
                other => other.warning(),
            }
        })
        .collect()
}

/// Who did something, for pages that may name officers.
pub fn actor(app: &App, by: Actor) -> String {
    match by {
        Actor::Account(id) => app.name_of(id),
        Actor::Reporter => "the person who reported".to_owned(),
        Actor::System => "Tocsin".to_owned(),
    }
}
