//! The second walk: the log in its own order, against its tiles and against every checkpoint that is known.

use super::outside::opened;
use super::{Found, Kind, Run};
use domain::ids::StreamId;
use journal::log::RootStream;
use journal::{Checkpoint, Digest, FindingKind, Header, LoggedLeaf, TreeChecker};
use std::collections::BTreeMap;
use store::{Answer, LoggedRow, TileId};

/// Leaves of one tile.
const TILE: u64 = 256;
/// Leaves read at once: whole tiles.
const PAGE: u32 = 1024;
/// Checkpoints read at once.
const CHECKPOINTS: u32 = 500;

struct Walk {
    /// Over the hashes that the tiles hold.
    tree: TreeChecker,
    /// Over the entries themselves, to tell an altered tile from an altered entry.
    own: RootStream,
    /// What signed checkpoints say, by size, until the walk has passed them.
    signed: BTreeMap<u64, Vec<Digest>>,
    tiles: TileBuilder,
    /// Leaves whose tile and header differ, until a checkpoint tells which of them was altered.
    suspects: Vec<Found>,
    /// Checkpoints of the store up to this size were given to the checker.
    noted: u64,
    /// The largest size at which the entries themselves gave the signed root.
    own_fits: u64,
}

/// Walks the log up to the newest checkpoint; what came after it is not sealed yet.
pub(super) async fn walk(run: &mut Run<'_>, outside: Vec<Checkpoint>) -> Answer<()> {
    let end = run.store.latest_checkpoint().await?.map_or(0, |checkpoint| checkpoint.size);
    let mut walk = Walk {
        tree: TreeChecker::default(),
        own: RootStream::default(),
        signed: BTreeMap::new(),
        tiles: TileBuilder::default(),
        suspects: Vec::new(),
        noted: 0,
        own_fits: 0,
    };
    note_outside(run, &mut walk, outside, end);
    let mut page = if end == 0 { Vec::new() } else { run.store.scan_log(0, PAGE).await? };
    while walk.tree.size() < end && !page.is_empty() {
        note_checkpoints(run, &mut walk, end, page.len() as u64).await?;
        let stored = leaf_tiles(run, walk.tree.size()).await?;
        for row in page.iter().take_while(|row| row.index < end) {
            gap(run, &mut walk, row.index, &stored);
            step(run, &mut walk, row, &stored);
        }
        check_tiles(run, &mut walk).await?;
        let next = page.last().map_or(0, |row| row.index + 1);
        page = run.store.scan_log(next, PAGE).await?;
        run.progress.at("log", walk.tree.size());
    }
    finish(run, walk, end).await
}

fn expect(run: &mut Run<'_>, walk: &mut Walk, checkpoint: &Checkpoint) {
    walk.signed.entry(checkpoint.size).or_default().push(checkpoint.root);
    walk.tree.expect(checkpoint).into_iter().for_each(|finding| run.findings.push(finding));
}

/// Gives the checker the copies from outside. One beyond the end says that the store was rolled back.
fn note_outside(run: &mut Run<'_>, walk: &mut Walk, outside: Vec<Checkpoint>, end: u64) {
    let beyond = outside.iter().map(|checkpoint| checkpoint.size).filter(|size| *size > end).max();
    if let Some(beyond) = beyond {
        let sentence = format!(
            "the store's log ends after {end} entries, but a checkpoint that was copied outside covers {beyond}: \
             the store was rolled back or restored from an older copy, and {} entries are missing",
            beyond - end
        );
        run.findings.push(Found { index: Some(end), ..Found::of(Kind::RolledBack, sentence) });
    }
    for checkpoint in outside.iter().filter(|checkpoint| checkpoint.size <= end) {
        expect(run, walk, checkpoint);
    }
}

/// Gives the checker the stored checkpoints that the next leaves will complete.
async fn note_checkpoints(run: &mut Run<'_>, walk: &mut Walk, end: u64, leaves: u64) -> Answer<()> {
    while walk.noted < end && walk.noted < walk.tree.size() + leaves {
        let some = run.store.checkpoints(walk.noted, CHECKPOINTS).await?;
        let Some(last) = some.last() else { break };
        walk.noted = last.size;
        for row in some.iter().filter(|row| row.size <= end) {
            match opened(run.keyring, &row.note) {
                Ok(checkpoint) if checkpoint.size == row.size && checkpoint.root.0 == row.root => {
                    expect(run, walk, &checkpoint);
                }
                Ok(_) => said(run, row.size, "its row says something else than what was signed"),
                Err(why) => said(run, row.size, &why),
            }
        }
    }
    Ok(())
}

fn said(run: &mut Run<'_>, size: u64, why: &str) {
    let sentence = format!("the stored checkpoint of size {size} was altered: {why}");
    run.findings.say(Kind::CheckpointAltered, sentence);
}

/// The leaf hashes that the stored tiles hold from `from` on, for one page.
async fn leaf_tiles(run: &Run<'_>, from: u64) -> Answer<Vec<(u64, Vec<u8>)>> {
    let first = from / TILE;
    let last = (from + u64::from(PAGE)) / TILE;
    let ids: Vec<TileId> = (first..=last).map(|index| TileId { level: 0, index }).collect();
    let tiles = run.store.tiles(&ids).await?;
    Ok(tiles.into_iter().flatten().map(|tile| (tile.id.index, tile.bytes)).collect())
}

fn tile_leaf(tiles: &[(u64, Vec<u8>)], index: u64) -> Option<Digest> {
    let (_, bytes) = tiles.iter().find(|(tile, _)| *tile == index / TILE)?;
    let start = usize::try_from(index % TILE).ok()? * 32;
    bytes.get(start..start + 32)?.try_into().ok().map(Digest)
}

/// Places that the log has lost before `next`: named once, and stood for by what the tiles hold, so that the places
/// after them can still be checked.
fn gap(run: &mut Run<'_>, walk: &mut Walk, next: u64, stored: &[(u64, Vec<u8>)]) {
    let first = walk.tree.size();
    if first >= next {
        return;
    }
    let places = if next - first == 1 { format!("place {first}") } else { format!("places {first} to {}", next - 1) };
    let sentence = format!("the log has lost its {places}: the rows that say which entries stand there are gone");
    let kind = Kind::Journal(FindingKind::EntryMissing);
    run.findings.push(Found { index: Some(first), ..Found::of(kind, sentence) });
    for index in first..next {
        let nowhere = LoggedRow { index, stream: StreamId::new(uuid::Uuid::nil()), version: 0, header: None };
        step(run, walk, &nowhere, stored);
    }
}

fn step(run: &mut Run<'_>, walk: &mut Walk, row: &LoggedRow, stored: &[(u64, Vec<u8>)]) {
    let own = row.header.as_deref().map(journal::header::leaf);
    let tile = tile_leaf(stored, row.index);
    walk.own.push(own.or(tile).unwrap_or(Digest::NONE));
    walk.tiles.push(own.or(tile).unwrap_or(Digest::NONE));
    let suspect = matches!((own, tile), (Some(own), Some(tile)) if own != tile);
    if suspect {
        let kind = Kind::Journal(FindingKind::LeafMismatch);
        walk.suspects.push(Found { index: Some(row.index), ..Found::at(kind, row.stream, Some(row.version), "") });
    }
    let header = row.header.as_deref();
    let leaf = LoggedLeaf { index: row.index, stream: row.stream, version: row.version, header, tile };
    let findings = walk.tree.push(&leaf);
    let own_fits = judge(run, walk, findings.iter().any(|finding| finding.kind == FindingKind::Fork));
    for finding in findings {
        // A leaf that differs from its tile waits for the next checkpoint; a fork of the tiles alone was named there.
        let told = match finding.kind {
            FindingKind::LeafMismatch => suspect,
            FindingKind::Fork => own_fits,
            FindingKind::EntryMissing => row.version == 0,
            _ => false,
        };
        if !told {
            run.findings.log_unsure |= finding.kind == FindingKind::Unchecked;
            run.findings.push(finding);
        }
    }
    if let Some(header) = header.and_then(|header| Header::parse(header).ok()) {
        run.newest_logged = run.newest_logged.max(Some(header.at));
    }
}

/// At a checkpoint: where entries and tiles differ, the signed root tells which of them was altered. Says whether
/// the entries themselves give that root.
fn judge(run: &mut Run<'_>, walk: &mut Walk, forked: bool) -> bool {
    let size = walk.own.size();
    let Some(roots) = walk.signed.remove(&size) else { return false };
    let own_fits = roots.iter().all(|root| *root == walk.own.root());
    if own_fits {
        walk.own_fits = size;
    }
    for suspect in walk.suspects.drain(..) {
        let (kind, what) = if own_fits {
            (Kind::TileAltered, "the log's tile holds another hash for it: the tile was altered, the entry was not")
        } else if forked {
            (suspect.kind, "its header and the log's tile differ, and the signed checkpoint fits neither")
        } else {
            (suspect.kind, "its header is not the one that was logged: it was altered")
        };
        run.findings.push(Found { kind, sentence: what.to_owned(), ..suspect });
    }
    own_fits
}

async fn check_tiles(run: &mut Run<'_>, walk: &mut Walk) -> Answer<()> {
    let done = std::mem::take(&mut walk.tiles.done);
    compare_tiles(run, done).await
}

/// Holds computed tiles to the stored ones. A stored one may be wider: the log has grown since.
async fn compare_tiles(run: &mut Run<'_>, computed: Vec<(TileId, Vec<u8>)>) -> Answer<()> {
    let ids: Vec<TileId> = computed.iter().map(|(id, _)| *id).collect();
    let stored = run.store.tiles(&ids).await?;
    for ((id, bytes), stored) in computed.into_iter().zip(stored) {
        let covered = (id.index + 1) << (8 * (u32::from(id.level) + 1));
        match stored {
            None => {
                let sentence = format!("the log's tile {} of level {} is missing", id.index, id.level);
                run.findings.push(Found { index: None, ..Found::of(Kind::TileAltered, sentence) });
            }
            Some(stored) if stored.bytes.starts_with(&bytes) => {}
            // Leaves that differ were named one by one; a tile that is too narrow was not.
            Some(stored) if id.level == 0 && stored.bytes.len() >= bytes.len() => {}
            Some(_) => {
                let sentence = format!(
                    "the log's tile {} of level {} (entries up to {covered}) was altered: its entries give other hashes",
                    id.index, id.level
                );
                run.findings.say(Kind::TileAltered, sentence);
            }
        }
    }
    Ok(())
}

async fn finish(run: &mut Run<'_>, mut walk: Walk, end: u64) -> Answer<()> {
    check_tiles(run, &mut walk).await?;
    let partial = walk.tiles.partial();
    compare_tiles(run, partial).await?;
    let size = walk.tree.size();
    run.checked.log = size;
    run.checked.checkpoints = walk.tree.checkpoints();
    run.findings.log_unsure |= size < end;
    for suspect in std::mem::take(&mut walk.suspects) {
        let sentence =
            "its header is not the one in the log's tile, and no checkpoint after it tells which was altered";
        run.findings.push(Found { sentence: sentence.to_owned(), ..suspect });
    }
    let covered = walk.own_fits == size;
    for finding in walk.tree.finish() {
        if !(covered && finding.kind == FindingKind::Uncovered) {
            run.findings.push(finding);
        }
    }
    Ok(())
}

/// Builds every tile of the log again from leaves that stream by; keeps one unfinished tile per level.
#[derive(Default)]
struct TileBuilder {
    levels: Vec<(u64, Vec<Digest>)>,
    done: Vec<(TileId, Vec<u8>)>,
}

impl TileBuilder {
    fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for level in 0..=u8::MAX {
            let at = usize::from(level);
            if self.levels.len() == at {
                self.levels.push((0, Vec::new()));
            }
            let (index, hashes) = &mut self.levels[at];
            hashes.push(hash);
            if (hashes.len() as u64) < TILE {
                return;
            }
            self.done.push((TileId { level, index: *index }, bytes(hashes)));
            let mut root = RootStream::default();
            hashes.drain(..).for_each(|hash| root.push(hash));
            *index += 1;
            hash = root.root();
        }
    }

    fn partial(&self) -> Vec<(TileId, Vec<u8>)> {
        let unfinished = (0..=u8::MAX).zip(&self.levels).filter(|(_, (_, hashes))| !hashes.is_empty());
        unfinished.map(|(level, (index, hashes))| (TileId { level, index: *index }, bytes(hashes))).collect()
    }
}

fn bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
