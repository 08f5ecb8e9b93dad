//! Keyed tokens and hashes: how rows are found by words and secrets that the store never sees.

use crate::aead::identity;
use crate::keyring::Keyring;
use crate::keys::{KeyError, KeyPurpose};
use domain::ids::{TenantId, UnitId};

/// Something by which a report or incident is found. The kinds cannot be mistaken for one another, so a typed word
/// never acts as a facet or as a unit of somebody's scope.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Indexed<'a> {
    /// A normalised word.
    Word(&'a str),
    /// A facet with its value, such as `kind` and `lost-device`.
    Facet(&'a str, &'a str),
    /// A unit in whose scope the object lies.
    Unit(UnitId),
}

/// What a lookup hash stands for. The same bytes under two purposes have nothing in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lookup {
    /// The secret of a reporter's status link.
    Receipt,
    /// The token in a draft's address.
    Draft,
    /// The secret of a session cookie.
    Session,
    /// An API token.
    ApiToken,
    /// A sign-in name, in small letters.
    Login,
    /// The address of a person, in small letters.
    Email,
    /// A one-time link: set-up, password.
    OneTimeLink,
    /// Scope and key of a repeated request.
    Idempotency,
    /// The meaning of a request under such a key.
    Request,
    /// The id of an imported record at its source, with the agency before it.
    Source,
    /// The network address that rate limits count by.
    Network,
    /// An account or a network whose attempts at signing in are paced.
    Turn,
    /// What a factor is found by: the id of a passkey.
    Factor,
    /// A recovery code, with its account before it.
    Recovery,
    /// Something begun and not ended in a browser.
    Ceremony,
    /// An act that somebody proves themselves for.
    Act,
    /// Issuer and subject of an account at an identity provider.
    Identity,
}

impl Lookup {
    const fn label(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Draft => "draft",
            Self::Session => "session",
            Self::ApiToken => "api-token",
            Self::Login => "login",
            Self::Email => "email",
            Self::OneTimeLink => "one-time-link",
            Self::Idempotency => "idempotency",
            Self::Request => "request",
            Self::Source => "source",
            Self::Network => "network",
            Self::Turn => "turn",
            Self::Factor => "factor",
            Self::Recovery => "recovery",
            Self::Ceremony => "ceremony",
            Self::Act => "act",
            Self::Identity => "identity",
        }
    }
}

impl Keyring {
    /// The token that stands in the agency's index for a word, facet or unit.
    pub fn search_token(&self, tenant: TenantId, what: Indexed<'_>) -> Result<[u8; 8], KeyError> {
        let message = match what {
            Indexed::Word(word) => identity(&[b"word", word.as_bytes()]),
            Indexed::Facet(name, value) => identity(&[b"facet", name.as_bytes(), value.as_bytes()]),
            Indexed::Unit(unit) => identity(&[b"unit", unit.bytes()]),
        };
        let mac = self.mac(Some(tenant), KeyPurpose::Search, &message)?;
        let mut token = [0; 8];
        token.copy_from_slice(&mac[..8]);
        Ok(token)
    }

    /// The hash under which a row is kept and found. Being keyed, it may be compared and indexed in the open.
    pub fn lookup_hash(&self, purpose: Lookup, bytes: &[u8]) -> Result<[u8; 32], KeyError> {
        let message = identity(&[b"tocsin/lookup/v1", purpose.label().as_bytes(), bytes]);
        self.mac(None, KeyPurpose::Lookup, &message)
    }
}
