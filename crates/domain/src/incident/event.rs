//! The facts of an incident as the journal keeps them.

use super::parts::{
    AffectedSystem, ClockRecord, Closing, Decision, Description, Document, DueDate, Duty, DutyMet, Entry, FactAnswer,
    HoldRecord, Opening, PeopleCount, Task, Ticket, Waiver,
};
use super::{
    DisposalProposal, EntrySignature, GlassRequest, LegalHold, LegalMatter, Participant, SheetFilling, Statement, Vote,
};
use crate::actor::Section;
use crate::form;
use crate::ids::{AccountId, EntryId, ReportId, TaskId};
use crate::pack::{ObligationId, PackId, PlaybookId, TagId};
use crate::report::FileAdded;
use crate::text::Note;
use crate::time::Instant;
use jiff::civil;
use serde::{Deserialize, Serialize};

/// What can happen to an incident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts", rename_all = "snake_case")]
pub enum Event {
    /// It was opened.
    Opened(Box<Opening>),
    /// A report belongs to it from now on.
    ReportAdded {
        /// The report.
        report: ReportId,
    },
    /// A report was taken out again.
    ReportRemoved {
        /// The report.
        report: ReportId,
    },
    /// It was opened by mistake; its number is not reused.
    Withdrawn,
    /// A describing fact was changed, with the reason.
    Described(Description),
    /// Somebody leads it from now on.
    LeadGiven {
        /// That officer.
        to: AccountId,
        /// Why, or what to know.
        note: Option<Note>,
    },
    /// An entry of the timeline.
    Noted(Box<Entry>),
    /// A task was set.
    TaskSet(Task),
    /// A task was done.
    TaskDone {
        /// The task.
        task: TaskId,
        /// What came of it.
        note: Option<Note>,
    },
    /// A task turned out not to be done.
    TaskReopened {
        /// The task.
        task: TaskId,
    },
    /// A system is known to be affected.
    SystemAffected(AffectedSystem),
    /// How many people are affected, as far as known.
    PeopleCounted(PeopleCount),
    /// A question of the pack was answered.
    FactAnswered(FactAnswer),
    /// A moment that starts clocks, or a new word about one that was recorded before.
    MomentRecorded(ClockRecord),
    /// An official asked for silence.
    HoldPlaced(Box<HoldRecord>),
    /// A request for silence was taken back.
    HoldLifted {
        /// The request.
        hold: EntryId,
        /// On which day.
        on: civil::Date,
        /// How that is known.
        reason: Note,
    },
    /// The policy attaches a duty.
    DutyOpened(Box<Duty>),
    /// A changed fact moved a duty's date.
    DutyMoved {
        /// The duty.
        rule: ObligationId,
        /// Where it is due now.
        due: DueDate,
    },
    /// A duty was answered for.
    DutyMet(DutyMet),
    /// A question was decided.
    Decided(Box<Decision>),
    /// A document was issued from the facts at a version.
    DocumentIssued(Document),
    /// A file was added.
    FileAdded(FileAdded),
    /// Boxes of the form were filled.
    FormFilled(form::Filling),
    /// Human resources filled its boxes of the form.
    PersonnelFilled(form::Filling),
    /// A party signed the form.
    FormSigned(form::Signature),
    /// The person who reported was asked for their signature, by a link that signs once.
    SignatureAsked(form::SignatureAsk),
    /// The officer ended that request before it was answered.
    SignatureAskEnded,
    /// A signed form was opened for an amendment beside the original.
    FormAmended {
        /// Why.
        reason: Note,
    },
    /// It was closed.
    Closed(Box<Closing>),
    /// It was opened again.
    Reopened {
        /// Why.
        reason: Note,
    },
    /// Fields of a sheet were filled.
    SheetFilled(Box<SheetFilling>),
    /// An entry of a sheet was taken back.
    SheetStruck {
        /// The entry.
        entry: EntryId,
        /// Who reads it.
        section: Section,
        /// Why.
        reason: Note,
    },
    /// Somebody with authority let a duty go.
    DutyWaived(Box<Waiver>),
    /// It was marked with a legal basis of its policy, or the mark was taken off.
    Tagged {
        /// The basis.
        tag: TagId,
        /// Whether it is marked since.
        on: bool,
    },
    /// An office voted on a question of the policy.
    Voted(Box<Vote>),
    /// The text that deciders agree to was written anew.
    StatementWritten(Box<Statement>),
    /// A playbook of the library was started; its steps follow as tasks.
    PlaybookStarted {
        /// The playbook.
        playbook: PlaybookId,
    },
    /// A task was taken out of this incident.
    TaskRemoved {
        /// The task.
        task: TaskId,
        /// Why.
        reason: Note,
    },
    /// A legal matter arose.
    MatterOpened(Box<LegalMatter>),
    /// A legal matter was settled.
    MatterSettled {
        /// The matter.
        matter: EntryId,
        /// On which day.
        on: civil::Date,
        /// How.
        how: Note,
    },
    /// Everything is to be kept, whatever any date says.
    LegalHoldPlaced(Box<LegalHold>),
    /// A legal hold was lifted, or a matter holds the record no longer.
    LegalHoldLifted {
        /// The hold or the matter.
        hold: EntryId,
        /// Why.
        reason: Note,
    },
    /// Somebody proposed to dispose of the record.
    DisposalProposed(Box<DisposalProposal>),
    /// Somebody else did not agree to that.
    DisposalDeclined {
        /// Why.
        reason: Note,
    },
    /// The record was disposed of.
    Disposed,
    /// The help ticket that the policy wants was opened, and with that the case is with whoever it goes to.
    TicketOpened(Ticket),
    /// Whoever the ticket went to has taken it.
    TicketAcknowledged {
        /// When.
        at: Instant,
        /// By whom, and how that is known.
        words: Note,
    },
    /// Somebody takes part who has no role here.
    ParticipantAdded(Participant),
    /// Somebody's part in it ended.
    ParticipantRemoved {
        /// Whose.
        account: AccountId,
        /// Why.
        reason: Note,
    },
    /// An entry of a sheet was signed.
    SheetSigned(Box<EntrySignature>),
    /// Human resources finished its review, or has more to do after all. It says nothing of what stands there.
    PersonnelReviewed {
        /// Finished.
        done: bool,
    },
    /// Laws bind it from now on that did not when it was opened.
    LawsBound {
        /// Their editions: those that governed the day of the first report.
        laws: Vec<PackId>,
    },
    /// Somebody must not learn of it from now on.
    Excluded {
        /// Who.
        account: AccountId,
    },
    /// Somebody without a role here asked to look into it in an emergency.
    GlassAsked(GlassRequest),
    /// A second person agreed: it is open to whoever asked until then.
    GlassBroken {
        /// The request.
        request: EntryId,
        /// Until when.
        until: Instant,
    },
    /// A second person did not agree.
    GlassRefused {
        /// The request.
        request: EntryId,
    },
}

impl Event {
    /// The kind of a signature.
    pub(super) const SIGNED: &'static str = "incident.form_signed";
    /// The kind of a filled sheet.
    pub(super) const FILLED: &'static str = "incident.sheet_filled";

    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "incident.opened",
            Self::ReportAdded { .. } => "incident.report_added",
            Self::ReportRemoved { .. } => "incident.report_removed",
            Self::Withdrawn => "incident.withdrawn",
            Self::Described(_) => "incident.described",
            Self::LeadGiven { .. } => "incident.lead_given",
            Self::Noted(_) => "incident.noted",
            Self::TaskSet(_) => "incident.task_set",
            Self::TaskDone { .. } => "incident.task_done",
            Self::TaskReopened { .. } => "incident.task_reopened",
            Self::SystemAffected(_) => "incident.system_affected",
            Self::PeopleCounted(_) => "incident.people_counted",
            Self::FactAnswered(_) => "incident.fact_answered",
            Self::MomentRecorded(_) => "incident.moment_recorded",
            Self::HoldPlaced(_) => "incident.hold_placed",
            Self::HoldLifted { .. } => "incident.hold_lifted",
            Self::DutyOpened(_) => "incident.duty_opened",
            Self::DutyMoved { .. } => "incident.duty_moved",
            Self::DutyMet(_) => "incident.duty_met",
            Self::Decided(_) => "incident.decided",
            Self::DocumentIssued(_) => "incident.document_issued",
            Self::FileAdded(_) => "incident.file_added",
            Self::FormFilled(_) => "incident.form_filled",
            Self::PersonnelFilled(_) => "incident.personnel_filled",
            Self::FormSigned(_) => Self::SIGNED,
            Self::SignatureAsked(_) => "incident.signature_asked",
            Self::SignatureAskEnded => "incident.signature_ask_ended",
            Self::FormAmended { .. } => "incident.form_amended",
            Self::Closed(_) => "incident.closed",
            Self::Reopened { .. } => "incident.reopened",
            Self::SheetFilled(_) => Self::FILLED,
            Self::SheetStruck { .. } => "incident.sheet_struck",
            Self::DutyWaived(_) => "incident.duty_waived",
            Self::Tagged { .. } => "incident.tagged",
            Self::Voted(_) => "incident.voted",
            Self::StatementWritten(_) => "incident.statement_written",
            Self::PlaybookStarted { .. } => "incident.playbook_started",
            Self::TaskRemoved { .. } => "incident.task_removed",
            Self::MatterOpened(_) => "incident.matter_opened",
            Self::MatterSettled { .. } => "incident.matter_settled",
            Self::LegalHoldPlaced(_) => "incident.legal_hold_placed",
            Self::LegalHoldLifted { .. } => "incident.legal_hold_lifted",
            Self::DisposalProposed(_) => "incident.disposal_proposed",
            Self::DisposalDeclined { .. } => "incident.disposal_declined",
            Self::Disposed => "incident.disposed",
            Self::TicketOpened(_) => "incident.ticket_opened",
            Self::TicketAcknowledged { .. } => "incident.ticket_acknowledged",
            Self::ParticipantAdded(_) => "incident.participant_added",
            Self::ParticipantRemoved { .. } => "incident.participant_removed",
            Self::SheetSigned(_) => "incident.sheet_signed",
            Self::PersonnelReviewed { .. } => "incident.personnel_reviewed",
            Self::LawsBound { .. } => "incident.laws_bound",
            Self::Excluded { .. } => "incident.excluded",
            Self::GlassAsked(_) => "incident.glass_asked",
            Self::GlassBroken { .. } => "incident.glass_broken",
            Self::GlassRefused { .. } => "incident.glass_refused",
        }
    }

    /// The section whose key seals it.
    pub fn section(&self) -> Section {
        match self {
            Self::PersonnelFilled(_) => Section::Personnel,
            // That human resources signed is personnel's to know; the officer learns only that the part is done.
            Self::FormSigned(signature) if signature.party == form::Party::HumanResources => Section::Personnel,
            Self::FileAdded(_) => Section::Evidence,
            Self::SheetFilled(filling) => filling.section,
            Self::SheetStruck { section, .. } => *section,
            Self::SheetSigned(signature) => signature.section,
            _ => Section::Officer,
        }
    }
}
