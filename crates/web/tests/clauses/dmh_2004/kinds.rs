//! The regulation's kinds of incident (3)(B) and its examples (3)(C), with what each asks besides.

use super::record::DMH_2004;
use crate::casework::{Casework, chosen};
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;
use ground::words;

// proves: DMH04-3.B.2
#[tokio::test]
async fn misused_access_asks_on_the_form_whether_human_resources_gets_a_copy() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("access", "Files were read out of curiosity.", &["improper-use-of-privileges"]).await;
    let to = case.site.post(&format!("{incident}/form"), &case.officer, &[("V", "J. Poole")]).await;
    let form = case.page(&to).await;
    assert!(form.contains("J. Poole") && form.contains("Does human resources get a copy of the form?"), "{form}");
    let page = case.page(&incident).await;
    assert!(page.contains("Open: Whose access was it?") && page.contains("Open: To which system?"), "{page}");
    // It takes yes or no; no takes the reason.
    assert!(case.refused(&incident, "copy-to-hr", &[]).await.contains("f.copy-error"));
    assert!(case.refused(&incident, "copy-to-hr", &[("f.copy", "no")]).await.contains("f.why-not-error"));
    case.fill(&incident, "copy-to-hr", &[("f.copy", "yes")]).await;
    let form = case.page(&format!("{incident}/form")).await;
    assert!(!form.contains("Does human resources get a copy of the form?"), "{form}");
}

// proves: DMH04-3.B.3
#[tokio::test]
async fn staff_who_get_in_to_harm_open_the_questions_for_human_resources_and_the_law() {
    let case = Casework::of(&DMH_2004).await;
    let kind = ["employee-access-to-damage-or-steal"];
    let incident = case.of_kind("access", "Records were copied at night.", &kind).await;
    let page = case.page(&incident).await;
    assert!(page.contains("Open: Does human resources get a copy of the form?"), "{page}");
    assert!(page.contains("Open: Is a violation of law suspected?"), "{page}");
    assert!(!page.contains("duty-O17"));
    case.fill(&incident, "law", &[("f.violation", "yes")]).await;
    let page = case.page(&incident).await;
    assert!(page.contains("duty-O17") && !page.contains("Open: Is a violation of law suspected?"), "{page}");
}

// proves: DMH04-3.B.4
#[tokio::test]
async fn a_break_in_asks_where_and_takes_not_known_yet_for_an_answer() {
    let case = Casework::of(&DMH_2004).await;
    let draft = case.site.post("/r/RVB", "", &[("begin", "report")]).await;
    let draft = draft.strip_suffix("/what").unwrap().to_owned();
    case.site.post(&format!("{draft}/what"), "", &[("what", "forced-open")]).await;
    let asked = case.site.get(&format!("{draft}/entered-where"), "").await;
    assert!(asked.contains("Which building, room or cabinet was it?"), "{asked}");
    case.site.post(&format!("{draft}/entered-where"), "", &[("answer", "")]).await;
    let incident = case.of_kind("forced-open", "A cabinet was forced.", &["physical-breach"]).await;
    assert!(case.page(&incident).await.contains("Open: Which building, room or cabinet?"));
    let refused = case.refused(&incident, "break-in", &[("f.reached", "equipment")]).await;
    assert!(refused.contains("f.location-error"), "{refused}");
    case.fill(&incident, "break-in", &[("f.reached", "equipment"), ("f.location.unknown", "1")]).await;
    let sheet = case.sheet(&incident, "break-in").await;
    assert!(sheet.contains("not known yet") && sheet.contains("Complete"), "{sheet}");
}

// proves: DMH04-3.B.5
#[tokio::test]
async fn a_break_in_from_outside_is_an_attack_and_owes_a_report_to_law_enforcement() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("access", "Somebody outside got in.", &["external-breach"]).await;
    let attack = case.sheet(&incident, "attack").await;
    assert!(chosen(&attack, "f.flag", "yes"), "{attack}");
    let page = case.page(&incident).await;
    assert!(page.contains("duty-O17") && page.contains("fitting law enforcement agency"), "{page}");
    // A later doubt ends nothing; neither do words left out.
    let law =
        [("entry", &*entry(&case, &incident, "law").await), ("f.violation", "no"), ("sheet-reason", "Looked again")];
    case.fill(&incident, "law", &law).await;
    for how in ["recorded", "not-applicable"] {
        case.refused_at(&format!("{incident}/duties/O17"), &[("how", how)]).await;
    }
    let page = case.page(&format!("{incident}/close")).await;
    assert!(page.contains("The violation of law has not been reported.") || page.contains("duty-O17"), "{page}");
    let why = [("how", "not-applicable"), ("words-O17", "The state police asked first and took it over.")];
    case.site.post(&format!("{incident}/duties/O17"), &case.officer, &why).await;
    assert!(case.page(&incident).await.contains("The state police asked first"));
    // A recorded report serves as well.
    let other = case.of_kind("access", "Somebody outside again.", &["external-breach"]).await;
    let told = [("how", "recorded"), ("words-O17", "County sheriff, 9:20 a.m., case 05-117")];
    case.site.post(&format!("{other}/duties/O17"), &case.officer, &told).await;
    assert!(case.page(&other).await.contains("case 05-117"));
}

/// The entry that a sheet holds.
async fn entry(case: &Casework, incident: &str, sheet: &str) -> String {
    let page = case.sheet(incident, sheet).await;
    let at = page.find("name=\"entry\" value=\"").unwrap() + 20;
    page[at..at + 36].to_owned()
}

// proves: DMH04-3.B.6
#[tokio::test]
async fn a_technical_breach_counts_once_in_its_class() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("malware", "Screens went blue all over the ward.").await;
    case.fill(&incident, "technical", &[("f.effect", "operations")]).await;
    let classes = case.counted("kind-class").await;
    let name = "\"Technical breach that harms operations, systems or information\"";
    assert!(classes.contains(&format!("{name},1,")), "{classes}");
    assert_eq!(classes.lines().count(), 2, "one class besides the head: {classes}");
    assert!(case.counted("technical.effect").await.contains("Operations,1,"));
    assert!(case.counted("kind-type").await.contains("Malicious code,1,"), "its type is another axis");
}

// proves: DMH04-3.C
#[tokio::test]
async fn each_of_the_six_examples_lands_with_the_officer_of_its_facility_and_no_other() {
    let case = Casework::of(&DMH_2004).await;
    let site = &case.site;
    let profile =
        UnitProfile { name: words("Northside Center"), kind: UnitKind::Facility, phone: None, policies: vec![] };
    let north = site.app.add_unit(site.tenant, site.head, "NTH", &profile).await.unwrap();
    let neighbour = site.staff("B. Hale", "hale@example.gov", Role::LocalOfficer, north).await;
    let reported = [
        ("password", "Somebody tried to get in.", "attempted-unauthorized-access"),
        ("down", "Mail does not answer.", "disruption-or-denial"),
        ("access", "Somebody stores films on the server.", "unauthorized-use"),
        ("changed", "The firewall was changed.", "unsanctioned-change"),
        ("malware", "A worm.", "malicious-code"),
        ("other", "It may go on to the county.", "may-spread"),
    ];
    for (tile, said, kind) in reported {
        let reference = site.report(tile, said).await;
        assert!(case.page("/inbox").await.contains(&reference), "{kind} is with the officer");
        assert!(!site.get("/inbox", &neighbour).await.contains(&reference), "{kind} is with nobody else");
        assert_eq!(site.ask("GET", &format!("/inbox/{reference}"), &neighbour, &[]).await.status(), 404);
        let incident = case.accept(&reference).await;
        case.sort(&incident, &[kind]).await;
        assert!(!case.page(&incident).await.contains("kind that the policy does not know"));
    }
    let types = case.counted("kind-type").await;
    assert_eq!(types.lines().count(), 7, "six types besides the head, one of each: {types}");
}

// proves: DMH04-3.C.1
#[tokio::test]
async fn an_attempt_at_access_is_preset_as_tried_and_counts() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("password", "Ten wrong passwords in a row.", &["attempted-unauthorized-access"]).await;
    assert!(chosen(&case.sheet(&incident, "nature").await, "f.success", "attempted"));
    assert!(case.page(&incident).await.contains("duty-O8"), "it is an incident");
    assert!(case.counted("nature.success").await.contains("Only tried,1,"));
    assert!(case.counted("kind-type").await.contains("Attempt to reach systems or data without authority,1,"));
}

// proves: DMH04-3.C.2
#[tokio::test]
async fn a_disruption_without_an_end_is_ongoing_and_tells_how_long_so_far() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("down", "The line is flooded.", &["disruption-or-denial"]).await;
    case.fill(&incident, "disruption", &[("f.service", "Internet line"), ("f.began", "2005-01-11 04:00")]).await;
    let page = case.page(&incident).await;
    assert!(page.contains("Disruption: ongoing, 5 h so far"), "{page}");
    assert!(case.sheet(&incident, "disruption").await.contains("ongoing, 5 h so far"));
}

// proves: DMH04-3.C.3
#[tokio::test]
async fn every_purpose_of_an_unauthorized_use_is_listed_in_the_export() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("access", "Tools lie on the server.", &["unauthorized-use"]).await;
    let purposes = [("f.purposes", "storage"), ("f.purposes", "exploit-tool-placement")];
    case.fill(&incident, "unauthorized-use", &purposes).await;
    let exported = case.page("/incidents.csv").await;
    assert!(exported.contains("Unauthorized use, What for? Placing attack tools, Storing data"), "{exported}");
}

// proves: DMH04-3.C.4
#[tokio::test]
async fn a_change_with_consent_is_no_incident_by_the_word_of_the_officer_which_stays_on_record() {
    let case = Casework::of(&DMH_2004).await;
    let reference = case.site.report("changed", "The router behaves in another way since Monday.").await;
    let address = format!("/inbox/{reference}");
    assert!(case.page(&address).await.contains("A change that the security officer knew of, ordered or agreed to"));
    let reason = ("reason", "policy.change-with-consent");
    let refused = case.refused_at(&format!("{address}/set-aside"), &[reason]).await;
    assert!(refused.contains("this is your confirmation"), "{refused}");
    let words = "I agreed to the new firmware on January 7.";
    case.site.post(&format!("{address}/set-aside"), &case.officer, &[reason, ("note", words)]).await;
    let page = case.site.get(&address, &case.chief).await;
    for told in ["Not an incident", "Confirmed", "by A. Ortiz, local security officer", words] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!case.page("/incidents").await.contains("The router behaves"));
}

// proves: DMH04-3.C.5
#[tokio::test]
async fn another_sort_of_malicious_code_is_named_in_words() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.of_kind("malware", "Something watches what is typed.", &["malicious-code"]).await;
    let sheet = case.sheet(&incident, "malicious-code").await;
    for sort in ["worm", "virus", "trojan", "web-defacement", "other"] {
        assert!(sheet.contains(&format!("name=\"f.sorts\" value=\"{sort}\"")), "{sort}");
    }
    assert!(!sheet.to_lowercase().contains("spyware"), "this edition does not list it");
    let refused = case.refused(&incident, "malicious-code", &[("f.sorts", "other")]).await;
    assert!(refused.contains("f.other-error"), "{refused}");
    case.fill(&incident, "malicious-code", &[("f.sorts", "other"), ("f.other", "Spyware")]).await;
    assert!(case.sheet(&incident, "malicious-code").await.contains("Spyware"));
}
