//! Headers: the fast canonical form equals RFC 8785 as an independent reader has it.

mod support;

use domain::actor::{Actor, Section};
use domain::ids::{AccountId, StreamId, TenantId};
use domain::time::Instant;
use proptest::prelude::*;
use tocsin_journal::{Digest, Header, HeaderError};
use uuid::Uuid;

/// Microseconds of the years 1 to 9998.
const YEARS: std::ops::Range<i64> = -62_135_596_800_000_000..253_370_764_800_000_000;

prop_compose! {
    fn header()(
        version in any::<u32>(), ids in any::<[u128; 3]>(), actor in 0..3usize, kind in any::<String>(), micros in YEARS,
        section in 0..6usize, edition in any::<Option<String>>(), digests in any::<[[u8; 32]; 3]>(),
    ) -> Header {
        Header {
            v: 1,
            stream: StreamId::new(Uuid::from_u128(ids[0])),
            version,
            tenant: TenantId::new(Uuid::from_u128(ids[1])),
            actor: [Actor::Reporter, Actor::System, Actor::Account(AccountId::new(Uuid::from_u128(ids[2])))][actor],
            kind,
            at: Instant::from_micros(micros),
            section: Section::ALL[section],
            edition,
            prev: Digest(digests[0]),
            commitment: Digest(digests[1]),
            state: Digest(digests[2]),
        }
    }
}

proptest! {
    #[test]
    fn the_fast_form_is_the_standard_form(header in header()) {
        let standard = serde_json_canonicalizer::to_vec(&header).expect("canonical");
        let fast = header.canonical();
        prop_assert_eq!(String::from_utf8_lossy(&fast), String::from_utf8_lossy(&standard));
        prop_assert_eq!(Header::parse(&standard), Ok(header));
    }

    #[test]
    fn no_other_bytes_read_as_the_same_header(header in header(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = header.canonical();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_ne!(Header::parse(&bytes), Ok(header));
    }

    #[test]
    fn hostile_bytes_are_refused_without_a_panic(bytes in any::<Vec<u8>>(), json in ".*") {
        prop_assert!(Header::parse(&bytes).is_err());
        prop_assert!(Header::parse(json.as_bytes()).is_err());
    }
}

#[test]
fn control_characters_are_written_as_the_standard_says() {
    let mut header = Header::parse(&shown("null").into_bytes()).expect("a header");
    header.edition = Some((0..0x22u8).map(char::from).chain("\\\u{7f}é\u{2028}😀".chars()).collect());
    assert_eq!(header.canonical(), serde_json_canonicalizer::to_vec(&header).expect("canonical"));
}

fn shown(edition: &str) -> String {
    format!(
        concat!(
            r#"{{"actor":{{"as":"reporter"}},"at":"2026-10-14T13:46:40.000001Z","commitment":"{}","edition":{},"#,
            r#""kind":"report.submitted","prev":"{}","section":"report","state":"{}","#,
            r#""stream":"00000000-0000-0000-0000-000057420001","tenant":"00000000-0000-0000-0000-00007e4a0001","#,
            r#""v":1,"version":3}}"#
        ),
        "ab".repeat(32),
        edition,
        "00".repeat(32),
        "01".repeat(32)
    )
}

#[test]
fn the_form_of_a_header_is_what_the_documentation_shows() {
    let header = Header {
        v: 1,
        stream: support::stream(1),
        version: 3,
        tenant: support::tenant(1),
        actor: Actor::Reporter,
        kind: "report.submitted".to_owned(),
        // 20,740 days, 13 h 46 min 40 s and one microsecond after 1970-01-01.
        at: Instant::from_micros((20_740 * 86_400 + 49_600) * 1_000_000 + 1),
        section: Section::Report,
        edition: None,
        prev: Digest::NONE,
        commitment: Digest([0xab; 32]),
        state: Digest([1; 32]),
    };
    let expected = shown("null");
    assert_eq!(String::from_utf8_lossy(&header.canonical()), expected);
    let spaced = expected.replacen("\"v\":1", "\"v\": 1", 1);
    assert_eq!(Header::parse(spaced.as_bytes()), Err(HeaderError::NotCanonical));
    let later = expected.replacen("\"v\":1", "\"v\":2", 1);
    assert_eq!(Header::parse(later.as_bytes()), Err(HeaderError::Version(2)));
}
