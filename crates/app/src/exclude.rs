//! Keeping somebody from learning of a case: named in it, or with a conflict of interest.

use crate::changing::{ATTEMPTS, Place};
use crate::{App, Trouble, kept};
use domain::actor::Actor;
use domain::ids::AccountId;
use domain::incident;
use domain::permission::{Action, Allowed};
use domain::report::{self, Kept, KeptWhy};
use store::{Change, IncidentRow};

impl App {
    /// From now on the case does not exist for this person: no list, count, search, mail or address shows it. Its
    /// reports are closed to them as well. The record says who decided it.
    pub async fn exclude(&self, may: &Allowed, row: &IncidentRow, person: AccountId) -> Result<(), Trouble> {
        if may.action() != Action::Exclude || may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let by = Actor::Account(may.by());
        for _ in 0..ATTEMPTS {
            let now = self.now();
            let mut loaded = self.whole_incident(row).await?;
            if loaded.state.lead == Some(person) {
                let name = self.name_of(person);
                return Err(Trouble::Refused(format!("{name} leads this incident. Hand it over first.")));
            }
            let pack = self.pack_of_incident(&loaded.state)?;
            let laws = self.laws_of_incident(&loaded.state);
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let events = incident::decide(&loaded.state, incident::Command::Exclude(person), given)?;
            let reports = loaded.state.reports.clone();
            let mut change = Change { rows: kept::rows(row.id.into(), [person]), ..Change::default() };
            if !events.is_empty() {
                let place = Place { tenant: row.tenant, pack, source: row.source };
                self.change_incident(&mut change, &mut loaded, &place, &events, by, now)?;
            }
            for id in reports {
                change.rows.extend(kept::rows(id.into(), [person]));
                let Some(of) = self.store().report(row.tenant, id).await? else { continue };
                let mut report = self.whole_report(&of).await?;
                let kept = vec![Kept { account: person, why: KeptWhy::Said }];
                let given = report::Given { actor: by, now };
                let events = report::decide(&report.state, report::Command::KeepFrom(kept), given)?;
                if !events.is_empty() {
                    self.change_report(&mut change, &mut report, &of, &events, by, now)?;
                }
            }
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Trouble::Moved)
    }
}
