//! From what was typed on the form's page to boxes: days as days, kinds as the policy's kinds, people one a line.

use std::collections::BTreeMap;

use app::form::{Linked, day_words, when_words};
use app::issue_form::ACTS;
use domain::form::{BoxText, Filled, Filling, days_in};
use domain::pack::{BoxId, BoxKind, Form, FormBox, FormPart, Pack};
use domain::text::TextError;
use domain::time::{Instant, When, Zone};

use super::boxes::person_line;
use crate::{
    screens::{frame::Problem, staff::sorry::sentence},
    times::{self, NotATime},
    typed::{Typed, problem},
};

/// What a page's fields are read against.
pub(super) struct Reading<'a> {
    pub pack: &'a Pack,
    pub form: &'a Form,
    pub filled: &'a Filled,
    pub links: &'a BTreeMap<BoxId, Linked>,
    pub typed: &'a Typed,
    pub now: Instant,
    pub zone: &'a Zone,
}

impl Reading<'_> {
    /// What changed in the reporter's and in the officer's part, and what could not be read.
    pub fn all(&self) -> (Vec<Filling>, Vec<Problem>) {
        let mut problems = Vec::new();
        let fillings = [FormPart::Reporter, FormPart::Officer].map(|part| self.part(part, &mut problems));
        let changed = fillings.into_iter().filter(|f| !f.boxes.is_empty() || !f.not_applicable.is_empty());
        (changed.collect(), problems)
    }

    fn part(&self, part: FormPart, problems: &mut Vec<Problem>) -> Filling {
        let mut filling = Filling { part, boxes: BTreeMap::new(), not_applicable: BTreeMap::new() };
        for b in self.form.part(part).filter(|b| b.kind != BoxKind::Signature) {
            match self.typed.prose(&format!("na.{}", b.id)) {
                Ok(Some(why)) if self.filled.not_applicable.get(&b.id) != Some(&why) => {
                    filling.not_applicable.insert(b.id.clone(), why);
                }
                Ok(_) => {}
                Err(wrong) => problems.push(wrong),
            }
            match self.changed(b) {
                Ok(None) => {}
                Ok(Some(text)) => {
                    filling.boxes.insert(b.id.clone(), text);
                }
                Err(wrong) => problems.push(wrong),
            }
        }
        filling
    }

    /// What a box holds now; nothing when that is what it held before.
    fn changed(&self, b: &FormBox) -> Result<Option<Option<BoxText>>, Problem> {
        let Some(text) = self.came(b) else { return Ok(None) };
        let stored = self.filled.boxes.get(&b.id);
        let linked = self.links.get(&b.id).map(|l| l.text.as_str());
        let same = |text: &str| match stored {
            Some(stored) => stored.as_str() == text,
            // What still says the same as the incident stays linked to it.
            None => text.is_empty() || (linked == Some(text) && !self.filled.not_applicable.contains_key(&b.id)),
        };
        // The facility cannot be emptied either: what is not the incident's own goes on to the rule that refuses it.
        let unit = b.kind == BoxKind::Unit && Some(text.as_str()) != stored.map(BoxText::as_str).or(linked);
        if same(&text) && !unit {
            return Ok(None);
        }
        let text = self.written(b, text)?;
        if same(&text) && !unit {
            return Ok(None);
        }
        match BoxText::parse(&text) {
            Ok(text) => Ok(Some(Some(text))),
            Err(TextError::Empty) => Ok(Some(None)),
            Err(long) => Err(problem(b.id.as_str(), &sentence(&long.to_string()))),
        }
    }

    /// The text that came for a box, put together from its fields; nothing when none of them was on the page.
    fn came(&self, b: &FormBox) -> Option<String> {
        let id = b.id.as_str();
        match b.kind {
            BoxKind::Instruction => {
                self.typed.raw("ticks")?;
                let ticked = ACTS.iter().filter(|(value, _)| self.typed.has(id, value)).map(|(_, label)| *label);
                Some(ticked.collect::<Vec<_>>().join("; "))
            }
            BoxKind::Categories => {
                let shown = self.typed.raw(&format!("{id}.shown")).or_else(|| self.typed.raw(id));
                shown?;
                let label = |value: &str| self.pack.categories.iter().find(|c| c.id.as_str() == value);
                let named = self.typed.all(id).map(|value| label(value).map_or(value, |c| c.label.en.as_str()).trim());
                let other = self.typed.get(&format!("{id}.other"));
                Some(named.chain([other]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
            }
            BoxKind::People if self.typed.raw(&format!("{id}.name")).is_some() => {
                let (names, parts) = (format!("{id}.name"), format!("{id}.part"));
                let rows = self.typed.all(&names).zip(self.typed.all(&parts).chain(std::iter::repeat("")));
                let lines = rows.map(|(name, part)| (name.trim(), part)).filter(|(name, _)| !name.is_empty());
                Some(lines.map(|(name, part)| person_line(name, part)).collect::<Vec<_>>().join("\n"))
            }
            _ => self.typed.raw(id).map(|text| text.trim().replace("\r\n", "\n")),
        }
    }

    /// The text as the box writes it: a day in full whatever way it was typed, an entry with its day.
    fn written(&self, b: &FormBox, text: String) -> Result<String, Problem> {
        if text.is_empty() {
            return Ok(text);
        }
        let wrong = |e: NotATime| {
            let words = format!("“{}” could not be read as a day. Write it like “Jul 1, 2016” or “yesterday”.", e.0);
            problem(b.id.as_str(), &words)
        };
        match b.kind {
            BoxKind::Date => times::read_day(&text, self.now, self.zone).map(day_words).map_err(wrong),
            BoxKind::DateTime => stretch(&text, self.now, self.zone).map_err(wrong),
            BoxKind::Entries => Ok(dated(&text, &day_words(self.now.day_in(self.zone)))),
            _ => Ok(text),
        }
    }
}

/// A moment, a day of which no time is known, or a stretch between two.
fn stretch(typed: &str, now: Instant, zone: &Zone) -> Result<String, NotATime> {
    let plain = |text: &str| {
        let text = text.trim().trim_end_matches("time unknown").trim_end_matches("time not known");
        text.trim().trim_end_matches(',').to_owned()
    };
    let words = |text: &str| -> Result<(When, String), NotATime> {
        let when = times::read(&plain(text), now, zone)?;
        let words = when_words(&when, zone).ok_or_else(|| NotATime(text.trim().to_owned()))?;
        Ok((when, words))
    };
    let ends = typed.split_once(" to ").or_else(|| typed.split_once(" – ")).or_else(|| typed.split_once(" until "));
    let Some((from, to)) = ends else { return Ok(words(typed)?.1) };
    let (first, from) = words(from)?;
    // A bare time of day is of the day on which it began.
    let bare = !to.contains(['/', '-']) && days_in(to).is_empty() && !to.to_lowercase().contains("day");
    let to = match first {
        When::Exact { at } | When::About { at } if bare => format!("{} {to}", at.day_in(zone)),
        _ => to.to_owned(),
    };
    Ok(format!("{from} to {}", words(&to)?.1))
}

/// Entries with a day in front of each: those without one are of today.
fn dated(text: &str, today: &str) -> String {
    let mut begins = true;
    let line = |line: &str| {
        let first = std::mem::replace(&mut begins, line.trim().is_empty());
        let head: String = line.chars().take(30).collect();
        let has = !days_in(&head).is_empty() || head.starts_with("Day not known") || line.trim().is_empty();
        if first && !has { format!("{today}: {line}") } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(typed: &str) -> String {
        let zone = Zone::named("America/Chicago").expect("a zone");
        let now = Instant::from_timestamp("2016-07-05T14:10:00Z".parse().expect("an instant"));
        stretch(typed, now, &zone).unwrap_or_else(|e| e.to_string())
    }

    #[test]
    fn a_time_may_be_unknown_or_a_stretch() {
        for (typed, written) in [
            ("2016-07-01", "Fri, Jul 1, 2016, time unknown"),
            ("Jul 1, 2016, time unknown", "Fri, Jul 1, 2016, time unknown"),
            ("Jul 1, 2016 3pm", "Fri, Jul 1, 2016, 3:00 p.m. CDT"),
            ("Jul 1, 2016 3pm to 5pm", "Fri, Jul 1, 2016, 3:00 p.m. CDT to Fri, Jul 1, 2016, 5:00 p.m. CDT"),
            ("7/1/2016 to 7/3/2016", "Fri, Jul 1, 2016, time unknown to Sun, Jul 3, 2016, time unknown"),
        ] {
            assert_eq!(said(typed), written, "{typed}");
            assert_eq!(said(written), written, "what a box says is read back");
        }
        for typed in ["unknown", "soon", "Jul 1, 2016 to whenever"] {
            assert!(said(typed).contains("could not be read"), "{typed}: {}", said(typed));
        }
    }

    #[test]
    fn an_entry_without_a_day_is_of_today() {
        let today = "Tue, Jul 5, 2016";
        let written = dated("Talked to the ward\nand the night shift\n\nFri, Jul 1, 2016: log read", today);
        assert_eq!(written, "Tue, Jul 5, 2016: Talked to the ward\nand the night shift\n\nFri, Jul 1, 2016: log read");
        assert_eq!(dated(&written, "Wed, Jul 6, 2016"), written);
    }
}
