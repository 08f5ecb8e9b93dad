//! Makes text harmless and complete on paper: what cannot be seen or drawn is printed by name.
//!
//! The door in `domain::text` already does this for what people type. Documents do it again for every string of every
//! view, because imported and older records did not pass that door, and because a PDF/A may hold no glyph that a
//! font lacks and no private-use character.

/// Characters of one text that are printed before the rest is left to the record: some forty pages.
pub const PRINTED_AT_MOST: usize = 150_000;

/// A run without a space gets an opportunity to break after this many characters, so that it stays on the paper.
const LONGEST_RUN: usize = 28;

/// The mark of a break opportunity; the templates turn it into nothing. People's own ones are printed by name.
const MAY_BREAK: char = '\u{200B}';

/// The same text with every unseen, reordering or undrawable character as `⟦U+202E⟧`, line breaks unified, and an
/// honest notice in place of anything beyond [`PRINTED_AT_MOST`]. `drawable` says whether some font has the character.
pub fn printable(text: &str, drawable: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len().min(4 * PRINTED_AT_MOST));
    let mut run = 0;
    let mut rest = text.chars().peekable();
    let mut printed = 0;
    while let Some(c) = rest.next() {
        if printed == PRINTED_AT_MOST {
            let left = 1 + rest.count();
            out.push_str(&format!(
                "\n[Here {left} more characters follow. They are kept whole in the electronic record.]"
            ));
            break;
        }
        printed += 1;
        match c {
            '\r' if rest.peek() == Some(&'\n') => continue,
            '\n' | '\r' => out.push('\n'),
            '\t' => out.push_str("    "),
            ' ' => out.push(' '),
            _ if acts_unseen(c) || !drawable(c) => {
                out.push_str(&format!("{MAY_BREAK}⟦U+{:04X}⟧{MAY_BREAK}", c as u32));
                run = 0;
                continue;
            }
            _ => {
                if run == LONGEST_RUN {
                    out.push(MAY_BREAK);
                    run = 0;
                }
                out.push(c);
                run += 1;
                continue;
            }
        }
        run = 0;
    }
    out
}

/// Controls, direction marks, invisible joiners and spaces, variation selectors, tags, private use and non-characters.
const fn acts_unseen(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}'
        | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}'
        | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(c: char) -> bool {
        (c as u32) < 0x2500 || "⟦⟧".contains(c)
    }

    #[test]
    fn unseen_and_undrawable_characters_are_named() {
        for (typed, printed) in [
            ("a\u{202E}b", "a⟦U+202E⟧b"),
            ("a\u{0}b\u{7}", "a⟦U+0000⟧b⟦U+0007⟧"),
            ("\u{1F600}", "⟦U+1F600⟧"),
            ("\u{E000}", "⟦U+E000⟧"),
            ("zero\u{200B}width", "zero⟦U+200B⟧width"),
            ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
            ("José Ñandú", "José Ñandú"),
        ] {
            assert_eq!(printable(typed, latin).replace(MAY_BREAK, ""), printed);
        }
    }

    #[test]
    fn a_word_without_end_may_break_and_loses_nothing() {
        let word = "x".repeat(1_000);
        let out = printable(&word, latin);
        assert!(out.split(MAY_BREAK).all(|piece| piece.chars().count() <= LONGEST_RUN));
        assert_eq!(out.replace(MAY_BREAK, ""), word);
    }

    #[test]
    fn what_is_not_printed_is_counted() {
        let out = printable(&"y".repeat(PRINTED_AT_MOST + 7), latin);
        assert!(out.contains("Here 7 more characters follow"), "{}", &out[out.len() - 120..]);
        assert!(!printable(&"y".repeat(PRINTED_AT_MOST), latin).contains("more characters"));
    }
}
