//! Says when something happened or is due the way officers read it, and reads times the way people type them.

use domain::time::{Instant, When, Zone};
use jiff::civil::{Date, Time, time};

use crate::words::{Language, day as say_day, machine, moment};

/// A time as a page shows it: in words, for machines, in universal time, and how long ago.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp {
    /// “Tue, Oct 13, 2026, 9:10 a.m. CDT”
    pub words: String,
    /// For the `datetime` attribute.
    pub machine: String,
    /// “2026-10-13 14:10:00 UTC”
    pub utc: String,
    /// “2 d ago”, “in 5 h”.
    pub ago: String,
}

/// The whole of a moment.
pub fn stamp(at: Instant, now: Instant, zone: &Zone) -> Stamp {
    let local = at.in_zone(zone);
    Stamp {
        words: moment(Language::English, &local),
        machine: machine(&local),
        utc: at.timestamp().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        ago: ago(at, now),
    }
}

/// A moment for rows of a list: without weekday, and without the year where it is this year's.
pub fn short(at: Instant, now: Instant, zone: &Zone) -> Stamp {
    let local = at.in_zone(zone);
    let year = local.year() != now.in_zone(zone).year();
    let full = stamp(at, now, zone);
    let (_, rest) = full.words.split_once(", ").unwrap_or(("", &full.words));
    let words = if year { rest.to_owned() } else { rest.replacen(&format!(", {}", local.year()), "", 1) };
    Stamp { words, ..full }
}

/// “Tue, Oct 13, 2026”
pub fn day(date: Date) -> String {
    say_day(Language::English, date)
}

/// When something happened, as well as anyone knows.
pub fn when(when: &When, now: Instant, zone: &Zone) -> Stamp {
    match when {
        When::Exact { at } => stamp(*at, now, zone),
        When::About { at } => {
            let full = stamp(*at, now, zone);
            Stamp { words: format!("about {}", full.words), ..full }
        }
        When::Day { on } => Stamp { words: day(*on), machine: on.to_string(), ..Stamp::default() },
        When::Unknown => Stamp { words: "not known".to_owned(), ..Stamp::default() },
    }
}

/// How long something lasts or lasted, in the largest unit that says enough: “18 min”, “5 h”, “28 d”.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.abs();
    match seconds {
        0..60 => "less than 1 min".to_owned(),
        60..5_400 => format!("{} min", seconds / 60),
        5_400..129_600 => format!("{} h", (seconds + 1_800) / 3_600),
        129_600..63_072_000 => format!("{} d", (seconds + 43_200) / 86_400),
        _ => format!("{} y", (seconds + 15_778_800) / 31_557_600),
    }
}

/// “2 d ago”, “just now”, “in 5 h”.
pub fn ago(at: Instant, now: Instant) -> String {
    let past = now.seconds_since(at);
    match past {
        0..60 => "just now".to_owned(),
        60.. => format!("{} ago", span(past)),
        _ => format!("in {}", span(past)),
    }
}

/// What could not be read as a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” could not be read as a time. Try “now”, “yesterday 3pm”, “10/12 15:00” or “1500Z”.")]
pub struct NotATime(pub String);

/// Reads a time as people type it: “now”, “yesterday 3pm”, “about 10/12 15:00”, “1500Z”, ISO, or our own long form.
/// A day without a year is the latest such day that is not in the future.
pub fn read(typed: &str, now: Instant, zone: &Zone) -> Result<When, NotATime> {
    let wrong = || NotATime(typed.trim().chars().take(60).collect());
    let plain = typed.trim();
    if let Ok(at) = plain.parse::<jiff::Timestamp>() {
        return Ok(When::Exact { at: Instant::from_timestamp(at) });
    }
    let mut reading = Reading::new(now.day_in(zone));
    let text = plain.to_lowercase().replace(['\u{a0}', ','], " ").replace("a. m.", "am").replace("p. m.", "pm");
    let text = text.replace("a.m.", "am").replace("p.m.", "pm").replace('~', "about ");
    for word in text.split_whitespace() {
        match word {
            "now" => return Ok(When::Exact { at: now }),
            "unknown" => return Ok(When::Unknown),
            _ => reading.take(word).ok_or_else(wrong)?,
        }
    }
    reading.finish(zone).ok_or_else(wrong)
}

/// A civil day as people type it.
pub fn read_day(typed: &str, now: Instant, zone: &Zone) -> Result<Date, NotATime> {
    match read(typed, now, zone)? {
        When::Day { on } => Ok(on),
        When::Exact { at } | When::About { at } => Ok(at.day_in(zone)),
        When::Unknown => Err(NotATime(typed.trim().to_owned())),
    }
}

struct Reading {
    today: Date,
    about: bool,
    utc: bool,
    month: Option<i8>,
    day: Option<Date>,
    day_of_month: Option<i8>,
    year: Option<i16>,
    time: Option<Time>,
    bare: Option<i8>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Reading {
    const fn new(today: Date) -> Self {
        Self {
            today,
            about: false,
            utc: false,
            month: None,
            day: None,
            day_of_month: None,
            year: None,
            time: None,
            bare: None,
        }
    }

    fn take(&mut self, word: &str) -> Option<()> {
        let word = word.trim_end_matches('.');
        let begins = |names: &[&str]| names.iter().position(|n| word.starts_with(n) && word.len() <= 9);
        match word {
            "about" | "around" | "approximately" => self.about = true,
            "at" | "on" | "the" => {}
            "today" => self.day = Some(self.today),
            "yesterday" => self.day = Some(self.today.yesterday().ok()?),
            "noon" => self.time = Some(time(12, 0, 0, 0)),
            "midnight" => self.time = Some(time(0, 0, 0, 0)),
            "z" | "utc" | "gmt" => self.utc = true,
            "cst" | "cdt" | "mst" | "mdt" | "est" | "edt" | "pst" | "pdt" | "ct" | "mt" | "et" | "pt" => {}
            "am" | "pm" => {
                let (hour, minute) = match (self.bare.take(), self.time) {
                    (Some(hour), _) => (hour, 0),
                    (None, Some(said)) => (said.hour(), said.minute()),
                    (None, None) => return None,
                };
                self.time = Some(clock(hour, minute, Some(word))?);
            }
            _ if word.starts_with(|c: char| c.is_ascii_alphabetic()) => match (begins(&MONTHS), begins(&DAYS)) {
                (Some(month), _) => self.month = Some(i8::try_from(month).ok()? + 1),
                (None, Some(_)) => {}
                (None, None) => return None,
            },
            _ => self.number(word)?,
        }
        Some(())
    }

    fn number(&mut self, word: &str) -> Option<()> {
        if let Ok(at) = word.parse::<jiff::civil::DateTime>()
            && word.contains('t')
        {
            (self.day, self.time) = (Some(at.date()), Some(at.time()));
            return Some(());
        }
        if word.contains('-') {
            self.day = Some(word.parse().ok()?);
            return Some(());
        }
        if word.contains('/') {
            let parts: Vec<i16> = word.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
            let [month, day, rest @ ..] = parts.as_slice() else { return None };
            (self.month, self.day_of_month) = (Some(i8::try_from(*month).ok()?), Some(i8::try_from(*day).ok()?));
            self.year = match rest {
                [] => None,
                [year @ 0..100] => Some(2000 + year),
                [year] => Some(*year),
                _ => return None,
            };
            return Some(());
        }
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = &word[digits.len()..];
        self.utc |= suffix == "z";
        let half = Some(suffix).filter(|s| ["am", "pm"].contains(s));
        if !["", "z", "am", "pm", "st", "nd", "rd", "th", "h"].contains(&suffix) {
            return None;
        }
        if let Some((hour, minute)) = digits.split_once(':') {
            let minute = minute.split(':').next()?.parse().ok()?;
            let hour = hour.parse().ok()?;
            self.time = Some(clock(hour, minute, half)?);
            return Some(());
        }
        let value: i16 = digits.parse().ok()?;
        if half.is_some() {
            self.time = Some(clock(i8::try_from(value).ok()?, 0, half)?);
        } else if digits.len() == 4 && (suffix == "z" || self.month.is_none() || self.year.is_some()) {
            self.time = Some(clock(i8::try_from(value / 100).ok()?, i8::try_from(value % 100).ok()?, None)?);
        } else if digits.len() == 4 {
            self.year = Some(value);
        } else if self.month.is_some() && self.day_of_month.is_none() {
            self.day_of_month = Some(i8::try_from(value).ok()?);
        } else {
            self.bare = Some(i8::try_from(value).ok()?);
        }
        Some(())
    }

    fn finish(self, zone: &Zone) -> Option<When> {
        if self.bare.is_some() {
            return None;
        }
        let day = match (self.day, self.month, self.day_of_month) {
            (Some(day), ..) => Some(day),
            (None, Some(month), Some(of_month)) => Some(match self.year {
                Some(year) => Date::new(year, month, of_month).ok()?,
                None => {
                    let this = Date::new(self.today.year(), month, of_month).ok();
                    let past = this.filter(|day| *day <= self.today);
                    past.or_else(|| Date::new(self.today.year() - 1, month, of_month).ok())?
                }
            }),
            (None, None, None) => None,
            _ => return None,
        };
        let Some(time) = self.time else { return day.map(|on| When::Day { on }) };
        let at = day.unwrap_or(self.today).to_datetime(time);
        let zone = if self.utc { jiff::tz::TimeZone::UTC } else { zone.time_zone().clone() };
        let at = Instant::from_timestamp(at.to_zoned(zone).ok()?.timestamp());
        Some(if self.about { When::About { at } } else { When::Exact { at } })
    }
}

fn clock(hour: i8, minute: i8, half: Option<&str>) -> Option<Time> {
    let hour = match half {
        Some("am") if hour == 12 => 0,
        Some("pm") if hour < 12 => hour + 12,
        Some(_) if !(1..=12).contains(&hour) => return None,
        _ => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chicago() -> Zone {
        Zone::named("America/Chicago").expect("known zone")
    }

    fn now() -> Instant {
        Instant::from_timestamp("2026-10-13T14:10:00Z".parse().expect("an instant"))
    }

    fn said(typed: &str) -> String {
        read(typed, now(), &chicago()).map_or_else(|e| e.to_string(), |w| when(&w, now(), &chicago()).words)
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, meant) in [
            ("now", "Tue, Oct 13, 2026, 9:10\u{a0}a.m. CDT"),
            ("yesterday 3pm", "Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT"),
            ("about yesterday 3 pm", "about Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT"),
            ("10/12 15:00", "Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT"),
            ("12/30", "Tue, Dec 30, 2025"),
            ("1300Z", "Tue, Oct 13, 2026, 8:00\u{a0}a.m. CDT"),
            ("Mon Oct 12 ~3:15pm", "about Mon, Oct 12, 2026, 3:15\u{a0}p.m. CDT"),
            ("2026-10-12T20:00:00Z", "Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT"),
            ("2026-10-12 15:00", "Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT"),
            ("2026-10-12", "Mon, Oct 12, 2026"),
            ("Oct 2, 2025", "Thu, Oct 2, 2025"),
            ("noon", "Tue, Oct 13, 2026, 12:00\u{a0}p.m. CDT"),
            ("unknown", "not known"),
        ] {
            assert_eq!(said(typed), meant, "{typed}");
        }
    }

    #[test]
    fn our_own_long_form_is_read_back_as_written() {
        let said_once = stamp(now(), now(), &chicago()).words;
        assert_eq!(said(&said_once), said_once);
    }

    #[test]
    fn what_is_no_time_says_what_to_type() {
        for typed in ["soon", "13/45", "25:00", "3", "2026-02-30", "<b>"] {
            assert!(said(typed).contains("could not be read"), "{typed}: {}", said(typed));
        }
    }

    #[test]
    fn spans_use_the_unit_that_says_enough() {
        let all: Vec<_> = [30, 18 * 60, 5 * 3_600, 28 * 86_400, 2_192 * 86_400].into_iter().map(span).collect();
        assert_eq!(all, ["less than 1 min", "18 min", "5 h", "28 d", "6 y"]);
    }
}
