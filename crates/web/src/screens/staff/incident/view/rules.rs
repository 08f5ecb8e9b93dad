//! Rules that attach no duty to an incident as its facts stand: not required and by which numbers, not known yet, waiting
//! for an event, switched off. None is hidden: whoever doubts a missing duty finds here why it is missing.

use domain::incident::Incident;
use domain::obligation::{Assessed, Outcome, Owed};
use domain::pack::{Pack, PackKind};

use crate::screens::staff::duties::{DutyRow, review};

/// Rules without a duty, by what keeps each away.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Groups, those that somebody can settle first.
    pub groups: Vec<Group>,
    /// How many rules there are in all.
    pub count: usize,
}

/// Rules that the same kind of thing keeps away.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its place on the page.
    pub id: &'static str,
    /// “Not known yet”
    pub title: &'static str,
    /// What that means.
    pub says: &'static str,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A rule without a duty.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What would have to be done.
    pub title: String,
    /// “45 CFR 164.408(b)”, or empty.
    pub cite: String,
    /// The policy or law.
    pub policy: String,
    /// How far a law was checked, or empty.
    pub review: String,
    /// The answers and numbers that make it so.
    pub why: Vec<String>,
}

const GROUPS: [(&str, &str, &str); 4] = [
    ("not-known", "Not known yet", "These depend on something that nobody has answered or counted."),
    ("not-required", "Not required", "By the answers and numbers on record, nothing is owed here."),
    ("waiting", "Waiting for an event", "Nothing is owed until this happens and is recorded."),
    ("off", "Switched off", "These bind nobody, or did not on the day that counts."),
];

/// The rules that attach no duty. One that has a duty stands with it, whatever the facts say since.
pub fn rules(assessed: &[Assessed], incident: &Incident, packs: &[&Pack]) -> Rules {
    let mut groups = GROUPS.map(|(id, title, says)| Group { id, title, says, rules: Vec::new() });
    for found in assessed.iter().filter(|found| !incident.duties.contains_key(&found.rule)) {
        let Some(pack) = packs.iter().find(|pack| pack.id == found.pack) else { continue };
        let Some(rule) = pack.obligation(&found.rule) else { continue };
        let (group, why) = match &found.outcome {
            Outcome::Owed(_) => continue,
            Outcome::NotKnownYet { needs } => (0, needs.clone()),
            Outcome::NotRequired { because } => (1, because.clone()),
            Outcome::NotCalledUp { waits_for } => (2, vec![format!("Not recorded: {}.", waits_for.says())]),
            Outcome::Off { because } => (3, vec![because.clone()]),
        };
        groups[group].rules.push(Rule {
            title: rule.title.clone(),
            cite: rule.clauses.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default(),
            policy: pack.title.clone(),
            review: if pack.kind == PackKind::Law { review(pack, Some(rule)) } else { String::new() },
            why,
        });
    }
    let groups: Vec<Group> = groups.into_iter().filter(|group| !group.rules.is_empty()).collect();
    Rules { count: groups.iter().map(|group| group.rules.len()).sum(), groups }
}

/// Adds to the duties on the page what only a fresh assessment knows: the event that started the clock, requests for
/// silence that bear on it, and whether the facts of today would still call it up.
pub fn explain(rows: &mut [DutyRow], assessed: &[Assessed]) {
    for row in rows {
        let found = assessed.iter().find(|found| found.rule.as_str() == row.rule && found.pack.as_str() == row.pack);
        match found.map(|found| &found.outcome) {
            Some(Outcome::Owed(owed)) => owing(row, owed),
            Some(Outcome::NotRequired { because }) if row.open => row.not_required.clone_from(because),
            Some(Outcome::NotKnownYet { needs }) if row.open => {
                row.not_required = needs.iter().map(|need| format!("Not known any more: {need}")).collect();
            }
            Some(Outcome::NotCalledUp { waits_for }) if row.open => {
                row.not_required = vec![format!("Not recorded any more: {}.", waits_for.says())];
            }
            Some(Outcome::Off { because }) if row.open => row.not_required = vec![because.clone()],
            _ => {}
        }
    }
}

fn owing(row: &mut DutyRow, owed: &Owed) {
    row.started = match owed.started_by {
        Some(moment) => moment.says().to_owned(),
        None if owed.start.is_some() => "the answer or the number that calls it up became known".to_owned(),
        None => String::new(),
    };
    row.held = owed.held.iter().map(|held| held.says.clone()).collect();
    row.paused = row.open && owed.held.iter().any(|held| held.moves);
    row.notes.clone_from(&owed.notes);
}
