//! Reads PDFs with poppler and qpdf. A missing program fails the test: install `poppler-utils` and `qpdf`.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;
use std::process::Command;

/// A PDF on disk for as long as the test runs.
pub struct Pdf {
    folder: tempfile::TempDir,
    pub bytes: Vec<u8>,
}

impl Pdf {
    pub fn new(bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("it.pdf"), &bytes).expect("written");
        Self { folder, bytes }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("it.pdf")
    }

    /// Leaves a copy where `TOCSIN_KEEP_PDF` points, to be looked at.
    pub fn keep(&self, name: &str) {
        if let Some(folder) = std::env::var_os("TOCSIN_KEEP_PDF") {
            std::fs::write(PathBuf::from(folder).join(format!("{name}.pdf")), &self.bytes).expect("kept");
        }
    }

    fn run(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let out = Command::new(program)
            .args(before)
            .arg(self.path())
            .args(after)
            .output()
            .unwrap_or_else(|e| panic!("{program} is needed by this test (poppler-utils, qpdf): {e}"));
        assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("UTF-8")
    }

    /// All text in the order of the file, with runs of space folded.
    pub fn text(&self) -> String {
        fold(&self.run("pdftotext", &["-raw"], &["-"]))
    }

    /// Text of one page, from 1.
    pub fn page(&self, number: usize) -> String {
        let n = number.to_string();
        fold(&self.run("pdftotext", &["-raw", "-f", &n, "-l", &n], &["-"]))
    }

    pub fn info(&self) -> String {
        self.run("pdfinfo", &[], &[])
    }

    /// The file's objects, unpacked, as they stand.
    pub fn objects(&self) -> String {
        let out = Command::new("qpdf")
            .args(["--qdf", "--object-streams=disable"])
            .args([self.path(), "-".into()])
            .output()
            .expect("qpdf is needed by this test");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Tags, one on each line, with their text.
    pub fn structure(&self) -> String {
        self.run("pdfinfo", &["-struct-text"], &[])
    }

    pub fn pages(&self) -> usize {
        let info = self.info();
        let line = info.lines().find_map(|l| l.strip_prefix("Pages:")).expect("a page count");
        line.trim().parse().expect("a number")
    }

    /// The document's language, as a screen reader takes it from the catalogue.
    pub fn speaks(&self, lang: &str) {
        let objects = self.objects();
        let catalogue = objects.split("endobj").find(|o| o.contains("/Type /Catalog")).expect("a catalogue");
        assert!(catalogue.contains(&format!("/Lang ({lang})")), "{catalogue}");
    }

    /// Tagged, titled, both standards declared, and without fault for qpdf.
    pub fn is_tagged_and_sound(&self, title: &str) {
        let info = self.info();
        assert!(info.lines().any(|l| l.starts_with("Tagged:") && l.ends_with("yes")), "{info}");
        assert!(info.lines().any(|l| l.starts_with("Title:") && l.contains(title)), "{info}");
        let meta = self.run("pdfinfo", &["-meta"], &[]);
        assert!(meta.contains("<pdfuaid:part>1<"), "{meta}");
        assert!(meta.contains("<pdfaid:part>3<") && meta.contains("<pdfaid:conformance>A<"), "{meta}");
        let check = self.run("qpdf", &["--check"], &[]);
        assert!(check.contains("No syntax or stream encoding errors found"), "{check}");
    }
}

pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
