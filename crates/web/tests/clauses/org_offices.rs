//! Offices of the Department of Mental Health: who is designated from when to when, who is away, and what is a gap.

use super::hands::{FORM, Form, at};
use super::site::{DMH, Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

const EDITION_2004: &[&str] = &["common", "us-mo/dmh-2004"];

fn edition(packs: &'static [&'static str], moment: &str) -> Office<'static> {
    Office { packs, now: at(moment), ..DMH }
}

async fn with_administrator(packs: &'static [&'static str], moment: &str) -> (Site, String) {
    let site = Site::of(&edition(packs, moment)).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    (site, admin)
}

impl Site {
    /// Lets somebody in without a role; gives their account.
    async fn newcomer(&self, admin: &str, name: &str, email: &str) -> String {
        let made = self.ask("POST", "/admin/people", admin, &[("name", name), ("email", email)]).await;
        assert_eq!(made.status(), StatusCode::OK);
        text(made).await;
        self.account(admin, name.rsplit(' ').next().unwrap()).await
    }
}

// proves: DMH04-2.F
#[tokio::test]
async fn a_second_chief_ends_the_first_and_history_answers_who_held_the_office_on_any_day() {
    let (site, admin) = with_administrator(EDITION_2004, "2004-10-01T09:00:00-05:00").await;
    let office = "/organisation/office/DMH/cso";
    let first = site.newcomer(&admin, "C. Vance", "vance@example.gov").await;
    let second = site.newcomer(&admin, "R. Quill", "quill@example.gov").await;
    site.post(office, &admin, &[("holder", &first), ("from", "2004-09-01"), ("by", "Department Director")]).await;
    site.post(office, &admin, &[("holder", &second), ("from", "2005-02-01"), ("by", "Department Director")]).await;
    let page = site.get(office, &admin).await;
    assert!(page.contains("Jan 31, 2005"), "the first ends the day before: {page}");
    for (day, says) in [
        ("2004-08-31", "nobody was designated"),
        ("2004-09-01", "C. Vance held this office"),
        ("2005-01-31", "C. Vance held this office"),
        ("2005-02-01", "R. Quill held this office"),
        ("2005-12-31", "R. Quill held this office"),
    ] {
        let page = site.get(&format!("{office}?on={day}"), &admin).await;
        assert!(page.contains(says), "{day}: {page}");
    }
    let again = [("holder", second.as_str()), ("from", "2005-03-01")];
    site.refused(office, &admin, &again, "They hold this office on that day already.").await;
    // The role in the product follows the office.
    let roles = |page: String| page.contains("Chief security officer");
    assert!(roles(site.get(&format!("/admin/people/{first}"), &admin).await));
    site.set_clock("2005-02-01T09:00:00-06:00");
    let admin = site.sign_in("diaz@example.gov").await;
    let page = site.get(&format!("/admin/people/{first}"), &admin).await;
    assert!(page.contains("Roles that have ended (1)"), "{page}");
    let offices = site.get("/organisation", &admin).await;
    assert!(offices.contains("R. Quill") && offices.contains("designated by Department Director"), "{offices}");
    let journal = site.get("/admin/journal", &admin).await;
    assert!(journal.contains("Designated R. Quill as cso"), "{journal}");
}

// proves: DMH04-2.G
#[tokio::test]
async fn of_three_facilities_the_one_without_a_current_officer_is_the_only_gap() {
    let (site, admin) = with_administrator(EDITION_2004, "2004-10-01T09:00:00-05:00").await;
    site.facility("Beta", "BETA").await;
    site.facility("Gamma", "GAMMA").await;
    let chief = site.newcomer(&admin, "C. Vance", "vance@example.gov").await;
    site.post("/organisation/office/DMH/cso", &admin, &[("holder", &chief), ("from", "2004-09-01")]).await;
    for (code, name, email) in [("RVB", "A. Ortiz", "ortiz@example.gov"), ("GAMMA", "G. Ibarra", "ibarra@example.gov")]
    {
        let officer = site.newcomer(&admin, name, email).await;
        let path = format!("/organisation/office/{code}/lso");
        let unnamed = [("holder", officer.as_str()), ("from", "2004-09-15")];
        site.refused(&path, &admin, &unnamed, "Write who designates").await;
        let named = [("holder", officer.as_str()), ("from", "2004-09-15"), ("by", "CEO of the facility")];
        site.post(&path, &admin, &named).await;
    }
    let page = site.get("/organisation", &admin).await;
    assert!(page.contains("1 gap.") && page.matches("<li class=\"gap\">").count() == 1, "{page}");
    // The chief's own screen says the same, and so does Home.
    let link = text(site.ask("POST", &format!("/admin/people/{chief}/link"), &admin, &[]).await).await;
    let link = super::hands::between(&link, "id=\"link\">http://127.0.0.1:8420", "<").to_owned();
    site.post(&link, "", &[("password", super::site::PASSWORD)]).await;
    let vance = site.sign_in("vance@example.gov").await;
    for path in ["/organisation", "/home"] {
        let page = site.get(path, &vance).await;
        assert_eq!(page.matches("Beta: no current local security officer").count(), 1, "{path}: {page}");
        assert!(!page.contains("Gamma: no") && !page.contains("Riverbend Center: no"), "{path}: {page}");
        assert!(page.contains("Ask an administrator: designate somebody."), "{path} says what to do: {page}");
    }
}

// proves: DMH16-1.A
#[tokio::test]
async fn the_edition_of_2016_takes_a_designation_without_a_designator_and_needs_its_first_day() {
    let (site, admin) = with_administrator(DMH.packs, "2016-07-01T09:00:00-05:00").await;
    let chief = site.newcomer(&admin, "C. Vance", "vance@example.gov").await;
    let office = "/organisation/office/DMH/cso";
    site.refused(office, &admin, &[("holder", &chief)], "Write the first day").await;
    site.post(office, &admin, &[("holder", &chief), ("from", "2016-06-23")]).await;
    let page = site.get(office, &admin).await;
    assert!(page.contains("C. Vance") && page.contains("not stated"), "{page}");
}

// proves: DMH16-1.E
#[tokio::test]
async fn while_the_officer_is_away_and_nobody_acts_the_help_desk_stands_first() {
    let (site, admin) = with_administrator(DMH.packs, "2016-07-01T09:00:00-05:00").await;
    let officer = site.newcomer(&admin, "A. Ortiz", "ortiz@example.gov").await;
    site.staff("H. Nolan", "nolan@example.gov", Role::HelpDesk, site.head).await;
    site.post("/organisation/office/RVB/lso", &admin, &[("holder", &officer), ("from", "2016-06-23")]).await;
    let away = [("who", officer.as_str()), ("away-from", "2016-07-04"), ("away-until", "2016-07-08")];
    site.post("/organisation/absences", &admin, &away).await;
    let first_choice = |check: &str| {
        let radios = &check[check.find("name=\"to\"").unwrap()..];
        let value = radios.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (value, check.contains("Local security officer: not there until after"))
    };
    // The day before, on the days themselves, and the day after.
    for (day, first, said) in [
        ("2016-07-03T12:00:00-05:00", "lso", false),
        ("2016-07-04T08:00:00-05:00", "itsd-help-desk", true),
        ("2016-07-05T10:00:00-05:00", "itsd-help-desk", true),
        ("2016-07-08T17:00:00-05:00", "itsd-help-desk", true),
        ("2016-07-09T08:00:00-05:00", "lso", false),
    ] {
        site.set_clock(day);
        let draft = site.write(&FORM).await;
        let check = site.get(&format!("{draft}/check"), "").await;
        assert_eq!(first_choice(&check), (first.to_owned(), said), "{day}: {check}");
        if day.starts_with("2016-07-05") {
            let spanish = site.get(&format!("/es{draft}/check"), "").await;
            assert!(spanish.contains("Oficial local de seguridad: vuelve después"), "{spanish}");
            let reference = site.send(&draft, "").await;
            let desk = site.sign_in("nolan@example.gov").await;
            assert!(site.get("/desk", &desk).await.contains(&reference));
            let admin = site.sign_in("diaz@example.gov").await;
            let gaps = site.get("/organisation", &admin).await;
            assert!(gaps.contains("the local security officer is away until"), "{gaps}");
        }
    }
    // Somebody who acts gets what comes on those days.
    site.set_clock("2016-07-11T08:00:00-05:00");
    let admin = site.sign_in("diaz@example.gov").await;
    let acting = site.newcomer(&admin, "B. Castle", "castle@example.gov").await;
    let away = [
        ("who", officer.as_str()),
        ("away-from", "2016-07-12"),
        ("away-until", "2016-07-13"),
        ("acting", acting.as_str()),
    ];
    site.post("/organisation/absences", &admin, &away).await;
    site.set_clock("2016-07-12T10:00:00-05:00");
    let draft = site.write(&Form { ..FORM }).await;
    let check = site.get(&format!("{draft}/check"), "").await;
    assert_eq!(first_choice(&check), ("lso".to_owned(), false), "{check}");
}

// proves: DMH16-1.F
#[tokio::test]
async fn a_threat_notice_of_2016_is_a_text_that_chief_and_officers_read_and_no_level_is_computed() {
    let site = Site::of(&edition(DMH.packs, "2016-07-01T09:00:00-05:00")).await;
    let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let notices = "/organisation/notices";
    site.refused(notices, &chief, &[("on", "2016-06-30")], "Write what the notice says.").await;
    site.post(notices, &chief, &[("on", "2016-06-30"), ("says", "Elevated: phishing against state mail")]).await;
    for cookie in [&chief, &officer] {
        for path in [notices, "/home"] {
            let page = site.get(path, cookie).await;
            assert!(page.contains("Elevated: phishing against state mail") && page.contains("Jun 30, 2016"), "{page}");
            assert!(page.contains("Office of Cyber Security"), "{path}: {page}");
            assert!(!page.contains("INFOCON") && !page.contains("name=\"level\""), "{path}: {page}");
        }
    }
    assert!(site.get(notices, &chief).await.contains("no level is computed"));
}

// proves: DMH04-2.J
#[tokio::test]
async fn a_state_level_of_2004_comes_from_ismo_alone_with_date_time_and_reference() {
    let site = Site::of(&edition(EDITION_2004, "2005-02-01T09:00:00-06:00")).await;
    let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    let path = "/organisation/notices";
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    site.post("/organisation/notices/channels", &admin, &[("channels", "State response desk")]).await;
    let whole = [
        ("on", "2005-01-31"),
        ("at", "4:30 pm"),
        ("reference", "ISMO-2005-007"),
        ("level", "3"),
        ("source", "lso"),
        ("channel", "State response desk"),
        ("sender", "Watch officer"),
    ];
    for (missing, words) in [
        ("on", "Write the day of the notice"),
        ("at", "Write the time of the notice"),
        ("reference", "Write the reference"),
        ("level", "Choose the level"),
    ] {
        let part: Vec<(&str, &str)> = whole.iter().copied().filter(|(name, _)| *name != missing).collect();
        site.refused(path, &chief, &part, words).await;
    }
    let outside: Vec<(&str, &str)> =
        whole.iter().map(|(n, v)| if *n == "level" { (*n, "6") } else { (*n, *v) }).collect();
    site.refused(path, &chief, &outside, "Choose the level").await;
    site.post(path, &chief, &whole).await;
    let page = site.get(path, &chief).await;
    assert!(page.contains("3 Specific risk of attack"), "{page}");
    assert!(
        page.contains("State information security office (ISMO), ISMO-2005-007"),
        "whatever was sent as source: {page}"
    );
    assert!(page.contains("Jan 31, 2005, 4:30 p.m."), "{page}");
}

// proves: DMH04-APPLICATION
#[tokio::test]
async fn every_report_belongs_to_one_unit_and_the_units_add_up_to_the_department() {
    let site = Site::of(&edition(EDITION_2004, "2005-02-01T09:00:00-06:00")).await;
    let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    site.facility("Beta", "BETA").await;
    let reporter = serde_json::json!({ "name": "Sam Lee", "phone": "573-555-0177" });
    let nowhere = serde_json::json!({ "words": "Somebody used my account.", "reporter": reporter });
    assert!(site.program("/api/v1/reports", &nowhere).await.status().is_client_error());
    let unknown = serde_json::json!({ "unit": "NOWHERE", "words": "Somebody used my account.", "reporter": reporter });
    assert_eq!(site.program("/api/v1/reports", &unknown).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.ask("POST", "/r/NOWHERE", "", &[("begin", "report")]).await.status(), StatusCode::NOT_FOUND);
    for code in ["DMH", "RVB", "RVB", "BETA"] {
        let reference = site.file(&Form { code, ..FORM }).await;
        site.accept(&reference, &chief).await;
    }
    let count = async |unit: &str| {
        let path = if unit.is_empty() { "/incidents".to_owned() } else { format!("/incidents?unit={unit}") };
        site.get(&path, &chief).await.matches("class=\"row-link\"").count()
    };
    let head_alone = count("DMH").await - count("RVB").await;
    assert_eq!(count("RVB").await, 2);
    assert_eq!(count("BETA").await, 1);
    assert_eq!(head_alone - count("BETA").await, 1, "central office");
    assert_eq!(count("").await, 4, "the department");
    let stats = site.get("/stats", &chief).await;
    assert!(stats.contains("Riverbend Center") && stats.contains("Beta"), "{stats}");
}

// proves: DMH16-APPLICATION
#[tokio::test]
async fn a_facility_keeps_its_incidents_of_both_editions_each_under_its_own() {
    let packs: &[&str] = &["common", "us-mo/dmh-2004", "us-mo/dmh-2016"];
    let site = Site::of(&edition(packs, "2005-02-01T09:00:00-06:00")).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let reference = site.file(&FORM).await;
    let earlier = site.accept(&reference, &officer).await;
    site.set_clock("2017-03-01T09:00:00-06:00");
    let officer = site.sign_in("ortiz@example.gov").await;
    let reference = site.file(&FORM).await;
    let later = site.accept(&reference, &officer).await;
    let page = site.get("/organisation/units/RVB", &officer).await;
    for (incident, edition) in [(&earlier, "DMH DOR 8.350 (2004)"), (&later, "DMH DOR 8.350 (2016)")] {
        let from = page.find(&format!("href=\"{incident}\"")).unwrap_or_else(|| panic!("{incident}: {page}"));
        assert!(page[from..].split("</li>").next().unwrap().contains(edition), "{incident}: {page}");
    }
}
