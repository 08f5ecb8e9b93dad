//! Verifying a store: is everything that was acknowledged still there, and unchanged? Streams by, names the first thing
//! that is wrong, and never writes.
//!
//! Four walks. The journal, stream by stream: chain, contents, replayed states, and the rows that lists show. The log,
//! place by place: leaves, tiles, checkpoints kept here and outside. The files. The kept counts. A server may go on
//! writing meanwhile: what looks wrong is read once more before it is said to be wrong.

mod counts;
mod files;
mod found;
mod journal_walk;
mod log_walk;
mod outside;
mod rows;

pub use found::{Checked, Found, Kind, Verdict};

use crate::Trouble;
use domain::ids::{IncidentId, ReportId, StreamId, TenantId};
use domain::organisation::AgencyProfile;
use domain::time::{Instant, Zone};
use found::Findings;
use journal::{Keyring, Weight};
use std::collections::HashMap;
use std::path::Path;
use store::{Fault, Store};

/// What a verification reads.
pub struct Sources<'a> {
    /// The store; opened to read only is enough.
    pub store: &'a dyn Store,
    /// The keys it was written with.
    pub keyring: &'a Keyring,
    /// Folder of the evidence files.
    pub files: &'a Path,
    /// Folder outside to which checkpoints were copied.
    pub checkpoints: Option<&'a Path>,
    /// Further checkpoints from elsewhere, such as the one in a backup.
    pub notes: &'a [String],
}

/// Says how far a long verification has come.
pub trait Progress: Send + Sync {
    /// So many entries, rows or files of a walk are done.
    fn at(&self, walk: &'static str, done: u64);
}

/// Nobody watches.
impl Progress for () {
    fn at(&self, _walk: &'static str, _done: u64) {}
}

/// Verifies everything. It fails only when the store cannot be read at all; what is wrong is in the verdict.
pub async fn verify(sources: &Sources<'_>, progress: &dyn Progress) -> Result<Verdict, Trouble> {
    let mut run = Run::new(sources, progress).await?;
    // Outside checkpoints are read before the store's newest one: the server publishes after it has committed.
    let outside = outside::read(&mut run)?;
    run.watched("walking the log", log_walk::walk, outside).await;
    let before = counts::stored(&run).await?;
    let counted = run.watched("walking the journal", journal_walk::walk, ()).await;
    if let Some(counted) = counted {
        run.watched("counting again", counts::compare, (before, counted)).await;
    }
    run.watched("walking the files", files::walk, ()).await;
    run.finish().await
}

/// A verification under way.
struct Run<'a> {
    store: &'a dyn Store,
    keyring: &'a Keyring,
    files: &'a Path,
    checkpoints: Option<&'a Path>,
    notes: &'a [String],
    progress: &'a dyn Progress,
    zones: HashMap<TenantId, Zone>,
    findings: Findings,
    checked: Checked,
    /// When the newest entry of the log was caused: older ones must be in the log too.
    newest_logged: Option<Instant>,
    /// The list of duties has been written for every incident; after a migration that takes a while.
    duties_are_whole: bool,
}

impl<'a> Run<'a> {
    async fn new(sources: &Sources<'a>, progress: &'a dyn Progress) -> Result<Self, Trouble> {
        let mut run = Self {
            store: sources.store,
            keyring: sources.keyring,
            files: sources.files,
            checkpoints: sources.checkpoints,
            notes: sources.notes,
            progress,
            zones: HashMap::new(),
            findings: Findings::default(),
            checked: Checked::default(),
            newest_logged: None,
            duties_are_whole: !sources.store.job_waits(crate::jobs::FILLING).await?,
        };
        if !run.duties_are_whole {
            let what = "the list of duties is still being written after an update: let it be served, and verify again";
            run.findings.say(Kind::Unchecked, what.to_owned());
        }
        for row in run.store.directory().await?.tenants {
            match serde_json::from_slice::<AgencyProfile>(&row.body) {
                Ok(profile) => drop(run.zones.insert(row.id, profile.zone)),
                Err(_) => {
                    run.findings.say(Kind::Unreadable, format!("the row of the agency {} cannot be read", row.code))
                }
            }
        }
        Ok(run)
    }

    fn zone(&self, tenant: TenantId) -> Zone {
        self.zones.get(&tenant).cloned().unwrap_or_else(Zone::utc)
    }

    /// Takes a walk. A row that cannot even be read ends that walk and not the others.
    async fn watched<I, T>(
        &mut self,
        doing: &'static str,
        walk: impl AsyncFnOnce(&mut Self, I) -> Result<T, Fault>,
        input: I,
    ) -> Option<T> {
        match walk(self, input).await {
            Ok(done) => Some(done),
            Err(fault) => {
                let sentence = format!("{doing} stopped, since something stored cannot be read: {}", fault.source);
                self.findings.say(Kind::Unreadable, sentence);
                None
            }
        }
    }

    async fn finish(mut self) -> Result<Verdict, Trouble> {
        let mut findings = std::mem::take(&mut self.findings);
        findings.order();
        for found in findings.kept.iter_mut() {
            self.place(found).await;
        }
        let altered = |found: &&Found| found.weight == Weight::Altered;
        let first = findings.kept.iter().filter(altered).filter_map(|found| found.index).min();
        let outcome = findings.heaviest();
        let proved = match (first, findings.log_unsure) {
            (Some(first), _) => first,
            (None, true) => 0,
            (None, false) => self.checked.log,
        };
        Ok(Verdict { outcome, proved, checked: self.checked, more: findings.more, findings: findings.kept })
    }

    /// Completes a finding: its place in the log, the reference on paper, the sentence.
    async fn place(&self, found: &mut Found) {
        let Some(stream) = found.stream else { return found.name() };
        if let (None, Some(version)) = (found.index, found.version) {
            let indexes = self.store.log_indexes(&[(stream, version)]).await.unwrap_or_default();
            found.index = indexes.first().copied().flatten();
        }
        found.reference = self.reference(stream).await.or(found.reference.take());
        found.name();
    }

    async fn reference(&self, stream: StreamId) -> Option<String> {
        for tenant in self.zones.keys() {
            if let Ok(Some(row)) = self.store.report(*tenant, ReportId::from(stream)).await {
                return Some(format!("report {}", row.reference));
            }
            if let Ok(Some(row)) = self.store.incident(*tenant, IncidentId::from(stream)).await {
                return Some(format!("incident {}", row.reference));
            }
        }
        None
    }
}
