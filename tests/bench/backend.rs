//! The two stores as they are measured: how each is opened and what its database can do at most.

use super::{figures::Times, raw};
use ground::Database;
use std::path::Path;
use std::sync::Arc;
use store::Store;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A store to measure.
pub enum Backend {
    /// The embedded store, in the data folder.
    Embedded,
    /// The many-node store, each stage in a database of its own on the server at this address.
    Postgres(String),
}

impl Backend {
    /// Its name in the table.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Postgres(_) => "postgres",
        }
    }

    /// An empty store, and its database where it is not the one in the data folder.
    pub async fn open(&self, data: &Path) -> Outcome<(Arc<dyn Store>, Option<Database>)> {
        match self {
            Self::Embedded => Ok((Arc::new(store_sqlite::SqliteStore::open(&data.join("tocsin.db"))?), None)),
            Self::Postgres(server) => {
                let database = Database::create_on(server.clone()).await;
                Ok((Arc::new(database.store().await), Some(database)))
            }
        }
    }

    /// What the database does at most with one report-like row, its words and its journal row per caller.
    pub fn limit(&self, folder: &Path, callers: usize, seconds: u64) -> Outcome<(Times, f64)> {
        match self {
            Self::Embedded => Ok(raw::group_commits(folder, callers, seconds)?),
            Self::Postgres(server) => {
                let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
                Ok(runtime.block_on(raw::postgres_commits(server, callers, seconds))?)
            }
        }
    }
}
