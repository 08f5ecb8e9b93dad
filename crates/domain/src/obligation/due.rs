//! From a term and a start to a due moment, with the sum in words, so that no date appears without "why this date?".

use crate::pack::{Calendar, LocalId, ObligationId, ObligationRule, Start, Step, Term, Tolerance, Unit};
use crate::time::{Instant, Zone};
use jiff::{SignedDuration, Span, civil::Date};
use serde::Serialize;

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DuePoint {
    /// At this instant; done is on time up to and including `late_after`, where lateness exists at all.
    At {
        /// The due instant.
        instant: Instant,
        /// Last instant that is on time; `None` means it is never called late.
        late_after: Option<Instant>,
    },
    /// By the end of this civil day.
    EndOf {
        /// The day.
        day: Date,
        /// Its last microsecond in the zone of the pack; anything after it is late.
        last: Instant,
    },
    /// Before this step.
    Before(Step),
    /// When this duty is due, which has no date itself or is not owed.
    With(ObligationId),
    /// When a request for silence ends that has no end yet.
    AfterHold,
    /// No due moment; the age is shown from the start.
    AgeOnly,
}

impl DuePoint {
    /// The instant by which lists sort and reminders count: the due instant, or the end of the due day.
    pub fn instant(&self) -> Option<Instant> {
        match self {
            DuePoint::At { instant, .. } => Some(*instant),
            DuePoint::EndOf { last, .. } => Some(*last),
            DuePoint::Before(_) | DuePoint::With(_) | DuePoint::AfterHold | DuePoint::AgeOnly => None,
        }
    }

    /// Doing it at `done` is late.
    pub fn is_late(&self, done: Instant) -> bool {
        match self {
            DuePoint::At { late_after, .. } => late_after.is_some_and(|last| done > last),
            DuePoint::EndOf { last, .. } => done > *last,
            DuePoint::Before(_) | DuePoint::With(_) | DuePoint::AfterHold | DuePoint::AgeOnly => false,
        }
    }
}

/// A due moment and the sum behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reckoning {
    /// The due moment.
    pub at: DuePoint,
    /// The sum, as one or two sentences for officers.
    pub arithmetic: String,
}

/// When a duty is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The limit.
    pub outer: Reckoning,
    /// What is asked for sooner, where the text separates the two.
    pub soft: Option<Reckoning>,
}

impl Due {
    /// The limit's due moment.
    pub fn at(&self) -> &DuePoint {
        &self.outer.at
    }

    /// The limit's sum in words.
    pub fn arithmetic(&self) -> &str {
        &self.outer.arithmetic
    }
}

/// When `rule` is due if its clock started at `start`.
pub fn due(rule: &ObligationRule, start: Start, calendar: &Calendar) -> Due {
    let reckon = |term| reckon(term, start, calendar);
    Due { outer: reckon(&rule.outer), soft: rule.soft.as_ref().map(reckon) }
}

pub(super) fn reckon(term: &Term, start: Start, calendar: &Calendar) -> Reckoning {
    let zone = calendar.zone();
    match term {
        Term::AtTrigger { tolerance } => at_trigger(start, tolerance.as_ref(), zone),
        Term::AsSoonAsPossible { target } => as_soon_as_possible(start, target.as_ref(), zone),
        Term::After { count: 0, local: Some(_), .. } => Reckoning {
            at: DuePoint::AgeOnly,
            arithmetic: format!(
                "The organisation has set no period (local value); its age counts from {}.",
                say_when(start, zone)
            ),
        },
        Term::After { count, unit, local } => after(start, *count, *unit, local.as_ref(), calendar),
        Term::On(day) => {
            let sum = format!("Due by the end of {}, the day the text names.", say_day(*day));
            end_of(*day, sum, zone)
        }
        Term::Yearly { month, day } => yearly(start, *month, *day, zone),
        Term::AfterYearOf { days } => after_year(start, *days, zone),
        Term::WhenHoldEnds => Reckoning {
            at: DuePoint::At { instant: start.instant(zone), late_after: None },
            arithmetic: format!("Due when the request for silence ends; without one, as of {}.", say_when(start, zone)),
        },
        Term::Before(step) => Reckoning {
            at: DuePoint::Before(*step),
            arithmetic: format!("The text gives no period; it has to be done before {}.", say_step(*step)),
        },
        Term::With(other) => {
            Reckoning { at: DuePoint::With(other.clone()), arithmetic: format!("Due together with {other}.") }
        }
        Term::AgeOnly => Reckoning {
            at: DuePoint::AgeOnly,
            arithmetic: format!("The text gives no period; its age counts from {}.", say_when(start, zone)),
        },
    }
}

fn at_trigger(start: Start, tolerance: Option<&Tolerance>, zone: &Zone) -> Reckoning {
    let instant = match start {
        Start::At(instant) => instant,
        Start::Day(day) => {
            let sum = format!("Due at once; only the day is known, so by the end of {}.", say_day(day));
            return end_of(day, sum, zone);
        }
    };
    let minutes = tolerance.and_then(|t| t.minutes);
    let late_after = minutes.map(|m| instant.plus_seconds(60 * i64::from(m)));
    let mut arithmetic = format!("Due at once, on {}.", say_when(start, zone));
    if let Some(m) = minutes {
        arithmetic.push_str(&format!(" Up to {m} {} later counts as on time (local value).", Unit::Minutes.noun(m)));
    }
    Reckoning { at: DuePoint::At { instant, late_after }, arithmetic }
}

fn as_soon_as_possible(start: Start, target: Option<&Tolerance>, zone: &Zone) -> Reckoning {
    let mut arithmetic = format!("As soon as possible after {}; its age is shown.", say_when(start, zone));
    if let Some(m) = target.and_then(|t| t.minutes) {
        arithmetic.push_str(&format!(" Our own target is {m} {} (local value).", Unit::Minutes.noun(m)));
    }
    Reckoning { at: DuePoint::At { instant: start.instant(zone), late_after: None }, arithmetic }
}

fn after(start: Start, count: u32, unit: Unit, local: Option<&LocalId>, calendar: &Calendar) -> Reckoning {
    let zone = calendar.zone();
    let from = start.day(zone);
    let mark = if local.is_some() { " (local value)" } else { "" };
    let day = match unit {
        Unit::Minutes | Unit::Hours => return elapsed(start, count, unit, mark, zone),
        Unit::CalendarDays => add_days(from, count),
        Unit::BusinessDays => add_business_days(from, count, calendar),
        Unit::Months => add_months(from, count),
        Unit::Years => add_months(from, count.saturating_mul(12)),
    };
    let aside = match unit {
        Unit::CalendarDays => " Weekends and holidays do not move it.",
        Unit::BusinessDays => " Saturdays, Sundays and closed days are not counted.",
        _ => "",
    };
    let sum = format!(
        "{} is day 0; {count} {}{mark} later is {}. Due by the end of that day, {} time.{aside}",
        say_day(from),
        unit.noun(count),
        say_day(day),
        zone.name(),
    );
    end_of(day, sum, zone)
}

/// Hours are elapsed time: a change of the clock in between neither lengthens nor shortens them.
fn elapsed(start: Start, count: u32, unit: Unit, mark: &str, zone: &Zone) -> Reckoning {
    let minutes = i64::from(count) * if unit == Unit::Hours { 60 } else { 1 };
    let instant = start.instant(zone).plus_seconds(60 * minutes);
    let arithmetic = format!(
        "{count} {}{mark} of elapsed time after {} is {}.",
        unit.noun(count),
        say_when(start, zone),
        say_when(Start::At(instant), zone)
    );
    Reckoning { at: DuePoint::At { instant, late_after: Some(instant) }, arithmetic }
}

fn yearly(start: Start, month: i8, day: i8, zone: &Zone) -> Reckoning {
    let year = start.day(zone).year();
    // The compiler only lets dates through that exist in every year, so the fallback is never taken.
    let date = Date::new(year, month, day).unwrap_or(Date::MAX);
    end_of(date, format!("Due each year by the end of {}.", say_day(date)), zone)
}

/// A year is the civil year of the clock's start in the zone; in a leap year 60 days after its end is 29 February.
fn after_year(start: Start, days: u32, zone: &Zone) -> Reckoning {
    let year = start.day(zone).year();
    let last = Date::new(year, 12, 31).unwrap_or(Date::MAX);
    let day = add_days(last, days);
    let sum = format!(
        "{} lies in {year}; {days} calendar days after {} is {}. Due by the end of that day, {} time.",
        say_when(start, zone),
        say_day(last),
        say_day(day),
        zone.name(),
    );
    end_of(day, sum, zone)
}

pub(super) fn end_of(day: Date, arithmetic: String, zone: &Zone) -> Reckoning {
    Reckoning { at: DuePoint::EndOf { day, last: zone.end_of_day(day) }, arithmetic }
}

/// So many civil days later, at most the last day of the calendar.
pub(super) fn add_days(day: Date, count: u32) -> Date {
    day.checked_add(SignedDuration::from_hours(24 * i64::from(count))).unwrap_or(Date::MAX)
}

fn add_business_days(from: Date, count: u32, calendar: &Calendar) -> Date {
    let mut day = from;
    let mut left = count;
    while left > 0 && day < Date::MAX {
        day = add_days(day, 1);
        if calendar.is_business_day(day) {
            left -= 1;
        }
    }
    day
}

/// So many civil months later. A day that the month lacks becomes the first of the next, so a period that starts on
/// 29 February is never a day short.
pub(crate) fn add_months(day: Date, count: u32) -> Date {
    let Ok(clamped) = Span::new().try_months(i64::from(count)).and_then(|span| day.checked_add(span)) else {
        return Date::MAX;
    };
    if clamped.day() == day.day() { clamped } else { add_days(clamped, 1) }
}

/// `Sunday, July 31, 2016`.
pub fn say_day(day: Date) -> String {
    day.strftime("%A, %B %-d, %Y").to_string()
}

/// `Sunday, July 31, 2016`, with the time of the clock and the zone where those are known.
pub fn say_when(when: Start, zone: &Zone) -> String {
    match when {
        Start::Day(day) => say_day(day),
        Start::At(instant) => instant.in_zone(zone).strftime("%A, %B %-d, %Y, %-I:%M %p %Z").to_string(),
    }
}

fn say_step(step: Step) -> &'static str {
    match step {
        Step::Completion => "the form is completed",
        Step::Closing => "the incident is closed",
        Step::Release => "anything is released to the public",
        Step::Disposal => "records are destroyed",
        Step::Enactment => "the rule takes force",
        Step::Triage => "the report is sorted",
    }
}
