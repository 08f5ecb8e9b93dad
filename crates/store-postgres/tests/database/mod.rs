//! A database of its own for each test, in the running PostgreSQL that the environment names.
#![allow(dead_code, reason = "each test file uses the part it needs")]

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use tocsin_store_postgres::PostgresStore;

const NAMED_BY: &str = "TOCSIN_TEST_POSTGRES_URL";

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// An empty database, dropped with this value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Creates an empty database. Without a server the test fails: a backend that is not tested is not kept.
    pub async fn create() -> Self {
        let server = std::env::var(NAMED_BY).unwrap_or_else(|_| {
            panic!(
                "{NAMED_BY} is not set, so there is no PostgreSQL to test on; \
                 run `cargo xtask postgres -- cargo nextest run -p tocsin-store-postgres`"
            )
        });
        let name = format!("tocsin_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        let create = format!("create database {} template template0 encoding 'UTF8'", database.name);
        let mut connection = PgConnection::connect(&database.server).await.expect("the server answers");
        // Left over when a process of the same number was killed.
        let clear = format!("drop database if exists {} with (force)", database.name);
        connection.execute(AssertSqlSafe(clear)).await.expect("no database of this name is left");
        connection.execute(AssertSqlSafe(create)).await.expect("a database is created");
        database
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        let (server, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let authority = server.find("://").map_or(0, |at| at + 3);
        let end = server[authority..].find('/').map_or(server.len(), |at| authority + at);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{}/{}{query}", &server[..end], self.name)
    }

    /// The store in it, with its schema and no rows.
    pub async fn store(&self) -> PostgresStore {
        PostgresStore::connect(&self.url()).await.expect("the store opens")
    }

    /// A plain connection to it.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.expect("the database answers")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, drop) = (self.server.clone(), format!("drop database if exists {} with (force)", self.name));
        // The test's own runtime may be ending: the database is dropped from a thread with one of its own.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let _ = runtime.map(|runtime| {
                runtime.block_on(async {
                    if let Ok(mut connection) = PgConnection::connect(&server).await {
                        let _ = connection.execute(AssertSqlSafe(drop)).await;
                    }
                });
            });
        });
        let _ = dropping.join();
    }
}
