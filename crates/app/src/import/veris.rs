//! Records in the VERIS format, as the community database of breaches publishes them: JSON in, records in, and a reason
//! for every one that is left out.
//!
//! The format's own words for what happened to what are kept with the narrative; for lists and counts they are read as
//! the values that every import shares.

use super::vocabulary::{KINDS, LOCATIONS};
use super::{Parsed, Record};
use crate::places::place_code;
use domain::incident::Imported;
use domain::text::{Line, Narrative, inert};
use jiff::civil;
use serde_json::Value;
use std::collections::HashMap;

/// A file, by the name under which the report of the import speaks of it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path as it was named.
    pub name: String,
    /// What is in it: one record, or a list of them.
    pub bytes: Vec<u8>,
}

/// What the sources are called in records and lists.
const COMMUNITY: &str = "VERIS Community Database";
const OTHERS: &str = "VERIS records";
/// More people than live on earth is a slip of the keyboard, not a count.
const MOST_PEOPLE: u64 = 9_000_000_000;

/// What VERIS calls an action, and the kind it is counted as.
const ACTIONS: [(&str, &str); 7] = [
    ("hacking", "Hacking/IT Incident"),
    ("malware", "Hacking/IT Incident"),
    ("social", "Hacking/IT Incident"),
    ("misuse", "Unauthorized Access/Disclosure"),
    ("physical", "Other"),
    ("error", "Unauthorized Access/Disclosure"),
    ("environmental", "Other"),
];
/// Varieties of an action that say more than the action itself.
const VARIETIES: [(&str, &str, &str); 5] = [
    ("physical", "Theft", "Theft"),
    ("error", "Loss", "Loss"),
    ("error", "Disposal error", "Improper Disposal"),
    ("physical", "Snooping", "Unauthorized Access/Disclosure"),
    ("physical", "Unknown", "Unknown"),
];
/// How a variety of asset begins, and where the information is counted as having been. The first that fits counts.
const ASSETS: [(&str, &str); 13] = [
    ("S - Mail", "Email"),
    ("S - ", "Network Server"),
    ("N - ", "Network Server"),
    ("U - Laptop", "Laptop"),
    ("U - Desktop", "Desktop Computer"),
    ("U - Mobile", "Other Portable Electronic Device"),
    ("U - Tablet", "Other Portable Electronic Device"),
    ("M - Documents", "Paper/Films"),
    ("M - Flash", "Other Portable Electronic Device"),
    ("M - Disk", "Other Portable Electronic Device"),
    ("M - Tape", "Other Portable Electronic Device"),
    ("M - Smart", "Other Portable Electronic Device"),
    ("", "Other"),
];
/// Sectors of the North American Industry Classification, by their first two digits.
const SECTORS: [(&str, &str); 24] = [
    ("11", "Agriculture, forestry, fishing and hunting"),
    ("21", "Mining, quarrying, and oil and gas extraction"),
    ("22", "Utilities"),
    ("23", "Construction"),
    ("31", "Manufacturing"),
    ("32", "Manufacturing"),
    ("33", "Manufacturing"),
    ("42", "Wholesale trade"),
    ("44", "Retail trade"),
    ("45", "Retail trade"),
    ("48", "Transportation and warehousing"),
    ("49", "Transportation and warehousing"),
    ("51", "Information"),
    ("52", "Finance and insurance"),
    ("53", "Real estate"),
    ("54", "Professional, scientific and technical services"),
    ("55", "Management of companies"),
    ("56", "Administrative and waste services"),
    ("61", "Education"),
    ("62", "Health care and social assistance"),
    ("71", "Arts, entertainment and recreation"),
    ("72", "Accommodation and food services"),
    ("81", "Other services"),
    ("92", "Public administration"),
];

/// Reads files of records. `today` is the last day on which something can have happened.
pub fn read(files: &[SourceFile], today: civil::Date) -> Parsed {
    let mut parsed = Parsed::default();
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut number = 0;
    for file in files {
        for (name, record) in records(file) {
            number += 1;
            let read = record.and_then(|value| self::record(&value, &name, number, today));
            match read {
                Err(why) => parsed.skipped.push((number, format!("{name}: {why}"))),
                Ok(record) => match seen.get(&record.identity) {
                    Some(first) => {
                        parsed.skipped.push((number, format!("{name}: it is the record of {first} once more")));
                    }
                    None => {
                        seen.insert(record.identity.clone(), name);
                        parsed.records.push(record);
                    }
                },
            }
        }
    }
    parsed
}

/// The records of a file, each with its name.
fn records(file: &SourceFile) -> Vec<(String, Result<Value, String>)> {
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    match serde_json::from_slice::<Value>(bytes) {
        Err(why) => vec![(file.name.clone(), Err(format!("it is no JSON ({why})")))],
        Ok(Value::Array(all)) => {
            let named = |(place, value)| (format!("{} [{place}]", file.name), Ok(value));
            (1..).zip(all).map(|(place, value): (usize, Value)| named((place, value))).collect()
        }
        Ok(value) => vec![(file.name.clone(), Ok(value))],
    }
}

fn record(value: &Value, name: &str, number: u32, today: civil::Date) -> Result<Record, String> {
    if !value.is_object() {
        return Err("it is no record: not an object of JSON".to_owned());
    }
    let id = text(value, "/incident_id").ok_or("it has no incident_id, and could not be told apart from others")?;
    if text(value, "/security_incident").as_deref() == Some("False positive") {
        return Err("it is marked as a false positive".to_owned());
    }
    let mut remarks = Vec::new();
    let submitted = day(value, today, &mut remarks)?;
    let kinds = kinds(value, &mut remarks);
    let locations = locations(value, &mut remarks);
    let who = texts(value, "/victim/victim_id").into_iter().find(|who| who != "Unknown");
    if who.is_none() {
        remarks.push("victim.victim_id: nothing is given".to_owned());
    }
    let who = line(who.as_deref().unwrap_or("an organisation without a name"), "victim.victim_id", 250, &mut remarks);
    let source = match text(value, "/source_id").as_deref() {
        Some("vcdb") => COMMUNITY.to_owned(),
        Some(other) => line(&format!("{OTHERS} of {other}"), "source_id", 120, &mut remarks),
        None => OTHERS.to_owned(),
    };
    let fault = |what: &'static str| move |e: domain::text::TextError| format!("{what}: {e}");
    let mut record = Record {
        row: number,
        identity: format!("veris\u{1F}{id}"),
        title: Line::parse(&cut(&super::title(&kinds, &locations, &who), 200)).map_err(fault("the title"))?,
        changes: Vec::new(),
        imported: Imported {
            source: Line::parse(&source).map_err(fault("source_id"))?,
            record: Line::parse(&line(&id, "incident_id", 200, &mut remarks)).map_err(fault("incident_id"))?,
            author: Line::parse(&cut(&format!("{who}, imported from {source}"), 300)).map_err(fault("the author"))?,
            submitted,
            kinds: kinds.iter().filter_map(|kind| Line::parse(kind).ok()).collect(),
            locations: locations.iter().filter_map(|location| Line::parse(location).ok()).collect(),
            place: place(value, &mut remarks).and_then(|code| Line::parse(code).ok()),
            organisation: sector(value, &mut remarks).and_then(|sector| Line::parse(sector).ok()),
            associate: value.pointer("/actor/partner").is_some().then_some(true),
            people: people(value, &mut remarks),
            narrative: narrative(value, &mut remarks),
            remarks: Vec::new(),
        },
    };
    for remark in remarks {
        record.remark(format!("{name}: {remark}"));
    }
    Ok(record)
}

/// The first text at a place.
fn text(value: &Value, place: &str) -> Option<String> {
    texts(value, place).into_iter().next()
}

/// What stands at a place: older records hold one text where newer ones hold a list.
fn texts(value: &Value, place: &str) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match value.pointer(place) {
        Some(Value::Array(all)) => all.iter().filter_map(one).collect(),
        Some(other) => one(other).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The day on which it happened, as far as the record knows it.
fn day(value: &Value, today: civil::Date, remarks: &mut Vec<String>) -> Result<civil::Date, String> {
    let part = |name: &str| {
        let given = value.pointer(&format!("/timeline/incident/{name}"))?;
        given.as_i64().or_else(|| given.as_str()?.trim().parse().ok())
    };
    let year =
        part("year").ok_or("timeline.incident.year: nothing is given, and a record cannot be filed without it")?;
    let year = i16::try_from(year).ok().filter(|year| (1900..=9999).contains(year));
    let year = year.ok_or("timeline.incident.year: it is no year of an incident")?;
    let month = part("month").and_then(|month| i8::try_from(month).ok()).filter(|month| (1..=12).contains(month));
    let date = |day| civil::Date::new(year, month.unwrap_or(1), day);
    let of_month = part("day").filter(|_| month.is_some()).and_then(|day| i8::try_from(day).ok());
    let exact = of_month.and_then(|day| date(day).ok());
    match (exact, month) {
        (Some(_), _) => {}
        (None, Some(_)) => {
            remarks.push("timeline.incident: no day is given; filed under the first of the month".to_owned())
        }
        (None, None) => remarks.push("timeline.incident: only the year is given; filed under its first day".to_owned()),
    }
    let day = exact.or_else(|| date(1).ok()).ok_or("timeline.incident: it is no date")?;
    if day > today {
        return Err(format!("timeline.incident: {day} has not come yet"));
    }
    Ok(day)
}

fn kinds(value: &Value, remarks: &mut Vec<String>) -> Vec<&'static str> {
    let actions = value.pointer("/action").and_then(Value::as_object);
    let mut kinds = Vec::new();
    for name in actions.into_iter().flat_map(|actions| actions.keys()) {
        let varieties = texts(value, &format!("/action/{name}/variety"));
        let said =
            VARIETIES.iter().filter(|(action, variety, _)| action == name && varieties.iter().any(|v| v == variety));
        let told: Vec<&'static str> = said.map(|(.., kind)| *kind).collect();
        let general = ACTIONS.iter().find(|(action, _)| action == name).map(|(_, kind)| *kind);
        match (told.is_empty(), general) {
            (false, _) => kinds.extend(told),
            (true, Some(kind)) => kinds.push(kind),
            (true, None) if name == "unknown" => kinds.push("Unknown"),
            (true, None) => {
                remarks.push(format!("action: “{}” is not known and is filed under {}", cut(name, 60), KINDS.other));
                kinds.push(KINDS.other);
            }
        }
    }
    if kinds.is_empty() {
        remarks.push("action: nothing is given".to_owned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn locations(value: &Value, remarks: &mut Vec<String>) -> Vec<&'static str> {
    let assets = assets(value);
    if assets.is_empty() {
        remarks.push("asset.assets: nothing is given".to_owned());
    }
    let counted = |asset: &String| {
        ASSETS.iter().find(|(start, _)| asset.starts_with(start)).map_or(LOCATIONS.other, |(_, at)| at)
    };
    let mut locations: Vec<&'static str> = assets.iter().map(counted).collect();
    locations.sort_unstable();
    locations.dedup();
    locations
}

fn assets(value: &Value) -> Vec<String> {
    let assets = value.pointer("/asset/assets").and_then(Value::as_array);
    assets.into_iter().flatten().filter_map(|asset| text(asset, "/variety")).collect()
}

fn place(value: &Value, remarks: &mut Vec<String>) -> Option<&'static str> {
    let countries = texts(value, "/victim/country");
    if !countries.is_empty() && !countries.iter().any(|country| country == "US") {
        remarks.push(format!("victim.country: {} is outside the United States", cut(&countries.join(", "), 60)));
        return None;
    }
    let given = text(value, "/victim/state")?;
    let code = place_code(given.strip_prefix("US-").unwrap_or(&given));
    if code.is_none() {
        remarks.push(format!("victim.state: “{}” is no state or territory", cut(&inert(&given, false), 60)));
    }
    code
}

fn sector(value: &Value, remarks: &mut Vec<String>) -> Option<&'static str> {
    let given = text(value, "/victim/industry")?;
    let found = SECTORS.iter().find(|(digits, _)| given.starts_with(digits)).map(|(_, name)| *name);
    if found.is_none() {
        remarks.push(format!("victim.industry: “{}” is no sector", cut(&inert(&given, false), 60)));
    }
    found
}

fn people(value: &Value, remarks: &mut Vec<String>) -> Option<u64> {
    let data = value.pointer("/attribute/confidentiality")?;
    let amounts = data.get("data").and_then(Value::as_array);
    let largest = amounts.into_iter().flatten().filter_map(|kind| kind.get("amount")?.as_u64()).max();
    let count = data.get("data_total").and_then(Value::as_u64).or(largest)?;
    if count > MOST_PEOPLE {
        remarks.push(format!("attribute.confidentiality: {count} is no number of people"));
        return None;
    }
    Some(count)
}

/// The summary, and below it what the record says in the format's own words.
fn narrative(value: &Value, remarks: &mut Vec<String>) -> Option<Narrative> {
    let summary = text(value, "/summary");
    if summary.is_none() {
        remarks.push("summary: nothing is given".to_owned());
    }
    let mut parts: Vec<String> = summary.into_iter().collect();
    let mut said = Vec::new();
    for of in ["action", "actor"] {
        for (name, _) in value.pointer(&format!("/{of}")).and_then(Value::as_object).into_iter().flatten() {
            let varieties = texts(value, &format!("/{of}/{name}/variety")).join(", ");
            said.push(if varieties.is_empty() { format!("{of} {name}") } else { format!("{of} {name}: {varieties}") });
        }
    }
    let assets = assets(value);
    said.extend((!assets.is_empty()).then(|| format!("assets: {}", assets.join(", "))));
    said.extend(text(value, "/discovery_notes").map(|notes| format!("discovery: {notes}")));
    said.extend(text(value, "/reference").map(|reference| format!("reference: {reference}")));
    if !said.is_empty() {
        parts.push(format!("In the words of VERIS: {}.", said.join("; ")));
    }
    let whole = parts.join("\n\n").replace("\r\n", "\n").replace('\r', "\n");
    let plain = inert(&whole, true);
    if plain != whole {
        remarks.push("summary: characters that act unseen are shown as marks".to_owned());
    }
    if plain.chars().count() > 40_000 {
        remarks.push("summary: cut to 40000 characters".to_owned());
    }
    Narrative::parse(&cut(&plain, 40_000)).ok()
}

/// A text as one line without characters that act unseen; long ones are cut.
fn line(given: &str, what: &str, limit: usize, remarks: &mut Vec<String>) -> String {
    let folded = inert(&given.split_whitespace().collect::<Vec<_>>().join(" "), false);
    if folded != given {
        remarks.push(format!("{what}: spaces or unseen characters were tidied"));
    }
    cut(&folded, limit)
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
