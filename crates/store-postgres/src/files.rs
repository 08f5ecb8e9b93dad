//! Files of drafts and of the record: their rows, for the bytes lie in the file store.

use crate::columns::{self, Columns};
use domain::ids::{FileId, TenantId};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{QueryBuilder, Row};
use store::{FileOwner, FileRow};
use uuid::Uuid;

const SELECT: &str = "select id, tenant, draft, stream, size, cipher_digest, wrapped_key, sealed, at
                        from file ";

/// A file from a row that has its columns.
pub fn file(row: &PgRow) -> sqlx::Result<FileRow> {
    // A check in the table holds that exactly one of the two is there.
    let owner = match row.maybe_id("stream")? {
        Some(stream) => FileOwner::Stream(stream),
        None => FileOwner::Draft(row.hash("draft")?),
    };
    Ok(FileRow {
        id: row.id("id")?,
        tenant: row.id("tenant")?,
        owner,
        size: row.count("size")?,
        cipher_digest: row.hash("cipher_digest")?,
        wrapped_key: row.try_get("wrapped_key")?,
        sealed: row.bytes("sealed")?,
        at: row.instant("at")?,
    })
}

/// The columns `draft` and `stream` of an owner.
pub fn owner_columns(owner: &FileOwner) -> (Option<&[u8]>, Option<Uuid>) {
    match owner {
        FileOwner::Draft(token) => (Some(token.as_slice()), None),
        FileOwner::Stream(stream) => (None, Some(stream.uuid())),
    }
}

/// Records a file whose bytes are already durable.
pub async fn save(pool: &PgPool, file: &FileRow) -> sqlx::Result<()> {
    let (draft, stream) = owner_columns(&file.owner);
    sqlx::query(
        "insert into file (id, tenant, draft, stream, size, cipher_digest, wrapped_key, sealed, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(file.id.uuid())
    .bind(file.tenant.uuid())
    .bind(draft)
    .bind(stream)
    .bind(file.size as i64)
    .bind(file.cipher_digest.as_slice())
    .bind(file.wrapped_key.as_deref())
    .bind(&file.sealed)
    .bind(file.at.micros())
    .execute(pool)
    .await
    .map(drop)
}

/// One file.
pub async fn by_id(pool: &PgPool, tenant: TenantId, id: FileId) -> sqlx::Result<Option<FileRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where tenant = ").push_bind(tenant.uuid()).push(" and id = ").push_bind(id.uuid());
    columns::one(query.build().fetch_optional(pool).await?, file)
}

/// The files of an owner, oldest first.
pub async fn of(pool: &PgPool, owner: &FileOwner) -> sqlx::Result<Vec<FileRow>> {
    let mut query = QueryBuilder::new(SELECT);
    match owner {
        FileOwner::Draft(token) => query.push("where draft = ").push_bind(token.as_slice()),
        FileOwner::Stream(stream) => query.push("where stream = ").push_bind(stream.uuid()),
    };
    query.push(" order by at, id");
    columns::all(query.build().fetch_all(pool).await?, file)
}

/// Forgets a file that still belongs to this draft.
pub async fn delete_of_draft(pool: &PgPool, draft: &[u8; 32], id: FileId) -> sqlx::Result<bool> {
    let query = sqlx::query("delete from file where id = $1 and draft = $2").bind(id.uuid()).bind(draft.as_slice());
    Ok(query.execute(pool).await?.rows_affected() == 1)
}

/// Every file of every agency after an id.
pub async fn scan(pool: &PgPool, after: Option<FileId>, limit: u32) -> sqlx::Result<Vec<FileRow>> {
    let mut query = QueryBuilder::new(SELECT);
    if let Some(after) = after {
        query.push("where id > ").push_bind(after.uuid());
    }
    query.push(" order by id limit ").push_bind(i64::from(limit));
    columns::all(query.build().fetch_all(pool).await?, file)
}
