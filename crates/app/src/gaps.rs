//! Gaps in the organisation: offices of the policy that nobody holds, or whose holder has no designation on record. An
//! office is a gap from its first day (O59); the list is made of what stands in memory, so every page can show it.

use crate::directory::{Directory, Person, Unit};
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::UnitId;
use domain::organisation::register::{Absence, Designation};
use domain::pack::{Pack, Role as PackRole};
use domain::permission::{Action, Viewer};
use domain::time::Instant;

/// An office of a policy at a unit, as it stands on a day.
#[derive(Clone, Debug)]
pub struct OfficeAt {
    /// The role of the policy.
    pub role: PackRole,
    /// The unit.
    pub unit: UnitId,
    /// The designation on record for that day.
    pub designation: Option<Designation>,
    /// Who works in that role there, designated or not.
    pub people: Vec<Person>,
    /// The holder's absence, when they are away that day.
    pub away: Option<Absence>,
    /// What is missing.
    pub gap: Option<Gap>,
    /// The clause that asks for the office, as it is cited.
    pub cite: String,
}

/// What is missing at an office.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap {
    /// Nobody holds it.
    Vacant,
    /// Somebody does its work, and no designation is on record.
    NotOnRecord,
    /// Its holder is away and nobody acts for them.
    Unattended,
}

impl App {
    /// The offices that the policies in force want filled, at the units that this viewer may see, in the order of the
    /// tree.
    pub fn offices(&self, viewer: &Viewer) -> Result<Vec<OfficeAt>, Trouble> {
        self.allow_seeing_organisation(viewer)?;
        let directory = self.directory();
        let scope = viewer.scope(Action::SeeOrganisation, Section::Officer);
        let seen = |unit: &Unit| scope.as_ref().is_none_or(|units| units.contains(&unit.id));
        let head = directory.head_of(viewer.tenant).ok_or(Trouble::NotFound)?;
        let mut offices = Vec::new();
        for id in directory.below(head) {
            let Some(unit) = directory.unit(id).filter(|unit| seen(unit)) else { continue };
            let Ok(pack) = self.pack_for_report(unit.id, viewer.now) else { continue };
            offices.extend(self.offices_at(&directory, pack, unit, head, viewer.now));
        }
        Ok(offices)
    }

    fn offices_at(&self, directory: &Directory, pack: &Pack, unit: &Unit, head: UnitId, now: Instant) -> Vec<OfficeAt> {
        let Some(agency) = directory.agency(unit.tenant) else { return Vec::new() };
        let today = now.day_in(&agency.profile.zone);
        let wanted = |role: &&PackRole| {
            role.office.as_ref().is_some_and(|office| match office.each.as_slice() {
                [] => unit.id == head,
                kinds => kinds.contains(&unit.profile.kind),
            })
        };
        let at = |role: &PackRole| {
            let designation = agency.register.holder_on(&role.id, unit.id, today).cloned();
            // Only who holds it at this very unit: a chief does not fill the offices below.
            let people: Vec<Person> = directory
                .people_of(unit.tenant)
                .into_iter()
                .filter(|person| {
                    let held = directory.roles_of(person.id);
                    let here = held.iter().any(|h| h.role == role.capacity && h.unit == unit.id && h.holds(now));
                    person.active && here
                })
                .cloned()
                .collect();
            let current = designation.as_ref().filter(|d| people.iter().any(|p| p.id == d.holder));
            let away = current.and_then(|d| agency.register.away_on(d.holder, today)).cloned();
            let present = people.iter().any(|p| agency.register.away_on(p.id, today).is_none());
            let gap = match (current.is_some(), people.is_empty()) {
                (_, true) => Some(Gap::Vacant),
                (false, false) => Some(Gap::NotOnRecord),
                (true, false) if !present => Some(Gap::Unattended),
                (true, false) => None,
            };
            let cite = role.clauses.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default();
            OfficeAt { role: role.clone(), unit: unit.id, designation, people, away, gap, cite }
        };
        pack.roles.iter().filter(wanted).map(at).collect()
    }

    /// What is missing, for Home and the page of offices; nothing for whoever does not see the organisation.
    pub fn gaps(&self, viewer: &Viewer) -> Vec<OfficeAt> {
        self.offices(viewer).unwrap_or_default().into_iter().filter(|office| office.gap.is_some()).collect()
    }
}
