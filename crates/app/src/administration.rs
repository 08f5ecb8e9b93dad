//! Keeping an agency while the product runs: people, roles, units and tokens. Every change is decided by a right, made on
//! what stands in the store at that moment, and appended to the agency's administration stream in the same commit.

pub mod links;
pub mod people;
pub mod record;
pub mod roles;
pub mod tokens;
pub mod units;

use crate::changing::Attempts;
use crate::directory::Directory;
use crate::record::{Cause, Tip, open, seal};
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, TenantId};
use domain::organisation::workforce::Workforce;
use domain::permission::{Action, Allowed, Object, Reading, Viewer, decide};
use domain::time::Instant;
use journal::Digest;
use record::{Event, stream_of};
use serde::{Deserialize, Serialize};
use store::{AccountRow, Change, JournalRow, RowChange};

/// The name of the setting that says where the administration stream ends, so that no change reads it from the start.
const TIP: &str = "administration-tip";

#[derive(Serialize, Deserialize)]
struct KeptTip {
    version: u32,
    head: Digest,
}

/// One line of the administration journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its place in the stream, from 1.
    pub version: u32,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// What; `None` when the entry was lawfully erased.
    pub event: Option<Event>,
}

/// What a change is decided on: the organisation and, where it concerns one person, their account.
pub struct Standing<'a> {
    /// The organisation as it stands.
    pub directory: &'a Directory,
    /// The account, where one was named.
    pub account: Option<AccountRow>,
    /// The workforce, where it was asked for.
    pub workforce: Option<Workforce>,
    /// The moment.
    pub now: Instant,
}

impl App {
    /// The right to do something with the agency as a whole. Somebody whose administrator's role reaches only a part
    /// of the agency does not have it.
    pub fn allow_administering(&self, viewer: &Viewer, action: Action) -> Result<Allowed, Trouble> {
        let head = self.directory().head_of(viewer.tenant).ok_or(Trouble::NotFound)?;
        Ok(decide(viewer, action, Object::Unit { tenant: viewer.tenant, unit: head }, Section::Officer)?)
    }

    /// Decides and makes a change, anew when somebody else changed the agency in between.
    pub(crate) async fn administer(
        &self,
        tenant: TenantId,
        by: Actor,
        person: Option<AccountId>,
        decided: impl Fn(&Standing<'_>) -> Result<(Change, Vec<Event>), Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer_on(tenant, by, person, false, decided).await
    }

    /// As [`App::administer`], on the list of the workforce as well.
    pub(crate) async fn administer_on(
        &self,
        tenant: TenantId,
        by: Actor,
        person: Option<AccountId>,
        workforce: bool,
        decided: impl Fn(&Standing<'_>) -> Result<(Change, Vec<Event>), Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        let (mut attempts, mut again) = (Attempts::default(), false);
        loop {
            // The end of the stream is read before what the decision rests on: whatever changes after this is noticed.
            let tip = self.administration_tip(tenant, again).await?;
            self.reload().await?;
            let directory = self.directory();
            let account = match person {
                Some(id) => Some(self.account_of(&directory, tenant, id).await?),
                None => None,
            };
            let workforce = if workforce { Some(self.workforce_of(tenant).await?) } else { None };
            let now = self.now();
            let standing = Standing { directory: &directory, account, workforce, now };
            let (mut change, events) = decided(&standing)?;
            if events.is_empty() {
                return Ok(());
            }
            let cause = Cause { tenant, actor: by, at: now, edition: None };
            let append = seal(self, stream_of(tenant), tip, &cause, &events, |_| Ok(Vec::new()))?;
            let end = append.rows.last().map_or(tip, |row| Tip { version: row.version, head: Digest(row.hash) });
            let kept = serde_json::to_vec(&KeptTip { version: end.version, head: end.head })
                .map_err(|e| Trouble::fault("noting the end of a stream", e))?;
            change.appends.push(append);
            change.rows.push(RowChange::Setting(Some(tenant), TIP.to_owned(), Some(kept)));
            if attempts.commit(self, change).await? {
                return self.reload().await;
            }
            again = true;
        }
    }

    async fn account_of(
        &self,
        directory: &Directory,
        tenant: TenantId,
        person: AccountId,
    ) -> Result<AccountRow, Trouble> {
        let known = directory.person(person).filter(|p| p.tenant == tenant).ok_or(Trouble::NotFound)?;
        let row = self.store().account_by_login(&self.login_hash(&known.profile.email)?).await?;
        row.filter(|row| row.id == person && row.tenant == tenant).ok_or(Trouble::NotFound)
    }

    /// Where the stream ends. `surely` reads on from the kept place, for when that place turned out to be behind.
    async fn administration_tip(&self, tenant: TenantId, surely: bool) -> Result<Tip, Trouble> {
        let kept = self.store().setting(Some(tenant), TIP).await?;
        let kept: Option<KeptTip> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let tip = kept.map_or(Tip::START, |kept| Tip { version: kept.version, head: kept.head });
        if !surely && tip.version > 0 {
            return Ok(tip);
        }
        let newer = self.store().read_stream(tenant, stream_of(tenant), tip.version).await?;
        Ok(newer.last().map_or(tip, |row| Tip { version: row.version, head: Digest(row.hash) }))
    }

    /// The administration journal, newest first, at most `limit` lines before a line; and where the next page begins.
    pub async fn administration_journal(
        &self,
        may: &Allowed,
        before: Option<u32>,
        limit: u32,
    ) -> Result<(Vec<Entry>, Option<u32>), Trouble> {
        if may.action() != Action::ReadAdministration {
            return Err(Trouble::NotFound);
        }
        let tenant = may.tenant();
        let end = match before {
            Some(before) => before.saturating_sub(1),
            None => self.administration_tip(tenant, false).await?.version,
        };
        let rows = self.store().read_stream(tenant, stream_of(tenant), end.saturating_sub(limit)).await?;
        let reading = Reading::by_the_product(stream_of(tenant), tenant);
        let keyring = self.keyring();
        let entry = |row: &JournalRow| {
            let opened = open::<Event>(&keyring, row, &reading)?;
            let header = opened.header;
            Ok(Entry { version: row.version, by: header.actor, at: header.at, event: opened.event })
        };
        let page = rows.iter().filter(|row| before.is_none_or(|before| row.version < before));
        let mut entries = page.map(entry).collect::<Result<Vec<_>, Trouble>>()?;
        entries.reverse();
        let next = entries.last().map(|entry| entry.version).filter(|lowest| *lowest > 1);
        Ok((entries, next))
    }

    /// Reads the organisation again when it has changed.
    pub(crate) async fn reload(&self) -> Result<(), Trouble> {
        let version = self.store().directory_version().await?;
        self.refresh_directory(version).await
    }
}

/// The right that a change needs, held to what it is about.
pub(crate) fn held(may: &Allowed) -> Result<(TenantId, Actor), Trouble> {
    if may.action() == Action::Administer {
        Ok((may.tenant(), Actor::Account(may.by())))
    } else {
        Err(Trouble::NotFound)
    }
}
