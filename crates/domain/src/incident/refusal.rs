//! Why a command on an incident is not carried out, in words that name what to do next.

use super::Missing;
use crate::pack::{BoxId, FieldId, ObligationId, SheetId, TagId};

/// Why a command is not carried out, in words that name what to do next.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// It exists already.
    #[error("this incident has already been opened")]
    AlreadyOpen,
    /// It does not exist.
    #[error("there is no such incident")]
    NotOpened,
    /// It is closed.
    #[error("this incident is closed; reopen it, with a reason, to go on")]
    Closed,
    /// It was withdrawn.
    #[error("this incident was withdrawn; its report is waiting in the inbox")]
    Withdrawn,
    /// Work has begun on it.
    #[error("work on this incident has begun, so it can no longer be withdrawn; close it with the reason instead")]
    WorkBegun,
    /// It is not closed.
    #[error("this incident is not closed")]
    NotClosed,
    /// The policy attaches no such duty.
    #[error("there is no open duty {0} on this incident")]
    NoSuchDuty(ObligationId),
    /// A proof without words proves nothing here.
    #[error("say who, when or why: this record has to speak for itself")]
    WordsNeeded,
    /// Something is said to have happened later than now.
    #[error("that lies in the future")]
    InTheFuture,
    /// The numbers of a count contradict each other.
    #[error("the low end of a count is at most the number, and the number at most the high end")]
    CountContradicts,
    /// No law that binds the unit knows the regime.
    #[error("no duty here can be paused under {0}; a hold pauses only what it names")]
    NoSuchRegime(String),
    /// There is no such hold, or it was taken back.
    #[error("there is no such hold in force")]
    NoSuchHold,
    /// There is no such task.
    #[error("there is no such task")]
    NoSuchTask,
    /// The policy has no such form.
    #[error("the policy that governs this incident has no form for this")]
    NoForm,
    /// The form has no such box in this part.
    #[error("box {0} is not in this part of the form")]
    NoSuchBox(BoxId),
    /// The part was signed.
    #[error("this part of the form is signed; open an amendment to change it")]
    Signed,
    /// Boxes are empty that must not be.
    #[error("these boxes are still empty: {}", list(.0))]
    BoxesEmpty(Vec<BoxId>),
    /// That party has signed this form.
    #[error("this has been signed already")]
    AlreadySigned,
    /// Without account or paper, a signature needs an open request.
    #[error("this link signs nothing any more; ask the security officer for a new one")]
    NotAsked,
    /// The product knows what belongs there, or a signature does.
    #[error("box {0} is not written by hand: it holds what the record or a signature says")]
    NotWritten(BoxId),
    /// A box does not say what its kind asks for.
    #[error("box {0} {1}")]
    BoxUnfit(BoxId, &'static str),
    /// A day lies before the day that has to come first.
    #[error("box {0} names a day before that of box {1}")]
    DayTooEarly(BoxId, BoxId),
    /// One box says something that another has to complete.
    #[error("box {0} is needed, because box {1} names an action")]
    GoesWith(BoxId, BoxId),
    /// Duties that have to be answered for before the form is completed.
    #[error("before the form can be completed: {}", .0.join("; "))]
    CompletionHeld(Vec<String>),
    /// Nothing was signed, so there is nothing to amend.
    #[error("nothing on this form is signed yet: change it directly")]
    NothingToAmend,
    /// A waiver names who let the duty go and by what right.
    #[error("a duty is waived by somebody with authority, who names it and says why")]
    AuthorityNeeded,
    /// The policy names no such legal basis.
    #[error("the policy that governs this incident names no legal basis {0}")]
    NoSuchTag(TagId),
    /// Something is missing for closing.
    #[error("{} things are missing before this incident can be closed", .0.len())]
    NotReady(Vec<Missing>),
    /// The policy that governs the incident has no such sheet.
    #[error("the policy that governs this incident has no sheet {0}")]
    NoSuchSheet(SheetId),
    /// There is no such entry on that sheet, or it was taken back.
    #[error("there is no such entry; it may have been taken back")]
    NoSuchEntry,
    /// The sheet has one entry, and there is one.
    #[error("this is filled in already; change what stands there")]
    OneEntry,
    /// What was told before is told otherwise now.
    #[error("write why you are changing this: the record keeps both, and the reason")]
    ChangeNeedsReason,
    /// Fields are empty without which an entry is not taken.
    #[error("still empty: {}", .0.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(", "))]
    FieldsEmpty(Vec<(FieldId, String)>),
    /// A field holds something of another kind.
    #[error("{1}: this answer does not fit; choose one that is offered")]
    DoesNotFit(FieldId, String),
    /// A choice that the kind of incident brings along is given up without a word why.
    #[error("{1}: the kind of this incident brings one of these along; to take it away, write why")]
    MarkNeedsReason(FieldId, String),
    /// Something ends before it begins.
    #[error("this would be over before it began; look at both times")]
    EndsBeforeItBegins(FieldId),
    /// The policy puts no such question.
    #[error("the policy puts no such question")]
    NoSuchDecision,
    /// The policy puts the question later.
    #[error("the policy does not put this question to this incident yet")]
    NotPut,
    /// The policy does not name that office as a decider.
    #[error("the policy does not name this office as one that decides this question")]
    NotADecider,
    /// The question has no such answer.
    #[error("choose one of the answers that the policy gives")]
    NoSuchOption,
    /// There is no text to agree to, or it was written anew meanwhile.
    #[error("the statement was written anew, or is not written yet; read how it stands now, then vote")]
    StatementFirst,
    /// Several have to agree, and have not.
    #[error("this is settled once all have agreed. Not agreed yet: {0}")]
    NotAgreed(String),
    /// The policy has no such playbook.
    #[error("the policy has no such playbook")]
    NoSuchPlaybook,
    /// It was started before.
    #[error("this playbook has been started here already")]
    StartedAlready,
    /// It is done.
    #[error("this task is done; what was done stays on record")]
    DoneAlready,
    /// There is no such matter, or it is settled.
    #[error("there is no such open legal matter")]
    NoSuchMatter,
    /// The policy itself keeps the record while a matter is open.
    #[error("the policy itself keeps this record until the matter is settled; settle it first")]
    PolicyKeeps,
    /// Something forbids disposal.
    #[error("it cannot be disposed of: {}", .0.join("; "))]
    KeptBack(Vec<String>),
    /// It is proposed already.
    #[error("its disposal has been proposed and waits for a second person")]
    ProposedAlready,
    /// Nobody has proposed it.
    #[error("nobody has proposed to dispose of this record")]
    NotProposed,
    /// The same person.
    #[error("whoever proposed this cannot review it; a second person has to")]
    SamePerson,
    /// The policy wants no ticket, or nobody of that role opens it.
    #[error("the policy that governs this incident has no such ticket")]
    NoTicket,
    /// A ticket is on record.
    #[error("a ticket is on record already; note a further number on the timeline")]
    TicketOnRecord,
    /// A ticket of another category does not go where the policy wants it.
    #[error("the policy wants this ticket in the category {0}; open it there, and write that number")]
    OtherCategory(String),
    /// Nobody takes a ticket before it is opened.
    #[error("that lies before the ticket was opened")]
    BeforeTheTicket,
    /// Somebody takes part already.
    #[error("this person takes part already")]
    TakesPart,
    /// Nobody's part can be ended who has none.
    #[error("this person takes no part that could be ended")]
    TakesNoPart,
    /// An end that has passed lets nobody in.
    #[error("that day has passed; give a day that is still to come, or none")]
    OverAlready,
    /// Something else has to stand first.
    #[error("“{0}” is open only once {1} is on record")]
    NotOffered(String, String),
    /// A signed entry stays as it is.
    #[error("this entry is signed; nothing of it changes any more")]
    EntrySigned,
    /// The policy wants something else found first.
    #[error("{0} To record it all the same, write why")]
    AsksFirst(String),
    /// Nobody waits for an answer to that request any more.
    #[error("there is no such request, or its hour is over; whoever needs it asks again")]
    NoSuchRequest,
    /// Two people, never one.
    #[error("whoever asked cannot agree; a second person has to")]
    OwnRequest,
}

fn list(boxes: &[BoxId]) -> String {
    boxes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
