//! What lists of incidents can be narrowed to: closed lists, so that a choice says nothing about what exists.

use crate::App;
use crate::import::{KINDS, LOCATIONS};
use crate::places::PLACES;
use crate::words::PEOPLE_STEPS;
use domain::actor::Section;
use domain::ids::UnitId;
use domain::permission::{Action, Viewer};

/// The first year of the oldest records that are brought in.
const FIRST_YEAR: i16 = 2009;

/// Choices, each a value with what people read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Kinds: the agency's policies' own, then those of imported records.
    pub kinds: Vec<(String, String)>,
    /// Where the information was.
    pub locations: Vec<(String, String)>,
    /// States and territories.
    pub places: Vec<(String, String)>,
    /// Civil years, latest first.
    pub years: Vec<i16>,
    /// Numbers of people.
    pub people: Vec<u64>,
    /// Units that this viewer reads: id, code, name.
    pub units: Vec<(UnitId, String, String)>,
}

impl App {
    /// What this viewer can narrow a list to.
    pub fn choices(&self, viewer: &Viewer) -> Choices {
        let directory = self.directory();
        let agency = directory.agency(viewer.tenant);
        let series = agency.map(|a| a.profile.policies.clone()).unwrap_or_default();
        let packs = self.packs().of(viewer.tenant).all().iter().filter(|pack| series.contains(&pack.series));
        let mut kinds: Vec<(String, String)> =
            packs.flat_map(|pack| &pack.categories).map(|c| (c.id.to_string(), c.label.en.clone())).collect();
        kinds.sort_by(|a, b| a.1.cmp(&b.1));
        kinds.dedup_by(|a, b| a.0 == b.0);
        let same = |values: &[(&'static str, &[&str])]| {
            values.iter().map(|(value, _)| ((*value).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        kinds.extend(same(KINDS.values));
        let scope = viewer.scope(Action::Read, Section::Officer);
        let reads = |unit: UnitId| scope.as_ref().is_none_or(|units| units.contains(&unit));
        let units = directory.units_of(viewer.tenant).into_iter().filter(|unit| reads(unit.id));
        let this_year = viewer.now.day_in(&self.zone_of(viewer.tenant)).year();
        Choices {
            kinds,
            locations: same(LOCATIONS.values),
            places: PLACES.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect(),
            years: (FIRST_YEAR..=this_year).rev().collect(),
            people: PEOPLE_STEPS.to_vec(),
            units: units.map(|unit| (unit.id, unit.code.clone(), unit.profile.name.en.clone())).collect(),
        }
    }
}
