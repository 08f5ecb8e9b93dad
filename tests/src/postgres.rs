//! A PostgreSQL database for one test, on the server that the check has started.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// The variable that names the server.
pub const URL: &str = "TOCSIN_TEST_POSTGRES_URL";

/// Makes an empty database and gives its address. A missing server fails the test: it is never skipped.
pub async fn database() -> String {
    let server = std::env::var(URL)
        .unwrap_or_else(|_| panic!("{URL} is not set: run the tests with `cargo xtask postgres -- cargo test …`"));
    let mut connection = connect(&server).await;
    let drawn: String = sqlx::query_scalar("select replace(gen_random_uuid()::text, '-', '')")
        .fetch_one(&mut connection)
        .await
        .expect("a name");
    let name = format!("story_{drawn}");
    connection.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database is made");
    let (address, query) = server.split_once('?').map_or((server.as_str(), None), |(a, q)| (a, Some(q)));
    let base = match address.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
        Some((_, old)) => address.strip_suffix(old).unwrap_or(address).to_owned(),
        None => format!("{address}/"),
    };
    format!("{base}{name}{}", query.map(|query| format!("?{query}")).unwrap_or_default())
}

/// A connection for looking and for tampering.
pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the test server answers")
}
