//! A file is a room: past a few screens a second idea has moved in, and past a limit it must move out.

use super::repository::{Finding, Repository};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Lines from which a file is worth a remark.
const LONG: usize = 500;
/// Lines from which it is a fault, unless it is excused.
const TOO_LONG: usize = 700;
const KINDS: [&str; 6] = [".rs", ".mjs", ".js", ".html", ".css", ".typ"];
const EXCUSES: &str = "xtask/tidy.toml";

/// `xtask/tidy.toml`: long files and why each of them is one idea all the same.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Excuses {
    /// Path → reason.
    #[serde(default)]
    long: BTreeMap<String, String>,
}

/// Counts lines, and holds the excuses against the files they excuse.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let excuses: Excuses = match toml::from_str(repository.text(EXCUSES).unwrap_or_default()) {
        Ok(excuses) => excuses,
        Err(why) => return vec![Finding::fault(EXCUSES, why.to_string())],
    };
    let mut findings = Vec::new();
    for (path, text) in repository.files().filter(|(path, _)| KINDS.iter().any(|kind| path.ends_with(kind))) {
        let lines = text.lines().count();
        match excuses.long.get(path) {
            None if lines > TOO_LONG => {
                findings.push(Finding::fault(path, format!("{lines} lines: which second idea moved in?")))
            }
            None if lines > LONG => findings.push(Finding::remark(path, format!("{lines} lines"))),
            _ => {}
        }
    }
    for (path, reason) in &excuses.long {
        let lines = repository.text(path).map_or(0, |text| text.lines().count());
        if lines <= TOO_LONG {
            findings.push(Finding::fault(EXCUSES, format!("{path} needs no excuse any more; strike it")));
        } else if reason.split_whitespace().count() < 3 {
            findings.push(Finding::fault(EXCUSES, format!("{path} is excused without a reason")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: usize, excuses: &str) -> Vec<Finding> {
        check(&Repository::of(&[("crates/app/src/report.rs", &"// line\n".repeat(lines)), (EXCUSES, excuses)]))
    }

    #[test]
    fn short_is_silent_long_is_remarked_and_too_long_is_a_fault() {
        assert_eq!(found(500, ""), []);
        assert!(found(501, "")[0].remark);
        assert!(!found(701, "")[0].remark);
    }

    #[test]
    fn an_excuse_needs_a_reason_and_ends_with_its_file() {
        let because = "[long]\n\"crates/app/src/report.rs\" = \"one table that a lawyer reads whole\"\n";
        assert_eq!(found(701, because), []);
        assert_eq!(found(701, "[long]\n\"crates/app/src/report.rs\" = \"long\"\n").len(), 1);
        assert_eq!(found(10, because).len(), 1);
    }

    #[test]
    fn data_may_be_as_long_as_it_is() {
        assert_eq!(check(&Repository::of(&[("policy/us-mo/dhss/pack.toml", &"a = 1\n".repeat(2000))])), []);
    }
}
