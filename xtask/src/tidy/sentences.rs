//! Every Rust module opens by saying in one sentence what it is and why it exists.

use super::repository::{Finding, Repository};

/// Fewer words than this name a module; they do not say why it exists.
const FEWEST_WORDS: usize = 4;

/// Looks at the first lines of every Rust file.
pub fn check(repository: &Repository) -> Vec<Finding> {
    repository.ending(".rs").filter_map(|(path, text)| fault(text).map(|why| Finding::fault(path, why).at(1))).collect()
}

fn fault(text: &str) -> Option<&'static str> {
    let opening: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let paragraph = opening.split(|line| line.is_empty()).next().unwrap_or_default().join(" ");
    if paragraph.is_empty() {
        return Some("open the file with `//!` and one sentence: what it is and why it exists");
    }
    if paragraph.split_whitespace().count() < FEWEST_WORDS {
        return Some("the opening only names the module; say what it is and why it exists");
    }
    if !paragraph.ends_with(['.', '?', '!', ':']) {
        return Some("the opening paragraph is not a finished sentence");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> usize {
        check(&Repository::of(&[("crates/domain/src/reference.rs", text)])).len()
    }

    #[test]
    fn a_sentence_on_one_line_or_two_is_enough() {
        assert_eq!(faults("//! The references that people read aloud.\n\nuse std::fmt;\n"), 0);
        assert_eq!(
            faults("//! The references that people read aloud,\n//! and their check character.\n//!\n//! More\n"),
            0
        );
    }

    #[test]
    fn no_opening_a_bare_name_and_half_a_sentence_are_faults() {
        assert_eq!(faults("use std::fmt;\n"), 1);
        assert_eq!(faults("//! tocsin-domain.\n"), 1);
        assert_eq!(faults("//! The references that people read aloud and\n\nuse std::fmt;\n"), 1);
        assert_eq!(faults("\n//! The references that people read aloud.\n"), 1);
    }

    #[test]
    fn other_files_are_left_alone() {
        assert_eq!(check(&Repository::of(&[("notes.md", "hello")])), []);
    }
}
