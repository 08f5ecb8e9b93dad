//! The certificate of a disposal, as the entry beside the case tells it.

use super::dispose::{DISPOSED, Disposal};
use crate::erase::orders_beside;
use crate::record::open;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::permission::{Action, Allowed, Reading};
use domain::time::Instant;
use journal::Header;
use store::IncidentRow;

/// What proves that a record was lawfully disposed of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// What was destroyed, by which rule, on whose proposal.
    pub disposal: Disposal,
    /// Who reviewed it and carried it out.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// Its place in the log; none until the log has taken it up.
    pub log_entry: Option<u64>,
    /// SHA-256 of its header, in hexadecimal: its leaf of the log.
    pub digest: String,
}

impl App {
    /// The certificate of a record; none while it stands. Two statements of the store.
    pub async fn certificate(&self, may: &Allowed, row: &IncidentRow) -> Result<Option<Certificate>, Trouble> {
        let right = may.stream() == Some(row.id.into()) && may.action() == Action::Read;
        if !right {
            return Err(Trouble::NotFound);
        }
        let orders = orders_beside(row.id.into());
        let rows = self.store().read_stream(row.tenant, orders, 0).await?;
        let reading = Reading::by_the_product(orders, row.tenant);
        let keyring = self.keyring();
        for entry in rows.iter().rev() {
            let header = Header::parse(&entry.header).map_err(|e| Trouble::fault("reading an entry's header", e))?;
            if header.kind != DISPOSED {
                continue;
            }
            let opened = open::<Disposal>(&keyring, entry, &reading)?;
            let Some(disposal) = opened.event else { continue };
            let indexes = self.store().log_indexes(&[(entry.stream, entry.version)]).await?;
            return Ok(Some(Certificate {
                disposal,
                by: header.actor,
                at: header.at,
                log_entry: indexes.first().copied().flatten(),
                digest: data_encoding::HEXLOWER.encode(&entry.hash),
            }));
        }
        Ok(None)
    }
}
