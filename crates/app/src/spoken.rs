//! Codes that people read over the telephone: three everyday words and four digits, forty bits in all.

/// Everyday words that are spelled as they sound, in order; one of 512 is nine bits.
const WORDS: &str = include_str!("spoken/words.txt");

/// The code that thirty-two keyed bytes stand for: `maple-river-stone-4821`.
pub fn from_seed(seed: &[u8; 32]) -> String {
    let number = |at: usize| u32::from_be_bytes([seed[at], seed[at + 1], seed[at + 2], seed[at + 3]]);
    let word = |at: usize| WORDS.lines().nth((number(at) % 512) as usize).unwrap_or_default();
    format!("{}-{}-{}-{:04}", word(0), word(4), word(8), number(12) % 10_000)
}

/// A code as it was typed, in the one spelling it is compared in; `None` when it is no such code. Capitals, spaces,
/// commas and dots between the parts do not matter.
pub fn normal(typed: &str) -> Option<String> {
    if typed.len() > 200 {
        return None;
    }
    let parts: Vec<String> =
        typed.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let [first, second, third, digits] = parts.as_slice() else { return None };
    let known = [first, second, third].iter().all(|word| WORDS.lines().any(|known| known == word.as_str()));
    let four = digits.len() == 4 && digits.bytes().all(|c| c.is_ascii_digit());
    (known && four).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_out_is_understood_as_people_type_it() {
        let code = from_seed(&[7; 32]);
        assert_eq!(normal(&code), Some(code.clone()));
        assert_eq!(normal(&format!("  {} ", code.to_uppercase().replace('-', ", "))), Some(code.clone()));
        assert_eq!(normal(&code.replace('-', " ")), Some(code));
        let wrong =
            ["", "maple-river-4821", "maple-river-stone-482", "maple-river-stone-4821-1", "xyzzy-river-stone-4821"];
        for wrong in wrong {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
        assert_eq!(normal(&"maple ".repeat(10_000)), None);
    }

    #[test]
    fn every_word_is_there_once_and_in_order() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert_eq!(words.len(), 512);
        assert!(words.is_sorted_by(|a, b| a < b));
        assert!(words.iter().all(|word| word.bytes().all(|c| c.is_ascii_lowercase())));
    }
}
