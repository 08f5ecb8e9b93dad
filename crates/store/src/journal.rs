//! Entries of the journal and of the log over it, as bytes that the store keeps and never reads.

use domain::ids::{StreamId, TenantId};
use domain::time::Instant;

/// One entry of the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalRow {
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in the stream, from 1 without gaps.
    pub version: u32,
    /// The agency.
    pub tenant: TenantId,
    /// The canonical header: what is chained, and what the log's leaf is made of.
    pub header: Vec<u8>,
    /// SHA-256 of the header; the next entry of the stream names it.
    pub hash: [u8; 32],
    /// The data key, wrapped by its section's key; `None` after lawful erasure.
    pub wrapped_key: Option<Vec<u8>>,
    /// The sealed payload; `None` after lawful erasure.
    pub ciphertext: Option<Vec<u8>>,
}

/// An entry with its place in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoggedRow {
    /// Place in the log, from 0 without gaps.
    pub index: u64,
    /// The stream that the log says it belongs to.
    pub stream: StreamId,
    /// The version that the log says it has.
    pub version: u32,
    /// The entry's canonical header; `None` when the entry that the log names is missing from the journal.
    pub header: Option<Vec<u8>>,
}

/// Which tile of the log: level and place as in C2SP tlog-tiles with height 8.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TileId {
    /// 0 holds leaf hashes.
    pub level: u8,
    /// Place within the level.
    pub index: u64,
}

/// A tile's hashes: 32 bytes for each of 1 to 256.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TileRow {
    /// Which tile.
    pub id: TileId,
    /// Hashes one after another; a partial tile is replaced by a wider one, never by a narrower.
    pub bytes: Vec<u8>,
}

/// A signed statement of the log's size and root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointRow {
    /// Number of leaves covered.
    pub size: u64,
    /// Root hash over them.
    pub root: [u8; 32],
    /// The signed note, as published.
    pub note: String,
    /// When it was signed.
    pub at: Instant,
}

/// What the sealer adds in one transaction.
#[derive(Clone, Debug)]
pub struct LogExtension {
    /// The size it builds on.
    pub expected_size: u64,
    /// Entries in log order; the first gets index `expected_size`.
    pub leaves: Vec<(StreamId, u32)>,
    /// New and widened tiles.
    pub tiles: Vec<TileRow>,
    /// The checkpoint over the new size.
    pub checkpoint: CheckpointRow,
}
