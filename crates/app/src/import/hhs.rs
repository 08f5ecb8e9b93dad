//! The export of the HHS breach portal: untidy rows in, records in, and a reason for every row that is left out.
//!
//! Columns are found by name, in any order and any case; newer and older exports name some of them otherwise and
//! leave some out.

use super::table::{Row, Table};
use super::vocabulary::{KINDS, LOCATIONS, Vocabulary, key};
use super::{Parsed, Record};
use crate::Trouble;
use crate::places::place_code;
use domain::incident::Imported;
use domain::text::{Line, Narrative, inert};
use jiff::civil;
use std::collections::HashMap;

/// What the source is called in records and lists.
pub const SOURCE: &str = "HHS breach portal";

/// More people than live on earth is a slip of the keyboard, not a count.
const MOST_PEOPLE: u64 = 9_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
enum Column {
    Name,
    State,
    Organisation,
    People,
    Submitted,
    Kind,
    Location,
    Associate,
    Narrative,
}

/// Each column: its name in the portal's export, and other names (letters and digits only) it has been seen under.
const COLUMNS: [(Column, &str, &[&str]); 9] = [
    (Column::Name, "Name of Covered Entity", &["coveredentity", "coveredentityname", "entityname", "name"]),
    (Column::State, "State", &["stateterritory", "coveredentitystate"]),
    (Column::Organisation, "Covered Entity Type", &["entitytype", "typeofcoveredentity"]),
    (Column::People, "Individuals Affected", &["numberofindividualsaffected", "individuals", "affectedindividuals"]),
    (
        Column::Submitted,
        "Breach Submission Date",
        &["submissiondate", "datesubmitted", "dateposted", "datepostedorupdated"],
    ),
    (Column::Kind, "Type of Breach", &["breachtype", "typesofbreach"]),
    (Column::Location, "Location of Breached Information", &["locationofinformation", "breachlocation", "location"]),
    (Column::Associate, "Business Associate Present", &["businessassociateinvolved", "businessassociate"]),
    (Column::Narrative, "Web Description", &["summary", "description", "narrative"]),
];

/// Where each column lies in this file.
struct Layout([Option<usize>; 9]);

impl Layout {
    fn find(headers: &[String]) -> Self {
        let keys: Vec<String> = headers.iter().map(|h| key(h)).collect();
        let at = |(_, name, others): (Column, &str, &[&str])| {
            let by_name = keys.iter().position(|k| *k == key(name));
            by_name.or_else(|| keys.iter().position(|k| others.contains(&k.as_str())))
        };
        Self(COLUMNS.map(at))
    }

    const fn has(&self, column: Column) -> bool {
        self.0[column as usize].is_some()
    }

    fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        self.0[column as usize].and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim())
    }
}

const fn label(column: Column) -> &'static str {
    COLUMNS[column as usize].1
}

/// Reads a whole export. `today` is the last day on which something can have been submitted.
pub fn read(bytes: &[u8], today: civil::Date) -> Result<Parsed, Trouble> {
    let table = Table::read(bytes);
    let layout = Layout::find(&table.headers);
    let needed = [Column::Name, Column::Submitted];
    let lacking: Vec<&str> = needed.into_iter().filter(|c| !layout.has(*c)).map(label).collect();
    if !lacking.is_empty() {
        return Err(Trouble::Refused(format!(
            "This is not an export of the breach portal: its first line has no column “{}”.",
            lacking.join("” and no column “")
        )));
    }
    let mut parsed = Parsed { notes: table.notes, ..Parsed::default() };
    parsed.notes.extend(COLUMNS.iter().filter(|c| !layout.has(c.0)).map(|c| format!("there is no column “{}”", c.1)));
    let known = |at: usize| layout.0.contains(&Some(at));
    let left_out = table.headers.iter().enumerate().filter(|(at, name)| !known(*at) && !name.trim().is_empty());
    parsed.notes.extend(left_out.map(|(_, name)| format!("column “{}” is not known and was left out", shown(name))));

    let mut twins: HashMap<String, u32> = HashMap::new();
    for row in &table.rows {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            parsed.skipped.push((row.number, "the row is empty".to_owned()));
            continue;
        }
        match record(row, &layout, table.headers.len(), today) {
            Err(why) => parsed.skipped.push((row.number, why)),
            Ok(mut record) => {
                let twin = twins.entry(record.identity.clone()).or_default();
                *twin += 1;
                tell_apart(&mut record, *twin)?;
                parsed.records.push(record);
            }
        }
    }
    Ok(parsed)
}

/// Two breaches of one organisation on one day look alike; the second, third … of them is its own record.
fn tell_apart(record: &mut Record, twin: u32) -> Result<(), Trouble> {
    record.identity.push_str(&format!("\u{1F}{twin}"));
    if twin > 1 {
        let named: String = record.imported.record.as_str().chars().take(190).collect();
        record.imported.record =
            Line::parse(&format!("{named} ({twin})")).map_err(|e| Trouble::fault("naming a record", e))?;
        record.remark(format!("number {twin} of several records alike in name, state, date, type and location"));
    }
    Ok(())
}

fn record(row: &Row, layout: &Layout, width: usize, today: civil::Date) -> Result<Record, String> {
    let submitted = submitted(layout.cell(row, Column::Submitted), today).map_err(|why| match row.cells.len() {
        cells if cells == width => why,
        cells => format!("{why} (the row has {cells} cells under {width} headers)"),
    })?;
    let mut remarks = row.remarks.clone();
    if row.cells.len() != width {
        remarks.push(format!("the row has {} cells under {width} headers", row.cells.len()));
    }

    let name = line::<250>(layout.cell(row, Column::Name), Column::Name, &mut remarks);
    let organisation = line::<120>(layout.cell(row, Column::Organisation), Column::Organisation, &mut remarks);
    let place = place(layout.cell(row, Column::State), &mut remarks);
    let people = people(layout.cell(row, Column::People), &mut remarks);
    let kinds = values(&KINDS, layout.cell(row, Column::Kind), &mut remarks);
    let locations = values(&LOCATIONS, layout.cell(row, Column::Location), &mut remarks);
    let associate = associate(layout.cell(row, Column::Associate), &mut remarks);
    let narrative = narrative(layout.cell(row, Column::Narrative), &mut remarks);
    let empty = [
        (Column::Name, name.is_none()),
        (Column::State, layout.cell(row, Column::State).is_empty()),
        (Column::Organisation, organisation.is_none()),
        (Column::People, layout.cell(row, Column::People).is_empty()),
        (Column::Kind, kinds.is_empty()),
        (Column::Location, locations.is_empty()),
        (Column::Associate, layout.cell(row, Column::Associate).is_empty()),
        (Column::Narrative, layout.cell(row, Column::Narrative).is_empty()),
    ];
    let missing = empty.into_iter().filter(|(column, empty)| *empty && layout.has(*column));
    remarks.extend(missing.map(|(column, _)| format!("{}: nothing is given", label(column))));

    let who = name.as_ref().map_or("an organisation without a name", |name| name.as_str());
    let identity =
        [&key(who), place.unwrap_or(""), &submitted.to_string(), &kinds.join(","), &locations.join(",")].join("\u{1F}");
    let title = super::title(&kinds, &locations, who);
    let reference = format!("{submitted} {} {who}", place.unwrap_or("–"));
    let fault = |e: domain::text::TextError| e.to_string();
    let mut record = Record {
        row: row.number,
        identity: format!("hhs-breaches\u{1F}{identity}"),
        title: Line::parse(&cut(&title, 200)).map_err(fault)?,
        changes: Vec::new(),
        imported: Imported {
            source: Line::parse(SOURCE).map_err(fault)?,
            record: Line::parse(&cut(&reference, 200)).map_err(fault)?,
            author: Line::parse(&format!("{who}, imported from the {SOURCE}")).map_err(fault)?,
            submitted,
            kinds: lines(&kinds),
            locations: lines(&locations),
            place: place.and_then(|code| Line::parse(code).ok()),
            organisation,
            associate,
            people,
            narrative,
            remarks: Vec::new(),
        },
    };
    remarks.into_iter().for_each(|remark| record.remark(remark));
    Ok(record)
}

fn lines(values: &[&'static str]) -> Vec<Line<120>> {
    values.iter().filter_map(|value| Line::parse(value).ok()).collect()
}

fn values(vocabulary: &Vocabulary, cell: &str, remarks: &mut Vec<String>) -> Vec<&'static str> {
    let read = vocabulary.read(cell);
    remarks.extend(read.remarks);
    read.values
}

/// A cell as one line; long ones are cut, and characters that act unseen become marks.
fn line<const LIMIT: usize>(cell: &str, column: Column, remarks: &mut Vec<String>) -> Option<Line<LIMIT>> {
    let folded = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded != cell {
        remarks.push(format!("{}: spaces and line breaks were tidied", label(column)));
    }
    Line::parse(&made_inert(&folded, column, LIMIT, remarks)).ok()
}

fn narrative(cell: &str, remarks: &mut Vec<String>) -> Option<Narrative> {
    if ["none", "n/a", "na", "null"].contains(&cell.to_lowercase().as_str()) {
        remarks.push(format!("{}: “{cell}” says that there is none", label(Column::Narrative)));
        return None;
    }
    let unified = cell.replace("\r\n", "\n").replace('\r', "\n");
    Narrative::parse(&made_inert(&unified, Column::Narrative, 40_000, remarks)).ok()
}

fn made_inert(text: &str, column: Column, limit: usize, remarks: &mut Vec<String>) -> String {
    let plain = inert(text, true);
    if plain != text {
        remarks.push(format!("{}: characters that act unseen are shown as marks", label(column)));
    }
    if text.contains('\u{FFFD}') {
        remarks.push(format!("{}: some characters were already lost at the source (\u{FFFD})", label(column)));
    }
    let length = plain.chars().count();
    if length > limit {
        remarks.push(format!("{}: cut from {length} to {limit} characters", label(column)));
    }
    cut(&plain, limit)
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

fn place(cell: &str, remarks: &mut Vec<String>) -> Option<&'static str> {
    let code = place_code(cell);
    if code.is_none() && !cell.is_empty() {
        remarks.push(format!("{}: “{}” is no state or territory", label(Column::State), shown(cell)));
    }
    code
}

fn people(cell: &str, remarks: &mut Vec<String>) -> Option<u64> {
    if cell.is_empty() {
        return None;
    }
    let whole =
        cell.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(cell, |(whole, _)| whole);
    let digits: String = whole.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{A0}')).collect();
    let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    match number.filter(|n| *n <= MOST_PEOPLE) {
        Some(number) => Some(number),
        None => {
            remarks.push(format!("{}: “{}” is no number of people", label(Column::People), shown(cell)));
            None
        }
    }
}

fn associate(cell: &str, remarks: &mut Vec<String>) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "" => None,
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => {
            remarks.push(format!("{}: “{}” is neither yes nor no", label(Column::Associate), shown(cell)));
            None
        }
    }
}

/// Month, day and year as the portal writes them, or a date in the order of ISO 8601; a time of day after it is cut.
fn submitted(cell: &str, today: civil::Date) -> Result<civil::Date, String> {
    let name = label(Column::Submitted);
    if cell.is_empty() {
        return Err(format!("{name}: nothing is given, and a record cannot be filed without its day"));
    }
    let no_date = || format!("{name}: “{}” is no date", shown(cell));
    let day = cell.split([' ', 'T']).next().unwrap_or(cell);
    let parts: Vec<&str> = day.split(['/', '-']).collect();
    let [first, second, third] = parts.as_slice() else { return Err(no_date()) };
    let number = |text: &str| text.parse::<i16>().map_err(|_| no_date());
    let (year, month, of_month) = if first.len() == 4 {
        (number(first)?, number(second)?, number(third)?)
    } else {
        let year = number(third)?;
        // The portal opened in 2009: two digits can only mean this century.
        (if third.len() == 2 { 2000 + year } else { year }, number(first)?, number(second)?)
    };
    let small = |n: i16| i8::try_from(n).map_err(|_| no_date());
    let date = civil::Date::new(year, small(month)?, small(of_month)?).map_err(|_| no_date())?;
    if date > today {
        return Err(format!("{name}: {date} has not come yet"));
    }
    if date.year() < 1900 {
        return Err(no_date());
    }
    Ok(date)
}

fn shown(cell: &str) -> String {
    cut(&inert(cell, false), 60)
}

#[cfg(test)]
mod tests;
