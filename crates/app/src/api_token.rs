//! Tokens of programs: shown once, kept as keyed hashes, each with an end and with less than its owner may do.

use crate::{App, Trouble};
use domain::permission::Viewer;
use journal::Lookup;
use store::TokenView;

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
    /// The program behind a token that came from an address. What is no token counts against its network at the pace of
    /// all other ways of trying; a token that works is never asked to wait.
    pub async fn program_from(&self, token: &str, address: &str) -> Result<Option<Program>, Trouble> {
        let found = self.program(token).await?;
        if found.is_none() {
            self.take(&self.turns(None, address)?, self.now()).await?;
        }
        Ok(found)
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
