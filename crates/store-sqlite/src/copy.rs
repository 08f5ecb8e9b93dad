//! The whole store as plain rows, out of a file in one snapshot and into a new file in one transaction.

use crate::open;
use crate::value::Doing;
use crate::words;
use data_encoding::BASE32_DNSSEC;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement, params_from_iter};
use std::fs;
use std::path::{Path, PathBuf};
use store::copying::{Cell, Gathered, Kind, Piece, Row, Sums, TABLES, Table, gone};
use store::{Answer, Fault};
use tokio::sync::mpsc::{Receiver, Sender};

const READING: &str = "reading the store";
const WRITING: &str = "writing the copy";
/// What goes with a database file while it is open.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// Gives every row of the store, as it stands at one moment. No other process may serve it meanwhile: what came in
/// afterwards would be left behind.
pub fn copy_out(path: &Path, to: &Sender<Piece>) -> Answer<()> {
    let _lock = open::lock(path)?;
    // Brings an older store to this program's schema.
    drop(open::writer(path)?);
    let conn = open::reader(path)?;
    conn.execute_batch("pragma query_only = off; pragma temp_store = file; begin").doing(READING)?;
    let (mut gathered, mut sums) = (Gathered::default(), Sums::default());
    let send = |piece| to.blocking_send(piece).map_err(|_| gone());
    each_row(&conn, &mut |table, row| {
        sums.add(table, &row);
        gathered.take(table, row).map_or(Ok(()), send)
    })?;
    gathered.rest().map_or(Ok(()), send)?;
    send(Piece::End(sums))
}

/// Makes a store of the rows that come, in a file that must not exist yet. It bears its name only when everything has
/// come, is on the disk, and reads back as it was given.
pub fn copy_in(path: &Path, from: &mut Receiver<Piece>) -> Answer<Sums> {
    let _lock = open::lock(path)?;
    if path.try_exists().doing("looking where the copy goes")? {
        return Err(Fault::new(WRITING, format!("{} exists; a store is copied into a new file only", path.display())));
    }
    let unfinished = beside(path, &format!(".unfinished-{}", std::process::id()));
    let filled = fill(&unfinished, from);
    let named = filled.and_then(|sums| fs::rename(&unfinished, path).doing("naming the copy").map(|()| sums));
    if named.is_err() {
        for suffix in BESIDE {
            let _ = fs::remove_file(beside(&unfinished, suffix));
        }
    }
    named
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn fill(path: &Path, from: &mut Receiver<Piece>) -> Answer<Sums> {
    let conn = open::writer(path)?;
    conn.execute_batch("pragma temp_store = file; begin immediate; delete from directory_version").doing(WRITING)?;
    let given = loop {
        match from.blocking_recv() {
            Some(Piece::Rows(table, rows)) => write(&conn, TABLES.get(table).ok_or_else(gone)?, rows)?,
            Some(Piece::End(sums)) => break sums,
            None => return Err(gone()),
        }
    };
    let mut written = Sums::default();
    each_row(&conn, &mut |table, row| {
        written.add(table, &row);
        Ok(())
    })?;
    given.insist_same(&written)?;
    conn.execute_batch("commit; pragma wal_checkpoint(truncate)").doing(WRITING)?;
    conn.close().map_err(|(_, error)| Fault::new(WRITING, error))?;
    fs::File::open(path).and_then(|file| file.sync_all()).doing("forcing the copy to the disk")?;
    Ok(given)
}

fn write(conn: &Connection, table: &Table, rows: Vec<Row>) -> Answer<()> {
    if table.name == "word" {
        return rows.into_iter().try_for_each(|row| write_words(conn, &row));
    }
    let places = (1..=table.columns.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let sql = format!("insert into {} ({}) values ({places})", table.name, table.names());
    let mut statement = conn.prepare_cached(&sql).doing(WRITING)?;
    for row in rows {
        let values = row.into_iter().map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Number(number) => Value::Integer(number),
            Cell::Text(text) => Value::Text(text),
            Cell::Bytes(bytes) => Value::Blob(bytes),
        });
        statement.execute(params_from_iter(values.map(ToSqlOutput::Owned))).doing(WRITING)?;
    }
    Ok(())
}

/// Words are indexed together with the token that says what they belong to, which the row of that number tells.
fn write_words(conn: &Connection, row: &Row) -> Answer<()> {
    let [Cell::Number(n), Cell::Bytes(bytes)] = row.as_slice() else {
        return Err(Fault::new(WRITING, "words of another form"));
    };
    let tokens: Vec<store::Token> = bytes.as_chunks::<8>().0.to_vec();
    let mut owner = conn
        .prepare_cached(
            "select 0, tenant from report where n = ?1 union all select 1, tenant from incident where n = ?1",
        )
        .doing(WRITING)?;
    let (incident, tenant): (bool, [u8; 16]) =
        owner.query_row([n], |row| Ok((row.get(0)?, row.get(1)?))).doing("finding what words belong to")?;
    let kind = if incident { words::Kind::Incident } else { words::Kind::Report };
    let text = words::text(kind, uuid::Uuid::from_bytes(tenant).into(), &tokens);
    let mut insert = conn.prepare_cached("insert into word (rowid, tokens) values (?1, ?2)").doing(WRITING)?;
    insert.execute((n, text)).doing(WRITING).map(drop)
}

/// Every row of every table.
fn each_row(conn: &Connection, take: &mut dyn FnMut(usize, Row) -> Answer<()>) -> Answer<()> {
    for (place, table) in TABLES.iter().enumerate() {
        if table.name == "word" {
            each_text(conn, &mut |row| take(place, row))?;
            continue;
        }
        let sql = format!("select {} from {}", table.names(), table.name);
        let mut statement = conn.prepare(&sql).doing(READING)?;
        let mut rows = statement.query([]).doing(READING)?;
        while let Some(row) = rows.next().doing(READING)? {
            let cells = table.columns.iter().enumerate();
            let cells = cells.map(|(at, (name, kind))| cell(row.get_ref(at).doing(READING)?, *kind, table.name, name));
            take(place, cells.collect::<Answer<_>>()?)?;
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>, kind: Kind, table: &str, column: &str) -> Answer<Cell> {
    Ok(match (value, kind) {
        (ValueRef::Null, _) => Cell::Null,
        (ValueRef::Integer(number), Kind::Number | Kind::Flag) => Cell::Number(number),
        (ValueRef::Text(text), Kind::Text) => {
            Cell::Text(std::str::from_utf8(text).map_err(|e| Fault::new(READING, e))?.to_owned())
        }
        (ValueRef::Blob(bytes), Kind::Id | Kind::Owner | Kind::Bytes) => Cell::Bytes(bytes.to_vec()),
        (other, _) => {
            let what = format!("{table}.{column} holds a {}", other.data_type());
            return Err(Fault::new(READING, what));
        }
    })
}

/// The index keeps no texts, but it can be asked which words stand for which row.
fn each_text(conn: &Connection, take: &mut dyn FnMut(Row) -> Answer<()>) -> Answer<()> {
    conn.execute_batch("create virtual table temp.word_use using fts5vocab(main, word, instance)").doing(READING)?;
    let mut statement = conn.prepare("select doc, term from temp.word_use order by doc, term").doing(READING)?;
    texts(&mut statement, take)?;
    drop(statement);
    conn.execute_batch("drop table temp.word_use").doing(READING)
}

fn texts(statement: &mut Statement<'_>, take: &mut dyn FnMut(Row) -> Answer<()>) -> Answer<()> {
    let mut uses = statement.query([]).doing(READING)?;
    let mut open: Option<(i64, Vec<store::Token>)> = None;
    let mut give = |n: i64, mut tokens: Vec<store::Token>| {
        tokens.sort_unstable();
        tokens.dedup();
        take(vec![Cell::Number(n), Cell::Bytes(tokens.concat())])
    };
    while let Some(row) = uses.next().doing(READING)? {
        let (doc, term): (i64, String) = (row.get(0).doing(READING)?, row.get(1).doing(READING)?);
        if let Some((n, tokens)) = open.take_if(|(n, _)| *n != doc) {
            give(n, tokens)?;
        }
        let (_, tokens) = open.get_or_insert_with(|| (doc, Vec::new()));
        // Longer is the token that says what a text belongs to; it is written anew with every text.
        let word = BASE32_DNSSEC.decode(term.as_bytes()).ok().and_then(|bytes| store::Token::try_from(bytes).ok());
        tokens.extend(word);
    }
    open.map_or(Ok(()), |(n, tokens)| give(n, tokens))
}
