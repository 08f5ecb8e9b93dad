//! The verifier's core: entries and leaves stream through it, and it names the first thing that is wrong.
//!
//! Two walks. [`ChainChecker`] takes the journal in (stream, version) order: headers, links, contents, states.
//! [`TreeChecker`] takes the log in its own order with every checkpoint that is known, from here or from outside.
//! Both keep the same small amount of memory however long the record is.

use crate::digest::Digest;
use crate::header::{self, Header};
use crate::keyring::Keyring;
use crate::log::RootStream;
use crate::note::Checkpoint;
use crate::seal::{OpenError, Opened, StoredEntry, state_digest};
use domain::ids::StreamId;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The header is not what its hash says, or stands in another row.
    HeaderAltered,
    /// An entry does not follow from the one before it.
    ChainBroken,
    /// Versions of a stream are missing.
    VersionMissing,
    /// An entry stands twice or out of order.
    Repeated,
    /// Key or ciphertext were altered or exchanged.
    ContentAltered,
    /// The content opens and is not what the header commits to.
    CommitmentWrong,
    /// The content is gone, and no entry says that it was erased.
    ContentMissing,
    /// The row that lists and pages show is not what the entry left behind.
    StateWrong,
    /// The header is not the one that the log holds.
    LeafMismatch,
    /// The log names an entry that is not in the journal.
    EntryMissing,
    /// The log ends before a checkpoint that it once had.
    TailMissing,
    /// The log is not the one that a checkpoint speaks of.
    Fork,
    /// Leaves stand after the last checkpoint.
    Uncovered,
    /// A proof does not lead to the checkpoint.
    ProofWrong,
    /// A signature does not fit.
    SignatureWrong,
    /// A file is missing or not what the record says.
    FileAltered,
    /// Something could not be checked.
    Unchecked,
    /// Lawfully erased; the log says by which entry.
    Erased,
}

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// As it should be, and worth saying.
    Notice,
    /// Neither sound nor unsound.
    CannotTell,
    /// Altered or missing.
    Altered,
}

/// One thing that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// In which stream.
    pub stream: Option<StreamId>,
    /// At which version of it.
    pub version: Option<u32>,
    /// At which place of the log, from 0.
    pub index: Option<u64>,
    /// The same in a sentence for whoever reads the result.
    pub sentence: String,
}

impl Finding {
    pub(crate) fn of(kind: FindingKind, sentence: String) -> Self {
        Self { kind, stream: None, version: None, index: None, sentence }
    }

    pub(crate) fn at(kind: FindingKind, stream: StreamId, version: u32, what: &str) -> Self {
        let sentence = format!("entry {version} of stream {stream}: {what}");
        Self { kind, stream: Some(stream), version: Some(version), index: None, sentence }
    }

    pub(crate) fn logged(mut self, index: u64) -> Self {
        self.index = Some(index);
        self.sentence = format!("log entry {index}, {}", self.sentence);
        self
    }

    /// How much it weighs.
    pub const fn weight(&self) -> Weight {
        match self.kind {
            FindingKind::Erased => Weight::Notice,
            FindingKind::Unchecked => Weight::CannotTell,
            _ => Weight::Altered,
        }
    }
}

/// An entry that passed.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its header.
    pub header: Header,
    /// Its leaf in the log.
    pub leaf: Digest,
    /// Its content; `None` without keys and after erasure.
    pub opened: Option<Opened>,
}

impl Checked {
    /// Compares the projection row after this entry (canonical JSON, made by replay or read from the store).
    pub fn check_state(&self, row: &[u8]) -> Option<Finding> {
        let opened = self.opened.as_ref()?;
        if state_digest(&opened.salt, row) == self.header.state {
            return None;
        }
        let what = "the row that lists show was altered: it is not what this entry left behind";
        Some(Finding::at(FindingKind::StateWrong, self.header.stream, self.header.version, what))
    }
}

/// The entry before: its place, and what the next may name it by. Computed and kept hash differ only when one of them
/// was altered, which has been said by then; the next entry is not blamed for it.
type Last = (StreamId, u32, [Digest; 2]);

/// Walks the journal in (stream, version) order.
#[derive(Default)]
pub struct ChainChecker {
    last: Option<Last>,
    entries: u64,
    streams: u64,
    erased: Vec<(StreamId, u32)>,
    warrants: BTreeMap<(StreamId, u32), Option<u64>>,
    disposals: BTreeMap<StreamId, Option<u64>>,
}

impl ChainChecker {
    /// Takes the next entry and names the first thing wrong with it. With keys its content is opened and compared
    /// with the commitment. A wrong entry does not make its sound neighbours wrong.
    pub fn push(&mut self, entry: &StoredEntry<'_>, keys: Option<&Keyring>) -> Result<Checked, Finding> {
        let hash = Digest::of(entry.header);
        let before = self.last.replace((entry.stream, entry.version, [hash, Digest(*entry.hash)]));
        self.entries += 1;
        self.streams += u64::from(before.is_none_or(|(stream, ..)| stream != entry.stream));
        let header = own_header(entry, hash)?;
        follows(before, &header)?;
        let opened = self.content(entry, &header, keys)?;
        Ok(Checked { header, leaf: header::leaf(entry.header), opened })
    }

    fn content(
        &mut self,
        entry: &StoredEntry<'_>,
        header: &Header,
        keys: Option<&Keyring>,
    ) -> Result<Option<Opened>, Finding> {
        let found = |kind, what: &str| Err(Finding::at(kind, entry.stream, entry.version, what));
        match (entry.wrapped_key, entry.ciphertext) {
            (None, None) => {
                self.erased.push((entry.stream, entry.version));
                return Ok(None);
            }
            (Some(_), Some(_)) => {}
            _ => return found(FindingKind::ContentMissing, "its key or its sealed content is gone, but not both"),
        }
        let Some(keys) = keys else { return Ok(None) };
        match entry.open_content(keys, header) {
            Ok(opened) => Ok(Some(opened)),
            Err(OpenError::Commitment) => {
                found(FindingKind::CommitmentWrong, "its content is not what its header commits to")
            }
            Err(OpenError::Key(why)) => found(FindingKind::Unchecked, &format!("its content cannot be checked: {why}")),
            Err(OpenError::DoesNotOpen | OpenError::Erased | OpenError::Header(_)) => found(
                FindingKind::ContentAltered,
                "its sealed content does not open: it was altered or exchanged for another",
            ),
        }
    }

    /// Notes that the entry at place `by` of the log orders the erasure of an entry.
    pub fn warrant(&mut self, stream: StreamId, version: u32, by: u64) {
        self.warrants.insert((stream, version), Some(by));
    }

    /// Notes that an entry which the log has not taken up yet orders the erasure of an entry.
    pub fn warrant_waiting(&mut self, stream: StreamId, version: u32) {
        self.warrants.entry((stream, version)).or_insert(None);
    }

    /// Notes that a whole record was disposed of by the entry at place `by` of the log, or by one that the log has not
    /// taken up yet. The entries are warranted beside it, one by one.
    pub fn disposed(&mut self, stream: StreamId, by: Option<u64>) {
        self.disposals.insert(stream, by);
    }

    /// Entries seen.
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// Streams seen.
    pub const fn streams(&self) -> u64 {
        self.streams
    }

    /// Ends the walk: says of each erased entry by what it was erased, or that nothing says so.
    pub fn finish(self) -> Vec<Finding> {
        let Self { mut erased, warrants, disposals, .. } = self;
        let told = |(stream, version): (StreamId, u32)| match warrants.get(&(stream, version)) {
            Some(Some(by)) => Finding::at(FindingKind::Erased, stream, version, &format!("erased by log entry {by}")),
            Some(None) => {
                let what = "erased by an entry that the log has yet to take up";
                Finding::at(FindingKind::Erased, stream, version, what)
            }
            None => {
                let what = "its content is gone, and no entry says that it was erased";
                Finding::at(FindingKind::ContentMissing, stream, version, what)
            }
        };
        // A record that is gone as a whole is said once.
        let mut whole: BTreeMap<StreamId, (u32, u32)> = BTreeMap::new();
        erased.retain(|(stream, version)| {
            let covered = disposals.contains_key(stream) && warrants.contains_key(&(*stream, *version));
            if covered {
                let entry = whole.entry(*stream).or_insert((*version, 0));
                entry.1 += 1;
            }
            !covered
        });
        let disposed = whole.into_iter().map(|(stream, (first, count))| {
            let by = disposals.get(&stream).copied().flatten();
            let by = by
                .map_or_else(|| "an entry that the log has yet to take up".to_owned(), |by| format!("log entry {by}"));
            let what = format!("the record was disposed of by {by}: {count} entries from here on are erased");
            Finding::at(FindingKind::Erased, stream, first, &what)
        });
        erased.into_iter().map(told).chain(disposed.collect::<Vec<_>>()).collect()
    }
}

/// The header, when it is canonical, is what its kept hash says, and stands in its own row.
fn own_header(entry: &StoredEntry<'_>, hash: Digest) -> Result<Header, Finding> {
    let found = |what: &str| Finding::at(FindingKind::HeaderAltered, entry.stream, entry.version, what);
    if hash.bytes() != entry.hash {
        return Err(found("its header was altered: it is not what its hash says"));
    }
    let header = Header::parse(entry.header).map_err(|why| found(&format!("its header was altered: {why}")))?;
    if (header.stream, header.version, header.tenant) == (entry.stream, entry.version, entry.tenant) {
        Ok(header)
    } else {
        Err(found("its header belongs to another row"))
    }
}

/// Whether an entry follows from the one before it.
fn follows(before: Option<Last>, header: &Header) -> Result<(), Finding> {
    let (stream, version) = (header.stream, header.version);
    let found = |kind, what: &str| Err(Finding::at(kind, stream, version, what));
    let (last, expected) = match before {
        Some((of, version, hashes)) if of == stream => (version, hashes),
        Some((of, ..)) if of > stream => return found(FindingKind::Repeated, "its stream stands out of order"),
        _ => (0, [Digest::NONE; 2]),
    };
    if version <= last {
        return found(FindingKind::Repeated, "it stands a second time or out of order");
    }
    if version > last + 1 {
        let first = last + 1;
        let missing = Finding::at(FindingKind::VersionMissing, stream, first, "");
        let sentence = match version - first {
            1 => format!("entry {first} of stream {stream}: it is missing"),
            _ => format!("entries {first} to {} of stream {stream}: they are missing", version - 1),
        };
        return Err(Finding { sentence, ..missing });
    }
    if expected.contains(&header.prev) {
        return Ok(());
    }
    let what = if last == 0 {
        "it names an entry before it, but is the first of its stream".to_owned()
    } else {
        format!("it does not follow from entry {last}: one of the two was altered or exchanged")
    };
    found(FindingKind::ChainBroken, &what)
}

/// A place of the log, as the store gives it back.
#[derive(Clone, Copy, Debug)]
pub struct LoggedLeaf<'a> {
    /// Place in the log, from 0.
    pub index: u64,
    /// The stream that the log says it belongs to.
    pub stream: StreamId,
    /// The version that the log says it has.
    pub version: u32,
    /// The header in the journal; `None` when there is none.
    pub header: Option<&'a [u8]>,
    /// The leaf hash in the log's tiles; where given, an alteration is named to the entry.
    pub tile: Option<Digest>,
}

/// Walks the log in its own order.
#[derive(Default)]
pub struct TreeChecker {
    tree: RootStream,
    expected: BTreeMap<u64, Vec<Digest>>,
    /// The largest size whose checkpoint fitted.
    covered: u64,
    checkpoints: u64,
    /// A leaf was unknown, so no later root can be compared.
    unsure: bool,
}

impl TreeChecker {
    /// Notes a checkpoint that the log must pass through. Give each before the walk has passed its size.
    pub fn expect(&mut self, checkpoint: &Checkpoint) -> Option<Finding> {
        if checkpoint.size < self.tree.size() {
            let sentence = format!("the checkpoint of size {} came too late to be checked", checkpoint.size);
            return Some(Finding::of(FindingKind::Unchecked, sentence));
        }
        let roots = self.expected.entry(checkpoint.size).or_default();
        if !roots.contains(&checkpoint.root) {
            roots.push(checkpoint.root);
        }
        if checkpoint.size == self.tree.size() { self.compare().pop() } else { None }
    }

    /// The largest size for which a checkpoint has been given: time to give more when the walk comes near it.
    pub fn horizon(&self) -> u64 {
        self.expected.keys().next_back().copied().unwrap_or(self.covered)
    }

    /// Leaves walked.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Checkpoints that fitted.
    pub const fn checkpoints(&self) -> u64 {
        self.checkpoints
    }

    /// Takes the next leaf and names what is wrong with it, and with the checkpoints that it completes.
    pub fn push(&mut self, leaf: &LoggedLeaf<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let here = self.tree.size();
        if leaf.index != here {
            self.unsure = true;
            let sentence = format!("log entry {here}: the log has no such entry; the next is {}", leaf.index);
            findings.push(Finding { index: Some(here), ..Finding::of(FindingKind::EntryMissing, sentence) });
        }
        let own = leaf.header.map(header::leaf);
        findings.extend(wrong_leaf(leaf, own));
        match leaf.tile.or(own) {
            Some(hash) => self.tree.push(hash),
            None => {
                self.unsure = true;
                self.tree.push(Digest::NONE);
            }
        }
        findings.extend(self.compare());
        findings
    }

    fn compare(&mut self) -> Vec<Finding> {
        let size = self.tree.size();
        let Some(roots) = self.expected.remove(&size) else { return Vec::new() };
        if self.unsure {
            let sentence =
                format!("the checkpoint of size {size} cannot be checked, since entries before it are missing");
            return vec![Finding::of(FindingKind::Unchecked, sentence)];
        }
        let (fitting, other): (Vec<_>, Vec<_>) = roots.into_iter().partition(|root| *root == self.tree.root());
        let findings = other.iter().map(|_| fork(self.covered, size)).collect();
        if !fitting.is_empty() {
            self.covered = size;
            self.checkpoints += 1;
        }
        findings
    }

    /// Ends the walk: names checkpoints beyond the end of the log, and leaves beyond the last checkpoint.
    pub fn finish(self) -> Vec<Finding> {
        let size = self.tree.size();
        if let Some((beyond, _)) = self.expected.last_key_value() {
            let sentence = format!(
                "the log ends after {size} entries, but a signed checkpoint covers {beyond}: the last {} are missing",
                beyond - size
            );
            return vec![Finding { index: Some(size), ..Finding::of(FindingKind::TailMissing, sentence) }];
        }
        if self.covered < size && !self.unsure {
            let sentence = format!("log entries {} to {}: no checkpoint covers them", self.covered, size - 1);
            return vec![Finding { index: Some(self.covered), ..Finding::of(FindingKind::Uncovered, sentence) }];
        }
        Vec::new()
    }
}

fn wrong_leaf(leaf: &LoggedLeaf<'_>, own: Option<Digest>) -> Option<Finding> {
    let found = |kind, what: &str| Some(Finding::at(kind, leaf.stream, leaf.version, what).logged(leaf.index));
    let (Some(header), Some(own)) = (leaf.header, own) else {
        return found(FindingKind::EntryMissing, "the log names it, but it is not in the journal");
    };
    if leaf.tile.is_some_and(|tile| tile != own) {
        return found(FindingKind::LeafMismatch, "its header is not the one that was logged");
    }
    let named =
        Header::parse(header).is_ok_and(|header| (header.stream, header.version) == (leaf.stream, leaf.version));
    if named { None } else { found(FindingKind::LeafMismatch, "the log names another entry at this place") }
}

fn fork(from: u64, size: u64) -> Finding {
    let sentence = format!(
        "the log's first {size} entries are not those of a signed checkpoint: \
         an entry from place {from} on was altered, exchanged, added or removed"
    );
    Finding { index: Some(from), ..Finding::of(FindingKind::Fork, sentence) }
}
