//! Playbooks as tasks: started once, tailored in one incident, never changing the library.

use super::*;
use crate::actor::Actor;
use crate::incident::samples::opening;
use crate::incident::{Command, FactAnswer, FactValue, Stage, decide};
use crate::pack::tests::{name, pack};
use crate::pack::{Answer, Condition, Fact, FactId, FactKind, Moment, Test, Trigger};
use crate::time::Instant;
use uuid::Uuid;

fn library(starts: Starts) -> Pack {
    let mut pack = pack("us-mo/modot", None, None, vec![]);
    let step = |id: &str| PlaybookStep {
        id: name(id),
        title: format!("Do {id}"),
        role: name("is"),
        stage: Stage::Contain,
        clauses: vec![name("S-1")],
    };
    let breach: FactId = name("breach");
    pack.facts = vec![Fact { id: breach.clone(), asks: "A breach?".into(), kind: FactKind::YesNo, clauses: vec![] }];
    let when = vec![Condition::Fact { fact: breach, test: Test::OneOf(vec![Answer::Yes]) }];
    pack.playbooks = vec![Playbook {
        id: name("technical"),
        title: "Technical".into(),
        trigger: Trigger { on: Moment::IncidentOpened, when },
        starts,
        steps: vec![step("quarantine"), step("fix")],
        clauses: vec![],
        notes: vec![],
    }];
    pack
}

fn act(incident: &mut Incident, pack: &Pack, command: Command) -> Result<Vec<Event>, Refusal> {
    let (actor, now) = (Actor::Account(Uuid::from_u128(7).into()), Instant::from_micros(1_700_000_000_000_000));
    let events = decide(incident, command, Given { actor, now, pack, laws: &[] })?;
    for event in &events {
        incident.apply(event, actor, now);
    }
    Ok(events)
}

fn opened(pack: &Pack) -> Incident {
    let mut incident = Incident::empty(Uuid::from_u128(1).into());
    let opening = opening(pack, Instant::from_micros(1_600_000_000_000_000));
    act(&mut incident, pack, Command::Open(Box::new(opening))).expect("opened");
    incident
}

fn breach(incident: &mut Incident, pack: &Pack) -> Vec<Event> {
    let yes = FactAnswer { fact: name("breach"), answer: FactValue::Yes, reason: None };
    act(incident, pack, Command::Answer(vec![yes])).expect("answered")
}

#[test]
fn steps_become_tasks_with_their_clauses_once_the_condition_holds() {
    let pack = library(Starts::ByItself);
    let mut incident = opened(&pack);
    assert!(incident.tasks.is_empty() && offered(&incident, &pack).is_empty());
    breach(&mut incident, &pack);
    let titles: Vec<_> = incident.tasks.values().map(|t| (t.task.title.to_string(), t.task.clauses.clone())).collect();
    assert_eq!(titles.len(), 2);
    assert!(titles.contains(&("Do fix".to_owned(), vec![name("S-1")])), "{titles:?}");
    let again = breach(&mut incident, &pack);
    assert!(!again.iter().any(|e| matches!(e, Event::PlaybookStarted { .. })), "it starts once");
    let task = task_of(incident.id, &name("technical"), &name("fix"));
    assert_eq!(
        step_of(&incident, &pack, task).map(|(p, s)| (p.title.as_str(), s.role.as_str())),
        Some(("Technical", "is"))
    );
}

#[test]
fn one_that_is_offered_waits_for_somebody_to_start_it() {
    let pack = library(Starts::WhenAsked);
    let mut incident = opened(&pack);
    breach(&mut incident, &pack);
    assert!(incident.tasks.is_empty());
    assert_eq!(offered(&incident, &pack).len(), 1);
    act(&mut incident, &pack, Command::StartPlaybook(name("technical"))).expect("started");
    assert_eq!((incident.tasks.len(), offered(&incident, &pack).len()), (2, 0));
    let twice = act(&mut incident, &pack, Command::StartPlaybook(name("technical")));
    assert_eq!(twice, Err(Refusal::StartedAlready));
    let unknown = act(&mut incident, &pack, Command::StartPlaybook(name("nothing")));
    assert_eq!(unknown, Err(Refusal::NoSuchPlaybook));
}

#[test]
fn a_step_taken_out_stays_told_and_can_come_back() {
    let pack = library(Starts::ByItself);
    let mut incident = opened(&pack);
    breach(&mut incident, &pack);
    let task = task_of(incident.id, &name("technical"), &name("fix"));
    let why = Note::parse("The vendor fixed it").expect("a note");
    act(&mut incident, &pack, Command::RemoveTask(task, why.clone())).expect("taken out");
    assert_eq!(incident.tasks[&task].removed.as_ref().map(|r| &r.what), Some(&why));
    assert_eq!(act(&mut incident, &pack, Command::FinishTask(task, None)), Err(Refusal::NoSuchTask));
    assert_eq!(pack.playbooks[0].steps.len(), 2, "the library has it still");
    act(&mut incident, &pack, Command::ReopenTask(task)).expect("back");
    act(&mut incident, &pack, Command::FinishTask(task, None)).expect("done");
    assert_eq!(act(&mut incident, &pack, Command::RemoveTask(task, why)), Err(Refusal::DoneAlready));
}

#[test]
fn tasks_of_different_steps_and_incidents_are_different() {
    let of = |incident: u128, playbook: &str, step: &str| {
        task_of(Uuid::from_u128(incident).into(), &name(playbook), &name(step))
    };
    let ids = [of(1, "a", "b"), of(2, "a", "b"), of(1, "ab", "b"), of(1, "a", "bb"), of(1, "a", "c")];
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    assert_eq!(of(1, "a", "b"), ids[0]);
}
