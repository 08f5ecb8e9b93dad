//! Home says for whom one's own work waits, and to each role no more than is theirs.

use super::site::{PASSWORD, Site};
use super::{ANSWERS, FORM, SIGNATURE, TOLD, with_incident};

#[tokio::test]
async fn a_question_to_the_reporter_waits_for_them_and_is_no_longer_new() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd window").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let home = site.get("/home", &officer).await;
    assert!(home.contains("1 report waits") && home.contains("Nobody owes you anything."), "{home}");
    site.post(&format!("/inbox/{reference}/ask"), &officer, &[("question", "Which computer is it?")]).await;
    let home = site.get("/home", &officer).await;
    assert!(home.contains("No reports wait.") && home.contains("The person who reported: your question"), "{home}");
    assert!(home.contains(&format!("/inbox/{reference}")));
    assert!(!home.contains("Which computer"), "words stay with the report");
}

#[tokio::test]
async fn a_lead_that_was_given_waits_until_its_taker_does_something() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    let at = page.find(">C. Vance</option>").map(|at| page[..at].rfind("value=\"").unwrap() + 7).unwrap();
    let vance = page[at..at + 36].to_owned();
    site.post("/incidents/DMH-2026-0001/lead", &officer, &[("to", &vance)]).await;
    site.later(2 * 3_600);
    let officer = site.sign_in("ortiz@example.gov").await;
    let home = site.get("/home", &officer).await;
    assert!(home.contains("C. Vance: take over the lead") && home.contains("for 2 h"), "{home}");
    let chief = site.sign_in("vance@example.gov").await;
    site.post("/incidents/DMH-2026-0001/notes", &chief, &[("words", "I have it.")]).await;
    assert!(!site.get("/home", &officer).await.contains("take over the lead"));
}

#[tokio::test]
async fn officers_learn_that_human_resources_is_done_and_nothing_else() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let marker = "Goes to human resources once you have signed for completion.";
    assert!(site.get("/incidents/DMH-2026-0001", &officer).await.contains(marker));

    site.post(FORM, &officer, &[ANSWERS.as_slice(), TOLD.as_slice()].concat()).await;
    let received = [("name", "A. Ortiz"), ("password", PASSWORD), ("party", "received")];
    site.post(&format!("{FORM}/sign"), &officer, &received).await;
    let home = site.get("/home", &officer).await;
    assert!(home.contains("The person who reported: signature on the form"), "{home}");
    site.post(&format!("{FORM}/sign"), &officer, &SIGNATURE).await;
    let home = site.get("/home", &officer).await;
    assert!(
        !home.contains("signature on the form") && home.contains("Human resources: its part of the form"),
        "{home}"
    );
    assert!(site.get(FORM, &officer).await.contains("With human resources: not done yet."));

    let hr = site.sign_in("rao@example.gov").await;
    let theirs = site.get("/home", &hr).await;
    assert!(theirs.contains("Human resources part, DMH-2026-0001") && !theirs.contains("ransom"), "{theirs}");
    assert!(!theirs.contains("Waiting on others"), "human resources sees its own list and no other");
    let part = [
        ("XV", "written-plan"),
        ("XV.words", "Weekly talks until May"),
        ("XVI", "Oct 13, 2026"),
        ("then", "sign"),
        ("name", "P. Rao"),
        ("password", PASSWORD),
    ];
    site.post(&format!("{FORM}/personnel"), &hr, &part).await;
    for path in [FORM, "/incidents/DMH-2026-0001"] {
        let page = site.get(path, &officer).await;
        assert!(page.contains("With human resources: done"), "{path}: {page}");
        for sealed in ["probation", "P. Rao, "] {
            assert!(!page.contains(sealed), "{path}: {sealed}");
        }
    }
    assert!(!site.get("/home", &officer).await.contains("its part of the form"));
}
