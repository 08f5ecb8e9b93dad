//! The contract of the port, test by test, on PostgreSQL.

use std::sync::Arc;
use store::contract::Fresh;

async fn make_store() -> Fresh {
    let database = ground::Database::create().await;
    Fresh { store: Arc::new(database.store().await), keep: Box::new(database) }
}

store::contract!(make_store);
