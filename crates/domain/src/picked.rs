//! Facts picked out of notes that somebody types during a call: days and times, ways to reach a person, places, units,
//! tags, and what other incidents may share. Each is an offer; none counts before a person takes it.

use crate::ids::UnitId;
use crate::observable::{self, Observable, ObservableKind};
use jiff::civil::{Date, DateTime, Time, Weekday, time};
use std::net::IpAddr;

/// Something that may be a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offer {
    /// A day that has come, with a time where one was said.
    When(Date, Option<Time>),
    /// A telephone number of North America.
    Phone(String),
    /// A mail address.
    Mailbox(String),
    /// A unit, named as the organisation names it.
    Unit(UnitId),
    /// A street address, or a place inside a building.
    Place(String),
    /// A tag or serial number.
    Tag(String),
    /// An address, a name or a sum that other incidents may share.
    Seen(Observable),
}

/// What notes may say, each once, in the order of [`Offer`]. `now` is the wall clock of the unit: nothing later is offered.
pub fn pick(notes: &str, now: DateTime, units: &[(UnitId, &str)]) -> Vec<Offer> {
    let words: Vec<&str> = notes.split_whitespace().map(|word| word.trim_matches(around)).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let seen = observable::find(notes);
    let mut all: Vec<Offer> = moments(&lower, now).collect();
    all.extend(phones(notes));
    let mailbox = |o: &&Observable| o.kind == ObservableKind::Mailbox;
    all.extend(seen.iter().filter(mailbox).map(|o| Offer::Mailbox(o.value.clone())));
    all.extend(units.iter().filter(|(_, name)| named(notes, name)).map(|(id, _)| Offer::Unit(*id)));
    all.extend(places(&words, &lower));
    all.extend(words.iter().filter(|word| is_tag(word)).map(|word| Offer::Tag((*word).to_owned())));
    all.extend(seen.iter().filter(|o| !mailbox(o)).map(|o| Offer::Seen(o.clone())));
    let mut once = Vec::new();
    for offer in all {
        if !once.contains(&offer) {
            once.push(offer);
        }
    }
    once
}

fn around(c: char) -> bool {
    ".,;:!?()[]\"'“”".contains(c)
}

/// Days, each with the time that stands near it; a time without a day is today's.
fn moments(words: &[String], now: DateTime) -> impl Iterator<Item = Offer> {
    const NEAR: usize = 4;
    let days: Vec<(usize, Date)> = (0..words.len()).filter_map(|at| Some((at, day(words, at, now.date())?))).collect();
    let mut times: Vec<(usize, Time)> = (0..words.len()).filter_map(|at| Some((at, clock(words, at)?))).collect();
    let mut found = Vec::new();
    for (at, day) in days {
        let near = times.iter().position(|(other, _)| other.abs_diff(at) <= NEAR);
        found.push((day, near.map(|near| times.remove(near).1)));
    }
    found.extend(times.into_iter().map(|(_, time)| (now.date(), Some(time))));
    found
        .into_iter()
        .filter(move |(day, time)| day.to_datetime(time.unwrap_or(Time::MIN)) <= now)
        .map(|(d, t)| Offer::When(d, t))
}

fn day(words: &[String], at: usize, today: Date) -> Option<Date> {
    let word = words[at].as_str();
    let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
    let after = words.get(at + 1).map_or("", String::as_str);
    match word {
        "today" | "tonight" => return Some(today),
        "yesterday" => return today.yesterday().ok(),
        "night" if before == "last" => return today.yesterday().ok(),
        "morning" | "afternoon" | "evening" if before == "this" => return Some(today),
        _ => {}
    }
    if let Some(weekday) = weekday(word) {
        // The latest such day; "last Monday", said on a Monday, is a week ago.
        let back = i64::from(today.weekday().since(weekday));
        let back = if back == 0 && before == "last" { 7 } else { back };
        return today.checked_sub(jiff::Span::new().days(back)).ok();
    }
    if let Some(month) = month(word) {
        let year =
            words.get(at + 2).and_then(|year| year.parse::<i16>().ok()).filter(|year| (2000..=2100).contains(year));
        return latest(month, number(after)?, year, today);
    }
    if let Ok(day) = word.parse::<Date>() {
        return Some(day);
    }
    let mut parts = word.split('/');
    let (month, of_month) = (number(parts.next()?)?, number(parts.next()?)?);
    let year = match parts.next() {
        None => None,
        Some(year) => Some(year.parse::<i16>().ok().map(|year| if year < 100 { 2000 + year } else { year })?),
    };
    if parts.next().is_some() { None } else { latest(month, of_month, year, today) }
}

/// The day of that month; without a year, the latest that is not in the future.
fn latest(month: i8, of_month: i8, year: Option<i16>, today: Date) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, of_month).ok();
    }
    let this = Date::new(today.year(), month, of_month).ok().filter(|day| *day <= today);
    this.or_else(|| Date::new(today.year() - 1, month, of_month).ok())
}

fn number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if ["", "st", "nd", "rd", "th"].contains(&&word[digits.len()..]) { digits.parse().ok() } else { None }
}

/// Short forms that are words of their own ("sat", "sun", "wed", "mon") are left alone.
fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(word)))?;
    i8::try_from(at + 1).ok()
}

/// `3pm`, `3 pm`, `3:15 p.m.`, `15:30`, noon, midnight.
fn clock(words: &[String], at: usize) -> Option<Time> {
    let word = words[at].as_str();
    match word {
        "noon" => return Some(time(12, 0, 0, 0)),
        "midnight" => return Some(Time::MIN),
        _ => {}
    }
    let half_of = |word: &str| match word.replace('.', "").as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        _ => None,
    };
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    let half = half_of(&word[digits.len()..]).or_else(|| half_of(words.get(at + 1)?));
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?),
        Some(_) => return None,
        None => (digits.parse::<i8>().ok()?, 0),
    };
    let hour = match half {
        Some(after_noon) if (1..=12).contains(&hour) => hour % 12 + if after_noon { 12 } else { 0 },
        Some(_) => return None,
        // A bare number is no time.
        None if digits.contains(':') && digits.len() == word.len() => hour,
        None => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// Three, three and four digits, or three and four: whatever stands between them.
fn phones(notes: &str) -> Vec<Offer> {
    let mut found = Vec::new();
    for run in notes.split(|c: char| !(c.is_ascii_digit() || " -.()+".contains(c))) {
        // Addresses of machines are digits and dots too.
        let kept: String = run
            .split_whitespace()
            .filter(|piece| piece.trim_matches(around).parse::<IpAddr>().is_err())
            .collect::<Vec<_>>()
            .join(" ");
        let groups: Vec<&str> = kept.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        let mut at = 0;
        while at < groups.len() {
            let sizes: Vec<usize> = groups[at..].iter().take(3).map(|group| group.len()).collect();
            match sizes.as_slice() {
                [3, 3, 4] => {
                    found.push(format!("{}-{}-{}", groups[at], groups[at + 1], groups[at + 2]));
                    at += 3;
                }
                [10, ..] => {
                    let all = groups[at];
                    found.push(format!("{}-{}-{}", &all[..3], &all[3..6], &all[6..]));
                    at += 1;
                }
                [3, 4, ..] if kept.contains(&format!("{}-{}", groups[at], groups[at + 1])) => {
                    found.push(format!("{}-{}", groups[at], groups[at + 1]));
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }
    // No area code and no exchange begins with 0 or 1.
    let real = |phone: &String| phone.split('-').rev().skip(1).all(|group| !group.starts_with(['0', '1']));
    found.into_iter().filter(real).map(Offer::Phone).collect()
}

fn named(notes: &str, name: &str) -> bool {
    let (notes, name) = (notes.to_lowercase(), name.to_lowercase());
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !name.is_empty()
        && notes
            .match_indices(&name)
            .any(|(at, _)| edge(notes[..at].chars().next_back()) && edge(notes[at + name.len()..].chars().next()))
}

const INSIDE: [&str; 9] = ["room", "building", "bldg", "ward", "floor", "office", "suite", "unit", "lab"];
const STREETS: [&str; 18] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "boulevard",
    "blvd",
    "drive",
    "dr",
    "lane",
    "ln",
    "highway",
    "hwy",
    "way",
    "court",
    "ct",
    "place",
];

fn places(words: &[&str], lower: &[String]) -> Vec<Offer> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        let next = lower.get(at + 1).map_or("", String::as_str);
        let marks = next.len() <= 6
            && (next.contains(|c: char| c.is_ascii_digit()) || next.len() == 1 && next != "a" && next != "i");
        if INSIDE.contains(&lower[at].as_str()) && marks {
            found.push(Offer::Place(words[at..=at + 1].join(" ")));
        }
        let house = words[at].len() <= 6 && words[at].bytes().all(|c| c.is_ascii_digit()) && !words[at].is_empty();
        // The name of a street is one to three words.
        let street = (2..=4).find(|ahead| lower.get(at + ahead).is_some_and(|word| STREETS.contains(&word.as_str())));
        if let (true, Some(ahead)) = (house, street)
            && lower[at + 1..at + ahead].iter().all(|word| word.chars().all(char::is_alphanumeric) && word.len() > 1)
            && words[at + 1].starts_with(char::is_uppercase)
        {
            found.push(Offer::Place(words[at..=at + ahead].join(" ")));
        }
    }
    found
}

/// Letters and three digits or more in one word, as on a property tag.
fn is_tag(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    (5..=24).contains(&word.len())
        && digits >= 3
        && letters >= 1
        && word.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && !word.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const RIVERBEND: UnitId = UnitId::new(uuid::Uuid::from_u128(1));
    const OAK_GROVE: UnitId = UnitId::new(uuid::Uuid::from_u128(2));

    /// On Tuesday, October 13, 2026, at 9:10 in the morning.
    fn offers(notes: &str) -> String {
        let now = date(2026, 10, 13).at(9, 10, 0, 0);
        let units = [(RIVERBEND, "Riverbend Center"), (OAK_GROVE, "Oak Grove Hospital")];
        let said = |offer: Offer| match offer {
            Offer::When(day, None) => format!("{day}"),
            Offer::When(day, Some(time)) => format!("{day} {}", time.strftime("%H:%M")),
            Offer::Phone(text) => format!("call {text}"),
            Offer::Mailbox(text) => format!("mail {text}"),
            Offer::Unit(id) => format!("unit {}", if id == RIVERBEND { 1 } else { 2 }),
            Offer::Place(text) => format!("in {text}"),
            Offer::Tag(text) => format!("tag {text}"),
            Offer::Seen(observable) => format!("seen {}", observable.value),
        };
        pick(notes, now, &units).into_iter().map(said).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn notes_of_a_call_give_what_a_person_would_underline() {
        for (notes, found) in [
            ("taken from car monday afternoon, store lot fulton, tag DMH-44721", "2026-10-12 | tag DMH-44721"),
            ("Happened yesterday at 3pm in Room 12 of Riverbend Center.", "2026-10-12 15:00 | unit 1 | in Room 12"),
            ("call her back at (573) 555-0188, or 573.555.0142", "call 573-555-0188 | call 573-555-0142"),
            ("+1 573 555 0188 works; at the ward 555-0150", "call 573-555-0188 | call 555-0150"),
            (
                "sender pay@example.org, link hxxp://login.example[.]net/x",
                "mail pay@example.org | seen http://login.example.net/x",
            ),
            ("from 203.0.113.9 and 198.51.100.12, nothing else", "seen 203.0.113.9 | seen 198.51.100.12"),
            ("he lives at 12 Main Street and saw it 10/12 at 15:30", "2026-10-12 15:30 | in 12 Main Street"),
            ("Oct 2nd, then again last night", "2026-10-02 | 2026-10-12"),
            ("noticed at 8:45 a.m. today", "2026-10-13 08:45"),
            ("last tuesday at noon", "2026-10-06 12:00"),
            ("2026-10-01 to 10/5/26", "2026-10-01 | 2026-10-05"),
            ("the oak grove hospital sent it", "unit 2"),
        ] {
            assert_eq!(offers(notes), found, "{notes}");
        }
    }

    #[test]
    fn what_only_looks_like_a_fact_is_left_alone() {
        for notes in [
            "",
            "she sat in the sun and may come back",
            "2 of 3 people, 15 minutes, 40 %",
            "tomorrow at 5pm",
            "today at 11pm",
            "12/31/2099",
            "13/45",
            "version 1.2.3 build 100",
            "12345678901234567890",
            "a unit a day",
            "the riverbend centers",
            "call 000-000-0000 or 123-456-7890",
            "\u{202e}\u{0}\u{1f600} ::: --- ///",
        ] {
            assert_eq!(offers(notes), "", "{notes:?}");
        }
    }

    #[test]
    fn any_text_is_read_without_fault() {
        let pieces =
            ["10/", "/", "Oct", "3pm", "12:", ":", "573-", "555", "0188", "é", "room", "12", "st", "@", ".", "-", "🚪"];
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    offers(&format!("{a}{b} {c}"));
                    offers(&format!("{a} {b}{c}"));
                }
            }
        }
    }
}
