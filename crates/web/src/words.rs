//! The words of every public page in English and Spanish, and how dates are said in each.
//!
//! Messages live in `locales/en` and `locales/es`, one file per group of pages; a test holds both sets of keys and
//! their variables equal, and another finds keys that a template names and nobody wrote.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid};

pub use app::moments::machine;

/// “Tue, Oct 13, 2026, 9:10 a.m. CDT” or «mar, 13 oct 2026, 9:10 a. m. CDT», in the zone of `at`.
pub fn moment(language: Language, at: &jiff::Zoned) -> String {
    app::moments::moment(language.spoken(), at)
}

/// “Tue, Oct 13, 2026” or «mar, 13 oct 2026».
pub fn day(language: Language, date: jiff::civil::Date) -> String {
    app::moments::day(language.spoken(), date)
}

fluent_templates::static_loader! {
    static MESSAGES = {
        locales: "./locales",
        fallback_language: "en",
        // Arguments are names, numbers and dates; isolation marks would land in copied text and in mail.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ENGLISH: LanguageIdentifier = langid!("en");
static SPANISH: LanguageIdentifier = langid!("es");

/// A language in which the public pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// United States English.
    #[default]
    English,
    /// Spanish, formal *usted*.
    Spanish,
}

impl Language {
    /// The BCP 47 tag for the `lang` attribute and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The same as records and policies name it.
    pub const fn spoken(self) -> domain::pack::Language {
        match self {
            Self::English => domain::pack::Language::English,
            Self::Spanish => domain::pack::Language::Spanish,
        }
    }

    /// The other of the two.
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }

    /// What a path says: everything under `/es` is Spanish.
    pub fn of_path(path: &str) -> Self {
        if path == "/es" || path.starts_with("/es/") { Self::Spanish } else { Self::English }
    }

    /// The address of the same page in this language, for a path of either language without its query.
    pub fn path(self, path: &str) -> String {
        let bare = match path.strip_prefix("/es") {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        };
        match self {
            Self::English => bare.to_owned(),
            Self::Spanish if bare == "/" => "/es".to_owned(),
            Self::Spanish => format!("/es{bare}"),
        }
    }

    /// The message with this key.
    pub fn say(self, key: &str) -> String {
        MESSAGES.lookup(self.identifier(), key)
    }

    /// The message with this key, with its variables filled in.
    pub fn say_with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value))).collect();
        MESSAGES.lookup_with_args(self.identifier(), key, &values)
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use super::*;

    /// Every key of a language with the variables its text uses.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::<String, BTreeSet<String>>::new();
        let mut key = String::new();
        for text in texts(&Path::new("locales").join(language.tag()), "ftl") {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) =
                    line.split_once('=').filter(|_| line.starts_with(|first: char| first.is_ascii_lowercase()))
                {
                    key = name.trim().to_owned();
                    assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} is written twice");
                }
                let variables = line
                    .split('$')
                    .skip(1)
                    .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect());
                found.entry(key.clone()).or_default().extend(variables);
            }
        }
        found.remove("");
        found
    }

    fn texts(folder: &Path, extension: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(texts(&path, extension));
            } else if path.extension().is_some_and(|given| given == extension) {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_messages_and_variables() {
        let (english, spanish) = (messages(Language::English), messages(Language::Spanish));
        assert!(english.len() > 100);
        for (key, variables) in &english {
            assert_eq!(spanish.get(key), Some(variables), "{key}");
        }
        let extra: Vec<_> = spanish.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(extra.is_empty(), "only in Spanish: {extra:?}");
    }

    #[test]
    fn every_message_that_a_page_names_is_written_and_every_written_one_is_used() {
        let written: BTreeSet<String> = messages(Language::English).into_keys().collect();
        let places = [("templates", "html"), ("src", "rs"), ("examples", "rs")];
        let texts: Vec<String> =
            places.iter().flat_map(|(folder, extension)| texts(Path::new(folder), extension)).collect();
        let is_key = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        let mut named = BTreeSet::new();
        for call in ["say(\"", "say_with(\"", "say1(\""] {
            named.extend(
                texts
                    .iter()
                    .flat_map(|text| text.split(call).skip(1))
                    .filter_map(|rest| rest.split('"').next())
                    .filter(|word| is_key(word)),
            );
        }
        let unwritten: Vec<_> = named.iter().filter(|key| !written.contains(**key)).collect();
        assert!(unwritten.is_empty(), "named and not written: {unwritten:?}");
        let unused: Vec<_> =
            written.iter().filter(|key| !texts.iter().any(|text| text.contains(&format!("\"{key}\"")))).collect();
        assert!(unused.is_empty(), "written and not named: {unused:?}");
    }

    #[test]
    fn every_message_can_be_said_in_both_languages() {
        for (key, variables) in messages(Language::English) {
            let values: HashMap<Cow<'static, str>, FluentValue> =
                variables.into_iter().map(|name| (Cow::Owned(name), FluentValue::from("7F2A"))).collect();
            for language in [Language::English, Language::Spanish] {
                let said = MESSAGES.try_lookup_with_args(language.identifier(), &key, &values);
                let said = said.unwrap_or_else(|| panic!("{key} in {language:?} cannot be said"));
                assert!(!said.trim().is_empty() && !said.contains('{'), "{key} in {language:?}: {said}");
                assert_eq!(said.contains("7F2A"), !values.is_empty(), "{key} in {language:?}: {said}");
            }
        }
    }

    #[test]
    fn the_spanish_twin_of_a_path_lies_under_es() {
        for (english, spanish) in [("/", "/es"), ("/r/RVB", "/es/r/RVB"), ("/estate", "/es/estate")] {
            assert_eq!(Language::Spanish.path(english), spanish);
            assert_eq!(Language::English.path(spanish), english);
            assert_eq!(Language::of_path(spanish), Language::Spanish);
            assert_eq!(Language::of_path(english), Language::English);
        }
    }
}
