//! The packs that ship compile, and every worked case in them comes out as written.

use std::{fs, path::Path};
use tocsin_policy::{self as policy, Source, check};

fn read(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of packs") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, root, into);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            into.push(Source { path: name, text: fs::read_to_string(&path).expect("text") });
        }
    }
}

fn shipped() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root, &root, &mut sources);
    sources
}

fn one_pack(folder: &str) -> Vec<Source> {
    let wanted = |s: &Source| s.path.starts_with(folder) || s.path.starts_with("common/");
    shipped().into_iter().filter(wanted).collect()
}

fn works(folder: &str) -> domain::pack::Pack {
    check(&one_pack(folder)).unwrap_or_else(|reports| {
        panic!("{}", reports.iter().map(policy::Report::render).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn the_pack_of_mental_health_2016_works() {
    assert_eq!(works("us-mo/dmh-2016/").id.as_str(), "us-mo/dmh-2016");
}

#[test]
fn the_pack_of_mental_health_2004_works() {
    assert_eq!(works("us-mo/dmh-2004/").id.as_str(), "us-mo/dmh-2004");
}

#[test]
fn the_pack_of_health_and_senior_services_works() {
    assert_eq!(works("us-mo/dhss/").id.as_str(), "us-mo/dhss");
}

#[test]
fn the_pack_of_transportation_works() {
    let pack = works("us-mo/modot/");
    assert_eq!(pack.phone_first.map(|p| p.number).as_deref(), Some("573-751-7446"));
}

#[test]
fn the_pack_of_utah_works() {
    assert_eq!(works("us-ut/dts-2006/").zone.name(), "America/Denver");
}
