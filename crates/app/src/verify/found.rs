//! What a verification finds, and its verdict: in words for people, in kinds for programs.

use domain::ids::StreamId;
use journal::{Finding, FindingKind, Weight};
use serde::Serialize;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Kind {
    /// As the journal's own checks name it.
    Journal(FindingKind),
    /// In the store around the journal.
    Store(StoreKind),
}

/// What can be wrong around the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// A row of a list is not what its entries say.
    RowAltered,
    /// A record has entries and no row.
    RowMissing,
    /// A row has no entries.
    RowWithoutEntries,
    /// A tile of the log is not what its entries give.
    TileAltered,
    /// A stored or copied checkpoint is not one that was signed.
    CheckpointAltered,
    /// The store is older than a checkpoint that left the machine.
    RolledBack,
    /// An entry that the log never took up, although it took later ones.
    NeverLogged,
    /// A file is missing.
    FileMissing,
    /// A kept count is not what a recount gives.
    CountWrong,
    /// Something stored cannot be read.
    Unreadable,
    /// Something could not be looked at.
    Unchecked,
}

#[allow(non_upper_case_globals, reason = "they read as the variants they stand for")]
impl Kind {
    pub(super) const RowAltered: Self = Self::Store(StoreKind::RowAltered);
    pub(super) const RowMissing: Self = Self::Store(StoreKind::RowMissing);
    pub(super) const RowWithoutEntries: Self = Self::Store(StoreKind::RowWithoutEntries);
    pub(super) const TileAltered: Self = Self::Store(StoreKind::TileAltered);
    pub(super) const CheckpointAltered: Self = Self::Store(StoreKind::CheckpointAltered);
    pub(super) const RolledBack: Self = Self::Store(StoreKind::RolledBack);
    pub(super) const NeverLogged: Self = Self::Store(StoreKind::NeverLogged);
    pub(super) const FileMissing: Self = Self::Store(StoreKind::FileMissing);
    pub(super) const CountWrong: Self = Self::Store(StoreKind::CountWrong);
    pub(super) const Unreadable: Self = Self::Store(StoreKind::Unreadable);
    pub(super) const Unchecked: Self = Self::Store(StoreKind::Unchecked);

    const fn weight(self) -> Weight {
        match self {
            Self::Journal(FindingKind::Erased) => Weight::Notice,
            Self::Journal(FindingKind::Unchecked) | Self::Store(StoreKind::Unchecked) => Weight::CannotTell,
            Self::Journal(_) | Self::Store(_) => Weight::Altered,
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// What.
    pub kind: Kind,
    /// How much it weighs.
    pub weight: Weight,
    /// In which stream.
    pub stream: Option<StreamId>,
    /// At which version of it.
    pub version: Option<u32>,
    /// At which place of the log, from 0.
    pub index: Option<u64>,
    /// The record as it is printed, such as `report R-7KQ4-M2XD`.
    pub reference: Option<String>,
    /// The same in a sentence.
    pub sentence: String,
}

impl Found {
    pub(super) fn of(kind: Kind, sentence: String) -> Self {
        let weight = kind.weight();
        Self { kind, weight, stream: None, version: None, index: None, reference: None, sentence }
    }

    pub(super) fn at(kind: Kind, stream: StreamId, version: Option<u32>, what: impl Into<String>) -> Self {
        Self { stream: Some(stream), version, ..Self::of(kind, what.into()) }
    }

    /// Puts the place before what is wrong there: "Entry 3 of report R-… (log entry 88,213): its header was altered".
    pub(super) fn name(&mut self) {
        let Some(stream) = self.stream else {
            self.sentence = capital(&self.sentence);
            return;
        };
        let record = self.reference.clone().unwrap_or_else(|| format!("the record {stream}"));
        let place = match (self.version, self.index) {
            (Some(version), Some(index)) => format!("Entry {version} of {record} (log entry {})", grouped(index)),
            (Some(version), None) => format!("Entry {version} of {record} (not in the log)"),
            (None, _) => capital(&record),
        };
        self.sentence = format!("{place}: {}", self.sentence);
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        // The journal's sentence begins with the place by its ids; people get the place by its reference instead.
        let what = match (finding.stream, finding.sentence.split_once(": ")) {
            (Some(_), Some((_, what))) => what.to_owned(),
            _ => finding.sentence,
        };
        let (stream, version, index) = (finding.stream, finding.version, finding.index);
        Self { stream, version, index, ..Self::of(Kind::Journal(finding.kind), what) }
    }
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Entries of the journal.
    pub entries: u64,
    /// Streams.
    pub streams: u64,
    /// Places of the log, up to its newest checkpoint.
    pub log: u64,
    /// Checkpoints that fitted, of the store and from outside.
    pub checkpoints: u64,
    /// Of them read from the folder outside.
    pub outside: u64,
    /// Rows of reports.
    pub reports: u64,
    /// Rows of incidents.
    pub incidents: u64,
    /// Files.
    pub files: u64,
    /// Kept counts.
    pub counts: u64,
    /// Entries that the log has not taken up yet.
    pub unsealed: u64,
    /// Entries that were lawfully erased.
    pub erased: u64,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The heaviest finding; [`Weight::Notice`] is clean.
    pub outcome: Weight,
    /// How many entries of the log, from its beginning, nothing speaks against.
    pub proved: u64,
    /// How much was looked at.
    pub checked: Checked,
    /// What was found, in the order of the log.
    pub findings: Vec<Found>,
    /// Further findings that were counted and not kept.
    pub more: u64,
}

/// Findings so far. A store that is wrong everywhere must not fill the memory.
#[derive(Default)]
pub(super) struct Findings {
    pub kept: Vec<Found>,
    pub more: u64,
    pub log_unsure: bool,
    dropped: Option<Weight>,
}

const MOST: usize = 500;

impl Findings {
    pub fn push(&mut self, found: impl Into<Found>) {
        let found = found.into();
        if self.kept.len() < MOST {
            self.kept.push(found);
        } else if let Some(notice) = self.lighter_than(found.weight) {
            // What is altered is told before what was lawfully erased.
            *notice = found;
            self.more += 1;
        } else {
            self.more += 1;
            self.dropped = self.dropped.max(Some(found.weight));
        }
    }

    fn lighter_than(&mut self, weight: Weight) -> Option<&mut Found> {
        self.kept.iter_mut().rev().find(|kept| kept.weight == Weight::Notice && weight > Weight::Notice)
    }

    pub fn say(&mut self, kind: Kind, sentence: String) {
        self.push(Found::of(kind, sentence));
    }

    pub fn heaviest(&self) -> Weight {
        let kept = self.kept.iter().map(|found| found.weight).max();
        kept.max(self.dropped).unwrap_or(Weight::Notice)
    }

    /// The heaviest first, and among them in the order of the log.
    pub fn order(&mut self) {
        self.kept.sort_by_key(|found| {
            (std::cmp::Reverse(found.weight), found.index.unwrap_or(u64::MAX), found.stream, found.version)
        });
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let written: Vec<String> = [0, 12, 999, 1_000, 88_213, 1_000_000].map(grouped).to_vec();
        assert_eq!(written, ["0", "12", "999", "1,000", "88,213", "1,000,000"]);
    }

    #[test]
    fn the_heaviest_finding_decides_even_when_it_was_not_kept() {
        let mut findings = Findings::default();
        for _ in 0..MOST {
            findings.say(Kind::Unchecked, "it could not be looked at".to_owned());
        }
        assert_eq!(findings.heaviest(), Weight::CannotTell);
        findings.say(Kind::RowAltered, "it was altered".to_owned());
        assert_eq!((findings.heaviest(), findings.more), (Weight::Altered, 1));
    }
}
