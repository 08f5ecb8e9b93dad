//! The Department of Health and Senior Services.

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
