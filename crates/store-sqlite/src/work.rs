//! Wrapped keys, named leases, jobs and mail: who holds what until when, by this database's own clock.

use crate::value::{Sql, at, clock, id, known, row, rows, run, unsigned};
use domain::ids::{JobId, MailId, TenantId};
use domain::time::Instant;
use rusqlite::{Connection, Row};
use store::{Backlog, ClaimedJob, ClaimedMail, JobOutcome, KeyRow, MailMark, MailRow, MailState, NewJob, NewMail};

const SECOND: i64 = 1_000_000;

// --- keys

fn key(row: &Row<'_>) -> Sql<KeyRow> {
    let tenant: Vec<u8> = row.get(0)?;
    let tenant = if tenant.is_empty() { None } else { Some(id(row, 0)?) };
    Ok(KeyRow { tenant, purpose: row.get(1)?, version: row.get(2)?, wrapped: row.get(3)? })
}

pub(crate) fn keys(conn: &Connection) -> Sql<Vec<KeyRow>> {
    rows(
        conn,
        "select tenant, purpose, version, wrapped
           from wrapped_key
          order by tenant, purpose, version",
        [],
        key,
    )
}

/// Adds those that are not there yet, and gives back every key as stored now.
pub(crate) fn add_keys(conn: &Connection, new: &[KeyRow]) -> Sql<Vec<KeyRow>> {
    for key in new {
        run(
            conn,
            "insert into wrapped_key (tenant, purpose, version, wrapped)
             values (?1, ?2, ?3, ?4)
                 on conflict do nothing",
            (key.tenant.as_ref().map_or(&[][..], |tenant| tenant.bytes()), &key.purpose, key.version, &key.wrapped),
        )?;
    }
    keys(conn)
}

// --- remembered answers

pub(crate) const FORGET_ANSWERS: &str = "
    delete from remembered
     where key > ?1 and key <= ?2 and at < ?3";

/// Walks along the key, so that no index by age is needed, and a step costs the same however many there are.
pub(crate) fn forget_answers(
    conn: &Connection,
    before: Instant,
    after: Option<[u8; 32]>,
    limit: u32,
) -> Sql<Option<[u8; 32]>> {
    let after = after.map_or_else(Vec::new, Vec::from);
    let step: Option<(u32, [u8; 32])> = row(
        conn,
        "select count(*), max(key)
           from (select key from remembered where key > ?1 order by key limit ?2)
         having count(*) > 0",
        (&after, limit),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((count, last)) = step else { return Ok(None) };
    run(conn, FORGET_ANSWERS, (&after, last, before.micros()))?;
    Ok(Some(last).filter(|_| count == limit))
}

// --- leases

pub(crate) fn take_lease(conn: &Connection, name: &str, holder: &str, seconds: u32) -> Sql<Option<i64>> {
    let now = clock(conn)?;
    row(
        conn,
        "insert into lease (name, holder, token, until)
         values (?1, ?2, 1, ?3 + ?4)
             on conflict (name) do update
            set holder = excluded.holder,
                token  = token + (holder <> excluded.holder),
                until  = excluded.until
          where holder = excluded.holder or until <= ?3
         returning token",
        (name, holder, now, i64::from(seconds) * SECOND),
        |row| row.get(0),
    )
}

// --- jobs

/// Adds a job; one whose key already waits is dropped.
pub(crate) fn add_job(conn: &Connection, new: NewJob) -> Sql<()> {
    run(
        conn,
        "insert into job (id, kind, body, key, state, due_at, attempt, token, note)
         values (?1, ?2, ?3, ?4, 0, ?5, 0, 0, '')
             on conflict do nothing",
        (new.id.bytes(), new.kind, new.body, new.key, new.run_at.micros()),
    )
    .map(drop)
}

pub(crate) const CLAIM_JOBS: &str = "
    update job
       set state   = 1,
           attempt = attempt + 1,
           token   = token + 1,
           due_at  = ?1 + ?2
     where id in (select id from job where due_at <= ?1 order by due_at limit ?3)
    returning id, kind, body, attempt, token";

/// Waiting jobs that are due and claimed ones whose lease ran out look the same: `due_at` lies in the past.
pub(crate) fn claim_jobs(conn: &Connection, limit: u32, seconds: u32) -> Sql<Vec<ClaimedJob>> {
    let mut claimed: Vec<ClaimedJob> =
        rows(conn, CLAIM_JOBS, (clock(conn)?, i64::from(seconds) * SECOND, limit), |row| {
            Ok(ClaimedJob {
                id: id(row, 0)?,
                kind: row.get(1)?,
                body: row.get(2)?,
                attempt: row.get(3)?,
                token: row.get(4)?,
            })
        })?;
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

/// Whether a job of this kind is waiting, under way, or given up: whether its work is still to be done.
pub(crate) fn job_waits(conn: &Connection, kind: &str) -> Sql<bool> {
    conn.prepare_cached("select exists (select 1 from job where kind = ?1)")?.query_row([kind], |row| row.get(0))
}

pub(crate) fn finish_job(conn: &Connection, job: JobId, token: i64, outcome: JobOutcome) -> Sql<bool> {
    let changed = match outcome {
        JobOutcome::Done => {
            run(conn, "delete from job where id = ?1 and token = ?2 and state = 1", (job.bytes(), token))?
        }
        JobOutcome::Retry(run_at, note) => {
            let again = run(
                conn,
                "update or ignore job
                    set state  = 0,
                        due_at = ?3,
                        note   = ?4
                  where id = ?1 and token = ?2 and state = 1",
                (job.bytes(), token, run_at.micros(), note),
            )?;
            // Another job with the same key waits already and will do this one's work.
            if again == 1 { again } else { finish_job_as_doubled(conn, job, token)? }
        }
        JobOutcome::Failed(note) => run(
            conn,
            "update job
                set state  = 2,
                    due_at = null,
                    note   = ?3
              where id = ?1 and token = ?2 and state = 1",
            (job.bytes(), token, note),
        )?,
    };
    Ok(changed == 1)
}

fn finish_job_as_doubled(conn: &Connection, job: JobId, token: i64) -> Sql<usize> {
    run(conn, "delete from job where id = ?1 and token = ?2 and state = 1", (job.bytes(), token))
}

// --- mail

pub(crate) fn add_mail(conn: &Connection, new: NewMail) -> Sql<()> {
    run(
        conn,
        "insert into mail (id, tenant, message_id, statutory, sealed, state, due_at, attempt, token, answer, at)
         values (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, 0, '', ?7)",
        (
            new.id.bytes(),
            new.tenant.bytes(),
            new.message_id,
            new.statutory,
            new.sealed,
            new.send_at.micros(),
            clock(conn)?,
        ),
    )
    .map(drop)
}

pub(crate) const LEAVE_IN_DOUBT: &str = "
    update mail
       set state  = 4,
           due_at = null,
           token  = token + 1,
           doubts = doubts + 1
     where due_at <= ?1 and state = 1 and (statutory or doubts > 0)";

pub(crate) const CLAIM_MAIL: &str = "
    update mail
       set state   = 0,
           attempt = attempt + 1,
           token   = token + 1,
           doubts  = doubts + (state = 1),
           due_at  = ?1 + ?2
     where n in (select n from mail where due_at <= ?1 order by due_at limit ?3)
    returning n, id, tenant, message_id, sealed, attempt, doubts, token";

/// A message whose sender died between `submitting` and the answer may have been sent: a statutory one, and one that
/// was in doubt before, is left for a person, with its token moved on so that a late answer changes nothing; an
/// informational one goes out again.
pub(crate) fn claim_mail(conn: &Connection, limit: u32, seconds: u32) -> Sql<Vec<ClaimedMail>> {
    let now = clock(conn)?;
    run(conn, LEAVE_IN_DOUBT, [now])?;
    let mut claimed: Vec<(i64, ClaimedMail)> =
        rows(conn, CLAIM_MAIL, (now, i64::from(seconds) * SECOND, limit), |row| {
            let mail = ClaimedMail {
                id: id(row, 1)?,
                tenant: id(row, 2)?,
                message_id: row.get(3)?,
                sealed: row.get(4)?,
                attempt: row.get(5)?,
                doubts: row.get(6)?,
                token: row.get(7)?,
            };
            Ok((row.get(0)?, mail))
        })?;
    claimed.sort_by_key(|(n, _)| *n);
    Ok(claimed.into_iter().map(|(_, mail)| mail).collect())
}

/// A retry also moves the token on: that claim has ended.
pub(crate) fn mark_mail(conn: &Connection, mail: MailId, token: i64, mark: MailMark) -> Sql<bool> {
    let (state, due_at, answer) = match mark {
        MailMark::Submitting => {
            let noted = run(
                conn,
                "update mail
                    set state = 1
                  where id = ?1 and token = ?2 and token > 0 and state = 0 and due_at is not null",
                (mail.bytes(), token),
            )?;
            return Ok(noted == 1);
        }
        MailMark::InDoubt(at, note) => {
            let noted = run(
                conn,
                "update mail
                    set state  = 4,
                        due_at = case when statutory or doubts > 0 then null else ?3 end,
                        answer = ?4,
                        doubts = doubts + 1,
                        token  = token + 1
                  where id = ?1 and token = ?2 and token > 0 and state = 1",
                (mail.bytes(), token, at.micros(), note),
            )?;
            return Ok(noted == 1);
        }
        MailMark::Accepted(queue_id) => (MailState::Accepted, None, queue_id),
        MailMark::Retry(at, note) => (MailState::Pending, Some(at.micros()), note),
        MailMark::Failed(note) => (MailState::Failed, None, note),
    };
    let noted = run(
        conn,
        "update mail
            set state  = ?3,
                due_at = ?4,
                answer = ?5,
                token  = token + (?4 is not null)
          where id = ?1 and token = ?2 and token > 0 and state in (0, 1)",
        (mail.bytes(), token, state as i16, due_at, answer),
    )?;
    Ok(noted == 1)
}

fn mail_state(number: i16) -> Option<MailState> {
    use MailState::{Accepted, Failed, InDoubt, Pending, Submitting};
    [Pending, Submitting, Accepted, Failed, InDoubt].into_iter().find(|state| *state as i16 == number)
}

macro_rules! mail {
    () => {
        "id, tenant, message_id, state, statutory, attempt, doubts, sealed, answer, at"
    };
}

fn mail(row: &Row<'_>) -> Sql<MailRow> {
    Ok(MailRow {
        id: id(row, 0)?,
        tenant: id(row, 1)?,
        message_id: row.get(2)?,
        state: known(row, 3, mail_state)?,
        statutory: row.get(4)?,
        attempt: row.get(5)?,
        doubts: row.get(6)?,
        sealed: row.get(7)?,
        answer: row.get(8)?,
        at: at(row, 9)?,
    })
}

pub(crate) fn list_mail(conn: &Connection, tenant: Option<TenantId>, limit: u32) -> Sql<Vec<MailRow>> {
    match tenant {
        Some(tenant) => rows(
            conn,
            concat!("select ", mail!(), " from mail where tenant = ?1 order by n desc limit ?2"),
            (tenant.bytes(), limit),
            mail,
        ),
        None => rows(conn, concat!("select ", mail!(), " from mail order by n desc limit ?1"), [limit], mail),
    }
}

pub(crate) const TROUBLED_MAIL: &str = concat!(
    "select ",
    mail!(),
    " from mail
      where n in (select n from mail where state in (3, 4)
                  union all
                  select n from mail where due_at > 0 and state = 0 and answer <> '')
      order by n
      limit ?1"
);

pub(crate) fn troubled_mail(conn: &Connection, limit: u32) -> Sql<Vec<MailRow>> {
    rows(conn, TROUBLED_MAIL, [limit], mail)
}

// --- how much waits

pub(crate) const BACKLOG: &str = "
    select (select count(*) from job  where due_at <= ?1),
           (select count(*) from job  where state = 2),
           (select count(*) from mail where due_at is not null),
           (select count(*) from mail where state in (3, 4)),
           max(0, ?1 - coalesce((select min(due_at) from job  where due_at is not null), ?1),
                  ?1 - coalesce((select min(due_at) from mail where due_at is not null), ?1)) / 1000000";

pub(crate) fn backlog(conn: &Connection) -> Sql<Backlog> {
    let now = clock(conn)?;
    conn.prepare_cached(BACKLOG)?.query_row([now], |row| {
        Ok(Backlog {
            jobs: unsigned(row, 0)?,
            failed_jobs: unsigned(row, 1)?,
            mail: unsigned(row, 2)?,
            mail_in_trouble: unsigned(row, 3)?,
            oldest_seconds: row.get(4)?,
        })
    })
}
