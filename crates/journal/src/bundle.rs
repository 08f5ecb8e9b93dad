//! The open case bundle: plain files that show, with nothing else at hand, that a case is as it was recorded.
//!
//! | file | holds |
//! |---|---|
//! | `manifest.json`, `manifest.sig` | the list of everything, and a signed note over its SHA-256 |
//! | `checkpoint.txt`, `key.txt` | the signed checkpoint of the log, and the key that signs |
//! | `entries/00001.header.json` | the canonical header: its SHA-256 with a zero byte before it is the log's leaf |
//! | `entries/00001.payload.json` | what was recorded, when the exporter may read it |
//!
//! A payload is what its header commits to: SHA-256 of `tocsin/commit/v1`, salt and payload is its `commitment`.

use crate::digest::Digest;
use crate::header::{self, Header};
use crate::log::check_inclusion;
use crate::note::{Checkpoint, OriginError, SigningKey, VerifierKey};
use crate::seal::{Opened, StoredEntry, commitment};
use crate::verify::{ChainChecker, Finding, FindingKind, Weight};
use domain::ids::StreamId;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FORMAT: &str = "tocsin-case-bundle/1";
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const CHECKPOINT: &str = "checkpoint.txt";
const KEY: &str = "key.txt";

/// A case to be written as a bundle.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The printed reference of the case.
    pub reference: String,
    /// When it is exported.
    pub exported_at: Instant,
    /// The signed checkpoint that all proofs lead to.
    pub checkpoint: String,
    /// Every entry of every stream of the case, from version 1 on.
    pub entries: Vec<BundleEntry>,
    /// Files beside the entries: evidence and documents.
    pub files: Vec<BundleFile>,
}

/// An entry of a bundle.
#[derive(Clone, Debug)]
pub struct BundleEntry {
    /// The canonical header.
    pub header: Vec<u8>,
    /// What the exporter may read of it.
    pub content: BundleContent,
    /// Its place in the log, from 0.
    pub index: u64,
    /// The audit path from its leaf to the checkpoint's root.
    pub proof: Vec<Digest>,
}

/// What a bundle shows of an entry.
#[derive(Clone, Debug)]
pub enum BundleContent {
    /// Payload and salt.
    Open(Opened),
    /// A section that the exporter may not read.
    Sealed,
    /// Lawfully erased before the export.
    Erased,
}

/// A file of a bundle. Its bytes are added by whoever writes the archive, under `path`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleFile {
    /// Where it lies in the bundle, such as `files/00001.eml`.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 over them.
    pub sha256: Digest,
    /// The entry whose payload names that digest; `None` for what was made for the export.
    pub entry: Option<(StreamId, u32)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: String,
    reference: String,
    exported_at: Instant,
    checkpoint: Digest,
    entries: Vec<Listed>,
    files: Vec<BundleFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    stream: StreamId,
    version: u32,
    header: String,
    /// SHA-256 of the header file.
    hash: Digest,
    content: Shown,
    index: u64,
    proof: Vec<Digest>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "is")]
enum Shown {
    Open { payload: String, salt: Digest },
    Sealed,
    Erased,
}

/// Why a bundle cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// An entry's header is no header.
    #[error(transparent)]
    Header(#[from] header::HeaderError),
    /// The log has no usable name.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The manifest could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The files of a bundle but for [`Bundle::files`], whose bytes the caller adds to the same archive.
pub fn write_bundle(bundle: &Bundle, key: &SigningKey, origin: &str) -> Result<Vec<(String, Vec<u8>)>, BundleError> {
    let verifier = key.verifier(origin)?;
    let mut entries = Vec::with_capacity(bundle.entries.len());
    for entry in &bundle.entries {
        entries.push((Header::parse(&entry.header)?, entry));
    }
    entries.sort_by_key(|(header, _)| (header.stream, header.version));
    let mut files = Vec::new();
    let mut listed = Vec::with_capacity(entries.len());
    for (number, (header, entry)) in (1..).zip(entries) {
        let path = format!("entries/{number:05}.header.json");
        let content = match &entry.content {
            BundleContent::Open(opened) => {
                let payload = format!("entries/{number:05}.payload.json");
                files.push((payload.clone(), opened.payload.clone()));
                Shown::Open { payload, salt: Digest(opened.salt) }
            }
            BundleContent::Sealed => Shown::Sealed,
            BundleContent::Erased => Shown::Erased,
        };
        listed.push(Listed {
            stream: header.stream,
            version: header.version,
            header: path.clone(),
            hash: Digest::of(&entry.header),
            content,
            index: entry.index,
            proof: entry.proof.clone(),
        });
        files.push((path, entry.header.clone()));
    }
    let manifest = serde_json::to_vec_pretty(&Manifest {
        format: FORMAT.to_owned(),
        reference: bundle.reference.clone(),
        exported_at: bundle.exported_at,
        checkpoint: Digest::of(bundle.checkpoint.as_bytes()),
        entries: listed,
        files: bundle.files.clone(),
    })?;
    files.push((SIGNATURE.to_owned(), key.sign(origin, &statement(origin, &manifest))?.into_bytes()));
    files.push((MANIFEST.to_owned(), manifest));
    files.push((CHECKPOINT.to_owned(), bundle.checkpoint.clone().into_bytes()));
    files.push((KEY.to_owned(), format!("{verifier}\n").into_bytes()));
    files.sort();
    Ok(files)
}

/// What the key signs: it names its subject, so that it can never be taken for a checkpoint.
fn statement(origin: &str, manifest: &[u8]) -> String {
    format!("{origin}/bundle\nsha256:{}\n", Digest::of(manifest))
}

/// What came of checking a bundle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BundleVerdict {
    /// The heaviest finding; [`Weight::Notice`] is clean.
    pub outcome: Weight,
    /// What was found, in the order of checking.
    pub findings: Vec<Finding>,
    /// The case.
    pub reference: Option<String>,
    /// When it was exported.
    pub exported_at: Option<Instant>,
    /// The key that the bundle itself names. Compare it with the one that the installation publishes.
    pub key: Option<String>,
    /// Whether it is the expected key; `None` when none was given.
    pub expected_key: Option<bool>,
    /// Size of the log that the checkpoint covers.
    pub log_size: Option<u64>,
    /// Entries checked.
    pub entries: u64,
    /// Of them shown with content.
    pub open: u64,
    /// Of them shown as headers only.
    pub sealed: u64,
    /// Of them erased.
    pub erased: u64,
    /// Files checked.
    pub files: u64,
    /// Every path that belongs to the bundle; anything else in the archive is not covered by it.
    pub listed: Vec<String>,
}

/// Checks a bundle with nothing but its files: `read` gives the bytes of one by its path. The expected key, where
/// given, must come from elsewhere than the bundle.
pub fn verify_bundle(mut read: impl FnMut(&str) -> Option<Vec<u8>>, expected: Option<&VerifierKey>) -> BundleVerdict {
    let mut check = Check { read: &mut read, verdict: BundleVerdict::new(), payloads: BTreeMap::new() };
    check.run(expected);
    let mut verdict = check.verdict;
    verdict.outcome = verdict.findings.iter().map(Finding::weight).max().unwrap_or(Weight::Notice);
    verdict
}

impl BundleVerdict {
    fn new() -> Self {
        Self {
            outcome: Weight::CannotTell,
            findings: Vec::new(),
            reference: None,
            exported_at: None,
            key: None,
            expected_key: None,
            log_size: None,
            entries: 0,
            open: 0,
            sealed: 0,
            erased: 0,
            files: 0,
            listed: Vec::new(),
        }
    }
}

struct Check<'a> {
    read: &'a mut dyn FnMut(&str) -> Option<Vec<u8>>,
    verdict: BundleVerdict,
    /// For each entry that files point to: its payload, once it has proved to be what was recorded.
    payloads: BTreeMap<(StreamId, u32), Option<Vec<u8>>>,
}

impl Check<'_> {
    fn run(&mut self, expected: Option<&VerifierKey>) {
        let Some(key) = self.key(expected) else { return };
        let Some(manifest) = self.manifest(&key) else { return };
        let checkpoint = self.checkpoint(&key, &manifest);
        self.verdict.log_size = checkpoint.as_ref().map(|checkpoint| checkpoint.size);
        self.verdict.reference = Some(manifest.reference.clone());
        self.verdict.exported_at = Some(manifest.exported_at);
        let wanted = manifest.files.iter().filter_map(|file| file.entry);
        self.payloads = wanted.map(|entry| (entry, None)).collect();
        let mut chain = ChainChecker::default();
        for listed in &manifest.entries {
            if let Err(finding) = self.entry(listed, &mut chain, checkpoint.as_ref()) {
                self.verdict.findings.push(finding);
            }
        }
        for file in &manifest.files {
            if let Err(finding) = self.file(file) {
                self.verdict.findings.push(finding);
            }
        }
    }

    fn found(&mut self, kind: FindingKind, sentence: impl Into<String>) {
        self.verdict.findings.push(Finding::of(kind, sentence.into()));
    }

    fn take(&mut self, path: &str) -> Option<Vec<u8>> {
        // A hostile manifest must not lead a reader of folders out of the bundle.
        let inside = !path.starts_with('/')
            && !path.contains('\\')
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !inside {
            return None;
        }
        self.verdict.listed.push(path.to_owned());
        (self.read)(path)
    }

    fn text(&mut self, path: &str) -> Option<String> {
        let text = self.take(path).and_then(|bytes| String::from_utf8(bytes).ok());
        if text.is_none() {
            self.found(
                FindingKind::Unchecked,
                format!("{path} is missing or unreadable: this is not a whole case bundle"),
            );
        }
        text
    }

    fn key(&mut self, expected: Option<&VerifierKey>) -> Option<VerifierKey> {
        let Ok(own) = self.text(KEY)?.parse::<VerifierKey>() else {
            self.found(FindingKind::Unchecked, "key.txt does not hold a key");
            return None;
        };
        self.verdict.key = Some(own.to_string());
        self.verdict.expected_key = expected.map(|expected| *expected == own);
        if self.verdict.expected_key == Some(false) {
            self.found(FindingKind::SignatureWrong, "the bundle was signed with another key than the expected one");
        }
        Some(expected.unwrap_or(&own).clone())
    }

    fn manifest(&mut self, key: &VerifierKey) -> Option<Manifest> {
        let bytes = self.text(MANIFEST)?.into_bytes();
        let signature = self.text(SIGNATURE)?;
        match key.open(&signature) {
            Ok(signed) if signed == statement(key.origin(), &bytes) => {}
            Ok(_) => self.found(FindingKind::SignatureWrong, "manifest.json was altered: it is not what was signed"),
            Err(why) => self.found(FindingKind::SignatureWrong, format!("manifest.sig: {why}")),
        }
        match serde_json::from_slice::<Manifest>(&bytes) {
            Ok(manifest) if manifest.format == FORMAT => Some(manifest),
            Ok(manifest) => {
                let sentence =
                    format!("the bundle has the format {:?}, which this version does not know", manifest.format);
                self.found(FindingKind::Unchecked, sentence);
                None
            }
            Err(_) => {
                self.found(FindingKind::Unchecked, "manifest.json cannot be read as the list of a case bundle");
                None
            }
        }
    }

    fn checkpoint(&mut self, key: &VerifierKey, manifest: &Manifest) -> Option<Checkpoint> {
        let note = self.text(CHECKPOINT)?;
        if Digest::of(note.as_bytes()) != manifest.checkpoint {
            self.found(FindingKind::SignatureWrong, "checkpoint.txt is not the one that the manifest names");
        }
        let opened = Checkpoint::open(&note, key);
        if let Err(why) = &opened {
            self.found(FindingKind::SignatureWrong, format!("checkpoint.txt: {why}"));
        }
        opened.ok()
    }

    fn entry(
        &mut self,
        listed: &Listed,
        chain: &mut ChainChecker,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<(), Finding> {
        let (stream, version) = (listed.stream, listed.version);
        let found = |kind, what: &str| Finding::at(kind, stream, version, what).logged(listed.index);
        self.verdict.entries += 1;
        let Some(header) = self.take(&listed.header) else {
            return Err(found(FindingKind::EntryMissing, "its header is missing from the bundle"));
        };
        // The manifest's word on the agency is not needed: the header is held to its own hash and to the log.
        let tenant = Header::parse(&header).map(|header| header.tenant);
        let tenant =
            tenant.map_err(|why| found(FindingKind::HeaderAltered, &format!("its header was altered: {why}")))?;
        let stored = StoredEntry {
            stream,
            version,
            tenant,
            header: &header,
            hash: listed.hash.bytes(),
            // What a bundle shows of the content is checked below.
            wrapped_key: None,
            ciphertext: None,
        };
        let checked = chain.push(&stored, None).map_err(|finding| finding.logged(listed.index))?;
        if let Some(checkpoint) = checkpoint {
            check_inclusion(&listed.proof, checkpoint.size, checkpoint.root, listed.index, checked.leaf)
                .map_err(|_| found(FindingKind::ProofWrong, "its proof does not lead to the signed checkpoint"))?;
        }
        match &listed.content {
            Shown::Open { payload, salt } => {
                let Some(payload) = self.take(payload) else {
                    return Err(found(FindingKind::ContentMissing, "its payload is missing from the bundle"));
                };
                if commitment(salt.bytes(), &payload) != checked.header.commitment {
                    let what = "its payload was altered: it is not what its header commits to";
                    return Err(found(FindingKind::CommitmentWrong, what));
                }
                self.verdict.open += 1;
                if let Some(place) = self.payloads.get_mut(&(stream, version)) {
                    *place = Some(payload);
                }
            }
            Shown::Sealed => self.verdict.sealed += 1,
            Shown::Erased => {
                self.verdict.erased += 1;
                let what = "its content was erased before this bundle was written";
                self.verdict.findings.push(found(FindingKind::Erased, what));
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &BundleFile) -> Result<(), Finding> {
        let found = |what: &str| Finding::of(FindingKind::FileAltered, format!("{}: {what}", file.path));
        let bytes = self.take(&file.path).ok_or_else(|| found("it is missing from the bundle"))?;
        if bytes.len() as u64 != file.size || Digest::of(&bytes) != file.sha256 {
            return Err(found("it was altered: its SHA-256 is not the one in the manifest"));
        }
        if let Some(entry) = file.entry {
            let digest = format!("\"{}\"", file.sha256);
            let named = self.payloads.get(&entry).and_then(Option::as_ref);
            let named =
                named.is_some_and(|payload| payload.windows(digest.len()).any(|bytes| bytes == digest.as_bytes()));
            if !named {
                return Err(found("the entry that should name its SHA-256 does not"));
            }
        }
        self.verdict.files += 1;
        Ok(())
    }
}
