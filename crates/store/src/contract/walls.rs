//! The wall between agencies: every verb that takes a tenant answers as if no other existed.

use super::world::*;
use crate::*;

/// Streams, reports, incidents, sources, counts, files, settings and mail of one agency do not exist for another.
pub async fn another_agency_sees_nothing(w: World) {
    let (a, b) = (here(), there());
    let (stream, report) = (id(1), a.report(1));
    let incident = IncidentRow { source: Some(hash(3)), ..a.incident(1) };
    let file = a.file(1, FileOwner::Stream(stream));
    let change = Change {
        reports: vec![report.clone()],
        incidents: vec![incident.clone()],
        words: vec![Words { object: incident.id.into(), tokens: vec![token(1)] }],
        rollups: vec![super::rollups::count(2100, "all", "", 1, 10)],
        mail: vec![a.mail(1, false)],
        rows: vec![RowChange::Setting(Some(a.tenant), "tolerance".to_owned(), Some(b"15".to_vec()))],
        ..a.appending(stream, 0, 2)
    };
    w.commit(change).await;
    w.store.save_file(file.clone()).await.expect("saved");

    for (tenant, seen) in [(a.tenant, true), (b.tenant, false)] {
        let s = &w.store;
        assert_eq!(!s.read_stream(tenant, stream, 0).await.expect("read").is_empty(), seen);
        assert_eq!(!s.read_streams(tenant, &[stream]).await.expect("read").is_empty(), seen);
        assert_eq!(s.report(tenant, report.id).await.expect("read").is_some(), seen);
        assert_eq!(s.report_by_reference(Some(tenant), &report.reference).await.expect("read").is_some(), seen);
        assert_eq!(s.incident(tenant, incident.id).await.expect("read").is_some(), seen);
        assert_eq!(s.incident_by_reference(tenant, &incident.reference).await.expect("read").is_some(), seen);
        assert_eq!(!s.known_sources(tenant, &[hash(3)]).await.expect("read").is_empty(), seen);
        assert_eq!(!s.rollups(tenant, 2100, 2100).await.expect("read").is_empty(), seen);
        assert_eq!(s.file(tenant, file.id).await.expect("read").is_some(), seen);
        assert_eq!(s.setting(Some(tenant), "tolerance").await.expect("read").is_some(), seen);
        assert_eq!(!s.list_mail(Some(tenant), 10).await.expect("read").is_empty(), seen);
    }
}

/// Lists and searches never cross the wall, whoever looks and whatever is asked.
pub async fn lists_never_cross_the_wall(w: World) {
    let (a, b) = (here(), there());
    for agency in [a, b] {
        let (report, incident) = (agency.report(1), agency.incident(1));
        let words = vec![Words { object: incident.id.into(), tokens: vec![token(1)] }];
        w.commit(Change { reports: vec![report], incidents: vec![incident], words, ..Change::default() }).await;
    }
    assert_eq!(w.inbox(&ReportQuery { viewer: b.officer, ..a.inbox(10) }).await, [a.report(1).id]);
    assert_eq!(w.inbox(&ReportQuery { units: Some(vec![b.unit]), ..a.inbox(10) }).await, []);
    for (all, any) in [(vec![], vec![]), (vec![token(1)], vec![]), (vec![], vec![vec![token(1)]])] {
        for agency in [a, b] {
            let query = IncidentQuery { all: all.clone(), any: any.clone(), ..agency.all_incidents(10) };
            let found = w.store.list_incidents(&query).await.expect("listed");
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [agency.incident(1).id]);
        }
    }
}

/// A row stays with its agency: writing it under another is a mistake that changes nothing.
pub async fn a_row_stays_with_its_agency(w: World) {
    let (a, b) = (here(), there());
    let (report, incident) = (a.report(1), a.incident(1));
    let token =
        |account| TokenRow { secret: hash(1), account, scopes: String::new(), ends_at: at(9), withdrawn_at: None };
    let change = Change {
        reports: vec![report.clone()],
        incidents: vec![incident.clone()],
        rows: vec![RowChange::Token(token(a.officer))],
        ..Change::default()
    };
    w.commit(change).await;
    w.broken(Change { reports: vec![ReportRow { tenant: b.tenant, ..report.clone() }], ..Change::default() }).await;
    w.broken(Change { incidents: vec![IncidentRow { tenant: b.tenant, ..incident.clone() }], ..Change::default() })
        .await;
    for row in [
        RowChange::Unit(UnitRow { tenant: b.tenant, ..a.annex_row() }),
        RowChange::Account(AccountRow { tenant: b.tenant, ..a.account_row(a.officer) }),
        RowChange::Assignments(a.officer, vec![a.assignment(a.clerk, "officer")]),
        RowChange::Token(token(b.officer)),
    ] {
        w.broken(rows(vec![row])).await;
    }
    assert!(w.store.report(a.tenant, report.id).await.expect("read").is_some());
    assert!(w.store.incident(a.tenant, incident.id).await.expect("read").is_some());
    assert!(w.store.directory().await.expect("read").units.contains(&a.annex_row()));
}
