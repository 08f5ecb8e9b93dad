//! One office at one unit: everybody who ever held it, who held it on any day, and the next designation.

use app::directory::Unit;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::organisation::register::Designation;
use domain::pack::{Role, RoleId};
use domain::permission::Action;
use jiff::civil::Date;
use serde::Deserialize;

use super::{colleagues, day, keeps, needed_day, today, unit_of};
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

/// `/organisation/office/{code}/{role}`
#[derive(Debug, Template)]
#[template(path = "organisation/office.html")]
pub struct OfficePage {
    /// The desk.
    pub desk: Desk,
    /// This page.
    pub address: String,
    /// “Chief security officer”
    pub office: String,
    /// The unit.
    pub unit: String,
    /// The clause behind the office, with what it says.
    pub cite: String,
    /// What the clause says.
    pub says: String,
    /// Everybody ever designated, the latest first.
    pub terms: Vec<Term>,
    /// The day that was asked about, as typed.
    pub on: String,
    /// Who held it on that day, in a sentence.
    pub held: String,
    /// Whether somebody holds it now.
    pub current: bool,
    /// People to choose from.
    pub people: Vec<Choice>,
    /// Whether the record has to say who designates.
    pub designator: bool,
    /// Whether this person designates.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(OfficePage);

/// A term of office.
#[derive(Debug, Clone)]
pub struct Term {
    /// Who.
    pub name: String,
    /// The first day.
    pub from: String,
    /// The last day, or “today”.
    pub until: String,
    /// Who designated them, or empty.
    pub by: String,
    /// Whether it covers today.
    pub now: bool,
}

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A day to ask about.
    #[serde(default)]
    on: String,
    #[serde(default)]
    done: String,
}

struct Office {
    unit: Unit,
    role: Role,
    cite: String,
    says: String,
}

fn find(app: &App, staff: &Staff, code: &str, role: &str) -> Result<Office, Trouble> {
    let unit = unit_of(app, staff, code)?;
    let pack = app.pack_for_report(unit.id, staff.now())?;
    let id = RoleId::parse(role).map_err(|_| Trouble::NotFound)?;
    let role = pack.role(&id).filter(|role| role.office.is_some()).ok_or(Trouble::NotFound)?.clone();
    let clause = role.clauses.first().and_then(|id| pack.clause(id));
    let (cite, says) = clause.map(|c| (c.cite.clone(), c.says.clone())).unwrap_or_default();
    Ok(Office { unit, role, cite, says })
}

/// The page. One statement of the store: the register is in memory.
pub async fn page(
    State(app): State<App>,
    Path((code, role)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let office = find(&app, &staff, &code, &role)?;
    let mut page = view(&app, &staff, &office, &asked.on)?;
    page.desk.flash = match asked.done.as_str() {
        "designated" => Flash::says("On record. They have the role that goes with the office from that day."),
        "ended" => Flash::says("On record. The role ends with the office."),
        _ => None,
    };
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff, office: &Office, on: &str) -> Result<OfficePage, Trouble> {
    let directory = app.directory();
    let agency = directory.agency(office.unit.tenant).ok_or(Trouble::NotFound)?;
    let today = today(app, staff);
    let asked = match on.trim() {
        "" => Ok(today),
        typed => times::read_day(typed, staff.now(), &staff.zone(app)).map_err(|e| problem("on", &e.to_string())),
    };
    let (asked, wrong) = match asked {
        Ok(day) => (day, None),
        Err(wrong) => (today, Some(wrong)),
    };
    let who = agency.register.holder_on(&office.role.id, office.unit.id, asked).map(|d| app.name_of(d.holder));
    let held = match who {
        Some(name) => format!("On {} {name} held this office.", times::day(asked)),
        None => format!("On {} nobody was designated to this office.", times::day(asked)),
    };
    let term = |d: &&Designation| Term {
        name: app.name_of(d.holder),
        from: times::day(d.from),
        until: d.until.map_or_else(|| "no end set".to_owned(), times::day),
        by: d.by.as_ref().map(ToString::to_string).unwrap_or_default(),
        now: d.covers(today),
    };
    let terms = agency.register.terms(&office.role.id, office.unit.id);
    let title = office.role.title.en.clone();
    let unit = office.unit.profile.name.en.clone();
    Ok(OfficePage {
        desk: staff
            .desk(app, format!("{title}, {unit}"))
            .under("/organisation", "Organization")
            .mend(wrong.into_iter().collect()),
        address: format!("/organisation/office/{}/{}", office.unit.code, office.role.id),
        office: title,
        unit,
        cite: office.cite.clone(),
        says: office.says.clone(),
        current: terms.iter().any(|d| d.covers(today)),
        terms: terms.iter().rev().map(term).collect(),
        on: on.to_owned(),
        held,
        people: colleagues(app, staff),
        designator: office.role.office.as_ref().is_some_and(|o| o.designator_required),
        keeps: keeps(app, staff),
        opened: String::new(),
        typed: Typed::default(),
    })
}

fn again(app: &App, staff: &Staff, office: &Office, opened: &str, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff, office, "")?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&OfficePage { desk, opened: opened.to_owned(), typed, ..page }))
}

/// Designates somebody. Sends `holder`, `from`, `until`, `by`.
pub async fn designate(
    State(app): State<App>,
    Path((code, role)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let office = find(&app, &staff, &code, &role)?;
    let may = app.allow_administering(&staff.who.viewer, Action::Administer)?;
    let read = || -> Result<Designation, Problem> {
        let holder = typed.get("holder").parse().map_err(|_| problem("holder", "Choose who holds the office."))?;
        let from = needed_day(&app, &staff, &typed, "from", "Write the first day, such as 2026-10-20.")?;
        let until = day(&app, &staff, &typed, "until")?;
        let by = typed.line("by")?;
        Ok(Designation { office: office.role.id.clone(), unit: office.unit.id, holder, from, until, by })
    };
    let new = match read() {
        Ok(new) => new,
        Err(wrong) => return again(&app, &staff, &office, "designate", typed, wrong),
    };
    let unnamed = new.by.is_none();
    match app.designate(&may, &new).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/office/{code}/{role}?done=designated"))),
        Err(Ok(words)) => {
            let required = office.role.office.as_ref().is_some_and(|o| o.designator_required);
            let field = if unnamed && required { "by" } else { "from" };
            again(&app, &staff, &office, "designate", typed, problem(field, &words))
        }
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Ends the present designation. Sends `last`.
pub async fn end(
    State(app): State<App>,
    Path((code, role)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let office = find(&app, &staff, &code, &role)?;
    let may = app.allow_administering(&staff.who.viewer, Action::Administer)?;
    let on: Date = today(&app, &staff);
    let last = match needed_day(&app, &staff, &typed, "last", "Write the last day, such as 2026-10-20.") {
        Ok(last) => last,
        Err(wrong) => return again(&app, &staff, &office, "end", typed, wrong),
    };
    match app.end_designation(&may, &office.role.id, office.unit.id, on, last).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/office/{code}/{role}?done=ended"))),
        Err(Ok(words)) => again(&app, &staff, &office, "end", typed, problem("last", &words)),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
