//! The journal and the log over it: append, walk, take entries up into the log.

use crate::value::{Sql, Undone, id, json_of, row, rows, run, signed, unsigned};
use domain::ids::{StreamId, TenantId};
use domain::time::Instant;
use rusqlite::{Connection, Row};
use store::{CheckpointRow, JournalRow, LogExtension, LoggedRow, TileId, TileRow};

macro_rules! entry {
    () => {
        "entry.stream, entry.version, entry.tenant, entry.header, entry.hash, entry.wrapped_key, entry.ciphertext"
    };
}

fn entry(row: &Row<'_>) -> Sql<JournalRow> {
    Ok(JournalRow {
        stream: id(row, 0)?,
        version: row.get(1)?,
        tenant: id(row, 2)?,
        header: row.get(3)?,
        hash: row.get(4)?,
        wrapped_key: row.get(5)?,
        ciphertext: row.get(6)?,
    })
}

// --- the journal

/// The version of a stream; 0 for one that does not exist.
pub(crate) fn version(conn: &Connection, stream: StreamId) -> Sql<u32> {
    conn.prepare_cached("select coalesce(max(version), 0) from entry where stream = ?1")?
        .query_row([stream.bytes()], |row| row.get(0))
}

/// Adds an entry when the one before it exists and is of the same agency; `false` when it does not.
pub(crate) fn add_first(conn: &Connection, new: &JournalRow) -> Sql<bool> {
    let added = run(
        conn,
        "insert into entry (stream, version, tenant, header, hash, wrapped_key, ciphertext)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7
          where ?2 = 1
             or exists (select 1 from entry where stream = ?1 and version = ?2 - 1 and tenant = ?3)",
        (new.stream.bytes(), new.version, new.tenant.bytes(), &new.header, new.hash, &new.wrapped_key, &new.ciphertext),
    )?;
    if added == 1 {
        note_unlogged(conn)?;
    }
    Ok(added == 1)
}

/// Adds an entry right after the one added before.
pub(crate) fn add_next(conn: &Connection, new: &JournalRow) -> Sql<()> {
    run(
        conn,
        "insert into entry (stream, version, tenant, header, hash, wrapped_key, ciphertext)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (new.stream.bytes(), new.version, new.tenant.bytes(), &new.header, new.hash, &new.wrapped_key, &new.ciphertext),
    )?;
    note_unlogged(conn)
}

fn note_unlogged(conn: &Connection) -> Sql<()> {
    run(conn, "insert into entry_unlogged (place) values (?1)", [conn.last_insert_rowid()]).map(drop)
}

/// Destroys key and ciphertext of one entry; the header stays.
pub(crate) fn erase(conn: &Connection, stream: StreamId, version: u32) -> Result<(), Undone> {
    let erased = run(
        conn,
        "update entry
            set wrapped_key = null,
                ciphertext  = null
          where stream = ?1 and version = ?2",
        (stream.bytes(), version),
    )?;
    if erased == 1 { Ok(()) } else { Err(Undone::Broken("the entry to erase does not exist")) }
}

pub(crate) fn read_stream(conn: &Connection, tenant: TenantId, stream: StreamId, after: u32) -> Sql<Vec<JournalRow>> {
    rows(
        conn,
        concat!(
            "select ",
            entry!(),
            "
               from entry
              where stream = ?1 and version > ?2 and tenant = ?3
              order by version"
        ),
        (stream.bytes(), after, tenant.bytes()),
        entry,
    )
}

/// One seek for each stream keeps the order asked for; inside one process that costs no round trips.
pub(crate) fn read_streams(conn: &Connection, tenant: TenantId, streams: &[StreamId]) -> Sql<Vec<JournalRow>> {
    rows(
        conn,
        concat!(
            "select ",
            entry!(),
            "
               from json_each(?1) as asked
              cross join entry
                 on entry.stream = unhex(asked.value)
              where entry.tenant = ?2
              order by asked.key, entry.version"
        ),
        (json_of(streams.iter().map(|stream| *stream.bytes())), tenant.bytes()),
        entry,
    )
}

/// The empty blob, where no position is given, sorts before every id.
pub(crate) fn scan(conn: &Connection, after: Option<(StreamId, u32)>, limit: u32) -> Sql<Vec<JournalRow>> {
    let (stream, version) = after.as_ref().map_or((&[][..], 0), |(stream, version)| (&stream.bytes()[..], *version));
    rows(
        conn,
        concat!(
            "select ",
            entry!(),
            "
               from entry
              where (stream, version) > (?1, ?2)
              order by stream, version
              limit ?3"
        ),
        (stream, version, limit),
        entry,
    )
}

// --- the log

/// A cross join keeps the order that is written: with kept statistics, which know the short queue only as empty, the
/// planner would rather walk the whole journal.
pub(crate) const UNLOGGED: &str = concat!(
    "select ",
    entry!(),
    "
       from entry_unlogged
      cross join entry using (place)
      order by entry_unlogged.place
      limit ?1"
);

pub(crate) fn unlogged(conn: &Connection, limit: u32) -> Sql<Vec<JournalRow>> {
    rows(conn, UNLOGGED, [limit], entry)
}

pub(crate) fn log_size(conn: &Connection) -> Sql<u64> {
    conn.prepare_cached("select coalesce(max(log_index) + 1, 0) from log_entry")?.query_row([], |row| unsigned(row, 0))
}

pub(crate) fn extend_log(conn: &Connection, extension: &LogExtension) -> Result<bool, Undone> {
    if log_size(conn)? != extension.expected_size {
        return Ok(false);
    }
    if extension.checkpoint.size != extension.expected_size + extension.leaves.len() as u64 {
        return Err(Undone::Broken("a checkpoint over another number of leaves than the log will have"));
    }
    for (index, (stream, version)) in (extension.expected_size..).zip(&extension.leaves) {
        add_leaf(conn, index, *stream, *version)?;
    }
    for tile in &extension.tiles {
        widen_tile(conn, tile)?;
    }
    add_checkpoint(conn, &extension.checkpoint)?;
    Ok(true)
}

fn add_leaf(conn: &Connection, index: u64, stream: StreamId, version: u32) -> Result<(), Undone> {
    run(
        conn,
        "insert into log_entry (log_index, stream, version)
         values (?1, ?2, ?3)",
        (signed(index), stream.bytes(), version),
    )?;
    let taken_up = run(
        conn,
        "delete from entry_unlogged
          where place = (select place from entry where stream = ?1 and version = ?2)",
        (stream.bytes(), version),
    )?;
    if taken_up == 1 { Ok(()) } else { Err(Undone::Broken("a leaf for an entry that the journal does not hold")) }
}

/// Keeps the widest form; a narrower one that arrives late changes nothing.
fn widen_tile(conn: &Connection, tile: &TileRow) -> Sql<()> {
    run(
        conn,
        "insert into log_tile (level, tile_index, bytes)
         values (?1, ?2, ?3)
             on conflict (level, tile_index) do update
            set bytes = excluded.bytes
          where length(excluded.bytes) >= length(log_tile.bytes)",
        (tile.id.level, signed(tile.id.index), &tile.bytes),
    )
    .map(drop)
}

fn add_checkpoint(conn: &Connection, checkpoint: &CheckpointRow) -> Sql<()> {
    run(
        conn,
        "insert into log_checkpoint (size, root, note, at)
         values (?1, ?2, ?3, ?4)
             on conflict (size) do update
            set root = excluded.root,
                note = excluded.note,
                at   = excluded.at",
        (signed(checkpoint.size), checkpoint.root, &checkpoint.note, checkpoint.at.micros()),
    )
    .map(drop)
}

pub(crate) fn scan_log(conn: &Connection, from: u64, limit: u32) -> Sql<Vec<LoggedRow>> {
    rows(
        conn,
        "select log_entry.log_index, log_entry.stream, log_entry.version, entry.header
           from log_entry
           left join entry on entry.stream = log_entry.stream and entry.version = log_entry.version
          where log_entry.log_index >= ?1
          order by log_entry.log_index
          limit ?2",
        (signed(from), limit),
        |row| {
            Ok(LoggedRow { index: unsigned(row, 0)?, stream: id(row, 1)?, version: row.get(2)?, header: row.get(3)? })
        },
    )
}

pub(crate) fn log_indexes(conn: &Connection, entries: &[(StreamId, u32)]) -> Sql<Vec<Option<u64>>> {
    let ask = |(stream, version): &(StreamId, u32)| {
        row(
            conn,
            "select log_index from log_entry where stream = ?1 and version = ?2",
            (stream.bytes(), version),
            |row| unsigned(row, 0),
        )
    };
    entries.iter().map(ask).collect()
}

pub(crate) fn tiles(conn: &Connection, tiles: &[TileId]) -> Sql<Vec<Option<TileRow>>> {
    let ask = |tile: &TileId| {
        row(
            conn,
            "select bytes from log_tile where level = ?1 and tile_index = ?2",
            (tile.level, signed(tile.index)),
            |row| Ok(TileRow { id: *tile, bytes: row.get(0)? }),
        )
    };
    tiles.iter().map(ask).collect()
}

fn checkpoint(row: &Row<'_>) -> Sql<CheckpointRow> {
    Ok(CheckpointRow {
        size: unsigned(row, 0)?,
        root: row.get(1)?,
        note: row.get(2)?,
        at: Instant::from_micros(row.get(3)?),
    })
}

pub(crate) fn latest_checkpoint(conn: &Connection) -> Sql<Option<CheckpointRow>> {
    row(conn, "select size, root, note, at from log_checkpoint order by size desc limit 1", [], checkpoint)
}

pub(crate) fn checkpoints(conn: &Connection, after: u64, limit: u32) -> Sql<Vec<CheckpointRow>> {
    rows(
        conn,
        "select size, root, note, at
           from log_checkpoint
          where size > ?1
          order by size
          limit ?2",
        (signed(after), limit),
        checkpoint,
    )
}
