//! What an agency reviews beside its incidents: the yearly round of summaries, whom it is told to, and the routine look
//! that each unit takes. Days are civil days of the agency.

use super::register::{Change, Refusal, Register};
use crate::ids::{AccountId, EntryId, UnitId};
use crate::pack::{CategoryId, RoleId, RoutineReview, YearlyRound};
use crate::text::{Line, Note};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A round that somebody opened, where the policy holds none by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoundOpened {
    /// Its year.
    pub year: i16,
    /// The day on which it was opened.
    pub on: Date,
    /// The last day for summaries.
    pub due: Date,
}

/// A unit's summary of its incidents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The year of the round.
    pub year: i16,
    /// Whose.
    pub unit: UnitId,
    /// When it was sent.
    pub on: Date,
    /// By whom.
    pub by: AccountId,
    /// What it says.
    pub says: Note,
}

/// That the trends of a round were told to somebody the policy names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoundTold {
    /// The year of the round.
    pub year: i16,
    /// To whom.
    pub to: RoleId,
    /// When.
    pub on: Date,
    /// How.
    pub how: Note,
}

/// A routine look at access and security.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Looked {
    /// Where.
    pub unit: UnitId,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: AccountId,
    /// What was found, or that nothing was, part by part.
    pub found: Vec<(Line<120>, Note)>,
}

/// A number of incidents of one kind within some days that calls for a review.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Threshold {
    /// The entry.
    pub id: EntryId,
    /// Where.
    pub unit: UnitId,
    /// The kind of incident.
    pub kind: CategoryId,
    /// So many of them.
    pub count: u32,
    /// Within so many days, the first and the last included.
    pub days: u32,
    /// After so many days the threshold itself is looked at again.
    pub again_after: u32,
    /// Who set it, and looks into what crosses it.
    pub by: AccountId,
    /// Since when.
    pub from: Date,
    /// The last day on which it counts; `None` while it does.
    pub until: Option<Date>,
}

impl Threshold {
    /// The days among these, oldest first, of the last incidents that together cross it; `None` while they do not.
    pub fn crossed<T: Copy>(&self, days: &[(Date, T)]) -> Option<Vec<T>> {
        let count = usize::try_from(self.count).ok().filter(|count| *count > 0)?;
        let within = |window: &&[(Date, T)]| {
            let (Some((first, _)), Some((last, _))) = (window.first(), window.last()) else { return false };
            // The window counts its first day: thirty days from March 1 end on March 30.
            (*last - *first).get_days() < i32::try_from(self.days).unwrap_or(i32::MAX)
        };
        let last = days.windows(count).filter(within).last()?;
        Some(last.iter().map(|(_, one)| *one).collect())
    }
}

/// A round as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoundState {
    /// First day of it.
    pub opens: Date,
    /// Last day of it.
    pub due: Date,
    /// First and last day of the incidents it covers.
    pub reach: (Date, Date),
}

/// How a unit's summary stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// It is asked for.
    Requested,
    /// It came on that day.
    Received(Date),
    /// It is asked for, and its last day has passed.
    Overdue,
}

impl Register {
    /// The round of a year; `None` where none is held, or not yet.
    pub fn round(&self, rule: &YearlyRound, year: i16, today: Date) -> Option<RoundState> {
        let planned = rule.of(year)?;
        let reach = (planned.reach_from, planned.reach_to);
        if rule.mandatory {
            let held = planned.opens <= today;
            return held.then_some(RoundState { opens: planned.opens, due: planned.due, reach });
        }
        let opened = self.rounds.iter().find(|round| round.year == year)?;
        // It covers what happened before it was opened.
        let last = opened.on.yesterday().unwrap_or(opened.on);
        let first = opened.on.checked_sub(jiff::Span::new().years(1)).unwrap_or(reach.0).max(rule.first_reach);
        Some(RoundState { opens: opened.on, due: opened.due, reach: (first, last) })
    }

    /// How the summary of a unit stands.
    pub fn asked(&self, round: &RoundState, year: i16, unit: UnitId, today: Date) -> Asked {
        match self.summary(year, unit) {
            Some(summary) => Asked::Received(summary.on),
            None if today > round.due => Asked::Overdue,
            None => Asked::Requested,
        }
    }

    /// The summary that a unit sent for a year.
    pub fn summary(&self, year: i16, unit: UnitId) -> Option<&Summary> {
        self.summaries.iter().find(|summary| summary.year == year && summary.unit == unit)
    }

    /// When and how the trends of a year were told to somebody.
    pub fn told(&self, year: i16, to: &RoleId) -> Option<&RoundTold> {
        self.told.iter().find(|told| told.year == year && told.to == *to)
    }

    /// Opens a round, where the policy leaves that to somebody.
    pub fn open_round(&self, new: RoundOpened, rule: &YearlyRound) -> Result<Vec<Change>, Refusal> {
        if rule.mandatory || rule.of(new.year).is_none() {
            return Err(Refusal::NoRound(new.year));
        }
        if self.rounds.iter().any(|round| round.year == new.year) {
            return Err(Refusal::RoundOpen(new.year));
        }
        if new.due < new.on { Err(Refusal::Backwards) } else { Ok(vec![Change::RoundOpened(new)]) }
    }

    /// Takes in a unit's summary: one for each round.
    pub fn send_summary(&self, new: Summary, rule: &YearlyRound) -> Result<Vec<Change>, Refusal> {
        if self.round(rule, new.year, new.on).is_none() {
            return Err(Refusal::NoRound(new.year));
        }
        if self.summary(new.year, new.unit).is_some() {
            return Err(Refusal::SentAlready);
        }
        Ok(vec![Change::SummarySent(new)])
    }

    /// Records whom the trends of a round were told to.
    pub fn tell_round(&self, new: RoundTold, rule: &YearlyRound) -> Result<Vec<Change>, Refusal> {
        if self.round(rule, new.year, new.on).is_none() || !rule.tells.contains(&new.to) {
            return Err(Refusal::NoRound(new.year));
        }
        if self.told(new.year, &new.to).is_some() { Ok(Vec::new()) } else { Ok(vec![Change::RoundTold(new)]) }
    }

    /// Records a routine look: something is said of every part that the policy names, were it that nothing was found.
    pub fn look(&self, new: Looked, rule: &RoutineReview) -> Result<Vec<Change>, Refusal> {
        let said = |part: &String| new.found.iter().any(|(name, _)| name.as_str() == part);
        match rule.parts.iter().find(|part| !said(part)) {
            Some(part) => Err(Refusal::PartEmpty(part.clone())),
            None => Ok(vec![Change::Looked(new)]),
        }
    }

    /// Sets a threshold.
    pub fn set_threshold(&self, new: Threshold) -> Result<Vec<Change>, Refusal> {
        if new.count < 2 || new.days == 0 {
            return Err(Refusal::NoThreshold);
        }
        Ok(vec![Change::ThresholdSet(new)])
    }

    /// Ends a threshold after a day.
    pub fn end_threshold(&self, id: EntryId, last: Date) -> Result<Vec<Change>, Refusal> {
        self.thresholds.iter().find(|t| t.id == id && t.until.is_none()).ok_or(Refusal::NoSuchEntry)?;
        Ok(vec![Change::ThresholdEnded { id, last }])
    }

    /// The last routine look of a unit.
    pub fn last_look(&self, unit: UnitId) -> Option<&Looked> {
        self.looks.iter().filter(|look| look.unit == unit).max_by_key(|look| look.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    #[test]
    fn three_in_thirty_days_cross_and_a_third_on_day_thirty_one_does_not() {
        let threshold = Threshold {
            id: Uuid::from_u128(1).into(),
            unit: Uuid::from_u128(2).into(),
            kind: CategoryId::parse("malicious-code").expect("a name"),
            count: 3,
            days: 30,
            again_after: 365,
            by: Uuid::from_u128(3).into(),
            from: date(2006, 1, 1),
            until: None,
        };
        let days = |last| [(date(2006, 3, 1), 1), (date(2006, 3, 10), 2), (last, 3)];
        assert_eq!(threshold.crossed(&days(date(2006, 3, 30))), Some(vec![1, 2, 3]));
        assert_eq!(threshold.crossed(&days(date(2006, 3, 31))), None);
        assert_eq!(threshold.crossed(&days(date(2006, 3, 30))[..2]), None);
    }
}
