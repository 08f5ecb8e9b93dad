//! What a report says: who and what, how complete it is, and what stays as it was said.

use super::{DHSS, accept, answer, begin, chief, drafted, mended, send, table};
use crate::site::Site;
use domain::permission::Role;

// proves: DHSS-II-systems
#[tokio::test]
async fn a_computer_that_was_never_on_a_network_is_in_scope_and_counted_once() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "changed").await;
    let words = "The PC in the archive, which was never on a network";
    let pages: [(&str, &[(&str, &str)]); 2] =
        [("damaged-item", &[("answer", "The PC")]), ("affected", &[("things", "stand-alone-pc"), ("systems", words)])];
    answer(&site, &draft, &pages).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let report = site.get(&format!("/inbox/{}", sent.reference), &officer).await;
    assert!(report.contains("Computer that is not on a network"), "{report}");
    let incident = accept(&site, &sent.reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(page.contains(&format!("{words} (Computer that is not on a network)")), "{page}");
    let classes = table(&site, "system", &officer).await;
    assert!(classes.contains("Computer that is not on a network,1,"), "{classes}");
    assert_eq!(classes.lines().count(), 2, "one class, once: {classes}");
}

// proves: DHSS-III
#[tokio::test]
async fn two_harms_count_under_each_and_once_in_all_and_not_being_sure_is_an_answer() {
    let site = Site::of(&DHSS).await;
    let draft = begin(&site).await;
    answer(&site, &draft, &[("what", &[("what", "access")]), ("where", &[("unit", "RVB")])]).await;
    answer(&site, &draft, &[("words", &[("words", "Somebody read the registry.")])]).await;
    answer(&site, &draft, &[("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")])]).await;
    let page = mended(&site, &format!("{draft}/harm"), &[]).await;
    assert!(page.contains("answer-error") && page.contains("I’m not sure"), "{page}");
    let check = mended(&site, &format!("{draft}/check"), &[]).await;
    assert!(check.contains("Choose at least one"), "it is not filed: {check}");

    let unsure: [(&str, &[(&str, &str)]); 2] =
        [("harm", &[("answer", "unknown")]), ("harmed", &[("answer", "unknown")])];
    answer(&site, &draft, &unsure).await;
    send(&site, &draft).await;

    let draft = drafted(&site, "access").await;
    let both: [(&str, &[(&str, &str)]); 2] =
        [("harm", &[("answer", "confidentiality"), ("answer", "availability")]), ("harmed", &[("answer", "data")])];
    answer(&site, &draft, &both).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    accept(&site, &sent.reference, &officer).await;
    let properties = table(&site, "harm.properties", &officer).await;
    assert!(properties.contains("somebody saw what they should not,1,"), "{properties}");
    assert!(properties.contains("something could not be used,1,"), "{properties}");
    assert!(table(&site, "harm.targets", &officer).await.contains("Data,1,"));
    assert!(site.get("/stats", &officer).await.contains("<strong>1 incident,"));
}

// proves: DHSS-IV
#[tokio::test]
async fn an_event_that_was_no_incident_is_kept_with_who_said_so_and_why() {
    let site = Site::of(&DHSS).await;
    let sent = send(&site, &drafted(&site, "other").await).await;
    let officer = chief(&site).await;
    let why = [("reason", "event_only"), ("note", "The message was deleted unread; nothing came of it.")];
    site.post(&format!("/inbox/{}/set-aside", sent.reference), &officer, &why).await;
    let incidents = site.get("/incidents", &officer).await;
    assert!(incidents.contains("There are no incidents yet") && !incidents.contains(&sent.reference));
    for list in ["/reports", "/reports?state=set-aside"] {
        let page = site.get(list, &officer).await;
        assert!(page.contains(&sent.reference) && page.contains("Not an incident"), "{page}");
    }
    assert!(!site.get("/reports?state=accepted", &officer).await.contains(&sent.reference));
    let page = site.get(&format!("/inbox/{}", sent.reference), &officer).await;
    assert!(page.contains("Not an incident: An event, and no harm came of it"), "{page}");
    assert!(page.contains("Decided by A. Ortiz, Mon, Mar 4, 2024, 11:00"), "{page}");
    assert!(page.contains("The message was deleted unread; nothing came of it."), "{page}");
}

// proves: DHSS-IV.B
#[tokio::test]
async fn a_particular_that_is_not_known_yet_is_asked_for_afterwards() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "other").await;
    answer(&site, &draft, &[("affected", &[("things", "email")]), ("done", &[("unknown", "yes")])]).await;
    let receipt = site.post(&format!("{draft}/check"), "", &[]).await;
    let receipt = site.get(&receipt, "").await;
    assert!(receipt.contains("Still open: What has been done so far."), "{receipt}");
    let link: String = receipt[receipt.find("/s/").unwrap()..].chars().take_while(|c| !"\"<#".contains(*c)).collect();
    let reference = &receipt[receipt.find("R-").unwrap()..][..11];

    let officer = chief(&site).await;
    let report = format!("/inbox/{reference}");
    let page = site.get(&report, &officer).await;
    assert!(page.contains("3 of 4 particulars") && page.contains("Not known yet; asked for"), "{page}");
    let status = site.get(&link, "").await;
    assert!(status.contains("Still open") && status.contains("<li>What has been done so far</li>"), "{status}");
    assert!(!status.contains("<li>What happened</li>"), "what was given is not asked for: {status}");

    site.post(&link, "", &[("about", "done"), ("message", "The mailbox was locked at noon.")]).await;
    let page = site.get(&report, &officer).await;
    assert!(page.contains("4 of 4 particulars") && page.contains("The mailbox was locked at noon."), "{page}");
    assert!(!site.get(&link, "").await.contains("Still open"));
}

// proves: DHSS-IV.B.1
#[tokio::test]
async fn a_contact_is_offered_from_the_directory_and_stays_as_it_was_sent() {
    let site = Site::of(&DHSS).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let member = site.staff("M. Chen", "chen@example.gov", Role::HelpDesk, site.unit).await;
    let people = site.get("/admin/people?words=chen", &admin).await;
    let at = people.find("href=\"/admin/people/").unwrap() + 6;
    let person = &people[at..at + people[at..].find('"').unwrap()];
    let known = |phone| [("name", "M. Chen"), ("email", "chen@example.gov"), ("phone", phone)];
    site.post(person, &admin, &known("573-555-0111")).await;

    let draft = drafted(&site, "other").await;
    let fresh = begin(&site).await;
    let form = site.get(&format!("{fresh}/you"), &member).await;
    for (name, value) in
        [("name", "M. Chen"), ("phone", "573-555-0111"), ("email", "chen@example.gov"), ("work", "Riverbend Center")]
    {
        assert!(form.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}: {form}");
    }
    let stranger = site.get(&format!("{fresh}/you"), "").await;
    assert!(!stranger.contains("M. Chen"), "nobody else is offered it: {stranger}");

    let contact =
        [("name", "M. Chen"), ("phone", "573-555-0111"), ("email", "chen@example.gov"), ("work", "Riverbend Center")];
    answer(&site, &draft, &[("you", &contact)]).await;
    let sent = send(&site, &draft).await;
    site.post(person, &admin, &known("573-555-0199")).await;
    let officer = chief(&site).await;
    let page = site.get(&format!("/inbox/{}", sent.reference), &officer).await;
    for said in ["M. Chen", "573-555-0111", "chen@example.gov", "Riverbend Center"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("573-555-0199"), "{page}");
}

// proves: DHSS-IV.B.2
#[tokio::test]
async fn a_corrected_description_stands_beside_the_first_one() {
    let site = Site::of(&DHSS).await;
    let sent = send(&site, &drafted(&site, "other").await).await;
    let _officer = chief(&site).await;
    site.later(3_600);
    let corrected = [("about", "words"), ("message", "It was the archive, not the registry.")];
    site.post(&sent.link, "", &corrected).await;
    site.later(3_600);
    let officer = site.sign_in("ortiz@example.gov").await;
    let report = format!("/inbox/{}", sent.reference);
    site.post(&format!("{report}/correct"), &officer, &[("correction", "By telephone: it is both.")]).await;
    let page = site.get(&report, &officer).await;
    for said in [
        "Something is wrong with the registry.",
        "It was the archive, not the registry.",
        "added or corrected by Person who reported, Mar 4, 12:00",
        "By telephone: it is both.",
        "added or corrected by A. Ortiz, Mar 4, 1:00",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

// proves: DHSS-IV.B.3
#[tokio::test]
async fn four_lists_tell_what_was_hit_and_what_had_a_part() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "other").await;
    let named = [
        ("item-1-name", "Registry"),
        ("item-1-kind", "system"),
        ("item-1-part", "affected"),
        ("item-2-name", "Archive"),
        ("item-2-kind", "system"),
        ("item-2-part", "affected"),
        ("item-3-name", "account of a trainee"),
        ("item-3-kind", "user"),
        ("item-3-part", "involved"),
        ("none", "network"),
    ];
    answer(&site, &draft, &[("named", &named)]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let copy = site.get(&format!("{incident}/sheets/parts/copy"), &officer).await;
    let copy: serde_json::Value = serde_json::from_str(&copy).unwrap();
    let count = |list: &str| copy["lists"][list]["entries"].as_array().unwrap().len();
    let counts = ["equipment", "network", "system", "user"].map(count);
    assert_eq!(counts, [0, 0, 2, 1], "{copy}");
    let systems = copy["lists"]["system"]["entries"].as_array().unwrap();
    let names: Vec<&str> = systems.iter().map(|system| system["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Registry", "Archive"]);
    assert!(systems.iter().all(|system| system["part"] == "affected"), "{copy}");
    assert_eq!(copy["lists"]["user"]["entries"][0]["part"], "involved");
    assert_eq!(copy["lists"]["network"]["declared"]["part"], "none", "said to have had no part: {copy}");
    assert!(copy["lists"]["equipment"]["declared"].is_null(), "not known yet: {copy}");
}

// proves: DHSS-IV.B.4
#[tokio::test]
async fn what_was_done_is_in_the_timeline_with_who_did_it_in_the_order_of_time() {
    let site = Site::of(&DHSS).await;
    let draft = drafted(&site, "other").await;
    let done = [
        ("yours", "Pulled the cable."),
        ("yours-when", "8:15 a.m."),
        ("staff", "Blocked the account."),
        ("staff-when", "9:40"),
        ("others", "The provider closed the line."),
        ("others-when", "9:05 a.m."),
    ];
    answer(&site, &draft, &[("done", &done)]).await;
    let sent = send(&site, &draft).await;
    let officer = chief(&site).await;
    let incident = accept(&site, &sent.reference, &officer).await;
    let page = site.get(&incident, &officer).await;
    let log = &page[page.find("<ol class=\"timeline\">").expect("a timeline")..];
    // The newest stands first.
    let order = [
        ("9:40", "done by technical staff", "Blocked the account."),
        ("9:05", "done by an outside party", "The provider closed the line."),
        ("8:15", "done by the person who reported", "Pulled the cable."),
    ];
    let mut from = 0;
    for said in order.iter().flat_map(|(time, doer, what)| [time, doer, what]) {
        from += log[from..].find(said).unwrap_or_else(|| panic!("{said} in its place: {log}"));
    }
    assert_eq!(log.matches("done by").count(), 3);
}
