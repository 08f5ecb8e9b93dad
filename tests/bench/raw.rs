//! What the disk and the database themselves can do: the limit that our figures are multiples of.

use super::figures::Times;
use rusqlite::{Connection, params};
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The time of an fdatasync after writing 4 KiB in place.
pub fn fdatasync(folder: &Path) -> std::io::Result<Times> {
    let path = folder.join("sync.bin");
    let mut file = std::fs::File::create(&path)?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let mut times = Vec::new();
    for n in 0..300u32 {
        let before = Instant::now();
        file.rewind()?;
        file.write_all(&[(n % 256) as u8; 4096])?;
        file.sync_data()?;
        times.push(before.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(Times::new(times))
}

/// Group-committed inserts of one report-like row with two indexes, one text-index row and one journal row, from so
/// many callers, each waiting for its own commit.
pub fn group_commits(folder: &Path, callers: usize, seconds: u64) -> rusqlite::Result<(Times, f64)> {
    let fresh = tempfile::tempdir_in(folder).map_err(|_| rusqlite::Error::InvalidPath(folder.to_owned()))?;
    let mut connection = Connection::open(fresh.path().join("raw.db"))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -40000;
         create table report (id integer primary key, tenant blob, reference text, at integer, body blob) strict;
         create unique index report_reference on report (reference);
         create index report_at on report (tenant, at, id);
         create virtual table words using fts5 (tokens, content = '', detail = none);
         create table journal (stream blob, version integer, header blob, hash blob, body blob, primary key (stream, version)) strict;",
    )?;
    let words: String = (0..60).map(|n| format!("w{:016x} ", n * 0x9E37_79B9u64)).collect();
    let body = vec![7u8; 600];
    let (send, receive) = mpsc::channel::<mpsc::Sender<()>>();
    let writer = std::thread::spawn(move || -> rusqlite::Result<()> {
        let mut n = 0i64;
        while let Ok(first) = receive.recv() {
            let mut waiting = vec![first];
            waiting.extend(std::iter::from_fn(|| receive.try_recv().ok()).take(255));
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for _ in &waiting {
                n += 1;
                let reference = format!("R-{n:08}");
                let mut insert = transaction.prepare_cached("insert into report values (?1, ?2, ?3, ?4, ?5)")?;
                insert.execute(params![n, [1u8; 16], reference, n, body])?;
                let mut insert = transaction.prepare_cached("insert into words (rowid, tokens) values (?1, ?2)")?;
                insert.execute(params![n, words])?;
                let mut insert = transaction.prepare_cached("insert into journal values (?1, 1, ?2, ?3, ?4)")?;
                insert.execute(params![n.to_be_bytes(), &body[..400], [2u8; 32], body])?;
            }
            transaction.commit()?;
            for caller in waiting {
                let _ = caller.send(());
            }
        }
        Ok(())
    });
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + Duration::from_secs(seconds);
    let threads: Vec<_> = (0..callers)
        .map(|_| {
            let send = send.clone();
            std::thread::spawn(move || {
                let mut times = Vec::new();
                while Instant::now() < end {
                    let before = Instant::now();
                    let (done, wait) = mpsc::channel();
                    if send.send(done).is_err() || wait.recv().is_err() {
                        break;
                    }
                    if before > warm {
                        times.push(before.elapsed());
                    }
                }
                times
            })
        })
        .collect();
    drop(send);
    let all: Vec<Duration> = threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect();
    let outcome = writer.join().unwrap_or(Ok(()));
    outcome?;
    let rate = all.len() as f64 / seconds as f64;
    Ok((Times::new(all), rate))
}

/// The same rows committed in PostgreSQL, one statement and one commit per call, each caller on its own connection.
pub async fn postgres_commits(server: &str, callers: usize, seconds: u64) -> sqlx::Result<(Times, f64)> {
    use sqlx::{Connection, Executor, PgConnection};
    let database = ground::Database::create_on(server.to_owned()).await;
    let url = database.url();
    let mut connection = PgConnection::connect(&url).await?;
    connection
        .execute(
            "create table report (id bigint primary key, tenant uuid, reference text unique, at bigint, body bytea);
             create index report_at on report (tenant, at, id);
             create table words (id bigint primary key, tokens tsvector);
             create index words_tokens on words using gin (tokens);
             create table journal (stream bytea, version integer, header bytea, hash bytea, body bytea,
                                   primary key (stream, version));",
        )
        .await?;
    let words: String = (0..60).map(|n| format!("w{:016x} ", n * 0x9E37_79B9u64)).collect();
    let (words, body) = (std::sync::Arc::<str>::from(words), std::sync::Arc::<[u8]>::from(vec![7u8; 600]));
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + Duration::from_secs(seconds);
    let mut callers_at_work = tokio::task::JoinSet::new();
    for caller in 0..callers as i64 {
        let (url, words, body) = (url.clone(), words.clone(), body.clone());
        callers_at_work.spawn(async move {
            let mut connection = PgConnection::connect(&url).await?;
            let mut times = Vec::new();
            let mut n = caller << 40;
            while Instant::now() < end {
                let before = Instant::now();
                n += 1;
                sqlx::query(
                    "with one as (insert into report values ($1, gen_random_uuid(), $2, $1, $3)),
                          two as (insert into words values ($1, array_to_tsvector(string_to_array($4, ' '))))
                     insert into journal values (int8send($1), 1, $3, $5, $3)",
                )
                .bind(n)
                .bind(format!("R-{n:016}"))
                .bind(&body[..])
                .bind(&words[..words.len() - 1])
                .bind(&body[..32])
                .execute(&mut connection)
                .await?;
                if before > warm {
                    times.push(before.elapsed());
                }
            }
            Ok::<_, sqlx::Error>(times)
        });
    }
    let mut all = Vec::new();
    while let Some(times) = callers_at_work.join_next().await {
        all.extend(times.map_err(|e| sqlx::Error::Protocol(e.to_string()))??);
    }
    let rate = all.len() as f64 / seconds as f64;
    Ok((Times::new(all), rate))
}
