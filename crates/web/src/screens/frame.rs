//! What surrounds every page: language, title, whose service it is, the help line, and the errors to mend.

use crate::{assets, words::Language};

/// The frame of one page. Every text in it is finished; the template only places it.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The language of the page.
    pub language: Language,
    /// The page's own title, without the “Error: ” mark and without the service's name.
    pub title: String,
    /// The path of this page, for the language switch and for paper.
    pub path: String,
    /// “State of Missouri”, or empty where the installation serves no single state.
    pub state: String,
    /// The organisation whose page this is, or empty before one is known.
    pub organisation: String,
    /// The number that helps, in the same place on every page.
    pub help: Option<Phone>,
    /// What must be mended before the page can be left forward.
    pub problems: Vec<Problem>,
    /// Whether switching the language must first keep the answers of the form on this page. The switch is then a
    /// button of the form that sends `then=language`.
    pub holds_answers: bool,
}

/// A telephone number as people read it and as a phone dials it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// “573-555-0142”
    pub shown: String,
    /// RFC 3966 global number: “+1-573-555-0142”
    pub dial: String,
    /// When somebody answers, in words: “24 hours”.
    pub hours: String,
}

impl Phone {
    /// As it is read, in one piece: no line ends inside it.
    pub fn unbroken(&self) -> String {
        self.shown.replace('-', "\u{2011}")
    }
}

/// One thing to mend: the id of the field it concerns, and words that say how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the field (and of its error text, with `-error` added).
    pub field: String,
    /// One sentence that says what to do.
    pub words: String,
}

/// One answer among several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line, or empty.
    pub hint: String,
    /// Whether it is the present answer.
    pub chosen: bool,
}

impl Choice {
    /// An answer that is not chosen and has no second line.
    pub fn new(value: &str, label: impl Into<String>) -> Self {
        Self { value: value.to_owned(), label: label.into(), ..Self::default() }
    }

    /// The same answer, chosen when `chosen` says so.
    pub fn chosen_if(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }

    /// The same answer with a second line.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

impl Frame {
    /// A frame with a title, for the page at `path`.
    pub fn new(language: Language, path: &str, title: impl Into<String>) -> Self {
        Self { language, path: path.to_owned(), title: title.into(), ..Self::default() }
    }

    /// The message with this key in the page's language.
    pub fn say(&self, key: &str) -> String {
        self.language.say(key)
    }

    /// The message with this key and one variable.
    pub fn say1(&self, key: &str, name: &'static str, value: &str) -> String {
        self.language.say_with(key, &[(name, value)])
    }

    /// A site path in the page's language.
    pub fn link(&self, path: &str) -> String {
        self.language.path(path)
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        self.language.other().path(&self.path)
    }

    /// Whether a field has something to mend.
    pub fn wrong(&self, field: &str) -> bool {
        self.problems.iter().any(|problem| problem.field == field)
    }

    /// The words for a field that has something to mend.
    pub fn mend(&self, field: &str) -> &str {
        self.problems.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.words)
    }

    /// The address of a built asset.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}
