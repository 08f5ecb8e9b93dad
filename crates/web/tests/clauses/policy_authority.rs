//! Who changes a policy: the state's chief information officer has to agree, facilities have no say, two administrators
//! answer for every change, and what was opened before stays under its text.

use axum::http::StatusCode;
use domain::permission::Role;

use super::policy_hand::{text_of, zip};
use super::site::{DMH, Office, Site, text};

const UTAH: Office<'static> = Office {
    code: "UT",
    name: "Department of Technology Services",
    zone: "America/Denver",
    series: &["us-ut/dts"],
    packs: &["common", "us-ut/dts-2006"],
    ..DMH
};

/// Two administrators of the whole agency.
async fn administrators(site: &Site) -> (String, String) {
    (
        site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await,
        site.staff("L. Moss", "moss@example.gov", Role::Administrator, site.head).await,
    )
}

/// The Utah text without its last day, and with contacts confirmed every 60 days.
fn utah_changed() -> Vec<u8> {
    let changes = [
        ("until = 2008-09-23\nstatus = \"expired\"", "status = \"in-force\""),
        ("default = 90", "default = 60"),
        // The worked case counts 60 days from January 1, 2007 as well.
        ("O54 = \"2007-04-01\"", "O54 = \"2007-03-02\""),
        ("approved_by = \"cio\"\n", ""),
    ];
    text_of("us-ut/dts-2006", "us-ut/dts-2026", &changes)
}

// proves: UT-AUTHORITY
#[tokio::test]
async fn a_changed_utah_rule_is_in_force_only_once_the_chief_information_officer_approved_it() {
    let site = Site::of(&UTAH).await;
    let (first, second) = administrators(&site).await;
    let cio = site.staff("R. Vale", "vale@example.gov", Role::Executive, site.head).await;
    let director = site.staff("D. Pine", "pine@example.gov", Role::Executive, site.unit).await;

    // The record names the authorities.
    let page = site.get("/policy", &director).await;
    for authority in ["UCA 63F-1-103", "UCA 63F-1-206", "executive order"] {
        assert!(page.contains(authority), "{authority}: {page}");
    }
    assert!(page.contains("5000-1250-01-20070917.01"), "number and revision");

    // The new text leaves out that it needs the officer's approval; that does not free it.
    let proposal = site.propose(&first, &utah_changed(), "").await;
    let decide = format!("{proposal}/decide");
    let approve = [("then", "approve"), ("reason", "The issuer sent the new text.")];
    let no = site.ask("POST", &decide, &second, &approve).await;
    let page = site.says_no(no, "approval of the chief information officer").await;
    assert!(page.contains("UT-AUTHORITY"), "{page}");
    assert!(!site.get("/admin/packs", &first).await.contains("Installed here"), "it is not in force");

    // The officer of one agency is not the state's; the state's approves it with a reason.
    let digest = proposal.rsplit('/').next().unwrap();
    let authorize = format!("/policy/proposals/{digest}/authorize");
    let not_theirs = site.ask("POST", &authorize, &director, &[("reason", "Fine")]).await;
    assert_eq!(not_theirs.status(), StatusCode::NOT_FOUND);
    assert!(site.get("/policy", &cio).await.contains("waits for your approval"));
    site.post(&authorize, &cio, &[("reason", "Approved under UCA 63F-1-206.")]).await;
    site.post(&decide, &second, &approve).await;
    let policies = site.get("/admin/packs", &first).await;
    assert!(policies.contains("Installed here") && policies.contains("us-ut/dts-2026"), "{policies}");
    let journal = site.get("/admin/journal", &first).await;
    assert!(journal.contains("Approved us-ut/dts-2026 as cio") && journal.contains("Put us-ut/dts-2026 in force"));
}

/// What somebody who keeps one facility tries, and is refused by a clause; the refusal is on record.
async fn a_facility_changes_nothing(office: &Office<'_>, folder: &str, clause: &str, changes: &[(&str, &str)]) {
    let site = Site::of(office).await;
    let (whole, _) = administrators(&site).await;
    let facility = site.staff("F. Reed", "reed@example.gov", Role::Administrator, site.unit).await;
    for change in changes {
        let own = text_of(folder, &format!("{folder}-own"), std::slice::from_ref(change));
        let fields = [("note", "Our facility wants it so."), ("then", "propose")];
        let answer = site.send_file("/admin/packs", &facility, &fields, ("text", &own)).await;
        site.says_no(answer, clause).await;
    }
    let value = [("value", "immediate-tolerance"), ("to-immediate-tolerance", "600")];
    site.says_no(site.ask("POST", "/admin/local/values", &facility, &value).await, clause).await;
    assert!(site.get("/admin/packs", &facility).await.contains(clause), "the page says so before anything is tried");

    let page = site.get("/admin/packs", &whole).await;
    assert!(!page.contains("Waiting for a second administrator"), "nothing was proposed: {page}");
    let journal = site.get("/admin/journal", &whole).await;
    let refused = journal.matches(&format!("Was refused, by {clause}")).count();
    assert_eq!(refused, changes.len() + 1, "each attempt is on record: {journal}");
    assert!(journal.contains("F. Reed"));
}

// proves: DMH16-5
#[tokio::test]
async fn a_facility_administrator_cannot_alter_the_thirty_days_of_2016() {
    let thirty = ("due = \"30 calendar days\"", "due = \"45 calendar days\"");
    a_facility_changes_nothing(&DMH, "us-mo/dmh-2016", "DMH16-5", &[thirty]).await;
}

// proves: DMH04-6
#[tokio::test]
async fn a_facility_administrator_adds_no_rule_category_or_deadline_to_the_text_of_2004() {
    // Tue, Mar 15, 2005, 9:10 a.m. CST
    let office = Office { packs: &["common", "us-mo/dmh-2004"], now: 1_110_899_400_000_000, ..DMH };
    let rule = ("[[obligation]]", "# ours\n[[obligation]]");
    let category = ("[[category]]", "# ours\n[[category]]");
    let deadline = ("years = 6", "years = 7");
    a_facility_changes_nothing(&office, "us-mo/dmh-2004", "DMH04-6", &[rule, category, deadline]).await;
}

#[tokio::test]
async fn two_administrators_put_a_text_in_force_and_open_incidents_keep_theirs() {
    let site = Site::open().await;
    let first = site.sign_in("diaz@example.gov").await;
    let second = site.staff("L. Moss", "moss@example.gov", Role::Administrator, site.head).await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let elsewhere = site.second_server(DMH.packs).await;
    let before = site.files("RVB", "A laptop was left on a bus.").await;
    let before = site.accepts(&officer, &before).await;

    let faster = ("due = \"30 calendar days\"", "due = \"10 calendar days\"");
    let later = ("from = 2016-06-23", "from = 2026-10-15");
    let moved = text_of("us-mo/dmh-2016", "us-mo/dmh-2026", &[faster, later]);
    // A worked case shows that the date moved, and the text is not taken until the case says so too.
    let fields = [("note", "Changed"), ("then", "propose")];
    let answer = site.send_file("/admin/packs", &first, &fields, ("text", &moved)).await;
    let page = site.says_no(answer, "to mend in the text").await;
    assert!(page.contains("cases/") && page.contains("O47"), "file and duty are named: {page}");

    // 1 July and ten days; 1 February and ten days.
    let july = ("O47 = \"2016-07-31\"", "O47 = \"2016-07-11\"");
    let february = ("O47 = \"2020-03-02\"", "O47 = \"2020-02-11\"");
    let mended = text_of("us-mo/dmh-2016", "us-mo/dmh-2026", &[faster, later, july, july, february]);
    let answer = site.send_file("/admin/packs", &first, &[("then", "check")], ("text", &mended)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let preview = text(answer).await;
    assert!(preview.contains("30 calendar days") && preview.contains("10 calendar days"), "{preview}");
    assert!(preview.contains("Riverbend Center") && preview.contains("keep the edition under which they were opened"));
    assert!(site.get("/admin/packs", &second).await.contains("Hand in a text"), "looking proposes nothing");

    // Under the name of another series the text would take no report, and its duties would be mistaken for others.
    let series = ("series = \"us-mo/dmh\"", "series = \"us-mo/other\"");
    let apart = text_of("us-mo/dmh-2016", "us-mo/other-2026", &[series]);
    let answer = site.send_file("/admin/packs", &first, &[("then", "check")], ("text", &apart)).await;
    let preview = text(answer).await;
    assert!(preview.contains("It would take no reports: they are taken under DMH DOR 8.350 (2016)"), "{preview}");
    let answer = site.send_file("/admin/packs", &first, &fields, ("text", &apart)).await;
    site.says_no(answer, "is the number of a duty of DMH DOR 8.350").await;

    let proposal = site.propose(&first, &mended, "").await;
    let decide = format!("{proposal}/decide");
    let approve = [("then", "approve"), ("reason", "The department decided so on October 12.")];
    let own = site.ask("POST", &decide, &first, &approve).await;
    site.says_no(own, "A second administrator decides").await;
    let silent = site.ask("POST", &decide, &second, &[("then", "approve"), ("reason", "")]).await;
    site.says_no(silent, "Write why").await;
    site.post(&decide, &second, &approve).await;

    // Until its day the text of 2016 governs; from that day on the new one does, and the old incident keeps its own.
    let report = site.files("RVB", "Another laptop.").await;
    assert!(site.get(&format!("/inbox/{report}"), &officer).await.contains("DMH DOR 8.350 (2016)"));
    site.later(3 * 24 * 3_600);
    let officer = site.sign_in("ortiz@example.gov").await;
    let report = site.files("RVB", "A third laptop.").await;
    let after = site.accepts(&officer, &report).await;
    let (old, new) = (site.get(&before, &officer).await, site.get(&after, &officer).await);
    assert!(old.contains("Nov 12") && !old.contains("10 calendar days"), "30 days from October 13: {old}");
    assert!(new.contains("10 calendar days later") && new.contains("Oct 26"), "10 days from October 16: {new}");

    // Another server took the text up without being told or started again.
    let there = site.ask_at(&elsewhere, "GET", &after, &officer).await;
    assert!(text(there).await.contains("10 calendar days later"));

    // The name of a text that incidents are worked under stays its own.
    let first = site.sign_in("diaz@example.gov").await;
    let fields = [("note", "Again"), ("then", "propose")];
    let again = site.send_file("/admin/packs", &first, &fields, ("text", &mended)).await;
    site.says_no(again, "is the name of a text that is here already").await;

    // A local value of an installed text has the usual value of that text beside it, as one of a shipped text does.
    let set = [("value", "immediate-tolerance"), ("to-immediate-tolerance", "15")];
    site.post("/admin/local/values", &first, &set).await;
    let local = site.get("/admin/local", &first).await;
    assert!(local.contains("Now 15 minutes") && local.contains("usual value: 60 minutes"), "{local}");
}

#[tokio::test]
async fn what_is_no_text_of_policy_is_refused_in_words() {
    let site = Site::open().await;
    let admin = site.sign_in("diaz@example.gov").await;
    let fields = [("note", "x"), ("then", "propose")];
    let large = vec![0; 1024 * 1024 + 1];
    for (file, words) in [
        (&b"not a zip"[..], "This is not a zip file"),
        (&large, "larger than 1 MB"),
        (&zip(&[("notes.txt", "x")]), "There is no pack.toml"),
        (&zip(&[("a/pack.toml", ""), ("b/pack.toml", "")]), "more than one pack.toml"),
        (&zip(&[("pack.toml", &"# x\n".repeat(100_000))]), "too large"),
    ] {
        let answer = site.send_file("/admin/packs", &admin, &fields, ("text", file)).await;
        site.says_no(answer, words).await;
    }
    let mistaken = text_of("us-mo/dmh-2016", "us-mo/dmh-wrong", &[("DMH16-4.a\"", "DMH16-4.aa\"")]);
    let answer = site.send_file("/admin/packs", &admin, &fields, ("text", &mistaken)).await;
    let page = site.says_no(answer, "to mend in the text").await;
    assert!(page.contains("DMH16-4.aa") && page.contains(".toml:"), "file and line: {page}");
}
