//! Playbooks at work: a copy of the library's steps as tasks of one incident, tailored there without touching the library.

use super::decide::Given;
use super::refusal::Refusal;
use super::{Event, Incident, Standing, Task};
use crate::ids::{IncidentId, TaskId};
use crate::obligation::Facts;
use crate::pack::{Pack, Playbook, PlaybookId, PlaybookStep, Starts, StepId};
use crate::text::{Line, Note};

/// The task that a step becomes in an incident: always the same, so that starting twice sets nothing twice.
pub fn task_of(incident: IncidentId, playbook: &PlaybookId, step: &StepId) -> TaskId {
    // FNV-1a, 128 bits: it has to tell some dozens of steps of one incident apart, and nothing else.
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let parts = [&incident.bytes()[..], playbook.as_str().as_bytes(), b"\0", step.as_str().as_bytes()];
    for byte in parts.into_iter().flatten() {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
    }
    TaskId::from(uuid::Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid())
}

/// The step of the library that a task came from.
pub fn step_of<'a>(incident: &Incident, pack: &'a Pack, task: TaskId) -> Option<(&'a Playbook, &'a PlaybookStep)> {
    let started = pack.playbooks.iter().filter(|p| incident.has_started(&p.id));
    let mut steps = started.flat_map(|p| p.steps.iter().map(move |step| (p, step)));
    steps.find(|(p, step)| task_of(incident.id, &p.id, &step.id) == task)
}

/// Playbooks whose condition holds and that nobody has started.
pub fn offered<'a>(incident: &Incident, pack: &'a Pack) -> Vec<&'a Playbook> {
    let facts = super::facts(incident);
    pack.playbooks.iter().filter(|p| applies(p, &facts) && !incident.has_started(&p.id)).collect()
}

fn applies(playbook: &Playbook, facts: &Facts) -> bool {
    facts.has(playbook.trigger.on) && facts.satisfy(&playbook.trigger.when)
}

/// Playbooks that start by themselves once their condition holds.
pub(super) fn by_themselves(incident: &Incident, pack: &Pack) -> Vec<Event> {
    if incident.standing != Standing::Open || pack.playbooks.iter().all(|p| p.starts != Starts::ByItself) {
        return Vec::new();
    }
    let due = offered(incident, pack).into_iter().filter(|p| p.starts == Starts::ByItself);
    due.flat_map(|playbook| events(incident.id, playbook)).collect()
}

pub(super) fn start(incident: &Incident, id: &PlaybookId, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let playbook = given.pack.playbooks.iter().find(|p| p.id == *id).ok_or(Refusal::NoSuchPlaybook)?;
    if incident.has_started(id) {
        return Err(Refusal::StartedAlready);
    }
    Ok(events(incident.id, playbook))
}

fn events(incident: IncidentId, playbook: &Playbook) -> Vec<Event> {
    let set = playbook.steps.iter().map(|step| {
        Event::TaskSet(Task {
            id: task_of(incident, &playbook.id, &step.id),
            title: line(&step.title),
            stage: step.stage,
            owner: None,
            due: None,
            clauses: step.clauses.clone(),
        })
    });
    std::iter::once(Event::PlaybookStarted { playbook: playbook.id.clone() }).chain(set).collect()
}

pub(super) fn remove(incident: &Incident, task: TaskId, reason: Note) -> Result<Vec<Event>, Refusal> {
    match incident.tasks.get(&task) {
        None => Err(Refusal::NoSuchTask),
        Some(state) if state.removed.is_some() => Ok(Vec::new()),
        Some(state) if state.done.is_some() => Err(Refusal::DoneAlready),
        Some(_) => Ok(vec![Event::TaskRemoved { task, reason }]),
    }
}

/// Titles are held to this length when a pack is compiled, so nothing is cut in practice.
fn line(text: &str) -> Line<300> {
    let short: String = text.chars().take(300).collect();
    Line::parse(&short).unwrap_or_else(|_| Line::dash())
}

impl Incident {
    /// Whether a playbook was started here.
    pub fn has_started(&self, playbook: &PlaybookId) -> bool {
        self.playbooks.iter().any(|started| started.what == *playbook)
    }
}

#[cfg(test)]
#[path = "playbook_tests.rs"]
mod tests;
