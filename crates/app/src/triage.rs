//! What an officer decides about a report: incident of its own, part of another, question, no incident, somebody else's.

use crate::changing::{ATTEMPTS, Place, new_incident};
use crate::jobs::{Step, Work};
use crate::record::Loaded;
use crate::{App, Trouble, kept};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, EntryId, IncidentId, UnitId};
use domain::incident::{self, FactAnswer, FactValue, Opening};
use domain::pack::{FactId, Pack, QuestionId};
use domain::permission::{Action, Allowed, Object, Viewer, decide, participant_allows};
use domain::reference::IncidentReference;
use domain::report::{self, Command, FileAdded, Given, Kept, KeptWhy, Report, SetAside, Submission, Weighing};
use domain::text::{Line, Note};
use domain::time::{Instant, When};
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
    /// A report and the right to do something with it. One that is not there, belongs to others, or that the viewer
    /// must not learn of gives the same answer.
    pub async fn allow_on_report(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, ReportRow), Trouble> {
        let found = self.store().report_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let (stream, unit) = (row.id.into(), row.handling_unit);
        let case = |invited| Object::Case { stream, tenant: row.tenant, unit, excluded, invited };
        match (decide(viewer, action, case(false), section), row.incident) {
            (Ok(may), _) => Ok((may, row)),
            // Whoever takes part in the incident that came of it reads it as well.
            (Err(_), Some(incident))
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, incident).await? =>
            {
                Ok((decide(viewer, action, case(true), section)?, row))
            }
            (Err(denied), _) => Err(denied.into()),
        }
    }

    /// An incident and the right to do something with it.
    pub async fn allow_on_incident(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, IncidentRow), Trouble> {
        let found = self.store().incident_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let case =
            |invited| Object::Case { stream: row.id.into(), tenant: row.tenant, unit: row.unit, excluded, invited };
        match decide(viewer, action, case(false), section) {
            Ok(may) => Ok((may, row)),
            // Only where a part in the case could allow it is the record asked whether there is one.
            Err(_)
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, row.id).await? =>
            {
                Ok((decide(viewer, action, case(true), section)?, row))
            }
            Err(denied) => Err(denied.into()),
        }
    }

    /// As [`App::allow_on_incident`], with everybody who must not learn of it: for the page that says so.
    pub async fn allow_on_incident_and_excluded(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, IncidentRow, Vec<AccountId>), Trouble> {
        let row = self.store().incident_by_reference(viewer.tenant, reference).await?.ok_or(Trouble::NotFound)?;
        let kept_from = self.store().exclusions(row.id.into()).await?;
        let excluded = kept_from.contains(&viewer.account);
        let (stream, tenant, unit) = (row.id.into(), row.tenant, row.unit);
        let case = |invited| Object::Case { stream, tenant, unit, excluded, invited };
        let may = match decide(viewer, action, case(false), section) {
            Err(_)
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, row.id).await? =>
            {
                decide(viewer, action, case(true), section)?
            }
            decided => decided?,
        };
        Ok((may, row, kept_from))
    }

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
        for _ in 0..ATTEMPTS {
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
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                Err(other) => return Err(other),
                Ok(_) => {
                    return Ok(Accepted { incident: id, reference, duties: duties_by_date(incident.state) });
                }
            }
        }
        Err(Trouble::Moved)
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
        for _ in 0..ATTEMPTS {
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
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Trouble::Moved)
    }

    /// Takes back the last decision about a report, within the half minute that the rules allow. The incident that
    /// came of it is withdrawn, and its number is not used again.
    pub async fn undo_decision(&self, may: &Allowed, row: &ReportRow) -> Result<(), Trouble> {
        let by = Actor::Account(may.by());
        for _ in 0..ATTEMPTS {
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
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Trouble::Moved)
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
        for _ in 0..ATTEMPTS {
            let now = self.now();
            let mut loaded: Loaded<Report> = self.whole_report(row).await?;
            let events = report::decide(&loaded.state, command.clone(), Given { actor: by, now })?;
            if events.is_empty() {
                return Ok(());
            }
            let mut change = Change::default();
            self.change_report(&mut change, &mut loaded, row, &events, by, now)?;
            self.follow_up(&mut change, row, &events, now)?;
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Trouble::Moved)
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

/// The facts of an opening with the answers by which the report was weighed; the reason goes with those it overrules.
fn weighed_facts(facts: Vec<FactAnswer>, weighed: Option<&Weighing>, why: Option<&Note>) -> Vec<FactAnswer> {
    let answers = weighed.map(|w| w.answers.clone()).unwrap_or_default();
    let untold = facts.into_iter().filter(|fact| !answers.iter().any(|answer| answer.fact == fact.fact));
    let told = answers.iter().map(|answer| FactAnswer { reason: why.cloned(), ..answer.clone() });
    untold.chain(told).collect()
}

/// The nearest first; those without a date last.
fn duties_by_date(incident: incident::Incident) -> Vec<incident::Duty> {
    let mut duties: Vec<_> = incident.duties.into_values().map(|d| d.duty).collect();
    duties.sort_by_key(|d| d.due.by.map_or(i64::MAX, Instant::micros));
    duties
}

/// How an incident begins when it is made of a report: everything the reporter said is carried over.
fn opening_from(
    report: &Report,
    pack: &Pack,
    reference: IncidentReference,
    row: &ReportRow,
) -> Result<Opening, Trouble> {
    let filed = report.filed.as_ref().ok_or(Trouble::NotFound)?;
    let said = &filed.submission;
    let tiles: Vec<_> = pack.tiles.iter().filter(|tile| said.happened.contains(&tile.id)).collect();
    let label = tiles.first().map_or("Report", |tile| tile.label.en.as_str());
    let gist = said.words.as_ref().map(|w| w.gist(120)).unwrap_or_default();
    let title = if gist.is_empty() { label.to_owned() } else { format!("{label}: {gist}") };
    let title: String = title.chars().take(200).collect();
    let in_place_of = report.routed.as_ref().and_then(|routed| routed.in_place_of());
    Ok(Opening {
        reference,
        unit: row.handling_unit,
        pack: pack.id.clone(),
        laws: Vec::new(),
        title: Line::parse(&title).map_err(|e| Trouble::fault("naming an incident", e))?,
        categories: pack.first_suggested(&said.happened),
        report: Some(report.id),
        reported_at: Some(filed.at),
        occurred: said.when.clone(),
        discovered_at: first_known(said, filed.at, pack),
        noticed: Some(said.noticed.clone()).filter(|noticed| *noticed != When::Unknown),
        facts: facts_of(said, pack),
        told: Vec::new(),
        in_place_of: in_place_of.map(|(first, to)| (first.clone(), to.clone())),
        voluntary: report.routed.as_ref().and_then(|routed| routed.voluntary.clone()),
        lead: None,
        imported: None,
    })
}

/// The first knowledge that the report tells of: when its author noticed it, or else when it was received.
fn first_known(said: &Submission, filed: Instant, pack: &Pack) -> Instant {
    let noticed = match &said.noticed {
        When::Exact { at } | When::About { at } => *at,
        When::Day { on } => pack.zone.start_of_day(*on),
        When::Unknown => filed,
    };
    noticed.min(filed)
}

/// The facts that a report's answers make known: by what was chosen, by things lost, and by questions that ask for one.
pub fn facts_of(said: &Submission, pack: &Pack) -> Vec<FactAnswer> {
    let tiles = pack.tiles.iter().filter(|tile| said.happened.contains(&tile.id));
    let suggested = pack.first_suggested(&said.happened);
    let categories = pack.categories.iter().filter(|c| suggested.contains(&c.id));
    let lost = pack.loss.iter().filter(|_| !said.lost.is_empty()).map(|loss| loss.sets.clone());
    let mut facts: Vec<FactId> =
        tiles.flat_map(|tile| tile.sets.clone()).chain(categories.flat_map(|c| c.sets.clone())).chain(lost).collect();
    facts.sort();
    facts.dedup();
    let mut known: Vec<FactAnswer> =
        facts.into_iter().map(|fact| FactAnswer { fact, answer: FactValue::Yes, reason: None }).collect();
    for question in &pack.questions {
        let Some(fact) = question.records.clone().filter(|fact| !known.iter().any(|k| k.fact == *fact)) else {
            continue;
        };
        let answered = said.answers.iter().find(|a| a.question == question.id);
        let answer = match answered.and_then(|a| a.choices.first()).map(|choice| choice.as_str()) {
            Some("yes") => FactValue::Yes,
            Some("no") => FactValue::No,
            Some("unsure") => FactValue::Unknown,
            _ => continue,
        };
        known.push(FactAnswer { fact, answer, reason: None });
    }
    known
}
