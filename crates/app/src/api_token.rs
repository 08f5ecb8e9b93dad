//! Tokens of programs: shown once, kept as keyed hashes, each with an end and with less than its owner may do.

use crate::{App, Trouble};
use domain::permission::Viewer;
use domain::time::Instant;
use journal::Lookup;
use store::{Change, RowChange, TokenRow, TokenView};

/// What every token begins with, so that scanners find one that was published by mistake.
pub const PREFIX: &str = "tocsin_";
/// The longest a token lasts: a year and a day, so that renewing it yearly never fails.
pub const LONGEST_DAYS: u16 = 366;

/// What a token may be used for, within what its owner may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// Read incidents, their duties and documents.
    Read,
    /// Accept reports.
    Triage,
    /// Read statistics.
    Statistics,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Triage, Self::Statistics];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Statistics => "statistics",
        }
    }

    /// The scope of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// A program that showed a live token.
#[derive(Clone, Debug)]
pub struct Program {
    /// With whose rights it acts.
    pub viewer: Viewer,
    /// What its token is for.
    pub scopes: Vec<Scope>,
}

impl App {
    /// Makes a token for the person who signs in as `login`. The answer is the only time it is seen.
    pub async fn make_token(&self, login: &str, scopes: &[Scope], days: u16) -> Result<(String, Instant), Trouble> {
        if scopes.is_empty() || days == 0 || days > LONGEST_DAYS {
            return Err(Trouble::Refused(format!(
                "A token needs at least one scope and ends after 1 to {LONGEST_DAYS} days."
            )));
        }
        let account = self.store().account_by_login(&self.login_hash(login)?).await?.ok_or(Trouble::NotFound)?;
        if account.disabled_at.is_some() {
            return Err(Trouble::NotFound);
        }
        let token = format!("{PREFIX}{}", data_encoding::BASE64URL_NOPAD.encode(&self.secret::<32>()));
        let ends_at = self.now().plus_seconds(i64::from(days) * 24 * 3600);
        let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
        let row = TokenRow {
            secret: self.lookup(Lookup::ApiToken, token.as_bytes())?,
            account: account.id,
            scopes: names.join(" "),
            ends_at,
            withdrawn_at: None,
        };
        self.store().commit(Change { rows: vec![RowChange::Token(row)], ..Change::default() }).await?;
        Ok((token, ends_at))
    }

    /// Withdraws a token; who holds it can do that.
    pub async fn withdraw_token(&self, token: &str) -> Result<(), Trouble> {
        let hash = self.lookup(Lookup::ApiToken, token.as_bytes())?;
        let view = self.store().token(&hash, self.now()).await?.ok_or(Trouble::NotFound)?;
        let row = TokenRow { withdrawn_at: Some(self.now()), ..view.token };
        self.store().commit(Change { rows: vec![RowChange::Token(row)], ..Change::default() }).await?;
        Ok(())
    }

    /// The program behind a token; `None` for one that is unknown, ended, withdrawn or of a disabled account.
    pub async fn program(&self, token: &str) -> Result<Option<Program>, Trouble> {
        if !token.starts_with(PREFIX) || token.len() > 100 {
            return Ok(None);
        }
        let now = self.now();
        let hash = self.lookup(Lookup::ApiToken, token.as_bytes())?;
        let Some(TokenView { token, account, assignments, directory_version }) = self.store().token(&hash, now).await?
        else {
            return Ok(None);
        };
        if token.withdrawn_at.is_some() || token.ends_at <= now {
            return Ok(None);
        }
        self.refresh_directory(directory_version).await?;
        let mut viewer = self.viewer(&account, &assignments);
        viewer.now = now;
        Ok(Some(Program { viewer, scopes: token.scopes.split(' ').filter_map(Scope::named).collect() }))
    }
}
