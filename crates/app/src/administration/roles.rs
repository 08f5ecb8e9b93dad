//! Roles of people, each in a unit and everything below it, from a day and perhaps until one.

use super::held;
use super::people::{account, another_administers, rows_of};
use super::record::{Event, Held};
use crate::factors::SENSITIVE;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::AccountId;
use domain::permission::{Action, Allowed, Role, allows};
use store::{Change, EndSessions, RowChange};

/// Whether a role reads or works any part of a case.
pub fn reads_cases(role: Role) -> bool {
    let acts = [Action::Read, Action::Work, Action::Triage, Action::ReadInbox, Action::TakeCall];
    acts.into_iter().any(|action| Section::ALL.into_iter().any(|section| allows(role, action, section)))
}

impl App {
    /// Gives somebody a role. One that sees what is most private signs them out, so that they come in as it needs.
    pub async fn give_role(&self, may: &Allowed, person: AccountId, new: &Held) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let known = self.directory().unit(new.unit).is_some_and(|unit| unit.tenant == tenant);
        if !known || matches!(new.role, Role::WorkforceMember | Role::Outside) {
            return Err(Trouble::NotFound);
        }
        own(may, person)?;
        if new.until.is_some_and(|until| until <= new.from) {
            return Err(Trouble::Refused("The last day lies before the first.".into()));
        }
        self.administer(tenant, by, Some(person), |standing| {
            account(standing)?;
            let mut roles = standing.directory.roles_of(person);
            let lasting = |h: &&Held| !h.over(standing.now);
            if roles.iter().filter(lasting).any(|h| h.role == new.role && h.unit == new.unit) {
                return Err(Trouble::Refused("They hold this role there already. End that one first.".into()));
            }
            // Whoever keeps the accounts of those who read cases reads none (A57).
            let keeps = |role: Role| role == Role::Administrator;
            let mixed =
                |h: &&Held| (keeps(h.role) && reads_cases(new.role)) || (keeps(new.role) && reads_cases(h.role));
            if roles.iter().filter(lasting).any(|h| mixed(&h)) {
                return Err(Trouble::Refused(
                    "An administrator sees no report and no incident. Give this person one kind of role or the other."
                        .into(),
                ));
            }
            roles.push(new.clone());
            Ok(set(person, roles))
        })
        .await?;
        // Whoever may see more from now on comes in by the door that this needs.
        if SENSITIVE.contains(&new.role) {
            self.store().end_sessions(EndSessions::All(person)).await?;
        }
        Ok(())
    }

    /// Ends a role now, and every session of theirs; it stays in the list as one that has ended. One that has not begun is taken away.
    pub async fn end_role(&self, may: &Allowed, person: AccountId, ended: &Held) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        own(may, person)?;
        self.administer(tenant, by, Some(person), |standing| {
            account(standing)?;
            let mut roles = standing.directory.roles_of(person);
            let at = roles.iter().position(|h| h == ended && !h.over(standing.now)).ok_or(Trouble::NotFound)?;
            let last = ended.role == Role::Administrator
                && !another_administers(standing.directory, tenant, person, standing.now);
            if last {
                return Err(Trouble::Refused(
                    "Nobody else administers this agency. Add an administrator first.".into(),
                ));
            }
            if roles[at].from > standing.now {
                roles.remove(at);
            } else {
                roles[at].until = Some(standing.now);
            }
            Ok(set(person, roles))
        })
        .await?;
        self.store().end_sessions(EndSessions::All(person)).await?;
        Ok(())
    }
}

fn own(may: &Allowed, person: AccountId) -> Result<(), Trouble> {
    if person == may.by() {
        return Err(Trouble::Refused("Nobody changes their own roles. Ask another administrator.".into()));
    }
    Ok(())
}

fn set(person: AccountId, roles: Vec<Held>) -> (Change, Vec<Event>) {
    let rows = vec![RowChange::Assignments(person, rows_of(person, &roles))];
    (Change { rows, ..Change::default() }, vec![Event::RolesSet { person, roles }])
}
