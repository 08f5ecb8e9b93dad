//! The use cases of Tocsin, one file each: what people and programs can ask of it, on any store.
//!
//! Each use case reads what it needs, lets `domain` decide, and commits facts, projections and the work that
//! follows in one [`store::Change`]. To add one: write a file named by its verb, take a proof of permission as the
//! first argument, and return a [`Trouble`] that a person can act on.

pub mod add_files;
pub mod addressed;
pub mod administration;
pub mod api_token;
pub mod backup;
pub mod calendar;
pub mod carried;
pub mod changing;
pub mod choices;
pub mod directory;
pub mod draft;
pub mod duties;
pub mod erase;
pub mod exclude;
pub mod export_case;
pub mod export_duties;
pub mod export_list;
pub mod factors;
pub mod files;
pub mod form;
pub mod gaps;
pub mod glass;
pub mod hand_over_link;
pub mod health;
pub mod home;
pub mod import;
pub mod inbox;
pub mod incidents;
pub mod issue_form;
pub mod jobs;
pub mod keep_file;
pub mod kept;
pub mod keys;
pub mod limits;
pub mod local_values;
pub mod mail;
pub mod moments;
pub mod organise;
pub mod packs;
pub mod papers;
pub mod participants;
pub mod places;
mod plain_form;
pub mod plans;
pub mod policies;
pub mod readiness;
pub mod receipt_mail;
pub mod record;
pub mod records;
pub mod register;
pub mod restore;
pub mod reviews;
pub mod rollups;
pub mod routing;
pub mod seal_log;
pub mod sealed;
pub mod sheets;
pub mod sign_by_link;
pub mod sign_in;
pub mod smtp;
pub mod spoken;
pub mod statistics;
pub mod status_page;
pub mod submit_report;
pub mod take_copy;
pub mod triage;
pub mod trouble;
pub mod unit_register;
pub mod verify;
pub mod viewer;
pub mod vote;
pub mod waive_duty;
pub mod what_if;
pub mod who_looked;
pub mod words;
pub mod workforce;

pub use issue_form::Typesetter;
pub use journal::Lookup as LookupPurpose;
pub use store::{DutyRow, DutyStanding, FileOwner, IncidentRow, IncidentState, MailState, ReportRow, ReportState};
pub use trouble::Trouble;

use directory::Directory;
use domain::ambient::{Clock, Random};
use domain::ids::TenantId;
use domain::time::Instant;
use journal::Keyring;
use packs::{Packs, Shelf};
use std::sync::{Arc, OnceLock, RwLock};
use store::Store;

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    keyring: RwLock<Arc<Keyring>>,
    packs: Shelf,
    directory: RwLock<Arc<Directory>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    typesetter: Arc<dyn Typesetter>,
    settings: Settings,
    looks: who_looked::Remembered,
    press: papers::Press,
    installation: OnceLock<Vec<health::Finding>>,
}

/// What an installation chooses.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that links in mails and on posters begin with, without a slash at the end.
    pub public_address: String,
    /// Folder for evidence files.
    pub files: std::path::PathBuf,
    /// Largest file, in bytes.
    pub file_limit: u64,
    /// Most files in one report.
    pub files_per_report: usize,
    /// Name of the log in checkpoints, such as `tocsin.example.gov/log`.
    pub log_origin: String,
    /// Folder outside the data folder to which checkpoints are copied.
    pub checkpoints: Option<std::path::PathBuf>,
    /// Where mail goes.
    pub mail: MailRoute,
    /// How much anyone may ask without an account.
    pub limits: limits::PublicLimits,
    /// What is wanted of staff at the door.
    pub sign_in: factors::SignInRules,
    /// Proxies in front of this installation: only they are believed when they name a caller.
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum MailRoute {
    /// Kept in the store and shown at `/demo/mail`: for demonstrations only.
    DemonstrationMailbox,
    /// To a server.
    Smtp(Box<smtp::MailServer>),
    /// No mail leaves: people look at their home page.
    None,
}

impl App {
    /// Wires an application and reads the organisation once.
    pub async fn new(
        store: Arc<dyn Store>,
        keyring: Arc<Keyring>,
        packs: Packs,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        typesetter: Arc<dyn Typesetter>,
        settings: Settings,
    ) -> Result<Self, Trouble> {
        let directory = Directory::read(store.as_ref(), &keyring).await?;
        let (keyring, directory) = (RwLock::new(keyring), RwLock::new(Arc::new(directory)));
        let looks = who_looked::Remembered::default();
        let press = papers::Press::default();
        let installation = OnceLock::new();
        let packs = Shelf::new(packs);
        let inner =
            Inner { store, keyring, packs, directory, clock, random, typesetter, settings, looks, press, installation };
        let app = Self { inner: Arc::new(inner) };
        app.settle_packs(&app.directory()).await?;
        Ok(app)
    }

    /// The store.
    pub fn store(&self) -> &dyn Store {
        self.inner.store.as_ref()
    }
    /// The keys.
    pub fn keyring(&self) -> Arc<Keyring> {
        self.inner.keyring.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
    /// Puts a keyring with more keys in place, after an agency was added.
    pub fn replace_keyring(&self, keyring: Arc<Keyring>) {
        *self.inner.keyring.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keyring;
    }
    /// The policies as they stand now; whoever holds them keeps them as they were.
    pub fn packs(&self) -> &Packs {
        self.inner.packs.present()
    }
    pub(crate) fn put_packs(&self, packs: Packs) {
        self.inner.packs.put(packs);
    }
    /// The organisation as last read.
    pub fn directory(&self) -> Arc<Directory> {
        self.inner.directory.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
    /// The time, asked once at the edge of a use case.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }
    /// The source of randomness.
    pub fn random(&self) -> &dyn Random {
        self.inner.random.as_ref()
    }
    pub(crate) fn remembered(&self) -> &who_looked::Remembered {
        &self.inner.looks
    }
    pub(crate) fn press(&self) -> &papers::Press {
        &self.inner.press
    }
    /// Makes documents, in a process of its own.
    pub fn typesetter(&self) -> &dyn Typesetter {
        self.inner.typesetter.as_ref()
    }
    /// Tells, once at start, what only the machine knows of this installation: where the root key lies, for one.
    pub fn tell_installation(&self, findings: Vec<health::Finding>) {
        // Told twice, the first telling stands.
        let _ = self.inner.installation.set(findings);
    }
    /// What was told of the installation at start.
    pub fn installation(&self) -> &[health::Finding] {
        self.inner.installation.get().map_or(&[], Vec::as_slice)
    }
    /// What the installation chose.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Reads the organisation and its policies again when something has changed since.
    pub async fn refresh_directory(&self, version: i64) -> Result<(), Trouble> {
        if self.directory().version != version {
            let fresh = Directory::read(self.store(), &self.keyring()).await?;
            self.settle_packs(&fresh).await?;
            *self.inner.directory.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        }
        Ok(())
    }

    /// A new identifier that sorts by time.
    pub fn draw<T: From<uuid::Uuid>>(&self) -> T {
        domain::ambient::draw_id(self.now(), self.random())
    }

    /// The keyed hash under which a secret, a name or a key is kept and found.
    pub fn lookup(&self, purpose: journal::Lookup, bytes: &[u8]) -> Result<[u8; 32], Trouble> {
        self.keyring().lookup_hash(purpose, bytes).map_err(|e| Trouble::fault("hashing for look-up", e))
    }

    /// Seals a small value of a row; `tenant` is `None` for rows of the installation.
    pub fn seal_box(
        &self,
        purpose: journal::BoxPurpose,
        tenant: Option<TenantId>,
        row: &[u8],
        value: &impl serde::Serialize,
    ) -> Result<Vec<u8>, Trouble> {
        let plain = serde_json::to_vec(value).map_err(|e| Trouble::fault("writing a sealed value", e))?;
        self.keyring()
            .seal_box(purpose, tenant, row, &plain, self.random())
            .map_err(|e| Trouble::fault("sealing a value", e))
    }

    /// Opens a small value of a row.
    pub fn open_box<T: serde::de::DeserializeOwned>(
        &self,
        purpose: journal::BoxPurpose,
        tenant: Option<TenantId>,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<T, Trouble> {
        record::open_box(&self.keyring(), (purpose, tenant), row, sealed)
    }

    /// Sixteen or more unguessable bytes.
    pub fn secret<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random().fill(&mut bytes);
        bytes
    }
}
