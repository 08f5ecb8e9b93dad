//! ARCHITECTURE.md names every room, and the papers name only places that exist.

use super::repository::{Finding, Repository};
use std::collections::BTreeSet;

const MAP: &str = "ARCHITECTURE.md";
/// A backticked word that begins so is taken for a place in the repository.
const PLACES: [&str; 6] = ["crates/", "policy/", "docs/", "tests/", "xtask/", "scripts/"];

/// Holds the map against the folders, and every paper's paths against the files.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let Some(map) = repository.text(MAP) else {
        return vec![Finding::fault(MAP, "there is no map")];
    };
    let mut findings = Vec::new();
    for room in rooms(repository) {
        if !map.contains(&format!("`{room}/`")) {
            findings.push(Finding::fault(MAP, format!("does not name `{room}/`: give the room its line")));
        }
    }
    for (path, text) in repository.ending(".md").filter(|(path, _)| *path != "CHANGELOG.md") {
        for (number, line) in (1..).zip(text.lines()) {
            for place in places(line).filter(|place| !repository.holds(place)) {
                findings.push(Finding::fault(path, format!("`{place}` does not exist")).at(number));
            }
        }
    }
    findings
}

/// Folders that hold a crate, and the folders of packs and papers.
fn rooms(repository: &Repository) -> BTreeSet<String> {
    let crates = repository.ending("/Cargo.toml").filter_map(|(path, _)| path.strip_suffix("/Cargo.toml"));
    let papers = ["policy", "docs/adr", "docs/how-to"].into_iter().filter(|folder| repository.holds(folder));
    crates.chain(papers).map(str::to_owned).collect()
}

/// Backticked paths of a line. A placeholder in angle brackets, braces, `…` or `*` stands for many and is not looked up.
fn places(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| PLACES.iter().any(|place| word.starts_with(place)))
        .filter(|word| !word.contains(['<', '{', '*', ' ', '…', '(']))
        .map(|word| word.split(['#', ':']).next().unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(map: &str) -> Repository {
        Repository::of(&[
            (MAP, map),
            ("crates/domain/Cargo.toml", ""),
            ("crates/domain/src/lib.rs", ""),
            ("docs/adr/README.md", ""),
        ])
    }

    #[test]
    fn a_map_with_every_room_is_true() {
        assert_eq!(check(&repository("`crates/domain/` is pure; see `crates/domain/src/lib.rs` and `docs/adr/`.")), []);
    }

    #[test]
    fn a_room_left_out_is_named() {
        let found = check(&repository("`docs/adr/`"));
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`crates/domain/`"));
    }

    #[test]
    fn a_place_that_is_gone_is_named_with_its_line() {
        let found = check(&repository("`crates/domain/` `docs/adr/`\n\nstart at `crates/domain/src/attic.rs`"));
        assert_eq!((found.len(), found[0].line), (1, Some(3)));
    }

    #[test]
    fn a_placeholder_stands_for_many_places() {
        assert_eq!(check(&repository("`crates/domain/` `docs/adr/` `policy/<jurisdiction>/pack.toml`")), []);
    }

    #[test]
    fn no_map_is_a_fault() {
        assert_eq!(check(&Repository::of(&[])).len(), 1);
    }
}
