//! What is known about one incident, as far as rules test it.

use super::{ClauseId, FactId, Moment, Start};
use crate::time::Zone;
use serde::Serialize;
use std::collections::BTreeMap;

/// What kind of answer a fact has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// Yes, no, or not known yet.
    YesNo,
    /// A number of things of this unit (`people`, `records`), or not known yet.
    Count {
        /// What is counted.
        unit: String,
    },
}

/// A fact that officers record and conditions test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Slug.
    pub id: FactId,
    /// The question an officer answers.
    pub asks: String,
    /// Kind of answer.
    pub kind: FactKind,
    /// The clauses that make it matter.
    pub clauses: Vec<ClauseId>,
}

/// The answer to a fact. A fact nobody has answered has no entry, and counts as [`Answer::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Asked, and not known yet.
    Unknown,
    /// So many.
    Count(u64),
}

/// An answer and since when it is known; without a moment it is as old as the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The answer.
    pub answer: Answer,
    /// Since when.
    pub since: Option<Start>,
}

/// What a condition asks of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// The answer is one of these. A fact nobody answered is `Unknown`.
    OneOf(Vec<Answer>),
    /// At least so many. An unknown count does not reach any number.
    AtLeast(u64),
}

/// A test of one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// The fact.
    pub fact: FactId,
    /// The test.
    pub test: Test,
}

/// What is known about one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// What happened, and when.
    pub moments: BTreeMap<Moment, Start>,
    /// What is answered.
    pub answers: BTreeMap<FactId, Known>,
}

impl Facts {
    /// Adds a moment.
    pub fn with(mut self, moment: Moment, when: Start) -> Facts {
        self.moments.insert(moment, when);
        self
    }

    /// Adds an answer as old as whatever it triggers.
    pub fn answered(mut self, fact: FactId, answer: Answer) -> Facts {
        self.answers.insert(fact, Known { answer, since: None });
        self
    }

    /// The moment has happened.
    pub fn has(&self, moment: Moment) -> bool {
        self.moments.contains_key(&moment)
    }

    /// All conditions hold.
    pub fn satisfy(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|c| self.meets(c))
    }

    /// The latest instant from which these answers are known, where one is recorded.
    pub(super) fn known_since(&self, conditions: &[Condition], zone: &Zone) -> Option<Start> {
        let moments = conditions.iter().filter_map(|c| self.answers.get(&c.fact)?.since);
        moments.max_by_key(|w| w.instant(zone))
    }

    fn meets(&self, condition: &Condition) -> bool {
        let answer = self.answers.get(&condition.fact).map_or(Answer::Unknown, |k| k.answer);
        match &condition.test {
            Test::OneOf(answers) => answers.contains(&answer),
            Test::AtLeast(least) => matches!(answer, Answer::Count(n) if n >= *least),
        }
    }
}
