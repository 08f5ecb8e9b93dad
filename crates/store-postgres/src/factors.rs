//! Signing in: factors, ceremonies, the pace of attempts, fresh proofs, and accounts at identity providers.

use crate::columns::{self, Columns};
use domain::ids::{AccountId, FactorId, SessionId};
use domain::time::Instant;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use store::{CeremonyRow, FactorKind, FactorRow, IdentityRow, Pace};

fn factor(row: &PgRow) -> sqlx::Result<FactorRow> {
    Ok(FactorRow {
        id: row.id("id")?,
        account: row.id("account")?,
        kind: row.known("kind", FactorKind::numbered)?,
        found_by: row.hash("found_by")?,
        made_at: row.instant("made_at")?,
        used_at: row.maybe_instant("used_at")?,
        step: row.try_get("step")?,
        sealed: row.bytes("sealed")?,
    })
}

/// The factors of an account, oldest first.
pub async fn of(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<FactorRow>> {
    let rows = sqlx::query(
        "select id, account, kind, found_by, made_at, used_at, step, sealed
           from factor
          where account = $1
          order by made_at, id",
    )
    .bind(account.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, factor)
}

/// A factor by what it is found by.
pub async fn by(pool: &PgPool, found_by: &[u8; 32]) -> sqlx::Result<Option<FactorRow>> {
    let row = sqlx::query(
        "select id, account, kind, found_by, made_at, used_at, step, sealed
           from factor
          where found_by = $1",
    )
    .bind(found_by.as_slice())
    .fetch_optional(pool)
    .await?;
    columns::one(row, factor)
}

/// Notes a use; of two that come with the same step one finds nothing to change.
pub async fn use_once(
    pool: &PgPool,
    factor: FactorId,
    step: i64,
    sealed: Option<Vec<u8>>,
    now: Instant,
) -> sqlx::Result<bool> {
    let used = sqlx::query(
        "update factor
            set step    = $2,
                used_at = $3,
                sealed  = coalesce($4, sealed)
          where id = $1 and step < $2",
    )
    .bind(factor.uuid())
    .bind(step)
    .bind(now.micros())
    .bind(sealed)
    .execute(pool)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Uses a recovery code up.
pub async fn spend(pool: &PgPool, account: AccountId, found_by: &[u8; 32]) -> sqlx::Result<bool> {
    let spent = sqlx::query("delete from factor where found_by = $1 and account = $2 and kind = 3")
        .bind(found_by.as_slice())
        .bind(account.uuid())
        .execute(pool)
        .await?;
    Ok(spent.rows_affected() == 1)
}

/// Keeps something begun, and sweeps a few that are over in passing.
pub async fn save_ceremony(pool: &PgPool, row: &CeremonyRow, now: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "with over as materialized (
             select secret from ceremony
              where ends_at <= $5 and secret <> $1
              limit 4
                for update skip locked
         ),
         swept as (
             delete from ceremony using over where ceremony.secret = over.secret
         )
         insert into ceremony (secret, account, ends_at, sealed)
         values ($1, $2, $3, $4)
         on conflict (secret) do update
            set account = excluded.account,
                ends_at = excluded.ends_at,
                sealed  = excluded.sealed",
    )
    .bind(row.secret.as_slice())
    .bind(row.account.map(|id| id.uuid()))
    .bind(row.ends_at.micros())
    .bind(&row.sealed)
    .bind(now.micros())
    .execute(pool)
    .await
    .map(drop)
}

/// Something begun that is not over.
pub async fn ceremony(pool: &PgPool, secret: &[u8; 32], now: Instant) -> sqlx::Result<Option<CeremonyRow>> {
    let row = sqlx::query("select secret, account, ends_at, sealed from ceremony where secret = $1 and ends_at > $2")
        .bind(secret.as_slice())
        .bind(now.micros())
        .fetch_optional(pool)
        .await?;
    columns::one(row, |row| {
        Ok(CeremonyRow {
            secret: row.hash("secret")?,
            account: row.maybe_id("account")?,
            ends_at: row.instant("ends_at")?,
            sealed: row.bytes("sealed")?,
        })
    })
}

/// Ends something begun, once.
pub async fn end_ceremony(pool: &PgPool, secret: &[u8; 32]) -> sqlx::Result<bool> {
    let ended = sqlx::query("delete from ceremony where secret = $1").bind(secret.as_slice()).execute(pool).await?;
    Ok(ended.rows_affected() == 1)
}

/// Counts an attempt as a failure before it is made, so that attempts at the same moment all count; sets when the next
/// one may be. Nothing is counted while the door is shut.
pub async fn take_turn(pool: &PgPool, key: &[u8; 32], pace: Pace, now: Instant) -> sqlx::Result<Option<Instant>> {
    let micros = |seconds: u32| i64::from(seconds) * 1_000_000;
    let taken = sqlx::query(
        "with over as materialized (
             select key from throttle
              where at < $7 and key <> $1
              limit 4
                for update skip locked
         ),
         swept as (
             delete from throttle using over where throttle.key = over.key
         )
         insert into throttle as t (key, failures, at, open_at)
         values ($1, 1, $2, $2)
         on conflict (key) do update
            set failures = (greatest(t.failures - greatest($2 - t.at, 0) / $3, 0) + 1)::integer,
                at       = $2,
                open_at  = $2 + case when greatest(t.failures - greatest($2 - t.at, 0) / $3, 0) < $4 then 0
                                     else least($6, $5 << least(greatest(t.failures - greatest($2 - t.at, 0) / $3, 0)
                                                                - $4, 20)::integer)
                                end
          where t.open_at <= $2",
    )
    .bind(key.as_slice())
    .bind(now.micros())
    .bind(micros(pace.forgets_seconds))
    .bind(i64::from(pace.free))
    .bind(micros(pace.first_seconds))
    .bind(micros(pace.longest_seconds))
    .bind(now.plus_seconds(-86_400).micros())
    .execute(pool)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let row =
        sqlx::query("select open_at from throttle where key = $1").bind(key.as_slice()).fetch_optional(pool).await?;
    columns::one(row, |row| row.instant("open_at"))
}

/// Takes a counted attempt back, or forgets all of a key's.
pub async fn settle_turn(pool: &PgPool, key: &[u8; 32], forget: bool) -> sqlx::Result<()> {
    let query = if forget {
        sqlx::query("delete from throttle where key = $1")
    } else {
        sqlx::query("update throttle set failures = greatest(failures - 1, 0), open_at = at where key = $1")
    };
    query.bind(key.as_slice()).execute(pool).await.map(drop)
}

/// Notes a fresh proof of a session for one act.
pub async fn mark_proof(pool: &PgPool, session: SessionId, what: &[u8; 32], now: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "insert into step_up (session, what, at)
         values ($1, $2, $3)
         on conflict (session, what) do update
            set at = excluded.at",
    )
    .bind(session.uuid())
    .bind(what.as_slice())
    .bind(now.micros())
    .execute(pool)
    .await
    .map(drop)
}

/// Whether there is one since an instant.
pub async fn proved(pool: &PgPool, session: SessionId, what: &[u8; 32], since: Instant) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from step_up where session = $1 and what = $2 and at >= $3)")
        .bind(session.uuid())
        .bind(what.as_slice())
        .bind(since.micros())
        .fetch_one(pool)
        .await
}

fn identity_row(row: &PgRow) -> sqlx::Result<IdentityRow> {
    Ok(IdentityRow {
        found_by: row.hash("found_by")?,
        account: row.id("account")?,
        made_at: row.instant("made_at")?,
        sealed: row.bytes("sealed")?,
    })
}

/// A subject of an identity provider.
pub async fn identity(pool: &PgPool, found_by: &[u8; 32]) -> sqlx::Result<Option<IdentityRow>> {
    let row = sqlx::query("select found_by, account, made_at, sealed from identity where found_by = $1")
        .bind(found_by.as_slice())
        .fetch_optional(pool)
        .await?;
    columns::one(row, identity_row)
}

/// An account's subjects at identity providers, oldest first.
pub async fn identities(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<IdentityRow>> {
    let rows = sqlx::query(
        "select found_by, account, made_at, sealed
           from identity
          where account = $1
          order by made_at, found_by",
    )
    .bind(account.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, identity_row)
}
