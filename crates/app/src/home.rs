//! What needs somebody now: the nearest duties across the incidents they may see.

use crate::incidents::{Filter, IncidentLine};
use crate::record::open;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::StreamId;
use domain::incident::{self, Incident};
use domain::permission::{Viewer, reading};
use store::IncidentState;

/// The newest so many incidents with a dated duty are looked through; a unit with more open at once works by list.
const LOOKED_THROUGH: u32 = 200;

impl App {
    /// Open incidents with a dated duty that this viewer may see, the nearest due first, at most `most` of them, with
    /// how many there are in all. Two statements of the store.
    pub async fn nearest_due(
        &self,
        viewer: &Viewer,
        most: usize,
    ) -> Result<(Vec<(IncidentLine, Incident)>, usize), Trouble> {
        let filter = Filter { state: Some(IncidentState::Open), waits: Some("dated-duty"), ..Filter::default() };
        let (mut lines, _) = self.list_incidents(viewer, &filter, None, LOOKED_THROUGH).await?;
        let all = lines.len();
        lines.sort_by_key(|line| (line.next_due, line.id));
        lines.truncate(most);
        let streams: Vec<StreamId> = lines.iter().map(|line| line.id.into()).collect();
        let rows =
            if streams.is_empty() { Vec::new() } else { self.store().read_streams(viewer.tenant, &streams).await? };
        let keyring = self.keyring();
        let mut found = Vec::with_capacity(lines.len());
        for line in lines {
            // The list left out whatever this viewer is excluded from.
            let reading = reading(viewer, line.id.into(), viewer.tenant, line.unit, false)?;
            let mut state = Incident::empty(line.id);
            for row in rows.iter().filter(|row| row.stream == line.id.into()) {
                let opened = open::<incident::Event>(&keyring, row, &reading)?;
                match &opened.event {
                    Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                    None => state.skip(),
                }
            }
            found.push((line, state));
        }
        Ok((found, all))
    }

    /// Incidents whose form waits for its personnel part, for human resources: references and units, no titles.
    pub async fn waiting_for_personnel(&self, viewer: &Viewer) -> Result<Vec<IncidentLine>, Trouble> {
        let filter = Filter { waits: Some("personnel-part"), ..Filter::default() };
        let (lines, _) = self.list_in_section(viewer, Section::Personnel, &filter, None, 50).await?;
        Ok(lines)
    }
}
