//! The pack as a whole: its head, its dates, and what has to hold across its items.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
    inquiry, items,
    phrase::{self, Lexicon},
    rules, sheets,
};
use crate::{Problem, Report, report::File};
use domain::{pack::*, time::Zone};
use jiff::civil::Date;
use std::ops::Range;

pub(super) fn pack(desk: &mut Desk, paper: &Paper, head_file: usize) -> Option<Pack> {
    if paper.head.is_none() {
        let help = "Begin with [pack] and give id, series, title, agency, jurisdiction, prefix and zone.";
        desk.report(Problem::MissingHead, head_file, 0..0, "The pack has no [pack] table.", help);
    }
    if paper.source.is_none() {
        let help = "Add [source] with title, issuer and edition of the document that the pack was made from.";
        desk.report(Problem::MissingSource, head_file, 0..0, "The pack names no source.", help);
    }
    let law = paper.head.as_ref().is_some_and(|at| at.item.get_ref().kind == PackKind::Law);
    if paper.identity.is_none() && !law {
        let help = "Add [identity] with anonymous, can_be_shielded and says.";
        desk.report(Problem::WrongShape, head_file, 0..0, "The pack does not say whether names are needed.", help);
    }
    let edition = edition(desk, paper, head_file);
    let lexicon = lexicon(desk, paper);
    let clauses = clauses(desk, paper);
    let interpretations = interpretations(desk, paper);
    let roles = items::roles(desk, paper);
    let routes = items::routes(desk, paper, &lexicon);
    reachable(desk, paper, &roles, &routes);
    if !law && !routes.iter().any(|r| r.when.is_empty()) {
        let help = "Add a last [[route]] without `when`, so that no report is left lying.";
        desk.report(Problem::NoRoute, head_file, 0..0, "No route takes every report.", help);
    }
    routes_in_order(desk, paper);
    let notices = items::notices(desk, paper, &lexicon);
    let ticket = items::ticket(desk, paper);
    let state_notices = items::state_notices(desk, paper);
    let workforce = items::workforce(desk, paper);
    let systems = items::labelled(desk, &paper.systems, |id, label, clauses| SystemClass { id, label, clauses });
    let tiles = items::tiles(desk, paper);
    let categories = items::categories(desk, paper);
    let questions = items::questions(desk, paper);
    let particulars = items::particulars(desk, paper);
    let definition = items::definition(desk, paper, &lexicon);
    let advice = items::advice(desk, paper);
    // Nobody reports under a law by itself, so it says nothing about names.
    let silent = || Identity {
        anonymous: false,
        can_be_shielded: true,
        says: Words { en: String::new(), es: String::new() },
        clauses: Vec::new(),
        notes: Vec::new(),
    };
    let identity = items::identity(desk, paper).or_else(|| law.then(silent));
    let phone_first = items::phone_first(desk, paper);
    let loss = items::loss(desk, paper);
    let facts = facts(desk, paper);
    let discovery = rules::discovery(desk, paper);
    let regimes = rules::regimes(desk, paper);
    let obligations = rules::obligations(desk, paper, &lexicon);
    no_cycle(desk, paper, &obligations);
    let decisions = rules::decisions(desk, paper, &lexicon);
    let closing = rules::closing(desk, paper, &lexicon);
    let sheets = sheets::sheets(desk, paper, &lexicon);
    let playbooks = super::playbooks::playbooks(desk, paper, &lexicon);
    let set_aside = rules::set_aside(desk, paper);
    let forms = items::forms(desk, paper);
    let retention = rules::retention(desk, paper);
    let yearly_round = rules::yearly_round(desk, paper);
    let routine_review = rules::routine_review(desk, paper);
    let missing = missing(desk, paper);
    let enactment = enactment(desk, paper);
    let tags = tags(desk, paper);
    let no_incident = inquiry::no_incident(desk, paper);
    let participants = inquiry::participants(desk, paper);
    let readiness = super::readiness::readiness(desk, paper, &lexicon);
    let plan = super::plan::plan(desk, paper);

    let at = paper.head.as_ref()?;
    let (file, head) = (at.file, at.item.get_ref());
    let holidays = head.holidays.iter().filter_map(|d| phrase::date(desk, d.get_ref(), d.span(), file)).collect();
    let zone_of_unit = head.zone.get_ref() == "of the unit";
    let zone = if zone_of_unit { Some(Zone::utc()) } else { Zone::named(head.zone.get_ref()).ok() };
    if zone.is_none() {
        let says = format!("There is no time zone {}.", head.zone.get_ref());
        let help = "Write an IANA name, such as America/Chicago, or \"of the unit\".";
        desk.report(Problem::Unreadable, file, head.zone.span(), says, help);
    }
    let source = paper.source.as_ref()?.item.get_ref();
    Some(Pack {
        id: desk.name(&head.id, file)?,
        series: desk.name(&head.series, file)?,
        title: head.title.clone(),
        agency: desk.both(&head.agency, file),
        jurisdiction: head.jurisdiction.clone(),
        kind: head.kind,
        prefix: prefix(desk, head, at.item.span(), file),
        edition: edition?,
        zone: zone?,
        zone_of_unit,
        source: SourceDocument {
            title: source.title.clone(),
            issuer: source.issuer.clone(),
            edition: source.edition.clone(),
            authority: source.authority.clone(),
        },
        reviewed_by_counsel: head.reviewed_by_counsel.clone(),
        clauses,
        interpretations,
        roles,
        routes,
        notices,
        ticket,
        state_notices,
        workforce,
        systems,
        tiles,
        categories,
        questions,
        particulars,
        definition,
        advice,
        identity: identity?,
        phone_first,
        loss,
        facts,
        discovery,
        regimes,
        obligations,
        decisions,
        closing,
        sheets,
        playbooks,
        set_aside,
        forms,
        retention,
        yearly_round,
        routine_review,
        locals: lexicon.locals,
        missing,
        holidays,
        enactment,
        tags,
        no_incident,
        participants,
        readiness,
        plan,
    })
}

/// The prefix of incident references is read aloud and typed, so it stays short and plain.
fn prefix(desk: &mut Desk, head: &crate::text::Head, place: Range<usize>, file: usize) -> String {
    let Some(word) = &head.prefix else {
        if head.kind == PackKind::Policy {
            let help = "Write `prefix = \"DMH\"`; packs of law (`kind = \"law\"`) need none.";
            desk.report(Problem::WrongShape, file, place, "The pack has no prefix for incident references.", help);
        }
        return String::new();
    };
    let text = word.get_ref();
    if !(2..=6).contains(&text.len()) || !text.chars().all(|c| c.is_ascii_uppercase()) {
        let says = format!("{text:?} cannot begin a reference.");
        desk.report(Problem::BadName, file, word.span(), says, "Write 2 to 6 capital letters, such as DMH.");
    }
    text.clone()
}

fn edition(desk: &mut Desk, paper: &Paper, head_file: usize) -> Option<Edition> {
    let help = "Write [edition] with `from = 2016-06-23`, or `from = \"not stated\"` where the text gives no date.";
    let Some(at) = &paper.edition else {
        desk.report(
            Problem::MissingEffectiveDate,
            head_file,
            0..0,
            "The pack does not say from when it is in force.",
            help,
        );
        return None;
    };
    let (file, e) = (at.file, at.item.get_ref());
    let from = match &e.from {
        None => {
            let says = "The edition does not say from when it is in force.";
            desk.report(Problem::MissingEffectiveDate, file, at.item.span(), says, help);
            None
        }
        Some(given) => match given.get_ref() {
            toml::Value::Datetime(day) => phrase::date(desk, day, given.span(), file),
            toml::Value::String(text) if text == "not stated" => None,
            toml::Value::String(text) if text.parse::<Date>().is_ok() => {
                let help = format!("Write `from = {text}`, without quotes.");
                desk.report(Problem::MissingEffectiveDate, file, given.span(), "A day has no quotes around it.", help);
                None
            }
            _ => {
                let says = "This is not a day from which something is in force.";
                desk.report(Problem::MissingEffectiveDate, file, given.span(), says, help);
                None
            }
        },
    };
    let until = e.until.as_ref().and_then(|d| phrase::date(desk, d.get_ref(), d.span(), file));
    if let (Some(first), Some(last), Some(place)) = (from, until, &e.until)
        && last < first
    {
        desk.report(
            Problem::Unreadable,
            file,
            place.span(),
            "The edition ends before it begins.",
            "Swap the two dates.",
        );
    }
    let mut flags = Vec::new();
    for flag in &e.flag {
        let from = phrase::date(desk, flag.from.get_ref(), flag.from.span(), file);
        let until = phrase::date(desk, flag.until.get_ref(), flag.until.span(), file);
        flags.extend(from.zip(until).map(|(from, until)| Flag { from, until, says: flag.says.clone() }));
    }
    Some(Edition {
        name: e.name.clone(),
        from,
        until,
        status: e.status,
        sunset: e.sunset.as_ref().and_then(|d| phrase::date(desk, d.get_ref(), d.span(), file)),
        flags,
        clauses: desk.clauses(&e.clauses, at.item.span(), file),
    })
}

fn lexicon(desk: &mut Desk, paper: &Paper) -> Lexicon {
    let mut locals = Vec::new();
    for At { file, item: l } in &paper.locals {
        let clauses = desk.clauses(&l.clauses, l.id.span(), *file);
        let id = desk.name(&l.id, *file);
        let value = |id| LocalValue { id, title: l.title.clone(), default: l.default, unit: l.unit, clauses };
        locals.extend(id.map(value));
    }
    let facts = paper.facts.iter().map(|at| (at.item.id.get_ref().clone(), kind(&at.item.counts))).collect();
    Lexicon { locals, facts }
}

fn kind(counts: &Option<String>) -> FactKind {
    counts.clone().map_or(FactKind::YesNo, |unit| FactKind::Count { unit })
}

fn facts(desk: &mut Desk, paper: &Paper) -> Vec<Fact> {
    let fact = |at: &At<crate::text::Fact>| {
        let (file, f) = (at.file, &at.item);
        Some(Fact {
            id: desk.name(&f.id, file)?,
            asks: f.asks.clone(),
            kind: kind(&f.counts),
            clauses: desk.clauses(&f.clauses, f.id.span(), file),
        })
    };
    paper.facts.iter().filter_map(fact).collect()
}

fn clauses(desk: &mut Desk, paper: &Paper) -> Vec<Clause> {
    let clause = |at: &At<crate::text::Clause>| {
        let id = desk.name(&at.item.id, at.file)?;
        Some(Clause { id, cite: at.item.cite.clone(), says: at.item.says.clone(), area: at.item.area.clone() })
    };
    paper.clauses.iter().filter_map(clause).collect()
}

fn interpretations(desk: &mut Desk, paper: &Paper) -> Vec<Interpretation> {
    let note = |at: &At<crate::text::Interpretation>| {
        let (file, n) = (at.file, &at.item);
        let clauses = desk.refer_all(Kind::Clause, &n.clauses, file);
        Some(Interpretation {
            id: desk.name(&n.id, file)?,
            question: n.question.clone(),
            reading: n.reading.clone(),
            clauses,
        })
    };
    paper.notes.iter().filter_map(note).collect()
}

fn missing(desk: &mut Desk, paper: &Paper) -> Vec<MissingDocument> {
    let document = |at: &At<crate::text::Missing>| {
        let (file, m) = (at.file, &at.item);
        Some(MissingDocument {
            id: desk.name(&m.id, file)?,
            title: m.title.clone(),
            supply: m.supply.clone(),
            used: m.used.clone(),
            shown_on: m.shown_on.clone(),
            clauses: desk.clauses(&m.clauses, m.id.span(), file),
        })
    };
    paper.missing.iter().filter_map(document).collect()
}

fn enactment(desk: &mut Desk, paper: &Paper) -> Enactment {
    let Some(at) = &paper.enactment else { return Enactment::default() };
    let (file, e) = (at.file, at.item.get_ref());
    Enactment {
        approved_by: e.approved_by.as_ref().and_then(|role| desk.refer(Kind::Role, role, file)),
        authorities: e.authorities.clone(),
        units_keep_no_rules: e.units_keep_no_rules,
        clauses: desk.clauses(&e.clauses, at.item.span(), file),
    }
}

fn tags(desk: &mut Desk, paper: &Paper) -> Vec<Tag> {
    let tag = |at: &At<crate::text::Tag>| {
        let (file, t) = (at.file, &at.item);
        Some(Tag {
            id: desk.name(&t.id, file)?,
            cite: t.cite.clone(),
            label: desk.both(&t.label, file),
            clauses: desk.clauses(&t.clauses, t.id.span(), file),
        })
    };
    paper.tags.iter().filter_map(tag).collect()
}

/// The first route whose conditions hold is taken, so that nothing comes to one behind a route without conditions.
fn routes_in_order(desk: &mut Desk, paper: &Paper) {
    let takes_all = paper.routes.iter().position(|at| at.item.when.is_empty());
    let Some(last) = takes_all.and_then(|place| paper.routes.get(place)) else { return };
    for At { file, item } in paper.routes.iter().skip_while(|at| !at.item.when.is_empty()).skip(1) {
        let says = format!("No report comes to the route {}.", item.id.get_ref());
        let help = format!("Put it before {}, which has no `when` and takes every report.", last.item.id.get_ref());
        desk.report(Problem::NoRoute, *file, item.id.span(), says, help);
    }
}

/// Every role that a report is routed to ends, by its fallbacks, in a role that is always staffed.
fn reachable(desk: &mut Desk, paper: &Paper, roles: &[Role], routes: &[Route]) {
    for role in roles {
        let mut seen = vec![&role.id];
        let mut next = role.falls_back_to.as_ref();
        while let Some(id) = next {
            if seen.contains(&id) {
                let (file, place) = place_of_role(paper, &role.id);
                let says = format!("The fallbacks of {} run in a circle.", role.id);
                let help = "End the chain in a role with `always_staffed = true`.";
                desk.report(Problem::UnreachableRole, file, place, says, help);
                break;
            }
            seen.push(id);
            next = roles.iter().find(|r| r.id == *id).and_then(|r| r.falls_back_to.as_ref());
        }
        let routed = routes.iter().any(|r| r.to == role.id);
        let staffed = roles.iter().any(|r| r.always_staffed && seen.contains(&&r.id));
        if routed && !staffed {
            let (file, place) = place_of_role(paper, &role.id);
            let says = format!("Reports go to {}, and nobody may be there.", role.id);
            let help = "Add `falls_back_to` a role with `always_staffed = true`, or mark this one so.";
            desk.report(Problem::UnreachableRole, file, place, says, help);
        }
    }
}

fn place_of_role(paper: &Paper, id: &RoleId) -> (usize, Range<usize>) {
    let found = paper.roles.iter().find(|at| at.item.id.get_ref() == id.as_str());
    found.map_or((0, 0..0), |at| (at.file, at.item.id.span()))
}

/// Duties that are due together never wait for each other in a circle.
fn no_cycle(desk: &mut Desk, paper: &Paper, obligations: &[ObligationRule]) {
    let waits_for = |id: &ObligationId| {
        obligations.iter().find(|o| o.id == *id).and_then(|o| match &o.outer {
            Term::With(other) => Some(other),
            _ => o.gives_way_to.as_ref(),
        })
    };
    for rule in obligations {
        let mut next = waits_for(&rule.id);
        let mut steps = 0;
        while let Some(id) = next
            && *id != rule.id
            && steps < obligations.len()
        {
            next = waits_for(id);
            steps += 1;
        }
        if next.is_some_and(|id| *id == rule.id) {
            let place = paper.obligations.iter().find(|at| at.item.id.get_ref() == rule.id.as_str());
            let key = |at: &At<crate::text::Obligation>| match (&rule.outer, &at.item.gives_way_to) {
                (Term::With(_), _) | (_, None) => at.item.due.span(),
                (_, Some(other)) => other.span(),
            };
            let (file, place) = place.map_or((0, 0..0), |at| (at.file, key(at)));
            let says = format!("{} waits for itself.", rule.id);
            let help = "Give one of these duties a term of its own, or take out a `gives_way_to`.";
            desk.report(Problem::Cycle, file, place, says, help);
        }
    }
}

/// Of one series, at most one text is in force on any day, and no two texts have one name.
pub(super) fn overlapping_editions(packs: &[(Pack, File)]) -> Vec<Report> {
    let binds = |p: &Pack| !matches!(p.edition.status, Status::Proposed | Status::Repealed);
    let starts = |p: &Pack| p.edition.from.unwrap_or(Date::MIN);
    let ends = |p: &Pack| p.edition.until.unwrap_or(Date::MAX);
    let mut reports = Vec::new();
    for (later, (a, file)) in packs.iter().enumerate() {
        let mut report = |problem, word: &str, says, help: &str| {
            let place = file.text.find(word).map_or(0..0, |start| start..start + word.len());
            reports.push(Report::new(problem, file, place, says, help.to_owned()));
        };
        for (b, _) in &packs[..later] {
            if a.id == b.id {
                let says = format!("Two texts are called {}.", a.id);
                report(Problem::DuplicateId, a.id.as_str(), says, "Give each edition an id of its own.");
            } else if b.series == a.series && binds(a) && binds(b) && starts(a) <= ends(b) && starts(b) <= ends(a) {
                let says = format!("{} and {} are both in force on {}.", b.id, a.id, starts(a).max(starts(b)));
                let help = "Give the earlier one `until` the day before the later one begins.";
                report(Problem::OverlappingEditions, "[edition]", says, help);
            }
        }
    }
    reports
}
