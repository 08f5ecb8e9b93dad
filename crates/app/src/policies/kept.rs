//! The row: what stands of an agency's own policy matters, sealed, one for each agency.

use super::text;
use crate::administration::Standing;
use crate::administration::record::Event;
use crate::directory::Directory;
use crate::packs::{Editions, Packs};
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId};
use domain::pack::{
    Capacity, LocalId, Pack, PackId, PackKind, RoleId, SeriesId, SlotId, Words, WorkforceId, WorkforceKind,
};
use domain::time::Instant;
use jiff::civil::Date;
use journal::{BoxPurpose, Keyring};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Change, RowChange, Store};

/// The name of the setting.
const NAME: &str = "policies";

/// What an agency keeps.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Texts that were proposed, oldest first, whatever became of them.
    pub texts: Vec<Text>,
    /// Its own values where a policy leaves one open. What is left out keeps the pack's default.
    pub values: BTreeMap<LocalId, u32>,
    /// Documents that were supplied, each slot's oldest first.
    pub documents: BTreeMap<SlotId, Vec<Supplied>>,
    /// Kinds of workforce besides those of its policies.
    pub workforce: Vec<AddedKind>,
    /// What was said about an edition whose own date has passed.
    pub statements: BTreeMap<PackId, Statement>,
}

/// A text of policy that somebody handed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Text {
    /// SHA-256 of the text, hexadecimal: its name on pages and in entries.
    pub digest: String,
    /// The edition it is.
    pub pack: PackId,
    /// Its series.
    pub series: SeriesId,
    /// Its title.
    pub title: String,
    /// Policy or law.
    pub kind: PackKind,
    /// From which day it is to be in force; once approved, from which day it is.
    pub from: Date,
    /// Who proposed it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// Why.
    pub note: String,
    /// The capacity of the office whose approval the policy asks for.
    #[serde(default)]
    pub needs: Option<Capacity>,
    /// The approval of the office that the policy names, once it is on record.
    pub authority: Option<Authority>,
    /// What became of it.
    pub fate: Fate,
}

/// The approval of an office.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// The role, as the policy calls it.
    pub role: RoleId,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// What became of a proposed text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It waits for a second administrator.
    Proposed,
    /// It is in force from its day.
    Approved {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
    /// A second administrator said no.
    Declined {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
    /// Whoever proposed it took it back.
    Withdrawn {
        /// When.
        at: Instant,
    },
}

/// One version of a document that a policy refers to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Supplied {
    /// Its version, as printed on it.
    pub version: String,
    /// Since when it is in force, as its issuer says.
    pub in_force: Date,
    /// The name of the file.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Who supplied it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// A kind of workforce that an administrator added.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddedKind {
    /// Its id.
    pub id: WorkforceId,
    /// What people read.
    pub label: Words,
}

/// What an administrator said about an edition whose sunset or last day has passed or is near.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// Until when its issuer extended it; `None` where it was said to be in force without a date.
    pub until: Option<Date>,
    /// What shows it, in words.
    pub says: String,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

impl Kept {
    /// A text by the beginning of its digest.
    pub fn text(&self, digest: &str) -> Option<&Text> {
        let long = digest.len() >= 12;
        self.texts.iter().rev().find(|text| long && text.digest.starts_with(digest))
    }

    /// The texts that were approved: in force from their day, and readable for good.
    pub fn approved(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| matches!(text.fate, Fate::Approved { .. }))
    }

    /// The texts that wait for somebody.
    pub fn waiting(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| text.fate == Fate::Proposed)
    }

    /// The version of a document that is used.
    pub fn document(&self, slot: &SlotId) -> Option<&Supplied> {
        self.documents.get(slot).and_then(|versions| versions.last())
    }

    /// A pack as it binds this agency.
    fn applied(&self, pack: &Arc<Pack>) -> Arc<Pack> {
        let own_kinds = pack.kind == PackKind::Policy && !self.workforce.is_empty();
        if !own_kinds && !pack.locals.iter().any(|local| self.values.contains_key(&local.id)) {
            return pack.clone();
        }
        let mut own = pack.with_locals(|id| self.values.get(id).copied());
        if own_kinds {
            let kind = |kind: &AddedKind| WorkforceKind {
                id: kind.id.clone(),
                label: kind.label.clone(),
                external: false,
                clauses: Vec::new(),
            };
            own.workforce.extend(self.workforce.iter().map(kind));
        }
        Arc::new(own)
    }
}

/// What an agency keeps, from the store. The directory holds it in memory.
pub(crate) async fn read(store: &dyn Store, keyring: &Keyring, tenant: TenantId) -> Result<Kept, Trouble> {
    let Some(sealed) = store.setting(Some(tenant), NAME).await? else { return Ok(Kept::default()) };
    let plain = keyring
        .open_box(BoxPurpose::Policy, Some(tenant), NAME.as_bytes(), &sealed)
        .map_err(|e| Trouble::fault("opening an agency's policies", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading an agency's policies", e))
}

impl App {
    /// What an agency keeps about its policies.
    pub fn kept(&self, tenant: TenantId) -> Kept {
        self.directory().agency(tenant).map(|agency| agency.kept.clone()).unwrap_or_default()
    }

    /// Changes what an agency keeps, with an entry that says what was changed.
    pub(crate) async fn keep(
        &self,
        tenant: TenantId,
        by: Actor,
        decided: impl Fn(&mut Kept, &Standing<'_>) -> Result<(Change, Vec<Event>), Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer(tenant, by, None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            let mut kept = agency.kept.clone();
            let (mut change, events) = decided(&mut kept, standing)?;
            if kept != agency.kept {
                let sealed = self.seal_box(BoxPurpose::Policy, Some(tenant), NAME.as_bytes(), &kept)?;
                change.rows.push(RowChange::Setting(Some(tenant), NAME.to_owned(), Some(sealed)));
            }
            Ok((change, events))
        })
        .await
    }

    /// Puts the policies in place that follow from what agencies keep, where that has changed.
    pub(crate) async fn settle_packs(&self, directory: &Directory) -> Result<(), Trouble> {
        let (before, keyring) = (self.directory(), self.keyring());
        if let Some(packs) = settle(self.store(), &keyring, self.packs(), &before, directory).await? {
            self.put_packs(packs);
        }
        Ok(())
    }
}

/// The policies that follow from what agencies keep; `None` where none keeps anything of its own. What has not changed
/// since `before` is taken as it is.
pub(crate) async fn settle(
    store: &dyn Store,
    keyring: &Keyring,
    present: &Packs,
    before: &Directory,
    directory: &Directory,
) -> Result<Option<Packs>, Trouble> {
    let mut own = HashMap::new();
    for agency in directory.agencies() {
        let kept = &agency.kept;
        let same = before.agency(agency.id).is_some_and(|known| same_packs(&known.kept, kept));
        if let (true, Some(editions)) = (same, present.own(agency.id)) {
            own.insert(agency.id, editions.clone());
            continue;
        }
        if kept.approved().next().is_none() && kept.values.is_empty() && kept.workforce.is_empty() {
            continue;
        }
        let mut packs: Vec<Arc<Pack>> = present.shipped().all().iter().map(|pack| kept.applied(pack)).collect();
        let mut written = Vec::new();
        for text in kept.approved() {
            match text::files_of(store, keyring, agency.id, text).await.and_then(|files| text::compile(&files, text)) {
                Ok(pack) => {
                    let pack = Arc::new(pack);
                    packs.push(kept.applied(&pack));
                    written.push(pack);
                }
                // The others go on, and so does the work under them.
                Err(trouble) => tracing::error!(pack = %text.pack, %trouble, "a text in force could not be read"),
            }
        }
        own.insert(agency.id, Editions::new(packs).with_written(written));
    }
    let something = !own.is_empty() || present.any_own();
    Ok(something.then(|| present.with_agencies(own)))
}

/// Whether two states of an agency lead to the same packs.
fn same_packs(one: &Kept, other: &Kept) -> bool {
    one.values == other.values && one.workforce == other.workforce && one.approved().eq(other.approved())
}
