//! How a duty was answered for, and whether that was early, on time or late, and by how much.

use super::{Due, DuePoint};
use crate::pack::{ObligationId, PackId, Start};
use crate::time::{Instant, Zone};
use serde::Serialize;

/// How a duty was answered for. Nothing else ends one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Answered {
    /// It was done.
    Done {
        /// What shows it: an event, a document, a delivery, a recorded call, a concurrence.
        evidence: String,
    },
    /// It does not apply.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// Somebody with authority let it go.
    Waived {
        /// Who, and by what authority.
        authority: String,
        /// Why.
        reason: String,
    },
}

/// What was done about a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    /// The pack of the duty, where two packs use the same number.
    pub pack: Option<PackId>,
    /// The duty.
    pub rule: ObligationId,
    /// When.
    pub at: Start,
    /// How.
    pub answered: Answered,
}

/// How the moment of doing lies to the due moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Timeliness {
    /// There was no date to keep.
    NoDate,
    /// Before the due day or moment.
    Early {
        /// By so much.
        by: Gap,
    },
    /// On the due day, or within what still counts as on time.
    OnTime,
    /// After it.
    Late {
        /// By so much.
        by: Gap,
    },
}

/// A distance in time, in the unit in which the duty counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// Civil days.
    Days(u32),
    /// Elapsed seconds.
    Seconds(u64),
}

impl Timeliness {
    /// `2 calendar days late`.
    pub fn says(self) -> String {
        match self {
            Timeliness::NoDate => "no date to keep".to_owned(),
            Timeliness::Early { by } => format!("{} early", by.says()),
            Timeliness::OnTime => "on time".to_owned(),
            Timeliness::Late { by } => format!("{} late", by.says()),
        }
    }
}

impl Gap {
    fn says(self) -> String {
        let few = |n: u64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        match self {
            Gap::Days(n) => few(n.into(), "calendar day"),
            Gap::Seconds(s) if s < 60 => few(s, "second"),
            Gap::Seconds(s) if s < 3600 => few(s / 60, "minute"),
            Gap::Seconds(s) if s % 3600 < 60 => few(s / 3600, "hour"),
            Gap::Seconds(s) => format!("{} {}", few(s / 3600, "hour"), few(s % 3600 / 60, "minute")),
        }
    }
}

/// How doing it at `done` lies to the limit. Where only the day of doing is known and the limit is a moment, the end
/// of that day is taken: nobody is called on time who may have been late.
pub fn timeliness(due: &Due, done: Start, zone: &Zone) -> Timeliness {
    match due.at() {
        DuePoint::EndOf { day, .. } => {
            let distance = (*day - done.day(zone)).get_days();
            match distance.cmp(&0) {
                std::cmp::Ordering::Greater => Timeliness::Early { by: Gap::Days(distance.unsigned_abs()) },
                std::cmp::Ordering::Equal => Timeliness::OnTime,
                std::cmp::Ordering::Less => Timeliness::Late { by: Gap::Days(distance.unsigned_abs()) },
            }
        }
        DuePoint::At { late_after: None, .. } => Timeliness::NoDate,
        DuePoint::At { instant, late_after: Some(last) } => {
            let at = match done {
                Start::At(at) => at,
                Start::Day(day) => zone.end_of_day(day),
            };
            if at < *instant {
                Timeliness::Early { by: gap(at, *instant) }
            } else if at <= *last {
                Timeliness::OnTime
            } else {
                Timeliness::Late { by: gap(*instant, at) }
            }
        }
        DuePoint::Before(_) | DuePoint::With(_) | DuePoint::AfterHold | DuePoint::AgeOnly => Timeliness::NoDate,
    }
}

fn gap(earlier: Instant, later: Instant) -> Gap {
    Gap::Seconds(u64::try_from(later.seconds_since(earlier)).unwrap_or(0))
}
