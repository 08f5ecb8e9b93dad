//! The plan of each unit: somebody writes it, somebody else approves it, and it has something in every section.

use super::{
    desk::{Desk, Kind},
    gather::Paper,
    phrase,
    readiness::named,
};
use crate::{Problem, text};
use domain::pack::{PlanKind, PlanPart, PlanRules};

pub(super) fn plan(desk: &mut Desk, paper: &Paper) -> Option<PlanRules> {
    let at = paper.plan.as_ref()?;
    let (file, p, place) = (at.file, at.item.get_ref(), at.item.span());
    for (table, empty) in [("area", p.areas.is_empty()), ("goal", p.goals.is_empty()), ("part", p.parts.is_empty())] {
        if empty {
            let says = format!("There is no [[plan.{table}]].");
            desk.report(Problem::WrongShape, file, place.clone(), says, "Add one with id, words and clauses.");
        }
    }
    if p.each.is_empty() {
        let says = "Nobody keeps this plan.";
        desk.report(Problem::WrongShape, file, place.clone(), says, "Write `each = [\"facility\"]`.");
    }
    if p.written_by.get_ref() == p.approved_by.get_ref() {
        let says = "Nobody approves their own plan.";
        desk.report(Problem::WrongShape, file, p.approved_by.span(), says, "Name another role in `approved_by`.");
    }
    let due = p.due.as_ref().and_then(|day| phrase::date(desk, day.get_ref(), day.span(), file));
    Some(PlanRules {
        title: p.title.clone(),
        each: p.each.clone(),
        written_by: desk.refer(Kind::Role, &p.written_by, file)?,
        approved_by: desk.refer(Kind::Role, &p.approved_by, file)?,
        due,
        areas: named(desk, &p.areas, file),
        goals: named(desk, &p.goals, file),
        priorities: named(desk, &p.priorities, file),
        kinds: p.kinds.iter().filter_map(|kind| self::kind(desk, kind, file)).collect(),
        parts: p.parts.iter().filter_map(|part| self::part(desk, part, file)).collect(),
        limits: desk.refer_all(Kind::Clause, &p.limits, file),
        clauses: desk.clauses(&p.clauses, place, file),
        notes: desk.refer_all(Kind::Note, &p.notes, file),
    })
}

fn part(desk: &mut Desk, part: &text::PlanPart, file: usize) -> Option<PlanPart> {
    let clauses = desk.refer_all(Kind::Clause, &part.clauses, file);
    Some(PlanPart { id: desk.name(&part.id, file)?, says: part.says.clone(), carries_out: part.carries_out, clauses })
}

fn kind(desk: &mut Desk, kind: &text::PlanKind, file: usize) -> Option<PlanKind> {
    let clauses = desk.refer_all(Kind::Clause, &kind.clauses, file);
    let categories = desk.refer_all(Kind::Category, &kind.categories, file);
    Some(PlanKind { id: desk.name(&kind.id, file)?, says: kind.says.clone(), categories, clauses })
}
