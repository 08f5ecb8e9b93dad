//! Roles of a person on their page: given in a unit from a day, ended on the spot.

use app::administration::record::Held;
use app::directory::{Person, role_name, role_named};
use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::ids::UnitId;
use domain::time::Instant;

use super::keeps;
use super::person::{again, find};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Staff, go, role_title},
            home::unit_name,
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// A role in words.
#[derive(Debug, Clone)]
pub struct RoleRow {
    /// “Local security officer”
    pub role: &'static str,
    /// The unit.
    pub unit: String,
    /// From when.
    pub from: String,
    /// Until when, or empty.
    pub until: String,
    /// Whether it has not begun.
    pub ahead: bool,
    /// What ends it: role, unit and beginning.
    pub key: String,
}

fn key(held: &Held) -> String {
    format!("{} {} {}", role_name(held.role), held.unit, held.from.micros())
}

/// The roles that last or are to come, and those that have ended.
pub fn role_rows(app: &App, staff: &Staff, person: &Person) -> (Vec<RoleRow>, Vec<RoleRow>) {
    let (now, zone) = (staff.now(), staff.zone(app));
    let day = |at: Instant| times::day(at.day_in(&zone));
    let row = |held: &Held| RoleRow {
        role: role_title(held.role),
        unit: unit_name(app, held.unit),
        from: day(held.from),
        until: held.until.map(day).unwrap_or_default(),
        ahead: held.from > now,
        key: key(held),
    };
    let (ended, held): (Vec<Held>, Vec<Held>) =
        app.directory().roles_of(person.id).into_iter().partition(|held| held.over(now));
    (held.iter().map(row).collect(), ended.iter().map(row).collect())
}

fn read(app: &App, staff: &Staff, typed: &Typed) -> Result<Held, Problem> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let day = |field: &str| times::read_day(typed.get(field), now, &zone).map_err(|e| problem(field, &e.to_string()));
    let role = role_named(typed.get("role")).ok_or_else(|| problem("role", "Choose a role."))?;
    let unit: UnitId = typed.get("unit").parse().map_err(|_| problem("unit", "Choose a unit."))?;
    let from = if typed.get("from").is_empty() { now } else { zone.start_of_day(day("from")?).max(now) };
    let until = if typed.get("until").is_empty() { None } else { Some(zone.end_of_day(day("until")?)) };
    Ok(Held { role, unit, from, until })
}

/// Gives a role. Sends `role`, `unit`, `from`, `until`.
pub async fn give(State(app): State<App>, Path(person): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    let new = match read(&app, &staff, &typed) {
        Ok(new) => new,
        Err(wrong) => return again(&app, &staff, &may, &person, "role", typed, wrong).await,
    };
    match app.give_role(&may, person.id, &new).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/people/{}?done=role#roles", person.id))),
        Err(Ok(words)) => again(&app, &staff, &may, &person, "role", typed, problem("role", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Ends a role. Sends `which`.
pub async fn end(State(app): State<App>, Path(person): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    let roles = app.directory().roles_of(person.id);
    let ended = roles.iter().find(|held| key(held) == typed.get("which")).ok_or(Trouble::NotFound)?;
    match app.end_role(&may, person.id, ended).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/people/{}?done=ended#roles", person.id))),
        Err(Ok(words)) => again(&app, &staff, &may, &person, "roles", typed, problem("roles", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
