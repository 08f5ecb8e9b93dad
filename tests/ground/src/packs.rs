//! The packs as they are shipped.

use app::packs::Packs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every shipped pack.
pub fn packs() -> Packs {
    packs_of(&[""])
}

/// The packs below these folders of `policy/`.
pub fn packs_of(parts: &[&str]) -> Packs {
    let root = repository().join("policy");
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = parts.iter().map(|part| root.join(part)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of packs") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                sources.push(policy::Source { path: name, text: std::fs::read_to_string(&path).expect("text") });
            }
        }
    }
    let packs = Packs::new(policy::compile_set(&sources).expect("the shipped packs compile"));
    packs.with_wording(sources.into_iter().filter(|source| source.path.starts_with("common/")).collect())
}
