//! The log over the journal: what waits for its place, the places given, tiles and checkpoints.

use crate::columns::{self, Columns};
use crate::durable;
use crate::fault::{Doing, may_try_again, told, unique_constraint};
use crate::journal;
use domain::ids::StreamId;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{Postgres, Row, Transaction};
use std::collections::HashMap;
use store::{Answer, CheckpointRow, Fault, JournalRow, LogExtension, LoggedRow, TileId, TileRow};

/// Entries that no place has been given to yet, as far as no earlier transaction can still add one.
///
/// Only entries below the oldest running transaction are shown: whatever they follow is visible too. The order of
/// writing keeps a stream's entries in order, because its writers saw the entry before theirs.
pub async fn unlogged(pool: &PgPool, limit: u32) -> sqlx::Result<Vec<JournalRow>> {
    let rows = sqlx::query(
        "select stream, version, tenant, header, hash, wrapped_key, ciphertext
           from entry_unlogged
           join entry using (place)
          where xact < pg_snapshot_xmin(pg_current_snapshot())
          order by place
          limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    columns::all(rows, journal::entry)
}

/// Adds leaves, tiles and a checkpoint in one transaction, or nothing when the log has another size.
pub async fn extend(pool: &PgPool, extension: &LogExtension) -> Answer<bool> {
    let doing = "extending the log";
    if extension.checkpoint.size != extension.expected_size + extension.leaves.len() as u64 {
        return Err(Fault::new(doing, "a checkpoint over another number of leaves than the log will have"));
    }
    let mut transaction = pool.begin().await.doing(doing)?;
    let wrote = write(&mut transaction, extension).await;
    if matches!(wrote, Ok(Wrote::All)) {
        durable::commit(transaction, durable::DEADLINE).await?;
        return Ok(true);
    }
    transaction.rollback().await.doing(doing)?;
    match wrote {
        // Another sealer took the same places or wrote the same checkpoint first.
        Err(error) if is_overtaken(&error) || may_try_again(&error) => Ok(false),
        Err(error) => Err(Fault::new(doing, told(&error))),
        Ok(Wrote::Unknown) => Err(Fault::new(doing, "a leaf for an entry that the journal does not hold")),
        Ok(_) => Ok(false),
    }
}

/// What came of writing an extension.
enum Wrote {
    All,
    OtherSize,
    Unknown,
}

fn is_overtaken(error: &sqlx::Error) -> bool {
    matches!(unique_constraint(error), Some("log_entry_pkey" | "log_checkpoint_pkey"))
}

async fn write(t: &mut Transaction<'static, Postgres>, extension: &LogExtension) -> sqlx::Result<Wrote> {
    let size: i64 =
        sqlx::query_scalar("select coalesce(max(log_index) + 1, 0) from log_entry").fetch_one(&mut **t).await?;
    if u64::try_from(size) != Ok(extension.expected_size) {
        return Ok(Wrote::OtherSize);
    }
    let (streams, versions): (Vec<_>, Vec<_>) =
        extension.leaves.iter().map(|(stream, version)| (stream.uuid(), *version as i32)).unzip();
    let taken_up = sqlx::query(
        "with leaf as materialized (
             select stream, version, $1 + ord - 1 as log_index
               from unnest($2::uuid[], $3::integer[]) with ordinality as leaf (stream, version, ord)
         ),
         placed as (
             insert into log_entry (log_index, stream, version)
             select log_index, stream, version from leaf
         )
         delete from entry_unlogged
          using leaf join entry using (stream, version)
          where entry_unlogged.place = entry.place",
    )
    .bind(size)
    .bind(streams)
    .bind(versions)
    .execute(&mut **t)
    .await?;
    if taken_up.rows_affected() != extension.leaves.len() as u64 {
        return Ok(Wrote::Unknown);
    }
    sqlx::query(
        "insert into log_tile (level, tile_index, bytes)
         select level, tile_index, bytes
           from unnest($1::smallint[], $2::bigint[], $3::bytea[]) as given (level, tile_index, bytes)
         on conflict (level, tile_index) do update
            set bytes = excluded.bytes
          where length(excluded.bytes) > length(log_tile.bytes)",
    )
    .bind(extension.tiles.iter().map(|tile| i16::from(tile.id.level)).collect::<Vec<_>>())
    .bind(extension.tiles.iter().map(|tile| tile.id.index as i64).collect::<Vec<_>>())
    .bind(extension.tiles.iter().map(|tile| tile.bytes.as_slice()).collect::<Vec<_>>())
    .execute(&mut **t)
    .await?;
    let checkpoint = &extension.checkpoint;
    sqlx::query("insert into log_checkpoint (size, root, note, at) values ($1, $2, $3, $4)")
        .bind(checkpoint.size as i64)
        .bind(checkpoint.root.as_slice())
        .bind(&checkpoint.note)
        .bind(checkpoint.at.micros())
        .execute(&mut **t)
        .await?;
    Ok(Wrote::All)
}

/// Leaves by place, with the headers they stand for.
pub async fn scan(pool: &PgPool, from: u64, limit: u32) -> sqlx::Result<Vec<LoggedRow>> {
    let rows = sqlx::query(
        "select log_index, stream, version, header
           from log_entry
           left join entry using (stream, version)
          where log_index >= $1
          order by log_index
          limit $2",
    )
    .bind(from as i64)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| {
        Ok(LoggedRow {
            index: row.count("log_index")?,
            stream: row.id("stream")?,
            version: row.count("version")?,
            header: row.try_get("header")?,
        })
    })
}

/// The place of each entry, where it has one.
pub async fn indexes(pool: &PgPool, entries: &[(StreamId, u32)]) -> sqlx::Result<Vec<Option<u64>>> {
    let (streams, versions): (Vec<_>, Vec<_>) =
        entries.iter().map(|(stream, version)| (stream.uuid(), *version as i32)).unzip();
    let rows = sqlx::query(
        "select log_index
           from unnest($1::uuid[], $2::integer[]) with ordinality as asked (stream, version, ord)
           left join log_entry using (stream, version)
          order by ord",
    )
    .bind(streams)
    .bind(versions)
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| Ok(row.try_get::<Option<i64>, _>("log_index")?.map(|index| index as u64)))
}

/// The stored bytes of tiles, in the order asked.
pub async fn tiles(pool: &PgPool, tiles: &[TileId]) -> sqlx::Result<Vec<Option<TileRow>>> {
    let rows = sqlx::query(
        "select level, tile_index, bytes
           from log_tile
           join unnest($1::smallint[], $2::bigint[]) as asked (level, tile_index) using (level, tile_index)",
    )
    .bind(tiles.iter().map(|tile| i16::from(tile.level)).collect::<Vec<_>>())
    .bind(tiles.iter().map(|tile| tile.index as i64).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    let found: HashMap<TileId, Vec<u8>> = columns::all(rows, |row| {
        let level = row.known("level", |level| u8::try_from(level).ok())?;
        Ok((TileId { level, index: row.count("tile_index")? }, row.bytes("bytes")?))
    })?
    .into_iter()
    .collect();
    Ok(tiles.iter().map(|id| found.get(id).map(|bytes| TileRow { id: *id, bytes: bytes.clone() })).collect())
}

fn checkpoint(row: &PgRow) -> sqlx::Result<CheckpointRow> {
    Ok(CheckpointRow {
        size: row.count("size")?,
        root: row.hash("root")?,
        note: row.try_get("note")?,
        at: row.instant("at")?,
    })
}

/// The newest checkpoint.
pub async fn latest_checkpoint(pool: &PgPool) -> sqlx::Result<Option<CheckpointRow>> {
    let query = "select size, root, note, at from log_checkpoint order by size desc limit 1";
    columns::one(sqlx::query(query).fetch_optional(pool).await?, checkpoint)
}

/// Checkpoints above a size, smallest first.
pub async fn checkpoints(pool: &PgPool, after: u64, limit: u32) -> sqlx::Result<Vec<CheckpointRow>> {
    let rows = sqlx::query("select size, root, note, at from log_checkpoint where size > $1 order by size limit $2")
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    columns::all(rows, checkpoint)
}
