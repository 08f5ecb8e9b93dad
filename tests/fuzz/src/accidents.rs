//! The small accidents by which one input becomes another.

/// Chance that can be had again: the same seed gives the same inputs.
pub struct Chance(u64);

impl Chance {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number.
    pub const fn draw(&mut self) -> u64 {
        // xorshift64*: small, and good enough for accidents.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`; 0 where there is none.
    pub const fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { (self.draw() % limit as u64) as usize }
    }
}

/// Bytes that readers trip over.
const ODD: [&[u8]; 16] = [
    b"\0",
    b"\r\n",
    b"\r\n\r\n",
    b"\"",
    b"\\",
    b"../",
    b"%00",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x94\x94",
    b"-1",
    b"18446744073709551616",
    b"1e999",
    b"[[[[[[[[[[[[[[[[",
    b"{{{{{{{{{{{{{{{{",
    b"9999-99-99",
];

/// The longest an input grows.
const LONGEST: usize = 256 * 1024;

/// One of the pool, damaged in one to six places. `words` are pieces that mean something to the reader.
pub fn damaged(pool: &[Vec<u8>], words: &[&'static str], chance: &mut Chance) -> Vec<u8> {
    let Some(first) = pool.get(chance.below(pool.len())) else { return Vec::new() };
    let mut bytes = first.clone();
    for _ in 0..=chance.below(6) {
        accident(&mut bytes, pool, words, chance);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn accident(bytes: &mut Vec<u8>, pool: &[Vec<u8>], words: &[&'static str], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let until = at + chance.below((bytes.len() - at).min(64) + 1);
    match chance.below(9) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = chance.draw().to_le_bytes()[0];
            }
        }
        2 => drop(bytes.drain(at..until)),
        3 => {
            let piece = bytes[at..until].to_vec();
            let times = 1 + chance.below(4);
            put(bytes, at, &piece.repeat(times));
        }
        4 => put(bytes, at, ODD[chance.below(ODD.len())]),
        5 if !words.is_empty() => put(bytes, at, words[chance.below(words.len())].as_bytes()),
        // The end of another one.
        6 => {
            if let Some(other) = pool.get(chance.below(pool.len())) {
                bytes.truncate(at);
                bytes.extend_from_slice(&other[chance.below(other.len() + 1)..]);
            }
        }
        // A line gone, or moved.
        7 => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let (one, other) = (chance.below(lines.len()), chance.below(lines.len()));
            let mut lines = lines;
            if !lines.is_empty() {
                lines.swap(one, other);
                if chance.below(2) == 0 {
                    lines.remove(one);
                }
            }
            *bytes = lines.concat();
        }
        _ => {
            let odd = ODD[chance.below(ODD.len())];
            drop(bytes.splice(at..until, odd.iter().copied()));
        }
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    drop(bytes.splice(at..at, piece.iter().copied()));
}
