//! Sealing by example: what opens, and what does not once it has been moved or touched.

mod support;

use domain::actor::Section;
use support::{Chance, draft, keyring, tenant};
use tocsin_journal::{
    BoxPurpose, Digest, Header, Indexed, Keyring, Lookup, OpenError, RootKey, RootKeyError, seal, seal_event,
};

#[test]
fn an_entry_opens_to_what_was_sealed() {
    let keys = keyring();
    let sealed = seal_event(&keys, draft(1, Digest::NONE), b"{\"words\":1}", b"{\"row\":1}", &Chance::new(1));
    let sealed = sealed.expect("sealed");
    let (header, opened) = sealed.stored().open(&keys).expect("opens");
    assert_eq!((header, opened.payload.as_slice()), (sealed.header.clone(), b"{\"words\":1}".as_slice()));
    assert_eq!(seal::state_digest(&opened.salt, b"{\"row\":1}"), sealed.header.state);
    assert!(!sealed.ciphertext.windows(5).any(|bytes| bytes == b"words"), "nothing readable is stored");
}

#[test]
fn equal_words_leave_no_equal_traces() {
    let (keys, chance) = (keyring(), Chance::new(1));
    let seal = || seal_event(&keys, draft(1, Digest::NONE), b"{}", b"{}", &chance).expect("sealed");
    let (one, other) = (seal(), seal());
    assert_ne!(one.header.commitment, other.header.commitment);
    assert_ne!(one.header.state, other.header.state);
    assert_ne!(one.ciphertext, other.ciphertext);
}

#[test]
fn content_moved_to_another_row_does_not_open() {
    let (keys, chance) = (keyring(), Chance::new(1));
    // The same section twice, so that both are under one section key.
    let first = seal_event(&keys, draft(1, Digest::NONE), b"{\"a\":1}", b"{}", &chance).expect("sealed");
    let second = seal_event(&keys, draft(7, first.hash), b"{\"a\":2}", b"{}", &chance).expect("sealed");
    assert_eq!(first.header.section, second.header.section);
    let mut moved = first.stored();
    moved.wrapped_key = Some(&second.wrapped_key);
    assert_eq!(moved.open(&keys).unwrap_err(), OpenError::DoesNotOpen);
    moved.ciphertext = Some(&second.ciphertext);
    assert_eq!(moved.open(&keys).unwrap_err(), OpenError::DoesNotOpen);
    for section in Section::ALL.into_iter().filter(|section| *section != first.header.section) {
        let header = Header { section, ..first.header.clone() };
        let opened = tocsin_journal::open_event(&keys, &header, &first.wrapped_key, &first.ciphertext);
        assert_eq!(opened.unwrap_err(), OpenError::DoesNotOpen);
    }
}

#[test]
fn an_erased_entry_says_so() {
    let keys = keyring();
    let sealed = seal_event(&keys, draft(1, Digest::NONE), b"{}", b"{}", &Chance::new(1)).expect("sealed");
    let mut stored = sealed.stored();
    (stored.wrapped_key, stored.ciphertext) = (None, None);
    assert_eq!(stored.open(&keys).unwrap_err(), OpenError::Erased);
}

#[test]
fn boxes_belong_to_their_row_purpose_and_tenant() {
    let (keys, chance) = (keyring(), Chance::new(1));
    let at_home = Some(tenant(1));
    let sealed = keys.seal_box(BoxPurpose::Draft, at_home, b"row 1", b"a title", &chance).expect("sealed");
    let open = |purpose, tenant, row: &[u8]| keys.open_box(purpose, tenant, row, &sealed).ok();
    assert_eq!(open(BoxPurpose::Draft, at_home, b"row 1").as_deref(), Some(b"a title".as_slice()));
    assert_eq!(open(BoxPurpose::Draft, at_home, b"row 2"), None);
    assert_eq!(open(BoxPurpose::Answer, at_home, b"row 1"), None, "the same key, another purpose");
    assert_eq!(open(BoxPurpose::Account, at_home, b"row 1"), None);
    assert_eq!(open(BoxPurpose::Draft, Some(tenant(2)), b"row 1"), None);
    let of_everybody = keys.seal_box(BoxPurpose::Mail, None, b"1", b"hello", &chance).expect("sealed");
    assert_eq!(keys.open_box(BoxPurpose::Mail, None, b"1", &of_everybody).expect("opens"), b"hello");
}

#[test]
fn a_typed_word_never_acts_as_a_facet_or_a_unit() {
    let keys = keyring();
    let token = |what| keys.search_token(tenant(1), what).expect("token");
    let all = [
        token(Indexed::Word("kind")),
        token(Indexed::Word("kindlost")),
        token(Indexed::Word("facet")),
        token(Indexed::Facet("kind", "lost")),
        token(Indexed::Facet("kin", "dlost")),
        token(Indexed::Unit(support::unit(0x6161_6161_6161_6161_6161_6161_6161_6161))),
        token(Indexed::Word("aaaaaaaaaaaaaaaa")),
        keys.search_token(tenant(2), Indexed::Word("kind")).expect("token"),
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(token(Indexed::Word("kind")), all[0], "the same word is found again");
    let session = keys.lookup_hash(Lookup::Session, b"secret").expect("hash");
    assert_ne!(session, keys.lookup_hash(Lookup::ApiToken, b"secret").expect("hash"));
}

#[test]
fn rotated_keys_still_open_what_older_ones_sealed() {
    let (mut keys, chance) = (keyring(), Chance::new(3));
    let before = keys.seal_box(BoxPurpose::Draft, Some(tenant(1)), b"1", b"old", &chance).expect("sealed");
    let next = keys.draft_next(Some(tenant(1)), tocsin_journal::KeyPurpose::Intake, &chance).expect("rotates");
    keys.absorb(std::slice::from_ref(&next)).expect("absorbed");
    let after = keys.seal_box(BoxPurpose::Draft, Some(tenant(1)), b"1", b"new", &chance).expect("sealed");
    assert_eq!((before[1..5].to_vec(), after[1..5].to_vec()), (vec![0, 0, 0, 1], vec![0, 0, 0, 2]));
    for (sealed, words) in [(before, b"old"), (after, b"new")] {
        assert_eq!(keys.open_box(BoxPurpose::Draft, Some(tenant(1)), b"1", &sealed).expect("opens"), words);
    }
}

#[test]
fn a_new_root_key_opens_the_same_records() {
    let chance = Chance::new(4);
    let (old, new) = (RootKey::generate(&chance), RootKey::generate(&chance));
    let (keys, stored) = support::keys_under(&old, &chance);
    let sealed = seal_event(&keys, draft(1, Digest::NONE), b"{}", b"{}", &chance).expect("sealed");
    let rewrapped = Keyring::rewrap(&old, &new, &stored, &chance).expect("wrapped again");
    assert!(Keyring::open(&new, &stored).is_err());
    let again = Keyring::open(&new, &rewrapped).expect("opens");
    assert!(sealed.stored().open(&again).is_ok());
}

#[test]
fn each_way_a_root_key_can_be_wrong_has_its_own_words() {
    let chance = Chance::new(5);
    let key = RootKey::generate(&chance);
    let text = key.to_file();
    let read = |text: &str| RootKey::from_file(Some(text)).map(|key| key.id());
    assert_eq!(read(&text), Ok(key.id()));
    assert_eq!(read(&text.replace('\n', "\r\n")), Ok(key.id()), "a copy by mail is still the key");
    assert_eq!(RootKey::from_file(None).unwrap_err(), RootKeyError::Missing);
    assert_eq!(read("# a shopping list\nmilk\n"), Err(RootKeyError::NotAKey));
    let full = text.trim_end().len();
    for end in 0..full {
        assert_eq!(read(&text[..end]), Err(RootKeyError::Truncated), "cut to {end} of {full}: {:?}", &text[..end]);
    }
    let at = text.find("key: ").expect("a key line") + 8;
    let other = if &text[at..=at] == "0" { "1" } else { "0" };
    let mut altered = text.to_string();
    altered.replace_range(at..=at, other);
    assert_eq!(read(&altered), Err(RootKeyError::Altered));
    assert!(!format!("{key:?}").contains(&text[at..at + 16]), "never printed");

    let (_, stored) = support::keys_under(&key, &chance);
    let another = RootKey::generate(&chance);
    let message = Keyring::open(&another, &stored).expect_err("another key").to_string();
    assert!(message.contains(&key.id().to_string()) && message.contains(&another.id().to_string()), "{message}");
}

#[test]
fn a_stored_key_that_was_altered_or_moved_does_not_open() {
    let chance = Chance::new(6);
    let root = RootKey::generate(&chance);
    let (_, stored) = support::keys_under(&root, &chance);
    for at in 0..stored.len() {
        let mut altered = stored.clone();
        let middle = altered[at].wrapped.len() / 2;
        altered[at].wrapped[middle] ^= 1;
        assert!(Keyring::open(&root, &altered).is_err(), "{} altered", stored[at].purpose);
        let mut moved = stored.clone();
        moved[at].version += 1;
        assert!(Keyring::open(&root, &moved).is_err(), "{} moved", stored[at].purpose);
        assert_eq!(stored[at].purpose.name().parse(), Ok(stored[at].purpose));
    }
}
