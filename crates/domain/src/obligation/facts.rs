//! What is known about one incident, as far as rules test it: what happened and who knew, what is answered, how many
//! people are counted where, who asked for silence, and what was done.

use super::{Count, Done, Hold};
use crate::pack::{Answer, FactId, Moment, Pack, Start};
use crate::time::Zone;
use serde::Serialize;
use std::collections::BTreeMap;

/// An answer and since when it is known; without a moment it is as old as the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The answer.
    pub answer: Answer,
    /// Since when.
    pub since: Option<Start>,
}

/// Something that happened, with the one who knew of it and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Happening {
    /// When.
    pub when: Start,
    /// Who did it or whose knowledge it was.
    pub actor: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
}

impl From<Start> for Happening {
    fn from(when: Start) -> Self {
        Self { when, actor: None, evidence: None }
    }
}

/// What is known about one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// What happened, and when.
    pub moments: BTreeMap<Moment, Happening>,
    /// What is answered.
    pub answers: BTreeMap<FactId, Known>,
    /// How many people are affected, could not be reached, or were told at one time: every count ever made.
    pub counts: Vec<Count>,
    /// Requests to keep silent.
    pub holds: Vec<Hold>,
    /// What was done about duties.
    pub done: Vec<Done>,
    /// Where the unit's days begin, for rules that count in the zone of whoever they bind.
    pub zone: Option<Zone>,
}

impl Facts {
    /// Adds a moment.
    pub fn with(mut self, moment: Moment, when: Start) -> Facts {
        self.record(moment, when.into());
        self
    }

    /// Adds an answer as old as whatever it triggers.
    pub fn answered(mut self, fact: FactId, answer: Answer) -> Facts {
        self.answers.insert(fact, Known { answer, since: None });
        self
    }

    /// Adds a count.
    pub fn counted(mut self, count: Count) -> Facts {
        self.counts.push(count);
        self
    }

    /// Takes in something that happened. Told twice, the earlier counts: knowledge cannot be had later than it was
    /// had. Only an end (`occurred-to`) is the later of the two.
    pub fn record(&mut self, moment: Moment, happening: Happening) {
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        let key = |h: &Happening| (h.when.instant(&zone), h.clone());
        let known = self.moments.remove(&moment);
        let kept = match known {
            None => happening,
            Some(known) if moment == Moment::OccurredTo => std::cmp::max_by_key(known, happening, key),
            Some(known) => std::cmp::min_by_key(known, happening, key),
        };
        self.moments.insert(moment, kept);
    }

    /// The moment has happened.
    pub fn has(&self, moment: Moment) -> bool {
        self.moments.contains_key(&moment)
    }

    /// Where days begin for this pack.
    pub fn zone_of(&self, pack: &Pack) -> Zone {
        let unit = self.zone.as_ref().filter(|_| pack.zone_of_unit);
        unit.unwrap_or(&pack.zone).clone()
    }

    /// When something happened under this pack, and which recorded moment says so. Discovery is the earliest of the
    /// moments that the pack's rules name: what was known, what diligence would have known, what an agent knew.
    pub fn happened(&self, moment: Moment, pack: &Pack, zone: &Zone) -> Option<(Moment, Start)> {
        if moment != Moment::Discovered {
            return self.moments.get(&moment).map(|h| (moment, h.when));
        }
        let named = std::iter::once(&Moment::Discovered).chain(&pack.discovery.moments);
        let recorded = named.filter_map(|m| Some((*m, self.moments.get(m)?.when)));
        recorded.min_by_key(|(m, when)| (when.instant(zone), *m))
    }
}
