//! A PostgreSQL database for one story, on the server that the check has started.

use ground::Database;
use sqlx::{Connection, PgConnection};

/// Makes an empty database and gives its address. It is left to the server, which ends with the check: a story may
/// look at it to its last line.
pub async fn database() -> String {
    let database = Database::create().await;
    let url = database.url();
    std::mem::forget(database);
    url
}

/// A connection for looking and for tampering.
pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the test server answers")
}
