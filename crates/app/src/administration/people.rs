//! People of an agency: adding them, changing what is known of them, letting them in no longer and again.

use super::record::{Event, Held};
use super::{Standing, held};
use crate::directory::{Directory, Profile, role_name};
use crate::sign_in::Password;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId, UnitId};
use domain::permission::{Allowed, Role};
use domain::time::Instant;
use journal::BoxPurpose;
use store::{AccountRow, AssignmentRow, Change, EndSessions, RowChange};

/// Roles as the rows that the store keeps.
pub(super) fn rows_of(person: AccountId, roles: &[Held]) -> Vec<AssignmentRow> {
    let row = |held: &Held| AssignmentRow {
        account: person,
        unit: held.unit,
        role: role_name(held.role),
        from: held.from,
        until: held.until,
    };
    roles.iter().map(row).collect()
}

/// Whether some other account administers the whole agency: without one nobody could mend anything.
pub(super) fn another_administers(directory: &Directory, tenant: TenantId, but: AccountId, now: Instant) -> bool {
    let head = directory.head_of(tenant);
    let administers = |person: AccountId| {
        let roles = directory.roles_of(person);
        roles.iter().any(|held| held.role == Role::Administrator && Some(held.unit) == head && held.holds(now))
    };
    directory.people_of(tenant).into_iter().any(|p| p.active && p.id != but && administers(p.id))
}

/// What a person is called and how they are reached, as typed by somebody else; the words say what is wrong.
fn sound(profile: &Profile) -> Result<(), Trouble> {
    let (before, after) = profile.email.split_once('@').unwrap_or_default();
    let plain = profile.email.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"".contains(c));
    if before.is_empty() || !after.contains('.') || !plain || profile.email.len() > 254 {
        return Err(Trouble::Refused("Write an e-mail address, such as a.ortiz@example.gov.".into()));
    }
    Ok(())
}

/// A taken sign-in name, said so that somebody can act on it.
pub(super) fn taken(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Refused(words) if words == "login is taken" => {
            Trouble::Refused("There is an account with this address already. Use another one.".into())
        }
        other => other,
    }
}

impl App {
    /// Adds a person with an account and their roles. The product's own commands call it; screens add people without
    /// a password and give them a link.
    pub async fn add_person(
        &self,
        tenant: TenantId,
        profile: &Profile,
        password: Option<Password>,
        roles: &[(UnitId, Role)],
    ) -> Result<AccountId, Trouble> {
        let from = self.now();
        let held: Vec<Held> =
            roles.iter().map(|(unit, role)| Held { role: *role, unit: *unit, from, until: None }).collect();
        self.add_person_as(tenant, Actor::System, profile, password, &held).await
    }

    /// Adds a person without a password and without roles: both follow.
    pub async fn admit_person(&self, may: &Allowed, profile: &Profile) -> Result<AccountId, Trouble> {
        let (tenant, by) = held(may)?;
        sound(profile)?;
        self.add_person_as(tenant, by, profile, None, &[]).await
    }

    async fn add_person_as(
        &self,
        tenant: TenantId,
        by: Actor,
        profile: &Profile,
        password: Option<Password>,
        roles: &[Held],
    ) -> Result<AccountId, Trouble> {
        let id: AccountId = self.draw();
        let password = match password {
            Some(password) => Some(self.hash_password(password).await?),
            None => None,
        };
        let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), id.bytes(), profile)?;
        let login = self.login_hash(&profile.email)?;
        let account = AccountRow { id, tenant, login, password, disabled_at: None, sealed };
        let added = Event::PersonAdded { person: id, name: profile.name.clone(), email: profile.email.clone() };
        let change = self.administer(tenant, by, None, |_| {
            let rows = vec![RowChange::Account(account.clone()), RowChange::Assignments(id, rows_of(id, roles))];
            let mut events = vec![added.clone()];
            if !roles.is_empty() {
                events.push(Event::RolesSet { person: id, roles: roles.to_vec() });
            }
            Ok((Change { rows, ..Change::default() }, events))
        });
        change.await.map_err(taken)?;
        Ok(id)
    }

    /// Changes what is known of a person. The address is also their sign-in name.
    pub async fn change_person(&self, may: &Allowed, person: AccountId, profile: &Profile) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        sound(profile)?;
        let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), person.bytes(), profile)?;
        let login = self.login_hash(&profile.email)?;
        let change = self.administer(tenant, by, Some(person), |standing| {
            let row = account(standing)?;
            if standing.directory.person(person).is_some_and(|known| known.profile == *profile) {
                return Ok((Change::default(), Vec::new()));
            }
            let rows = vec![RowChange::Account(AccountRow { login, sealed: sealed.clone(), ..row })];
            let changed = Event::PersonChanged {
                person,
                name: profile.name.clone(),
                email: profile.email.clone(),
                phone: profile.phone.clone(),
            };
            Ok((Change { rows, ..Change::default() }, vec![changed]))
        });
        change.await.map_err(taken)
    }

    /// Lets somebody in no longer: their account is disabled, their sessions end, their tokens stop working.
    pub async fn disable(&self, may: &Allowed, person: AccountId) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        if person == may.by() {
            return Err(Trouble::Refused("This is your own account. Another administrator can disable it.".into()));
        }
        self.disable_as(tenant, by, person).await
    }

    /// Disables an account by its sign-in name, for the command line.
    pub async fn disable_person(&self, login: &str) -> Result<(), Trouble> {
        let row = self.store().account_by_login(&self.login_hash(login)?).await?.ok_or(Trouble::NotFound)?;
        self.disable_as(row.tenant, Actor::System, row.id).await
    }

    async fn disable_as(&self, tenant: TenantId, by: Actor, person: AccountId) -> Result<(), Trouble> {
        let change = self.administer(tenant, by, Some(person), |standing| {
            let row = account(standing)?;
            if row.disabled_at.is_some() {
                return Ok((Change::default(), Vec::new()));
            }
            if by != Actor::System && !another_administers(standing.directory, tenant, person, standing.now) {
                return Err(Trouble::Refused(
                    "Nobody else administers this agency. Add an administrator first.".into(),
                ));
            }
            let rows = vec![RowChange::Account(AccountRow { disabled_at: Some(standing.now), ..row })];
            Ok((Change { rows, ..Change::default() }, vec![Event::PersonDisabled { person }]))
        });
        change.await?;
        self.store().end_sessions(EndSessions::All(person)).await?;
        Ok(())
    }

    /// Lets somebody in again, with the roles they have.
    pub async fn enable(&self, may: &Allowed, person: AccountId) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        self.administer(tenant, by, Some(person), |standing| {
            let row = account(standing)?;
            if row.disabled_at.is_none() {
                return Ok((Change::default(), Vec::new()));
            }
            let rows = vec![RowChange::Account(AccountRow { disabled_at: None, ..row })];
            Ok((Change { rows, ..Change::default() }, vec![Event::PersonEnabled { person }]))
        })
        .await
    }

    /// Signs somebody out everywhere; says how many sessions were live.
    pub async fn end_sessions_of(&self, may: &Allowed, person: AccountId) -> Result<u32, Trouble> {
        let (tenant, by) = held(may)?;
        self.administer(tenant, by, Some(person), |standing| {
            account(standing)?;
            Ok((Change::default(), vec![Event::SessionsEnded { person }]))
        })
        .await?;
        Ok(self.store().end_sessions(EndSessions::All(person)).await?)
    }

    /// How many browsers somebody is signed in with, and since when they last used one.
    pub async fn sessions_of(&self, may: &Allowed, person: AccountId) -> Result<(usize, Option<Instant>), Trouble> {
        let (tenant, _) = held(may)?;
        self.directory().person(person).filter(|p| p.tenant == tenant).ok_or(Trouble::NotFound)?;
        let now = self.now();
        let rows = self.store().sessions_of(person).await?;
        let live: Vec<_> = rows.iter().filter(|row| row.ends_at > now && row.idle_until > now).collect();
        Ok((live.len(), live.iter().map(|row| row.seen_at).max()))
    }
}

/// The account that a decision was asked about.
pub(crate) fn account(standing: &Standing<'_>) -> Result<AccountRow, Trouble> {
    standing.account.clone().ok_or(Trouble::NotFound)
}
