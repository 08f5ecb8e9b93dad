//! Writes the rows of duties for incidents that are older than those rows: a stretch at a time, so that it can stop and go
//! on, and never over what somebody writes meanwhile.

use super::Work;
use crate::duties::duty_rows;
use crate::{App, Trouble};
use domain::ids::IncidentId;
use store::{Append, Change, IncidentRow};

/// The kind of job; as long as one waits, the rows are not whole.
pub const FILLING: &str = "fill_duties";
/// Incidents looked at in one go: some seconds of work.
const STRETCH: u32 = 200;

impl App {
    pub(super) async fn fill_duties(&self, after: Option<IncidentId>) -> Result<(), Trouble> {
        let stretch = self.store().scan_incidents(after, STRETCH).await?;
        for row in &stretch {
            self.fill_duties_of(row).await?;
        }
        let Some(last) = stretch.last().filter(|_| stretch.len() == STRETCH as usize) else { return Ok(()) };
        let now = self.now();
        let onward = self.job(&Work::FillDuties { after: Some(last.id) }, now)?;
        tracing::info!(through = %last.id, "rows of duties are being written");
        self.store().commit(Change { jobs: vec![onward], ..Change::default() }).await?;
        Ok(())
    }

    async fn fill_duties_of(&self, row: &IncidentRow) -> Result<(), Trouble> {
        // Records of other systems are closed as they come in and owe nothing here.
        if row.source.is_some() {
            return Ok(());
        }
        let loaded = self.whole_incident(row).await?;
        let duties = duty_rows(row.tenant, &loaded.state);
        if duties.is_empty() {
            return Ok(());
        }
        // Nothing is appended: the empty end of the stream only insists that it has not moved.
        let unmoved = Append { stream: row.id.into(), expected: loaded.tip.version, rows: Vec::new() };
        let change = Change { appends: vec![unmoved], duties, ..Change::default() };
        match self.store().commit(change).await.map_err(Trouble::from) {
            // Whoever moved it wrote its rows.
            Ok(_) | Err(Trouble::Moved) => Ok(()),
            Err(other) => Err(other),
        }
    }
}
