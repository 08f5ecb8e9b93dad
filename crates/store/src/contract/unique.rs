//! Values of which there may be one: who comes second is told which value is taken, and nothing of theirs is written.

use super::world::*;
use crate::*;

fn report(row: ReportRow) -> Change {
    Change { reports: vec![row], ..Change::default() }
}

fn incident(row: IncidentRow) -> Change {
    Change { incidents: vec![row], ..Change::default() }
}

/// A printed report reference exists once, over all agencies.
pub async fn a_report_reference_is_taken_once(w: World) {
    w.commit(report(here().report(1))).await;
    for mut second in [here().report(2), there().report(2)] {
        second.reference = here().report(1).reference;
        assert_eq!(w.refused(report(second)).await, Refused::Taken { what: "reference" });
    }
    let both = Change {
        reports: vec![here().report(3), ReportRow { id: id(9), secret: hash(9), ..here().report(3) }],
        ..Change::default()
    };
    assert_eq!(w.refused(both).await, Refused::Taken { what: "reference" });
}

/// A private status link opens one report.
pub async fn a_status_secret_is_taken_once(w: World) {
    w.commit(report(here().report(1))).await;
    let second = ReportRow { secret: here().report(1).secret, ..there().report(2) };
    assert_eq!(w.refused(report(second)).await, Refused::Taken { what: "secret" });
}

/// An incident reference exists once within its agency; another agency may print the same.
pub async fn an_incident_reference_is_taken_once_in_its_agency(w: World) {
    w.commit(incident(here().incident(1))).await;
    let reference = here().incident(1).reference;
    let second = IncidentRow { reference: reference.clone(), ..here().incident(2) };
    assert_eq!(w.refused(incident(second)).await, Refused::Taken { what: "reference" });
    w.commit(incident(IncidentRow { reference, ..there().incident(2) })).await;
}

/// A source record becomes one incident of an agency, also when two importers race.
pub async fn a_source_is_imported_once(w: World) {
    let from = |agency: Agency, n| IncidentRow { source: Some(hash(5)), ..agency.incident(n) };
    let outcomes = futures::future::join_all((1..=4).map(|n| w.store.commit(incident(from(here(), n))))).await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for outcome in lost {
        assert_eq!(refusal(outcome), Refused::Taken { what: "source" });
    }
    w.commit(incident(from(there(), 5))).await;
    // Incidents without a source do not collide with each other.
    w.commit(incident(here().incident(6))).await;
    w.commit(incident(here().incident(7))).await;
}

/// A sign-in name leads to one account.
pub async fn a_login_is_taken_once(w: World) {
    let a = here();
    let second = AccountRow { login: a.account_row(a.officer).login, ..there().account_row(id(9)) };
    assert_eq!(w.refused(rows(vec![RowChange::Account(second)])).await, Refused::Taken { what: "login" });
}

/// Codes of agencies, and codes of units over all agencies, are printed once.
pub async fn a_code_is_taken_once(w: World) {
    let tenant = TenantRow { id: id(9), ..here().row() };
    assert_eq!(w.refused(rows(vec![RowChange::Tenant(tenant)])).await, Refused::Taken { what: "code" });
    let unit = UnitRow { id: id(9), code: here().unit_row().code, ..there().unit_row() };
    assert_eq!(w.refused(rows(vec![RowChange::Unit(unit)])).await, Refused::Taken { what: "code" });
}

/// Writing a row again with the values it has already takes nothing.
pub async fn a_row_does_not_collide_with_itself(w: World) {
    let a = here();
    for _ in 0..2 {
        w.commit(report(a.report(1))).await;
        w.commit(incident(IncidentRow { source: Some(hash(5)), ..a.incident(1) })).await;
        w.commit(rows(vec![
            RowChange::Tenant(a.row()),
            RowChange::Unit(a.annex_row()),
            RowChange::Account(a.account_row(a.officer)),
        ]))
        .await;
    }
}

/// Only sources that are present are known.
pub async fn known_sources_are_told(w: World) {
    w.commit(incident(IncidentRow { source: Some(hash(1)), ..here().incident(1) })).await;
    w.commit(incident(IncidentRow { source: Some(hash(2)), ..there().incident(2) })).await;
    let asked = [hash(1), hash(2), hash(3)];
    assert_eq!(w.store.known_sources(here().tenant, &asked).await.expect("read"), [hash(1)]);
    assert!(w.store.known_sources(here().tenant, &[]).await.expect("read").is_empty());
}
