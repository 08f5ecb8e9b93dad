//! Half-written public reports: saved over the version that the writer saw, and removed when their time is over.

use crate::columns::{self, Columns};
use crate::files;
use domain::time::Instant;
use sqlx::postgres::PgPool;
use store::{DraftRow, FileRow};

/// Saves a draft over the expected version; 0 expects none.
pub async fn save(pool: &PgPool, draft: &DraftRow, expected: u32) -> sqlx::Result<bool> {
    let statement = if expected == 0 {
        "insert into draft (token, tenant, version, expires_at, sealed)
         values ($1, $2, $3 + 1, $4, $5)
         on conflict (token) do nothing"
    } else {
        "update draft
            set version    = $3 + 1,
                expires_at = $4,
                sealed     = $5
          where token = $1 and tenant = $2 and version = $3"
    };
    let saved = sqlx::query(statement)
        .bind(draft.token.as_slice())
        .bind(draft.tenant.uuid())
        .bind(expected as i32)
        .bind(draft.expires_at.micros())
        .bind(&draft.sealed)
        .execute(pool)
        .await?;
    Ok(saved.rows_affected() == 1)
}

/// A draft that has not expired.
pub async fn by_token(pool: &PgPool, token: &[u8; 32], now: Instant) -> sqlx::Result<Option<DraftRow>> {
    let row = sqlx::query(
        "select token, tenant, version, expires_at, sealed
           from draft
          where token = $1 and expires_at > $2",
    )
    .bind(token.as_slice())
    .bind(now.micros())
    .fetch_optional(pool)
    .await?;
    columns::one(row, |row| {
        Ok(DraftRow {
            token: row.hash("token")?,
            tenant: row.id("tenant")?,
            version: row.count("version")?,
            expires_at: row.instant("expires_at")?,
            sealed: row.bytes("sealed")?,
        })
    })
}

/// Removes expired drafts and the rows of their files, which it gives back.
pub async fn purge(pool: &PgPool, now: Instant, limit: u32) -> sqlx::Result<Vec<FileRow>> {
    let rows = sqlx::query(
        "with expired as materialized (
             select token from draft
              where expires_at <= $1
              order by expires_at
              limit $2
                for update skip locked
         ),
         gone as (
             delete from draft using expired where draft.token = expired.token
             returning draft.token
         )
         delete from file using gone where file.draft = gone.token
         returning file.id, file.tenant, file.draft, file.stream, file.size,
                   file.cipher_digest, file.wrapped_key, file.sealed, file.at",
    )
    .bind(now.micros())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    columns::all(rows, files::file)
}
