//! Votes of the offices that a policy names, by accounts that hold their roles.

use crate::{App, IncidentRow, Trouble};
use domain::ids::TenantId;
use domain::incident::{Command, Incident, Statement, Vote};
use domain::pack::{Capacity, Pack, Role};
use domain::permission::{Action, Allowed, Viewer};
use std::collections::BTreeSet;

impl App {
    /// Votes in the role that the vote names, which this viewer has to hold for the unit of the incident.
    pub async fn vote(
        &self,
        viewer: &Viewer,
        may: &Allowed,
        row: &IncidentRow,
        vote: &Vote,
    ) -> Result<Incident, Trouble> {
        if may.action() != Action::Decide || may.by() != viewer.account {
            return Err(Trouble::NotFound);
        }
        self.act(may, row, None, |_, pack| {
            let holds = pack.role(&vote.role).is_some_and(|role| viewer.holds_for(role.capacity, row.unit));
            if !holds {
                return Err(Trouble::Refused("you do not hold the office that votes here".to_owned()));
            }
            Ok(Command::Vote(Box::new(vote.clone())))
        })
        .await
    }

    /// Writes the text that the deciders agree to: by whoever works the incident, or votes on it.
    pub async fn write_statement(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        text: &Statement,
    ) -> Result<Incident, Trouble> {
        if !matches!(may.action(), Action::Decide | Action::Work) {
            return Err(Trouble::NotFound);
        }
        self.act(may, row, None, |_, _| Ok(Command::WriteStatement(Box::new(text.clone())))).await
    }

    /// Capacities in which somebody decides a question of the policies of this agency.
    pub fn capacities_that_decide(&self, tenant: TenantId) -> BTreeSet<Capacity> {
        let directory = self.directory();
        let Some(agency) = directory.agency(tenant) else { return BTreeSet::new() };
        let units = directory.units_of(tenant);
        let series: BTreeSet<_> =
            agency.profile.policies.iter().chain(units.iter().flat_map(|unit| &unit.profile.policies)).collect();
        let packs = self.packs().all().iter().filter(|pack| series.contains(&pack.series));
        packs.flat_map(|pack| deciders(pack)).map(|role| role.capacity).collect()
    }
}

/// The roles that vote on some question of a pack, or may end a disagreement.
fn deciders(pack: &Pack) -> impl Iterator<Item = &Role> {
    let ids = pack.decisions.iter().flat_map(|decision| decision.deciders.iter().chain(&decision.settles));
    ids.filter_map(|id| pack.role(id))
}
