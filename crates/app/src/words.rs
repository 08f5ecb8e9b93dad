//! Words as the text index knows them: normalised, then keyed, so that no database ever holds them.

use crate::Trouble;
use domain::ids::{AccountId, TenantId, UnitId};
use domain::incident::Incident;
use domain::report::Report;
use journal::{Indexed, Keyring};
use std::collections::BTreeSet;
use store::Token;
use unicode_normalization::UnicodeNormalization;

/// Words shorter than this tell nothing apart.
const SHORTEST: usize = 2;
/// A document's words beyond this many are not indexed: ten megabytes of text would find nothing more.
const MOST: usize = 4_000;

/// The words of a text: without case and accents, letters and digits only.
pub fn words_of(text: &str) -> BTreeSet<String> {
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() >= SHORTEST)
        .take(MOST)
        .map(|w| w.chars().take(64).collect())
        .collect()
}

/// Something to filter by that is not a word of a text.
#[derive(Clone, Copy, Debug)]
pub enum Facet<'a> {
    /// Lies in this unit or below it.
    Under(UnitId),
    /// Is of this kind.
    Kind(&'a str),
    /// Information was there.
    Location(&'a str),
    /// In this state or territory.
    Place(&'a str),
    /// Counted under this civil year.
    Year(i16),
    /// Touches at least this many people.
    People(u64),
    /// Stands so: `open`, `closed`.
    Standing(&'a str),
    /// Waits for this: `dated-duty`, `silence`, `work`, `personnel-part`, `others`, `hold`, `disposal`, `particulars`, or a
    /// vote of some office.
    Waits(&'a str),
    /// Its time of keeping counts from that civil year: `completed`, `closed`, `settled`.
    Kept(&'a str, i16),
    /// Has an entry in the register that this sheet is.
    Entered(&'a str),
    /// Somebody takes or took part in it without a role there.
    Participant(AccountId),
}

/// Numbers of people that lists can be filtered by.
pub const PEOPLE_STEPS: [u64; 6] = [1, 500, 1_000, 10_000, 100_000, 1_000_000];

impl Facet<'_> {
    /// Its token.
    pub fn token(self, keyring: &Keyring, tenant: TenantId) -> Result<Token, Trouble> {
        let number;
        let (name, value) = match self {
            Self::Under(unit) => return token(keyring, tenant, Indexed::Unit(unit)),
            Self::Kind(kind) => ("kind", kind),
            Self::Location(location) => ("location", location),
            Self::Place(place) => ("place", place),
            Self::Year(year) => {
                number = year.to_string();
                ("year", number.as_str())
            }
            Self::People(step) => {
                number = step.to_string();
                ("people", number.as_str())
            }
            Self::Standing(standing) => ("standing", standing),
            Self::Waits(what) => ("waits", what),
            Self::Kept(since, year) => {
                number = format!("{since} {year}");
                ("kept", number.as_str())
            }
            Self::Entered(sheet) => ("entered", sheet),
            Self::Participant(account) => {
                number = account.to_string();
                ("participant", number.as_str())
            }
        };
        token(keyring, tenant, Indexed::Facet(name, &value.to_lowercase()))
    }
}

/// The token of a normalised word.
pub fn word_token(keyring: &Keyring, tenant: TenantId, word: &str) -> Result<Token, Trouble> {
    token(keyring, tenant, Indexed::Word(word))
}

fn token(keyring: &Keyring, tenant: TenantId, what: Indexed<'_>) -> Result<Token, Trouble> {
    keyring.search_token(tenant, what).map_err(|e| Trouble::fault("keying a word", e))
}

/// Tokens of texts and facets, each once.
pub fn tokens(
    keyring: &Keyring,
    tenant: TenantId,
    texts: &[&str],
    facets: &[Facet<'_>],
) -> Result<Vec<Token>, Trouble> {
    let words: BTreeSet<String> = texts.iter().flat_map(|text| words_of(text)).collect();
    let words = words.iter().map(|w| word_token(keyring, tenant, w));
    let mut tokens = words.chain(facets.iter().map(|f| f.token(keyring, tenant))).collect::<Result<Vec<_>, _>>()?;
    tokens.sort_unstable();
    tokens.dedup();
    Ok(tokens)
}

/// What can be found of a report: its reference, the reporter's words, places and things, never the reporter.
pub fn of_report<'a>(report: &'a Report, reference: &'a str) -> Vec<&'a str> {
    let mut texts = vec![reference];
    let Some(filed) = &report.filed else { return texts };
    let s = &filed.submission;
    texts.extend(s.words.as_ref().map(domain::text::Narrative::as_str));
    texts.extend(s.place.as_ref().map(|p| p.as_str()));
    texts.extend([&s.affected, &s.done, &s.done_by_staff, &s.done_by_others].into_iter().flatten().map(|n| n.as_str()));
    texts.extend(s.systems.iter().filter_map(|system| system.description.as_ref()).map(|d| d.as_str()));
    texts.extend(
        s.lost
            .iter()
            .flat_map(|item| [item.tag.as_ref().map(|t| t.as_str()), item.place.as_ref().map(|p| p.as_str())])
            .flatten(),
    );
    texts.extend(s.answers.iter().filter_map(|a| a.words.as_ref()).map(|w| w.as_str()));
    texts.extend(report.files.iter().map(|f| f.name.as_str()));
    texts
}

/// What can be found of an incident: title, timeline, tasks, systems, an imported record's narrative.
pub fn of_incident<'a>(incident: &'a Incident, reference: &'a str) -> Vec<&'a str> {
    let mut texts = vec![reference];
    let Some(opening) = &incident.opening else { return texts };
    texts.push(opening.title.as_str());
    if let Some(record) = &opening.imported {
        texts.push(record.author.as_str());
        texts.push(record.record.as_str());
        texts.extend(record.kinds.iter().chain(&record.locations).map(|w| w.as_str()));
        texts.extend(record.narrative.as_ref().map(domain::text::Narrative::as_str));
    }
    for entry in &incident.timeline {
        texts.push(entry.what.words.as_str());
        texts.extend(entry.what.observables.iter().map(|o| o.value.as_str()));
    }
    texts.extend(incident.tasks.values().map(|t| t.task.title.as_str()));
    texts.extend(incident.systems.iter().map(|s| s.description.as_str()));
    // Names of files are evidence: whoever may not see them must not find the incident by one either.
    for entry in incident.sheets.iter().filter(|e| e.section.searchable()) {
        texts.extend(entry.values.values().filter_map(|value| match value {
            domain::incident::FieldValue::Words(words) => Some(words.as_str()),
            _ => None,
        }));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_marks_do_not_hide_a_word() {
        let words = words_of("Robó la LAPTOP: DMH-44721, a");
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["44721", "dmh", "la", "laptop", "robo"]);
    }
}
