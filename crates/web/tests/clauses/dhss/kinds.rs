//! The seven kinds of incident of section IV.A, and what each asks for.

use super::{DHSS, accept, answer, begin, chief, drafted, entry, mended, refused, send, table};
use crate::site::Site;

// proves: DHSS-IV.A.1
#[tokio::test]
async fn a_report_of_two_kinds_counts_in_each_and_once_in_all() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "changed").await;
    let pages: [(&str, &[(&str, &str)]); 2] =
        [("what", &[("what", "changed"), ("what", "wrong-person")]), ("damaged-item", &[("unknown", "yes")])];
    answer(&site, &draft, &pages).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    accept(&site, &sent.reference, &officer).await;
    let kinds = table(&site, "kind", &officer).await;
    for kind in ["Destruction of or tampering with data,1,", "Unauthorized disclosure of data,1,"] {
        assert!(kinds.contains(kind), "{kinds}");
    }
    assert_eq!(kinds.lines().count(), 3, "{kinds}");
    assert!(site.get("/stats", &officer).await.contains("<strong>1 incident,"));
}

// proves: DHSS-IV.A.2
#[tokio::test]
async fn a_disclosure_asks_for_a_breach_assessment_until_somebody_answers_with_a_reason() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "wrong-person").await;
    for page in ["disclosed-what", "disclosed-to"] {
        assert!(site.get(&format!("{draft}/{page}"), "").await.contains("I don’t know yet"));
    }
    let said = [("answer", "Test results of six people")];
    answer(&site, &draft, &[("disclosed-what", &said), ("disclosed-to", &[("answer", "A law office")])]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let disclosure = site.get(&format!("{incident}/sheets/disclosure"), &officer).await;
    assert!(disclosure.contains("Test results of six people") && disclosure.contains("A law office"), "{disclosure}");
    let prompt = |page: &str| {
        let at = page.find("Breach assessment").expect("the prompt");
        page[at..].chars().take(600).collect::<String>()
    };
    assert!(prompt(&site.get(&incident, &officer).await).contains("Needed, and not filled in"));
    let sheet = format!("{incident}/sheets/breach-assessment");
    refused(&site, &sheet, &officer, &[("f.breach", "no")]).await;
    refused(&site, &sheet, &officer, &[("f.why", "It is not clear")]).await;
    assert!(prompt(&site.get(&incident, &officer).await).contains("Needed, and not filled in"), "still open");
    site.post(&sheet, &officer, &[("f.breach", "no"), ("f.why", "The office gave them back unread.")]).await;
    assert!(prompt(&site.get(&incident, &officer).await).contains("Complete"));
}

// proves: DHSS-IV.A.3
#[tokio::test]
async fn a_disruption_brings_availability_along_and_only_a_reason_takes_it_away() {
    let site = Site::of(&DHSS).await;
    let draft = begin(&site).await;
    answer(&site, &draft, &[("what", &[("what", "down")]), ("where", &[("unit", "RVB")])]).await;
    answer(&site, &draft, &[("words", &[("words", "The registry does not answer.")])]).await;
    let page = site.get(&format!("{draft}/harm"), "").await;
    let ticked = |page: &str, value: &str| page.contains(&format!("value=\"{value}\" checked"));
    assert!(ticked(&page, "availability") && !ticked(&page, "integrity"), "{page}");
    let page = mended(&site, &format!("{draft}/harm"), &[("answer", "integrity")]).await;
    assert!(page.contains("answer-words-error"), "{page}");
    let why = [("answer", "integrity"), ("answer-words", "It was only slow for a minute.")];
    answer(&site, &draft, &[("harm", &why), ("harmed", &[("answer", "system")])]).await;
    answer(&site, &draft, &[("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")])]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let sheet = site.get(&format!("{incident}/sheets/harm"), &officer).await;
    assert!(sheet.contains("Why: It was only slow for a minute."), "{sheet}");

    // On the officer's side it is the same.
    let sent = send(&site, &drafted(&site, "down").await).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let sheet = format!("{incident}/sheets/harm");
    assert!(ticked(&site.get(&sheet, &officer).await, "availability"));
    let id = entry(&site, &sheet, &officer).await;
    let other = [("f.properties", "integrity"), ("f.targets", "system"), ("entry", id.as_str())];
    refused(&site, &sheet, &officer, &other).await;
    site.post(&sheet, &officer, &[&other[..], &[("sheet-reason", "It answered all along.")]].concat()).await;
    let page = site.get(&sheet, &officer).await;
    assert!(page.contains("Why: It answered all along.") && !ticked(&page, "availability"), "{page}");
}

// proves: DHSS-IV.A.4
#[tokio::test]
async fn use_or_access_is_for_the_officer_to_tell_and_the_incident_is_incomplete_until_then() {
    let site = Site::of(&DHSS).await;
    let sent = send(&site, &drafted(&site, "access").await).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let reference = incident.rsplit('/').next().unwrap();
    let incomplete = "/incidents?waits=particulars";
    assert!(site.get(incomplete, &officer).await.contains(reference));
    let sheet = format!("{incident}/sheets/unauthorized-use");
    site.post(&sheet, &officer, &[("f.act", "access")]).await;
    assert!(site.get(incomplete, &officer).await.contains(reference), "of what is still open");
    let id = entry(&site, &sheet, &officer).await;
    let whole = [("f.act", "access"), ("f.target", "information"), ("entry", id.as_str())];
    site.post(&sheet, &officer, &whole).await;
    assert!(!site.get(incomplete, &officer).await.contains(reference));
    assert!(site.get("/incidents", &officer).await.contains(reference));
}

// proves: DHSS-IV.A.5
#[tokio::test]
async fn what_was_damaged_is_asked_for_and_need_not_be_known() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "changed").await;
    let page = mended(&site, &format!("{draft}/damaged-item"), &[("answer", " ")]).await;
    assert!(page.contains("answer-error") && page.contains("I don’t know yet"), "{page}");
    let check = mended(&site, &format!("{draft}/check"), &[]).await;
    assert!(check.contains("damaged-item-error"), "{check}");
    answer(&site, &draft, &[("damaged-item", &[("unknown", "yes")])]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let kind = [("has-categories", "1"), ("category", "damage-or-unauthorized-change"), ("reason", "It is hardware")];
    site.post(&format!("{incident}/describe"), &officer, &kind).await;
    let sheet = site.get(&format!("{incident}/sheets/damage"), &officer).await;
    assert!(sheet.contains("not known yet") && sheet.contains("Damage, change, or both?"), "{sheet}");
    assert!(site.get(&incident, &officer).await.contains("Damage or change without authority"));
}

// proves: DHSS-IV.A.6
#[tokio::test]
async fn an_exposed_password_opens_a_reset_of_the_account_and_is_itself_asked_for_nowhere() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "password").await;
    let page = site.get(&format!("{draft}/account"), "").await;
    assert!(page.contains("Which account is it about?") && page.contains("never write the secret itself"), "{page}");
    let asks_for_it = |page: &str| {
        page.contains("type=\"password\"")
            || page.match_indices("<label").any(|(at, _)| {
                let label = &page[at..at + page[at..].find("</label>").unwrap()];
                label.to_lowercase().contains("password")
            })
    };
    assert!(!asks_for_it(&page), "{page}");
    answer(&site, &draft, &[("account", &[("answer", "mchen on the registry")])]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let case = site.get(&incident, &officer).await;
    assert!(case.contains("Reset of the credential") && case.contains("1 entry, 1 unfinished"), "{case}");
    let sheet = format!("{incident}/sheets/credential");
    let page = site.get(&sheet, &officer).await;
    assert!(page.contains("mchen on the registry") && page.contains("Still empty: Reset at"), "{page}");
    assert!(!asks_for_it(&page), "{page}");
    let id = entry(&site, &sheet, &officer).await;
    let reset = [("f.account", "mchen on the registry"), ("f.reset", "now"), ("entry", id.as_str())];
    site.post(&sheet, &officer, &reset).await;
    assert!(site.get(&sheet, &officer).await.contains("Complete"));
}

// proves: DHSS-IV.A.7
#[tokio::test]
async fn malicious_code_of_another_kind_needs_its_name_and_is_counted_as_other() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "malware").await;
    let page = mended(&site, &format!("{draft}/malware-kind"), &[("answer", "other")]).await;
    assert!(page.contains("answer-words-error") && page.contains("I’m not sure"), "{page}");
    mended(&site, &format!("{draft}/check"), &[]).await;
    let named = [("answer", "other"), ("answer-words", "ransomware")];
    answer(&site, &draft, &[("malware-kind", &named)]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    assert!(site.get(&format!("{incident}/sheets/malicious-code"), &officer).await.contains("ransomware"));
    assert!(table(&site, "kind", &officer).await.contains("Malicious code,1,"));
    assert!(table(&site, "malicious-code.kind", &officer).await.contains("Other,1,"));
}
