//! Tokens of programs as administrators keep them: made for an account, shown once, listed by a short name, withdrawn.

use super::held;
use super::people::account;
use super::record::Event;
use crate::api_token::{LONGEST_DAYS, PREFIX, Scope};
use crate::sign_in::SignedIn;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId};
use domain::permission::Allowed;
use domain::time::Instant;
use journal::Lookup;
use store::{Change, RowChange, TokenRow};

/// A token as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenLine {
    /// What it is called: the beginning of its keyed hash, which tells nothing of the token.
    pub name: String,
    /// With whose rights it acts.
    pub person: AccountId,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// When it ends.
    pub ends_at: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// `3f9a-11c2`
fn name_of(secret: &[u8; 32]) -> String {
    let hex = data_encoding::HEXLOWER.encode(&secret[..4]);
    format!("{}-{}", &hex[..4], &hex[4..])
}

fn line(row: &TokenRow) -> TokenLine {
    TokenLine {
        name: name_of(&row.secret),
        person: row.account,
        scopes: row.scopes.split(' ').filter_map(Scope::named).collect(),
        ends_at: row.ends_at,
        withdrawn_at: row.withdrawn_at,
    }
}

impl App {
    /// The tokens of the agency's people, the one that ends last first.
    pub async fn token_lines(&self, may: &Allowed) -> Result<Vec<TokenLine>, Trouble> {
        let (tenant, _) = held(may)?;
        Ok(self.store().tokens(tenant).await?.iter().map(line).collect())
    }

    /// Makes a token that acts with a person's rights, narrowed to its scopes. The answer is the only time it is seen;
    /// the person is told by mail that it exists.
    pub async fn issue_token(
        &self,
        may: &Allowed,
        person: AccountId,
        scopes: &[Scope],
        days: u16,
    ) -> Result<(String, TokenLine), Trouble> {
        let (tenant, by) = held(may)?;
        self.issue_as(tenant, by, person, scopes, days).await
    }

    /// Makes a token for the person who signs in as `login`, for the command line.
    pub async fn make_token(&self, login: &str, scopes: &[Scope], days: u16) -> Result<(String, Instant), Trouble> {
        let row = self.store().account_by_login(&self.login_hash(login)?).await?.ok_or(Trouble::NotFound)?;
        if row.disabled_at.is_some() {
            return Err(Trouble::NotFound);
        }
        let (token, line) = self.issue_as(row.tenant, Actor::System, row.id, scopes, days).await?;
        Ok((token, line.ends_at))
    }

    async fn issue_as(
        &self,
        tenant: TenantId,
        by: Actor,
        person: AccountId,
        scopes: &[Scope],
        days: u16,
    ) -> Result<(String, TokenLine), Trouble> {
        if scopes.is_empty() {
            return Err(Trouble::Refused("Choose at least one thing that the program may do.".into()));
        }
        if days == 0 || days > LONGEST_DAYS {
            return Err(Trouble::Refused(format!("A token ends after 1 to {LONGEST_DAYS} days.")));
        }
        let token = format!("{PREFIX}{}", data_encoding::BASE64URL_NOPAD.encode(&self.secret::<32>()));
        let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
        let row = TokenRow {
            secret: self.lookup(Lookup::ApiToken, token.as_bytes())?,
            account: person,
            scopes: names.join(" "),
            ends_at: self.now().plus_seconds(i64::from(days) * 24 * 3_600),
            withdrawn_at: None,
        };
        let (name, scopes, ends_at) = (name_of(&row.secret), row.scopes.clone(), row.ends_at);
        let made = Event::TokenMade { person, token: name, scopes, ends_at };
        self.administer(tenant, by, Some(person), |standing| {
            if account(standing)?.disabled_at.is_some() {
                return Err(Trouble::Refused("This account is disabled. Enable it first.".into()));
            }
            let what =
                format!("An administrator made a token by which a program acts with your rights ({}).", row.scopes);
            // Whoever works on the machine itself is trusted with more than this, and told by nobody.
            let mail = if by == Actor::System { Vec::new() } else { vec![self.warning(tenant, person, &what)?] };
            Ok((Change { rows: vec![RowChange::Token(row.clone())], mail, ..Change::default() }, vec![made.clone()]))
        })
        .await?;
        Ok((token, line(&row)))
    }

    /// Withdraws a token; who holds it can do that.
    pub async fn withdraw_token(&self, token: &str) -> Result<(), Trouble> {
        let hash = self.lookup(Lookup::ApiToken, token.as_bytes())?;
        let view = self.store().token(&hash, self.now()).await?.ok_or(Trouble::NotFound)?;
        self.withdraw_as(view.account.tenant, Actor::Account(view.account.id), view.token).await
    }

    /// The tokens that act with one's own rights, those that work; a calendar's link has its own place.
    pub async fn my_tokens(&self, who: &SignedIn) -> Result<Vec<TokenLine>, Trouble> {
        let now = self.now();
        let rows = self.store().tokens(who.viewer.tenant).await?;
        let own = rows.iter().filter(|row| row.account == who.viewer.account).map(line);
        Ok(own.filter(|l| !l.scopes.is_empty() && l.withdrawn_at.is_none() && l.ends_at > now).collect())
    }

    /// Withdraws one of them.
    pub async fn withdraw_my_token(&self, who: &SignedIn, name: &str) -> Result<(), Trouble> {
        let (tenant, account) = (who.viewer.tenant, who.viewer.account);
        let rows = self.store().tokens(tenant).await?;
        let own = rows.into_iter().find(|row| row.account == account && name_of(&row.secret) == name);
        let row = own.ok_or(Trouble::NotFound)?;
        if row.withdrawn_at.is_some() {
            return Ok(());
        }
        self.withdraw_as(tenant, Actor::Account(account), row).await
    }

    /// Withdraws a token of the agency by its name in the list.
    pub async fn revoke_token(&self, may: &Allowed, name: &str) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let rows = self.store().tokens(tenant).await?;
        let row = rows.into_iter().find(|row| name_of(&row.secret) == name).ok_or(Trouble::NotFound)?;
        if row.withdrawn_at.is_some() {
            return Ok(());
        }
        self.withdraw_as(tenant, by, row).await
    }

    async fn withdraw_as(&self, tenant: TenantId, by: Actor, row: TokenRow) -> Result<(), Trouble> {
        let (person, token) = (row.account, name_of(&row.secret));
        self.administer(tenant, by, None, |standing| {
            let rows = vec![RowChange::Token(TokenRow { withdrawn_at: Some(standing.now), ..row.clone() })];
            let withdrawn = Event::TokenWithdrawn { person, token: token.clone() };
            Ok((Change { rows, ..Change::default() }, vec![withdrawn]))
        })
        .await
    }
}
