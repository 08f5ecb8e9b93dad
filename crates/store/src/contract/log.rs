//! The log over the journal: every entry gets one place, in commit order, and what was published is never narrowed.

use super::world::*;
use crate::*;
use std::collections::BTreeMap;

fn checkpoint(size: u64) -> CheckpointRow {
    CheckpointRow { size, root: hash(size), note: format!("log.example.gov\n{size}\n"), at: at(size as i64) }
}

fn extension(expected_size: u64, leaves: Vec<(StreamId, u32)>) -> LogExtension {
    let checkpoint = checkpoint(expected_size + leaves.len() as u64);
    LogExtension { expected_size, leaves, tiles: Vec::new(), checkpoint }
}

fn tile(level: u8, index: u64, hashes: usize, fill: u8) -> TileRow {
    TileRow { id: TileId { level, index }, bytes: vec![fill; hashes * 32] }
}

async fn unlogged(w: &World, limit: u32) -> Vec<(StreamId, u32)> {
    let rows = w.store.unlogged(limit).await.expect("read");
    rows.iter().map(|row| (row.stream, row.version)).collect()
}

/// Entries may be held back while something older might still be committed, but not for long.
async fn soon_unlogged(w: &World, limit: u32, expected: &[(StreamId, u32)]) {
    let mut found = Vec::new();
    for _ in 0..400 {
        found = unlogged(w, limit).await;
        if found == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(found, expected);
}

/// The verifier's first walk meets every entry of every agency once, in order, whatever the size of its steps.
pub async fn a_scan_meets_every_entry_once(w: World) {
    for n in [5, 3, 9, 1] {
        let agency = if n % 2 == 0 { there() } else { here() };
        w.commit(agency.appending(id(n), 0, n as u32)).await;
    }
    w.commit(there().appending(id(4), 0, 4)).await;
    let expected: Vec<(StreamId, u32)> =
        [1, 3, 4, 5, 9].into_iter().flat_map(|n| (1..=n as u32).map(move |version| (id(n), version))).collect();
    for step in [1, 4, 7, 100] {
        let (mut met, mut after) = (Vec::new(), None);
        loop {
            let rows = w.store.scan_journal(after, step).await.expect("read");
            assert!(rows.len() <= step as usize);
            let Some(last) = rows.last() else { break };
            after = Some((last.stream, last.version));
            met.extend(rows.iter().map(|row| (row.stream, row.version)));
        }
        assert_eq!(met, expected, "in steps of {step}");
    }
}

/// Entries wait for their place in the order of their commits, until the log names them.
pub async fn entries_wait_in_commit_order(w: World) {
    let a = here();
    w.commit(a.appending(id(9), 0, 2)).await;
    w.commit(a.appending(id(1), 0, 1)).await;
    w.commit(a.appending(id(9), 2, 1)).await;
    let order = [(id(9), 1), (id(9), 2), (id(1), 1), (id(9), 3)];
    soon_unlogged(&w, 10, &order).await;
    soon_unlogged(&w, 2, &order[..2]).await;

    assert!(w.store.extend_log(extension(0, order[..3].to_vec())).await.expect("sealed"));
    soon_unlogged(&w, 10, &order[3..]).await;
    assert!(w.store.extend_log(extension(3, order[3..].to_vec())).await.expect("sealed"));
    assert!(unlogged(&w, 10).await.is_empty());
}

/// The log gives back its leaves by place, with the headers they stand for.
pub async fn the_log_gives_back_its_leaves(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 3)).await;
    w.store.extend_log(extension(0, vec![(stream, 1), (stream, 2)])).await.expect("sealed");
    let leaf = |index, version| {
        let header = Some(a.entry(stream, version).header);
        LoggedRow { index, stream, version, header }
    };
    assert_eq!(w.store.scan_log(0, 10).await.expect("read"), [leaf(0, 1), leaf(1, 2)]);
    assert_eq!(w.store.scan_log(1, 10).await.expect("read"), [leaf(1, 2)]);
    assert_eq!(w.store.scan_log(0, 1).await.expect("read"), [leaf(0, 1)]);
    let asked = [(stream, 3), (stream, 2), (id(7), 1), (stream, 1)];
    assert_eq!(w.store.log_indexes(&asked).await.expect("read"), [None, Some(1), None, Some(0)]);
}

/// A sealer who counted wrongly, because another was faster, writes nothing.
pub async fn a_log_of_another_size_is_left_alone(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 3)).await;
    assert!(!w.store.extend_log(extension(1, vec![(stream, 1)])).await.expect("answered"));
    assert!(w.store.extend_log(extension(0, vec![(stream, 1)])).await.expect("answered"));
    let late = LogExtension { tiles: vec![tile(0, 0, 2, 9)], ..extension(0, vec![(stream, 2), (stream, 3)]) };
    assert!(!w.store.extend_log(late).await.expect("answered"));
    assert_eq!(w.store.scan_log(0, 10).await.expect("read").len(), 1);
    assert_eq!(w.store.latest_checkpoint().await.expect("read"), Some(checkpoint(1)));
    assert_eq!(w.store.tiles(&[TileId { level: 0, index: 0 }]).await.expect("read"), [None]);
}

/// Of sealers who build on the same size, one extends the log.
pub async fn of_racing_sealers_one_wins(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 6)).await;
    for size in 0..6_u64 {
        let next = extension(size, vec![(stream, size as u32 + 1)]);
        let outcomes = futures::future::join_all((0..3).map(|_| w.store.extend_log(next.clone()))).await;
        let won = outcomes.into_iter().filter(|outcome| matches!(outcome, Ok(true))).count();
        assert_eq!(won, 1, "winners at size {size}");
    }
    assert_eq!(w.store.scan_log(0, 10).await.expect("read").len(), 6);
}

/// However entries arrive, a sealer that runs beside their writers gives each one place and skips none.
pub async fn a_sealer_beside_writers_skips_nothing(w: World) {
    let a = here();
    let writers = async {
        let each = (1..=6).map(|n| {
            let w = &w;
            async move {
                for expected in 0..20 {
                    w.commit(a.appending(id(n), expected, 1)).await;
                }
            }
        });
        futures::future::join_all(each).await;
    };
    let sealer = async {
        let mut size = 0;
        while size < 120 {
            let leaves = unlogged(&w, 7).await;
            if leaves.is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                continue;
            }
            let grown = leaves.len() as u64;
            assert!(w.store.extend_log(extension(size, leaves)).await.expect("sealed"));
            size += grown;
        }
    };
    let both = futures::future::join(writers, sealer);
    tokio::time::timeout(std::time::Duration::from_secs(60), both).await.expect("the log catches up with its writers");

    let log = w.store.scan_log(0, 1_000).await.expect("read");
    assert!(log.iter().enumerate().all(|(place, row)| row.index == place as u64), "places without gaps");
    let mut heads: BTreeMap<StreamId, u32> = BTreeMap::new();
    for row in &log {
        let head = heads.entry(row.stream).or_default();
        assert_eq!(row.version, *head + 1, "a stream's entries are logged in order");
        *head = row.version;
    }
    assert_eq!(heads.values().copied().collect::<Vec<_>>(), [20; 6]);
}

/// A tile grows and is never replaced by a narrower one.
pub async fn tiles_are_never_narrowed(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 3)).await;
    let first = [tile(0, 0, 3, 3), tile(1, 5, 1, 1)];
    let extend = |size: u64, tiles: &[TileRow]| LogExtension {
        tiles: tiles.to_vec(),
        ..extension(size, vec![(stream, size as u32 + 1)])
    };
    assert!(w.store.extend_log(extend(0, &first)).await.expect("sealed"));
    let unknown = TileId { level: 2, index: 0 };
    let stored = w.store.tiles(&[first[1].id, unknown, first[0].id]).await.expect("read");
    assert_eq!(stored, [Some(first[1].clone()), None, Some(first[0].clone())]);

    assert!(w.store.extend_log(extend(1, &[tile(0, 0, 2, 7)])).await.expect("sealed"));
    assert_eq!(w.store.tiles(&[first[0].id]).await.expect("read"), [Some(first[0].clone())]);
    let wider = tile(0, 0, 256, 4);
    assert!(w.store.extend_log(extend(2, std::slice::from_ref(&wider))).await.expect("sealed"));
    assert_eq!(w.store.tiles(&[wider.id]).await.expect("read"), [Some(wider)]);
}

/// Checkpoints are kept, smallest first, and the newest is known.
pub async fn checkpoints_are_kept(w: World) {
    let (a, stream) = (here(), id(1));
    assert_eq!(w.store.latest_checkpoint().await.expect("read"), None);
    w.commit(a.appending(stream, 0, 4)).await;
    for size in 0..4 {
        w.store.extend_log(extension(size, vec![(stream, size as u32 + 1)])).await.expect("sealed");
    }
    assert_eq!(w.store.latest_checkpoint().await.expect("read"), Some(checkpoint(4)));
    assert_eq!(w.store.checkpoints(0, 10).await.expect("read"), [1, 2, 3, 4].map(checkpoint));
    assert_eq!(w.store.checkpoints(1, 2).await.expect("read"), [2, 3].map(checkpoint));
    assert!(w.store.checkpoints(4, 10).await.expect("read").is_empty());
}

/// A leaf for an entry that the journal does not hold, or a checkpoint that miscounts, is a mistake that writes nothing.
pub async fn a_log_holds_what_the_journal_holds(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 1)).await;
    w.store.extend_log(extension(0, vec![(stream, 1), (stream, 2)])).await.expect_err("no such entry");
    let miscounted = LogExtension { checkpoint: checkpoint(2), ..extension(0, vec![(stream, 1)]) };
    w.store.extend_log(miscounted).await.expect_err("one leaf, not two");
    assert!(w.store.scan_log(0, 10).await.expect("read").is_empty());
    assert_eq!(w.store.latest_checkpoint().await.expect("read"), None);
    assert!(w.store.extend_log(extension(0, vec![(stream, 1)])).await.expect("sealed"));
}
