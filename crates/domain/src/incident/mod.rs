//! An incident: the case that officers work, from opening to closing, as its events tell it.

mod answered;
mod assess;
mod clocks;
mod closing;
mod decide;
mod entries;
mod event;
mod glass;
mod keeping;
mod listing;
mod outlook;
mod paper;
mod participants;
mod parts;
mod playbook;
mod refusal;
#[cfg(test)]
mod samples;
mod sealed;
#[cfg(test)]
mod sealed_tests;
#[cfg(test)]
mod sheet_tests;
mod sheets;
mod votes;
mod waiting;

pub use assess::{assessed, facts};
pub use clocks::{Paused, moments_that_count, paused};
pub use closing::missing_for_closing;
pub use decide::{Command, Given, Missing, decide};
pub use entries::{FieldValue, SheetEntry, SheetFilling, gist};
pub use event::Event;
pub use glass::{GLASS_SECONDS, Glass, GlassRequest};
pub use keeping::{
    DisposalProposal, HoldState, KeepRule, Keeping, Kept, LegalHold, LegalMatter, MatterState, in_the_way, keep_rules,
    kept,
};
pub use listing::{Listing, Mark, Standing, Sum, SummaryOfIncident};
pub use outlook::{Move, Outlook, Spared, decide_all, outlook};
pub use participants::{Part, Participant};
pub use parts::*;
pub use playbook::{offered, step_of, task_of};
pub use refusal::Refusal;
pub use sealed::EntrySignature;
pub use sheets::{marked, sheet_offered, sheets_asked, sheets_before};
pub use votes::{
    Outcome, Statement, Tally, Vote, concurrence_wanted, is_put, not_agreed_in_words, tally, waits_for_votes,
};
pub use waiting::{WaitsFor, waits_for};

use crate::actor::{Actor, Section};
use crate::form::{Filled, Party, SignatureAsk};
use crate::ids::{AccountId, IncidentId, ReportId, TaskId};
use crate::obligation::Timeliness;
use crate::pack::{FactId, Measure, Moment, ObligationId, PlaybookId, TagId};
use crate::report::FileAdded;
use crate::text::Note;
use crate::time::{Instant, When, Zone};
use std::collections::BTreeMap;

/// An incident as its events tell it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incident {
    /// The incident.
    pub id: IncidentId,
    /// The stream version reached.
    pub version: u32,
    /// How it began; `None` before that.
    pub opening: Option<Opening>,
    /// When it was opened in the product.
    pub opened_at: Option<Instant>,
    /// Where it stands.
    pub standing: Standing,
    /// How bad it is, once somebody judged.
    pub severity: Option<Severity>,
    /// Who leads it.
    pub lead: Option<AccountId>,
    /// Reports that belong to it.
    pub reports: Vec<ReportId>,
    /// The timeline, in order of recording.
    pub timeline: Vec<Recorded<Entry>>,
    /// Tasks, in order of setting.
    pub tasks: BTreeMap<TaskId, TaskState>,
    /// Systems affected.
    pub systems: Vec<AffectedSystem>,
    /// The latest count of people.
    pub people: Option<PeopleCount>,
    /// Every count of people, oldest first, and since when it is known.
    pub counts: Vec<(PeopleCount, Instant)>,
    /// Requests for silence, oldest first, and the day on which each was taken back.
    pub holds: Vec<(HoldRecord, Option<jiff::civil::Date>)>,
    /// Answers to the pack's questions, and since when.
    pub answers: BTreeMap<FactId, (FactValue, Instant)>,
    /// Moments that start clocks, as last told.
    pub moments: BTreeMap<Moment, ClockRecord>,
    /// Every word about such a moment, oldest first.
    pub told: Vec<Recorded<ClockRecord>>,
    /// Duties by rule.
    pub duties: BTreeMap<ObligationId, DutyState>,
    /// Decisions, oldest first.
    pub decisions: Vec<Recorded<Decision>>,
    /// Documents, oldest first.
    pub documents: Vec<Recorded<Document>>,
    /// Files, oldest first.
    pub files: Vec<Recorded<FileAdded>>,
    /// The Report of Security Incident.
    pub form: Filled,
    /// When human resources finished its part of the form: all that others learn of it.
    pub personnel_done: Option<Instant>,
    /// When human resources finished its review on the sheets that it alone reads: all that others learn of it.
    pub personnel_reviewed: Option<Instant>,
    /// Who was given the lead by somebody else and has not touched the incident since, with the moment it was given.
    pub takeover: Option<(AccountId, Instant)>,
    /// The request for the reporter's signature that was made last and neither answered nor ended.
    pub signature_ask: Option<Recorded<SignatureAsk>>,
    /// The legal bases it is marked with, in the order in which they were put on.
    pub tags: Vec<TagId>,
    /// How it was closed, and when.
    pub closing: Option<(Closing, Instant)>,
    /// Entries of sheets, oldest first.
    pub sheets: Vec<SheetEntry>,
    /// Entries of sheets that this reader may not open.
    pub sealed_entries: u32,
    /// Votes on questions of the policy, oldest first.
    pub votes: Vec<Recorded<Vote>>,
    /// Statements that are voted on, every version, oldest first.
    pub statements: Vec<Recorded<Statement>>,
    /// Playbooks that were started here, oldest first.
    pub playbooks: Vec<Recorded<PlaybookId>>,
    /// Legal matters, holds and disposal.
    pub keeping: Keeping,
    /// The help ticket, and who put it on record.
    pub ticket: Option<Recorded<Ticket>>,
    /// When whoever the ticket went to has taken it, and how that is known.
    pub acknowledged: Option<Recorded<(Instant, Note)>>,
    /// Who takes or took part without a role here, in the order in which they were named.
    pub parts: Vec<Part>,
    /// Who must not learn of it, in the order in which they were named.
    pub excluded: Vec<Recorded<AccountId>>,
    /// Who asked to look into it in an emergency, and what came of it, oldest first.
    pub glass: Vec<Glass>,
}

/// Something with the one who recorded it and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded<T> {
    /// What was recorded.
    pub what: T,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// A task and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskState {
    /// The task.
    pub task: Task,
    /// Done when and by whom; `None` while open.
    pub done: Option<Recorded<Option<Note>>>,
    /// Taken out of this incident, with the reason; `None` while it stands.
    pub removed: Option<Recorded<Note>>,
}

/// A duty and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyState {
    /// The duty.
    pub duty: Duty,
    /// When the policy attached it.
    pub opened_at: Instant,
    /// How it was answered for; `None` while open.
    pub met: Option<Recorded<DutyMet>>,
}

impl DutyState {
    /// Whether it was, or by now is, late: never for a duty that has no date.
    pub fn late(&self, now: Instant) -> bool {
        let done = self.met.as_ref().map_or(now, |met| met.what.at);
        self.duty.due.late_after.is_some_and(|last| done > last)
    }

    /// How it was kept: early, on time or late, and by how much; `None` while open, and where it was let go.
    pub fn kept(&self, zone: &Zone) -> Option<Timeliness> {
        let met = self.met.as_ref().filter(|met| !matches!(met.what.by, Proof::NotApplicable | Proof::Waived))?;
        Some(self.duty.due.kept(met.what.at, zone))
    }
}

impl Incident {
    /// An incident of which nothing is known yet.
    pub fn empty(id: IncidentId) -> Self {
        Self {
            id,
            version: 0,
            opening: None,
            opened_at: None,
            standing: Standing::Open,
            severity: None,
            lead: None,
            reports: Vec::new(),
            timeline: Vec::new(),
            tasks: BTreeMap::new(),
            systems: Vec::new(),
            people: None,
            counts: Vec::new(),
            holds: Vec::new(),
            answers: BTreeMap::new(),
            moments: BTreeMap::new(),
            told: Vec::new(),
            duties: BTreeMap::new(),
            decisions: Vec::new(),
            documents: Vec::new(),
            files: Vec::new(),
            form: Filled::default(),
            personnel_done: None,
            personnel_reviewed: None,
            takeover: None,
            signature_ask: None,
            tags: Vec::new(),
            closing: None,
            sheets: Vec::new(),
            sealed_entries: 0,
            votes: Vec::new(),
            statements: Vec::new(),
            playbooks: Vec::new(),
            keeping: Keeping::default(),
            ticket: None,
            acknowledged: None,
            parts: Vec::new(),
            excluded: Vec::new(),
            glass: Vec::new(),
        }
    }

    /// Counts an entry that cannot be read, sealed for this reader or erased, and takes from its header what everybody
    /// may know: that human resources has signed, not what. What human resources writes on its sheets is not counted.
    pub fn skip(&mut self, kind: &str, section: Section, at: Instant) {
        self.version += 1;
        if section == Section::Personnel && kind == Event::SIGNED {
            self.personnel_done = Some(at);
        }
        if kind == Event::FILLED && section != Section::Personnel {
            self.sealed_entries += 1;
        }
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &Event, by: Actor, at: Instant) {
        self.version += 1;
        if self.takeover.is_some_and(|(lead, _)| by == Actor::Account(lead)) {
            self.takeover = None;
        }
        match event {
            Event::Opened(opening) => self.open(opening, at),
            Event::ReportAdded { report } => self.reports.push(*report),
            Event::ReportRemoved { report } => self.reports.retain(|r| r != report),
            Event::Withdrawn => self.standing = Standing::Withdrawn,
            Event::Described(description) => self.describe(description),
            Event::LeadGiven { to, .. } => {
                self.lead = Some(*to);
                self.takeover = (by != Actor::Account(*to)).then_some((*to, at));
            }
            Event::Noted(entry) => self.timeline.push(Recorded { what: (**entry).clone(), by, at }),
            Event::TaskSet(task) => {
                self.tasks.insert(task.id, TaskState { task: task.clone(), done: None, removed: None });
            }
            Event::TaskDone { task, note } => {
                if let Some(state) = self.tasks.get_mut(task) {
                    state.done = Some(Recorded { what: note.clone(), by, at });
                }
            }
            Event::TaskReopened { task } => {
                if let Some(state) = self.tasks.get_mut(task) {
                    (state.done, state.removed) = (None, None);
                }
            }
            Event::SystemAffected(system) => self.systems.push(system.clone()),
            Event::PeopleCounted(count) => {
                self.counts.push((count.clone(), at));
                if count.measure == Measure::Affected {
                    self.people = Some(count.clone());
                }
            }
            Event::FactAnswered(answer) => {
                self.answers.insert(answer.fact.clone(), (answer.answer, at));
            }
            Event::MomentRecorded(record) => {
                self.moments.insert(record.moment, record.clone());
                self.told.push(Recorded { what: record.clone(), by, at });
            }
            Event::HoldPlaced(hold) => self.holds.push(((**hold).clone(), None)),
            Event::HoldLifted { hold, on, .. } => {
                if let Some((_, lifted)) = self.holds.iter_mut().find(|(placed, _)| placed.id == *hold) {
                    *lifted = Some(*on);
                }
            }
            Event::DutyOpened(duty) => {
                let state = DutyState { duty: (**duty).clone(), opened_at: at, met: None };
                self.duties.entry(duty.rule.clone()).or_insert(state);
            }
            Event::DutyMoved { rule, due } => {
                if let Some(state) = self.duties.get_mut(rule) {
                    state.duty.due = due.clone();
                }
            }
            Event::DutyMet(met) => self.answer(met.clone(), by, at),
            Event::DutyWaived(waiver) => self.answer(waiver.as_answer(), by, at),
            Event::Decided(decision) => self.decisions.push(Recorded { what: (**decision).clone(), by, at }),
            Event::DocumentIssued(document) => self.documents.push(Recorded { what: document.clone(), by, at }),
            Event::FileAdded(file) => self.files.push(Recorded { what: file.clone(), by, at }),
            Event::FormFilled(filling) | Event::PersonnelFilled(filling) => self.form.fill(filling),
            Event::FormSigned(signature) => {
                match signature.party {
                    Party::HumanResources => self.personnel_done = Some(at),
                    Party::Reporter => self.signature_ask = None,
                    Party::OfficerReceived | Party::OfficerCompleted => {}
                }
                self.form.signatures.push((signature.clone(), at));
            }
            Event::SignatureAsked(ask) => self.signature_ask = Some(Recorded { what: ask.clone(), by, at }),
            Event::SignatureAskEnded => self.signature_ask = None,
            Event::FormAmended { reason } => {
                self.form.amend(reason.clone());
                self.personnel_done = None;
                self.signature_ask = None;
            }
            Event::Closed(closing) => {
                self.standing = Standing::Closed;
                self.closing = Some(((**closing).clone(), at));
            }
            // Whoever opens it again works on it, so nobody waits to dispose of it any more.
            Event::Reopened { .. } => {
                self.standing = Standing::Open;
                self.keeping.proposal = None;
            }
            Event::SheetFilled(filling) => self.fill_sheet(Recorded { what: (**filling).clone(), by, at }),
            Event::SheetStruck { entry, reason, .. } => {
                if let Some(entry) = self.sheets.iter_mut().find(|e| e.id == *entry) {
                    entry.struck = Some(Recorded { what: reason.clone(), by, at });
                }
            }
            Event::Tagged { tag, on } => {
                self.tags.retain(|known| known != tag);
                if *on {
                    self.tags.push(tag.clone());
                }
            }
            Event::SheetSigned(signature) => {
                if let Some(entry) = self.sheets.iter_mut().find(|e| e.id == signature.entry) {
                    entry.signed = Some(Recorded { what: (**signature).clone(), by, at });
                }
            }
            Event::PersonnelReviewed { done } => self.personnel_reviewed = done.then_some(at),
            Event::TicketOpened(ticket) => self.ticket = Some(Recorded { what: ticket.clone(), by, at }),
            Event::TicketAcknowledged { at: when, words } => {
                self.acknowledged = Some(Recorded { what: (*when, words.clone()), by, at });
            }
            Event::Voted(vote) => self.votes.push(Recorded { what: (**vote).clone(), by, at }),
            Event::StatementWritten(text) => self.statements.push(Recorded { what: (**text).clone(), by, at }),
            Event::PlaybookStarted { playbook } => self.playbooks.push(Recorded { what: playbook.clone(), by, at }),
            Event::TaskRemoved { task, reason } => {
                if let Some(state) = self.tasks.get_mut(task) {
                    state.removed = Some(Recorded { what: reason.clone(), by, at });
                }
            }
            Event::Excluded { account } => self.excluded.push(Recorded { what: *account, by, at }),
            Event::GlassAsked(request) => {
                self.glass.push(Glass { asked: Recorded { what: request.clone(), by, at }, answered: None });
            }
            Event::GlassBroken { request, until } => {
                self.answer_glass(*request, Recorded { what: Some(*until), by, at });
            }
            Event::GlassRefused { request } => self.answer_glass(*request, Recorded { what: None, by, at }),
            Event::ParticipantAdded(participant) => self.give_part(Recorded { what: participant.clone(), by, at }),
            Event::ParticipantRemoved { account, reason } => {
                self.end_part(*account, &Recorded { what: reason.clone(), by, at });
            }
            Event::LawsBound { laws } => {
                if let Some(opening) = &mut self.opening {
                    let known = |law: &&crate::pack::PackId| !opening.laws.contains(law);
                    let new: Vec<_> = laws.iter().filter(known).cloned().collect();
                    opening.laws.extend(new);
                }
            }
            Event::MatterOpened(_)
            | Event::MatterSettled { .. }
            | Event::LegalHoldPlaced(_)
            | Event::LegalHoldLifted { .. }
            | Event::DisposalProposed(_)
            | Event::DisposalDeclined { .. }
            | Event::Disposed => self.keep(event, by, at),
        }
    }

    fn answer(&mut self, met: DutyMet, by: Actor, at: Instant) {
        if let Some(state) = self.duties.get_mut(&met.rule) {
            state.met = Some(Recorded { what: met, by, at });
        }
    }

    /// How long it is kept.
    fn keep(&mut self, event: &Event, by: Actor, at: Instant) {
        let keeping = &mut self.keeping;
        match event {
            Event::MatterOpened(matter) => {
                let matter = Recorded { what: (**matter).clone(), by, at };
                keeping.matters.push(MatterState { matter, settled: None, released: None });
            }
            Event::MatterSettled { matter, on, how } => {
                keeping.settle(*matter, *on, Recorded { what: how.clone(), by, at });
            }
            Event::LegalHoldPlaced(hold) => {
                let hold = Recorded { what: (**hold).clone(), by, at };
                keeping.holds.push(HoldState { hold, lifted: None });
                keeping.proposal = None;
            }
            Event::LegalHoldLifted { hold, reason } => {
                keeping.lift(*hold, &Recorded { what: reason.clone(), by, at });
            }
            Event::DisposalProposed(proposal) => {
                keeping.proposal = Some(Recorded { what: (**proposal).clone(), by, at });
            }
            Event::DisposalDeclined { .. } => keeping.proposal = None,
            Event::Disposed => keeping.disposed = Some(at),
            _ => {}
        }
    }

    fn open(&mut self, opening: &Opening, at: Instant) {
        self.opening = Some(opening.clone());
        self.opened_at = Some(at);
        self.lead = opening.lead;
        self.reports.extend(opening.report);
        self.answers.extend(opening.facts.iter().map(|a| (a.fact.clone(), (a.answer, at))));
        self.saw(Moment::IncidentOpened, at);
        if let Some(received) = opening.reported_at {
            self.saw(Moment::ReportReceived, received);
            // The product hands a report to the officer in the commit that files it.
            self.saw(Moment::OfficerTold, received);
        }
        if let Some(noticed) = &opening.noticed {
            self.moments.insert(Moment::Noticed, ClockRecord::seen(Moment::Noticed, noticed.clone()));
        }
        self.people = opening.imported.as_ref().and_then(|record| {
            let people = record.people?;
            let residence = record.place.clone();
            let confidence = Confidence::Counted;
            let (measure, low, high, as_of) = (Measure::Affected, None, None, None);
            Some(PeopleCount { people, confidence, residence, information: None, measure, low, high, as_of })
        });
    }

    fn saw(&mut self, moment: Moment, at: Instant) {
        self.moments.insert(moment, ClockRecord::seen(moment, When::Exact { at }));
    }

    fn describe(&mut self, new: &Description) {
        let Some(opening) = &mut self.opening else { return };
        if let Some(title) = &new.title {
            opening.title = title.clone();
        }
        if let Some(categories) = &new.categories {
            opening.categories.clone_from(categories);
        }
        if let Some(occurred) = &new.occurred {
            opening.occurred = occurred.clone();
        }
        if let Some(discovered_at) = new.discovered_at {
            opening.discovered_at = discovered_at;
        }
        self.severity = new.severity.or(self.severity);
    }

    /// The request for the reporter's signature that can still be answered.
    pub fn open_ask(&self, now: Instant) -> Option<&SignatureAsk> {
        self.signature_ask.as_ref().map(|asked| &asked.what).filter(|ask| now < ask.until)
    }

    /// Whether that entry has been corrected by a later one.
    pub fn corrected(&self, entry: crate::ids::EntryId) -> bool {
        self.timeline.iter().any(|e| e.what.corrects == Some(entry))
    }
}
