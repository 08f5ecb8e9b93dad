//! The small phrases of the language: `30 calendar days`, `before closing`, `possible-spread is yes or unknown`.

use super::desk::{Desk, Kind};
use crate::{Problem, text::Word};
use domain::pack::{
    Answer, Compare, Condition, FactKind, LocalId, LocalValue, Measure, PeopleTest, Scope, StateCode, Step, Term, Test,
    Tolerance, Unit,
};
use jiff::civil::Date;
use serde::{Deserialize, de::value::StrDeserializer};
use std::ops::Range;

/// What phrases are read against.
pub(crate) struct Lexicon {
    pub locals: Vec<LocalValue>,
    /// Facts with their kinds.
    pub facts: Vec<(String, FactKind)>,
}

const TERMS: &str = "Write one of: \"immediately\", \"as soon as possible\", \"30 calendar days\" (minutes, hours, \
    calendar days, business days, months, years), \"local <name of a local value>\", \"by 2005-04-01\", \
    \"each year by 04-30\", \"60 calendar days after the year\", \"when the hold ends\", \"before closing\" (completion, closing, release, disposal, enactment), \
    \"with <obligation>\", \"no period\".";

/// A term; `tolerance` is the local value that says what still counts as on time.
pub(crate) fn term(
    desk: &mut Desk,
    word: &Word,
    tolerance: Option<&Word>,
    lexicon: &Lexicon,
    file: usize,
) -> Option<Term> {
    let tolerance = match tolerance {
        Some(name) => Some(tolerance_of(desk, name, lexicon, file)?),
        None => None,
    };
    let place = word.span();
    let parts: Vec<&str> = word.get_ref().split_whitespace().collect();
    let term = match parts.as_slice() {
        ["immediately"] => Some(Term::AtTrigger { tolerance }),
        ["as", "soon", "as", "possible"] => Some(Term::AsSoonAsPossible { target: tolerance }),
        ["no", "period"] => Some(Term::AgeOnly),
        ["before", step] => read::<Step>(step).map(Term::Before),
        ["with", other] => return desk.refer_to(Kind::Obligation, other, place, file).map(Term::With),
        ["by", day] => day.parse().ok().map(Term::On),
        ["each", "year", "by", day] => yearly(day),
        ["when", "the", "hold", "ends"] => Some(Term::WhenHoldEnds),
        [days, "calendar", "days", "after", "the", "year"] => {
            days.parse().ok().filter(|n| (1..=366).contains(n)).map(|days| Term::AfterYearOf { days })
        }
        ["local", name] => return local_term(desk, name, place, lexicon, file),
        [number] if number.parse::<u32>().is_ok() => {
            let says = format!("{number} of what?");
            desk.report(Problem::ThresholdWithoutUnit, file, place, says, TERMS);
            return None;
        }
        [number, unit @ ..] => counted(number, unit),
        [] => None,
    };
    if term.is_none() {
        let says = format!("{:?} is not a term that can be reckoned.", word.get_ref());
        desk.report(Problem::Unreadable, file, place, says, TERMS);
    }
    term
}

fn tolerance_of(desk: &mut Desk, name: &Word, lexicon: &Lexicon, file: usize) -> Option<Tolerance> {
    let id: LocalId = desk.refer(Kind::Local, name, file)?;
    let local = lexicon.locals.iter().find(|l| l.id == id)?;
    let minutes = match local.unit {
        Unit::Minutes => local.default,
        Unit::Hours => local.default.map(|hours| hours.saturating_mul(60)),
        _ => {
            let says = format!("A tolerance is a time of the clock, and {id} is counted in days or longer.");
            let help = "Point at a local value with `unit = \"minutes\"` or `unit = \"hours\"`.";
            desk.report(Problem::Unreadable, file, name.span(), says, help);
            return None;
        }
    };
    Some(Tolerance { local: id, minutes })
}

fn local_term(desk: &mut Desk, name: &str, place: Range<usize>, lexicon: &Lexicon, file: usize) -> Option<Term> {
    let id: LocalId = desk.refer_to(Kind::Local, name, place, file)?;
    let local = lexicon.locals.iter().find(|l| l.id == id)?;
    // A period that is off until somebody sets it has no date, only an age.
    Some(Term::After { count: local.default.unwrap_or(0), unit: local.unit, local: Some(id) })
}

fn yearly(day: &str) -> Option<Term> {
    let (month, day) = day.split_once('-')?;
    // A leap year's length would let 29 February through, which most years lack.
    let date = Date::new(2001, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(Term::Yearly { month: date.month(), day: date.day() })
}

fn counted(number: &str, unit: &[&str]) -> Option<Term> {
    let count = number.parse().ok().filter(|n| (1..=100_000).contains(n))?;
    let unit = match unit {
        ["minute" | "minutes"] => Unit::Minutes,
        ["hour" | "hours"] => Unit::Hours,
        ["calendar", "day" | "days"] => Unit::CalendarDays,
        ["business", "day" | "days"] => Unit::BusinessDays,
        ["month" | "months"] => Unit::Months,
        ["year" | "years"] => Unit::Years,
        _ => return None,
    };
    Some(Term::After { count, unit, local: None })
}

/// Whether a period lasts longer than another one however the calendar falls.
pub(crate) fn surely_longer(term: &Term, than: &Term) -> bool {
    let period = |term: &Term| match term {
        Term::After { count, unit, local: None } => Some((u64::from(*count), *unit)),
        _ => None,
    };
    let (Some((count, unit)), Some((other, of))) = (period(term), period(than)) else { return false };
    if unit == of {
        return count > other;
    }
    // Hours from the shortest to the longest that it can be; nobody knows how many days in a row an office is closed.
    let hours = |count: u64, unit: Unit| match unit {
        Unit::Minutes => (count / 60, count.div_ceil(60)),
        Unit::Hours => (count, count),
        Unit::CalendarDays => (count * 23, (count + 1) * 25),
        Unit::BusinessDays => (count * 23, u64::MAX),
        Unit::Months => (count * 28 * 23, (count * 31 + 1) * 25),
        Unit::Years => (count * 365 * 23, (count * 366 + 1) * 25),
    };
    hours(count, unit).0 > hours(other, of).1
}

/// States, the capital district and territories, by the letters of the post.
const JURISDICTIONS: &str = "AK AL AR AS AZ CA CO CT DC DE FL FM GA GU HI IA ID IL IN KS KY LA MA MD ME MH MI MN MO MP MS \
    MT NC ND NE NH NJ NM NV NY OH OK OR PA PR PW RI SC SD TN TX UT VA VI VT WA WI WV WY";

const CONDITIONS: &str = "Write `<fact> is yes`, `<fact> is yes or unknown`, `<fact> is no` (or unknown); for a count with its \
    unit, `<fact> at least 500 people` (more than, fewer than); for people by residence, `affected at least 500 people`, \
    `affected more than 500 residents of one state`, `affected at least 1 resident of MO or unknown`, \
    `notified more than 1,000 residents of MO at one time`, `unreachable at least 10 people`.";

pub(crate) fn conditions(desk: &mut Desk, words: &[Word], lexicon: &Lexicon, file: usize) -> Vec<Condition> {
    words.iter().filter_map(|w| condition(desk, w, lexicon, file)).collect()
}

fn condition(desk: &mut Desk, word: &Word, lexicon: &Lexicon, file: usize) -> Option<Condition> {
    let place = word.span();
    let parts: Vec<&str> = word.get_ref().split_whitespace().collect();
    let Some((name, rest)) = parts.split_first() else {
        desk.report(Problem::Unreadable, file, place, "This condition is empty.", CONDITIONS);
        return None;
    };
    if let Some(measure) = read::<Measure>(name) {
        return people(desk, measure, rest, word, file);
    }
    let fact = desk.refer_to(Kind::Fact, name, place.clone(), file)?;
    let kind = lexicon.facts.iter().find(|(id, _)| id == name).map(|(_, kind)| kind)?;
    let test = match (rest, kind) {
        (["is", answers @ ..], FactKind::YesNo) => one_of(answers),
        (rest, kind) => match compared(rest) {
            Some((_, [])) => return without_unit(desk, rest, place, file),
            Some((compare, [unit])) => match kind {
                FactKind::Count { unit: counted } if unit == counted => Some(Test::Number(compare)),
                FactKind::Count { unit: counted } => {
                    let says = format!("{name} counts {counted}, not {unit}.");
                    desk.report(Problem::ThresholdWithoutUnit, file, place, says, CONDITIONS);
                    return None;
                }
                FactKind::YesNo => None,
            },
            _ => None,
        },
    };
    if test.is_none() {
        unreadable(desk, word, file);
    }
    test.map(|test| Condition::Fact { fact, test })
}

/// `at least 500 …`, `more than 1,000 …`, `fewer than 500 …`, and what follows the number.
fn compared<'a>(words: &'a [&'a str]) -> Option<(Compare, &'a [&'a str])> {
    let (make, rest): (fn(u64) -> Compare, _) = match words {
        ["at", "least", rest @ ..] => (Compare::AtLeast, rest),
        ["more", "than", rest @ ..] => (Compare::MoreThan, rest),
        ["fewer", "than", rest @ ..] => (Compare::Fewer, rest),
        _ => return None,
    };
    let (number, rest) = rest.split_first()?;
    Some((make(number.replace(',', "").parse().ok()?), rest))
}

/// A test of how many people live where.
fn people(desk: &mut Desk, measure: Measure, rest: &[&str], word: &Word, file: usize) -> Option<Condition> {
    let Some((compare, rest)) = compared(rest) else {
        unreadable(desk, word, file);
        return None;
    };
    let (rest, or_unknown) = match rest {
        [rest @ .., "or", "unknown"] => (rest, true),
        rest => (rest, false),
    };
    // "At one time" is what a mailing is; it may be said and has to be said of nothing else.
    let (rest, at_one_time) = match rest {
        [rest @ .., "at", "one", "time"] => (rest, true),
        rest => (rest, false),
    };
    let scope = match rest {
        [] => return without_unit(desk, &[], word.span(), file),
        ["people" | "person"] => Some(Scope::Everyone),
        ["residents" | "resident", "of", "one", "state"] if !matches!(compare, Compare::Fewer(_)) => {
            Some(Scope::OneState)
        }
        ["residents" | "resident", "of", state] => match StateCode::try_from((*state).to_owned()) {
            Ok(code) if !JURISDICTIONS.split(' ').any(|known| known == code.to_string()) => {
                let help = "Write the two letters of a state, of DC or of a territory, such as MO or PR.";
                desk.report(Problem::Unreadable, file, word.span(), format!("There is no state {code}."), help);
                return None;
            }
            code => code.ok().map(Scope::Of),
        },
        _ => None,
    };
    match scope {
        Some(scope) if at_one_time == (measure == Measure::Notified) => {
            Some(Condition::People(PeopleTest { measure, scope, compare, or_unknown }))
        }
        _ => {
            unreadable(desk, word, file);
            None
        }
    }
}

fn without_unit(desk: &mut Desk, rest: &[&str], place: Range<usize>, file: usize) -> Option<Condition> {
    let number = rest.last().copied().unwrap_or("A number");
    desk.report(Problem::ThresholdWithoutUnit, file, place, format!("{number} of what?"), CONDITIONS);
    None
}

fn unreadable(desk: &mut Desk, word: &Word, file: usize) {
    let says = format!("{:?} is not a condition that can be tested.", word.get_ref());
    desk.report(Problem::Unreadable, file, word.span(), says, CONDITIONS);
}

fn one_of(words: &[&str]) -> Option<Test> {
    let mut answers = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match (place % 2, *word) {
            (0, "yes") => answers.push(Answer::Yes),
            (0, "no") => answers.push(Answer::No),
            (0, "unknown") => answers.push(Answer::Unknown),
            (1, "or") => {}
            _ => return None,
        }
    }
    (words.len() % 2 == 1).then_some(Test::OneOf(answers))
}

/// A word of one of the domain's own lists, as it is spelt in files.
pub(crate) fn read<'a, T: Deserialize<'a>>(word: &'a str) -> Option<T> {
    T::deserialize(StrDeserializer::<serde::de::value::Error>::new(word)).ok()
}

/// A civil date written as a TOML date without a time.
pub(crate) fn date(desk: &mut Desk, given: &toml::value::Datetime, place: Range<usize>, file: usize) -> Option<Date> {
    let date = match (given.date, given.time) {
        (Some(d), None) => civil(d),
        _ => None,
    };
    if date.is_none() {
        let says = format!("{given} is not a day.");
        desk.report(Problem::Unreadable, file, place, says, "Write the day alone: 2016-06-23, without quotes.");
    }
    date
}

pub(crate) fn civil(date: toml::value::Date) -> Option<Date> {
    let year = i16::try_from(date.year).ok()?;
    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}
