//! Evidence encryption: any cut of the stream gives the same file, and nothing but the whole file opens.

mod support;

use domain::ids::FileId;
use proptest::prelude::*;
use support::{Chance, keyring, tenant};
use tocsin_journal::Digest;
use tocsin_journal::files::{CHUNK, FileError, FileFacts, FileKey, HEADER, Opener, RangeOpener, Sealer};
use uuid::Uuid;

fn file(n: u128) -> FileId {
    FileId::new(Uuid::from_u128(n))
}

fn seal(key: &FileKey, plain: &[u8], pieces: usize) -> (Vec<u8>, FileFacts) {
    let mut sealer = Sealer::new(key, &Chance::new(1));
    let mut out = Vec::new();
    for piece in plain.chunks(pieces.max(1)) {
        out.extend(sealer.push(piece).expect("room"));
    }
    let (tail, facts) = sealer.finish().expect("room");
    out.extend(tail);
    (out, facts)
}

fn open(key: FileKey, sealed: &[u8], pieces: usize) -> Result<(Vec<u8>, FileFacts), FileError> {
    let mut opener = Opener::new(key);
    let mut out = Vec::new();
    for piece in sealed.chunks(pieces.max(1)) {
        out.extend(opener.push(piece)?);
    }
    let (tail, facts) = opener.finish()?;
    out.extend(tail);
    Ok((out, facts))
}

fn sample(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 % 251) as u8).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_size_in_any_pieces_comes_back(
        length in prop_oneof![0..200usize, CHUNK - 2..CHUNK + 3, 3 * CHUNK - 2..3 * CHUNK + 3],
        pieces in (1_000..200_000usize, 1_000..200_000usize),
        range in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let keys = keyring();
        let (key, wrapped) = keys.new_file_key(tenant(1), file(1), &Chance::new(2)).expect("key");
        let plain = sample(length);
        let (sealed, facts) = seal(&key, &plain, pieces.0);
        prop_assert_eq!((facts.size, facts.cipher_size), (length as u64, sealed.len() as u64));
        prop_assert_eq!((facts.digest, facts.cipher_digest), (Digest::of(&plain), Digest::of(&sealed)));
        let key = keys.open_file_key(tenant(1), file(1), &wrapped).expect("key");
        let ranges = RangeOpener::new(&key, &sealed[..HEADER], sealed.len() as u64).expect("header");
        prop_assert_eq!(ranges.size(), length as u64);
        let (from, to) = (range.0.index(length + 1), range.1.index(length + 1));
        let mut read = Vec::new();
        let chunks = ranges.chunks(from as u64..to as u64);
        for chunk in chunks.clone() {
            let stored = ranges.stored(chunk);
            read.extend(ranges.open(chunk, &sealed[stored.start as usize..stored.end as usize]).expect("opens"));
        }
        if from < to {
            let start = from - chunks.start as usize * CHUNK;
            prop_assert_eq!(&read[start..start + to - from], &plain[from..to]);
        }
        prop_assert_eq!(open(key, &sealed, pieces.1), Ok((plain, facts)));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed(length in 0..2 * CHUNK + 9, at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let keys = keyring();
        let (key, _) = keys.new_file_key(tenant(1), file(1), &Chance::new(2)).expect("key");
        let (mut sealed, _) = seal(&key, &sample(length), CHUNK);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open(key, &sealed, CHUNK).is_err());
    }

    #[test]
    fn a_cut_anywhere_is_noticed(at in prop_oneof![0..40usize, CHUNK..CHUNK + 64, 0..2 * CHUNK]) {
        let keys = keyring();
        let (key, _) = keys.new_file_key(tenant(1), file(1), &Chance::new(2)).expect("key");
        let (sealed, _) = seal(&key, &sample(2 * CHUNK + 9), CHUNK);
        prop_assert!(open(key, &sealed[..at], CHUNK).is_err());
    }
}

#[test]
fn one_byte_at_a_time_is_the_same_file() {
    let keys = keyring();
    let (key, _) = keys.new_file_key(tenant(1), file(1), &Chance::new(2)).expect("key");
    let plain = sample(CHUNK + 5);
    let (whole, facts) = seal(&key, &plain, usize::MAX);
    assert_eq!(seal(&key, &plain, 1), (whole.clone(), facts));
    assert_eq!(open(key, &whole, 1), Ok((plain, facts)));
}

#[test]
fn chunks_cannot_be_swapped_dropped_repeated_or_added() {
    let keys = keyring();
    let chance = Chance::new(2);
    let (key, wrapped) = keys.new_file_key(tenant(1), file(1), &chance).expect("key");
    let (sealed, _) = seal(&key, &sample(3 * CHUNK), CHUNK);
    let (head, body) = sealed.split_at(HEADER);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + 16).collect();
    let reopen = |order: &[usize]| {
        let key = keys.open_file_key(tenant(1), file(1), &wrapped).expect("key");
        let parts: Vec<&[u8]> = std::iter::once(head).chain(order.iter().map(|at| chunks[*at])).collect();
        open(key, &parts.concat(), 1_000).map(|(plain, _)| plain.len())
    };
    assert_eq!(reopen(&[0, 1, 2]), Ok(3 * CHUNK));
    assert_eq!(reopen(&[1, 0, 2]), Err(FileError::Chunk(0)));
    assert_eq!(reopen(&[0, 2]), Err(FileError::Chunk(1)));
    assert_eq!(reopen(&[0, 1]), Err(FileError::Truncated), "cut exactly between two chunks");
    assert_eq!(reopen(&[0, 0, 1, 2]), Err(FileError::Chunk(1)));
    assert_eq!(reopen(&[0, 1, 2, 2]), Err(FileError::Chunk(2)));
    assert_eq!(reopen(&[]), Err(FileError::Truncated));
}

#[test]
fn a_key_opens_its_own_file_only() {
    let keys = keyring();
    let chance = Chance::new(2);
    let (_, wrapped) = keys.new_file_key(tenant(1), file(1), &chance).expect("key");
    assert!(keys.open_file_key(tenant(1), file(1), &wrapped).is_ok());
    assert_eq!(keys.open_file_key(tenant(1), file(2), &wrapped).err(), Some(FileError::FileKey));
    assert_eq!(keys.open_file_key(tenant(2), file(1), &wrapped).err(), Some(FileError::FileKey));
    let (other, _) = keys.new_file_key(tenant(1), file(2), &chance).expect("key");
    let (sealed, _) = seal(&other, b"words", 100);
    let key = keys.open_file_key(tenant(1), file(1), &wrapped).expect("key");
    assert_eq!(open(key, &sealed, 100).err(), Some(FileError::Chunk(0)));
}
