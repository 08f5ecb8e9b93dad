//! What is done about an incident, and what has to stand before it closes.

use super::{DHSS, chief, entry, incident, refused};
use crate::site::Site;
use axum::http::StatusCode;
use domain::permission::Role;

/// Answers for what holds closing up besides, so that what is left is what a test is about.
async fn ready(site: &Site, incident: &str, officer: &str) {
    let told = [("how", "called"), ("words-O4", "The state office, by telephone")];
    site.ask("POST", &format!("{incident}/duties/O4"), officer, &told).await;
}

const STATEMENTS: [(&str, &str); 2] = [
    ("statement.damage-limited", "The line was cut within the hour."),
    ("statement.recurrence-prevented", "The account has a second factor now."),
];

// proves: DHSS-I
#[tokio::test]
async fn an_incident_closes_with_both_statements_and_prints_them() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    ready(&site, &incident, &officer).await;
    let close = format!("{incident}/close");
    let page = refused(&site, &close, &officer, &STATEMENTS[..1]).await;
    assert!(page.contains("The statement on how recurrence is prevented is empty."), "{page}");
    site.post(&close, &officer, &STATEMENTS).await;
    let summary = site.get(&incident, &officer).await;
    for (_, words) in STATEMENTS {
        assert!(summary.contains(words), "{words}: {summary}");
    }
    assert!(summary.contains("Damage limited") && summary.contains("Recurrence prevented"), "{summary}");
}

// proves: DHSS-III-prevent
#[tokio::test]
async fn a_step_of_prevention_is_done_or_handed_to_somebody_by_a_day() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    ready(&site, &incident, &officer).await;
    let (sheet, close) = (format!("{incident}/sheets/prevention"), format!("{incident}/close"));
    let step = [("f.what", "A second factor for all accounts"), ("f.owner", "M. Chen"), ("f.by", "2024-03-20")];
    site.post(&sheet, &officer, &step).await;
    let page = refused(&site, &close, &officer, &STATEMENTS).await;
    assert!(page.contains("A second factor for all accounts") && page.contains("Done on"), "{page}");

    // A name without a day is not enough.
    let id = entry(&site, &sheet, &officer).await;
    let handed = [&step[..], &[("entry", id.as_str()), ("f.handed-to", "M. Chen")]].concat();
    site.post(&sheet, &officer, &handed).await;
    refused(&site, &close, &officer, &STATEMENTS).await;
    site.post(&sheet, &officer, &[&handed[..], &[("f.handed-until", "2024-04-01")]].concat()).await;
    let log = site.get(&sheet, &officer).await;
    assert!(log.contains("Or handed to, when the incident closes first: M. Chen"), "{log}");
    assert!(log.contains("To be done by: Mon, Apr 1, 2024"), "{log}");
    site.post(&close, &officer, &STATEMENTS).await;
}

// proves: DHSS-IV.C
#[tokio::test]
async fn an_isolation_is_recorded_by_technical_staff_with_name_time_and_target() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    let sheet = format!("{incident}/sheets/isolation");
    let isolated = [("f.item", "Laptop 4711"), ("f.isolated", "2024-03-04 10:30")];
    let member = site.staff("W. Hart", "hart@example.gov", Role::WorkforceMember, site.unit).await;
    let answer = site.ask("POST", &sheet, &member, &isolated).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "nothing of the incident is theirs");
    let local = site.staff("L. Moss", "moss@example.gov", Role::LocalOfficer, site.unit).await;
    let page = refused(&site, &sheet, &local, &isolated).await;
    assert!(page.contains("State IT technical staff"), "it says whose it is: {page}");
    assert!(site.get(&sheet, &officer).await.contains("Nothing is on record here yet."));

    let technician = site.staff("T. Okafor", "okafor@example.gov", Role::Investigator, site.head).await;
    site.post(&sheet, &technician, &isolated).await;
    let page = site.get(&sheet, &officer).await;
    for said in ["Laptop 4711", "10:30", "T. Okafor", "Mar 4, 2024, 11:00"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

// proves: DHSS-IV.C.1
#[tokio::test]
async fn what_is_still_cut_off_is_named_when_the_incident_closes() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    ready(&site, &incident, &officer).await;
    let (sheet, close) = (format!("{incident}/sheets/isolation"), format!("{incident}/close"));
    let isolated = [("f.item", "Laptop 4711"), ("f.isolated", "2024-03-04 10:30")];
    site.post(&sheet, &officer, &isolated).await;
    let page = refused(&site, &close, &officer, &STATEMENTS).await;
    assert!(page.contains("Laptop 4711") && page.contains("Or why it stays isolated"), "{page}");
    let id = entry(&site, &sheet, &officer).await;
    let stays = [&isolated[..], &[("entry", id.as_str()), ("f.stays", "It is evidence now.")]].concat();
    site.post(&sheet, &officer, &stays).await;
    site.post(&close, &officer, &STATEMENTS).await;
}

// proves: DHSS-IV.C.2
#[tokio::test]
async fn an_examination_is_open_until_it_has_a_finding_and_then_done_at_that_time() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    let sheet = format!("{incident}/sheets/examination");
    let looked = [("f.source", "Mail server log"), ("f.examiner", "T. Okafor"), ("f.period", "March 1 to 4")];
    site.post(&sheet, &officer, &looked).await;
    let page = site.get(&sheet, &officer).await;
    assert!(page.contains("Unfinished") && page.contains("Still empty: What was found?"), "{page}");
    site.later(2 * 3_600);
    let officer = site.sign_in("ortiz@example.gov").await;
    let id = entry(&site, &sheet, &officer).await;
    let found = [&looked[..], &[("entry", id.as_str()), ("f.finding", "Two sign-ins from abroad.")]].concat();
    site.post(&sheet, &officer, &found).await;
    let page = site.get(&sheet, &officer).await;
    let at = page.find("Complete").expect("it is done");
    let since: String = page[at..].chars().take(200).collect();
    assert!(since.contains("Mar 4, 1:00"), "{page}");
}

// proves: DHSS-IV.C.3
#[tokio::test]
async fn interview_notes_are_for_those_who_handle_the_incident() {
    let site = Site::of(&DHSS).await;
    let draft = super::drafted(&site, "other").await;
    let sent = super::send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = super::accept(&site, &sent.reference, &officer).await;
    let sheet = format!("{incident}/sheets/interview");
    let spoken = [
        ("f.person", "The trainee of room 12"),
        ("f.interviewer", "A. Ortiz"),
        ("f.when", "2024-03-04 10:45"),
        ("f.notes", "The desk stood open since Friday."),
    ];
    site.post(&sheet, &officer, &spoken).await;
    assert!(site.get(&sheet, &officer).await.contains("The desk stood open since Friday."));
    let page = site.get(&sent.link, "").await;
    assert!(page.contains("never shows findings, interview notes, names"), "{page}");
    for hidden in ["The desk stood open", "trainee of room 12", "A. Ortiz"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
}
