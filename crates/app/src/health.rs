//! How the installation stands, in plain words with the mending of each trouble: for `tocsin doctor` and for the
//! administrator's page.

use crate::{App, MailRoute, Trouble};
use domain::permission::{Action, Allowed};
use domain::time::Instant;
use journal::Header;
use serde::Serialize;
use store::{MailRow, MailState, Store};

/// How something stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Good,
    /// Something could be better.
    Advice,
    /// Something is wrong.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// Its name.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    /// As it should be.
    pub fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Good, found: found.into(), mend: None }
    }
    /// Something could be better.
    pub fn advice(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, state: State::Advice, found: found.into(), mend: Some(mend.into()) }
    }
    /// Something is wrong.
    pub fn bad(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, state: State::Bad, found: found.into(), mend: Some(mend.into()) }
    }
    /// The store cannot answer.
    fn unreadable(name: &'static str, fault: &store::Fault) -> Self {
        Self::bad(name, fault.to_string(), "Run tocsin verify: the store cannot be read as a whole.")
    }
}

/// Entries wait this many seconds for the log at most, while a server runs.
const SEALED_WITHIN: i64 = 300;
/// Work that is older than this many seconds is late.
const WORK_WITHIN: i64 = 600;
/// No installation is older than the program: 2025-01-01.
const OLDEST_DAY: i64 = 1_735_689_600_000_000;
/// Messages looked through for those in trouble.
const MESSAGES: u32 = 200;

/// Whether the store answers at all; the version it tells is part of the finding.
pub async fn store(store: &dyn Store) -> Finding {
    match store.health().await {
        Ok(health) => Finding::good(
            "store",
            format!("{}, {}, schema {}, {} bytes", health.version, health.durability, health.schema, health.bytes),
        ),
        Err(fault) => {
            let mend = "Look at the server's log; restore a backup with tocsin restore if the store is damaged.";
            Finding::bad("store", fault.to_string(), mend)
        }
    }
}

/// Log, clock and work of a store that answers.
pub async fn record(store: &dyn Store, now: Instant) -> [Finding; 3] {
    [
        log(store, now).await.unwrap_or_else(|fault| Finding::unreadable("log", &fault)),
        clock(store, now).await.unwrap_or_else(|fault| Finding::unreadable("clock", &fault)),
        backlog(store).await.unwrap_or_else(|fault| Finding::unreadable("work", &fault)),
    ]
}

async fn log(store: &dyn Store, now: Instant) -> store::Answer<Finding> {
    let latest = store.latest_checkpoint().await?;
    let waiting = store.unlogged(1).await?;
    let oldest = waiting.first().and_then(|row| Header::parse(&row.header).ok()).map(|header| header.at);
    let size = latest.as_ref().map_or(0, |checkpoint| checkpoint.size);
    Ok(match oldest.map(|at| now.seconds_since(at)) {
        Some(age) if age > SEALED_WITHIN => Finding::bad(
            "log",
            format!("{size} entries are sealed, and one has waited {age} seconds for it"),
            "Entries are sealed while a server runs: start it, and look at its log if it runs.",
        ),
        Some(_) => Finding::good("log", format!("{size} entries are sealed; newer ones follow within seconds")),
        None => Finding::good("log", format!("all {size} entries are sealed")),
    })
}

async fn clock(store: &dyn Store, now: Instant) -> store::Answer<Finding> {
    let mend = "Set the clock (timedatectl) and keep it with chrony or systemd-timesyncd.";
    let newest = store.latest_checkpoint().await?.map(|checkpoint| checkpoint.at);
    Ok(match newest {
        _ if now.micros() < OLDEST_DAY => Finding::bad("clock", format!("it says {now}"), mend),
        Some(newest) if newest > now => {
            Finding::bad("clock", format!("it says {now}, but the log was sealed at {newest}, which is later"), mend)
        }
        _ => Finding::good("clock", format!("it says {now}, later than everything recorded")),
    })
}

async fn backlog(store: &dyn Store) -> store::Answer<Finding> {
    let work = store.backlog().await?;
    let found = format!(
        "{} jobs and {} messages wait, the oldest for {} seconds; {} jobs and {} messages failed",
        work.jobs, work.mail, work.oldest_seconds, work.failed_jobs, work.mail_in_trouble
    );
    Ok(if work.oldest_seconds > WORK_WITHIN {
        Finding::bad("work", found, "Work is done while a server runs: start it, and look at its log if it runs.")
    } else if work.failed_jobs > 0 || work.mail_in_trouble > 0 {
        Finding::advice("work", found, "The administrator's page shows what failed and why.")
    } else {
        Finding::good("work", found)
    })
}

/// Where mail goes, and whether it is safe on the way.
pub fn mail(route: &MailRoute) -> Finding {
    let mend = "Set --smtp-url smtps://user:password@host:port and --mail-from, or the same in tocsin.toml.";
    match route {
        MailRoute::Smtp(server) if server.is_encrypted() => Finding::good("mail", format!("goes out through {server}")),
        MailRoute::Smtp(server) => Finding::advice(
            "mail",
            format!("goes out through {server}"),
            "See that the server on this machine sends it on encrypted.",
        ),
        MailRoute::DemonstrationMailbox => Finding::advice("mail", "stays in the demonstration's mailbox", mend),
        MailRoute::None => {
            Finding::advice("mail", "no mail leaves: officers learn of a report only by looking at their page", mend)
        }
    }
}

/// A message that needs a person: nobody knows whether it arrived, or it was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stuck {
    /// When it was written.
    pub at: Instant,
    /// Whether it may have arrived.
    pub in_doubt: bool,
    /// Attempts so far.
    pub attempts: u32,
    /// The last answer of the mail server.
    pub answer: String,
}

impl App {
    /// Everything that the page shows: the store, the record, the mail, what was found when the server started, and
    /// units whose reports nobody would get.
    pub async fn health(&self, may: &Allowed) -> Result<Vec<Finding>, Trouble> {
        if may.action() != Action::SeeHealth {
            return Err(Trouble::NotFound);
        }
        let now = self.now();
        let mut findings = vec![store(self.store()).await];
        findings.extend(record(self.store(), now).await);
        findings.push(mail(&self.settings().mail));
        findings.push(self.reachable(may, now));
        findings.push(self.policies(may));
        findings.extend(self.installation().iter().cloned());
        Ok(findings)
    }

    /// What of it needs an administrator, for their Home: work that fails, and units that nobody hears. One statement.
    pub async fn health_in_brief(&self, may: &Allowed) -> Result<Vec<Finding>, Trouble> {
        if may.action() != Action::SeeHealth {
            return Err(Trouble::NotFound);
        }
        let found = [backlog(self.store()).await?, self.reachable(may, self.now()), self.policies(may)];
        Ok(found.into_iter().filter(|finding| finding.state != State::Good).collect())
    }

    /// Whether every text that the agency put in force could be read, whether one waits for a second administrator, and
    /// whether one has a date that somebody has to look into.
    fn policies(&self, may: &Allowed) -> Finding {
        let (tenant, name) = (may.tenant(), "policies");
        let kept = self.kept(tenant);
        let editions = self.packs().of(tenant);
        let unread: Vec<&str> =
            kept.approved().filter(|t| editions.get(&t.pack).is_none()).map(|t| t.pack.as_str()).collect();
        if !unread.is_empty() {
            let found = format!("a text in force could not be read: {}", unread.join(", "));
            return Finding::bad(
                name,
                found,
                "Look at the server's log, and run tocsin verify. Incidents under it wait.",
            );
        }
        let mend = "Look at the page Policies.";
        if let Some(text) = kept.waiting().next() {
            return Finding::advice(name, format!("{} waits for a second administrator", text.title), mend);
        }
        match self.watches(tenant).into_iter().find(|watch| !watch.early) {
            Some(watch) => Finding::advice(name, watch.words, mend),
            None => Finding::good(name, "every text that the agency works under can be read"),
        }
    }

    /// Whether every unit of the agency has somebody who gets its reports.
    fn reachable(&self, may: &Allowed, now: Instant) -> Finding {
        use domain::permission::Role;
        let directory = self.directory();
        let officers = [Role::LocalOfficer, Role::ChiefOfficer];
        let units = directory.units_of(may.tenant());
        let silent = |unit: &&&crate::directory::Unit| {
            officers.iter().all(|role| directory.holders(*role, unit.id, now).is_empty())
        };
        let unheard: Vec<&str> = units.iter().filter(silent).map(|unit| unit.profile.name.en.as_str()).collect();
        match unheard.as_slice() {
            [] => Finding::good("officers", "every unit has an officer who gets its reports"),
            some => Finding::bad(
                "officers",
                format!("nobody gets the reports of {}", some.join(", ")),
                "Give somebody the role of local or chief security officer there.",
            ),
        }
    }

    /// Messages of the agency that need a person, newest first.
    pub async fn stuck_mail(&self, may: &Allowed) -> Result<Vec<Stuck>, Trouble> {
        if may.action() != Action::SeeHealth {
            return Err(Trouble::NotFound);
        }
        let rows = self.store().list_mail(Some(may.tenant()), MESSAGES).await?;
        let stuck = |row: MailRow| {
            matches!(row.state, MailState::InDoubt | MailState::Failed).then_some(Stuck {
                at: row.at,
                in_doubt: row.state == MailState::InDoubt,
                attempts: row.attempt,
                answer: row.answer,
            })
        };
        Ok(rows.into_iter().filter_map(stuck).collect())
    }

    /// Puts a message to the viewer in the outbox, to see whether mail arrives.
    pub async fn send_test_mail(&self, may: &Allowed) -> Result<String, Trouble> {
        if may.action() != Action::SeeHealth {
            return Err(Trouble::NotFound);
        }
        if matches!(self.settings().mail, MailRoute::None) {
            return Err(Trouble::Refused("No mail leaves this installation: no mail server is configured.".into()));
        }
        let directory = self.directory();
        let to = directory.person(may.by()).ok_or(Trouble::NotFound)?.profile.email.clone();
        let words = format!(
            "This message was sent because you asked whether mail from Tocsin arrives. It does.\n\n{}\n",
            self.settings().public_address
        );
        let subject = "Tocsin: mail arrives".to_owned();
        let letter = crate::mail::Letter { to: to.clone(), subject, words, language: domain::pack::Language::English };
        let mail = vec![self.letter(may.tenant(), &letter, self.now())?];
        self.store().commit(store::Change { mail, ..store::Change::default() }).await?;
        Ok(to)
    }
}
