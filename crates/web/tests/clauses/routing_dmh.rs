//! The Department of Mental Health: the officer of the facility first, who stands in for them, the ticket, and the chief.

use super::hands::{FORM, Form, at, duty, open, read};
use super::site::{DMH, Office, Site};
use domain::permission::Role;

fn edition(pack: &'static [&'static str], moment: &str) -> Office<'static> {
    Office { packs: pack, now: at(moment), ..DMH }
}

/// The edition of 2016 with an officer at Riverbend, the chief, and the help desk.
async fn site_2016(moment: &str) -> (Site, String, String) {
    let site = Site::of(&edition(DMH.packs, moment)).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let desk = site.staff("H. Nolan", "nolan@example.gov", Role::HelpDesk, site.head).await;
    site.person("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    (site, officer, desk)
}

// proves: DMH16-3.a
#[tokio::test]
async fn what_was_seen_at_nine_and_filed_at_five_past_is_met_in_five_minutes_and_lies_with_the_officer() {
    let (site, officer, desk) = site_2016("2016-07-01T09:05:00-05:00").await;
    let noticed: &[(&str, &[(&str, &str)])] =
        &[("when", &[("n-month", "7"), ("n-day", "1"), ("n-year", "2016"), ("n-time", "9:00")])];
    let reference = site.file(&Form { pages: noticed, ..FORM }).await;
    assert!(site.get("/inbox", &officer).await.contains(&reference));
    assert!(!site.get("/desk", &desk).await.contains(&reference), "the help desk has nothing to do with it");
    let incident = site.accept(&reference, &officer).await;
    let page = read(&site.get(&incident, &officer).await);
    let reported = duty(&page, "O42").unwrap();
    assert!(reported.contains("Met in 5 min") && reported.contains("9:00 a.m."), "{reported}");
}

// proves: DMH16-3.a-ticket, DMH16-3.a-ocs
#[tokio::test]
async fn the_ticket_of_the_policys_category_hands_the_case_to_the_office_of_cyber_security() {
    let (site, officer, _) = site_2016("2016-07-01T09:05:00-05:00").await;
    let reference = site.file(&FORM).await;
    let incident = site.accept(&reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(open(&page, "O43") && page.contains("No ticket is on record."), "{page}");
    site.set_clock("2016-07-01T09:30:00-05:00");
    let ticket = |category| {
        [("ticket-number", "INC-88213"), ("ticket-category", category), ("ticket-by", "lso"), ("ticket-at", "now")]
    };
    let path = format!("{incident}/ticket");
    site.refused(&path, &officer, &ticket("Hardware"), "in the category Event/Incident Analysis").await;
    assert!(open(&site.get(&incident, &officer).await, "O43"));
    site.post(&path, &officer, &ticket("Event/Incident Analysis")).await;
    let page = read(&site.get(&incident, &officer).await);
    assert!(!open(&page, "O43"));
    assert!(page.contains("With Office of Cyber Security since Fri, Jul 1, 2016, 9:30 a.m. CDT."), "{page}");
    assert!(page.contains("Not acknowledged yet") && page.contains("INC-88213"), "{page}");
    site.set_clock("2016-07-01T09:50:00-05:00");
    let taken = |at| [("f.acknowledged", at), ("f.by", "Duty analyst, by telephone")];
    let sheet = format!("{incident}/sheets/inquiry");
    assert!(page.contains(&format!("href=\"{sheet}\">They have taken it…")), "{page}");
    site.refused(&sheet, &officer, &taken("2016-07-01 09:20"), "before").await;
    site.post(&sheet, &officer, &taken("2016-07-01 09:50")).await;
    let page = read(&site.get(&incident, &officer).await);
    assert!(!page.contains("Not acknowledged yet"), "{page}");
    assert!(page.contains("Acknowledged Fri, Jul 1, 2016, 9:50 a.m. CDT: Duty analyst, by telephone."), "{page}");
}

// proves: DMH16-3.a-fallback
#[tokio::test]
async fn a_reporter_who_cannot_reach_the_officer_sends_it_to_the_help_desk_and_the_officer_has_a_copy() {
    let (site, officer, desk) = site_2016("2016-07-01T09:05:00-05:00").await;
    let reference = site.file(&Form { to: "itsd-help-desk", ..FORM }).await;
    assert!(site.get("/desk", &desk).await.contains(&reference), "it is addressed to the help desk");
    let theirs = site.get(&format!("/desk/{reference}"), &desk).await;
    assert!(theirs.contains("Somebody used my account.") && theirs.contains("Event/Incident Analysis"), "{theirs}");
    let inbox = site.get("/inbox", &officer).await;
    assert!(inbox.contains(&reference) && inbox.contains("copy: sent to ITSD help desk"), "{inbox}");
    let report = site.get(&format!("/inbox/{reference}"), &officer).await;
    assert!(report.contains("ITSD help desk, chosen by the person who reported"), "{report}");
    assert!(report.contains("owed by ITSD help desk (DOR 8.350 (2016) (3)a, ticket)"), "{report}");
    let incident = site.accept(&reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(duty(&page, "O43").unwrap().contains("ITSD help desk ·"), "the ticket duty is the help desk's: {page}");
    let ticket = [
        ("ticket-number", "INC-88214"),
        ("ticket-category", "Event/Incident Analysis"),
        ("ticket-by", "itsd-help-desk"),
    ];
    site.post(&format!("{incident}/ticket"), &officer, &ticket).await;
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("INC-88214, opened by: ITSD help desk"), "{page}");
    // Another report, to the officer, is none of the help desk's.
    let other = site.file(&FORM).await;
    let nothing = site.ask("GET", &format!("/desk/{other}"), &desk, &[]).await;
    assert_eq!(nothing.status(), axum::http::StatusCode::NOT_FOUND);
}

// proves: DMH16-FORM-SEND
#[tokio::test]
async fn a_facility_without_an_officer_falls_to_the_help_desk_and_counts_as_a_gap() {
    let (site, _, desk) = site_2016("2016-07-01T09:05:00-05:00").await;
    site.facility("Beta", "BETA").await;
    let draft = site.write(&Form { code: "BETA", ..FORM }).await;
    let check = site.get(&format!("{draft}/check"), "").await;
    assert!(check.contains("Local security officer: nobody is there now."), "{check}");
    let reference = site.send(&draft, "").await;
    assert!(site.get("/desk", &desk).await.contains(&reference));
    let chief = site.sign_in("vance@example.gov").await;
    let gaps = site.get("/organisation", &chief).await;
    assert!(gaps.contains("Beta: no current local security officer"), "{gaps}");
}

// proves: DMH04-FORM-SEND
#[tokio::test]
async fn under_the_edition_of_2004_the_chief_gets_what_no_local_officer_can() {
    let site = Site::of(&edition(&["common", "us-mo/dmh-2004"], "2005-02-01T09:00:00-06:00")).await;
    let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    site.facility("Beta", "BETA").await;
    let reference = site.file(&Form { code: "BETA", ..FORM }).await;
    let inbox = site.get("/inbox", &chief).await;
    assert!(
        inbox.contains(&reference) && inbox.contains("for Chief security officer: nobody holds the office"),
        "{inbox}"
    );
    assert!(!site.get("/inbox", &officer).await.contains(&reference), "Riverbend's officer has nothing of it");
    let report = site.get(&format!("/inbox/{reference}"), &chief).await;
    assert!(report.contains("because Beta had no current local security officer"), "{report}");
    let gaps = site.get("/organisation", &chief).await;
    assert!(gaps.contains("Beta: no current local security officer"), "{gaps}");
    // Where there is one, it is the officer's.
    let reference = site.file(&FORM).await;
    assert!(site.get("/inbox", &officer).await.contains(&reference));
}

// proves: DMH04-3.C.6
#[tokio::test]
async fn a_breach_that_may_spread_tells_the_chief_at_once_and_asks_for_a_technical_report() {
    let site = Site::of(&edition(&["common", "us-mo/dmh-2004"], "2005-02-01T09:00:00-06:00")).await;
    let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let reference = site.file(&Form { pages: &[("spread", &[("now", "yes")])], ..FORM }).await;
    site.later(59);
    site.work().await;
    let inbox = site.get("/inbox", &chief).await;
    assert!(inbox.contains(&reference) && inbox.contains("To be read first") && inbox.contains("New. "), "{inbox}");
    let home = site.get("/home", &chief).await;
    assert!(home.contains("1 report waits"), "{home}");
    let mail = site.app.store().list_mail(Some(site.tenant), 10).await.unwrap();
    // Jobs are due by the store's own clock, which is far ahead of this one: the next in the route may have mail too.
    assert!(mail.len() >= 2, "the officer and the chief have a letter");
    let report = site.get(&format!("/inbox/{reference}"), &chief).await;
    assert!(report.contains("Told besides") && report.contains("Report technically to ISMO"), "{report}");
    let incident = site.accept(&reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(open(&page, "O18-spread"), "{page}");
    assert!(!open(&page, "O18-spread-chief"), "telling the chief is met by the delivery");
}
