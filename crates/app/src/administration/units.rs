//! Agencies with their keys, and the units below them.

use super::held;
use super::record::Event;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::permission::Allowed;
use serde::Serialize;
use store::{Change, RowChange, TenantRow, UnitRow};

/// The longest code of a unit: it is typed from a poster.
const LONGEST_CODE: usize = 8;

impl App {
    /// Adds an agency with its own keys and a head office of the same name.
    pub async fn add_agency(&self, code: &str, profile: &AgencyProfile) -> Result<(TenantId, UnitId), Trouble> {
        let tenant: TenantId = self.draw();
        let head: UnitId = self.draw();
        self.complete_keys(Some(tenant)).await?;
        let unit = UnitProfile {
            name: profile.name.clone(),
            kind: UnitKind::CentralOffice,
            phone: Some(profile.phone.clone()),
            policies: Vec::new(),
        };
        let code = code.to_ascii_uppercase();
        let rows = vec![
            RowChange::Tenant(TenantRow { id: tenant, code: code.clone(), body: json(profile)? }),
            RowChange::Unit(UnitRow { id: head, tenant, parent: None, code: code.clone(), body: json(&unit)? }),
        ];
        let name = profile.name.en.clone();
        let events = vec![
            Event::AgencyAdded { code: code.clone(), name: name.clone() },
            Event::UnitAdded { unit: head, code, name, under: None },
        ];
        self.administer(tenant, Actor::System, None, |_| {
            Ok((Change { rows: rows.clone(), ..Change::default() }, events.clone()))
        })
        .await?;
        Ok((tenant, head))
    }

    /// Adds a unit below another, for the product's own commands.
    pub async fn add_unit(
        &self,
        tenant: TenantId,
        parent: UnitId,
        code: &str,
        profile: &UnitProfile,
    ) -> Result<UnitId, Trouble> {
        self.add_unit_as(tenant, Actor::System, parent, code, profile).await
    }

    /// Opens a unit below another. Its code goes on posters, so it is short and has no signs that are mistaken.
    pub async fn open_unit(
        &self,
        may: &Allowed,
        parent: UnitId,
        code: &str,
        profile: &UnitProfile,
    ) -> Result<UnitId, Trouble> {
        let (tenant, by) = held(may)?;
        let code = code.trim();
        if !(2..=LONGEST_CODE).contains(&code.len()) || !code.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Trouble::Refused("Use 2 to 8 letters and digits for the code.".into()));
        }
        self.add_unit_as(tenant, by, parent, code, profile).await.map_err(|trouble| match trouble {
            Trouble::Refused(words) if words == "code is taken" => {
                Trouble::Refused("Another unit has this code. Use another one.".into())
            }
            other => other,
        })
    }

    async fn add_unit_as(
        &self,
        tenant: TenantId,
        by: Actor,
        parent: UnitId,
        code: &str,
        profile: &UnitProfile,
    ) -> Result<UnitId, Trouble> {
        let id: UnitId = self.draw();
        let code = code.to_ascii_uppercase();
        let row = UnitRow { id, tenant, parent: Some(parent), code: code.clone(), body: json(profile)? };
        let added = Event::UnitAdded { unit: id, code, name: profile.name.en.clone(), under: Some(parent) };
        self.administer(tenant, by, None, |standing| {
            standing.directory.unit(parent).filter(|unit| unit.tenant == tenant).ok_or(Trouble::NotFound)?;
            let rows = vec![RowChange::Unit(row.clone())];
            Ok((Change { rows, ..Change::default() }, vec![added.clone()]))
        })
        .await?;
        Ok(id)
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    serde_json::to_vec(value).map_err(|e| Trouble::fault("writing a row", e))
}
