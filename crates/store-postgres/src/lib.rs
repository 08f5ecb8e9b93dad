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
mod roles;
mod search;
mod sessions;
mod store_port;
pub mod tables;

pub use backup::restore_into;
pub use copy::{copy_in, copy_out};
pub use migrate::MIGRATIONS;
pub use roles::prepare;

use domain::ids::TenantId;
use fault::Doing;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
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
    /// Where the server walls agencies off from each other: connections for one agency each.
    wall: Option<roles::Wall>,
    /// Whether it reads what lets people in.
    secrets: bool,
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
    /// acknowledged commit, or holds a schema newer than this version knows. Whoever does not own the schema changes
    /// nothing about it: it has to be this version's.
    pub async fn connect(url: &str) -> Answer<Self> {
        let options = connect::options(url)?;
        let mut first = connect::single(&options).await?;
        connect::check_server(&mut first).await?;
        if roles::owns(&mut first).await? {
            migrate::migrate(&mut first, migrate::NEWEST).await?;
            roles::renew(&mut first).await?;
        } else {
            migrate::insist_on_newest(&mut first).await?;
        }
        let (options, wall) = behind(&mut first, options).await?;
        first.close().await.doing("connecting to the database")?;
        let write = connect::pool(options.clone(), WRITERS);
        let read = connect::pool(options.clone(), READERS);
        Ok(Self { options, write, read, wall, secrets: true })
    }

    /// Opens a database to read, beside the servers that write to it: its schema must be this version's already, and
    /// every verb that would write answers with a fault of the server's own.
    pub async fn connect_read_only(url: &str) -> Answer<Self> {
        let options = connect::options(url)?.options([("default_transaction_read_only", "on")]);
        let mut first = connect::single(&options).await?;
        connect::check_server(&mut first).await?;
        migrate::insist_on_newest(&mut first).await?;
        let (options, wall) = behind(&mut first, options).await?;
        first.close().await.doing("connecting to the database")?;
        let pool = || connect::pool(options.clone(), READERS_BESIDE);
        Ok(Self { options: options.clone(), write: pool(), read: pool(), wall, secrets: false })
    }

    /// Connections that read for one agency.
    fn of(&self, tenant: TenantId) -> PgPool {
        self.wall.as_ref().map_or_else(|| self.read.clone(), |wall| wall.of(tenant))
    }

    /// Lets running statements end and closes every connection.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
        if let Some(wall) = &self.wall {
            wall.close().await;
        }
    }
}

/// The options under which the product's own work sees all agencies, and the wall, where the server has one.
async fn behind(
    connection: &mut PgConnection,
    options: PgConnectOptions,
) -> Answer<(PgConnectOptions, Option<roles::Wall>)> {
    if !roles::walled(connection).await? {
        return Ok((options, None));
    }
    let wall = roles::Wall::new(options.clone());
    Ok((options.options([(roles::TENANT, roles::ALL)]), Some(wall)))
}
