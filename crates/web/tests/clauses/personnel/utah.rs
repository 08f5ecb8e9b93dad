//! Utah: the procedure that was bypassed, violations by intent and outcome, and the statement that a supervisor signs.

use super::World;
use crate::utah::DTS;
use axum::http::StatusCode;
use domain::permission::Role;

const VIOLATION: [(&str, &str); 3] =
    [("f.person", "J. Poole"), ("f.provision", "1250.3.1: report as fast as you can"), ("f.intent", "intentional")];

fn violation<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [VIOLATION.as_slice(), more].concat()
}

// proves: UT-1250.3.2-enforce
#[tokio::test]
async fn a_bypassed_procedure_is_linked_to_its_case_and_counted_for_the_agency_without_a_name() {
    let world = World::of(&DTS).await;
    let site = &world.site;
    let count = async || {
        let answer = site.ask("GET", "/stats.csv?of=bypassed-procedure.step", &world.officer, &[]).await;
        crate::site::text(answer).await
    };
    assert!(!count().await.contains("Reported another way,1,"));
    let said = [
        ("f.step", "another-way"),
        ("f.who", "J. Poole"),
        ("f.how", "Told a colleague at another agency by mail, and nobody here."),
        ("f.action", "reminded"),
    ];
    site.post(&world.sheet("bypassed-procedure"), &world.officer, &said).await;
    let page = site.get(&world.incident, &world.officer).await;
    assert!(page.contains("/sheets/bypassed-procedure") && page.contains("1 entry"), "{page}");
    let counted = count().await;
    assert!(counted.contains("Reported another way,1,") && !counted.contains("Poole"), "{counted}");
    // The procedure is the state office's to enforce: others who work the incident leave it alone.
    let other = site.staff("I. Novak", "novak@example.gov", Role::Investigator, site.head).await;
    let refused = world.refused(&world.sheet("bypassed-procedure"), &other, &said).await;
    assert!(refused.contains("is recorded by: Enterprise Information Security Office"), "{refused}");
}

// proves: UT-1250.4.1
#[tokio::test]
async fn discipline_without_a_finding_of_intent_is_asked_about_first() {
    let world = World::of(&DTS).await;
    world.hand_over().await;
    let sheet = world.sheet("violation");
    let open = [
        ("f.person", "J. Poole"),
        ("f.provision", "1250.3.5"),
        ("f.intent", "not-determined"),
        ("f.outcome", "state"),
        ("f.decision", "discipline"),
    ];
    let asked = world.refused(&sheet, &world.hr, &open).await;
    assert!(asked.contains("Find out first whether it was on purpose"), "{asked}");
    assert_eq!(world.entries("violation", &world.hr).await.len(), 0, "nothing is on record yet");
    let accident = [("f.person", "J. Poole"), ("f.provision", "1250.3.5"), ("f.intent", "not-intentional")];
    world.record("violation", &accident).await;
    assert!(world.read("violation", &world.hr).await.contains("Not on purpose: no discipline is proposed"));
    let because = [open.as_slice(), &[("sheet-reason", "The finding follows by Friday.")]].concat();
    world.record("violation", &because).await;
    world.record("violation", &violation(&[("f.outcome", "state"), ("f.decision", "discipline")])).await;
    assert_eq!(world.entries("violation", &world.hr).await.len(), 3);
}

// proves: UT-1250.4.2
#[tokio::test]
async fn harm_to_a_client_generally_warrants_discipline_and_the_record_does_not_close_undecided() {
    let world = World::of(&DTS).await;
    world.hand_over().await;
    world.record("violation", &violation(&[("f.outcome", "client")])).await;
    let page = world.read("violation", &world.hr).await;
    assert!(page.contains("Discipline is generally warranted"), "{page}");
    assert!(page.contains("Still empty: Is there discipline?"), "{page}");
    let entry = world.entries("violation", &world.hr).await.pop().unwrap();
    let sign = format!("{}/sign", world.sheet("violation"));
    let refused = world.refused(&sign, &world.hr, &World::signing(&entry)).await;
    assert!(refused.contains("Fill this in before you sign: Is there discipline?"), "{refused}");
    let decided = violation(&[("f.outcome", "client"), ("f.decision", "discipline"), ("entry", &entry)]);
    world.record("violation", &decided).await;
    world.sign("violation").await;
    let page = world.site.get(&world.incident, &world.officer).await;
    assert!(page.contains("Personnel review: not done"), "the discipline itself is not on record: {page}");
    let done = [("f.person", "J. Poole"), ("f.action", "suspension"), ("f.on", "2007-03-05")];
    world.record("discipline", &done).await;
    world.sign("discipline").await;
    let page = world.site.get(&world.incident, &world.officer).await;
    assert!(page.contains("Personnel review: done"), "{page}");
    let sealed = [("violation", "Violation by a person"), ("discipline", "Suspension")];
    world.nothing_of(&world.officer, &sealed).await;
}

// proves: UT-1250.4.2-document
#[tokio::test]
async fn without_discipline_the_supervisor_of_that_employee_writes_four_texts_and_signs() {
    let world = World::of(&DTS).await;
    let site = &world.site;
    let park = site.staff("M. Park", "park@example.gov", Role::CsirtMember, site.head).await;
    let marsh = site.staff("L. Marsh", "marsh@example.gov", Role::CsirtMember, site.head).await;
    world.hand_over().await;
    let sheet = world.sheet("no-discipline-statement");
    world.is_hidden("GET", &sheet, &world.hr).await;
    world.record("violation", &violation(&[("f.outcome", "gain"), ("f.decision", "no-discipline")])).await;
    world.sign("violation").await;
    world.is_hidden("GET", &sheet, &park).await;
    let begun = [("f.employee", "J. Poole"), ("f.supervisor", &*world.account("M. Park"))];
    world.record("no-discipline-statement", &begun).await;
    let other = [("f.employee", "T. Reed"), ("f.supervisor", &*world.account("L. Marsh"))];
    world.record("no-discipline-statement", &other).await;

    // Each supervisor sees their own employee's entry, and nothing else of the case.
    let own = world.entries("no-discipline-statement", &park).await;
    let theirs = world.entries("no-discipline-statement", &marsh).await;
    assert!(own.len() == 1 && theirs.len() == 1 && own != theirs, "{own:?} {theirs:?}");
    for path in [&world.incident, &world.sheet("violation"), &format!("{}/personnel", world.incident)] {
        world.is_hidden("GET", path, &park).await;
    }
    let three = [
        ("entry", &*own[0]),
        ("f.employee", "J. Poole"),
        ("f.violation", "Kept a found memory card for two days."),
        ("f.gravity", "Slight."),
        ("f.extent", "No gain remained; the card is back."),
    ];
    site.post(&sheet, &park, &three).await;
    let sign = format!("{sheet}/sign");
    let signing = |entry: &'static str| [("entry", entry), ("name", "M. Park"), ("password", crate::site::PASSWORD)];
    let entry: &'static str = String::leak(own[0].clone());
    let refused = world.refused(&sign, &park, &signing(entry)).await;
    assert!(refused.contains("Fill this in before you sign: Why no discipline was called for"), "{refused}");
    let four = [three.as_slice(), &[("f.reasons", "It was a first mistake, told by himself.")]].concat();
    site.post(&sheet, &park, &four).await;
    // Nobody signs in the supervisor's place: not human resources, not another supervisor.
    let refused = world.refused(&sign, &world.hr, &World::signing(entry)).await;
    assert!(refused.contains("is signed by: Supervisor of the employee"), "{refused}");
    let answer = site.ask("POST", &sign, &marsh, &signing(entry)).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
    site.post(&sign, &park, &signing(entry)).await;
    let page = world.read("no-discipline-statement", &world.hr).await;
    assert!(page.contains("Signed by M. Park, Supervisor of the employee"), "{page}");

    // It stays as it was signed.
    let change = [four.as_slice(), &[("f.gravity", "Grave."), ("sheet-reason", "Looked again")]].concat();
    let answer = site.ask("POST", &sheet, &park, &change).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
    let strike = [("entry", entry), ("strike-reason", "Not wanted")];
    let refused = world.refused(&format!("{sheet}/strike"), &world.hr, &strike).await;
    assert!(refused.contains("nothing of it changes any more"), "{refused}");
    let page = world.read("no-discipline-statement", &park).await;
    assert!(page.contains("Slight.") && !page.contains("Grave."), "{page}");
    let answer = site.ask("GET", &world.incident, &world.officer, &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    world.nothing_of(&world.officer, &[("no-discipline-statement", "Why there was no discipline")]).await;
}

// proves: UT-1250.1.1-statistics
#[tokio::test]
async fn costs_of_recovery_are_added_up_over_the_incidents_that_have_one() {
    let world = World::of(&DTS).await;
    let site = &world.site;
    let mut incidents = vec![world.incident.clone()];
    for said in ["A ransom note.", "A console was wiped."] {
        let report = site.report("malware", said).await;
        let to = site.post(&format!("/inbox/{report}/accept"), &world.officer, &[]).await;
        incidents.push(to.split('?').next().unwrap().to_owned());
    }
    let figures = async |incident: &str, cost: &str| {
        let said = [("f.vulnerability", "missing-update"), ("f.attacks", "3"), ("f.hours", "12"), ("f.cost", cost)];
        site.post(&format!("{incident}/sheets/figures"), &world.officer, &said).await;
    };
    figures(&incidents[0], "1,000.00").await;
    figures(&incidents[1], "250.50").await;
    let page = world.refused(&format!("{}/sheets/figures", incidents[2]), &world.officer, &[("f.cost", "ten")]).await;
    assert!(page.contains("Write a sum such as 1,250.50"), "{page}");
    figures(&incidents[2], "").await;
    let page = site.get("/stats?year=2007", &world.officer).await;
    assert!(page.contains("1,250.50 over 2 of 3 incidents"), "{page}");
    let weak = site.get("/stats.csv?of=figures.vulnerability", &world.officer).await;
    assert!(weak.contains("A missing update,3,"), "{weak}");
}
