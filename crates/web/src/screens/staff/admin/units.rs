//! The units of an agency as a tree: who gets their reports, which policy binds them, where their people report.

use app::directory::{Directory, Unit};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::ids::UnitId;
use domain::organisation::{UnitKind, UnitProfile};
use domain::pack::Words;
use domain::permission::Role;
use serde::Deserialize;

use super::{keeps, unit_choices};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    typed::{Typed, problem},
};

/// `/admin/units`
#[derive(Debug, Template)]
#[template(path = "admin/units.html")]
pub struct Units {
    /// The desk.
    pub desk: Desk,
    /// The tree from the top, each with its depth.
    pub units: Vec<Row>,
    /// Units that a new one can lie below.
    pub above: Vec<Choice>,
    /// Kinds of units.
    pub kinds: Vec<Choice>,
    /// Whether the form was refused.
    pub opened: bool,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Units);

/// A unit of the tree.
#[derive(Debug, Clone)]
pub struct Row {
    /// 0 for the agency's head, at most 5.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// Its code on posters.
    pub code: String,
    /// What it is.
    pub kind: &'static str,
    /// The number to call, or empty.
    pub phone: String,
    /// Who gets its reports, or empty.
    pub officers: String,
    /// The policy under which reports are taken today.
    pub policy: String,
    /// What has to be known about that policy, or empty.
    pub warning: String,
    /// Where its people report.
    pub link: String,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

const KINDS: [(UnitKind, &str, &str); 5] = [
    (UnitKind::Facility, "facility", "Facility"),
    (UnitKind::Division, "division", "Division"),
    (UnitKind::District, "district", "District"),
    (UnitKind::Office, "office", "Office"),
    (UnitKind::CentralOffice, "central_office", "Head office"),
];

fn kind(kind: UnitKind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("Unit", |(.., title)| *title)
}

/// The page. One statement of the store: the tree is in memory.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    keeps(&app, &staff)?;
    let mut page = view(&app, &staff);
    if done.done == "added" {
        page.desk.flash = Flash::says("The unit is there. Print its poster, and give it an officer.");
    }
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff) -> Units {
    let directory = app.directory();
    let mut units = Vec::new();
    if let Some(head) = directory.head_of(staff.who.viewer.tenant) {
        walk(app, staff, &directory, head, 0, &mut units);
    }
    Units {
        desk: staff.desk(app, "Units"),
        units,
        above: unit_choices(app, staff),
        kinds: KINDS.iter().map(|(_, name, title)| Choice::new(name, *title)).collect(),
        opened: false,
        typed: Typed::default(),
    }
}

fn walk(app: &App, staff: &Staff, directory: &Directory, unit: UnitId, depth: usize, into: &mut Vec<Row>) {
    let Some(known) = directory.unit(unit) else { return };
    into.push(row(app, staff, directory, known, depth));
    if depth < 32 {
        directory
            .directly_below(unit)
            .into_iter()
            .for_each(|below| walk(app, staff, directory, below, depth + 1, into));
    }
}

fn row(app: &App, staff: &Staff, directory: &Directory, unit: &Unit, depth: usize) -> Row {
    let now = staff.now();
    let mut officers = directory.holders(Role::LocalOfficer, unit.id, now);
    if officers.is_empty() {
        officers = directory.holders(Role::ChiefOfficer, unit.id, now);
    }
    let agency = directory.agency(unit.tenant);
    let series = if unit.profile.policies.is_empty() {
        agency.map(|a| a.profile.policies.clone()).unwrap_or_default()
    } else {
        unit.profile.policies.clone()
    };
    let today = now.day_in(&staff.zone(app));
    let editions = app.packs().of(unit.tenant);
    let told = |pack: &domain::pack::Pack| app.statement(unit.tenant, &pack.id).is_some();
    let governing = series.iter().map(|series| editions.governing(series, today));
    let warnings = governing.filter(|g| !g.pack().is_some_and(told)).filter_map(|g| g.warning());
    Row {
        depth: depth.min(5),
        name: unit.profile.name.en.clone(),
        code: unit.code.clone(),
        kind: kind(unit.profile.kind),
        phone: unit.profile.phone.clone().unwrap_or_default(),
        officers: officers.iter().map(|p| p.profile.name.as_str()).collect::<Vec<_>>().join(", "),
        policy: app.pack_for_report(unit.id, now).map(|pack| pack.title.clone()).unwrap_or_default(),
        warning: warnings.collect::<Vec<_>>().join(" "),
        link: format!("/r/{}", unit.code),
    }
}

fn read(typed: &Typed) -> Result<(UnitId, String, UnitProfile), Problem> {
    let en = typed.needed_line::<200>("name", "Write what the unit is called.")?.to_string();
    let es = typed.line::<200>("name-es")?.map_or_else(|| en.clone(), |es| es.to_string());
    let code = typed.needed_line::<8>("code", "Write a short code: it stands on the poster.")?.to_string();
    let under = typed.get("under").parse().map_err(|_| problem("under", "Choose the unit it lies below."))?;
    let kind =
        KINDS.iter().find(|(_, name, _)| *name == typed.get("kind")).map_or(UnitKind::Office, |(kind, ..)| *kind);
    let phone = typed.line::<40>("phone")?.map(|phone| phone.to_string());
    Ok((under, code, UnitProfile { name: Words { en, es }, kind, phone, policies: Vec::new() }))
}

/// Opens a unit. Sends `name`, `name-es`, `code`, `kind`, `under`, `phone`.
pub async fn add(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let again = |typed: Typed, wrong: Problem| {
        let page = view(&app, &staff);
        let desk = page.desk.clone().mend(vec![wrong]);
        Ok(shown(&Units { desk, opened: true, typed, ..page }))
    };
    let (under, code, profile) = match read(&typed) {
        Ok(read) => read,
        Err(wrong) => return again(typed, wrong),
    };
    match app.open_unit(&may, under, &code, &profile).await.map_err(refusal) {
        Ok(_) => Ok(go("/admin/units?done=added")),
        Err(Ok(words)) => again(typed, problem("code", &words)),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
