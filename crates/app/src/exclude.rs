//! Keeping somebody from learning of a case: named in it, or with a conflict of interest.

use crate::{App, Trouble};
use domain::ids::AccountId;
use domain::permission::{Action, Allowed};
use store::{Change, IncidentRow, RowChange};

impl App {
    /// From now on the case does not exist for this person: no list, count, search, mail or address shows it. Its
    /// reports are closed to them as well.
    pub async fn exclude(&self, may: &Allowed, row: &IncidentRow, person: AccountId) -> Result<(), Trouble> {
        if may.action() != Action::Exclude || may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let incident = self.whole_incident(row).await?.state;
        if incident.lead == Some(person) {
            let name = self.name_of(person);
            return Err(Trouble::Refused(format!("{name} leads this incident. Hand it over first.")));
        }
        let streams = std::iter::once(row.id.into()).chain(incident.reports.iter().map(|r| (*r).into()));
        let rows = streams.map(|stream| RowChange::Exclude(stream, person)).collect();
        self.store().commit(Change { rows, ..Change::default() }).await?;
        Ok(())
    }
}
