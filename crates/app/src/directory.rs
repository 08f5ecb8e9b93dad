//! The organisation in memory: agencies, units, people and roles, read again whenever it changes.

use crate::Trouble;
use crate::administration::record::Held;
use crate::local_values::{self, LocalValues};
use crate::policies::kept::{self, Kept};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitProfile, plan::Plans, readiness::Readiness, register::Register};
use domain::permission::{Grant, Role};
use domain::time::Instant;
use journal::Keyring;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{AccountRow, AssignmentRow, Store};

/// An agency.
#[derive(Clone, Debug)]
pub struct Agency {
    /// Its id.
    pub id: TenantId,
    /// Its code in references.
    pub code: String,
    /// What is known of it.
    pub profile: AgencyProfile,
    /// What it has decided for itself.
    pub local: LocalValues,
    /// What it keeps about its policies.
    pub kept: Kept,
    /// Who holds which office, who is away, what is left out, how roles are reached.
    pub register: Register,
    /// Its readiness level, and everything about it.
    pub readiness: Readiness,
    /// The incident plans of its units.
    pub plans: Plans,
}

/// A unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its agency.
    pub tenant: TenantId,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// Its code on posters.
    pub code: String,
    /// What is known of it.
    pub profile: UnitProfile,
}

/// A person with an account, as others may know them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// Their agency.
    pub tenant: TenantId,
    /// Name, address, telephone.
    pub profile: Profile,
    /// Whether the account works.
    pub active: bool,
}

/// What an account holds about its person; sealed at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Mail address, also the sign-in name.
    pub email: String,
    /// Telephone.
    pub phone: Option<String>,
}

/// The organisation at one version.
#[derive(Debug, Default)]
pub struct Directory {
    /// Grows with every change.
    pub version: i64,
    agencies: HashMap<TenantId, Agency>,
    units: HashMap<UnitId, Unit>,
    codes: HashMap<String, UnitId>,
    children: HashMap<UnitId, Vec<UnitId>>,
    people: HashMap<AccountId, Person>,
    assignments: Vec<(AccountId, UnitId, Role, Instant, Option<Instant>)>,
}

impl Directory {
    /// Reads it from the store.
    pub async fn read(store: &dyn Store, keyring: &Keyring) -> Result<Self, Trouble> {
        let rows = store.directory().await?;
        let mut directory = Self { version: rows.version, ..Self::default() };
        for row in rows.tenants {
            let profile = serde_json::from_slice(&row.body).map_err(|e| Trouble::fault("reading an agency", e))?;
            let local = local_values::read(store, row.id).await?;
            let kept = kept::read(store, keyring, row.id).await?;
            let register = crate::register::read(store, keyring, row.id).await?;
            let readiness = crate::readiness::read(store, keyring, row.id).await?;
            let plans = crate::plans::read(store, keyring, row.id).await?;
            let agency = Agency { id: row.id, code: row.code, profile, local, kept, register, readiness, plans };
            directory.agencies.insert(row.id, agency);
        }
        for row in rows.units {
            let profile = serde_json::from_slice(&row.body).map_err(|e| Trouble::fault("reading a unit", e))?;
            directory.codes.insert(row.code.clone(), row.id);
            if let Some(parent) = row.parent {
                directory.children.entry(parent).or_default().push(row.id);
            }
            let (id, tenant, parent, code) = (row.id, row.tenant, row.parent, row.code);
            directory.units.insert(id, Unit { id, tenant, parent, code, profile });
        }
        for row in &rows.accounts {
            let profile = open_profile(keyring, row)?;
            let active = row.disabled_at.is_none();
            directory.people.insert(row.id, Person { id: row.id, tenant: row.tenant, profile, active });
        }
        directory.assignments = rows
            .assignments
            .iter()
            .filter_map(|a| Some((a.account, a.unit, role_named(&a.role)?, a.from, a.until)))
            .collect();
        Ok(directory)
    }

    /// An agency.
    pub fn agency(&self, id: TenantId) -> Option<&Agency> {
        self.agencies.get(&id)
    }
    /// All agencies, by code.
    pub fn agencies(&self) -> Vec<&Agency> {
        let mut all: Vec<_> = self.agencies.values().collect();
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all
    }
    /// A unit.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }
    /// The unit of a poster code, however it is typed.
    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.codes.get(&code.trim().to_ascii_uppercase()).and_then(|id| self.units.get(id))
    }
    /// The units of an agency, by name.
    pub fn units_of(&self, tenant: TenantId) -> Vec<&Unit> {
        let mut all: Vec<_> = self.units.values().filter(|u| u.tenant == tenant).collect();
        all.sort_by(|a, b| a.profile.name.en.cmp(&b.profile.name.en));
        all
    }
    /// A person.
    pub fn person(&self, id: AccountId) -> Option<&Person> {
        self.people.get(&id)
    }
    /// The people of an agency, by name.
    pub fn people_of(&self, tenant: TenantId) -> Vec<&Person> {
        let mut all: Vec<_> = self.people.values().filter(|p| p.tenant == tenant).collect();
        all.sort_by(|a, b| a.profile.name.cmp(&b.profile.name));
        all
    }

    /// A unit and everything above it, nearest first.
    pub fn ancestry(&self, unit: UnitId) -> Vec<UnitId> {
        let mut line = Vec::new();
        let mut next = Some(unit);
        // A cycle cannot be made through the screens; the bound keeps an altered table from hanging a request.
        while let Some(id) = next.filter(|id| !line.contains(id) && line.len() < 32) {
            line.push(id);
            next = self.units.get(&id).and_then(|u| u.parent);
        }
        line
    }

    /// A unit and everything below it.
    pub fn below(&self, unit: UnitId) -> Vec<UnitId> {
        let mut all = vec![unit];
        let mut at = 0;
        while at < all.len() {
            let id = all[at];
            let below = self.children.get(&id).into_iter().flatten();
            let fresh: Vec<UnitId> = below.filter(|c| !all.contains(c)).copied().collect();
            all.extend(fresh);
            at += 1;
        }
        all
    }

    /// The units right below another, by name.
    pub fn directly_below(&self, unit: UnitId) -> Vec<UnitId> {
        let mut below: Vec<&Unit> =
            self.children.get(&unit).into_iter().flatten().filter_map(|id| self.units.get(id)).collect();
        below.sort_by(|a, b| a.profile.name.en.cmp(&b.profile.name.en));
        below.into_iter().map(|unit| unit.id).collect()
    }

    /// The unit at the head of an agency.
    pub fn head_of(&self, tenant: TenantId) -> Option<UnitId> {
        self.units.values().find(|unit| unit.tenant == tenant && unit.parent.is_none()).map(|unit| unit.id)
    }

    /// Every role of a person, past and future ones included, in the order in which they were given.
    pub fn roles_of(&self, person: AccountId) -> Vec<Held> {
        let theirs = self.assignments.iter().filter(|(account, ..)| *account == person);
        theirs
            .map(|(_, unit, role, from, until)| Held { role: *role, unit: *unit, from: *from, until: *until })
            .collect()
    }

    /// The unit one level up; the unit itself at the top.
    pub fn one_level_up(&self, unit: UnitId) -> UnitId {
        self.units.get(&unit).and_then(|u| u.parent).unwrap_or(unit)
    }

    /// Active people who hold a role for a unit now: those of the nearest unit upwards that has any.
    pub fn holders(&self, role: Role, unit: UnitId, now: Instant) -> Vec<&Person> {
        for level in self.ancestry(unit) {
            let mut found: Vec<&Person> = self
                .assignments
                .iter()
                .filter(|(_, at, held, from, until)| {
                    *at == level && *held == role && *from <= now && until.is_none_or(|u| now < u)
                })
                .filter_map(|(account, ..)| self.people.get(account))
                .filter(|p| p.active)
                .collect();
            if !found.is_empty() {
                found.sort_by_key(|p| p.id);
                return found;
            }
        }
        Vec::new()
    }

    /// As [`Directory::holders`], without those who are away that day; and whether that left nobody of some.
    pub fn present(&self, role: Role, unit: UnitId, now: Instant) -> (Vec<&Person>, bool) {
        let all = self.holders(role, unit, now);
        let agency = self.units.get(&unit).and_then(|unit| self.agencies.get(&unit.tenant));
        let Some(agency) = agency else { return (all, false) };
        let today = now.day_in(&agency.profile.zone);
        let some = !all.is_empty();
        let here: Vec<&Person> =
            all.into_iter().filter(|person| agency.register.away_on(person.id, today).is_none()).collect();
        let all_away = some && here.is_empty();
        (here, all_away)
    }

    /// The grants of a person, as last read.
    pub fn grants_of(&self, account: AccountId) -> Vec<Grant> {
        let own = self.assignments.iter().filter(|(holder, ..)| *holder == account);
        own.filter_map(|(_, unit, role, from, until)| self.grant(*unit, *role, *from, *until)).collect()
    }

    fn grant(&self, unit: UnitId, role: Role, from: Instant, until: Option<Instant>) -> Option<Grant> {
        let whole_agency = self.units.get(&unit)?.parent.is_none();
        let units = if whole_agency { Vec::new() } else { self.below(unit) };
        Some(Grant { role, units, whole_agency, from, until })
    }

    /// The grants that assignments give, with the units below each.
    pub fn grants(&self, assignments: &[AssignmentRow]) -> Vec<Grant> {
        let grant = |row: &AssignmentRow| self.grant(row.unit, role_named(&row.role)?, row.from, row.until);
        assignments.iter().filter_map(grant).collect()
    }
}

/// The name of a role in rows: the one the packs use.
pub fn role_name(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The role of that name.
pub fn role_named(name: &str) -> Option<Role> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

/// Opens what an account holds about its person.
pub fn open_profile(keyring: &Keyring, row: &AccountRow) -> Result<Profile, Trouble> {
    let plain = keyring
        .open_box(journal::BoxPurpose::Account, Some(row.tenant), row.id.bytes(), &row.sealed)
        .map_err(|e| Trouble::fault("opening an account", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading an account", e))
}
