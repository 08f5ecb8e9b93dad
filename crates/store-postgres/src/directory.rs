//! The organisation as the application keeps it in memory, and settings.

use crate::columns::{self, Columns, INSTALLATION};
use domain::ids::TenantId;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use store::{AccountRow, AssignmentRow, DirectoryRows, TenantRow, UnitRow};

/// The number that grows with every change to the directory or a setting.
pub async fn version(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query_scalar("select version from directory_version").fetch_one(pool).await
}

/// An account from a row that has its columns.
pub fn account(row: &PgRow) -> sqlx::Result<AccountRow> {
    Ok(AccountRow {
        id: row.id("id")?,
        tenant: row.id("tenant")?,
        login: row.hash("login")?,
        password: row.try_get("password")?,
        disabled_at: row.maybe_instant("disabled_at")?,
        sealed: row.bytes("sealed")?,
    })
}

/// The organisation in one piece: five reads of one snapshot.
pub async fn rows(pool: &PgPool, secrets: bool) -> sqlx::Result<DirectoryRows> {
    let mut t = pool.begin_with("begin isolation level repeatable read read only").await?;
    let version = sqlx::query_scalar("select version from directory_version").fetch_one(&mut *t).await?;
    let tenants = sqlx::query("select id, code, body from tenant order by id").fetch_all(&mut *t).await?;
    let units = sqlx::query("select id, tenant, parent, code, body from unit order by id").fetch_all(&mut *t).await?;
    // Whoever only looks lets nobody in, and may be a role that the server shows no password hash.
    let accounts = if secrets {
        "select id, tenant, login, password, disabled_at, sealed from account order by id"
    } else {
        "select id, tenant, login, null::text as password, disabled_at, sealed from account order by id"
    };
    let accounts = sqlx::query(accounts).fetch_all(&mut *t).await?;
    let assignments = "select account, unit, role, valid_from, until from assignment order by account, place";
    let assignments = sqlx::query(assignments).fetch_all(&mut *t).await?;
    t.commit().await?;
    Ok(DirectoryRows {
        version,
        tenants: columns::all(tenants, |row| {
            Ok(TenantRow { id: row.id("id")?, code: row.try_get("code")?, body: row.bytes("body")? })
        })?,
        units: columns::all(units, |row| {
            Ok(UnitRow {
                id: row.id("id")?,
                tenant: row.id("tenant")?,
                parent: row.maybe_id("parent")?,
                code: row.try_get("code")?,
                body: row.bytes("body")?,
            })
        })?,
        accounts: columns::all(accounts, account)?,
        assignments: columns::all(assignments, |row| {
            Ok(AssignmentRow {
                account: row.id("account")?,
                unit: row.id("unit")?,
                role: row.try_get("role")?,
                from: row.instant("valid_from")?,
                until: row.maybe_instant("until")?,
            })
        })?,
    })
}

/// The account behind a sign-in name.
pub async fn account_by_login(pool: &PgPool, login: &[u8; 32]) -> sqlx::Result<Option<AccountRow>> {
    let query = "select id, tenant, login, password, disabled_at, sealed from account where login = $1";
    columns::one(sqlx::query(query).bind(login.as_slice()).fetch_optional(pool).await?, account)
}

/// A setting of an agency or of the installation.
pub async fn setting(pool: &PgPool, tenant: Option<TenantId>, name: &str) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar("select value from setting where tenant = $1 and name = $2")
        .bind(tenant.map_or(INSTALLATION, |id| id.uuid()))
        .bind(name)
        .fetch_optional(pool)
        .await
}
