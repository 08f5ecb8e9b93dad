//! Open incidents are assessed again when their rules read differently: a text came into force, a local value or a supplied
//! document changed, or a new version of the product corrected a text. One run at a time for each agency, in short
//! stretches, each its own commit with the place where the next begins: a run that is killed goes on where it stopped.
//!
//! An incident keeps the edition of the day of its first report. What can change are that edition's local values and
//! corrected words, and laws that were added to what binds its unit. Only what differs is written, as the events that an
//! officer's next step would have brought about.

use crate::administration::{held, record::Event as Noted};
use crate::changing::{ATTEMPTS, Place};
use crate::jobs::Work;
use crate::record::Loaded;
use crate::{App, Trouble, rollups};
use domain::actor::Actor;
use domain::ids::{AccountId, EntryId, TenantId};
use domain::incident::{Command, Event, Given, Incident, decide};
use domain::pack::{ObligationId, PackId};
use domain::permission::Allowed;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Change, IncidentQuery, IncidentRow, IncidentState, NewJob, RowChange};

/// The name of the setting that says how far the latest run of an agency has come.
const NAME: &str = "reassessment";
/// The name of the setting that says with which shipped texts the installation was served last.
const SHIPPED: &str = "shipped-policies";
/// Incidents of one commit: well below a second of work, so that mail and other jobs have their turn in between.
const STRETCH: u32 = 100;
/// Seconds between two times that a run tells how far it is; each makes servers read the organisation again.
const TELLS_EVERY: i64 = 3;

/// Why open incidents are assessed again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// A text of policy or law came into force.
    Text,
    /// A local value was changed.
    Value,
    /// A document was supplied.
    Document,
    /// The product brought texts that read otherwise than before.
    Product,
    /// An administrator asked for it.
    Asked,
}

/// How far a run has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The run.
    pub id: EntryId,
    /// Why.
    pub because: Because,
    /// Since when.
    pub since: Instant,
    /// Incidents that were open when it began.
    pub of: u64,
    /// Incidents looked at so far.
    pub looked_at: u64,
    /// Of them so many had duties that are new, moved or met.
    pub changed: u64,
    /// Of them so many could not be assessed; the log names them.
    pub failed: u64,
    /// When it was through; `None` while it runs.
    pub ended: Option<Instant>,
}

/// Where a run is, in the body of its next job.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reached {
    /// Goes on below this place in the list of open incidents, newest first. What was opened later met the new rules.
    pub before: Option<i64>,
    /// Incidents that were open when it began.
    pub of: u64,
    /// Looked at.
    pub looked_at: u64,
    /// Changed.
    pub changed: u64,
    /// Not assessed.
    pub failed: u64,
    /// When it last told how far it is.
    pub told: Option<Instant>,
}

/// What assessing again would do, counted by rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Forecast {
    /// Open incidents.
    pub looked_at: u64,
    /// Of them so many would change.
    pub changed: u64,
    /// Of them so many cannot be assessed.
    pub failed: u64,
    /// Duties that would start.
    pub opens: BTreeMap<ObligationId, u64>,
    /// Duties whose date, or its arithmetic, would be told anew.
    pub moves: BTreeMap<ObligationId, u64>,
    /// Duties that would be answered for by what is on record.
    pub meets: BTreeMap<ObligationId, u64>,
    /// Laws that would bind.
    pub laws: BTreeMap<PackId, u64>,
}

impl Forecast {
    fn add(&mut self, events: &[Event]) {
        self.looked_at += 1;
        self.changed += u64::from(!events.is_empty());
        for event in events {
            match event {
                Event::DutyOpened(duty) => *self.opens.entry(duty.rule.clone()).or_default() += 1,
                Event::DutyMoved { rule, .. } => *self.moves.entry(rule.clone()).or_default() += 1,
                Event::DutyMet(met) => *self.meets.entry(met.rule.clone()).or_default() += 1,
                Event::LawsBound { laws } => {
                    laws.iter().for_each(|law| *self.laws.entry(law.clone()).or_default() += 1);
                }
                _ => {}
            }
        }
    }
}

impl App {
    /// The latest run of an agency. One statement of the store.
    pub async fn reassessment(&self, tenant: TenantId) -> Result<Option<Run>, Trouble> {
        let Some(stored) = self.store().setting(Some(tenant), NAME).await? else { return Ok(None) };
        serde_json::from_slice(&stored).map(Some).map_err(|e| Trouble::fault("reading how far a run is", e))
    }

    /// The job that begins a run, for the change that makes it necessary.
    pub(crate) fn reassessing(&self, tenant: TenantId, because: Because, at: Instant) -> Result<NewJob, Trouble> {
        self.job(&Work::Reassess { tenant, run: self.draw(), because, reached: None }, at)
    }

    /// An administrator asks for a run.
    pub async fn ask_reassessment(&self, may: &Allowed) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        self.administer(tenant, by, None, |standing| {
            let jobs = vec![self.reassessing(tenant, Because::Asked, standing.now)?];
            Ok((Change { jobs, ..Change::default() }, vec![Noted::ReassessmentAsked]))
        })
        .await
    }

    /// Begins runs where the shipped texts read otherwise than when the installation was served last.
    pub(crate) async fn notice_shipped_texts(&self) -> Result<(), Trouble> {
        let packs: Vec<_> = self.packs().shipped().all().iter().map(AsRef::as_ref).collect();
        let digest = crate::changing::digest_of(&packs)?;
        if self.store().setting(None, SHIPPED).await?.as_deref() == Some(digest.as_bytes()) {
            return Ok(());
        }
        let mut change = Change::default();
        for agency in self.directory().agencies() {
            change.jobs.push(self.reassessing(agency.id, Because::Product, self.now())?);
        }
        change.rows.push(RowChange::Setting(None, SHIPPED.to_owned(), Some(digest.into_bytes())));
        self.store().commit(change).await?;
        Ok(())
    }

    /// One stretch of a run; `None` begins it. A newer run looks at everything this one has not reached, so an older one
    /// ends there.
    pub(crate) async fn reassess(
        &self,
        tenant: TenantId,
        run: EntryId,
        because: Because,
        reached: Option<Reached>,
    ) -> Result<(), Trouble> {
        // What this run is about may have been put in force by another server a moment ago.
        self.reload().await?;
        let Some(reached) = reached else { return self.begin_run(tenant, run, because).await };
        let current = self.reassessment(tenant).await?;
        let Some(current) = current.filter(|current| current.id == run && current.ended.is_none()) else {
            return Ok(());
        };
        for _ in 0..ATTEMPTS {
            match self.stretch(tenant, &current, reached).await {
                // Somebody worked on one of them meanwhile: read again.
                Err(Trouble::Moved) => {}
                other => return other,
            }
        }
        Err(Trouble::Moved)
    }

    async fn begin_run(&self, tenant: TenantId, run: EntryId, because: Because) -> Result<(), Trouble> {
        let (mut of, mut before) = (0, None);
        loop {
            let page = self.open_incidents(tenant, before, 2_000).await?;
            of += page.len() as u64;
            let Some(last) = page.last().filter(|_| page.len() == 2_000) else { break };
            before = Some(last.n);
        }
        let now = self.now();
        let reached = Reached { of, told: Some(now), ..Reached::default() };
        let begun = Run { id: run, because, since: now, of, looked_at: 0, changed: 0, failed: 0, ended: None };
        let mut change = Change::default();
        change.jobs.push(self.job(&Work::Reassess { tenant, run, because, reached: Some(reached) }, now)?);
        change.rows.push(told(tenant, &begun)?);
        self.commit_once(change, &format!("reassess/{run}")).await
    }

    /// Looks at the next incidents: what changes, the place reached and the next job are one commit, which is made once.
    async fn stretch(&self, tenant: TenantId, run: &Run, reached: Reached) -> Result<(), Trouble> {
        let rows = self.open_incidents(tenant, reached.before, STRETCH).await?;
        let mut incidents = self.whole_incidents(tenant, &rows).await?;
        let now = self.now();
        let (mut change, mut next) = (Change::default(), reached);
        for row in &rows {
            let Some(loaded) = incidents.remove(&row.id) else { continue };
            next.looked_at += 1;
            match loaded.and_then(|loaded| self.reassessed(row, loaded, now)) {
                Ok(None) => {}
                Ok(Some(changed)) => {
                    next.changed += 1;
                    join(&mut change, changed);
                }
                Err(trouble) => {
                    next.failed += 1;
                    tracing::error!(incident = %row.id, %trouble, "an open incident could not be assessed again");
                }
            }
        }
        change.rollups = rollups::merged(std::mem::take(&mut change.rollups));
        next.before = rows.last().map(|row| row.n).or(next.before);
        let through = rows.len() < STRETCH as usize;
        if through || next.told.is_none_or(|told| now.seconds_since(told) >= TELLS_EVERY) {
            next.told = Some(now);
            let ended = through.then_some(now);
            let (looked_at, changed, failed) = (next.looked_at, next.changed, next.failed);
            change.rows.push(told(tenant, &Run { looked_at, changed, failed, ended, ..run.clone() })?);
        }
        if through {
            tracing::info!(looked_at = next.looked_at, changed = next.changed, "open incidents were assessed again");
        } else {
            let work = Work::Reassess { tenant, run: run.id, because: run.because, reached: Some(next) };
            change.jobs.push(self.job(&work, now)?);
        }
        let from = reached.before.map_or_else(|| "top".to_owned(), |n| n.to_string());
        self.commit_once(change, &format!("reassess/{}/{from}", run.id)).await
    }

    /// What assessing an incident again changes; `None` where nothing does.
    fn reassessed(
        &self,
        row: &IncidentRow,
        mut loaded: Loaded<Incident>,
        now: Instant,
    ) -> Result<Option<Change>, Trouble> {
        let events = self.assessed_again(&loaded.state, now)?;
        if events.is_empty() {
            return Ok(None);
        }
        let pack = self.pack_of_incident(&loaded.state)?;
        let place = Place { tenant: row.tenant, pack, source: row.source };
        let mut change = Change::default();
        self.change_incident(&mut change, &mut loaded, &place, &events, Actor::System, now)?;
        Ok(Some(change))
    }

    /// The events that an incident's rules, as they read now, call for.
    fn assessed_again(&self, incident: &Incident, now: Instant) -> Result<Vec<Event>, Trouble> {
        let Some(opening) = incident.opening.as_ref().filter(|opening| opening.imported.is_none()) else {
            return Ok(Vec::new());
        };
        let pack = self.pack_of_incident(incident)?;
        let mut laws = self.laws_of_incident(incident);
        let day = opening.reported_at.or(incident.opened_at).unwrap_or(now).day_in(&pack.zone);
        let mut added = Vec::new();
        for law in self.laws_of_unit(opening.unit, day) {
            // One edition of a law binds, the one that was first.
            if laws.iter().all(|known| known.series != law.series) {
                laws.push(law);
                added.push(law.id.clone());
            }
        }
        let given = Given { actor: Actor::System, now, pack, laws: &laws };
        match decide(incident, Command::Reassess(added), given) {
            Ok(events) => Ok(events),
            // Closed or withdrawn since the list was read.
            Err(_) if incident.standing != domain::incident::Standing::Open => Ok(Vec::new()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// What a run would do now. Nothing is written; `watched` is told after each stretch how many were looked at.
    pub async fn foresee_reassessment(
        &self,
        tenant: TenantId,
        mut watched: impl FnMut(u64) + Send,
    ) -> Result<Forecast, Trouble> {
        let (mut forecast, mut before) = (Forecast::default(), None);
        loop {
            let rows = self.open_incidents(tenant, before, STRETCH).await?;
            let mut incidents = self.whole_incidents(tenant, &rows).await?;
            let now = self.now();
            for row in &rows {
                let Some(loaded) = incidents.remove(&row.id) else { continue };
                match loaded.and_then(|loaded| self.assessed_again(&loaded.state, now)) {
                    Ok(events) => forecast.add(&events),
                    Err(_) => {
                        forecast.looked_at += 1;
                        forecast.failed += 1;
                    }
                }
            }
            watched(forecast.looked_at);
            let Some(last) = rows.last().filter(|_| rows.len() == STRETCH as usize) else { return Ok(forecast) };
            before = Some(last.n);
        }
    }

    /// Open incidents of an agency, newest first. For the product itself, which no exclusion concerns.
    async fn open_incidents(
        &self,
        tenant: TenantId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<IncidentRow>, Trouble> {
        let query = IncidentQuery {
            tenant,
            state: Some(IncidentState::Open),
            all: Vec::new(),
            any: Vec::new(),
            viewer: AccountId::from(uuid::Uuid::nil()),
            before,
            limit,
        };
        Ok(self.store().list_incidents(&query).await?)
    }
}

fn told(tenant: TenantId, run: &Run) -> Result<RowChange, Trouble> {
    let stored = serde_json::to_vec(run).map_err(|e| Trouble::fault("writing how far a run is", e))?;
    Ok(RowChange::Setting(Some(tenant), NAME.to_owned(), Some(stored)))
}

/// Adds what one incident changes to what the stretch changes.
fn join(all: &mut Change, one: Change) {
    all.appends.extend(one.appends);
    all.incidents.extend(one.incidents);
    all.words.extend(one.words);
    all.rollups.extend(one.rollups);
    all.duties.extend(one.duties);
    all.jobs.extend(one.jobs);
    all.mail.extend(one.mail);
    all.rows.extend(one.rows);
}
