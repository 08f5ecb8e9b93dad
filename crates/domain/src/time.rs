//! Instants as the record keeps them, and times as people give them.

use jiff::{Timestamp, Zoned, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A point in time, truncated to microseconds so that both stores and the hashed bytes agree on it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// From microseconds since 1970-01-01T00:00:00Z. Values outside years -9999..9999 are clamped.
    pub fn from_micros(micros: i64) -> Self {
        let (low, high) = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
        Self(micros.clamp(low, high))
    }
    /// From a clock reading; anything finer than a microsecond is cut off.
    pub fn from_timestamp(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// The same point for calendar arithmetic.
    pub fn timestamp(self) -> Timestamp {
        // Made of seconds and their fraction, because the last second of the calendar counts no microseconds in whole.
        let (seconds, micros) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let nanos = i32::try_from(micros * 1_000).unwrap_or_default();
        Timestamp::new(seconds, nanos).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// The same point on a wall clock.
    pub fn in_zone(self, zone: &Zone) -> Zoned {
        self.timestamp().to_zoned(zone.0.clone())
    }
    /// The civil day on which it fell in that zone: the day from which day-clocks count.
    pub fn day_in(self, zone: &Zone) -> civil::Date {
        self.in_zone(zone).date()
    }
    /// Later by a number of seconds (elapsed time, not wall time).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
    /// Whole seconds from `earlier` to this instant; negative when it lies before.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(1_000_000)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse::<Timestamp>().map(Self::from_timestamp).map_err(serde::de::Error::custom)
    }
}

/// A named time zone, such as `America/Chicago`, in which an organisation counts its days.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Looks up an IANA zone name in the bundled database.
    pub fn named(name: &str) -> Result<Self, jiff::Error> {
        TimeZone::get(name).map(Self)
    }
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }
    /// The IANA name; `UTC` for a zone without one.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
    /// The zone itself, for calendar arithmetic.
    pub const fn time_zone(&self) -> &TimeZone {
        &self.0
    }
    /// The first microsecond of that civil day in this zone.
    pub fn start_of_day(&self, day: civil::Date) -> Instant {
        let start = day.to_zoned(self.0.clone()).map(|z| z.timestamp()).unwrap_or(Timestamp::MIN);
        Instant::from_timestamp(start)
    }
    /// The last microsecond of that civil day in this zone, where a day-deadline ends.
    pub fn end_of_day(&self, day: civil::Date) -> Instant {
        let next = day.tomorrow().unwrap_or(day);
        Instant::from_micros(self.start_of_day(next).micros() - 1)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::named(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// When something happened, as well as anyone knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "precision")]
pub enum When {
    /// A minute somebody read off a clock.
    Exact {
        /// The instant.
        at: Instant,
    },
    /// "About three in the afternoon".
    About {
        /// The instant meant.
        at: Instant,
    },
    /// A day without a time.
    Day {
        /// The civil day in the unit's zone.
        on: civil::Date,
    },
    /// The reporter does not know.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text_to_the_microsecond() {
        let at = Instant::from_micros(1_792_000_000_123_456);
        let text = serde_json::to_string(&at).expect("serialises");
        assert_eq!(serde_json::from_str::<Instant>(&text).expect("parses"), at);
        assert!(text.ends_with(".123456Z\""), "{text}");
    }

    #[test]
    fn what_lies_beyond_the_calendar_is_its_edge() {
        for (micros, text) in [
            (i64::MAX, "9999-12-30T22:00:00.999999Z"),
            (i64::MIN, "-009999-01-02T01:59:59.000000Z"),
            (Instant::from_micros(i64::MAX).plus_seconds(1).micros(), "9999-12-30T22:00:00.999999Z"),
        ] {
            let edge = Instant::from_micros(micros);
            assert_eq!(edge.to_string(), text);
            let written = serde_json::to_string(&edge).expect("serialises");
            assert_eq!(serde_json::from_str::<Instant>(&written).expect("parses"), edge);
        }
    }

    #[test]
    fn a_day_ends_by_the_wall_clock_even_when_the_clock_changes() {
        let zone = Zone::named("America/Chicago").expect("known zone");
        let end = zone.end_of_day(civil::date(2026, 11, 1));
        assert_eq!(end.to_string(), "2026-11-02T05:59:59.999999Z");
    }
}
