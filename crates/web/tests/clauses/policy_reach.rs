//! How far a policy reaches: what travels with an incident, one register for a whole state, documents that somebody has to
//! supply, and values that are the organisation's own.

use app::api_token::Scope;
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;
use ground::words;

use super::site::{DMH, Office, Site, text};

const UTAH: Office<'static> = Office {
    code: "UT",
    name: "Department of Technology Services",
    zone: "America/Denver",
    series: &["us-ut/dts"],
    packs: &["common", "us-ut/dts-2006"],
    ..DMH
};

/// An incident of an office, marked with 42 CFR Part 2, an officer who works it, and a token of theirs.
async fn marked(office: &Office<'_>) -> (Site, String, String, String) {
    let site = Site::of(office).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let (token, _) = site.app.make_token("ortiz@example.gov", &Scope::ALL, 30).await.unwrap();
    let report = site.files("RVB", "A counsellor's notes were left in a taxi.").await;
    let incident = site.accepts(&officer, &report).await;
    site.post(&format!("{incident}/tags"), &officer, &[("tag", "42-cfr-2"), ("on", "yes")]).await;
    (site, incident, officer, token)
}

// proves: DMH04-PURPOSE
#[tokio::test]
async fn the_federal_rules_of_2004_and_the_mark_go_out_with_an_incident() {
    // Tue, Mar 15, 2005, 9:10 a.m. CST
    let office = Office { packs: &["common", "us-mo/dmh-2004"], now: 1_110_899_400_000_000, ..DMH };
    let (site, incident, officer, token) = marked(&office).await;
    let told = site.told(&format!("/api/v1{incident}"), &token).await;
    let bases: Vec<(&str, bool)> = told["legal_bases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|basis| (basis["cite"].as_str().unwrap(), basis["marked"].as_bool().unwrap()))
        .collect();
    assert_eq!(bases, [("45 CFR 160, 162 and 164", false), ("42 CFR 2", true)]);
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("<span class=\"usa-tag\">42 CFR 2</span>"), "{page}");

    // The mark comes off again, and a basis that the policy does not name is none.
    site.post(&format!("{incident}/tags"), &officer, &[("tag", "42-cfr-2"), ("on", "no")]).await;
    assert!(!site.get(&incident, &officer).await.contains("<span class=\"usa-tag\">42 CFR 2</span>"));
    let unknown = site.ask("POST", &format!("{incident}/tags"), &officer, &[("tag", "7-cfr-1"), ("on", "yes")]).await;
    assert_eq!(unknown.status(), 422);
}

// proves: DMH16-PURPOSE
#[tokio::test]
async fn the_mark_is_on_what_is_recorded_as_disclosed() {
    let (site, incident, officer, token) = marked(&DMH).await;
    let said = [("words", "The county's counsel received the list of names."), ("kind", "disclosure")];
    site.post(&format!("{incident}/notes"), &officer, &said).await;
    let said = [("words", "The taxi company called back."), ("kind", "note")];
    site.post(&format!("{incident}/notes"), &officer, &said).await;
    let told = site.told(&format!("/api/v1{incident}"), &token).await;
    let marks: Vec<&serde_json::Value> =
        told["timeline"].as_array().unwrap().iter().map(|entry| &entry["legal_bases"]).collect();
    assert_eq!(marks, [&serde_json::json!(["42-cfr-2"]), &serde_json::json!([])]);
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("disclosure</span>") && page.contains("<span class=\"usa-tag\">42-cfr-2</span>"), "{page}");
    // The pack of 2016 rests on the same two bases as that of 2004.
    assert!(page.contains("45 CFR 160, 162 and 164"), "{page}");
}

// proves: UT-1250.1
#[tokio::test]
async fn every_report_of_three_agencies_reaches_the_one_register_of_the_state() {
    let site = Site::of(&UTAH).await;
    let mut agencies = vec![("RVB".to_owned(), site.unit)];
    for (code, name) in [("HLT", "Department of Health"), ("TAX", "Tax Commission")] {
        let profile = UnitProfile { name: words(name), kind: UnitKind::Office, phone: None, policies: vec![] };
        agencies.push((code.to_owned(), site.app.add_unit(site.tenant, site.head, code, &profile).await.unwrap()));
    }
    let eiso = site.staff("E. Stone", "stone@example.gov", Role::ChiefOfficer, site.head).await;
    let mut filed = Vec::new();
    for (n, (code, unit)) in agencies.iter().enumerate() {
        let email = format!("director{n}@example.gov");
        let director = site.staff("D. Pine", &email, Role::Executive, *unit).await;
        filed.push((site.files(code, &format!("Report of {code}.")).await, director));
    }
    let register = site.get("/inbox", &eiso).await;
    for (report, _) in &filed {
        assert!(register.contains(report), "{report}: {register}");
    }
    let mut incidents = Vec::new();
    for (report, director) in filed {
        let incident = site.accepts(&eiso, &report).await;
        incidents.push((incident.rsplit('/').next().unwrap().to_owned(), director));
    }
    let register = site.get("/incidents", &eiso).await;
    for (reference, _) in &incidents {
        assert!(register.contains(reference), "{reference}");
    }
    for (own, director) in &incidents {
        let theirs = site.get("/incidents", director).await;
        for (reference, _) in &incidents {
            assert_eq!(theirs.contains(reference), reference == own, "{own} sees {reference}");
        }
    }
}

// proves: UT-1250.3.2
#[tokio::test]
async fn without_a_procedure_a_gap_shows_and_reports_are_taken_all_the_same() {
    let site = Site::of(&UTAH).await;
    let eiso = site.staff("E. Stone", "stone@example.gov", Role::ChiefOfficer, site.head).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let procedure = "EISO Computer Security Incidents Reporting Procedure";
    let readiness = site.get("/policy", &eiso).await;
    let gaps = &readiness[readiness.find("Readiness: what is missing").expect("a list of gaps")..];
    assert!(gaps[..gaps.find("</section>").unwrap()].contains(procedure), "{readiness}");
    assert!(site.get("/intake", &eiso).await.contains(&format!("{procedure}: not supplied")));
    site.files("RVB", "Intake works without it.").await;

    let fields = [("slot", "reporting-procedure"), ("version", "3"), ("since", "2026-09-01")];
    let answer = site.send_file("/admin/local/documents", &admin, &fields, ("file", b"Step 1: call.")).await;
    assert_eq!(answer.status(), 303, "{}", text(answer).await);
    let readiness = site.get("/policy", &eiso).await;
    let gaps = &readiness[readiness.find("Readiness: what is missing").expect("other gaps stay")..];
    assert!(!gaps[..gaps.find("</section>").unwrap()].contains(procedure), "the gap is closed");
    let intake = site.get("/intake", &eiso).await;
    assert!(intake.contains("version 3") && intake.contains("in force since"), "{intake}");

    // The next version takes its place; the first one stays readable, byte for byte.
    let first = intake[intake.find("/policy/documents/").unwrap()..].split('"').next().unwrap().to_owned();
    let fields = [("slot", "reporting-procedure"), ("version", "4"), ("since", "2026-10-01")];
    site.send_file("/admin/local/documents", &admin, &fields, ("file", b"Step 1: call at once.")).await;
    assert!(site.get("/intake", &eiso).await.contains("version 4"));
    assert!(site.get("/admin/local", &admin).await.contains(&first), "earlier versions are listed");
    assert_eq!(site.get(&first, &eiso).await, "Step 1: call.");
    let again = site.send_file("/admin/local/documents", &admin, &fields, ("file", b"Other")).await;
    site.says_no(again, "a version of this name already").await;
}

#[tokio::test]
async fn a_local_value_counts_as_soon_as_it_is_set_and_is_shown_as_local() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let chief = site.sign_in("vance@example.gov").await;
    let tolerance = |minutes| [("value", "immediate-tolerance"), ("to-immediate-tolerance", minutes)];
    site.says_no(site.ask("POST", "/admin/local/values", &admin, &tolerance("soon")).await, "whole number").await;
    site.post("/admin/local/values", &admin, &tolerance("15")).await;
    let report = site.files("RVB", "Odd mail.").await;
    let incident = site.accepts(&officer, &report).await;
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("15 minutes later counts as on time (local value)"), "{page}");
    let policy = site.get("/policy", &chief).await;
    assert!(policy.contains("15 minutes") && policy.contains("usual value: 60 minutes"), "{policy}");
    site.post("/admin/local/values", &admin, &tolerance("")).await;
    assert!(site.get("/policy", &chief).await.contains("immediately (60 minutes count as on time, a local value)"));
    let journal = site.get("/admin/journal", &admin).await;
    assert!(
        journal.contains("Set the local value immediate-tolerance to 15; before it was the usual value."),
        "{journal}"
    );
}

#[tokio::test]
async fn kinds_of_workforce_are_added_and_those_of_the_policy_stay() {
    let office = Office {
        code: "DHSS",
        name: "Department of Health",
        series: &["us-mo/dhss"],
        packs: &["common", "us-mo/dhss"],
        ..DMH
    };
    let site = Site::of(&office).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    site.post("/admin/local/workforce", &admin, &[("kind", "Fellow")]).await;
    let page = site.get("/admin/local", &admin).await;
    assert!(page.contains("Fellow") && page.contains("named by the policy, DHSS-II"), "{page}");
    let no = site.ask("POST", "/admin/local/workforce/remove", &admin, &[("which", "researcher")]).await;
    site.says_no(no, "The policy names this kind (DHSS-II), so it stays").await;
    assert!(site.get("/admin/journal", &admin).await.contains("Was refused, by DHSS-II"));
    site.post("/admin/local/workforce/remove", &admin, &[("which", "fellow")]).await;
    assert!(!site.get("/admin/local", &admin).await.contains("Fellow"));
}

#[tokio::test]
async fn the_policy_page_says_of_every_clause_where_it_acts_and_what_came_of_it() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let auditor = site.staff("Q. Lane", "lane@example.gov", Role::Auditor, site.head).await;
    let report = site.files("RVB", "Odd mail.").await;
    let incident = site.accepts(&officer, &report).await;
    let duty = format!("{incident}/duties/O43");
    site.post(&duty, &officer, &[("how", "recorded"), ("words-O43", "Ticket 55120")]).await;
    let page = site.get("/policy", &auditor).await;
    let row = &page[page.find("id=\"clause-DMH16-3.a-ticket\"").expect("the clause of the ticket")..];
    let row = &row[..row.find("</tr>").unwrap()];
    assert!(row.contains("O43") && row.contains("1 opened, 1 met"), "{row}");
    for words in ["House readings", "Local values", "Documents it refers to", "Reviewed by counsel", "never"] {
        assert!(page.contains(words), "{words}");
    }
    // Somebody of one facility reads the clauses and no counts over the agency.
    let page = site.get("/policy", &officer).await;
    assert!(page.contains("clause-DMH16-3.a-ticket") && !page.contains("1 opened"), "{page}");
}
