//! Who may import whom: crate walls stand where purity, or not knowing a database, must be provable.

use super::repository::{Finding, Repository};
use serde_json::Value;

/// A room, the rooms it may import, and the outside crates that would break its promise.
struct Room {
    name: &'static str,
    may_import: &'static [&'static str],
    never: &'static [&'static str],
}

/// Crates that do input or output, keep time, or run tasks: none of them belongs where rules are pure.
const IMPURE: &[&str] =
    &["tokio", "axum", "hyper", "askama", "sqlx", "rusqlite", "reqwest", "lettre", "tracing", "clap", "typst"];
const DATABASES: &[&str] = &["sqlx", "rusqlite"];
const PAGES: &[&str] = &["axum", "askama", "hyper"];

const ROOMS: &[Room] = &[
    Room { name: "domain", may_import: &[], never: IMPURE },
    Room { name: "policy", may_import: &["domain"], never: IMPURE },
    Room { name: "journal", may_import: &["domain"], never: IMPURE },
    Room {
        name: "documents",
        may_import: &["domain"],
        never: &["tokio", "axum", "hyper", "sqlx", "rusqlite", "reqwest"],
    },
    Room { name: "store", may_import: &["domain", "journal"], never: &["axum", "askama", "hyper", "sqlx", "rusqlite"] },
    Room {
        name: "store-sqlite",
        may_import: &["domain", "journal", "store"],
        never: &["sqlx", "axum", "askama", "hyper"],
    },
    Room {
        name: "store-postgres",
        may_import: &["domain", "journal", "store"],
        never: &["rusqlite", "axum", "askama", "hyper"],
    },
    Room {
        name: "app",
        may_import: &["domain", "policy", "journal", "store", "documents"],
        never: &["sqlx", "rusqlite", "axum", "askama", "hyper"],
    },
    Room { name: "web", may_import: &["domain", "app"], never: DATABASES },
    Room {
        name: "tocsin",
        may_import: &[
            "domain",
            "policy",
            "journal",
            "store",
            "store-sqlite",
            "store-postgres",
            "documents",
            "app",
            "web",
        ],
        never: PAGES_IN_TEMPLATES,
    },
    // Development rooms: they look at everything from outside and nothing imports them.
    Room {
        name: "ground",
        may_import: &["domain", "policy", "journal", "store", "store-sqlite", "store-postgres", "documents", "app"],
        never: PAGES,
    },
    Room {
        name: "tests",
        may_import: &[
            "domain",
            "policy",
            "journal",
            "store",
            "store-sqlite",
            "store-postgres",
            "documents",
            "app",
            "web",
            "tocsin",
            "ground",
        ],
        never: &[],
    },
    Room {
        name: "fuzz",
        may_import: &["domain", "policy", "journal", "store", "documents", "app", "web", "ground"],
        never: DATABASES,
    },
    Room {
        name: "xtask",
        may_import: &[
            "domain",
            "policy",
            "journal",
            "store",
            "store-sqlite",
            "store-postgres",
            "documents",
            "app",
            "web",
        ],
        never: PAGES,
    },
];
/// The binary wires rooms together; a page is never written there.
const PAGES_IN_TEMPLATES: &[&str] = &["askama"];

/// Reads the edges that ship (normal and build dependencies; a crate's own tests may import more) and judges them.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let packages = members(repository.metadata());
    let room_of = |package: &str| packages.iter().find(|p| p.name == package).map(|p| p.room.as_str());
    let mut findings = Vec::new();
    for package in &packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let Some(room) = ROOMS.iter().find(|room| room.name == package.room) else {
            findings.push(Finding::fault(
                manifest,
                format!("`{}` is a new room: say in xtask/src/tidy/imports.rs whom it may import", package.room),
            ));
            continue;
        };
        for dependency in &package.dependencies {
            match room_of(dependency) {
                Some(other) if !room.may_import.contains(&other) => findings.push(Finding::fault(
                    &manifest,
                    format!("`{}` may not import `{other}`; it may import: {}", room.name, listed(room.may_import)),
                )),
                None if room.never.contains(&dependency.as_str()) => findings.push(Finding::fault(
                    &manifest,
                    format!("`{}` may not depend on {dependency}: it would break what the room promises", room.name),
                )),
                _ => {}
            }
        }
    }
    findings
}

fn listed(rooms: &[&str]) -> String {
    if rooms.is_empty() { "nobody".to_owned() } else { rooms.join(", ") }
}

struct Package {
    name: String,
    /// Relative to the top of the repository.
    folder: String,
    /// The last part of the folder: what everybody calls it.
    room: String,
    dependencies: Vec<String>,
}

fn members(metadata: &Value) -> Vec<Package> {
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages.iter().filter_map(|package| member(package, root)).collect()
}

fn member(package: &Value, root: &str) -> Option<Package> {
    let manifest = package["manifest_path"].as_str()?;
    let folder = manifest.strip_prefix(root)?.trim_start_matches('/').trim_end_matches("/Cargo.toml").to_owned();
    let dependencies = package["dependencies"].as_array()?;
    Some(Package {
        name: package["name"].as_str()?.to_owned(),
        room: folder.rsplit('/').next()?.to_owned(),
        folder,
        dependencies: dependencies
            .iter()
            .filter(|d| d["kind"].as_str() != Some("dev"))
            .filter_map(|d| d["name"].as_str().map(str::to_owned))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A dependency's name and kind; no kind is the kind that ships.
    type Import = (&'static str, Option<&'static str>);

    fn workspace(edges: &[(&str, &[Import])]) -> Repository {
        let packages: Vec<Value> = edges
            .iter()
            .map(|(room, imports)| {
                let dependencies: Vec<Value> =
                    imports.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
                let manifest = format!("/repo/crates/{room}/Cargo.toml");
                json!({"name": format!("tocsin-{room}"), "manifest_path": manifest, "dependencies": dependencies})
            })
            .collect();
        Repository::of(&[]).with_metadata(json!({"workspace_root": "/repo", "packages": packages}))
    }

    #[test]
    fn the_edges_of_the_plan_are_allowed() {
        let plan = workspace(&[
            ("domain", &[("serde", None)]),
            ("app", &[("tocsin-domain", None), ("tocsin-store", None)]),
            ("store", &[("tocsin-domain", None), ("tocsin-journal", None)]),
            ("journal", &[("tocsin-domain", None)]),
        ]);
        assert_eq!(check(&plan), []);
    }

    #[test]
    fn a_page_that_reaches_past_the_application_is_named() {
        let found = check(&workspace(&[("web", &[("tocsin-store", None)]), ("store", &[])]));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].to_string(),
            "crates/web/Cargo.toml: `web` may not import `store`; it may import: domain, app"
        );
    }

    #[test]
    fn the_rules_may_not_gain_a_database_or_a_server() {
        let found = check(&workspace(&[("domain", &[("rusqlite", None), ("tokio", Some("build"))])]));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_crates_own_tests_may_import_what_they_need() {
        assert_eq!(check(&workspace(&[("web", &[("tocsin-store", Some("dev"))]), ("store", &[])])), []);
    }

    #[test]
    fn a_room_that_nobody_has_placed_is_a_fault() {
        let found = check(&workspace(&[("attic", &[])]));
        assert!(found[0].message.starts_with("`attic` is a new room"));
    }
}
