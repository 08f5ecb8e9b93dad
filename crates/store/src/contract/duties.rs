//! Lists of duties: by turn, a page at a time, whoever leads and wherever they lie; what one may not see is not there.

use super::world::*;
use crate::*;
use domain::ids::{AccountId, UnitId};

fn duty(agency: &Agency, incident: u64, rule: &str) -> DutyRow {
    let incident = agency.incident(incident);
    DutyRow {
        incident: incident.id,
        rule: rule.to_owned(),
        tenant: agency.tenant,
        unit: agency.unit,
        lead: None,
        pack: "us/sample".to_owned(),
        standing: DutyStanding::Open,
        due: Some(at(0)),
        late_after: None,
        since: None,
        whole_day: false,
        excused: false,
        answered_at: None,
    }
}

fn asked(agency: &Agency) -> DutyQuery {
    DutyQuery {
        tenant: agency.tenant,
        units: None,
        led_by: LedBy::Anyone,
        standing: DutyStanding::Open,
        from: i64::MIN,
        until: i64::MAX,
        viewer: agency.officer,
        after: None,
        limit: 50,
    }
}

async fn rules(w: &World, query: &DutyQuery) -> Vec<String> {
    let listed = w.store.list_duties(query).await.expect("listed");
    listed.into_iter().map(|line| line.duty.rule).collect()
}

/// Written again, a duty is replaced; its incident's line comes along.
pub async fn a_duty_is_listed_with_its_incident_and_replaced(w: World) {
    let a = here();
    let first = DutyRow {
        lead: Some(a.officer),
        late_after: Some(at(5)),
        since: Some(at(1)),
        whole_day: true,
        ..duty(&a, 1, "O1")
    };
    w.commit(Change { incidents: vec![a.incident(1)], duties: vec![first.clone()], ..Change::default() }).await;
    let listed = w.store.list_duties(&asked(&a)).await.expect("listed");
    assert_eq!(listed[0].duty, first);
    assert_eq!((&listed[0].reference, &listed[0].summary), (&a.incident(1).reference, &a.incident(1).summary));
    let met = DutyRow {
        standing: DutyStanding::Answered,
        excused: true,
        answered_at: Some(at(7)),
        lead: None,
        ..first.clone()
    };
    w.commit(Change { duties: vec![met.clone()], ..Change::default() }).await;
    assert!(rules(&w, &asked(&a)).await.is_empty());
    assert_eq!(w.store.duties_of(a.tenant, met.incident).await.expect("read"), std::slice::from_ref(&met));
    let answered = DutyQuery { standing: DutyStanding::Answered, ..asked(&a) };
    assert_eq!(w.store.list_duties(&answered).await.expect("listed")[0].duty, met);
    assert!(w.store.duties_of(there().tenant, met.incident).await.expect("read").is_empty(), "behind the wall");
    w.broken(Change { duties: vec![DutyRow { tenant: there().tenant, ..met }], ..Change::default() }).await;
}

/// Open duties come by date, those without one last; answered ones newest first. A range gives what lies in it.
pub async fn duties_come_in_turn(w: World) {
    let a = here();
    let on = |rule: &str, seconds: Option<i64>| DutyRow { due: seconds.map(at), ..duty(&a, 1, rule) };
    let answered = |rule: &str, seconds| DutyRow {
        standing: DutyStanding::Answered,
        answered_at: Some(at(seconds)),
        ..duty(&a, 1, rule)
    };
    let duties = vec![on("late", Some(90)), on("none", None), on("soon", Some(10)), on("mid", Some(50))];
    let done = vec![answered("older", 3), answered("newer", 4)];
    w.commit(Change { incidents: vec![a.incident(1)], duties: [duties, done].concat(), ..Change::default() }).await;
    assert_eq!(rules(&w, &asked(&a)).await, ["soon", "mid", "late", "none"]);
    let between = |from, until| DutyQuery { from, until, ..asked(&a) };
    assert_eq!(rules(&w, &between(at(10).micros(), at(50).micros())).await, ["soon", "mid"]);
    assert_eq!(rules(&w, &between(DutyRow::NO_DATE, DutyRow::NO_DATE)).await, ["none"]);
    let answered = DutyQuery { standing: DutyStanding::Answered, ..asked(&a) };
    assert_eq!(rules(&w, &answered).await, ["newer", "older"]);
}

/// Turning pages of any size meets every duty once, also where many are due together.
pub async fn turning_pages_meets_every_duty_once(w: World) {
    let a = here();
    let mut duties = Vec::new();
    for n in 0..40_u64 {
        let unit = if n % 3 == 0 { a.annex } else { a.unit };
        let due = (n % 5 != 0).then(|| at((n % 4) as i64));
        duties.push(DutyRow { unit, due, ..duty(&a, n % 7, &format!("O{n}")) });
    }
    let incidents = (0..7).map(|n| a.incident(n)).collect();
    w.commit(Change { incidents, duties: duties.clone(), ..Change::default() }).await;
    duties.sort_by_key(|duty| (duty.turn(), duty.incident, duty.rule.clone()));
    let expected: Vec<String> = duties.iter().map(|duty| duty.rule.clone()).collect();
    for (limit, units) in [(1, None), (7, Some(vec![a.unit, a.annex])), (40, None)] {
        let (mut met, mut query) = (Vec::new(), DutyQuery { limit, units, ..asked(&a) });
        loop {
            let page = w.store.list_duties(&query).await.expect("listed");
            let Some(last) = page.last().map(|line| &line.duty) else { break };
            query.after = Some((last.turn(), last.incident, last.rule.clone()));
            met.extend(page.iter().map(|line| line.duty.rule.clone()));
        }
        assert_eq!(met, expected, "in pages of {limit}");
    }
}

/// Whatever an incident owed is forgotten with it, and nothing of another.
pub async fn duties_are_forgotten_with_their_incident(w: World) {
    let a = here();
    let duties = vec![duty(&a, 1, "O1"), duty(&a, 1, "O2"), duty(&a, 2, "O1")];
    w.commit(Change { incidents: vec![a.incident(1), a.incident(2)], duties, ..Change::default() }).await;
    w.commit(rows(vec![RowChange::ForgetDuties(a.incident(1).id)])).await;
    assert!(w.store.duties_of(a.tenant, a.incident(1).id).await.expect("read").is_empty());
    assert_eq!(w.store.duties_of(a.tenant, a.incident(2).id).await.expect("read").len(), 1);
}

/// Lists are narrowed to units and to whoever leads; nobody's units show nothing.
pub async fn duties_are_narrowed_by_unit_and_lead(w: World) {
    let a = here();
    let of = |rule: &str, unit: UnitId, lead: Option<AccountId>| DutyRow { unit, lead, ..duty(&a, 1, rule) };
    let duties = vec![
        of("a", a.unit, Some(a.officer)),
        of("b", a.annex, Some(a.officer)),
        of("c", a.annex, Some(a.clerk)),
        of("d", a.unit, None),
    ];
    w.commit(Change { incidents: vec![a.incident(1)], duties, ..Change::default() }).await;
    let narrowed =
        |units: Option<&[UnitId]>, led_by| DutyQuery { units: units.map(<[UnitId]>::to_vec), led_by, ..asked(&a) };
    let mine = LedBy::Account(a.officer);
    for (query, expected) in [
        (narrowed(Some(&[a.annex]), LedBy::Anyone), &["b", "c"][..]),
        (narrowed(Some(&[a.unit, a.annex]), LedBy::Anyone), &["a", "b", "c", "d"]),
        (narrowed(Some(&[]), LedBy::Anyone), &[]),
        (narrowed(None, mine), &["a", "b"]),
        (narrowed(Some(&[a.annex]), mine), &["b"]),
        (narrowed(Some(&[]), mine), &[]),
        (narrowed(None, LedBy::Nobody), &["d"]),
    ] {
        assert_eq!(rules(&w, &query).await, expected, "{query:?}");
    }
}

/// For an excluded account an incident's duties do not exist; another agency's never do.
pub async fn an_excluded_viewer_sees_no_duty(w: World) {
    let (a, b) = (here(), there());
    let change = |agency: &Agency| Change {
        incidents: vec![agency.incident(1)],
        duties: vec![duty(agency, 1, "O1")],
        ..Change::default()
    };
    w.commit(change(&a)).await;
    w.commit(change(&b)).await;
    assert_eq!(rules(&w, &asked(&a)).await, ["O1"]);
    w.commit(rows(vec![RowChange::Exclude(a.incident(1).id.into(), a.officer)])).await;
    assert!(rules(&w, &asked(&a)).await.is_empty());
    assert_eq!(rules(&w, &DutyQuery { viewer: a.clerk, ..asked(&a) }).await, ["O1"]);
}

/// The verifier meets every duty of every agency once.
pub async fn a_scan_meets_every_duty_once(w: World) {
    let mut expected = Vec::new();
    for agency in [here(), there()] {
        for n in 1..=3 {
            let duties = vec![duty(&agency, n, "O1"), duty(&agency, n, "O2-part"), duty(&agency, n, "Z")];
            expected.extend(duties.iter().map(|duty| (duty.incident, duty.rule.clone())));
            w.commit(Change { incidents: vec![agency.incident(n)], duties, ..Change::default() }).await;
        }
    }
    expected.sort();
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = w.store.scan_duties(after, 4).await.expect("read");
        let Some(last) = page.last() else { break };
        after = Some((last.incident, last.rule.clone()));
        met.extend(page.iter().map(|duty| (duty.incident, duty.rule.clone())));
    }
    assert_eq!(met, expected);
}
