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
