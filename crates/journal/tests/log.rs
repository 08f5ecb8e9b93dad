//! The log against RFC 6962: known answers, tiles that grow, proofs that prove and nothing else.

mod support;

use proptest::prelude::*;
use support::{Log, keyring};
use tocsin_journal::log::{self, LogError, RootStream, TileId};
use tocsin_journal::note::SignedError;
use tocsin_journal::{Checkpoint, Digest, VerifierKey, header};

/// The eight leaves with which implementations of RFC 6962 have been compared since 2013.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The published roots over the first one to eight of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(text: &str) -> Digest {
    Digest::from_hex(text).expect("64 digits")
}

fn known_leaves() -> Vec<Digest> {
    let decode = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex");
    LEAVES.iter().map(|leaf| header::leaf(&decode(leaf))).collect()
}

fn leaf(n: u64) -> Digest {
    header::leaf(&n.to_be_bytes())
}

#[test]
fn the_published_roots_come_out() {
    assert_eq!(log::empty_root(), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    let (mut stream, mut grown) = (RootStream::default(), Log::default());
    for (leaf, root) in known_leaves().into_iter().zip(ROOTS) {
        stream.push(leaf);
        grown.append(&[leaf]);
        assert_eq!((stream.root(), grown.root), (hex(root), hex(root)), "size {}", stream.size());
        let mut at_once = Log::default();
        at_once.append(&known_leaves()[..stream.size() as usize]);
        assert_eq!((at_once.root, at_once.tiles), (grown.root, grown.tiles.clone()));
    }
}

#[test]
fn the_published_proofs_come_out() {
    let mut eight = Log::default();
    eight.append(&known_leaves());
    let read = |id: TileId| eight.tile(id);
    let inclusion = |index, size| log::prove_inclusion(index, size, read).expect("proof");
    assert_eq!(inclusion(0, 1), []);
    let expected = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion(0, 8), expected.map(hex));
    let expected = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(inclusion(5, 8), expected.map(hex));
    let expected = ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"];
    assert_eq!(inclusion(2, 3), expected.map(hex));
    let consistency = |old, new| log::prove_consistency(old, new, read).expect("proof");
    assert_eq!(consistency(1, 1), []);
    let expected = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(consistency(1, 8), expected.map(hex));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn however_it_grew_the_log_is_the_same(steps in prop::collection::vec(0..300u64, 1..8)) {
        let (mut grown, mut stream) = (Log::default(), RootStream::default());
        for step in steps {
            let new: Vec<_> = (grown.size..grown.size + step).map(leaf).collect();
            let before = (grown.size, grown.root);
            grown.append(&new);
            new.into_iter().for_each(|leaf| stream.push(leaf));
            prop_assert_eq!((grown.size, grown.root), (stream.size(), stream.root()));
            prop_assert_eq!(log::root(before.0, |id| grown.tile(id)), Ok(before.1), "older roots stay computable");
        }
    }

    #[test]
    fn proofs_prove_what_they_say_and_nothing_else(
        size in 1..1_400u64, at in any::<[prop::sample::Index; 2]>(), flip in any::<prop::sample::Index>(),
    ) {
        let mut all = Log::default();
        all.append(&(0..size).map(leaf).collect::<Vec<_>>());
        let index = at[0].index(size as usize) as u64;
        let asked = log::tiles_for_inclusion(index, size);
        let proof = log::prove_inclusion(index, size, |id| asked.contains(&id).then(|| all.tile(id)).flatten());
        let proof = proof.expect("the tiles asked for are enough");
        prop_assert_eq!(log::check_inclusion(&proof, size, all.root, index, leaf(index)), Ok(()));
        prop_assert!(log::check_inclusion(&proof, size, all.root, index, leaf(index + 1)).is_err());
        prop_assert!(log::check_inclusion(&proof, size, leaf(0), index, leaf(index)).is_err() || size == 1);
        if !proof.is_empty() {
            let mut wrong = proof.clone();
            wrong[flip.index(proof.len())].0[7] ^= 1;
            prop_assert!(log::check_inclusion(&wrong, size, all.root, index, leaf(index)).is_err());
            prop_assert!(log::check_inclusion(&proof[1..], size, all.root, index, leaf(index)).is_err());
        }

        let old = 1 + at[1].index(size as usize) as u64;
        let old_root = log::root(old, |id| all.tile(id)).expect("root");
        let asked = log::tiles_for_consistency(old, size);
        let proof = log::prove_consistency(old, size, |id| asked.contains(&id).then(|| all.tile(id)).flatten());
        let proof = proof.expect("the tiles asked for are enough");
        prop_assert_eq!(log::check_consistency(&proof, old, old_root, size, all.root), Ok(()));
        prop_assert!(log::check_consistency(&proof, old, leaf(0), size, all.root).is_err() || old == 1);
    }

    #[test]
    fn hostile_proofs_tiles_and_notes_are_refused_without_a_panic(
        proof in prop::collection::vec(any::<[u8; 32]>(), 0..80), numbers in any::<[u64; 3]>(), bytes in any::<Vec<u8>>(),
        text in ".*",
    ) {
        let proof: Vec<_> = proof.into_iter().map(Digest).collect();
        let [a, b, c] = numbers;
        prop_assert!(log::check_inclusion(&proof, a, leaf(b), b, leaf(c)).is_err());
        prop_assert!(log::check_consistency(&proof, a, leaf(1), b, leaf(2)).is_err());
        prop_assert!(log::append(a, leaf(1), &[leaf(2)], |_| Some(bytes.clone())).is_err());
        prop_assert!(log::prove_inclusion(a % 5_000, b % 5_000, |_| Some(bytes.clone())).is_err() || b % 5_000 == 1);
        let _ = (log::tiles_for_append(a), log::tiles_for_inclusion(a, b), log::tiles_for_consistency(a, b));
        let key = keyring().signing().expect("key").verifier("example.gov/log").expect("name");
        prop_assert!(Checkpoint::open(&text, &key).is_err());
        prop_assert!(text.parse::<VerifierKey>().is_err());
    }
}

#[test]
fn nothing_is_built_on_altered_tiles() {
    let mut grown = Log::default();
    grown.append(&(0..700).map(leaf).collect::<Vec<_>>());
    for id in log::tiles_for_append(700) {
        let mut altered = grown.clone();
        altered.tiles.get_mut(&id).expect("kept")[5] ^= 1;
        let appended = log::append(700, grown.root, &[leaf(700)], |id| altered.tile(id));
        assert_eq!(appended, Err(LogError::Fork), "{id:?}");
        altered.tiles.remove(&id);
        let appended = log::append(700, grown.root, &[leaf(700)], |id| altered.tile(id));
        assert_eq!(appended, Err(LogError::Tile), "{id:?}");
    }
    assert_eq!(TileId { level: 0, index: 2 }.path(188), "tile/0/002.p/188");
    assert_eq!(TileId { level: 1, index: 1_234_067 }.path(256), "tile/1/x001/x234/067");
}

#[test]
fn a_checkpoint_is_believed_by_its_own_log_and_key_only() {
    let key = keyring().signing().expect("key");
    let verifier = key.verifier("tocsin.example.gov/log").expect("name");
    let checkpoint = Checkpoint { origin: "tocsin.example.gov/log".to_owned(), size: 8, root: hex(ROOTS[7]) };
    let note = checkpoint.sign(&key).expect("signed");
    let start = "tocsin.example.gov/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— tocsin.example.gov/log ";
    assert!(note.starts_with(start), "{note}");
    assert_eq!(Checkpoint::open(&note, &verifier), Ok(checkpoint.clone()));
    let printed = verifier.to_string();
    assert_eq!(printed.parse(), Ok(verifier.clone()));
    // The reference implementation of the note format reads key and note alike.
    let theirs = signed_note::StandardVerifier::new(&printed).expect("a verifier key as C2SP writes it");
    let known = signed_note::VerifierList::new(vec![Box::new(theirs)]);
    let parsed = signed_note::Note::from_bytes(note.as_bytes()).expect("a note");
    assert_eq!(parsed.verify(&known).expect("verified").0.len(), 1);

    let larger = note.replacen("\n8\n", "\n9\n", 1);
    assert_eq!(Checkpoint::open(&larger, &verifier), Err(SignedError::Altered("tocsin.example.gov/log".to_owned())));
    let elsewhere = key.verifier("other.example.gov/log").expect("name");
    assert_eq!(Checkpoint::open(&note, &elsewhere), Err(SignedError::Unsigned("other.example.gov/log".to_owned())));
    let other_log = Checkpoint { origin: "other.example.gov/log".to_owned(), ..checkpoint };
    let body = format!("{}\n8\n{}\n", other_log.origin, data_encoding::BASE64.encode(&other_log.root.0));
    let smuggled = key.sign("tocsin.example.gov/log", &body).expect("signed");
    assert_eq!(Checkpoint::open(&smuggled, &verifier), Err(SignedError::Origin("other.example.gov/log".to_owned())));
    assert!(key.verifier("two words").is_err() && key.verifier("").is_err() && key.verifier("a+b").is_err());
}
