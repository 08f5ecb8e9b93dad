//! Text that members of the public read, always in both languages, so that no page can be half translated.

use serde::{Deserialize, Serialize};

/// A language the public pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish, formal address.
    #[serde(rename = "es")]
    Spanish,
}

/// The same sentence in English and Spanish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Spanish, formal address.
    pub es: String,
}

impl Words {
    /// The sentence in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Spanish => &self.es,
        }
    }
}
