//! The Merkle log over all entries: RFC 6962 hashing in tiles of 256 hashes (C2SP tlog-tiles, height 8).
//!
//! The store keeps tiles; this room says which ones are needed, and what they become. A caller that reads
//! asynchronously asks `tiles_for_…` first, reads, and hands the bytes over in a closure.

use crate::digest::Digest;
use std::collections::{BTreeSet, HashMap};
use tlog_tiles::{
    Hash, HashReader, Tile, check_record, check_tree, prove_record, prove_tree, stored_hash_index,
    stored_hashes_for_record_hash, sub_tree_index, tree_hash,
};

const HEIGHT: u8 = 8;
/// Far more entries than any installation writes, and far below where the arithmetic of indexes would overflow.
pub const MOST: u64 = 1 << 48;

/// Which tile: level (0 holds leaf hashes) and place within the level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct TileId {
    /// 0 holds leaf hashes; a hash of level n + 1 covers a full tile of level n.
    pub level: u8,
    /// Place within the level.
    pub index: u64,
}

impl TileId {
    /// The path under which C2SP publishes it, for a tile of this width (1 to 256 hashes).
    pub fn path(self, width: u32) -> String {
        Tile::new(HEIGHT, self.level, self.index, width, false).path().replacen("tile/8/", "tile/", 1)
    }
}

/// A tile to write: replaces the narrower one of the same id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TileBytes {
    /// Which tile.
    pub id: TileId,
    /// Its hashes, 32 bytes each, one after another.
    pub bytes: Vec<u8>,
}

impl TileBytes {
    /// How many hashes it holds: 1 to 256.
    pub fn width(&self) -> u32 {
        // Invariant: made by `append`, at most 256 hashes.
        (self.bytes.len() / 32) as u32
    }
}

/// The log after an append.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// Its new size.
    pub size: u64,
    /// Its new root.
    pub root: Digest,
    /// New and widened tiles.
    pub tiles: Vec<TileBytes>,
}

/// Why the log cannot answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LogError {
    /// A tile is not there or too narrow.
    #[error("a tile of the log is missing or cut off")]
    Tile,
    /// The tiles do not give the root of the last checkpoint: nothing may be signed on top of them.
    #[error("the log's tiles do not give the root of its last checkpoint: they were altered")]
    Fork,
    /// An index or size outside the log.
    #[error("the log does not reach that far")]
    Range,
    /// A proof that does not prove.
    #[error("the proof does not lead to the checkpoint's root")]
    Proof,
}

/// The root of an empty log.
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// Tiles that [`append`] reads for a log of this size.
pub fn tiles_for_append(size: u64) -> Vec<TileId> {
    tiles_of(sub_tree_index(0, size.min(MOST), Vec::new()))
        .into_iter()
        .chain((0..6).map(|level| TileId { level, index: size.min(MOST) >> (HEIGHT * level) >> HEIGHT }))
        .filter(|tile| size.min(MOST) >> (HEIGHT * tile.level) > tile.index << HEIGHT)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Tiles that [`prove_inclusion`] reads.
pub fn tiles_for_inclusion(index: u64, size: u64) -> Vec<TileId> {
    let asked = Asked::default();
    if index < size && size <= MOST {
        let _ = prove_record(size, index, &asked);
    }
    asked.tiles()
}

/// Tiles that [`prove_consistency`] reads.
pub fn tiles_for_consistency(old: u64, new: u64) -> Vec<TileId> {
    let asked = Asked::default();
    if (1..=new).contains(&old) && new <= MOST {
        let _ = prove_tree(new, old, &asked);
    }
    asked.tiles()
}

/// Appends leaves to a log of `size` entries whose root is `root`. Refuses to build on tiles that do not give it.
pub fn append(
    size: u64,
    root: Digest,
    leaves: &[Digest],
    read: impl Fn(TileId) -> Option<Vec<u8>>,
) -> Result<Appended, LogError> {
    let new_size = size.checked_add(leaves.len() as u64).filter(|size| *size <= MOST).ok_or(LogError::Range)?;
    let mut hashes = Hashes::new(&read);
    if tree_hash(size, &hashes).map_err(|_| LogError::Tile)?.0 != root.0 {
        return Err(LogError::Fork);
    }
    for (n, leaf) in (size..).zip(leaves) {
        let new = stored_hashes_for_record_hash(n, Hash(leaf.0), &hashes).map_err(|_| LogError::Tile)?;
        hashes.fresh.extend((stored_hash_index(0, n)..).zip(new));
    }
    let tiles: Result<Vec<_>, _> = Tile::new_tiles(HEIGHT, size, new_size)
        .into_iter()
        .map(|tile| {
            let bytes = tile.read_data(&hashes).map_err(|_| LogError::Tile)?;
            Ok(TileBytes { id: TileId { level: tile.level(), index: tile.level_index() }, bytes })
        })
        .collect();
    let root = Digest(tree_hash(new_size, &hashes).map_err(|_| LogError::Tile)?.0);
    Ok(Appended { size: new_size, root, tiles: tiles? })
}

/// The root that the stored tiles give for a size.
pub fn root(size: u64, read: impl Fn(TileId) -> Option<Vec<u8>>) -> Result<Digest, LogError> {
    if size > MOST {
        return Err(LogError::Range);
    }
    tree_hash(size, &Hashes::new(&read)).map(|hash| Digest(hash.0)).map_err(|_| LogError::Tile)
}

/// The audit path (RFC 6962, 2.1.1) that shows the entry at `index` within the first `size` entries.
pub fn prove_inclusion(
    index: u64,
    size: u64,
    read: impl Fn(TileId) -> Option<Vec<u8>>,
) -> Result<Vec<Digest>, LogError> {
    if index >= size || size > MOST {
        return Err(LogError::Range);
    }
    let proof = prove_record(size, index, &Hashes::new(&read)).map_err(|_| LogError::Tile)?;
    Ok(proof.into_iter().map(|hash| Digest(hash.0)).collect())
}

/// Checks an audit path.
pub fn check_inclusion(proof: &[Digest], size: u64, root: Digest, index: u64, leaf: Digest) -> Result<(), LogError> {
    // A path has one hash per level; longer ones are refused before they are walked.
    if index >= size || size > MOST || proof.len() > 64 {
        return Err(LogError::Proof);
    }
    check_record(&hashes(proof), size, Hash(root.0), index, Hash(leaf.0)).map_err(|_| LogError::Proof)
}

/// The proof (RFC 6962, 2.1.2) that the log of size `old` is the beginning of the log of size `new`.
pub fn prove_consistency(
    old: u64,
    new: u64,
    read: impl Fn(TileId) -> Option<Vec<u8>>,
) -> Result<Vec<Digest>, LogError> {
    if !(1..=new).contains(&old) || new > MOST {
        return Err(LogError::Range);
    }
    let proof = prove_tree(new, old, &Hashes::new(&read)).map_err(|_| LogError::Tile)?;
    Ok(proof.into_iter().map(|hash| Digest(hash.0)).collect())
}

/// Checks that one root continues another.
pub fn check_consistency(
    proof: &[Digest],
    old: u64,
    old_root: Digest,
    new: u64,
    new_root: Digest,
) -> Result<(), LogError> {
    if !(1..=new).contains(&old) || new > MOST || proof.len() > 128 {
        return Err(LogError::Proof);
    }
    check_tree(&hashes(proof), new, Hash(new_root.0), old, Hash(old_root.0)).map_err(|_| LogError::Proof)
}

fn hashes(digests: &[Digest]) -> Vec<Hash> {
    digests.iter().map(|digest| Hash(digest.0)).collect()
}

fn tiles_of(indexes: Vec<u64>) -> BTreeSet<TileId> {
    let tiles = indexes.into_iter().map(|index| Tile::from_index(HEIGHT, index));
    tiles.map(|tile| TileId { level: tile.level(), index: tile.level_index() }).collect()
}

/// Answers every question with zeroes and remembers what was asked.
#[derive(Default)]
struct Asked(std::cell::RefCell<Vec<u64>>);

impl Asked {
    fn tiles(self) -> Vec<TileId> {
        tiles_of(self.0.into_inner()).into_iter().collect()
    }
}

impl HashReader for Asked {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        self.0.borrow_mut().extend_from_slice(indexes);
        Ok(vec![Hash::default(); indexes.len()])
    }
}

/// Reads hashes out of stored tiles, and out of those that are being added.
struct Hashes<'a, R> {
    read: &'a R,
    tiles: std::cell::RefCell<HashMap<TileId, Vec<u8>>>,
    fresh: HashMap<u64, Hash>,
}

impl<'a, R: Fn(TileId) -> Option<Vec<u8>>> Hashes<'a, R> {
    fn new(read: &'a R) -> Self {
        Self { read, tiles: HashMap::new().into(), fresh: HashMap::new() }
    }

    fn hash(&self, index: u64) -> Option<Hash> {
        if let Some(hash) = self.fresh.get(&index) {
            return Some(*hash);
        }
        let narrow = Tile::from_index(HEIGHT, index);
        let id = TileId { level: narrow.level(), index: narrow.level_index() };
        let mut tiles = self.tiles.borrow_mut();
        let bytes = match tiles.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => place.insert((self.read)(id)?),
        };
        let width = u32::try_from(bytes.len() / 32).ok().filter(|width| (1..=256).contains(width))?;
        Tile::new(HEIGHT, id.level, id.index, width, false).hash_at_index(bytes, index).ok()
    }
}

impl<R: Fn(TileId) -> Option<Vec<u8>>> HashReader for Hashes<'_, R> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        indexes.iter().map(|index| self.hash(*index).ok_or(tlog_tiles::Error::InvalidTile)).collect()
    }
}

/// Computes a root from leaves that stream by, in memory that grows with the logarithm of their number.
#[derive(Clone, Default)]
pub struct RootStream {
    size: u64,
    /// Roots of complete subtrees, largest first: one for each bit that is set in `size`.
    peaks: Vec<Digest>,
}

impl RootStream {
    /// Takes the next leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            // Invariant: a peak for each bit that is set.
            let left = self.peaks.pop().unwrap_or_default();
            node = parent(left, node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over the leaves so far.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev().copied();
        let smallest = peaks.next();
        smallest.map_or_else(empty_root, |smallest| peaks.fold(smallest, |right, left| parent(left, right)))
    }
}

fn parent(left: Digest, right: Digest) -> Digest {
    Digest::of_parts(&[&[1], &left.0, &right.0])
}
