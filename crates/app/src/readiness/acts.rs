//! Assessing, declaring, proposing, taking note.

use super::letters;
use super::{Board, only_the};
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{EntryId, UnitId};
use domain::organisation::readiness::decide::mend;
use domain::organisation::readiness::{Acknowledged, Assessment, Declaration, Factors, Proposal, Weighing};
use domain::pack::ChoiceId;
use domain::permission::{Action, Viewer};
use domain::text::Note;

/// A declaration as somebody makes it.
#[derive(Clone, Debug)]
pub struct Declaring {
    /// The level.
    pub level: u8,
    /// Why.
    pub reason: Note,
    /// The factors.
    pub factors: Factors,
    /// The notice to which it answers.
    pub notice: Option<EntryId>,
    /// What was weighed.
    pub weighed: Weighing,
    /// Kinds of activity among the reasons.
    pub activities: Vec<ChoiceId>,
}

impl App {
    fn declarer(&self, viewer: &Viewer, on: &str, instead: &str) -> Result<Board<'_>, Trouble> {
        let board = self.readiness(viewer)?;
        if self.declares(viewer, &board) { Ok(board) } else { Err(only_the(&board, on, instead)) }
    }

    /// Records an assessment of the factors by whoever declares the level.
    pub async fn assess_readiness(&self, viewer: &Viewer, factors: &Factors) -> Result<(), Trouble> {
        self.declarer(viewer, "factors", "You can propose a level.")?;
        let (id, by): (EntryId, _) = (self.draw(), viewer.account);
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let new = Assessment { id, factors: factors.clone(), after: 0, by, at: standing.now };
            Ok((board.readiness.assess(new, board.rules)?, Vec::new()))
        })
        .await
    }

    /// Declares a level or confirms the present one. Officers are told of a change in the same breath.
    pub async fn declare_level(&self, viewer: &Viewer, new: &Declaring) -> Result<(), Trouble> {
        self.declarer(viewer, "level", "You can propose a level.")?;
        let (id, by): (EntryId, _) = (self.draw(), viewer.account);
        self.change_readiness(viewer.tenant, by, |standing, board| {
            if new.notice.is_some_and(|notice| board.notices.iter().all(|known| known.id != notice)) {
                return Err(vec![mend("notice", "There is no such notice. Choose one from the list.")].into());
            }
            let declaration = Declaration {
                id,
                level: new.level,
                reason: new.reason.clone(),
                factors: new.factors.clone(),
                notice: new.notice,
                weighed: new.weighed.clone(),
                activities: new.activities.clone(),
                told: 0,
                by,
                at: standing.now,
            };
            let changes = board.readiness.declare(declaration, &board.timeline, board.rules)?;
            let mut after = board.readiness.clone();
            changes.iter().for_each(|change| after.apply(change));
            let timeline = after.timeline(&board.notices, board.rules, &board.zone);
            let changed = timeline.level() != board.timeline.level();
            let letters = if changed {
                self.level_letters(standing.directory, board, timeline.level(), standing.now)
            } else {
                Vec::new()
            };
            Ok((changes, letters))
        })
        .await
    }

    /// Sends a proposal to whoever declares the level.
    pub async fn propose_level(&self, viewer: &Viewer, level: u8, why: &Note) -> Result<(), Trouble> {
        self.readiness(viewer)?;
        if viewer.scope(Action::Organise, Section::Officer).is_some_and(|units| units.is_empty()) {
            return Err(Trouble::NotFound);
        }
        let (id, by): (EntryId, _) = (self.draw(), viewer.account);
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let new = Proposal { id, level, why: why.clone(), after: 0, by, at: standing.now };
            let changes = board.readiness.propose(new, board.rules)?;
            let words = format!("A level was proposed: {}.", board.rules.says(level));
            Ok((changes, letters::to_deciders(self, standing.directory, board, &words, standing.now)))
        })
        .await
    }

    /// A unit takes note of the present level and holds it too.
    pub async fn acknowledge_level(&self, viewer: &Viewer, step: EntryId, unit: UnitId) -> Result<(), Trouble> {
        let board = self.readiness(viewer)?;
        if !self.speaks_for(viewer, &board, unit) {
            return Err(Trouble::NotFound);
        }
        let by = viewer.account;
        self.change_readiness(viewer.tenant, by, |standing, board| {
            if board.units(standing.directory).iter().all(|known| known.id != unit) {
                return Err(Trouble::NotFound);
            }
            let entry = Acknowledged { step, unit, by, at: standing.now };
            Ok((board.readiness.acknowledge(entry, &board.timeline)?, Vec::new()))
        })
        .await
    }
}
