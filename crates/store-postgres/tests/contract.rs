//! The contract of the port, test by test, on PostgreSQL, as a role that owns nothing and from which the rows of other
//! agencies are walled off. What the owner does is told by the tests of this backend's own promises and by every test
//! of the application.

use std::sync::Arc;
use store::contract::Fresh;

async fn make_store() -> Fresh {
    let database = ground::Database::create().await;
    Fresh { store: Arc::new(database.walled_store().await), keep: Box::new(database) }
}

store::contract!(make_store);
