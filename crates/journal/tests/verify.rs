//! The verifier accepts what append wrote, and names the first thing that was done to it afterwards.

mod support;

use domain::ids::{StreamId, TenantId};
use proptest::prelude::*;
use proptest::sample::Index;
use support::{Chance, Log, entries, keyring, stream};
use tocsin_journal::log::TileId;
use tocsin_journal::{
    ChainChecker, Checkpoint, Digest, Finding, FindingKind, Header, Keyring, LoggedLeaf, SealedEntry, StoredEntry,
    TreeChecker, Weight, header,
};

/// A row as a database administrator can reach it.
#[derive(Clone, PartialEq, Debug)]
struct Row {
    stream: StreamId,
    version: u32,
    tenant: TenantId,
    header: Vec<u8>,
    hash: [u8; 32],
    wrapped_key: Option<Vec<u8>>,
    ciphertext: Option<Vec<u8>>,
}

impl Row {
    fn new(entry: SealedEntry) -> Self {
        Self {
            stream: entry.header.stream,
            version: entry.header.version,
            tenant: entry.header.tenant,
            header: entry.canonical,
            hash: entry.hash.0,
            wrapped_key: Some(entry.wrapped_key),
            ciphertext: Some(entry.ciphertext),
        }
    }

    fn stored(&self) -> StoredEntry<'_> {
        StoredEntry {
            stream: self.stream,
            version: self.version,
            tenant: self.tenant,
            header: &self.header,
            hash: &self.hash,
            wrapped_key: self.wrapped_key.as_deref(),
            ciphertext: self.ciphertext.as_deref(),
        }
    }
}

/// A whole store: rows in (stream, version) order, the log over them in another order, and checkpoints.
#[derive(Clone)]
struct Record {
    rows: Vec<Row>,
    order: Vec<(StreamId, u32)>,
    log: Log,
    checkpoints: Vec<Checkpoint>,
}

impl Record {
    /// Streams of the given lengths, logged turn by turn with a checkpoint after every `every` entries and the last.
    fn new(keys: &Keyring, lengths: &[u32], every: usize) -> Self {
        let chance = Chance::new(9);
        let of = |n: usize| entries(keys, stream(n as u128), lengths[n], &chance);
        let rows: Vec<Row> = (0..lengths.len()).flat_map(of).map(Row::new).collect();
        let mut order: Vec<_> = rows.iter().map(|row| (row.stream, row.version)).collect();
        order.sort_by_key(|(stream, version)| (*version, *stream));
        let mut record = Self { rows, order, log: Log::default(), checkpoints: Vec::new() };
        for batch in record.order.clone().chunks(every) {
            let leaves: Vec<_> = batch.iter().map(|at| header::leaf(&record.row(*at).expect("a row").header)).collect();
            record.log.append(&leaves);
            let origin = "example.gov/log".to_owned();
            record.checkpoints.push(Checkpoint { origin, size: record.log.size, root: record.log.root });
        }
        record
    }

    fn row(&self, (stream, version): (StreamId, u32)) -> Option<&Row> {
        self.rows.iter().find(|row| (row.stream, row.version) == (stream, version))
    }

    fn index_of(&self, row: &Row) -> u64 {
        self.order.iter().position(|at| *at == (row.stream, row.version)).expect("logged") as u64
    }

    fn walk_chain(&self, keys: &Keyring) -> Vec<Finding> {
        let mut chain = ChainChecker::default();
        let found: Vec<_> = self.rows.iter().filter_map(|row| chain.push(&row.stored(), Some(keys)).err()).collect();
        assert_eq!(chain.entries(), self.rows.len() as u64);
        found.into_iter().chain(chain.finish()).collect()
    }

    fn walk_tree(&self, with_tiles: bool) -> Vec<Finding> {
        let mut tree = TreeChecker::default();
        let mut found: Vec<_> = self.checkpoints.iter().filter_map(|checkpoint| tree.expect(checkpoint)).collect();
        for (index, at) in (0..).zip(&self.order) {
            let tile = self.log.tile(TileId { level: 0, index: index / 256 }).expect("tile");
            let start = (index % 256) as usize * 32;
            let tile = Digest(tile[start..start + 32].try_into().expect("32 bytes"));
            let header = self.row(*at).map(|row| row.header.as_slice());
            let tile = with_tiles.then_some(tile);
            found.extend(tree.push(&LoggedLeaf { index, stream: at.0, version: at.1, header, tile }));
        }
        found.into_iter().chain(tree.finish()).collect()
    }

    fn clean(&self, keys: &Keyring) -> bool {
        self.walk_chain(keys).is_empty() && self.walk_tree(true).is_empty() && self.walk_tree(false).is_empty()
    }

    /// Rewrites a row's header as somebody would who knows the format but has no key: hash and links are made to fit.
    fn forge(&mut self, at: usize, change: impl Fn(&mut Header)) {
        let (mut prev, stream) = (None, self.rows[at].stream);
        for row in self.rows.iter_mut().skip(at).take_while(|row| row.stream == stream) {
            let mut header = Header::parse(&row.header).expect("a header");
            match prev {
                None => change(&mut header),
                Some(prev) => header.prev = prev,
            }
            row.header = header.canonical();
            row.hash = header.hash().0;
            prev = Some(header.hash());
        }
    }
}

fn record(keys: &Keyring, lengths: &[u32], every: usize) -> Record {
    let record = Record::new(keys, lengths, every);
    assert!(record.clean(keys), "what append wrote is accepted");
    record
}

fn names(finding: &Finding, row: &Row) -> bool {
    (finding.stream, finding.version) == (Some(row.stream), Some(row.version))
        && finding.sentence.contains(&format!("entry {} of stream {}", row.version, row.stream))
}

fn lengths() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(1..6u32, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_flipped_bit_in_any_field_is_named(
        lengths in lengths(), every in 1..5usize, at in any::<Index>(), field in 0..4, byte in any::<Index>(), bit in 0..8u8,
    ) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, every);
        let at = at.index(record.rows.len());
        let row = &mut record.rows[at];
        let (bytes, expected): (&mut [u8], _) = match field {
            0 => (&mut row.header, FindingKind::HeaderAltered),
            1 => (&mut row.hash, FindingKind::HeaderAltered),
            2 => (row.wrapped_key.as_mut().expect("kept"), FindingKind::ContentAltered),
            _ => (row.ciphertext.as_mut().expect("kept"), FindingKind::ContentAltered),
        };
        let byte = byte.index(bytes.len());
        bytes[byte] ^= 1 << bit;
        let found = record.walk_chain(&keys);
        // A flipped version number of the wrapping key asks for a key that does not exist: nobody can tell.
        let expected = if field == 2 && (1..5).contains(&byte) { FindingKind::Unchecked } else { expected };
        prop_assert_eq!(found[0].kind, expected);
        prop_assert!(names(&found[0], &record.rows[at]), "{:?}", found[0]);
        if field == 0 {
            let found = record.walk_tree(true);
            prop_assert_eq!((found[0].kind, found[0].index), (FindingKind::LeafMismatch, Some(record.index_of(&record.rows[at]))));
        }
    }

    #[test]
    fn a_dropped_entry_is_named(lengths in lengths(), every in 1..5usize, at in any::<Index>()) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, every);
        let gone = record.rows.remove(at.index(record.rows.len()));
        if record.row((gone.stream, gone.version + 1)).is_some() {
            let found = record.walk_chain(&keys);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].kind, FindingKind::VersionMissing);
            prop_assert!(names(&found[0], &gone), "{:?}", found[0]);
        }
        let found = record.walk_tree(true);
        prop_assert_eq!(found.len(), 1, "with tiles, the later checkpoints still fit");
        prop_assert_eq!((found[0].kind, found[0].index), (FindingKind::EntryMissing, Some(record.index_of(&gone))));
        prop_assert!(names(&found[0], &gone), "{:?}", found[0]);
        prop_assert_eq!(record.walk_tree(false)[0].kind, FindingKind::EntryMissing);
    }

    #[test]
    fn exchanged_contents_are_named(lengths in lengths(), two in any::<[Index; 2]>(), keys_too in any::<bool>()) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, 3);
        let (one, other) = (two[0].index(record.rows.len()), two[1].index(record.rows.len()));
        prop_assume!(one < other);
        let (left, right) = record.rows.split_at_mut(other);
        std::mem::swap(&mut left[one].ciphertext, &mut right[0].ciphertext);
        if keys_too {
            std::mem::swap(&mut left[one].wrapped_key, &mut right[0].wrapped_key);
        }
        let found = record.walk_chain(&keys);
        prop_assert_eq!(found.len(), 2, "both rows, and no neighbour");
        for (finding, row) in found.iter().zip([&record.rows[one], &record.rows[other]]) {
            prop_assert_eq!(finding.kind, FindingKind::ContentAltered);
            prop_assert!(names(finding, row), "{finding:?}");
        }
    }

    #[test]
    fn exchanged_entries_are_named(lengths in lengths(), two in any::<[Index; 2]>()) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, 3);
        let (one, other) = (two[0].index(record.rows.len()), two[1].index(record.rows.len()));
        prop_assume!(one < other);
        record.rows.swap(one, other);
        let (a, b) = (record.rows[one].clone(), record.rows[other].clone());
        (record.rows[one].stream, record.rows[one].version) = (b.stream, b.version);
        (record.rows[other].stream, record.rows[other].version) = (a.stream, a.version);
        let found = record.walk_chain(&keys);
        prop_assert_eq!(found[0].kind, FindingKind::HeaderAltered);
        prop_assert!(names(&found[0], &record.rows[one]), "{:?}", found[0]);
    }

    #[test]
    fn an_inserted_entry_is_named(lengths in lengths(), at in any::<Index>()) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, 3);
        let at = at.index(record.rows.len());
        let copy = record.rows[at].clone();
        record.rows.insert(at + 1, copy);
        let found = record.walk_chain(&keys);
        prop_assert_eq!(found[0].kind, FindingKind::Repeated);
        prop_assert!(names(&found[0], &record.rows[at]), "{:?}", found[0]);

        // The same content again, as the next entry of its stream: without the section's key it cannot be sealed anew.
        record.rows.remove(at + 1);
        let last = record.rows.iter().rposition(|row| row.stream == record.rows[at].stream).expect("a row");
        let mut forged = record.rows[last].clone();
        let mut header = Header::parse(&forged.header).expect("a header");
        (header.version, header.prev) = (header.version + 1, Digest(forged.hash));
        (forged.version, forged.header, forged.hash) = (header.version, header.canonical(), header.hash().0);
        record.rows.insert(last + 1, forged.clone());
        let found = record.walk_chain(&keys);
        prop_assert_eq!(found[0].kind, FindingKind::ContentAltered);
        prop_assert!(names(&found[0], &forged), "{:?}", found[0]);
    }

    #[test]
    fn a_rewritten_history_betrays_itself_in_the_log(lengths in lengths(), every in 1..5usize, at in any::<Index>()) {
        let keys = keyring();
        let mut record = record(&keys, &lengths, every);
        let at = at.index(record.rows.len());
        record.forge(at, |header| header.at = header.at.plus_seconds(-86_400));
        prop_assert!(record.walk_chain(&keys).is_empty(), "whoever rewrites every link fools the chain alone");
        let row = &record.rows[at];
        let index = record.index_of(row);
        let found = record.walk_tree(true);
        prop_assert_eq!((found[0].kind, found[0].index), (FindingKind::LeafMismatch, Some(index)));
        prop_assert!(names(&found[0], row), "{:?}", found[0]);

        // And whoever rewrites the tiles as well is betrayed by the first checkpoint that covers the entry.
        let found = record.walk_tree(false);
        let covering = record.checkpoints.iter().position(|checkpoint| checkpoint.size > index).expect("covered");
        let sound = if covering == 0 { 0 } else { record.checkpoints[covering - 1].size };
        prop_assert_eq!((found[0].kind, found[0].index), (FindingKind::Fork, Some(sound)));
    }

    #[test]
    fn a_shortened_record_is_betrayed_by_a_checkpoint_kept_elsewhere(lengths in lengths(), keep in any::<Index>()) {
        let keys = keyring();
        let whole = record(&keys, &lengths, 1);
        let keep = keep.index(whole.order.len());
        let mut short = whole.clone();
        let gone = short.order.split_off(keep);
        short.rows.retain(|row| !gone.contains(&(row.stream, row.version)));
        short.checkpoints.truncate(keep);
        prop_assert!(short.clean(&keys), "alone, a shorter record is a sound one");
        short.checkpoints.push(whole.checkpoints.last().expect("one").clone());
        let found = short.walk_tree(true);
        prop_assert_eq!((found.len(), found[0].kind, found[0].index), (1, FindingKind::TailMissing, Some(keep as u64)));
    }

    #[test]
    fn hostile_rows_are_named_without_a_panic(header in any::<Vec<u8>>(), key in any::<Vec<u8>>(), text in any::<Vec<u8>>()) {
        let keys = keyring();
        let mut record = record(&keys, &[3], 1);
        (record.rows[1].wrapped_key, record.rows[1].ciphertext) = (Some(key), Some(text));
        prop_assert_eq!(record.walk_chain(&keys)[0].version, Some(2));
        record.rows[1].hash = Digest::of(&header).0;
        record.rows[1].header = header;
        prop_assert_eq!(record.walk_chain(&keys)[0].kind, FindingKind::HeaderAltered);
        prop_assert_eq!(record.walk_tree(true)[0].kind, FindingKind::LeafMismatch);
    }
}

#[test]
fn a_broken_link_is_named() {
    let keys = keyring();
    let mut record = record(&keys, &[3], 3);
    // The first header is rewritten with its own hash, and the links after it are left as they were.
    let mut header = Header::parse(&record.rows[0].header).expect("a header");
    header.kind = "report.withdrawn".to_owned();
    (record.rows[0].header, record.rows[0].hash) = (header.canonical(), header.hash().0);
    let found = record.walk_chain(&keys);
    assert_eq!((found.len(), found[0].kind, found[0].version), (1, FindingKind::ChainBroken, Some(2)));
    assert!(found[0].sentence.contains("does not follow from entry 1"), "{}", found[0].sentence);
}

#[test]
fn a_first_entry_with_a_predecessor_is_named() {
    let keys = keyring();
    let mut record = record(&keys, &[1], 1);
    record.forge(0, |header| header.prev = Digest([1; 32]));
    assert_eq!(record.walk_chain(&keys)[0].kind, FindingKind::ChainBroken);
}

#[test]
fn several_missing_entries_are_named_together() {
    let keys = keyring();
    let mut record = record(&keys, &[5], 5);
    record.rows.drain(1..4);
    let found = record.walk_chain(&keys);
    assert_eq!(found.len(), 1);
    assert!(found[0].sentence.starts_with("entries 2 to 4 of stream"), "{}", found[0].sentence);
}

#[test]
fn erasure_is_a_notice_when_an_entry_orders_it_and_an_alteration_when_none_does() {
    let keys = keyring();
    let mut record = record(&keys, &[3], 3);
    (record.rows[1].wrapped_key, record.rows[1].ciphertext) = (None, None);
    let found = record.walk_chain(&keys);
    assert_eq!((found[0].kind, found[0].weight()), (FindingKind::ContentMissing, Weight::Altered));
    assert!(names(&found[0], &record.rows[1]));
    assert!(record.walk_tree(false).is_empty(), "the proof stands without the content");

    let mut chain = ChainChecker::default();
    for row in &record.rows {
        let checked = chain.push(&row.stored(), Some(&keys)).expect("sound");
        assert_eq!(checked.opened.is_none(), row.version == 2);
    }
    chain.warrant(record.rows[1].stream, 2, 41);
    let found = chain.finish();
    assert_eq!((found.len(), found[0].kind, found[0].weight()), (1, FindingKind::Erased, Weight::Notice));
    assert!(found[0].sentence.ends_with("erased by log entry 41"), "{}", found[0].sentence);

    record.rows[0].wrapped_key = None;
    assert_eq!(record.walk_chain(&keys)[0].kind, FindingKind::ContentMissing, "half an erasure is none");
}

#[test]
fn a_record_disposed_of_is_said_once_and_an_entry_that_no_order_names_is_still_named() {
    let keys = keyring();
    let mut record = record(&keys, &[4], 4);
    for row in &mut record.rows[..3] {
        (row.wrapped_key, row.ciphertext) = (None, None);
    }
    let walk = |warranted: u32| {
        let mut chain = ChainChecker::default();
        for row in &record.rows {
            chain.push(&row.stored(), Some(&keys)).expect("sound");
        }
        let stream = record.rows[0].stream;
        chain.disposed(stream, Some(41));
        (1..=warranted).for_each(|version| chain.warrant(stream, version, 41));
        chain.finish()
    };
    let found = walk(3);
    assert_eq!((found.len(), found[0].kind, found[0].version), (1, FindingKind::Erased, Some(1)));
    assert!(found[0].sentence.contains("disposed of by log entry 41: 3 entries"), "{}", found[0].sentence);
    let found = walk(2);
    assert_eq!(found.iter().filter(|f| f.weight() == Weight::Altered).count(), 1, "{found:?}");
}

#[test]
fn an_edited_row_of_a_list_is_named() {
    let keys = keyring();
    let record = record(&keys, &[2], 2);
    let mut chain = ChainChecker::default();
    for row in &record.rows {
        let checked = chain.push(&row.stored(), Some(&keys)).expect("sound");
        assert_eq!(checked.check_state(&support::row(row.version)), None);
        let finding = checked.check_state(&support::row(row.version + 1)).expect("noticed");
        assert!(finding.kind == FindingKind::StateWrong && names(&finding, row), "{finding:?}");
    }
}

#[test]
fn without_keys_headers_and_links_are_still_checked() {
    let keys = keyring();
    let mut record = record(&keys, &[3], 3);
    let mut chain = ChainChecker::default();
    assert!(record.rows.iter().all(|row| chain.push(&row.stored(), None).is_ok()));
    record.rows[1].header[12] ^= 1;
    let mut chain = ChainChecker::default();
    let found: Vec<_> = record.rows.iter().filter_map(|row| chain.push(&row.stored(), None).err()).collect();
    assert_eq!((found.len(), found[0].version), (1, Some(2)));
}

#[test]
fn leaves_beyond_the_last_checkpoint_and_gaps_in_the_log_are_named() {
    let keys = keyring();
    let mut record = record(&keys, &[4], 2);
    record.checkpoints.pop();
    let found = record.walk_tree(true);
    assert_eq!((found.len(), found[0].kind, found[0].index), (1, FindingKind::Uncovered, Some(2)));

    let mut tree = TreeChecker::default();
    let leaf =
        |index| LoggedLeaf { index, stream: stream(0), version: 1, header: Some(&record.rows[0].header), tile: None };
    assert!(tree.push(&leaf(0)).is_empty());
    assert_eq!(tree.push(&leaf(2))[0].kind, FindingKind::EntryMissing);
    let late = tree.expect(&record.checkpoints[0]);
    assert_eq!(late.map(|finding| finding.kind), Some(FindingKind::Unchecked), "a checkpoint over unknown entries");
}

#[test]
fn two_logs_under_one_name_are_told_apart() {
    let keys = keyring();
    let mut record = record(&keys, &[4], 2);
    let forked = Checkpoint { root: Digest([7; 32]), ..record.checkpoints[1].clone() };
    record.checkpoints.push(forked);
    let found = record.walk_tree(true);
    assert_eq!((found.len(), found[0].kind, found[0].index), (1, FindingKind::Fork, Some(2)));
}
