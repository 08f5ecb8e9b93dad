//! What has to stand on record before an incident closes.

use super::*;

// proves: MODOT-PS
#[tokio::test]
async fn an_empty_section_on_continuity_holds_closing_up_and_none_is_an_entry() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let empty = "Effect on the department";
    assert!(refused(&site, &incident, &officer).await.contains(empty));
    let (status, _) = unfilled(&site, &incident, &officer, "continuity", &[("f.described", "Nothing.")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "whether there was any is needed");
    filled(&site, &incident, &officer, "continuity", &[("f.effect", "none")]).await;
    assert!(!refused(&site, &incident, &officer).await.contains(empty));
}

// proves: MODOT-11.A
#[tokio::test]
async fn without_somebody_of_information_systems_the_gap_shows_and_a_change_is_logged() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    site.person("V. Lund", "lund@example.gov", Role::Investigator, site.head).await;
    let page = site.get(&incident, &officer).await;
    assert!(line(&page, "technical-lead").contains("Unassigned: Information Systems leads nobody here yet"));
    assert!(refused(&site, &incident, &officer).await.contains("Lead technical responder"));
    let sheet = site.get(&format!("{incident}/sheets/technical-lead"), &is).await;
    let id = |name: &str| {
        let at = sheet.find(&format!(">{name}</option>")).unwrap_or_else(|| panic!("{name}: {sheet}"));
        let value = sheet[..at].rfind("value=\"").unwrap() + 7;
        sheet[value..value + 36].to_owned()
    };
    assert!(!sheet.contains(">A. Ortiz</option>"), "only people of Information Systems are offered");
    let first = [("f.needed", "yes"), ("f.lead", &id("I. Novak"))];
    filled(&site, &incident, &is, "technical-lead", &first).await;
    assert!(!line(&site.get(&incident, &officer).await, "technical-lead").contains("Unassigned"));
    let entry = entry_of(&site.get(&format!("{incident}/sheets/technical-lead"), &officer).await, "I. Novak");
    let second =
        [("f.needed", "yes"), ("f.lead", &id("V. Lund")), ("entry", &entry), ("sheet-reason", "Novak is on leave")];
    filled(&site, &incident, &is, "technical-lead", &second).await;
    let page = site.get(&format!("{incident}/sheets/technical-lead"), &officer).await;
    assert!(page.contains("V. Lund") && page.contains("I. Novak") && page.contains("Novak is on leave"), "{page}");
}

/// Says that there is something technical to respond to, with its lead.
pub async fn led(site: &Site, incident: &str, is: &str) {
    let sheet = site.get(&format!("{incident}/sheets/technical-lead"), is).await;
    let at = sheet.find(">I. Novak</option>").unwrap();
    let value = sheet[..at].rfind("value=\"").unwrap() + 7;
    let fields = [("f.needed", "yes"), ("f.lead", &sheet[value..value + 36])];
    filled(site, incident, is, "technical-lead", &fields).await;
}

// proves: MODOT-11.A-root
#[tokio::test]
async fn a_suspected_root_cause_holds_closing_up_until_it_is_confirmed_or_a_reason_stands() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    led(&site, &incident, &is).await;
    assert!(refused(&site, &incident, &officer).await.contains("“Root cause” is not filled in"));
    let suspected = [("f.state", "suspected"), ("f.cause", "A shared password")];
    filled(&site, &incident, &is, "root-cause", &suspected).await;
    let open = "Why is it not confirmed before the incident closes?";
    assert!(refused(&site, &incident, &officer).await.contains(open));
    let entry = entry_of(&site.get(&format!("{incident}/sheets/root-cause"), &is).await, "A shared password");
    let confirmed = [
        ("f.state", "confirmed"),
        ("f.cause", "A shared password"),
        ("entry", &entry),
        ("sheet-reason", "Logs show it"),
    ];
    filled(&site, &incident, &is, "root-cause", &confirmed).await;
    assert!(!refused(&site, &incident, &officer).await.contains("Root cause"));
}

// proves: MODOT-11.A-remediate
#[tokio::test]
async fn an_unfixed_vulnerability_holds_closing_up_until_somebody_accepts_it_by_name() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    let found = [("f.what", "Old file server"), ("f.found", "2024-03-04 07:30")];
    filled(&site, &incident, &is, "vulnerabilities", &found).await;
    assert!(refused(&site, &incident, &officer).await.contains("(Old file server) is unfinished"));
    let entry = entry_of(&site.get(&format!("{incident}/sheets/vulnerabilities"), &is).await, "Old file server");
    let accepted = [("f.accepted-by", "R. Quinn, director"), ("f.accepted-why", "Replaced in May"), ("entry", &entry)];
    filled(&site, &incident, &is, "vulnerabilities", &[found.as_slice(), &accepted].concat()).await;
    assert!(!refused(&site, &incident, &officer).await.contains("Old file server"));
}

// proves: MODOT-11.B-closure
#[tokio::test]
async fn closing_needs_the_note_of_information_systems_and_a_word_about_the_office_of_cyber_security() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    led(&site, &incident, &is).await;
    let note = "“Closing note of Information Systems” is not filled in";
    let ocs = "“Closing word of the Office of Cyber Security” is not filled in";
    let page = refused(&site, &incident, &officer).await;
    assert!(page.contains(note) && !page.contains(ocs), "they take no part yet");
    let engaged = [
        ("f.requester", "I. Novak"),
        ("f.requested", "2024-03-04 07:40"),
        ("f.asked", "Read the logs"),
        ("f.state", "engaged"),
        ("f.engaged", "2024-03-04 07:50"),
        ("f.contact", "T. Hale, 573-555-0199"),
    ];
    filled(&site, &incident, &is, "ocs", &engaged).await;
    filled(&site, &incident, &is, "closing-note", &[("f.note", "Accounts reset; nothing else to do.")]).await;
    let page = refused(&site, &incident, &officer).await;
    assert!(page.contains(ocs) && !page.contains(note), "{page}");
    let word = [("f.outcome", "agreed"), ("f.when", "2024-03-04 07:58"), ("f.contact", "T. Hale")];
    filled(&site, &incident, &is, "ocs-closing", &word).await;
    assert!(!refused(&site, &incident, &officer).await.contains(ocs));
}
