//! The plans of units: which unit has one, since when, and what is late.

use app::plans::Shelf;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::ids::UnitId;
use domain::organisation::plan::{Standing, Timeliness};
use domain::permission::Action;
use serde::Deserialize;

use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            organisation::offices::GapRow,
            sorry::Answer,
        },
    },
    times,
    typed::{Typed, problem},
};

/// `/readiness/plans`
#[derive(Debug, Template)]
#[template(path = "readiness/plans.html")]
pub struct PlansPage {
    /// The desk.
    pub desk: Desk,
    /// What the policy calls it.
    pub title: String,
    /// The clause behind it.
    pub cite: String,
    /// Units.
    pub rows: Vec<Row>,
    /// “1 of 3 approved.”
    pub count: String,
    /// Whether this person sets days.
    pub keeps: bool,
    /// What was typed.
    pub typed: Typed,
}

desks!(PlansPage);

/// A unit with its plan.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How the plan stands.
    pub says: String,
    /// On time, late, overdue.
    pub time: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// A word for the mark.
    pub word: &'static str,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// Whether a plan is on time, in words.
pub fn on_time(timeliness: Timeliness) -> String {
    let days = |n: i32| if n == 1 { "1 day".to_owned() } else { format!("{n} days") };
    match timeliness {
        Timeliness::OnTime => "on time".to_owned(),
        Timeliness::Late(n) => format!("{} late", days(n)),
        Timeliness::Open(Some(n)) => format!("due in {}", days(n)),
        Timeliness::Open(None) => "no day is set".to_owned(),
        Timeliness::Overdue(n) => format!("overdue by {}", days(n)),
    }
}

/// How a version stands, in words.
pub fn standing(app: &App, staff: &Staff, standing: &Standing) -> String {
    let by = |who, at| {
        let at = times::stamp(at, staff.now(), &staff.zone(app)).words;
        format!("approved by {}, {at}", app.name_of(who))
    };
    match standing {
        Standing::Draft => "being written".to_owned(),
        Standing::Submitted => "waits for approval".to_owned(),
        Standing::Returned(why) => format!("came back: {why}"),
        Standing::Approved(who, at) => by(*who, *at),
        Standing::Superseded(who, at) => format!("{}; a later version took its place", by(*who, *at)),
    }
}

fn row(app: &App, staff: &Staff, shelf: &Shelf<'_>, unit: &app::directory::Unit) -> Row {
    let latest = shelf.plans.latest(unit.id);
    let time = shelf.timeliness(unit.id, staff.now());
    let (mark, word) = match (shelf.plans.in_force(unit.id).is_some(), time) {
        (true, _) => ("met", "Approved"),
        (false, Timeliness::Overdue(_)) => ("overdue", "Gap"),
        (false, _) => ("soon", "Gap"),
    };
    Row {
        href: format!("/readiness/plans/{}", unit.code),
        code: unit.code.clone(),
        name: unit.profile.name.en.clone(),
        says: latest.map_or_else(
            || "not begun".to_owned(),
            |version| format!("version {}, {}", version.number, standing(app, staff, &version.standing)),
        ),
        time: on_time(time),
        mark,
        word,
    }
}

/// The page. One statement of the store: plans are in memory.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff)?;
    if done.done == "due" {
        page.desk.flash = Flash::says("The day is on record.");
    }
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff) -> Result<PlansPage, Trouble> {
    let shelf = app.plans(&staff.who.viewer)?;
    let rows: Vec<Row> = shelf.units.iter().map(|unit| row(app, staff, &shelf, unit)).collect();
    let clause = shelf.rules.clauses.first().and_then(|id| shelf.pack.clause(id));
    let approved = rows.iter().filter(|row| row.mark == "met").count();
    Ok(PlansPage {
        desk: staff.desk(app, "Incident plans").under("/readiness", "Readiness"),
        title: shelf.rules.title.clone(),
        cite: clause.map(|clause| format!("{}: {}", clause.cite, clause.says)).unwrap_or_default(),
        count: format!("{approved} of {} approved.", rows.len()),
        rows,
        keeps: app.allow_administering(&staff.who.viewer, Action::Administer).is_ok(),
        typed: Typed::default(),
    })
}

/// Sets the day by which a unit's plan is due. Sends `unit` (its code), `due`.
pub async fn due(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let unit = app.directory().unit_by_code(typed.get("unit")).map(|unit| unit.id).ok_or(Trouble::NotFound)?;
    let again = |wrong: Problem, typed: Typed| -> Answer {
        let page = view(&app, &staff)?;
        let desk = page.desk.clone().mend(vec![wrong]);
        Ok(shown(&PlansPage { desk, typed, ..page }))
    };
    let field = format!("due-{}", typed.get("unit"));
    let day = match times::read_day(typed.get(&field), staff.now(), &staff.zone(&app)) {
        Ok(day) => day,
        Err(wrong) => return again(problem(&field, &wrong.to_string()), typed),
    };
    app.set_plan_due(&staff.who.viewer, unit, day).await?;
    Ok(go("/readiness/plans?done=due"))
}

/// Units without an approved plan, for Home of those who write and approve them.
pub fn gaps(app: &App, staff: &Staff) -> Vec<GapRow> {
    let viewer = &staff.who.viewer;
    let Ok(shelf) = app.plans(viewer) else { return Vec::new() };
    let approves = app.approves_plans(viewer, &shelf);
    let clause = shelf.rules.clauses.first().and_then(|id| shelf.pack.clause(id));
    let cite = clause.map(|clause| clause.cite.clone()).unwrap_or_default();
    let mine = |unit: UnitId| approves || app.writes_plan(viewer, &shelf, unit);
    let gap = |unit: &app::directory::Unit| GapRow {
        words: format!("{} has no approved {}", unit.profile.name.en, shelf.rules.title.to_lowercase()),
        todo: match shelf.plans.latest(unit.id).map(|version| &version.standing) {
            Some(Standing::Submitted) if approves => "It waits for your approval".to_owned(),
            _ => on_time(shelf.timeliness(unit.id, staff.now())),
        },
        href: format!("/readiness/plans/{}", unit.code),
        cite: cite.clone(),
    };
    let open = shelf.units.iter().filter(|unit| shelf.plans.in_force(unit.id).is_none() && mine(unit.id));
    open.map(gap).collect()
}
