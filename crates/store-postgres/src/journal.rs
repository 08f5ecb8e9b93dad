//! Reading the journal: by stream for replay, and as a whole for the verifier.

use crate::columns::{self, Columns};
use domain::ids::{StreamId, TenantId};
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use store::JournalRow;
use uuid::Uuid;

/// An entry from a row that has its columns.
pub fn entry(row: &PgRow) -> sqlx::Result<JournalRow> {
    Ok(JournalRow {
        stream: row.id("stream")?,
        version: row.count("version")?,
        tenant: row.id("tenant")?,
        header: row.bytes("header")?,
        hash: row.hash("hash")?,
        wrapped_key: row.try_get("wrapped_key")?,
        ciphertext: row.try_get("ciphertext")?,
    })
}

/// The entries of one stream after a version.
pub async fn read_stream(
    pool: &PgPool,
    tenant: TenantId,
    stream: StreamId,
    after: u32,
) -> sqlx::Result<Vec<JournalRow>> {
    let rows = sqlx::query(
        "select stream, version, tenant, header, hash, wrapped_key, ciphertext
           from entry
          where stream = $1 and version > $2 and tenant = $3
          order by version",
    )
    .bind(stream.uuid())
    .bind(i32::try_from(after).unwrap_or(i32::MAX))
    .bind(tenant.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, entry)
}

/// The entries of several streams, in the order asked.
pub async fn read_streams(pool: &PgPool, tenant: TenantId, streams: &[StreamId]) -> sqlx::Result<Vec<JournalRow>> {
    let rows = sqlx::query(
        "select stream, version, tenant, header, hash, wrapped_key, ciphertext
           from unnest($1::uuid[]) with ordinality as asked (stream, ord)
           join entry using (stream)
          where tenant = $2
          order by ord, version",
    )
    .bind(streams.iter().map(|stream| stream.uuid()).collect::<Vec<_>>())
    .bind(tenant.uuid())
    .fetch_all(pool)
    .await?;
    columns::all(rows, entry)
}

/// All entries in (stream, version) order after a position.
pub async fn scan(pool: &PgPool, after: Option<(StreamId, u32)>, limit: u32) -> sqlx::Result<Vec<JournalRow>> {
    // Versions begin at 1, so nothing lies before version 0 of the first possible stream.
    let (stream, version) = after.map_or((Uuid::nil(), 0), |(stream, version)| (stream.uuid(), version as i32));
    let rows = sqlx::query(
        "select stream, version, tenant, header, hash, wrapped_key, ciphertext
           from entry
          where (stream, version) > ($1, $2)
          order by stream, version
          limit $3",
    )
    .bind(stream)
    .bind(version)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    columns::all(rows, entry)
}
