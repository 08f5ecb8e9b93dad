//! One opaque identifier type per kind of thing, so that an incident can never be passed where a unit is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! identifiers {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an identifier that the shell drew (version 7, so that it sorts by time) or read back.
            pub const fn new(id: Uuid) -> Self { Self(id) }
            /// The identifier as a UUID.
            pub const fn uuid(self) -> Uuid { self.0 }
            /// The sixteen bytes, in the order both stores keep them.
            pub const fn bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.as_hyphenated().fmt(f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
    )+};
}

identifiers! {
    /// An agency: the wall that no query crosses.
    TenantId,
    /// A facility, division, district or office inside an agency.
    UnitId,
    /// One stream of events: a report, an incident, or an agency's administration.
    StreamId,
    /// What one person handed in. Equal to the id of its stream.
    ReportId,
    /// A case that an officer works. Equal to the id of its stream.
    IncidentId,
    /// A person with an account.
    AccountId,
    /// A file that a reporter or officer added.
    FileId,
    /// A document that the product issued.
    DocumentId,
    /// A task on an incident.
    TaskId,
    /// A duty on an incident.
    DutyId,
    /// An entry of a timeline, a message, a finding: one addressable part of a stream.
    EntryId,
    /// A unit of background work.
    JobId,
    /// A message in the outbox.
    MailId,
    /// One signed-in browser.
    SessionId,
    /// Something that somebody proves who they are with besides a password.
    FactorId,
}

macro_rules! streams {
    ($($name:ident),+) => {$(
        impl From<$name> for StreamId {
            fn from(id: $name) -> Self { Self(id.0) }
        }
        impl From<StreamId> for $name {
            fn from(id: StreamId) -> Self { Self(id.0) }
        }
    )+};
}

streams!(ReportId, IncidentId, TenantId);
