//! English and Spanish say the same things: every message, attribute and variable of one stands in the other.

use super::repository::{Finding, Repository};
use std::collections::{BTreeMap, BTreeSet};

/// What a message file offers: message (or `message.attribute`) and the variables it takes.
type Messages<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// Compares each English file with its Spanish twin.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in repository.ending(".ftl") {
        let Some((language, twin)) = twin(path) else {
            findings.push(Finding::fault(path, "is neither under `en` nor under `es`"));
            continue;
        };
        let Some(other) = repository.text(&twin) else {
            findings.push(Finding::fault(twin, format!("is missing: {path} has no translation")));
            continue;
        };
        let (here, there) = (messages(text), messages(other));
        for (key, variables) in &here {
            match there.get(key) {
                None => findings.push(Finding::fault(&twin, format!("lacks `{key}`"))),
                // Reported once, from the English side.
                Some(others) if others != variables && language == "en" => {
                    findings
                        .push(Finding::fault(&twin, format!("`{key}` does not take the same variables as in {path}")));
                }
                Some(_) => {}
            }
        }
    }
    findings
}

/// `words/en/report.ftl` ↔ `words/es/report.ftl`, `words/en.ftl` ↔ `words/es.ftl`, with or without a region.
fn twin(path: &str) -> Option<(&'static str, String)> {
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    for part in parts.iter_mut().rev() {
        let (stem, end) = part.split_once('.').map_or((part.as_str(), ""), |(stem, end)| (stem, end));
        let other = match stem {
            "en" => ("en", "es"),
            "en-US" => ("en", "es-US"),
            "es" => ("es", "en"),
            "es-US" => ("es", "en-US"),
            _ => continue,
        };
        *part = if end.is_empty() { other.1.to_owned() } else { format!("{}.{end}", other.1) };
        return Some((other.0, parts.join("/")));
    }
    None
}

fn messages(text: &str) -> Messages<'_> {
    let mut found = Messages::new();
    let (mut message, mut key) = (String::new(), String::new());
    for line in text.lines() {
        let word = line.split('=').next().unwrap_or_default().trim_end();
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') && line.contains('=') {
            message = word.to_owned();
            key.clone_from(&message);
        } else if let Some(attribute) = word.trim_start().strip_prefix('.').filter(|_| line.contains('=')) {
            key = format!("{message}.{attribute}");
        } else if line.starts_with('#') {
            continue;
        }
        if !key.is_empty() {
            found.entry(key.clone()).or_default().extend(variables(line));
        }
    }
    found
}

fn variables(line: &str) -> impl Iterator<Item = &str> {
    line.split('$').skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        &rest[..end]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(english: &str, spanish: &str) -> Vec<String> {
        let found = check(&Repository::of(&[("words/en/report.ftl", english), ("words/es/report.ftl", spanish)]));
        found.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn the_same_messages_in_other_words_are_in_order() {
        assert!(
            faults(
                "# note\nsend = Send { $count } now\n    .hint = Later\n",
                "send = Enviar { $count } ya\n    .hint = Luego\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_message_or_attribute_that_one_language_lacks_is_named() {
        assert_eq!(faults("send = Send\nstop = Stop\n", "send = Enviar\n"), ["words/es/report.ftl: lacks `stop`"]);
        assert_eq!(
            faults("send = Send\n", "send = Enviar\n    .hint = Luego\n"),
            ["words/en/report.ftl: lacks `send.hint`"]
        );
    }

    #[test]
    fn a_variable_lost_in_translation_is_named_once() {
        assert_eq!(faults("left = { $days ->\n   *[other] { $days } days\n }\n", "left = días\n").len(), 1);
    }

    #[test]
    fn a_file_without_its_twin_is_a_fault() {
        assert_eq!(check(&Repository::of(&[("words/en.ftl", "send = Send\n")]))[0].path, "words/es.ftl");
        assert_eq!(check(&Repository::of(&[("words/report.ftl", "send = Send\n")])).len(), 1);
    }
}
