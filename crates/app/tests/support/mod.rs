//! An installation in a folder that disappears with the test: one agency, a unit, the shipped policies, a clock that
//! stands still.

#![allow(dead_code, reason = "each test uses another part of it")]

use domain::ambient::{Clock, Random};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{SeriesId, Words};
use domain::permission::{Grant, Role, Viewer};
use domain::time::{Instant, Zone};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use tocsin_app::packs::Packs;
use tocsin_app::{App, MailRoute, Settings};

/// 20 November 2026, noon UTC.
pub const NOW: i64 = 1_795_176_000_000_000;

#[allow(dead_code, reason = "each test program uses what it needs")]
pub struct World {
    pub app: App,
    pub tenant: TenantId,
    pub head: UnitId,
    pub unit: UnitId,
    pub other_unit: UnitId,
    _folder: TempDir,
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::from_micros(NOW)
    }
}

/// Different bytes at every draw, the same ones in every run.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

struct NoTypesetter;

#[async_trait::async_trait]
impl tocsin_app::Typesetter for NoTypesetter {
    async fn typeset(&self, _: documents::Job) -> Result<Vec<u8>, tocsin_app::Trouble> {
        Err(tocsin_app::Trouble::Refused("no document is set in these tests".to_owned()))
    }
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn policies() -> Packs {
    let root = repository().join("policy");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the policy folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                sources.push(policy::Source { path: name, text: std::fs::read_to_string(&path).expect("text") });
            }
        }
    }
    Packs::new(policy::compile_set(&sources).expect("the shipped policies compile"))
}

pub async fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let store: Arc<SqliteStore> = Arc::new(SqliteStore::open(&folder.path().join("tocsin.db")).expect("a store"));
    let random = Arc::new(Counted(AtomicU64::new(1)));
    let root = journal::RootKey::generate(random.as_ref());
    let keyring = tocsin_app::keys::open_keyring(store.as_ref(), &root, random.as_ref()).await.expect("keys");
    let settings = Settings {
        public_address: "https://tocsin.example.gov".to_owned(),
        files: folder.path().join("files"),
        file_limit: 1_000_000,
        files_per_report: 5,
        log_origin: "tocsin.example.gov/log".to_owned(),
        checkpoints: None,
        mail: MailRoute::None,
        limits: tocsin_app::limits::PublicLimits::default(),
        trusted_proxies: Vec::new(),
    };
    let app = App::new(store, Arc::new(keyring), policies(), Arc::new(Still), random, Arc::new(NoTypesetter), settings)
        .await
        .expect("an application");
    let words = |text: &str| Words { en: text.to_owned(), es: text.to_owned() };
    let profile = AgencyProfile {
        name: words("Department of Mental Health"),
        zone: Zone::named("America/Chicago").expect("a zone"),
        policies: vec![SeriesId::parse("us-mo/dmh").expect("a series")],
        edition: None,
        phone: "573-555-0142".to_owned(),
        help_desk: None,
    };
    let (tenant, head) = app.add_agency("DMH", &profile).await.expect("an agency");
    let unit =
        |name: &str| UnitProfile { name: words(name), kind: UnitKind::Facility, phone: None, policies: Vec::new() };
    let other_unit = app.add_unit(tenant, head, "OAK", &unit("Oak Grove Hospital")).await.expect("a unit");
    let unit = app.add_unit(tenant, head, "RVB", &unit("Riverbend Center")).await.expect("a unit");
    World { app, tenant, head, unit, other_unit, _folder: folder }
}

impl World {
    /// A local officer of some units, or of the whole agency.
    pub fn officer(&self, units: Option<&[UnitId]>) -> Viewer {
        self.viewer_as(Role::LocalOfficer, units)
    }

    /// Somebody in a role for some units, or for the whole agency.
    #[allow(dead_code, reason = "each test program uses what it needs")]
    pub fn viewer_as(&self, role: Role, units: Option<&[UnitId]>) -> Viewer {
        let grant = Grant {
            role,
            units: units.unwrap_or_default().to_vec(),
            whole_agency: units.is_none(),
            from: Instant::from_micros(0),
            until: None,
        };
        Viewer {
            account: self.app.draw::<AccountId>(),
            tenant: self.tenant,
            grants: vec![grant],
            now: Instant::from_micros(NOW),
        }
    }
}
