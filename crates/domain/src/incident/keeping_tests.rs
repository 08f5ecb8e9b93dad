//! Until when records are kept, as a table that a lawyer could read, and what holds for any order of events.

use super::*;
use crate::form::Signature;
use crate::incident::{Closing, decide};
use crate::pack::tests::{name, pack, zone};
use crate::pack::{Retention, tests};
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

fn at(day: Date) -> Instant {
    zone().start_of_day(day).plus_seconds(12 * 3600)
}

fn note(text: &str) -> Note {
    Note::parse(text).expect("a note")
}

fn entry(n: u128) -> EntryId {
    Uuid::from_u128(n).into()
}

fn account(n: u128) -> Actor {
    Actor::Account(Uuid::from_u128(n).into())
}

fn signature(party: Party, form: u32) -> Event {
    Event::FormSigned(Signature {
        party,
        name: Line::parse("A. Ortiz").expect("a name"),
        capacity: Line::parse("Local Security Officer").expect("a capacity"),
        form,
        digest: Line::parse("00").expect("a digest"),
        proof: line("password"),
    })
}

fn line<const N: usize>(text: &str) -> Line<N> {
    Line::parse(text).expect("a line")
}

/// A closed incident whose form was completed on that day.
fn completed(on: Date) -> Incident {
    let mut incident = Incident::empty(Uuid::from_u128(1).into());
    incident.apply(&signature(Party::OfficerCompleted, 1), account(1), at(on));
    incident.apply(&Event::Closed(Box::new(Closing { statements: vec![], note: None })), account(1), at(on));
    incident
}

fn matter(incident: &mut Incident, id: u128, settled: Option<Date>) {
    let opened = LegalMatter { id: entry(id), question: line("Claim of a client"), owner: line("Counsel") };
    incident.apply(&Event::MatterOpened(Box::new(opened)), account(2), at(date(2006, 1, 1)));
    if let Some(on) = settled {
        incident.apply(&Event::MatterSettled { matter: entry(id), on, how: note("Dismissed") }, account(2), at(on));
    }
}

fn rule(years: u32, until_matters_settle: bool) -> KeepRule {
    KeepRule { pack: "Sample".into(), years, local: false, from_form: true, until_matters_settle, clauses: vec![] }
}

fn until(incident: &Incident, rules: &[KeepRule]) -> Option<Date> {
    match kept(incident, rules, &zone()).until {
        RetainUntil::Day(day) => Some(day),
        RetainUntil::NoDate => None,
    }
}

#[test]
fn six_years_from_completion_or_until_the_last_matter_is_settled() {
    // DMH04-3.E-retention and DMH16-4.a-retention: completed, settled (or open), last day under 2004, under 2016.
    let open = date(9999, 1, 1);
    for (day, settled, under_2004, under_2016) in [
        (date(2005, 2, 10), None, Some(date(2011, 2, 10)), Some(date(2011, 2, 10))),
        (date(2005, 2, 10), Some(date(2012, 5, 1)), Some(date(2012, 5, 1)), Some(date(2011, 2, 10))),
        (date(2005, 2, 10), Some(date(2007, 5, 1)), Some(date(2011, 2, 10)), Some(date(2011, 2, 10))),
        (date(2005, 2, 10), Some(open), None, None),
        (date(2016, 7, 20), None, Some(date(2022, 7, 20)), Some(date(2022, 7, 20))),
        (date(2020, 2, 29), None, Some(date(2026, 3, 1)), Some(date(2026, 3, 1))),
    ] {
        let mut incident = completed(day);
        if let Some(on) = settled {
            matter(&mut incident, 7, (on != open).then_some(on));
        }
        assert_eq!(until(&incident, &[rule(6, true)]), under_2004, "{day} {settled:?}");
        assert_eq!(until(&incident, &[rule(6, false)]), under_2016, "{day} {settled:?}");
    }
}

#[test]
fn the_latest_of_the_rules_that_apply_counts() {
    let incident = completed(date(2016, 7, 20));
    assert_eq!(until(&incident, &[rule(6, false), rule(7, false)]), Some(date(2023, 7, 20)));
    let kept = kept(&incident, &[rule(7, false), rule(6, true)], &zone());
    assert_eq!(kept.says, "7 years from completion of the form on 2016-07-20, by the rule of Sample.");
}

#[test]
fn an_amendment_moves_the_date_and_an_entry_of_human_resources_does_not() {
    let mut incident = completed(date(2016, 7, 20));
    incident.apply(&signature(Party::HumanResources, 1), account(3), at(date(2018, 1, 5)));
    assert_eq!(until(&incident, &[rule(6, false)]), Some(date(2022, 7, 20)));
    incident.apply(&Event::Reopened { reason: note("The count was wrong") }, account(1), at(date(2019, 1, 1)));
    incident.apply(&Event::FormAmended { reason: note("The count was wrong") }, account(1), at(date(2019, 1, 1)));
    assert_eq!(until(&incident, &[rule(6, false)]), None, "it is open");
    let closed = Event::Closed(Box::new(Closing { statements: vec![], note: None }));
    incident.apply(&closed, account(1), at(date(2019, 1, 2)));
    assert!(kept(&incident, &[rule(6, false)], &zone()).says.contains("amendment"));
    incident.apply(&signature(Party::OfficerCompleted, 2), account(1), at(date(2019, 3, 4)));
    assert_eq!(until(&incident, &[rule(6, false)]), Some(date(2025, 3, 4)));
}

#[test]
fn where_nobody_states_a_period_nothing_is_disposed_of_until_a_local_value_is_set() {
    let silent = pack("us-mo/modot", None, None, vec![]);
    let incident = completed(date(2016, 7, 20));
    assert!(keep_rules(&silent, &[], None).is_empty());
    let found = in_the_way(&incident, &[], &zone(), date(2999, 1, 1));
    assert!(found[0].contains("never disposed of"), "{found:?}");
    let local = keep_rules(&silent, &[], Some(5));
    assert_eq!(until(&incident, &local), Some(date(2021, 7, 20)));
    assert!(kept(&incident, &local, &zone()).says.contains("a local value"));
    let mut stating = pack("us-mo/dmh-2016", None, None, vec![]);
    stating.retention = Some(Retention {
        form: None,
        years: 6,
        until_matters_settle: false,
        meets: name("O48"),
        clauses: vec![],
        notes: vec![],
    });
    assert_eq!(keep_rules(&stating, &[], Some(1))[0].years, 6, "a local value never shortens a stated period");
    let law = stating.clone();
    assert_eq!(keep_rules(&silent, &[&law], Some(5)).len(), 2, "a law's rule counts beside a local value");
}

fn given<'a>(actor: Actor, day: Date, pack: &'a Pack) -> Given<'a> {
    Given { actor, now: at(day), pack, laws: &[] }
}

fn proposal(day: Date) -> Box<DisposalProposal> {
    Box::new(DisposalProposal {
        id: entry(50),
        kept_until: day,
        rule: line("6 years"),
        clauses: vec![],
        reason: note("Its time is over"),
    })
}

#[test]
fn a_record_goes_by_two_people_and_only_when_its_day_is_over() {
    use crate::incident::Command::{Dispose, ProposeDisposal};
    let pack = tests::pack("us-mo/dmh-2016", None, None, vec![]);
    let rules = vec![rule(6, false)];
    let mut incident = completed(date(2016, 7, 20));
    let last = date(2022, 7, 20);
    let propose = |incident: &Incident, day| {
        decide(incident, ProposeDisposal(proposal(last), rules.clone()), given(account(1), day, &pack))
    };
    let early = propose(&incident, last).expect_err("the last day itself is kept");
    assert_eq!(
        early.to_string(),
        "it cannot be disposed of: it is kept to the end of 2022-07-20 and can be disposed of from 2022-07-21"
    );
    let next = date(2022, 7, 21);
    for event in propose(&incident, next).expect("the next day it may go") {
        incident.apply(&event, account(1), at(next));
    }
    let alone = decide(&incident, Dispose(rules.clone()), given(account(1), next, &pack));
    assert_eq!(alone, Err(Refusal::SamePerson));
    matter(&mut incident, 9, None);
    let held = decide(&incident, Dispose(rules.clone()), given(account(2), next, &pack)).expect_err("a matter is open");
    assert!(held.to_string().contains("Claim of a client"), "{held}");
    incident.apply(&Event::MatterSettled { matter: entry(9), on: next, how: note("Paid") }, account(2), at(next));
    let gone = decide(&incident, Dispose(rules), given(account(2), next, &pack));
    assert_eq!(gone, Ok(vec![Event::Disposed]));
}

#[test]
fn a_hold_beats_every_date_and_undoes_a_proposal() {
    let mut incident = completed(date(2000, 1, 1));
    let rules = [rule(6, false)];
    incident.apply(&Event::DisposalProposed(proposal(date(2006, 1, 1))), account(1), at(date(2020, 1, 1)));
    let hold = LegalHold { id: entry(3), reason: note("Order of the court of 2020") };
    incident.apply(&Event::LegalHoldPlaced(Box::new(hold)), account(2), at(date(2020, 1, 2)));
    assert!(incident.keeping.proposal.is_none());
    let found = in_the_way(&incident, &rules, &zone(), date(2999, 1, 1));
    assert!(found.len() == 1 && found[0].contains("Order of the court"), "{found:?}");
    incident.apply(&Event::LegalHoldLifted { hold: entry(3), reason: note("Over") }, account(9), at(date(2021, 1, 1)));
    assert!(in_the_way(&incident, &rules, &zone(), date(2999, 1, 1)).is_empty());
}

#[test]
fn an_open_matter_is_released_only_where_the_house_rule_alone_holds_the_record() {
    use crate::incident::Command::LiftLegalHold;
    let mut pack = tests::pack("us-mo/dmh", None, None, vec![]);
    let mut incident = completed(date(2016, 7, 20));
    matter(&mut incident, 9, None);
    let lift = |pack: &Pack| {
        let command = LiftLegalHold(entry(9), note("Counsel wrote that the claim is void"));
        decide(&incident, command, given(account(9), date(2023, 1, 1), pack))
    };
    assert!(lift(&pack).is_ok());
    pack.retention = Some(Retention {
        form: None,
        years: 6,
        until_matters_settle: true,
        meets: name("O48"),
        clauses: vec![],
        notes: vec![],
    });
    assert_eq!(lift(&pack), Err(Refusal::PolicyKeeps));
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..8000).prop_map(|n| date(2001, 1, 1).checked_add(jiff::Span::new().days(n)).expect("a day"))
}

proptest! {
    /// Whatever matters there were: more years, more matters and more rules never shorten the time.
    #[test]
    fn nothing_that_is_added_shortens_the_time(
        day in any_day(),
        settled in proptest::collection::vec(any_day(), 0..4),
        more in any_day(),
        years in 1u32..12,
        stated in any::<bool>(),
    ) {
        let mut incident = completed(day);
        for (n, on) in (10..).zip(&settled) {
            matter(&mut incident, n, Some(*on));
        }
        let rules = [rule(years, stated)];
        let before = until(&incident, &rules).expect("a day");
        prop_assert!(before >= day);
        prop_assert!(until(&incident, &[rule(years + 1, stated)]) >= Some(before));
        prop_assert!(until(&incident, &[rule(years, stated), rule(3, true)]) >= Some(before));
        matter(&mut incident, 99, Some(more));
        prop_assert!(until(&incident, &rules) >= Some(before));
        matter(&mut incident, 100, None);
        prop_assert_eq!(until(&incident, &rules), None);
        prop_assert!(!in_the_way(&incident, &rules, &zone(), date(2999, 1, 1)).is_empty());
    }

    /// The order in which matters arose is of no account.
    #[test]
    fn the_order_of_matters_is_of_no_account(day in any_day(), settled in proptest::collection::vec(any_day(), 1..5)) {
        let of = |days: &[Date]| {
            let mut incident = completed(day);
            for (n, on) in (10..).zip(days) {
                matter(&mut incident, n, Some(*on));
            }
            until(&incident, &[rule(6, true)])
        };
        let reversed: Vec<Date> = settled.iter().rev().copied().collect();
        prop_assert_eq!(of(&settled), of(&reversed));
    }
}
