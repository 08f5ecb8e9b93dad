//! The facts of an agency's administration as the journal keeps them: who may do what, since when, and who said so.

use crate::record::Recordable;
use domain::actor::Section;
use domain::ids::{AccountId, StreamId, TenantId, UnitId};
use domain::organisation::{register, workforce};
use domain::permission::Role;
use domain::time::Instant;
use journal::Digest;
use serde::{Deserialize, Serialize};

/// What can happen to an agency's administration.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts", rename_all = "snake_case")]
pub enum Event {
    /// The agency was added.
    AgencyAdded {
        /// Its code in references.
        code: String,
        /// Its name.
        name: String,
    },
    /// A unit was added.
    UnitAdded {
        /// The unit.
        unit: UnitId,
        /// Its code on posters.
        code: String,
        /// Its name.
        name: String,
        /// The unit above; `None` for the agency's head.
        under: Option<UnitId>,
    },
    /// A person was given an account.
    PersonAdded {
        /// The account.
        person: AccountId,
        /// Their name.
        name: String,
        /// Their address, by which they sign in.
        email: String,
    },
    /// A person's name, address or telephone was changed.
    PersonChanged {
        /// The account.
        person: AccountId,
        /// The name since.
        name: String,
        /// The address since.
        email: String,
        /// The telephone since.
        phone: Option<String>,
    },
    /// An account was disabled, and its sessions ended.
    PersonDisabled {
        /// The account.
        person: AccountId,
    },
    /// A disabled account works again.
    PersonEnabled {
        /// The account.
        person: AccountId,
    },
    /// Somebody was signed out everywhere.
    SessionsEnded {
        /// The account.
        person: AccountId,
    },
    /// A one-time link was made by which somebody chooses a password.
    LinkMade {
        /// The account.
        person: AccountId,
        /// Until when it works.
        until: Instant,
    },
    /// Somebody used their link and chose a password.
    PasswordChosen {
        /// The account.
        person: AccountId,
    },
    /// A person's roles, as they stand since.
    RolesSet {
        /// The account.
        person: AccountId,
        /// All of them, ended ones included.
        roles: Vec<Held>,
    },
    /// A token for a program was made.
    TokenMade {
        /// With whose rights it acts.
        person: AccountId,
        /// What it is called in lists; never the token.
        token: String,
        /// What it is for.
        scopes: String,
        /// When it ends.
        ends_at: Instant,
    },
    /// A token was withdrawn.
    TokenWithdrawn {
        /// With whose rights it acted.
        person: AccountId,
        /// What it is called in lists.
        token: String,
    },
    /// The register was changed: offices, absences, addresses, units left out, kinds, notices of the state.
    Register(Box<register::Change>),
    /// The list of the workforce was changed.
    Workforce(Box<workforce::Change>),
}

/// A role held in a unit and everything below it, for a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub from: Instant,
    /// Until when; `None` while it lasts.
    pub until: Option<Instant>,
}

impl Held {
    /// In force at that instant.
    pub fn holds(&self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Over by that instant.
    pub fn over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl Recordable for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::AgencyAdded { .. } => "administration.agency_added",
            Self::UnitAdded { .. } => "administration.unit_added",
            Self::PersonAdded { .. } => "administration.person_added",
            Self::PersonChanged { .. } => "administration.person_changed",
            Self::PersonDisabled { .. } => "administration.person_disabled",
            Self::PersonEnabled { .. } => "administration.person_enabled",
            Self::SessionsEnded { .. } => "administration.sessions_ended",
            Self::LinkMade { .. } => "administration.link_made",
            Self::PasswordChosen { .. } => "administration.password_chosen",
            Self::RolesSet { .. } => "administration.roles_set",
            Self::TokenMade { .. } => "administration.token_made",
            Self::TokenWithdrawn { .. } => "administration.token_withdrawn",
            Self::Register(change) => change.kind(),
            Self::Workforce(change) => change.kind(),
        }
    }
    fn section(&self) -> Section {
        Section::Officer
    }
}

/// The administration stream of an agency: one, with an id that follows from the agency's.
pub fn stream_of(tenant: TenantId) -> StreamId {
    let digest = Digest::of_parts(&[b"tocsin/administration", tenant.bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    StreamId::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
