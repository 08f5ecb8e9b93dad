//! Whom the policies cover, who may report, whom the policy has reached, and which agencies it leaves out.

use super::hands::{FORM, Form, at, between};
use super::routing_utah;
use super::site::{DMH, Office, Site};
use domain::permission::Role;

// proves: DHSS-II
#[tokio::test]
async fn six_kinds_of_people_report_and_none_of_the_kinds_can_be_removed() {
    let office = Office {
        code: "DHSS",
        name: "Department of Health and Senior Services",
        zone: "America/Chicago",
        series: &["us-mo/dhss"],
        packs: &["common", "us-mo/dhss"],
        now: at("2024-03-04T09:20:00-06:00"),
    };
    let site = Site::of(&office).await;
    let officer = site.staff("T. Brandt", "brandt@example.gov", Role::LocalOfficer, site.unit).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    for (kind, label) in [
        ("employee", "Employee"),
        ("contractor", "Contractor"),
        ("intern", "Intern"),
        ("trainee", "Trainee"),
        ("researcher", "Researcher"),
        ("volunteer", "Volunteer"),
    ] {
        let reference = site.file(&Form { kind, ..FORM }).await;
        let report = site.get(&format!("/inbox/{reference}"), &officer).await;
        assert!(report.contains(&format!("<dd>{label}</dd>")), "{kind}: {report}");
        let no = site.ask("POST", "/admin/local/workforce/remove", &admin, &[("which", kind)]).await;
        assert_eq!(no.status(), axum::http::StatusCode::UNPROCESSABLE_ENTITY, "{kind} is the policy's own");
    }
    site.post("/admin/local/workforce", &admin, &[("kind", "Board member")]).await;
    let reference = site.file(&Form { kind: "board-member", ..FORM }).await;
    assert!(site.get(&format!("/inbox/{reference}"), &officer).await.contains("<dd>Board member</dd>"));
    site.post("/admin/local/workforce/remove", &admin, &[("which", "board-member")]).await;
    let kinds = site.get("/admin/local", &admin).await;
    assert!(!kinds.contains("Board member") && kinds.contains("Researcher"), "{kinds}");
}

// proves: UT-1250.1.2
#[tokio::test]
async fn a_contractor_of_utah_reports_and_somebody_from_outside_is_shown_as_such() {
    let site = Site::of(&routing_utah::office("2007-03-05T08:40:00-07:00")).await;
    let eiso = site.staff("E. Woods", "woods@example.gov", Role::ChiefOfficer, site.head).await;
    let contractor = site.file(&Form { kind: "contractor", ..FORM }).await;
    let report = site.get(&format!("/inbox/{contractor}"), &eiso).await;
    assert!(report.contains("<dd>Contractor</dd>") && !report.contains("external"), "{report}");
    let outside = site.file(&Form { kind: "external", ..FORM }).await;
    let report = site.get(&format!("/inbox/{outside}"), &eiso).await;
    assert!(report.contains("Someone from another organization (external: the policy does not bind them)"), "{report}");
}

// proves: UT-1250.1.3
#[tokio::test]
async fn an_agency_left_out_reports_voluntarily_and_owes_nothing() {
    let site = Site::of(&routing_utah::office("2007-02-01T10:00:00-07:00")).await;
    let eiso = site.staff("E. Woods", "woods@example.gov", Role::ChiefOfficer, site.head).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let left_out = site.facility("Legislature", "LEG").await.to_string();
    let entry = |reference| [("unit", left_out.as_str()), ("left-from", "2007-01-01"), ("reference", reference)];
    let path = "/organisation/rules/left-out";
    site.refused(path, &admin, &entry(""), "Write the law that leaves it out").await;
    site.post(path, &admin, &entry("UCA 63F-1-102(7)")).await;
    let reference = site.file(&Form { code: "LEG", ..FORM }).await;
    let report = site.get(&format!("/inbox/{reference}"), &eiso).await;
    assert!(report.contains("voluntary: the policy does not bind this unit (UCA 63F-1-102(7))"), "{report}");
    assert!(!report.contains("If you accept, these start"), "{report}");
    let incident = site.accept(&reference, &eiso).await;
    let page = site.get(&incident, &eiso).await;
    assert!(page.contains("Reported voluntarily") && !page.contains("<li id=\"duty-"), "{page}");
    // A unit that is not left out owes the report's duty.
    let reference = site.file(&FORM).await;
    let incident = site.accept(&reference, &eiso).await;
    assert!(site.get(&incident, &eiso).await.contains("<li id=\"duty-O51\""));
}

// proves: DMH16-1.C
#[tokio::test]
async fn somebody_unpaid_under_direct_control_reports_like_everybody_else() {
    let site = Site::of(&Office { now: at("2016-07-01T09:05:00-05:00"), ..DMH }).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let draft = site.write(&Form { kind: "under-direct-control", ..FORM }).await;
    let you = site.get(&format!("{draft}/you"), "").await;
    for kind in ["state-employee", "volunteer", "trainee", "under-direct-control", "client-worker"] {
        assert!(you.contains(&format!("name=\"kind\" value=\"{kind}\"")), "{kind}");
    }
    assert!(!you.contains("salary") && !you.to_lowercase().contains("are you paid"), "being paid is no condition");
    let reference = site.send(&draft, "").await;
    assert!(site.get("/inbox", &officer).await.contains(&reference));
}

// proves: DMH04-2.E
#[tokio::test]
async fn a_client_worker_reports_and_only_those_who_handle_the_case_see_that_they_are_one() {
    let packs: &[&str] = &["common", "us-mo/dmh-2004"];
    let site = Site::of(&Office { packs, now: at("2005-02-01T09:00:00-06:00"), ..DMH }).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let privacy = site.staff("P. Linn", "linn@example.gov", Role::PrivacyOfficer, site.unit).await;
    let auditor = site.staff("U. Stone", "stone@example.gov", Role::Auditor, site.head).await;
    let draft = site.write(&Form { kind: "client-worker", ..FORM }).await;
    let you = site.get(&format!("{draft}/you"), "").await;
    let kinds = ["employee", "volunteer", "contract-worker", "intern", "trainee", "regular-presence", "client-worker"];
    assert!(kinds.iter().all(|kind| you.contains(&format!("name=\"kind\" value=\"{kind}\""))), "{you}");
    let reference = site.send(&draft, "").await;
    let path = format!("/inbox/{reference}");
    assert!(site.get(&path, &officer).await.contains("Client worker"));
    for cookie in [&privacy, &auditor] {
        let page = site.get(&path, cookie).await;
        assert!(!page.contains("Client worker") && page.contains("Only those who handle the report"), "{page}");
    }
}

/// `count` people as a list, the first with `name 1`.
fn list(count: usize, kind: &str) -> String {
    (1..=count).map(|n| format!("Person {n:02},{kind},,2016-01-04\n")).collect()
}

/// The ids of the first people who are ticked on a page.
fn ticks(page: &str, count: usize) -> Vec<String> {
    let ids = page.split("name=\"member\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut named: Vec<(String, String)> = Vec::new();
    for id in ids {
        let name = between(page, &format!("value=\"{id}\"> <span>"), " <").to_owned();
        named.push((name, id));
    }
    named.sort();
    named.into_iter().take(count).map(|(_, id)| id).collect()
}

// proves: DMH16-2-aware
#[tokio::test]
async fn forty_seven_of_fifty_have_acknowledged_and_the_three_are_named_and_can_report() {
    let site = Site::of(&Office { now: at("2016-07-01T09:05:00-05:00"), ..DMH }).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let people = "/organisation/people/RVB";
    site.refused(people, &officer, &[("list", "Lee Park, astronaut")], "Line 1: “astronaut” is none of").await;
    site.post(people, &officer, &[("list", &list(50, "state-employee"))]).await;
    let page = site.get(people, &officer).await;
    assert!(page.contains(">0 of 50<"), "{page}");
    let who = ticks(&page, 47);
    let mut body: Vec<(&str, &str)> = who.iter().map(|id| ("member", id.as_str())).collect();
    body.extend([("material", "us-mo/dmh-2016"), ("on", "2016-06-30")]);
    site.post(&format!("{people}/taught"), &officer, &body).await;
    let page = site.get(people, &officer).await;
    assert!(page.contains(">47 of 50<") && page.contains("Missing (3)"), "{page}");
    let missing = between(&page, "Missing (3)", "</fieldset>");
    for name in ["Person 48", "Person 49", "Person 50"] {
        assert!(missing.contains(name), "{name}: {missing}");
    }
    assert!(!missing.contains("Person 47"), "{missing}");
    let guide = site.get("/r/RVB/guide", "").await;
    for kind in ["(2)a", "(2)b", "(2)c", "(2)d", "(2)e", "(2)f"] {
        assert!(guide.contains(kind), "{kind}: {guide}");
    }
    assert!(site.get("/es/r/RVB/guide", "").await.contains("Qué debe informar"));
    // Person 50 has acknowledged nothing and reports without being asked about it.
    let reference = site.file(&FORM).await;
    assert!(site.get("/inbox", &officer).await.contains(&reference));
}

// proves: MODOT-2
#[tokio::test]
async fn eighteen_of_twenty_were_taught_which_is_ninety_percent_and_the_two_are_named() {
    let office = Office {
        code: "MODOT",
        name: "Department of Transportation",
        zone: "America/Chicago",
        series: &["us-mo/modot"],
        packs: &["common", "us-mo/modot"],
        now: at("2024-03-04T09:20:00-06:00"),
    };
    let site = Site::of(&office).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let people = "/organisation/people/RVB";
    let rows = list(20, "employee");
    site.post(people, &officer, &[("list", &rows)]).await;
    let who = ticks(&site.get(people, &officer).await, 18);
    let mut body: Vec<(&str, &str)> = who.iter().map(|id| ("member", id.as_str())).collect();
    body.extend([("material", "2024-1"), ("on", "2024-03-01"), ("taught-by", "Training office")]);
    site.post(&format!("{people}/taught"), &officer, &body).await;
    let page = site.get(people, &officer).await;
    assert!(page.contains(">18 of 20<") && page.contains("(90 %)") && page.contains("Missing (2)"), "{page}");
    let missing = between(&page, "Missing (2)", "</fieldset>");
    assert!(missing.contains("Person 19") && missing.contains("Person 20"), "{missing}");
    assert!(missing.contains("taught nothing yet") && page.contains("by Training office"), "{page}");
    // Somebody new counts from the first day, and somebody who has left counts no more.
    site.post(people, &officer, &[("list", "New Joiner, employee, RVB, 2024-03-04")]).await;
    let page = site.get(people, &officer).await;
    assert!(page.contains(">18 of 21<") && between(&page, "Missing (3)", "Person").contains("New Joiner"), "{page}");
}
