//! Retention, legal matters and holds, and disposal by two people.

use super::{accepted, after, answer_for_everything, close, complete_form, noon, office, people};
use crate::site::{Site, text};
use app::FileOwner;
use app::verify::{Sources, Verdict, verify};
use axum::http::StatusCode;
use store::Change;

async fn dmh_2016(now: i64) -> Site {
    let site = Site::of(&office("DMH", &["us-mo/dmh"], &["common", "us-mo/dmh-2016"], now)).await;
    people(&site).await;
    site
}

/// Reported, completed and closed on the present day.
async fn done_today(site: &Site) -> String {
    let officer = site.sign_in("ortiz@example.gov").await;
    let incident = accepted(site, &officer).await;
    complete_form(site, &officer, &incident).await;
    answer_for_everything(site, &officer, &incident).await;
    close(site, &officer, &incident).await;
    incident
}

fn record(incident: &str) -> String {
    incident.replace("/incidents/", "/records/")
}

/// The words of a refusal.
async fn refused(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let answer = site.ask("POST", path, cookie, fields).await;
    let status = answer.status();
    let page = text(answer).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {page}");
    page
}

async fn verified(site: &Site) -> Verdict {
    while site.app.seal_log().await.unwrap() > 0 {}
    let keyring = site.app.keyring();
    let files = site.app.settings().files.clone();
    let sources =
        Sources { store: site.app.store(), keyring: keyring.as_ref(), files: &files, checkpoints: None, notes: &[] };
    verify(&sources, &()).await.unwrap()
}

// proves: DMH16-4.a-retention
#[tokio::test]
async fn a_form_of_2016_is_kept_six_years_and_can_go_the_day_after() {
    let site = dmh_2016(noon(2016, 7, 20)).await;
    let incident = done_today(&site).await;
    let keeping = record(&incident);
    let quinn = site.sign_in("quinn@example.gov").await;
    let page = site.get(&keeping, &quinn).await;
    assert!(page.contains("Kept until Wed, Jul 20, 2022") && page.contains("(4)a, six years"), "{page}");
    // What human resources writes later moves nothing.
    site.until(2017, 5, 2);
    let hr = site.sign_in("rao@example.gov").await;
    site.post(&format!("{incident}/form/personnel"), &hr, &[("XV", "none"), ("XVI", "May 2, 2017")]).await;
    site.until(2022, 7, 20);
    let quinn = site.sign_in("quinn@example.gov").await;
    let propose = format!("{keeping}/propose");
    let early = refused(&site, &propose, &quinn, &[("propose-reason", "Six years are over")]).await;
    assert!(early.contains("can be disposed of from 2022-07-21"), "{early}");
    assert!(!site.get("/records", &quinn).await.contains("DMH-2016-0001"));
    site.until(2022, 7, 21);
    let quinn = site.sign_in("quinn@example.gov").await;
    assert!(site.get("/records", &quinn).await.contains("DMH-2016-0001"), "its day is over");
    assert!(site.get("/records?show=2022", &quinn).await.contains("DMH-2016-0001"));
    site.post(&propose, &quinn, &[("propose-reason", "Six years are over")]).await;
    let alone = refused(&site, &format!("{keeping}/review"), &quinn, &[("then", "dispose")]).await;
    assert!(alone.contains("a second person has to"), "{alone}");

    // The house rule: an open matter holds it; an administrator may release it, in writing.
    let counsel = site.sign_in("marsh@example.gov").await;
    site.post(&format!("{keeping}/matters"), &counsel, &[("question", "Claim of a client"), ("owner", "L. Marsh")])
        .await;
    let novak = site.sign_in("novak@example.gov").await;
    let held = refused(&site, &format!("{keeping}/review"), &novak, &[("then", "dispose")]).await;
    assert!(held.contains("the legal matter “Claim of a client” is open"), "{held}");
    let administrator = site.sign_in("diaz@example.gov").await;
    let holds = site.get("/records/holds", &administrator).await;
    assert!(holds.contains("DMH-2016-0001") && !holds.contains("Claim of a client"), "no content of the case: {holds}");
    let lift = after(&holds, "action=\"/records/holds/");
    let lift = format!("/records/holds/{lift}");
    let reason = format!("reason-{}", lift.split('/').nth(4).unwrap());
    assert_eq!(site.ask("POST", &lift, &novak, &[(&reason, "Void")]).await.status(), StatusCode::NOT_FOUND);
    let silent = refused(&site, &lift, &administrator, &[]).await;
    assert!(silent.contains("Write why it is lifted"), "{silent}");
    site.post(&lift, &administrator, &[(&reason, "Counsel wrote that the claim is void")]).await;
    let to = site.post(&format!("{keeping}/review"), &novak, &[("then", "dispose"), ("review-note", "Checked")]).await;
    assert_eq!(to, format!("{keeping}/certificate"));
}

// proves: DMH16-4.a-retention
#[tokio::test]
async fn six_years_from_a_leap_day_end_on_the_first_of_march() {
    let site = dmh_2016(noon(2020, 2, 29)).await;
    let incident = done_today(&site).await;
    let quinn = site.sign_in("quinn@example.gov").await;
    let page = site.get(&record(&incident), &quinn).await;
    assert!(page.contains("Kept until Sun, Mar 1, 2026"), "{page}");
}

async fn dmh_2004() -> Site {
    let packs = &["common", "us-mo/dmh-2004", "us-mo/dmh-2016"];
    let site = Site::of(&office("DMH", &["us-mo/dmh"], packs, noon(2005, 2, 10))).await;
    people(&site).await;
    site
}

// proves: DMH04-3.E-retention, DMH04-3.A.5
#[tokio::test]
async fn a_form_of_2004_is_kept_until_the_last_matter_is_settled() {
    let site = dmh_2004().await;
    let (plain, disputed) = (done_today(&site).await, done_today(&site).await);
    let counsel = site.sign_in("marsh@example.gov").await;
    let matters = format!("{}/matters", record(&disputed));
    site.post(&matters, &counsel, &[("question", "Lawsuit over the console"), ("owner", "L. Marsh")]).await;

    // With no matter: six years after 2005-02-10.
    let quinn = site.sign_in("quinn@example.gov").await;
    let page = site.get(&record(&plain), &quinn).await;
    assert!(page.contains("Kept until Thu, Feb 10, 2011"), "{page}");
    // With a matter open: no date, and disposal past six years is refused naming it.
    site.until(2011, 2, 11);
    let quinn = site.sign_in("quinn@example.gov").await;
    let page = site.get(&record(&disputed), &quinn).await;
    assert!(page.contains("Kept without an end"), "{page}");
    let propose = format!("{}/propose", record(&disputed));
    let said = refused(&site, &propose, &quinn, &[("propose-reason", "Six years are over")]).await;
    assert!(said.contains("the legal matter “Lawsuit over the console” is open"), "{said}");
    // The text itself keeps it: no administrator lets that go.
    let administrator = site.sign_in("diaz@example.gov").await;
    let holds = site.get("/records/holds", &administrator).await;
    assert!(holds.contains("The policy itself keeps this record"), "{holds}");

    // Settled 2012-05-01, later than six years: that day is the last.
    site.until(2012, 5, 3);
    let counsel = site.sign_in("marsh@example.gov").await;
    let page = site.get(&record(&disputed), &counsel).await;
    let settle = format!("{matters}/{}", after(&page, &format!("action=\"{matters}/")));
    let id = settle.split('/').nth(4).unwrap().to_owned();
    let fields = [(format!("on-{id}"), "2012-05-01"), (format!("how-{id}"), "Dismissed by the court")];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    site.post(&settle, &counsel, &fields).await;
    let quinn = site.sign_in("quinn@example.gov").await;
    let page = site.get(&record(&disputed), &quinn).await;
    assert!(page.contains("Kept until Tue, May 1, 2012") && page.contains("was settled on 2012-05-01"), "{page}");

    // Only then, by a named person and a second one, with a certificate.
    site.post(&propose, &quinn, &[("propose-reason", "All is settled")]).await;
    let novak = site.sign_in("novak@example.gov").await;
    site.post(&format!("{}/review", record(&disputed)), &novak, &[("then", "dispose")]).await;
    while site.app.seal_log().await.unwrap() > 0 {}
    let certificate = site.get(&format!("{}/certificate", record(&disputed)), &novak).await;
    for said in ["R. Quinn", "S. Novak", "Tue, May 1, 2012", "Disposed by entry", "SHA-256", "(3)(E)"] {
        assert!(certificate.contains(said), "{said}: {certificate}");
    }
}

// proves: DHSS-III-legal
#[tokio::test]
async fn an_open_legal_issue_refuses_disposal_after_any_date() {
    let site = Site::of(&office("DHSS", &["us-mo/dhss"], &["common", "us-mo/dhss"], noon(2016, 7, 20))).await;
    people(&site).await;
    let officer = site.staff("B. Lane", "lane@example.gov", domain::permission::Role::ChiefOfficer, site.head).await;
    let incident = accepted(&site, &officer).await;
    let keeping = record(&incident);
    site.post(
        &format!("{keeping}/matters"),
        &officer,
        &[("question", "May we name the vendor?"), ("owner", "Counsel")],
    )
    .await;
    answer_for_everything(&site, &officer, &incident).await;
    close(&site, &officer, &incident).await;
    // The text states no period: nothing goes until the agency sets one.
    site.until(2040, 1, 2);
    let quinn = site.sign_in("quinn@example.gov").await;
    let propose = format!("{keeping}/propose");
    let administrator = site.sign_in("diaz@example.gov").await;
    site.post("/admin/local/values", &administrator, &[("value", "retention"), ("to-retention", "5")]).await;
    let said = refused(&site, &propose, &quinn, &[("propose-reason", "Long over")]).await;
    assert!(said.contains("the legal matter “May we name the vendor?” is open"), "{said}");
    assert!(site.get("/records?show=held", &quinn).await.contains("Open legal matter: May we name the vendor?"));
    // A hold does the same, and counsel places it.
    let counsel = site.sign_in("marsh@example.gov").await;
    site.post(&format!("{keeping}/holds"), &counsel, &[("hold-reason", "Order of the court of 2039")]).await;
    let said = refused(&site, &propose, &quinn, &[("propose-reason", "Long over")]).await;
    assert!(said.contains("Order of the court of 2039"), "{said}");
}

#[tokio::test]
async fn where_no_period_is_stated_nothing_is_disposed_of_until_one_is_set() {
    let site = Site::of(&office("DHSS", &["us-mo/dhss"], &["common", "us-mo/dhss"], noon(2016, 7, 20))).await;
    people(&site).await;
    let officer = site.staff("B. Lane", "lane@example.gov", domain::permission::Role::ChiefOfficer, site.head).await;
    let incident = accepted(&site, &officer).await;
    answer_for_everything(&site, &officer, &incident).await;
    close(&site, &officer, &incident).await;
    site.until(2040, 1, 2);
    let quinn = site.sign_in("quinn@example.gov").await;
    let propose = format!("{}/propose", record(&incident));
    let said = refused(&site, &propose, &quinn, &[("propose-reason", "Long over")]).await;
    assert!(said.contains("never disposed of"), "{said}");
    let administrator = site.sign_in("diaz@example.gov").await;
    site.post("/admin/local/values", &administrator, &[("value", "retention"), ("to-retention", "5")]).await;
    assert!(site.get("/records", &quinn).await.contains("a local value"), "shown as local");
    site.post(&propose, &quinn, &[("propose-reason", "Five years are over")]).await;
}

#[tokio::test]
async fn what_is_disposed_of_is_gone_everywhere_and_the_log_still_verifies() {
    let site = dmh_2016(noon(2016, 7, 20)).await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let incident = accepted(&site, &officer).await;
    let row = site.app.store().incident_by_reference(site.tenant, "DMH-2016-0001").await.unwrap().unwrap();
    let evidence = site.app.keep_file(site.tenant, row.id.into(), "console.csv", b"wolverine").await.unwrap();
    let path = site.app.file_path(evidence.id);
    assert!(path.exists());
    complete_form(&site, &officer, &incident).await;
    answer_for_everything(&site, &officer, &incident).await;
    close(&site, &officer, &incident).await;
    let counted = site.app.store().rollups(site.tenant, 2016, 2016).await.unwrap();
    let clocks = site.app.store().duties_of(site.tenant, row.id).await.unwrap();
    site.until(2022, 7, 21);
    let keeping = record(&incident);
    let (quinn, novak) = (site.sign_in("quinn@example.gov").await, site.sign_in("novak@example.gov").await);
    assert!(site.get("/incidents?words=wolverine", &quinn).await.contains("DMH-2016-0001"), "found before");
    site.post(&format!("{keeping}/propose"), &quinn, &[("propose-reason", "Six years are over")]).await;
    assert!(site.get("/records?show=proposed", &novak).await.contains("DMH-2016-0001"));
    site.post(&format!("{keeping}/review"), &novak, &[("then", "dispose")]).await;

    let verdict = verified(&site).await;
    let said: Vec<&str> = verdict.findings.iter().map(|found| found.sentence.as_str()).collect();
    assert_eq!(verdict.outcome, journal::Weight::Notice, "{said:?}");
    assert!(said.iter().any(|words| words.contains("was disposed of by log entry")), "{said:?}");
    assert!(verdict.checked.counts > 0, "kept counts are still held against what is left");
    let owed = site.app.store().duties_of(site.tenant, row.id).await.unwrap();
    assert!(owed.is_empty(), "nothing is left of what it owed: {owed:?}");
    assert_eq!(site.app.store().rollups(site.tenant, 2016, 2016).await.unwrap(), counted, "statistics stay");

    // Nothing readable remains: entries, files, rows, words.
    let report = site.app.store().scan_reports(None, 10).await.unwrap().remove(0);
    for stream in [row.id.into(), report.id.into()] {
        let entries = site.app.store().read_stream(site.tenant, stream, 0).await.unwrap();
        let left: Vec<u32> = entries.iter().filter(|e| e.ciphertext.is_some()).map(|e| e.version).collect();
        assert_eq!(left.len(), 1, "only the entry that says so has content");
        assert!(
            site.app
                .store()
                .files_of(FileOwner::Stream(stream))
                .await
                .unwrap()
                .iter()
                .all(|f| f.wrapped_key.is_none() && f.sealed.is_empty())
        );
    }
    assert!(!path.exists(), "the bytes of its files are gone");
    let found = site.get("/incidents?words=wolverine", &quinn).await;
    assert!(!found.contains("DMH-2016-0001"), "{found}");
    let list = site.get("/incidents", &quinn).await;
    assert!(list.contains("Disposed of") && !list.contains("wolverine"), "{list}");
    let there = site.ask("GET", &incident, &quinn, &[]).await;
    assert_eq!(there.status(), axum::http::StatusCode::SEE_OTHER);
    assert_eq!(there.headers()["location"], format!("{keeping}/certificate"));
    assert!(site.get("/records?show=disposed", &quinn).await.contains("DMH-2016-0001"));

    // A row that comes back is told.
    let duties = vec![clocks[0].clone()];
    site.app.store().commit(Change { duties, ..Change::default() }).await.unwrap();
    let verdict = verified(&site).await;
    let said = verdict.findings.iter().find(|found| found.weight == journal::Weight::Altered).expect("found");
    assert!(said.sentence.contains("a row of it stands in the list of duties"), "{}", said.sentence);
}
