//! The inbox and single reports: harm of waiting first, then age; each row on exactly one page.

use super::world::*;
use crate::*;

fn reports(reports: Vec<ReportRow>) -> Change {
    Change { reports, ..Change::default() }
}

/// A report is found by its id, its printed reference and the secret of its status link.
pub async fn a_report_is_found_by_each_of_its_names(w: World) {
    let a = here();
    let full = ReportRow {
        handling_unit: a.annex,
        state: ReportState::Accepted,
        urgency: -3,
        claimed_by: Some(a.officer),
        claimed_at: Some(at(5)),
        incident: Some(a.incident(1).id),
        version: 7,
        ..a.report(1)
    };
    w.commit(Change { incidents: vec![a.incident(1)], ..reports(vec![full.clone(), a.report(2)]) }).await;
    let read = w.store.report(a.tenant, full.id).await.expect("read").expect("found");
    assert!(read.n > 0);
    assert_eq!(read, ReportRow { n: read.n, ..full.clone() });
    let by_reference = |tenant| w.store.report_by_reference(tenant, &full.reference);
    assert_eq!(by_reference(Some(a.tenant)).await.expect("read").as_ref(), Some(&read));
    assert_eq!(by_reference(None).await.expect("read").as_ref(), Some(&read));
    assert_eq!(w.store.report_by_secret(&full.secret).await.expect("read"), Some(read));
    assert_eq!(w.store.report_by_reference(None, "R-UNKNOWN").await.expect("read"), None);
    assert_eq!(w.store.report_by_secret(&hash(1)).await.expect("read"), None);
    assert_eq!(w.store.report(a.tenant, id(1)).await.expect("read"), None);
}

/// A report keeps its place in the order of arrival when it is written again.
pub async fn a_report_keeps_its_number(w: World) {
    let a = here();
    w.commit(reports(vec![a.report(1), a.report(2)])).await;
    let number = async |n| w.store.report(a.tenant, a.report(n).id).await.expect("read").expect("found").n;
    let (first, second) = (number(1).await, number(2).await);
    assert!(first < second);
    let again = ReportRow { state: ReportState::SetAside, version: 2, summary: b"new".to_vec(), ..a.report(1) };
    w.commit(reports(vec![again.clone()])).await;
    let read = w.store.report(a.tenant, again.id).await.expect("read").expect("found");
    assert_eq!(read, ReportRow { n: first, ..again });
}

/// More urgent first; among equals, who waits longest; the id settles the rest.
pub async fn the_inbox_is_ordered_by_harm_then_age(w: World) {
    let a = here();
    let row = |n, urgency, received| ReportRow { urgency, received_at: at(received), ..a.report(n) };
    let rows = vec![row(1, 0, 10), row(2, 5, 30), row(3, 5, 20), row(5, 0, 9), row(4, 0, 10), row(6, -1, 1)];
    w.commit(reports(rows)).await;
    let expected = [3, 2, 5, 1, 4, 6].map(|n| a.report(n).id);
    assert_eq!(w.inbox(&a.inbox(10)).await, expected);
    assert_eq!(w.inbox(&a.inbox(2)).await, expected[..2]);
}

/// Turning pages of any size meets every row once.
pub async fn turning_pages_meets_every_report_once(w: World) {
    let a = here();
    let rows =
        (0..60_u64).map(|n| ReportRow { urgency: (n % 4) as i16, received_at: at((n % 5) as i64), ..a.report(n) });
    let mut rows: Vec<ReportRow> = rows.collect();
    w.commit(reports(rows.clone())).await;
    rows.sort_by_key(|row| (-row.urgency, row.received_at, row.id));
    let expected: Vec<ReportId> = rows.iter().map(|row| row.id).collect();
    for limit in [1, 7, 60] {
        let (mut met, mut query) = (Vec::new(), a.inbox(limit));
        loop {
            let page = w.store.list_reports(&query).await.expect("listed");
            let Some(last) = page.last() else { break };
            query.after = Some((last.urgency, last.received_at, last.id));
            met.extend(page.iter().map(|row| row.id));
        }
        assert_eq!(met, expected, "in pages of {limit}");
    }
}

/// The inbox shows the states and handling units asked for; nobody's units show nothing.
pub async fn the_inbox_is_narrowed_by_state_and_unit(w: World) {
    let a = here();
    let asked = ReportRow { state: ReportState::Asked, ..a.report(2) };
    let elsewhere = ReportRow { handling_unit: a.annex, ..a.report(3) };
    w.commit(reports(vec![a.report(1), asked.clone(), elsewhere.clone()])).await;
    let states = |states: &[ReportState]| ReportQuery { states: states.to_vec(), ..a.inbox(10) };
    assert_eq!(w.inbox(&states(&[ReportState::Asked])).await, [asked.id]);
    assert_eq!(w.inbox(&states(&[ReportState::Accepted])).await, []);
    let units = |units: &[_]| ReportQuery { units: Some(units.to_vec()), ..a.inbox(10) };
    assert_eq!(w.inbox(&units(&[a.annex])).await, [elsewhere.id]);
    assert_eq!(w.inbox(&units(&[a.unit])).await, [a.report(1).id, asked.id]);
    assert_eq!(w.inbox(&units(&[a.unit, a.annex])).await.len(), 3);
    assert_eq!(w.inbox(&units(&[])).await, []);
}

/// For an excluded account the report does not exist; for everybody else it does.
pub async fn an_excluded_viewer_sees_no_report(w: World) {
    let a = here();
    w.commit(reports(vec![a.report(1), a.report(2)])).await;
    let hidden = a.report(1).id;
    w.commit(rows(vec![RowChange::Exclude(hidden.into(), a.officer)])).await;
    w.commit(rows(vec![RowChange::Exclude(hidden.into(), a.officer)])).await;
    assert_eq!(w.inbox(&a.inbox(10)).await, [a.report(2).id]);
    let clerk = ReportQuery { viewer: a.clerk, ..a.inbox(10) };
    assert_eq!(w.inbox(&clerk).await.len(), 2);
    w.commit(rows(vec![RowChange::Readmit(hidden.into(), a.officer)])).await;
    assert_eq!(w.inbox(&a.inbox(10)).await.len(), 2);
}

/// The verifier meets every report of every agency once.
pub async fn a_scan_meets_every_report_once(w: World) {
    let mut expected: Vec<ReportId> = Vec::new();
    for agency in [here(), there()] {
        let rows: Vec<_> = (1..=5).map(|n| agency.report(n)).collect();
        expected.extend(rows.iter().map(|row| row.id));
        w.commit(reports(rows)).await;
    }
    expected.sort();
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = w.store.scan_reports(after, 3).await.expect("read");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        met.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(met, expected);
}
