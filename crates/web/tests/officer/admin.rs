//! The administrator's pages: people get in by a link, hold roles for a time, lose both; and nothing of a case is there.

use super::site::{DMH, Office, PASSWORD, Site, text};
use super::with_incident;
use axum::http::StatusCode;
use domain::permission::Role;

const ROOMS: [&str; 9] = [
    "/admin",
    "/admin/people",
    "/admin/units",
    "/admin/packs",
    "/admin/local",
    "/admin/tokens",
    "/admin/settings",
    "/admin/journal",
    "/admin/health",
];

/// The text between two marks.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let from = page.find(before).unwrap_or_else(|| panic!("no {before} in {page}")) + before.len();
    &page[from..from + page[from..].find(after).expect("an end")]
}

impl Site {
    /// Adds somebody; gives the path of their link and of their page.
    async fn admit(&self, admin: &str, name: &str, email: &str) -> (String, String) {
        let made = self.ask("POST", "/admin/people", admin, &[("name", name), ("email", email)]).await;
        assert_eq!(made.status(), StatusCode::OK);
        let page = text(made).await;
        let link = between(&page, "id=\"link\">http://127.0.0.1:8420", "<").to_owned();
        (link, format!("/admin/people/{}", between(&page, "href=\"/admin/people/", "#")))
    }

    async fn refused(&self, path: &str, cookie: &str, body: &[(&str, &str)], words: &str) {
        let answer = self.ask("POST", path, cookie, body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let page = text(answer).await;
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn somebody_new_gets_in_by_a_link_that_works_once_and_does_what_their_role_allows() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let (link, page) = site.admit(&admin, "N. Ruiz", "ruiz@example.gov").await;
    let people = site.get("/admin/people?words=ruiz", &admin).await;
    assert!(people.contains("N. Ruiz") && people.contains("1 person") && !people.contains("A. Ortiz"), "{people}");

    assert!(site.get(&link, "").await.contains("N. Ruiz"));
    site.refused(&link, "", &[("password", "short")], "at least 15 characters").await;
    assert_eq!(site.post(&link, "", &[("password", PASSWORD)]).await, "/sign-in");
    assert_eq!(site.ask("GET", &link, "", &[]).await.status(), StatusCode::NOT_FOUND, "a link works once");

    let ruiz = site.sign_in("ruiz@example.gov").await;
    assert_eq!(site.ask("GET", "/inbox", &ruiz, &[]).await.status(), StatusCode::NOT_FOUND, "no role, no inbox");
    let unit = site.unit.to_string();
    site.post(&format!("{page}/roles"), &admin, &[("role", "local-officer"), ("unit", &unit)]).await;
    assert!(site.get("/inbox", &ruiz).await.contains("Inbox"), "a role works at once");
    let theirs = site.get(&page, &admin).await;
    let which = between(&theirs, "name=\"which\" value=\"", "\"").to_owned();
    site.post(&format!("{page}/roles/end"), &admin, &[("which", &which)]).await;
    assert_eq!(site.ask("GET", "/inbox", &ruiz, &[]).await.status(), StatusCode::SEE_OTHER, "and ends at once");
    let ruiz = site.sign_in("ruiz@example.gov").await;
    assert_eq!(site.ask("GET", "/inbox", &ruiz, &[]).await.status(), StatusCode::NOT_FOUND, "no role, no inbox");
    assert!(site.get(&page, &admin).await.contains("Roles that have ended (1)"));
}

#[tokio::test]
async fn a_role_begins_and_ends_on_its_days() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let (link, page) = site.admit(&admin, "N. Ruiz", "ruiz@example.gov").await;
    site.post(&link, "", &[("password", PASSWORD)]).await;
    let unit = site.unit.to_string();
    let days = |from, until| [("role", "local-officer"), ("unit", unit.as_str()), ("from", from), ("until", until)];
    site.refused(&format!("{page}/roles"), &admin, &days("2026-10-15", "2026-10-14"), "lies before the first").await;
    site.refused(&format!("{page}/roles"), &admin, &days("soon", ""), "could not be read").await;
    site.post(&format!("{page}/roles"), &admin, &days("2026-10-14", "2026-10-14")).await;
    site.refused(&format!("{page}/roles"), &admin, &days("", ""), "hold this role there already").await;
    // It is Tuesday, October 13, 9:10 a.m.; the role is held on Wednesday alone.
    for (later, status) in [(0, 404), (24 * 3_600, 200), (24 * 3_600, 404)] {
        site.later(later);
        let ruiz = site.sign_in("ruiz@example.gov").await;
        assert_eq!(site.ask("GET", "/inbox", &ruiz, &[]).await.status(), status, "after {later} s");
    }
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once_and_can_come_back() {
    let site = Site::open().await;
    let (officer, admin) = (site.sign_in("ortiz@example.gov").await, site.sign_in("diaz@example.gov").await);
    let people = site.get("/admin/people?words=ortiz", &admin).await;
    let page = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
    assert!(site.get(&page, &admin).await.contains("Signed in with 1 browser"));
    site.refused(&format!("{page}/disable"), &admin, &[], "Tick the box").await;
    assert!(site.get("/home", &officer).await.contains("Home"), "nothing happened yet");
    site.post(&format!("{page}/disable"), &admin, &[("sure", "yes")]).await;
    assert_eq!(site.ask("GET", "/home", &officer, &[]).await.status(), StatusCode::SEE_OTHER);
    site.post(&format!("{page}/enable"), &admin, &[]).await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("{page}/sign-out"), &admin, &[]).await;
    assert_eq!(site.ask("GET", "/home", &officer, &[]).await.status(), StatusCode::SEE_OTHER);

    let new = [("name", "A. Ortiz-Lee"), ("email", "lee@example.gov"), ("phone", "573-555-0188")];
    site.post(&page, &admin, &new).await;
    site.sign_in("lee@example.gov").await;
    site.refused(&page, &admin, &[("name", "A"), ("email", "vance@example.gov")], "account with this address").await;
    site.refused(&page, &admin, &[("name", "A"), ("email", "not an address")], "Write an e-mail address").await;
}

#[tokio::test]
async fn nobody_locks_the_agency_out_or_widens_their_own_reach() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let people = site.get("/admin/people?words=diaz", &admin).await;
    let own = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
    let unit = site.unit.to_string();
    site.refused(&format!("{own}/disable"), &admin, &[("sure", "yes")], "This is your own account").await;
    site.refused(&format!("{own}/link"), &admin, &[], "This is your own account").await;
    let officer = [("role", "local-officer"), ("unit", unit.as_str())];
    site.refused(&format!("{own}/roles"), &admin, &officer, "Nobody changes their own roles").await;

    let people = site.get("/admin/people?words=ortiz", &admin).await;
    let ortiz = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
    let administrator = [("role", "administrator"), ("unit", unit.as_str())];
    site.refused(&format!("{ortiz}/roles"), &admin, &administrator, "one kind of role or the other").await;
    let (_, page) = site.admit(&admin, "N. Ruiz", "ruiz@example.gov").await;
    site.post(&format!("{page}/roles"), &admin, &administrator).await;
    site.refused(&format!("{page}/roles"), &admin, &officer, "one kind of role or the other").await;
}

#[tokio::test]
async fn an_administrator_of_a_part_or_of_another_agency_keeps_nothing_here() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let (link, page) = site.admit(&admin, "N. Ruiz", "ruiz@example.gov").await;
    site.post(&link, "", &[("password", PASSWORD)]).await;
    let unit = site.unit.to_string();
    site.post(&format!("{page}/roles"), &admin, &[("role", "administrator"), ("unit", &unit)]).await;
    let part = site.sign_in("ruiz@example.gov").await;
    let elsewhere = site.other_agency().await;
    for path in ROOMS {
        // Why units keep no rules of their own is all that the administrator of a part is told.
        let told = if path == "/admin/packs" { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(site.ask("GET", path, &part, &[]).await.status(), told, "{path}");
        let theirs = site.get(path, &elsewhere).await;
        for name in ["Ortiz", "Riverbend", "Ruiz"] {
            assert!(!theirs.contains(name), "{path} shows {name} to another agency");
        }
    }
    let people = site.get("/admin/people?words=ortiz", &admin).await;
    let ortiz = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
    assert_eq!(site.ask("GET", &ortiz, &elsewhere, &[]).await.status(), StatusCode::NOT_FOUND);
    for act in ["link", "disable", "enable", "sign-out", "roles"] {
        let body = [("sure", "yes"), ("role", "local-officer"), ("unit", unit.as_str())];
        let answer = site.ask("POST", &format!("{ortiz}/{act}"), &elsewhere, &body).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{act}");
    }
}

#[tokio::test]
async fn no_page_of_the_administrator_shows_anything_of_a_case_and_no_officer_sees_one() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let admin = site.sign_in("diaz@example.gov").await;
    for path in ROOMS.into_iter().chain(["/home"]) {
        let page = site.get(path, &admin).await;
        for sealed in ["ransom", "DMH-2026-0001", "Sam Lee", "R-"] {
            assert!(!page.contains(sealed), "{path} shows {sealed}");
        }
        if path != "/home" {
            assert_eq!(site.ask("GET", path, &officer, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_is_shown_once_works_until_withdrawn_and_is_on_record() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let page = site.get("/admin/tokens", &admin).await;
    let at = page.find(">A. Ortiz (ortiz@example.gov)<").map(|at| page[..at].rfind("value=\"").unwrap() + 7).unwrap();
    let ortiz = page[at..at + 36].to_owned();
    site.refused("/admin/tokens", &admin, &[("person", &ortiz)], "Choose at least one thing").await;
    let body = [("person", ortiz.as_str()), ("scope", "statistics"), ("days", "30")];
    let made = text(site.ask("POST", "/admin/tokens", &admin, &body).await).await;
    let token = between(&made, "id=\"token\">", "<").to_owned();
    assert!(site.app.program(&token).await.unwrap().is_some());
    let list = site.get("/admin/tokens", &admin).await;
    assert!(!list.contains(&token) && list.contains("A. Ortiz") && list.contains("statistics"), "{list}");
    let name = between(&list, "action=\"/admin/tokens/", "/withdraw").to_owned();
    site.post(&format!("/admin/tokens/{name}/withdraw"), &admin, &[]).await;
    assert!(site.app.program(&token).await.unwrap().is_none());
    let journal = site.get("/admin/journal", &admin).await;
    assert!(journal.contains(&format!("Withdrew the token {name} of A. Ortiz.")), "{journal}");
    assert!(journal.contains(&format!("Made the token {name}")) && !journal.contains(&token));
}

#[tokio::test]
async fn every_change_is_on_record_newest_first_and_a_page_at_a_time() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let page = site.get("/admin/journal", &admin).await;
    assert!(page.contains("Added A. Ortiz (ortiz@example.gov).") && page.contains("Tocsin"), "{page}");
    for n in 0..55 {
        site.admit(&admin, &format!("Person {n}"), &format!("person{n}@example.gov")).await;
    }
    let newest = site.get("/admin/journal", &admin).await;
    assert!(newest.contains("Made a link by which Person 54 chooses a password."), "{newest}");
    assert!(newest.contains("K. Diaz") && !newest.contains("Added A. Ortiz"));
    let mut numbers: Vec<u32> = Vec::new();
    let mut path = "/admin/journal".to_owned();
    loop {
        let page = site.get(&path, &admin).await;
        let rows = page.split("<th scope=\"row\" class=\"tnum\">").skip(1);
        numbers.extend(rows.map(|row| row.split('<').next().unwrap().parse::<u32>().unwrap()));
        let Some(at) = page.find("/admin/journal?before=") else { break };
        path = page[at..].chars().take_while(|c| *c != '"').collect();
    }
    let all: Vec<u32> = (1..=numbers[0]).rev().collect();
    assert_eq!(numbers, all, "every line once, none left out");
}

#[tokio::test]
async fn units_are_a_tree_and_a_new_one_takes_reports_at_once() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let page = site.get("/admin/units", &admin).await;
    assert!(page.contains("Riverbend Center") && page.contains("/r/RVB/poster"), "{page}");
    assert!(page.contains("Reports go to A. Ortiz") && page.contains("DOR 8.350"), "{page}");
    let head = site.head.to_string();
    let new = |code| [("name", "Oak Grove"), ("code", code), ("kind", "facility"), ("under", head.as_str())];
    site.refused("/admin/units", &admin, &new("RVB"), "Another unit has this code").await;
    site.refused("/admin/units", &admin, &new("O K"), "2 to 8 letters and digits").await;
    site.post("/admin/units", &admin, &new("oak")).await;
    assert!(site.get("/admin/units", &admin).await.contains("OAK"));
    assert!(site.get("/r/oak", "").await.contains("Oak Grove"));
}

#[tokio::test]
async fn health_says_what_is_wrong_and_settings_what_was_chosen() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let page = site.get("/admin/health", &admin).await;
    for said in ["Nothing is wrong.", "schema", "no mail leaves", "every unit has an officer"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let settings = site.get("/admin/settings", &admin).await;
    assert!(settings.contains("1 MB") && settings.contains("tocsin.example.gov/log"), "{settings}");
    site.refused("/admin/settings/test-mail", &admin, &[], "no mail server is configured").await;
    let people = site.get("/admin/people?words=vance", &admin).await;
    for who in ["vance", "ortiz"] {
        let people = if who == "vance" { people.clone() } else { site.get("/admin/people?words=ortiz", &admin).await };
        let page = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
        site.post(&format!("{page}/disable"), &admin, &[("sure", "yes")]).await;
    }
    let page = site.get("/admin/health", &admin).await;
    assert!(page.contains("2 things are wrong.") || page.contains("One thing is wrong."), "{page}");
    assert!(page.contains("nobody gets the reports of") && page.contains("Riverbend Center"), "{page}");
    assert!(site.get("/home", &admin).await.contains("nobody gets the reports of"));
}

#[tokio::test]
async fn an_administrator_sees_how_far_open_incidents_are_assessed_again() {
    // Jobs are due by the clock of the machine: October 15, 2024.
    let site = Site::of(&Office { now: 1_728_993_600_000_000, ..DMH }).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let part = site.staff("N. Ruiz", "ruiz@example.gov", Role::Administrator, site.unit).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let report = site.report("malware", "The console shows a red page.").await;
    let incident = site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
    let incident = incident.split('?').next().expect("an address").to_owned();
    let before = site.get("/admin/packs", &admin).await;
    assert!(before.contains("Assess open incidents again") && !before.contains("were assessed again."), "{before}");
    site.refused("/admin/packs/reassess", &part, &[], "belong to the whole agency").await;

    site.post("/admin/local/values", &admin, &[("value", "immediate-tolerance"), ("to-immediate-tolerance", "90")])
        .await;
    // The run begins and tells at once how many there are.
    for _ in 0..20 {
        site.app.do_jobs().await;
        if site.app.reassessment(site.tenant).await.expect("read").is_some() {
            break;
        }
    }
    let going = site.get("/admin/packs", &admin).await;
    assert!(going.contains("Re-assessed 0 of 1 open incidents."), "{going}");
    assert!(going.contains("<progress max=\"1\" value=\"0\""), "{going}");
    while site.app.do_jobs().await > 0 {}
    let done = site.get("/admin/packs", &admin).await;
    assert!(done.contains("The open incident was assessed again, and its duties changed."), "{done}");
    assert!(done.contains("A local value was changed"), "{done}");
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("1 h 30 min") || page.contains("90 minutes"), "the duty follows: {page}");

    assert_eq!(site.post("/admin/packs/reassess", &admin, &[]).await, "/admin/packs?done=asked");
    while site.app.do_jobs().await > 0 {}
    let done = site.get("/admin/packs", &admin).await;
    assert!(done.contains("The open incident was assessed again. No duty changed."), "{done}");
    let journal = site.get("/admin/journal", &admin).await;
    assert!(journal.contains("Asked that open incidents be assessed again."), "{journal}");
}
