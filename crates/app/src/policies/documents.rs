//! Documents that a policy refers to and that an administrator supplies: kept sealed with version and date, offered where
//! the policy would use them, and named as not supplied until then.

use super::kept::Supplied;
use super::reassess::Because;
use crate::administration::{held, record::Event};
use crate::{App, Trouble};
use domain::ids::TenantId;
use domain::pack::{MissingDocument, ShownOn, SlotId};
use domain::permission::Allowed;
use jiff::civil::Date;
use journal::{BoxPurpose, Digest};
use store::{Change, RowChange};

/// The largest document, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// A document that a policy refers to, and what was supplied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// What the policy refers to.
    pub document: MissingDocument,
    /// The policy, by title.
    pub policy: String,
    /// The version that is used; `None` while it is not supplied.
    pub supplied: Option<Supplied>,
    /// Versions before, newest first.
    pub earlier: Vec<Supplied>,
}

/// What somebody supplies.
#[derive(Clone, Debug)]
pub struct Handed<'a> {
    /// Its version, as printed on it.
    pub version: &'a str,
    /// Since when it is in force.
    pub in_force: Date,
    /// The name of the file.
    pub file: &'a str,
    /// The file.
    pub bytes: &'a [u8],
}

fn setting(digest: &str) -> String {
    format!("policy-document/{digest}")
}

impl App {
    /// The documents that the policies in force refer to, each once.
    pub fn slots(&self, tenant: TenantId) -> Vec<Slot> {
        let kept = self.kept(tenant);
        let mut slots: Vec<Slot> = Vec::new();
        for pack in self.governing_today(tenant) {
            for document in &pack.missing {
                if slots.iter().all(|slot| slot.document.id != document.id) {
                    let mut versions = kept.documents.get(&document.id).cloned().unwrap_or_default();
                    versions.reverse();
                    let mut versions = versions.into_iter();
                    slots.push(Slot {
                        document: document.clone(),
                        policy: pack.title.clone(),
                        supplied: versions.next(),
                        earlier: versions.collect(),
                    });
                }
            }
        }
        slots
    }

    /// The documents that a page offers.
    pub fn slots_on(&self, tenant: TenantId, page: ShownOn) -> Vec<Slot> {
        self.slots(tenant).into_iter().filter(|slot| slot.document.shown_on.contains(&page)).collect()
    }

    /// Supplies a document, or its next version. Earlier versions stay.
    pub async fn supply_document(&self, may: &Allowed, slot: &SlotId, handed: &Handed<'_>) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let refused = |words: &str| Err(Trouble::Refused(words.to_owned()));
        if !self.slots(tenant).iter().any(|known| known.document.id == *slot) {
            return Err(Trouble::NotFound);
        }
        let version = handed.version.trim();
        if version.is_empty() || version.chars().count() > 80 {
            return refused("Write the version that is printed on it, in at most 80 characters.");
        }
        if handed.bytes.is_empty() {
            return refused("Choose the file.");
        }
        if handed.bytes.len() > LARGEST {
            return refused("The file is larger than 4 MB. Supply a smaller one, such as a PDF without pictures.");
        }
        let digest = data_encoding::HEXLOWER.encode(&Digest::of(handed.bytes).0);
        let name = setting(&digest);
        let sealed = self
            .keyring()
            .seal_box(BoxPurpose::Policy, Some(tenant), name.as_bytes(), handed.bytes, self.random())
            .map_err(|e| Trouble::fault("sealing a document", e))?;
        let file: String = handed.file.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(120).collect();
        let file = file.replace(|c: char| c.is_control() || matches!(c, '"' | ';'), "_");
        self.keep(tenant, by, |kept, standing| {
            let versions = kept.documents.entry(slot.clone()).or_default();
            if versions.iter().any(|known| known.version == version) {
                let words = "There is a version of this name already. Each version has a name of its own.";
                return Err(Trouble::Refused(words.to_owned()));
            }
            versions.push(Supplied {
                version: version.to_owned(),
                in_force: handed.in_force,
                file: if file.is_empty() { "document".to_owned() } else { file.clone() },
                size: handed.bytes.len() as u64,
                digest: digest.clone(),
                by: may.by(),
                at: standing.now,
            });
            let event = Event::DocumentSupplied {
                slot: slot.clone(),
                version: version.to_owned(),
                in_force: handed.in_force,
                digest: digest.clone(),
            };
            let rows = vec![RowChange::Setting(Some(tenant), name.clone(), Some(sealed.clone()))];
            let jobs = vec![self.reassessing(tenant, Because::Document, standing.now)?];
            Ok((Change { rows, jobs, ..Change::default() }, vec![event]))
        })
        .await
    }

    /// A version of a document, held to its digest.
    pub async fn document(
        &self,
        tenant: TenantId,
        slot: &SlotId,
        digest: &str,
    ) -> Result<(Supplied, Vec<u8>), Trouble> {
        let kept = self.kept(tenant);
        let versions = kept.documents.get(slot).ok_or(Trouble::NotFound)?;
        let version = versions.iter().find(|version| version.digest == digest).ok_or(Trouble::NotFound)?;
        let name = setting(digest);
        let sealed = self.store().setting(Some(tenant), &name).await?;
        let sealed = sealed.ok_or_else(|| Trouble::fault("reading a document", "it is missing"))?;
        let bytes = self
            .keyring()
            .open_box(BoxPurpose::Policy, Some(tenant), name.as_bytes(), &sealed)
            .map_err(|e| Trouble::fault("opening a document", e))?;
        Ok((version.clone(), bytes.to_vec()))
    }
}
