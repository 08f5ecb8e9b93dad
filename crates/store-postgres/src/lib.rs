//! The many-node store: PostgreSQL 15 or newer behind the port, its SQL written out beside the verb it serves.
//!
//! Writers and readers draw from pools of their own, so that a stuck standby stops acknowledgements and nothing else.
//! Leases and due times of work are told by the database's clock; everything else is told by the caller.

mod backup;
mod columns;
mod commit;
mod connect;
mod copy;
mod counts;
mod directory;
mod drafts;
mod durable;
mod duties;
mod factors;
mod fault;
mod files;
mod incidents;
mod jobs;
mod journal;
mod keys;
mod log;
mod mail;
mod migrate;
mod reports;
mod search;
mod sessions;
mod store_port;
pub mod tables;

pub use backup::restore_into;
pub use copy::{copy_in, copy_out};
pub use migrate::MIGRATIONS;

use fault::Doing;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPool};
use store::Answer;

/// Connections that write. Small, because a commit waits for the disk and not for more commits.
const WRITERS: u32 = 16;
/// Connections that read.
const READERS: u32 = 16;
/// Connections of somebody who only looks.
const READERS_BESIDE: u32 = 4;

/// A PostgreSQL database behind the port.
#[derive(Clone)]
pub struct PostgresStore {
    options: PgConnectOptions,
    write: PgPool,
    read: PgPool,
}

// Addresses carry passwords: nothing of them is printed.
impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresStore")
    }
}

impl PostgresStore {
    /// Opens `postgres://user:password@host:port/database`, checks the server and brings the schema up to date.
    ///
    /// A server on another machine is reached over verified TLS unless the address says otherwise (`sslmode`,
    /// `sslrootcert`). Fails with a sentence when the server is older than 15, is a standby, could lose an
    /// acknowledged commit, or holds a schema newer than this version knows.
    pub async fn connect(url: &str) -> Answer<Self> {
        let options = connect::options(url)?;
        let mut first = connect::single(&options).await?;
        connect::check_server(&mut first).await?;
        migrate::migrate(&mut first, migrate::NEWEST).await?;
        first.close().await.doing("connecting to the database")?;
        let write = connect::pool(options.clone(), WRITERS);
        let read = connect::pool(options.clone(), READERS);
        Ok(Self { options, write, read })
    }

    /// Opens a database to read, beside the servers that write to it: its schema must be this version's already, and
    /// every verb that would write answers with a fault of the server's own.
    pub async fn connect_read_only(url: &str) -> Answer<Self> {
        let options = connect::options(url)?.options([("default_transaction_read_only", "on")]);
        let mut first = connect::single(&options).await?;
        connect::check_server(&mut first).await?;
        migrate::insist_on_newest(&mut first).await?;
        first.close().await.doing("connecting to the database")?;
        let pool = || connect::pool(options.clone(), READERS_BESIDE);
        Ok(Self { options: options.clone(), write: pool(), read: pool() })
    }

    /// Lets running statements end and closes every connection.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }
}
