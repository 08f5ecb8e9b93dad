//! The public pages at their limiter: the page that says when to try again.

use super::{Intake, asked::Asked, sorry};
use app::Trouble;
use app::limits::Counted;
use axum::response::Response;

impl Intake {
    /// Counts an attempt of the caller's network.
    pub async fn count(&self, asked: &Asked, what: Counted) -> Result<(), Trouble> {
        self.app.count(asked.peer, what).await
    }

    /// Counts a report begun at a unit and from a network; `Err` is the page that says when to try again.
    pub async fn admit_report(&self, asked: &Asked, unit: Option<&app::directory::Unit>) -> Result<(), Response> {
        let admitted = self.app.admit_report(asked.peer, unit.map(|unit| unit.id)).await;
        admitted.map_err(|trouble| sorry::sorry(self, asked, unit, &trouble))
    }
}
