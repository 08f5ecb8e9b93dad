//! Decisions of several offices: scope by agreement, severity by the highest vote.

use super::{accepted, after, noon, office};
use crate::site::{Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

async fn modot() -> (Site, String) {
    let site = Site::of(&office("MODOT", &["us-mo/modot"], &["common", "us-mo/modot"], noon(2026, 3, 2))).await;
    for (name, email, role) in [
        ("D. Frey", "ai@example.gov", Role::ChiefOfficer),
        ("L. Marsh", "cco@example.gov", Role::Counsel),
        ("T. Okafor", "is@example.gov", Role::Investigator),
        ("E. Stone", "executive@example.gov", Role::Executive),
    ] {
        site.person(name, email, role, site.head).await;
    }
    let ai = site.sign_in("ai@example.gov").await;
    let incident = accepted(&site, &ai).await;
    (site, incident)
}

async fn vote(site: &Site, who: &str, page: &str, role: &str, option: &str) {
    let cookie = site.sign_in(&format!("{who}@example.gov")).await;
    let shown = site.get(page, &cookie).await;
    let statement = after(&shown, "name=\"statement\" value=\"").to_owned();
    let fields = [("role", role), ("option", option), ("reason", "As found"), ("statement", statement.as_str())];
    site.post(page, &cookie, &fields).await;
}

// proves: MODOT-4-scope
#[tokio::test]
async fn scope_is_settled_when_all_three_offices_agree_to_the_same_statement() {
    let (site, incident) = modot().await;
    let ai = site.sign_in("ai@example.gov").await;
    let page = format!("{incident}/decisions/scope");
    let statement = format!("{page}/statement");
    site.post(&statement, &ai, &[("words", "One payroll server, names and numbers of staff")]).await;
    let cco = site.sign_in("cco@example.gov").await;
    let home = site.get("/home", &cco).await;
    assert!(
        home.contains("Decisions waiting for my concurrence") && home.contains("What are scope and nature"),
        "{home}"
    );
    vote(&site, "ai", &page, "ai", "agreed").await;
    vote(&site, "is", &page, "is", "agreed").await;

    let settled = [("asked", "scope"), ("outcome", "Agreed as stated"), ("decision-reason", "Both agree")];
    let refused = site.ask("POST", &format!("{incident}/decisions"), &ai, &settled).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let words = text(refused).await;
    assert!(
        words.contains("Not agreed yet: Chief Counsel&#39;s Office (has not voted)")
            || words.contains("Not agreed yet: Chief Counsel's Office (has not voted)"),
        "{words}"
    );

    // A new version of the statement needs new voices.
    site.post(&statement, &ai, &[("words", "Two payroll servers, names and numbers of staff")]).await;
    let shown = site.get(&page, &cco).await;
    assert!(
        shown.contains("Version 2") && shown.contains("D. Frey") && shown.matches("Has not voted").count() == 3,
        "{shown}"
    );
    for (who, role) in [("ai", "ai"), ("is", "is"), ("cco", "cco")] {
        vote(&site, who, &page, role, "agreed").await;
    }
    let shown = site.get(&page, &cco).await;
    assert!(shown.contains("Decided: Agreed as stated"), "{shown}");
    for name in ["D. Frey", "T. Okafor", "L. Marsh"] {
        assert!(shown.contains(name), "each by name: {name}");
    }
    assert!(site.get(&incident, &ai).await.contains("How severe is the breach?"), "the next question is put");
}

async fn scoped(site: &Site, incident: &str) {
    let ai = site.sign_in("ai@example.gov").await;
    let page = format!("{incident}/decisions/scope");
    site.post(&format!("{page}/statement"), &ai, &[("words", "One payroll server")]).await;
    for role in ["ai", "is", "cco"] {
        vote(site, role, &page, role, "agreed").await;
    }
}

// proves: MODOT-7-severity
#[tokio::test]
async fn the_highest_vote_on_severity_holds_until_all_agree() {
    let (site, incident) = modot().await;
    scoped(&site, &incident).await;
    let page = format!("{incident}/decisions/severity");
    vote(&site, "cco", &page, "cco", "high").await;
    vote(&site, "ai", &page, "ai", "high").await;
    vote(&site, "is", &page, "is", "moderate").await;
    let is = site.sign_in("is@example.gov").await;
    let shown = site.get(&page, &is).await;
    assert!(shown.contains("Provisionally High"), "{shown}");
    assert!(shown.contains("Not agreed yet: Information Systems (voted Moderate)."), "{shown}");
    let case = site.get(&incident, &is).await;
    assert!(case.contains("</svg>High</span>"), "the provisional severity drives the header: {case}");

    let ai = site.sign_in("ai@example.gov").await;
    let close = site.get(&format!("{incident}/close"), &ai).await;
    assert!(close.contains("Severity is not agreed. Not agreed: Information Systems (voted Moderate)."), "{close}");
    // Executive management is asked once all have voted and disagree.
    let executive = site.sign_in("executive@example.gov").await;
    let home = site.get("/home", &executive).await;
    assert!(home.contains("How severe is the breach?") && home.contains("as Executive management"), "{home}");
    // Equal votes settle it.
    vote(&site, "is", &page, "is", "high").await;
    assert!(site.get(&page, &is).await.contains("Decided: High"));
    assert!(!site.get(&format!("{incident}/close"), &ai).await.contains("Severity is not agreed"));
    let shown = site.get(&page, &is).await;
    assert!(shown.contains("Earlier votes") && shown.contains("Information Systems: Moderate"), "{shown}");
}

#[tokio::test]
async fn executive_management_ends_a_disagreement_on_record_and_nobody_votes_in_an_office_they_do_not_hold() {
    let (site, incident) = modot().await;
    scoped(&site, &incident).await;
    let page = format!("{incident}/decisions/severity");
    vote(&site, "cco", &page, "cco", "low").await;
    let is = site.sign_in("is@example.gov").await;
    let fields = [("role", "cco"), ("option", "severe"), ("reason", "Mine")];
    let refused = site.ask("POST", &page, &is, &fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains("do not hold the office"));
    vote(&site, "executive", &page, "executive-management", "moderate").await;
    assert!(site.get(&page, &is).await.contains("Settled: Moderate"));
    // One office decides where the policy names one.
    let monitoring = format!("{incident}/decisions/call-center");
    vote(&site, "executive", &monitoring, "department", "no").await;
    assert!(site.get(&monitoring, &is).await.contains("Decided: No"));
    assert_eq!(
        site.ask("GET", &format!("{incident}/decisions/nothing"), &is, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
}
