//! The policies that ship with the product and those that agencies put in force for themselves, and which edition
//! governs a day.

use domain::ids::TenantId;
use domain::pack::{Governing, Pack, PackId, PackKind, SeriesId, in_force};
use jiff::civil;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// All compiled policies, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    everything: Editions,
    shipped: Editions,
    of_agencies: Arc<HashMap<TenantId, Editions>>,
    wording: Arc<Vec<policy::Source>>,
}

impl Packs {
    /// From compiled packs, which bind whatever agency has their series.
    pub fn new(packs: Vec<Pack>) -> Self {
        let shipped = Editions::new(packs.into_iter().map(Arc::new).collect());
        Self { everything: shipped.clone(), shipped, ..Self::default() }
    }

    /// The same, with the files that packs have in common: a text that is installed later may include them.
    #[must_use]
    pub fn with_wording(mut self, files: Vec<policy::Source>) -> Self {
        self.wording = Arc::new(files);
        self
    }

    /// The same shipped packs, beside what each agency has for itself: texts it put in force, and its own values.
    #[must_use]
    pub fn with_agencies(&self, own: HashMap<TenantId, Editions>) -> Self {
        let mut everything = self.shipped.clone();
        for pack in own.values().flat_map(|editions| &editions.packs) {
            if everything.get(&pack.id).is_none() {
                everything.packs.push(pack.clone());
            }
        }
        Self { everything, of_agencies: Arc::new(own), ..self.clone() }
    }

    /// What can bind an agency: the shipped packs with its own values, and what it put in force for itself.
    pub fn of(&self, tenant: TenantId) -> &Editions {
        self.of_agencies.get(&tenant).unwrap_or(&self.shipped)
    }

    /// The editions of an agency that has something of its own.
    pub(crate) fn own(&self, tenant: TenantId) -> Option<&Editions> {
        self.of_agencies.get(&tenant)
    }

    /// Whether any agency has something of its own.
    pub(crate) fn any_own(&self) -> bool {
        !self.of_agencies.is_empty()
    }

    /// The shipped packs as they are.
    pub fn shipped(&self) -> &Editions {
        &self.shipped
    }

    /// The files that packs have in common.
    pub fn wording(&self) -> &[policy::Source] {
        &self.wording
    }

    /// One edition, whoever it binds.
    pub fn get(&self, id: &PackId) -> Option<&Pack> {
        self.everything.get(id)
    }

    /// All of them, whoever they bind.
    pub fn all(&self) -> &[Arc<Pack>] {
        self.everything.all()
    }
}

/// The editions that can bind one agency.
#[derive(Clone, Debug, Default)]
pub struct Editions {
    packs: Vec<Arc<Pack>>,
    /// Those that the agency installed, without its own values.
    written: Vec<Arc<Pack>>,
}

impl Editions {
    /// From packs.
    pub fn new(packs: Vec<Arc<Pack>>) -> Self {
        Self { packs, written: Vec::new() }
    }

    /// The same, with the installed ones among them as their texts have them.
    #[must_use]
    pub(crate) fn with_written(self, written: Vec<Arc<Pack>>) -> Self {
        Self { written, ..self }
    }

    /// An installed edition as its text has it.
    pub(crate) fn written(&self, id: &PackId) -> Option<&Pack> {
        self.written.iter().map(Arc::as_ref).find(|pack| pack.id == *id)
    }

    /// One edition.
    pub fn get(&self, id: &PackId) -> Option<&Pack> {
        self.packs.iter().map(Arc::as_ref).find(|pack| pack.id == *id)
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Pack>] {
        &self.packs
    }

    /// The edition of a series that governs reports first made on `day`.
    pub fn governing(&self, series: &SeriesId, day: civil::Date) -> Governing<'_> {
        in_force(self.packs.iter().map(Arc::as_ref), series, day)
    }

    /// The edition under which a report of `day` is taken: the first policy of the unit's series that has one. A report
    /// is never refused for want of an edition in force, so the oldest edition of the series steps in before its own
    /// day. Laws bind besides and take no reports.
    pub fn for_report(&self, series: &[SeriesId], day: civil::Date) -> Option<&Pack> {
        let policy = |p: &&Pack| p.kind == PackKind::Policy;
        let governed = series.iter().find_map(|s| self.governing(s, day).pack().filter(policy));
        governed.or_else(|| {
            let policies = || self.packs.iter().map(Arc::as_ref).filter(policy);
            series.iter().find_map(|s| policies().filter(|p| p.series == *s).min_by_key(|p| p.edition.from))
        })
    }

    /// The editions of the laws among these series that bind what was first reported on `day`.
    pub fn laws(&self, series: &[SeriesId], day: civil::Date) -> Vec<&Pack> {
        let law = |p: &&Pack| p.kind == PackKind::Law;
        series.iter().filter_map(|s| self.governing(s, day).pack().filter(law)).collect()
    }
}

/// The present policies, replaced while others read. Each set that was ever put here stays until the program ends, so
/// that whoever began with one ends with the same: sets share their packs, and one comes only when an administrator
/// changed something.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    first: Place,
}

#[derive(Debug, Default)]
struct Place {
    packs: Packs,
    next: OnceLock<Box<Place>>,
}

impl Shelf {
    pub fn new(packs: Packs) -> Self {
        Self { first: Place { packs, next: OnceLock::new() } }
    }

    pub fn present(&self) -> &Packs {
        &self.last().packs
    }

    pub fn put(&self, packs: Packs) {
        let mut fresh = Box::new(Place { packs, next: OnceLock::new() });
        // Whoever is second to put something takes the place after the other's.
        while let Err(back) = self.last().next.set(fresh) {
            fresh = back;
        }
    }

    fn last(&self) -> &Place {
        let mut place = &self.first;
        while let Some(next) = place.next.get() {
            place = next;
        }
        place
    }
}
