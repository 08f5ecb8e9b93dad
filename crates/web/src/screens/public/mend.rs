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
    /// A question that needs an answer, or that it is not known.
    AnswerMissing,
    /// None of the choices, of which one says that nobody knows.
    ChoiceMissing,
    /// A choice that says nothing without words.
    SayWhich,
    /// A choice was taken away that an earlier answer makes likely.
    SayWhyNot,
    /// Longer than a text may be.
    TooLong {
        /// “61,204”
        length: String,
        /// “40,000”
        most: String,
    },
    /// Not a day that exists.
    NoSuchDay,
    /// A day or hour that has not come.
    Future {
        /// Today, said in full in each language.
        today: Today,
    },
    /// A signature without a name.
    SignName,
    /// A signature without the statement.
    SignAgree,
    /// What is to be signed was changed since it was shown.
    SignChanged,
    /// Nothing was written and nothing attached.
    NothingAdded,
    /// Neither a name nor a reason why there is none.
    NameMissing,
    /// The same page was changed in another window.
    TwoWindows,
    /// The end of what was sent did not arrive.
    CutShort,
    /// A file without a single byte.
    FileEmpty {
        /// Its name.
        name: String,
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

/// Today, said in full in English and in Spanish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Today(String, String);

impl Mend {
    /// A day or hour that has not come; `today` says the present day in a language.
    pub fn future(today: impl Fn(Language) -> String) -> Self {
        Self::Future { today: Today(today(Language::English), today(Language::Spanish)) }
    }

    /// Whether something is only missing: a report that is sent early may leave it open.
    pub fn only_missing(&self) -> bool {
        matches!(
            self,
            Self::WhatMissing
                | Self::NowMissing
                | Self::WhereMissing
                | Self::WordsMissing
                | Self::NameMissing
                | Self::AnswerMissing
                | Self::ChoiceMissing
                | Self::SayWhich
                | Self::SayWhyNot
                | Self::Unreachable
        )
    }

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
            Self::AnswerMissing => language.say("mend-answer"),
            Self::ChoiceMissing => language.say("mend-choice"),
            Self::SayWhich => language.say("mend-say-which"),
            Self::SayWhyNot => language.say("mend-say-why-not"),
            Self::TooLong { length, most } => language.say_with("mend-too-long", &[("length", length), ("most", most)]),
            Self::SignName => language.say("mend-sign-name"),
            Self::SignAgree => language.say("mend-sign-agree"),
            Self::SignChanged => language.say("mend-sign-changed"),
            Self::NothingAdded => language.say("mend-nothing"),
            Self::NameMissing => language.say("mend-name"),
            Self::TwoWindows => language.say("mend-two-windows"),
            Self::CutShort => language.say("mend-cut-short"),
            Self::FileEmpty { name } => language.say_with("mend-file-empty", &[("name", name)]),
            Self::NoSuchDay => language.say("mend-no-such-day"),
            Self::Future { today: Today(english, spanish) } => {
                let today = if language == Language::English { english } else { spanish };
                language.say_with("mend-future", &[("today", today)])
            }
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
