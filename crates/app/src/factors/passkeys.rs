//! Passkeys (WebAuthn): made, named, taken away, and signed in with. The authenticator itself asks for a finger or a PIN,
//! so a passkey stands for both factors; nobody who guesses passwords can hold it up.

use super::begun::{Begun, CHALLENGE_SECONDS};
use super::{App, FactorRow, Proof, Sealed, Trouble};
use crate::sign_in::{SessionNote, SessionSecret, SignedIn};
use domain::ids::FactorId;
use store::{AccountRow, EndSessions, FactorKind};
use url::{Host, Url};
use webauthn_rs::prelude::{
    DiscoverableKey, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The longest answer of an authenticator that is read.
const LONGEST: usize = 16 * 1024;
/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

/// What a page hands to the browser: what it holds, and the options as JSON.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// What the browser gives back with the answer.
    pub way: String,
    /// Options for `navigator.credentials`.
    pub options: serde_json::Value,
}

fn refused() -> Trouble {
    Trouble::Refused("That passkey was not taken. Try again, or use another way to sign in.".into())
}

fn answer<T: serde::de::DeserializeOwned>(credential: &str) -> Result<T, Trouble> {
    if credential.is_empty() || credential.len() > LONGEST {
        return Err(refused());
    }
    serde_json::from_str(credential).map_err(|_| refused())
}

impl App {
    /// The relying party, where the address of the installation allows one: a name, reached by TLS or on this machine.
    /// Browsers know this machine by the name of localhost alone.
    fn relying_party(&self) -> Option<Webauthn> {
        let mut origin = Url::parse(&self.settings().public_address).ok()?;
        if matches!(origin.host(), Some(Host::Ipv4(address)) if address.is_loopback()) {
            origin.set_host(Some("localhost")).ok()?;
        }
        let id = origin.domain()?;
        if origin.scheme() != "https" && id != "localhost" {
            return None;
        }
        WebauthnBuilder::new(id, &origin).ok()?.rp_name("Tocsin").build().ok()
    }

    /// Whether people can have passkeys here.
    pub fn passkeys_work(&self) -> bool {
        self.relying_party().is_some()
    }

    /// Whether people can be asked to have one: everybody who reaches the installation can use one there.
    pub(super) fn passkeys_can_be_required(&self) -> bool {
        let address = Url::parse(&self.settings().public_address).ok();
        self.passkeys_work() && address.is_some_and(|address| address.domain().is_some())
    }

    fn party(&self) -> Result<Webauthn, Trouble> {
        self.relying_party().ok_or(Trouble::NotFound)
    }

    /// The options by which a browser makes a passkey for an account.
    pub(super) async fn registration(
        &self,
        account: &AccountRow,
    ) -> Result<(serde_json::Value, PasskeyRegistration), Trouble> {
        let rows = self.store().factors(account.id).await?;
        let known = self.passkeys_among(account, &rows)?;
        let known = known.iter().map(|(_, _, passkey)| passkey.cred_id().clone()).collect();
        let (email, name) = (self.email_of(account.id), self.name_of(account.id));
        let (options, state) = self
            .party()?
            .start_passkey_registration(account.id.uuid(), &email, &name, Some(known))
            .map_err(|e| Trouble::fault("beginning a passkey", e))?;
        let mut options = serde_json::to_value(options).map_err(|e| Trouble::fault("writing a challenge", e))?;
        // Kept by the authenticator itself, so that nobody has to say who they are before they sign in with it.
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            selection["residentKey"] = "required".into();
            selection["requireResidentKey"] = true.into();
        }
        Ok((options, state))
    }

    /// The row of a passkey that a browser made.
    pub(super) fn passkey_row(
        &self,
        account: &AccountRow,
        state: &PasskeyRegistration,
        credential: &str,
        name: &str,
    ) -> Result<FactorRow, Trouble> {
        let credential: RegisterPublicKeyCredential = answer(credential)?;
        let passkey = self.party()?.finish_passkey_registration(&credential, state).map_err(|e| {
            tracing::info!(why = %e, "a new passkey was refused");
            refused()
        })?;
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let name = if name.is_empty() { "Passkey".to_owned() } else { name };
        let id: FactorId = self.draw();
        Ok(FactorRow {
            id,
            account: account.id,
            kind: FactorKind::Passkey,
            found_by: self.factor_hash(passkey.cred_id().as_ref())?,
            made_at: self.now(),
            used_at: None,
            step: 0,
            sealed: self.seal_factor(account.tenant, id, &Sealed::Passkey { name, passkey: Box::new(passkey) })?,
        })
    }

    fn passkeys_among<'a>(
        &self,
        account: &AccountRow,
        rows: &'a [FactorRow],
    ) -> Result<Vec<(&'a FactorRow, String, Passkey)>, Trouble> {
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| row.kind == FactorKind::Passkey) {
            if let Sealed::Passkey { name, passkey } = self.open_factor(account.tenant, row)? {
                found.push((row, name, *passkey));
            }
        }
        Ok(found)
    }

    /// Notes a use; of two that come with the same counter the second is refused.
    async fn note_use(
        &self,
        account: &AccountRow,
        row: &FactorRow,
        name: String,
        passkey: Passkey,
    ) -> Result<(), Trouble> {
        let sealed = self.seal_factor(account.tenant, row.id, &Sealed::Passkey { name, passkey: Box::new(passkey) })?;
        let used = self.store().use_factor(row.id, row.step + 1, Some(sealed), self.now()).await?;
        if used { Ok(()) } else { Err(refused()) }
    }

    /// Begins a sign-in with a passkey: nobody says who they are, so nobody learns who has an account.
    pub async fn begin_passkey_sign_in(&self) -> Result<Challenge, Trouble> {
        let (options, state) = self
            .party()?
            .start_discoverable_authentication()
            .map_err(|e| Trouble::fault("beginning a sign-in with a passkey", e))?;
        let mut options = serde_json::to_value(options).map_err(|e| Trouble::fault("writing a challenge", e))?;
        // Somebody pressed a button for it: the browser asks at once instead of waiting in a field.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let way = self.begin(None, &Begun::Passkey(Box::new(state)), CHALLENGE_SECONDS).await?;
        Ok(Challenge { way, options })
    }

    /// Signs in with a passkey. No count of failures stands in its way.
    pub async fn passkey_sign_in(
        &self,
        way: &str,
        credential: &str,
        note: &SessionNote,
    ) -> Result<SessionSecret, Trouble> {
        let found = self.found(way).await?;
        // A challenge answers once, rightly or wrongly.
        self.end_begun(&found).await?;
        let Begun::Passkey(state) = found.begun else { return Err(Trouble::NotFound) };
        let credential: PublicKeyCredential = answer(credential)?;
        let party = self.party()?;
        let (holder, id) = party.identify_discoverable_authentication(&credential).map_err(|_| refused())?;
        let row = self.store().factor_by(&self.factor_hash(id)?).await?;
        let row = row.filter(|row| row.kind == FactorKind::Passkey && row.account.uuid() == holder);
        let row = row.ok_or_else(refused)?;
        let account = self.live_account(row.account).await?.ok_or_else(refused)?;
        let Sealed::Passkey { name, mut passkey } = self.open_factor(account.tenant, &row)? else {
            return Err(refused());
        };
        let key = DiscoverableKey::from(passkey.as_ref());
        let outcome = party.finish_discoverable_authentication_v2(&credential, *state, &key).map_err(tell)?;
        passkey.update_credential(&outcome);
        self.note_use(&account, &row, name, *passkey).await?;
        self.start_session(account.id, account.tenant, note, self.now()).await
    }

    /// Begins making a passkey for somebody who is signed in.
    pub async fn begin_passkey(&self, who: &SignedIn) -> Result<Challenge, Trouble> {
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        let (options, state) = self.registration(&account).await?;
        let way = self.begin(Some(account.id), &Begun::NewPasskey(Box::new(state)), CHALLENGE_SECONDS).await?;
        Ok(Challenge { way, options })
    }

    /// Keeps the passkey that the browser made. Gives recovery codes where there were none.
    pub async fn finish_passkey(
        &self,
        who: &SignedIn,
        way: &str,
        credential: &str,
        name: &str,
    ) -> Result<Vec<String>, Trouble> {
        let found = self.found(way).await?;
        self.end_begun(&found).await?;
        let Begun::NewPasskey(state) = &found.begun else { return Err(Trouble::NotFound) };
        if found.account != Some(who.viewer.account) {
            return Err(Trouble::NotFound);
        }
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        let row = self.passkey_row(&account, state, credential, name)?;
        let codes = self.add_factor(&account, row, Proof::Passkey).await?;
        self.store().end_sessions(EndSessions::Others(account.id, who.session.id)).await?;
        Ok(codes)
    }

    /// The options by which a browser proves with one of an account's passkeys.
    pub(super) async fn assertion(
        &self,
        account: &AccountRow,
    ) -> Result<(serde_json::Value, PasskeyAuthentication), Trouble> {
        let rows = self.store().factors(account.id).await?;
        let keys: Vec<Passkey> = self.passkeys_among(account, &rows)?.into_iter().map(|(_, _, key)| key).collect();
        if keys.is_empty() {
            return Err(Trouble::NotFound);
        }
        let begun = self.party()?.start_passkey_authentication(&keys);
        let (options, state) = begun.map_err(|e| Trouble::fault("beginning a proof with a passkey", e))?;
        Ok((serde_json::to_value(options).map_err(|e| Trouble::fault("writing a challenge", e))?, state))
    }

    /// Takes the answer to it.
    pub(super) async fn take_assertion(
        &self,
        account: &AccountRow,
        state: &PasskeyAuthentication,
        credential: &str,
    ) -> Result<(), Trouble> {
        let credential: PublicKeyCredential = answer(credential)?;
        let outcome = self.party()?.finish_passkey_authentication(&credential, state).map_err(tell)?;
        let rows = self.store().factors(account.id).await?;
        let found =
            self.passkeys_among(account, &rows)?.into_iter().find(|(.., key)| key.cred_id() == outcome.cred_id());
        let (row, name, mut passkey) = found.ok_or_else(refused)?;
        passkey.update_credential(&outcome);
        self.note_use(account, row, name, passkey).await
    }
}

/// A refusal of an authenticator's answer, told to the log; a counter that went back may mean a copy of the key.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn tell(error: WebauthnError) -> Trouble {
    match &error {
        WebauthnError::CredentialPossibleCompromise => {
            tracing::warn!("the counter of a passkey went back: somebody may have a copy of it");
        }
        other => tracing::info!(why = %other, "a passkey was refused"),
    }
    refused()
}
