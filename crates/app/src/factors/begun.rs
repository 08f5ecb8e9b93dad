//! Things begun in a browser and not ended: they lie sealed in the store for a few minutes, so that any node can end them,
//! and each is ended once.

use crate::sign_in::SessionNote;
use crate::{App, Trouble};
use domain::ids::{AccountId, SessionId};
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::CeremonyRow;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyAuthentication, PasskeyRegistration};

/// A challenge lives this long.
pub(super) const CHALLENGE_SECONDS: i64 = 5 * 60;
/// A sign-in between its steps lives this long: time to fetch a telephone and set a program up.
pub(super) const ENTERING_SECONDS: i64 = 15 * 60;

/// What was begun.
#[derive(Serialize, Deserialize)]
pub(super) enum Begun {
    /// A sign-in whose password was right.
    Entering(Box<Entering>),
    /// A sign-in with a passkey, of whom is not known yet.
    Passkey(Box<DiscoverableAuthentication>),
    /// Setting up a program, signed in.
    NewProgram { secret: Vec<u8> },
    /// Adding a passkey, signed in.
    NewPasskey(Box<PasskeyRegistration>),
    /// Proving with a passkey, for one act in one session.
    Proving { session: SessionId, what: [u8; 32], state: Box<PasskeyAuthentication> },
}

/// A sign-in whose password was right.
#[derive(Serialize, Deserialize)]
pub(super) struct Entering {
    /// Browser and network, for the session to come.
    pub note: SessionNote,
    /// What is awaited.
    pub stage: Stage,
    /// A passkey being made, and since when.
    pub passkey: Option<(Instant, Box<PasskeyRegistration>)>,
}

/// What a sign-in waits for.
#[derive(Serialize, Deserialize)]
pub(super) enum Stage {
    /// A code.
    Code,
    /// That a program is set up with this secret, or a passkey made in its place.
    NewProgram { secret: Vec<u8> },
    /// That a passkey is made.
    NewPasskey,
}

/// Something begun, found by what the browser holds.
pub(super) struct Found {
    pub account: Option<AccountId>,
    pub begun: Begun,
    secret: [u8; 32],
}

impl App {
    fn way_hash(&self, way: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Ceremony, way.as_bytes())
    }

    /// Keeps something begun and gives what the browser holds of it.
    pub(super) async fn begin(
        &self,
        account: Option<AccountId>,
        begun: &Begun,
        seconds: i64,
    ) -> Result<String, Trouble> {
        let way = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<24>());
        self.keep_begun(&way, account, begun, seconds).await?;
        Ok(way)
    }

    /// Keeps it in place of what the same browser had begun.
    pub(super) async fn keep_begun(
        &self,
        way: &str,
        account: Option<AccountId>,
        begun: &Begun,
        seconds: i64,
    ) -> Result<(), Trouble> {
        let secret = self.way_hash(way)?;
        let sealed = self.seal_box(BoxPurpose::Ceremony, None, &secret, begun)?;
        let now = self.now();
        let row = CeremonyRow { secret, account, ends_at: now.plus_seconds(seconds), sealed };
        Ok(self.store().save_ceremony(row, now).await?)
    }

    /// What was begun; nothing when it is over, ended, or made up.
    pub(super) async fn found(&self, way: &str) -> Result<Found, Trouble> {
        if way.is_empty() || way.len() > 100 {
            return Err(Trouble::NotFound);
        }
        let secret = self.way_hash(way)?;
        let row = self.store().ceremony(&secret, self.now()).await?.ok_or(Trouble::NotFound)?;
        let begun = self.open_box(BoxPurpose::Ceremony, None, &secret, &row.sealed)?;
        Ok(Found { account: row.account, begun, secret })
    }

    /// Ends it; whoever comes second finds nothing.
    pub(super) async fn end_begun(&self, found: &Found) -> Result<(), Trouble> {
        if self.store().end_ceremony(&found.secret).await? { Ok(()) } else { Err(Trouble::NotFound) }
    }
}
