//! Worked values of the date arithmetic, as tables that a lawyer could read.

use super::*;
use crate::obligation::{DuePoint, due, owed};
use crate::time::{Instant, Zone};
use jiff::civil::{Date, date};

pub(crate) fn zone() -> Zone {
    Zone::named("America/Chicago").expect("a zone of the bundled database")
}

pub(crate) fn name<T: TryFrom<String, Error = NotAName>>(text: &str) -> T {
    T::try_from(text.to_owned()).expect("a name")
}

pub(crate) fn rule(outer: Term) -> ObligationRule {
    ObligationRule {
        id: name("O1"),
        title: "Do it".into(),
        trigger: Trigger { on: Moment::ReportReceived, when: vec![] },
        actor: name("lso"),
        also: vec![],
        strength: Strength::Required,
        soft: None,
        outer,
        starts: ClockStart::Trigger,
        evidence: vec![Evidence::Ticket],
        blocks: vec![],
        remind: vec![],
        clauses: vec![],
        notes: vec![],
        status: RuleStatus::InForce,
        effective: Effective::default(),
        owed_to: None,
        regime: None,
        gives_way_to: None,
        verified: None,
        reviewed_by_counsel: None,
    }
}

pub(crate) fn days(count: u32) -> Term {
    Term::After { count, unit: Unit::CalendarDays, local: None }
}

fn instant(text: &str) -> Instant {
    Instant::from_timestamp(text.parse().expect("an instant"))
}

fn due_day(term: Term, start: Start) -> Date {
    match due(&rule(term), start, &Calendar::new(zone(), [date(2026, 12, 25)])).outer.at {
        DuePoint::EndOf { day, .. } => day,
        other => panic!("not a day: {other:?}"),
    }
}

pub(crate) fn words(text: &str) -> Words {
    Words { en: text.into(), es: text.into() }
}

pub(crate) fn pack(id: &str, from: Option<Date>, until: Option<Date>, flags: Vec<Flag>) -> Pack {
    Pack {
        id: name(id),
        kind: PackKind::Policy,
        series: name("us-mo/dmh"),
        title: id.into(),
        agency: words("Mental Health"),
        jurisdiction: "us-mo".into(),
        prefix: "DMH".into(),
        edition: Edition {
            name: "1".into(),
            from,
            until,
            status: Status::InForce,
            sunset: None,
            flags,
            clauses: vec![],
        },
        zone: zone(),
        zone_of_unit: false,
        source: SourceDocument { title: "t".into(), issuer: "i".into(), edition: "e".into(), authority: None },
        reviewed_by_counsel: None,
        clauses: vec![],
        interpretations: vec![],
        roles: vec![],
        routes: vec![],
        notices: vec![],
        ticket: None,
        state_notices: None,
        workforce: vec![],
        systems: vec![],
        tiles: vec![],
        categories: vec![],
        questions: vec![],
        particulars: vec![],
        definition: None,
        advice: vec![],
        identity: Identity {
            anonymous: false,
            can_be_shielded: true,
            says: words("s"),
            clauses: vec![],
            notes: vec![],
        },
        phone_first: None,
        loss: None,
        facts: vec![],
        discovery: Discovery::default(),
        regimes: vec![],
        obligations: vec![],
        decisions: vec![],
        closing: vec![],
        sheets: vec![],
        set_aside: None,
        forms: vec![],
        playbooks: vec![],
        retention: None,
        yearly_round: None,
        routine_review: None,
        locals: vec![],
        missing: vec![],
        holidays: vec![],
        enactment: Enactment::default(),
        tags: vec![],
        no_incident: vec![],
        participants: None,
        readiness: None,
        plan: None,
    }
}

#[test]
fn thirty_calendar_days_end_on_the_thirtieth_day_after() {
    for (reported, expected) in [
        (date(2016, 7, 1), date(2016, 7, 31)),
        (date(2017, 1, 31), date(2017, 3, 2)),
        (date(2020, 2, 1), date(2020, 3, 2)),
    ] {
        assert_eq!(due_day(days(30), Start::Day(reported)), expected, "reported {reported}");
    }
}

#[test]
fn the_earlier_of_ticket_and_officer_starts_the_thirty_days() {
    let mut form = rule(days(30));
    form.starts = ClockStart::EarliestOf(vec![Moment::OfficerTold, Moment::TicketOpened]);
    let mut pack = pack("us-mo/dmh-2016", None, None, vec![]);
    pack.obligations.push(form);
    let reported = Facts::default().with(Moment::ReportReceived, Start::Day(date(2016, 7, 1)));
    let told = reported.clone().with(Moment::OfficerTold, Start::Day(date(2016, 7, 4)));
    let both = told.clone().with(Moment::TicketOpened, Start::Day(date(2016, 7, 1)));
    for (facts, expected) in [(reported, None), (told, Some(date(2016, 8, 3))), (both, Some(date(2016, 7, 31)))] {
        let owed = owed(&pack, &facts);
        let day = owed[0].due.as_ref().map(|d| match d.at() {
            DuePoint::EndOf { day, .. } => *day,
            other => panic!("not a day: {other:?}"),
        });
        assert_eq!(day, expected);
    }
}

#[test]
fn the_sum_is_told_in_words() {
    let due = due(&rule(days(30)), Start::Day(date(2016, 7, 1)), &Calendar::new(zone(), []));
    assert_eq!(
        due.arithmetic(),
        "Friday, July 1, 2016 is day 0; 30 calendar days later is Sunday, July 31, 2016. \
         Due by the end of that day, America/Chicago time. Weekends and holidays do not move it."
    );
}

#[test]
fn a_due_day_ends_at_midnight_by_the_wall_clock_even_when_the_clock_changes() {
    // 1 October 2026 is in daylight saving time, 1 November 2026 ends it.
    let due = due(&rule(days(31)), Start::Day(date(2026, 10, 1)), &Calendar::new(zone(), []));
    assert!(!due.at().is_late(instant("2026-11-02T05:59:59.999999Z")));
    assert!(due.at().is_late(instant("2026-11-02T06:00:00Z")));
}

#[test]
fn a_report_late_in_the_evening_counts_from_the_local_day() {
    // 03:30 UTC on 2 July is still 1 July in Missouri.
    assert_eq!(due_day(days(30), Start::At(instant("2016-07-02T03:30:00Z"))), date(2016, 7, 31));
}

#[test]
fn hours_are_elapsed_time_across_the_change_of_the_clock() {
    let term = Term::After { count: 24, unit: Unit::Hours, local: None };
    let due = due(&rule(term), Start::At(instant("2026-10-31T20:00:00Z")), &Calendar::new(zone(), []));
    assert_eq!(due.at().instant(), Some(instant("2026-11-01T20:00:00Z")));
}

#[test]
fn business_days_skip_weekends_and_closed_days() {
    let term = Term::After { count: 2, unit: Unit::BusinessDays, local: None };
    // Thursday 24 December; Friday is closed, then the weekend.
    assert_eq!(due_day(term, Start::Day(date(2026, 12, 24))), date(2026, 12, 29));
}

#[test]
fn immediately_is_late_only_past_the_local_tolerance() {
    let start = Start::At(instant("2026-10-13T14:00:00Z"));
    let tolerant = |minutes| {
        let tolerance = Some(Tolerance { local: name("immediate-tolerance"), minutes });
        due(&rule(Term::AtTrigger { tolerance }), start, &Calendar::new(zone(), []))
    };
    let sixty = tolerant(Some(60));
    assert!(!sixty.at().is_late(instant("2026-10-13T15:00:00Z")));
    assert!(sixty.at().is_late(instant("2026-10-13T15:00:01Z")));
    assert!(sixty.arithmetic().contains("60 minutes later counts as on time (local value)"));
    assert!(!tolerant(None).at().is_late(instant("2027-10-13T15:00:01Z")));
}

#[test]
fn the_organisation_sets_local_values() {
    let ours =
        rule(Term::AtTrigger { tolerance: Some(Tolerance { local: name("immediate-tolerance"), minutes: Some(60) }) });
    let fifteen = |id: &LocalId| (id.as_str() == "immediate-tolerance").then_some(15);
    let set = ours.with_locals(fifteen, fifteen);
    assert_eq!(
        set.outer,
        Term::AtTrigger { tolerance: Some(Tolerance { local: name("immediate-tolerance"), minutes: Some(15) }) }
    );

    // A period that the pack leaves switched off has an age alone, and a date as soon as somebody sets it.
    let off = rule(Term::After { count: 0, unit: Unit::CalendarDays, local: Some(name("lessons")) });
    let start = Start::Day(jiff::civil::date(2026, 10, 13));
    let calendar = Calendar::new(zone(), []);
    assert!(due(&off, start, &calendar).arithmetic().contains("has set no period (local value)"));
    let five = off.with_locals(|_| Some(5), |_| Some(5));
    assert!(due(&five, start, &calendar).arithmetic().contains("October 18, 2026"));
}

#[test]
fn forms_are_kept_six_years_and_longer_while_matters_are_open() {
    let rule = |until_matters_settle| Retention {
        form: Some(name("report-of-security-incident")),
        years: 6,
        until_matters_settle,
        meets: name("O11"),
        clauses: vec![],
        notes: vec![],
    };
    let (edition_2004, edition_2016) = (rule(true), rule(false));
    for (kept, completed, matters, expected) in [
        (&edition_2016, date(2016, 7, 20), Matters::None, RetainUntil::Day(date(2022, 7, 20))),
        (&edition_2016, date(2020, 2, 29), Matters::None, RetainUntil::Day(date(2026, 3, 1))),
        (&edition_2004, date(2005, 2, 10), Matters::Settled(date(2012, 5, 1)), RetainUntil::Day(date(2012, 5, 1))),
        (&edition_2004, date(2005, 2, 10), Matters::Open, RetainUntil::NoDate),
        (&edition_2016, date(2016, 7, 20), Matters::Open, RetainUntil::NoDate),
    ] {
        assert_eq!(kept.until(completed, matters), expected, "completed {completed}, {matters:?}");
    }
}

#[test]
fn the_april_round_reaches_back_to_the_last_one() {
    let april = YearlyRound {
        first_year: 2006,
        month: 4,
        first_reach: date(2004, 9, 1),
        mandatory: true,
        tells: vec![],
        clauses: vec![],
        notes: vec![],
    };
    let round = |opens, due, reach_from, reach_to| Some(Round { opens, due, reach_from, reach_to });
    assert_eq!(april.of(2005), None);
    assert_eq!(april.of(2006), round(date(2006, 4, 1), date(2006, 4, 30), date(2004, 9, 1), date(2006, 3, 31)));
    assert_eq!(april.of(2007), round(date(2007, 4, 1), date(2007, 4, 30), date(2006, 4, 1), date(2007, 3, 31)));
}

#[test]
fn the_edition_of_the_day_of_the_first_report_governs() {
    let flag = Flag { from: date(2008, 7, 1), until: date(2016, 6, 22), says: "wording not supplied".into() };
    let packs = [
        pack("us-mo/dmh-2004", Some(date(2004, 9, 1)), Some(date(2016, 6, 22)), vec![flag]),
        pack("us-mo/dmh-2016", Some(date(2016, 6, 23)), None, vec![]),
    ];
    for (day, expected) in [
        (date(2004, 8, 31), "none"),
        (date(2004, 9, 1), "us-mo/dmh-2004"),
        (date(2008, 6, 30), "us-mo/dmh-2004"),
        (date(2008, 7, 1), "us-mo/dmh-2004 flagged"),
        (date(2016, 6, 22), "us-mo/dmh-2004 flagged"),
        (date(2016, 6, 23), "us-mo/dmh-2016"),
    ] {
        let found = match in_force(&packs, &name("us-mo/dmh"), day) {
            Governing::InForce(p) => p.id.to_string(),
            Governing::Flagged(p, _) => format!("{} flagged", p.id),
            Governing::Expired(p, _) => format!("{} expired", p.id),
            Governing::None => "none".into(),
        };
        assert_eq!(found, expected, "{day}");
    }
}

#[test]
fn an_expired_text_warns_and_goes_on_working() {
    let mut utah = pack("us-ut/dts-2006", Some(date(2006, 9, 24)), Some(date(2008, 9, 23)), vec![]);
    utah.edition.status = Status::Expired;
    for (day, in_force_then) in
        [(date(2006, 9, 23), false), (date(2006, 9, 24), true), (date(2008, 9, 23), true), (date(2008, 9, 24), false)]
    {
        assert_eq!(utah.edition.covers(day), in_force_then, "{day}");
    }
    let after = in_force([&utah], &utah.series, date(2026, 1, 1));
    assert_eq!(after.pack().map(|p| p.id.as_str()), Some("us-ut/dts-2006"));
    assert!(after.warning().is_some_and(|w| w.contains("September 23, 2008")));
}

#[test]
fn a_contact_is_stale_after_its_interval() {
    let term = Term::After { count: 90, unit: Unit::CalendarDays, local: Some(name("contact-interval")) };
    let confirmed = date(2026, 1, 1);
    let due = due(&rule(term), Start::Day(confirmed), &Calendar::new(zone(), []));
    assert!(!due.at().is_late(instant("2026-04-01T12:00:00Z")), "90 days ago");
    assert!(due.at().is_late(instant("2026-04-02T12:00:00Z")), "91 days ago");
}

#[test]
fn the_edge_of_the_calendar_is_no_cliff() {
    for unit in [Unit::CalendarDays, Unit::BusinessDays, Unit::Months, Unit::Years, Unit::Hours] {
        let term = Term::After { count: u32::MAX, unit, local: None };
        let start = Start::Day(date(9999, 12, 1));
        due(&rule(term), start, &Calendar::new(zone(), []));
    }
}

#[test]
fn a_later_text_takes_the_place_of_an_open_one_from_its_day_on_and_gives_it_back_when_it_ends() {
    let packs = [
        pack("us-mo/dmh-2016", Some(date(2016, 6, 23)), None, vec![]),
        pack("us-mo/dmh-2027", Some(date(2027, 1, 1)), Some(date(2027, 12, 31)), vec![]),
    ];
    for (day, expected) in [
        (date(2026, 12, 31), "us-mo/dmh-2016"),
        (date(2027, 1, 1), "us-mo/dmh-2027"),
        (date(2027, 12, 31), "us-mo/dmh-2027"),
        (date(2028, 1, 1), "us-mo/dmh-2016"),
    ] {
        let governing = in_force(&packs, &name("us-mo/dmh"), day).pack().map(|p| p.id.to_string());
        assert_eq!(governing.as_deref(), Some(expected), "{day}");
    }
}

#[test]
fn a_text_says_on_which_days_it_was_not_in_force() {
    let flag = Flag { from: date(2008, 7, 1), until: date(2016, 6, 22), says: "wording not supplied".into() };
    let text = pack("us-mo/dmh-2004", Some(date(2004, 9, 1)), Some(date(2016, 6, 22)), vec![flag]);
    assert_eq!(text.remark_on(date(2005, 3, 1)), None);
    assert_eq!(text.remark_on(date(2010, 1, 5)).as_deref(), Some("wording not supplied"));
    assert!(
        text.remark_on(date(2004, 8, 31)).is_some_and(|says| says.contains("took force on Wednesday, September 1"))
    );
    assert!(text.remark_on(date(2016, 6, 23)).is_some_and(|says| says.contains("ended on Wednesday, June 22, 2016")));
}
