//! Reaching the server: verified TLS, settings that make a commit durable, and a refusal of servers that cannot keep it.

use crate::fault::Doing;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor, Row};
use std::time::Duration;
use store::{Answer, Fault};

/// The oldest server that the statements here were written for.
const OLDEST_MAJOR: i32 = 15;
/// How long a request waits for a free connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection idle for longer is asked whether it lives before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// Parses an address and settles how the server is verified.
///
/// The address decides: `disable`, `allow`, `prefer` and the verifying modes are taken at their word. `require` is
/// raised to `verify-full`, because encryption to an unknown server protects nothing. An address that says nothing
/// gets `verify-full` too, unless the server is on this machine. A private authority is named by `sslrootcert`.
pub fn options(url: &str) -> Answer<PgConnectOptions> {
    let options: PgConnectOptions = url.parse().doing("reading the database address")?;
    let said = url.contains("sslmode=") || url.contains("ssl-mode=") || std::env::var_os("PGSSLMODE").is_some();
    let mode = match options.get_ssl_mode() {
        PgSslMode::Require => PgSslMode::VerifyFull,
        _ if !said && !is_local(&options) => PgSslMode::VerifyFull,
        other => other,
    };
    Ok(options.ssl_mode(mode).application_name("tocsin").statement_cache_capacity(256))
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || host == "localhost" || host.starts_with('/') || options.get_socket().is_some()
}

/// A bounded pool whose connections all lead to a server that accepts writes.
pub fn pool(options: PgConnectOptions, connections: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok()) })
        })
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_lazy_with(options)
}

/// One connection outside the pools, for work that takes as long as it takes.
pub async fn single(options: &PgConnectOptions) -> Answer<PgConnection> {
    let doing = "connecting to the database";
    let mut connection = options.connect().await.doing(doing)?;
    prepare(&mut connection).await.doing(doing)?;
    connection.execute("set statement_timeout = 0; set lock_timeout = 0").await.doing(doing)?;
    Ok(connection)
}

/// Settings of every connection. A server that became a standby is left at once, so that a failover is followed.
async fn prepare(connection: &mut PgConnection) -> sqlx::Result<()> {
    connection
        .execute(
            "set timezone                      = 'UTC';
             set default_transaction_isolation = 'read committed';
             set statement_timeout             = '30s';
             set lock_timeout                  = '10s';
             set idle_in_transaction_session_timeout = '60s';
             set jit                           = off;",
        )
        .await?;
    let standby: bool = sqlx::query_scalar("select pg_is_in_recovery()").fetch_one(connection).await?;
    if standby {
        return Err(sqlx::Error::Protocol("the server is a standby and takes no writes".to_owned()));
    }
    Ok(())
}

/// Refuses a server that is too old or would acknowledge what it could lose.
pub async fn check_server(connection: &mut PgConnection) -> Answer<()> {
    let doing = "checking the database server";
    let row = sqlx::query(
        "select current_setting('server_version_num')::integer / 10000 as major,
                current_setting('server_version')                      as version,
                current_setting('fsync')              = 'off'          as no_fsync,
                current_setting('full_page_writes')   = 'off'          as torn_pages,
                current_setting('synchronous_commit') = 'off'          as no_wait,
                current_setting('server_encoding')                     as encoding",
    )
    .fetch_one(connection)
    .await
    .doing(doing)?;
    let refuse = |why: String| Err(Fault::new(doing, why));
    let flag = |name: &str| row.try_get::<bool, _>(name).doing(doing);
    let version: String = row.try_get("version").doing(doing)?;
    if row.try_get::<i32, _>("major").doing(doing)? < OLDEST_MAJOR {
        return refuse(format!("PostgreSQL {OLDEST_MAJOR} or newer is needed; this server is {version}"));
    }
    if flag("no_fsync")? || flag("torn_pages")? {
        return refuse("the server runs with fsync or full_page_writes off: a power cut would lose reports".to_owned());
    }
    if flag("no_wait")? {
        let how = "alter database … set synchronous_commit = on";
        return refuse(format!("synchronous_commit is off: acknowledged reports could be lost; run `{how}`"));
    }
    let encoding: String = row.try_get("encoding").doing(doing)?;
    if encoding != "UTF8" {
        return refuse(format!("the database's encoding is {encoding}; create it with encoding UTF8"));
    }
    Ok(())
}

/// How commits are made durable, in words for the health page.
pub async fn durability(pool: &PgPool) -> sqlx::Result<String> {
    let row = sqlx::query(
        "select current_setting('synchronous_commit')       as waits,
                current_setting('synchronous_standby_names') as standbys,
                current_setting('data_checksums')            as checksums",
    )
    .fetch_one(pool)
    .await?;
    let (waits, standbys): (String, String) = (row.try_get("waits")?, row.try_get("standbys")?);
    let copies = match (standbys.as_str(), waits.as_str()) {
        ("", _) => "on this server's disk only; a lost disk loses what came after the last backup".to_owned(),
        (_, "local") => "on this server's disk; standbys follow later".to_owned(),
        (names, _) => format!("on this server's disk and on a synchronous standby ({names})"),
    };
    let checksums: String = row.try_get("checksums")?;
    let damage = if checksums == "on" { "pages carry checksums" } else { "pages carry no checksums" };
    Ok(format!("fsync on, synchronous_commit {waits}: a commit is {copies}; {damage}"))
}

/// A fault from something that is no database error.
pub fn fault(doing: &'static str, error: impl std::fmt::Display) -> Fault {
    Fault::new(doing, error.to_string())
}
