//! The port's verbs, each sent to the writer or to a reader and there to the function that owns its SQL.

use crate::reader::Readers;
use crate::value::{Doing, Sql, Undone, unsigned};
use crate::writer::{Writer, Writing};
use crate::{accounts, backup, change, drafts, duties, factors, journal, lists, open, projections, work};
use async_trait::async_trait;
use domain::ids::{AccountId, FactorId, FileId, IncidentId, JobId, MailId, ReportId, SessionId, StreamId, TenantId};
use domain::time::Instant;
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use store::*;
use tokio::sync::oneshot;

/// Questions that may be answered at the same time.
const READERS: usize = 3;

/// The embedded store.
pub struct SqliteStore {
    // Dropped in this order: the lock is given up when nobody can write any more.
    readers: Readers,
    writer: Option<Writer>,
    _lock: Option<File>,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the store in `path`, creating or migrating it, for this process alone.
    ///
    /// Refuses when another process serves it, when a newer program wrote it, when the file is no store of ours, and
    /// when commits would not be durable.
    pub fn open(path: &Path) -> Answer<Self> {
        let lock = open::lock(path)?;
        let writer = Writer::start(open::writer(path)?)?;
        Ok(Self { readers: readers(path, READERS)?, writer: Some(writer), _lock: Some(lock), path: path.to_owned() })
    }

    /// Opens the store to read and to back up, also beside a process that serves it. Every verb that would write
    /// answers with a fault. The schema must be the one this program knows.
    pub fn open_read_only(path: &Path) -> Answer<Self> {
        Ok(Self { readers: readers(path, 1)?, writer: None, _lock: None, path: path.to_owned() })
    }

    async fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> Sql<T> + Send + 'static,
    ) -> Answer<T> {
        self.readers.ask(doing, question).await
    }

    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Undone> + Send + 'static,
    ) -> Result<T, CommitError> {
        match &self.writer {
            Some(writer) => writer.run(doing, work).await,
            None => Err(CommitError::Fault(Fault::new(doing, "the store was opened to read only"))),
        }
    }

    /// For verbs that cannot be refused.
    async fn put<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Sql<T> + Send + 'static,
    ) -> Answer<T> {
        self.write(doing, |writing| Ok(work(writing.conn)?)).await.map_err(|error| fault(doing, error))
    }
}

/// What remains of an error where nothing can be refused.
fn fault(doing: &'static str, error: CommitError) -> Fault {
    match error {
        CommitError::Fault(fault) => fault,
        CommitError::Refused(refused) => Fault::new(doing, refused),
    }
}

fn readers(path: &Path, count: usize) -> Answer<Readers> {
    Readers::start((0..count).map(|_| open::reader(path)).collect::<Answer<_>>()?)
}

fn health(conn: &Connection) -> Sql<(u64, u32)> {
    conn.query_row(
        "select page_count * page_size, user_version
           from pragma_page_count, pragma_page_size, pragma_user_version",
        [],
        |row| Ok((unsigned(row, 0)?, row.get(1)?)),
    )
}

#[async_trait]
impl Store for SqliteStore {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    async fn health(&self) -> Answer<Health> {
        let (bytes, schema) = self.ask("asking for health", health).await?;
        let durability = if self.writer.is_some() {
            // An empty commit: the writer lives and takes requests.
            self.put("asking the writer for health", |_| Ok(())).await?;
            "write-ahead log, synchronous full, one commit for all who wait"
        } else {
            "opened to read only"
        };
        let version = format!("SQLite {}", rusqlite::version());
        Ok(Health { version, durability: durability.to_owned(), bytes, schema })
    }

    // --- the journal

    async fn commit(&self, change: Change) -> Result<Committed, CommitError> {
        self.write("committing a change", |writing| change::commit(writing, change)).await
    }

    async fn read_stream(&self, tenant: TenantId, stream: StreamId, after: u32) -> Answer<Vec<JournalRow>> {
        self.ask("reading a stream", move |conn| journal::read_stream(conn, tenant, stream, after)).await
    }

    async fn read_streams(&self, tenant: TenantId, streams: &[StreamId]) -> Answer<Vec<JournalRow>> {
        let streams = streams.to_vec();
        self.ask("reading streams", move |conn| journal::read_streams(conn, tenant, &streams)).await
    }

    async fn scan_journal(&self, after: Option<(StreamId, u32)>, limit: u32) -> Answer<Vec<JournalRow>> {
        self.ask("walking the journal", move |conn| journal::scan(conn, after, limit)).await
    }

    async fn unlogged(&self, limit: u32) -> Answer<Vec<JournalRow>> {
        self.ask("reading what the log lacks", move |conn| journal::unlogged(conn, limit)).await
    }

    async fn extend_log(&self, extension: LogExtension) -> Answer<bool> {
        let doing = "extending the log";
        let work = move |writing: &mut Writing<'_>| journal::extend_log(writing.conn, &extension);
        self.write(doing, work).await.map_err(|error| fault(doing, error))
    }

    async fn scan_log(&self, from: u64, limit: u32) -> Answer<Vec<LoggedRow>> {
        self.ask("walking the log", move |conn| journal::scan_log(conn, from, limit)).await
    }

    async fn log_indexes(&self, entries: &[(StreamId, u32)]) -> Answer<Vec<Option<u64>>> {
        let entries = entries.to_vec();
        self.ask("finding places in the log", move |conn| journal::log_indexes(conn, &entries)).await
    }

    async fn tiles(&self, tiles: &[TileId]) -> Answer<Vec<Option<TileRow>>> {
        let tiles = tiles.to_vec();
        self.ask("reading tiles", move |conn| journal::tiles(conn, &tiles)).await
    }

    async fn latest_checkpoint(&self) -> Answer<Option<CheckpointRow>> {
        self.ask("reading the newest checkpoint", journal::latest_checkpoint).await
    }

    async fn checkpoints(&self, after: u64, limit: u32) -> Answer<Vec<CheckpointRow>> {
        self.ask("reading checkpoints", move |conn| journal::checkpoints(conn, after, limit)).await
    }

    // --- projections

    async fn report(&self, tenant: TenantId, report: ReportId) -> Answer<Option<ReportRow>> {
        self.ask("finding a report", move |conn| projections::report_by_id(conn, tenant, report)).await
    }

    async fn report_by_reference(&self, tenant: Option<TenantId>, reference: &str) -> Answer<Option<ReportRow>> {
        let reference = reference.to_owned();
        let question = move |conn: &Connection| projections::report_by_reference(conn, tenant, &reference);
        self.ask("finding a report by reference", question).await
    }

    async fn report_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(ReportRow, bool)>> {
        let reference = reference.to_owned();
        let question = move |conn: &Connection| projections::report_for(conn, tenant, &reference, account);
        self.ask("finding a report for somebody", question).await
    }

    async fn report_by_secret(&self, secret: &[u8; 32]) -> Answer<Option<ReportRow>> {
        let secret = *secret;
        self.ask("finding a report by its link", move |conn| projections::report_by_secret(conn, &secret)).await
    }

    async fn list_reports(&self, query: &ReportQuery) -> Answer<Vec<ReportRow>> {
        let query = query.clone();
        self.ask("listing reports", move |conn| lists::reports(conn, &query)).await
    }

    async fn incident(&self, tenant: TenantId, incident: IncidentId) -> Answer<Option<IncidentRow>> {
        self.ask("finding an incident", move |conn| projections::incident_by_id(conn, tenant, incident)).await
    }

    async fn incident_by_reference(&self, tenant: TenantId, reference: &str) -> Answer<Option<IncidentRow>> {
        let reference = reference.to_owned();
        let question = move |conn: &Connection| projections::incident_by_reference(conn, tenant, &reference);
        self.ask("finding an incident by reference", question).await
    }

    async fn incident_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(IncidentRow, bool)>> {
        let reference = reference.to_owned();
        let question = move |conn: &Connection| projections::incident_for(conn, tenant, &reference, account);
        self.ask("finding an incident for somebody", question).await
    }

    async fn list_incidents(&self, query: &IncidentQuery) -> Answer<Vec<IncidentRow>> {
        let query = query.clone();
        self.ask("listing incidents", move |conn| lists::incidents(conn, &query)).await
    }

    async fn list_duties(&self, query: &DutyQuery) -> Answer<Vec<ListedDuty>> {
        let query = query.clone();
        self.ask("listing duties", move |conn| duties::list(conn, &query)).await
    }

    async fn scan_duties(&self, after: Option<(IncidentId, String)>, limit: u32) -> Answer<Vec<DutyRow>> {
        self.ask("scanning duties", move |conn| duties::scan(conn, after.as_ref(), limit)).await
    }

    async fn duties_of(&self, tenant: TenantId, incident: IncidentId) -> Answer<Vec<DutyRow>> {
        self.ask("reading the duties of an incident", move |conn| duties::of_incident(conn, tenant, incident)).await
    }

    async fn known_sources(&self, tenant: TenantId, sources: &[[u8; 32]]) -> Answer<Vec<[u8; 32]>> {
        let sources = sources.to_vec();
        self.ask("looking for sources", move |conn| projections::known_sources(conn, tenant, &sources)).await
    }

    async fn rollups(&self, tenant: TenantId, from_year: i16, to_year: i16) -> Answer<Vec<RollupRow>> {
        self.ask("reading counts", move |conn| projections::rollups(conn, tenant, from_year, to_year)).await
    }

    async fn scan_reports(&self, after: Option<ReportId>, limit: u32) -> Answer<Vec<ReportRow>> {
        self.ask("walking the reports", move |conn| projections::scan_reports(conn, after, limit)).await
    }

    async fn scan_incidents(&self, after: Option<IncidentId>, limit: u32) -> Answer<Vec<IncidentRow>> {
        self.ask("walking the incidents", move |conn| projections::scan_incidents(conn, after, limit)).await
    }

    async fn exclusions(&self, stream: StreamId) -> Answer<Vec<AccountId>> {
        self.ask("listing exclusions", move |conn| projections::exclusions(conn, stream)).await
    }

    async fn excluded_from(&self, account: AccountId) -> Answer<Vec<StreamId>> {
        self.ask("listing what somebody is excluded from", move |conn| projections::excluded_from(conn, account)).await
    }

    async fn next_numbers(&self, tenant: TenantId, year: i16, count: u32) -> Answer<u32> {
        self.put("reserving numbers", move |conn| projections::next_numbers(conn, tenant, year, count)).await
    }

    // --- drafts and files

    async fn save_draft(&self, draft: DraftRow, expected: u32) -> Answer<bool> {
        self.put("saving a draft", move |conn| drafts::save(conn, &draft, expected)).await
    }

    async fn draft(&self, token: &[u8; 32], now: Instant) -> Answer<Option<DraftRow>> {
        let token = *token;
        self.ask("finding a draft", move |conn| drafts::draft(conn, &token, now)).await
    }

    async fn forget_answers(&self, before: Instant, after: Option<[u8; 32]>, limit: u32) -> Answer<Option<[u8; 32]>> {
        self.put("forgetting answers", move |conn| work::forget_answers(conn, before, after, limit)).await
    }

    async fn purge_drafts(&self, now: Instant, limit: u32) -> Answer<Vec<FileRow>> {
        self.put("removing expired drafts", move |conn| drafts::purge(conn, now, limit)).await
    }

    async fn save_file(&self, file: FileRow) -> Answer<()> {
        self.put("recording a file", move |conn| drafts::save_file(conn, &file)).await
    }

    async fn file(&self, tenant: TenantId, file: FileId) -> Answer<Option<FileRow>> {
        self.ask("finding a file", move |conn| drafts::file_by_id(conn, tenant, file)).await
    }

    async fn files_of(&self, owner: FileOwner) -> Answer<Vec<FileRow>> {
        self.ask("listing files", move |conn| drafts::files_of(conn, owner)).await
    }

    async fn delete_draft_file(&self, draft: &[u8; 32], file: FileId) -> Answer<bool> {
        let draft = *draft;
        self.put("removing a draft's file", move |conn| drafts::delete_draft_file(conn, &draft, file)).await
    }

    async fn scan_files(&self, after: Option<FileId>, limit: u32) -> Answer<Vec<FileRow>> {
        self.ask("walking the files", move |conn| drafts::scan_files(conn, after, limit)).await
    }

    // --- organisation and accounts

    async fn directory_version(&self) -> Answer<i64> {
        self.ask("reading the directory's version", accounts::directory_version).await
    }

    async fn directory(&self) -> Answer<DirectoryRows> {
        self.ask("reading the directory", accounts::directory).await
    }

    async fn account_by_login(&self, login: &[u8; 32]) -> Answer<Option<AccountRow>> {
        let login = *login;
        self.ask("finding an account", move |conn| accounts::account_by_login(conn, &login)).await
    }

    async fn session(&self, session: &[u8; 32], now: Instant) -> Answer<Option<SessionView>> {
        let secret = *session;
        self.ask("finding a session", move |conn| accounts::live_session(conn, &secret, now)).await
    }

    async fn save_session(&self, session: SessionRow) -> Answer<()> {
        self.put("saving a session", move |conn| accounts::save_session(conn, &session)).await
    }

    async fn sessions_of(&self, account: AccountId) -> Answer<Vec<SessionRow>> {
        self.ask("listing sessions", move |conn| accounts::sessions_of(conn, account)).await
    }

    async fn end_sessions(&self, which: EndSessions) -> Answer<u32> {
        let ended = self.put("ending sessions", move |conn| accounts::end_sessions(conn, which)).await?;
        u32::try_from(ended).doing("counting ended sessions")
    }

    async fn count_attempt(&self, key: &[u8; 32], window_seconds: u32, now: Instant) -> Answer<u32> {
        let key = *key;
        self.put("counting an attempt", move |conn| accounts::count_attempt(conn, &key, window_seconds, now)).await
    }

    async fn take_turn(&self, key: &[u8; 32], pace: Pace, now: Instant) -> Answer<Option<Instant>> {
        let key = *key;
        self.put("counting a turn", move |conn| factors::take_turn(conn, &key, pace, now)).await
    }

    async fn settle_turn(&self, key: &[u8; 32], forget: bool) -> Answer<()> {
        let key = *key;
        self.put("settling a turn", move |conn| factors::settle_turn(conn, &key, forget)).await
    }

    async fn factors(&self, account: AccountId) -> Answer<Vec<FactorRow>> {
        self.ask("listing factors", move |conn| factors::factors(conn, account)).await
    }

    async fn factor_by(&self, found_by: &[u8; 32]) -> Answer<Option<FactorRow>> {
        let found_by = *found_by;
        self.ask("finding a factor", move |conn| factors::factor_by(conn, &found_by)).await
    }

    async fn use_factor(&self, factor: FactorId, step: i64, sealed: Option<Vec<u8>>, now: Instant) -> Answer<bool> {
        self.put("using a factor", move |conn| factors::use_factor(conn, factor, step, sealed.clone(), now)).await
    }

    async fn spend_code(&self, account: AccountId, found_by: &[u8; 32]) -> Answer<bool> {
        let found_by = *found_by;
        self.put("spending a recovery code", move |conn| factors::spend_code(conn, account, &found_by)).await
    }

    async fn save_ceremony(&self, ceremony: CeremonyRow, now: Instant) -> Answer<()> {
        self.put("saving a ceremony", move |conn| factors::save_ceremony(conn, &ceremony, now)).await
    }

    async fn ceremony(&self, secret: &[u8; 32], now: Instant) -> Answer<Option<CeremonyRow>> {
        let secret = *secret;
        self.ask("finding a ceremony", move |conn| factors::ceremony(conn, &secret, now)).await
    }

    async fn end_ceremony(&self, secret: &[u8; 32]) -> Answer<bool> {
        let secret = *secret;
        self.put("ending a ceremony", move |conn| factors::end_ceremony(conn, &secret)).await
    }

    async fn mark_proof(&self, session: SessionId, what: &[u8; 32], now: Instant) -> Answer<()> {
        let what = *what;
        self.put("marking a proof", move |conn| factors::mark_proof(conn, session, &what, now)).await
    }

    async fn proved(&self, session: SessionId, what: &[u8; 32], since: Instant) -> Answer<bool> {
        let what = *what;
        self.ask("looking for a proof", move |conn| factors::proved(conn, session, &what, since)).await
    }

    async fn identity(&self, found_by: &[u8; 32]) -> Answer<Option<IdentityRow>> {
        let found_by = *found_by;
        self.ask("finding an identity", move |conn| factors::identity(conn, &found_by)).await
    }

    async fn identities(&self, account: AccountId) -> Answer<Vec<IdentityRow>> {
        self.ask("listing identities", move |conn| factors::identities(conn, account)).await
    }

    async fn token(&self, token: &[u8; 32], now: Instant) -> Answer<Option<TokenView>> {
        let secret = *token;
        self.ask("finding an API token", move |conn| accounts::live_token(conn, &secret, now)).await
    }

    async fn tokens(&self, tenant: TenantId) -> Answer<Vec<TokenRow>> {
        self.ask("listing API tokens", move |conn| accounts::tokens(conn, tenant)).await
    }

    async fn setting(&self, tenant: Option<TenantId>, name: &str) -> Answer<Option<Vec<u8>>> {
        let name = name.to_owned();
        self.ask("reading a setting", move |conn| accounts::setting(conn, tenant, &name)).await
    }

    // --- keys, leases, work

    async fn keys(&self) -> Answer<Vec<KeyRow>> {
        self.ask("reading wrapped keys", work::keys).await
    }

    async fn add_keys(&self, keys: Vec<KeyRow>) -> Answer<Vec<KeyRow>> {
        self.put("adding wrapped keys", move |conn| work::add_keys(conn, &keys)).await
    }

    async fn take_lease(&self, name: &str, holder: &str, seconds: u32) -> Answer<Option<i64>> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.put("taking a lease", move |conn| work::take_lease(conn, &name, &holder, seconds)).await
    }

    async fn claim_jobs(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedJob>> {
        self.put("claiming jobs", move |conn| work::claim_jobs(conn, limit, seconds)).await
    }

    async fn job_waits(&self, kind: &str) -> Answer<bool> {
        let kind = kind.to_owned();
        self.ask("looking for a job", move |conn| work::job_waits(conn, &kind)).await
    }

    async fn finish_job(&self, job: JobId, token: i64, outcome: JobOutcome) -> Answer<bool> {
        self.put("finishing a job", move |conn| work::finish_job(conn, job, token, outcome)).await
    }

    async fn claim_mail(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedMail>> {
        self.put("claiming mail", move |conn| work::claim_mail(conn, limit, seconds)).await
    }

    async fn mark_mail(&self, mail: MailId, token: i64, mark: MailMark) -> Answer<bool> {
        self.put("marking mail", move |conn| work::mark_mail(conn, mail, token, mark)).await
    }

    async fn list_mail(&self, tenant: Option<TenantId>, limit: u32) -> Answer<Vec<MailRow>> {
        self.ask("listing mail", move |conn| work::list_mail(conn, tenant, limit)).await
    }

    async fn troubled_mail(&self, limit: u32) -> Answer<Vec<MailRow>> {
        self.ask("listing mail in trouble", move |conn| work::troubled_mail(conn, limit)).await
    }

    async fn backlog(&self) -> Answer<Backlog> {
        self.ask("counting what waits", work::backlog).await
    }

    // --- keeping

    async fn backup(&self, to: &Path) -> Answer<()> {
        let doing = "writing a backup";
        let (from, to) = (self.path.clone(), to.to_owned());
        let (reply, answer) = oneshot::channel();
        // A thread of its own: it runs for as long as copying the file takes.
        std::thread::Builder::new()
            .name("store-backup".into())
            .spawn(move || reply.send(backup::backup(&from, &to)))
            .doing(doing)?;
        answer.await.doing(doing)?
    }
}
