//! What a text would change against the edition in force, item by item, for people who have to agree to it.

use domain::pack::{Pack, Step, Term, Tolerance, Unit};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One kind of items and what would happen to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// “Duties”
    pub title: &'static str,
    /// Items that the text brings.
    pub added: Vec<Item>,
    /// Items that would be gone.
    pub removed: Vec<Item>,
    /// Items that would read differently.
    pub changed: Vec<Changed>,
}

impl Part {
    /// Nothing would change here.
    pub fn is_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// An item by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// An item that would read differently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The item.
    pub item: Item,
    /// What about it: a word, how it reads now, how it would read. Both are empty where they are too long to say.
    pub what: Vec<(String, String, String)>,
}

/// Compares. Parts without a difference are left out; `None` compares with nothing at all.
pub fn compare(old: Option<&Pack>, new: &Pack) -> Vec<Part> {
    let mut parts = vec![head(old, new)];
    macro_rules! part {
        ($title:literal, $field:ident, $label:expr) => {
            parts.push(items(
                $title,
                old.map_or(&[][..], |pack| &pack.$field),
                &new.$field,
                |item| item.id.to_string(),
                $label,
            ));
        };
    }
    part!("Statements of the text", clauses, |c| format!("{}: {}", c.cite, c.says));
    part!("Kinds of incident", categories, |c| c.label.en.clone());
    part!("Duties", obligations, |o| o.title.clone());
    part!("Decisions", decisions, |d| d.asks.clone());
    part!("Needed for closing", closing, |c| c.says.clone());
    part!("Sheets of the incident", sheets, |s| s.title.clone());
    part!("Forms", forms, |f| f.title.en.clone());
    for form in &new.forms {
        let boxes = old.and_then(|pack| pack.form(&form.id)).map_or(&[][..], |form| &form.boxes);
        if old.is_some_and(|pack| pack.form(&form.id).is_some()) {
            parts.push(items("Boxes of the form", boxes, &form.boxes, |b| b.id.to_string(), |b| b.label.en.clone()));
        }
    }
    part!("Roles", roles, |r| r.title.en.clone());
    part!("Routes of reports", routes, |r| r.says.en.clone());
    part!("Messages", notices, |n| n.says.en.clone());
    part!("Questions of the report", questions, |q| q.title.en.clone());
    part!("Choices under “What happened?”", tiles, |t| t.label.en.clone());
    part!("Kinds of workforce", workforce, |w| w.label.en.clone());
    part!("Classes of systems", systems, |s| s.label.en.clone());
    part!("Facts that officers record", facts, |f| f.asks.clone());
    part!("Local values", locals, |l| l.title.clone());
    part!("Documents to supply", missing, |m| m.title.clone());
    part!("Legal bases", tags, |t| format!("{} ({})", t.label.en, t.cite));
    part!("Requests for silence", regimes, |r| r.title.clone());
    part!("House readings", interpretations, |i| i.question.clone());
    parts.retain(|part| !part.is_same());
    parts
}

/// The text as a whole: its dates, who approves it, how long records are kept.
fn head(old: Option<&Pack>, new: &Pack) -> Part {
    let mut part = Part { title: "The text itself", added: Vec::new(), removed: Vec::new(), changed: Vec::new() };
    let whole = |pack: &Pack| {
        BTreeMap::from([
            ("title", Value::String(pack.title.clone())),
            ("first day", said(pack.edition.from.map(|day| day.to_string()))),
            ("last day", said(pack.edition.until.map(|day| day.to_string()))),
            ("sunset date", said(pack.edition.sunset.map(|day| day.to_string()))),
            ("document", Value::String(format!("{}, {}", pack.source.title, pack.source.edition))),
            ("approved by", said(pack.enactment.approved_by.as_ref().map(ToString::to_string))),
            ("names of those who report", value(&pack.identity)),
            ("call before typing", value(&pack.phone_first)),
            ("what is asked about something lost", value(&pack.loss)),
            ("help ticket", value(&pack.ticket)),
            ("how long records are kept", value(&pack.retention)),
            ("yearly round", value(&pack.yearly_round)),
            ("routine review", value(&pack.routine_review)),
            ("what discovery means", value(&pack.discovery)),
            ("closed days", value(&pack.holidays)),
            ("advice", value(&pack.advice)),
            ("notices of the state", value(&pack.state_notices)),
            ("readiness levels", value(&pack.readiness)),
            ("plan of each unit", value(&pack.plan)),
        ])
    };
    let Some(old) = old else { return part };
    let (old, new_values) = (whole(old), whole(new));
    let what: Vec<_> = new_values
        .iter()
        .filter(|(key, value)| old.get(*key) != Some(*value))
        .map(|(key, value)| ((*key).to_owned(), old.get(key).map(short).unwrap_or_default(), short(value)))
        .collect();
    if !what.is_empty() {
        part.changed.push(Changed { item: Item { id: new.id.to_string(), label: new.title.clone() }, what });
    }
    part
}

fn said(text: Option<String>) -> Value {
    Value::String(text.unwrap_or_else(|| "none".to_owned()))
}

fn value(item: &impl Serialize) -> Value {
    // What a pack holds has no maps with other keys than text, so that it can always be written.
    serde_json::to_value(item).unwrap_or(Value::Null)
}

fn items<T: Serialize>(
    title: &'static str,
    old: &[T],
    new: &[T],
    id: impl Fn(&T) -> String,
    label: impl Fn(&T) -> String,
) -> Part {
    let item = |one: &T| Item { id: id(one), label: label(one) };
    let before: BTreeMap<String, &T> = old.iter().map(|one| (id(one), one)).collect();
    let after: BTreeMap<String, &T> = new.iter().map(|one| (id(one), one)).collect();
    let changed = new.iter().filter_map(|one| {
        let what = differences(&value(*before.get(&id(one))?), &value(one));
        (!what.is_empty()).then(|| Changed { item: item(one), what })
    });
    Part {
        title,
        changed: changed.collect(),
        added: new.iter().filter(|one| !before.contains_key(&id(one))).map(item).collect(),
        removed: old.iter().filter(|one| !after.contains_key(&id(one))).map(item).collect(),
    }
}

fn differences(old: &Value, new: &Value) -> Vec<(String, String, String)> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return Vec::new() };
    let keys = new.iter().filter(|(key, value)| old.get(*key) != Some(value) && *key != "boxes");
    keys.map(|(key, value)| (word(key), old.get(key).map(short).unwrap_or_default(), short(value))).collect()
}

/// A key of the pack in the words of a person.
fn word(key: &str) -> String {
    match key {
        "outer" => "limit",
        "soft" => "asked for sooner",
        "starts" => "when its clock starts",
        "trigger" => "what calls it up",
        "actor" => "who owes it",
        "also" => "who may do it as well",
        "evidence" => "what shows that it was done",
        "blocks" => "what it holds up",
        "clauses" => "clauses it cites",
        "notes" => "house readings",
        "says" => "wording",
        "when" => "conditions",
        "to" => "to whom",
        "falls_back_to" => "who stands in",
        "meets" => "the duty it answers for",
        "default" => "usual value",
        other => return other.replace('_', " "),
    }
    .to_owned()
}

/// A value in few words; empty when it takes more.
fn short(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.chars().count() <= 300 => term(value).unwrap_or_else(|| text.clone()),
        Value::String(_) => String::new(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            if words.is_empty() { "none".to_owned() } else { words.join(", ") }
        }
        Value::Array(_) => String::new(),
        Value::Object(fields) => match (fields.get("en").and_then(Value::as_str), fields.len()) {
            (Some(english), 2) => english.to_owned(),
            _ => term(value).unwrap_or_default(),
        },
    }
}

/// A term as its duty would say it, when the value is one.
fn term(value: &Value) -> Option<String> {
    let object = value.as_object();
    let part = |name: &str| object.and_then(|o| o.get(name));
    if let Some(after) = part("after") {
        let count = after.get("count")?.as_u64()?;
        let unit: Unit = serde_json::from_value(after.get("unit")?.clone()).ok()?;
        return Some(format!("{count} {}", unit.noun(u32::try_from(count).unwrap_or(u32::MAX))));
    }
    if part("at-trigger").is_some() {
        return Some("immediately".to_owned());
    }
    if part("as-soon-as-possible").is_some() {
        return Some("as soon as possible".to_owned());
    }
    if let Some(day) = part("on").and_then(Value::as_str) {
        return Some(format!("by {day}"));
    }
    if let Some(other) = part("with").and_then(Value::as_str) {
        return Some(format!("with {other}"));
    }
    if let Some(step) = part("before").and_then(Value::as_str) {
        return Some(format!("before {step}"));
    }
    if let Some(days) = part("after-year-of").and_then(|y| y.get("days")).and_then(Value::as_u64) {
        return Some(format!("{days} calendar days after the year"));
    }
    match value.as_str()? {
        "when-hold-ends" => Some("when the hold ends".to_owned()),
        "age-only" => Some("no period".to_owned()),
        _ => None,
    }
}

/// A limit as a page says it.
pub fn say(term: &Term) -> String {
    match term {
        Term::AtTrigger { tolerance: Some(Tolerance { minutes: Some(minutes), .. }) } => {
            format!("immediately ({minutes} minutes count as on time, a local value)")
        }
        Term::AtTrigger { .. } => "immediately".to_owned(),
        Term::AsSoonAsPossible { target: Some(Tolerance { minutes: Some(minutes), .. }) } => {
            format!("as soon as possible (aimed at within {minutes} minutes, a local value)")
        }
        Term::AsSoonAsPossible { .. } => "as soon as possible".to_owned(),
        Term::After { count: 0, local: Some(_), .. } => {
            "within a period that nobody has set (a local value)".to_owned()
        }
        Term::After { count, unit, local } => {
            let own = if local.is_some() { " (a local value)" } else { "" };
            format!("within {count} {}{own}", unit.noun(*count))
        }
        Term::On(day) => format!("by {}", domain::obligation::say_day(*day)),
        Term::Yearly { month, day } => format!("each year by {month:02}-{day:02}"),
        Term::Before(Step::Completion) => "before the form is completed".to_owned(),
        Term::Before(Step::Triage) => "before the report is triaged".to_owned(),
        Term::Before(Step::Closing) => "before the incident closes".to_owned(),
        Term::Before(Step::Release) => "before anything is released".to_owned(),
        Term::Before(Step::Disposal) => "before anything is disposed of".to_owned(),
        Term::Before(Step::Enactment) => "before a change is in force".to_owned(),
        Term::AfterYearOf { days } => format!("within {days} calendar days after the year"),
        Term::WhenHoldEnds => "when the request for silence ends".to_owned(),
        Term::With(other) => format!("together with {other}"),
        Term::AgeOnly => "no period is stated".to_owned(),
    }
}
