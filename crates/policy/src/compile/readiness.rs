//! Readiness levels: a scale with steps, somebody who declares, and a report that can be filled in.

use super::{
    desk::{Desk, Kind},
    gather::Paper,
    phrase::Lexicon,
};
use crate::{Problem, text};
use domain::pack::*;
use std::collections::BTreeSet;

pub(super) fn readiness(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Option<ReadinessRules> {
    let at = paper.readiness.as_ref()?;
    let (file, r, place) = (at.file, at.item.get_ref(), at.item.span());
    if !(2..=9).contains(&r.levels.len()) {
        let says = format!("A scale has 2 to 9 levels; this one has {}.", r.levels.len());
        let help = "Add [[readiness.level]] with name and clauses, the lowest first.";
        desk.report(Problem::WrongShape, file, place.clone(), says, help);
    }
    if r.floor && paper.state_notices.is_none() {
        let help = "Add [state_notices] with the source of the state's level, or take `floor` out.";
        let says = "Nobody tells the level that is the floor.";
        desk.report(Problem::WrongShape, file, place.clone(), says, help);
    }
    for told in &r.always_told {
        if r.reported_to.iter().all(|role| role.get_ref() != told.get_ref()) {
            let says = format!("{} always gets the report and stands nowhere in `reported_to`.", told.get_ref());
            desk.report(Problem::WrongShape, file, told.span(), says, "Add the role to `reported_to`.");
        }
    }
    for (table, empty) in
        [("factor", r.factors.is_empty()), ("kind", r.kinds.is_empty()), ("field", r.fields.is_empty())]
    {
        if empty {
            let says = format!("There is no [[readiness.{table}]].");
            desk.report(Problem::WrongShape, file, place.clone(), says, "Add one with id, words and clauses.");
        }
    }
    let levels = r.levels.iter().map(|level| self::level(desk, level, lexicon, file)).collect();
    let mut fields = Vec::new();
    let mut ids = BTreeSet::new();
    for f in &r.fields {
        if !ids.insert(f.id.get_ref().clone()) {
            let says = format!("The field {} stands twice in this report.", f.id.get_ref());
            desk.report(Problem::DuplicateId, file, f.id.span(), says, "Give this one an id of its own.");
        }
        fields.extend(field(desk, f, r.levels.len(), file));
    }
    Some(ReadinessRules {
        title: r.title.clone(),
        decided_by: desk.refer(Kind::Role, &r.decided_by, file)?,
        floor: r.floor,
        equal_units: r.equal_units,
        reported_to: desk.refer_all(Kind::Role, &r.reported_to, file),
        always_told: desk.refer_all(Kind::Role, &r.always_told, file),
        measures: desk.refer(Kind::Missing, &r.measures, file)?,
        levels,
        activities: named(desk, &r.activities, file),
        factors: r.factors.iter().filter_map(|f| factor(desk, f, file)).collect(),
        weighed: r.weighed.iter().filter_map(|w| weighed(desk, w, file)).collect(),
        kinds: named(desk, &r.kinds, file),
        fields,
        clauses: desk.clauses(&r.clauses, place, file),
        notes: desk.refer_all(Kind::Note, &r.notes, file),
    })
}

fn level(desk: &mut Desk, level: &text::ReadinessLevel, lexicon: &Lexicon, file: usize) -> ReadinessLevel {
    let summaries: Option<LocalId> = level.summaries.as_ref().and_then(|w| desk.refer(Kind::Local, w, file));
    let unit = summaries.as_ref().and_then(|id| lexicon.locals.iter().find(|l| l.id == *id)).map(|l| l.unit);
    if let (Some(unit), Some(word)) = (unit, &level.summaries)
        && unit != Unit::CalendarDays
    {
        let says = "Summaries are due by the day.";
        let help = "Point at a local value with `unit = \"calendar-days\"`.";
        desk.report(Problem::WrongShape, file, word.span(), says, help);
    }
    let clauses = desk.clauses(&level.clauses, level.name.span(), file);
    ReadinessLevel { name: desk.both(&level.name, file), summaries, clauses }
}

pub(super) fn named(desk: &mut Desk, all: &[text::NamedWord], file: usize) -> Vec<Named> {
    let mut ids = BTreeSet::new();
    let mut out = Vec::new();
    for n in all {
        if !ids.insert(n.id.get_ref().clone()) {
            let says = format!("{} stands twice in this list.", n.id.get_ref());
            desk.report(Problem::DuplicateId, file, n.id.span(), says, "Give this one an id of its own.");
        }
        let clauses = desk.refer_all(Kind::Clause, &n.clauses, file);
        out.extend(desk.name(&n.id, file).map(|id| Named { id, says: n.says.clone(), clauses }));
    }
    out
}

fn factor(desk: &mut Desk, f: &text::ReadinessFactor, file: usize) -> Option<Factor> {
    let clauses = desk.refer_all(Kind::Clause, &f.clauses, file);
    Some(Factor { id: desk.name(&f.id, file)?, says: f.says.clone(), restricted: f.restricted, clauses })
}

fn weighed(desk: &mut Desk, w: &text::ReadinessWeighed, file: usize) -> Option<Weighed> {
    let clauses = desk.refer_all(Kind::Clause, &w.clauses, file);
    Some(Weighed { id: desk.name(&w.id, file)?, says: w.says.clone(), or_unknown: w.or_unknown, clauses })
}

fn field(desk: &mut Desk, f: &text::ReadinessField, levels: usize, file: usize) -> Option<ReportField> {
    desk.fits::<300>(&f.label, f.id.span(), file);
    let from_level = f.from_level.unwrap_or(1);
    if !(1..=levels.max(1)).contains(&usize::from(from_level)) {
        let says = format!("The scale has no level {from_level}.");
        desk.report(Problem::WrongShape, file, f.id.span(), says, format!("Write a level from 1 to {levels}."));
    }
    let wrong = [
        (
            (f.kind == ReportFieldKind::ChooseOne) == f.choices.is_empty(),
            "`choices` and `kind = \"choose-one\"` belong together.",
        ),
        ((f.kind == ReportFieldKind::Rows) == f.columns.is_empty(), "`columns` and `kind = \"rows\"` belong together."),
        (
            f.or_none.is_some()
                && !matches!(f.kind, ReportFieldKind::List | ReportFieldKind::Rows | ReportFieldKind::Ranked),
            "Only a list can be empty by a statement.",
        ),
        (
            f.kind == ReportFieldKind::Level && (f.filled_with.is_some() || f.one_of.is_some()),
            "The level is what was declared.",
        ),
    ];
    for (_, says) in wrong.iter().filter(|(wrong, _)| *wrong) {
        let help = "The kinds are line, text, day, time, level, choose-one, list, rows, ranked.";
        desk.report(Problem::WrongShape, file, f.id.span(), *says, help);
    }
    Some(ReportField {
        id: desk.name(&f.id, file)?,
        label: f.label.clone(),
        help: f.help.clone(),
        kind: f.kind,
        choices: named(desk, &f.choices, file),
        columns: named(desk, &f.columns, file),
        from_level,
        needed: f.needed,
        one_of: f.one_of.clone(),
        or_none: f.or_none.clone(),
        filled_with: f.filled_with,
        clauses: desk.clauses(&f.clauses, f.id.span(), file),
    })
}
