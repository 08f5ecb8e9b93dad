//! Dependencies are guests: each one says why it is here, once, in the workspace's Cargo.toml.

use super::repository::{Finding, Repository};

const SECTION: &str = "[workspace.dependencies]";

/// Reads the workspace's list for reasons, and every crate's list for versions of its own.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = unexplained(repository.text("Cargo.toml").unwrap_or_default());
    for (path, text) in repository.ending("/Cargo.toml") {
        findings.extend(own_versions(path, text));
    }
    findings
}

/// Every guest has a comment line straight above it. Our own rooms are family: the map explains them.
fn unexplained(manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut inside, mut above) = (false, "");
    for (number, line) in (1..).zip(manifest.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == SECTION;
        } else if inside && line.contains('=') && !line.starts_with('#') && !line.contains("path =") {
            let reason = above.strip_prefix('#').map(str::trim).is_some_and(|r| !r.is_empty() && !r.starts_with("---"));
            if !reason {
                let name = line.split('=').next().unwrap_or(line).trim();
                let message = format!("`{name}` has no reason: say in a comment above it what it is for");
                findings.push(Finding::fault("Cargo.toml", message).at(number));
            }
        }
        above = line;
    }
    findings
}

/// A crate takes versions from the workspace, so that there is one reason and one version.
fn own_versions(path: &str, manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(manifest.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && line.contains('=') && !line.starts_with('#') {
            let taken = line.contains("workspace = true") || line.contains(".workspace = true");
            if !taken {
                findings.push(Finding::fault(path, "take this dependency with `workspace = true`").at(number));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_with_a_reason_and_a_room_of_our_own_are_welcome() {
        let manifest = "[workspace.dependencies]\n# --- rooms\ndomain = { path = \"crates/domain\" }\n# civil dates\njiff = \"0.2\"\n";
        let member = "[dependencies]\njiff = { workspace = true }\nserde.workspace = true\n";
        assert_eq!(check(&Repository::of(&[("Cargo.toml", manifest), ("crates/domain/Cargo.toml", member)])), []);
    }

    #[test]
    fn a_guest_without_a_reason_of_its_own_is_named() {
        let manifest = "[workspace.dependencies]\n# --- values\njiff = \"0.2\"\n# (de)serialisation\nserde = \"1\"\nserde_json = \"1\"\n";
        let lines: Vec<_> = check(&Repository::of(&[("Cargo.toml", manifest)])).iter().map(|f| f.line).collect();
        assert_eq!(lines, [Some(3), Some(6)]);
    }

    #[test]
    fn other_tables_of_the_manifest_need_no_reasons() {
        assert_eq!(check(&Repository::of(&[("Cargo.toml", "[profile.dev]\ndebug = false\n")])), []);
    }

    #[test]
    fn a_crate_does_not_choose_its_own_version() {
        let member = "[dev-dependencies]\nproptest = \"1\"\n";
        assert_eq!(check(&Repository::of(&[("crates/domain/Cargo.toml", member)])).len(), 1);
    }
}
