//! A case bundle verifies with nothing but itself, and any change to any of its files is noticed and named.

mod support;

use domain::actor::Section;
use domain::time::Instant;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeMap;
use support::{Chance, Log, entries, keyring, leaves, payload, stream};
use tocsin_journal::bundle::{BundleContent, BundleEntry, BundleFile};
use tocsin_journal::{
    Bundle, BundleVerdict, Checkpoint, Digest, FindingKind, HeaderDraft, Keyring, Opened, SigningKey, VerifierKey,
    Weight, log, seal_event, verify_bundle, write_bundle,
};

const ORIGIN: &str = "tocsin.example.gov/log";
const EVIDENCE: &[u8] = b"Received: from nowhere.example";

type Files = BTreeMap<String, Vec<u8>>;

/// Entry 6 of stream 1 names the evidence; section `counsel` may not be read; entry 3 of stream 2 was erased.
fn bundle(keys: &Keyring) -> (Bundle, VerifierKey) {
    let chance = Chance::new(11);
    let mut all = entries(keys, stream(1), 5, &chance);
    let draft = HeaderDraft { section: Section::Evidence, ..support::draft(6, all[4].hash) };
    let words = format!("{{\"sha256\":\"{}\"}}", Digest::of(EVIDENCE));
    all.push(seal_event(keys, draft, words.as_bytes(), b"{}", &chance).expect("sealed"));
    all.extend(entries(keys, stream(2), 4, &chance));
    let mut grown = Log::default();
    grown.append(&[Digest([1; 32]), Digest([2; 32])]);
    grown.append(&leaves(&all));
    let key = keys.signing().expect("key");
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: grown.size, root: grown.root };
    let entry = |(index, entry): (u64, &tocsin_journal::SealedEntry)| {
        let (header, opened) = entry.stored().open(keys).expect("opens");
        let content = match (header.stream, header.version) {
            (of, 3) if of == stream(2) => BundleContent::Erased,
            _ if header.section == Section::Counsel => BundleContent::Sealed,
            _ => BundleContent::Open(opened),
        };
        let proof = log::prove_inclusion(index, grown.size, |id| grown.tile(id)).expect("proof");
        BundleEntry { header: entry.canonical.clone(), content, index, proof }
    };
    let file = |path: &str, bytes: &[u8], entry| BundleFile {
        path: path.to_owned(),
        size: bytes.len() as u64,
        sha256: Digest::of(bytes),
        entry,
    };
    let bundle = Bundle {
        reference: "DMH-2026-0147".to_owned(),
        exported_at: Instant::from_micros(1_792_000_000_000_000),
        checkpoint: checkpoint.sign(&key).expect("signed"),
        entries: (2..).zip(&all).map(entry).collect(),
        files: vec![
            file("files/00001.eml", EVIDENCE, Some((stream(1), 6))),
            file("README.txt", b"How to read this", None),
        ],
    };
    (bundle, key.verifier(ORIGIN).expect("name"))
}

fn write(bundle: &Bundle, key: &SigningKey) -> Files {
    let mut files: Files = write_bundle(bundle, key, ORIGIN).expect("written").into_iter().collect();
    files.insert("files/00001.eml".to_owned(), EVIDENCE.to_vec());
    files.insert("README.txt".to_owned(), b"How to read this".to_vec());
    files
}

fn written(keys: &Keyring) -> (Files, VerifierKey) {
    let (bundle, verifier) = bundle(keys);
    (write(&bundle, &keys.signing().expect("key")), verifier)
}

fn verify(files: &Files, expected: Option<&VerifierKey>) -> BundleVerdict {
    verify_bundle(|path| files.get(path).cloned(), expected)
}

#[test]
fn a_bundle_verifies_by_itself_and_counts_what_it_shows() {
    let keys = keyring();
    let (files, verifier) = written(&keys);
    let verdict = verify(&files, Some(&verifier));
    assert_eq!((verdict.outcome, verdict.expected_key), (Weight::Notice, Some(true)), "{:?}", verdict.findings);
    // Entry 4 of both streams is counsel's.
    assert_eq!((verdict.entries, verdict.open, verdict.sealed, verdict.erased), (10, 7, 2, 1));
    assert_eq!((verdict.files, verdict.log_size), (2, Some(12)));
    assert_eq!(verdict.reference.as_deref(), Some("DMH-2026-0147"));
    let kinds: Vec<_> = verdict.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::Erased], "said, and no fault");
    let mut listed = verdict.listed.clone();
    listed.sort();
    assert_eq!(listed, files.keys().cloned().collect::<Vec<_>>(), "everything in the archive is covered");
    assert_eq!(verify(&files, None).outcome, Weight::Notice, "nothing else is needed");
    assert_eq!(files["entries/00001.payload.json"], payload(1), "anybody can read what was recorded");
}

#[test]
fn a_bundle_signed_by_somebody_else_is_named() {
    let keys = keyring();
    let (files, _) = written(&keys);
    let stranger = VerifierKey::new(ORIGIN, [9; 32]).expect("name");
    let verdict = verify(&files, Some(&stranger));
    assert_eq!((verdict.outcome, verdict.expected_key), (Weight::Altered, Some(false)));
    assert_eq!(verdict.findings[0].kind, FindingKind::SignatureWrong);
}

#[test]
fn something_that_is_no_bundle_is_not_called_altered() {
    let verdict = verify(&Files::new(), None);
    assert_eq!(verdict.outcome, Weight::CannotTell);
    let other = Files::from([("key.txt".to_owned(), b"a door key".to_vec())]);
    assert_eq!(verify(&other, None).outcome, Weight::CannotTell);
}

#[test]
fn whoever_signs_anew_still_cannot_change_a_word() {
    // A thief of the signing key writes a consistent manifest around altered content; the log's checkpoint holds.
    let keys = keyring();
    let key = keys.signing().expect("key");
    let (honest, verifier) = bundle(&keys);
    let first_finding = |change: &dyn Fn(&mut Bundle)| {
        let mut altered = honest.clone();
        change(&mut altered);
        let verdict = verify(&write(&altered, &key), Some(&verifier));
        assert_eq!(verdict.outcome, Weight::Altered);
        let first = verdict.findings.iter().find(|finding| finding.weight() == Weight::Altered).expect("one");
        (first.kind, first.version)
    };
    let salt = |bundle: &Bundle| match &bundle.entries[0].content {
        BundleContent::Open(opened) => opened.salt,
        other => panic!("shown: {other:?}"),
    };
    let other_words = |bundle: &mut Bundle| {
        bundle.entries[0].content = BundleContent::Open(Opened { payload: payload(7), salt: salt(bundle) });
    };
    assert_eq!(first_finding(&other_words), (FindingKind::CommitmentWrong, Some(1)));
    let other_header = |bundle: &mut Bundle| {
        let at = String::from_utf8(bundle.entries[4].header.clone()).expect("json").replacen("2026-", "2025-", 1);
        bundle.entries[4].header = at.into_bytes();
    };
    assert_eq!(first_finding(&other_header), (FindingKind::ProofWrong, Some(5)));
    let dropped = |bundle: &mut Bundle| drop(bundle.entries.remove(1));
    assert_eq!(first_finding(&dropped), (FindingKind::VersionMissing, Some(2)));
    let moved = |bundle: &mut Bundle| bundle.entries[2].index += 1;
    assert_eq!(first_finding(&moved), (FindingKind::ProofWrong, Some(3)));
    let other_evidence = |bundle: &mut Bundle| bundle.files[0].entry = Some((stream(1), 1));
    assert_eq!(first_finding(&other_evidence), (FindingKind::FileAltered, None));
    let outside = |bundle: &mut Bundle| bundle.files[1].path = "../README.txt".to_owned();
    assert_eq!(first_finding(&outside), (FindingKind::FileAltered, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_flipped_bit_is_noticed(file in any::<Index>(), at in any::<Index>(), bit in 0..8u8) {
        let keys = keyring();
        let (mut files, verifier) = written(&keys);
        let path = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let bytes = files.get_mut(&path).expect("there");
        let at = at.index(bytes.len());
        let before = bytes.clone();
        bytes[at] ^= 1 << bit;
        // White space around the key is not part of it.
        prop_assume!(String::from_utf8_lossy(&before).trim() != String::from_utf8_lossy(bytes).trim());
        let verdict = verify(&files, Some(&verifier));
        prop_assert!(verdict.outcome > Weight::Notice, "{path} at {at}");
        let first = &verdict.findings.iter().find(|finding| finding.weight() > Weight::Notice).expect("one").sentence;
        let number = path.strip_prefix("entries/").and_then(|rest| rest.get(..5)).and_then(|number| number.parse::<u32>().ok());
        let named = match number {
            Some(number @ 1..=6) => format!("entry {number} of stream {}", stream(1)),
            Some(number) => format!("entry {} of stream {}", number - 6, stream(2)),
            None => path.replace("key.txt", "key"),
        };
        prop_assert!(first.contains(&named) || path == "manifest.sig", "{path}: {first}");
    }

    #[test]
    fn any_missing_file_is_noticed(file in any::<Index>()) {
        let keys = keyring();
        let (mut files, verifier) = written(&keys);
        let path = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        files.remove(&path);
        prop_assert!(verify(&files, Some(&verifier)).outcome > Weight::Notice, "{path}");
    }
}

proptest! {
    // Each case tries every file.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn hostile_files_are_judged_without_a_panic(bytes in any::<Vec<u8>>(), text in ".*", seed in any::<u64>()) {
        let keys = keyring();
        let (files, _) = written(&keys);
        for path in files.keys() {
            for hostile in [bytes.clone(), text.clone().into_bytes(), seed.to_string().into_bytes()] {
                let mut files = files.clone();
                files.insert(path.clone(), hostile);
                prop_assert!(verify(&files, None).outcome > Weight::Notice, "{path}");
            }
        }
    }
}
