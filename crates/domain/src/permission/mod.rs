//! Who may do what: one pure decision that guards every channel, and the proof that it was made.
//!
//! Nothing is allowed that no line of the matrix allows. Being excluded from a case, belonging to another agency, or
//! being disabled beats every grant. A handler cannot reach a record without the [`Allowed`] that only [`decide`]
//! makes.

#![deny(clippy::wildcard_enum_match_arm, reason = "what is not written out is not allowed by accident")]

mod matrix;

pub use crate::pack::Capacity as Role;
pub use matrix::{Action, allows, named_allows, participant_allows, roles};

use crate::actor::Section;
use crate::ids::{AccountId, StreamId, TenantId, UnitId};
use crate::time::Instant;

/// A role held in a unit and everything below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The unit, and every unit below it.
    pub units: Vec<UnitId>,
    /// The whole agency: the unit is its head.
    pub whole_agency: bool,
    /// From when.
    pub from: Instant,
    /// Until when; `None` while it lasts.
    pub until: Option<Instant>,
}

impl Grant {
    /// In force at that instant.
    pub fn holds(&self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Reaches that unit.
    pub fn reaches(&self, unit: UnitId) -> bool {
        self.whole_agency || self.units.contains(&unit)
    }
}

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewer {
    /// The account.
    pub account: AccountId,
    /// The agency.
    pub tenant: TenantId,
    /// Roles held.
    pub grants: Vec<Grant>,
    /// When the question is asked.
    pub now: Instant,
}

impl Viewer {
    /// Holds the role anywhere, now.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role && g.holds(self.now))
    }

    /// Holds the role for that unit, now.
    pub fn holds_for(&self, role: Role, unit: UnitId) -> bool {
        self.grants.iter().any(|g| g.role == role && g.holds(self.now) && g.reaches(unit))
    }

    /// The roles held now, each once, in the order of the matrix.
    pub fn roles(&self) -> Vec<Role> {
        roles().into_iter().filter(|role| self.has(*role)).collect()
    }

    /// Units in which some role allows the action: `None` is the whole agency, an empty list is nowhere.
    pub fn scope(&self, action: Action, section: Section) -> Option<Vec<UnitId>> {
        let mut units = Vec::new();
        for grant in self.grants.iter().filter(|g| g.holds(self.now) && allows(g.role, action, section)) {
            if grant.whole_agency {
                return None;
            }
            units.extend(grant.units.iter().copied());
        }
        units.sort_unstable();
        units.dedup();
        Some(units)
    }
}

/// What the question is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Object {
    /// A report or an incident.
    Case {
        /// Its stream.
        stream: StreamId,
        /// The agency it belongs to.
        tenant: TenantId,
        /// The unit whose people work it.
        unit: UnitId,
        /// The viewer is excluded from it: named in it, or with a conflict of interest.
        excluded: bool,
        /// The viewer takes part in it now, as its record says, whatever their roles.
        invited: bool,
    },
    /// Entries of one sealed sheet of a case, in which the record names the viewer, whatever their roles.
    Named {
        /// The stream of the case.
        stream: StreamId,
        /// The agency it belongs to.
        tenant: TenantId,
        /// The viewer is excluded from the case.
        excluded: bool,
    },
    /// A unit of an agency: lists, counts, settings.
    Unit {
        /// The agency.
        tenant: TenantId,
        /// The unit.
        unit: UnitId,
    },
    /// An agency as a whole.
    Agency {
        /// The agency.
        tenant: TenantId,
    },
    /// A case that somebody has no role for, behind glass: whatever its unit, and never for whoever is kept from it.
    Behind {
        /// Its stream.
        stream: StreamId,
        /// The agency it belongs to.
        tenant: TenantId,
        /// The viewer is excluded from it.
        excluded: bool,
    },
}

/// The proof that a decision allowed something. Only [`decide`] makes one: a handler that made its own would not compile.
///
/// ```compile_fail
/// # use tocsin_domain::{actor::Section, ids::*, permission::*};
/// fn forged(tenant: TenantId, by: AccountId) -> Allowed {
///     Allowed { action: Action::Read, section: Section::Officer, object: Object::Agency { tenant }, by }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowed {
    action: Action,
    section: Section,
    object: Object,
    by: AccountId,
}

impl Allowed {
    /// What was allowed.
    pub const fn action(&self) -> Action {
        self.action
    }
    /// In which section.
    pub const fn section(&self) -> Section {
        self.section
    }
    /// On what.
    pub const fn object(&self) -> &Object {
        &self.object
    }
    /// To whom.
    pub const fn by(&self) -> AccountId {
        self.by
    }
    /// The stream it was allowed on, when it was about a case.
    pub const fn stream(&self) -> Option<StreamId> {
        match &self.object {
            Object::Case { stream, .. } | Object::Named { stream, .. } | Object::Behind { stream, .. } => Some(*stream),
            Object::Unit { .. } | Object::Agency { .. } => None,
        }
    }
    /// The agency it was allowed in.
    pub const fn tenant(&self) -> TenantId {
        match &self.object {
            Object::Case { tenant, .. }
            | Object::Named { tenant, .. }
            | Object::Unit { tenant, .. }
            | Object::Agency { tenant }
            | Object::Behind { tenant, .. } => *tenant,
        }
    }
}

/// Not allowed. It carries no reason to the outside: a page that may not be seen looks like one that does not exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not allowed")]
pub struct Denied;

/// Decides. Another agency and exclusion are absolute; everything else needs a role that allows the action in the
/// section and reaches the unit, or a part in that one case.
pub fn decide(viewer: &Viewer, action: Action, object: Object, section: Section) -> Result<Allowed, Denied> {
    let (tenant, excluded, unit, invited) = match &object {
        Object::Case { tenant, unit, excluded, invited, .. } => (*tenant, *excluded, Some(*unit), *invited),
        Object::Named { tenant, excluded, .. } => (*tenant, *excluded, None, false),
        Object::Unit { tenant, unit } => (*tenant, false, Some(*unit), false),
        Object::Agency { tenant } => (*tenant, false, None, false),
        Object::Behind { tenant, excluded, .. } => (*tenant, *excluded, None, false),
    };
    if excluded || tenant != viewer.tenant {
        return Err(Denied);
    }
    if matches!(object, Object::Named { .. }) {
        // Being named is all that counts: a role opens the case, not this.
        let allowed = named_allows(action, section);
        return if allowed { Ok(Allowed { action, section, object, by: viewer.account }) } else { Err(Denied) };
    }
    // Behind glass nothing is read or done: one asks, and a second person answers.
    let asks = matches!(action, Action::BreakGlass | Action::AgreeGlass);
    if matches!(object, Object::Behind { .. }) && !asks {
        return Err(Denied);
    }
    let granted = viewer.grants.iter().any(|grant| {
        grant.holds(viewer.now) && allows(grant.role, action, section) && unit.is_none_or(|unit| grant.reaches(unit))
    });
    let granted = granted || (invited && participant_allows(action, section));
    if granted { Ok(Allowed { action, section, object, by: viewer.account }) } else { Err(Denied) }
}

/// The proof that somebody may read some parts of one case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    stream: StreamId,
    tenant: TenantId,
    sections: Vec<Section>,
}

impl Reading {
    /// The case.
    pub const fn stream(&self) -> StreamId {
        self.stream
    }
    /// Its agency.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }
    /// Whether that part may be read.
    pub fn covers(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// The reporter's own view of a report, opened by the secret of their private link: what was reported, never who
    /// handles it or what was found.
    pub fn by_private_link(report: crate::ids::ReportId, tenant: TenantId) -> Self {
        Self { stream: report.into(), tenant, sections: vec![Section::Report] }
    }

    /// The product's own view, for deciding commands and for background work. What is read this way is never shown;
    /// what is sent on passes [`decide`] for its recipient first.
    pub fn by_the_product(stream: StreamId, tenant: TenantId) -> Self {
        Self { stream, tenant, sections: Section::ALL.to_vec() }
    }
}

/// Decides which parts of a case somebody may read; denied when there is none.
pub fn reading(
    viewer: &Viewer,
    stream: StreamId,
    tenant: TenantId,
    unit: UnitId,
    excluded: bool,
) -> Result<Reading, Denied> {
    reading_of(viewer, &Object::Case { stream, tenant, unit, excluded, invited: false })
}

/// The same for a case about which something was decided already: a part in it counts as it did there.
pub fn reading_of(viewer: &Viewer, object: &Object) -> Result<Reading, Denied> {
    let Object::Case { stream, tenant, .. } = object else { return Err(Denied) };
    let may = |section: &Section| decide(viewer, Action::Read, object.clone(), *section).is_ok();
    let sections: Vec<Section> = Section::ALL.into_iter().filter(may).collect();
    if sections.is_empty() { Err(Denied) } else { Ok(Reading { stream: *stream, tenant: *tenant, sections }) }
}

/// Decides which parts of a report somebody may read because it is addressed to their desk; denied when there is none.
pub fn reading_addressed(
    viewer: &Viewer,
    stream: StreamId,
    tenant: TenantId,
    unit: UnitId,
    excluded: bool,
) -> Result<Reading, Denied> {
    let object = Object::Case { stream, tenant, unit, excluded, invited: false };
    let may = |section: &Section| decide(viewer, Action::TakeAddressed, object.clone(), *section).is_ok();
    let sections: Vec<Section> = Section::ALL.into_iter().filter(may).collect();
    if sections.is_empty() { Err(Denied) } else { Ok(Reading { stream, tenant, sections }) }
}

#[cfg(test)]
mod tests;
