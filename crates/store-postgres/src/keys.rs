//! Wrapped keys (the first stored wins) and named leases.

use crate::columns::{self, Columns, INSTALLATION};
use domain::ids::TenantId;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use store::KeyRow;
use uuid::Uuid;

fn key(row: &PgRow) -> sqlx::Result<KeyRow> {
    let tenant: Uuid = row.try_get("tenant")?;
    Ok(KeyRow {
        tenant: if tenant == INSTALLATION { None } else { Some(TenantId::from(tenant)) },
        purpose: row.try_get("purpose")?,
        version: row.count("version")?,
        wrapped: row.bytes("wrapped")?,
    })
}

/// Every wrapped key.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<KeyRow>> {
    let query = "select tenant, purpose, version, wrapped from wrapped_key order by tenant, purpose, version";
    columns::all(sqlx::query(query).fetch_all(pool).await?, key)
}

/// Adds keys that do not exist yet, and gives what is stored for each, in the order asked.
pub async fn add(pool: &PgPool, keys: &[KeyRow]) -> sqlx::Result<Vec<KeyRow>> {
    let tenants: Vec<Uuid> = keys.iter().map(|key| key.tenant.map_or(INSTALLATION, |id| id.uuid())).collect();
    let purposes: Vec<&str> = keys.iter().map(|key| key.purpose.as_str()).collect();
    let versions: Vec<i32> = keys.iter().map(|key| key.version as i32).collect();
    sqlx::query(
        "insert into wrapped_key (tenant, purpose, version, wrapped)
         select tenant, purpose, version, wrapped
           from unnest($1::uuid[], $2::text[], $3::integer[], $4::bytea[])
                as given (tenant, purpose, version, wrapped)
          order by tenant, purpose, version
         on conflict do nothing",
    )
    .bind(&tenants)
    .bind(&purposes)
    .bind(&versions)
    .bind(keys.iter().map(|key| key.wrapped.as_slice()).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    // A second statement, because the first does not see what another node committed while it waited.
    let rows = sqlx::query(
        "select tenant, purpose, version, wrapped
           from unnest($1::uuid[], $2::text[], $3::integer[]) with ordinality as asked (tenant, purpose, version, ord)
           join wrapped_key using (tenant, purpose, version)
          order by ord",
    )
    .bind(&tenants)
    .bind(&purposes)
    .bind(&versions)
    .fetch_all(pool)
    .await?;
    columns::all(rows, key)
}

/// Takes or renews a lease by the database's clock; the token grows when the holder changes.
pub async fn take_lease(pool: &PgPool, name: &str, holder: &str, seconds: u32) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "insert into lease (name, holder, token, until)
         values ($1, $2, 1, now_micros() + $3 * 1000000)
         on conflict (name) do update
            set holder = excluded.holder,
                token  = lease.token + (lease.holder <> excluded.holder)::integer,
                until  = excluded.until
          where lease.holder = excluded.holder or lease.until <= now_micros()
         returning token",
    )
    .bind(name)
    .bind(holder)
    .bind(i64::from(seconds))
    .fetch_optional(pool)
    .await
}
