//! The Department of Technology Services of Utah.

use crate::hands::{FORM, Form, duty};
use crate::site::{Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

/// Monday, March 5, 2007, 8:40 a.m. MST
const MARCH: i64 = 1_173_109_200_000_000;

pub const DTS: Office<'static> = Office {
    code: "UT",
    name: "Department of Technology Services",
    zone: "America/Denver",
    series: &["us-ut/dts"],
    packs: &["common", "us-ut/dts-2006"],
    now: MARCH,
};

async fn officer(site: &Site) -> String {
    site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await
}

async fn accepted(site: &Site, officer: &str) -> String {
    let reference = site.report("malware", "A ransom note on three screens.").await;
    let to = site.post(&format!("/inbox/{reference}/accept"), officer, &[]).await;
    to.split('?').next().unwrap().to_owned()
}

async fn refused(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let page = site.ask("POST", path, cookie, fields).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    text(page).await
}

const STATEMENTS: [(&str, &str); 2] = [
    ("statement.assets-protected", "Backups were taken off the network."),
    ("statement.cost-and-vulnerability", "Two days of work; a missing update."),
];

/// Records that damage was contained, so that closing waits for what a test is about.
async fn contain(site: &Site, incident: &str, officer: &str, at: &str) {
    let contained = [("f.contained", at), ("f.how", "The three machines were cut off.")];
    site.post(&format!("{incident}/sheets/containment"), officer, &contained).await;
}

// proves: UT-1250.2
#[tokio::test]
async fn four_answers_tell_an_incident_and_whoever_decides_may_overrule_them_with_a_reason() {
    let site = Site::of(&DTS).await;
    let officer = officer(&site).await;
    let facts = ["unexpected", "possible-harm", "instant-action-needed", "policy-violated"];
    let yes = "By the policy’s definition this is an incident.";
    let no = "By the policy’s definition this is not an incident.";
    let mut last = String::new();
    for (answers, found) in
        [(["yes", "yes", "yes", "no"], yes), (["no", "no", "no", "yes"], yes), (["yes", "yes", "no", "no"], no)]
    {
        let reference = site.report("other", "The badge reader opens by itself.").await;
        let names = facts.map(|fact| format!("fact.{fact}"));
        let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(answers).collect();
        site.post(&format!("/inbox/{reference}/weigh"), &officer, &fields).await;
        let page = site.get(&format!("/inbox/{reference}"), &officer).await;
        assert!(page.contains(found) && page.contains("Answered by A. Ortiz"), "{answers:?}: {page}");
        last = reference;
    }
    let page = refused(&site, &format!("/inbox/{last}/accept"), &officer, &[]).await;
    assert!(page.contains("You can overrule it: write why."), "{page}");
    let why = [("overrule", "It happened in three buildings at once.")];
    let incident = site.post(&format!("/inbox/{last}/accept"), &officer, &why).await;
    assert!(incident.starts_with("/incidents/UT-2007-"), "{incident}");

    // The other way round it takes a reason too.
    let reference = site.report("other", "A locked door.").await;
    site.post(&format!("/inbox/{reference}/weigh"), &officer, &[("fact.policy-violated", "yes")]).await;
    let aside = format!("/inbox/{reference}/set-aside");
    refused(&site, &aside, &officer, &[("reason", "event_only")]).await;
    site.post(&aside, &officer, &[("reason", "event_only"), ("note", "The rule was waived for the move.")]).await;
}

// proves: UT-1250.3.1-assets
#[tokio::test]
async fn an_incident_closes_only_when_it_says_how_assets_were_protected() {
    let site = Site::of(&DTS).await;
    let officer = officer(&site).await;
    let incident = accepted(&site, &officer).await;
    contain(&site, &incident, &officer, "now").await;
    let close = format!("{incident}/close");
    for blank in ["", "   "] {
        let statements = [("statement.assets-protected", blank), STATEMENTS[1]];
        let page = refused(&site, &close, &officer, &statements).await;
        assert!(page.contains("How assets were protected is not stated."), "{page}");
    }
    site.post(&close, &officer, &STATEMENTS).await;
}

// proves: UT-1250.3.1-contain
#[tokio::test]
async fn the_time_to_containment_counts_from_the_report() {
    let site = Site::of(&DTS).await;
    let officer = officer(&site).await;
    let incident = accepted(&site, &officer).await;
    let close = format!("{incident}/close");
    let page = refused(&site, &close, &officer, &STATEMENTS).await;
    assert!(page.contains("Containment of the damage"), "{page}");
    site.later(4 * 3_600);
    let officer = site.sign_in("ortiz@example.gov").await;
    contain(&site, &incident, &officer, "2007-03-05 12:10").await;
    for page in [format!("{incident}/sheets/containment"), incident.clone()] {
        let page = site.get(&page, &officer).await;
        assert!(page.contains("Time to containment") && page.contains("3 h 30 min"), "{page}");
    }
    site.post(&close, &officer, &STATEMENTS).await;
}

// proves: UT-1250.3.1-restore
#[tokio::test]
async fn a_service_that_is_still_down_keeps_the_incident_open_until_its_loss_is_accepted_by_name() {
    let site = Site::of(&DTS).await;
    let officer = officer(&site).await;
    let incident = accepted(&site, &officer).await;
    contain(&site, &incident, &officer, "now").await;
    let (sheet, close) = (format!("{incident}/sheets/restoration"), format!("{incident}/close"));
    let down = [("f.service", "License renewal"), ("f.down", "2007-03-05 08:00")];
    site.post(&sheet, &officer, &down).await;
    let page = refused(&site, &close, &officer, &STATEMENTS).await;
    assert!(page.contains("License renewal") && page.contains("Or who accepts that it stays down"), "{page}");
    let page = site.get(&sheet, &officer).await;
    assert!(page.contains("still down, 40 min so far"), "{page}");
    let at = page.rfind("?change=").unwrap() + 8;
    let accepted =
        [&down[..], &[("entry", &page[at..at + 36]), ("f.accepted", "K. Diaz: retired on Friday.")]].concat();
    site.post(&sheet, &officer, &accepted).await;
    site.post(&close, &officer, &STATEMENTS).await;
}

const SUSPECTED_AT_EIGHT: Form<'static> = Form {
    tile: "other",
    pages: &[("when", &[("n-month", "3"), ("n-day", "5"), ("n-year", "2007"), ("n-time", "8:00")])],
    ..FORM
};

// proves: UT-1250.3.1
#[tokio::test]
async fn the_time_from_suspicion_to_report_is_shown_and_is_over_only_by_a_target_of_ones_own() {
    let site = Site::of(&DTS).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let officer = officer(&site).await;
    let reference = site.file(&SUSPECTED_AT_EIGHT).await;
    let report = site.get(&format!("/inbox/{reference}"), &officer).await;
    assert!(report.contains("8:00\u{a0}a.m. MST") && report.contains("8:40\u{a0}a.m. MST"), "{report}");
    let incident = site.accept(&reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    let told = duty(&page, "O51").unwrap();
    assert!(told.contains("Met in 40 min") && !told.contains("over our own target"), "{told}");
    assert!(told.contains("Met in 40 min</span>"), "nobody is late: {told}");

    let target = [("value", "report-target"), ("to-report-target", "30")];
    site.post("/admin/local/values", &admin, &target).await;
    let page = site.get(&incident, &officer).await;
    let told = duty(&page, "O51").unwrap();
    assert!(told.contains("Met in 40 min, 10 min over our own target of 30 min"), "{told}");
    assert!(told.contains("status--met"), "a target makes nobody late: {told}");
}
