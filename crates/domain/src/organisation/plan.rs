//! The incident plans of units: written by the unit, approved by whoever the policy names, frozen then; a changed plan is
//! a new version and needs approval again.

use super::UnitKind;
use super::readiness::{Refusal, Refusals, decide::mend};
use crate::ids::{AccountId, UnitId};
use crate::pack::{ChoiceId, PlanRules};
use crate::text::{Line, Note};
use crate::time::Instant;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An area that somebody answers for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Area {
    /// What kind of area.
    pub kind: ChoiceId,
    /// Which.
    pub name: Line<200>,
    /// Who answers for it.
    pub person: Option<Line<120>>,
}

/// Somebody who takes part in handling incidents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Party {
    /// Which party.
    pub party: Line<200>,
    /// Who.
    pub person: Line<120>,
    /// In incidents of which kinds.
    pub kinds: Vec<ChoiceId>,
    /// As what.
    pub parts: Vec<ChoiceId>,
}

/// Something that limits what the unit can do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Limit {
    /// What.
    pub what: Line<300>,
    /// What follows from it.
    pub effect: Option<Line<300>>,
    /// What is done about it, such as an adviser outside.
    pub remedy: Option<Line<300>>,
}

/// What stands in a plan.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Areas.
    pub scope: Vec<Area>,
    /// What the unit says to each goal.
    pub goals: BTreeMap<ChoiceId, Note>,
    /// What the unit says to each priority.
    pub priorities: BTreeMap<ChoiceId, Note>,
    /// Who does what.
    pub parties: Vec<Party>,
    /// Limits.
    pub limits: Vec<Limit>,
    /// The statement that there are none.
    pub no_limits: bool,
}

/// How a version stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is being written.
    Draft,
    /// It waits for approval.
    Submitted,
    /// It came back, for this reason.
    Returned(Note),
    /// It is in force since then, by approval of that person.
    Approved(AccountId, Instant),
    /// A later version took its place.
    Superseded(AccountId, Instant),
}

/// A version of a unit's plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// The unit.
    pub unit: UnitId,
    /// Its number, from 1.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// How it stands.
    pub standing: Standing,
    /// Who wrote last.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// What can happen to the plans of an agency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "entry", content = "of", rename_all = "snake_case")]
pub enum Change {
    /// A plan was written or changed.
    Written {
        /// The unit.
        unit: UnitId,
        /// What it says.
        content: Content,
        /// Who.
        by: AccountId,
        /// When.
        at: Instant,
    },
    /// It was handed in for approval.
    Submitted {
        /// The unit.
        unit: UnitId,
        /// Which version.
        number: u32,
    },
    /// It was approved.
    Approved {
        /// The unit.
        unit: UnitId,
        /// Which version.
        number: u32,
        /// Who.
        by: AccountId,
        /// When.
        at: Instant,
    },
    /// It was sent back.
    Returned {
        /// The unit.
        unit: UnitId,
        /// Which version.
        number: u32,
        /// Why.
        why: Note,
    },
    /// The day was set by which a unit's plan is due.
    Due {
        /// The unit.
        unit: UnitId,
        /// The day.
        on: Date,
    },
}

impl Change {
    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Written { .. } => "administration.plan_written",
            Self::Submitted { .. } => "administration.plan_submitted",
            Self::Approved { .. } => "administration.plan_approved",
            Self::Returned { .. } => "administration.plan_returned",
            Self::Due { .. } => "administration.plan_due",
        }
    }
}

/// How a unit stands with its plan on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timeliness {
    /// Approved by the day it was due, or no day was set.
    OnTime,
    /// Approved so many days after it.
    Late(i32),
    /// Not approved; so many days are left, where a day was set.
    Open(Option<i32>),
    /// Not approved, and so many days overdue.
    Overdue(i32),
}

/// The plans of an agency as their changes tell them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plans {
    /// Every version of every unit, in order of writing.
    pub versions: Vec<Version>,
    /// Days that were set for a unit.
    pub due: BTreeMap<UnitId, Date>,
}

impl Plans {
    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Written { unit, content, by, at } => {
                let number = match self.latest_mut(*unit) {
                    Some(latest) if matches!(latest.standing, Standing::Draft | Standing::Returned(_)) => {
                        (latest.content, latest.standing) = (content.clone(), Standing::Draft);
                        (latest.by, latest.at) = (*by, *at);
                        return;
                    }
                    Some(latest) => latest.number + 1,
                    None => 1,
                };
                let (content, standing) = (content.clone(), Standing::Draft);
                self.versions.push(Version { unit: *unit, number, content, standing, by: *by, at: *at });
            }
            Change::Submitted { unit, number } => self.stands(*unit, *number, Standing::Submitted),
            Change::Returned { unit, number, why } => self.stands(*unit, *number, Standing::Returned(why.clone())),
            Change::Approved { unit, number, by, at } => {
                for version in self.versions.iter_mut().filter(|version| version.unit == *unit) {
                    if let Standing::Approved(by, at) = version.standing {
                        version.standing = Standing::Superseded(by, at);
                    }
                }
                self.stands(*unit, *number, Standing::Approved(*by, *at));
            }
            Change::Due { unit, on } => drop(self.due.insert(*unit, *on)),
        }
    }

    fn stands(&mut self, unit: UnitId, number: u32, standing: Standing) {
        if let Some(version) = self.versions.iter_mut().find(|v| v.unit == unit && v.number == number) {
            version.standing = standing;
        }
    }

    fn latest_mut(&mut self, unit: UnitId) -> Option<&mut Version> {
        self.versions.iter_mut().rfind(|version| version.unit == unit)
    }

    /// The version of a unit that was written last.
    pub fn latest(&self, unit: UnitId) -> Option<&Version> {
        self.versions.iter().rfind(|version| version.unit == unit)
    }

    /// The version of a unit that is in force.
    pub fn in_force(&self, unit: UnitId) -> Option<&Version> {
        self.versions.iter().rfind(|v| v.unit == unit && matches!(v.standing, Standing::Approved(..)))
    }

    /// Who carries out the measures of a readiness level in a unit, by the plan in force.
    pub fn carry_out(&self, unit: UnitId, rules: &PlanRules) -> Vec<&Line<120>> {
        let carries = |part: &ChoiceId| rules.parts.iter().any(|known| known.id == *part && known.carries_out);
        let parties = self.in_force(unit).map_or(&[][..], |version| &version.content.parties);
        parties.iter().filter(|party| party.parts.iter().any(carries)).map(|party| &party.person).collect()
    }

    /// How a unit stands with its plan: the first approval counts against the day on which it was due.
    pub fn timeliness(
        &self,
        unit: UnitId,
        rules: &PlanRules,
        today: Date,
        day: impl Fn(Instant) -> Date,
    ) -> Timeliness {
        let due = self.due.get(&unit).copied().or(rules.due);
        let first =
            self.versions.iter().filter(|version| version.unit == unit).find_map(|version| match version.standing {
                Standing::Approved(_, at) | Standing::Superseded(_, at) => Some(day(at)),
                _ => None,
            });
        match (due, first) {
            (None, Some(_)) => Timeliness::OnTime,
            (None, None) => Timeliness::Open(None),
            (Some(due), Some(first)) if first <= due => Timeliness::OnTime,
            (Some(due), Some(first)) => Timeliness::Late((first - due).get_days()),
            (Some(due), None) if today <= due => Timeliness::Open(Some((due - today).get_days())),
            (Some(due), None) => Timeliness::Overdue((today - due).get_days()),
        }
    }

    /// Writes a plan. What waits for approval is not changed under the eyes of whoever reads it.
    pub fn write(&self, unit: UnitId, content: Content, by: AccountId, at: Instant) -> Result<Vec<Change>, Refusals> {
        if self.latest(unit).is_some_and(|latest| latest.standing == Standing::Submitted) {
            return Err(vec![mend("plan", "The plan waits for approval. Ask for it back before changing it.")]);
        }
        let wrong: Refusals = (1..)
            .zip(&content.parties)
            .filter(|(_, party)| party.parts.is_empty())
            .map(|(n, party)| mend("parties", format!("Row {n}, {}: choose what their part is.", party.party)))
            .collect();
        if wrong.is_empty() { Ok(vec![Change::Written { unit, content, by, at }]) } else { Err(wrong) }
    }

    /// Hands a plan in: every section has to be there.
    pub fn submit(&self, unit: UnitId, rules: &PlanRules) -> Result<Vec<Change>, Refusals> {
        let Some(latest) = self.latest(unit).filter(|v| matches!(v.standing, Standing::Draft | Standing::Returned(_)))
        else {
            return Err(vec![mend("plan", "There is no draft to hand in.")]);
        };
        let wrong = lacks(&latest.content, rules);
        if wrong.is_empty() { Ok(vec![Change::Submitted { unit, number: latest.number }]) } else { Err(wrong) }
    }

    /// Approves what was handed in.
    pub fn approve(&self, unit: UnitId, by: AccountId, at: Instant) -> Result<Vec<Change>, Refusals> {
        let number = self.waiting(unit)?;
        Ok(vec![Change::Approved { unit, number, by, at }])
    }

    /// Sends back what was handed in, with a reason.
    pub fn send_back(&self, unit: UnitId, why: Note) -> Result<Vec<Change>, Refusals> {
        let number = self.waiting(unit)?;
        Ok(vec![Change::Returned { unit, number, why }])
    }

    fn waiting(&self, unit: UnitId) -> Result<u32, Refusals> {
        let latest = self.latest(unit).filter(|latest| latest.standing == Standing::Submitted);
        latest.map(|latest| latest.number).ok_or_else(|| vec![mend("plan", "No plan of this unit waits for approval.")])
    }
}

/// What a plan lacks before it can be handed in, each by the section.
pub fn lacks(content: &Content, rules: &PlanRules) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if content.scope.is_empty() {
        wrong.push(mend("scope", "Scope: name at least one area and who answers for it."));
    }
    for (n, area) in (1..).zip(&content.scope) {
        if area.person.is_none() {
            wrong.push(mend("scope", format!("Scope, row {n}, {}: write who answers for it.", area.name)));
        }
    }
    for (section, list, said) in
        [("goals", &rules.goals, &content.goals), ("priorities", &rules.priorities, &content.priorities)]
    {
        for named in list.iter().filter(|named| !said.contains_key(&named.id)) {
            wrong.push(mend(
                format!("{section}.{}", named.id),
                format!("{}: write what your unit does for it.", named.says),
            ));
        }
    }
    for kind in rules.kinds.iter().filter(|kind| content.parties.iter().all(|party| !party.kinds.contains(&kind.id))) {
        wrong.push(mend("parties", format!("Roles: name a party for {}.", kind.says.to_lowercase())));
    }
    if content.limits.is_empty() && !content.no_limits {
        wrong.push(mend("limits", "Constraints: list what limits the unit, or say that none were identified."));
    }
    wrong
}

/// Whether units of this kind keep a plan.
pub fn keeps_one(rules: &PlanRules, kind: UnitKind) -> bool {
    rules.each.contains(&kind)
}
