//! Writing the journal: an entry goes to the end of its stream, or nowhere.

use super::Stop;
use crate::columns::Columns;
use sqlx::{Executor, Postgres, Row, Transaction};
use store::{Append, Refused};
use uuid::Uuid;

/// Adds entries whose streams stand where they are expected to stand, and queues them for the log.
///
/// The look at the streams' heads and the insert are one statement; what slips in between meets the unique key.
pub async fn write(transaction: &mut Transaction<'static, Postgres>, appends: &[Append]) -> Result<(), Stop> {
    if appends.is_empty() {
        return Ok(());
    }
    if !appends.iter().all(continues) {
        return Err(Stop::Broken("entries that do not continue the stream they are appended to"));
    }
    let rows = || appends.iter().flat_map(|append| &append.rows);
    let (asked, expected) = heads(appends);
    let moved = sqlx::query(
        "with asked as (
             select *
               from unnest($1::uuid[], $2::integer[]) with ordinality as asked (stream, expected, ord)
         ),
         moved as (
             select stream, expected, ord
               from asked
              where expected <> coalesce((select max(version) from entry where entry.stream = asked.stream), 0)
         ),
         added as (
             insert into entry (stream, version, tenant, header, hash, wrapped_key, ciphertext)
             select stream, version, tenant, header, hash, wrapped_key, ciphertext
               from unnest($3::uuid[], $4::integer[], $5::uuid[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])
                    with ordinality
                    as new (stream, version, tenant, header, hash, wrapped_key, ciphertext, ord)
              where not exists (select from moved)
              order by ord
             returning place
         ),
         queued as (
             insert into entry_unlogged (place)
             select place from added
         )
         select stream, expected from moved order by ord limit 1",
    )
    .bind(asked)
    .bind(expected)
    .bind(rows().map(|row| row.stream.uuid()).collect::<Vec<_>>())
    .bind(rows().map(|row| row.version as i32).collect::<Vec<_>>())
    .bind(rows().map(|row| row.tenant.uuid()).collect::<Vec<_>>())
    .bind(rows().map(|row| row.header.as_slice()).collect::<Vec<_>>())
    .bind(rows().map(|row| row.hash.as_slice()).collect::<Vec<_>>())
    .bind(rows().map(|row| row.wrapped_key.as_deref()).collect::<Vec<_>>())
    .bind(rows().map(|row| row.ciphertext.as_deref()).collect::<Vec<_>>())
    .fetch_optional(&mut **transaction)
    .await?;
    match moved {
        Some(row) => Err(refusal(&row)?.into()),
        None => Ok(()),
    }
}

/// The first stream of the change that does not stand where it is expected to stand.
pub async fn moved(pool: &sqlx::PgPool, appends: &[Append]) -> sqlx::Result<Option<Refused>> {
    let (asked, expected) = heads(appends);
    let query = sqlx::query(
        "select stream, expected
           from unnest($1::uuid[], $2::integer[]) with ordinality as asked (stream, expected, ord)
          where expected <> coalesce((select max(version) from entry where entry.stream = asked.stream), 0)
          order by ord
          limit 1",
    );
    let row = pool.fetch_optional(query.bind(asked).bind(expected)).await?;
    row.as_ref().map(refusal).transpose()
}

fn continues(append: &Append) -> bool {
    let versions = append.expected.saturating_add(1)..;
    append.rows.iter().zip(versions).all(|(row, version)| row.stream == append.stream && row.version == version)
}

fn heads(appends: &[Append]) -> (Vec<Uuid>, Vec<i32>) {
    appends.iter().map(|append| (append.stream.uuid(), append.expected as i32)).unzip()
}

fn refusal(row: &sqlx::postgres::PgRow) -> sqlx::Result<Refused> {
    let expected = row.try_get::<i32, _>("expected")? as u32;
    Ok(Refused::Moved { stream: row.id("stream")?, expected })
}
