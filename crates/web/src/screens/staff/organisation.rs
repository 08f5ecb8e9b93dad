//! The organisation as officers and administrators see it: who holds which office and what is missing, who is away, what
//! the state told, who was taught, and what a unit has lived through under which edition.

pub mod absences;
pub mod history;
pub mod notices;
pub mod office;
pub mod offices;
pub mod people;
pub mod reviews;
pub mod rules;

use app::directory::Unit;
use app::{App, Trouble};
use axum::{
    Router,
    routing::{get, post},
};
use domain::actor::Section;
use domain::permission::Action;
use jiff::civil::Date;

use super::desk::Staff;
use crate::{
    screens::frame::{Choice, Problem},
    times,
    typed::{Typed, problem},
};

/// Addresses below `/organisation`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/organisation", get(offices::page))
        .route("/organisation/absences", post(absences::away))
        .route("/organisation/absences/{id}/back", post(absences::back))
        .route("/organisation/office/{code}/{role}", get(office::page).post(office::designate))
        .route("/organisation/office/{code}/{role}/end", post(office::end))
        .route("/organisation/notices", get(notices::page).post(notices::take))
        .route("/organisation/notices/channels", post(notices::channels))
        .route("/organisation/people", get(people::units))
        .route("/organisation/people/{code}", get(people::page).post(people::list))
        .route("/organisation/people/{code}/taught", post(people::taught))
        .route("/organisation/people/{code}/left", post(people::left))
        .route("/organisation/units/{code}", get(history::page))
        .route("/organisation/reviews", get(reviews::page).post(reviews::open))
        .route("/organisation/reviews/told", post(reviews::tell))
        .route("/organisation/reviews/{code}/summary", post(reviews::send))
        .route("/organisation/reviews/{code}/look", post(reviews::look))
        .route("/organisation/reviews/{code}/thresholds", post(reviews::set))
        .route("/organisation/reviews/{code}/thresholds/{id}/end", post(reviews::end))
        .route("/organisation/rules", get(rules::page))
        .route("/organisation/rules/left-out", post(rules::leave_out))
        .route("/organisation/rules/left-out/{id}/end", post(rules::bind_again))
        .route("/organisation/rules/channels", post(rules::channel))
}

/// A unit by its code that this person may see here.
fn unit_of(app: &App, staff: &Staff, code: &str) -> Result<Unit, Trouble> {
    let directory = app.directory();
    let unit = directory.unit_by_code(code).filter(|unit| unit.tenant == staff.who.viewer.tenant);
    let unit = unit.ok_or(Trouble::NotFound)?.clone();
    app.allow_seeing_organisation(&staff.who.viewer)?;
    let scope = staff.who.viewer.scope(Action::SeeOrganisation, Section::Officer);
    if scope.is_none_or(|units| units.contains(&unit.id)) { Ok(unit) } else { Err(Trouble::NotFound) }
}

/// The units that this person may see here, by name.
fn units_seen(app: &App, staff: &Staff) -> Vec<Unit> {
    let scope = staff.who.viewer.scope(Action::SeeOrganisation, Section::Officer);
    let directory = app.directory();
    let all = directory.units_of(staff.who.viewer.tenant).into_iter();
    all.filter(|unit| scope.as_ref().is_none_or(|units| units.contains(&unit.id))).cloned().collect()
}

/// Whether this person keeps the whole agency.
fn keeps(app: &App, staff: &Staff) -> bool {
    app.allow_administering(&staff.who.viewer, Action::Administer).is_ok()
}

/// Today in the agency.
fn today(app: &App, staff: &Staff) -> Date {
    staff.now().day_in(&staff.zone(app))
}

/// A typed day; `None` when nothing was typed.
fn day(app: &App, staff: &Staff, typed: &Typed, field: &str) -> Result<Option<Date>, Problem> {
    match typed.get(field) {
        "" => Ok(None),
        text => {
            let read = times::read_day(text, staff.now(), &staff.zone(app));
            read.map(Some).map_err(|e| problem(field, &e.to_string()))
        }
    }
}

/// A typed day that is needed.
fn needed_day(app: &App, staff: &Staff, typed: &Typed, field: &str, missing: &str) -> Result<Date, Problem> {
    day(app, staff, typed, field)?.ok_or_else(|| problem(field, missing))
}

/// Active people of the agency.
fn colleagues(app: &App, staff: &Staff) -> Vec<Choice> {
    let directory = app.directory();
    let people = directory.people_of(staff.who.viewer.tenant).into_iter().filter(|p| p.active);
    people.map(|p| Choice::new(&p.id.to_string(), p.profile.name.clone())).collect()
}
