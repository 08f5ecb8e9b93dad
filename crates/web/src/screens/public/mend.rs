//! What to say beside a field that cannot be taken as it is: one sentence that tells the person what to do.

use crate::{screens::frame::Problem, words::Language};

/// Why an answer of the public pages cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// No kind of event was chosen.
    WhatMissing,
    /// None of the three buttons of “still going on”.
    NowMissing,
    /// No place.
    WhereMissing,
    /// No own words.
    WordsMissing,
    /// Longer than a text may be.
    TooLong {
        /// “50,000”, finished for the language
        most: String,
    },
    /// Not a day that exists.
    NoSuchDay,
    /// A day or hour that has not come.
    Future {
        /// Today, said in full.
        today: String,
    },
    /// A time that could not be read.
    NoSuchTime,
    /// Nothing by which the person can be asked a question.
    Unreachable,
    /// Not an e-mail address.
    EmailUnreadable,
    /// Not a telephone number.
    PhoneUnreadable,
    /// One file is too large.
    FileTooBig {
        /// Its name.
        name: String,
        /// “612 MB”
        size: String,
        /// “500 MB”
        most: String,
    },
    /// Too many files.
    TooManyFiles {
        /// “20”
        most: String,
    },
    /// A file stopped arriving.
    FileCutShort {
        /// Its name.
        name: String,
    },
    /// The reference does not have the right shape or its check character is wrong.
    ReferenceMistyped,
    /// Reference and code do not belong together, or there is no such report: the same words for both.
    ReferenceUnknown,
    /// The words of a saved report are not known, or the seven days are over.
    WordsUnknown,
    /// No unit has this code.
    UnitUnknown {
        /// What was typed.
        code: String,
    },
}

impl Mend {
    /// The problem that stands at `field`.
    pub fn at(&self, field: &str, language: Language) -> Problem {
        Problem { field: field.to_owned(), words: self.words(language) }
    }

    /// The sentence.
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::WhatMissing => language.say("mend-what"),
            Self::NowMissing => language.say("mend-now"),
            Self::WhereMissing => language.say("mend-where"),
            Self::WordsMissing => language.say("mend-words"),
            Self::TooLong { most } => language.say_with("mend-too-long", &[("most", most)]),
            Self::NoSuchDay => language.say("mend-no-such-day"),
            Self::Future { today } => language.say_with("mend-future", &[("today", today)]),
            Self::NoSuchTime => language.say("mend-no-such-time"),
            Self::Unreachable => language.say("mend-unreachable"),
            Self::EmailUnreadable => language.say("mend-email"),
            Self::PhoneUnreadable => language.say("mend-phone"),
            Self::FileTooBig { name, size, most } => {
                language.say_with("mend-file-big", &[("name", name), ("size", size), ("most", most)])
            }
            Self::TooManyFiles { most } => language.say_with("mend-files-many", &[("most", most)]),
            Self::FileCutShort { name } => language.say_with("mend-file-short", &[("name", name)]),
            Self::ReferenceMistyped => language.say("mend-reference"),
            Self::ReferenceUnknown => language.say("mend-reference-unknown"),
            Self::WordsUnknown => language.say("mend-words-unknown"),
            Self::UnitUnknown { code } => language.say_with("mend-unit", &[("code", code)]),
        }
    }
}
