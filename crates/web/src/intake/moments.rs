//! Reads when something happened from what people type: a quick choice, or month, day and year, with or without a time.

use crate::{
    screens::public::mend::Mend,
    words::{self, Language},
};
use domain::time::{Instant, When, Zone};
use jiff::civil::{Date, Time};

/// Answers to “When did it happen?” as they were sent.
#[derive(Debug, Default)]
pub struct Typed<'a> {
    /// `now`, `today`, `yesterday`, `date`, `unknown`, or nothing.
    pub quick: &'a str,
    /// Month, day and year.
    pub date: [&'a str; 3],
    /// Time of day.
    pub time: &'a str,
}

/// The moment meant, counted from `said`, the moment at which the page was sent; or what to mend, and at which field.
pub fn read(typed: &Typed<'_>, said: Instant, now: Instant, zone: &Zone) -> Result<When, (&'static str, Mend)> {
    let dated = typed.date.iter().any(|part| !part.trim().is_empty());
    let today = said.day_in(zone);
    let day = match typed.quick {
        "now" => return Ok(When::About { at: said }),
        "today" => today,
        "yesterday" => today.yesterday().unwrap_or(today),
        "unknown" => return Ok(When::Unknown),
        _ if dated => date(typed.date).ok_or(("day", Mend::NoSuchDay))?,
        "date" => return Err(("day", Mend::NoSuchDay)),
        _ => return Ok(When::Unknown),
    };
    let future = |language: Language| words::day(language, now.day_in(zone));
    if day > now.day_in(zone) {
        return Err(("day", Mend::future(future)));
    }
    if typed.time.trim().is_empty() {
        return Ok(When::Day { on: day });
    }
    let time = time(typed.time).ok_or(("time", Mend::NoSuchTime))?;
    // An hour that the clocks skip or repeat is taken as the earlier offset has it: the reporter says "about".
    let at = day.to_datetime(time).to_zoned(zone.time_zone().clone()).map_err(|_| ("day", Mend::NoSuchDay))?;
    let at = Instant::from_timestamp(at.timestamp());
    // A watch may run a few minutes fast.
    if at > now.plus_seconds(300) {
        return Err(("time", Mend::future(future)));
    }
    Ok(When::About { at })
}

/// The moment meant by a short text: a time of today, or a day with a time; `None` when nothing was typed. A time that
/// has not come today was yesterday's.
pub fn read_typed(text: &str, said: Instant, now: Instant, zone: &Zone) -> Result<Option<When>, Mend> {
    let text = text.trim();
    if text.is_empty() || text.len() > 60 {
        return if text.is_empty() { Ok(None) } else { Err(Mend::NoSuchTime) };
    }
    let today = said.day_in(zone);
    if let Some(time) = time(text) {
        let on = |day: Date| day.to_datetime(time).to_zoned(zone.time_zone().clone()).ok();
        let at = on(today).map(|at| Instant::from_timestamp(at.timestamp())).filter(|at| *at <= now.plus_seconds(300));
        let yesterday = || on(today.yesterday().ok()?).map(|at| Instant::from_timestamp(at.timestamp()));
        return at.or_else(yesterday).map(|at| Some(When::About { at })).ok_or(Mend::NoSuchTime);
    }
    let plain = text.to_lowercase().replace("ayer", "yesterday").replace("hoy", "today").replace("ahora", "now");
    let plain = plain.replace(" a las ", " ").replace(" a la ", " ");
    let read = crate::times::read(&plain, said, zone).map_err(|_| Mend::NoSuchTime)?;
    let future = match &read {
        When::Exact { at } | When::About { at } => *at > now.plus_seconds(300),
        When::Day { on } => *on > now.day_in(zone),
        When::Unknown => false,
    };
    match read {
        _ if future => Err(Mend::future(|language| words::day(language, now.day_in(zone)))),
        When::Unknown => Ok(None),
        When::Exact { at } => Ok(Some(When::About { at })),
        when => Ok(Some(when)),
    }
}

fn date([month, day, year]: [&str; 3]) -> Option<Date> {
    let year: i16 = match number(year)? {
        short @ 0..=99 => short + 2000,
        year @ 1900..=9999 => year,
        _ => return None,
    };
    Date::new(year, month_number(month)?, i8::try_from(number(day)?).ok()?).ok()
}

fn number(text: &str) -> Option<i16> {
    let text = text.trim();
    let plain = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// 1–12, or the beginning of a month's name in either language.
fn month_number(text: &str) -> Option<i8> {
    if let Some(number) = number(text) {
        return i8::try_from(number).ok();
    }
    const NAMES: [&[&str]; 12] = [
        &["jan", "ene"],
        &["feb"],
        &["mar"],
        &["apr", "abr"],
        &["may"],
        &["jun"],
        &["jul"],
        &["aug", "ago"],
        &["sep"],
        &["oct"],
        &["nov"],
        &["dec", "dic"],
    ];
    let begins: String = text.trim().to_lowercase().chars().take(3).collect();
    let at = NAMES.iter().position(|names| names.contains(&begins.as_str()))?;
    i8::try_from(at + 1).ok()
}

/// “3 p.m.”, “3:30pm”, “15:00”, “1500”, “noon”.
pub fn time(text: &str) -> Option<Time> {
    if text.len() > 40 {
        return None;
    }
    let plain: String =
        text.to_lowercase().chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '\u{a0}')).collect();
    match plain.as_str() {
        "noon" | "mediodía" | "mediodia" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" | "medianoche" => return Time::new(0, 0, 0, 0).ok(),
        _ => {}
    }
    let digits = plain.trim_end_matches(|c: char| c.is_alphabetic());
    let half = &plain[digits.len()..];
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        None if digits.len() >= 3 && digits.is_ascii() => {
            let (hour, minute) = digits.split_at(digits.len() - 2);
            (number(hour)?, number(minute)?)
        }
        None => (number(digits)?, 0),
    };
    let hour = match half {
        "" | "h" | "hrs" => hour,
        "am" | "a" if (1..=12).contains(&hour) => hour % 12,
        "pm" | "p" if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "2026-10-13T14:10:00Z";

    fn asked(quick: &str, date: [&str; 3], time: &str) -> Result<String, String> {
        let zone = Zone::named("America/Chicago").unwrap();
        let now: Instant = Instant::from_timestamp(NOW.parse().unwrap());
        match read(&Typed { quick, date, time }, now, now, &zone) {
            Ok(When::About { at }) => Ok(words::machine(&at.in_zone(&zone))),
            Ok(When::Day { on }) => Ok(on.to_string()),
            Ok(other) => Ok(format!("{other:?}")),
            Err((field, mend)) => Err(format!("{field}: {}", mend.words(Language::English))),
        }
    }

    #[test]
    fn a_short_text_is_read_as_a_time_that_has_passed() {
        let zone = Zone::named("America/Chicago").unwrap();
        let now: Instant = Instant::from_timestamp(NOW.parse().unwrap());
        // It is 9:10 a.m.: three in the afternoon was yesterday.
        for (text, meant) in [
            ("9:05", "2026-10-13T09:05:00-05:00"),
            ("3 p.m.", "2026-10-12T15:00:00-05:00"),
            ("10/12 15:00", "2026-10-12T15:00:00-05:00"),
            ("ayer 3pm", "2026-10-12T15:00:00-05:00"),
            ("hoy a las 8:30", "2026-10-13T08:30:00-05:00"),
        ] {
            let read = read_typed(text, now, now, &zone).unwrap_or_else(|m| panic!("{text}: {m:?}"));
            let Some(When::About { at }) = read else { panic!("{text}: {read:?}") };
            assert_eq!(words::machine(&at.in_zone(&zone)), meant, "{text}");
        }
        assert_eq!(read_typed("  ", now, now, &zone), Ok(None));
        assert!(read_typed("soonish", now, now, &zone).is_err());
    }

    #[test]
    fn moments_are_read_as_people_give_them() {
        for (quick, date, time, meant) in [
            ("now", ["", "", ""], "", "2026-10-13T09:10:00-05:00"),
            ("today", ["", "", ""], "", "2026-10-13"),
            ("yesterday", ["", "", ""], "3 p.m.", "2026-10-12T15:00:00-05:00"),
            ("date", ["10", "12", "2026"], "", "2026-10-12"),
            ("", ["oct", "12", "26"], "15:00", "2026-10-12T15:00:00-05:00"),
            ("date", ["dic", "31", "2025"], "1130", "2025-12-31T11:30:00-06:00"),
            ("unknown", ["", "", ""], "", "Unknown"),
            ("", ["", "", ""], "", "Unknown"),
        ] {
            assert_eq!(asked(quick, date, time).as_deref(), Ok(meant), "{quick} {date:?} {time}");
        }
    }

    #[test]
    fn days_that_cannot_be_are_sent_back_with_the_reason() {
        let future = "The date can’t be in the future. Today is Tue, Oct 13, 2026.";
        for (quick, date, time, said) in [
            ("date", ["10", "14", "2026"], "", format!("day: {future}")),
            ("date", ["1", "1", "2099"], "", format!("day: {future}")),
            ("today", ["", "", ""], "11 p.m.", format!("time: {future}")),
        ] {
            assert_eq!(asked(quick, date, time), Err(said), "{quick} {date:?} {time}");
        }
        for date in [
            ["2", "30", "2026"],
            ["13", "1", "2026"],
            ["0", "0", "0"],
            ["", "", ""],
            ["x", "1", "2026"],
            ["1", "1", "-1"],
            ["1", "1", "300"],
        ] {
            assert!(
                asked("date", date, "").is_err_and(|said| said.starts_with("day: That day doesn’t exist")),
                "{date:?}"
            );
        }
        for time in ["25:00", "3 o'clock", "13 pm", "9:5", "٣"] {
            assert!(asked("today", ["", "", ""], time).is_err_and(|said| said.starts_with("time: ")), "{time}");
        }
    }

    proptest! {
        #[test]
        fn anything_typed_is_read_or_sent_back(quick in ".{0,8}", month in ".{0,8}", day in ".{0,8}", year in ".{0,8}", hour in ".{0,50}") {
            let _ = asked(&quick, [&month, &day, &year], &hour);
            let _ = asked("date", [&month, &day, &year], &hour);
            let _ = asked("today", ["", "", ""], &hour);
        }
    }
}
