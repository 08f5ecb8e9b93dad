//! What can go wrong in a use case: something a person can mend, something that is not there, or a fault.

use domain::permission::Denied;
use store::{CommitError, Fault, Refused};

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A rule refuses it; the words say what to do next and are shown as they are.
    #[error("{0}")]
    Refused(String),
    /// The report refuses it.
    #[error(transparent)]
    Report(#[from] domain::report::Refusal),
    /// The incident refuses it.
    #[error(transparent)]
    Incident(#[from] domain::incident::Refusal),
    /// Several things are to be mended, each in its field.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Mend(Vec<domain::organisation::readiness::Refusal>),
    /// It is not there, or may not be seen: the same answer for both.
    #[error("there is nothing here")]
    NotFound,
    /// Somebody else changed it meanwhile and the change cannot be repeated on top.
    #[error("somebody changed this while you were working; look at what changed and try again")]
    Moved,
    /// The key of a repeated request was used for a different one.
    #[error("this Idempotency-Key was used for a different request; draw a new key")]
    KeyReused,
    /// Too many attempts.
    #[error("too many attempts; wait {0} seconds and try again")]
    TooMany(u32),
    /// Something broke. The words go to the log, not to the page.
    #[error("{doing}: {detail}")]
    Fault {
        /// What was being done.
        doing: &'static str,
        /// What went wrong, without personal words.
        detail: String,
    },
}

impl Trouble {
    /// A fault with its story.
    pub fn fault(doing: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Fault { doing, detail: detail.to_string() }
    }
}

impl From<Denied> for Trouble {
    fn from(_: Denied) -> Self {
        Self::NotFound
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::fault(fault.doing, fault.source)
    }
}

impl From<CommitError> for Trouble {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Fault(fault) => fault.into(),
            CommitError::Refused(Refused::Moved { .. }) => Self::Moved,
            CommitError::Refused(Refused::KeyReused) => Self::KeyReused,
            CommitError::Refused(refused @ (Refused::Taken { .. } | Refused::Repeated(_))) => {
                Self::Refused(refused.to_string())
            }
        }
    }
}
