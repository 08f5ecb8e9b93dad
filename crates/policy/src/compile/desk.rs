//! The desk a pack is compiled on: the open files, what each name refers to, and the mistakes found so far.

use crate::{
    Problem, Report, Source,
    report::File,
    text::{BothAt, Word},
};
use domain::{
    pack::{ClauseId, Words},
    text::Line,
};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, ops::Range};

/// A kind of item that others refer to by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Clause,
    Note,
    Role,
    Route,
    Notice,
    Workforce,
    System,
    Tile,
    Category,
    Question,
    Fact,
    Regime,
    Obligation,
    Decision,
    Closing,
    Sheet,
    Playbook,
    Form,
    /// Named `form/box`.
    FormBox,
    Local,
    Missing,
    Tag,
    NoIncident,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Kind::Clause => "clause",
            Kind::Note => "interpretation",
            Kind::Role => "role",
            Kind::Route => "route",
            Kind::Notice => "notice",
            Kind::Workforce => "workforce kind",
            Kind::System => "system class",
            Kind::Tile => "tile",
            Kind::Category => "category",
            Kind::Question => "question",
            Kind::Fact => "fact",
            Kind::Regime => "regime",
            Kind::Obligation => "obligation",
            Kind::Decision => "decision",
            Kind::Closing => "closing line",
            Kind::Sheet => "sheet",
            Kind::Playbook => "playbook",
            Kind::Form => "form",
            Kind::FormBox => "form box",
            Kind::Local => "local value",
            Kind::Missing => "missing document",
            Kind::Tag => "legal basis",
            Kind::NoIncident => "reason for no incident",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Kind::Clause => "[[clause]]",
            Kind::Note => "[[interpretation]]",
            Kind::Role => "[[role]]",
            Kind::Route => "[[route]]",
            Kind::Notice => "[[notice]]",
            Kind::Workforce => "[[workforce]]",
            Kind::System => "[[system]]",
            Kind::Tile => "[[tile]]",
            Kind::Category => "[[category]]",
            Kind::Question => "[[question]]",
            Kind::Fact => "[[fact]]",
            Kind::Regime => "[[regime]]",
            Kind::Obligation => "[[obligation]]",
            Kind::Decision => "[[decision]]",
            Kind::Closing => "[[closing]]",
            Kind::Sheet => "[[sheet]]",
            Kind::Playbook => "[[playbook]]",
            Kind::Form => "[[form]]",
            Kind::FormBox => "[[form.box]]",
            Kind::Local => "[[local]]",
            Kind::Missing => "[[missing]]",
            Kind::Tag => "[[tag]]",
            Kind::NoIncident => "[[no_incident]]",
        }
    }
}

/// Where an item is defined.
pub(crate) struct Defined {
    pub file: usize,
    /// In a file that the pack includes, so the pack may put its own in its place.
    pub included: bool,
}

#[derive(Default)]
pub(crate) struct Desk {
    files: Vec<File>,
    pub reports: Vec<Report>,
    names: BTreeMap<(Kind, String), Defined>,
}

impl Desk {
    pub fn open(&mut self, source: &Source) -> usize {
        self.files.push(File::new(&source.path, &source.text));
        self.files.len() - 1
    }

    pub fn file_of(&self, path: &str) -> usize {
        self.files.iter().position(|f| f.path == path).unwrap_or(0)
    }

    pub fn report(
        &mut self,
        problem: Problem,
        file: usize,
        place: Range<usize>,
        says: impl Into<String>,
        help: impl Into<String>,
    ) {
        if let Some(file) = self.files.get(file) {
            self.reports.push(Report::new(problem, file, place, says.into(), help.into()));
        }
    }

    /// Reads a whole file into its shape on paper.
    pub fn read<T: DeserializeOwned>(&mut self, file: usize) -> Option<T> {
        let text = self.files.get(file)?.text.clone();
        if let Err(error) = text.parse::<toml::Table>() {
            let help = "Write it as TOML: `key = \"value\"`, tables as [name], repeated items as [[name]].";
            let says = format!("This is not TOML: {}.", first_line(error.message()));
            self.report(Problem::Syntax, file, error.span().unwrap_or(0..0), says, help);
            return None;
        }
        match toml::from_str(&text) {
            Ok(shape) => Some(shape),
            Err(error) => {
                let message = error.message();
                let (problem, help) = match message.split_once(", expected ") {
                    Some((_, expected)) if message.starts_with("unknown field") => {
                        (Problem::UnknownKey, format!("Write {expected}, or take the key out."))
                    }
                    Some((_, expected)) => (Problem::WrongShape, format!("Write {}.", plain(expected))),
                    None => (Problem::WrongShape, "Add the key, or give it a value of the right kind.".to_owned()),
                };
                let says = message.split_once(", expected ").map_or(message, |(what, _)| what);
                let says = format!("{}.", capitalised(first_line(says)));
                self.report(problem, file, error.span().unwrap_or(0..0), says, help);
                None
            }
        }
    }

    /// Enters a name; `Some(true)` when it takes the place of an included item, `None` when it stands twice.
    pub fn define(&mut self, kind: Kind, id: &str, place: Range<usize>, file: usize, included: bool) -> Option<bool> {
        let key = (kind, id.to_owned());
        if let Some(earlier) = self.names.get(&key)
            && (included || !earlier.included)
        {
            let at = self.files.get(earlier.file).map_or("", |f| f.path.rsplit('/').next().unwrap_or_default());
            let says = format!("The {} {id} stands twice; the first is in {at}.", kind.noun());
            self.report(Problem::DuplicateId, file, place, says, "Give this one an id of its own, or take it out.");
            return None;
        }
        let replaced = self.names.insert(key, Defined { file, included });
        Some(replaced.is_some())
    }

    /// A name where one is introduced.
    pub fn name<T: TryFrom<String>>(&mut self, word: &Word, file: usize) -> Option<T> {
        let name = T::try_from(word.get_ref().clone()).ok();
        if name.is_none() {
            let says = format!("{:?} cannot be a name.", word.get_ref());
            let help = "Write 1 to 80 letters, digits, hyphens, dots or slashes.";
            self.report(Problem::BadName, file, word.span(), says, help);
        }
        name
    }

    /// A name where it refers to an item.
    pub fn refer<T: TryFrom<String>>(&mut self, kind: Kind, word: &Word, file: usize) -> Option<T> {
        self.refer_to(kind, word.get_ref(), word.span(), file)
    }

    pub fn refer_to<T: TryFrom<String>>(
        &mut self,
        kind: Kind,
        id: &str,
        place: Range<usize>,
        file: usize,
    ) -> Option<T> {
        if self.names.contains_key(&(kind, id.to_owned())) {
            return T::try_from(id.to_owned()).ok();
        }
        let problem = match kind {
            Kind::Clause => Problem::UnknownClause,
            Kind::Role => Problem::UnreachableRole,
            _ => Problem::UnknownReference,
        };
        let help = match self.nearest(kind, id) {
            Some(near) => format!("Did you mean {near}? Otherwise add {} with this id.", kind.table()),
            None => format!("Add {} with this id.", kind.table()),
        };
        self.report(problem, file, place, format!("The pack has no {} {id}.", kind.noun()), help);
        None
    }

    pub fn refer_all<T: TryFrom<String>>(&mut self, kind: Kind, words: &[Word], file: usize) -> Vec<T> {
        words.iter().filter_map(|w| self.refer(kind, w, file)).collect()
    }

    /// The clauses behind an item that has to have some.
    pub fn clauses(&mut self, words: &[Word], owner: Range<usize>, file: usize) -> Vec<ClauseId> {
        if words.is_empty() {
            let help = "Add `clauses = [\"…\"]` with the ids of the clauses that it comes from.";
            self.report(Problem::NoClause, file, owner, "This cites no clause.", help);
        }
        self.refer_all(Kind::Clause, words, file)
    }

    /// Text that is kept with every incident fits its place there.
    pub fn fits<const LIMIT: usize>(&mut self, text: &str, place: Range<usize>, file: usize) {
        if let Err(error) = Line::<LIMIT>::parse(text) {
            let says = format!("This text does not fit: {error}.");
            self.report(Problem::TooLong, file, place, says, format!("Write one line of at most {LIMIT} characters."));
        }
    }

    /// Public text, which has to be there in both languages.
    pub fn both(&mut self, both: &BothAt, file: usize) -> Words {
        let given = both.get_ref();
        for (text, language, key) in [(&given.en, "English", "en"), (&given.es, "Spanish", "es")] {
            if text.as_ref().is_none_or(|t| t.trim().is_empty()) {
                let says = format!("The {language} is missing.");
                let help = format!("Write {{ en = \"…\", es = \"…\" }}; `{key}` has to be filled.");
                self.report(Problem::MissingLanguage, file, both.span(), says, help);
            }
        }
        Words { en: given.en.clone().unwrap_or_default(), es: given.es.clone().unwrap_or_default() }
    }

    fn nearest(&self, kind: Kind, id: &str) -> Option<&str> {
        // Beyond so many mistakes a guess helps nobody, and comparing all names with all mistakes would take long.
        if self.reports.len() > 100 {
            return None;
        }
        let ids = self.names.keys().filter(|(k, _)| *k == kind).map(|(_, name)| name.as_str());
        // Capitals are the commonest slip, and no mistake of the name.
        let lower = id.to_lowercase();
        let close = ids
            .map(|name| (distance(&name.to_lowercase(), &lower), name))
            .filter(|(d, _)| *d <= 1 + id.len().min(40) / 4);
        close.min().map(|(_, name)| name)
    }
}

/// How many letters to add, take out or change. Long texts count as far apart without being compared.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    if a.len() > 80 || b.len() > 80 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// What is expected, without the names that Rust has for numbers.
pub(crate) fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" => "a whole number, not negative and without quotes",
        "i8" | "i16" | "i32" | "i64" => "a whole number, without quotes",
        "a boolean" => "true or false",
        other => other,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
