//! The invented organisation that every contract test starts from, and builders that hide what a test is not about.

use crate::*;
use domain::ids::UnitId;
use std::{any::Any, sync::Arc};
use uuid::Uuid;

/// An empty store, and what must live as long as it (a folder, a database) and is cleared away when dropped.
pub struct Fresh {
    /// The store under test, with its schema and no rows.
    pub store: Arc<dyn Store>,
    /// Dropped after the test.
    pub keep: Box<dyn Any + Send + Sync>,
}

/// A store in which two agencies exist.
pub struct World {
    /// The store under test.
    pub store: Arc<dyn Store>,
    _keep: Box<dyn Any + Send + Sync>,
}

/// One of the two agencies.
#[derive(Clone, Copy)]
pub struct Agency {
    /// The agency.
    pub tenant: TenantId,
    /// Its head unit.
    pub unit: UnitId,
    /// A unit below it.
    pub annex: UnitId,
    /// Somebody who works there.
    pub officer: AccountId,
    /// Somebody else who works there.
    pub clerk: AccountId,
    number: u64,
}

/// The agency that most tests are about.
pub fn here() -> Agency {
    agency(1)
}

/// The agency behind the wall.
pub fn there() -> Agency {
    agency(2)
}

fn agency(number: u64) -> Agency {
    let base = number * 1_000_000_000;
    Agency {
        tenant: id(base + 1),
        unit: id(base + 2),
        annex: id(base + 3),
        officer: id(base + 4),
        clerk: id(base + 5),
        number,
    }
}

/// The nth identifier, shaped like version 7.
pub fn id<T: From<Uuid>>(n: u64) -> T {
    T::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(n)))
}

/// The nth keyed hash.
pub fn hash(n: u64) -> [u8; 32] {
    let mut bytes = [0xa5; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    bytes
}

/// The nth keyed word. Holds zero bytes and quotes on purpose: an index must not read them as text.
pub fn token(n: u16) -> Token {
    let [high, low] = n.to_be_bytes();
    [0, b'\'', b' ', 0xff, high, b'"', low, b'\\']
}

/// So many seconds after an instant far ahead, so that no clock of this machine reaches it.
pub fn at(seconds: i64) -> Instant {
    Instant::from_micros(4_102_444_800_000_000).plus_seconds(seconds)
}

/// An instant long past: work that is due.
pub fn long_ago() -> Instant {
    Instant::from_micros(1_577_836_800_000_000)
}

/// Seconds after which a lease of one second has certainly run out.
pub async fn let_a_short_lease_lapse() {
    tokio::time::sleep(std::time::Duration::from_millis(1_300)).await;
}

impl Agency {
    /// Its row.
    pub fn row(&self) -> TenantRow {
        TenantRow { id: self.tenant, code: format!("AG{}", self.number), body: b"{}".to_vec() }
    }
    /// The row of its head unit.
    pub fn unit_row(&self) -> UnitRow {
        let code = format!("HEAD{}", self.number);
        UnitRow { id: self.unit, tenant: self.tenant, parent: None, code, body: b"{}".to_vec() }
    }
    /// The row of the unit below.
    pub fn annex_row(&self) -> UnitRow {
        let code = format!("ANNEX{}", self.number);
        UnitRow { id: self.annex, tenant: self.tenant, parent: Some(self.unit), code, body: b"{}".to_vec() }
    }
    /// The row of one of its accounts, whose sign-in name follows from the id.
    pub fn account_row(&self, account: AccountId) -> AccountRow {
        let mut login = hash(77);
        login[16..].copy_from_slice(account.bytes());
        let sealed = b"sealed name".to_vec();
        AccountRow { id: account, tenant: self.tenant, login, password: None, disabled_at: None, sealed }
    }
    /// A role of one of its accounts.
    pub fn assignment(&self, account: AccountId, role: &str) -> AssignmentRow {
        AssignmentRow { account, unit: self.unit, role: role.to_owned(), from: long_ago(), until: None }
    }
    /// An entry of a stream.
    pub fn entry(&self, stream: StreamId, version: u32) -> JournalRow {
        JournalRow {
            stream,
            version,
            tenant: self.tenant,
            header: format!("{{\"stream\":\"{stream}\",\"version\":{version}}}").into_bytes(),
            hash: hash(u64::from(version)),
            wrapped_key: Some(format!("key {version}").into_bytes()),
            ciphertext: Some(format!("sealed {version}").into_bytes()),
        }
    }
    /// Entries for the end of a stream.
    pub fn append(&self, stream: StreamId, expected: u32, count: u32) -> Append {
        let rows = (expected + 1..=expected + count).map(|version| self.entry(stream, version)).collect();
        Append { stream, expected, rows }
    }
    /// A change that only appends to one stream.
    pub fn appending(&self, stream: StreamId, expected: u32, count: u32) -> Change {
        Change { appends: vec![self.append(stream, expected, count)], ..Change::default() }
    }
    /// The nth report; waits, with no urgency, in the head unit.
    pub fn report(&self, n: u64) -> ReportRow {
        let n = self.number * 1_000_000 + n;
        ReportRow {
            id: id(10_000_000_000 + n),
            n: 0,
            tenant: self.tenant,
            unit: self.unit,
            handling_unit: self.unit,
            reference: format!("R-{n}"),
            secret: hash(10_000_000_000 + n),
            received_at: at(n as i64),
            state: ReportState::Waiting,
            urgency: 0,
            claimed_by: None,
            claimed_at: None,
            incident: None,
            version: 1,
            summary: format!("sealed report {n}").into_bytes(),
        }
    }
    /// The nth incident; open, in the head unit.
    pub fn incident(&self, n: u64) -> IncidentRow {
        let n = self.number * 1_000_000 + n;
        IncidentRow {
            id: id(20_000_000_000 + n),
            n: 0,
            tenant: self.tenant,
            unit: self.unit,
            reference: format!("AG-2100-{n}"),
            opened_at: at(n as i64),
            state: IncidentState::Open,
            lead: None,
            next_due: None,
            source: None,
            version: 1,
            summary: format!("sealed incident {n}").into_bytes(),
        }
    }
    /// The nth message, due now.
    pub fn mail(&self, n: u64, statutory: bool) -> NewMail {
        NewMail {
            id: id(30_000_000_000 + n),
            tenant: self.tenant,
            message_id: format!("<{n}@mail.example.gov>"),
            statutory,
            sealed: format!("sealed letter {n}").into_bytes(),
            send_at: long_ago(),
        }
    }
    /// A draft's nth save.
    pub fn draft(&self, token: [u8; 32], version: u32) -> DraftRow {
        let sealed = format!("sealed answers {version}").into_bytes();
        DraftRow { token, tenant: self.tenant, version, expires_at: at(3_600), sealed }
    }
    /// The nth file.
    pub fn file(&self, n: u64, owner: FileOwner) -> FileRow {
        FileRow {
            id: id(40_000_000_000 + n),
            tenant: self.tenant,
            owner,
            size: 5_000_000_000 + n,
            cipher_digest: hash(n),
            wrapped_key: Some(b"file key".to_vec()),
            sealed: b"sealed name".to_vec(),
            at: at(n as i64),
        }
    }
    /// The nth session of an account: idle after an hour, over after eight.
    pub fn session(&self, account: AccountId, n: u64) -> SessionRow {
        SessionRow {
            id: id(50_000_000_000 + n),
            secret: hash(50_000_000_000 + n),
            account,
            started_at: at(n as i64),
            seen_at: at(n as i64),
            ends_at: at(8 * 3_600),
            idle_until: at(3_600),
            proved_at: at(n as i64),
            sealed: b"sealed browser".to_vec(),
        }
    }
    /// What the list of incidents asks for when nothing narrows it.
    pub fn all_incidents(&self, limit: u32) -> IncidentQuery {
        let (all, any) = (Vec::new(), Vec::new());
        IncidentQuery { tenant: self.tenant, state: None, all, any, viewer: self.officer, before: None, limit }
    }
    /// What the inbox asks for when nothing narrows it.
    pub fn inbox(&self, limit: u32) -> ReportQuery {
        let states = vec![ReportState::Waiting, ReportState::Asked, ReportState::Accepted, ReportState::SetAside];
        ReportQuery { tenant: self.tenant, units: None, states, viewer: self.officer, after: None, limit }
    }
}

/// The nth job, due now.
pub fn job(n: u64, key: Option<&str>) -> NewJob {
    let (kind, body) = ("count".to_owned(), format!("body {n}").into_bytes());
    NewJob { id: id(60_000_000_000 + n), kind, body, run_at: long_ago(), key: key.map(str::to_owned) }
}

/// A change made of rows that are not event-sourced.
pub fn rows(rows: Vec<RowChange>) -> Change {
    Change { rows, ..Change::default() }
}

/// A change that only enqueues.
pub fn enqueue(jobs: Vec<NewJob>) -> Change {
    Change { jobs, ..Change::default() }
}

impl World {
    /// A store that holds the two agencies already.
    pub fn over(fresh: Fresh) -> Self {
        Self { store: fresh.store, _keep: fresh.keep }
    }
    /// Founds the two agencies in an empty store.
    pub async fn found(fresh: Fresh) -> Self {
        let world = Self::over(fresh);
        for agency in [here(), there()] {
            world
                .commit(rows(vec![
                    RowChange::Tenant(agency.row()),
                    RowChange::Unit(agency.unit_row()),
                    RowChange::Unit(agency.annex_row()),
                    RowChange::Account(agency.account_row(agency.officer)),
                    RowChange::Account(agency.account_row(agency.clerk)),
                ]))
                .await;
        }
        world
    }
    /// Commits what must succeed.
    pub async fn commit(&self, change: Change) -> Committed {
        self.store.commit(change).await.expect("the change is committed")
    }
    /// Commits what must be refused.
    pub async fn refused(&self, change: Change) -> Refused {
        refusal(self.store.commit(change).await)
    }
    /// Commits what cannot be meant: a fault, and nothing is written.
    pub async fn broken(&self, change: Change) {
        match self.store.commit(change).await.expect_err("the change is a mistake") {
            CommitError::Fault(_) => {}
            CommitError::Refused(refused) => panic!("a fault was expected, not a refusal: {refused:?}"),
        }
    }
    /// The versions that one of our streams holds.
    pub async fn versions(&self, stream: StreamId) -> Vec<u32> {
        let rows = self.store.read_stream(here().tenant, stream, 0).await.expect("the stream is read");
        rows.iter().map(|row| row.version).collect()
    }
    /// Incidents with their words, recorded one after another in one change; gives their `n`.
    pub async fn record(&self, incidents: Vec<(IncidentRow, Vec<Token>)>) -> Vec<i64> {
        let words =
            incidents.iter().map(|(row, tokens)| Words { object: row.id.into(), tokens: tokens.clone() }).collect();
        let incidents = incidents.into_iter().map(|(row, _)| row).collect();
        self.commit(Change { incidents, words, ..Change::default() }).await.incident_numbers
    }
    /// The `n` of the incidents that a query gives.
    pub async fn list(&self, query: &IncidentQuery) -> Vec<i64> {
        let rows = self.store.list_incidents(query).await.expect("incidents are listed");
        rows.iter().map(|row| row.n).collect()
    }
    /// The ids of the reports that a query gives.
    pub async fn inbox(&self, query: &ReportQuery) -> Vec<ReportId> {
        let rows = self.store.list_reports(query).await.expect("the inbox is listed");
        rows.iter().map(|row| row.id).collect()
    }
}

/// The refusal that a commit must have ended with.
pub fn refusal(outcome: Result<Committed, CommitError>) -> Refused {
    match outcome.expect_err("the change is refused") {
        CommitError::Refused(refused) => refused,
        CommitError::Fault(fault) => panic!("a refusal was expected, not a fault: {fault:?}"),
    }
}
