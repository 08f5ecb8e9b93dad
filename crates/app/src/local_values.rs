//! What an agency decides for itself where its policy gives no number: shown as local wherever it counts.

use crate::administration::held;
use crate::administration::record::Event;
use crate::{App, Trouble};
use domain::ids::TenantId;
use domain::permission::Allowed;
use serde::{Deserialize, Serialize};
use store::{Change, RowChange, Store};

/// The values of one agency. What is left out keeps its usual value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalValues {
    /// Minutes after which a report that nobody has opened is passed on. Policies say "immediately".
    pub open_within_minutes: u16,
    /// Full hours of the day, in the agency's zone, at which people get a digest of what waits for them; none for none.
    pub digest_hours: Vec<u8>,
}

impl Default for LocalValues {
    fn default() -> Self {
        Self { open_within_minutes: 15, digest_hours: vec![8, 15] }
    }
}

const NAME: &str = "local-values";

/// What an agency has decided, from the store. The directory keeps it in memory.
pub(crate) async fn read(store: &dyn Store, tenant: TenantId) -> Result<LocalValues, Trouble> {
    match store.setting(Some(tenant), NAME).await? {
        Some(stored) => serde_json::from_slice(&stored).map_err(|e| Trouble::fault("reading local values", e)),
        None => Ok(LocalValues::default()),
    }
}

impl App {
    /// What an agency has decided.
    pub fn local_values(&self, tenant: TenantId) -> LocalValues {
        self.directory().agency(tenant).map(|agency| agency.local.clone()).unwrap_or_default()
    }

    /// Decides them anew.
    pub async fn set_local_values(&self, may: &Allowed, values: &LocalValues) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        if !(1..=1_440).contains(&values.open_within_minutes) {
            return Err(Trouble::Refused("A report is passed on after 1 to 1,440 minutes.".to_owned()));
        }
        if values.digest_hours.iter().any(|hour| *hour > 23) {
            return Err(Trouble::Refused("A digest is sent at full hours from 0 to 23.".to_owned()));
        }
        let stored = serde_json::to_vec(values).map_err(|e| Trouble::fault("writing local values", e))?;
        let set = Event::WatchSet {
            open_within_minutes: values.open_within_minutes,
            digest_hours: values.digest_hours.clone(),
        };
        self.administer(tenant, by, None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            if agency.local == *values {
                return Ok((Change::default(), Vec::new()));
            }
            let rows = vec![RowChange::Setting(Some(tenant), NAME.to_owned(), Some(stored.clone()))];
            Ok((Change { rows, ..Change::default() }, vec![set.clone()]))
        })
        .await
    }
}
