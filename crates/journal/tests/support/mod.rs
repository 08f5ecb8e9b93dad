//! What the journal's tests share: chance that repeats, small ids, a key set, and a short stream of entries.
#![allow(dead_code, reason = "each test file uses its own part")]

use domain::actor::{Actor, Section};
use domain::ambient::Random;
use domain::ids::{StreamId, TenantId, UnitId};
use domain::time::Instant;
use std::collections::HashMap;
use std::sync::Mutex;
use tocsin_journal::log::{self, TileId};
use tocsin_journal::{Digest, HeaderDraft, Keyring, RootKey, SealedEntry, WrappedKey, header, seal_event};
use uuid::Uuid;

/// Bytes that look random and are the same in every run.
pub struct Chance(Mutex<(u64, u64)>);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0)))
    }
}

impl Random for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("not poisoned");
        for piece in bytes.chunks_mut(32) {
            state.1 += 1;
            let block = Digest::of_parts(&[&state.0.to_be_bytes(), &state.1.to_be_bytes()]);
            piece.copy_from_slice(&block.0[..piece.len()]);
        }
    }
}

pub fn tenant(n: u128) -> TenantId {
    TenantId::new(Uuid::from_u128(0x7e4a_0000 + n))
}

pub fn stream(n: u128) -> StreamId {
    StreamId::new(Uuid::from_u128(0x5742_0000 + n))
}

pub fn unit(n: u128) -> UnitId {
    UnitId::new(Uuid::from_u128(n))
}

/// Keys of the installation and of agencies 1 and 2, with what the store would hold.
pub fn keys_under(root: &RootKey, chance: &Chance) -> (Keyring, Vec<WrappedKey>) {
    let mut keys = Keyring::open(root, &[]).expect("an empty ring opens");
    let mut stored = Vec::new();
    for owner in [None, Some(tenant(1)), Some(tenant(2))] {
        let drafts = keys.draft_missing(owner, chance);
        keys.absorb(&drafts).expect("own drafts open");
        assert!(keys.draft_missing(owner, chance).is_empty(), "nothing is missing any more");
        stored.extend(drafts);
    }
    (keys, stored)
}

pub fn keyring() -> Keyring {
    let chance = Chance::new(0);
    keys_under(&RootKey::generate(&chance), &chance).0
}

pub fn draft(version: u32, prev: Digest) -> HeaderDraft {
    HeaderDraft {
        stream: stream(1),
        version,
        tenant: tenant(1),
        actor: Actor::Reporter,
        kind: "report.submitted".to_owned(),
        at: Instant::from_micros(1_792_000_000_123_456 + i64::from(version)),
        section: Section::ALL[version as usize % 6],
        edition: Some("us-mo/dmh-2016".to_owned()),
        prev,
    }
}

/// What the entry of that version holds.
pub fn payload(version: u32) -> Vec<u8> {
    format!("{{\"version\":{version}}}").into_bytes()
}

/// The projection row after it.
pub fn row(version: u32) -> Vec<u8> {
    format!("{{\"rows\":{version}}}").into_bytes()
}

/// A stream of entries whose payloads say which version they are.
pub fn entries(keys: &Keyring, of: StreamId, count: u32, chance: &Chance) -> Vec<SealedEntry> {
    let mut prev = Digest::NONE;
    (1..=count)
        .map(|version| {
            let draft = HeaderDraft { stream: of, ..draft(version, prev) };
            let entry = seal_event(keys, draft, &payload(version), &row(version), chance).expect("sealed");
            prev = entry.hash;
            entry
        })
        .collect()
}

/// The leaves of entries.
pub fn leaves(entries: &[SealedEntry]) -> Vec<Digest> {
    entries.iter().map(|entry| header::leaf(&entry.canonical)).collect()
}

/// A log in memory, as a store would keep it.
#[derive(Clone)]
pub struct Log {
    pub size: u64,
    pub root: Digest,
    pub tiles: HashMap<TileId, Vec<u8>>,
}

impl Default for Log {
    fn default() -> Self {
        Self { size: 0, root: log::empty_root(), tiles: HashMap::new() }
    }
}

impl Log {
    /// Appends through exactly the tiles that the journal asks for.
    pub fn append(&mut self, leaves: &[Digest]) {
        let asked = log::tiles_for_append(self.size);
        let read = |id: TileId| asked.contains(&id).then(|| self.tiles.get(&id).cloned()).flatten();
        let appended = log::append(self.size, self.root, leaves, read).expect("appends");
        (self.size, self.root) = (appended.size, appended.root);
        for tile in appended.tiles {
            let before = self.tiles.insert(tile.id, tile.bytes.clone()).unwrap_or_default();
            assert!(tile.bytes.starts_with(&before), "a tile only grows");
        }
    }

    pub fn tile(&self, id: TileId) -> Option<Vec<u8>> {
        self.tiles.get(&id).cloned()
    }
}
