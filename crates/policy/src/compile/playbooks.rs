//! Playbooks: each step cites clauses and belongs to a role of the pack.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
    phrase::{self, Lexicon},
};
use crate::{Problem, text};
use domain::pack::{Playbook, PlaybookStep, StepId, Trigger};
use std::collections::BTreeSet;

pub(super) fn playbooks(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Playbook> {
    let playbook = |at: &At<text::Playbook>| {
        let (file, p) = (at.file, &at.item);
        desk.fits::<300>(p.title.get_ref(), p.title.span(), file);
        if p.steps.is_empty() {
            let help = "Add [[playbook.step]] with id, title, role, stage and clauses.";
            desk.report(Problem::NoStep, file, p.id.span(), "This playbook has no steps.", help);
        }
        Some(Playbook {
            id: desk.name(&p.id, file)?,
            title: p.title.get_ref().clone(),
            trigger: Trigger { on: p.on, when: phrase::conditions(desk, &p.when, lexicon, file) },
            starts: p.starts,
            steps: steps(desk, p, file),
            clauses: desk.clauses(&p.clauses, p.id.span(), file),
            notes: desk.refer_all(Kind::Note, &p.notes, file),
        })
    };
    paper.playbooks.iter().filter_map(playbook).collect()
}

fn steps(desk: &mut Desk, playbook: &text::Playbook, file: usize) -> Vec<PlaybookStep> {
    let mut known: BTreeSet<StepId> = BTreeSet::new();
    let mut steps: Vec<(u32, PlaybookStep)> = Vec::new();
    for (place, step) in (1..).zip(&playbook.steps) {
        desk.fits::<300>(step.title.get_ref(), step.title.span(), file);
        let role = desk.refer(Kind::Role, &step.role, file);
        let clauses = desk.clauses(&step.clauses, step.id.span(), file);
        let (Some(id), Some(role)) = (desk.name::<StepId>(&step.id, file), role) else { continue };
        if !known.insert(id.clone()) {
            let says = format!("The step {id} stands twice in this playbook.");
            let help = "Give this one an id of its own, or take it out.";
            desk.report(Problem::DuplicateId, file, step.id.span(), says, help);
        }
        let title = step.title.get_ref().clone();
        steps.push((step.order.unwrap_or(place), PlaybookStep { id, title, role, stage: step.stage, clauses }));
    }
    steps.sort_by_key(|(order, _)| *order);
    steps.into_iter().map(|(_, step)| step).collect()
}
