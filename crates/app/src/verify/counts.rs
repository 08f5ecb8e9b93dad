//! The kept counts, held against a recount of every incident.

use super::{Kind, Run};
use crate::records::dispose::DutyCount;
use crate::rollups;
use domain::ids::TenantId;
use domain::incident::{Incident, Listing};
use domain::time::Zone;
use std::collections::BTreeMap;
use store::Answer;

/// Agency, year, dimension, value.
type Key = (TenantId, i16, String, String);
/// Incidents and people.
type Count = (i64, i64);

/// Counts that the incidents themselves add up to. As many as the pages of statistics show, not as incidents exist.
pub(super) struct Recount {
    counts: BTreeMap<Key, Count>,
    /// Whether every incident could be read; otherwise the recount says nothing.
    pub whole: bool,
}

impl Default for Recount {
    fn default() -> Self {
        Self { counts: BTreeMap::new(), whole: true }
    }
}

impl Recount {
    pub fn add(&mut self, tenant: TenantId, incident: &Incident, zone: &Zone, listing: &Listing) {
        let duties = rollups::duties(tenant, incident, zone);
        for row in rollups::difference(tenant, None, listing).into_iter().chain(duties) {
            let count = self.counts.entry((tenant, row.year, row.dimension, row.value)).or_default();
            count.0 += row.incidents;
            count.1 += row.people;
        }
    }

    /// A record that was disposed of counts with what the entry that did it says.
    pub fn add_left(&mut self, tenant: TenantId, left: &Listing, duties: &[DutyCount]) {
        let listed = rollups::difference(tenant, None, left).into_iter();
        let listed = listed.map(|row| (row.year, row.dimension, row.value, row.incidents, row.people));
        let duties = duties.iter().map(|duty| (duty.year, duty.dimension.clone(), duty.value.clone(), 1, 0));
        for (year, dimension, value, incidents, people) in listed.chain(duties) {
            let count = self.counts.entry((tenant, year, dimension, value)).or_default();
            count.0 += incidents;
            count.1 += people;
        }
    }
}

/// The kept counts of every agency.
pub(super) async fn stored(run: &Run<'_>) -> Answer<BTreeMap<Key, Count>> {
    let mut counts = BTreeMap::new();
    for tenant in run.zones.keys() {
        for row in run.store.rollups(*tenant, i16::MIN, i16::MAX).await? {
            counts.insert((*tenant, row.year, row.dimension, row.value), (row.incidents, row.people));
        }
    }
    Ok(counts)
}

/// Compares. Counts that changed during the walk must lie between what they were and what they have become.
pub(super) async fn compare(run: &mut Run<'_>, (before, again): (BTreeMap<Key, Count>, Recount)) -> Answer<()> {
    let after = stored(run).await?;
    run.checked.counts = after.len() as u64;
    if !again.whole {
        return Ok(());
    }
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).chain(again.counts.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let of = |counts: &BTreeMap<Key, Count>| counts.get(key).copied().unwrap_or_default();
        let (before, after, again) = (of(&before), of(&after), of(&again.counts));
        if !between(again.0, before.0, after.0) || !between(again.1, before.1, after.1) {
            let (_, year, dimension, value) = key;
            let sentence = format!(
                "the kept count of {year}, {dimension} {value:?}, says {} incidents and {} people; the incidents \
                 themselves add up to {} and {}",
                after.0, after.1, again.0, again.1
            );
            run.findings.say(Kind::CountWrong, sentence);
        }
    }
    Ok(())
}

fn between(number: i64, one: i64, other: i64) -> bool {
    (one.min(other)..=one.max(other)).contains(&number)
}
