//! Signing in and out: a password at one pace for all ways of trying, and a session that lives on the server.

use crate::administration::people::account;
use crate::administration::record::Event;
use crate::factors::SENSITIVE;
use crate::factors::entering::Entry;
use crate::{App, Trouble};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::actor::Actor;
use domain::ids::{AccountId, SessionId};
use domain::permission::Viewer;
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::{AccountRow, Change, EndSessions, RowChange, SessionRow, SessionView};

/// A session ends after this long whatever happens (security.md A44).
const ABSOLUTE_SECONDS: i64 = 12 * 3600;
/// A session ends after this long without use; shorter for roles that see people's most private matters.
const IDLE_SECONDS: i64 = 30 * 60;
const IDLE_SECONDS_SENSITIVE: i64 = 15 * 60;
/// Proving who one is stays fresh this long for signing and taking copies.
const FRESH_SECONDS: i64 = 5 * 60;
/// Hashing takes 19 MiB each: so many at once keep memory flat, and more wait or are told to come back.
const HASHERS: usize = 4;

static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(HASHERS);

/// A password that is not empty. An empty secret is refused by type, on every path.
pub struct Password(String);

impl Password {
    /// Takes what was typed; `None` when it is empty or longer than a thousand bytes.
    pub fn typed(text: String) -> Option<Self> {
        (!text.is_empty() && text.len() <= 1000).then_some(Self(text))
    }

    /// Takes a new password; the words say what is wrong with it.
    pub fn chosen(text: String) -> Result<Self, Trouble> {
        let length = text.chars().count();
        if length < 15 {
            return Err(Trouble::Refused(
                "Use at least 15 characters. Four unrelated words are easy to remember.".into(),
            ));
        }
        Self::typed(text).ok_or_else(|| Trouble::Refused("Use at most 1,000 bytes.".into()))
    }
}

/// What a browser holds: the secret of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSecret(pub String);

/// Browser and network of a session, for its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionNote {
    /// The browser, as it calls itself, shortened.
    pub browser: String,
    /// The network address it came from.
    pub address: String,
}

/// A signed-in person with their session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who they are and what they may do.
    pub viewer: Viewer,
    /// Their name.
    pub name: String,
    /// Their session.
    pub session: SessionRow,
}

impl SignedIn {
    /// Whether they proved who they are within the last five minutes.
    pub fn fresh(&self) -> bool {
        self.viewer.now.seconds_since(self.session.proved_at) <= FRESH_SECONDS
    }
}

fn hasher() -> Argon2<'static> {
    // OWASP's smallest setting for Argon2id: 19 MiB, two passes, one lane.
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    let wait = std::time::Duration::from_secs(5);
    let permit = tokio::time::timeout(wait, HASHING.acquire()).await;
    let _permit = permit.map_err(|_| Trouble::TooMany(5))?.map_err(|e| Trouble::fault("hashing a password", e))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Trouble::fault("hashing a password", e))
}

impl App {
    /// The keyed hash by which an account is found, whatever the case it is typed in.
    pub fn login_hash(&self, login: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Login, login.trim().to_lowercase().as_bytes())
    }

    /// Hashes a new password.
    pub async fn hash_password(&self, password: Password) -> Result<String, Trouble> {
        let salt: [u8; 16] = self.secret();
        hashing(move || hasher().hash_password_with_salt(password.0.as_bytes(), &salt).map(|hash| hash.to_string()))
            .await?
            .map_err(|e| Trouble::fault("hashing a password", e))
    }

    /// Signs in with a password, as far as it reaches: the answer says what is asked next. Unknown name, wrong password,
    /// disabled account and account without password take the same time and give the same answer.
    pub async fn sign_in(&self, login: &str, password: Option<Password>, note: &SessionNote) -> Result<Entry, Trouble> {
        let key = self.login_hash(login)?;
        let turns = self.turns(Some(&key), &note.address)?;
        self.take(&turns, self.now()).await?;

        let account = self.store().account_by_login(&key).await?;
        let known = account.as_ref().filter(|a| a.disabled_at.is_none()).and_then(|a| a.password.clone());
        let right = verify(known, password).await?;
        match account {
            Some(account) if right => self.enter(account, note, &turns).await,
            _ => Err(wrong()),
        }
    }

    pub(crate) async fn start_session(
        &self,
        account: AccountId,
        tenant: domain::ids::TenantId,
        note: &SessionNote,
        now: Instant,
    ) -> Result<SessionSecret, Trouble> {
        let secret = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<32>());
        let id: SessionId = self.draw();
        let sealed = self.seal_box(BoxPurpose::Session, Some(tenant), id.bytes(), note)?;
        self.store()
            .save_session(SessionRow {
                id,
                secret: self.session_hash(&secret)?,
                account,
                started_at: now,
                seen_at: now,
                ends_at: now.plus_seconds(ABSOLUTE_SECONDS),
                idle_until: now.plus_seconds(IDLE_SECONDS),
                proved_at: now,
                sealed,
            })
            .await?;
        Ok(SessionSecret(secret))
    }

    fn session_hash(&self, secret: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Session, secret.as_bytes())
    }

    /// The person behind a session; `None` when it has ended. One statement of the store.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<SignedIn>, Trouble> {
        let now = self.now();
        let Some(view) = self.store().session(&self.session_hash(secret)?, now).await? else { return Ok(None) };
        self.refresh_directory(view.directory_version).await?;
        let SessionView { session, account, assignments, .. } = view;
        let mut viewer = self.viewer(&account, &assignments);
        viewer.now = now;
        // Written at most once a minute, so that reading pages costs no writes.
        if now.seconds_since(session.seen_at) >= 60 {
            let short = SENSITIVE.into_iter().any(|role| viewer.has(role));
            let idle = if short { IDLE_SECONDS_SENSITIVE } else { IDLE_SECONDS };
            let seen = SessionRow { seen_at: now, idle_until: now.plus_seconds(idle), ..session.clone() };
            self.store().save_session(seen).await?;
        }
        let name = self.name_of(account.id);
        Ok(Some(SignedIn { viewer, name, session }))
    }

    /// Proves again who one is, for signing and for taking copies.
    pub async fn prove_again(&self, who: &SignedIn, password: Option<Password>) -> Result<(), Trouble> {
        let now = self.now();
        let view = self.store().session(&who.session.secret, now).await?.ok_or(Trouble::NotFound)?;
        let turns = self.turns(Some(&view.account.login), "")?;
        self.take(&turns, now).await?;
        if !verify(view.account.password, password).await? {
            return Err(Trouble::Refused("That password is not right. Nothing was signed.".into()));
        }
        self.settle(&turns, true).await?;
        self.store().save_session(SessionRow { proved_at: now, ..view.session }).await?;
        Ok(())
    }

    /// Changes one's own password, and signs out everywhere else.
    pub async fn change_password(&self, who: &SignedIn, present: Password, new: Password) -> Result<(), Trouble> {
        let (tenant, person) = (who.viewer.tenant, who.viewer.account);
        let row = self.live_account(person).await?.ok_or(Trouble::NotFound)?;
        let turns = self.turns(Some(&row.login), "")?;
        self.take(&turns, self.now()).await?;
        if !verify(row.password, Some(present)).await? {
            return Err(Trouble::Refused("That is not your present password.".into()));
        }
        self.settle(&turns, true).await?;
        let hashed = self.hash_password(new).await?;
        self.administer(tenant, Actor::Account(person), Some(person), |standing| {
            let row = account(standing)?;
            let rows = vec![RowChange::Account(AccountRow { password: Some(hashed.clone()), ..row })];
            let mail = vec![self.warning(tenant, person, "Your password was changed.")?];
            Ok((Change { rows, mail, ..Change::default() }, vec![Event::PasswordChosen { person }]))
        })
        .await?;
        self.store().end_sessions(EndSessions::Others(person, who.session.id)).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn sign_out(&self, secret: &str) -> Result<(), Trouble> {
        self.store().end_sessions(EndSessions::Secret(self.session_hash(secret)?)).await?;
        Ok(())
    }

    /// The sessions of a person, newest first, with browser and network.
    pub async fn my_sessions(&self, who: &SignedIn) -> Result<Vec<(SessionRow, SessionNote)>, Trouble> {
        let rows = self.store().sessions_of(who.viewer.account).await?;
        rows.into_iter()
            .map(|row| {
                let note = self.open_box(BoxPurpose::Session, Some(who.viewer.tenant), row.id.bytes(), &row.sealed)?;
                Ok((row, note))
            })
            .collect()
    }

    /// Ends one of a person's sessions, or all but the present one.
    pub async fn end_my_sessions(&self, who: &SignedIn, which: Option<SessionId>) -> Result<u32, Trouble> {
        let account = who.viewer.account;
        let which = which.map_or(EndSessions::Others(account, who.session.id), |id| EndSessions::One(account, id));
        Ok(self.store().end_sessions(which).await?)
    }
}

fn wrong() -> Trouble {
    Trouble::Refused("That name and password do not belong together. Check both and try again.".into())
}

/// Compares a password with a stored hash; without one it does the same work and says no.
async fn verify(known: Option<String>, password: Option<Password>) -> Result<bool, Trouble> {
    let Some(password) = password else { return Ok(false) };
    hashing(move || match known.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => hasher().verify_password(password.0.as_bytes(), &hash).is_ok(),
        Some(Err(_)) | None => {
            let _ = hasher().hash_password_with_salt(password.0.as_bytes(), &[0; 16]);
            false
        }
    })
    .await
}
