//! How ids, instants and states travel into columns and back, and how SQLite's errors become the port's.

use domain::time::Instant;
use rusqlite::types::{FromSql, Type};
use rusqlite::{Connection, Row, ffi};
use store::{Fault, Refused};
use uuid::Uuid;

/// What a query gives.
pub(crate) type Sql<T> = rusqlite::Result<T>;

/// Why a request of the writer left nothing behind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undone {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// The caller broke an agreement of the port.
    #[error("{0}")]
    Broken(&'static str),
}

/// Names what was being done when SQLite failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, Fault>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str) -> Result<T, Fault> {
        self.map_err(|error| Fault::new(doing, error))
    }
}

/// The columns of the unique constraint that an error is about, as `table.column, table.column`.
pub(crate) fn violated(error: &rusqlite::Error) -> Option<&str> {
    match error {
        rusqlite::Error::SqliteFailure(ffi::Error { extended_code, .. }, Some(message))
            if matches!(*extended_code, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) =>
        {
            message.strip_prefix("UNIQUE constraint failed: ")
        }
        _ => None,
    }
}

/// Turns a taken unique value into the refusal that names it; anything else stays an error.
pub(crate) fn taken(error: rusqlite::Error) -> Undone {
    let column = violated(&error).and_then(|columns| columns.rsplit('.').next());
    for what in ["reference", "secret", "source", "login", "code", "found_by"] {
        if column == Some(what) {
            return Refused::Taken { what }.into();
        }
    }
    error.into()
}

pub(crate) fn id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> Sql<T> {
    Ok(T::from(Uuid::from_bytes(row.get(column)?)))
}

pub(crate) fn maybe_id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> Sql<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(|bytes| T::from(Uuid::from_bytes(bytes))))
}

pub(crate) fn at(row: &Row<'_>, column: usize) -> Sql<Instant> {
    Ok(Instant::from_micros(row.get(column)?))
}

pub(crate) fn maybe_at(row: &Row<'_>, column: usize) -> Sql<Option<Instant>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Instant::from_micros))
}

pub(crate) fn unsigned(row: &Row<'_>, column: usize) -> Sql<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// Reads a number that only some values of a type have; an altered row may hold another.
pub(crate) fn known<N: FromSql + Copy, T>(row: &Row<'_>, column: usize, read: impl Fn(N) -> Option<T>) -> Sql<T> {
    read(row.get(column)?).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, "a number that stands for nothing".into())
    })
}

/// SQLite reads at most this far; a limit of the port always fits.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Byte strings as JSON for `json_each`, to be read back with `unhex`.
pub(crate) fn json_of<const N: usize>(values: impl IntoIterator<Item = [u8; N]>) -> String {
    let quoted: Vec<String> =
        values.into_iter().map(|value| format!("\"{}\"", data_encoding::HEXLOWER.encode(&value))).collect();
    format!("[{}]", quoted.join(","))
}

/// Database time in microseconds: leases are given and judged by this clock alone.
pub(crate) fn clock(conn: &Connection) -> Sql<i64> {
    conn.prepare_cached("select cast(unixepoch('subsec') * 1000000 as integer)")?.query_row([], |row| row.get(0))
}

/// Runs a query and gives every row, read by `read`.
pub(crate) fn rows<T>(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> Sql<T>,
) -> Sql<Vec<T>> {
    conn.prepare_cached(sql)?.query_map(params, read)?.collect()
}

/// Runs a query that finds one row or none.
pub(crate) fn row<T>(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> Sql<T>,
) -> Sql<Option<T>> {
    rusqlite::OptionalExtension::optional(conn.prepare_cached(sql)?.query_row(params, read))
}

/// Runs a statement and says how many rows it touched.
pub(crate) fn run(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Sql<usize> {
    conn.prepare_cached(sql)?.execute(params)
}
