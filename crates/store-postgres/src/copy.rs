//! The whole store as plain rows, out of a database in one snapshot and into an empty one in one transaction.

use crate::backup::restart_numbers;
use crate::connect;
use crate::fault::Doing;
use crate::migrate::{self, NEWEST};
use data_encoding::HEXLOWER;
use futures::TryStreamExt;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::fmt::Write;
use store::copying::{Cell, Gathered, Kind, Piece, Row, Sums, TABLES, Table, gone};
use store::{Answer, Fault};
use tokio::sync::mpsc::{Receiver, Sender};

const READING: &str = "reading the store";
const WRITING: &str = "writing the copy";

/// Gives every row of the store, as it stands at one moment. Servers that go on writing meanwhile are not kept from it:
/// what they write then is left behind.
pub async fn copy_out(url: &str, to: &Sender<Piece>) -> Answer<()> {
    let mut connection = connect::single(&connect::options(url)?).await?;
    migrate::migrate(&mut connection, NEWEST).await?;
    let mut t = connection.begin_with("begin isolation level repeatable read read only").await.doing(READING)?;
    let sums = give(&mut t, Some(to)).await?;
    t.commit().await.doing(READING)?;
    to.send(Piece::End(sums)).await.map_err(|_| gone())
}

/// Fills a database that holds nothing with the rows that come: all of them, reading back as they were given, or none.
pub async fn copy_in(url: &str, from: &mut Receiver<Piece>) -> Answer<Sums> {
    let mut connection = connect::single(&connect::options(url)?).await?;
    connect::check_server(&mut connection).await?;
    insist_on_nothing(&mut connection).await?;
    let mut t = connection.begin().await.doing(WRITING)?;
    t.execute("delete from directory_version").await.doing(WRITING)?;
    let given = loop {
        match from.recv().await {
            Some(Piece::Rows(table, rows)) => write(&mut t, TABLES.get(table).ok_or_else(gone)?, &rows).await?,
            Some(Piece::End(sums)) => break sums,
            None => return Err(gone()),
        }
    };
    given.insist_same(&give(&mut t, None).await?)?;
    restart_numbers(&mut t).await.doing(WRITING)?;
    t.commit().await.doing(WRITING)?;
    connection.execute("analyze").await.doing(WRITING)?;
    connection.close().await.doing(WRITING)?;
    Ok(given)
}

/// No table of others, and no row in ours. An attempt that failed leaves our empty tables, and may be repeated.
async fn insist_on_nothing(connection: &mut PgConnection) -> Answer<()> {
    let tables: Vec<String> = sqlx::query_scalar("select tablename from pg_tables where schemaname = current_schema()")
        .fetch_all(&mut *connection)
        .await
        .doing(WRITING)?;
    let ours = |name: &String| name == "migration" || TABLES.iter().any(|table| table.name == name);
    if let Some(other) = tables.iter().find(|name| !ours(name)) {
        return Err(Fault::new(WRITING, format!("the database is not empty: it holds a table {other}")));
    }
    migrate::migrate(connection, NEWEST).await?;
    for table in TABLES.iter().filter(|table| table.name != "directory_version") {
        let asked = format!("select exists (select from {})", table.name);
        let taken: bool = sqlx::query_scalar(AssertSqlSafe(asked)).fetch_one(&mut *connection).await.doing(WRITING)?;
        if taken {
            let what = format!("the database is not empty: its table {} holds rows", table.name);
            return Err(Fault::new(WRITING, what));
        }
    }
    Ok(())
}

/// Reads every row; sends them on where somebody takes them.
async fn give(t: &mut PgConnection, to: Option<&Sender<Piece>>) -> Answer<Sums> {
    let (mut gathered, mut sums) = (Gathered::default(), Sums::default());
    for (place, table) in TABLES.iter().enumerate() {
        let columns = table.columns.iter().map(|(name, kind)| written(name, *kind)).collect::<Vec<_>>().join(", ");
        let statement = format!("copy (select {columns} from {}) to stdout", table.name);
        let mut chunks = t.copy_out_raw(&statement).await.doing(READING)?;
        let mut rest: Vec<u8> = Vec::new();
        while let Some(chunk) = chunks.try_next().await.doing(READING)? {
            rest.extend_from_slice(&chunk);
            // A line of the text format ends where a line ends: line breaks within values are escaped.
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                let row = read(&line[..end], table)?;
                sums.add(place, &row);
                if let (Some(to), Some(piece)) = (to, gathered.take(place, row)) {
                    to.send(piece).await.map_err(|_| gone())?;
                }
            }
        }
    }
    if let (Some(to), Some(piece)) = (to, gathered.rest()) {
        to.send(piece).await.map_err(|_| gone())?;
    }
    Ok(sums)
}

/// A column as it is read: all but text as digits.
fn written(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Id | Kind::Owner => format!("replace({name}::text, '-', '')"),
        Kind::Bytes => format!("encode({name}, 'hex')"),
        Kind::Flag => format!("{name}::integer"),
        Kind::Words => format!("array_to_string(tsvector_to_array({name}), '')"),
        Kind::Number | Kind::Text => name.to_owned(),
    }
}

fn read(line: &[u8], table: &Table) -> Answer<Row> {
    let wrong = |what: &dyn std::fmt::Display| Fault::new(READING, format!("a row of {}: {what}", table.name));
    let line = std::str::from_utf8(line).map_err(|e| wrong(&e))?;
    let fields: Vec<&str> = line.split('\t').collect();
    if fields.len() != table.columns.len() {
        return Err(wrong(&"it has another number of columns"));
    }
    let cell = |(field, (_, kind)): (&&str, &(&str, Kind))| match (*field, kind) {
        ("\\N", _) => Ok(Cell::Null),
        (text, Kind::Text) => Ok(Cell::Text(unescaped(text))),
        (number, Kind::Number | Kind::Flag) => number.parse().map(Cell::Number).map_err(|e| wrong(&e)),
        ("00000000000000000000000000000000", Kind::Owner) => Ok(Cell::Bytes(Vec::new())),
        (hex, Kind::Id | Kind::Owner | Kind::Bytes | Kind::Words) => {
            HEXLOWER.decode(hex.as_bytes()).map(Cell::Bytes).map_err(|e| wrong(&e))
        }
    };
    fields.iter().zip(table.columns).map(cell).collect()
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        plain.push(match c {
            '\\' => match rest.next() {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('v') => '\u{b}',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    plain
}

async fn write(t: &mut PgConnection, table: &Table, rows: &[Row]) -> Answer<()> {
    let mut text = String::new();
    for row in rows {
        for (at, (cell, (_, kind))) in row.iter().zip(table.columns).enumerate() {
            text.push_str(if at == 0 { "" } else { "\t" });
            field(&mut text, cell, *kind);
        }
        text.push('\n');
    }
    let mut copy =
        t.copy_in_raw(&format!("copy {} ({}) from stdin", table.name, table.names())).await.doing(WRITING)?;
    copy.send(text.as_bytes()).await.doing(WRITING)?;
    copy.finish().await.doing(WRITING).map(drop)
}

fn field(text: &mut String, cell: &Cell, kind: Kind) {
    match (cell, kind) {
        (Cell::Null, _) => text.push_str("\\N"),
        (Cell::Number(number), Kind::Flag) => text.push(if *number == 0 { 'f' } else { 't' }),
        (Cell::Number(number), _) => {
            let _ = write!(text, "{number}");
        }
        (Cell::Text(plain), _) => plain.chars().for_each(|c| escape(text, c)),
        (Cell::Bytes(bytes), Kind::Owner) if bytes.is_empty() => text.push_str(&"0".repeat(32)),
        (Cell::Bytes(bytes), Kind::Id | Kind::Owner) => HEXLOWER.encode_append(bytes, text),
        (Cell::Bytes(bytes), Kind::Words) => {
            for (at, word) in bytes.chunks(8).enumerate() {
                text.push_str(if at == 0 { "" } else { " " });
                HEXLOWER.encode_append(word, text);
            }
        }
        (Cell::Bytes(bytes), _) => {
            text.push_str("\\\\x");
            HEXLOWER.encode_append(bytes, text);
        }
    }
}

fn escape(text: &mut String, c: char) {
    match c {
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        other => text.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_its_escapes() {
        for text in ["", "plain", "a\tb\nc\rd\\e\\n", "\\N", "\u{8}\u{b}\u{c}", "üñ\u{202e}"] {
            let mut escaped = String::new();
            text.chars().for_each(|c| escape(&mut escaped, c));
            assert!(!escaped.contains(['\n', '\t']), "{escaped:?}");
            assert_eq!(unescaped(&escaped), text);
        }
    }
}
