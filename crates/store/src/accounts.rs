//! Rows of the organisation: agencies, units, accounts, roles, sessions, tokens.

use domain::ids::{AccountId, SessionId, TenantId, UnitId};
use domain::time::Instant;

/// An agency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TenantRow {
    /// The agency.
    pub id: TenantId,
    /// Short code in references, such as `DMH`; unique.
    pub code: String,
    /// JSON: names, zone, packs in force, contact lines. Nothing personal.
    pub body: Vec<u8>,
}

/// A facility, division, district or office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitRow {
    /// The unit.
    pub id: UnitId,
    /// The agency.
    pub tenant: TenantId,
    /// The unit above; `None` for the agency's head.
    pub parent: Option<UnitId>,
    /// Code on posters (`/r/RVB`); unique over all tenants, capital letters and digits.
    pub code: String,
    /// JSON: names, kind, contact lines. Nothing personal.
    pub body: Vec<u8>,
}

/// A person with an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountRow {
    /// The account.
    pub id: AccountId,
    /// The agency.
    pub tenant: TenantId,
    /// Keyed hash of the sign-in name; unique.
    pub login: [u8; 32],
    /// Password hash in PHC form; `None` until one is set.
    pub password: Option<String>,
    /// When the account was disabled.
    pub disabled_at: Option<Instant>,
    /// Sealed: name, sign-in name, telephone, language.
    pub sealed: Vec<u8>,
}

/// A role of an account in a unit and everything below it, for a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssignmentRow {
    /// The account.
    pub account: AccountId,
    /// The unit.
    pub unit: UnitId,
    /// The role's name in the permission matrix.
    pub role: String,
    /// From when.
    pub from: Instant,
    /// Until when; `None` while it lasts.
    pub until: Option<Instant>,
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRow {
    /// The session as its owner sees it in a list.
    pub id: SessionId,
    /// Keyed hash of the cookie's secret.
    pub secret: [u8; 32],
    /// Whose it is.
    pub account: AccountId,
    /// Since when.
    pub started_at: Instant,
    /// Last use, to the minute.
    pub seen_at: Instant,
    /// When it ends by itself whatever happens.
    pub ends_at: Instant,
    /// When idling ends it.
    pub idle_until: Instant,
    /// When the person last proved who they are.
    pub proved_at: Instant,
    /// Sealed: browser and network, for the person's own list.
    pub sealed: Vec<u8>,
}

/// All that a request needs to know about who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionView {
    /// The session.
    pub session: SessionRow,
    /// Its account, not disabled.
    pub account: AccountRow,
    /// Every role assignment of the account, past and future ones included.
    pub assignments: Vec<AssignmentRow>,
    /// As [`crate::Store::directory_version`].
    pub directory_version: i64,
}

/// An API token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRow {
    /// Keyed hash of the token.
    pub secret: [u8; 32],
    /// With whose rights it acts.
    pub account: AccountId,
    /// Space-separated scopes.
    pub scopes: String,
    /// When it ends.
    pub ends_at: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// A live token with its account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenView {
    /// The token.
    pub token: TokenRow,
    /// Its account, not disabled.
    pub account: AccountRow,
    /// Every role assignment of the account.
    pub assignments: Vec<AssignmentRow>,
    /// As [`crate::Store::directory_version`].
    pub directory_version: i64,
}

/// Which sessions to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndSessions {
    /// The one with this secret.
    Secret([u8; 32]),
    /// One of an account, by the id in its list.
    One(AccountId, SessionId),
    /// All of an account.
    All(AccountId),
    /// All of an account but this one.
    Others(AccountId, SessionId),
}

/// The organisation in one piece.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DirectoryRows {
    /// As [`crate::Store::directory_version`].
    pub version: i64,
    /// Agencies.
    pub tenants: Vec<TenantRow>,
    /// Units.
    pub units: Vec<UnitRow>,
    /// Accounts, disabled ones included.
    pub accounts: Vec<AccountRow>,
    /// Roles.
    pub assignments: Vec<AssignmentRow>,
}
