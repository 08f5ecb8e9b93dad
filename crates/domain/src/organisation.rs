//! Agencies and their units: names, zones, telephone numbers, and which policies bind them.

pub mod plan;
pub mod readiness;
pub mod register;
pub mod reviews;
pub mod workforce;

use crate::pack::{PackId, SeriesId, Words};
use crate::time::Zone;
use serde::{Deserialize, Serialize};

/// What is known of an agency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgencyProfile {
    /// Its name.
    pub name: Words,
    /// Where its days begin.
    pub zone: Zone,
    /// The policies that bind it; the edition follows from the day.
    pub policies: Vec<SeriesId>,
    /// An edition that governs whatever the day: for archives of an older edition and for exercises.
    #[serde(default)]
    pub edition: Option<PackId>,
    /// The number that somebody answers day and night.
    pub phone: String,
    /// The help desk's number, where it differs.
    pub help_desk: Option<String>,
}

/// What is known of a unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnitProfile {
    /// Its name.
    pub name: Words,
    /// What it is.
    pub kind: UnitKind,
    /// The number to call about an incident; the agency's where it has none of its own.
    pub phone: Option<String>,
    /// Policies that bind it instead of the agency's; empty for all but archives of an older edition.
    #[serde(default)]
    pub policies: Vec<SeriesId>,
}

/// What a unit is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The agency's head office.
    CentralOffice,
    /// A hospital, centre or school.
    Facility,
    /// A division.
    Division,
    /// A district.
    District,
    /// An office.
    Office,
}
