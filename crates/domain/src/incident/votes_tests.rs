//! Votes of three offices, as tables; and what holds for any votes in any order.

use super::*;
use crate::actor::Actor;
use crate::incident::samples::opening;
use crate::incident::{Command, decide, missing_for_closing};
use crate::obligation::Facts;
use crate::pack::tests::{name, pack, words};
use crate::pack::{Level, Role, Trigger};
use crate::text::Line;
use proptest::prelude::*;
use uuid::Uuid;

const LEVELS: [&str; 4] = ["low", "moderate", "high", "severe"];
const OFFICES: [&str; 3] = ["cco", "ai", "is"];

fn role(id: &str, title: &str, capacity: Capacity) -> Role {
    Role {
        id: name(id),
        title: words(title),
        capacity,
        level: Level::Agency,
        reach: None,
        falls_back_to: None,
        always_staffed: true,
        office: None,
        clauses: vec![],
    }
}

fn question(concurrence: Concurrence) -> pack::Decision {
    pack::Decision {
        id: name("severity"),
        asks: "How severe is it?".into(),
        trigger: Trigger { on: Moment::IncidentOpened, when: vec![] },
        deciders: OFFICES.iter().map(|id| name(id)).collect(),
        concurrence,
        settles: Some(name("executive")),
        options: LEVELS.iter().map(|id| Item { id: name(id), label: words(id), marked_by: vec![] }).collect(),
        reasoned: true,
        on_statement: false,
        records: None,
        judges_severity: true,
        blocks: vec![pack::Step::Closing],
        clauses: vec![],
        notes: vec![],
    }
}

fn asking(decision: pack::Decision) -> Pack {
    let mut pack = pack("us-mo/modot", None, None, vec![]);
    pack.roles = vec![
        role("cco", "Counsel", Capacity::Counsel),
        role("ai", "Audits", Capacity::ChiefOfficer),
        role("is", "Information Systems", Capacity::Investigator),
        role("executive", "Executive management", Capacity::Executive),
    ];
    pack.decisions = vec![decision];
    pack
}

fn at(n: i64) -> Instant {
    Instant::from_micros(1_700_000_000_000_000 + n * 1_000_000)
}

fn opened(pack: &Pack) -> Incident {
    let mut incident = Incident::empty(Uuid::from_u128(1).into());
    let opening = opening(pack, at(0));
    incident.apply(&Event::Opened(Box::new(opening)), Actor::System, at(0));
    incident
}

fn cast(incident: &mut Incident, pack: &Pack, n: i64, office: &str, option: &str) -> Result<(), Refusal> {
    let vote = Vote {
        id: Uuid::from_u128(u128::try_from(n).expect("a number")).into(),
        decision: pack.decisions[0].id.clone(),
        role: name(office),
        option: name(option),
        reason: Note::parse("Because").ok(),
        statement: incident.statements.last().map(|s| s.what.id),
    };
    let actor = Actor::Account(Uuid::from_u128(9).into());
    let given = Given { actor, now: at(n), pack, laws: &[] };
    for event in decide(incident, Command::Vote(Box::new(vote)), given)? {
        incident.apply(&event, actor, at(n));
    }
    Ok(())
}

fn option_of(item: Option<&Item>) -> Option<&str> {
    item.map(|item| item.id.as_str())
}

#[test]
fn the_highest_vote_holds_until_all_agree() {
    // Votes in order; what is decided, what holds meanwhile, who has not agreed, bars in the header.
    type Row = (
        &'static [(&'static str, &'static str)],
        Option<&'static str>,
        Option<&'static str>,
        &'static [&'static str],
        Option<Severity>,
    );
    let rows: [Row; 7] = [
        (&[], None, None, &["cco", "ai", "is"], None),
        (&[("ai", "moderate")], None, Some("moderate"), &["cco", "is"], Some(Severity::Medium)),
        (&[("cco", "high"), ("ai", "high"), ("is", "moderate")], None, Some("high"), &["is"], Some(Severity::High)),
        (
            &[("cco", "high"), ("ai", "high"), ("is", "moderate"), ("is", "high")],
            Some("high"),
            None,
            &[],
            Some(Severity::High),
        ),
        (
            &[("cco", "low"), ("ai", "severe"), ("ai", "low"), ("is", "low")],
            Some("low"),
            None,
            &[],
            Some(Severity::Low),
        ),
        (
            &[("cco", "low"), ("ai", "high"), ("is", "low"), ("executive", "moderate")],
            Some("moderate"),
            None,
            &["cco", "is"],
            Some(Severity::Medium),
        ),
        (&[("cco", "severe"), ("cco", "low")], None, Some("low"), &["ai", "is"], Some(Severity::Low)),
    ];
    for (votes, decided, holds, not_agreed, bars) in rows {
        let pack = asking(question(Concurrence::AllHighestHolds));
        let mut incident = opened(&pack);
        for (n, (office, option)) in (1..).zip(votes) {
            cast(&mut incident, &pack, n, office, option).expect("a vote");
        }
        let tally = tally(&incident, &pack.decisions[0]);
        assert_eq!(tally.outcome.as_ref().and_then(|o| option_of(o.option)), decided, "{votes:?}");
        assert_eq!(option_of(tally.provisional), holds, "{votes:?}");
        assert_eq!(tally.not_agreed.iter().map(|role| role.as_str()).collect::<Vec<_>>(), not_agreed, "{votes:?}");
        assert_eq!(incident.severity, bars, "{votes:?}");
    }
}

#[test]
fn one_voice_decides_where_the_policy_says_any() {
    let pack = asking(question(Concurrence::Any));
    let mut incident = opened(&pack);
    cast(&mut incident, &pack, 1, "is", "high").expect("a vote");
    assert!(tally(&incident, &pack.decisions[0]).outcome.is_some_and(|o| o.words == "high"));
    assert!(waits_for_votes(&incident, &pack.decisions[0]).is_empty());
}

#[test]
fn closing_says_who_has_not_agreed() {
    let pack = asking(question(Concurrence::AllHighestHolds));
    let mut incident = opened(&pack);
    cast(&mut incident, &pack, 1, "cco", "high").expect("a vote");
    cast(&mut incident, &pack, 2, "is", "low").expect("a vote");
    let missing = missing_for_closing(&incident, &crate::incident::Closing { statements: vec![], note: None }, &pack);
    let says = "Not decided: How severe is it? Not agreed: Audits (has not voted), Information Systems (voted low).";
    assert_eq!(missing.iter().map(|m| m.says.as_str()).collect::<Vec<_>>(), [says]);
    cast(&mut incident, &pack, 3, "executive", "high").expect("a vote");
    assert!(
        missing_for_closing(&incident, &crate::incident::Closing { statements: vec![], note: None }, &pack).is_empty()
    );
}

#[test]
fn what_an_older_version_put_on_record_stays_valid() {
    let pack = asking(question(Concurrence::AllHighestHolds));
    let mut incident = opened(&pack);
    let old = Decision {
        id: Uuid::from_u128(40).into(),
        asked: Some(name("severity")),
        question: Line::parse("How severe is it?").expect("a line"),
        outcome: Line::parse("High").expect("a line"),
        reason: Note::parse("All three agreed by telephone").expect("a note"),
        supersedes: None,
    };
    incident.apply(&Event::Decided(Box::new(old)), Actor::System, at(1));
    assert!(tally(&incident, &pack.decisions[0]).outcome.is_some_and(|o| option_of(o.option) == Some("high")));
    cast(&mut incident, &pack, 2, "ai", "severe").expect("a vote");
    assert!(tally(&incident, &pack.decisions[0]).outcome.is_none(), "an office that votes anew opens it again");
}

#[test]
fn only_offices_that_the_policy_names_vote_and_only_on_its_answers() {
    let pack = asking(question(Concurrence::All));
    let mut incident = opened(&pack);
    assert_eq!(cast(&mut incident, &pack, 1, "hr", "high"), Err(Refusal::NotADecider));
    assert_eq!(cast(&mut incident, &pack, 1, "ai", "dreadful"), Err(Refusal::NoSuchOption));
    let mut later = asking(question(Concurrence::All));
    later.decisions[0].trigger.on = Moment::ScopeSettled;
    assert_eq!(cast(&mut incident, &later, 1, "ai", "high"), Err(Refusal::NotPut));
}

#[test]
fn a_new_version_of_a_statement_needs_new_votes() {
    let mut decision = question(Concurrence::All);
    (decision.on_statement, decision.records) = (true, Some(Moment::ScopeSettled));
    let pack = asking(decision);
    let mut incident = opened(&pack);
    assert_eq!(cast(&mut incident, &pack, 1, "ai", "low"), Err(Refusal::StatementFirst));
    let write = |incident: &mut Incident, n: i64, text: &str| {
        let statement = Statement {
            id: Uuid::from_u128(u128::try_from(n).expect("a number")).into(),
            decision: name("severity"),
            words: Note::parse(text).expect("a note"),
        };
        incident.apply(&Event::StatementWritten(Box::new(statement)), Actor::System, at(n));
    };
    write(&mut incident, 100, "One server");
    cast(&mut incident, &pack, 101, "ai", "low").expect("a vote");
    cast(&mut incident, &pack, 102, "cco", "low").expect("a vote");
    write(&mut incident, 103, "Two servers");
    assert_eq!(tally(&incident, &pack.decisions[0]).not_agreed.len(), 3);
    for (n, office) in (104..).zip(OFFICES) {
        assert!(!incident.moments.contains_key(&Moment::ScopeSettled));
        cast(&mut incident, &pack, n, office, "low").expect("a vote");
    }
    assert!(incident.moments.contains_key(&Moment::ScopeSettled), "being decided is the moment that counts");
}

#[test]
fn a_moment_of_a_decision_is_refused_while_it_is_not_decided() {
    let mut decision = question(Concurrence::All);
    decision.records = Some(Moment::ScopeSettled);
    let pack = asking(decision);
    let mut incident = opened(&pack);
    cast(&mut incident, &pack, 1, "ai", "low").expect("a vote");
    cast(&mut incident, &pack, 2, "is", "low").expect("a vote");
    let record = ClockRecord::seen(Moment::ScopeSettled, When::Exact { at: at(3) });
    let given = Given { actor: Actor::System, now: at(3), pack: &pack, laws: &[] };
    let refused = decide(&incident, Command::RecordMoment(record), given).expect_err("counsel has not agreed");
    assert!(refused.to_string().ends_with("Not agreed yet: Counsel (has not voted)"), "{refused}");
    assert!(Facts::default().moments.is_empty());
}

proptest! {
    /// Any votes in any order: it is decided exactly when all three last said the same; what holds is never lower than
    /// any vote that counts; and playing the same votes twice changes nothing.
    #[test]
    fn the_highest_last_vote_always_holds(votes in proptest::collection::vec((0usize..3, 0usize..4), 0..12)) {
        let pack = asking(question(Concurrence::AllHighestHolds));
        let decision = &pack.decisions[0];
        let mut incident = opened(&pack);
        let mut last = [None; 3];
        for (n, (office, level)) in (1..).zip(&votes) {
            cast(&mut incident, &pack, n, OFFICES[*office], LEVELS[*level]).expect("a vote");
            last[*office] = Some(*level);
        }
        let tally = tally(&incident, decision);
        let agreed = last[0].is_some() && last.iter().all(|level| *level == last[0]);
        prop_assert_eq!(tally.outcome.is_some(), agreed);
        prop_assert_eq!(tally.not_agreed.is_empty(), agreed);
        let holds = tally.outcome.as_ref().and_then(|o| o.option).or(tally.provisional);
        let highest = last.iter().flatten().max();
        prop_assert_eq!(option_of(holds), highest.map(|level| LEVELS[*level]));
        let again = super::tally(&incident, decision);
        prop_assert_eq!(again.votes.len(), 3);
    }
}
