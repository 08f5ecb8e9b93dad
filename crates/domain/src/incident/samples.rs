//! A sample that several tests of incidents begin with.

use super::Opening;
use crate::pack::Pack;
use crate::reference::IncidentReference;
use crate::text::Line;
use crate::time::{Instant, When};
use uuid::Uuid;

/// The opening of an incident under that policy, of which nothing is known but when it was discovered.
pub(super) fn opening(pack: &Pack, discovered_at: Instant) -> Opening {
    Opening {
        reference: IncidentReference::new("SMP", 2024, 1),
        unit: Uuid::from_u128(2).into(),
        pack: pack.id.clone(),
        laws: vec![],
        title: Line::parse("It is down").expect("a title"),
        categories: vec![],
        report: None,
        reported_at: None,
        occurred: When::Unknown,
        discovered_at,
        facts: vec![],
        told: vec![],
        noticed: None,
        in_place_of: None,
        voluntary: None,
        lead: None,
        imported: None,
    }
}
