//! The Department of Transportation.

#[path = "modot/closing.rs"]
mod closing;
#[path = "modot/intake.rs"]
mod intake;
#[path = "modot/response.rs"]
pub mod response;

use crate::site::{Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

/// Monday, March 4, 2024, 8:00 a.m. CST
const EIGHT: i64 = 1_709_560_800_000_000;
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

pub const MODOT: Office<'static> = Office {
    code: "MODOT",
    name: "Department of Transportation",
    zone: "America/Chicago",
    series: &["us-mo/modot"],
    packs: &["common", "us-mo/modot"],
    now: EIGHT,
};

/// Somebody of Audits and Investigations.
async fn audits(site: &Site) -> String {
    site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await
}

/// Somebody of Information Systems.
async fn systems(site: &Site) -> String {
    site.staff("I. Novak", "novak@example.gov", Role::Investigator, site.head).await
}

/// Somebody of the Chief Counsel's Office.
async fn counsel(site: &Site) -> String {
    site.staff("C. Webb", "webb@example.gov", Role::Counsel, site.head).await
}

/// Makes an incident of a report; its address.
async fn accepted(site: &Site, report: &str, officer: &str) -> String {
    let to = site.post(&format!("/inbox/{report}/accept"), officer, &[]).await;
    to.split('?').next().unwrap().to_owned()
}

/// An incident made of a report about a system, with somebody of Audits and Investigations who works it.
async fn incident(site: &Site) -> (String, String) {
    let report = site.report("access", "A stranger was in the plans of the district.").await;
    let officer = audits(site).await;
    (accepted(site, &report, &officer).await, officer)
}

/// What a refused closing says.
async fn refused(site: &Site, incident: &str, officer: &str) -> String {
    let answer = site.ask("POST", &format!("{incident}/close"), officer, &[("note", "Done.")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    text(answer).await
}

/// A sheet filled; where that leads.
async fn filled(site: &Site, incident: &str, who: &str, sheet: &str, fields: &[(&str, &str)]) -> String {
    site.post(&format!("{incident}/sheets/{sheet}"), who, fields).await
}

/// A filling that is not taken: its answer.
async fn unfilled(
    site: &Site,
    incident: &str,
    who: &str,
    sheet: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
    let answer = site.ask("POST", &format!("{incident}/sheets/{sheet}"), who, fields).await;
    let status = answer.status();
    (status, text(answer).await)
}

/// The line of a sheet on the page of the incident, from its link to the end of its list item.
fn line<'p>(page: &'p str, sheet: &str) -> &'p str {
    let at = page.find(&format!("/sheets/{sheet}\"")).unwrap_or_else(|| panic!("no line {sheet}: {page}"));
    let rest = &page[at..];
    &rest[..rest.find("</li>").unwrap()]
}

/// The part of a page about one duty.
fn duty<'p>(page: &'p str, rule: &str) -> &'p str {
    let at = page.find(&format!("<li id=\"duty-{rule}\"")).unwrap_or_else(|| panic!("no duty {rule}: {page}"));
    let rest = &page[at..];
    &rest[..rest.find("</li>").unwrap()]
}

/// The entry that a sheet of one entry, or the entry about `of`, holds.
fn entry_of(page: &str, of: &str) -> String {
    let at = page.find(of).unwrap_or_else(|| panic!("no {of}: {page}"));
    let before = &page[..at + of.len()];
    let id = before.rfind("id=\"entry-").unwrap() + 10;
    page[id..id + 36].to_owned()
}
