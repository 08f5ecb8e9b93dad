//! What holds for any facts whatever: order is of no account, doing it again changes nothing, and more people never
//! mean fewer duties.

use super::tests::law;
use super::*;
use crate::pack::{Measure, Moment, Start, StateCode};
use jiff::civil::Date;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..3000)
        .prop_map(|n| Date::constant(2024, 1, 1).checked_add(jiff::Span::new().days(n)).expect("a day of this decade"))
}

fn any_residence() -> impl Strategy<Value = Residence> {
    prop_oneof![
        Just(Residence::Anywhere),
        Just(Residence::NotKnown),
        prop_oneof![Just("MO"), Just("KS"), Just("UT")]
            .prop_map(|s| Residence::In(StateCode::try_from(s.to_owned()).expect("two letters"))),
    ]
}

fn any_count() -> impl Strategy<Value = Count> {
    let measure = prop_oneof![4 => Just(Measure::Affected), 1 => Just(Measure::Notified)];
    (measure, any_residence(), 0u64..1500, any_day()).prop_map(|(measure, residence, n, day)| Count {
        measure,
        residence,
        people: Number::exactly(n),
        as_of: Some(Start::Day(day)),
        exact: false,
        evidence: None,
    })
}

fn any_hold() -> impl Strategy<Value = Hold> {
    let form = prop_oneof![Just(HoldForm::Oral), Just(HoldForm::Written)];
    let regime = prop_oneof![Just("notices"), Just("letters")];
    (form, regime, any_day(), proptest::option::of(any_day())).prop_map(|(form, regime, stated, until)| Hold {
        regimes: vec![crate::pack::tests::name(regime)],
        official: "A. Sample".into(),
        agency: "Sheriff".into(),
        form,
        stated: Start::Day(stated),
        until,
        lifted: None,
        evidence: None,
    })
}

fn any_moments() -> impl Strategy<Value = Vec<(Moment, Date)>> {
    let moment = prop_oneof![
        Just(Moment::FirstKnown),
        Just(Moment::ShouldHaveKnown),
        Just(Moment::ImputedFromAgent),
        Just(Moment::Confirmed),
        Just(Moment::Discovered),
    ];
    proptest::collection::vec((moment, any_day()), 1..6)
}

fn facts(moments: &[(Moment, Date)], counts: &[Count], holds: &[Hold]) -> Facts {
    let mut facts = moments.iter().fold(Facts::default(), |f, (m, day)| f.with(*m, Start::Day(*day)));
    facts.counts = counts.to_vec();
    facts.holds = holds.to_vec();
    facts
}

/// What is owed, without the places of holds in their list.
fn told(facts: &Facts) -> Vec<(String, String)> {
    let law = law();
    let line = |a: Assessed| {
        let outcome = match a.outcome {
            Outcome::Owed(o) => format!("{:?} {:?} {:?}", o.start, o.due, o.notes),
            other => format!("{other:?}"),
        };
        (a.rule.to_string(), outcome)
    };
    assess(&[&law], facts).into_iter().map(line).collect()
}

fn owed_rules(facts: &Facts) -> BTreeSet<String> {
    owed(&law(), facts).into_iter().map(|o| o.rule.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_facts_is_of_no_account(
        (moments, mixed_moments) in any_moments().prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        (counts, mixed_counts) in proptest::collection::vec(any_count(), 0..8)
            .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        (holds, mixed_holds) in proptest::collection::vec(any_hold(), 0..4)
            .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
    ) {
        let one = told(&facts(&moments, &counts, &holds));
        prop_assert_eq!(one, told(&facts(&mixed_moments, &mixed_counts, &mixed_holds)));
    }

    #[test]
    fn assessing_again_changes_nothing(
        moments in any_moments(),
        counts in proptest::collection::vec(any_count(), 0..8),
        holds in proptest::collection::vec(any_hold(), 0..4),
    ) {
        let facts = facts(&moments, &counts, &holds);
        let law = law();
        prop_assert_eq!(assess(&[&law], &facts), assess(&[&law], &facts));
        // The same happenings told a second time add nothing.
        let again = moments.iter().fold(facts.clone(), |f, (m, day)| f.with(*m, Start::Day(*day)));
        prop_assert_eq!(told(&facts), told(&again));
    }

    /// Whatever is counted afterwards, more or fewer, a duty once called up stays.
    #[test]
    fn a_later_count_removes_no_duty(
        moments in any_moments(),
        counts in proptest::collection::vec(any_count().prop_filter("affected", |c| c.measure == Measure::Affected), 0..6),
        n in 0u64..3000,
        residence in any_residence(),
    ) {
        let before = facts(&moments, &counts, &[]);
        let later = Count {
            measure: Measure::Affected,
            residence,
            people: Number::exactly(n),
            as_of: Some(Start::Day(Date::constant(2040, 1, 1))),
            exact: true,
            evidence: None,
        };
        let after = before.clone().counted(later);
        let (before, after) = (owed_rules(&before), owed_rules(&after));
        prop_assert!(before.is_subset(&after), "{before:?} lost by {after:?}");
    }

    /// A hold moves dates forward or not at all, and takes nothing away.
    #[test]
    fn a_hold_removes_no_duty_and_shortens_none(
        moments in any_moments(),
        counts in proptest::collection::vec(any_count(), 0..6),
        hold in any_hold(),
    ) {
        let without = facts(&moments, &counts, &[]);
        let with = facts(&moments, &counts, std::slice::from_ref(&hold));
        prop_assert_eq!(owed_rules(&without), owed_rules(&with));
        let law = law();
        for (a, b) in owed(&law, &without).into_iter().zip(owed(&law, &with)) {
            let instant = |o: &Owed| o.due.as_ref().and_then(|d| d.at().instant());
            if let (Some(a), Some(b)) = (instant(&a), instant(&b)) {
                prop_assert!(a <= b);
            }
        }
    }
}
