//! Opening an installation: store, root key, keyring, policies, application.

use crate::configuration::{Configuration, Database};
use crate::machine::{SystemClock, SystemRandom};
use crate::render::ChildTypesetter;
use crate::wrong::Wrong;
use crate::{doctor, packs, root_key};
use app::App;
use std::sync::Arc;
use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

/// Opens the store, making it where there is none.
pub async fn store(database: &Database) -> Result<Arc<dyn Store>, Wrong> {
    Ok(match database {
        Database::Sqlite(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            Arc::new(SqliteStore::open(path)?)
        }
        Database::Postgres(url) => Arc::new(PostgresStore::connect(url).await?),
    })
}

/// Opens the store to read, also beside a server that writes to it. No store is made or changed by this.
pub async fn beside(database: &Database) -> Result<Arc<dyn Store>, Wrong> {
    match database {
        Database::Sqlite(path) if !path.exists() => {
            Err(Wrong::new(format!("there is no store at {}; name its folder with --data DIR", path.display())))
        }
        Database::Sqlite(path) => Ok(Arc::new(SqliteStore::open_read_only(path)?)),
        Database::Postgres(url) => Ok(Arc::new(PostgresStore::connect_read_only(url).await?)),
    }
}

/// Opens everything to read, also beside a server that writes to it: nothing can be changed through it.
pub async fn app_beside(configuration: &Configuration) -> Result<App, Wrong> {
    let store = beside(&configuration.database).await?;
    let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
    let keyring = Arc::new(app::keys::read_keyring(store.as_ref(), &root).await?);
    let (clock, chance, typesetter) = (Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(ChildTypesetter));
    let settings = configuration.settings.clone();
    Ok(App::new(store, keyring, packs::shipped()?, clock, chance, typesetter, settings).await?)
}

/// Opens everything. A database that has keys needs the root key they were made with; only an empty one gets a new key.
pub async fn app(configuration: &Configuration) -> Result<App, Wrong> {
    let store = store(&configuration.database).await?;
    let fresh = store.keys().await?.is_empty();
    let root = root_key::read(&configuration.root_key, fresh, &SystemRandom)?;
    let keyring = app::keys::open_keyring(store.as_ref(), &root, &SystemRandom).await?;
    let app = App::new(
        store,
        Arc::new(keyring),
        packs::shipped()?,
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        Arc::new(ChildTypesetter),
        configuration.settings.clone(),
    );
    let app = app.await?;
    app.tell_installation(doctor::root_key_checks(configuration));
    Ok(app)
}
