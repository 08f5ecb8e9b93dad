//! Incidents as a list: narrowed, searched, paged, and taken along as a table.

pub mod export;
pub mod list;
pub mod narrowed;

use app::App;
use axum::{Router, routing::get};

/// The addresses of lists. They go behind the door of the signed-in side.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/incidents", get(list::page))
        .route("/incidents.csv", get(export::table))
        .route("/search", get(list::search))
}
