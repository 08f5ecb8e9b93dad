//! The readiness level: the board, declaring and proposing, what units do about it, and the report of each change. Only
//! agencies whose policy has levels have these pages; under a later edition without levels they are a look back.

pub mod acts;
pub mod board;
pub mod history;
pub mod issued;
pub mod plan;
pub mod plans;
pub mod report;
pub mod todo;

use app::{App, Trouble};
use axum::{
    Router,
    routing::{get, post},
};
use domain::organisation::readiness::Refusal;

use crate::{screens::frame::Problem, typed::problem};

/// Addresses below `/readiness`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/readiness", get(board::page))
        .route("/readiness/declare", post(acts::declare))
        .route("/readiness/propose", post(acts::propose))
        .route("/readiness/confirm", post(acts::confirm))
        .route("/readiness/measures", post(acts::table))
        .route("/readiness/measures/answer", post(acts::answer))
        .route("/readiness/report/{step}", get(report::page).post(report::write))
        .route("/readiness/plans", get(plans::page).post(plans::due))
        .route("/readiness/plans/{code}", get(plan::page).post(plan::write))
        .route("/readiness/plans/{code}/decision", post(plan::decide))
        .route("/readiness/reports/{id}", get(issued::page))
        .route("/readiness/reports/{id}/json", get(issued::data))
        .route("/readiness/reports/{id}/delivered", post(issued::delivered))
}

/// What is to be mended, field by field, when it is that; otherwise the trouble goes on.
fn mended(trouble: Trouble) -> Result<Vec<Problem>, Trouble> {
    match trouble {
        Trouble::Mend(refusals) => Ok(refusals.iter().map(told).collect()),
        other => super::sorry::refusal(other).map(|words| vec![problem("form", &words)]),
    }
}

fn told(refusal: &Refusal) -> Problem {
    problem(&refusal.on, &refusal.says)
}
