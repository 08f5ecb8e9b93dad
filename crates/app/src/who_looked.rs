//! Who looked into a case: an entry per person and hour on a stream beside the case, so that looking is on record and
//! reading a page ten times fills no book.

use crate::changing::Attempts;
use crate::record::{Cause, Recordable, Tip, open, seal};
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, StreamId, TenantId};
use domain::permission::{Action, Allowed, Reading};
use domain::time::Instant;
use journal::Digest;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Mutex;
use store::Change;

/// Somebody who looks again within the same hour is not written down again.
const HOUR_MICROS: i64 = 3_600_000_000;
/// Recent looks kept in memory, so that most pages ask the store nothing; beyond this many it starts over.
const REMEMBERED: usize = 20_000;

/// What this process has already written down: stream, person, hour.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashSet<(StreamId, AccountId, i64)>>);

/// What can happen on the stream of looks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody opened a page of the case.
    Looked,
    /// Somebody took a copy out of the product.
    TookCopy {
        /// Of what, such as the reference of a document.
        of: String,
    },
}

impl Event {
    /// What was taken out, when something was.
    fn copy(&self) -> Option<String> {
        match self {
            Self::TookCopy { of } => Some(of.clone()),
            Self::Looked => None,
        }
    }
}

impl Recordable for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Looked => "access.looked",
            Self::TookCopy { .. } => "access.took_copy",
        }
    }
    fn section(&self) -> Section {
        Section::Officer
    }
}

/// One line of who looked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// Who.
    pub by: Actor,
    /// When, for the first time in that hour.
    pub at: Instant,
    /// What was taken out, when something was.
    pub copy: Option<String>,
}

/// The stream of looks that belongs to a case: its own id, so that looking never moves the case's version.
fn beside(case: StreamId) -> StreamId {
    let digest = Digest::of_parts(&[b"tocsin/who-looked", case.bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    StreamId::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl App {
    /// Writes down that somebody looked into the case that `may` is about.
    pub async fn note_look(&self, may: &Allowed) -> Result<(), Trouble> {
        let Some(case) = may.stream() else { return Ok(()) };
        let hour = self.now().micros() / HOUR_MICROS;
        let key = (case, may.by(), hour);
        if self.remembered().0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(&key) {
            return Ok(());
        }
        self.write_look(case, may.tenant(), may.by(), &Event::Looked).await?;
        let mut known = self.remembered().0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key);
        Ok(())
    }

    /// Writes down that somebody took a copy.
    pub async fn note_copy(&self, may: &Allowed, of: &str) -> Result<(), Trouble> {
        let Some(case) = may.stream() else { return Ok(()) };
        self.write_look(case, may.tenant(), may.by(), &Event::TookCopy { of: of.to_owned() }).await.map(|_| ())
    }

    /// Writes an entry, unless it only says again what this hour knows; gives the looks there are then, oldest first.
    async fn write_look(
        &self,
        case: StreamId,
        tenant: TenantId,
        by: AccountId,
        event: &Event,
    ) -> Result<Vec<Look>, Trouble> {
        let stream = beside(case);
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let (mut looks, tip) = self.read_looks(tenant, stream).await?;
            let this_hour = |look: &Look| look.at.micros() / HOUR_MICROS == now.micros() / HOUR_MICROS;
            let known = looks.iter().rev().any(|l| l.by == Actor::Account(by) && l.copy.is_none() && this_hour(l));
            if known && *event == Event::Looked {
                return Ok(looks);
            }
            let cause = Cause { tenant, actor: Actor::Account(by), at: now, edition: None };
            let append = seal(self, stream, tip, &cause, std::slice::from_ref(event), |_| Ok(Vec::new()))?;
            if attempts.commit(self, Change { appends: vec![append], ..Change::default() }).await? {
                looks.push(Look { by: Actor::Account(by), at: now, copy: event.copy() });
                return Ok(looks);
            }
        }
    }

    async fn read_looks(&self, tenant: TenantId, stream: StreamId) -> Result<(Vec<Look>, Tip), Trouble> {
        let rows = self.store().read_stream(tenant, stream, 0).await?;
        let reading = Reading::by_the_product(stream, tenant);
        let keyring = self.keyring();
        let mut looks = Vec::with_capacity(rows.len());
        for row in &rows {
            let opened = open::<Event>(&keyring, row, &reading)?;
            let copy = opened.event.as_ref().and_then(Event::copy);
            looks.push(Look { by: opened.header.actor, at: opened.header.at, copy });
        }
        let tip = rows.last().map_or(Tip::START, |row| Tip { version: row.version, head: Digest(row.hash) });
        Ok((looks, tip))
    }

    /// Who looked into a case, newest first, this look included. For whoever may read the officer's part of it.
    pub async fn who_looked(&self, may: &Allowed) -> Result<Vec<Look>, Trouble> {
        let case = may.stream().ok_or(Trouble::NotFound)?;
        if may.action() != Action::Read || may.section() != Section::Officer {
            return Err(Trouble::NotFound);
        }
        let mut looks = self.write_look(case, may.tenant(), may.by(), &Event::Looked).await?;
        looks.reverse();
        Ok(looks)
    }
}
