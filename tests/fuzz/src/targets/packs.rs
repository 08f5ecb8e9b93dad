//! Texts of policy as an administrator hands them in, and files of facts.

use super::Reader;
use policy::{Report, Source};
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;

/// A line that begins so names the file that follows.
const FILE: &str = "#### ";

/// The files of an input.
fn files(input: &[u8]) -> Vec<Source> {
    let text = String::from_utf8_lossy(input);
    let mut files: Vec<Source> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix(FILE), files.last_mut()) {
            (Some(path), _) => files.push(Source { path: path.trim().to_owned(), text: String::new() }),
            (None, Some(file)) => file.text.push_str(line),
            (None, None) => files.push(Source { path: "xx/fuzz/pack.toml".to_owned(), text: line.to_owned() }),
        }
    }
    files
}

/// A shipped pack as one input.
fn shipped(pack: &str) -> Vec<u8> {
    let mut text = String::new();
    let root = ground::repository().join("policy");
    add(&root, &root.join(pack), &mut text);
    text.into_bytes()
}

fn add(root: &Path, folder: &Path, to: &mut String) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(root, &path, to);
        } else if let (Ok(name), Ok(text)) = (path.strip_prefix(root), std::fs::read_to_string(&path)) {
            to.push_str(&format!("{FILE}{}\n{text}\n", name.display()));
        }
    }
}

fn kinds(reports: &[Report]) -> String {
    let kinds: BTreeSet<String> = reports.iter().map(|report| format!("{:?}", report.problem)).collect();
    // What is shown to people is made as well: a place outside the text would panic there.
    let shown: usize = reports.iter().take(20).map(|report| report.render().len()).sum();
    let kinds: Vec<String> = kinds.into_iter().collect();
    format!("{} {}", kinds.join(" "), shown.min(1))
}

/// The compiler of packs, worked cases included.
pub struct PackText;

impl Reader for PackText {
    fn seeds(&self) -> Vec<Vec<u8>> {
        ["us/part2", "us/pci", "us/circia", "us-ut/13-44"].map(shipped).to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        match policy::check_set(&files(input)) {
            Ok(packs) => format!("{} sound", packs.len()),
            Err(reports) => kinds(&reports),
        }
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "\n[[obligation]]\n",
            "\n[pack]\n",
            "\n[[clause]]\n",
            "\n[[route]]\n",
            "\n[[sheet]]\n",
            "due = \"4294967295 years\"",
            "due = \"99999999 business days\"",
            "due = \"with O1\"",
            "due = \"each year by 02-30\"",
            "counts_from = { latest_of = [] }",
            "gives_way_to = \"O1\"",
            "falls_back_to = ",
            "include = \"../../../../etc/passwd\"",
            "include = \"/etc/passwd\"",
            "when = [\"people-affected at least 18446744073709551615 people\"]",
            "from = 9999-12-31",
            "from = -0001-01-01",
            "zone = \"../../../etc/localtime\"",
            "'''",
            "\"\"\"",
            "#### xx/fuzz/cases/one.toml\n",
            "#### ../../outside.toml\n",
        ]
    }
    fn is_pure(&self) -> bool {
        true
    }
}

/// Files of facts, assessed under every pack.
pub struct Facts {
    packs: Vec<domain::pack::Pack>,
}

impl Facts {
    /// With a policy and some laws.
    pub fn ready() -> Self {
        let packs = ground::packs_of(&["common", "us-mo/dmh-2016", "us/hipaa-breach", "us-mo/407-1500", "us/part2"]);
        Self { packs: packs.all().iter().map(|pack| pack.as_ref().clone()).collect() }
    }
}

impl Reader for Facts {
    fn seeds(&self) -> Vec<Vec<u8>> {
        // The examples of the page that explains such files.
        let page = ground::repository().join("docs/how-to/a-facts-file.md");
        let page = std::fs::read_to_string(page).unwrap_or_default();
        let blocks = page.split("```toml\n").skip(1);
        let blocks = blocks.filter_map(|block| block.split("```").next());
        blocks.map(|block| block.as_bytes().to_vec()).collect()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let text = String::from_utf8_lossy(input);
        match policy::read_facts("facts.toml", &text, &self.packs) {
            Ok(asked) => format!("{} duties", policy::assess(&asked).obligations.len()),
            Err(reports) => kinds(&reports),
        }
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "9999-12-31T23:59:59Z",
            "0000-01-01",
            "2026-03-08T02:30:00",
            "discovered = ",
            "report-received = ",
            "people = 18446744073709551615",
            "zone = \"America/Chicago\"",
            "until = 9999-12-31",
            "policies = [\"us-mo/dmh\"]",
        ]
    }
    fn is_pure(&self) -> bool {
        // The data of zones is read from the system, once for each.
        false
    }
}

/// Zips of packs.
pub struct Zipped;

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let begun = zip.start_file(*name, zip::write::SimpleFileOptions::default());
        if begun.is_ok() {
            let _ = zip.write_all(bytes);
        }
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

impl Reader for Zipped {
    fn seeds(&self) -> Vec<Vec<u8>> {
        vec![
            zipped(&[("pack/pack.toml", b"[pack]\nid = \"xx/a\"\n"), ("pack/SOURCES.md", b"# Sources\n")]),
            zipped(&[("../../outside.toml", b"x = 1\n"), ("a\\b.toml", &[b'#'; 4_000])]),
            zipped(&[]),
        ]
    }
    fn read(&mut self, input: &[u8]) -> String {
        match app::policies::text::from_zip(input) {
            Ok(files) => format!("{} files", files.len()),
            Err(app::policies::text::NotTaken::Mend(mends)) => {
                mends.first().map(|mend| mend.says.chars().take(24).collect()).unwrap_or_default()
            }
            Err(app::policies::text::NotTaken::Trouble(trouble)) => trouble.to_string().chars().take(24).collect(),
        }
    }
    fn words(&self) -> Vec<&'static str> {
        vec!["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "pack.toml"]
    }
    fn is_pure(&self) -> bool {
        true
    }
}
