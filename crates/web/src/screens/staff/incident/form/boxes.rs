//! The boxes of the form as the screen shows them: what stands in each, where it comes from, and how it is filled.

use std::collections::BTreeMap;

use app::form::Linked;
use app::issue_form::ACTS;
use domain::form::{BoxText, Filled, Party};
use domain::pack::{BoxId, BoxKind, Form, FormBox, FormPart, Pack};
use domain::time::When;

use crate::{screens::frame::Choice, typed::Typed};

/// One box.
#[derive(Debug, Clone, Default)]
pub struct BoxView {
    /// Its id and field name.
    pub id: String,
    /// `XII`
    pub numeral: String,
    /// The caption as adopted.
    pub label: String,
    /// Help beside it.
    pub help: String,
    /// What stands in it.
    pub text: String,
    /// Where that comes from while it is linked, or empty.
    pub link: &'static str,
    /// Characters that fit, 0 for none.
    pub limit: usize,
    /// “fits the box, 214 of 600”
    pub fits: String,
    /// Lines to give it.
    pub rows: u8,
    /// `text`, `line`, `ticks`, `kinds`, `people`, `signature`, `withheld`, `fixed`
    pub kind: &'static str,
    /// Ticks, or kinds of incident.
    pub ticks: Vec<Choice>,
    /// Another kind in words, beside the ticks.
    pub other: String,
    /// People: name and part.
    pub people: Vec<Person>,
    /// Whether it must be filled before signing and is not.
    pub needed: bool,
    /// Why it does not apply.
    pub not_applicable: String,
    /// Whether a reason can stand in its place.
    pub or_reason: bool,
    /// Whether it can be written in.
    pub open: bool,
    /// Whether the officer filled it after the reporter had signed.
    pub late: bool,
}

/// A row for one person involved.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Its number on the page, from 1.
    pub number: usize,
    /// The name.
    pub name: String,
    /// The parts somebody can have.
    pub parts: Vec<Choice>,
}

/// The parts that somebody can have in an incident, as they stand behind the name.
pub const PARTS: [(&str, &str); 5] = [
    ("witness", "Witness"),
    ("subject", "Subject"),
    ("affected", "Affected"),
    ("reporter", "Person who reported"),
    ("unknown", "Part not known"),
];

/// Rows for people who are still to be named.
const SPARE_ROWS: usize = 2;

/// What a box is shown from.
pub(super) struct See<'a> {
    pub pack: &'a Pack,
    pub form: &'a Form,
    pub filled: &'a Filled,
    pub whole: &'a Filled,
    pub links: &'a BTreeMap<BoxId, Linked>,
    pub works: bool,
    pub may_sign: bool,
    pub knows: bool,
    pub typed: &'a Typed,
}

impl See<'_> {
    pub fn one(&self, b: &FormBox) -> BoxView {
        let id = b.id.to_string();
        let withheld = b.kind == BoxKind::People && !self.knows;
        let stands = self.whole.boxes.get(&b.id).map(ToString::to_string).unwrap_or_default();
        let text = self.typed.raw(&id).map_or_else(|| stands.clone(), str::to_owned);
        let length = text.chars().count();
        let limit = b.limit.map_or(0, |l| l as usize);
        let kind = match b.kind {
            _ if withheld => "withheld",
            BoxKind::Signature => "signature",
            BoxKind::Instruction => "ticks",
            BoxKind::Categories => "kinds",
            BoxKind::People => "people",
            BoxKind::Unit => "fixed",
            BoxKind::Text | BoxKind::Entries | BoxKind::Choice => "text",
            BoxKind::Date | BoxKind::DateTime | BoxKind::Place => "line",
        };
        let held = self.whole.boxes.contains_key(&b.id) || self.whole.not_applicable.contains_key(&b.id);
        let (ticks, other) = match b.kind {
            BoxKind::Instruction => (ticks(&stands, self.typed, &id), String::new()),
            BoxKind::Categories => self.kinds(&stands, &id),
            _ => (Vec::new(), String::new()),
        };
        let waits =
            b.set_by.as_ref().and_then(|by| self.form.signs(by)).is_some_and(|p| self.filled.signed_by(p).is_none());
        let reason = self.filled.not_applicable.get(&b.id).map(ToString::to_string).unwrap_or_default();
        BoxView {
            numeral: b.numeral.clone(),
            label: b.label.en.clone(),
            help: b.help.clone().unwrap_or_default(),
            link: if self.filled.boxes.contains_key(&b.id) { "" } else { self.links.get(&b.id).map_or("", |l| l.from) },
            limit,
            fits: match limit {
                0 => String::new(),
                limit if length <= limit => format!("fits the box, {length} of {limit}"),
                limit => format!("{} over {limit}: the rest prints on a continuation sheet", length - limit),
            },
            rows: if limit > 800 { 8 } else { 4 },
            ticks,
            other,
            people: if b.kind == BoxKind::People && !withheld { self.people(&stands) } else { Vec::new() },
            needed: (b.required_to_sign || b.required_to_complete) && kind != "signature" && !held && !waits,
            not_applicable: self.typed.raw(&format!("na.{id}")).map_or(reason, str::to_owned),
            or_reason: b.or_reason,
            open: self.works && self.filled.writable(b) && (b.part != FormPart::Officer || self.may_sign),
            late: self.filled.late.contains(&b.id),
            text: if kind == "signature" { self.signature(b) } else { text },
            kind,
            id,
        }
    }

    fn signature(&self, b: &FormBox) -> String {
        let signed = self.form.signs(&b.id).and_then(|party| self.filled.signed_by(party));
        match (signed, self.filled.not_applicable.get(&b.id)) {
            (Some((signature, at)), _) => {
                let at = app::form::when_words(&When::Exact { at: *at }, &self.pack.zone).unwrap_or_default();
                format!("{}, {}, {at}", signature.name, signature.capacity)
            }
            (None, Some(why)) => format!("Not signed: {why}"),
            (None, None) => "Not signed yet".to_owned(),
        }
    }

    /// The policy's kinds, those that the box names ticked, and whatever else it says.
    fn kinds(&self, stands: &str, id: &str) -> (Vec<Choice>, String) {
        let came = self.typed.raw(&format!("{id}.shown")).is_some();
        let said: Vec<&str> = stands.split("; ").filter(|part| !part.is_empty()).collect();
        let known = |label: &str| self.pack.categories.iter().any(|c| c.label.en == label);
        let choice = |c: &domain::pack::Category| {
            let chosen = if came { self.typed.has(id, c.id.as_str()) } else { said.contains(&c.label.en.as_str()) };
            Choice::new(c.id.as_str(), c.label.en.clone()).chosen_if(chosen)
        };
        let other: Vec<&str> = said.iter().copied().filter(|part| !known(part)).collect();
        let typed = self.typed.raw(&format!("{id}.other"));
        (self.pack.categories.iter().map(choice).collect(), typed.map_or_else(|| other.join("; "), str::to_owned))
    }

    fn people(&self, stands: &str) -> Vec<Person> {
        let mut rows: Vec<(String, String)> = if self.typed.raw("V.name").is_some() {
            let names = self.typed.all("V.name").map(str::to_owned);
            names.zip(self.typed.all("V.part").map(str::to_owned)).filter(|(name, _)| !name.is_empty()).collect()
        } else {
            stands.lines().map(split_person).collect()
        };
        rows.extend(std::iter::repeat_n((String::new(), String::new()), SPARE_ROWS));
        let person = |(at, (name, part)): (usize, (String, String))| Person {
            number: at + 1,
            name,
            parts: PARTS.iter().map(|(value, label)| Choice::new(value, *label).chosen_if(part == *value)).collect(),
        };
        rows.into_iter().enumerate().map(person).collect()
    }
}

/// The name and the part of somebody, from the line that holds both.
fn split_person(line: &str) -> (String, String) {
    let behind = |label: &str| line.strip_suffix(&format!(" ({})", label.to_lowercase()));
    let found = PARTS.iter().find_map(|(value, label)| Some((behind(label)?.to_owned(), (*value).to_owned())));
    found.unwrap_or_else(|| (line.to_owned(), String::new()))
}

/// The line that holds a name and a part.
pub(super) fn person_line(name: &str, part: &str) -> String {
    match PARTS.iter().find(|(value, _)| *value == part) {
        Some((_, label)) => format!("{name} ({})", label.to_lowercase()),
        None => name.to_owned(),
    }
}

fn ticks(stands: &str, typed: &Typed, id: &str) -> Vec<Choice> {
    let came = typed.raw("ticks").is_some();
    let chosen = |value: &str, label: &str| if came { typed.has(id, value) } else { stands.contains(label) };
    ACTS.iter().map(|(value, label)| Choice::new(value, *label).chosen_if(chosen(value, label))).collect()
}

/// Captions and texts of a form that was signed and amended, without fields.
pub(super) fn as_it_stood(form: &Form, filled: &Filled, knows: bool) -> Vec<(String, String, String)> {
    let shown = form.boxes.iter().filter(|b| b.part != FormPart::Hr);
    let text = |b: &FormBox| match form.signs(&b.id).map(|party: Party| filled.signed_by(party)) {
        Some(Some((signature, _))) => format!("{}, {}", signature.name, signature.capacity),
        _ if b.kind == BoxKind::People && !knows => {
            "Only those who may know the people involved can read this.".to_owned()
        }
        _ => {
            let text = filled.boxes.get(&b.id).map(BoxText::to_string);
            let reason = || filled.not_applicable.get(&b.id).map(|why| format!("Does not apply: {why}"));
            text.or_else(reason).unwrap_or_else(|| "–".to_owned())
        }
    };
    shown.map(|b| (b.numeral.clone(), b.label.en.clone(), text(b))).collect()
}
