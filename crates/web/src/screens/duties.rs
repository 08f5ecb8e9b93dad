//! Every clock across the incidents that somebody may see: narrowed, paged, taken along as a table.

pub mod feed;
pub mod list;

use app::App;
use axum::{Router, routing::get};

/// The addresses of the list. They go behind the door of the signed-in side.
pub fn routes() -> Router<App> {
    Router::new().route("/duties", get(list::page)).route("/duties.csv", get(list::table))
}
