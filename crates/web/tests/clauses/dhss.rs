//! The Department of Health and Senior Services.

mod kinds;
mod report;
mod response;

use crate::site::{Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

/// Monday, March 4, 2024, 11:00 a.m. CST
const MARCH: i64 = 1_709_571_600_000_000;

pub const DHSS: Office<'static> = Office {
    code: "DHSS",
    name: "Department of Health and Senior Services",
    zone: "America/Chicago",
    series: &["us-mo/dhss"],
    packs: &["common", "us-mo/dhss"],
    now: MARCH,
};

/// An incident made of a report, with the officer who works it.
async fn incident(site: &Site) -> (String, String) {
    let reference = site.report("down", "The records system does not answer.").await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await;
    let to = site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    (to.split('?').next().unwrap().to_owned(), officer)
}

/// A report that was sent through the public form.
struct Sent {
    reference: String,
    /// The address of the private page.
    link: String,
}

/// Begins a report at Riverbend and gives the address of its draft.
async fn begin(site: &Site) -> String {
    site.post("/r/RVB", "", &[("begin", "report")]).await.strip_suffix("/what").unwrap().to_owned()
}

type Page<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// Answers pages that have nothing to mend.
async fn answer(site: &Site, draft: &str, pages: &[Page<'_>]) {
    for (page, fields) in pages {
        site.post(&format!("{draft}/{page}"), "", fields).await;
    }
}

/// A draft with everything that every report needs, for one tile.
async fn drafted(site: &Site, tile: &str) -> String {
    let draft = begin(site).await;
    let pages: [Page<'_>; 6] = [
        ("what", &[("what", tile)]),
        ("where", &[("unit", "RVB"), ("place", "Room 12")]),
        ("words", &[("words", "Something is wrong with the registry.")]),
        ("harm", &[("answer", "availability")]),
        ("harmed", &[("answer", "system")]),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")]),
    ];
    answer(site, &draft, &pages).await;
    draft
}

/// Asks for a page to be taken that has something to mend, and gives it back.
async fn mended(site: &Site, path: &str, fields: &[(&str, &str)]) -> String {
    let page = site.ask("POST", path, "", fields).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path} is shown again");
    text(page).await
}

/// Sends a draft that is in order.
async fn send(site: &Site, draft: &str) -> Sent {
    let receipt = site.post(&format!("{draft}/check"), "", &[]).await;
    let page = site.get(&receipt, "").await;
    let (link, reference) = (page.find("/s/").expect("a private link"), page.find("R-").expect("a reference"));
    let link = page[link..].chars().take_while(|c| !"\"<#".contains(*c)).collect();
    Sent { reference: page[reference..reference + 11].to_owned(), link }
}

/// The officer of the state office.
async fn chief(site: &Site) -> String {
    site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await
}

/// Accepts a report; gives the incident's address.
async fn accept(site: &Site, reference: &str, officer: &str) -> String {
    let to = site.post(&format!("/inbox/{reference}/accept"), officer, &[]).await;
    to.split('?').next().unwrap().to_owned()
}

/// A table of the statistics: label, incidents, people.
async fn table(site: &Site, of: &str, cookie: &str) -> String {
    site.get(&format!("/stats.csv?of={of}"), cookie).await
}

/// The last entry of a sheet that the form can change.
async fn entry(site: &Site, sheet: &str, cookie: &str) -> String {
    let page = site.get(sheet, cookie).await;
    let marks = ["?change=", "name=\"entry\" value=\""];
    let from = marks.into_iter().find_map(|mark| page.rfind(mark).map(|at| at + mark.len())).expect("an entry");
    page[from..from + 36].to_owned()
}

/// Sends a form that is refused, and gives the page back.
async fn refused(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let page = site.ask("POST", path, cookie, fields).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    text(page).await
}

// proves: DHSS-III-recovery
#[tokio::test]
async fn time_to_recovery_is_told_to_the_minute_and_what_is_down_says_so() {
    let site = Site::of(&DHSS).await;
    site.later(2 * 86_400);
    let (incident, officer) = incident(&site).await;
    let sheet = format!("{incident}/sheets/recovery");
    let first = [("f.system", "Records system"), ("f.down", "2024-03-04 09:00"), ("f.up", "2024-03-05 15:30")];
    site.post(&sheet, &officer, &first).await;
    site.post(&sheet, &officer, &[("f.system", "Imaging"), ("f.down", "2024-03-04 09:00")]).await;
    for page in [sheet.as_str(), &incident] {
        let page = site.get(page, &officer).await;
        assert!(page.contains("30 h 30 min") && page.contains("still down"), "{page}");
    }
}

// proves: DHSS-III-impact
#[tokio::test]
async fn an_impact_without_description_is_refused_and_three_answers_complete_it() {
    let site = Site::of(&DHSS).await;
    let (incident, officer) = incident(&site).await;
    let sheet = format!("{incident}/sheets/impact");
    let refused = site.ask("POST", &sheet, &officer, &[("f.corruption", "some")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains("f.corruption-described-error"));
    let some = [("f.corruption", "some"), ("f.corruption-described", "Three tables of the registry")];
    site.post(&sheet, &officer, &some).await;
    assert!(site.get(&sheet, &officer).await.contains("Unfinished"));
    let entry = site.get(&sheet, &officer).await;
    let at = entry.find("name=\"entry\" value=\"").unwrap() + 20;
    let whole = [some.as_slice(), &[("f.loss", "none"), ("f.disruption", "unknown"), ("entry", &entry[at..at + 36])]];
    site.post(&sheet, &officer, &whole.concat()).await;
    let page = site.get(&sheet, &officer).await;
    assert!(page.contains("Complete") && !page.contains("Unfinished"), "{page}");
}
