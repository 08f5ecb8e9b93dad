//! From decided events to one change of the store: entries, rows, words, kept counts.

use crate::duties::duty_rows;
use crate::packs::Editions;
use crate::record::{
    Cause, Loaded, Tip, canonical, incident_row, incident_state, report_row, report_state, seal, under,
};
use crate::words::{self, Facet, PEOPLE_STEPS};
use crate::{App, Trouble, rollups};
use domain::actor::Actor;
use domain::ids::{TenantId, UnitId};
use domain::incident::{self, Incident};
use domain::pack::Pack;
use domain::permission::{Action, Allowed, Reading};
use domain::report::{self, Report};
use domain::time::Instant;
use journal::Lookup;
use store::{Change, IncidentRow, ReportRow, Words};

/// How often a decision is made anew when somebody else wrote to the same stream first.
pub const ATTEMPTS: usize = 5;

/// The attempts at one decision, which is made anew whenever somebody else wrote to the same stream first.
pub(crate) struct Attempts {
    left: usize,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { left: ATTEMPTS }
    }
}

impl Attempts {
    /// A single one: the person has to see what somebody else wrote.
    pub const fn once() -> Self {
        Self { left: 1 }
    }

    /// Commits what was decided: `true` once it is durable, `false` when it has to be decided anew. After the last attempt
    /// that is refused.
    pub async fn commit(&mut self, app: &App, change: Change) -> Result<bool, Trouble> {
        self.left = self.left.saturating_sub(1);
        match app.store().commit(change).await.map_err(Trouble::from) {
            Ok(_) => Ok(true),
            Err(Trouble::Moved) if self.left > 0 => Ok(false),
            Err(other) => Err(other),
        }
    }
}

impl App {
    /// The policy edition that governs an incident for good.
    pub fn pack_of_incident(&self, incident: &Incident) -> Result<&Pack, Trouble> {
        let opening = incident.opening.as_ref().ok_or(Trouble::NotFound)?;
        let id = &opening.pack;
        self.editions_of(opening.unit)
            .get(id)
            .ok_or_else(|| Trouble::fault("finding a policy", format!("no pack {id}")))
    }

    /// The editions that can bind a unit: those of its agency.
    pub fn editions_of(&self, unit: UnitId) -> &Editions {
        let tenant = self.directory().unit(unit).map(|unit| unit.tenant);
        let packs = self.packs();
        tenant.map_or_else(|| packs.shipped(), |tenant| packs.of(tenant))
    }

    /// The laws that bind beside it, in the editions pinned when the incident was opened.
    pub fn laws_of_incident(&self, incident: &Incident) -> Vec<&Pack> {
        let Some(opening) = &incident.opening else { return Vec::new() };
        let editions = self.editions_of(opening.unit);
        opening.laws.iter().filter_map(|id| editions.get(id)).collect()
    }

    /// The laws that bind a unit for what is first reported on a day.
    pub fn laws_of_unit(&self, unit: UnitId, day: jiff::civil::Date) -> Vec<&Pack> {
        let directory = self.directory();
        let found = directory.unit(unit).and_then(|unit| Some((unit, directory.agency(unit.tenant)?)));
        let Some((unit, agency)) = found else { return Vec::new() };
        let own = &unit.profile.policies;
        let series = if own.is_empty() { &agency.profile.policies } else { own };
        self.packs().of(agency.id).laws(series, day)
    }

    /// The policy edition under which a report was taken.
    pub fn pack_of_report(&self, report: &Report) -> Result<&Pack, Trouble> {
        let filed = report.filed.as_ref().ok_or(Trouble::NotFound)?;
        let id = &filed.submission.pack;
        self.editions_of(filed.submission.unit)
            .get(id)
            .ok_or_else(|| Trouble::fault("finding a policy", format!("no pack {id}")))
    }

    /// The whole of a report, for deciding about it. Never shown as it is.
    pub async fn whole_report(&self, row: &ReportRow) -> Result<Loaded<Report>, Trouble> {
        self.load_report(&Reading::by_the_product(row.id.into(), row.tenant)).await
    }

    /// The whole of an incident, for deciding about it. Never shown as it is.
    pub async fn whole_incident(&self, row: &IncidentRow) -> Result<Loaded<Incident>, Trouble> {
        self.load_incident(&Reading::by_the_product(row.id.into(), row.tenant)).await
    }

    /// Adds a report's events to a change, with its row and words.
    pub fn change_report(
        &self,
        change: &mut Change,
        loaded: &mut Loaded<Report>,
        row: &ReportRow,
        events: &[report::Event],
        by: Actor,
        now: Instant,
    ) -> Result<(), Trouble> {
        let pack = loaded.state.filed.as_ref().map(|f| f.submission.pack.clone());
        let cause = Cause { tenant: row.tenant, actor: by, at: now, edition: pack.as_ref() };
        let state = &mut loaded.state;
        change.appends.push(seal(self, row.id.into(), loaded.tip, &cause, events, |event| {
            state.apply(event, by, now);
            report_state(state)
        })?);
        // Decided by the record, not by the row: a writer that read the row before the link ended cannot revive it.
        let secret = match state.link_ended {
            Some(_) => self.lookup(Lookup::Request, format!("ended link of {}", state.id).as_bytes())?,
            None => row.secret,
        };
        let fresh = report_row(self, row.tenant, state, secret, Some(row))?;
        let facets = under(&self.directory(), fresh.handling_unit);
        let texts = words::of_report(state, &row.reference);
        let tokens = words::tokens(&self.keyring(), row.tenant, &texts, &facets)?;
        change.words.push(Words { object: row.id.into(), tokens });
        change.reports.push(fresh);
        Ok(())
    }

    /// Adds an incident's events to a change, with its row, words and the difference in kept counts. `before` is the
    /// state that the events follow on; afterwards it is the state they lead to.
    pub fn change_incident(
        &self,
        change: &mut Change,
        before: &mut Loaded<Incident>,
        place: &Place<'_>,
        events: &[incident::Event],
        by: Actor,
        now: Instant,
    ) -> Result<(), Trouble> {
        let zone = self.zone_of(place.tenant);
        let old = before.state.listing(&zone);
        let owed = rollups::duties(place.tenant, &before.state, &zone);
        let cause = Cause { tenant: place.tenant, actor: by, at: now, edition: Some(&place.pack.id) };
        let clocks = duty_rows(place.tenant, &before.state);
        let state = &mut before.state;
        change.appends.push(seal(self, state.id.into(), before.tip, &cause, events, |event| {
            state.apply(event, by, now);
            incident_state(state, &zone)
        })?);
        change.duties.extend(duty_rows(place.tenant, state).into_iter().filter(|duty| !clocks.contains(duty)));
        let row = incident_row(self, place.tenant, state, place.source)?;
        let new = state.listing(&zone).ok_or_else(|| Trouble::fault("listing an incident", "nothing was opened"))?;
        change.rollups.extend(rollups::difference(place.tenant, old.as_ref(), &new));
        change.rollups.extend(rollups::more(owed, rollups::duties(place.tenant, state, &zone)));
        change.words.push(Words { object: state.id.into(), tokens: self.incident_tokens(place, state, &new)? });
        change.incidents.push(row);
        change.jobs.extend(self.alarms(place.tenant, state, events, by, now)?);
        Ok(())
    }

    pub(crate) fn incident_tokens(
        &self,
        place: &Place<'_>,
        incident: &Incident,
        listing: &incident::Listing,
    ) -> Result<Vec<store::Token>, Trouble> {
        let tenant = place.tenant;
        let summary = &listing.summary;
        let mut facets = under(&self.directory(), listing.unit);
        let standing = match listing.standing {
            incident::Standing::Open => "open",
            incident::Standing::Closed => "closed",
            incident::Standing::Withdrawn => "withdrawn",
        };
        facets.push(Facet::Standing(standing));
        facets.push(Facet::Year(summary.year));
        let held = incident.holds.iter().any(|(_, lifted)| lifted.is_none());
        if listing.standing == incident::Standing::Open && (listing.next_due.is_some() || held) {
            facets.push(Facet::Waits("dated-duty"));
        }
        if listing.standing == incident::Standing::Open && held {
            facets.push(Facet::Waits("silence"));
        }
        let tasks = incident.tasks.values().any(|task| task.done.is_none() && task.removed.is_none());
        if listing.standing == incident::Standing::Open && (summary.duties > 0 || tasks) {
            facets.push(Facet::Waits("work"));
        }
        // A part that has run out by its date still has the token: whether it lasts is asked of the record.
        let parts = incident.parts.iter().filter(|part| part.ended.is_none());
        facets.extend(parts.map(|part| Facet::Participant(part.given.what.account)));
        // Likewise a request that waited for its hour, and one that was agreed to.
        let opened = incident.glass.iter().filter(|glass| glass.answered.as_ref().is_some_and(|a| a.what.is_some()));
        facets.extend(opened.map(|glass| Facet::Participant(glass.asked.what.account)));
        if incident.glass.iter().any(|glass| glass.answered.is_none()) {
            facets.push(Facet::Waits("glass"));
        }
        if incident.waits_for_personnel(place.pack).is_some() {
            facets.push(Facet::Waits("personnel-part"));
        }
        if !incident::waits_for(incident, place.pack).is_empty() {
            facets.push(Facet::Waits("others"));
        }
        facets.extend(crate::records::facets(incident, place.pack, &self.zone_of(tenant)));
        let worked = listing.standing == incident::Standing::Open && summary.source.is_none();
        if worked && !incident::sheets_before(incident, place.pack, domain::pack::Step::Triage).is_empty() {
            facets.push(Facet::Waits("particulars"));
        }
        let mut named: Vec<Facet<'_>> = summary.kinds.iter().map(|k| Facet::Kind(k)).collect();
        named.extend(summary.locations.iter().map(|l| Facet::Location(l)));
        named.extend(summary.place.iter().map(|p| Facet::Place(p)));
        named.extend(
            PEOPLE_STEPS.iter().filter(|step| summary.people.is_some_and(|n| n >= **step)).map(|s| Facet::People(*s)),
        );
        let registers = place.pack.sheets.iter().filter(|sheet| sheet.register.is_some());
        let entered = registers.filter(|sheet| incident.entries(&sheet.id).next().is_some());
        named.extend(entered.map(|sheet| Facet::Entered(sheet.id.as_str())));
        named.extend(facets);
        let reference = listing.reference.to_string();
        words::tokens(&self.keyring(), tenant, &words::of_incident(incident, &reference), &named)
    }

    /// Carries out a command on an incident: reads, decides, commits, and decides anew when somebody else was first.
    /// `seen` is the version that the person had in front of them, where their change would overwrite another's.
    pub async fn act(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        seen: Option<u32>,
        command: impl Fn(&Incident, &Pack) -> Result<incident::Command, Trouble> + Send + Sync,
    ) -> Result<Incident, Trouble> {
        self.act_together(may, row, seen, |incident, pack, _| Ok(vec![command(incident, pack)?])).await
    }

    /// As [`App::act`], for work that the product does by itself.
    pub async fn act_as(
        &self,
        by: Actor,
        row: &IncidentRow,
        seen: Option<u32>,
        command: impl Fn(&Incident, &Pack) -> Result<incident::Command, Trouble> + Send + Sync,
    ) -> Result<Incident, Trouble> {
        self.act_together_as(by, row, seen, |incident, pack, _| Ok(vec![command(incident, pack)?])).await
    }

    /// Carries out several commands on an incident together: all of them are on record, or none.
    pub async fn act_together(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        seen: Option<u32>,
        plan: impl Fn(&Incident, &Pack, &[&Pack]) -> Result<Vec<incident::Command>, Trouble> + Send + Sync,
    ) -> Result<Incident, Trouble> {
        let right = may.stream() == Some(row.id.into()) && may.tenant() == row.tenant;
        if !right {
            return Err(Trouble::NotFound);
        }
        self.act_together_as(Actor::Account(may.by()), row, seen, |incident, pack, laws| {
            within(may, plan(incident, pack, laws)?)
        })
        .await
    }

    async fn act_together_as(
        &self,
        by: Actor,
        row: &IncidentRow,
        seen: Option<u32>,
        plan: impl Fn(&Incident, &Pack, &[&Pack]) -> Result<Vec<incident::Command>, Trouble> + Send + Sync,
    ) -> Result<Incident, Trouble> {
        let mut attempts = if seen.is_some() { Attempts::once() } else { Attempts::default() };
        loop {
            let now = self.now();
            let mut loaded = self.whole_incident(row).await?;
            if seen.is_some_and(|version| version != loaded.tip.version) {
                return Err(Trouble::Moved);
            }
            let pack = self.pack_of_incident(&loaded.state)?;
            let laws = self.laws_of_incident(&loaded.state);
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let events = incident::decide_all(&loaded.state, plan(&loaded.state, pack, &laws)?, given)?;
            if events.is_empty() {
                return Ok(loaded.state);
            }
            let mut change = Change::default();
            let place = Place { tenant: row.tenant, pack, source: row.source };
            self.change_incident(&mut change, &mut loaded, &place, &events, by, now)?;
            if attempts.commit(self, change).await? {
                return Ok(loaded.state);
            }
        }
    }
}

/// The commands, where the proof allows them: adding to a case and saying what it is are different rights.
pub(crate) fn within(may: &Allowed, commands: Vec<incident::Command>) -> Result<Vec<incident::Command>, Trouble> {
    let allowed = may.action() == Action::Direct || !commands.iter().any(incident::Command::directs);
    if allowed { Ok(commands) } else { Err(Trouble::NotFound) }
}

/// Where an incident lies: its agency, the policy that governs it, the record it came from.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The agency.
    pub tenant: TenantId,
    /// The policy edition.
    pub pack: &'a Pack,
    /// Keyed hash of the imported record.
    pub source: Option<[u8; 32]>,
}

/// A stream that does not exist yet.
pub fn new_incident(id: domain::ids::IncidentId) -> Loaded<Incident> {
    Loaded { state: Incident::empty(id), tip: Tip::START }
}

/// The SHA-256 of a value's canonical bytes, in hexadecimal: what a signature covers.
pub fn digest_of(value: &impl serde::Serialize) -> Result<String, Trouble> {
    Ok(data_encoding::HEXLOWER.encode(&journal::Digest::of(&canonical(value)?).0))
}
