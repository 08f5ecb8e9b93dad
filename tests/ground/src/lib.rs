//! The ground that tests stand on: an empty store of either kind, the shipped packs, a clock in the test's hand.
//!
//! Tests of rules, screens and the API say nothing of a backend. They run on the embedded store, and all of them once
//! more on PostgreSQL when [`STORE`] says so; `cargo xtask check` does both.

mod database;
mod hands;
mod packs;
mod world;

pub use database::{Database, SERVER};
pub use hands::{Counting, Hand, NoTypesetter, Press, Words, words};
pub use packs::{packs, packs_of, repository};
pub use world::{NOW, World, world, world_at};

use app::packs::Packs;
use app::{App, MailRoute, Settings, Typesetter};
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// The variable that chooses the store: `embedded` (also when unset) or `postgres`.
pub const STORE: &str = "TOCSIN_TEST_STORE";

/// An empty store and a folder, both gone with this value.
pub struct Ground {
    /// The store, for tests that look behind the application.
    pub store: Arc<dyn Store>,
    folder: TempDir,
    _database: Option<Database>,
}

impl Ground {
    /// An empty store of the kind that [`STORE`] names. A missing PostgreSQL fails the test; it is never passed over.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, database): (Arc<dyn Store>, _) = match std::env::var(STORE).as_deref() {
            Err(_) | Ok("embedded") => {
                (Arc::new(SqliteStore::open(&folder.path().join("tocsin.db")).expect("a store")), None)
            }
            Ok("postgres") => {
                let database = Database::create().await;
                (Arc::new(database.store().await), Some(database))
            }
            Ok(other) => panic!("{STORE} is `{other}`; it can be `embedded` or `postgres`"),
        };
        Self { store, folder, _database: database }
    }

    /// A folder for files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Settings of a small installation.
    pub fn settings(&self) -> Settings {
        Settings {
            public_address: "https://tocsin.example.gov".to_owned(),
            files: self.folder().join("files"),
            file_limit: 1_000_000,
            files_per_report: 5,
            log_origin: "tocsin.example.gov/log".to_owned(),
            checkpoints: None,
            mail: MailRoute::None,
            limits: app::limits::PublicLimits::default(),
            sign_in: app::factors::SignInRules::OFFERED,
            trusted_proxies: Vec::new(),
        }
    }

    /// An application on this ground that typesets nothing.
    pub async fn app(&self, packs: Packs, clock: Arc<Hand>, settings: Settings) -> App {
        self.app_with(packs, clock, Arc::new(NoTypesetter), settings).await
    }

    /// An application on this ground.
    pub async fn app_with(
        &self,
        packs: Packs,
        clock: Arc<Hand>,
        typesetter: Arc<dyn Typesetter>,
        settings: Settings,
    ) -> App {
        let random = Arc::new(Counting::new());
        let root = journal::RootKey::generate(random.as_ref());
        let keyring = app::keys::open_keyring(self.store.as_ref(), &root, random.as_ref()).await.expect("keys");
        App::new(self.store.clone(), Arc::new(keyring), packs, clock, random, typesetter, settings)
            .await
            .expect("an application")
    }
}
