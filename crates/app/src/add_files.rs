//! Adding files to an incident: what somebody sends waits beside the record until the entries that name it are written.

use crate::changing::{Attempts, Place};
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::incident::{self, Command};
use domain::permission::{Action, Allowed};
use domain::report::FileAdded;
use store::{Change, FileOwner, IncidentRow, RowChange};

impl App {
    /// Where files for an incident wait while they stream in: under a key that is drawn once. What no entry comes to
    /// name is left over, and collected a day later.
    pub fn waiting_place(&self) -> FileOwner {
        FileOwner::Draft(self.secret())
    }

    /// Makes files part of an incident: one entry for each, with its name, size and digest, in the same commit that
    /// takes the bytes out of the waiting place. Needs the right to work on evidence.
    pub async fn add_files(&self, may: &Allowed, row: &IncidentRow, files: &[FileAdded]) -> Result<(), Trouble> {
        let right = may.stream() == Some(row.id.into())
            && may.tenant() == row.tenant
            && may.action() == Action::Work
            && may.section() == Section::Evidence;
        if !right {
            return Err(Trouble::NotFound);
        }
        let by = Actor::Account(may.by());
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut loaded = self.whole_incident(row).await?;
            let pack = self.pack_of_incident(&loaded.state)?;
            let laws = self.laws_of_incident(&loaded.state);
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let mut events = Vec::new();
            let mut after = loaded.state.clone();
            for file in files {
                let decided = incident::decide(&after, Command::AddFile(file.clone()), given)?;
                decided.iter().for_each(|event| after.apply(event, by, now));
                events.extend(decided);
            }
            if events.is_empty() {
                return Ok(());
            }
            let mut change = Change::default();
            let place = Place { tenant: row.tenant, pack, source: row.source };
            self.change_incident(&mut change, &mut loaded, &place, &events, by, now)?;
            let part_of_it = |file: &FileAdded| RowChange::MoveFile(file.id, FileOwner::Stream(row.id.into()));
            change.rows.extend(files.iter().map(part_of_it));
            if attempts.commit(self, change).await? {
                return Ok(());
            }
        }
    }
}
