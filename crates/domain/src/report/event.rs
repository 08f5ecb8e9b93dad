//! The facts of a report as the journal keeps them.

use crate::actor::Section;
use crate::ids::{AccountId, EntryId, FileId, IncidentId, UnitId};
use crate::incident::FactAnswer;
use crate::pack::{
    ChoiceId, Language, NoIncidentId, NoticeId, PackId, QuestionId, RoleId, SystemId, TileId, WorkforceId,
};
use crate::reference::ReportReference;
use crate::text::{Line, Name, Narrative, Note};
use crate::time::When;
use serde::{Deserialize, Serialize};

/// What can happen to a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts", rename_all = "snake_case")]
pub enum Event {
    /// It was filed. Boxed because it is far larger than the others.
    Submitted(Box<Submission>),
    /// The person who reports gave a name or a way to be reached.
    ReporterNamed(Reporter),
    /// An officer opened it, for the first time since the present unit handles it.
    Opened,
    /// An officer asked the person who reported.
    QuestionAsked {
        /// The message.
        id: EntryId,
        /// The question.
        words: Note,
    },
    /// Words or files were added later.
    WordsAdded {
        /// The message.
        id: EntryId,
        /// The words, when any.
        words: Option<Note>,
        /// The files, when any.
        files: Vec<FileAdded>,
        /// The question that they answer, or whose answer they correct: the first answer stays beside them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<QuestionId>,
    },
    /// It became an incident of its own.
    Accepted {
        /// The incident.
        incident: IncidentId,
    },
    /// It was added to an incident that existed.
    AddedTo {
        /// The incident.
        incident: IncidentId,
    },
    /// It is no incident.
    SetAside(SetAside),
    /// Another unit's officers handle it from now on.
    HandedTo {
        /// That unit.
        unit: UnitId,
        /// Why.
        note: Option<Note>,
    },
    /// The last decision about it was taken back.
    DecisionUndone,
    /// The person who reported ended their private link.
    LinkEnded,
    /// Where it went when it was filed.
    Routed(Box<Routed>),
    /// An officer tested it by the policy's definition of an incident.
    Weighed(Weighing),
    /// Somebody looked into it and found what it was about.
    FindingRecorded {
        /// The finding.
        id: EntryId,
        /// Its words.
        words: Note,
    },
    /// People are kept from it.
    KeptFrom {
        /// Who, and why.
        people: Vec<Kept>,
    },
    /// Whoever decides about it found that it is not about this person: they may learn of it again.
    LetIn {
        /// Who.
        account: AccountId,
        /// How that is known.
        reason: Note,
    },
}

/// Somebody who is kept from a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Who.
    pub account: AccountId,
    /// Why.
    pub why: KeptWhy,
}

/// Why somebody is kept from a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptWhy {
    /// The person who reported says that whoever gets such reports is involved.
    Involved,
    /// A name in it may be theirs: nobody has looked yet.
    Named,
    /// Whoever works on it, or on the incident that came of it, said so.
    Said,
}

impl Event {
    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Submitted(_) => "report.submitted",
            Self::ReporterNamed(_) => "report.reporter_named",
            Self::Opened => "report.opened",
            Self::QuestionAsked { .. } => "report.question_asked",
            Self::WordsAdded { .. } => "report.words_added",
            Self::Accepted { .. } => "report.accepted",
            Self::AddedTo { .. } => "report.added_to",
            Self::SetAside(_) => "report.set_aside",
            Self::HandedTo { .. } => "report.handed_to",
            Self::DecisionUndone => "report.decision_undone",
            Self::LinkEnded => "report.link_ended",
            Self::Routed(_) => "report.routed",
            Self::Weighed(_) => "report.weighed",
            Self::FindingRecorded { .. } => "report.finding_recorded",
            Self::KeptFrom { .. } => "report.kept_from",
            Self::LetIn { .. } => "report.let_in",
        }
    }

    /// The section whose key seals it.
    pub const fn section(&self) -> Section {
        match self {
            Self::ReporterNamed(_) => Section::Reporter,
            // What was found, and who is kept from it, is the officers' word, not part of what was reported.
            Self::FindingRecorded { .. } | Self::KeptFrom { .. } | Self::LetIn { .. } => Section::Officer,
            Self::Submitted(_)
            | Self::Opened
            | Self::QuestionAsked { .. }
            | Self::WordsAdded { .. }
            | Self::Accepted { .. }
            | Self::AddedTo { .. }
            | Self::SetAside(_)
            | Self::HandedTo { .. }
            | Self::DecisionUndone
            | Self::LinkEnded
            | Self::Routed(_)
            | Self::Weighed(_) => Section::Report,
        }
    }
}

/// The answers of a report. Everything but the unit may be missing: a report is never refused for a gap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Submission {
    /// The printed reference.
    pub reference: ReportReference,
    /// The policy edition in force that day.
    pub pack: PackId,
    /// Where it happened.
    pub unit: UnitId,
    /// Whose officers get it; not `unit` when the person reported to is involved.
    pub handling_unit: UnitId,
    /// How it came in.
    pub channel: Channel,
    /// The language it was written in.
    pub language: Language,
    /// What happened, as chosen.
    pub happened: Vec<TileId>,
    /// Whether it is still going on.
    pub going_on: Option<GoingOn>,
    /// The place inside the unit.
    pub place: Option<Line<300>>,
    /// What happened, in the reporter's own words.
    pub words: Option<Narrative>,
    /// When it happened, as well as known.
    pub when: When,
    /// The time as it was typed, when it was typed.
    pub when_typed: Option<Line<200>>,
    /// When the reporter noticed it, where that was not when it happened.
    #[serde(default = "not_said", skip_serializing_if = "is_not_said")]
    pub noticed: When,
    /// Systems touched.
    pub systems: Vec<System>,
    /// People and information touched, in words.
    pub affected: Option<Note>,
    /// Things lost or stolen.
    pub lost: Vec<LostItem>,
    /// What the reporter has done so far.
    pub done: Option<Note>,
    /// What technical staff has done so far, as far as the reporter knows.
    pub done_by_staff: Option<Note>,
    /// What others have done so far.
    pub done_by_others: Option<Note>,
    /// Answers to questions that only this pack asks.
    pub answers: Vec<Answered>,
    /// Files that came with it.
    pub files: Vec<FileAdded>,
    /// The person whom the reporter would report to is involved.
    pub recipient_involved: bool,
    /// Sent early with "send now": more may follow.
    pub sent_early: bool,
    /// The reporter asks that only those who handle it learn the name.
    pub shielded: bool,
    /// Times that belong to other answers than the one about when it happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<SaidTime>,
}

/// A time that belongs to an answer: when something was done, since when something does not work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidTime {
    /// The question.
    pub question: QuestionId,
    /// Which part of its answer, where it has several: `yours`, `staff`, `others`.
    pub part: Option<ChoiceId>,
    /// When.
    pub when: When,
}

/// A report tested by the policy's definition of an incident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Weighing {
    /// The answers to the questions of the definition.
    pub answers: Vec<FactAnswer>,
    /// What the definition makes of them; `None` while too little is known.
    pub incident: Option<bool>,
}

fn not_said() -> When {
    When::Unknown
}

fn is_not_said(when: &When) -> bool {
    *when == When::Unknown
}

/// Where a report went when it was filed: who gets it, why they, and who has it or is told besides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Routed {
    /// Whom the policy names first; `None` where it names nobody.
    pub first: Option<RoleId>,
    /// Who gets it.
    pub to: Option<RoleId>,
    /// Why it went there.
    pub why: Why,
    /// Roles in whose list it lies as a copy.
    pub copies: Vec<RoleId>,
    /// Roles in whose list it lies as theirs from the moment it was filed: telling them needs nothing more.
    pub told: Vec<RoleId>,
    /// Messages that the policy wants sent besides, each to the address of that day.
    pub notices: Vec<Prepared>,
    /// The policy wants it read before others.
    pub urgent: bool,
    /// The law that leaves the unit out of the policy: the report is taken as voluntary and starts none of its duties.
    pub voluntary: Option<Line<200>>,
}

impl Routed {
    /// The two roles of a report that went elsewhere than to the first: whom the policy names, and who got it.
    pub fn in_place_of(&self) -> Option<(&RoleId, &RoleId)> {
        let (first, to) = (self.first.as_ref()?, self.to.as_ref()?);
        (first != to).then_some((first, to))
    }
}

/// Why a report went where it went.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The policy names them.
    Named,
    /// The reporter chose them.
    Chosen,
    /// Whoever is named is away, and nobody acts for them.
    Away,
    /// Nobody holds the office that is named.
    Vacant,
    /// Whoever is named is involved, or a name in the report may be theirs.
    Involved,
}

/// A message that the policy wants sent, as it was made when the report was filed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Prepared {
    /// The policy's notice.
    pub notice: NoticeId,
    /// To which role.
    pub role: RoleId,
    /// The address it goes to; `None` where the role has none, and a person has to tell it.
    pub address: Option<Line<254>>,
    /// Its words.
    pub words: Note,
}

/// How a report came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The public form.
    Web,
    /// An officer or help-desk agent took a call.
    Phone,
    /// A program, through the interface.
    Api,
    /// A paper form, typed in later.
    Paper,
    /// A record of another system.
    Import,
}

/// Whether it is still going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoingOn {
    /// Yes: it is read first.
    Yes,
    /// No.
    No,
    /// The reporter cannot tell.
    NotSure,
}

/// A system touched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct System {
    /// Its class in the pack.
    pub class: SystemId,
    /// In words: name, tag, place.
    pub description: Option<Line<500>>,
}

/// A thing lost or stolen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LostItem {
    /// What it is.
    pub item: ChoiceId,
    /// Tag or serial number.
    pub tag: Option<Line<120>>,
    /// When it was last seen, as typed.
    pub last_seen: Option<Line<200>>,
    /// Where.
    pub place: Option<Line<300>>,
    /// What information is on it.
    pub contents: Vec<ChoiceId>,
    /// Further answers of the pack's questions per item (locked, supervisor told, police report).
    pub answers: Vec<Answered>,
}

/// An answer to a question of the pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub question: QuestionId,
    /// Choices taken.
    pub choices: Vec<ChoiceId>,
    /// Words written.
    pub words: Option<Note>,
}

/// A file that somebody added. Its bytes lie encrypted in the file store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileAdded {
    /// The file.
    pub id: FileId,
    /// Its name as given; never a path.
    pub name: Line<255>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the original, in hexadecimal.
    pub digest: Line<64>,
}

/// Who reports and how to reach them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reporter {
    /// Name.
    pub name: Option<Name>,
    /// Telephone.
    pub phone: Option<Line<40>>,
    /// Mail address.
    pub email: Option<Line<254>>,
    /// Kind of workforce member.
    pub workforce: Option<WorkforceId>,
    /// Place of work.
    pub work_place: Option<Line<300>>,
}

/// Why a report is no incident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetAside {
    /// One of seven plain reasons.
    pub reason: SetAsideReason,
    /// Anything to add.
    pub note: Option<Note>,
    /// The policy's own reason, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<NoIncidentId>,
    /// In which role whoever decided confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_as: Option<RoleId>,
}

/// The seven reasons for setting a report aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetAsideReason {
    /// Something the help desk mends: no security in it.
    HelpDesk,
    /// Looked at, and everything is as it should be.
    Harmless,
    /// The same as a report that is already being worked.
    Duplicate,
    /// Belongs to another organisation, which has been told.
    Elsewhere,
    /// A test or an exercise.
    Test,
    /// Something happened, and nothing came to harm: an event, and no incident.
    EventOnly,
    /// It has nothing to do with security.
    NotSecurity,
}

impl SetAsideReason {
    /// All seven, in the order shown.
    pub const ALL: [Self; 7] = [
        Self::EventOnly,
        Self::Harmless,
        Self::NotSecurity,
        Self::HelpDesk,
        Self::Duplicate,
        Self::Elsewhere,
        Self::Test,
    ];

    /// The name used in forms and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HelpDesk => "help_desk",
            Self::Harmless => "harmless",
            Self::Duplicate => "duplicate",
            Self::Elsewhere => "elsewhere",
            Self::Test => "test",
            Self::EventOnly => "event_only",
            Self::NotSecurity => "not_security",
        }
    }
}
