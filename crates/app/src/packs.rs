//! The policies that ship with the product or were installed, and which edition governs a day.

use domain::pack::{Governing, Pack, PackId, PackKind, SeriesId, in_force};
use jiff::civil;
use std::sync::Arc;

/// All compiled policies.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    packs: Arc<Vec<Pack>>,
}

impl Packs {
    /// From compiled packs.
    pub fn new(packs: Vec<Pack>) -> Self {
        Self { packs: Arc::new(packs) }
    }

    /// One edition.
    pub fn get(&self, id: &PackId) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.id == *id)
    }

    /// All of them.
    pub fn all(&self) -> &[Pack] {
        &self.packs
    }

    /// The edition of a series that governs reports first made on `day`.
    pub fn governing(&self, series: &SeriesId, day: civil::Date) -> Governing<'_> {
        in_force(self.packs.iter(), series, day)
    }

    /// The edition under which a report of `day` is taken: the first policy of the unit's series that has one. A report
    /// is never refused for want of an edition in force, so the oldest edition of the series steps in before its own
    /// day. Laws bind besides and take no reports.
    pub fn for_report(&self, series: &[SeriesId], day: civil::Date) -> Option<&Pack> {
        let policy = |p: &&Pack| p.kind == PackKind::Policy;
        let governed = series.iter().find_map(|s| self.governing(s, day).pack().filter(policy));
        governed.or_else(|| series.iter().find_map(|s| self.packs.iter().filter(policy).find(|p| p.series == *s)))
    }

    /// The editions of the laws among these series that bind what was first reported on `day`.
    pub fn laws(&self, series: &[SeriesId], day: civil::Date) -> Vec<&Pack> {
        let law = |p: &&Pack| p.kind == PackKind::Law;
        series.iter().filter_map(|s| self.governing(s, day).pack().filter(law)).collect()
    }
}
