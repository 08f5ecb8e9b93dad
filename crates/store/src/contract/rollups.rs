//! Kept counts and running numbers: they add up, go down, and no number is given twice.

use super::world::*;
use crate::*;
use std::collections::BTreeSet;

/// A difference in one of our counts.
pub fn count(year: i16, dimension: &str, value: &str, incidents: i64, people: i64) -> RollupRow {
    let (dimension, value) = (dimension.to_owned(), value.to_owned());
    RollupRow { tenant: here().tenant, year, dimension, value, incidents, people }
}

async fn counts(w: &World, from: i16, to: i16) -> Vec<RollupRow> {
    let mut rows = w.store.rollups(here().tenant, from, to).await.expect("read");
    rows.retain(|row| row.incidents != 0 || row.people != 0);
    rows.sort_by(|a, b| (a.year, &a.dimension, &a.value).cmp(&(b.year, &b.dimension, &b.value)));
    rows
}

async fn add(w: &World, rollups: Vec<RollupRow>) {
    w.commit(Change { rollups, ..Change::default() }).await;
}

/// Differences add up, also those of one change; a corrected incident takes back what it added.
pub async fn counts_add_up_and_go_down(w: World) {
    add(
        &w,
        vec![
            count(2100, "kind", "theft", 1, 20),
            count(2100, "kind", "theft", 1, 5),
            count(2101, "kind", "theft", 1, 3),
        ],
    )
    .await;
    add(&w, vec![count(2100, "kind", "theft", 1, 0), count(2100, "kind", "loss", 1, 7_000_000_000)]).await;
    let (loss, theft, later) = (
        count(2100, "kind", "loss", 1, 7_000_000_000),
        count(2100, "kind", "theft", 3, 25),
        count(2101, "kind", "theft", 1, 3),
    );
    assert_eq!(counts(&w, 2100, 2101).await, [loss.clone(), theft, later.clone()]);
    assert_eq!(counts(&w, 2101, 2105).await, [later]);
    add(&w, vec![count(2100, "kind", "theft", -2, -25), count(2100, "kind", "theft", -1, 0)]).await;
    assert_eq!(counts(&w, 2100, 2100).await, [loss]);
}

/// Counts of many writers at once lose nothing, in whatever order they name the values.
pub async fn counts_from_many_writers_lose_nothing(w: World) {
    let writers = (0..16).map(|n| {
        let mut rows =
            vec![count(2100, "kind", "theft", 1, 2), count(2100, "all", "", 1, 2), count(2100, "unit", "u", 1, 2)];
        rows.rotate_left(n % 3);
        add(&w, rows)
    });
    futures::future::join_all(writers).await;
    for row in counts(&w, 2100, 2100).await {
        assert_eq!((row.incidents, row.people), (16, 32), "{}", row.dimension);
    }
    assert_eq!(counts(&w, 2100, 2100).await.len(), 3);
}

/// Running numbers begin at 1 for each agency and year.
pub async fn numbers_run_for_each_agency_and_year(w: World) {
    let (ours, theirs) = (here().tenant, there().tenant);
    assert_eq!(w.store.next_numbers(ours, 2100, 1).await.expect("number"), 1);
    assert_eq!(w.store.next_numbers(ours, 2100, 10).await.expect("number"), 2);
    assert_eq!(w.store.next_numbers(ours, 2100, 1).await.expect("number"), 12);
    assert_eq!(w.store.next_numbers(ours, 2101, 1).await.expect("number"), 1);
    assert_eq!(w.store.next_numbers(theirs, 2100, 1).await.expect("number"), 1);
}

/// However many ask at once, no number is given twice.
pub async fn numbers_never_repeat(w: World) {
    let askers = (0..32).map(|n| {
        let w = &w;
        async move {
            let count = 1 + n % 3;
            let first = w.store.next_numbers(here().tenant, 2100, count).await.expect("number");
            first..first + count
        }
    });
    let given: Vec<u32> = futures::future::join_all(askers).await.into_iter().flatten().collect();
    let distinct: BTreeSet<u32> = given.iter().copied().collect();
    assert_eq!(distinct.len(), given.len(), "a number was given twice: {given:?}");
}
