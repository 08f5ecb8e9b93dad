//! Work that follows a commit: jobs with a lease and a fencing token, and the outbox of mail.

use domain::ids::{JobId, MailId, TenantId};
use domain::time::Instant;

/// A wrapped key, as bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRow {
    /// The agency; `None` for a key of the installation.
    pub tenant: Option<TenantId>,
    /// What it is for.
    pub purpose: String,
    /// Counts rotations, from 1.
    pub version: u32,
    /// The key, wrapped by the one above it.
    pub wrapped: Vec<u8>,
}

/// Work to be done after the commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewJob {
    /// The job.
    pub id: JobId,
    /// Its kind, as the workers know it.
    pub kind: String,
    /// Opaque ids for the worker; no personal words.
    pub body: Vec<u8>,
    /// Not before this instant.
    pub run_at: Instant,
    /// At most one waiting job per key; a second is dropped.
    pub key: Option<String>,
}

/// A job in somebody's hands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedJob {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its body.
    pub body: Vec<u8>,
    /// How often it has been claimed, this time included.
    pub attempt: u32,
    /// The fencing token of this claim.
    pub token: i64,
}

/// How a claim ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobOutcome {
    /// Done for good.
    Done,
    /// Try again at an instant; the note is for the operator and holds no personal words.
    Retry(Instant, String),
    /// Given up; stays visible on the health page.
    Failed(String),
}

/// A message to be sent after the commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMail {
    /// The message.
    pub id: MailId,
    /// The agency.
    pub tenant: TenantId,
    /// The Message-ID, the same for every attempt.
    pub message_id: String,
    /// A letter that the law requires: never sent twice without a person's decision.
    pub statutory: bool,
    /// Sealed: recipient, template, words.
    pub sealed: Vec<u8>,
    /// Not before this instant.
    pub send_at: Instant,
}

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i16)]
pub enum MailState {
    /// Waits for its turn.
    Pending = 0,
    /// Handed to the server, answer not yet noted.
    Submitting = 1,
    /// The server took it.
    Accepted = 2,
    /// Given up.
    Failed = 3,
    /// Perhaps sent: the process died between handing over and noting the answer.
    InDoubt = 4,
}

/// A message in somebody's hands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedMail {
    /// The message.
    pub id: MailId,
    /// The agency.
    pub tenant: TenantId,
    /// The Message-ID.
    pub message_id: String,
    /// Sealed recipient, template and words.
    pub sealed: Vec<u8>,
    /// How often it has been claimed, this time included.
    pub attempt: u32,
    /// How often an earlier attempt ended in doubt: it may have arrived.
    pub doubts: u32,
    /// The fencing token of this claim.
    pub token: i64,
}

/// What happened to a claimed message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MailMark {
    /// About to be handed over: committed before the message ends.
    Submitting,
    /// The server took it, under its own queue id where it gives one.
    Accepted(String),
    /// Not taken; try again at an instant.
    Retry(Instant, String),
    /// Refused for good.
    Failed(String),
    /// Handed over, and no answer came: it may have arrived. Information goes out again at the instant under the same
    /// Message-ID; a statutory letter waits for a person, as does whatever has been in doubt before.
    InDoubt(Instant, String),
}

/// A message as the health page shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailRow {
    /// The message.
    pub id: MailId,
    /// The agency.
    pub tenant: TenantId,
    /// The Message-ID.
    pub message_id: String,
    /// Where it stands.
    pub state: MailState,
    /// Whether the law requires it.
    pub statutory: bool,
    /// Attempts so far.
    pub attempt: u32,
    /// How many of them ended in doubt.
    pub doubts: u32,
    /// Sealed recipient, template and words.
    pub sealed: Vec<u8>,
    /// The last answer of the server.
    pub answer: String,
    /// When it was written.
    pub at: Instant,
}

/// How much work waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backlog {
    /// Jobs that are due.
    pub jobs: u64,
    /// Jobs given up.
    pub failed_jobs: u64,
    /// Messages not yet taken by a server.
    pub mail: u64,
    /// Messages in doubt or refused.
    pub mail_in_trouble: u64,
    /// Age in seconds of the oldest due job or message.
    pub oldest_seconds: i64,
}

/// What the store says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// Name and version of the database.
    pub version: String,
    /// How commits are made durable, in words.
    pub durability: String,
    /// Bytes held.
    pub bytes: u64,
    /// Migrations applied.
    pub schema: u32,
}
