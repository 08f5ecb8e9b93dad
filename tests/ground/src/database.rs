//! A database of its own for each test, in the running PostgreSQL that the environment names.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store_postgres::PostgresStore;

/// The variable that names the server.
pub const SERVER: &str = "TOCSIN_TEST_POSTGRES_URL";

/// An empty database, dropped with this value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// An empty database. Without a server the test fails: a backend that is not tested is not kept.
    pub async fn create() -> Self {
        let server = std::env::var(SERVER).unwrap_or_else(|_| {
            panic!(
                "{SERVER} is not set, so there is no PostgreSQL to test on; \
                 run `cargo xtask postgres -- cargo test …`"
            )
        });
        Self::create_on(server).await
    }

    /// An empty database on this server.
    pub async fn create_on(server: String) -> Self {
        let mut connection = PgConnection::connect(&server).await.expect("the server answers");
        let drawn: String = sqlx::query_scalar("select replace(gen_random_uuid()::text, '-', '')")
            .fetch_one(&mut connection)
            .await
            .expect("a name");
        let database = Self { server, name: format!("tocsin_{drawn}") };
        let create = format!("create database {} template template0 encoding 'UTF8'", database.name);
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

    /// The same database as a member of one of the product's roles reaches it, after it was prepared for them.
    pub fn url_as(&self, role: &str) -> String {
        let url = self.url();
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}options=-c%20role%3D{role}")
    }

    /// The store in it as the application reaches it where roles are separate.
    pub async fn walled_store(&self) -> PostgresStore {
        store_postgres::prepare(&self.url()).await.expect("the roles are made");
        PostgresStore::connect(&self.url_as("tocsin_app")).await.expect("the store opens")
    }

    /// A plain connection to it, for looking and for tampering.
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
