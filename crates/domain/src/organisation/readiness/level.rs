//! Which level held when: notices of the state and declarations, put in order of time. The state's level is a floor where
//! the policy says so, and takes hold by itself; when it falls, nothing changes until somebody declares (Q9).

use super::{Declaration, Readiness};
use crate::ids::EntryId;
use crate::organisation::register::StateNotice;
use crate::pack::{LocalId, ReadinessRules};
use crate::time::{Instant, Zone};
use serde::{Deserialize, Serialize};

/// Why the level is what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It was declared.
    Declared,
    /// The state's level rose above it.
    RaisedByFloor,
}

/// A change of the agency's level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The declaration or the notice that brought it.
    pub id: EntryId,
    /// The level since.
    pub level: u8,
    /// The level before.
    pub before: u8,
    /// Since when.
    pub at: Instant,
    /// Until when; `None` while it lasts.
    pub until: Option<Instant>,
    /// Why.
    pub why: Why,
}

/// One line of the history: everything that moved the level or left it where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    /// The declaration or notice.
    pub id: EntryId,
    /// When.
    pub at: Instant,
    /// The state's level after it.
    pub state: u8,
    /// The agency's level after it.
    pub level: u8,
    /// It is a notice of the state.
    pub notice: bool,
    /// The agency's level changed.
    pub changed: bool,
}

/// The level over time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline {
    /// Changes of the agency's level, the earliest first.
    pub steps: Vec<Step>,
    /// Every notice and declaration, the earliest first.
    pub passages: Vec<Passage>,
    /// The latest notice that nobody has answered by a declaration yet.
    pub unanswered: Option<EntryId>,
    /// How many notices are on record.
    pub told: usize,
}

/// The lowest level: what holds while nobody has said anything.
pub const NORMAL: u8 = 1;

impl Timeline {
    /// The agency's level now.
    pub fn level(&self) -> u8 {
        self.steps.last().map_or(NORMAL, |step| step.level)
    }

    /// The change that brought the present level.
    pub fn present(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// The change with this id.
    pub fn step(&self, id: EntryId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The state's level now, and since when; nobody knows since when while it told nothing.
    pub fn state(&self) -> (u8, Option<Passage>) {
        let last = self.passages.iter().rfind(|passage| passage.notice);
        (last.map_or(NORMAL, |passage| passage.state), last.copied())
    }

    /// The state's level and the agency's at a moment.
    pub fn at(&self, moment: Instant) -> (u8, u8) {
        let last = self.passages.iter().rfind(|passage| passage.at <= moment);
        last.map_or((NORMAL, NORMAL), |passage| (passage.state, passage.level))
    }
}

/// The moment at which a notice was received.
pub fn received(notice: &StateNotice, zone: &Zone) -> Instant {
    let at = notice.on.to_datetime(notice.at.unwrap_or_default());
    at.to_zoned(zone.time_zone().clone())
        .map_or_else(|_| zone.start_of_day(notice.on), |at| Instant::from_timestamp(at.timestamp()))
}

enum Word<'a> {
    Told(u8),
    Declared(&'a Declaration),
}

impl Readiness {
    /// The level over time, under these rules.
    pub fn timeline(&self, notices: &[StateNotice], rules: &ReadinessRules, zone: &Zone) -> Timeline {
        let told = notices.iter().enumerate().filter_map(|(n, notice)| {
            let level = notice.level.filter(|level| (NORMAL..=rules.top()).contains(level))?;
            Some((received(notice, zone), 0, n, notice.id, Word::Told(level)))
        });
        let declared = self.declarations.iter().enumerate().map(|(n, d)| (d.at, 1, n, d.id, Word::Declared(d)));
        let mut words: Vec<_> = told.chain(declared).collect();
        // What bears the same moment stands in the order of recording.
        words.sort_by_key(|(at, order, n, ..)| (*at, *order, *n));
        let mut timeline = Timeline { told: notices.len(), ..Timeline::default() };
        let (mut state, mut level) = (NORMAL, NORMAL);
        for (at, _, n, id, word) in words {
            let before = level;
            let notice = match word {
                Word::Told(told) => {
                    state = told;
                    if rules.floor {
                        level = level.max(state);
                    }
                    // What was recorded afterwards is the answer, whatever time the notice bears.
                    if self.declarations.iter().all(|d| d.told <= n) {
                        timeline.unanswered = Some(id);
                    }
                    true
                }
                Word::Declared(declaration) => {
                    let floor = if rules.floor { state } else { NORMAL };
                    level = declaration.level.max(floor);
                    false
                }
            };
            let changed = level != before || (timeline.steps.is_empty() && !notice);
            if changed {
                if let Some(last) = timeline.steps.last_mut() {
                    last.until = Some(at);
                }
                let why = if notice { Why::RaisedByFloor } else { Why::Declared };
                timeline.steps.push(Step { id, level, before, at, until: None, why });
            }
            timeline.passages.push(Passage { id, at, state, level, notice, changed: level != before });
        }
        timeline
    }

    /// How many summaries are due by now while a level lasts; none where nobody set how often.
    pub fn summaries_due(
        step: &Step,
        rules: &ReadinessRules,
        days: impl Fn(&LocalId) -> Option<u32>,
        now: Instant,
        zone: &Zone,
    ) -> Option<u32> {
        let every = rules.level(step.level)?.summaries.as_ref().and_then(days).filter(|every| *every > 0)?;
        let end = step.until.unwrap_or(now).min(now);
        let lasted = (end.day_in(zone) - step.at.day_in(zone)).get_days();
        Some(u32::try_from(lasted).unwrap_or_default() / every)
    }
}
