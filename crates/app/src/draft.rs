//! A half-written public report: raw answers per page, sealed, found by an unguessable token, kept for seven days.
//!
//! Nothing typed is judged here: what cannot be taken yet is kept as it was typed. The token is the only right to a
//! draft, and the key under which it is sent once: however often *Send* is pressed, there is one report and one receipt.

use crate::submit_report::{Filing, Receipt};
use crate::{App, Trouble, spoken};
use domain::actor::Actor;
use domain::ids::{TenantId, UnitId};
use domain::pack::{Language, RoleId};
use domain::report::{Reporter, Submission};
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Change, DraftRow, FileOwner, RowChange};

/// How long an untouched draft is kept, in seconds: seven days.
pub const KEPT_SECONDS: i64 = 7 * 24 * 3600;
/// How long the receipt stays at the draft's address after sending, in seconds: long enough for a lost signal or a
/// second press, short enough for a shared computer.
const RECEIPT_SECONDS: i64 = 24 * 3600;
/// Bytes of all raw answers of one draft.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Fields of one page as they were sent, in their order.
pub type Fields = Vec<(String, String)>;

/// A page of a draft.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Page {
    /// Counts the changes of this page, so that two windows do not overwrite each other unseen.
    pub seen: u32,
    /// What was typed and chosen.
    pub fields: Fields,
}

/// What a draft holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The unit at which it was begun.
    pub unit: UnitId,
    /// The language in which it was last written.
    pub language: Language,
    /// Begun by "The person I report to is involved".
    pub conflict: bool,
    /// Answers by page.
    pub pages: BTreeMap<String, Page>,
    /// Set once it was sent; the answers are gone then.
    pub sent: Option<Receipt>,
}

impl Draft {
    /// The fields of a page; none when it was never sent.
    pub fn fields(&self, page: &str) -> &[(String, String)] {
        self.pages.get(page).map_or(&[], |page| &page.fields)
    }
    /// How often a page was changed.
    pub fn seen(&self, page: &str) -> u32 {
        self.pages.get(page).map_or(0, |page| page.seen)
    }
    /// Puts the fields of a page in the place of what was there.
    pub fn put(&mut self, page: &str, fields: Fields) {
        let place = self.pages.entry(page.to_owned()).or_default();
        if place.fields != fields || place.seen == 0 {
            *place = Page { seen: place.seen + 1, fields };
        }
    }
    fn bytes(&self) -> usize {
        self.pages.values().flat_map(|page| &page.fields).map(|(name, value)| name.len() + value.len()).sum()
    }
}

/// A draft that somebody holds the token of.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// The token in its address.
    pub token: String,
    /// The agency.
    pub tenant: TenantId,
    /// Counts saves.
    pub version: u32,
    /// When it is removed.
    pub expires_at: Instant,
    /// What it holds.
    pub draft: Draft,
    key: [u8; 32],
}

impl OpenDraft {
    /// Whose its files are.
    pub const fn owner(&self) -> FileOwner {
        FileOwner::Draft(self.key)
    }
}

impl App {
    /// Begins a draft at a unit. Nothing else is asked and nothing is remembered about who began it.
    pub async fn begin_draft(&self, unit: UnitId, language: Language, conflict: bool) -> Result<OpenDraft, Trouble> {
        let tenant = self.directory().unit(unit).ok_or(Trouble::NotFound)?.tenant;
        let token = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<24>());
        let key = self.lookup(Lookup::Draft, token.as_bytes())?;
        let draft = Draft { unit, language, conflict, pages: BTreeMap::new(), sent: None };
        let expires_at = self.now().plus_seconds(KEPT_SECONDS);
        let open = OpenDraft { token, tenant, version: 1, expires_at, draft, key };
        if self.write_draft(&open, 0).await? { Ok(open) } else { Err(Trouble::Moved) }
    }

    /// The draft behind a token; not found when it was removed, has expired or never was.
    pub async fn draft(&self, token: &str) -> Result<OpenDraft, Trouble> {
        // Anything else was never drawn: it need not be hashed, whatever its length.
        if token.len() != 32 {
            return Err(Trouble::NotFound);
        }
        let key = self.lookup(Lookup::Draft, token.as_bytes())?;
        let row = self.store().draft(&key, self.now()).await?.ok_or(Trouble::NotFound)?;
        let draft = self.open_box(BoxPurpose::Draft, Some(row.tenant), &key, &row.sealed)?;
        let (tenant, version, expires_at) = (row.tenant, row.version, row.expires_at);
        Ok(OpenDraft { token: token.to_owned(), tenant, version, expires_at, draft, key })
    }

    /// Changes a draft. When another window saved first, the change is made again on what it saved, so that only
    /// windows that changed the same page can be in each other's way; `change` sees that by [`Draft::seen`].
    pub async fn change_draft<T>(
        &self,
        token: &str,
        mut change: impl FnMut(&mut Draft) -> T,
    ) -> Result<(OpenDraft, T), Trouble> {
        for _ in 0..crate::changing::ATTEMPTS {
            let mut open = self.draft(token).await?;
            let outcome = change(&mut open.draft);
            if open.draft.bytes() > MOST_BYTES {
                return Err(Trouble::Refused(
                    "a report can hold 32 MB of typed text; attach the rest as a file".into(),
                ));
            }
            let expected = open.version;
            open.version += 1;
            if open.draft.sent.is_none() {
                open.expires_at = self.now().plus_seconds(KEPT_SECONDS);
            }
            if self.write_draft(&open, expected).await? {
                return Ok((open, outcome));
            }
        }
        Err(Trouble::Moved)
    }

    async fn write_draft(&self, open: &OpenDraft, expected: u32) -> Result<bool, Trouble> {
        let sealed = self.seal_box(BoxPurpose::Draft, Some(open.tenant), &open.key, &open.draft)?;
        let (token, tenant, version, expires_at) = (open.key, open.tenant, open.version, open.expires_at);
        Ok(self.store().save_draft(DraftRow { token, tenant, version, expires_at, sealed }, expected).await?)
    }

    /// Sends a draft. Sending it again, whatever it held then, gives the same receipt.
    pub async fn send_draft(
        &self,
        open: &OpenDraft,
        submission: Submission,
        reporter: Option<Reporter>,
        chosen: Option<RoleId>,
    ) -> Result<Receipt, Trouble> {
        if let Some(receipt) = &open.draft.sent {
            return Ok(receipt.clone());
        }
        let receipt = self
            .submit_report(Filing {
                submission,
                reporter,
                by: Actor::Reporter,
                draft: Some(open.key),
                idempotency_key: Some(format!("draft/{}", open.token)),
                chosen,
            })
            .await?;
        // The report is durable. Should this write be lost, the key above still leads to the same receipt.
        let keep_receipt = |draft: &mut Draft| {
            draft.pages.clear();
            draft.sent = Some(receipt.clone());
        };
        let mut sent = open.clone();
        keep_receipt(&mut sent.draft);
        sent.expires_at = self.now().plus_seconds(RECEIPT_SECONDS);
        loop {
            let expected = match self.store().draft(&open.key, self.now()).await? {
                Some(row) => row.version,
                None => 0,
            };
            sent.version = expected + 1;
            if self.write_draft(&sent, expected).await? {
                return Ok(receipt);
            }
        }
    }

    /// Removes a draft with its files, at the wish of the person who wrote it.
    pub async fn remove_draft(&self, open: &OpenDraft) -> Result<(), Trouble> {
        for file in self.store().files_of(open.owner()).await? {
            self.remove_draft_file(open, file.id).await?;
        }
        let rows = vec![RowChange::RemoveDraft(open.key)];
        self.store().commit(Change { rows, ..Change::default() }).await?;
        Ok(())
    }

    /// Words that lead back to a draft: the same ones however often they are asked for, valid as long as the draft.
    pub async fn words_for_draft(&self, open: &OpenDraft) -> Result<String, Trouble> {
        let seed = self.lookup(Lookup::Draft, format!("words of {}", open.token).as_bytes())?;
        let words = spoken::from_seed(&seed);
        let key = self.words_key(&words)?;
        let sealed = self.seal_box(BoxPurpose::Draft, Some(open.tenant), &key, &open.token)?;
        let now = self.now();
        for _ in 0..crate::changing::ATTEMPTS {
            let expected = self.store().draft(&key, now).await?.map_or(0, |row| row.version);
            let row = DraftRow {
                token: key,
                tenant: open.tenant,
                version: expected + 1,
                expires_at: open.expires_at,
                sealed: sealed.clone(),
            };
            if self.store().save_draft(row, expected).await? {
                return Ok(words);
            }
        }
        Err(Trouble::Moved)
    }

    /// The token of the draft that words lead to. The caller counts attempts first.
    pub async fn draft_by_words(&self, typed: &str) -> Result<String, Trouble> {
        let words = spoken::normal(typed).ok_or(Trouble::NotFound)?;
        let key = self.words_key(&words)?;
        let row = self.store().draft(&key, self.now()).await?.ok_or(Trouble::NotFound)?;
        self.open_box(BoxPurpose::Draft, Some(row.tenant), &key, &row.sealed)
    }

    fn words_key(&self, words: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Draft, format!("words {words}").as_bytes())
    }

    /// Removes drafts that have expired, with their files; says how many files went. A worker calls it now and then.
    pub async fn purge_drafts(&self) -> Result<usize, Trouble> {
        let mut removed = 0;
        loop {
            let files = self.store().purge_drafts(self.now(), 200).await?;
            if files.is_empty() {
                return Ok(removed);
            }
            removed += files.len();
            for file in files {
                self.remove_bytes(file.id).await?;
            }
        }
    }
}
