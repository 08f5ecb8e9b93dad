//! The workforce of a unit as far as it is listed, and who of it has acknowledged or was taught what. Nobody needs to be
//! listed to report.

use app::directory::Unit;
use app::workforce::{Teaching, read_list, teaching};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::EntryId;
use domain::organisation::workforce::{Coverage, Workforce};
use domain::pack::Pack;
use domain::permission::Allowed;
use domain::text::Line;
use serde::Deserialize;

use super::{day, keeps, needed_day, today, unit_of, units_seen};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// `/organisation/people`
#[derive(Debug, Template)]
#[template(path = "organisation/workforce.html")]
pub struct Units {
    /// The desk.
    pub desk: Desk,
    /// Units with how far each is covered.
    pub units: Vec<UnitRow>,
    /// Whether this person keeps the agency.
    pub keeps: bool,
}

/// A unit and how far it is covered.
#[derive(Debug, Clone)]
pub struct UnitRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// “47 of 50 acknowledged DMH DOR 8.350 (2016)”
    pub says: String,
    /// Whether somebody is missing.
    pub missing: bool,
}

/// `/organisation/people/{code}`
#[derive(Debug, Template)]
#[template(path = "organisation/people.html")]
pub struct People {
    /// The desk.
    pub desk: Desk,
    /// `/organisation/people/RVB`
    pub address: String,
    /// The unit.
    pub unit: String,
    /// The material that is looked at, as it is stored.
    pub material: String,
    /// What people call it.
    pub called: String,
    /// “47 of 50”
    pub reached: String,
    /// “94 %”, or empty while nobody is listed.
    pub percent: String,
    /// Whether people acknowledge it; otherwise they are taught it.
    pub acknowledges: bool,
    /// The clause that asks for it, or empty.
    pub cite: String,
    /// What that clause says.
    pub says: String,
    /// People whom it has not reached.
    pub missing: Vec<MemberRow>,
    /// People whom it has reached, with when and by whom.
    pub done: Vec<MemberRow>,
    /// Other materials, each with its page.
    pub others: Vec<(String, String)>,
    /// Kinds that people here can be, for the hint of the list.
    pub kinds: String,
    /// The guide that everybody can read.
    pub guide: String,
    /// Whether this person records here.
    pub records: bool,
    /// Whether this person keeps the agency.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Units, People);

/// Somebody on the list.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Their entry.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their kind, since when, and what else there is to say.
    pub about: String,
    /// Whether they were taught nothing yet.
    pub never: bool,
}

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The material to look at.
    #[serde(default)]
    of: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    count: usize,
}

/// What a unit's people are to have heard: the edition, or the latest material of the agency.
fn material(pack: &Pack, workforce: &Workforce, asked: &str) -> String {
    if !asked.trim().is_empty() {
        return asked.trim().chars().take(120).collect();
    }
    match teaching(pack).0 {
        Teaching::Acknowledge => pack.id.to_string(),
        Teaching::Instruct | Teaching::Unasked => {
            workforce.materials().first().map_or_else(|| pack.id.to_string(), |m| (*m).to_owned())
        }
    }
}

fn called(app: &App, material: &str) -> String {
    let edition = app.packs().all().iter().find(|pack| pack.id.as_str() == material);
    edition.map_or_else(|| material.to_owned(), |pack| pack.title.clone())
}

/// The units. Two statements of the store.
pub async fn units(State(app): State<App>, staff: Staff) -> Answer {
    let may = app.allow_seeing_organisation(&staff.who.viewer)?;
    let workforce = app.workforce(&may).await?;
    let (directory, today) = (app.directory(), today(&app, &staff));
    let row = |unit: Unit| {
        let pack = app.pack_for_report(unit.id, staff.now()).ok()?;
        let material = material(pack, &workforce, "");
        let coverage = workforce.coverage(&directory.below(unit.id), &material, today);
        let verb = if teaching(pack).0 == Teaching::Acknowledge { "acknowledged" } else { "taught" };
        Some(UnitRow {
            href: format!("/organisation/people/{}", unit.code),
            name: unit.profile.name.en.clone(),
            says: match coverage.people() {
                0 => "nobody is listed".to_owned(),
                n => format!("{} of {n} {verb}: {}", coverage.reached.len(), called(&app, &material)),
            },
            missing: !coverage.missing.is_empty(),
        })
    };
    let rows = units_seen(&app, &staff).into_iter().filter_map(row).collect();
    let desk = staff.desk(&app, "People").under("/organisation", "Organization");
    Ok(shown(&Units { desk, units: rows, keeps: keeps(&app, &staff) }))
}

/// The people of a unit. Two statements of the store.
pub async fn page(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let mut page = view(&app, &staff, &unit, &asked.of).await?;
    page.desk.flash = match asked.done.as_str() {
        "listed" => Flash::says(format!("{} people are new on the list.", asked.count)),
        "taught" => Flash::says("On record."),
        "left" => Flash::says("On record: they work here no more after that day."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, unit: &Unit, of: &str) -> Result<People, Trouble> {
    let may = app.allow_seeing_organisation(&staff.who.viewer)?;
    let workforce = app.workforce(&may).await?;
    let pack = app.pack_for_report(unit.id, staff.now())?;
    let (kind, clause) = teaching(pack);
    let clause = clause.and_then(|id| pack.clause(id));
    let material = material(pack, &workforce, of);
    let units = app.directory().below(unit.id);
    let coverage = workforce.coverage(&units, &material, today(app, staff));
    let (missing, done) = rows(app, staff, unit, &workforce, &coverage);
    let address = format!("/organisation/people/{}", unit.code);
    let others = workforce.materials().into_iter().filter(|other| *other != material);
    let link = |other: &str| (crate::query::address(&address, &[("of", other)]), called(app, other));
    let kinds = app.kinds_for(unit.id, staff.now());
    Ok(People {
        desk: staff
            .desk(app, format!("People of {}", unit.profile.name.en))
            .under("/organisation", "Organization")
            .under("/organisation/people", "People"),
        unit: unit.profile.name.en.clone(),
        called: called(app, &material),
        reached: format!("{} of {}", coverage.reached.len(), coverage.people()),
        percent: coverage.percent().map(|percent| format!("{percent} %")).unwrap_or_default(),
        acknowledges: kind == Teaching::Acknowledge,
        cite: clause.map(|c| c.cite.clone()).unwrap_or_default(),
        says: clause.map(|c| c.says.clone()).unwrap_or_default(),
        missing,
        done,
        others: others.map(link).collect(),
        kinds: kinds.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", "),
        guide: format!("/r/{}/guide", unit.code),
        records: app.allow_organising(&staff.who.viewer, unit.id).is_ok(),
        keeps: keeps(app, staff),
        material,
        address,
        opened: String::new(),
        typed: Typed::default(),
    })
}

fn rows(
    app: &App,
    staff: &Staff,
    unit: &Unit,
    workforce: &Workforce,
    coverage: &Coverage<'_>,
) -> (Vec<MemberRow>, Vec<MemberRow>) {
    let kinds = app.kinds_for(unit.id, staff.now());
    let directory = app.directory();
    let about = |member: &domain::organisation::workforce::Member| {
        let kind = kinds.iter().find(|(id, _)| *id == member.kind);
        let kind = kind.map_or_else(|| member.kind.to_string(), |(_, label)| label.en.clone());
        let elsewhere = directory.unit(member.unit).filter(|u| u.id != unit.id);
        let place = elsewhere.map(|u| format!(", {}", u.profile.name.en)).unwrap_or_default();
        format!("{kind}{place}, since {}", times::day(member.from))
    };
    let missing = coverage.missing.iter().map(|member| MemberRow {
        id: member.id.to_string(),
        name: member.name.to_string(),
        about: about(member),
        never: !workforce.ever_taught(member),
    });
    let done = coverage.reached.iter().map(|(member, taught)| MemberRow {
        id: member.id.to_string(),
        name: member.name.to_string(),
        about: match &taught.by {
            Some(by) => format!("{} by {by}", times::day(taught.on)),
            None => times::day(taught.on),
        },
        never: false,
    });
    (missing.collect(), done.collect())
}

async fn again(app: &App, staff: &Staff, unit: &Unit, opened: &str, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff, unit, typed.get("material")).await?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&People { desk, opened: opened.to_owned(), typed, ..page }))
}

fn may(app: &App, staff: &Staff, unit: &Unit) -> Result<Allowed, Trouble> {
    app.allow_organising(&staff.who.viewer, unit.id)
}

/// Lists people. Sends `list`: one line each, name, kind, code of the unit, first day.
pub async fn list(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = may(&app, &staff, &unit)?;
    let read = read_list(typed.raw("list").unwrap_or_default());
    let listed = match read {
        Ok(people) => app.list_people(&may, unit.id, &people).await,
        Err(trouble) => Err(trouble),
    };
    match listed.map_err(refusal) {
        Ok(count) => Ok(go(&format!("/organisation/people/{}?done=listed&count={count}", unit.code))),
        Err(Ok(words)) => again(&app, &staff, &unit, "list", typed, problem("list", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Records who was taught or has acknowledged. Sends `member` (several), `material`, `on`, `taught-by`.
pub async fn taught(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = may(&app, &staff, &unit)?;
    let read = || -> Result<_, Problem> {
        let material: Line<120> = typed.needed_line("material", "Write which material, such as 2026-1.")?;
        let on = day(&app, &staff, &typed, "on")?.unwrap_or_else(|| today(&app, &staff));
        let who: Vec<EntryId> = typed.all("member").filter_map(|id| id.parse().ok()).collect();
        let by: Option<Line<120>> = typed.line("taught-by")?;
        Ok((material, on, who, by))
    };
    let (material, on, who, by) = match read() {
        Ok(read) => read,
        Err(wrong) => return again(&app, &staff, &unit, "taught", typed, wrong).await,
    };
    match app.record_teaching(&may, unit.id, &who, &material, on, by.as_ref()).await.map_err(refusal) {
        Ok(()) => {
            let to = format!("/organisation/people/{}", unit.code);
            Ok(go(&crate::query::address(&to, &[("done", "taught"), ("of", material.as_str())])))
        }
        Err(Ok(words)) => again(&app, &staff, &unit, "taught", typed, problem("on", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Somebody works here no more. Sends `who`, `last`.
pub async fn left(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let unit = unit_of(&app, &staff, &code)?;
    let may = may(&app, &staff, &unit)?;
    let who: EntryId = match typed.get("who").parse() {
        Ok(who) => who,
        Err(_) => return again(&app, &staff, &unit, "left", typed, problem("who", "Choose who has left.")).await,
    };
    let last = match needed_day(&app, &staff, &typed, "last", "Write their last day, such as 2026-10-20.") {
        Ok(last) => last,
        Err(wrong) => return again(&app, &staff, &unit, "left", typed, wrong).await,
    };
    app.member_left(&may, unit.id, who, last).await?;
    Ok(go(&format!("/organisation/people/{}?done=left", unit.code)))
}
