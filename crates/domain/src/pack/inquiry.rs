//! What a policy says about reports that are no incident, and about who takes part in looking into one that is.

use super::{ClauseId, NoIncidentId, RoleId};
use serde::Serialize;

/// A reason of the policy's own for which a report is no incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoIncident {
    /// Slug, stored with the decision.
    pub id: NoIncidentId,
    /// What officers choose.
    pub says: String,
    /// Who has to confirm it, any of them, in words; empty where nobody has to.
    pub confirmed_by: Vec<RoleId>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// Who takes part in looking into an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participants {
    /// Roles that always do, and that nobody takes off the list.
    pub always: Vec<RoleId>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}
