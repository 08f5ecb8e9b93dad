//! The engine in tables that a lawyer could read: who is owed what by when, at the edges where it is usually got wrong.

use super::*;
use crate::pack::tests::{days, name, pack as empty_pack, rule, zone};
use crate::pack::*;
use crate::time::Instant;
use jiff::civil::{Date, date};

fn people(measure: Measure, scope: Scope, compare: Compare) -> Condition {
    Condition::People(PeopleTest { measure, scope, compare, or_unknown: false })
}

fn state(code: &str) -> StateCode {
    StateCode::try_from(code.to_owned()).expect("two letters")
}

fn named(id: &str, outer: Term, when: Vec<Condition>) -> ObligationRule {
    let mut rule = rule(outer);
    rule.id = name(id);
    rule.trigger = Trigger { on: Moment::Discovered, when };
    rule.starts = ClockStart::EarliestOf(vec![Moment::Discovered]);
    rule
}

/// A small law with the thresholds of the real ones.
pub(super) fn law() -> Pack {
    let mut pack = empty_pack("xx/law", None, None, vec![]);
    pack.discovery.moments = vec![Moment::FirstKnown, Moment::ShouldHaveKnown, Moment::ImputedFromAgent];
    pack.regimes = vec![
        Regime {
            id: name("notices"),
            title: "Notices".into(),
            oral_days: Some(30),
            written_states_time: true,
            clauses: vec![],
            notes: vec![],
        },
        Regime {
            id: name("letters"),
            title: "Letters".into(),
            oral_days: None,
            written_states_time: false,
            clauses: vec![],
            notes: vec![],
        },
    ];
    let affected = |scope, compare| people(Measure::Affected, scope, compare);
    let mut each = named("EACH", days(60), vec![]);
    each.soft = Some(Term::AsSoonAsPossible { target: None });
    each.regime = Some(name("notices"));
    let media = named("MEDIA", days(60), vec![affected(Scope::OneState, Compare::MoreThan(500))]);
    let large = named("LARGE", Term::With(name("EACH")), vec![affected(Scope::Everyone, Compare::AtLeast(500))]);
    let mut small =
        named("SMALL", Term::AfterYearOf { days: 60 }, vec![affected(Scope::Everyone, Compare::Fewer(500))]);
    small.gives_way_to = Some(name("LARGE"));
    let told = people(Measure::Notified, Scope::Of(state("MO")), Compare::MoreThan(1000));
    let general = named("GENERAL", Term::AsSoonAsPossible { target: None }, vec![told]);
    let mut letters = named("LETTERS", days(5), vec![]);
    letters.regime = Some(name("letters"));
    let mut silent = named("SILENT", Term::WhenHoldEnds, vec![]);
    silent.regime = Some(name("letters"));
    let mut unpaused = named("FIVE-DAYS", days(5), vec![]);
    unpaused.effective = Effective { from: Some(date(2026, 2, 16)), to: Some(date(2030, 1, 1)) };
    let mut proposed = named("PROPOSED", days(3), vec![]);
    proposed.status = RuleStatus::Proposed;
    let mut lost = named("LOST", days(1), vec![]);
    lost.trigger.when = vec![Condition::Fact { fact: name("encrypted"), test: Test::OneOf(vec![Answer::No]) }];
    pack.facts =
        vec![Fact { id: name("encrypted"), asks: "Was it encrypted?".into(), kind: FactKind::YesNo, clauses: vec![] }];
    pack.obligations = vec![each, media, large, small, general, letters, silent, unpaused, proposed, lost];
    pack
}

fn count(residence: Residence, people: u64, as_of: Date) -> Count {
    Count {
        measure: Measure::Affected,
        residence,
        people: Number::exactly(people),
        as_of: Some(Start::Day(as_of)),
        exact: true,
        evidence: None,
    }
}

fn of(code: &str, n: u64) -> Count {
    count(Residence::In(state(code)), n, date(2026, 3, 2))
}

fn all(n: u64) -> Count {
    count(Residence::Anywhere, n, date(2026, 3, 2))
}

fn discovered() -> Facts {
    Facts::default().with(Moment::FirstKnown, Start::Day(date(2026, 3, 2)))
}

fn outcome(facts: &Facts, rule: &str) -> Outcome {
    let law = law();
    let found = assess(&[&law], facts).into_iter().find(|a| a.rule.as_str() == rule);
    found.expect("a rule of the law").outcome
}

fn owed_one(facts: &Facts, rule: &str) -> Owed {
    match outcome(facts, rule) {
        Outcome::Owed(owed) => *owed,
        other => panic!("{rule}: {other:?}"),
    }
}

fn day(owed: &Owed) -> Option<Date> {
    match owed.due.as_ref()?.at() {
        DuePoint::EndOf { day, .. } => Some(*day),
        _ => None,
    }
}

fn is(facts: &Facts, rule: &str) -> &'static str {
    match outcome(facts, rule) {
        Outcome::Owed(_) => "owed",
        Outcome::NotRequired { .. } => "not required",
        Outcome::NotKnownYet { .. } => "not known yet",
        Outcome::NotCalledUp { .. } => "not called up",
        Outcome::Off { .. } => "off",
    }
}

#[test]
fn five_hundred_is_not_more_than_five_hundred_and_one_state_is_not_all_places() {
    for (counts, media, large, small) in [
        (vec![of("MO", 499)], "not required", "not required", "owed"),
        (vec![of("MO", 500)], "not required", "owed", "not required"),
        (vec![of("MO", 501)], "owed", "owed", "not required"),
        (vec![of("MO", 200), of("KS", 200), of("IL", 200)], "not required", "owed", "not required"),
        (vec![of("MO", 501), of("KS", 1)], "owed", "owed", "not required"),
        (vec![all(500)], "not required", "owed", "not required"),
        (vec![all(499)], "not required", "not required", "owed"),
        (vec![all(501)], "not known yet", "owed", "not required"),
        (vec![all(600), of("MO", 450)], "not known yet", "owed", "not required"),
        (vec![], "not known yet", "not known yet", "not known yet"),
    ] {
        let facts = counts.iter().cloned().fold(discovered(), Facts::counted);
        let found = (is(&facts, "MEDIA"), is(&facts, "LARGE"), is(&facts, "SMALL"));
        assert_eq!(found, (media, large, small), "{counts:?}");
    }
}

#[test]
fn what_is_not_required_shows_the_numbers() {
    let facts = discovered().counted(of("MO", 300)).counted(of("KS", 300));
    let Outcome::NotRequired { because } = outcome(&facts, "MEDIA") else { panic!("not required") };
    assert_eq!(
        because,
        ["300 residents of KS, the most of any state, affected as of Monday, March 2, 2026; more than 500 needed."]
    );
}

#[test]
fn the_estimate_counts_and_without_one_the_high_end() {
    for (low, estimate, high, expected) in [
        (Some(400), Some(480), Some(620), "not required"),
        (Some(400), Some(500), Some(620), "owed"),
        (Some(400), None, Some(620), "owed"),
        (Some(500), None, None, "owed"),
        (Some(499), None, None, "not required"),
    ] {
        let mut estimated = all(0);
        estimated.people = Number { low, estimate, high };
        assert_eq!(is(&discovered().counted(estimated), "LARGE"), expected, "{low:?} {estimate:?} {high:?}");
    }
}

#[test]
fn a_number_that_falls_takes_no_duty_back() {
    let facts = discovered().counted(count(Residence::Anywhere, 612, date(2026, 3, 4))).counted(count(
        Residence::Anywhere,
        431,
        date(2026, 3, 20),
    ));
    let large = owed_one(&facts, "LARGE");
    assert_eq!(
        large.notes,
        ["The count fell to 431 on Friday, March 20, 2026; the duty stands until somebody answers for it."]
    );
    assert_eq!(day(&large), Some(date(2026, 5, 1)));
}

#[test]
fn a_number_that_rises_opens_the_larger_duty_beside_the_smaller() {
    let facts = discovered().counted(count(Residence::Anywhere, 120, date(2026, 3, 4))).counted(count(
        Residence::Anywhere,
        700,
        date(2026, 4, 1),
    ));
    let small = owed_one(&facts, "SMALL");
    assert_eq!(is(&facts, "LARGE"), "owed");
    assert_eq!(
        small.notes,
        [
            "The count rose to 700 on Wednesday, April 1, 2026; the duty stands until somebody answers for it.",
            "LARGE takes its place; answering for that one answers for this."
        ]
    );
}

#[test]
fn told_at_one_time_is_the_largest_mailing_and_never_the_sum() {
    let mailing = |n| Count { measure: Measure::Notified, ..of("MO", n) };
    for (counts, expected) in [
        (vec![mailing(1000)], "not required"),
        (vec![mailing(1001)], "owed"),
        (vec![mailing(600), mailing(600)], "not required"),
        (vec![of("MO", 1001)], "owed"),
        (vec![of("MO", 1000)], "not required"),
        (vec![of("MO", 1200), mailing(600), mailing(600)], "not required"),
        (vec![Count { residence: Residence::Anywhere, ..mailing(1200) }], "not known yet"),
        (vec![Count { residence: Residence::In(state("KS")), ..mailing(1200) }], "not required"),
    ] {
        let facts = counts.iter().cloned().fold(discovered(), Facts::counted);
        assert_eq!(is(&facts, "GENERAL"), expected, "{counts:?}");
    }
}

#[test]
fn discovery_is_the_earliest_of_what_was_known_by_whomever() {
    let on = |day| Start::Day(date(2026, 3, day));
    for (moments, started_by, due) in [
        (vec![(Moment::FirstKnown, 10)], Moment::FirstKnown, date(2026, 5, 9)),
        (vec![(Moment::FirstKnown, 10), (Moment::ShouldHaveKnown, 3)], Moment::ShouldHaveKnown, date(2026, 5, 2)),
        (vec![(Moment::FirstKnown, 10), (Moment::ImputedFromAgent, 9)], Moment::ImputedFromAgent, date(2026, 5, 8)),
        (vec![(Moment::Confirmed, 1), (Moment::FirstKnown, 10)], Moment::FirstKnown, date(2026, 5, 9)),
        (vec![(Moment::Discovered, 4)], Moment::Discovered, date(2026, 5, 3)),
    ] {
        let facts = moments.iter().fold(Facts::default(), |facts, (m, d)| facts.with(*m, on(*d)));
        let owed = owed_one(&facts, "EACH");
        assert_eq!((owed.started_by, day(&owed)), (Some(started_by), Some(due)), "{moments:?}");
    }
}

#[test]
fn the_earlier_of_two_tellings_counts() {
    let facts = discovered().with(Moment::FirstKnown, Start::Day(date(2026, 2, 20)));
    assert_eq!(owed_one(&facts, "EACH").start, Some(Start::Day(date(2026, 2, 20))));
}

#[test]
fn the_named_event_starts_the_clock_and_another_stands_in_until_it_is_recorded() {
    let mut pack = law();
    pack.obligations.retain(|o| o.id.as_str() == "FIVE-DAYS");
    pack.obligations[0].starts =
        ClockStart::FirstRecordedOf(vec![Moment::Identified, Moment::Suspected, Moment::FirstKnown]);
    let first = discovered();
    let suspected = first.clone().with(Moment::Suspected, Start::Day(date(2026, 3, 4)));
    let identified = suspected.clone().with(Moment::Identified, Start::Day(date(2026, 3, 9)));
    for (facts, due) in [(first, date(2026, 3, 7)), (suspected, date(2026, 3, 9)), (identified, date(2026, 3, 14))] {
        assert_eq!(owed(&pack, &facts).iter().map(day).collect::<Vec<_>>(), [Some(due)]);
    }
}

#[test]
fn the_small_ones_are_due_sixty_days_after_the_year_of_discovery() {
    for (discovered, due) in [
        (date(2025, 1, 1), date(2026, 3, 1)),
        (date(2026, 12, 31), date(2027, 3, 1)),
        (date(2027, 6, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 3, 1)),
    ] {
        let facts = Facts::default().with(Moment::FirstKnown, Start::Day(discovered)).counted(all(3));
        assert_eq!(day(&owed_one(&facts, "SMALL")), Some(due), "{discovered}");
    }
}

#[test]
fn the_year_of_discovery_is_that_of_the_local_day() {
    // 05:30 UTC on New Year's Day is still New Year's Eve in Missouri.
    let at = Instant::from_timestamp("2027-01-01T05:30:00Z".parse().expect("an instant"));
    let facts = Facts::default().with(Moment::FirstKnown, Start::At(at)).counted(all(3));
    assert_eq!(day(&owed_one(&facts, "SMALL")), Some(date(2027, 3, 1)));
}

#[test]
fn a_duty_due_with_another_has_its_date_and_says_so() {
    let facts = discovered().counted(all(700));
    let large = owed_one(&facts, "LARGE");
    assert_eq!(day(&large), Some(date(2026, 5, 1)));
    assert!(
        large.due.expect("due").arithmetic().starts_with("Due together with EACH. Monday, March 2, 2026 is day 0;")
    );
}

fn hold(form: HoldForm, regimes: &[&str], stated: Date, until: Option<Date>) -> Hold {
    Hold {
        regimes: regimes.iter().map(|r| name(r)).collect(),
        official: "Det. A. Sample".into(),
        agency: "Sample County Sheriff".into(),
        form,
        stated: Start::Day(stated),
        until,
        lifted: None,
        evidence: None,
    }
}

fn held(holds: &[Hold]) -> Facts {
    let mut facts = discovered().counted(all(700));
    facts.holds = holds.to_vec();
    facts
}

#[test]
fn an_oral_hold_ends_thirty_days_after_the_statement_unless_a_written_one_arrives() {
    use HoldForm::{Oral, Written};
    let april = |d| date(2026, 4, d);
    for (holds, expected) in [
        (vec![], date(2026, 5, 1)),
        (vec![hold(Oral, &["notices"], april(20), None)], date(2026, 5, 20)),
        (vec![hold(Oral, &["notices"], april(20), Some(date(2026, 9, 1)))], date(2026, 5, 20)),
        (vec![hold(Oral, &["notices"], april(20), Some(date(2026, 5, 5)))], date(2026, 5, 5)),
        (vec![hold(Oral, &["notices"], date(2026, 3, 5), None)], date(2026, 5, 1)),
        (vec![hold(Written, &["notices"], april(20), Some(date(2026, 7, 15)))], date(2026, 7, 15)),
        (vec![hold(Written, &["notices"], april(20), None)], date(2026, 5, 20)),
        (
            vec![
                hold(Oral, &["notices"], april(20), None),
                hold(Written, &["notices"], date(2026, 5, 12), Some(date(2026, 8, 1))),
            ],
            date(2026, 8, 1),
        ),
        (
            vec![
                hold(Oral, &["notices"], april(20), None),
                hold(Written, &["notices"], date(2026, 5, 25), Some(date(2026, 8, 1))),
            ],
            date(2026, 5, 20),
        ),
        (vec![hold(Written, &["letters"], april(20), Some(date(2026, 7, 15)))], date(2026, 5, 1)),
    ] {
        let facts = held(&holds);
        assert_eq!(day(&owed_one(&facts, "EACH")), Some(expected), "{holds:?}");
        assert_eq!(day(&owed_one(&facts, "LARGE")), Some(expected), "joined, {holds:?}");
    }
}

#[test]
fn a_hold_moves_the_regimes_it_names_and_no_other() {
    let letters = hold(HoldForm::Oral, &["letters"], date(2026, 3, 3), None);
    let facts = held(std::slice::from_ref(&letters));
    assert_eq!(day(&owed_one(&facts, "FIVE-DAYS")), Some(date(2026, 3, 7)));
    assert!(matches!(owed_one(&facts, "LETTERS").due.expect("due").at(), DuePoint::AfterHold));
    let lifted = held(&[Hold { lifted: Some(date(2026, 3, 30)), ..letters }]);
    assert_eq!(day(&owed_one(&lifted, "LETTERS")), Some(date(2026, 3, 30)));
    assert_eq!(day(&owed_one(&lifted, "EACH")), Some(date(2026, 5, 1)));
}

#[test]
fn a_duty_that_waits_for_the_end_of_a_hold_is_due_at_once_without_one() {
    let at = |facts: &Facts| owed_one(facts, "SILENT").due.expect("due").at().instant().map(|i| i.day_in(&zone()));
    assert_eq!(at(&discovered()), Some(date(2026, 3, 2)));
    let open = hold(HoldForm::Oral, &["letters"], date(2026, 3, 2), None);
    assert_eq!(at(&held(std::slice::from_ref(&open))), None);
    assert_eq!(at(&held(&[Hold { lifted: Some(date(2026, 4, 1)), ..open }])), Some(date(2026, 4, 1)));
}

#[test]
fn a_hold_says_who_asked_and_what_it_does() {
    let facts = held(&[hold(HoldForm::Oral, &["notices"], date(2026, 4, 20), None)]);
    let each = owed_one(&facts, "EACH");
    assert_eq!(each.held[0].ends, HoldEnd::With(date(2026, 5, 20)));
    assert_eq!(
        each.held[0].says,
        "The oral request of Det. A. Sample, Sample County Sheriff, of Monday, April 20, 2026, names notices and ends \
         on Wednesday, May 20, 2026 (30 days from the statement: an oral request lasts no longer): due when it ends, \
         by the end of that day."
    );
}

#[test]
fn a_rule_holds_from_its_first_day_up_to_and_without_its_end() {
    for (discovered, expected) in [
        (date(2026, 2, 15), "off"),
        (date(2026, 2, 16), "owed"),
        (date(2029, 12, 31), "owed"),
        (date(2030, 1, 1), "off"),
    ] {
        let facts = Facts::default().with(Moment::FirstKnown, Start::Day(discovered));
        assert_eq!(is(&facts, "FIVE-DAYS"), expected, "{discovered}");
    }
    assert_eq!(is(&discovered(), "PROPOSED"), "off");
}

#[test]
fn yes_no_and_nobody_knows_are_three_answers() {
    let answered = |answer| discovered().answered(name("encrypted"), answer);
    assert_eq!(is(&discovered(), "LOST"), "not known yet");
    assert_eq!(is(&answered(Answer::Unknown), "LOST"), "not known yet");
    assert_eq!(is(&answered(Answer::Yes), "LOST"), "not required");
    assert_eq!(is(&answered(Answer::No), "LOST"), "owed");
    assert_eq!(is(&Facts::default(), "LOST"), "not called up");
}

#[test]
fn done_early_on_time_or_late_by_so_much() {
    for (done, expected) in [
        (date(2026, 4, 28), "3 calendar days early"),
        (date(2026, 5, 1), "on time"),
        (date(2026, 5, 2), "1 calendar day late"),
    ] {
        let mut facts = discovered();
        facts.done.push(Done {
            pack: None,
            rule: name("EACH"),
            at: Start::Day(done),
            answered: Answered::Done { evidence: "letters posted".into() },
        });
        let (_, kept) = owed_one(&facts, "EACH").answered.expect("answered");
        assert_eq!(kept.says(), expected, "{done}");
    }
}

#[test]
fn an_hour_is_kept_or_missed_by_the_minute() {
    let at = |text: &str| Instant::from_timestamp(text.parse().expect("an instant"));
    let hour = rule(Term::After { count: 1, unit: Unit::Hours, local: None });
    // The clock in Missouri goes back an hour at 07:00 UTC on this day; an hour stays an hour.
    let limit = due(&hour, Start::At(at("2026-11-01T06:30:00Z")), &Calendar::new(zone(), []));
    for (done, expected) in [
        ("2026-11-01T07:10:00Z", "20 minutes early"),
        ("2026-11-01T07:30:00Z", "on time"),
        ("2026-11-01T08:45:00Z", "1 hour 15 minutes late"),
    ] {
        assert_eq!(timeliness(&limit, Start::At(at(done)), &zone()).says(), expected, "{done}");
    }
}

#[test]
fn answering_for_the_larger_answers_for_the_smaller() {
    let mut facts = discovered().counted(count(Residence::Anywhere, 120, date(2026, 3, 4))).counted(count(
        Residence::Anywhere,
        700,
        date(2026, 4, 1),
    ));
    facts.done.push(Done {
        pack: None,
        rule: name("LARGE"),
        at: Start::Day(date(2026, 4, 20)),
        answered: Answered::Waived { authority: "Director".into(), reason: "filed by the parent agency".into() },
    });
    assert!(owed_one(&facts, "SMALL").answered.is_some());
    assert!(owed_one(&facts, "EACH").answered.is_none());
}

#[test]
fn several_packs_bind_side_by_side() {
    let (one, mut two) = (law(), law());
    two.id = name("yy/law");
    let facts = discovered().counted(of("MO", 501));
    let both = assess(&[&one, &two], &facts);
    let of = |id: &str| both.iter().filter(|a| a.pack.as_str() == id).map(|a| a.outcome.clone()).collect::<Vec<_>>();
    assert_eq!(both.len(), 2 * one.obligations.len());
    assert_eq!(of("xx/law"), of("yy/law"));
}

#[test]
fn days_begin_where_the_unit_is_under_a_law_that_says_so() {
    let mut federal = law();
    federal.zone_of_unit = true;
    let at = Instant::from_timestamp("2026-03-02T06:30:00Z".parse().expect("an instant"));
    for (zone, expected) in [("America/Chicago", date(2026, 5, 1)), ("America/Denver", date(2026, 4, 30))] {
        let mut facts = Facts::default().with(Moment::FirstKnown, Start::At(at));
        facts.zone = Some(crate::time::Zone::named(zone).expect("a zone"));
        let owed = owed(&federal, &facts).into_iter().find(|o| o.rule.as_str() == "EACH").expect("owed");
        assert_eq!(day(&owed), Some(expected), "{zone}");
    }
}
