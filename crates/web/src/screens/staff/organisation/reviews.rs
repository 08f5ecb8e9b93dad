//! Reviews: the yearly round of summaries with each facility's state, whom its trends are told to, and routine looks.

use app::directory::Unit;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::organisation::UnitKind;
use domain::organisation::register::Register;
use domain::organisation::reviews::{Asked, Looked, RoundOpened, RoundState, RoundTold, Summary, Threshold};
use domain::pack::{Pack, RoleId};
use domain::permission::Action;
use domain::text::{Line, Note};
use serde::Deserialize;

use super::{needed_day, today, unit_of, units_seen};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// `/organisation/reviews?year=2006`
#[derive(Debug, Template)]
#[template(path = "organisation/reviews.html")]
pub struct Reviews {
    /// The desk.
    pub desk: Desk,
    /// The year that is shown.
    pub year: i16,
    /// What is said of the round: when it opens and ends, or that there is none.
    pub round: String,
    /// “3 received, 1 overdue”, or empty.
    pub counts: String,
    /// Facilities and how their summaries stand.
    pub facilities: Vec<Facility>,
    /// Whether this person may open a round.
    pub opens: bool,
    /// Whom the trends are told to: id, title, what is known of it, whether it is open.
    pub told: Vec<(String, String, String, bool)>,
    /// Whether this person records that.
    pub tells: bool,
    /// Facility by facility, for the officer of the whole agency.
    pub trends: Vec<Trend>,
    /// Thresholds and what crosses them.
    pub thresholds: Vec<Crossing>,
    /// Kinds of incident that a threshold can count.
    pub kinds: Vec<Choice>,
    /// The units for which this person sets thresholds.
    pub sets: Vec<(String, String)>,
    /// The parts of a routine look; empty where the policy wants none.
    pub parts: Vec<String>,
    /// Units and their last look.
    pub looks: Vec<Look>,
    /// The clauses behind all this: cite, and what it says.
    pub cites: Vec<(String, String)>,
    /// Whether this person keeps the agency.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Reviews);

/// A facility's trends.
#[derive(Debug, Clone)]
pub struct Trend {
    /// Its name.
    pub name: String,
    /// Incidents in the year before last, in the last year, and the change.
    pub incidents: (i64, i64, String),
    /// Forms completed of incidents of the last year.
    pub forms: u32,
    /// “80 %”, or empty.
    pub on_time: String,
    /// Days to completion in the middle, or empty.
    pub median: String,
}

/// A threshold, and the incidents that cross it.
#[derive(Debug, Clone)]
pub struct Crossing {
    /// Its entry.
    pub id: String,
    /// The unit's code.
    pub code: String,
    /// “3 of Malicious code in 30 days, Riverbend Center”
    pub says: String,
    /// “Set Mar 1, 2006 by A. Ortiz; looked at again by Mar 1, 2007”
    pub set: String,
    /// The incidents that call for a review: address and reference.
    pub incidents: Vec<(String, String)>,
    /// Whether this person ends it.
    pub ends: bool,
}

/// A facility in a round.
#[derive(Debug, Clone)]
pub struct Facility {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// “Received Apr 12, 2006”
    pub says: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// What its summary says, for the officer of the whole agency.
    pub summary: String,
    /// Whether this person sends it.
    pub sends: bool,
}

/// A unit and its last routine look.
#[derive(Debug, Clone)]
pub struct Look {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// “Apr 12, 2006 by A. Ortiz”, or that there was none.
    pub last: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// What was found, part by part.
    pub found: Vec<(String, String)>,
    /// Whether this person records one.
    pub records: bool,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// The year.
    #[serde(default)]
    year: String,
    /// What has just been done.
    #[serde(default)]
    done: String,
}

/// The page. Five statements of the store at most: session, kept counts, the incidents of a year and their streams, and
/// those that thresholds count.
pub async fn page(State(app): State<App>, Query(wanted): Query<Wanted>, staff: Staff) -> Answer {
    let year = wanted.year.parse().unwrap_or_else(|_| today(&app, &staff).year());
    let mut page = view(&app, &staff, year).await?;
    page.desk.flash = match wanted.done.as_str() {
        "opened" => Flash::says("Open. Each facility is asked for one summary."),
        "sent" => Flash::says("Sent. It is with the officer of the whole agency."),
        "told" => Flash::says("On record."),
        "set" => Flash::says("Set. What crosses it stands here as a review."),
        "ended" => Flash::says("It counts no more from tomorrow on."),
        "looked" => Flash::says("On record, with your name and today's date."),
        _ => None,
    };
    Ok(shown(&page))
}

/// The policy of the whole agency today.
fn policy<'a>(app: &'a App, staff: &Staff) -> Result<&'a Pack, Trouble> {
    let head = app.directory().head_of(staff.who.viewer.tenant).ok_or(Trouble::NotFound)?;
    app.pack_for_report(head, staff.now())
}

/// Whether this person organises a unit; the administrator only keeps the list of them.
fn works(app: &App, staff: &Staff, unit: &Unit) -> bool {
    !super::keeps(app, staff) && app.allow_organising(&staff.who.viewer, unit.id).is_ok()
}

async fn view(app: &App, staff: &Staff, year: i16) -> Result<Reviews, Trouble> {
    app.allow_seeing_organisation(&staff.who.viewer)?;
    let pack = policy(app, staff)?;
    let (directory, now) = (app.directory(), today(app, staff));
    let agency = directory.agency(staff.who.viewer.tenant).ok_or(Trouble::NotFound)?;
    let register = &agency.register;
    let whole = super::rules::whole_agency(app, staff).is_some() && !super::keeps(app, staff);
    let rule = pack.yearly_round.as_ref();
    let state = rule.and_then(|rule| register.round(rule, year, now));
    let facilities: Vec<Unit> =
        units_seen(app, staff).into_iter().filter(|unit| unit.profile.kind == UnitKind::Facility).collect();
    let told = rule.filter(|_| state.is_some()).into_iter().flat_map(|rule| &rule.tells);
    let told = told.map(|role| {
        let title = pack.role(role).map_or_else(|| role.to_string(), |r| r.title.en.clone());
        match register.told(year, role) {
            Some(told) => (role.to_string(), title, format!("Told {}: {}", times::day(told.on), told.how), false),
            None => (role.to_string(), title, "Not told yet".to_owned(), true),
        }
    });
    let trends = match state {
        Some(_) if whole => trends(app, staff, year, &facilities).await?,
        _ => Vec::new(),
    };
    let clauses = rule.into_iter().flat_map(|r| &r.clauses);
    let clauses = clauses.chain(pack.routine_review.iter().flat_map(|r| &r.clauses));
    Ok(Reviews {
        desk: staff.desk(app, "Reviews").under("/organisation", "Organization"),
        round: match (&state, rule) {
            (Some(state), _) => format!(
                "Open from {} to {}, about incidents of {} to {}.",
                times::day(state.opens),
                times::day(state.due),
                times::day(state.reach.0),
                times::day(state.reach.1)
            ),
            (None, Some(rule)) if rule.mandatory => format!("There is no round for {year}."),
            (None, Some(_)) => format!("Nobody has opened a round for {year}; none is owed."),
            (None, None) => "The policy in force knows no yearly round.".to_owned(),
        },
        counts: state.map_or_else(String::new, |state| counted(register, &state, year, &facilities, now)),
        facilities: state.map_or_else(Vec::new, |state| {
            facilities.iter().map(|unit| facility(app, staff, (register, &state, year, now), unit, whole)).collect()
        }),
        opens: whole && state.is_none() && rule.is_some_and(|rule| !rule.mandatory && rule.of(year).is_some()),
        told: told.collect(),
        tells: whole,
        trends,
        thresholds: crossings(app, staff, pack, register, &facilities).await?,
        kinds: pack.categories.iter().map(|c| Choice::new(c.id.as_str(), c.label.en.clone())).collect(),
        sets: if pack.routine_review.is_some() { sets(app, staff, &facilities) } else { Vec::new() },
        parts: pack.routine_review.as_ref().map(|review| review.parts.clone()).unwrap_or_default(),
        looks: looks(app, staff, pack, register, &facilities, now),
        cites: clauses.filter_map(|id| pack.clause(id)).map(|c| (c.cite.clone(), c.says.clone())).collect(),
        keeps: super::keeps(app, staff),
        opened: String::new(),
        typed: Typed::default(),
        year,
    })
}

type Day = jiff::civil::Date;

fn counted(register: &Register, state: &RoundState, year: i16, facilities: &[Unit], now: Day) -> String {
    let asked: Vec<Asked> = facilities.iter().map(|unit| register.asked(state, year, unit.id, now)).collect();
    let received = asked.iter().filter(|a| matches!(a, Asked::Received(_))).count();
    let of = |one: Asked| asked.iter().filter(|a| **a == one).count();
    let parts = [(received, "received"), (of(Asked::Requested), "requested"), (of(Asked::Overdue), "overdue")];
    let told: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    told.join(", ")
}

fn facility(
    app: &App,
    staff: &Staff,
    (register, state, year, now): (&Register, &RoundState, i16, Day),
    unit: &Unit,
    whole: bool,
) -> Facility {
    let (says, mark) = match register.asked(state, year, unit.id, now) {
        Asked::Received(on) => (format!("Received {}", times::day(on)), "met"),
        Asked::Requested => (format!("Requested, due {}", times::day(state.due)), "running"),
        Asked::Overdue => (format!("Overdue since {}", times::day(state.due)), "overdue"),
    };
    let summary = register.summary(year, unit.id);
    let own = works(app, staff, unit);
    Facility {
        code: unit.code.clone(),
        name: unit.profile.name.en.clone(),
        says,
        mark,
        sends: own && summary.is_none(),
        summary: summary.filter(|_| whole || own).map(|summary| summary.says.to_string()).unwrap_or_default(),
    }
}

fn looks(app: &App, staff: &Staff, pack: &Pack, register: &Register, units: &[Unit], now: Day) -> Vec<Look> {
    let Some(review) = &pack.routine_review else { return Vec::new() };
    let days = pack.locals.iter().find(|local| local.id == review.every).and_then(|local| local.default);
    let one = |unit: &Unit| {
        let last = register.last_look(unit.id);
        let next =
            last.zip(days).and_then(|(last, days)| last.on.checked_add(jiff::Span::new().days(i64::from(days))).ok());
        let late = next.is_some_and(|next| next < now);
        let next = next.map(|next| format!("; again by {}", times::day(next))).unwrap_or_default();
        Look {
            code: unit.code.clone(),
            name: unit.profile.name.en.clone(),
            mark: if last.is_none() || late { "soon" } else { "met" },
            last: last.map_or_else(
                || "Never".to_owned(),
                |look| format!("{} by {}{next}", times::day(look.on), app.name_of(look.by)),
            ),
            found: last.into_iter().flat_map(|l| &l.found).map(|(p, f)| (p.to_string(), f.to_string())).collect(),
            records: works(app, staff, unit),
        }
    };
    units.iter().map(one).collect()
}

/// What a round is about, facility by facility: incidents of the two civil years before, and how the forms of the last
/// of them were kept.
async fn trends(app: &App, staff: &Staff, year: i16, facilities: &[Unit]) -> Result<Vec<Trend>, Trouble> {
    let viewer = &staff.who.viewer;
    let counts = app.unit_counts(viewer, (year - 2, year - 1)).await?;
    let rates = app.form_rates(viewer, year - 1).await?;
    let row = |unit: &Unit| {
        let of = |year| counts.get(&(unit.id.to_string(), year)).copied().unwrap_or(0);
        let (old, new) = (of(year - 2), of(year - 1));
        let rate = rates.iter().find(|rate| rate.unit == unit.id);
        Trend {
            name: unit.profile.name.en.clone(),
            incidents: (old, new, format!("{:+}", new - old)),
            forms: rate.map_or(0, |rate| rate.forms),
            on_time: rate.map_or_else(String::new, |rate| format!("{} %", rate.percent())),
            median: rate.map_or_else(String::new, |rate| rate.median_days.to_string()),
        }
    };
    Ok(facilities.iter().map(row).collect())
}

/// The thresholds of units, and what crosses them. A routine look after the last incident answers for it.
async fn crossings(
    app: &App,
    staff: &Staff,
    pack: &Pack,
    register: &Register,
    units: &[Unit],
) -> Result<Vec<Crossing>, Trouble> {
    let mine = |t: &&Threshold| t.until.is_none() && units.iter().any(|unit| unit.id == t.unit);
    let thresholds: Vec<Threshold> = register.thresholds.iter().filter(mine).cloned().collect();
    let zone = staff.zone(app);
    let reads = staff.may(Action::Read, Section::Officer);
    let found = if reads { app.crossed(&staff.who.viewer, &thresholds, &zone).await? } else { Vec::new() };
    let one = |(n, threshold): (usize, &Threshold)| {
        let unit = units.iter().find(|unit| unit.id == threshold.unit)?;
        let kind = pack.categories.iter().find(|c| c.id == threshold.kind);
        let kind = kind.map_or_else(|| threshold.kind.to_string(), |c| c.label.en.clone());
        let again = threshold.from.checked_add(jiff::Span::new().days(i64::from(threshold.again_after)));
        let again = again.map(|day| format!("; looked at again by {}", times::day(day))).unwrap_or_default();
        let lines = found.get(n).cloned().flatten().unwrap_or_default();
        let last = lines.last().map(|line| line.opened_at.day_in(&zone));
        let answered = register.last_look(unit.id).zip(last).is_some_and(|(look, last)| look.on > last);
        let lines = if answered { Vec::new() } else { lines };
        Some(Crossing {
            id: threshold.id.to_string(),
            code: unit.code.clone(),
            says: format!("{} of {kind} in {} days, {}", threshold.count, threshold.days, unit.profile.name.en),
            set: format!("Set {} by {}{again}", times::day(threshold.from), app.name_of(threshold.by)),
            incidents: lines.iter().map(|l| (format!("/incidents/{}", l.reference), l.reference.clone())).collect(),
            ends: works(app, staff, unit),
        })
    };
    Ok(thresholds.iter().enumerate().filter_map(one).collect())
}

/// The units for which somebody sets thresholds: code and name.
fn sets(app: &App, staff: &Staff, units: &[Unit]) -> Vec<(String, String)> {
    let own = units.iter().filter(|unit| works(app, staff, unit));
    own.map(|unit| (unit.code.clone(), unit.profile.name.en.clone())).collect()
}

async fn again(app: &App, staff: &Staff, year: i16, opened: &str, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff, year).await?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&Reviews { desk, opened: opened.to_owned(), typed, ..page }))
}

/// The year that a form is about.
fn year_of(app: &App, staff: &Staff, typed: &Typed) -> i16 {
    typed.get("year").parse().unwrap_or_else(|_| today(app, staff).year())
}

/// Opens a round. Sends `year` and `due`.
pub async fn open(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = super::rules::whole_agency(&app, &staff).ok_or(Trouble::NotFound)?;
    let year = year_of(&app, &staff, &typed);
    let due = match needed_day(&app, &staff, &typed, "due", "Write the last day for summaries, such as 2017-09-30.") {
        Ok(due) => due,
        Err(wrong) => return again(&app, &staff, year, "open", typed, wrong).await,
    };
    let new = RoundOpened { year, on: today(&app, &staff), due };
    match app.open_round(&may, &new).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/reviews?year={year}&done=opened"))),
        Err(Ok(words)) => again(&app, &staff, year, "open", typed, problem("due", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Sends a facility's summary. Sends `year` and `summary`.
pub async fn send(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = app.allow_organising(&staff.who.viewer, unit.id)?;
    let year = year_of(&app, &staff, &typed);
    let form = format!("summary-{code}");
    let says: Note = match typed.needed_prose(&form, "Write the summary of the facility's incidents.") {
        Ok(says) => says,
        Err(wrong) => return again(&app, &staff, year, &form, typed, wrong).await,
    };
    let new = Summary { year, unit: unit.id, on: today(&app, &staff), by: staff.who.viewer.account, says };
    match app.send_summary(&may, &new).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/reviews?year={year}&done=sent"))),
        Err(Ok(words)) => again(&app, &staff, year, &form, typed, problem(&form, &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Records whom the trends were told to. Sends `year`, `to` and `how`.
pub async fn tell(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = super::rules::whole_agency(&app, &staff).ok_or(Trouble::NotFound)?;
    let year = year_of(&app, &staff, &typed);
    let to = RoleId::parse(typed.get("to")).map_err(|_| Trouble::NotFound)?;
    let form = format!("how-{to}");
    let how: Note = match typed.needed_prose(&form, "Write how it was told: a meeting, a letter.") {
        Ok(how) => how,
        Err(wrong) => return again(&app, &staff, year, &form, typed, wrong).await,
    };
    match app.tell_round(&may, &RoundTold { year, to, on: today(&app, &staff), how }).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/reviews?year={year}&done=told"))),
        Err(Ok(words)) => again(&app, &staff, year, &form, typed, problem(&form, &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Records a routine look. Sends `part-1`, `part-2` … for the parts of the policy.
pub async fn look(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = app.allow_organising(&staff.who.viewer, unit.id)?;
    let (year, form) = (today(&app, &staff).year(), format!("look-{code}"));
    let parts = policy(&app, &staff)?.routine_review.as_ref().ok_or(Trouble::NotFound)?.parts.clone();
    let mut found = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        let name = format!("part-{}", n + 1);
        let missing = format!("Write what you found about {part}, or that nothing was found.");
        let words: Note = match typed.needed_prose(&name, &missing) {
            Ok(words) => words,
            Err(wrong) => return again(&app, &staff, year, &form, typed, wrong).await,
        };
        let part = Line::parse(part).map_err(|e| Trouble::fault("naming a part", e))?;
        found.push((part, words));
    }
    let new = Looked { unit: unit.id, on: today(&app, &staff), by: staff.who.viewer.account, found };
    match app.record_look(&may, &new).await.map_err(refusal) {
        Ok(()) => Ok(go("/organisation/reviews?done=looked")),
        Err(Ok(words)) => again(&app, &staff, year, &form, typed, problem("part-1", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Sets a threshold. Sends `kind`, `count`, `days` and `again`.
pub async fn set(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = app.allow_organising(&staff.who.viewer, unit.id)?;
    let (year, form) = (today(&app, &staff).year(), format!("threshold-{code}"));
    let pack = policy(&app, &staff)?;
    let number = |name: &str, missing: &str| typed.get(name).parse::<u32>().map_err(|_| problem(name, missing));
    let read = || -> Result<Threshold, Problem> {
        let kind = pack.categories.iter().find(|c| c.id.as_str() == typed.get("kind"));
        Ok(Threshold {
            id: app.draw(),
            unit: unit.id,
            kind: kind.ok_or_else(|| problem("kind", "Choose a kind of incident."))?.id.clone(),
            count: number("count", "Write how many, in figures.")?,
            days: number("days", "Write within how many days, in figures.")?,
            again_after: number("again", "Write after how many days it is looked at again, in figures.")?,
            by: staff.who.viewer.account,
            from: today(&app, &staff),
            until: None,
        })
    };
    let new = match read() {
        Ok(new) => new,
        Err(wrong) => return again(&app, &staff, year, &form, typed, wrong).await,
    };
    match app.set_threshold(&may, &new).await.map_err(refusal) {
        Ok(()) => Ok(go("/organisation/reviews?done=set")),
        Err(Ok(words)) => again(&app, &staff, year, &form, typed, problem("count", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Ends a threshold.
pub async fn end(State(app): State<App>, Path((code, id)): Path<(String, String)>, staff: Staff) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = app.allow_organising(&staff.who.viewer, unit.id)?;
    let id = id.parse().map_err(|_| Trouble::NotFound)?;
    app.end_threshold(&may, id, today(&app, &staff)).await?;
    Ok(go("/organisation/reviews?done=ended"))
}
