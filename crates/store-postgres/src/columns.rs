//! Reads columns into the port's types: the one place that knows how each type lies in a row.

use domain::time::Instant;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// A row's columns by name, as the port's types.
pub trait Columns {
    /// An identifier.
    fn id<T: From<Uuid>>(&self, name: &str) -> sqlx::Result<T>;
    /// An identifier that may be absent.
    fn maybe_id<T: From<Uuid>>(&self, name: &str) -> sqlx::Result<Option<T>>;
    /// Bytes of any length.
    fn bytes(&self, name: &str) -> sqlx::Result<Vec<u8>>;
    /// Exactly 32 bytes.
    fn hash(&self, name: &str) -> sqlx::Result<[u8; 32]>;
    /// Exactly 32 bytes, or nothing.
    fn maybe_hash(&self, name: &str) -> sqlx::Result<Option<[u8; 32]>>;
    /// An instant.
    fn instant(&self, name: &str) -> sqlx::Result<Instant>;
    /// An instant that may be absent.
    fn maybe_instant(&self, name: &str) -> sqlx::Result<Option<Instant>>;
    /// A number that is never negative.
    fn count<T: TryFrom<i64>>(&self, name: &str) -> sqlx::Result<T>;
    /// A number that stands for one of a known few.
    fn known<T>(&self, name: &str, read: impl Fn(i16) -> Option<T>) -> sqlx::Result<T>;
}

fn unfit(name: &str, why: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: name.to_owned(), source: why.into() }
}

fn thirty_two(name: &str, bytes: &[u8]) -> sqlx::Result<[u8; 32]> {
    bytes.try_into().map_err(|_| unfit(name, "not 32 bytes"))
}

impl Columns for PgRow {
    fn id<T: From<Uuid>>(&self, name: &str) -> sqlx::Result<T> {
        self.try_get::<Uuid, _>(name).map(T::from)
    }
    fn maybe_id<T: From<Uuid>>(&self, name: &str) -> sqlx::Result<Option<T>> {
        Ok(self.try_get::<Option<Uuid>, _>(name)?.map(T::from))
    }
    fn bytes(&self, name: &str) -> sqlx::Result<Vec<u8>> {
        self.try_get(name)
    }
    fn hash(&self, name: &str) -> sqlx::Result<[u8; 32]> {
        thirty_two(name, self.try_get(name)?)
    }
    fn maybe_hash(&self, name: &str) -> sqlx::Result<Option<[u8; 32]>> {
        self.try_get::<Option<&[u8]>, _>(name)?.map(|bytes| thirty_two(name, bytes)).transpose()
    }
    fn instant(&self, name: &str) -> sqlx::Result<Instant> {
        self.try_get(name).map(Instant::from_micros)
    }
    fn maybe_instant(&self, name: &str) -> sqlx::Result<Option<Instant>> {
        Ok(self.try_get::<Option<i64>, _>(name)?.map(Instant::from_micros))
    }
    fn count<T: TryFrom<i64>>(&self, name: &str) -> sqlx::Result<T> {
        // Narrow columns widen without loss; a number outside the wanted type means that the row was altered.
        let wide = self.try_get::<i64, _>(name).or_else(|_| self.try_get::<i32, _>(name).map(i64::from));
        T::try_from(wide?).map_err(|_| unfit(name, "number out of range"))
    }
    fn known<T>(&self, name: &str, read: impl Fn(i16) -> Option<T>) -> sqlx::Result<T> {
        read(self.try_get(name)?).ok_or_else(|| unfit(name, "not a known value"))
    }
}

/// Reads every row of an answer.
pub fn all<T>(rows: Vec<PgRow>, read: impl Fn(&PgRow) -> sqlx::Result<T>) -> sqlx::Result<Vec<T>> {
    rows.iter().map(read).collect()
}

/// Reads the row of an answer that has at most one.
pub fn one<T>(row: Option<PgRow>, read: impl Fn(&PgRow) -> sqlx::Result<T>) -> sqlx::Result<Option<T>> {
    row.as_ref().map(read).transpose()
}

/// Stands for "no agency: the installation" where the tenant is part of a key.
pub const INSTALLATION: Uuid = Uuid::nil();
