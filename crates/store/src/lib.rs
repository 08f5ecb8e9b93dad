//! The port: what persistence must do for Tocsin, in verbs that both backends answer by their own means.
//!
//! The store never sees a plain word that a person typed. It keeps sealed bytes, opaque identifiers, instants and
//! the few plain columns that lists are ordered by. What must be true together travels in one [`Change`] and is
//! committed in one transaction; an answer is given only after the commit is durable.

pub mod accounts;
pub mod change;
pub mod copying;
pub mod factors;
pub mod journal;
pub mod rows;
pub mod work;

#[cfg(feature = "contract")]
pub mod contract;

pub use accounts::*;
pub use change::*;
pub use factors::*;
pub use journal::*;
pub use rows::*;
pub use work::*;

use async_trait::async_trait;
use domain::ids::{AccountId, FactorId, FileId, IncidentId, JobId, MailId, ReportId, SessionId, StreamId, TenantId};
use domain::time::Instant;
use std::path::Path;

/// A fault of the store itself: not something a person can mend by typing differently.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct Fault {
    /// What was being done, as a short phrase for the log.
    pub doing: &'static str,
    /// The backend's own error, kept as text so that no backend type crosses the port.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl Fault {
    /// Wraps a backend error.
    pub fn new(doing: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { doing, source: source.into() }
    }
}

/// The outcome of a verb that can only succeed or break.
pub type Answer<T> = Result<T, Fault>;

/// Which backend this is, for the health page and the tests that run by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// The embedded store.
    Sqlite,
    /// The many-node store.
    Postgres,
}

/// What persistence must do. Every verb that takes a tenant answers for that tenant only.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Which backend answers.
    fn backend(&self) -> Backend;

    /// Version and durability settings in plain words, and how many bytes are held; a fault when it does not answer.
    async fn health(&self) -> Answer<Health>;

    // --- the journal -----------------------------------------------------------------------------------------

    /// Commits everything in the change together, or nothing.
    ///
    /// A stream that has moved past the expected version refuses with [`Refused::Moved`]; a key that was used before
    /// gives back the answer remembered then; a unique value that is taken (report reference, import source) refuses
    /// with [`Refused::Taken`]. One refused change never fails its neighbours in the same group commit.
    async fn commit(&self, change: Change) -> Result<Committed, CommitError>;

    /// The entries of one stream after a version, oldest first. Empty for a stream of another tenant.
    async fn read_stream(&self, tenant: TenantId, stream: StreamId, after: u32) -> Answer<Vec<JournalRow>>;

    /// The entries of several streams, grouped by stream in the order asked, oldest first within each.
    async fn read_streams(&self, tenant: TenantId, streams: &[StreamId]) -> Answer<Vec<JournalRow>>;

    /// All entries of all tenants in (stream, version) order after a position: the verifier's first walk.
    async fn scan_journal(&self, after: Option<(StreamId, u32)>, limit: u32) -> Answer<Vec<JournalRow>>;

    /// Entries that no log index has been given to yet, in the order they were committed. An entry may appear only
    /// when every entry committed before it is visible, so that the log never skips one.
    async fn unlogged(&self, limit: u32) -> Answer<Vec<JournalRow>>;

    /// Adds leaves, tiles and a checkpoint to the log in one transaction; `false` when the log is not of the
    /// expected size any more (another node sealed first).
    async fn extend_log(&self, extension: LogExtension) -> Answer<bool>;

    /// Entries by log index from `from` on: the verifier's second walk.
    async fn scan_log(&self, from: u64, limit: u32) -> Answer<Vec<LoggedRow>>;

    /// The log index of each given entry, where it has one.
    async fn log_indexes(&self, entries: &[(StreamId, u32)]) -> Answer<Vec<Option<u64>>>;

    /// The stored bytes of tiles (the widest kept), in the order asked.
    async fn tiles(&self, tiles: &[TileId]) -> Answer<Vec<Option<TileRow>>>;

    /// The newest checkpoint.
    async fn latest_checkpoint(&self) -> Answer<Option<CheckpointRow>>;

    /// Checkpoints with a size above `after`, smallest first.
    async fn checkpoints(&self, after: u64, limit: u32) -> Answer<Vec<CheckpointRow>>;

    /// Forgets remembered answers given before an instant. Looks at `limit` of them in the order of their keys, after a
    /// key; gives the last key it looked at, or `None` when it came to the end.
    async fn forget_answers(&self, before: Instant, after: Option<[u8; 32]>, limit: u32) -> Answer<Option<[u8; 32]>>;

    // --- projections ------------------------------------------------------------------------------------------

    /// One report by id.
    async fn report(&self, tenant: TenantId, report: ReportId) -> Answer<Option<ReportRow>>;

    /// One report by its printed reference.
    async fn report_by_reference(&self, tenant: Option<TenantId>, reference: &str) -> Answer<Option<ReportRow>>;

    /// One report of an agency by its printed reference, and whether this account must not learn of it.
    async fn report_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(ReportRow, bool)>>;

    /// The report that a private status link opens, by the keyed hash of its secret.
    async fn report_by_secret(&self, secret: &[u8; 32]) -> Answer<Option<ReportRow>>;

    /// Reports for the inbox, by harm of waiting, then age.
    async fn list_reports(&self, query: &ReportQuery) -> Answer<Vec<ReportRow>>;

    /// One incident by id.
    async fn incident(&self, tenant: TenantId, incident: IncidentId) -> Answer<Option<IncidentRow>>;

    /// One incident by its printed reference.
    async fn incident_by_reference(&self, tenant: TenantId, reference: &str) -> Answer<Option<IncidentRow>>;

    /// One incident by its printed reference, and whether this account must not learn of it.
    async fn incident_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(IncidentRow, bool)>>;

    /// Incidents, newest first, at most `limit`, after a cursor; all tokens must match. Its cost does not depend on
    /// how many incidents exist.
    async fn list_incidents(&self, query: &IncidentQuery) -> Answer<Vec<IncidentRow>>;

    /// Duties of incidents by turn, a page at a time. Its cost depends neither on how many duties exist nor on how many
    /// of them are due at another time.
    async fn list_duties(&self, query: &DutyQuery) -> Answer<Vec<ListedDuty>>;

    /// Every duty row of every tenant in (incident, rule) order after a position, for the verifier.
    async fn scan_duties(&self, after: Option<(IncidentId, String)>, limit: u32) -> Answer<Vec<DutyRow>>;

    /// The duty rows of one incident, by rule.
    async fn duties_of(&self, tenant: TenantId, incident: IncidentId) -> Answer<Vec<DutyRow>>;

    /// The accounts that must not learn of this stream.
    async fn exclusions(&self, stream: StreamId) -> Answer<Vec<AccountId>>;

    /// The streams that this account must not learn of.
    async fn excluded_from(&self, account: AccountId) -> Answer<Vec<StreamId>>;

    /// The import sources among `sources` that are already present.
    async fn known_sources(&self, tenant: TenantId, sources: &[[u8; 32]]) -> Answer<Vec<[u8; 32]>>;

    /// Kept roll-ups of one tenant, all dimensions, between two civil years inclusive.
    async fn rollups(&self, tenant: TenantId, from_year: i16, to_year: i16) -> Answer<Vec<RollupRow>>;

    /// Every report row of every tenant after an id, for the verifier.
    async fn scan_reports(&self, after: Option<ReportId>, limit: u32) -> Answer<Vec<ReportRow>>;

    /// Every incident row of every tenant after an id, for the verifier.
    async fn scan_incidents(&self, after: Option<IncidentId>, limit: u32) -> Answer<Vec<IncidentRow>>;

    /// Reserves `count` running numbers of an agency and civil year and gives the first. Numbers are not reused.
    async fn next_numbers(&self, tenant: TenantId, year: i16, count: u32) -> Answer<u32>;

    // --- drafts and files --------------------------------------------------------------------------------------

    /// Saves a draft when its stored version is `expected` (0 for a new one); `false` when somebody saved meanwhile.
    async fn save_draft(&self, draft: DraftRow, expected: u32) -> Answer<bool>;

    /// A draft by the keyed hash of its token. Expired drafts are not found.
    async fn draft(&self, token: &[u8; 32], now: Instant) -> Answer<Option<DraftRow>>;

    /// Removes drafts that expired before `now`, at most `limit`, and gives back their files for removal.
    async fn purge_drafts(&self, now: Instant, limit: u32) -> Answer<Vec<FileRow>>;

    /// Records a file whose bytes are already durable.
    async fn save_file(&self, file: FileRow) -> Answer<()>;

    /// One file.
    async fn file(&self, tenant: TenantId, file: FileId) -> Answer<Option<FileRow>>;

    /// The files of a draft or a stream, oldest first.
    async fn files_of(&self, owner: FileOwner) -> Answer<Vec<FileRow>>;

    /// Forgets a file that still belongs to a draft; `false` when it is not there or already part of the record.
    async fn delete_draft_file(&self, draft: &[u8; 32], file: FileId) -> Answer<bool>;

    /// Every file row after an id, for the verifier and the collector of orphans.
    async fn scan_files(&self, after: Option<FileId>, limit: u32) -> Answer<Vec<FileRow>>;

    // --- organisation and accounts -----------------------------------------------------------------------------

    /// A number that grows with every change to tenants, units, accounts or settings.
    async fn directory_version(&self) -> Answer<i64>;

    /// Every tenant and unit, with accounts and assignments: small, kept in memory by the application.
    async fn directory(&self) -> Answer<DirectoryRows>;

    /// The account behind a sign-in name, by keyed hash.
    async fn account_by_login(&self, login: &[u8; 32]) -> Answer<Option<AccountRow>>;

    /// A live session with its account and assignments, and the directory version: all a request needs, in one go.
    async fn session(&self, session: &[u8; 32], now: Instant) -> Answer<Option<SessionView>>;

    /// Starts or extends a session.
    async fn save_session(&self, session: SessionRow) -> Answer<()>;

    /// Sessions of an account, newest first.
    async fn sessions_of(&self, account: AccountId) -> Answer<Vec<SessionRow>>;

    /// Ends sessions; says how many were live.
    async fn end_sessions(&self, which: EndSessions) -> Answer<u32>;

    /// Counts one attempt against a key (account or network) in a window of seconds and gives the count so far,
    /// this one included. Survives restarts and counts across nodes.
    async fn count_attempt(&self, key: &[u8; 32], window_seconds: u32, now: Instant) -> Answer<u32>;

    /// Counts an attempt, as a failure until it is settled, and gives `None`; or gives the instant before which nobody
    /// may try again, and counts nothing. Survives restarts and counts across nodes.
    async fn take_turn(&self, key: &[u8; 32], pace: Pace, now: Instant) -> Answer<Option<Instant>>;

    /// Takes a counted attempt back because it succeeded, or with `forget` all of a key's.
    async fn settle_turn(&self, key: &[u8; 32], forget: bool) -> Answer<()>;

    /// What an account proves who it is with besides a password, oldest first.
    async fn factors(&self, account: AccountId) -> Answer<Vec<FactorRow>>;

    /// A factor by the keyed hash of what it is found by.
    async fn factor_by(&self, found_by: &[u8; 32]) -> Answer<Option<FactorRow>>;

    /// Notes a use of a factor, and a new sealed part where there is one; `false` when its step is as far already:
    /// somebody used the same code or the same counter before.
    async fn use_factor(&self, factor: FactorId, step: i64, sealed: Option<Vec<u8>>, now: Instant) -> Answer<bool>;

    /// Uses a recovery code of an account up; `false` when there is no such code left.
    async fn spend_code(&self, account: AccountId, found_by: &[u8; 32]) -> Answer<bool>;

    /// Keeps something begun, in place of what had the same secret; forgets a few that are over at `now`.
    async fn save_ceremony(&self, ceremony: CeremonyRow, now: Instant) -> Answer<()>;

    /// Something begun that is not over.
    async fn ceremony(&self, secret: &[u8; 32], now: Instant) -> Answer<Option<CeremonyRow>>;

    /// Ends something begun; `false` when somebody ended it before.
    async fn end_ceremony(&self, secret: &[u8; 32]) -> Answer<bool>;

    /// Notes that the person behind a session proved freshly who they are, for one act.
    async fn mark_proof(&self, session: SessionId, what: &[u8; 32], now: Instant) -> Answer<()>;

    /// Whether they did so since an instant, for this act, in this session.
    async fn proved(&self, session: SessionId, what: &[u8; 32], since: Instant) -> Answer<bool>;

    /// The account behind a subject of an identity provider, by keyed hash of both.
    async fn identity(&self, found_by: &[u8; 32]) -> Answer<Option<IdentityRow>>;

    /// An account's subjects at identity providers, oldest first.
    async fn identities(&self, account: AccountId) -> Answer<Vec<IdentityRow>>;

    /// An API token with its account, by keyed hash.
    async fn token(&self, token: &[u8; 32], now: Instant) -> Answer<Option<TokenView>>;

    /// The API tokens of an agency's accounts, ended and withdrawn ones included, the one that ends last first.
    async fn tokens(&self, tenant: TenantId) -> Answer<Vec<TokenRow>>;

    /// A setting of a tenant, or of the installation.
    async fn setting(&self, tenant: Option<TenantId>, name: &str) -> Answer<Option<Vec<u8>>>;

    // --- keys, leases, work -----------------------------------------------------------------------------------

    /// Every wrapped key.
    async fn keys(&self) -> Answer<Vec<KeyRow>>;

    /// Adds wrapped keys; a purpose and version that exists already stays as it is. Gives back what is stored now.
    async fn add_keys(&self, keys: Vec<KeyRow>) -> Answer<Vec<KeyRow>>;

    /// Takes or renews a named lease for `seconds`; `None` while another holder has it. The token grows with every
    /// change of holder, and guards late writes.
    async fn take_lease(&self, name: &str, holder: &str, seconds: u32) -> Answer<Option<i64>>;

    /// Claims due jobs for `seconds`; each job goes to one claimer at a time, by database time. A job whose lease ran
    /// out is claimed again with a higher token.
    async fn claim_jobs(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedJob>>;

    /// Whether a job of this kind is waiting or under way.
    async fn job_waits(&self, kind: &str) -> Answer<bool>;

    /// Ends a claim; `false` when the token is stale (the lease ran out and somebody else has the job).
    async fn finish_job(&self, job: JobId, token: i64, outcome: JobOutcome) -> Answer<bool>;

    /// Claims mail to send. Mail found in `submitting` with a lapsed lease comes back as in doubt: statutory mail and
    /// what was in doubt before is left for a person, other mail is claimed again with the same Message-ID.
    async fn claim_mail(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedMail>>;

    /// Notes, durably, that the message is about to be handed over (`submitting`), or what came of it.
    async fn mark_mail(&self, mail: MailId, token: i64, mark: MailMark) -> Answer<bool>;

    /// Mail, newest first, for the health page and the demonstration mailbox.
    async fn list_mail(&self, tenant: Option<TenantId>, limit: u32) -> Answer<Vec<MailRow>>;

    /// Mail that a person should know of, oldest first: tried and not taken yet, refused for good, or in doubt.
    async fn troubled_mail(&self, limit: u32) -> Answer<Vec<MailRow>>;

    /// How much work waits, and how old the oldest of it is.
    async fn backlog(&self) -> Answer<Backlog>;

    // --- keeping ----------------------------------------------------------------------------------------------

    /// Writes a consistent copy of everything in the store to a new file, while others go on writing.
    async fn backup(&self, to: &Path) -> Answer<()>;
}
