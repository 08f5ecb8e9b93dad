//! Letting a duty go: for those who may, with the authority they act on and the reason, on the incident's record.

use crate::{App, Trouble};
use domain::incident::{Command, Incident, Waiver};
use domain::permission::{Action, Allowed};
use store::IncidentRow;

impl App {
    /// Lets a duty go. The proof has to be one of [`Action::Waive`]: working on an incident is not enough.
    pub async fn waive_duty(&self, may: &Allowed, row: &IncidentRow, waiver: &Waiver) -> Result<Incident, Trouble> {
        if may.action() != Action::Waive {
            return Err(Trouble::NotFound);
        }
        self.act(may, row, None, |_, _| Ok(Command::WaiveDuty(Box::new(waiver.clone())))).await
    }
}
