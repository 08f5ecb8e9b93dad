//! How many people, as a series of counts by state of residence: estimates trigger duties, later counts are added and
//! never overwrite, and a number that falls again takes no duty back.

use super::due::say_day;
use crate::pack::{Compare, Measure, PeopleTest, Scope, Start, StateCode};
use crate::time::Zone;
use serde::Serialize;
use std::collections::BTreeMap;

/// Where the counted people live.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Residence {
    /// Everywhere together.
    Anywhere,
    /// In one state or other jurisdiction.
    In(StateCode),
    /// People whose residence is not known; they add to the sum and to no state.
    NotKnown,
}

/// A number, as exactly as it is known. At least one of the three is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Number {
    /// No fewer than.
    pub low: Option<u64>,
    /// The best estimate, or the exact count.
    pub estimate: Option<u64>,
    /// No more than.
    pub high: Option<u64>,
}

impl Number {
    /// An exact count.
    pub const fn exactly(n: u64) -> Number {
        Number { low: None, estimate: Some(n), high: None }
    }

    /// The number that rules test: the estimate; where there is none the high end, because a doubt about how many
    /// people are touched must not cost them a notice.
    pub fn counts_as(self) -> u64 {
        self.estimate.or(self.high).or(self.low).unwrap_or(0)
    }
}

/// One count of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// What was counted.
    pub measure: Measure,
    /// Where they live.
    pub residence: Residence,
    /// How many.
    pub people: Number,
    /// The state of knowledge it describes; without a time it is as old as whatever it triggers.
    pub as_of: Option<Start>,
    /// Counted rather than estimated.
    pub exact: bool,
    /// Who counted, and from what.
    pub evidence: Option<String>,
}

/// What a test of people comes to.
pub(super) enum Finding {
    /// It is met, since then; `note` says what has changed since.
    Met { since: Option<Start>, shows: String, note: Option<String> },
    /// It is not met.
    NotMet { shows: String },
    /// Nobody can say yet.
    Open { needs: String },
}

/// Tests the whole series: met once is met for good.
pub(super) fn test(counts: &[Count], test: &PeopleTest, zone: &Zone) -> Finding {
    if test.measure == Measure::Notified {
        return told_at_one_time(counts, test, zone);
    }
    let series = series(counts, test.measure, zone);
    let mut table = Table::default();
    let mut first: Option<(Option<Start>, String)> = None;
    let mut last = None;
    for (as_of, group) in series {
        for count in group {
            table.take(count);
        }
        let state = table.judge(test, as_of, zone);
        if first.is_none()
            && let State::Yes(shows) = &state
        {
            first = Some((as_of, shows.clone()));
        }
        last = Some((as_of, state));
    }
    match (first, last) {
        (Some((since, shows)), Some((as_of, now))) => {
            let note = (!matches!(now, State::Yes(_))).then(|| stands(&table, test, as_of, zone));
            Finding::Met { since, shows, note }
        }
        (None, Some((_, State::No(shows)))) => Finding::NotMet { shows },
        (None, Some((_, State::Open(needs)))) => Finding::Open { needs },
        _ => Finding::Open { needs: format!("how many people are {}", test.measure.says()) },
    }
}

fn stands(table: &Table, test: &PeopleTest, as_of: Option<Start>, zone: &Zone) -> String {
    let number = table.number(&test.scope).map_or_else(|| "a number not known".to_owned(), figure);
    let way = if matches!(test.compare, Compare::Fewer(_)) { "rose" } else { "fell" };
    let on = as_of.map_or_else(String::new, |when| format!(" on {}", say_day(when.day(zone))));
    format!("The count {way} to {number}{on}; the duty stands until somebody answers for it.")
}

/// "At one time": the largest single mailing counts, never a sum. Where no mailing is recorded yet, everybody affected
/// is taken as one mailing.
fn told_at_one_time(counts: &[Count], wanted: &PeopleTest, zone: &Zone) -> Finding {
    let mailings: Vec<&Count> = counts.iter().filter(|c| c.measure == Measure::Notified).collect();
    if mailings.is_empty() {
        let affected = PeopleTest { measure: Measure::Affected, ..wanted.clone() };
        return match test(counts, &affected, zone) {
            Finding::Met { since, shows, note } => {
                Finding::Met { since, shows: format!("{shows}, and no separate mailings are recorded"), note }
            }
            other => other,
        };
    }
    let fits = |c: &&&Count| match (&wanted.scope, &c.residence) {
        (Scope::Of(state), Residence::In(lives)) => state == lives,
        (Scope::Of(_), _) => false,
        _ => true,
    };
    let size = |c: &Count| c.people.counts_as();
    let largest = mailings.iter().filter(fits).max_by_key(|c| size(c));
    let met = largest.filter(|c| wanted.compare.admits(size(c)));
    if let Some(count) = met {
        let reached = mailings.iter().filter(fits).filter(|c| wanted.compare.admits(size(c)));
        let since = reached.filter_map(|c| c.as_of).min_by_key(|w| w.instant(zone));
        let shows = format!("{} {} told at one time", figure(size(count)), people_of(&wanted.scope));
        return Finding::Met { since, shows, note: None };
    }
    let unplaced = mailings.iter().filter(|c| matches!(c.residence, Residence::Anywhere | Residence::NotKnown));
    if matches!(wanted.scope, Scope::Of(_)) && unplaced.clone().any(|c| wanted.compare.admits(size(c))) {
        return Finding::Open { needs: format!("how many of those told at one time are {}", people_of(&wanted.scope)) };
    }
    let most = largest.map_or(0, |c| size(c));
    let shows = format!(
        "the largest mailing went to {} {}; {} needed",
        figure(most),
        people_of(&wanted.scope),
        wanted.compare.says()
    );
    Finding::NotMet { shows }
}

/// The counts of one measure in order of what they describe, those of one moment together, so that the order in which
/// they were written down is of no account.
fn series<'a>(counts: &'a [Count], measure: Measure, zone: &Zone) -> Vec<(Option<Start>, Vec<&'a Count>)> {
    let mut steps: BTreeMap<Option<crate::time::Instant>, (Option<Start>, Vec<&Count>)> = BTreeMap::new();
    for count in counts.iter().filter(|c| c.measure == measure) {
        let key = count.as_of.map(|when| when.instant(zone));
        steps.entry(key).or_insert((count.as_of, Vec::new())).1.push(count);
    }
    let mut series: Vec<_> = steps.into_values().collect();
    for (_, group) in &mut series {
        // Two counts of the same people at the same moment: the larger is the later of the two to be put into the
        // table, and so the one that stays.
        group.sort_by_key(|c| c.people.counts_as());
    }
    series
}

#[derive(Default)]
struct Table {
    anywhere: Option<Number>,
    states: BTreeMap<StateCode, Number>,
    unplaced: Option<Number>,
}

enum State {
    Yes(String),
    No(String),
    Open(String),
}

impl Table {
    fn take(&mut self, count: &Count) {
        match &count.residence {
            Residence::Anywhere => self.anywhere = Some(count.people),
            Residence::In(state) => {
                self.states.insert(state.clone(), count.people);
            }
            Residence::NotKnown => self.unplaced = Some(count.people),
        }
    }

    fn placed(&self) -> u64 {
        self.states.values().map(|n| n.counts_as()).fold(0, u64::saturating_add)
    }

    fn total(&self) -> Option<u64> {
        let parts = (!self.states.is_empty() || self.unplaced.is_some())
            .then(|| self.placed().saturating_add(self.unplaced.map_or(0, Number::counts_as)));
        self.anywhere.map(Number::counts_as).into_iter().chain(parts).max()
    }

    /// People who are counted but in no state.
    fn rest(&self) -> u64 {
        self.total().unwrap_or(0).saturating_sub(self.placed())
    }

    fn most(&self) -> Option<(&StateCode, u64)> {
        let by_number = self.states.iter().map(|(state, n)| (state, n.counts_as()));
        by_number.max_by_key(|(state, n)| (*n, std::cmp::Reverse(*state)))
    }

    fn number(&self, scope: &Scope) -> Option<u64> {
        match scope {
            Scope::Everyone => self.total(),
            Scope::OneState => self.most().map(|(_, n)| n),
            Scope::Of(state) => self.states.get(state).map(|n| n.counts_as()),
        }
    }

    fn judge(&self, test: &PeopleTest, as_of: Option<Start>, zone: &Zone) -> State {
        let on = as_of.map_or_else(String::new, |when| format!(" as of {}", say_day(when.day(zone))));
        let who = people_of(&test.scope);
        let measured = test.measure.says();
        let Some(total) = self.total() else {
            return State::Open(format!("how many people are {measured}"));
        };
        let reached = match &test.scope {
            Scope::Everyone => test.compare.admits(total).then(|| format!("{} {who}", figure(total))),
            Scope::OneState => {
                let over = self.states.iter().filter(|(_, n)| test.compare.admits(n.counts_as()));
                let over: Vec<String> =
                    over.map(|(state, n)| format!("{} residents of {state}", figure(n.counts_as()))).collect();
                (!over.is_empty()).then(|| over.join(", "))
            }
            Scope::Of(state) => {
                let n = self.states.get(state).map(|n| n.counts_as());
                n.filter(|n| test.compare.admits(*n)).map(|n| format!("{} residents of {state}", figure(n)))
            }
        };
        if let Some(shows) = reached {
            return State::Yes(format!("{shows} {measured}{on}"));
        }
        let known = self.number(&test.scope).unwrap_or(0);
        // Whoever is counted without a residence may live in the state in question.
        let rest = if test.scope == Scope::Everyone { 0 } else { self.rest() };
        let with_all = test.compare.admits(known.saturating_add(rest));
        let none_needed = matches!(test.compare, Compare::Fewer(_));
        if none_needed && with_all {
            return State::Yes(format!("no more than {} {who} {measured}{on}", figure(known.saturating_add(rest))));
        }
        if rest > 0 && with_all != none_needed {
            return State::Open(format!("where {} of the people {measured} live", figure(rest)));
        }
        let named = match (&test.scope, self.most()) {
            (Scope::OneState, Some((state, n))) => {
                format!("{} residents of {state}, the most of any state,", figure(n))
            }
            (Scope::OneState, None) => format!("{} people", figure(total)),
            _ => format!("{} {who}", figure(known)),
        };
        let range =
            self.reaches(test).map_or_else(String::new, |n| format!(" (the high end, {}, would do)", figure(n)));
        State::No(format!("{named} {measured}{on}; {} needed{range}", test.compare.says()))
    }

    /// The high end of an estimate, where it would meet a test that the estimate itself does not.
    fn reaches(&self, test: &PeopleTest) -> Option<u64> {
        let highs: Vec<u64> = match &test.scope {
            Scope::Everyone => self.anywhere.iter().filter_map(|n| n.high).collect(),
            Scope::OneState => self.states.values().filter_map(|n| n.high).collect(),
            Scope::Of(state) => self.states.get(state).and_then(|n| n.high).into_iter().collect(),
        };
        highs.into_iter().filter(|n| !matches!(test.compare, Compare::Fewer(_)) && test.compare.admits(*n)).max()
    }
}

fn people_of(scope: &Scope) -> String {
    match scope {
        Scope::Everyone => "people in all places".to_owned(),
        Scope::OneState => "residents of one state".to_owned(),
        Scope::Of(state) => format!("residents of {state}"),
    }
}

/// `1,200`.
pub(crate) fn figure(n: u64) -> String {
    let digits = n.to_string();
    let grouped = digits.as_bytes().rchunks(3).rev().map(|chunk| String::from_utf8_lossy(chunk).into_owned());
    grouped.collect::<Vec<_>>().join(",")
}
