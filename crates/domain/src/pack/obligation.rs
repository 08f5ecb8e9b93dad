//! A duty as the policy states it: what calls it up, who owes it, by when, and what proves it done.

use super::{
    BoxId, ClauseId, Condition, DecisionId, EntryKind, FormId, LocalId, Moment, NoteId, ObligationId, RegimeId, RoleId,
    SlotId,
};
use serde::{Deserialize, Serialize};

/// How strongly the text asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// A duty: it can be late and it can be missed.
    #[default]
    Required,
    /// Encouraged: it can be skipped with a word, and is never late.
    Recommended,
}

/// What calls a duty up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// It happens …
    pub on: Moment,
    /// … and all of these hold.
    pub when: Vec<Condition>,
}

/// From which moment a clock counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockStart {
    /// The trigger, or the later moment at which its conditions became known.
    Trigger,
    /// The earliest of these that happened.
    EarliestOf(Vec<Moment>),
    /// The latest of these, once all happened.
    LatestOf(Vec<Moment>),
    /// The first in this order that is recorded: the event that the text names, and what stands in for it until then.
    FirstRecordedOf(Vec<Moment>),
}

/// Unit of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Minutes of elapsed time.
    Minutes,
    /// Hours of elapsed time, across changes of the clock.
    Hours,
    /// Civil days; the day of the event is day 0.
    CalendarDays,
    /// Civil days on which offices are open; the day of the event is day 0.
    BusinessDays,
    /// Civil months; a day that the month lacks becomes the first of the next.
    Months,
    /// Civil years; 29 February becomes 1 March.
    Years,
}

impl Unit {
    /// `day` or `days`, for sentences.
    pub fn noun(self, count: u32) -> &'static str {
        match (self, count) {
            (Unit::Minutes, 1) => "minute",
            (Unit::Minutes, _) => "minutes",
            (Unit::Hours, 1) => "hour",
            (Unit::Hours, _) => "hours",
            (Unit::CalendarDays, 1) => "calendar day",
            (Unit::CalendarDays, _) => "calendar days",
            (Unit::BusinessDays, 1) => "business day",
            (Unit::BusinessDays, _) => "business days",
            (Unit::Months, 1) => "month",
            (Unit::Months, _) => "months",
            (Unit::Years, 1) => "year",
            (Unit::Years, _) => "years",
        }
    }
}

/// How long after the due instant something still counts as on time. A value of the organisation, shown as local.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tolerance {
    /// The local value.
    pub local: LocalId,
    /// Its present value in minutes; `None` is switched off, and nothing is ever called late.
    pub minutes: Option<u32>,
}

/// How a due moment follows from the start of the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// "Immediately": due when the clock starts.
    AtTrigger {
        /// What still counts as on time.
        tolerance: Option<Tolerance>,
    },
    /// "As soon as possible": due when the clock starts, never late by itself; the age is shown against a local target.
    AsSoonAsPossible {
        /// The local target.
        target: Option<Tolerance>,
    },
    /// After so many units.
    After {
        /// How many; none while a local value is switched off.
        count: u32,
        /// Of what.
        unit: Unit,
        /// The local value it comes from, where the organisation sets it.
        local: Option<LocalId>,
    },
    /// By the end of a fixed civil day.
    On(jiff::civil::Date),
    /// By the end of a day of each year; the year is that of the start.
    Yearly {
        /// Month, 1 to 12.
        month: i8,
        /// Day of the month.
        day: i8,
    },
    /// Before a step of the incident can be taken.
    Before(Step),
    /// By the end of so many civil days after 31 December of the year in which the clock started.
    AfterYearOf {
        /// Days after the last day of that year.
        days: u32,
    },
    /// When whoever asked for silence allows the notice; at once where nobody asked.
    WhenHoldEnds,
    /// Together with another duty.
    With(ObligationId),
    /// No period given; the age is shown.
    AgeOnly,
}

/// A step that an open duty can hold up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Signing the finished form.
    Completion,
    /// Closing the incident.
    Closing,
    /// Giving information to the public.
    Release,
    /// Destroying records.
    Disposal,
    /// Putting a changed rule in force.
    Enactment,
    /// Deciding what a report is. Nothing is refused for it: until then the incident is listed as incomplete.
    Triage,
}

/// What proves a duty done. Wherever `or_reason` is true, a recorded "not applicable, because" serves as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// A message delivered to, or acknowledged by, the role.
    Delivery {
        /// To whom.
        to: RoleId,
        /// Delivery to any of these serves as well (the help desk in the officer's place).
        or_to: Vec<RoleId>,
        /// A reasoned "not applicable" serves too.
        or_reason: bool,
    },
    /// A telephone call on record: who, with whom, when.
    RecordedCall {
        /// With whom.
        to: RoleId,
    },
    /// The number, category and time of the help ticket.
    Ticket,
    /// A signature in a box of a form.
    Signature {
        /// The form.
        form: FormId,
        /// The box.
        in_box: BoxId,
    },
    /// A box of a form holds a value.
    Filled {
        /// The form.
        form: FormId,
        /// The box.
        in_box: BoxId,
        /// A reasoned "not applicable" serves too.
        or_reason: bool,
    },
    /// A question of the public report is answered, or said to be not known yet.
    Answered {
        /// The question.
        question: super::QuestionId,
    },
    /// A decision taken, with whoever must agree.
    Decided {
        /// The decision.
        decision: DecisionId,
    },
    /// An entry of this kind in the incident.
    Entry {
        /// The kind of entry.
        entry: EntryKind,
        /// What the officer reads beside it.
        says: String,
        /// A reasoned "not applicable" serves too.
        or_reason: bool,
    },
    /// A document filed in this slot.
    Filed {
        /// The slot.
        document: SlotId,
    },
    /// A file added to the incident.
    Attached {
        /// What the officer reads beside it.
        says: String,
        /// A reasoned "not applicable" serves too.
        or_reason: bool,
    },
}

/// Whether a rule binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleStatus {
    /// It binds.
    #[default]
    InForce,
    /// Not yet law: it is carried, shown as off, and binds nobody.
    Proposed,
    /// Withdrawn.
    Repealed,
    /// It binds by contract, not by law.
    Contract,
}

/// How a statement about the law was checked. Not the same as a review by counsel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verified {
    /// Read at the source named beside it.
    V,
    /// Tried by running it.
    T,
    /// Common knowledge; to be confirmed by counsel or a primary source before anyone relies on it.
    M,
}

impl Verified {
    /// What the tag means, for the reader of a duty.
    pub const fn says(self) -> &'static str {
        match self {
            Verified::V => "read at a source",
            Verified::T => "tried by running it",
            Verified::M => "not confirmed at a primary source; have counsel confirm it",
        }
    }
}

/// Civil days for which a rule holds: from the first, up to and without the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effective {
    /// First day; `None` where it has no known beginning.
    pub from: Option<jiff::civil::Date>,
    /// First day on which it holds no more; `None` while open.
    pub to: Option<jiff::civil::Date>,
}

impl Effective {
    /// The rule holds on that day.
    pub fn covers(self, day: jiff::civil::Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }
}

/// A group of duties that one request for silence can pause, and how long such a request lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Regime {
    /// Name that requests use: `hipaa`.
    pub id: RegimeId,
    /// What it covers, for officers.
    pub title: String,
    /// An oral request ends so many calendar days after it was made; `None` lasts until it is lifted.
    pub oral_days: Option<u32>,
    /// A written request has to state how long; without it, it counts as an oral one.
    pub written_states_time: bool,
    /// The clauses that allow the pause.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// What discovery means under a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Discovery {
    /// The earliest of these is the discovery, besides a moment recorded as `discovered` itself.
    pub moments: Vec<Moment>,
    /// The clauses that say so.
    pub clauses: Vec<ClauseId>,
}

/// A duty as the policy states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObligationRule {
    /// Number in the catalogue: `O47`; separate parts carry a suffix, `O2-supervisor`.
    pub id: ObligationId,
    /// What is to be done, as one imperative line.
    pub title: String,
    /// What calls it up.
    pub trigger: Trigger,
    /// Who owes it.
    pub actor: RoleId,
    /// Who else may do it.
    pub also: Vec<RoleId>,
    /// How strongly the text asks.
    pub strength: Strength,
    /// What is asked for sooner than the limit ("as soon as possible, and in no case later than …").
    pub soft: Option<Term>,
    /// The limit.
    pub outer: Term,
    /// From when the clock counts.
    pub starts: ClockStart,
    /// All of these, and never none.
    pub evidence: Vec<Evidence>,
    /// Steps that it holds up while open.
    pub blocks: Vec<Step>,
    /// So many days before its limit somebody is told, besides the alarm of its last day.
    pub remind: Vec<u32>,
    /// The clauses that state it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
    /// Whether it binds.
    pub status: RuleStatus,
    /// The days for which it holds; tested on the day its clock starts.
    pub effective: Effective,
    /// To whom it is owed, in words, where the evidence does not say it by itself.
    pub owed_to: Option<String>,
    /// The requests for silence that can pause it; a duty without one is never paused.
    pub regime: Option<RegimeId>,
    /// The duty that takes its place once it is called up; answering for that one answers for this.
    pub gives_way_to: Option<ObligationId>,
    /// How the statement was checked, and where it was read.
    pub verified: Option<(Verified, String)>,
    /// Who at a law office reviewed it, and when; `None` until someone has.
    pub reviewed_by_counsel: Option<String>,
}

impl ObligationRule {
    /// The same duty with the organisation's own values in place of the pack's defaults; `minutes` gives a value that is
    /// a tolerance in minutes, whatever it is counted in.
    pub fn with_locals(
        &self,
        value: impl Fn(&LocalId) -> Option<u32>,
        minutes: impl Fn(&LocalId) -> Option<u32>,
    ) -> ObligationRule {
        let put = |term: &Term| match term {
            Term::AtTrigger { tolerance } => {
                Term::AtTrigger { tolerance: tolerance.as_ref().map(|t| t.with(&minutes)) }
            }
            Term::AsSoonAsPossible { target } => {
                Term::AsSoonAsPossible { target: target.as_ref().map(|t| t.with(&minutes)) }
            }
            Term::After { count, unit, local: Some(local) } => {
                Term::After { count: value(local).unwrap_or(*count), unit: *unit, local: Some(local.clone()) }
            }
            other => other.clone(),
        };
        ObligationRule { soft: self.soft.as_ref().map(put), outer: put(&self.outer), ..self.clone() }
    }
}

impl Tolerance {
    fn with(&self, value: impl Fn(&LocalId) -> Option<u32>) -> Tolerance {
        Tolerance { local: self.local.clone(), minutes: value(&self.local).or(self.minutes) }
    }
}
