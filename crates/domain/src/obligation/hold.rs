//! Requests for silence: an official asks that notices wait. A hold moves the dates of the regimes it names and of no
//! other; when it ends somebody is alarmed, and nothing is ever sent by itself.

use super::due::{DuePoint, Reckoning, add_days, end_of, say_day};
use crate::pack::{ObligationRule, Pack, Regime, RegimeId, Start};
use crate::time::Zone;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How an official asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldForm {
    /// In writing.
    Written,
    /// By mouth, written down by whoever heard it.
    Oral,
}

/// A request for silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// What it pauses. Nothing else is paused by it.
    pub regimes: Vec<RegimeId>,
    /// Who asked.
    pub official: String,
    /// For which agency.
    pub agency: String,
    /// How.
    pub form: HoldForm,
    /// When it was said or received.
    pub stated: Start,
    /// The last day it asks for, where it says one.
    pub until: Option<Date>,
    /// The day on which it was taken back.
    pub lifted: Option<Date>,
    /// What shows it, and on what ground.
    pub evidence: Option<String>,
}

/// When a hold ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldEnd {
    /// With this civil day; somebody is to be alarmed then.
    With(Date),
    /// When whoever asked takes it back.
    WhenLifted,
}

/// A hold as it bears on one duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Which of the recorded holds, from 0.
    pub hold: usize,
    /// When it ends for this duty's regime.
    pub ends: HoldEnd,
    /// It moves the date.
    pub moves: bool,
    /// All of that in a sentence.
    pub says: String,
}

impl Hold {
    /// When it ends under this regime. Days are counted from the day of the statement, which is day 0.
    pub fn ends(&self, regime: &Regime, zone: &Zone) -> HoldEnd {
        let as_oral = regime.oral_days.map(|days| add_days(self.stated.day(zone), days));
        let limit = match (self.form, self.until) {
            (HoldForm::Written, Some(until)) => Some(until),
            (HoldForm::Written, None) if regime.written_states_time => as_oral,
            (HoldForm::Written, None) => None,
            (HoldForm::Oral, until) => until.into_iter().chain(as_oral).min(),
        };
        limit.into_iter().chain(self.lifted).min().map_or(HoldEnd::WhenLifted, HoldEnd::With)
    }

    fn who(&self) -> String {
        let form = match self.form {
            HoldForm::Written => "written",
            HoldForm::Oral => "oral",
        };
        format!("The {form} request of {}, {},", self.official, self.agency)
    }
}

/// The holds that bear on a duty, oldest first, and its dates as they move them.
pub(super) fn pause(
    rule: &ObligationRule,
    pack: &Pack,
    holds: &[Hold],
    dates: &mut [&mut Reckoning],
    zone: &Zone,
) -> Vec<Held> {
    let Some(regime) = rule.regime.as_ref().and_then(|id| pack.regime(id)) else { return Vec::new() };
    let mut named: Vec<(usize, &Hold)> =
        holds.iter().enumerate().filter(|(_, hold)| hold.regimes.contains(&regime.id)).collect();
    // Two of one moment: the one that lasts longer first, so that the order of writing them down is of no account.
    named.sort_by_key(|(_, hold)| {
        let end = match hold.ends(regime, zone) {
            HoldEnd::With(day) => day,
            HoldEnd::WhenLifted => Date::MAX,
        };
        (hold.stated.instant(zone), std::cmp::Reverse(end))
    });
    named
        .into_iter()
        .map(|(place, hold)| {
            let ends = hold.ends(regime, zone);
            let mut moves = false;
            let mut says = String::new();
            // The limit comes last, so that the sentence about it is the one that is kept.
            for date in dates.iter_mut() {
                (moves, says) = apply(hold, ends, date, regime, zone);
                date.arithmetic.push(' ');
                date.arithmetic.push_str(&says);
            }
            Held { hold: place, ends, moves, says }
        })
        .collect()
}

fn apply(hold: &Hold, ends: HoldEnd, date: &mut Reckoning, regime: &Regime, zone: &Zone) -> (bool, String) {
    let (who, stated) = (hold.who(), say_day(hold.stated.day(zone)));
    let too_late = date.at.instant().is_some_and(|due| hold.stated.instant(zone) > due)
        && !matches!(date.at, DuePoint::At { late_after: None, .. });
    if too_late {
        return (false, format!("{who} came on {stated}, after the date had passed, and does not move it."));
    }
    let why = match (hold.form, hold.until, hold.lifted, regime.oral_days) {
        (_, _, Some(day), _) if ends == HoldEnd::With(day) => " (taken back)".to_owned(),
        (HoldForm::Written, None, _, Some(days)) if regime.written_states_time => {
            format!(" ({days} days from the statement: it states no time, so it counts as an oral one)")
        }
        (HoldForm::Oral, until, _, Some(days)) if until.is_none_or(|u| HoldEnd::With(u) != ends) => {
            format!(" ({days} days from the statement: an oral request lasts no longer)")
        }
        _ => String::new(),
    };
    match ends {
        HoldEnd::WhenLifted => {
            date.at = DuePoint::AfterHold;
            (
                true,
                format!(
                    "{who} of {stated}, names {} and lasts until it is taken back: nothing is due before.",
                    regime.id
                ),
            )
        }
        HoldEnd::With(last) => {
            let due = match &date.at {
                DuePoint::AfterHold => return (false, format!("{who} of {stated}, ends on {}{why}.", say_day(last))),
                DuePoint::EndOf { day, .. } => Some(*day),
                DuePoint::At { instant, .. } => Some(instant.day_in(zone)),
                DuePoint::Before(_) | DuePoint::With(_) | DuePoint::AgeOnly => None,
            };
            if due.is_none_or(|day| day >= last) {
                let says = format!(
                    "{who} of {stated}, names {} and ends on {}{why}: the date stands.",
                    regime.id,
                    say_day(last)
                );
                return (false, says);
            }
            let dated = !matches!(date.at, DuePoint::At { late_after: None, .. });
            date.at = if dated {
                end_of(last, String::new(), zone).at
            } else {
                DuePoint::At { instant: zone.end_of_day(last), late_after: None }
            };
            let says = format!(
                "{who} of {stated}, names {} and ends on {}{why}: due when it ends, by the end of that day.",
                regime.id,
                say_day(last)
            );
            (true, says)
        }
    }
}
