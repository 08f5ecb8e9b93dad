//! The first administrator: a one-time link from the console, for the installation as a whole.

use crate::{App, Trouble};
use domain::time::Instant;
use journal::Lookup;
use serde::{Deserialize, Serialize};
use store::{Change, RowChange};

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
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    serde_json::to_vec(value).map_err(|e| Trouble::fault("writing a row", e))
}
