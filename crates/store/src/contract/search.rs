//! The list of incidents and its search: newest first, every match once, nothing outside the viewer's scope.

use super::world::*;
use crate::*;

/// An incident is found by its id and its reference and comes back as it was written, with its number.
pub async fn an_incident_is_found_by_each_of_its_names(w: World) {
    let a = here();
    let full = IncidentRow {
        unit: a.annex,
        state: IncidentState::Closed,
        lead: Some(a.officer),
        next_due: Some(at(9)),
        source: Some(hash(3)),
        version: 4,
        ..a.incident(1)
    };
    let numbers = w.record(vec![(full.clone(), vec![])]).await;
    let read = w.store.incident(a.tenant, full.id).await.expect("read").expect("found");
    assert_eq!(read, IncidentRow { n: numbers[0], ..full.clone() });
    let found = w.store.incident_by_reference(a.tenant, &full.reference).await.expect("read");
    assert_eq!(found, Some(read));
    assert_eq!(w.store.incident_by_reference(a.tenant, "AG-2100-0").await.expect("read"), None);
    assert_eq!(w.store.incident(a.tenant, id(1)).await.expect("read"), None);
}

/// Numbers follow the order of recording, and an incident that is written again keeps its own.
pub async fn an_incident_keeps_its_number(w: World) {
    let a = here();
    let numbers = w.record((1..=4).map(|n| (a.incident(n), vec![])).collect()).await;
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    assert!(numbers[0] > 0);
    let again = IncidentRow { state: IncidentState::Closed, version: 2, ..a.incident(2) };
    let mixed = w.record(vec![(a.incident(5), vec![]), (again.clone(), vec![])]).await;
    assert!(mixed[0] > numbers[3]);
    assert_eq!(mixed[1], numbers[1]);
    let read = w.store.incident(a.tenant, again.id).await.expect("read");
    assert_eq!(read, Some(IncidentRow { n: numbers[1], ..again }));
}

/// Without a filter the list is everything, newest first, and pages neither repeat nor miss.
pub async fn the_list_is_newest_first(w: World) {
    let a = here();
    let mut numbers = w.record((0..50).map(|n| (a.incident(n), vec![token(1)])).collect()).await;
    numbers.reverse();
    assert_eq!(w.list(&a.all_incidents(100)).await, numbers);
    assert_eq!(turn_pages(&w, a.all_incidents(7)).await, numbers);
}

/// Every combination of words, scope, state and page size gives what reading all rows one by one would give.
pub async fn every_filter_gives_each_match_once(w: World) {
    let a = here();
    let count = 150_u64;
    // Token p is on every pth incident, so that common, rare and absent words occur together.
    let tokens_of = |n: u64| {
        [2_u16, 3, 7, 50].into_iter().filter(|p| n.is_multiple_of(u64::from(*p))).map(token).collect::<Vec<_>>()
    };
    let state_of = |n: u64| if n.is_multiple_of(5) { IncidentState::Closed } else { IncidentState::Open };
    let rows = (0..count).map(|n| (IncidentRow { state: state_of(n), ..a.incident(n) }, tokens_of(n))).collect();
    let numbers = w.record(rows).await;

    let alls: [&[u16]; 6] = [&[], &[2], &[2, 3], &[50], &[2, 3, 7], &[11]];
    let anys: [&[&[u16]]; 5] = [&[], &[&[3, 7]], &[&[2], &[3, 50]], &[&[]], &[&[3], &[]]];
    for all in alls {
        for any in anys {
            for state in [None, Some(IncidentState::Closed)] {
                let holds = |n: u64, p: &u16| tokens_of(n).contains(&token(*p));
                let matches = |n: &u64| {
                    all.iter().all(|p| holds(*n, p))
                        && any.iter().all(|group| group.iter().any(|p| holds(*n, p)))
                        && state.is_none_or(|state| state_of(*n) == state)
                };
                let expected: Vec<i64> = (0..count).rev().filter(matches).map(|n| numbers[n as usize]).collect();
                for limit in [4, 9, 200] {
                    let query = IncidentQuery {
                        state,
                        all: all.iter().copied().map(token).collect(),
                        any: any.iter().map(|group| group.iter().copied().map(token).collect()).collect(),
                        ..a.all_incidents(limit)
                    };
                    assert_eq!(turn_pages(&w, query.clone()).await, expected, "{all:?} {any:?} {state:?} {limit}");
                }
            }
        }
    }
}

async fn turn_pages(w: &World, mut query: IncidentQuery) -> Vec<i64> {
    let mut met = Vec::new();
    loop {
        let page = w.list(&query).await;
        assert!(page.len() <= query.limit as usize);
        query.before = page.last().copied();
        if page.is_empty() {
            return met;
        }
        met.extend(page);
    }
}

/// A rare word among many incidents is found, and so are the newest of a common one.
pub async fn rare_and_common_words_are_both_found(w: World) {
    let a = here();
    let rows = (0..3_000_u64).map(|n| {
        let rare = if n == 17 { vec![token(1), token(2)] } else { vec![token(1)] };
        (a.incident(n), rare)
    });
    let numbers = w.record(rows.collect()).await;
    let rare = IncidentQuery { all: vec![token(2), token(1)], ..a.all_incidents(50) };
    assert_eq!(w.list(&rare).await, [numbers[17]]);
    let common = IncidentQuery { all: vec![token(1)], ..a.all_incidents(50) };
    assert_eq!(w.list(&common).await, numbers[2_950..].iter().rev().copied().collect::<Vec<_>>());
}

/// New words replace the old ones; an incident written again without words keeps those it has.
pub async fn words_are_replaced(w: World) {
    let a = here();
    let numbers = w.record(vec![(a.incident(1), vec![token(1), token(2)])]).await;
    let with = |t| IncidentQuery { all: vec![token(t)], ..a.all_incidents(10) };
    w.commit(Change { incidents: vec![a.incident(1)], ..Change::default() }).await;
    assert_eq!(w.list(&with(1)).await, numbers);

    let words = vec![Words { object: a.incident(1).id.into(), tokens: vec![token(2), token(3)] }];
    w.commit(Change { words, ..Change::default() }).await;
    assert!(w.list(&with(1)).await.is_empty());
    assert_eq!(w.list(&with(2)).await, numbers);
    assert_eq!(w.list(&with(3)).await, numbers);

    let words = vec![Words { object: a.incident(1).id.into(), tokens: vec![] }];
    w.commit(Change { words, ..Change::default() }).await;
    assert!(w.list(&with(2)).await.is_empty());
    assert_eq!(w.list(&a.all_incidents(10)).await, numbers);
}

/// A long narrative has thousands of words; each of them finds it.
pub async fn thousands_of_words_find_one_incident(w: World) {
    let a = here();
    let numbers = w.record(vec![(a.incident(1), (0..6_000).map(token).collect())]).await;
    for t in [0, 1, 3_000, 5_999] {
        let query = IncidentQuery { all: vec![token(t)], ..a.all_incidents(10) };
        assert_eq!(w.list(&query).await, numbers, "token {t}");
    }
    let query = IncidentQuery { all: vec![token(6_000)], ..a.all_incidents(10) };
    assert!(w.list(&query).await.is_empty());
}

/// The words of a report do not make it an incident.
pub async fn words_of_reports_are_not_incidents(w: World) {
    let a = here();
    let words = vec![Words { object: a.report(1).id.into(), tokens: vec![token(1)] }];
    w.commit(Change { reports: vec![a.report(1)], words, ..Change::default() }).await;
    let query = IncidentQuery { all: vec![token(1)], ..a.all_incidents(10) };
    assert!(w.list(&query).await.is_empty());
}

/// For an excluded account the incident does not exist, whether it looks or searches.
pub async fn an_excluded_viewer_sees_no_incident(w: World) {
    let a = here();
    let numbers = w.record((1..=3).map(|n| (a.incident(n), vec![token(1)])).collect()).await;
    w.commit(rows(vec![RowChange::Exclude(a.incident(2).id.into(), a.officer)])).await;
    for all in [vec![], vec![token(1)]] {
        let query = IncidentQuery { all, ..a.all_incidents(10) };
        assert_eq!(w.list(&query).await, [numbers[2], numbers[0]]);
        assert_eq!(w.list(&IncidentQuery { viewer: a.clerk, ..query.clone() }).await.len(), 3);
        assert_eq!(turn_pages(&w, IncidentQuery { limit: 1, ..query }).await, [numbers[2], numbers[0]]);
    }
    w.commit(rows(vec![RowChange::Readmit(a.incident(2).id.into(), a.officer)])).await;
    assert_eq!(w.list(&a.all_incidents(10)).await.len(), 3);
}

/// Who must not learn of a case can be asked, for one account with the case and for all.
pub async fn exclusions_can_be_asked(w: World) {
    let a = here();
    let (report, incident, untouched) = (a.report(1), a.incident(2), a.incident(3));
    let (stream, other) = (report.id.into(), untouched.id.into());
    w.record(vec![(incident.clone(), vec![]), (untouched.clone(), vec![])]).await;
    w.commit(Change { reports: vec![report.clone()], ..Change::default() }).await;
    let incident_for = async |row: &IncidentRow, account| {
        let found = w.store.incident_for(a.tenant, &row.reference, account).await.expect("read");
        let (found, excluded) = found.expect("it is there");
        assert_eq!(found.id, row.id);
        excluded
    };
    let report_for = async |account| {
        let found = w.store.report_for(a.tenant, &report.reference, account).await.expect("read");
        let (found, excluded) = found.expect("it is there");
        assert_eq!(found.id, report.id);
        excluded
    };
    let exclusions = async |stream| {
        let mut accounts = w.store.exclusions(stream).await.expect("read");
        accounts.sort();
        accounts
    };
    assert!(!report_for(a.officer).await);
    let mut exclude = [a.officer, a.clerk].map(|account| RowChange::Exclude(stream, account)).to_vec();
    exclude.push(RowChange::Exclude(incident.id.into(), a.officer));
    w.commit(rows(exclude)).await;
    assert!(report_for(a.officer).await && incident_for(&incident, a.officer).await);
    assert!(!incident_for(&incident, a.clerk).await && !incident_for(&untouched, a.officer).await);
    let elsewhere = there().tenant;
    assert_eq!(w.store.incident_for(elsewhere, &incident.reference, a.officer).await.expect("read"), None);
    assert_eq!(w.store.report_for(elsewhere, &report.reference, a.officer).await.expect("read"), None);
    assert_eq!(exclusions(stream).await, [a.officer, a.clerk]);
    assert_eq!(exclusions(other).await, []);
    let mut kept = w.store.excluded_from(a.officer).await.expect("read");
    kept.sort();
    let mut expected = vec![stream, incident.id.into()];
    expected.sort();
    assert_eq!(kept, expected);
    assert_eq!(w.store.excluded_from(a.clerk).await.expect("read"), [stream]);
    w.commit(rows(vec![RowChange::Readmit(stream, a.officer)])).await;
    assert!(!report_for(a.officer).await && report_for(a.clerk).await);
    assert_eq!(exclusions(stream).await, [a.clerk]);
}

/// The verifier meets every incident of every agency once.
pub async fn a_scan_meets_every_incident_once(w: World) {
    let mut expected: Vec<IncidentId> = Vec::new();
    for agency in [here(), there()] {
        let rows: Vec<_> = (1..=5).map(|n| agency.incident(n)).collect();
        expected.extend(rows.iter().map(|row| row.id));
        w.commit(Change { incidents: rows, ..Change::default() }).await;
    }
    expected.sort();
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = w.store.scan_incidents(after, 3).await.expect("read");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        met.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(met, expected);
}
