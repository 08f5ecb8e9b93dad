//! The administrator's pages: people and roles, units, policies and local values, tokens, what is configured, what was
//! changed, how it stands. None
//! of them shows anything of a report or an incident.

pub mod health;
pub mod journal;
pub mod local;
pub mod pack;
pub mod packs;
pub mod people;
pub mod person;
pub mod roles;
pub mod settings;
pub mod tokens;
pub mod units;

use app::{App, Trouble};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use domain::permission::{Action, Allowed, Role};

use super::desk::{Staff, role_title};
use crate::screens::frame::Choice;

/// The largest form with a document in it, in bytes.
const LARGEST_FORM: usize = 5 * 1024 * 1024;

/// Addresses below `/admin`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(people::page))
        .route("/admin/people", get(people::page).post(people::add))
        .route("/admin/people/{person}", get(person::page).post(person::change))
        .route("/admin/people/{person}/link", post(person::link))
        .route("/admin/people/{person}/sign-out", post(person::sign_out))
        .route("/admin/people/{person}/disable", post(person::disable))
        .route("/admin/people/{person}/enable", post(person::enable))
        .route("/admin/people/{person}/factors/reset", post(person::reset))
        .route("/admin/people/{person}/roles", post(roles::give))
        .route("/admin/people/{person}/roles/end", post(roles::end))
        .route("/admin/units", get(units::page).post(units::add))
        .route("/admin/tokens", get(tokens::page).post(tokens::issue))
        .route("/admin/tokens/{name}/withdraw", post(tokens::withdraw))
        .route("/admin/settings", get(settings::page))
        .route("/admin/settings/test-mail", post(settings::test_mail))
        .route("/admin/journal", get(journal::page))
        .route("/admin/health", get(health::page))
        .route("/admin/packs", get(packs::page).post(packs::hand_in))
        .route("/admin/packs/statement", post(packs::state))
        .route("/admin/packs/reassess", post(packs::reassess))
        .route("/admin/packs/{digest}", get(pack::page))
        .route("/admin/packs/{digest}/decide", post(pack::decide))
        .route("/admin/local", get(local::page))
        .route("/admin/local/values", post(local::value))
        .route("/admin/local/watch", post(local::watch))
        .route("/admin/local/documents", post(local::supply).layer(DefaultBodyLimit::max(LARGEST_FORM)))
        .route("/admin/local/workforce", post(local::add_kind))
        .route("/admin/local/workforce/remove", post(local::remove_kind))
}

/// The right to keep people, roles, units and tokens of the person's own agency.
fn keeps(app: &App, staff: &Staff) -> Result<Allowed, Trouble> {
    app.allow_administering(&staff.who.viewer, Action::Administer)
}

/// Roles that people can be given, in the order of the matrix.
fn role_choices() -> Vec<Choice> {
    let given = domain::permission::roles().into_iter();
    given
        .filter(|role| !matches!(role, Role::WorkforceMember | Role::Outside))
        .map(|role| Choice::new(&app::directory::role_name(role), role_title(role)))
        .collect()
}

/// Units of the agency by name.
fn unit_choices(app: &App, staff: &Staff) -> Vec<Choice> {
    let directory = app.directory();
    let units = directory.units_of(staff.who.viewer.tenant).into_iter();
    units.map(|unit| Choice::new(&unit.id.to_string(), unit.profile.name.en.clone())).collect()
}
