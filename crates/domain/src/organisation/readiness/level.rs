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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{ReadinessLevel, RoleId, SlotId, Words};
    use crate::text::Note;
    use jiff::civil::{date, time};

    fn id<T: From<uuid::Uuid>>(n: u128) -> T {
        T::from(uuid::Uuid::from_u128(n))
    }

    fn rules(floor: bool) -> ReadinessRules {
        let level = |n: u8| ReadinessLevel {
            name: Words { en: format!("Level {n}"), es: format!("Nivel {n}") },
            summaries: (n > 1).then(|| LocalId::parse("every").expect("a name")),
            clauses: Vec::new(),
        };
        ReadinessRules {
            title: "Alert".into(),
            decided_by: RoleId::parse("chief").expect("a name"),
            floor,
            equal_units: true,
            reported_to: Vec::new(),
            always_told: Vec::new(),
            measures: SlotId::parse("measures").expect("a name"),
            levels: (1..=5).map(level).collect(),
            activities: Vec::new(),
            factors: Vec::new(),
            weighed: Vec::new(),
            kinds: Vec::new(),
            fields: Vec::new(),
            clauses: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn notice(n: u128, day: i8, level: u8) -> StateNotice {
        StateNotice {
            id: id(n),
            source: RoleId::parse("state").expect("a name"),
            on: date(2005, 3, day),
            at: Some(time(9, 0, 0, 0)),
            reference: None,
            level: Some(level),
            says: Note::parse("As told").expect("words"),
            channel: None,
            sender: None,
        }
    }

    fn declared(n: u128, day: i8, level: u8, told: usize) -> Declaration {
        Declaration {
            id: id(n),
            level,
            reason: Note::parse("Signs").expect("words"),
            factors: Default::default(),
            notice: None,
            weighed: Default::default(),
            activities: Vec::new(),
            told,
            by: id(99),
            at: Zone::utc().start_of_day(date(2005, 3, day)),
        }
    }

    fn levels(timeline: &Timeline) -> Vec<(u8, u8)> {
        timeline.passages.iter().map(|passage| (passage.state, passage.level)).collect()
    }

    #[test]
    fn the_states_level_lifts_ours_by_itself_and_lets_it_down_only_by_a_declaration() {
        let notices = [notice(1, 1, 3), notice(2, 5, 2)];
        let readiness = Readiness { declarations: vec![declared(7, 10, 2, 2)], ..Readiness::default() };
        let timeline = readiness.timeline(&notices, &rules(true), &Zone::utc());
        assert_eq!(levels(&timeline), [(3, 3), (2, 3), (2, 2)]);
        assert_eq!(timeline.steps.iter().map(|step| step.why).collect::<Vec<_>>(), [Why::RaisedByFloor, Why::Declared]);
        assert_eq!(timeline.unanswered, None);
        let free = readiness.timeline(&notices, &rules(false), &Zone::utc());
        assert_eq!(levels(&free), [(3, 1), (2, 1), (2, 2)], "without a floor a notice moves nothing");
    }

    #[test]
    fn a_notice_that_is_recorded_late_still_holds_the_floor_and_waits_for_an_answer() {
        let notices = [notice(1, 1, 5)];
        let readiness = Readiness { declarations: vec![declared(7, 2, 4, 0)], ..Readiness::default() };
        let timeline = readiness.timeline(&notices, &rules(true), &Zone::utc());
        assert_eq!(levels(&timeline), [(5, 5), (5, 5)]);
        assert_eq!(timeline.unanswered, Some(id(1)), "it was not on record when the level was declared");
    }

    #[test]
    fn summaries_are_due_by_whole_intervals_and_never_without_one() {
        let readiness = Readiness { declarations: vec![declared(7, 1, 4, 0)], ..Readiness::default() };
        let rules = rules(true);
        let timeline = readiness.timeline(&[], &rules, &Zone::utc());
        let step = timeline.present().expect("a step");
        let now = Zone::utc().start_of_day(date(2005, 3, 11));
        let due = |every| Readiness::summaries_due(step, &rules, |_| every, now, &Zone::utc());
        assert_eq!((due(None), due(Some(1)), due(Some(3))), (None, Some(10), Some(3)));
    }
}
