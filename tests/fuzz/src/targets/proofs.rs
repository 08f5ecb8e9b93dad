//! What an auditor is handed: proofs of the log, its notes and headers, and exported cases, none of which is trusted.

use super::Reader;
use super::site::Site;
use journal::{Checkpoint, Digest, Header, VerifierKey, log, verify_bundle};
use std::collections::BTreeMap;
use std::io::Read;

/// Numbers and digests out of an input, zeros where it ends.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let n = self.0.len().min(N);
        taken[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        taken
    }
    fn number(&mut self) -> u64 {
        // Small ones as often as any.
        let [kind] = self.take::<1>();
        let number = u64::from_be_bytes(self.take());
        if kind.is_multiple_of(2) { number % 70_000 } else { number }
    }
    fn digest(&mut self) -> Digest {
        Digest(self.take())
    }
    fn digests(&mut self) -> Vec<Digest> {
        let [many] = self.take::<1>();
        (0..many % 140).map(|_| self.digest()).collect()
    }
}

/// Proofs of inclusion and consistency, tiles, checkpoints, keys, headers.
pub struct Proofs;

/// A log of so many entries with its tiles, and the proofs of one of them as an input.
fn proof_of(size: u64, index: u64) -> Vec<u8> {
    let leaves: Vec<Digest> = (0..size).map(|n| Digest::of(&n.to_be_bytes())).collect();
    let Ok(grown) = log::append(0, log::empty_root(), &leaves, |_| None) else { return Vec::new() };
    let tile = |id: log::TileId| grown.tiles.iter().find(|tile| tile.id == id).map(|tile| tile.bytes.clone());
    let proof = log::prove_inclusion(index, size, tile).unwrap_or_default();
    let mut input = vec![b'i', 1];
    input.extend(size.to_be_bytes());
    input.push(1);
    input.extend(index.to_be_bytes());
    input.extend(grown.root.0);
    input.extend(leaves.get(index as usize).map_or([0; 32], |leaf| leaf.0));
    input.push(u8::try_from(proof.len()).unwrap_or(0));
    proof.iter().for_each(|digest| input.extend(digest.0));
    input
}

impl Reader for Proofs {
    fn seeds(&self) -> Vec<Vec<u8>> {
        let header = br#"h{"at":1792000000000000,"actor":"system","kind":"incident.opened"}"#;
        vec![
            proof_of(1, 0),
            proof_of(300, 277),
            proof_of(7, 6),
            b"n\xe2\x80\x94 tocsin.example.gov/log AAAA\n\ntocsin.example.gov/log\n7\nAAAA\n".to_vec(),
            b"ktocsin.example.gov/log+01020304+AQIDBA==".to_vec(),
            header.to_vec(),
            b"t\x01\x02\x03\x04\x05\x06\x07\x08".to_vec(),
        ]
    }
    fn read(&mut self, input: &[u8]) -> String {
        let Some((kind, rest)) = input.split_first() else { return String::new() };
        let mut bytes = Bytes(rest);
        match kind {
            b'h' => format!("header {:?}", Header::parse(rest).map(|header| header.kind.len()).ok()),
            b'k' => format!("key {}", String::from_utf8_lossy(rest).parse::<VerifierKey>().is_ok()),
            b'n' => {
                let Ok(key) = VerifierKey::new("tocsin.example.gov/log", [7; 32]) else { return String::new() };
                format!("note {}", Checkpoint::open(&String::from_utf8_lossy(rest), &key).is_ok())
            }
            b't' => {
                let (size, other) = (bytes.number(), bytes.number());
                let data = bytes.0.to_vec();
                let tile = |_: log::TileId| Some(data.clone());
                let asked = log::tiles_for_append(size).len()
                    + log::tiles_for_inclusion(other, size).len()
                    + log::tiles_for_consistency(other, size).len();
                let root = log::root(size, tile).is_ok();
                let grown = log::append(size, Digest([3; 32]), &[Digest([4; 32])], tile).is_ok();
                let proven = log::prove_inclusion(other, size, tile).is_ok();
                let continued = log::prove_consistency(other, size, tile).is_ok();
                format!("tiles {} {root} {grown} {proven} {continued}", asked.min(9))
            }
            b'c' => {
                let (old, new) = (bytes.number(), bytes.number());
                let (one, other) = (bytes.digest(), bytes.digest());
                let proof = bytes.digests();
                format!("consistency {:?}", log::check_consistency(&proof, old, one, new, other))
            }
            _ => {
                let (size, index) = (bytes.number(), bytes.number());
                let (root, leaf) = (bytes.digest(), bytes.digest());
                let proof = bytes.digests();
                format!("inclusion {:?}", log::check_inclusion(&proof, size, root, index, leaf))
            }
        }
    }
    fn words(&self) -> Vec<&'static str> {
        vec!["i", "c", "t", "\n\u{2014} ", "tocsin.example.gov/log\n", "\"stream\":", "\"prev\":null"]
    }
    fn is_pure(&self) -> bool {
        true
    }
}

/// What stands before the name of a member in an input.
const MEMBER: &[u8] = b"\n#### ";

/// Exported cases: their members, one after another.
pub struct Bundles {
    exported: Vec<u8>,
}

impl Bundles {
    /// With a case that was really exported.
    pub fn ready() -> Self {
        Self { exported: Site::ready().exported() }
    }

    /// The members of an archive as an input.
    pub fn members(zip: &[u8]) -> Vec<u8> {
        let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(zip)) else { return Vec::new() };
        let mut input = Vec::new();
        for n in 0..archive.len() {
            let Ok(mut member) = archive.by_index(n) else { continue };
            let Ok(name) = member.name().map(|name| name.to_string()) else { continue };
            input.extend_from_slice(MEMBER);
            input.extend_from_slice(name.as_bytes());
            input.push(b'\n');
            // What does not unpack is left out; the verdict says so.
            let _ = member.read_to_end(&mut input);
        }
        input
    }
}

impl Reader for Bundles {
    fn seeds(&self) -> Vec<Vec<u8>> {
        vec![self.exported.clone()]
    }
    fn read(&mut self, input: &[u8]) -> String {
        let mut members: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut rest = input;
        while let Some(at) = rest.windows(MEMBER.len()).position(|bytes| bytes == MEMBER) {
            rest = &rest[at + MEMBER.len()..];
            let end = rest.windows(MEMBER.len()).position(|bytes| bytes == MEMBER).unwrap_or(rest.len());
            let name = rest[..end].iter().position(|byte| *byte == b'\n').unwrap_or(end);
            let content = rest.get(name + 1..end).unwrap_or_default();
            members.insert(String::from_utf8_lossy(&rest[..name]).into_owned(), content.to_vec());
            rest = &rest[end..];
        }
        let verdict = verify_bundle(|path| members.get(path).cloned(), None);
        let kinds: Vec<String> = verdict.findings.iter().take(3).map(|found| format!("{:?}", found.kind)).collect();
        format!("{:?} {}", verdict.outcome, kinds.join(" "))
    }
    fn words(&self) -> Vec<&'static str> {
        vec!["\n#### manifest.json\n", "\"proof\": []", "\"index\": 18446744073709551615", "\"is\": \"erased\""]
    }
    fn is_pure(&self) -> bool {
        true
    }
}
