//! Nothing in the repository depends on one machine: no package registry by name, and no path of somebody's disk.

use super::repository::{Finding, Repository};

/// Where packages come from is the reader's business; lock files carry names, versions and checksums only.
/// Written in two halves so that this file does not accuse itself.
const REGISTRIES: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("proxy.golang", ".org"),
    concat!("replace", "-with"),
    concat!("index", "-url"),
    concat!("\"resolved\"", ":"),
];
/// Absolute folders that exist on one machine only. A following name is needed: `/home/` alone is a page of ours.
const FOLDERS: &[&str] = &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Use", "rs/"), concat!("/wo", "rk/")];
/// The lock file that cargo writes names its one public source by design.
const CARGO_LOCK: &str = "Cargo.lock";
const CARGO_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Looks at every line of text.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in repository.files() {
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(what) = fault(path, line) {
                findings.push(Finding::fault(path, what).at(number));
            }
        }
    }
    findings
}

fn fault(path: &str, line: &str) -> Option<String> {
    if path == CARGO_LOCK {
        let foreign = line.starts_with("source = ") && line != CARGO_SOURCE;
        return foreign.then(|| "a package comes from somewhere other than the public index".to_owned());
    }
    if let Some(host) = REGISTRIES.iter().find(|host| line.contains(**host)) {
        return Some(format!("names a package registry or its setting ({host})"));
    }
    FOLDERS
        .iter()
        .find(|folder| names_folder(line, folder))
        .map(|folder| format!("names a folder of one machine ({folder}…)"))
}

/// A folder at the beginning of a path, with a name and something below it: `/ho`+`me/alex/notes`.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let starts = before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '}')));
        let mut below = line[at + folder.len()..].chars();
        starts && below.next().is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        check(&Repository::of(&[(path, text)])).len()
    }

    #[test]
    fn a_lock_file_without_addresses_is_portable() {
        assert_eq!(
            faults("tests/browser/package-lock.json", "{\"version\": \"1.2.3\", \"integrity\": \"sha512-x\"}"),
            0
        );
        assert_eq!(faults("Cargo.lock", &format!("[[package]]\n{CARGO_SOURCE}\n")), 0);
    }

    #[test]
    fn a_registry_in_a_lock_file_or_a_setting_is_named() {
        let address = concat!("\"resolved\"", ": \"https://registry.npm", "js.org/x.tgz\"");
        assert_eq!(faults("tests/browser/package-lock.json", address), 1);
        assert_eq!(faults(".cargo/config.toml", concat!("replace", "-with = \"mirror\"")), 1);
        assert_eq!(faults("Cargo.lock", "source = \"registry+https://mirror.example.org/index\"\n"), 1);
    }

    #[test]
    fn somebodys_folder_is_named_and_a_page_of_ours_is_not() {
        assert_eq!(faults("README.md", concat!("see /ho", "me/alex/notes")), 1);
        assert_eq!(faults("run.sh", concat!("cd /ro", "ot/tocsin")), 1);
        assert_eq!(faults("router.rs", concat!(".route(\"/ho", "me\", get(home))")), 0);
        assert_eq!(faults("router.rs", concat!("https://example.org/ho", "me/alex")), 0);
    }
}
