//! Who asks: sessions and API tokens with their account and roles in one look, and the count of attempts.

use crate::columns::{self, Columns};
use crate::directory;
use domain::ids::{AccountId, TenantId};
use domain::time::Instant;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use store::{AssignmentRow, EndSessions, SessionRow, SessionView, TokenRow, TokenView};
use uuid::Uuid;

fn session(row: &PgRow, id: &str) -> sqlx::Result<SessionRow> {
    Ok(SessionRow {
        id: row.id(id)?,
        secret: row.hash("secret")?,
        account: row.id("account")?,
        started_at: row.instant("started_at")?,
        seen_at: row.instant("seen_at")?,
        ends_at: row.instant("ends_at")?,
        idle_until: row.instant("idle_until")?,
        proved_at: row.instant("proved_at")?,
        sealed: row.bytes("session_sealed")?,
    })
}

/// The roles that were gathered into one array per column.
fn assignments(row: &PgRow) -> sqlx::Result<Vec<AssignmentRow>> {
    let account: AccountId = row.id("account")?;
    let units: Vec<Uuid> = row.try_get("units")?;
    let roles: Vec<String> = row.try_get("roles")?;
    let from: Vec<i64> = row.try_get("valid_from")?;
    let until: Vec<Option<i64>> = row.try_get("until")?;
    let times = from.into_iter().zip(until);
    let rows = units.into_iter().zip(roles).zip(times);
    Ok(rows
        .map(|((unit, role), (from, until))| AssignmentRow {
            account,
            unit: unit.into(),
            role,
            from: Instant::from_micros(from),
            until: until.map(Instant::from_micros),
        })
        .collect())
}

/// A live session with its account, roles and the directory's version.
pub async fn view(pool: &PgPool, secret: &[u8; 32], now: Instant) -> sqlx::Result<Option<SessionView>> {
    let row = sqlx::query(
        "select session.id as session_id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at,
                session.sealed as session_sealed,
                account.id, account.tenant, account.login, account.password, account.disabled_at, account.sealed,
                units, roles, valid_from, until,
                (select version from directory_version) as directory_version
           from session
           join account on account.id = session.account
          cross join lateral (
                select coalesce(array_agg(unit       order by place), '{}') as units,
                       coalesce(array_agg(role       order by place), '{}') as roles,
                       coalesce(array_agg(valid_from order by place), '{}') as valid_from,
                       coalesce(array_agg(until      order by place), '{}') as until
                  from assignment
                 where assignment.account = session.account
                ) as held
          where secret = $1 and idle_until > $2 and ends_at > $2 and disabled_at is null",
    )
    .bind(secret.as_slice())
    .bind(now.micros())
    .fetch_optional(pool)
    .await?;
    columns::one(row, |row| {
        Ok(SessionView {
            session: session(row, "session_id")?,
            account: directory::account(row)?,
            assignments: assignments(row)?,
            directory_version: row.try_get("directory_version")?,
        })
    })
}

/// Starts or extends a session, and clears away those of the account whose time is over.
pub async fn save(pool: &PgPool, row: &SessionRow) -> sqlx::Result<()> {
    sqlx::query(
        "with over as (
             delete from session where account = $3 and ends_at < $5 and id <> $1
         )
         insert into session (id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at, sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update
            set secret     = excluded.secret,
                account    = excluded.account,
                started_at = excluded.started_at,
                seen_at    = excluded.seen_at,
                ends_at    = excluded.ends_at,
                idle_until = excluded.idle_until,
                proved_at  = excluded.proved_at,
                sealed     = excluded.sealed",
    )
    .bind(row.id.uuid())
    .bind(row.secret.as_slice())
    .bind(row.account.uuid())
    .bind(row.started_at.micros())
    .bind(row.seen_at.micros())
    .bind(row.ends_at.micros())
    .bind(row.idle_until.micros())
    .bind(row.proved_at.micros())
    .bind(&row.sealed)
    .execute(pool)
    .await
    .map(drop)
}

/// Sessions of an account, newest first.
pub async fn of(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<SessionRow>> {
    let rows = sqlx::query(
        "select id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at, sealed as session_sealed
           from session
          where account = $1
          order by started_at desc, id desc",
    )
    .bind(account.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| session(row, "id"))
}

/// Ends sessions and says how many there were.
pub async fn end(pool: &PgPool, which: EndSessions) -> sqlx::Result<u32> {
    let query = match &which {
        EndSessions::Secret(secret) => sqlx::query("delete from session where secret = $1").bind(secret.as_slice()),
        EndSessions::One(account, id) => {
            sqlx::query("delete from session where account = $1 and id = $2").bind(account.uuid()).bind(id.uuid())
        }
        EndSessions::All(account) => sqlx::query("delete from session where account = $1").bind(account.uuid()),
        EndSessions::Others(account, id) => {
            sqlx::query("delete from session where account = $1 and id <> $2").bind(account.uuid()).bind(id.uuid())
        }
    };
    Ok(u32::try_from(query.execute(pool).await?.rows_affected()).unwrap_or(u32::MAX))
}

/// Counts one attempt in its window. A window begins with its first attempt; windows that are over are swept in
/// passing, a few at a time.
pub async fn count_attempt(pool: &PgPool, key: &[u8; 32], window: u32, now: Instant) -> sqlx::Result<u32> {
    let row = sqlx::query(
        "with over as materialized (
             select key from attempt
              where ends_at <= $2 and key <> $1
              limit 4
                for update skip locked
         ),
         swept as (
             delete from attempt using over where attempt.key = over.key
         )
         insert into attempt (key, started_at, ends_at, count)
         values ($1, $2, $3, 1)
         on conflict (key) do update
            set started_at = case when attempt.ends_at <= $2 then $2 else attempt.started_at end,
                ends_at    = case when attempt.ends_at <= $2 then $3 else attempt.ends_at    end,
                count      = case when attempt.ends_at <= $2 then 1  else attempt.count + 1  end
         returning count",
    )
    .bind(key.as_slice())
    .bind(now.micros())
    .bind(now.plus_seconds(i64::from(window)).micros())
    .fetch_one(pool)
    .await?;
    row.count("count")
}

/// The API tokens of an agency's accounts.
pub async fn tokens(pool: &PgPool, tenant: TenantId) -> sqlx::Result<Vec<TokenRow>> {
    let rows = sqlx::query(
        "select secret, account, scopes, ends_at, withdrawn_at
           from token
           join account on account.id = token.account
          where account.tenant = $1
          order by ends_at desc, secret",
    )
    .bind(tenant.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, token_row)
}

fn token_row(row: &PgRow) -> sqlx::Result<TokenRow> {
    Ok(TokenRow {
        secret: row.hash("secret")?,
        account: row.id("account")?,
        scopes: row.try_get("scopes")?,
        ends_at: row.instant("ends_at")?,
        withdrawn_at: row.maybe_instant("withdrawn_at")?,
    })
}

/// A live API token with its account, roles and the directory's version.
pub async fn token(pool: &PgPool, secret: &[u8; 32], now: Instant) -> sqlx::Result<Option<TokenView>> {
    let row = sqlx::query(
        "select secret, account, scopes, ends_at, withdrawn_at,
                account.id, account.tenant, account.login, account.password, account.disabled_at, account.sealed,
                units, roles, valid_from, until,
                (select version from directory_version) as directory_version
           from token
           join account on account.id = token.account
          cross join lateral (
                select coalesce(array_agg(unit       order by place), '{}') as units,
                       coalesce(array_agg(role       order by place), '{}') as roles,
                       coalesce(array_agg(valid_from order by place), '{}') as valid_from,
                       coalesce(array_agg(until      order by place), '{}') as until
                  from assignment
                 where assignment.account = token.account
                ) as held
          where secret = $1 and ends_at > $2 and disabled_at is null
            and (withdrawn_at is null or withdrawn_at > $2)",
    )
    .bind(secret.as_slice())
    .bind(now.micros())
    .fetch_optional(pool)
    .await?;
    columns::one(row, |row| {
        Ok(TokenView {
            token: token_row(row)?,
            account: directory::account(row)?,
            assignments: assignments(row)?,
            directory_version: row.try_get("directory_version")?,
        })
    })
}
