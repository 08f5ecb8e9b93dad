//! What people prove who they are with besides a password: a program that shows codes, passkeys, recovery codes; who
//! needs which, and what of it they have.

pub mod begun;
pub mod codes;
pub mod entering;
pub mod passkeys;
pub mod program;
pub mod step_up;
pub mod turns;

use crate::administration::people::account;
use crate::administration::record::{Event, Proof};
use crate::sign_in::SignedIn;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, FactorId, TenantId};
use domain::permission::{Allowed, Role, Viewer};
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::{AccountRow, Change, EndSessions, FactorRow, RowChange};
use webauthn_rs::prelude::Passkey;

pub use store::FactorKind;

/// Whether something is needed to get in, or only there to be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Nobody gets in without it.
    Required,
    /// Whoever has it is asked for it.
    Offered,
}

/// What an installation wants of its staff at the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignInRules {
    /// A second factor, of everybody.
    pub second_factor: Wanted,
    /// A passkey, of administrators, human resources and counsel. Where the address of the installation cannot have
    /// passkeys nobody is asked for one.
    pub passkeys: Wanted,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self { second_factor: Wanted::Required, passkeys: Wanted::Required }
    }
}

impl SignInRules {
    /// Nobody needs more than a password: for demonstrations and for trying things out.
    pub const OFFERED: Self = Self { second_factor: Wanted::Offered, passkeys: Wanted::Offered };
}

/// Roles whose people see what is most private, or let others in.
pub const SENSITIVE: [Role; 3] = [Role::HumanResources, Role::Administrator, Role::Counsel];

/// What an account has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Has {
    /// A program that shows codes.
    pub program: bool,
    /// How many passkeys.
    pub passkeys: usize,
    /// How many recovery codes are left.
    pub codes: usize,
}

impl Has {
    pub(crate) fn of(factors: &[FactorRow]) -> Self {
        let count = |kind| factors.iter().filter(|factor| factor.kind == kind).count();
        Self {
            program: count(FactorKind::Program) > 0,
            passkeys: count(FactorKind::Passkey),
            codes: count(FactorKind::RecoveryCode),
        }
    }

    /// Whether there is anything besides the password.
    pub fn something(self) -> bool {
        self.program || self.passkeys > 0
    }
}

/// A factor as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Factor {
    /// The factor.
    pub id: FactorId,
    /// What it is.
    pub kind: FactorKind,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub made_at: Instant,
    /// Last use.
    pub used_at: Option<Instant>,
}

/// What lies sealed in a factor's row.
#[derive(Serialize, Deserialize)]
enum Sealed {
    /// The secret that the program shares.
    Program { secret: Vec<u8> },
    /// The public half of a passkey, and what its owner calls it.
    Passkey { name: String, passkey: Box<Passkey> },
}

impl App {
    /// Whether somebody's roles need a passkey here.
    pub(crate) fn needs_passkey(&self, account: &AccountRow, now: Instant) -> bool {
        let grants = self.directory().grants_of(account.id);
        let viewer = Viewer { account: account.id, tenant: account.tenant, grants, now };
        self.settings().sign_in.passkeys == Wanted::Required
            && self.passkeys_can_be_required()
            && SENSITIVE.into_iter().any(|role| viewer.has(role))
    }

    /// An account that works, by its id. Two statements of the store at most.
    pub(crate) async fn live_account(&self, id: AccountId) -> Result<Option<AccountRow>, Trouble> {
        self.reload().await?;
        let directory = self.directory();
        let Some(known) = directory.person(id).filter(|person| person.active) else { return Ok(None) };
        let row = self.store().account_by_login(&self.login_hash(&known.profile.email)?).await?;
        Ok(row.filter(|row| row.id == id && row.disabled_at.is_none()))
    }

    fn open_factor(&self, tenant: TenantId, row: &FactorRow) -> Result<Sealed, Trouble> {
        self.open_box(BoxPurpose::Factor, Some(tenant), row.id.bytes(), &row.sealed)
    }

    fn seal_factor(&self, tenant: TenantId, id: FactorId, sealed: &Sealed) -> Result<Vec<u8>, Trouble> {
        self.seal_box(BoxPurpose::Factor, Some(tenant), id.bytes(), sealed)
    }

    /// What somebody has, programs and passkeys one by one.
    pub async fn my_factors(&self, who: &SignedIn) -> Result<(Vec<Factor>, Has), Trouble> {
        let rows = self.store().factors(who.viewer.account).await?;
        let mut list = Vec::new();
        for row in rows.iter().filter(|row| row.kind != FactorKind::RecoveryCode) {
            let name = match self.open_factor(who.viewer.tenant, row)? {
                Sealed::Program { .. } => "Program that shows codes".to_owned(),
                Sealed::Passkey { name, .. } => name,
            };
            list.push(Factor { id: row.id, kind: row.kind, name, made_at: row.made_at, used_at: row.used_at });
        }
        Ok((list, Has::of(&rows)))
    }

    /// What somebody has, for the administrator's page.
    pub async fn factors_of(&self, may: &Allowed, person: AccountId) -> Result<Has, Trouble> {
        let (tenant, _) = crate::administration::held(may)?;
        self.directory().person(person).filter(|p| p.tenant == tenant).ok_or(Trouble::NotFound)?;
        Ok(Has::of(&self.store().factors(person).await?))
    }

    /// Puts a new factor in place, with recovery codes where there are none; the person is told by mail. Gives the codes,
    /// which are shown now and never again.
    async fn add_factor(&self, account: &AccountRow, new: FactorRow, what: Proof) -> Result<Vec<String>, Trouble> {
        let (tenant, person) = (account.tenant, account.id);
        let has = Has::of(&self.store().factors(person).await?);
        let (codes, rows) = if has.codes == 0 { self.draw_codes(person)? } else { (Vec::new(), Vec::new()) };
        let said = match what {
            Proof::Program => "A program that shows codes was set up for your account.",
            Proof::Passkey => "A passkey was added to your account.",
        };
        self.administer(tenant, Actor::Account(person), Some(person), |standing| {
            self::account(standing)?;
            let mut changes = Vec::new();
            if new.kind == FactorKind::Program {
                changes.push(RowChange::DropFactors(person, Some(FactorKind::Program)));
            }
            changes.push(RowChange::Factor(new.clone()));
            changes.extend(rows.iter().cloned().map(RowChange::Factor));
            let mail = vec![self.warning(tenant, person, said)?];
            Ok((Change { rows: changes, mail, ..Change::default() }, vec![Event::FactorAdded { person, what }]))
        })
        .await?;
        Ok(codes)
    }

    /// Takes a factor away. The last one stays where one is needed.
    pub async fn remove_factor(&self, who: &SignedIn, id: FactorId) -> Result<(), Trouble> {
        let (tenant, person) = (who.viewer.tenant, who.viewer.account);
        let rows = self.store().factors(person).await?;
        let gone = rows.iter().find(|row| row.id == id && row.kind != FactorKind::RecoveryCode);
        let what = match gone.ok_or(Trouble::NotFound)?.kind {
            FactorKind::Passkey => Proof::Passkey,
            FactorKind::Program | FactorKind::RecoveryCode => Proof::Program,
        };
        let left: Vec<FactorRow> = rows.into_iter().filter(|row| row.id != id).collect();
        let left = Has::of(&left);
        let account = self.live_account(person).await?.ok_or(Trouble::NotFound)?;
        if self.needs_passkey(&account, self.now()) && left.passkeys == 0 {
            return Err(Trouble::Refused("Your role needs a passkey. Add another one first.".into()));
        }
        if self.settings().sign_in.second_factor == Wanted::Required && !left.something() {
            return Err(Trouble::Refused("You need this to sign in. Set something else up first.".into()));
        }
        let said = match what {
            Proof::Program => "The program that shows codes was taken away from your account.",
            Proof::Passkey => "A passkey was taken away from your account.",
        };
        self.administer(tenant, Actor::Account(person), Some(person), |standing| {
            self::account(standing)?;
            let mut rows = vec![RowChange::DropFactor(person, id)];
            if !left.something() {
                rows.push(RowChange::DropFactors(person, None));
            }
            let mail = vec![self.warning(tenant, person, said)?];
            Ok((Change { rows, mail, ..Change::default() }, vec![Event::FactorRemoved { person, what }]))
        })
        .await?;
        self.store().end_sessions(EndSessions::Others(person, who.session.id)).await?;
        Ok(())
    }

    /// Takes everything but the password away from somebody who lost it, ends their sessions, and tells them. At their next
    /// sign-in they set something up anew.
    pub async fn reset_factors(&self, may: &Allowed, person: AccountId, reason: &str) -> Result<(), Trouble> {
        let (tenant, by) = crate::administration::held(may)?;
        if person == may.by() {
            return Err(Trouble::Refused("This is your own account. Another administrator can do this.".into()));
        }
        self.reset_as(tenant, by, person, reason).await
    }

    /// The same by a sign-in name, for the command line: where the only administrator lost everything.
    pub async fn reset_factors_of(&self, login: &str, reason: &str) -> Result<(), Trouble> {
        let row = self.store().account_by_login(&self.login_hash(login)?).await?.ok_or(Trouble::NotFound)?;
        self.reset_as(row.tenant, Actor::System, row.id, reason).await
    }

    async fn reset_as(&self, tenant: TenantId, by: Actor, person: AccountId, reason: &str) -> Result<(), Trouble> {
        if reason.trim().is_empty() {
            return Err(Trouble::Refused("Write why: the reason stays on record.".into()));
        }
        let reason = reason.trim().to_owned();
        self.administer(tenant, by, Some(person), |standing| {
            account(standing)?;
            let rows = vec![RowChange::DropFactors(person, None)];
            let said = format!(
                "Your passkeys, your program that shows codes and your recovery codes were taken away from your account, \
                 by an administrator, for this reason: {reason}\n\nAt your next sign-in you set up new ones."
            );
            let mail = vec![self.warning(tenant, person, &said)?];
            let event = Event::FactorsReset { person, reason: reason.clone() };
            Ok((Change { rows, mail, ..Change::default() }, vec![event]))
        })
        .await?;
        self.store().end_sessions(EndSessions::All(person)).await?;
        Ok(())
    }

    fn factor_hash(&self, bytes: &[u8]) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Factor, bytes)
    }
}
