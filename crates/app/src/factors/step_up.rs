//! Proving freshly who one is before something that cannot be taken back: for one act, in one session, for five minutes.

use super::begun::{Begun, CHALLENGE_SECONDS};
use super::passkeys::Challenge;
use super::{App, Has, Trouble};
use crate::sign_in::SignedIn;
use journal::Lookup;

/// A proof is good for so long.
const FRESH_SECONDS: i64 = 5 * 60;

/// With what somebody can prove who they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Provable {
    /// A code of the program.
    pub program: bool,
    /// A passkey.
    pub passkey: bool,
}

impl App {
    fn act_hash(&self, act: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Act, act.as_bytes())
    }

    /// What somebody is to prove with before this act; nothing when they did so just now, or have nothing but a password,
    /// which an installation has to allow. Two statements of the store.
    pub async fn proof_wanted(&self, who: &SignedIn, act: &str) -> Result<Option<Provable>, Trouble> {
        let has = Has::of(&self.store().factors(who.viewer.account).await?);
        if !has.something() {
            return Ok(None);
        }
        let since = self.now().plus_seconds(-FRESH_SECONDS);
        if self.store().proved(who.session.id, &self.act_hash(act)?, since).await? {
            return Ok(None);
        }
        Ok(Some(Provable { program: has.program, passkey: has.passkeys > 0 }))
    }

    /// Proves with a code.
    pub async fn prove_code(&self, who: &SignedIn, act: &str, code: &str, address: &str) -> Result<(), Trouble> {
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        self.take_code(&account, code, address).await?;
        Ok(self.store().mark_proof(who.session.id, &self.act_hash(act)?, self.now()).await?)
    }

    /// Begins a proof with a passkey.
    pub async fn begin_proof(&self, who: &SignedIn, act: &str) -> Result<Challenge, Trouble> {
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        let (options, state) = self.assertion(&account).await?;
        let begun = Begun::Proving { session: who.session.id, what: self.act_hash(act)?, state: Box::new(state) };
        let way = self.begin(Some(account.id), &begun, CHALLENGE_SECONDS).await?;
        Ok(Challenge { way, options })
    }

    /// Proves with a passkey: for the act and in the session for which it was begun, and for no other.
    pub async fn prove_passkey(&self, who: &SignedIn, act: &str, way: &str, credential: &str) -> Result<(), Trouble> {
        let over = |_| Trouble::Refused("That took too long. Try again.".into());
        let found = self.found(way).await.map_err(over)?;
        self.end_begun(&found).await.map_err(over)?;
        let act = self.act_hash(act)?;
        let Begun::Proving { session, what, state } = &found.begun else { return Err(Trouble::NotFound) };
        if *session != who.session.id || *what != act {
            return Err(Trouble::NotFound);
        }
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        self.take_assertion(&account, state, credential).await?;
        Ok(self.store().mark_proof(who.session.id, &act, self.now()).await?)
    }
}
