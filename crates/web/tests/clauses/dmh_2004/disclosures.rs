//! The goal of tracking disclosures: where it applies, a case closes with a complete entry and not before.

use crate::casework::Casework;
use crate::keeping::{answer_for_everything, close, complete_form};
use crate::site::{DMH, Office, text};
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH04-3.D.2.A.VII
#[tokio::test]
async fn where_disclosures_are_tracked_a_case_closes_with_one_complete_entry() {
    // Monday, January 10, 2005, 10 a.m. CST
    let office = Office { packs: &["common", "us-mo/dmh-2004"], now: 1_105_372_800_000_000, ..DMH };
    let case = Casework::of(&office).await;
    let site = &case.site;
    let privacy = site.staff("N. Okafor", "okafor@example.gov", Role::PrivacyOfficer, site.unit).await;
    site.person("P. Rao", "rao@example.gov", Role::HumanResources, site.head).await;
    let incident = case.incident("malware", "A letter went to another family.").await;
    case.fill(&incident, "goal-disclosures", &[("f.applies", "yes")]).await;
    complete_form(site, &case.officer, &incident).await;
    answer_for_everything(site, &case.officer, &incident).await;
    let refused = async |says: &str| {
        let answer = site.ask("POST", &format!("{incident}/close"), &case.officer, &[("note", "Done")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(answer).await;
        assert!(page.contains(says), "{says}: {page}");
    };
    refused("“Register of disclosures” is not filled in.").await;
    let plan = case.sheet(&incident, "disclosures").await;
    assert!(plan.contains("DOR 8.060 (tracking of disclosures): not supplied"), "{plan}");

    // An entry without all of its fields is no entry yet.
    let sheet = format!("{incident}/sheets/disclosures");
    let begun = [("f.date", "2005-01-08"), ("f.recipient", "One family in Fulton")];
    site.post(&sheet, &privacy, &begun).await;
    refused("Register of disclosures (One family in Fulton) is unfinished:").await;
    let page = site.get(&sheet, &privacy).await;
    let at = page.find("?change=").unwrap() + 8;
    let rest = [
        ("entry", &page[at..at + 36]),
        ("f.what", "An appointment"),
        ("f.whose", "C-1042"),
        ("f.purpose", "None: a mistake"),
    ];
    site.post(&sheet, &privacy, &[&begun[..], &rest].concat()).await;
    close(site, &case.officer, &incident).await;
    assert!(case.page(&incident).await.contains("<span class=\"usa-tag\">Closed</span>"));
}
