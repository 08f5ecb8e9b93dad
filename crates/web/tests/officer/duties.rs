//! Every clock in one list, as a table, and in a calendar: what one may see, and nothing of what one may not.

use axum::http::{StatusCode, header};
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;

use crate::site::{Site, text};

async fn accepted(site: &Site, officer: &str, times: usize) {
    for n in 0..times {
        let reference = site.report("malware", &format!("Screen number {n} is odd.")).await;
        site.post(&format!("/inbox/{reference}/accept"), officer, &[]).await;
    }
}

#[tokio::test]
async fn the_list_holds_every_clock_by_date_and_is_narrowed() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    assert!(site.get("/duties", &officer).await.contains("No duty is like this."));
    accepted(&site, &officer, 2).await;
    let page = site.get("/duties", &officer).await;
    assert_eq!(page.matches("Complete and sign the Report of Security Incident").count(), 2, "{page}");
    let (ticket, form) =
        (page.find("Open a help ticket").expect("listed"), page.find("Complete and sign").expect("listed"));
    assert!(ticket < form, "what is due sooner stands above");
    assert!(page.contains("led by A. Ortiz") && page.contains("DMH DOR 8.350 (2016)"), "{page}");

    site.later(6 * 60);
    site.post("/incidents/DMH-2026-0001/duties/O43", &officer, &[("how", "recorded"), ("words-O43", "OCS-88213")])
        .await;
    let met = site.get("/duties?which=met", &officer).await;
    assert!(met.contains("Open a help ticket") && met.contains("Met in 6 min"), "{met}");
    let past = site.get("/duties?which=past", &officer).await;
    assert_eq!(past.matches("Open a help ticket").count(), 1, "the other one still waits: {past}");
    assert!(!past.contains("Complete and sign"), "{past}");
    let next = site.get("/duties?which=next", &officer).await;
    assert!(!next.contains("Complete and sign"), "30 days are more than 7: {next}");
    site.later(24 * 86_400);
    let officer = site.sign_in("ortiz@example.gov").await;
    let next = site.get("/duties?which=next", &officer).await;
    assert_eq!(next.matches("Complete and sign").count(), 2, "{next}");
    let undated = site.get("/duties?which=no-date", &officer).await;
    assert!(undated.contains("no fixed date") && !undated.contains("Complete and sign"), "{undated}");

    assert!(site.get("/duties?whose=mine", &officer).await.contains("DMH-2026-0001"));
    assert!(!site.get("/duties?whose=nobody", &officer).await.contains("DMH-2026-0001"));
    assert!(site.get("/duties?unit=RVB", &officer).await.contains("DMH-2026-0001"));
    for wrong in ["/duties?which=all", "/duties?whose=x", "/duties?unit=ZZZ"] {
        let answer = site.ask("GET", wrong, &officer, &[]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(text(answer).await.contains("Choose one of the list."), "{wrong}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_lose_nothing() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    accepted(&site, &officer, 14).await;
    let (mut path, mut met, mut pages) = ("/duties".to_owned(), Vec::new(), 0);
    loop {
        let page = site.get(&path, &officer).await;
        pages += 1;
        met.extend(
            page.split("class=\"row-link\" href=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().expect("an address").to_owned()),
        );
        let Some(next) = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\"")) else { break };
        let next = next.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("an address");
        path = next.replace("&#38;", "&").replace("&amp;", "&");
    }
    let all = met.len();
    met.sort();
    met.dedup();
    assert!(pages >= 2, "{pages}");
    assert_eq!((met.len(), met.len() % 14), (all, 0), "every duty once");
}

#[tokio::test]
async fn what_is_not_theirs_is_in_no_list_table_or_calendar() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    accepted(&site, &officer, 1).await;
    let oak = UnitProfile {
        name: ground::words("Oak Grove Hospital"),
        kind: UnitKind::Facility,
        phone: None,
        policies: vec![],
    };
    let oak = site.app.add_unit(site.tenant, site.head, "OAK", &oak).await.expect("a unit");
    let elsewhere = site.staff("B. Lin", "lin@example.gov", Role::LocalOfficer, oak).await;
    let page = site.get("/duties", &elsewhere).await;
    assert!(page.contains("No duty is like this.") && !page.contains("DMH-2026-0001"), "{page}");
    assert!(!site.get("/duties.csv", &elsewhere).await.contains("DMH-2026-0001"));
    let administrator = site.sign_in("diaz@example.gov").await;
    for path in ["/duties", "/duties.csv"] {
        assert_eq!(site.ask("GET", path, &administrator, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.ask("POST", "/me/calendar", &administrator, &[]).await.status(), StatusCode::NOT_FOUND);
    let answer = site.ask("GET", "/duties", "", &[]).await;
    assert_ne!(answer.status(), StatusCode::OK, "not without signing in");

    let chief = site.sign_in("vance@example.gov").await;
    assert!(site.get("/duties", &chief).await.contains("DMH-2026-0001"));
    let page = site.get("/incidents/DMH-2026-0001", &chief).await;
    let at = page.find(">C. Vance</option>").map(|at| page[..at].rfind("value=\"").unwrap() + 7).unwrap();
    let vance = page[at..at + 36].to_owned();
    site.post("/incidents/DMH-2026-0001/exclude", &officer, &[("person", &vance)]).await;
    assert!(!site.get("/duties", &chief).await.contains("DMH-2026-0001"), "excluded");
    assert!(!site.get("/duties.csv", &chief).await.contains("DMH-2026-0001"), "excluded");
}

#[tokio::test]
async fn the_table_says_the_same_and_opens_safely() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    accepted(&site, &officer, 1).await;
    let title = [("title", "=HYPERLINK(\"http://example.org\")"), ("reason", "To see what a spreadsheet makes of it")];
    site.post("/incidents/DMH-2026-0001/describe", &officer, &title).await;
    let answer = site.ask("GET", "/duties.csv?whose=mine", &officer, &[]).await;
    assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    let table = text(answer).await;
    let lines: Vec<&str> = table.split("\r\n").filter(|line| !line.is_empty()).collect();
    assert!(lines[0].trim_start_matches('\u{feff}').starts_with("reference,title,unit,lead,duty,"), "{table}");
    assert!(lines.iter().any(|line| line.contains("Complete and sign") && line.contains(",2026-11-12,")), "{table}");
    assert!(lines[1..].iter().all(|line| line.contains("\"'=HYPERLINK")), "no cell runs: {table}");
}

/// What a strict reader of RFC 5545 makes of it: unfolded lines, components that open and close, values by name.
fn todos(calendar: &str) -> Vec<Vec<(String, String)>> {
    assert!(
        calendar.ends_with("\r\n") && !calendar.replace("\r\n", "").contains(['\r', '\n']),
        "CRLF alone ends a line"
    );
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "folded");
    let unfolded = calendar.replace("\r\n ", "");
    let mut lines = unfolded.trim_end().split("\r\n");
    assert_eq!(lines.next(), Some("BEGIN:VCALENDAR"));
    let (mut found, mut open): (Vec<Vec<(String, String)>>, bool) = (Vec::new(), false);
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no value: {line}"));
        match (name, value) {
            ("BEGIN", "VTODO") if !open => {
                open = true;
                found.push(Vec::new());
            }
            ("END", "VTODO") if open => open = false,
            ("END", "VCALENDAR") if !open => return found,
            ("BEGIN" | "END", other) => panic!("{name}:{other} is out of place"),
            (name, value) if open => found.last_mut().expect("open").push((name.to_owned(), value.to_owned())),
            _ => {}
        }
    }
    panic!("the calendar does not end")
}

#[tokio::test]
async fn a_private_link_feeds_a_calendar_until_it_is_ended() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    accepted(&site, &officer, 1).await;
    assert!(site.get("/me", &officer).await.contains("Make a link"));
    let made = site.ask("POST", "/me/calendar", &officer, &[]).await;
    assert_eq!(made.status(), StatusCode::OK);
    let page = text(made).await;
    let at = page.find("http://127.0.0.1:8420/duties.ics/").expect("the link");
    let link: String = page[at + "http://127.0.0.1:8420".len()..].chars().take_while(|c| *c != '<').collect();
    let me = site.get("/me", &officer).await;
    assert!(me.contains("Your link works until Oct") && !me.contains(&link), "it is shown once: {me}");

    // Without any session: a calendar program has none.
    let answer = site.ask("GET", &link, "", &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
    let calendar = text(answer).await;
    let todos = todos(&calendar);
    assert!(todos.len() >= 2, "{calendar}");
    for todo in &todos {
        let of = |name: &str| {
            todo.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!((of("UID").len(), of("DTSTAMP").len(), of("DUE").len()), (1, 1, 1), "{todo:?}");
        let summary = of("SUMMARY")[0];
        assert!(summary.starts_with("DMH-2026-0001 – "), "{summary}");
    }
    assert!(calendar.contains("DUE:20261113T055959Z"), "the end of November 12 in Missouri: {calendar}");
    for fact in ["Screen", "odd", "Open a help", "Riverbend", "Ortiz", "malware"] {
        assert!(!calendar.contains(fact), "{fact}: {calendar}");
    }

    // It opens nothing else, and what is not a link looks as if it had never been.
    let secret = link.rsplit('/').next().expect("a secret").to_owned();
    let nowhere = site.ask("GET", "/duties.ics/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", &[]).await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
    let nowhere = text(nowhere).await;
    for path in ["/duties.ics/x".to_owned(), format!("/duties.ics/{}", &secret[1..])] {
        let answer = site.ask("GET", &path, "", &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(text(answer).await, nowhere, "{path}");
    }

    site.post("/me/calendar/end", &officer, &[]).await;
    let ended = site.ask("GET", &link, "", &[]).await;
    assert_eq!(ended.status(), StatusCode::NOT_FOUND);
    assert_eq!(text(ended).await, nowhere, "ended and never made are the same");
    assert!(site.get("/me", &officer).await.contains("Make a link"));

    // A new one ends the one before, and administrators see that there is one and can withdraw it.
    let link = |page: &str| {
        let at = page.find("/duties.ics/").expect("the link");
        page[at..].chars().take_while(|c| *c != '<').collect::<String>()
    };
    let first = link(&text(site.ask("POST", "/me/calendar", &officer, &[]).await).await);
    let second = link(&text(site.ask("POST", "/me/calendar", &officer, &[]).await).await);
    assert_eq!(site.ask("GET", &first, "", &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.ask("GET", &second, "", &[]).await.status(), StatusCode::OK);
    let administrator = site.sign_in("diaz@example.gov").await;
    assert!(site.get("/admin/tokens", &administrator).await.contains("their own calendar"));
}
