//! Keys between the store and the keyring: drafted when missing, stored, and opened as the store has them.

use crate::{App, Trouble};
use domain::ambient::Random;
use domain::ids::TenantId;
use journal::{KeyPurpose, Keyring, RootKey, WrappedKey};
use std::sync::Arc;
use store::{KeyRow, Store};

fn row(key: WrappedKey) -> KeyRow {
    KeyRow { tenant: key.tenant, purpose: key.purpose.name().to_owned(), version: key.version, wrapped: key.wrapped }
}

fn key(row: KeyRow) -> Result<WrappedKey, Trouble> {
    let purpose: KeyPurpose = row.purpose.parse().map_err(|e| Trouble::fault("reading a key's purpose", e))?;
    Ok(WrappedKey { tenant: row.tenant, purpose, version: row.version, wrapped: row.wrapped })
}

/// Opens every stored key under the root key, making the installation's own keys on first start. A root key that is
/// not the one this database was made with is refused here.
pub async fn open_keyring(store: &dyn Store, root: &RootKey, random: &dyn Random) -> Result<Keyring, Trouble> {
    let stored = store.keys().await?.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
    let mut keyring = Keyring::open(root, &stored).map_err(|e| Trouble::Refused(e.to_string()))?;
    complete(store, &mut keyring, None, random).await?;
    Ok(keyring)
}

/// Opens every stored key under the root key and writes nothing: for commands that read beside a running server.
pub async fn read_keyring(store: &dyn Store, root: &RootKey) -> Result<Keyring, Trouble> {
    let stored = store.keys().await?.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
    Keyring::open(root, &stored).map_err(|e| Trouble::Refused(e.to_string()))
}

async fn complete(
    store: &dyn Store,
    keyring: &mut Keyring,
    tenant: Option<TenantId>,
    random: &dyn Random,
) -> Result<(), Trouble> {
    let drafts = keyring.draft_missing(tenant, random);
    if drafts.is_empty() {
        return Ok(());
    }
    // Another node may have been first: what counts is what is stored now.
    let stored = store.add_keys(drafts.into_iter().map(row).collect()).await?;
    let stored = stored.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
    keyring.absorb(&stored).map_err(|e| Trouble::fault("opening new keys", e))
}

impl App {
    /// Makes whatever keys an agency still lacks.
    pub async fn complete_keys(&self, tenant: Option<TenantId>) -> Result<(), Trouble> {
        let mut keyring = self.keyring().as_ref().clone();
        complete(self.store(), &mut keyring, tenant, self.random()).await?;
        self.replace_keyring(Arc::new(keyring));
        Ok(())
    }

    /// Opens keys that another node added since.
    pub async fn refresh_keys(&self) -> Result<(), Trouble> {
        let stored = self.store().keys().await?.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
        let mut keyring = self.keyring().as_ref().clone();
        keyring.absorb(&stored).map_err(|e| Trouble::fault("opening keys", e))?;
        self.replace_keyring(Arc::new(keyring));
        Ok(())
    }
}
