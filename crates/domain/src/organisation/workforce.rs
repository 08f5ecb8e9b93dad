//! The workforce of an agency as far as it is listed: who works where as what, and who was taught or has acknowledged
//! which material. Reporting never depends on it.

use crate::ids::{EntryId, UnitId};
use crate::pack::WorkforceId;
use crate::text::{Line, Name};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Somebody who works for the agency. Most have no account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Member {
    /// The entry.
    pub id: EntryId,
    /// Their name.
    pub name: Name,
    /// Where they work.
    pub unit: UnitId,
    /// As what.
    pub kind: WorkforceId,
    /// Since when.
    pub from: Date,
    /// Their last day; `None` while they work there.
    pub until: Option<Date>,
}

impl Member {
    /// Whether they work there on that day.
    pub fn works_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// Somebody was taught, or acknowledged what they read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Taught {
    /// Who.
    pub member: EntryId,
    /// Which material: a policy edition, or a version of the agency's own.
    pub material: Line<120>,
    /// When.
    pub on: Date,
    /// By whom, where somebody taught it.
    pub by: Option<Line<120>>,
}

/// What can happen to the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "entry", content = "of", rename_all = "snake_case")]
pub enum Change {
    /// People were listed.
    Listed(Vec<Member>),
    /// Somebody works there no more after that day.
    Left {
        /// Who.
        member: EntryId,
        /// Their last day.
        last: Date,
    },
    /// People were taught, or acknowledged.
    Taught(Vec<Taught>),
}

impl Change {
    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Listed(_) => "administration.workforce_listed",
            Self::Left { .. } => "administration.workforce_left",
            Self::Taught(_) => "administration.workforce_taught",
        }
    }
}

/// The list as its changes tell it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Workforce {
    /// People, in order of listing.
    pub members: Vec<Member>,
    /// What they were taught, in order of recording.
    pub taught: Vec<Taught>,
}

/// How far a material has reached the people of a unit on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coverage<'a> {
    /// People who were taught it, each with when and by whom.
    pub reached: Vec<(&'a Member, &'a Taught)>,
    /// People whom it has not reached; those who were taught nothing yet come first, and among them who came last.
    pub missing: Vec<&'a Member>,
}

impl Coverage<'_> {
    /// Everybody.
    pub const fn people(&self) -> usize {
        self.reached.len() + self.missing.len()
    }

    /// Whole percent, rounded down: nobody reads 100 % while somebody is missing.
    pub fn percent(&self) -> Option<usize> {
        (self.reached.len() * 100).checked_div(self.people())
    }
}

impl Workforce {
    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Listed(members) => self.members.extend(members.iter().cloned()),
            Change::Left { member, last } => {
                if let Some(known) = self.members.iter_mut().find(|m| m.id == *member) {
                    known.until = Some(*last);
                }
            }
            Change::Taught(taught) => self.taught.extend(taught.iter().cloned()),
        }
    }

    /// How far a material has reached those who work in one of the units on a day.
    pub fn coverage(&self, units: &[UnitId], material: &str, day: Date) -> Coverage<'_> {
        let mut coverage = Coverage { reached: Vec::new(), missing: Vec::new() };
        for member in self.members.iter().filter(|m| units.contains(&m.unit) && m.works_on(day)) {
            let of_them = |t: &&Taught| t.member == member.id && t.material.as_str() == material && t.on <= day;
            match self.taught.iter().find(of_them) {
                Some(taught) => coverage.reached.push((member, taught)),
                None => coverage.missing.push(member),
            }
        }
        coverage.missing.sort_by_key(|member| (self.ever_taught(member), std::cmp::Reverse(member.from)));
        coverage
    }

    /// Whether somebody was ever taught anything.
    pub fn ever_taught(&self, member: &Member) -> bool {
        self.taught.iter().any(|t| t.member == member.id)
    }

    /// Every material that anybody was taught, the latest first, each once.
    pub fn materials(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for taught in self.taught.iter().rev() {
            if !all.contains(&taught.material.as_str()) {
                all.push(taught.material.as_str());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn eighteen_of_twenty_are_ninety_percent_and_the_two_are_named() {
        let id = |n: u128| EntryId::from(uuid::Uuid::from_u128(n));
        let unit = UnitId::from(uuid::Uuid::from_u128(99));
        let mut workforce = Workforce::default();
        let member = |n: u128| Member {
            id: id(n),
            name: Name::parse(&format!("Person {n}")).expect("a name"),
            unit,
            kind: WorkforceId::parse("employee").expect("a name"),
            from: date(2024, 1, 1),
            until: (n == 21).then(|| date(2024, 2, 1)),
        };
        workforce.apply(&Change::Listed((1..=21).map(member).collect()));
        let taught = |n: u128| Taught {
            member: id(n),
            material: Line::parse("2024-1").expect("a line"),
            on: date(2024, 3, 1),
            by: None,
        };
        workforce.apply(&Change::Taught((1..=18).map(taught).collect()));
        let coverage = workforce.coverage(&[unit], "2024-1", date(2024, 3, 4));
        assert_eq!((coverage.reached.len(), coverage.people(), coverage.percent()), (18, 20, Some(90)));
        let missing: Vec<&str> = coverage.missing.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(missing, ["Person 19", "Person 20"]);
        assert_eq!(workforce.coverage(&[unit], "2024-1", date(2024, 2, 1)).percent(), Some(0));
        assert_eq!(workforce.coverage(&[], "2024-1", date(2024, 3, 4)).percent(), None);
    }
}
