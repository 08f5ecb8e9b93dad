//! A copy of everything in one file that anyone can open, and the way back into an empty database.
//!
//! The file is a zip: one entry per table in PostgreSQL's own text format, and `manifest.json` with the schema and the
//! number of rows of each, written last. All tables are read in one snapshot while others go on writing.

use crate::connect;
use crate::fault::{Doing, told};
use crate::migrate::{self, NEWEST};
use crate::tables::{TABLES, Table};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use store::{Answer, Fault};
use tokio::sync::mpsc;
use zip::write::SimpleFileOptions;

const FORMAT: &str = "tocsin-postgres-copy-1";
const MANIFEST: &str = "manifest.json";
const COPYING: &str = "copying the store to a file";
const RESTORING: &str = "restoring the store from a file";
/// Bytes read from the file at once.
const CHUNK: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    schema: u32,
    rows: BTreeMap<String, u64>,
}

/// What the reading side hands to the writing side.
enum Piece {
    Entry(String),
    Bytes(Vec<u8>),
}

/// Copies every table to a new file; a file that exists is left alone, and a copy that fails leaves none.
pub async fn backup(options: &PgConnectOptions, to: &Path) -> Answer<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(to).map_err(|e| connect::fault(COPYING, e))?;
    let copied = copy_out(options, file).await;
    if copied.is_err() {
        // Half a copy must not be mistaken for one; that it cannot be removed is the lesser trouble.
        let _ = std::fs::remove_file(to);
        return copied;
    }
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| connect::fault(COPYING, e))
}

async fn copy_out(options: &PgConnectOptions, file: File) -> Answer<()> {
    let (pieces, taken) = mpsc::channel(16);
    let writer = tokio::task::spawn_blocking(move || write_zip(file, taken));
    let read = read_tables(options, pieces).await;
    let written = writer.await.map_err(|e| connect::fault(COPYING, e))?;
    written.map_err(|e| connect::fault(COPYING, e))?;
    read
}

async fn read_tables(options: &PgConnectOptions, pieces: mpsc::Sender<Piece>) -> Answer<()> {
    let mut connection = connect::single(options).await?;
    let mut t = connection.begin_with("begin isolation level repeatable read read only").await.doing(COPYING)?;
    let mut rows = BTreeMap::new();
    for table in &TABLES {
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {}", table.name)))
            .fetch_one(&mut *t)
            .await
            .doing(COPYING)?;
        rows.insert(table.name.to_owned(), count.unsigned_abs());
        send(&pieces, Piece::Entry(entry_name(table))).await?;
        let statement = format!("copy (select {} from {} order by 1, 2) to stdout", table.columns, table.name);
        let statement = if table.columns.contains(',') { statement } else { statement.replace("1, 2", "1") };
        let mut chunks = t.copy_out_raw(&statement).await.doing(COPYING)?;
        while let Some(chunk) = chunks.try_next().await.doing(COPYING)? {
            send(&pieces, Piece::Bytes(chunk.to_vec())).await?;
        }
    }
    t.commit().await.doing(COPYING)?;
    let manifest = Manifest { format: FORMAT.to_owned(), schema: NEWEST, rows };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|e| connect::fault(COPYING, e))?;
    send(&pieces, Piece::Entry(MANIFEST.to_owned())).await?;
    send(&pieces, Piece::Bytes(manifest)).await?;
    connection.close().await.doing(COPYING)
}

async fn send(pieces: &mpsc::Sender<Piece>, piece: Piece) -> Answer<()> {
    // The writer goes away only when it broke, and then says why itself.
    pieces.send(piece).await.map_err(|_| Fault::new(COPYING, "the file could not be written"))
}

fn entry_name(table: &Table) -> String {
    format!("tables/{}.txt", table.name)
}

fn write_zip(file: File, mut taken: mpsc::Receiver<Piece>) -> zip::result::ZipResult<()> {
    let options = SimpleFileOptions::default().large_file(true);
    let mut zip = zip::ZipWriter::new(std::io::BufWriter::new(file));
    while let Some(piece) = taken.blocking_recv() {
        match piece {
            Piece::Entry(name) => zip.start_file(name, options)?,
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
        }
    }
    let file = zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(())
}

/// Fills an empty database from a copy of this or an older version, and brings it to this version's schema.
///
/// A database that holds a table already is refused. Everything happens in one transaction once the schema stands;
/// when it fails, the tables stay empty and the database can be dropped.
pub async fn restore_into(url: &str, from: &Path) -> Answer<()> {
    let manifest = read_manifest(from)?;
    if manifest.format != FORMAT {
        return Err(Fault::new(RESTORING, format!("the file's format is {:?}, not {FORMAT:?}", manifest.format)));
    }
    if manifest.schema > NEWEST {
        return Err(Fault::new(RESTORING, "the file was written by a newer version; restore with that version"));
    }
    let mut connection = connect::single(&connect::options(url)?).await?;
    connect::check_server(&mut connection).await?;
    let taken: bool = sqlx::query_scalar("select exists (select from pg_tables where schemaname = current_schema())")
        .fetch_one(&mut connection)
        .await
        .doing(RESTORING)?;
    if taken {
        return Err(Fault::new(RESTORING, "the database is not empty; create a new one and restore into that"));
    }
    migrate::migrate(&mut connection, manifest.schema).await?;
    fill(&mut connection, &manifest, from).await?;
    migrate::migrate(&mut connection, NEWEST).await?;
    connection.execute("analyze").await.doing(RESTORING)?;
    connection.close().await.doing(RESTORING)
}

async fn fill(connection: &mut PgConnection, manifest: &Manifest, from: &Path) -> Answer<()> {
    let mut t = connection.begin().await.doing(RESTORING)?;
    t.execute("delete from directory_version").await.doing(RESTORING)?;
    for table in TABLES.iter().filter(|table| table.since <= manifest.schema) {
        let columns = table.columns_at(manifest.schema);
        let mut copy = t.copy_in_raw(&format!("copy {} ({columns}) from stdin", table.name)).await.doing(RESTORING)?;
        let mut chunks = read_entry(from.to_owned(), entry_name(table));
        while let Some(chunk) = chunks.recv().await {
            copy.send(chunk?).await.doing(RESTORING)?;
        }
        let rows = copy.finish().await.doing(RESTORING)?;
        if manifest.rows.get(table.name) != Some(&rows) {
            return Err(Fault::new(
                RESTORING,
                format!("the file holds {rows} rows of {}, not what it says", table.name),
            ));
        }
    }
    restart_numbers(&mut t).await.doing(RESTORING)?;
    t.commit().await.map_err(|error| Fault::new(RESTORING, told(&error)))
}

/// What is given out next must lie beyond what was given out before.
pub async fn restart_numbers(t: &mut PgConnection) -> sqlx::Result<()> {
    t.execute(
        "select setval(pg_get_serial_sequence('entry', 'place'), coalesce((select max(place) from entry), 0) + 1, false);
         select setval(pg_get_serial_sequence('mail', 'n'), coalesce((select max(n) from mail), 0) + 1, false);
         select setval('record_number', greatest((select max(n) from incident), (select max(n) from report), 0) + 1, false)",
    )
    .await
    .map(drop)
}

fn read_manifest(from: &Path) -> Answer<Manifest> {
    let broken = |e: &dyn std::fmt::Display| connect::fault(RESTORING, format!("this is no copy of a store: {e}"));
    let file = File::open(from).map_err(|e| connect::fault(RESTORING, e))?;
    let mut zip = zip::ZipArchive::new(std::io::BufReader::new(file)).map_err(|e| broken(&e))?;
    let entry = zip.by_name(MANIFEST).map_err(|e| broken(&e))?;
    serde_json::from_reader(entry).map_err(|e| broken(&e))
}

/// The bytes of one entry, read by a thread of their own; the zip's checksum is verified when its end is reached.
fn read_entry(from: PathBuf, name: String) -> mpsc::Receiver<Answer<Vec<u8>>> {
    let (chunks, taken) = mpsc::channel(16);
    tokio::task::spawn_blocking(move || {
        let read = || -> zip::result::ZipResult<()> {
            let mut zip = zip::ZipArchive::new(std::io::BufReader::new(File::open(from)?))?;
            let mut entry = zip.by_name(&name)?;
            loop {
                let mut chunk = Vec::with_capacity(CHUNK);
                if entry.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)? == 0 {
                    return Ok(());
                }
                if chunks.blocking_send(Ok(chunk)).is_err() {
                    return Ok(());
                }
            }
        };
        if let Err(error) = read() {
            let _ = chunks.blocking_send(Err(connect::fault(RESTORING, error)));
        }
    });
    taken
}
