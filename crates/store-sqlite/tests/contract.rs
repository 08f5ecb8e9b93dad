//! The contract that every backend passes, on the embedded store.

use std::sync::Arc;
use store::contract::Fresh;
use tocsin_store_sqlite::SqliteStore;

async fn make_store() -> Fresh {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let store = SqliteStore::open(&folder.path().join("tocsin.db")).expect("an empty store");
    Fresh { store: Arc::new(store), keep: Box::new(folder) }
}

store::contract!(make_store);
