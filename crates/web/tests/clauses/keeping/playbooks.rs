//! Playbooks: a copy per incident, tailored there.

use super::{accepted, after, noon, office};
use crate::site::{Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

// proves: MODOT-11.A-tailor
#[tokio::test]
async fn a_step_taken_out_of_one_incident_stays_in_the_library() {
    let site = Site::of(&office("MODOT", &["us-mo/modot"], &["common", "us-mo/modot"], noon(2026, 3, 2))).await;
    site.person("D. Frey", "ai@example.gov", Role::ChiefOfficer, site.head).await;
    let is = site.staff("T. Okafor", "is@example.gov", Role::Investigator, site.head).await;
    let ai = site.sign_in("ai@example.gov").await;
    let incident = accepted(&site, &ai).await;
    assert!(!site.get(&incident, &is).await.contains("Find the root cause"));

    // A breach starts the technical playbook by itself; another is offered and started by hand.
    site.post(&format!("{incident}/facts"), &is, &[("fact.breach", "yes"), ("confirmed", "1")]).await;
    let page = site.get(&incident, &is).await;
    assert!(
        page.contains("Find the root cause") && page.contains("Information Systems · Technical response"),
        "{page}"
    );
    assert!(page.contains("11.A, root cause"), "tasks cite their clause: {page}");
    assert!(page.contains("Start “Preserve evidence” (4 steps)"), "{page}");
    site.post(&format!("{incident}/playbooks/preserve-evidence"), &is, &[]).await;
    let page = site.get(&incident, &is).await;
    assert!(page.contains("Write down who has each thing"), "{page}");

    let row = page.split("<li").find(|row| row.contains("Quarantine the affected hosts")).expect("the step");
    let remove = format!("{incident}/tasks/{}", after(row, &format!("action=\"{incident}/tasks/")));
    let task = remove.split('/').nth(4).unwrap().to_owned();
    let (remove, why) = (format!("{incident}/tasks/{task}/remove"), format!("why-{task}"));
    let silent = site.ask("POST", &remove, &is, &[]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(silent).await.contains("Write why this is not needed here."));
    site.post(&remove, &is, &[(&why, "Every host is a contractor's")]).await;
    // One is added beside.
    site.post(&format!("{incident}/tasks"), &is, &[("task", "Ask the contractor to quarantine"), ("stage", "contain")])
        .await;

    let page = site.get(&incident, &is).await;
    let row =
        page.split("<li").find(|row| row.contains("Quarantine the affected hosts")).expect("the step is still told");
    assert!(
        row.contains("Taken out") && row.contains("T. Okafor") && row.contains("Every host is a contractor"),
        "{row}"
    );
    assert!(page.contains("Ask the contractor to quarantine"));
    let library = site.get("/playbooks", &is).await;
    assert!(library.contains("Quarantine the affected hosts that the state manages"), "{library}");
    assert!(!library.contains("Ask the contractor"), "the library is as it was");
}
