//! Rows of signing in: what people prove who they are with, what they have begun, and how often they may try.

use domain::ids::{AccountId, FactorId};
use domain::time::Instant;

/// What a factor is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FactorKind {
    /// A program that shows codes.
    Program,
    /// A passkey.
    Passkey,
    /// A code on paper that works once.
    RecoveryCode,
}

impl FactorKind {
    /// The number in its column.
    pub const fn number(self) -> i16 {
        match self {
            Self::Program => 1,
            Self::Passkey => 2,
            Self::RecoveryCode => 3,
        }
    }

    /// The kind with that number.
    pub const fn numbered(number: i16) -> Option<Self> {
        match number {
            1 => Some(Self::Program),
            2 => Some(Self::Passkey),
            3 => Some(Self::RecoveryCode),
            _ => None,
        }
    }
}

/// Something that somebody proves who they are with besides a password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FactorRow {
    /// The factor.
    pub id: FactorId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is.
    pub kind: FactorKind,
    /// Keyed hash by which it is found; unique.
    pub found_by: [u8; 32],
    /// Since when.
    pub made_at: Instant,
    /// Last use.
    pub used_at: Option<Instant>,
    /// Grows with every use: the step of the last code, the number of uses of a passkey.
    pub step: i64,
    /// Sealed: the secret or the credential, with the name its owner gave it.
    pub sealed: Vec<u8>,
}

/// Something begun in a browser and not ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CeremonyRow {
    /// Keyed hash of what the browser holds.
    pub secret: [u8; 32],
    /// Whose it is, where that is known.
    pub account: Option<AccountId>,
    /// When it is over.
    pub ends_at: Instant,
    /// Sealed: what has been reached.
    pub sealed: Vec<u8>,
}

/// How the waits between attempts grow: not at all at first, then each twice the one before, up to the longest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait.
    pub first_seconds: u32,
    /// The longest wait: nobody is ever locked out for good.
    pub longest_seconds: u32,
    /// In this time one failure is forgotten.
    pub forgets_seconds: u32,
}

/// An account at an identity provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdentityRow {
    /// Keyed hash of issuer and subject; unique.
    pub found_by: [u8; 32],
    /// Whose it is.
    pub account: AccountId,
    /// Since when.
    pub made_at: Instant,
    /// Sealed: issuer and subject.
    pub sealed: Vec<u8>,
}
