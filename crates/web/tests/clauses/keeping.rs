//! Keeping and deciding: retention, holds and disposal; decisions of several offices; playbooks.

mod playbooks;
mod records;
mod votes;

use super::site::{Office, PASSWORD, Site};
use domain::permission::Role;

/// 6 p.m. UTC of a civil day, in seconds since 1970: about noon in Missouri.
pub fn noon(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    days * 86_400 + 18 * 3_600
}

pub const fn office<'a>(code: &'a str, series: &'a [&'a str], packs: &'a [&'a str], now: i64) -> Office<'a> {
    Office { code, name: "Sample Department", zone: "America/Chicago", series, packs, now: now * 1_000_000 }
}

impl Site {
    /// Time passes until about noon of that day.
    pub fn until(&self, year: i64, month: i64, day: i64) {
        self.later(noon(year, month, day) - self.app.now().micros() / 1_000_000);
    }
}

/// An officer, two records officers, counsel and an administrator.
pub async fn people(site: &Site) {
    for (name, email, role, at) in [
        ("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit),
        ("R. Quinn", "quinn@example.gov", Role::Records, site.head),
        ("S. Novak", "novak@example.gov", Role::Records, site.head),
        ("L. Marsh", "marsh@example.gov", Role::Counsel, site.head),
        ("K. Diaz", "diaz@example.gov", Role::Administrator, site.head),
        ("P. Rao", "rao@example.gov", Role::HumanResources, site.head),
    ] {
        site.person(name, email, role, at).await;
    }
}

/// The text after `before` up to the next quotation mark.
pub fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let at = page.find(before).unwrap_or_else(|| panic!("{before} in {page}")) + before.len();
    page[at..].split('"').next().unwrap()
}

/// A report of today, accepted; gives back the incident's address.
pub async fn accepted(site: &Site, officer: &str) -> String {
    let report = site.report("malware", "The wolverine console was wiped.").await;
    let to = site.post(&format!("/inbox/{report}/accept"), officer, &[]).await;
    to.split('?').next().unwrap().to_owned()
}

/// Answers for every duty that still waits, in words.
pub async fn answer_for_everything(site: &Site, cookie: &str, incident: &str) {
    let before = format!("action=\"{incident}/duties/");
    // An answer can start another duty: a ticket starts the findings of whoever takes it up.
    for _ in 0..3 {
        let page = site.get(incident, cookie).await;
        for rest in page.split(&before).skip(1) {
            let rule = rest.split('"').next().unwrap();
            // To answer for a duty, not to waive it.
            if rule.contains('/') {
                continue;
            }
            let words = format!("words-{rule}");
            let fields = [("how", "recorded"), (words.as_str(), "Done and on file")];
            site.post(&format!("{incident}/duties/{rule}"), cookie, &fields).await;
        }
    }
}

/// Closes, with every statement that the checklist asks for.
pub async fn close(site: &Site, cookie: &str, incident: &str) {
    // The edition of 2004 wants the cause on record; others have no such sheet.
    let cause = [("f.state", "confirmed"), ("f.cause", "A cable that was pulled")];
    site.ask("POST", &format!("{incident}/sheets/cause"), cookie, &cause).await;
    let page = site.get(&format!("{incident}/close"), cookie).await;
    let names: Vec<String> = page
        .split("name=\"statement.")
        .skip(1)
        .map(|rest| format!("statement.{}", rest.split('"').next().unwrap()))
        .collect();
    let mut fields: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), "Looked back on, and in order")).collect();
    fields.push(("note", "Closed"));
    site.post(&format!("{incident}/close"), cookie, &fields).await;
}

/// Completes the Report of Security Incident by the officer's signature.
pub async fn complete_form(site: &Site, officer: &str, incident: &str) {
    let form = format!("{incident}/form");
    let answers = [
        ("ticks", "1"),
        ("I", "interference"),
        ("II", "Changes to hardware or software"),
        ("III", "today"),
        ("V", "Sam Lee"),
        ("VI", "Network cable pulled"),
        ("VII", "Reinstalled"),
        ("VIII", "today"),
        ("X-LOCATION", "Building 2"),
        ("XI", "Talked to the ward"),
        ("na.XII-1", "No clients touched"),
        ("na.XII-2", "No health data"),
    ];
    site.post(&form, officer, &answers).await;
    let signature = [
        ("name", "A. Ortiz"),
        ("password", PASSWORD),
        ("party", "completed"),
        ("reporter", "paper"),
        ("reporter-name", "Sam Lee"),
        ("papers", "none"),
    ];
    site.post(&format!("{form}/sign"), officer, &signature).await;
}
