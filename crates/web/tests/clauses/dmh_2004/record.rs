//! What was tried, attacked and reached; the goals of an incident; who has what to do.

use crate::casework::{Casework, chosen};
use crate::site::Office;
use domain::organisation::{UnitKind, UnitProfile};
use ground::words;

/// Tuesday, January 11, 2005, 9:00 a.m. CST
pub const EARLY_2005: i64 = 1_105_455_600_000_000;

/// The department while its first edition was in force.
pub const DMH_2004: Office<'static> = Office {
    code: "DMH",
    name: "Department of Mental Health",
    zone: "America/Chicago",
    series: &["us-mo/dmh"],
    packs: &["common", "us-mo/dmh-2004"],
    now: EARLY_2005,
};

// proves: DMH04-2.B
#[tokio::test]
async fn a_hand_held_device_is_a_class_of_its_own() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("lost-or-stolen", "A hand-held with addresses is missing.").await;
    let page = case.page(&incident).await;
    for class in
        ["networked-computer", "database-or-records", "internet-or-email", "handheld", "stand-alone-pc", "other"]
    {
        assert!(page.contains(&format!("<option value=\"{class}\"")), "{class}: {page}");
    }
    let system = [("system", "Hand-held 12"), ("class", "handheld")];
    case.site.post(&format!("{incident}/systems"), &case.officer, &system).await;
    assert!(case.page(&incident).await.contains("Hand-held 12 (Hand-held device)"));
}

// proves: DMH04-2.C
#[tokio::test]
async fn a_central_system_suggests_that_it_spreads_and_waits_for_a_person_to_confirm_it() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("down", "The registry does not answer.").await;
    let to = case.fill(&incident, "network", &[("f.system", "Registry"), ("f.location", "centrally-based")]).await;
    let asked = case.page(&to).await;
    assert!(chosen(&asked, "f.spread", "yes") && asked.contains("Suggested: confirm it"), "{asked}");
    // Suggested is not answered: the incident says that the question is open, and the fact is not known.
    let page = case.page(&incident).await;
    assert!(page.contains("Open: Could it spread past what the agency controls itself?"), "{page}");
    assert!(!chosen(&page, "fact.may-spread", "yes"));
    let at = asked.find("name=\"entry\" value=\"").unwrap() + 20;
    let entry = &asked[at..at + 36];
    let confirmed =
        [("f.system", "Registry"), ("f.location", "centrally-based"), ("f.spread", "yes"), ("entry", entry)];
    case.fill(&incident, "network", &confirmed).await;
    let page = case.page(&incident).await;
    assert!(chosen(&page, "fact.may-spread", "yes") && !page.contains("Open: Could it spread"), "{page}");
    // A personal computer suggests nothing and is complete without the question.
    let to = case.fill(&incident, "network", &[("f.system", "PC 7"), ("f.location", "personal-computer")]).await;
    assert!(!chosen(&case.page(&to).await, "f.spread", "yes"));
}

// proves: DMH04-2.D, DMH04-3.B.1
#[tokio::test]
async fn an_honest_mistake_counts_as_an_incident_and_only_an_attack_as_an_attack() {
    let case = Casework::of(&DMH_2004).await;
    let attack = case.of_kind("down", "The network is flooded.", &["technical-breach", "disruption-or-denial"]).await;
    let flags = [("f.flag", "yes"), ("f.effect", "deny"), ("f.object", "networks")];
    case.fill(&attack, "attack", &flags).await;
    let mistake = case.of_kind("wrong-person", "A list went to the wrong clinic.", &["accidental-user-error"]).await;
    assert!(case.sheet(&mistake, "attack").await.contains("Complete"), "the kind says that it is no attack");
    let flag = case.counted("attack.flag").await;
    assert!(flag.contains("Yes,1,") && flag.contains("No,1,"), "{flag}");
    assert!(case.counted("attack.effect").await.contains("Deny,1,"));
    assert!(case.counted("attack.object").await.contains("Networks,1,"));
    let classes = case.counted("kind-class").await;
    assert!(classes.contains("Accidental user error,1,"), "{classes}");
    assert!(case.site.get("/stats", &case.chief).await.contains("2 incidents"));
    // The list of kinds is open: another kind is told in words.
    let other = case.of_kind("other", "Something that fits nowhere.", &["other-class"]).await;
    case.refused(&other, "other-class", &[]).await;
    case.fill(&other, "other-class", &[("f.described", "A card was left in a reader")]).await;
    assert!(case.sheet(&other, "other-class").await.contains("A card was left in a reader"));
}

// proves: DMH04-2.H
#[tokio::test]
async fn an_attempt_that_failed_is_an_incident() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("access", "Somebody tried to break in and failed.").await;
    // What the report suggests is offered, and counts for nothing until the officer says so.
    let sheet = case.sheet(&incident, "nature").await;
    assert!(chosen(&sheet, "f.success", "attempted") && sheet.contains("Suggested: confirm it"), "{sheet}");
    assert!(!case.counted_at_all("nature.success").await);
    case.fill(&incident, "nature", &[("f.success", "attempted"), ("f.effects", "access")]).await;
    let page = case.page(&incident).await;
    assert!(page.contains("<span class=\"usa-tag\">Open</span>") && page.contains("duty-O8"), "{page}");
    for effect in ["access", "use", "disclosure", "modification", "destruction", "interference"] {
        assert!(sheet.contains(&format!("name=\"f.effects\" value=\"{effect}\"")), "{effect}");
    }
    assert!(case.counted("nature.success").await.contains("Only tried,1,"));
    // Nobody is offered a lack of success as a reason for setting a report aside.
    let reference = case.site.report("access", "Somebody tried again.").await;
    let report = case.page(&format!("/inbox/{reference}")).await;
    let offered: Vec<&str> =
        report.split("name=\"reason\" value=\"").skip(1).map(|r| r.split('"').next().unwrap()).collect();
    let reasons = [
        "event_only",
        "harmless",
        "not_security",
        "help_desk",
        "duplicate",
        "elsewhere",
        "test",
        "policy.change-with-consent",
    ];
    assert_eq!(offered, reasons, "{report}");
}

// proves: DMH04-3.A.1
#[tokio::test]
async fn a_task_shows_with_its_clause_and_due_and_where_nobody_is_to_do_it_the_chief_sees_it_unassigned() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("malware", "A worm on two computers.").await;
    let ortiz = case.account("A. Ortiz");
    let task = [
        ("task", "Take both computers off the network"),
        ("stage", "contain"),
        ("owner", &ortiz),
        ("task-due", "2005-01-12"),
        ("task-clause", "DMH04-3.A.3"),
    ];
    case.site.post(&format!("{incident}/tasks"), &case.officer, &task).await;
    let signed_in = case.site.sign_in("ortiz@example.gov").await;
    let home = case.site.get("/home", &signed_in).await;
    for told in [
        "Complete and sign the incident report form",
        "DMH04-3.E",
        "before closing",
        "Take both computers off the network",
        "DMH04-3.A.3",
        "Jan 12",
    ] {
        assert!(home.contains(told), "{told}: {home}");
    }
    assert!(!home.contains("Unassigned: nobody at Riverbend Center is local security officer"), "{home}");

    // A second facility has no officer: its report is the chief's to accept, and the officer's task is nobody's.
    let site = &case.site;
    let profile =
        UnitProfile { name: words("Northside Center"), kind: UnitKind::Facility, phone: None, policies: vec![] };
    let north = site.app.add_unit(site.tenant, site.head, "NTH", &profile).await.unwrap();
    let reference = site.report_with("malware", "A virus here.", |s| (s.unit, s.handling_unit) = (north, north)).await;
    let chief = site.sign_in("vance@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &chief, &[]).await;
    let home = site.get("/home", &chief).await;
    assert!(home.contains("Unassigned: nobody at Northside Center is local security officer"), "{home}");
    assert!(!home.contains("nobody at Riverbend Center is local security officer"), "{home}");
}

// proves: DMH04-3.A.2
#[tokio::test]
async fn time_to_recovery_is_told() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("down", "The records system was broken into.").await;
    let times =
        [("f.system", "Records system"), ("f.compromised", "2005-01-10 08:00"), ("f.recovered", "2005-01-10 20:00")];
    case.fill(&incident, "recovery", &times).await;
    for page in [case.page(&incident).await, case.sheet(&incident, "recovery").await] {
        assert!(page.contains("12 h") && !page.contains("12 h so far"), "{page}");
    }
    assert!(case.page(&incident).await.contains("Time to recovery: 12 h"));
}

// proves: DMH04-3.A.3
#[tokio::test]
async fn leakage_stands_in_the_impact_block_of_the_summary_and_is_counted() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("wrong-person", "A list went out.").await;
    let refused = case.refused(&incident, "impact", &[("f.leakage", "some")]).await;
    assert!(refused.contains("f.leakage-described-error"), "{refused}");
    let told = [
        ("f.leakage", "some"),
        ("f.leakage-described", "Forty addresses of consumers"),
        ("f.corruption", "none"),
        ("f.disruption", "none"),
        ("f.other", "unknown"),
    ];
    case.fill(&incident, "impact", &told).await;
    let summary = case.page(&format!("{incident}/summary")).await;
    let block = &summary[summary.find(">Impact</h2>").unwrap_or_else(|| panic!("{summary}"))..];
    let block = &block[..block.find("</section>").unwrap()];
    for words in ["Some leakage", "Forty addresses of consumers", "Not known"] {
        assert!(block.contains(words), "{words}: {block}");
    }
    let leakage = case.counted("impact.leakage").await;
    assert!(leakage.contains("Some leakage,1,"), "{leakage}");
}

// proves: DMH04-3.A.4
#[tokio::test]
async fn a_prevention_that_is_done_is_offered_for_the_box_of_the_remedy() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("password", "A password was on a note.").await;
    let open = [("f.what", "Teach everybody again"), ("f.owner", "A. Ortiz"), ("f.by", "2005-03-01")];
    case.fill(&incident, "prevention", &open).await;
    let done =
        [("f.what", "Changed the password and took the note away"), ("f.owner", "A. Ortiz"), ("f.done", "2005-01-11")];
    case.fill(&incident, "prevention", &done).await;
    let form = case.page(&format!("{incident}/form")).await;
    let remedy = &form[form.find("id=\"VII\"").unwrap_or_else(|| panic!("{form}"))..];
    let remedy = &remedy[..remedy.find("</textarea>").unwrap()];
    assert!(remedy.contains("Changed the password and took the note away"), "{remedy}");
    assert!(!remedy.contains("Teach everybody again"), "what is not done is no remedy yet: {remedy}");
    assert!(form.contains("from what is on record"));
}

// proves: DMH04-3.D.2.A.IV
#[tokio::test]
async fn an_unknown_root_cause_without_a_reason_holds_closing_up() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("down", "The registry does not answer.").await;
    let close = format!("{incident}/close");
    let held = async || case.refused_at(&close, &[("note", "Done.")]).await.contains("Root cause");
    assert!(held().await, "nobody has said anything of it");
    case.fill(&incident, "cause", &[("f.state", "unknown")]).await;
    assert!(held().await, "unknown, without a reason");
    let sheet = case.sheet(&incident, "cause").await;
    let from = sheet.find("name=\"entry\" value=\"").unwrap() + 20;
    let entry = &sheet[from..from + 36];
    let reason = [("f.state", "unknown"), ("f.reason", "The disk was overwritten"), ("entry", entry)];
    case.fill(&incident, "cause", &reason).await;
    assert!(!held().await, "what else is open is named, the cause is not");
}
