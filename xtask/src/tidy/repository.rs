//! The repository as the rules see it: paths and text, read once, or made up by a test.

use crate::run::{self, Failure};
use serde_json::Value;
use std::{collections::BTreeMap, fmt, fs};

/// One thing that a rule has to say about one place.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as `git` names it.
    pub path: String,
    /// The line, counted from one, where there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Worth saying, but not a fault.
    pub remark: bool,
}

impl Finding {
    /// A fault in a file as a whole.
    pub fn fault(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, message: message.into(), remark: false }
    }
    /// Something worth saying that fails nothing.
    pub fn remark(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { remark: true, ..Self::fault(path, message) }
    }
    /// The same, at a line counted from one.
    pub fn at(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}{}", if self.remark { "(remark) " } else { "" }, self.message)
    }
}

/// Files by path, and what cargo says of the workspace.
#[derive(Default)]
pub struct Repository {
    files: BTreeMap<String, String>,
    metadata: Value,
}

impl Repository {
    /// What is committed or about to be: ignored and binary files are left out.
    pub fn read() -> Result<Self, Failure> {
        let listed =
            run::output(run::program("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
        let mut files = BTreeMap::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A listed file may have been deleted since; a binary one has no text to judge.
            if let Ok(text) = fs::read_to_string(run::root().join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        let printed = run::output(run::cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
        let metadata = serde_json::from_str(&printed).map_err(|why| format!("cargo metadata: {why}"))?;
        Ok(Self { files, metadata })
    }

    /// A made-up repository.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, metadata: Value::Null }
    }

    /// The same with made-up `cargo metadata`.
    #[cfg(test)]
    pub fn with_metadata(self, metadata: Value) -> Self {
        Self { metadata, ..self }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// What `cargo metadata --no-deps` says.
    pub fn metadata(&self) -> &Value {
        &self.metadata
    }

    /// One file's text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every file, in order of path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every file whose name ends so.
    pub fn ending(&self, end: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.ends_with(end))
    }

    /// Whether a file or folder of that path is there.
    pub fn holds(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let inside = format!("{path}/");
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&inside))
    }
}
