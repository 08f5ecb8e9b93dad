//! What an officer decides about a report: incident of its own, part of another, question, no incident, somebody else's.

mod opening;
mod rights;

pub use opening::facts_of;

use crate::changing::{Attempts, Place, new_incident};
use crate::jobs::{Step, Work};
use crate::record::Loaded;
use crate::{App, Trouble, kept};
use domain::actor::Actor;
use domain::ids::{EntryId, IncidentId, UnitId};
use domain::incident::{self, FactAnswer};
use domain::pack::{Pack, QuestionId};
use domain::permission::{Allowed, Viewer};
use domain::reference::IncidentReference;
use domain::report::{self, Command, FileAdded, Given, Kept, KeptWhy, Report, SetAside, Weighing};
use domain::text::Note;
use domain::time::Instant;
use opening::{opening_from, weighed_facts};
use store::{Change, IncidentRow, ReportRow};

/// How long somebody who opened a report counts as the one reading it.
const CLAIM_SECONDS: i64 = 900;

/// Whoever decides may overrule the definition of the policy, and says why.
const OVERRULED: &str = "The policy’s own definition comes to the other answer. You can overrule it: write why.";

/// What came of accepting a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// The incident.
    pub incident: IncidentId,
    /// Its reference.
    pub reference: IncidentReference,
    /// Duties that started, the nearest first; those without a date last.
    pub duties: Vec<incident::Duty>,
}

impl App {
    /// The duties that accepting this report now would start, the nearest first; nothing is written.
    pub fn foresee_accepting(&self, report: &Report, row: &ReportRow) -> Result<Vec<incident::Duty>, Trouble> {
        let now = self.now();
        let pack = self.pack_of_report(report)?;
        let mut incident = new_incident(self.draw()).state;
        let reference = IncidentReference::new(&self.code_of(row)?, now.day_in(&pack.zone).year(), 1);
        let opening = opening_from(report, pack, reference, row)?;
        let laws = self.laws_of_unit(row.handling_unit, row.received_at.day_in(&pack.zone));
        let given = incident::Given { actor: Actor::System, now, pack, laws: &laws };
        for event in incident::decide(&incident, incident::Command::Open(Box::new(opening)), given)? {
            incident.apply(&event, Actor::System, now);
        }
        Ok(duties_by_date(incident))
    }

    /// Accepts a report: it becomes an incident, and the policy's duties start.
    pub async fn accept(&self, may: &Allowed, row: &ReportRow) -> Result<Accepted, Trouble> {
        self.accept_because(may, row, None).await
    }

    /// As [`App::accept`], with the reason that overrules the policy's definition where that says otherwise.
    pub async fn accept_because(&self, may: &Allowed, row: &ReportRow, why: Option<Note>) -> Result<Accepted, Trouble> {
        let by = Actor::Account(may.by());
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut report = self.whole_report(row).await?;
            let pack = self.pack_of_report(&report.state)?;
            let mut incident = new_incident(self.draw());
            let id = incident.state.id;
            let decided = report::decide(&report.state, Command::Accept(id), Given { actor: by, now })?;
            let weighed = report.state.weighed.as_ref().map(|(weighing, ..)| weighing.clone());
            if weighed.as_ref().is_some_and(|w| w.incident == Some(false)) && why.is_none() {
                return Err(Trouble::Refused(OVERRULED.to_owned()));
            }

            let year = now.day_in(&pack.zone).year();
            let number = self.store().next_numbers(row.tenant, year, 1).await?;
            let reference = IncidentReference::new(&self.code_of(row)?, year, number);
            let mut opening = opening_from(&report.state, pack, reference.clone(), row)?;
            let facts = self.facts_of_report(&report.state, pack);
            opening.told = match &report.state.routed {
                Some(routed) => routed.told.clone(),
                None => self.told_at_filing(pack, row.handling_unit, &facts, row.received_at),
            };
            opening.lead = Some(may.by());
            opening.facts = weighed_facts(opening.facts, weighed.as_ref(), why.as_ref());
            let laws = self.laws_of_unit(row.handling_unit, row.received_at.day_in(&pack.zone));
            opening.laws = laws.iter().map(|law| law.id.clone()).collect();
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let mut opened = incident::decide(&incident.state, incident::Command::Open(Box::new(opening)), given)?;
            self.carry_over(&mut opened, &incident.state, &report.state, given);
            // Whoever must not learn of a report must not learn of what came of it.
            let out = self.store().exclusions(row.id.into()).await?;
            opened.extend(out.iter().map(|account| incident::Event::Excluded { account: *account }));

            let mut change = Change::default();
            let place = Place { tenant: row.tenant, pack, source: None };
            self.change_incident(&mut change, &mut incident, &place, &opened, by, now)?;
            self.change_report(&mut change, &mut report, row, &decided, by, now)?;
            change.rows.extend(kept::rows(id.into(), out));
            if attempts.commit(self, change).await? {
                return Ok(Accepted { incident: id, reference, duties: duties_by_date(incident.state) });
            }
        }
    }

    /// Adds a report to an incident that exists. Both reports and both reporters stay as they are.
    pub async fn add_to(
        &self,
        on_report: &Allowed,
        report: &ReportRow,
        on_incident: &Allowed,
        incident: &IncidentRow,
    ) -> Result<(), Trouble> {
        let by = Actor::Account(on_report.by());
        if on_incident.by() != on_report.by() || on_incident.stream() != Some(incident.id.into()) {
            return Err(Trouble::NotFound);
        }
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut loaded_report = self.whole_report(report).await?;
            let mut loaded = self.whole_incident(incident).await?;
            let pack = self.pack_of_incident(&loaded.state)?;
            let decided = report::decide(&loaded_report.state, Command::AddTo(incident.id), Given { actor: by, now })?;
            let laws = self.laws_of_incident(&loaded.state);
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let mut added = incident::decide(&loaded.state, incident::Command::AddReport(report.id), given)?;
            self.carry_over(&mut added, &loaded.state, &loaded_report.state, given);
            // Whoever must not learn of one of the two must not learn of the other.
            let from_report = self.store().exclusions(report.id.into()).await?;
            let from_incident = self.store().exclusions(incident.id.into()).await?;
            if let Some(lead) = loaded.state.lead.filter(|lead| from_report.contains(lead)) {
                let name = self.name_of(lead);
                return Err(Trouble::Refused(format!(
                    "{name} leads that incident, and this report is kept from {name}. Make an incident of its own of it."
                )));
            }
            let new = from_report.iter().filter(|account| !from_incident.contains(account));
            added.extend(new.map(|account| incident::Event::Excluded { account: *account }));
            let people = from_incident.iter().map(|account| Kept { account: *account, why: KeptWhy::Said }).collect();
            let mut decided = decided;
            let acting = Given { actor: by, now };
            decided.extend(report::decide(&loaded_report.state, Command::KeepFrom(people), acting)?);
            let mut change = Change::default();
            change.rows.extend(kept::rows(incident.id.into(), from_report));
            change.rows.extend(kept::rows(report.id.into(), from_incident));
            let place = Place { tenant: incident.tenant, pack, source: incident.source };
            self.change_incident(&mut change, &mut loaded, &place, &added, by, now)?;
            self.change_report(&mut change, &mut loaded_report, report, &decided, by, now)?;
            if attempts.commit(self, change).await? {
                return Ok(());
            }
        }
    }

    /// Takes back the last decision about a report, within the half minute that the rules allow. The incident that
    /// came of it is withdrawn, and its number is not used again.
    pub async fn undo_decision(&self, may: &Allowed, row: &ReportRow) -> Result<(), Trouble> {
        let by = Actor::Account(may.by());
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut report = self.whole_report(row).await?;
            let decided = report::decide(&report.state, Command::Undo, Given { actor: by, now })?;
            let mut change = Change::default();
            if let Some(id) = report.state.incident {
                let incident_row = self.store().incident(row.tenant, id).await?.ok_or(Trouble::NotFound)?;
                let mut incident = self.whole_incident(&incident_row).await?;
                let pack = self.pack_of_incident(&incident.state)?;
                let made_of_it = incident.state.opening.as_ref().is_some_and(|o| o.report == Some(row.id));
                let command =
                    if made_of_it { incident::Command::Withdraw } else { incident::Command::RemoveReport(row.id) };
                let laws = self.laws_of_incident(&incident.state);
                let given = incident::Given { actor: by, now, pack, laws: &laws };
                let undone = incident::decide(&incident.state, command, given)?;
                let place = Place { tenant: row.tenant, pack, source: incident_row.source };
                self.change_incident(&mut change, &mut incident, &place, &undone, by, now)?;
            }
            self.change_report(&mut change, &mut report, row, &decided, by, now)?;
            if attempts.commit(self, change).await? {
                return Ok(());
            }
        }
    }

    /// Notes that an officer opened a report, once for each of them, and who is reading it now: whoever opened it last,
    /// but nobody takes it out of the hands of a person who opened it a moment ago.
    pub async fn open_report(&self, may: &Allowed, row: &ReportRow) -> Result<(), Trouble> {
        let now = self.now();
        let mut claimed = row.clone();
        let fresh = row.claimed_at.is_some_and(|at| now.seconds_since(at) < CLAIM_SECONDS);
        if !fresh || row.claimed_by.is_none() {
            claimed.claimed_by = Some(may.by());
            claimed.claimed_at = Some(now);
        }
        self.on_report(Actor::Account(may.by()), &claimed, Command::Open).await
    }

    /// Asks the person who reported, on their private status page.
    pub async fn ask_reporter(&self, may: &Allowed, row: &ReportRow, words: Note) -> Result<(), Trouble> {
        let id: EntryId = self.draw();
        self.on_report(Actor::Account(may.by()), row, Command::Ask(id, words)).await
    }

    /// Decides that a report is no incident, with the reason. A reason of the policy's own is confirmed by whoever holds
    /// one of the roles that it names: their decision is the confirmation, and their words say what they know.
    pub async fn set_aside(
        &self,
        viewer: &Viewer,
        may: &Allowed,
        row: &ReportRow,
        mut why: SetAside,
    ) -> Result<(), Trouble> {
        let report = self.whole_report(row).await?.state;
        let overruled = report.weighed.as_ref().is_some_and(|(weighing, ..)| weighing.incident == Some(true));
        if why.note.is_none() && overruled {
            return Err(Trouble::Refused(OVERRULED.to_owned()));
        }
        if let Some(id) = &why.rule {
            let pack = self.pack_of_report(&report)?;
            let rule = pack.no_incident.iter().find(|rule| rule.id == *id).ok_or(Trouble::NotFound)?;
            let roles: Vec<_> = rule.confirmed_by.iter().filter_map(|id| pack.role(id)).collect();
            let mine = roles.iter().find(|role| viewer.holds_for(role.capacity, row.handling_unit));
            why.confirmed_as = mine.map(|role| role.id.clone());
            if !roles.is_empty() && why.confirmed_as.is_none() {
                let titles: Vec<&str> = roles.iter().map(|role| role.title.en.as_str()).collect();
                let titles = titles.join(" or ");
                return Err(Trouble::Refused(format!("This reason needs the word of: {titles}. Ask one of them.")));
            }
            if !roles.is_empty() && why.note.is_none() {
                let words = "Write what you knew, ordered or agreed to, and when: this is your confirmation.";
                return Err(Trouble::Refused(words.to_owned()));
            }
        }
        let report = self.whole_report(row).await?.state;
        let pack = self.pack_of_report(&report)?;
        if let (Some(rule), true) = (&pack.set_aside, report.findings.is_empty()) {
            let by = pack.role(&rule.needs_finding_by).map_or("the policy’s office", |role| role.title.en.as_str());
            return Err(Trouble::Refused(format!(
                "The policy wants every report looked into: {by} records the finding first."
            )));
        }
        self.on_report(Actor::Account(may.by()), row, Command::SetAside(why)).await
    }

    /// Whether this viewer is of the office whose finding the policy wants before a report is set aside; `None` where it
    /// wants none.
    pub fn finds(&self, viewer: &Viewer, row: &ReportRow, pack: &Pack) -> Option<bool> {
        let capacity = pack.role(&pack.set_aside.as_ref()?.needs_finding_by)?.capacity;
        Some(viewer.holds_for(capacity, row.handling_unit))
    }

    /// Records what was found about a report, for the office whose finding the policy wants.
    pub async fn record_finding(
        &self,
        viewer: &Viewer,
        may: &Allowed,
        row: &ReportRow,
        words: Note,
    ) -> Result<(), Trouble> {
        let report = self.whole_report(row).await?.state;
        let pack = self.pack_of_report(&report)?;
        match self.finds(viewer, row, pack) {
            None => return Err(Trouble::NotFound),
            Some(false) => {
                let role = pack.set_aside.as_ref().and_then(|rule| pack.role(&rule.needs_finding_by));
                let by = role.map_or("another office", |role| role.title.en.as_str());
                return Err(Trouble::Refused(format!("The finding is recorded by: {by}. Ask them.")));
            }
            Some(true) => {}
        }
        let id: EntryId = self.draw();
        self.on_report(Actor::Account(may.by()), row, Command::RecordFinding(id, words)).await
    }

    /// Hands a report to another unit of the same agency.
    pub async fn hand_to(
        &self,
        may: &Allowed,
        row: &ReportRow,
        unit: UnitId,
        note: Option<Note>,
    ) -> Result<(), Trouble> {
        let known = self.directory().unit(unit).is_some_and(|u| u.tenant == row.tenant);
        if !known {
            return Err(Trouble::NotFound);
        }
        self.on_report(Actor::Account(may.by()), row, Command::HandTo(unit, note)).await
    }

    /// The reporter adds words or files from their private status page.
    /// `about` is the question whose answer they give or correct.
    pub async fn add_words(
        &self,
        row: &ReportRow,
        words: Option<Note>,
        files: Vec<FileAdded>,
        about: Option<QuestionId>,
    ) -> Result<(), Trouble> {
        let id: EntryId = self.draw();
        // A name may come later than the report. Whoever bears it is kept out before the words can be read, until somebody
        // else has looked. What is an incident has people who work on it: they decide.
        let said: Vec<&str> = words.iter().map(|words| words.as_str()).collect();
        let named = if row.incident.is_none() { self.named_in(row.tenant, &said, Actor::Reporter) } else { Vec::new() };
        if !named.is_empty() {
            let people = named.into_iter().map(|account| Kept { account, why: KeptWhy::Named }).collect();
            self.on_report(Actor::System, row, Command::KeepFrom(people)).await?;
        }
        self.on_report(Actor::Reporter, row, Command::AddWords(id, words, files, about)).await
    }

    /// An officer corrects what a report says, as somebody told them. The first words stay beside it.
    pub async fn correct_report(
        &self,
        may: &Allowed,
        row: &ReportRow,
        words: Note,
        about: QuestionId,
    ) -> Result<(), Trouble> {
        let id: EntryId = self.draw();
        self.on_report(Actor::Account(may.by()), row, Command::AddWords(id, Some(words), Vec::new(), Some(about))).await
    }

    /// Tests a report by the policy's definition of an incident.
    pub async fn weigh(&self, may: &Allowed, row: &ReportRow, answers: Vec<FactAnswer>) -> Result<(), Trouble> {
        let report = self.whole_report(row).await?.state;
        let incident = self.pack_of_report(&report)?.definition.as_ref().and_then(|d| d.finds(&answers));
        self.on_report(Actor::Account(may.by()), row, Command::Weigh(Weighing { answers, incident })).await
    }

    /// The reporter ends their private link: from then on neither it nor its code opens anything.
    pub async fn end_link(&self, row: &ReportRow) -> Result<(), Trouble> {
        self.on_report(Actor::Reporter, row, Command::EndLink).await
    }

    async fn on_report(&self, by: Actor, row: &ReportRow, command: Command) -> Result<(), Trouble> {
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut loaded: Loaded<Report> = self.whole_report(row).await?;
            let events = report::decide(&loaded.state, command.clone(), Given { actor: by, now })?;
            if events.is_empty() {
                return Ok(());
            }
            let mut change = Change::default();
            self.change_report(&mut change, &mut loaded, row, &events, by, now)?;
            self.follow_up(&mut change, row, &events, now)?;
            if attempts.commit(self, change).await? {
                return Ok(());
            }
        }
    }

    /// A question or an outcome is told to the reporter, who decides whether to look.
    fn follow_up(
        &self,
        change: &mut Change,
        row: &ReportRow,
        events: &[report::Event],
        now: Instant,
    ) -> Result<(), Trouble> {
        let tells = |e: &report::Event| matches!(e, report::Event::QuestionAsked { .. } | report::Event::SetAside(_));
        if events.iter().any(tells) {
            change.jobs.push(self.job(&Work::TellReporter { tenant: row.tenant, report: row.id }, now)?);
        }
        for event in events {
            if let report::Event::KeptFrom { people } = event {
                change.rows.extend(kept::rows(row.id.into(), people.iter().map(|kept| kept.account)));
            }
            if let report::Event::WordsAdded { files, .. } = event {
                // They waited beside the record until the words that mention them were part of it.
                let moved =
                    files.iter().map(|f| store::RowChange::MoveFile(f.id, store::FileOwner::Stream(row.id.into())));
                change.rows.extend(moved);
            }
        }
        let tells_officer =
            |e: &report::Event| matches!(e, report::Event::WordsAdded { .. } | report::Event::HandedTo { .. });
        if events.iter().any(|e| matches!(e, report::Event::HandedTo { .. })) {
            let minutes = self.local_values(row.tenant).open_within_minutes;
            change.jobs.push(self.watch(Step { tenant: row.tenant, report: row.id, since: now, number: 1 }, minutes)?);
        }
        if events.iter().any(tells_officer) {
            change.jobs.push(self.job(&Work::TellAboutReport { tenant: row.tenant, report: row.id }, now)?);
        }
        Ok(())
    }

    fn code_of(&self, row: &ReportRow) -> Result<String, Trouble> {
        Ok(self.directory().agency(row.tenant).ok_or(Trouble::NotFound)?.code.clone())
    }
}

/// The nearest first; those without a date last.
fn duties_by_date(incident: incident::Incident) -> Vec<incident::Duty> {
    let mut duties: Vec<_> = incident.duties.into_values().map(|d| d.duty).collect();
    duties.sort_by_key(|d| d.due.by.map_or(i64::MAX, Instant::micros));
    duties
}
