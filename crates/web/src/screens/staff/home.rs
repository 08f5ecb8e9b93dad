//! Home: what needs this person now, in the same order for everybody: due, new, waiting on others, good to know.

pub mod waiting;
pub mod work;

use app::home::AtHand;
use app::inbox::InboxLine;
use app::incidents::IncidentLine;
use app::{App, ReportState, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::actor::{Actor, Section};
use domain::ids::UnitId;
use domain::permission::{Action, Role};
use domain::report::Signal;
use jiff::civil::Date;
use serde::Deserialize;

use super::desk::{Desk, Staff, desks, page as shown};
use super::duties::{DutyRow, Mark, rows};
use super::incident::view::clocks::hold_stands;
use super::organisation::{notices, offices::GapRow, offices::gap_row};
use super::sorry::Answer;
use crate::times;
use waiting::WaitingOn;
use work::Work;

/// Incidents whose duties stand on the page.
const INCIDENTS: usize = 8;
/// What is due later than this many seconds from now is not Home's business yet.
const AHEAD_SECONDS: i64 = 45 * 24 * 3_600;
/// A request for silence that ends within so many days, or ended so many days ago, is on the page.
const HOLD_DAYS: i32 = 7;
/// Duties on the page; the rest is counted.
const DUTIES: usize = 8;

/// `/home`
#[derive(Debug, Default, Template)]
#[template(path = "staff/home.html")]
pub struct Home {
    /// The desk.
    pub desk: Desk,
    /// Duties, the most urgent first.
    pub due: Vec<Due>,
    /// “and 3 later”, or empty.
    pub later: String,
    /// Not every open incident was looked through: a list names all with a request for silence.
    pub silence_elsewhere: bool,
    /// One sentence when nothing is due.
    pub calm: String,
    /// What is this person's to do without a date of the law's, when they read incidents.
    pub work: Option<Work>,
    /// Incidents that this person takes part in without a role there: address, reference, title.
    pub part: Vec<(String, String, String)>,
    /// Reports that wait, when this person reads the inbox.
    pub new: Option<New>,
    /// Questions that wait for this person's own voice.
    pub votes: Vec<waiting::Row>,
    /// What waits for others, when this person reads incidents or reports.
    pub waiting: Option<WaitingOn>,
    /// Incidents that wait for human resources.
    pub personnel: Option<Vec<Waiting>>,
    /// Whether this person takes calls.
    pub takes_calls: bool,
    /// Whether calls are all that this person takes: then the button is what the page is about.
    pub only_calls: bool,
    /// What needs an administrator, one line each with where to mend it; for administrators only.
    pub keep: Option<Vec<(String, &'static str)>>,
    /// The readiness level and what it asks of this person, where the policy has levels and they see them.
    pub ready: Option<super::readiness::todo::Ready>,
    /// What is missing in the organisation, for those who see it.
    pub gaps: Vec<GapRow>,
    /// Good to know, one line each.
    pub know: Vec<String>,
}

desks!(Home);

/// A duty with its incident, or a request for silence that ends.
#[derive(Debug, Clone, Default)]
pub struct Due {
    /// Where on the incident's page it stands.
    pub href: String,
    /// The incident's reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// How it stands.
    pub says: String,
    /// What is to be done, or what ends.
    pub what: String,
    /// The clause, or empty.
    pub cite: String,
    /// “no later than”, or empty.
    pub strength: String,
    /// When.
    pub due: times::Stamp,
    order: Mark,
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

/// An incident that waits for human resources.
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

/// The page. Five statements of the store at most: session, two lists, streams, inbox; for human resources two.
pub async fn page(State(app): State<App>, Query(_): Query<Asked>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let mut home = Home { desk: staff.desk(&app, "Home"), ..Home::default() };
    if staff.may(Action::Read, Section::Officer) {
        let at_hand = app.at_hand(viewer, INCIDENTS).await?;
        (home.due, home.later) = due(&app, &staff, &at_hand)?;
        home.silence_elsewhere = at_hand.more;
        home.votes = waiting::on_this_person(&app, &staff, &at_hand)?;
        if staff.may(Action::Work, Section::Officer) || home.votes.is_empty() {
            home.waiting = Some(waiting::on_incidents(&app, &staff, &at_hand)?);
        }
        home.work = Some(work::of(&app, &staff, &at_hand)?);
    } else {
        let lines = app.taking_part(viewer).await?;
        let told = |line: IncidentLine| {
            (format!("/incidents/{}", line.reference), line.reference.clone(), line.summary.title.clone())
        };
        home.part = lines.into_iter().map(told).collect();
    }
    if staff.may(Action::ReadInbox, Section::Report) {
        let (lines, next) = app.inbox(viewer, None, 50).await?;
        home.new = Some(new(&staff, &lines, next.is_some()));
        let asked = waiting::on_reporters(&app, &staff, &lines);
        home.waiting.get_or_insert_default().rows.splice(0..0, asked);
    }
    if viewer.has(Role::HumanResources) {
        home.personnel = Some(personnel(&app, &staff).await?);
    }
    home.calm = "Nothing is due.".to_owned();
    home.takes_calls = staff.may(Action::TakeCall, Section::Report);
    home.only_calls = home.takes_calls && home.new.is_none();
    if let Ok(may) = app.allow_administering(viewer, Action::SeeHealth) {
        let brief = app.health_in_brief(&may).await?;
        let place = |name: &str| match name {
            "officers" => "/admin/units",
            "policies" => "/admin/packs",
            _ => "/admin/health",
        };
        home.keep = Some(brief.into_iter().map(|found| (found.found, place(found.name))).collect());
    }
    let keeps = app.allow_administering(viewer, Action::Administer).is_ok();
    home.gaps = app.gaps(viewer).iter().filter_map(|office| gap_row(&app, office, keeps)).collect();
    home.gaps.extend(super::readiness::plans::gaps(&app, &staff));
    home.ready = super::readiness::todo::on_home(&app, &staff);
    home.know = know(&app, &staff);
    home.know.extend(notice(&app, &staff));
    Ok(shown(&home))
}

/// Duties of the nearest incidents, the most urgent first, and how many stand further off.
fn due(app: &App, staff: &Staff, at_hand: &AtHand) -> Result<(Vec<Due>, String), Trouble> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let soon = now.plus_seconds(AHEAD_SECONDS);
    let mut due = Vec::new();
    // A request for silence may run on an incident without any date.
    for (line, incident) in at_hand.due.iter().chain(&at_hand.undated) {
        let pack = app.pack_of_incident(incident)?;
        let open = incident.duties.values().filter(|d| d.met.is_none() && d.duty.due.by.is_some_and(|by| by <= soon));
        let laws = app.laws_of_incident(incident);
        let place = |anchor: String, row: Due| Due {
            href: format!("/incidents/{}#{anchor}", line.reference),
            reference: line.reference.clone(),
            title: line.summary.title.clone(),
            unit: unit_name(app, line.unit),
            ..row
        };
        let duties = rows(open, pack, &laws, |by| actor(app, by), now, &zone);
        due.extend(duties.into_iter().map(|duty| place(format!("duty-{}", duty.rule), of_duty(duty))));
        for (hold, lifted) in incident.holds.iter().filter(|(_, lifted)| lifted.is_none()) {
            let ends = app.hold_ends(incident, hold, *lifted)?;
            let near = ends.filter(|day| (*day - now.day_in(&zone)).get_days().abs() <= HOLD_DAYS);
            due.extend(near.map(|day| place("holds".to_owned(), of_hold(day, now.day_in(&zone)))));
        }
    }
    due.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.due.machine.cmp(&b.due.machine)));
    let more = due.len().saturating_sub(DUTIES);
    due.truncate(DUTIES);
    let later = match (more, at_hand.dated.saturating_sub(INCIDENTS)) {
        (0, 0) => String::new(),
        (more, 0) => format!("and {more} later"),
        (0, cases) => format!("and more in {cases} further incidents"),
        (more, cases) => format!("and {more} later here, and more in {cases} further incidents"),
    };
    Ok((due, later))
}

fn of_duty(duty: DutyRow) -> Due {
    Due {
        mark: duty.mark.class(),
        says: duty.says,
        what: duty.title,
        cite: duty.clauses.into_iter().next().map(|clause| clause.cite).unwrap_or_default(),
        strength: duty.strength,
        due: duty.due,
        order: duty.mark,
        ..Due::default()
    }
}

/// A request for silence that is about to end or has just ended: what it paused is due then, and nothing goes out alone.
fn of_hold(ends: Date, today: Date) -> Due {
    let (mark, says, _) = hold_stands(Some(ends), None, today);
    Due {
        mark: mark.class(),
        says,
        what: "A request for silence: see what is due when it ends".to_owned(),
        strength: "ends".to_owned(),
        due: times::Stamp { words: times::day(ends), machine: ends.to_string(), ..times::Stamp::default() },
        order: mark,
        ..Due::default()
    }
}

/// Incidents that wait for human resources.
async fn personnel(app: &App, staff: &Staff) -> Result<Vec<Waiting>, Trouble> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let lines = app.waiting_for_personnel(&staff.who.viewer).await?;
    let waiting = |line: IncidentLine| Waiting {
        href: format!("/incidents/{}/form", line.reference),
        unit: unit_name(app, line.unit),
        opened: times::short(line.opened_at, now, &zone),
        reference: line.reference,
    };
    Ok(lines.into_iter().map(waiting).collect())
}

/// What nobody has decided yet; reports that wait for their reporter's answer stand further below.
fn new(staff: &Staff, lines: &[InboxLine], more: bool) -> New {
    let waits: Vec<&InboxLine> = lines.iter().filter(|line| line.state == ReportState::Waiting).collect();
    let oldest = waits.iter().map(|l| staff.now().seconds_since(l.received_at)).max().unwrap_or(0);
    let count = if more { format!("More than {}", waits.len()) } else { waits.len().to_string() };
    New {
        words: match waits.len() {
            0 => "No reports wait.".to_owned(),
            1 if !more => format!("1 report waits, for {} now.", times::span(oldest)),
            _ => format!("{count} reports wait, the oldest for {}.", times::span(oldest)),
        },
        next: waits.first().map(|l| format!("/inbox/{}", l.reference)).unwrap_or_default(),
        going_on: waits.iter().filter(|l| l.summary.signals.contains(&Signal::GoingOn)).count(),
    }
}

/// A unit by name.
pub fn unit_name(app: &App, unit: UnitId) -> String {
    app.directory().unit(unit).map(|u| u.profile.name.en.clone()).unwrap_or_default()
}

/// The latest notice of the state, for those who see the organisation.
fn notice(app: &App, staff: &Staff) -> Option<String> {
    app.allow_seeing_organisation(&staff.who.viewer).ok()?;
    let directory = app.directory();
    let register = &directory.agency(staff.who.viewer.tenant)?.register;
    let latest = register.notices.iter().max_by_key(|notice| (notice.on, notice.at))?;
    let pack = app.pack_for_report(directory.head_of(staff.who.viewer.tenant)?, staff.now()).ok()?;
    let row = notices::row(app, pack, latest);
    let level = if row.level.is_empty() || row.level == row.says { String::new() } else { format!("{}: ", row.level) };
    Some(format!("Notice of {}, {}: {level}{}", row.source, row.at, row.says))
}

/// Which policies bind this person's agency today, and which of them are out of force.
fn know(app: &App, staff: &Staff) -> Vec<String> {
    let tenant = staff.who.viewer.tenant;
    let mut lines = policies(app, staff);
    // The same text is not told twice: a watch says more than the warning.
    let watches = app.watches(tenant);
    lines.retain(|line| watches.iter().all(|watch| watch.words != *line));
    lines.extend(watches.into_iter().map(|watch| watch.words));
    lines
}

/// The policies that bind today, one line each.
fn policies(app: &App, staff: &Staff) -> Vec<String> {
    use domain::pack::{Governing, PackKind};
    let directory = app.directory();
    let Some(agency) = directory.agency(staff.who.viewer.tenant) else { return Vec::new() };
    let today = staff.now().day_in(&agency.profile.zone);
    agency
        .profile
        .policies
        .iter()
        .filter_map(|series| {
            let governing = app.packs().of(agency.id).governing(series, today);
            match governing {
                Governing::InForce(pack) if pack.kind == PackKind::Law => {
                    Some(format!("{} binds as well.", pack.title))
                }
                Governing::InForce(pack) => Some(format!("Reports are taken under {}.", pack.title)),
                // Somebody said on record that the text is in force all the same.
                Governing::Expired(pack, _) if app.statement(agency.id, &pack.id).is_some() => {
                    Some(format!("Reports are taken under {}.", pack.title))
                }
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
