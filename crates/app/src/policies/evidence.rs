//! Which evidence there is under each clause this year: how many duties it called up and how many were answered for, from
//! kept counts, so that no page ever counts incidents.

use crate::rollups::{DUTIES_MET, DUTIES_OPENED, duty_value};
use crate::{App, Trouble};
use domain::actor::Section;
use domain::pack::{ObligationId, PackId};
use domain::permission::{Action, Viewer};
use std::collections::BTreeMap;

/// Duties of a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// Called up.
    pub opened: i64,
    /// Answered for.
    pub met: i64,
}

/// The counts of an agency's duties in one civil year.
#[derive(Clone, Debug, Default)]
pub struct Year {
    counts: BTreeMap<String, Count>,
}

impl Year {
    /// The duties of one rule.
    pub fn of(&self, pack: &PackId, rule: &ObligationId) -> Count {
        self.counts.get(&duty_value(pack, rule)).copied().unwrap_or_default()
    }
}

impl App {
    /// The counts of a year, for people who may see counts over the whole agency; `None` for others.
    pub async fn duties_of_year(&self, viewer: &Viewer, year: i16) -> Result<Option<Year>, Trouble> {
        let whole = |action, section| viewer.scope(action, section).is_none();
        if !whole(Action::Statistics, Section::Report) && !whole(Action::Audit, Section::Officer) {
            return Ok(None);
        }
        self.year(viewer, year).await.map(Some)
    }

    async fn year(&self, viewer: &Viewer, year: i16) -> Result<Year, Trouble> {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        for row in self.counts_for(viewer, viewer.tenant, (year, year)).await? {
            match row.dimension.as_str() {
                DUTIES_OPENED => counts.entry(row.value).or_default().opened += row.incidents,
                DUTIES_MET => counts.entry(row.value).or_default().met += row.incidents,
                _ => {}
            }
        }
        Ok(Year { counts })
    }
}
