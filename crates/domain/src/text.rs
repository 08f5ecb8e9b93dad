//! Words that people type, bounded and made inert at the door.
//!
//! Nothing a person typed is thrown away: control and direction-changing characters are replaced by a visible
//! mark, so that they can neither act nor hide, and over-long text is refused with its length.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a piece of text was not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextError {
    /// Nothing but space.
    #[error("nothing was typed")]
    Empty,
    /// Longer than the field allows, in characters.
    #[error("{length} characters is more than the {limit} that fit")]
    TooLong {
        /// Characters given.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
}

/// One line of at most `LIMIT` characters: a name, a place, a subject.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const LIMIT: usize>(String);

/// Several lines of at most `LIMIT` characters: a narrative, a note.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose<const LIMIT: usize>(String);

/// A person's or thing's name.
pub type Name = Line<200>;
/// What somebody saw, in their own words. 40,000 characters is some fifteen printed pages.
pub type Narrative = Prose<40_000>;
/// A shorter remark: a reason, a note, an answer.
pub type Note = Prose<8_000>;

impl<const LIMIT: usize> Line<LIMIT> {
    /// Trims, folds line breaks into spaces and makes control characters visible.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let folded = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        bounded(inert(&folded, false), LIMIT).map(Self)
    }
    /// A dash, for a place where there is nothing to say.
    pub fn dash() -> Self {
        Self("–".to_owned())
    }
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const LIMIT: usize> Prose<LIMIT> {
    /// Trims the end, keeps line breaks and tabs, and makes other control characters visible.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let unified = typed.replace("\r\n", "\n").replace('\r', "\n");
        bounded(inert(unified.trim(), true), LIMIT).map(Self)
    }
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The first line, cut to `limit` characters, for lists.
    pub fn gist(&self, limit: usize) -> String {
        let line = self.0.lines().next().unwrap_or_default();
        if line.chars().count() <= limit {
            return line.to_owned();
        }
        let mut cut: String = line.chars().take(limit.saturating_sub(1)).collect();
        cut.push('…');
        cut
    }
}

fn bounded(text: String, limit: usize) -> Result<String, TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    let length = text.chars().count();
    if length > limit { Err(TextError::TooLong { length, limit }) } else { Ok(text) }
}

/// Replaces characters that act without being seen (controls, direction marks) by a visible name such as `⟦U+202E⟧`.
pub fn inert(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if (lines && (c == '\n' || c == '\t')) || !acts_unseen(c) {
            out.push(c);
        } else {
            out.push_str(&format!("⟦U+{:04X}⟧", c as u32));
        }
    }
    out
}

/// Whether a character acts without being seen: a control, a direction mark, a joiner of nothing.
pub const fn acts_unseen(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

macro_rules! text_impls {
    ($name:ident) => {
        impl<const LIMIT: usize> TryFrom<String> for $name<LIMIT> {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }
        impl<const LIMIT: usize> From<$name<LIMIT>> for String {
            fn from(text: $name<LIMIT>) -> Self {
                text.0
            }
        }
        impl<const LIMIT: usize> fmt::Display for $name<LIMIT> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl<const LIMIT: usize> fmt::Debug for $name<LIMIT> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Personal words stay out of logs even when somebody prints a whole struct.
                write!(f, concat!(stringify!($name), "({} characters)"), self.0.chars().count())
            }
        }
    };
}
text_impls!(Line);
text_impls!(Prose);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_unseen_is_shown_instead() {
        let name = Name::parse("Dana\r\nBcc: x\u{202E}gpj").expect("kept");
        assert_eq!(name.as_str(), "Dana Bcc: x⟦U+202E⟧gpj");
    }

    #[test]
    fn prose_keeps_its_lines() {
        let words = Narrative::parse("one\r\ntwo\n\tthree\u{0}  ").expect("kept");
        assert_eq!(words.as_str(), "one\ntwo\n\tthree⟦U+0000⟧");
    }

    #[test]
    fn too_long_says_how_long() {
        assert_eq!(Line::<3>::parse("four"), Err(TextError::TooLong { length: 4, limit: 3 }));
        assert_eq!(Line::<3>::parse(" \n "), Err(TextError::Empty));
    }
}
