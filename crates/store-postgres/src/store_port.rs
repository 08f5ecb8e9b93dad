//! Each verb of the port, led to the room that answers it, with the phrase that a fault is logged under.

use crate::fault::Doing;
use crate::{
    PostgresStore, backup, commit, connect, counts, directory, drafts, durable, duties, factors, files, incidents,
    jobs, journal, keys, log, mail, reports, search, sessions,
};
use async_trait::async_trait;
use domain::ids::{AccountId, FactorId, FileId, IncidentId, JobId, MailId, ReportId, SessionId, StreamId, TenantId};
use domain::time::Instant;
use sqlx::Row;
use std::path::Path;
use store::*;

#[async_trait]
impl Store for PostgresStore {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    async fn health(&self) -> Answer<Health> {
        let doing = "asking the database how it is";
        let row = sqlx::query(
            "select 'PostgreSQL ' || current_setting('server_version') as version,
                    pg_database_size(current_database())               as bytes,
                    (select max(number) from migration)                as schema",
        )
        .fetch_one(&self.read)
        .await
        .doing(doing)?;
        Ok(Health {
            version: row.try_get("version").doing(doing)?,
            durability: connect::durability(&self.read).await.doing(doing)?,
            bytes: row.try_get::<i64, _>("bytes").doing(doing)?.unsigned_abs(),
            schema: row.try_get::<i32, _>("schema").doing(doing)?.unsigned_abs(),
        })
    }

    // --- the journal -----------------------------------------------------------------------------------------

    async fn commit(&self, change: Change) -> Result<Committed, CommitError> {
        commit::commit(&self.write, &change, self.wall.is_some()).await
    }

    async fn read_stream(&self, tenant: TenantId, stream: StreamId, after: u32) -> Answer<Vec<JournalRow>> {
        journal::read_stream(&self.of(tenant), tenant, stream, after).await.doing("reading a stream")
    }

    async fn read_streams(&self, tenant: TenantId, streams: &[StreamId]) -> Answer<Vec<JournalRow>> {
        journal::read_streams(&self.of(tenant), tenant, streams).await.doing("reading streams")
    }

    async fn scan_journal(&self, after: Option<(StreamId, u32)>, limit: u32) -> Answer<Vec<JournalRow>> {
        journal::scan(&self.read, after, limit).await.doing("walking the journal")
    }

    async fn unlogged(&self, limit: u32) -> Answer<Vec<JournalRow>> {
        log::unlogged(&self.read, limit).await.doing("reading what the log lacks")
    }

    async fn extend_log(&self, extension: LogExtension) -> Answer<bool> {
        log::extend(&self.write, &extension).await
    }

    async fn scan_log(&self, from: u64, limit: u32) -> Answer<Vec<LoggedRow>> {
        log::scan(&self.read, from, limit).await.doing("walking the log")
    }

    async fn log_indexes(&self, entries: &[(StreamId, u32)]) -> Answer<Vec<Option<u64>>> {
        log::indexes(&self.read, entries).await.doing("looking up places in the log")
    }

    async fn tiles(&self, tiles: &[TileId]) -> Answer<Vec<Option<TileRow>>> {
        log::tiles(&self.read, tiles).await.doing("reading tiles of the log")
    }

    async fn latest_checkpoint(&self) -> Answer<Option<CheckpointRow>> {
        log::latest_checkpoint(&self.read).await.doing("reading the newest checkpoint")
    }

    async fn checkpoints(&self, after: u64, limit: u32) -> Answer<Vec<CheckpointRow>> {
        log::checkpoints(&self.read, after, limit).await.doing("reading checkpoints")
    }

    // --- projections ------------------------------------------------------------------------------------------

    async fn report(&self, tenant: TenantId, report: ReportId) -> Answer<Option<ReportRow>> {
        reports::by_id(&self.of(tenant), tenant, report).await.doing("reading a report")
    }

    async fn report_by_reference(&self, tenant: Option<TenantId>, reference: &str) -> Answer<Option<ReportRow>> {
        reports::by_reference(&tenant.map_or_else(|| self.read.clone(), |t| self.of(t)), tenant, reference)
            .await
            .doing("reading a report by its reference")
    }

    async fn report_by_secret(&self, secret: &[u8; 32]) -> Answer<Option<ReportRow>> {
        reports::by_secret(&self.read, secret).await.doing("reading a report by its status link")
    }

    async fn list_reports(&self, query: &ReportQuery) -> Answer<Vec<ReportRow>> {
        reports::inbox(&self.of(query.tenant), query).await.doing("listing the inbox")
    }

    async fn incident(&self, tenant: TenantId, incident: IncidentId) -> Answer<Option<IncidentRow>> {
        incidents::by_id(&self.of(tenant), tenant, incident).await.doing("reading an incident")
    }

    async fn incident_by_reference(&self, tenant: TenantId, reference: &str) -> Answer<Option<IncidentRow>> {
        incidents::by_reference(&self.of(tenant), tenant, reference).await.doing("reading an incident by its reference")
    }

    async fn list_incidents(&self, query: &IncidentQuery) -> Answer<Vec<IncidentRow>> {
        search::list(&self.of(query.tenant), query).await.doing("listing incidents")
    }

    async fn list_duties(&self, query: &DutyQuery) -> Answer<Vec<ListedDuty>> {
        duties::list(&self.of(query.tenant), query).await.doing("listing duties")
    }

    async fn scan_duties(&self, after: Option<(IncidentId, String)>, limit: u32) -> Answer<Vec<DutyRow>> {
        duties::scan(&self.read, after, limit).await.doing("scanning duties")
    }

    async fn duties_of(&self, tenant: TenantId, incident: IncidentId) -> Answer<Vec<DutyRow>> {
        duties::of_incident(&self.of(tenant), tenant, incident).await.doing("reading the duties of an incident")
    }

    async fn report_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(ReportRow, bool)>> {
        reports::for_account(&self.of(tenant), tenant, reference, account).await.doing("finding a report for somebody")
    }

    async fn incident_for(
        &self,
        tenant: TenantId,
        reference: &str,
        account: AccountId,
    ) -> Answer<Option<(IncidentRow, bool)>> {
        incidents::for_account(&self.of(tenant), tenant, reference, account)
            .await
            .doing("finding an incident for somebody")
    }

    async fn exclusions(&self, stream: StreamId) -> Answer<Vec<AccountId>> {
        incidents::exclusions(&self.read, stream).await.doing("listing who is excluded")
    }

    async fn excluded_from(&self, account: AccountId) -> Answer<Vec<StreamId>> {
        incidents::excluded_from(&self.read, account).await.doing("listing what somebody is excluded from")
    }

    async fn known_sources(&self, tenant: TenantId, sources: &[[u8; 32]]) -> Answer<Vec<[u8; 32]>> {
        incidents::known_sources(&self.of(tenant), tenant, sources).await.doing("asking which sources are known")
    }

    async fn rollups(&self, tenant: TenantId, from_year: i16, to_year: i16) -> Answer<Vec<RollupRow>> {
        counts::rollups(&self.of(tenant), tenant, from_year, to_year).await.doing("reading kept counts")
    }

    async fn scan_reports(&self, after: Option<ReportId>, limit: u32) -> Answer<Vec<ReportRow>> {
        reports::scan(&self.read, after, limit).await.doing("walking all reports")
    }

    async fn scan_incidents(&self, after: Option<IncidentId>, limit: u32) -> Answer<Vec<IncidentRow>> {
        incidents::scan(&self.read, after, limit).await.doing("walking all incidents")
    }

    async fn next_numbers(&self, tenant: TenantId, year: i16, count: u32) -> Answer<u32> {
        let doing = "reserving running numbers";
        durable::statement(doing, counts::next_numbers(&self.write, tenant, year, count)).await
    }

    // --- drafts and files --------------------------------------------------------------------------------------

    async fn save_draft(&self, draft: DraftRow, expected: u32) -> Answer<bool> {
        durable::statement("saving a draft", drafts::save(&self.write, &draft, expected)).await
    }

    async fn draft(&self, token: &[u8; 32], now: Instant) -> Answer<Option<DraftRow>> {
        drafts::by_token(&self.read, token, now).await.doing("reading a draft")
    }

    async fn forget_answers(&self, before: Instant, after: Option<[u8; 32]>, limit: u32) -> Answer<Option<[u8; 32]>> {
        durable::statement("forgetting answers", jobs::forget_answers(&self.write, before, after, limit)).await
    }

    async fn purge_drafts(&self, now: Instant, limit: u32) -> Answer<Vec<FileRow>> {
        durable::statement("removing expired drafts", drafts::purge(&self.write, now, limit)).await
    }

    async fn save_file(&self, file: FileRow) -> Answer<()> {
        durable::statement("recording a file", files::save(&self.write, &file)).await
    }

    async fn file(&self, tenant: TenantId, file: FileId) -> Answer<Option<FileRow>> {
        files::by_id(&self.of(tenant), tenant, file).await.doing("reading a file's row")
    }

    async fn files_of(&self, owner: FileOwner) -> Answer<Vec<FileRow>> {
        files::of(&self.read, &owner).await.doing("listing files")
    }

    async fn delete_draft_file(&self, draft: &[u8; 32], file: FileId) -> Answer<bool> {
        durable::statement("forgetting a draft's file", files::delete_of_draft(&self.write, draft, file)).await
    }

    async fn scan_files(&self, after: Option<FileId>, limit: u32) -> Answer<Vec<FileRow>> {
        files::scan(&self.read, after, limit).await.doing("walking all files")
    }

    // --- organisation and accounts -----------------------------------------------------------------------------

    async fn directory_version(&self) -> Answer<i64> {
        directory::version(&self.read).await.doing("reading the directory's version")
    }

    async fn directory(&self) -> Answer<DirectoryRows> {
        directory::rows(&self.read, self.secrets).await.doing("reading the directory")
    }

    async fn account_by_login(&self, login: &[u8; 32]) -> Answer<Option<AccountRow>> {
        directory::account_by_login(&self.read, login).await.doing("reading an account by its sign-in name")
    }

    async fn session(&self, session: &[u8; 32], now: Instant) -> Answer<Option<SessionView>> {
        sessions::view(&self.read, session, now).await.doing("reading a session")
    }

    async fn save_session(&self, session: SessionRow) -> Answer<()> {
        durable::statement("saving a session", sessions::save(&self.write, &session)).await
    }

    async fn sessions_of(&self, account: AccountId) -> Answer<Vec<SessionRow>> {
        sessions::of(&self.read, account).await.doing("listing sessions")
    }

    async fn end_sessions(&self, which: EndSessions) -> Answer<u32> {
        durable::statement("ending sessions", sessions::end(&self.write, which)).await
    }

    async fn count_attempt(&self, key: &[u8; 32], window_seconds: u32, now: Instant) -> Answer<u32> {
        let doing = "counting an attempt";
        durable::statement(doing, sessions::count_attempt(&self.write, key, window_seconds, now)).await
    }

    async fn take_turn(&self, key: &[u8; 32], pace: Pace, now: Instant) -> Answer<Option<Instant>> {
        durable::statement("counting a turn", factors::take_turn(&self.write, key, pace, now)).await
    }

    async fn settle_turn(&self, key: &[u8; 32], forget: bool) -> Answer<()> {
        durable::statement("settling a turn", factors::settle_turn(&self.write, key, forget)).await
    }

    async fn factors(&self, account: AccountId) -> Answer<Vec<FactorRow>> {
        factors::of(&self.read, account).await.doing("listing factors")
    }

    async fn factor_by(&self, found_by: &[u8; 32]) -> Answer<Option<FactorRow>> {
        factors::by(&self.read, found_by).await.doing("finding a factor")
    }

    async fn use_factor(&self, factor: FactorId, step: i64, sealed: Option<Vec<u8>>, now: Instant) -> Answer<bool> {
        durable::statement("using a factor", factors::use_once(&self.write, factor, step, sealed, now)).await
    }

    async fn spend_code(&self, account: AccountId, found_by: &[u8; 32]) -> Answer<bool> {
        durable::statement("spending a recovery code", factors::spend(&self.write, account, found_by)).await
    }

    async fn save_ceremony(&self, ceremony: CeremonyRow, now: Instant) -> Answer<()> {
        durable::statement("saving a ceremony", factors::save_ceremony(&self.write, &ceremony, now)).await
    }

    async fn ceremony(&self, secret: &[u8; 32], now: Instant) -> Answer<Option<CeremonyRow>> {
        factors::ceremony(&self.read, secret, now).await.doing("finding a ceremony")
    }

    async fn end_ceremony(&self, secret: &[u8; 32]) -> Answer<bool> {
        durable::statement("ending a ceremony", factors::end_ceremony(&self.write, secret)).await
    }

    async fn mark_proof(&self, session: SessionId, what: &[u8; 32], now: Instant) -> Answer<()> {
        durable::statement("marking a proof", factors::mark_proof(&self.write, session, what, now)).await
    }

    async fn proved(&self, session: SessionId, what: &[u8; 32], since: Instant) -> Answer<bool> {
        factors::proved(&self.read, session, what, since).await.doing("looking for a proof")
    }

    async fn identity(&self, found_by: &[u8; 32]) -> Answer<Option<IdentityRow>> {
        factors::identity(&self.read, found_by).await.doing("finding an identity")
    }

    async fn identities(&self, account: AccountId) -> Answer<Vec<IdentityRow>> {
        factors::identities(&self.read, account).await.doing("listing identities")
    }

    async fn token(&self, token: &[u8; 32], now: Instant) -> Answer<Option<TokenView>> {
        sessions::token(&self.read, token, now).await.doing("reading an API token")
    }

    async fn tokens(&self, tenant: TenantId) -> Answer<Vec<TokenRow>> {
        sessions::tokens(&self.read, tenant).await.doing("listing API tokens")
    }

    async fn setting(&self, tenant: Option<TenantId>, name: &str) -> Answer<Option<Vec<u8>>> {
        directory::setting(&self.read, tenant, name).await.doing("reading a setting")
    }

    // --- keys, leases, work -----------------------------------------------------------------------------------

    async fn keys(&self) -> Answer<Vec<KeyRow>> {
        keys::all(&self.read).await.doing("reading wrapped keys")
    }

    async fn add_keys(&self, keys: Vec<KeyRow>) -> Answer<Vec<KeyRow>> {
        durable::statement("adding wrapped keys", keys::add(&self.write, &keys)).await
    }

    async fn take_lease(&self, name: &str, holder: &str, seconds: u32) -> Answer<Option<i64>> {
        durable::statement("taking a lease", keys::take_lease(&self.write, name, holder, seconds)).await
    }

    async fn claim_jobs(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedJob>> {
        durable::statement("claiming jobs", jobs::claim(&self.write, limit, seconds)).await
    }

    async fn job_waits(&self, kind: &str) -> Answer<bool> {
        jobs::waits(&self.read, kind).await.doing("looking for a job")
    }

    async fn finish_job(&self, job: JobId, token: i64, outcome: JobOutcome) -> Answer<bool> {
        durable::statement("ending a job", jobs::finish(&self.write, job, token, &outcome)).await
    }

    async fn claim_mail(&self, limit: u32, seconds: u32) -> Answer<Vec<ClaimedMail>> {
        durable::statement("claiming mail", mail::claim(&self.write, limit, seconds)).await
    }

    async fn mark_mail(&self, mail: MailId, token: i64, mark: MailMark) -> Answer<bool> {
        durable::statement("marking mail", mail::mark(&self.write, mail, token, &mark)).await
    }

    async fn list_mail(&self, tenant: Option<TenantId>, limit: u32) -> Answer<Vec<MailRow>> {
        mail::list(&self.read, tenant, limit).await.doing("listing mail")
    }

    async fn troubled_mail(&self, limit: u32) -> Answer<Vec<MailRow>> {
        mail::troubled(&self.read, limit).await.doing("listing mail in trouble")
    }

    async fn backlog(&self) -> Answer<Backlog> {
        jobs::backlog(&self.read).await.doing("counting what waits")
    }

    // --- keeping ----------------------------------------------------------------------------------------------

    async fn backup(&self, to: &Path) -> Answer<()> {
        backup::backup(&self.options, to).await
    }
}
