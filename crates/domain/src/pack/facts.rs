//! What rules test: answers that officers record, and how many people are touched, told or out of reach.

use super::{ClauseId, FactId};
use serde::{Deserialize, Serialize};

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

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// So many or more.
    AtLeast(u64),
    /// More than so many: exactly so many is not enough.
    MoreThan(u64),
    /// Fewer than so many.
    Fewer(u64),
}

impl Compare {
    /// The number passes.
    pub const fn admits(self, n: u64) -> bool {
        match self {
            Compare::AtLeast(least) => n >= least,
            Compare::MoreThan(most) => n > most,
            Compare::Fewer(limit) => n < limit,
        }
    }

    /// `more than 500`, for sentences.
    pub fn says(self) -> String {
        let figure = crate::obligation::figure;
        match self {
            Compare::AtLeast(n) => format!("at least {}", figure(n)),
            Compare::MoreThan(n) => format!("more than {}", figure(n)),
            Compare::Fewer(n) => format!("fewer than {}", figure(n)),
        }
    }
}

/// What a condition asks of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// The answer is one of these. A fact nobody answered is `Unknown`.
    OneOf(Vec<Answer>),
    /// The number passes. An unknown number passes no test.
    Number(Compare),
}

/// What is counted of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// People whose information is touched, the dead and the unreachable included.
    #[default]
    Affected,
    /// People told by one mailing.
    Notified,
    /// People for whom no sufficient address is known.
    Unreachable,
}

impl Measure {
    /// `affected`, for sentences.
    pub const fn says(self) -> &'static str {
        match self {
            Measure::Affected => "affected",
            Measure::Notified => "told",
            Measure::Unreachable => "without a sufficient address",
        }
    }
}

/// Two capital letters of a state or other jurisdiction: `MO`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StateCode(String);

/// The text is not two letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a state or jurisdiction is two letters, such as MO")]
pub struct NotAState;

impl TryFrom<String> for StateCode {
    type Error = NotAState;
    fn try_from(text: String) -> Result<Self, NotAState> {
        let fits = text.len() == 2 && text.chars().all(|c| c.is_ascii_alphabetic());
        if fits { Ok(Self(text.to_ascii_uppercase())) } else { Err(NotAState) }
    }
}

impl From<StateCode> for String {
    fn from(code: StateCode) -> String {
        code.0
    }
}

impl std::fmt::Display for StateCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose number is tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// People in all places together.
    Everyone,
    /// Residents of any one state or jurisdiction, each state by itself.
    OneState,
    /// Residents of this one.
    Of(StateCode),
}

/// A test of how many people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeopleTest {
    /// What is counted.
    pub measure: Measure,
    /// Whose number.
    pub scope: Scope,
    /// How it is compared.
    pub compare: Compare,
    /// A number not known yet passes as well.
    pub or_unknown: bool,
}

/// Something that has to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// A test of one fact.
    Fact {
        /// The fact.
        fact: FactId,
        /// The test.
        test: Test,
    },
    /// A test of how many people.
    People(PeopleTest),
}
