//! Signing in: factors, ceremonies, the pace of attempts, fresh proofs, and accounts at identity providers.

use crate::value::{Sql, Undone, at, id, maybe_at, row, rows, run, taken};
use domain::ids::{AccountId, FactorId, SessionId};
use domain::time::Instant;
use rusqlite::{Connection, Row};
use store::{CeremonyRow, FactorKind, FactorRow, IdentityRow, Pace};

// --- factors

macro_rules! factor {
    () => {
        "select id, account, kind, found_by, made_at, used_at, step, sealed from factor "
    };
}

fn factor(row: &Row<'_>) -> Sql<FactorRow> {
    let number: i16 = row.get(2)?;
    let kind = FactorKind::numbered(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(2, number.into()))?;
    Ok(FactorRow {
        id: id(row, 0)?,
        account: id(row, 1)?,
        kind,
        found_by: row.get(3)?,
        made_at: at(row, 4)?,
        used_at: maybe_at(row, 5)?,
        step: row.get(6)?,
        sealed: row.get(7)?,
    })
}

pub(crate) fn put_factor(conn: &Connection, new: &FactorRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into factor (id, account, kind, found_by, made_at, used_at, step, sealed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (id) do update
            set used_at = excluded.used_at,
                step    = excluded.step,
                sealed  = excluded.sealed
          where account = excluded.account",
        (
            new.id.bytes(),
            new.account.bytes(),
            new.kind.number(),
            new.found_by,
            new.made_at.micros(),
            new.used_at.map(|at| at.micros()),
            new.step,
            &new.sealed,
        ),
    );
    if put.map_err(taken)? == 1 { Ok(()) } else { Err(Undone::Broken("the factor belongs to another account")) }
}

pub(crate) fn drop_factor(conn: &Connection, account: AccountId, factor: FactorId) -> Sql<()> {
    run(conn, "delete from factor where account = ?1 and id = ?2", (account.bytes(), factor.bytes())).map(drop)
}

pub(crate) fn drop_factors(conn: &Connection, account: AccountId, kind: Option<FactorKind>) -> Sql<()> {
    let kind = kind.map(FactorKind::number);
    run(conn, "delete from factor where account = ?1 and (?2 is null or kind = ?2)", (account.bytes(), kind)).map(drop)
}

pub(crate) fn factors(conn: &Connection, account: AccountId) -> Sql<Vec<FactorRow>> {
    rows(conn, concat!(factor!(), "where account = ?1 order by made_at, id"), [account.bytes()], factor)
}

pub(crate) fn factor_by(conn: &Connection, found_by: &[u8; 32]) -> Sql<Option<FactorRow>> {
    row(conn, concat!(factor!(), "where found_by = ?1"), [found_by], factor)
}

pub(crate) fn use_factor(
    conn: &Connection,
    factor: FactorId,
    step: i64,
    sealed: Option<Vec<u8>>,
    now: Instant,
) -> Sql<bool> {
    let used = run(
        conn,
        "update factor
            set step    = ?2,
                used_at = ?3,
                sealed  = coalesce(?4, sealed)
          where id = ?1 and step < ?2",
        (factor.bytes(), step, now.micros(), sealed),
    )?;
    Ok(used == 1)
}

pub(crate) fn spend_code(conn: &Connection, account: AccountId, found_by: &[u8; 32]) -> Sql<bool> {
    let spent =
        run(conn, "delete from factor where found_by = ?1 and account = ?2 and kind = 3", (found_by, account.bytes()))?;
    Ok(spent == 1)
}

// --- ceremonies

pub(crate) fn save_ceremony(conn: &Connection, new: &CeremonyRow, now: Instant) -> Sql<()> {
    run(
        conn,
        "insert into ceremony (secret, account, ends_at, sealed)
         values (?1, ?2, ?3, ?4)
             on conflict (secret) do update
            set account = excluded.account,
                ends_at = excluded.ends_at,
                sealed  = excluded.sealed",
        (new.secret, new.account.as_ref().map(AccountId::bytes), new.ends_at.micros(), &new.sealed),
    )?;
    run(
        conn,
        "delete from ceremony
          where secret in (select secret from ceremony where ends_at <= ?1 order by ends_at limit 8)",
        [now.micros()],
    )
    .map(drop)
}

pub(crate) fn ceremony(conn: &Connection, secret: &[u8; 32], now: Instant) -> Sql<Option<CeremonyRow>> {
    row(
        conn,
        "select secret, account, ends_at, sealed from ceremony where secret = ?1 and ends_at > ?2",
        (secret, now.micros()),
        |row| {
            Ok(CeremonyRow {
                secret: row.get(0)?,
                account: crate::value::maybe_id(row, 1)?,
                ends_at: at(row, 2)?,
                sealed: row.get(3)?,
            })
        },
    )
}

pub(crate) fn end_ceremony(conn: &Connection, secret: &[u8; 32]) -> Sql<bool> {
    Ok(run(conn, "delete from ceremony where secret = ?1", [secret])? == 1)
}

// --- the pace of attempts

/// Counts an attempt as a failure before it is made, so that attempts at the same moment all count; sets when the next
/// one may be. Nothing is counted while the door is shut.
pub(crate) fn take_turn(conn: &Connection, key: &[u8; 32], pace: Pace, now: Instant) -> Sql<Option<Instant>> {
    let micros = |seconds: u32| i64::from(seconds) * 1_000_000;
    let taken = run(
        conn,
        "insert into throttle as t (key, failures, at, open_at)
         values (?1, 1, ?2, ?2)
             on conflict (key) do update
            set failures = max(t.failures - max(?2 - t.at, 0) / ?3, 0) + 1,
                at       = ?2,
                open_at  = ?2 + iif(max(t.failures - max(?2 - t.at, 0) / ?3, 0) < ?4, 0,
                                    min(?6, ?5 << min(max(t.failures - max(?2 - t.at, 0) / ?3, 0) - ?4, 20)))
          where t.open_at <= ?2",
        (
            key,
            now.micros(),
            micros(pace.forgets_seconds),
            pace.free,
            micros(pace.first_seconds),
            micros(pace.longest_seconds),
        ),
    )?;
    run(
        conn,
        "delete from throttle
          where key in (select key from throttle where at < ?1 order by at limit 8)",
        [now.plus_seconds(-86_400).micros()],
    )?;
    if taken == 1 {
        return Ok(None);
    }
    row(conn, "select open_at from throttle where key = ?1", [key], |row| at(row, 0))
}

pub(crate) fn settle_turn(conn: &Connection, key: &[u8; 32], forget: bool) -> Sql<()> {
    if forget {
        return run(conn, "delete from throttle where key = ?1", [key]).map(drop);
    }
    run(conn, "update throttle set failures = max(failures - 1, 0), open_at = at where key = ?1", [key]).map(drop)
}

// --- fresh proofs

pub(crate) fn mark_proof(conn: &Connection, session: SessionId, what: &[u8; 32], now: Instant) -> Sql<()> {
    run(
        conn,
        "insert into step_up (session, what, at)
         values (?1, ?2, ?3)
             on conflict (session, what) do update
            set at = excluded.at",
        (session.bytes(), what, now.micros()),
    )
    .map(drop)
}

pub(crate) fn proved(conn: &Connection, session: SessionId, what: &[u8; 32], since: Instant) -> Sql<bool> {
    let found = row(
        conn,
        "select 1 from step_up where session = ?1 and what = ?2 and at >= ?3",
        (session.bytes(), what, since.micros()),
        |row| row.get::<_, i64>(0),
    )?;
    Ok(found.is_some())
}

// --- accounts at identity providers

fn identity_row(row: &Row<'_>) -> Sql<IdentityRow> {
    Ok(IdentityRow { found_by: row.get(0)?, account: id(row, 1)?, made_at: at(row, 2)?, sealed: row.get(3)? })
}

pub(crate) fn put_identity(conn: &Connection, new: &IdentityRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into identity (found_by, account, made_at, sealed)
         values (?1, ?2, ?3, ?4)",
        (new.found_by, new.account.bytes(), new.made_at.micros(), &new.sealed),
    );
    put.map(drop).map_err(taken)
}

pub(crate) fn drop_identity(conn: &Connection, account: AccountId, found_by: &[u8; 32]) -> Sql<()> {
    run(conn, "delete from identity where found_by = ?1 and account = ?2", (found_by, account.bytes())).map(drop)
}

pub(crate) fn identity(conn: &Connection, found_by: &[u8; 32]) -> Sql<Option<IdentityRow>> {
    row(conn, "select found_by, account, made_at, sealed from identity where found_by = ?1", [found_by], identity_row)
}

pub(crate) fn identities(conn: &Connection, account: AccountId) -> Sql<Vec<IdentityRow>> {
    rows(
        conn,
        "select found_by, account, made_at, sealed from identity where account = ?1 order by made_at, found_by",
        [account.bytes()],
        identity_row,
    )
}
