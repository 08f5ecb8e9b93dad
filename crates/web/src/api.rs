//! The interface for programs: the same use cases as the pages, as JSON, described by OpenAPI 3.1 at
//! `/api/openapi.json`.
//!
//! Every error is a problem document (RFC 9457). Bodies are read strictly: unknown fields, repeated keys and text that
//! is not UTF-8 are refused.

mod answers;
mod bearer;
mod description;
mod incidents;
mod problem;
mod query;
mod reports;
mod statistics;
mod strict;

use app::App;
use axum::{
    Router,
    routing::{get, post},
};

/// The addresses of the interface.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/api/openapi.json", get(description::show))
        .route("/api/v1/reports", post(reports::file))
        .route("/api/v1/reports/{reference}/accept", post(reports::accept))
        .route("/api/v1/incidents", get(incidents::list))
        .route("/api/v1/incidents/{reference}", get(incidents::one))
        .route("/api/v1/incidents/{reference}/obligations", get(incidents::obligations))
        .route("/api/v1/incidents/{reference}/documents", get(incidents::documents))
        .route("/api/v1/statistics", get(statistics::show))
        .with_state(app)
}
