//! One transaction, one meaning: everything that must become true together.

use crate::{
    AccountRow, AssignmentRow, DutyRow, FactorKind, FactorRow, Fault, FileOwner, IdentityRow, IncidentRow, JournalRow,
    NewJob, NewMail, ReportRow, RollupRow, TenantRow, TokenRow, UnitRow, Words,
};
use domain::ids::{AccountId, FactorId, FileId, IncidentId, StreamId, TenantId};

/// Entries for the end of one stream.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// The version it must have now; 0 for a stream that does not exist.
    pub expected: u32,
    /// Entries with versions `expected + 1`, `expected + 2`, …
    pub rows: Vec<JournalRow>,
}

/// An answer to remember under a caller's key, so that a repeated request is told the same and does nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// Keyed hash of scope and key.
    pub key: [u8; 32],
    /// Hash of the request's meaning; the same key with another request is refused.
    pub request: [u8; 32],
    /// The sealed answer.
    pub answer: Vec<u8>,
}

/// A change to the rows that are not event-sourced.
#[derive(Clone, Debug)]
pub enum RowChange {
    /// Adds or replaces an agency.
    Tenant(TenantRow),
    /// Adds or replaces a unit.
    Unit(UnitRow),
    /// Adds or replaces an account.
    Account(AccountRow),
    /// Replaces all roles of an account.
    Assignments(AccountId, Vec<AssignmentRow>),
    /// Adds or replaces an API token.
    Token(TokenRow),
    /// Sets or (with `None`) removes a setting.
    Setting(Option<TenantId>, String, Option<Vec<u8>>),
    /// From now on this account sees nothing of this stream, on any channel.
    Exclude(StreamId, AccountId),
    /// Lifts such an exclusion.
    Readmit(StreamId, AccountId),
    /// Removes a draft, its files having been moved or being left to the collector.
    RemoveDraft([u8; 32]),
    /// Moves a file from a draft into the record.
    MoveFile(FileId, FileOwner),
    /// Destroys key and ciphertext of one entry; the header stays.
    Erase(StreamId, u32),
    /// Destroys the key and the sealed note of a file; size and digest of its sealed bytes stay.
    EraseFile(FileId),
    /// Removes every duty row of an incident that was disposed of.
    ForgetDuties(IncidentId),
    /// Adds or replaces a factor.
    Factor(FactorRow),
    /// Takes one factor away from an account.
    DropFactor(AccountId, FactorId),
    /// Takes all factors of a kind, or all, away from an account.
    DropFactors(AccountId, Option<FactorKind>),
    /// Ties a subject of an identity provider to an account.
    Identity(IdentityRow),
    /// Unties it.
    DropIdentity(AccountId, [u8; 32]),
}

/// Everything that must become true together.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Entries of the journal.
    pub appends: Vec<Append>,
    /// Whole report rows, added or replaced by id; `n` and an unchanged `secret` are kept.
    pub reports: Vec<ReportRow>,
    /// Whole incident rows, added or replaced by id; `n` is kept.
    pub incidents: Vec<IncidentRow>,
    /// Words and facets, replacing what was indexed for the object. The object's row is in the same change or exists.
    pub words: Vec<Words>,
    /// Differences to add to kept counts.
    pub rollups: Vec<RollupRow>,
    /// Work to be done afterwards.
    pub jobs: Vec<NewJob>,
    /// Mail to be sent afterwards.
    pub mail: Vec<NewMail>,
    /// Whole duty rows, added or replaced by incident and rule.
    pub duties: Vec<DutyRow>,
    /// Changes to rows that are not event-sourced, applied in order.
    pub rows: Vec<RowChange>,
    /// The answer to remember.
    pub remember: Option<Remembered>,
}

/// A durable commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The `n` of each incident of the change, in order.
    pub incident_numbers: Vec<i64>,
}

/// Why nothing was committed, where trying differently can help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody else appended first: read again and decide again.
    #[error("stream {stream} has moved past version {expected}")]
    Moved {
        /// The stream.
        stream: StreamId,
        /// The version it was expected to have.
        expected: u32,
    },
    /// A value that must be unique is taken.
    #[error("{what} is taken")]
    Taken {
        /// `reference`, `secret`, `source`, `login`, `code`, `found_by`.
        what: &'static str,
    },
    /// This key was used before, for the same request: here is the answer given then.
    #[error("answered before")]
    Repeated(Remembered),
    /// This key was used before, for another request.
    #[error("the key was used for a different request")]
    KeyReused,
}

/// What can come of a commit instead of success.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Refused: nothing was written.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Broken: nothing was acknowledged.
    #[error(transparent)]
    Fault(#[from] Fault),
}
