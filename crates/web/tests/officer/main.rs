//! The officer's walk through the handlers, on a real store in a temporary folder: sign in, inbox, report, accept, incident.

#[path = "../common/site.rs"]
mod site;

mod admin;
mod calls;
mod clocks;
mod door;
mod duties;
mod files;
mod home;
mod walls;

use axum::http::StatusCode;
use site::{PASSWORD, Site, text};

#[tokio::test]
async fn an_officer_signs_in_accepts_the_top_report_and_stands_on_the_incident() {
    let site = Site::open().await;
    let reference = site.report("malware", "The screen shows <b>a ransom note</b>.").await;
    let cookie = site.sign_in("Ortiz@example.gov").await;

    let inbox = site.get("/inbox", &cookie).await;
    assert!(inbox.contains(&reference) && inbox.contains("Still going on"), "{inbox}");
    assert!(inbox.contains("If you accept, these start"));
    assert!(!inbox.contains("<b>a ransom"), "typed markup is shown, not obeyed");

    let report = site.get(&format!("/inbox/{reference}"), &cookie).await;
    assert!(report.contains("Sam Lee"), "the officer may know who reported");

    let to = site.post(&format!("/inbox/{reference}/accept"), &cookie, &[]).await;
    assert!(to.starts_with("/incidents/DMH-2026-0001?done=accepted"), "{to}");
    let incident = site.get(&to, &cookie).await;
    assert!(incident.contains("Undo") && incident.contains("Why this date?"), "{incident}");

    let at = incident.find("/reports/").expect("the report is a click away");
    let report: String = incident[at..].chars().take_while(|c| *c != '"').collect();
    let there = site.ask("GET", &format!("/incidents/DMH-2026-0001{report}"), &cookie, &[]).await;
    assert_eq!(there.headers()["location"], format!("/inbox/{reference}"));

    let back = site.post(&format!("/inbox/{reference}/undo"), &cookie, &[]).await;
    assert!(site.get(&back, &cookie).await.contains(&reference), "undo restores the inbox");
}

#[tokio::test]
async fn what_is_not_theirs_looks_like_what_does_not_exist() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let administrator = site.sign_in("diaz@example.gov").await;
    let there = site.ask("GET", "/incidents/DMH-2026-0001", &administrator, &[]).await;
    let nowhere = site.ask("GET", "/incidents/DMH-2026-0999", &administrator, &[]).await;
    assert_eq!((there.status(), nowhere.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(text(there).await, text(nowhere).await);
}

#[tokio::test]
async fn excluding_somebody_takes_the_incident_out_of_their_world() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get("/incidents/DMH-2026-0001", &chief).await;
    let at = page.find(">C. Vance</option>").map(|at| page[..at].rfind("value=\"").unwrap() + 7).unwrap();
    let vance = page[at..at + 36].to_owned();
    site.post("/incidents/DMH-2026-0001/exclude", &officer, &[("person", &vance)]).await;
    for path in ["/incidents/DMH-2026-0001".to_owned(), format!("/inbox/{reference}")] {
        assert_eq!(site.ask("GET", &path, &chief, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!site.get("/home", &chief).await.contains("DMH-2026-0001"));
}

#[tokio::test]
async fn a_pasted_log_offers_what_it_holds_before_anything_is_written() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let notes = "/incidents/DMH-2026-0001/notes";
    let line = "2026-10-13T14:02:11Z fw01 DENY src=203.0.113.9:51515 dst=198.51.100.7:443";
    let step = site.ask("POST", notes, &officer, &[("words", line), ("happened", "today 9:02"), ("kind", "log")]).await;
    assert_eq!(step.status(), StatusCode::OK);
    let step = text(step).await;
    assert!(step.contains("203.0.113.9") && step.contains("9:02\u{a0}a.m. CDT"), "{step}");
    assert!(!site.get("/incidents/DMH-2026-0001", &officer).await.contains("fw01"), "nothing is written yet");
    let fields =
        [("words", line), ("happened", "today 9:02"), ("kind", "log"), ("confirmed", "1"), ("accept", "203.0.113.9")];
    site.post(notes, &officer, &fields).await;
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    assert!(page.contains("<code>203.0.113.9</code>") && !page.contains("<code>198.51.100.7</code>"), "{page}");

    let refused = site.ask("POST", notes, &officer, &[("words", "seen"), ("happened", "sooon")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = text(refused).await;
    assert!(refused.contains("<title>Error: ") && refused.contains("could not be read") && refused.contains(">seen<"));
}

#[tokio::test]
async fn a_duty_is_answered_for_and_closing_names_what_is_missing() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    site.later(6 * 60);
    let path = "/incidents/DMH-2026-0001/duties/O43";
    let silent = site.ask("POST", path, &officer, &[("how", "recorded")]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY, "a proof without words proves nothing");
    site.post(path, &officer, &[("how", "recorded"), ("words-O43", "OCS-88213")]).await;
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    assert!(page.contains("OCS-88213") && page.contains("Met in 6 min"), "{page}");
    let close = site.get("/incidents/DMH-2026-0001/close", &officer).await;
    assert!(close.contains("not completed") && !close.contains("help ticket is not on record"), "{close}");
    let refused = site.ask("POST", "/incidents/DMH-2026-0001/close", &officer, &[("note", "done")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains(">done<"), "what was typed is kept");
}

#[tokio::test]
async fn a_session_that_ends_loses_no_words() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    site.later(31 * 60);
    let notes = "/incidents/DMH-2026-0001/notes";
    let late = site.ask("POST", notes, &officer, &[("words", "a long story")]).await;
    assert_eq!(late.status(), StatusCode::UNAUTHORIZED);
    assert!(text(late).await.contains("a long story"));
    let fields =
        [("login", "ortiz@example.gov"), ("password", PASSWORD), ("next", notes), ("kept.words", "a long story")];
    let again = site.ask("POST", "/sign-in", "", &fields).await;
    assert_eq!(again.status(), StatusCode::OK);
    let page = text(again).await;
    assert!(page.contains("a long story") && page.contains(&format!("action=\"{notes}\"")), "{page}");
}

#[tokio::test]
async fn looking_is_written_down_once_an_hour() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    for _ in 0..3 {
        site.get("/incidents/DMH-2026-0001", &officer).await;
    }
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get("/incidents/DMH-2026-0001/access", &chief).await;
    assert_eq!((page.matches("A. Ortiz</th>").count(), page.matches("C. Vance</th>").count()), (1, 1), "{page}");
}

const FORM: &str = "/incidents/DMH-2026-0001/form";

async fn with_incident(site: &Site) -> String {
    let reference = site.report("malware", "The screen shows a ransom note.").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    officer
}

/// Everything that the incident cannot know by itself.
const ANSWERS: [(&str, &str); 9] = [
    ("ticks", "1"),
    ("I", "interference"),
    ("II", "Changes to hardware or software"),
    ("III", "Oct 13, 2026"),
    ("VI", "Network cable pulled"),
    ("VII", "Reinstalled"),
    ("VIII", "Oct 13, 2026"),
    ("X-LOCATION", "Building 2"),
    ("XI", "Talked to the ward"),
];

const TOLD: [(&str, &str); 3] = [("V", "Sam Lee"), ("na.XII-1", "No clients touched"), ("na.XII-2", "No health data")];

const SIGNATURE: [(&str, &str); 6] = [
    ("name", "A. Ortiz"),
    ("password", PASSWORD),
    ("party", "completed"),
    ("reporter", "paper"),
    ("reporter-name", "Sam Lee"),
    ("papers", "none"),
];

#[tokio::test]
async fn the_form_fills_itself_and_a_signature_freezes_it() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("Riverbend Center") && page.contains("The screen shows a ransom note."), "{page}");
    // The facility is the organisation's to say: it follows nothing, because nobody ever writes in it.
    assert!(page.matches("and follows it until").count() >= 4, "boxes are linked to the incident");

    let early = site.ask("POST", &format!("{FORM}/sign"), &officer, &SIGNATURE).await;
    assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY, "empty boxes stand in the way");

    site.post(FORM, &officer, &[ANSWERS.as_slice(), TOLD.as_slice()].concat()).await;
    let wrong = [("name", "A. Ortiz"), ("password", "not the password"), ("party", "completed")];
    let wrong = site.ask("POST", &format!("{FORM}/sign"), &officer, &wrong).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    site.post(&format!("{FORM}/sign"), &officer, &SIGNATURE).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("covers "), "{page}");
    assert!(!page.contains("name=\"VII\""), "a signed box cannot be written in");
    let late = site.ask("POST", FORM, &officer, &[("VII", "Something else")]).await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);

    site.post(&format!("{FORM}/amend"), &officer, &[("why", "The remedy came later")]).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("Form 2, amends form 1: The remedy came later") && page.contains("name=\"VII\""), "{page}");
}

#[tokio::test]
async fn the_personnel_part_is_read_by_human_resources_alone() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let hr = site.sign_in("rao@example.gov").await;
    let page = site.get(FORM, &hr).await;
    assert!(page.contains("Personnel Action Taken"), "{page}");
    assert!(!page.contains("ransom note"), "human resources sees boxes V to VII and its own part");
    site.post(
        &format!("{FORM}/personnel"),
        &hr,
        &[("XV", "written-plan"), ("XV.words", "Weekly talks."), ("XVI", "Oct 13, 2026")],
    )
    .await;
    assert!(site.get(FORM, &hr).await.contains("Weekly talks."));
    for path in [FORM, "/incidents/DMH-2026-0001"] {
        let page = site.get(path, &officer).await;
        assert!(!page.contains("probation") && !page.contains("Weekly talks"), "{path}");
    }
    let denied = site.ask("POST", &format!("{FORM}/personnel"), &officer, &[("XV", "None")]).await;
    assert_eq!(denied.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.ask("GET", "/incidents/DMH-2026-0001", &hr, &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_change_made_meanwhile_is_told_and_typed_words_stay() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    site.post("/incidents/DMH-2026-0001/notes", &officer, &[("words", "seen by somebody else")]).await;
    let stale = [("title", "Ransom note on ward 2"), ("reason", "Clearer"), ("seen", "1")];
    let answer = site.ask("POST", "/incidents/DMH-2026-0001/describe", &officer, &stale).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(answer).await;
    assert!(page.contains("Somebody changed this") && page.contains("Ransom note on ward 2"), "{page}");
}

#[tokio::test]
async fn a_call_is_filed_once_with_its_route_shown_before() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let page = site.get("/intake", &officer).await;
    assert!(page.contains("Goes to") && page.contains("A. Ortiz"), "{page}");
    let unit = site.unit.to_string();
    let call = [
        ("unit", unit.as_str()),
        ("happened", "lost-or-stolen"),
        ("notes", "Laptop gone"),
        ("key", "k1"),
        ("name", "Sam Lee"),
    ];
    let first = site.post("/intake", &officer, &call).await;
    let second = site.post("/intake", &officer, &call).await;
    let place = |to: &str| to.split("&link=").next().unwrap().to_owned();
    assert_eq!(place(&first), place(&second), "a second click files nothing twice");
    assert!(site.get(&first, &officer).await.contains("Romeo – "));
    let inbox = site.get("/inbox", &officer).await;
    assert_eq!(inbox.matches("data-preview").count(), 1);
    let empty = site.ask("POST", "/intake", &officer, &[("unit", &unit)]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
