//! Says instants the way people read them: weekday, date, hour with its zone, in English and Spanish.

use jiff::{
    Zoned,
    civil::{Date, Weekday},
};

use domain::pack::Language;
use domain::time::{Instant, Zone};

const MONTHS: [(&str, &str); 12] = [
    ("Jan", "ene"),
    ("Feb", "feb"),
    ("Mar", "mar"),
    ("Apr", "abr"),
    ("May", "may"),
    ("Jun", "jun"),
    ("Jul", "jul"),
    ("Aug", "ago"),
    ("Sep", "sept"),
    ("Oct", "oct"),
    ("Nov", "nov"),
    ("Dec", "dic"),
];

/// “Tue, Oct 13, 2026, 9:10 a.m. CDT” or «mar, 13 oct 2026, 9:10 a. m. CDT», in the zone of `at`.
pub fn moment(language: Language, at: &Zoned) -> String {
    let hour = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = match (language, at.hour() < 12) {
        (Language::English, true) => "a.m.",
        (Language::English, false) => "p.m.",
        (Language::Spanish, true) => "a.\u{a0}m.",
        (Language::Spanish, false) => "p.\u{a0}m.",
    };
    format!("{}, {hour}:{:02}\u{a0}{half} {}", day(language, at.date()), at.minute(), at.strftime("%Z"))
}

/// An instant on paper and in mail, where a line may end anywhere: “Tue, Oct 13, 2026, 9:10 a.m. CDT”.
pub fn said(language: Language, at: Instant, zone: &Zone) -> String {
    moment(language, &at.in_zone(zone)).replace('\u{a0}', " ")
}

/// “Tue, Oct 13, 2026” or «mar, 13 oct 2026».
pub fn day(language: Language, date: Date) -> String {
    let (english, spanish) = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    let weekday = weekday(language, date.weekday());
    match language {
        Language::English => format!("{weekday}, {english} {}, {}", date.day(), date.year()),
        Language::Spanish => format!("{weekday}, {} {spanish} {}", date.day(), date.year()),
    }
}

/// The same instant for the `datetime` attribute: RFC 3339 with the zone's offset, to the second.
pub fn machine(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn weekday(language: Language, day: Weekday) -> &'static str {
    let (english, spanish) = match day {
        Weekday::Monday => ("Mon", "lun"),
        Weekday::Tuesday => ("Tue", "mar"),
        Weekday::Wednesday => ("Wed", "mié"),
        Weekday::Thursday => ("Thu", "jue"),
        Weekday::Friday => ("Fri", "vie"),
        Weekday::Saturday => ("Sat", "sáb"),
        Weekday::Sunday => ("Sun", "dom"),
    };
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_with_its_weekday_and_zone() {
        let at: Zoned = "2026-10-13T09:10:00-05:00[America/Chicago]".parse().unwrap();
        assert_eq!(moment(Language::English, &at), "Tue, Oct 13, 2026, 9:10\u{a0}a.m. CDT");
        assert_eq!(moment(Language::Spanish, &at), "mar, 13 oct 2026, 9:10\u{a0}a.\u{a0}m. CDT");
        assert_eq!(machine(&at), "2026-10-13T09:10:00-05:00");
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let at = |hour: &str| {
            moment(Language::English, &format!("2026-01-01T{hour}:05:00[America/Denver]").parse().unwrap())
        };
        assert_eq!(at("00"), "Thu, Jan 1, 2026, 12:05\u{a0}a.m. MST");
        assert_eq!(at("12"), "Thu, Jan 1, 2026, 12:05\u{a0}p.m. MST");
    }
}
