//! How long records are kept, and the yearly round of summaries.

use super::{ClauseId, FormId, LocalId, NoteId, ObligationId, RoleId};
use crate::obligation::add_months;
use jiff::civil::Date;
use serde::Serialize;

/// How long the policy wants records kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retention {
    /// The form it counts from the completion of; without one it counts from closing.
    pub form: Option<FormId>,
    /// Civil years.
    pub years: u32,
    /// Kept past the years until every legal and other matter is settled.
    pub until_matters_settle: bool,
    /// The duty that keeps it.
    pub meets: ObligationId,
    /// The clauses that state it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// Legal and other matters around an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matters {
    /// None ever arose.
    None,
    /// The last was settled on this day.
    Settled(Date),
    /// At least one is open.
    Open,
}

/// Until when a record has to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetainUntil {
    /// To the end of this day; it may be destroyed from the next.
    Day(Date),
    /// No end yet; destroying it is refused.
    NoDate,
}

impl Retention {
    /// Until when a form completed on that day is kept.
    pub fn until(&self, completed: Date, matters: Matters) -> RetainUntil {
        keep_until(self.years, self.until_matters_settle, completed, matters)
    }
}

/// Until when something is kept for so many years, and past them until matters settle where the rule says so.
pub fn keep_until(years: u32, until_matters_settle: bool, from: Date, matters: Matters) -> RetainUntil {
    let end = add_months(from, years.saturating_mul(12));
    match matters {
        Matters::None => RetainUntil::Day(end),
        // Q7: an open matter stops disposal under every edition, whether or not its text says so.
        Matters::Open => RetainUntil::NoDate,
        Matters::Settled(day) if until_matters_settle => RetainUntil::Day(end.max(day)),
        Matters::Settled(_) => RetainUntil::Day(end),
    }
}

/// A round of summaries that opens and ends on the same days each year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearlyRound {
    /// Year of the first round.
    pub first_year: i16,
    /// Month it is held in; it opens on the first and is due on the last day of it.
    pub month: i8,
    /// The first round reaches back to this day.
    pub first_reach: Date,
    /// A round is held every year; otherwise only when somebody opens one.
    pub mandatory: bool,
    /// Whom its trends are told to.
    pub tells: Vec<RoleId>,
    /// The clauses that state it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A look at access and security that comes round again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutineReview {
    /// The value of the organisation that says after how many days.
    pub every: LocalId,
    /// Of each of these something is said.
    pub parts: Vec<String>,
    /// The clauses that state it.
    pub clauses: Vec<ClauseId>,
}

/// One round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Round {
    /// First day of it.
    pub opens: Date,
    /// Last day of it.
    pub due: Date,
    /// First day of reports it covers.
    pub reach_from: Date,
    /// Last day of reports it covers.
    pub reach_to: Date,
}

impl YearlyRound {
    /// The round of a year; `None` before the first.
    pub fn of(&self, year: i16) -> Option<Round> {
        if year < self.first_year {
            return None;
        }
        let opens = Date::new(year, self.month, 1).ok()?;
        let reach_to = opens.yesterday().ok()?;
        let a_year_back = Date::new(year - 1, self.month, 1).ok()?;
        let reach_from = if year == self.first_year { self.first_reach } else { a_year_back };
        Some(Round { opens, due: opens.last_of_month(), reach_from, reach_to })
    }
}
