//! Whether a condition holds: yes, no, or nobody can say yet, each with the words and numbers that make it so.

use super::{Facts, counts, counts::Finding};
use crate::pack::{Answer, Condition, FactId, Pack, PeopleTest, Start, Test};
use crate::time::Zone;

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It holds.
    Yes {
        /// Since when that is known, where a moment is recorded.
        since: Option<Start>,
        /// What has changed since, where it would no longer hold.
        note: Option<String>,
    },
    /// It does not hold.
    No {
        /// The answer or number that makes it so.
        because: String,
    },
    /// Nobody can say yet.
    Open {
        /// What has to be known.
        needs: String,
    },
}

impl Facts {
    /// All conditions hold.
    pub fn satisfy(&self, conditions: &[Condition]) -> bool {
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        conditions.iter().all(|c| matches!(self.holds(c, None, &zone), Holds::Yes { .. }))
    }

    /// Whether a condition holds or may still turn out to hold.
    pub fn could_satisfy(&self, condition: &Condition) -> bool {
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        !matches!(self.holds(condition, None, &zone), Holds::No { .. })
    }

    /// Tests one condition; `pack` lends the words of its questions.
    pub(super) fn holds(&self, condition: &Condition, pack: Option<&Pack>, zone: &Zone) -> Holds {
        match condition {
            Condition::Fact { fact, test } => self.answer_passes(fact, test, pack),
            Condition::People(test) => self.people_pass(test, zone),
        }
    }

    fn answer_passes(&self, fact: &FactId, test: &Test, pack: Option<&Pack>) -> Holds {
        let known = self.answers.get(fact);
        let answer = known.map_or(Answer::Unknown, |k| k.answer);
        let passes = match test {
            Test::OneOf(answers) => answers.contains(&answer),
            Test::Number(compare) => matches!(answer, Answer::Count(n) if compare.admits(n)),
        };
        if passes {
            return Holds::Yes { since: known.and_then(|k| k.since), note: None };
        }
        let asks = pack.and_then(|p| p.fact(fact)).map_or(fact.as_str(), |f| f.asks.as_str());
        match (answer, test) {
            (Answer::Unknown, _) => Holds::Open { needs: format!("{fact}: {asks}") },
            (Answer::Count(n), Test::Number(compare)) => {
                Holds::No { because: format!("{fact} is {}; {} needed.", counts::figure(n), compare.says()) }
            }
            (Answer::Count(n), Test::OneOf(_)) => Holds::No { because: format!("{fact} is {}.", counts::figure(n)) },
            (Answer::Yes, _) => Holds::No { because: format!("{fact} is yes: {asks}") },
            (Answer::No, _) => Holds::No { because: format!("{fact} is no: {asks}") },
        }
    }

    fn people_pass(&self, test: &PeopleTest, zone: &Zone) -> Holds {
        match counts::test(&self.counts, test, zone) {
            Finding::Met { since, shows: _, note } => Holds::Yes { since, note },
            Finding::NotMet { shows } => Holds::No { because: format!("{}.", upper(&shows)) },
            Finding::Open { .. } if test.or_unknown => Holds::Yes { since: None, note: None },
            Finding::Open { needs } => Holds::Open { needs },
        }
    }
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
