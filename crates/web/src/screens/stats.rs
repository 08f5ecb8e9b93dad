//! Statistics: numbers that are kept as incidents change, as charts with their tables.

pub mod show;

use app::App;
use axum::{Router, routing::get};

/// The addresses of statistics. They go behind the door of the signed-in side.
pub fn routes() -> Router<App> {
    Router::new().route("/stats", get(show::page)).route("/stats.csv", get(show::table))
}
