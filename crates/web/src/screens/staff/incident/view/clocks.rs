//! The clocks of an incident as rows: moments that start them, counts of people, and requests for silence.

use domain::incident::{ClockRecord, Confidence, HoldRecord, PeopleCount, Recorded, facts, moments_that_count, paused};
use domain::obligation::{HoldEnd, HoldForm};
use domain::pack::{Measure, Moment, Pack, Start};
use domain::time::{Instant, When, Zone};
use jiff::civil::Date;

use super::super::affected::RESIDENCE_UNKNOWN;
use super::Sight;
use super::names::measure;
use crate::{
    screens::{
        frame::Choice,
        staff::{duties::Mark, home::actor},
    },
    times::{self, Stamp},
    typed::thousands,
};

/// A hold that ends within so many days is about to end.
const SOON_DAYS: i32 = 7;

/// A moment that starts clocks.
#[derive(Debug, Clone)]
pub struct MomentRow {
    /// Its name in forms.
    pub name: String,
    /// “It was confirmed”
    pub says: String,
    /// When; “not recorded”.
    pub when: Stamp,
    /// Whose knowledge it was, or empty.
    pub who: String,
    /// What shows it, or empty.
    pub evidence: String,
    /// Who recorded it and when, or where it comes from.
    pub source: String,
    /// What was told before, newest first.
    pub earlier: Vec<String>,
    /// Whether people may tell it otherwise.
    pub changeable: bool,
    /// Whether it is recorded at all.
    pub known: bool,
}

/// A count of people.
#[derive(Debug, Clone)]
pub struct CountRow {
    /// “People affected”
    pub what: &'static str,
    /// “MO”, “all places”, “not known”.
    pub place: String,
    /// “1,200 (1,000 to 1,500)”
    pub people: String,
    /// “counted”, “estimated”
    pub sure: &'static str,
    /// The day whose knowledge it describes.
    pub as_of: Stamp,
    /// What information of theirs.
    pub information: String,
}

/// A request for silence.
#[derive(Debug, Clone)]
pub struct HoldRow {
    /// Its id.
    pub id: String,
    /// Name of the form that lifts it.
    pub form: String,
    /// Field of the day.
    pub field_on: String,
    /// Field of the reason.
    pub field_reason: String,
    /// How it stands: class of the mark.
    pub mark: &'static str,
    /// How it stands, in words.
    pub says: String,
    /// “Special Agent D. Moss, FBI”
    pub who: String,
    /// “by word of mouth, Mon, Oct 12, 2026”
    pub how: String,
    /// On what ground.
    pub ground: String,
    /// What it pauses and until when, one line each.
    pub pauses: Vec<String>,
    /// Whether it can be taken back.
    pub open: bool,
}

/// A moment's name in forms.
pub fn moment_name(moment: Moment) -> String {
    serde_json::to_value(moment).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// “It was confirmed”
pub fn moment_words(moment: Moment) -> String {
    let mut letters = moment.says().chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

impl Sight<'_> {
    /// The moments that the rules which bind this incident hang on: recorded ones first, in the order of the list.
    pub(super) fn moments(&self, packs: &[&Pack], now: Instant, zone: &Zone) -> Vec<MomentRow> {
        let known = facts(&self.case.incident);
        let row = |moment: Moment| {
            let record = self.case.incident.moments.get(&moment);
            let told: Vec<&Recorded<ClockRecord>> =
                self.case.incident.told.iter().filter(|told| told.what.moment == moment).collect();
            let happened = known.moments.get(&moment).map(|h| h.when);
            let when = match (record, happened) {
                (Some(record), _) => times::when(&record.when, now, zone),
                (None, Some(Start::At(at))) => times::stamp(at, now, zone),
                (None, Some(Start::Day(day))) => times::when(&When::Day { on: day }, now, zone),
                (None, None) => Stamp { words: "not recorded".to_owned(), ..Stamp::default() },
            };
            let source = match (told.last(), record, happened) {
                (Some(told), ..) => {
                    format!("recorded by {}, {}", actor(self.app, told.by), times::short(told.at, now, zone).words)
                }
                (None, Some(_), _) => "seen by Tocsin".to_owned(),
                (None, None, Some(_)) => "from the description of the incident".to_owned(),
                (None, None, None) => String::new(),
            };
            let why = |later: &Recorded<ClockRecord>| {
                later.what.reason.as_ref().map(|reason| format!("; told otherwise because: {}", reason.gist(300)))
            };
            let pairs = told.windows(2).rev();
            let earlier = pairs.map(|pair| {
                let before = times::when(&pair[0].what.when, now, zone).words;
                let by = actor(self.app, pair[0].by);
                format!("before: {before}, recorded by {by}{}", why(pair[1]).unwrap_or_default())
            });
            MomentRow {
                name: moment_name(moment),
                says: moment_words(moment),
                when,
                who: record.and_then(|r| r.who.as_ref()).map(ToString::to_string).unwrap_or_default(),
                evidence: record.and_then(|r| r.evidence.as_ref()).map(|e| e.gist(400)).unwrap_or_default(),
                source,
                earlier: earlier.collect(),
                changeable: !moment.seen_by_the_product(),
                known: happened.is_some(),
            }
        };
        let mut rows: Vec<MomentRow> = moments_that_count(packs).into_iter().map(row).collect();
        rows.sort_by_key(|row| !row.known);
        rows
    }

    /// What counts as discovery under each pack that says so: “HIPAA breach rule: an agent first knew of it, Mon …”.
    pub(super) fn discoveries(&self, packs: &[&Pack], now: Instant, zone: &Zone) -> Vec<String> {
        let known = facts(&self.case.incident);
        let say = |pack: &&Pack| {
            let (by, when) = known.happened(Moment::Discovered, pack, zone)?;
            let when = match when {
                Start::At(at) => times::stamp(at, now, zone).words,
                Start::Day(day) => times::day(day),
            };
            Some(format!("{}: {when}, when {}", pack.title, by.says()))
        };
        packs.iter().filter(|pack| !pack.discovery.moments.is_empty()).filter_map(say).collect()
    }

    /// Every count of people, newest first.
    pub(super) fn counts(&self, now: Instant, zone: &Zone) -> Vec<CountRow> {
        let row = |(count, at): &(PeopleCount, Instant)| CountRow {
            what: measure(count.measure),
            place: match count.residence.as_ref().map(domain::text::Line::as_str) {
                None => "all places".to_owned(),
                Some(RESIDENCE_UNKNOWN) => "not known".to_owned(),
                Some(state) => state.to_owned(),
            },
            people: number(count),
            sure: if count.confidence == Confidence::Counted { "counted" } else { "estimated" },
            as_of: match count.as_of {
                Some(on) => times::when(&When::Day { on }, now, zone),
                None => times::short(*at, now, zone),
            },
            information: count.information.as_ref().map(|note| note.gist(400)).unwrap_or_default(),
        };
        self.case.incident.counts.iter().rev().map(row).collect()
    }

    /// Requests for silence, those in force first, then the newest.
    pub(super) fn holds(&self, packs: &[&Pack], now: Instant, zone: &Zone) -> Vec<HoldRow> {
        let row = |(hold, lifted): &(HoldRecord, Option<Date>)| hold_row(hold, *lifted, packs, now, zone);
        let mut rows: Vec<HoldRow> = self.case.incident.holds.iter().rev().map(row).collect();
        rows.sort_by_key(|row| !row.open);
        rows
    }
}

/// What requests for silence can pause here, as choices.
pub(super) fn regimes(packs: &[&Pack]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for regime in packs.iter().flat_map(|pack| &pack.regimes) {
        if choices.iter().all(|known| known.value != regime.id.as_str()) {
            let hint = match (regime.oral_days, regime.written_states_time) {
                (Some(days), true) => format!("by word of mouth, or in writing without a time: {days} days at most"),
                (Some(days), false) => format!("by word of mouth: {days} days at most"),
                (None, _) => "until it is taken back, or the day it names".to_owned(),
            };
            choices.push(Choice::new(regime.id.as_str(), regime.title.clone()).hint(hint));
        }
    }
    choices
}

/// The moments that people may record, as choices.
pub(super) fn moment_choices(rows: &[MomentRow], asked: &str) -> Vec<Choice> {
    let open = rows.iter().filter(|row| row.changeable);
    open.map(|row| Choice::new(&row.name, row.says.clone()).chosen_if(row.name == asked)).collect()
}

/// What can be counted, as choices.
pub(super) fn measures() -> Vec<Choice> {
    [("affected", Measure::Affected), ("notified", Measure::Notified), ("unreachable", Measure::Unreachable)]
        .map(|(name, what)| Choice::new(name, measure(what)))
        .to_vec()
}

fn number(count: &PeopleCount) -> String {
    let people = thousands(count.people);
    match (count.low, count.high) {
        (None, None) => people,
        (Some(low), None) => format!("{people} (at least {})", thousands(low)),
        (None, Some(high)) => format!("{people} (at most {})", thousands(high)),
        (Some(low), Some(high)) => format!("{people} ({} to {})", thousands(low), thousands(high)),
    }
}

/// How a hold stands on a day: class of its mark, words, and whether it is in force. `ends` is the earliest of its ends.
pub fn hold_stands(ends: Option<Date>, lifted: Option<Date>, today: Date) -> (Mark, String, bool) {
    match (lifted, ends) {
        (Some(day), _) => (Mark::Waived, format!("Taken back {}", times::day(day)), false),
        (None, Some(day)) if day < today => (Mark::Overdue, format!("Ended {}", times::day(day)), true),
        (None, Some(day)) if day == today => (Mark::Soon, "Ends today".to_owned(), true),
        (None, Some(day)) => {
            let left = (day - today).get_days();
            let mark = if left <= SOON_DAYS { Mark::Soon } else { Mark::OnTrack };
            (mark, format!("Ends in {left} {}", if left == 1 { "day" } else { "days" }), true)
        }
        (None, None) => (Mark::Running, "In force".to_owned(), true),
    }
}

fn hold_row(hold: &HoldRecord, lifted: Option<Date>, packs: &[&Pack], now: Instant, zone: &Zone) -> HoldRow {
    let paused = paused(hold, lifted, packs, zone);
    let ends = paused.iter().filter_map(|p| match p.ends {
        HoldEnd::With(day) => Some(day),
        HoldEnd::WhenLifted => None,
    });
    let (mark, says, open) = hold_stands(ends.min(), lifted, now.day_in(zone));
    let form = match hold.form {
        HoldForm::Written => "in writing",
        HoldForm::Oral => "by word of mouth",
    };
    HoldRow {
        id: hold.id.to_string(),
        form: format!("lift-{}", hold.id),
        field_on: format!("lift-on-{}", hold.id),
        field_reason: format!("lift-reason-{}", hold.id),
        mark: if mark == Mark::Running { "hold" } else { mark.class() },
        says,
        who: format!("{}, {}", hold.official, hold.agency),
        how: format!("{form}, {}", times::when(&hold.stated, now, zone).words),
        ground: hold.evidence.as_ref().map(|e| e.gist(600)).unwrap_or_default(),
        pauses: paused
            .iter()
            .map(|p| match p.ends {
                HoldEnd::With(day) => {
                    let why = if hold.until == Some(day) || lifted == Some(day) {
                        String::new()
                    } else {
                        p.regime.oral_days.map(|days| format!(" ({days} days from the request)")).unwrap_or_default()
                    };
                    format!("{}: until the end of {}{why}", p.regime.title, times::day(day))
                }
                HoldEnd::WhenLifted => format!("{}: until it is taken back", p.regime.title),
            })
            .collect(),
        open: open && lifted.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_says_when_it_ends_and_that_it_has() {
        let day = |text: &str| -> Date { text.parse().expect("a day") };
        let today = day("2026-11-20");
        for (ends, lifted, mark, says) in [
            (Some("2026-12-20"), None, Mark::OnTrack, "Ends in 30 days"),
            (Some("2026-11-27"), None, Mark::Soon, "Ends in 7 days"),
            (Some("2026-11-21"), None, Mark::Soon, "Ends in 1 day"),
            (Some("2026-11-20"), None, Mark::Soon, "Ends today"),
            (Some("2026-11-19"), None, Mark::Overdue, "Ended Thu, Nov 19, 2026"),
            (None, None, Mark::Running, "In force"),
            (Some("2026-12-20"), Some("2026-11-18"), Mark::Waived, "Taken back Wed, Nov 18, 2026"),
        ] {
            let stands = hold_stands(ends.map(day), lifted.map(day), today);
            assert_eq!((stands.0, stands.1.as_str()), (mark, says));
        }
    }
}
