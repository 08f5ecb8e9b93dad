//! The Security Incident Plan of each facility.

use super::{Board, DECLARE, Role, with};
use crate::hands::between;

/// A whole plan.
const PLAN: &[(&str, &str)] = &[
    ("then", "submit"),
    ("scope.0.kind", "office"),
    ("scope.0.name", "Admissions"),
    ("scope.0.person", "A. Ortiz"),
    ("goals.normal-operation", "Spare machines stand ready"),
    ("goals.limit-impact-on-others", "Cut the ward off first"),
    ("goals.avoid-further-incidents", "Look back after a week"),
    ("goals.root-cause", "The vendor is asked"),
    ("goals.assess-damage", "A list per ward"),
    ("goals.collect-evidence", "Images before cleaning"),
    ("goals.track-disclosures", "With the privacy officer"),
    ("priorities.critical-resources", "The pharmacy"),
    ("priorities.costly-data", "The registry"),
    ("priorities.service", "Paper for a day"),
    ("priorities.public-image", "Through the department"),
    ("parties.0.party", "Security"),
    ("parties.0.person", "A. Ortiz"),
    ("parties.0.kind", "virus"),
    ("parties.0.kind", "malicious-code"),
    ("parties.0.kind", "unauthorized-access"),
    ("parties.0.kind", "denial-of-resources"),
    ("parties.0.part", "overseeing"),
    ("parties.1.party", "Systems"),
    ("parties.1.person", "B. Kim"),
    ("parties.1.kind", "virus"),
    ("parties.1.part", "performing-measures"),
    ("limits.none", "1"),
];

const PATH: &str = "/readiness/plans/RVB";

// proves: DMH04-3.D, DMH04-3.D.1, DMH04-3.D.1-approval, DMH04-3.D.2.A.I, DMH04-3.D.3
#[tokio::test]
async fn a_plan_has_every_section_and_is_the_chiefs_to_approve() {
    let board = Board::open().await;
    let site = &board.site;
    // Seven goals are there from the beginning, in order, and nothing takes one out.
    let fresh = site.get(PATH, &board.officer).await;
    let goals: Vec<&str> = fresh.split("name=\"goals.").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let seven = [
        "normal-operation",
        "limit-impact-on-others",
        "avoid-further-incidents",
        "root-cause",
        "assess-damage",
        "collect-evidence",
        "track-disclosures",
    ];
    assert_eq!(goals, seven);
    for (fields, words) in [
        (&[("limits.none", "")][..], "Constraints: list what limits the unit, or say that none were identified."),
        (&[("scope.0.person", "")], "Scope, row 1, Admissions: write who answers for it."),
        (&[("scope.0.name", ""), ("scope.0.kind", ""), ("scope.0.person", "")], "Scope: name at least one area"),
        (&[("goals.root-cause", "")], "Find the root cause: write what your unit does for it."),
        (&[("priorities.service", "")], "Keep the disruption of service small: write what your unit does for it."),
    ] {
        site.refused(PATH, &board.officer, &with(&[PLAN], fields), words).await;
    }
    let without_malicious: Vec<_> = PLAN.iter().copied().filter(|(_, value)| *value != "malicious-code").collect();
    site.refused(PATH, &board.officer, &without_malicious, "Roles: name a party for malicious code.").await;
    let emptied = site.get(PATH, &board.officer).await;
    assert!(emptied.contains("4. Find the root cause"), "the draft has the goal all the same: {emptied}");
    assert_eq!(site.post(PATH, &board.officer, PLAN).await, "/readiness/plans/RVB?done=submitted");
    // What waits is not changed, and nobody but the chief approves it.
    site.refused(PATH, &board.officer, PLAN, "The plan waits for approval.").await;
    let decision = "/readiness/plans/RVB/decision";
    let words = "Only the chief security officer approves plans.";
    site.refused(decision, &board.officer, &[("then", "approve")], words).await;
    assert!(site.get("/home", &board.chief).await.contains("It waits for your approval"));
    site.refused(decision, &board.chief, &[("then", "return")], "Write what has to change.").await;
    site.post(decision, &board.chief, &[("then", "return"), ("why", "Name a deputy")]).await;
    assert!(site.get(PATH, &board.officer).await.contains("came back: Name a deputy"));
    site.post(PATH, &board.officer, PLAN).await;
    site.post(decision, &board.chief, &[("then", "approve")]).await;
    let page = site.get(PATH, &board.officer).await;
    assert!(page.contains("Version 1: approved by C. Vance") && page.contains("Jan 10, 2005"), "{page}");
    assert!(page.contains("None identified") && page.contains("Security: A. Ortiz"), "{page}");
    // A changed plan is a new version and needs approval again; the approved one stays in force meanwhile.
    site.post(PATH, &board.officer, &with(&[PLAN], &[("then", "save"), ("scope.0.name", "Admissions and wards")]))
        .await;
    let page = site.get(PATH, &board.officer).await;
    assert!(page.contains("Version 2: being written") && page.contains("Version 1: approved by"), "{page}");
    let list = site.get("/readiness/plans", &board.chief).await;
    assert!(list.contains("1 of 1 approved."), "{list}");
}

// proves: DMH04-3.D.1-deadline
#[tokio::test]
async fn approval_on_the_first_of_april_is_on_time_and_a_day_later_is_late() {
    let mut board = Board::open().await;
    for (name, code) in [("Beta", "BETA"), ("Gamma", "GAMMA")] {
        let unit = board.site.facility(name, code).await;
        board
            .site
            .app
            .add_person(
                board.site.tenant,
                &super::Profile {
                    name: format!("Officer of {name}"),
                    email: format!("{code}@example.gov").to_lowercase(),
                    phone: None,
                },
                app::sign_in::Password::chosen(crate::site::PASSWORD.into()).ok(),
                &[(unit, Role::LocalOfficer)],
            )
            .await
            .unwrap();
    }
    let beta = board.site.sign_in("beta@example.gov").await;
    board.site.post(PATH, &board.officer, PLAN).await;
    board.site.post("/readiness/plans/BETA", &beta, PLAN).await;
    let stands = |page: &str, name: &str| {
        let row = &page[page.find(&format!("{name}</a>")).unwrap()..];
        between(row, "<div class=\"when\">", "</div>").to_owned()
    };
    board.later("2005-04-01T23:30:00-06:00").await;
    board.site.post("/readiness/plans/RVB/decision", &board.chief, &[("then", "approve")]).await;
    board.later("2005-04-02T00:30:00-06:00").await;
    board.site.post("/readiness/plans/BETA/decision", &board.chief, &[("then", "approve")]).await;
    board.later("2005-04-10T12:00:00-05:00").await;
    let page = board.site.get("/readiness/plans", &board.chief).await;
    assert_eq!(stands(&page, "Riverbend Center"), "on time");
    assert_eq!(stands(&page, "Beta"), "1 day late");
    assert_eq!(stands(&page, "Gamma"), "overdue by 9 days");
    assert!(board.site.get("/home", &board.chief).await.contains("Gamma has no approved security incident plan"));
    // A facility that came later has the day that an administrator sets.
    let due = [("unit", "GAMMA"), ("due-GAMMA", "2005-06-30")];
    board.site.post("/readiness/plans", &board.admin, &due).await;
    assert_eq!(stands(&board.site.get("/readiness/plans", &board.chief).await, "Gamma"), "due in 81 days");
}

// proves: DMH04-3.D.3-duty
#[tokio::test]
async fn measures_of_a_new_level_are_for_those_who_carry_them_out_by_the_plan() {
    let board = Board::open().await;
    let site = &board.site;
    let none: Vec<_> = PLAN.iter().copied().filter(|(name, _)| *name != "parties.1.part").collect();
    site.refused(PATH, &board.officer, &none, "Row 2, Systems: choose what their part is.").await;
    site.post(PATH, &board.officer, PLAN).await;
    site.post("/readiness/plans/RVB/decision", &board.chief, &[("then", "approve")]).await;
    board.measures("3,preventive,Check backups,lso").await;
    site.post("/readiness/declare", &board.chief, &with(&[DECLARE], &[])).await;
    let page = board.board().await;
    assert!(page.contains("Check backups") && page.contains("Riverbend Center · carried out by B. Kim"), "{page}");
    assert!(!page.contains("carried out by A. Ortiz"), "{page}");
}

// proves: DMH04-3.D.3-kinds, DMH04-3.D.4
#[tokio::test]
async fn an_incident_proposes_the_party_of_its_kind_and_names_the_help_that_the_plan_has() {
    let board = Board::open().await;
    let site = &board.site;
    let limits = [
        ("limits.none", ""),
        ("limits.0.what", "No forensic skill"),
        ("limits.0.effect", "Images cannot be read here"),
        ("limits.0.remedy", "Sample Forensics, 573-555-0188"),
        ("parties.1.kind", "unauthorized-access"),
    ];
    let reference = site.report("access", "Somebody used my account.").await;
    let incident = site.accept(&reference, &board.officer).await;
    assert!(!site.get(&incident, &board.officer).await.contains("Proposed handler"), "no plan is in force yet");
    site.post(PATH, &board.officer, &with(&[PLAN], &limits)).await;
    site.post("/readiness/plans/RVB/decision", &board.chief, &[("then", "approve")]).await;
    let kind = [
        ("has-categories", "1"),
        ("category", "attempted-unauthorized-access"),
        ("reason", "After a first look"),
        ("confirmed", "1"),
    ];
    site.post(&format!("{incident}/describe"), &board.officer, &kind).await;
    let page = site.get(&incident, &board.officer).await;
    assert!(
        page.contains("<dt>Proposed handler, unauthorized access</dt><dd>A. Ortiz, Security: Oversees</dd>"),
        "{page}"
    );
    assert!(page.contains("<dd>B. Kim, Systems: Carries out the INFOCON measures</dd>"), "{page}");
    assert!(!page.contains("Proposed handler, viruses"), "{page}");
    let help = "<dt>Help available</dt><dd>Sample Forensics, 573-555-0188 (No forensic skill)</dd>";
    assert!(page.contains(help), "{page}");
}
