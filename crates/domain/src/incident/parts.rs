//! The parts of an incident's events: what each of them says, as the journal keeps it.

use crate::ids::{AccountId, DocumentId, EntryId, ReportId, TaskId, UnitId};
use crate::obligation::HoldForm;
use crate::observable::Observable;
use crate::pack::{
    CategoryId, ClauseId, ClosingId, DecisionId, FactId, Measure, Moment, ObligationId, PackId, RegimeId, RoleId, Step,
    SystemId, TagId,
};
use crate::reference::IncidentReference;
use crate::report::FileAdded;
use crate::text::{Line, Narrative, Note};
use crate::time::{Instant, When};
use jiff::civil;
use serde::{Deserialize, Serialize};

/// How an incident began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The printed reference.
    pub reference: IncidentReference,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The policy edition that governs it for good: the one in force on the day of the first report.
    pub pack: PackId,
    /// The laws that bind beside it, in the editions of that day, for good.
    #[serde(default)]
    pub laws: Vec<PackId>,
    /// What it is called.
    pub title: Line<200>,
    /// The policy's kinds of incident.
    pub categories: Vec<CategoryId>,
    /// The report it was made of.
    pub report: Option<ReportId>,
    /// When that report was received.
    pub reported_at: Option<Instant>,
    /// When it happened, as far as known.
    pub occurred: When,
    /// When it was discovered: where the law's clocks start.
    pub discovered_at: Instant,
    /// When the person who reported noticed it, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<When>,
    /// Facts that the report's answers make true.
    pub facts: Vec<FactAnswer>,
    /// Roles in whose inbox the report lay from the moment it was filed: telling them needs nothing more.
    #[serde(default)]
    pub told: Vec<RoleId>,
    /// Whom the policy names first and who got the report in their place: what the one owes, the other then owes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<(RoleId, RoleId)>,
    /// The law that leaves the unit out of the policy: its duties do not start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voluntary: Option<Line<200>>,
    /// The officer who opened it and leads it until it is handed over.
    pub lead: Option<AccountId>,
    /// The record it was imported from.
    pub imported: Option<Imported>,
}

/// A record of another system, kept with what it said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Imported {
    /// Name of the source, such as `HHS breach portal`.
    pub source: Line<120>,
    /// The record's identity there.
    pub record: Line<200>,
    /// Who reported it there.
    pub author: Line<300>,
    /// Civil day of its submission there.
    pub submitted: civil::Date,
    /// Kinds, in the source's words, split and tidied.
    pub kinds: Vec<Line<120>>,
    /// Where the information was, likewise.
    pub locations: Vec<Line<120>>,
    /// State or territory, two letters.
    pub place: Option<Line<2>>,
    /// Kind of organisation.
    pub organisation: Option<Line<120>>,
    /// Whether a business associate was involved.
    pub associate: Option<bool>,
    /// People affected.
    pub people: Option<u64>,
    /// The narrative.
    pub narrative: Option<Narrative>,
    /// What was changed or missing on the way in, in words.
    pub remarks: Vec<Line<300>>,
}

/// A changed describing fact. `None` leaves it as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Description {
    /// What it is called.
    pub title: Option<Line<200>>,
    /// The policy's kinds of incident.
    pub categories: Option<Vec<CategoryId>>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was discovered.
    pub discovered_at: Option<Instant>,
    /// Why it was changed.
    pub reason: Option<Note>,
}

/// How bad an incident is: one to four rising bars.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Little harm, contained.
    Low,
    /// Some harm or not yet contained.
    Medium,
    /// Much harm, or many people.
    High,
    /// The agency cannot do its work, or lives are touched.
    Critical,
}

/// An entry of the timeline. A mistake is corrected by a new entry that names the old one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The entry.
    pub id: EntryId,
    /// What kind of thing it tells.
    pub kind: EntryKind,
    /// When it happened, which may be long before it was recorded.
    pub happened: When,
    /// What happened.
    pub words: Narrative,
    /// Addresses, names and sums found in it and accepted.
    pub observables: Vec<Observable>,
    /// The entry that this one corrects.
    pub corrects: Option<EntryId>,
    /// The legal bases that the incident was marked with when data went out: they travel with a disclosure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// Who did it, for something that was done before officers took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doer: Option<Doer>,
}

/// Who did something about an incident.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// Whoever noticed it, or works where it happened.
    User,
    /// The technical staff of the state.
    TechnicalStaff,
    /// Somebody outside.
    OutsideParty,
}

/// What kind of thing a timeline entry tells.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A remark.
    Note,
    /// Something that was done.
    Action,
    /// Something that was found out.
    Finding,
    /// Somebody was spoken to.
    Contact,
    /// A pasted log line or message.
    Log,
    /// Somebody outside received data of the incident.
    Disclosure,
}

/// A task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The task.
    pub id: TaskId,
    /// What is to be done.
    pub title: Line<300>,
    /// Stage of the work.
    pub stage: Stage,
    /// Who does it.
    pub owner: Option<AccountId>,
    /// By when.
    pub due: Option<civil::Date>,
    /// The clauses it follows from, if any.
    pub clauses: Vec<ClauseId>,
}

/// Stage of the work on an incident.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Stop it from getting worse.
    Contain,
    /// Find out what happened.
    Investigate,
    /// Get back to normal.
    Recover,
    /// Tell those who must know.
    Notify,
    /// Finish.
    Close,
}

/// A system that is affected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AffectedSystem {
    /// The entry.
    pub id: EntryId,
    /// Its class in the pack.
    pub class: Option<SystemId>,
    /// Name, tag, place.
    pub description: Line<500>,
    /// Whether kept counts have it: those recorded before systems were counted are in none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
}

/// How many people are affected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeopleCount {
    /// How many.
    pub people: u64,
    /// How sure that number is.
    pub confidence: Confidence,
    /// Where they live, two letters, when the number is of one state.
    pub residence: Option<Line<2>>,
    /// What information of theirs, in words.
    pub information: Option<Note>,
    /// What was counted.
    #[serde(default)]
    pub measure: Measure,
    /// No fewer than.
    #[serde(default)]
    pub low: Option<u64>,
    /// No more than.
    #[serde(default)]
    pub high: Option<u64>,
    /// The day whose knowledge it describes; without one, the moment of recording.
    #[serde(default)]
    pub as_of: Option<civil::Date>,
}

/// A moment that starts clocks, with the one whose knowledge it was and what shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClockRecord {
    /// Which.
    pub moment: Moment,
    /// When.
    pub when: When,
    /// Who did it or whose knowledge it was.
    #[serde(default)]
    pub who: Option<Line<120>>,
    /// What shows it.
    #[serde(default)]
    pub evidence: Option<Note>,
    /// Why it is told otherwise than before.
    #[serde(default)]
    pub reason: Option<Note>,
}

impl ClockRecord {
    /// A moment that the product itself saw.
    pub const fn seen(moment: Moment, when: When) -> Self {
        Self { moment, when, who: None, evidence: None, reason: None }
    }
}

/// A request for silence, as it was made. It pauses the regimes it names and nothing else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoldRecord {
    /// The entry.
    pub id: EntryId,
    /// What it pauses.
    pub regimes: Vec<RegimeId>,
    /// Who asked.
    pub official: Line<120>,
    /// For which agency.
    pub agency: Line<120>,
    /// In writing or by mouth.
    pub form: HoldForm,
    /// When it was said or received.
    pub stated: When,
    /// The last day it asks for.
    pub until: Option<civil::Date>,
    /// On what ground, and what shows it.
    pub evidence: Option<Note>,
}

/// How sure a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Counted.
    Counted,
    /// Estimated.
    Estimated,
}

/// The answer to a question of the pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FactAnswer {
    /// The question.
    pub fact: FactId,
    /// The answer.
    pub answer: FactValue,
    /// Why, when it changes an earlier answer.
    pub reason: Option<Note>,
}

/// An answer: yes, no, not known, or a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Asked, and not known yet.
    Unknown,
    /// So many.
    Count(u64),
}

/// A duty as it was when the policy attached it, with the arithmetic that produced its date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Duty {
    /// The rule in the governing edition; at most one duty per rule and incident.
    pub rule: ObligationId,
    /// What is to be done.
    pub title: Line<300>,
    /// The role that owes it, as titled by the pack.
    pub owed_by: Line<120>,
    /// The clauses that state it.
    pub clauses: Vec<ClauseId>,
    /// When it is due.
    pub due: DueDate,
    /// The pack that states it; none where it is the one that governs the incident.
    #[serde(default)]
    pub pack: Option<PackId>,
    /// Steps it holds up while open.
    #[serde(default)]
    pub blocks: Vec<Step>,
}

/// A due moment with its sum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DueDate {
    /// The last moment that is on time; `None` where the policy names no period and only the age is shown.
    pub by: Option<Instant>,
    /// The civil day, for duties that are due by the end of a day.
    pub day: Option<civil::Date>,
    /// From when being done counts as late; `None` where it never does.
    pub late_after: Option<Instant>,
    /// When its clock started.
    pub since: Option<Instant>,
    /// The sum in words.
    pub arithmetic: Line<2000>,
}

/// How a duty was answered for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DutyMet {
    /// The duty.
    pub rule: ObligationId,
    /// How.
    pub by: Proof,
    /// When that was done, which may be before it was recorded.
    pub at: Instant,
    /// Words: a ticket number, whom one spoke to, why it does not apply.
    pub words: Option<Note>,
}

/// A duty that is let go, by somebody who may, with the authority they act on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Waiver {
    /// The duty.
    pub rule: ObligationId,
    /// By what authority: a clause, an order, a decision with its date.
    pub authority: Line<200>,
    /// Why.
    pub reason: Note,
    /// When it was decided.
    pub at: Instant,
}

impl Waiver {
    /// The same as an answer for the duty, in words that stand alone.
    pub(super) fn as_answer(&self) -> DutyMet {
        let words = format!("{} (by authority of: {})", self.reason, self.authority);
        let words = Note::parse(&words).ok().or_else(|| Some(self.reason.clone()));
        DutyMet { rule: self.rule.clone(), by: Proof::Waived, at: self.at, words }
    }
}

/// What answers for a duty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The product delivered a message.
    Delivered,
    /// A person recorded that it was done.
    Recorded,
    /// A telephone call, recorded.
    Called,
    /// A signature on the form.
    Signed,
    /// It does not apply, with the reason.
    NotApplicable,
    /// An authorised person waived it, with the reason.
    Waived,
    /// The question was decided by those who have to agree.
    Decided,
}

/// A decided question. A later decision can supersede it; it is never edited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// The decision.
    pub id: EntryId,
    /// The pack's question, when it is one of the pack's.
    pub asked: Option<DecisionId>,
    /// The question.
    pub question: Line<300>,
    /// What was decided.
    pub outcome: Line<300>,
    /// Why.
    pub reason: Note,
    /// The decision it supersedes.
    pub supersedes: Option<EntryId>,
}

/// The help ticket that a policy wants opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number.
    pub number: Line<60>,
    /// Its category, word for word as the policy prints it.
    pub category: Line<120>,
    /// When it was opened.
    pub at: Instant,
    /// The role that opened it.
    pub by: RoleId,
}

/// A document that was issued: a function of the incident at a version and a template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The document.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Its bytes in the file store.
    pub file: FileAdded,
    /// The version of the incident it shows.
    pub of_version: u32,
}

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The Report of Security Incident without the personnel part.
    SecurityIncidentReport,
    /// The same with the personnel part, for human resources.
    PersonnelCopy,
    /// One page for whoever takes over.
    Brief,
}

/// How an incident was closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Closing {
    /// Statements that the pack's checklist asks for.
    pub statements: Vec<(ClosingId, Note)>,
    /// What closing was decided on, in words.
    pub note: Option<Note>,
}
