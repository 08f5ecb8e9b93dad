//! From a session or a token to the one who asks, with their roles as they stand now.

use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, TenantId};
use domain::permission::{Action, Allowed, Object, Viewer, decide};
use store::{AccountRow, AssignmentRow};

impl App {
    /// The one who asks, from an account and its assignments.
    pub fn viewer(&self, account: &AccountRow, assignments: &[AssignmentRow]) -> Viewer {
        let grants = self.directory().grants(assignments);
        Viewer { account: account.id, tenant: account.tenant, grants, now: self.now() }
    }

    /// Somebody with an account that works, by their address, with the roles they hold now: for commands on the machine
    /// that are carried out in a person's name.
    pub fn viewer_of(&self, email: &str) -> Result<Viewer, Trouble> {
        let directory = self.directory();
        let mut agencies = directory.agencies().into_iter();
        let person = agencies.find_map(|agency| {
            let people = directory.people_of(agency.id).into_iter();
            people.filter(|p| p.active).find(|p| p.profile.email.eq_ignore_ascii_case(email.trim()))
        });
        let person = person.ok_or(Trouble::NotFound)?;
        let grants = directory.grants_of(person.id);
        Ok(Viewer { account: person.id, tenant: person.tenant, grants, now: self.now() })
    }

    /// A proof for something that concerns the whole agency: lists, counts, settings. The list itself is narrowed to
    /// the viewer's units by [`Viewer::scope`].
    pub fn allow_in_agency(&self, viewer: &Viewer, action: Action, section: Section) -> Result<Allowed, Trouble> {
        Ok(decide(viewer, action, Object::Agency { tenant: viewer.tenant }, section)?)
    }

    /// The name of an account's person, for pages that may show it.
    pub fn name_of(&self, account: AccountId) -> String {
        self.directory().person(account).map_or_else(|| "somebody who has left".to_owned(), |p| p.profile.name.clone())
    }

    /// The zone in which an agency counts its days.
    pub fn zone_of(&self, tenant: TenantId) -> domain::time::Zone {
        self.directory().agency(tenant).map_or_else(domain::time::Zone::utc, |a| a.profile.zone.clone())
    }
}
