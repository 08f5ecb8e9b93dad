//! What may be recorded about readiness, and why not. A refusal names the field it concerns, so that a page can stand
//! beside it what to do.

use super::level::{NORMAL, Timeline};
use super::*;
use crate::pack::ReadinessRules;

/// One thing to mend.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{says}")]
pub struct Refusal {
    /// The field.
    pub on: String,
    /// What to do.
    pub says: String,
}

/// Everything to mend, at once.
pub type Refusals = Vec<Refusal>;

/// One thing to mend.
pub fn mend(on: impl Into<String>, says: impl Into<String>) -> Refusal {
    Refusal { on: on.into(), says: says.into() }
}

impl Readiness {
    /// Records an assessment: every factor is marked, and what changed is told.
    pub fn assess(&self, new: Assessment, rules: &ReadinessRules) -> Result<Vec<Change>, Refusals> {
        let wrong = unmarked(&new.factors, rules);
        if wrong.is_empty() {
            Ok(vec![Change::Assessed(Assessment { after: self.declarations.len(), ..new })])
        } else {
            Err(wrong)
        }
    }

    /// Declares a level, or confirms the present one. It rests on a changed factor or on a notice of the state, weighs
    /// what the policy wants weighed, and never goes below the state's level.
    pub fn declare(
        &self,
        new: Declaration,
        timeline: &Timeline,
        rules: &ReadinessRules,
    ) -> Result<Vec<Change>, Refusals> {
        let mut wrong = Vec::new();
        let (state, _) = timeline.state();
        if !(NORMAL..=rules.top()).contains(&new.level) {
            wrong.push(mend("level", format!("Choose a level from {} to {}.", NORMAL, rules.top())));
        } else if rules.floor && new.level < state {
            wrong.push(mend("level", format!("The state recommends {}. The level can’t be lower.", rules.says(state))));
        }
        wrong.extend(unmarked(&new.factors, rules));
        if new.notice.is_none() && new.factors.values().all(Option::is_none) {
            wrong.push(mend(
                "factors",
                "A level follows from a changed factor or from a notice of the state. Mark what changed, or choose the notice.",
            ));
        }
        for weighed in &rules.weighed {
            match new.weighed.get(&weighed.id) {
                Some(Some(_)) => {}
                Some(None) if weighed.or_unknown => {}
                _ => {
                    let unknown = if weighed.or_unknown { ", or say that it is not known" } else { "" };
                    wrong.push(mend(
                        format!("weighed.{}", weighed.id),
                        format!("{}: write a few words{unknown}.", weighed.says),
                    ));
                }
            }
        }
        if let Some(strange) = new.activities.iter().find(|id| rules.activity(id).is_none()) {
            wrong.push(mend("activities", format!("The policy knows no activity {strange}. Choose from the list.")));
        }
        if wrong.is_empty() {
            Ok(vec![Change::Declared(Declaration { told: timeline.told, ..new })])
        } else {
            Err(wrong)
        }
    }

    /// Records a proposal.
    pub fn propose(&self, new: Proposal, rules: &ReadinessRules) -> Result<Vec<Change>, Refusals> {
        if (NORMAL..=rules.top()).contains(&new.level) {
            Ok(vec![Change::Proposed(Proposal { after: self.declarations.len(), ..new })])
        } else {
            Err(vec![mend("proposed", format!("Choose a level from {} to {}.", NORMAL, rules.top()))])
        }
    }

    /// A unit takes note of the present level. Saying it twice says it once.
    pub fn acknowledge(&self, entry: Acknowledged, timeline: &Timeline) -> Result<Vec<Change>, Refusals> {
        if timeline.present().is_none_or(|step| step.id != entry.step) {
            return Err(vec![mend("acknowledge", "The level has changed since. Look at it again and confirm.")]);
        }
        let known = self.acknowledgement(entry.step, entry.unit).is_some();
        Ok(if known { Vec::new() } else { vec![Change::Acknowledged(entry)] })
    }

    /// A unit says what became of a measure while its level lasts. Nothing waits for it: measures are advice.
    pub fn answer_measure(&self, entry: Answered, timeline: &Timeline) -> Result<Vec<Change>, Refusals> {
        let Some(step) = timeline.step(entry.step) else {
            return Err(vec![mend("measures", "There is no such change of level. Look at the page again.")]);
        };
        let listed = self.measures_at(step.level, Some(step.at), step.until);
        if listed.iter().all(|measure| measure.id != entry.measure) {
            return Err(vec![mend("measures", "This measure is not on the list of that level any more.")]);
        }
        Ok(vec![Change::Answered(entry)])
    }

    /// Puts a table of measures in place of the present one.
    pub fn set_measures(
        &self,
        measures: Vec<Measure>,
        at: Instant,
        rules: &ReadinessRules,
    ) -> Result<Vec<Change>, Refusals> {
        if let Some(wrong) = measures.iter().find(|m| rules.level(m.level).is_none() || rules.kind(&m.kind).is_none()) {
            return Err(vec![mend(
                "table",
                format!("“{}” has a level or a kind that the policy does not have.", wrong.what),
            )]);
        }
        Ok(vec![Change::Measures { measures, at }])
    }
}

/// Factors that are not marked, or changed without words.
fn unmarked(factors: &Factors, rules: &ReadinessRules) -> Refusals {
    let open = rules.factors.iter().filter(|factor| !factors.contains_key(&factor.id));
    open.map(|factor| {
        mend(format!("factor.{}", factor.id), format!("{}: say that it is unchanged, or what changed.", factor.says))
    })
    .collect()
}
