//! From a facts file to facts: every name is looked up, every time is placed in its zone, and whatever is not
//! understood is pointed at.

use super::{AnswerText, Confidence, CountText, DoneText, FactsText, FormText, HoldText, Plain, Told};
use crate::{
    Problem, Report,
    compile::{distance, plain, read},
    report::File,
};
use domain::{
    obligation::{Answered, Count, Done, Facts, Happening, Hold, HoldForm, Known, Number, Residence},
    pack::{
        Answer, FactId, FactKind, Governing, Measure, Moment, ObligationId, Pack, PackId, RegimeId, SeriesId, Start,
        StateCode, in_force,
    },
    time::{Instant, Zone},
};
use jiff::civil::{Date, DateTime};
use std::ops::Range;

/// A facts file, understood.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What is known.
    pub facts: Facts,
    /// The packs it is held against, in the order of the file.
    pub packs: Vec<Bound<'a>>,
    /// The zone of the unit.
    pub zone: Zone,
    /// The moment for which duties are called open or overdue.
    pub as_of: Option<Instant>,
    /// The day that pins the editions.
    pub first_report: Date,
}

/// A pack that binds the unit.
#[derive(Clone, Debug)]
pub struct Bound<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Why this edition.
    pub chosen: String,
    /// What has to be said about its text, if anything.
    pub warning: Option<String>,
}

/// What is wrong with a value, and what to write instead.
pub(crate) type Words = (String, String);

/// Reads a facts file and looks its packs up. `path` tells TOML from JSON and stands in the reports.
pub fn read_facts<'a>(path: &str, text: &str, packs: &'a [Pack]) -> Result<Asked<'a>, Vec<Report>> {
    let file = File::new(path, text);
    let shape = shape(&file)?;
    let mut reader = Reader { file, reports: Vec::new() };
    let asked = reader.asked(&shape, packs);
    match asked {
        Some(asked) if reader.reports.is_empty() => Ok(asked),
        _ => Err(reader.reports),
    }
}

fn shape(file: &File) -> Result<FactsText, Vec<Report>> {
    let json = file.path.ends_with(".json") || file.text.trim_start().starts_with('{');
    let (message, place, syntax) = if json {
        match serde_json::from_str(&file.text) {
            Ok(shape) => return Ok(shape),
            Err(e) => {
                let line: usize = file.text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
                let at = (line + e.column().saturating_sub(1)).min(file.text.len());
                // A place within a letter cannot be pointed at.
                let at = (0..=at).rev().find(|i| file.text.is_char_boundary(*i)).unwrap_or(0);
                let message = e.to_string();
                let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(m, _)| m).to_owned();
                (message, at..at, e.is_syntax() || e.is_eof())
            }
        }
    } else {
        match toml::from_str(&file.text) {
            Ok(shape) => return Ok(shape),
            Err(e) => {
                let syntax = file.text.parse::<toml::Table>().is_err();
                (e.message().lines().next().unwrap_or("").to_owned(), e.span().unwrap_or(0..0), syntax)
            }
        }
    };
    let (problem, says, help) = if syntax {
        let help = "Write TOML (`key = \"value\"`) or JSON; `tocsin policy facts-schema` describes the whole file.";
        (Problem::Syntax, message, help.to_owned())
    } else if let Some((what, expected)) = message.split_once(", expected ") {
        let unknown = message.starts_with("unknown field");
        let word = what.split('`').nth(1).unwrap_or("");
        let near = nearest(word, expected.split('`').skip(1).step_by(2));
        let meant = near.map_or_else(String::new, |near| format!("Did you mean {near}? "));
        let problem = if unknown { Problem::UnknownKey } else { Problem::WrongShape };
        (problem, what.to_owned(), format!("{meant}Write {}.", plain(expected)))
    } else {
        (Problem::WrongShape, message, "Add the key, or give it a value of the right kind.".to_owned())
    };
    Err(vec![Report::new(problem, file, place, format!("{says}."), help)])
}

fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let close = names.map(|name| (distance(name, word), name)).filter(|(d, _)| *d <= 1 + word.len().min(40) / 4);
    close.min().map(|(_, name)| name)
}

struct Reader {
    file: File,
    reports: Vec<Report>,
}

impl Reader {
    /// Points at the first place where `word` stands in the file.
    fn wrong(&mut self, problem: Problem, word: &str, (says, help): Words) {
        let place: Range<usize> = self.file.text.find(word).map_or(0..0, |at| at..at + word.len());
        self.reports.push(Report::new(problem, &self.file, place, says, help));
    }

    fn unknown<'a>(&mut self, kind: &str, word: &str, names: impl Iterator<Item = &'a str>, where_from: &str) {
        let help = match nearest(word, names) {
            Some(near) => format!("Did you mean {near}? {where_from}"),
            None => where_from.to_owned(),
        };
        self.wrong(Problem::UnknownReference, word, (format!("There is no {kind} {word}."), help));
    }

    fn take<T>(&mut self, word: &str, read: Result<T, Words>) -> Option<T> {
        read.map_err(|words| self.wrong(Problem::Unreadable, word, words)).ok()
    }

    fn asked<'a>(&mut self, shape: &FactsText, all: &'a [Pack]) -> Option<Asked<'a>> {
        let zone = self.zone(shape, all)?;
        let mut facts = Facts { zone: Some(zone.clone()), ..Facts::default() };
        for (what, when) in &shape.happened {
            self.event(&mut facts, what, when, (None, None), &zone);
        }
        for event in &shape.events {
            let from = (event.who.clone(), event.evidence.clone());
            self.event(&mut facts, &event.what, &event.when, from, &zone);
        }
        let first_report = self.first_report(shape, &facts, &zone);
        let packs = self.packs(shape, all, first_report.unwrap_or(Date::MIN));
        if let Some(reported) = &shape.reported
            && let Some(when) = self.take(&reported.0, time(reported, &zone))
            && !facts.has(Moment::ReportReceived)
        {
            facts.record(Moment::ReportReceived, when.into());
        }
        if shape.zone.is_none()
            && let Some(bound) = packs.iter().find(|b| b.pack.zone_of_unit)
        {
            let says = format!("{} counts days where the unit is, and the file does not say where.", bound.pack.id);
            let help = "Add `zone`, an IANA name such as \"America/Chicago\".".to_owned();
            self.wrong(Problem::WrongShape, "packs", (says, help));
        }
        for (fact, given) in &shape.answers {
            self.answer(&mut facts, fact, given, &packs, all, &zone);
        }
        for given in &shape.counts {
            let word = given.of.as_deref().unwrap_or("count");
            facts.counts.extend(self.take(word, count(given, &zone)));
        }
        for given in &shape.holds {
            facts.holds.extend(self.take(&given.official, hold(given, all, &zone)));
        }
        for given in &shape.done {
            facts.done.extend(self.done(given, &packs, &zone));
        }
        let as_of = shape.as_of.as_ref().and_then(|told| self.take(&told.0, time(told, &zone)));
        let as_of = as_of.map(|when| match when {
            Start::At(at) => at,
            // A duty of that day is not overdue on it.
            Start::Day(day) => zone.end_of_day(day),
        });
        Some(Asked { facts, packs, zone, as_of, first_report: first_report? })
    }

    fn zone(&mut self, shape: &FactsText, all: &[Pack]) -> Option<Zone> {
        if let Some(name) = &shape.zone {
            let zone = Zone::named(name).ok();
            if zone.is_none() {
                let help = "Write an IANA name, such as America/Chicago.".to_owned();
                self.wrong(Problem::Unreadable, name, (format!("There is no time zone {name}."), help));
            }
            return zone;
        }
        let named = |p: &&Pack| shape.packs.iter().any(|n| n == p.id.as_str() || n == p.series.as_str());
        let own = all.iter().filter(named).find(|p| !p.zone_of_unit);
        Some(own.map_or_else(Zone::utc, |p| p.zone.clone()))
    }

    fn event(
        &mut self,
        facts: &mut Facts,
        what: &str,
        when: &Told,
        from: (Option<String>, Option<String>),
        zone: &Zone,
    ) {
        let Some(moment) = read::<Moment>(what) else {
            let spelt = |m: &Moment| Some(serde_json::to_value(m).ok()?.as_str()?.to_owned());
            let names: Vec<String> = Moment::ALL.iter().filter_map(spelt).collect();
            let help = "The moments are listed by `tocsin policy facts-schema`.";
            return self.unknown("moment", what, names.iter().map(String::as_str), help);
        };
        if let Some(when) = self.take(&when.0, time(when, zone)) {
            facts.record(moment, Happening { when, actor: from.0, evidence: from.1 });
        }
    }

    fn first_report(&mut self, shape: &FactsText, facts: &Facts, zone: &Zone) -> Option<Date> {
        if let Some(told) = &shape.reported {
            return self.take(&told.0, time(told, zone)).map(|when| when.day(zone));
        }
        let received = facts.moments.get(&Moment::ReportReceived).map(|h| h.when.day(zone));
        let first = received.or_else(|| facts.moments.values().map(|h| h.when.day(zone)).min());
        if first.is_none() && self.reports.is_empty() {
            let says = "Nothing is said to have happened.".to_owned();
            let help = "Add `[happened]` with at least one moment, such as first-known = 2026-03-02.".to_owned();
            self.wrong(Problem::WrongShape, "happened", (says, help));
        }
        first
    }

    fn packs<'a>(&mut self, shape: &FactsText, all: &'a [Pack], day: Date) -> Vec<Bound<'a>> {
        if shape.packs.is_empty() {
            let help = "Write `packs = [\"us/hipaa-breach\"]`; `tocsin policy list` names them all.".to_owned();
            self.wrong(Problem::WrongShape, "packs", ("No pack is named.".to_owned(), help));
        }
        let mut bound: Vec<Bound<'a>> = Vec::new();
        for name in &shape.packs {
            match bind(name, all, day) {
                Some(one) if bound.iter().all(|b| b.pack.id != one.pack.id) => bound.push(one),
                Some(_) => {}
                None => {
                    let ids = all.iter().flat_map(|p| [p.id.as_str(), p.series.as_str()]);
                    self.unknown("pack", name, ids, "`tocsin policy list` names them all.");
                }
            }
        }
        bound
    }

    fn answer(
        &mut self,
        facts: &mut Facts,
        name: &str,
        given: &AnswerText,
        packs: &[Bound<'_>],
        all: &[Pack],
        zone: &Zone,
    ) {
        let asked = |p: &Pack| p.facts.iter().find(|f| f.id.as_str() == name).cloned();
        let Some(fact) = packs.iter().find_map(|b| asked(b.pack)) else {
            if let Some(pack) = all.iter().find(|p| asked(p).is_some()) {
                let says = format!("{name} is asked by {}, which is not among the packs of this file.", pack.id);
                let help = format!("Add {:?} to `packs`, or take the answer out.", pack.id.as_str());
                return self.wrong(Problem::UnknownReference, name, (says, help));
            }
            let names = packs.iter().flat_map(|b| b.pack.facts.iter().map(|f| f.id.as_str()));
            return self.unknown("fact", name, names, "Write the id of a fact that one of the packs asks.");
        };
        let answer = match (&given.answer, &fact.kind) {
            (Plain::Text(text), FactKind::YesNo) => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" => Some(Answer::Yes),
                "no" | "false" => Some(Answer::No),
                "unknown" => Some(Answer::Unknown),
                _ => None,
            },
            (Plain::Text(text), FactKind::Count { .. }) if text == "unknown" => Some(Answer::Unknown),
            (Plain::Number(n), FactKind::Count { .. }) => Some(Answer::Count(*n)),
            _ => None,
        };
        let Some(answer) = answer else {
            let help = match &fact.kind {
                FactKind::YesNo => "Write \"yes\", \"no\" or \"unknown\".".to_owned(),
                FactKind::Count { unit } => format!("Write a number of {unit}, or \"unknown\"."),
            };
            return self.wrong(
                Problem::Unreadable,
                name,
                (format!("This is no answer to {name}: {}", fact.asks), help),
            );
        };
        let since = given.since.as_ref().and_then(|told| self.take(&told.0, time(told, zone)));
        if let Ok(id) = FactId::parse(name) {
            facts.answers.insert(id, Known { answer, since });
        }
    }

    fn done(&mut self, given: &DoneText, packs: &[Bound<'_>], zone: &Zone) -> Option<Done> {
        let in_pack = |b: &&Bound<'_>| given.pack.as_ref().is_none_or(|id| id == b.pack.id.as_str());
        let rules = || packs.iter().filter(in_pack).flat_map(|b| b.pack.obligations.iter());
        if !rules().any(|r| r.id.as_str() == given.rule) {
            self.unknown(
                "duty",
                &given.rule,
                rules().map(|r| r.id.as_str()),
                "Write the id of a duty of one of the packs.",
            );
            return None;
        }
        let answered = match (&given.evidence, &given.not_applicable, &given.waived_by, &given.reason) {
            (Some(evidence), None, None, None) => Answered::Done { evidence: evidence.clone() },
            (None, Some(reason), None, None) => Answered::NotApplicable { reason: reason.clone() },
            (None, None, Some(authority), Some(reason)) => {
                Answered::Waived { authority: authority.clone(), reason: reason.clone() }
            }
            _ => {
                let says = format!("It is not said how {} was answered for.", given.rule);
                let help =
                    "Give one of `evidence`, `not_applicable`, or `waived_by` together with `reason`.".to_owned();
                self.wrong(Problem::WrongShape, &given.rule, (says, help));
                return None;
            }
        };
        Some(Done {
            pack: given.pack.as_ref().and_then(|id| PackId::parse(id).ok()),
            rule: ObligationId::parse(&given.rule).ok()?,
            at: self.take(&given.at.0, time(&given.at, zone))?,
            answered,
        })
    }
}

fn bind<'a>(name: &str, all: &'a [Pack], day: Date) -> Option<Bound<'a>> {
    let series = SeriesId::parse(name).ok()?;
    let governing = in_force(all, &series, day);
    let warning = governing.warning();
    let says = match governing {
        Governing::InForce(_) => Some("in force on the day of the first report"),
        Governing::Flagged(..) => Some("nearest to the text in force on the day of the first report"),
        Governing::Expired(..) => Some("no longer in force on the day of the first report; none follows it"),
        Governing::None => None,
    };
    if let (Some(pack), Some(says)) = (governing.pack(), says) {
        return Some(Bound { pack, chosen: says.to_owned(), warning });
    }
    let named = all.iter().find(|p| p.id.as_str() == name);
    let pack = named.or_else(|| all.iter().find(|p| p.series == series))?;
    let covers = pack.edition.covers(day);
    let warning = (!covers).then(|| format!("{} was not in force on {day}, the day of the first report.", pack.title));
    Some(Bound { pack, chosen: "named in the file".to_owned(), warning })
}

/// A point in time, in the zone of the file where it names none.
pub(crate) fn time(told: &Told, zone: &Zone) -> Result<Start, Words> {
    let text = told.0.trim();
    let instant = |at| Start::At(Instant::from_timestamp(at));
    let read = || {
        if text.len() == 10 {
            return text.parse::<Date>().ok().map(Start::Day);
        }
        if text.contains('[') {
            return text.parse::<jiff::Zoned>().ok().map(|z| instant(z.timestamp()));
        }
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(instant(at));
        }
        let local: DateTime = text.parse().ok()?;
        // An hour that the clock skips is the one after it; an hour it repeats is the first of the two.
        let zoned = zone.time_zone().to_ambiguous_zoned(local).compatible().ok()?;
        Some(instant(zoned.timestamp()))
    };
    let when = read().ok_or_else(|| {
        let help = "Write a day, 2026-03-02; a local time, 2026-03-02T14:30; or an instant, 2026-03-02T14:30:00-06:00.";
        (format!("{text:?} is neither a day nor a time."), help.to_owned())
    })?;
    match (1900..=2200).contains(&when.day(zone).year()) {
        true => Ok(when),
        false => {
            Err((format!("{text:?} is too far away to count from."), "Write a day between 1900 and 2200.".to_owned()))
        }
    }
}

pub(crate) fn count(given: &CountText, zone: &Zone) -> Result<Count, Words> {
    let people = Number { low: given.low, estimate: given.people, high: given.high };
    let ends: Vec<u64> = [people.low, people.estimate, people.high].into_iter().flatten().collect();
    if ends.is_empty() {
        let help = "Give `people`, or `low` and `high`.".to_owned();
        return Err(("This count has no number.".to_owned(), help));
    }
    if !ends.is_sorted() {
        let help = "`low` is at most `people`, and `people` at most `high`.".to_owned();
        return Err((format!("The numbers of this count contradict each other: {ends:?}."), help));
    }
    let residence = match given.of.as_deref() {
        None | Some("all") => Residence::Anywhere,
        Some("unknown") => Residence::NotKnown,
        Some(code) => match StateCode::try_from(code.to_owned()) {
            Ok(state) => Residence::In(state),
            Err(why) => {
                return Err((format!("{code:?}: {why}."), "Write two letters, \"all\" or \"unknown\".".to_owned()));
            }
        },
    };
    Ok(Count {
        measure: given.what.unwrap_or(Measure::Affected),
        residence,
        people,
        as_of: given.as_of.as_ref().map(|told| time(told, zone)).transpose()?,
        exact: given.confidence == Some(Confidence::Counted),
        evidence: given.evidence.clone(),
    })
}

pub(crate) fn hold(given: &HoldText, all: &[Pack], zone: &Zone) -> Result<Hold, Words> {
    let mut regimes: Vec<RegimeId> = Vec::new();
    for name in &given.regimes {
        let of_pack = all.iter().filter(|p| p.id.as_str() == name || p.series.as_str() == name);
        let whole: Vec<RegimeId> = of_pack.flat_map(|p| p.regimes.iter().map(|r| r.id.clone())).collect();
        let one = all.iter().flat_map(|p| &p.regimes).find(|r| r.id.as_str() == name).map(|r| r.id.clone());
        match (one, whole) {
            (Some(id), _) => regimes.push(id),
            (None, whole) if !whole.is_empty() => regimes.extend(whole),
            _ => {
                let names = all.iter().flat_map(|p| p.regimes.iter().map(|r| r.id.as_str()));
                let mut known: Vec<&str> = names.collect();
                known.sort_unstable();
                known.dedup();
                let help = format!("A hold pauses only what it names: write {}.", known.join(", "));
                return Err((format!("No duty can be paused under {name:?}."), help));
            }
        }
    }
    if regimes.is_empty() {
        let help = "Name in `regimes` what it pauses, such as [\"hipaa\"].".to_owned();
        return Err(("A hold that names no regime pauses nothing.".to_owned(), help));
    }
    if given.official.trim().is_empty() || given.agency.trim().is_empty() {
        let help = "Write who asked, and for which agency.".to_owned();
        return Err(("A request for silence by nobody is none.".to_owned(), help));
    }
    let day = |told: &Option<Told>| told.as_ref().map(|t| time(t, zone).map(|w| w.day(zone))).transpose();
    let (stated, until, lifted) = (time(&given.stated, zone)?, day(&given.until)?, day(&given.lifted)?);
    if [until, lifted].into_iter().flatten().any(|end| end < stated.day(zone)) {
        let help =
            "`stated` is the day on which it was made; `until` and `lifted` are that day or later ones.".to_owned();
        return Err(("This request for silence ends before it was made.".to_owned(), help));
    }
    Ok(Hold {
        regimes,
        official: given.official.clone(),
        agency: given.agency.clone(),
        form: match given.form {
            FormText::Written => HoldForm::Written,
            FormText::Oral => HoldForm::Oral,
        },
        stated,
        until,
        lifted,
        evidence: given.evidence.clone(),
    })
}
