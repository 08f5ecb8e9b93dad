//! What stands between an incident and its closing, and the closing itself.

use super::{Closing, Event, Given, Incident, Missing, Refusal, sheets_before, votes};
use crate::pack::{ClosingNeed, Concurrence, DecisionId, Pack, Step};

/// Everything that stands between this incident and its closing, from the pack's checklist and from open duties
/// that hold closing up. `statements` are those about to be made.
pub fn missing_for_closing(incident: &Incident, closing: &Closing, pack: &Pack) -> Vec<Missing> {
    let facts = super::facts(incident);
    // What a law leaves out of the policy closes without its checklist.
    let bound = incident.opening.as_ref().is_none_or(|o| o.voluntary.is_none());
    let lines = pack.closing.iter().filter(|_| bound).filter(|line| facts.satisfy(&line.when)).filter_map(|line| {
        let (open, duty, decision) = match &line.needs {
            ClosingNeed::Statement { .. } => (!closing.statements.iter().any(|(id, _)| *id == line.id), None, None),
            ClosingNeed::Duty { obligation } => {
                (incident.duties.get(obligation).is_some_and(|d| d.met.is_none()), Some(obligation.clone()), None)
            }
            ClosingNeed::Decision { decision } => {
                let asked = pack.decisions.iter().find(|d| d.id == *decision);
                let open = asked.is_some_and(|asked| {
                    votes::is_put(incident, asked) && votes::tally(incident, asked).outcome.is_none()
                });
                (open, None, Some(decision.clone()))
            }
        };
        let says = decision.as_ref().map_or_else(|| line.says.clone(), |id| undecided(incident, id, &line.says, pack));
        open.then(|| Missing { says, clauses: line.clauses.clone(), duty, decision, sheet: None })
    });
    let mut missing: Vec<Missing> = lines.collect();
    let put = pack.decisions.iter().filter(|d| d.blocks.contains(&Step::Closing) && votes::is_put(incident, d));
    for asked in put.filter(|d| votes::tally(incident, d).outcome.is_none()) {
        if !missing.iter().any(|m| m.decision.as_ref() == Some(&asked.id)) {
            let says = undecided(incident, &asked.id, &format!("Not decided: {}", asked.asks), pack);
            missing.push(Missing {
                says,
                clauses: asked.clauses.clone(),
                duty: None,
                decision: Some(asked.id.clone()),
                sheet: None,
            });
        }
    }
    let holding = incident.duties.values().filter(|state| {
        // Duties of a law say themselves what they hold up; those opened before they did are looked up.
        state.met.is_none()
            && (state.duty.blocks.contains(&Step::Closing)
                || pack.obligations.iter().any(|r| r.id == state.duty.rule && r.blocks.contains(&Step::Closing)))
    });
    for state in holding {
        if !missing.iter().any(|m| m.duty.as_ref() == Some(&state.duty.rule)) {
            missing.push(Missing {
                says: state.duty.title.to_string(),
                clauses: state.duty.clauses.clone(),
                duty: Some(state.duty.rule.clone()),
                decision: None,
                sheet: None,
            });
        }
    }
    missing.extend(sheets_before(incident, pack, Step::Closing));
    missing
}

/// What is missing, and who has not agreed where several have to.
fn undecided(incident: &Incident, id: &DecisionId, says: &str, pack: &Pack) -> String {
    let several = |d: &&crate::pack::Decision| d.id == *id && d.concurrence != Concurrence::Any;
    match pack.decisions.iter().find(several) {
        Some(asked) => {
            let who = votes::not_agreed_in_words(&votes::tally(incident, asked), asked, pack);
            format!("{says} Not agreed: {who}.")
        }
        None => says.to_owned(),
    }
}

pub(super) fn close(incident: &Incident, closing: Box<Closing>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let missing = missing_for_closing(incident, &closing, given.pack);
    if missing.is_empty() { Ok(vec![Event::Closed(closing)]) } else { Err(Refusal::NotReady(missing)) }
}
