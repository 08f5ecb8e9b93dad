//! The clocks of an incident from outside the rules: which moments count for it at all, and what each request for silence
//! pauses, until when.

use super::assess::held;
use super::{DueDate, HoldRecord};
use crate::obligation::{Gap, HoldEnd, Timeliness};
use crate::pack::{ClockStart, Moment, Pack, Regime, RuleStatus};
use crate::time::{Instant, Zone};
use jiff::civil::Date;

/// The moments on which the rules that bind an incident hang: what officers record, in the order of the list of moments.
/// A rule that is switched off asks for nothing.
pub fn moments_that_count(packs: &[&Pack]) -> Vec<Moment> {
    let used = |moment: Moment| packs.iter().any(|pack| uses(pack, moment));
    Moment::ALL.into_iter().filter(|moment| moment.of_an_incident() && used(*moment)).collect()
}

fn uses(pack: &Pack, moment: Moment) -> bool {
    let binding = pack.obligations.iter().filter(|r| matches!(r.status, RuleStatus::InForce | RuleStatus::Contract));
    let named = |wanted: Moment| {
        let by_rule = binding.clone().any(|rule| rule.trigger.on == wanted || starts(&rule.starts).contains(&wanted));
        by_rule || pack.decisions.iter().any(|decision| decision.trigger.on == wanted)
    };
    named(moment) || (pack.discovery.moments.contains(&moment) && named(Moment::Discovered))
}

fn starts(start: &ClockStart) -> &[Moment] {
    match start {
        ClockStart::Trigger => &[],
        ClockStart::EarliestOf(all) | ClockStart::LatestOf(all) | ClockStart::FirstRecordedOf(all) => all,
    }
}

/// A group of duties that a request for silence pauses.
#[derive(Clone, Debug)]
pub struct Paused<'a> {
    /// The group.
    pub regime: &'a Regime,
    /// When the pause ends for it.
    pub ends: HoldEnd,
}

/// What a request for silence pauses under these packs, each group once.
pub fn paused<'a>(hold: &HoldRecord, lifted: Option<Date>, packs: &[&'a Pack], zone: &Zone) -> Vec<Paused<'a>> {
    let Some(stated) = held(hold, lifted) else { return Vec::new() };
    let found = hold.regimes.iter().filter_map(|id| packs.iter().find_map(|pack| pack.regime(id)));
    found.map(|regime| Paused { regime, ends: stated.ends(regime, zone) }).collect()
}

impl DueDate {
    /// How being done at that moment lies to it. A day is kept by calendar days, a moment by hours and minutes.
    pub fn kept(&self, done: Instant, zone: &Zone) -> Timeliness {
        if let Some(day) = self.day {
            let distance = (day - done.day_in(zone)).get_days();
            let by = Gap::Days(distance.unsigned_abs());
            return match distance.cmp(&0) {
                std::cmp::Ordering::Greater => Timeliness::Early { by },
                std::cmp::Ordering::Equal => Timeliness::OnTime,
                std::cmp::Ordering::Less => Timeliness::Late { by },
            };
        }
        let seconds = |earlier: Instant, later: Instant| {
            Gap::Seconds(u64::try_from(later.seconds_since(earlier)).unwrap_or_default())
        };
        match (self.by, self.late_after) {
            (Some(by), Some(_)) if done < by => Timeliness::Early { by: seconds(done, by) },
            (Some(_), Some(last)) if done <= last => Timeliness::OnTime,
            (Some(by), Some(_)) => Timeliness::Late { by: seconds(by, done) },
            _ => Timeliness::NoDate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Line;

    fn due(day: Option<&str>, by: &str, late_after: Option<&str>) -> DueDate {
        DueDate {
            by: Some(at(by)),
            day: day.map(|day| day.parse().expect("a day")),
            late_after: late_after.map(at),
            since: None,
            arithmetic: Line::dash(),
        }
    }

    fn at(text: &str) -> Instant {
        Instant::from_timestamp(text.parse().expect("an instant"))
    }

    #[test]
    fn a_day_is_kept_by_the_calendar_and_a_moment_by_the_clock() {
        let zone = Zone::named("America/Chicago").expect("a zone");
        let by_day = due(Some("2026-12-01"), "2026-12-02T05:59:59.999999Z", Some("2026-12-02T05:59:59.999999Z"));
        let by_hour = due(None, "2026-12-01T12:00:00Z", Some("2026-12-01T13:00:00Z"));
        for (due, done, says) in [
            (&by_day, "2026-11-28T23:00:00Z", "3 calendar days early"),
            (&by_day, "2026-12-02T05:30:00Z", "on time"),
            (&by_day, "2026-12-02T06:00:00Z", "1 calendar day late"),
            (&by_hour, "2026-12-01T10:30:00Z", "1 hour 30 minutes early"),
            (&by_hour, "2026-12-01T12:45:00Z", "on time"),
            (&by_hour, "2026-12-01T14:00:00Z", "2 hours late"),
        ] {
            assert_eq!(due.kept(at(done), &zone).says(), says, "{done}");
        }
        let never_late = due(None, "2026-12-01T12:00:00Z", None);
        assert_eq!(never_late.kept(at("2026-12-03T12:00:00Z"), &zone), Timeliness::NoDate);
    }
}
