//! The plan that each unit keeps, where a policy wants one: what stands in it, who approves it, and by when.

use super::{CategoryId, ChoiceId, ClauseId, Named, NoteId, RoleId};
use crate::organisation::UnitKind;
use jiff::civil::Date;
use serde::Serialize;

/// The plan of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanRules {
    /// What the policy calls it.
    pub title: String,
    /// Kinds of units that each keep one.
    pub each: Vec<UnitKind>,
    /// Who writes it.
    pub written_by: RoleId,
    /// Who approves it.
    pub approved_by: RoleId,
    /// By when it has to be approved; `None` where the text gives no day.
    pub due: Option<Date>,
    /// Kinds of areas that somebody answers for.
    pub areas: Vec<Named>,
    /// Goals, in order; none can be taken out.
    pub goals: Vec<Named>,
    /// Priorities, in order; none can be taken out.
    pub priorities: Vec<Named>,
    /// Kinds of incident for which a party has to be named.
    pub kinds: Vec<PlanKind>,
    /// What a party's part can be.
    pub parts: Vec<PlanPart>,
    /// The clauses that ask for limits on what the unit can do.
    pub limits: Vec<ClauseId>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A kind of incident for which a party has to be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanKind {
    /// Slug.
    pub id: ChoiceId,
    /// What people read.
    pub says: String,
    /// The policy's own kinds of incident that are of this kind: their incidents propose the party.
    pub categories: Vec<CategoryId>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// What a party's part in handling incidents can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanPart {
    /// Slug.
    pub id: ChoiceId,
    /// What people read.
    pub says: String,
    /// They carry out the measures of the readiness level.
    pub carries_out: bool,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

impl PlanRules {
    /// What people read of something in one of its lists.
    pub fn said<'a>(list: &'a [Named], id: &ChoiceId) -> &'a str {
        list.iter().find(|named| named.id == *id).map_or("", |named| &named.says)
    }
}
