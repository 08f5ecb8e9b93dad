//! One-time links by which somebody chooses their password: shown once, kept as a keyed hash, over after three days.

use super::held;
use super::people::account;
use super::record::Event;
use crate::mail::Letter;
use crate::sign_in::Password;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId};
use domain::pack::Language;
use domain::permission::Allowed;
use domain::time::Instant;
use journal::Lookup;
use serde::{Deserialize, Serialize};
use store::{AccountRow, Change, EndSessions, RowChange};

/// How long a link works, in seconds: over a long weekend.
pub const LINK_SECONDS: i64 = 72 * 3_600;
/// Bytes of the account's id in front of the secret.
const ID: usize = 16;

#[derive(Serialize, Deserialize)]
struct Kept {
    hash: [u8; 32],
    until: Instant,
}

fn setting(person: AccountId) -> String {
    format!("password-link {person}")
}

/// A person whose link works.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invited {
    /// Their account.
    pub person: AccountId,
    /// Their agency.
    pub tenant: TenantId,
    /// Their name.
    pub name: String,
}

impl App {
    /// Makes a link for a person; an older one stops working. They are told by mail that there is one, so that a link
    /// that nobody asked for is noticed; the link itself goes by whatever way the administrator trusts.
    pub async fn make_link(&self, may: &Allowed, person: AccountId) -> Result<(String, Instant), Trouble> {
        let (tenant, by) = held(may)?;
        if person == may.by() {
            return Err(Trouble::Refused(
                "This is your own account. Another administrator can make a link for you.".into(),
            ));
        }
        let mut secret = person.bytes().to_vec();
        secret.extend(self.secret::<24>());
        let word = data_encoding::BASE64URL_NOPAD.encode(&secret);
        let hash = self.lookup(Lookup::OneTimeLink, word.as_bytes())?;
        let until = self.now().plus_seconds(LINK_SECONDS);
        let kept = serde_json::to_vec(&Kept { hash, until }).map_err(|e| Trouble::fault("keeping a link", e))?;
        self.administer(tenant, by, Some(person), |standing| {
            let row = account(standing)?;
            if row.disabled_at.is_some() {
                return Err(Trouble::Refused("This account is disabled. Enable it first.".into()));
            }
            let rows = vec![RowChange::Setting(Some(tenant), setting(person), Some(kept.clone()))];
            let mail = self.warning(tenant, person, "An administrator made a link by which your password can be set.");
            Ok((Change { rows, mail: vec![mail?], ..Change::default() }, vec![Event::LinkMade { person, until }]))
        })
        .await?;
        Ok((format!("{}/welcome/{word}", self.settings().public_address), until))
    }

    /// The person behind a link; nothing for one that is unknown, used or over.
    pub async fn invited(&self, word: &str) -> Result<Invited, Trouble> {
        let nothing = || Trouble::NotFound;
        let secret = data_encoding::BASE64URL_NOPAD.decode(word.as_bytes()).map_err(|_| nothing())?;
        let id: [u8; ID] = secret.get(..ID).and_then(|id| id.try_into().ok()).ok_or_else(nothing)?;
        let person = AccountId::from(uuid::Uuid::from_bytes(id));
        self.reload().await?;
        let directory = self.directory();
        let known = directory.person(person).filter(|p| p.active).ok_or_else(nothing)?;
        let stored = self.store().setting(Some(known.tenant), &setting(person)).await?.ok_or_else(nothing)?;
        let kept: Kept = serde_json::from_slice(&stored).map_err(|e| Trouble::fault("reading a link", e))?;
        // Both are keyed hashes of high-entropy secrets: comparing them tells an observer nothing.
        let hash = self.lookup(Lookup::OneTimeLink, word.as_bytes())?;
        if hash != kept.hash || self.now() >= kept.until {
            return Err(nothing());
        }
        Ok(Invited { person, tenant: known.tenant, name: known.profile.name.clone() })
    }

    /// Uses a link up: the password is theirs, and whoever was signed in with the old one is signed out.
    pub async fn choose_password(&self, word: &str, password: Password) -> Result<(), Trouble> {
        let invited = self.invited(word).await?;
        let hashed = self.hash_password(password).await?;
        let person = invited.person;
        self.administer(invited.tenant, Actor::Account(person), Some(person), |standing| {
            let row = account(standing)?;
            let rows = vec![
                RowChange::Account(AccountRow { password: Some(hashed.clone()), ..row }),
                RowChange::Setting(Some(invited.tenant), setting(person), None),
            ];
            Ok((Change { rows, ..Change::default() }, vec![Event::PasswordChosen { person }]))
        })
        .await?;
        self.store().end_sessions(EndSessions::All(person)).await?;
        Ok(())
    }

    /// A message to somebody about their own account.
    pub(crate) fn warning(&self, tenant: TenantId, person: AccountId, what: &str) -> Result<store::NewMail, Trouble> {
        let directory = self.directory();
        let known = directory.person(person).ok_or(Trouble::NotFound)?;
        let words = format!(
            "{what}\n\nIf you expected this, you need not do anything else. If you did not, tell your security office \
             now, by telephone.\n\n{}\n",
            self.settings().public_address
        );
        let subject = "Your Tocsin account was changed".to_owned();
        let letter = Letter { to: known.profile.email.clone(), subject, words, language: Language::English };
        self.letter(tenant, &letter, self.now())
    }
}
