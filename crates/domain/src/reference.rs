//! The references that people read aloud: `R-7KQ4-M2XD` for a report, `DMH-2026-0147` for an incident.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Letters and digits that cannot be mistaken for each other by ear or eye: no 0 O 1 I L U, and no Z beside 2.
/// Twenty-nine of them, a prime: a check character modulo a prime catches every single wrong character and every
/// swap of two neighbours.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVWXY";
const SIZE: u32 = ALPHABET.len() as u32;

/// Why a reference could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Not of the shape `R-XXXX-XXXX`.
    #[error("a report reference looks like R-7KQ4-M2XD")]
    Shape,
    /// The last character does not fit the ones before: something was misheard or mistyped.
    #[error("one of the characters is wrong; read it again slowly")]
    Check,
}

/// The reference of a report: seven random characters and a check character.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportReference([u8; 8]);

impl ReportReference {
    /// Makes a reference from random bytes (17 thousand million possibilities; the store refuses a repeat).
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut number = u64::from_be_bytes(random);
        let mut chars = [0; 8];
        for place in &mut chars[..7] {
            *place = ALPHABET[(number % u64::from(SIZE)) as usize];
            number /= u64::from(SIZE);
        }
        chars[7] = check(&chars[..7]);
        Self(chars)
    }

    /// One word per character for reading over the telephone: "Romeo, dash, seven, Kilo…".
    pub fn spoken(&self) -> Vec<&'static str> {
        self.0.iter().map(|c| spoken(*c)).collect()
    }
}

fn value(c: u8) -> Option<u32> {
    ALPHABET.iter().position(|a| *a == c).map(|at| at as u32)
}

/// Weighted sum with weights 2..8: all below the modulus and different, so swaps change the sum.
fn check(seven: &[u8]) -> u8 {
    let sum: u32 = seven.iter().zip(2..).map(|(c, weight)| value(*c).unwrap_or(0) * weight).sum();
    ALPHABET[(sum % SIZE) as usize]
}

const fn spoken(c: u8) -> &'static str {
    match c {
        b'2' => "two",
        b'3' => "three",
        b'4' => "four",
        b'5' => "five",
        b'6' => "six",
        b'7' => "seven",
        b'8' => "eight",
        b'9' => "nine",
        b'A' => "Alfa",
        b'B' => "Bravo",
        b'C' => "Charlie",
        b'D' => "Delta",
        b'E' => "Echo",
        b'F' => "Foxtrot",
        b'G' => "Golf",
        b'H' => "Hotel",
        b'J' => "Juliett",
        b'K' => "Kilo",
        b'M' => "Mike",
        b'N' => "November",
        b'P' => "Papa",
        b'Q' => "Quebec",
        b'R' => "Romeo",
        b'S' => "Sierra",
        b'T' => "Tango",
        b'V' => "Victor",
        b'W' => "Whiskey",
        b'X' => "X-ray",
        _ => "Yankee",
    }
}

impl FromStr for ReportReference {
    type Err = ReferenceError;

    /// Accepts what people type: small letters, missing dashes, spaces.
    fn from_str(typed: &str) -> Result<Self, ReferenceError> {
        let plain: Vec<u8> =
            typed.bytes().filter(|c| !c.is_ascii_whitespace() && *c != b'-').map(|c| c.to_ascii_uppercase()).collect();
        let body = match plain.as_slice() {
            [b'R', rest @ ..] if rest.len() == 8 => rest,
            rest if rest.len() == 8 => rest,
            _ => return Err(ReferenceError::Shape),
        };
        let mut chars = [0; 8];
        for (place, c) in chars.iter_mut().zip(body) {
            value(*c).ok_or(ReferenceError::Shape)?;
            *place = *c;
        }
        if check(&chars[..7]) == chars[7] { Ok(Self(chars)) } else { Err(ReferenceError::Check) }
    }
}

impl TryFrom<String> for ReportReference {
    type Error = ReferenceError;
    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl From<ReportReference> for String {
    fn from(reference: ReportReference) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for ReportReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        write!(f, "R-{}-{}", text(&self.0[..4]), text(&self.0[4..]))
    }
}

impl fmt::Debug for ReportReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The reference of an incident: agency, year of opening, running number. Numbers of withdrawn incidents are not reused.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IncidentReference {
    agency: String,
    year: i16,
    number: u32,
}

impl IncidentReference {
    /// Builds a reference from the agency's short code (letters and digits), the civil year and the running number.
    pub fn new(agency: &str, year: i16, number: u32) -> Self {
        Self { agency: agency.to_ascii_uppercase(), year, number }
    }
    /// The running number within agency and year.
    pub const fn number(&self) -> u32 {
        self.number
    }
    /// The civil year of opening in the agency's zone.
    pub const fn year(&self) -> i16 {
        self.year
    }
}

impl fmt::Display for IncidentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:04}", self.agency, self.year, self.number)
    }
}

impl FromStr for IncidentReference {
    type Err = IncidentReferenceError;

    fn from_str(typed: &str) -> Result<Self, IncidentReferenceError> {
        let mut parts = typed.trim().rsplitn(3, '-');
        let (Some(number), Some(year), Some(agency)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(IncidentReferenceError);
        };
        let sound = !agency.is_empty() && agency.len() <= 16 && agency.bytes().all(|c| c.is_ascii_alphanumeric());
        let (Ok(year), Ok(number)) = (year.parse(), number.parse()) else { return Err(IncidentReferenceError) };
        if sound { Ok(Self::new(agency, year, number)) } else { Err(IncidentReferenceError) }
    }
}

/// Text that is not an incident reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an incident reference looks like DMH-2026-0147")]
pub struct IncidentReferenceError;

impl TryFrom<String> for IncidentReference {
    type Error = IncidentReferenceError;
    fn try_from(text: String) -> Result<Self, IncidentReferenceError> {
        text.parse()
    }
}

impl From<IncidentReference> for String {
    fn from(reference: IncidentReference) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_wrong_character_and_every_swap_of_neighbours_is_noticed() {
        for seed in 0..200u64 {
            let good = ReportReference::from_random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
            assert_eq!(good.to_string().parse(), Ok(good));
            for at in 0..8 {
                for other in ALPHABET.iter().filter(|c| **c != good.0[at]) {
                    let mut wrong = good.0;
                    wrong[at] = *other;
                    let read = String::from_utf8_lossy(&wrong).parse::<ReportReference>();
                    assert_eq!(read, Err(ReferenceError::Check), "{good} against {wrong:?}");
                }
            }
            for at in 0..6 {
                let mut swapped = good.0;
                swapped.swap(at, at + 1);
                let read = String::from_utf8_lossy(&swapped).parse::<ReportReference>();
                assert!(swapped == good.0 || read == Err(ReferenceError::Check));
            }
        }
    }

    #[test]
    fn it_is_read_as_people_type_it() {
        let reference = ReportReference::from_random([7; 8]);
        let typed = reference.to_string().to_lowercase().replace('-', " ");
        assert_eq!(typed.parse(), Ok(reference));
        assert_eq!("R-7KQ4".parse::<ReportReference>(), Err(ReferenceError::Shape));
    }

    #[test]
    fn incident_references_read_back() {
        let reference = IncidentReference::new("DMH", 2026, 147);
        assert_eq!(reference.to_string(), "DMH-2026-0147");
        assert_eq!("dmh-2026-0147".parse(), Ok(reference));
        assert!("DMH-2026".parse::<IncidentReference>().is_err());
    }
}
