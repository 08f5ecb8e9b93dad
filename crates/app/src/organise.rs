//! Keeping the organisation: agencies with their keys, units, people, roles, and the first administrator.

use crate::directory::{Profile, role_name};
use crate::sign_in::Password;
use crate::{App, Trouble};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitProfile};
use domain::permission::Role;
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::{AccountRow, AssignmentRow, Change, RowChange, TenantRow, UnitRow};

/// The name of the setting that holds the one-time set-up link.
const SET_UP: &str = "set-up-link";
/// How long a set-up link works, in seconds.
const SET_UP_SECONDS: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
struct SetUpLink {
    hash: [u8; 32],
    until: Instant,
}

impl App {
    /// Adds an agency with its own keys and a head office of the same name.
    pub async fn add_agency(&self, code: &str, profile: &AgencyProfile) -> Result<(TenantId, UnitId), Trouble> {
        let tenant: TenantId = self.draw();
        let head: UnitId = self.draw();
        self.complete_keys(Some(tenant)).await?;
        let unit = UnitProfile {
            name: profile.name.clone(),
            kind: domain::organisation::UnitKind::CentralOffice,
            phone: Some(profile.phone.clone()),
            policies: Vec::new(),
        };
        let rows = vec![
            RowChange::Tenant(TenantRow { id: tenant, code: code.to_ascii_uppercase(), body: json(profile)? }),
            RowChange::Unit(UnitRow {
                id: head,
                tenant,
                parent: None,
                code: code.to_ascii_uppercase(),
                body: json(&unit)?,
            }),
        ];
        self.store().commit(Change { rows, ..Change::default() }).await?;
        self.reload().await?;
        Ok((tenant, head))
    }

    /// Adds a unit below another.
    pub async fn add_unit(
        &self,
        tenant: TenantId,
        parent: UnitId,
        code: &str,
        profile: &UnitProfile,
    ) -> Result<UnitId, Trouble> {
        let id: UnitId = self.draw();
        let row = UnitRow { id, tenant, parent: Some(parent), code: code.to_ascii_uppercase(), body: json(profile)? };
        self.store().commit(Change { rows: vec![RowChange::Unit(row)], ..Change::default() }).await?;
        self.reload().await?;
        Ok(id)
    }

    /// Adds a person with an account and their roles.
    pub async fn add_person(
        &self,
        tenant: TenantId,
        profile: &Profile,
        password: Option<Password>,
        roles: &[(UnitId, Role)],
    ) -> Result<AccountId, Trouble> {
        let id: AccountId = self.draw();
        let now = self.now();
        let password = match password {
            Some(password) => Some(self.hash_password(password).await?),
            None => None,
        };
        let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), id.bytes(), profile)?;
        let login = self.login_hash(&profile.email)?;
        let account = AccountRow { id, tenant, login, password, disabled_at: None, sealed };
        let assignments = roles
            .iter()
            .map(|(unit, role)| AssignmentRow {
                account: id,
                unit: *unit,
                role: role_name(*role),
                from: now,
                until: None,
            })
            .collect();
        let rows = vec![RowChange::Account(account), RowChange::Assignments(id, assignments)];
        self.store().commit(Change { rows, ..Change::default() }).await?;
        self.reload().await?;
        Ok(id)
    }

    /// Disables an account and ends its sessions.
    pub async fn disable_person(&self, login: &str) -> Result<(), Trouble> {
        let mut row = self.store().account_by_login(&self.login_hash(login)?).await?.ok_or(Trouble::NotFound)?;
        row.disabled_at = Some(self.now());
        let id = row.id;
        self.store().commit(Change { rows: vec![RowChange::Account(row)], ..Change::default() }).await?;
        self.store().end_sessions(store::EndSessions::All(id)).await?;
        self.reload().await
    }

    /// Makes the one-time link by which the first administrator chooses a password. An older link stops working.
    pub async fn make_set_up_link(&self) -> Result<String, Trouble> {
        let secret = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<24>());
        let hash = self.lookup(Lookup::OneTimeLink, secret.as_bytes())?;
        let link = SetUpLink { hash, until: self.now().plus_seconds(SET_UP_SECONDS) };
        let rows = vec![RowChange::Setting(None, SET_UP.to_owned(), Some(json(&link)?))];
        self.store().commit(Change { rows, ..Change::default() }).await?;
        Ok(format!("{}/set-up/{secret}", self.settings().public_address))
    }

    /// Whether a set-up link is the one that works now.
    pub async fn set_up_link_works(&self, secret: &str) -> Result<bool, Trouble> {
        let Some(stored) = self.store().setting(None, SET_UP).await? else { return Ok(false) };
        let link: SetUpLink =
            serde_json::from_slice(&stored).map_err(|e| Trouble::fault("reading the set-up link", e))?;
        let hash = self.lookup(Lookup::OneTimeLink, secret.as_bytes())?;
        // Both are keyed hashes of high-entropy secrets: comparing them tells an observer nothing.
        Ok(hash == link.hash && self.now() < link.until)
    }

    /// Uses up the set-up link.
    pub async fn use_set_up_link(&self) -> Result<(), Trouble> {
        let rows = vec![RowChange::Setting(None, SET_UP.to_owned(), None)];
        self.store().commit(Change { rows, ..Change::default() }).await?;
        Ok(())
    }

    async fn reload(&self) -> Result<(), Trouble> {
        let version = self.store().directory_version().await?;
        self.refresh_directory(version).await
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    serde_json::to_vec(value).map_err(|e| Trouble::fault("writing a row", e))
}
