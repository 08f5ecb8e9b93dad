//! The report of a change: what it says at every level, what besides at the two highest, and to whom it goes.

use super::{Board, FORMAT_A, FORMAT_B, Role, between, with};
use crate::casework::Casework;
use crate::dmh_2004::record::DMH_2004;

// proves: DMH04-5.D.3, DMH04-5.D.3.A-org, DMH04-5.D.3.A-date, DMH04-5.D.3.A-time, DMH04-5.D.3.A-level
// proves: DMH04-5.D.3.A-reason, DMH04-5.D.3.A-actions, DMH04-5.D.3.A-contact
#[tokio::test]
async fn a_report_of_level_three_waits_for_every_field_of_format_a_and_for_none_of_format_b() {
    let board = Board::open().await;
    let site = &board.site;
    board.measures("3,preventive,Check backups,lso\n3,preventive,Read the logs,lso\n3,during-attack,Cut the link,lso\n3,damage-control,Call the vendor,lso").await;
    board.declare("3").await;
    for form in board.listed(&board.officer).await.iter().take(3) {
        board.answer(form, "done", "").await;
    }
    let report = board.report().await;
    let page = site.get(&report, &board.chief).await;
    let value = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"");
    assert_eq!(value("f.organization"), "Department of Mental Health");
    assert!(!value("f.location").is_empty(), "{page}");
    assert_eq!((value("f.date"), value("f.time")), ("2005-01-10", "14:10"), "today, and now");
    assert_eq!((value("f.contact-name"), value("f.contact-title")), ("C. Vance", "Chief security officer"));
    assert!(
        page.contains("<strong>3 Specific risk of attack</strong>") && !page.contains("name=\"f.level\""),
        "{page}"
    );
    assert!(page.contains("Somebody looks for a way in</textarea>"), "the reason of the declaration: {page}");
    // Three measures were done, and these three are offered.
    assert_eq!(page.matches("name=\"f.actions.offer\"").count(), 3, "{page}");
    assert!(!page.contains("value=\"Call the vendor\""), "{page}");
    for absent in ["f.systems", "f.degree", "f.impact-actual", "f.restoration", "f.workarounds"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    for (fields, words) in [
        (&[("f.organization", "")][..], "Organization: fill this in."),
        (&[("f.location", "")], "Location: fill this in."),
        (&[("f.date", "2005-01-11")], "The day of the report can’t be in the future."),
        (&[("f.date", "")], "Date of the report: fill this in."),
        (&[("f.time", "")], "Time of the report: fill this in."),
        (&[("f.reason", "")], "Reason for the declaration of this level: fill this in."),
        (&[("f.actions.none", "")], "Response actions taken: fill this in, or say “None taken yet”."),
        (&[("f.contact-title", "")], "Point of contact: title: fill this in."),
        (&[("f.contact-name", "")], "Point of contact: name: fill this in."),
        (&[("f.contact-reach", "")], "Point of contact: contact information: fill this in."),
        (&[("f.no-assessment", "")], "One of these is needed: Operational assessment of the situation"),
    ] {
        site.refused(&report, &board.chief, &with(&[FORMAT_A], fields), words).await;
    }
    // Whatever is sent for the level, the report has the declared one.
    let sent = with(
        &[FORMAT_A],
        &[
            ("f.actions.none", ""),
            ("f.actions.offer", "Check backups"),
            ("f.actions", "Told the help desk"),
            ("f.level", "5"),
        ],
    );
    let to = site.post(&report, &board.chief, &sent).await;
    let issued = site.get(&to, &board.officer).await;
    for words in
        ["3 Specific risk of attack", "Check backups", "Told the help desk", "Chief security officer", "not known"]
    {
        assert!(issued.contains(words), "{words}: {issued}");
    }
    let data: serde_json::Value =
        serde_json::from_str(&site.get(&to.replace("?done=sent", "/json"), &board.chief).await).unwrap();
    assert_eq!(data["reported_at"], "2005-01-10T14:05:00-06:00");
    assert_eq!((&data["level"], &data["level_name"]), (&3.into(), &"Specific risk of attack".into()));
    assert_eq!(data["fields"]["contact-title"]["says"][0], "Chief security officer");
    assert!(!board.board().await.contains("Report the change to"), "the duty to report is met");
}

// proves: DMH04-5.D.3.B-systems, DMH04-5.D.3.B-degree, DMH04-5.D.3.B-impact, DMH04-5.D.3.B-restore
// proves: DMH04-5.D.3.B-workaround, DMH04-4.A.4, DMH04-4.A.5
#[tokio::test]
async fn levels_four_and_five_need_format_b_besides() {
    let board = Board::open().await;
    let site = &board.site;
    let no_rows = &[
        ("f.systems.0.network", ""),
        ("f.systems.0.classification", ""),
        ("f.systems.0.application", ""),
        ("f.systems.0.database", ""),
    ][..];
    let no_ranks = &[
        ("f.restoration.0.rank", ""),
        ("f.restoration.0.what", ""),
        ("f.restoration.1.rank", ""),
        ("f.restoration.1.what", ""),
    ][..];
    for level in ["4", "5"] {
        board.declare(level).await;
        let report = board.report().await;
        let page = site.get(&report, &board.chief).await;
        for column in ["Network", "Classification", "Application", "Database or data file"] {
            assert!(page.contains(&format!("{column}, row 1")), "{column}: {page}");
        }
        site.refused(&report, &board.chief, &with(&[FORMAT_A], &[]), "Systems affected: fill this in.").await;
        for (fields, words) in [
            (no_rows, "Systems affected: fill this in."),
            (&[("f.degree", "")], "Degree to which operational functions are affected: fill this in."),
            (&[("f.impact-potential", "")], "One of these is needed: Actual impact on general capabilities"),
            (no_ranks, "Restoration priorities: fill this in."),
            (&[("f.workarounds", "")], "Workarounds: fill this in, or say “None available”."),
            (&[("f.contact-title", "")], "Point of contact: title: fill this in."),
        ] {
            site.refused(&report, &board.chief, &with(&[FORMAT_A, FORMAT_B], fields), words).await;
        }
        let tie = with(&[FORMAT_A, FORMAT_B], &[("f.restoration.1.rank", "1"), ("then", "save")]);
        site.refused(&report, &board.chief, &tie, "Restoration priorities: two things are ranked 1.").await;
        // What is unfinished may be saved, and is there again.
        let saved = with(&[FORMAT_A, FORMAT_B], &[("f.workarounds", ""), ("then", "save")]);
        let to = site.post(&report, &board.chief, &saved).await;
        assert!(site.get(&to, &board.chief).await.contains("value=\"Hospital network\""));
        // Only the potential impact is told, and that is enough.
        let to = site.post(&report, &board.chief, &with(&[FORMAT_A, FORMAT_B], &[])).await;
        let issued = site.get(&to, &board.chief).await;
        for words in
            ["Network: Hospital network; Classification: Confidential", "Partial", "1. Registry", "Paper forms"]
        {
            assert!(issued.contains(words), "{words}: {issued}");
        }
    }
    let page = board.board().await;
    let ladder = &page[page.find("class=\"ladder\"").unwrap()..];
    let rung = |words: &str| ladder.find(&format!("<strong>{words}</strong>")).unwrap();
    assert!(rung("5 General attack") > rung("4 Limited attack"), "the scale ends with the worst");
}

// proves: DMH04-5.D.1
#[tokio::test]
async fn a_change_makes_one_report_to_the_state_office_and_to_all_six_officers() {
    let board = Board::open().await;
    let site = &board.site;
    for n in 2..=6 {
        let unit = site.facility(&format!("Facility {n}"), &format!("FAC{n}")).await;
        board.told(&format!("Officer {n}"), &format!("officer{n}@example.gov"), Role::LocalOfficer, unit).await;
    }
    let reach = [("role", "ismo"), ("mail", "watch@example.gov"), ("mail-from", "2004-09-01")];
    site.post("/organisation/rules/channels", &board.admin, &reach).await;
    board.declare("2").await;
    let letters = site.app.store().list_mail(Some(site.tenant), 50).await.unwrap().len();
    assert_eq!(letters, 6, "every officer is told at once");
    let report = board.report().await;
    let page = site.get(&report, &board.chief).await;
    let listed = &page[page.find("recipients").unwrap()..];
    let listed = listed.split("</ul>").next().unwrap();
    assert!(page.contains("7 deliveries") && listed.matches("<li>").count() == 7, "{page}");
    assert!(listed.contains("watch@example.gov") && listed.matches("name=\"leave-out\"").count() == 6, "{listed}");
    let dropped = with(&[FORMAT_A], &[("leave-out", "ismo"), ("leave-out-why", "They know")]);
    site.refused(&report, &board.chief, &dropped, "(ISMO) always gets the report.").await;
    let key = between(listed, "name=\"leave-out\" value=\"", "\"");
    let unexplained = with(&[FORMAT_A], &[("leave-out", key)]);
    site.refused(&report, &board.chief, &unexplained, "Write why somebody is left out.").await;
    let explained = with(&[FORMAT_A], &[("leave-out", key), ("leave-out-why", "On leave since today")]);
    let to = site.post(&report, &board.chief, &explained).await;
    let issued = site.get(&to, &board.chief).await;
    assert!(issued.contains("Left out") && issued.contains("On leave since today"), "{issued}");
    let sent = site.app.store().list_mail(Some(site.tenant), 50).await.unwrap().len();
    assert_eq!(sent - letters, 6, "the state office and five officers");
    // A second report of the same change leads to the one that was sent.
    let again = site.ask("GET", &report, &board.chief, &[]).await;
    assert!(again.headers()["location"].to_str().unwrap().starts_with("/readiness/reports/"));
}

// proves: DMH04-5.D.2
#[tokio::test]
async fn ten_days_at_level_four_owe_no_summary_until_an_interval_is_set_and_ten_with_one_of_a_day() {
    let mut board = Board::open().await;
    board.declare("4").await;
    board.later("2005-01-20T14:10:00-06:00").await;
    let page = board.board().await;
    assert!(!page.contains("summary report") && page.contains("Report the change to 4 Limited attack"), "{page}");
    let interval = [("value", "summary-interval-4"), ("to-summary-interval-4", "1")];
    board.site.post("/admin/local/values", &board.admin, &interval).await;
    let page = board.board().await;
    assert!(page.contains("Send a summary report: 10 are due"), "{page}");
    assert!(page.contains("a local value of the agency, not of the policy"), "{page}");
    let summary = board.report().await.replace("?kind=summary", "");
    let fields = with(&[FORMAT_A, FORMAT_B], &[("kind", "summary"), ("f.date", "2005-01-20"), ("f.time", "9:00 am")]);
    board.site.post(&summary, &board.chief, &fields).await;
    assert!(board.board().await.contains("Send a summary report: 9 are due"));
}

// proves: DMH04-5.D
#[tokio::test]
async fn without_the_states_plan_a_technical_report_is_free_in_form_and_says_that_the_plan_is_not_supplied() {
    let case = Casework::of(&DMH_2004).await;
    let incident = case.incident("down", "The registry does not answer.").await;
    let sheet = case.sheet(&incident, "technical-report").await;
    assert!(sheet.contains("Incident Response Plan") && sheet.contains("not supplied"), "{sheet}");
    let refused = case.refused(&incident, "technical-report", &[("f.sent", "2005-01-11 08:30")]).await;
    assert!(refused.contains("What was reported"), "{refused}");
    let report = [("f.sent", "2005-01-11 08:30"), ("f.content", "The registry is down; packets attached.")];
    case.fill(&incident, "technical-report", &report).await;
    let sheet = case.sheet(&incident, "technical-report").await;
    assert!(sheet.contains("packets attached") && sheet.contains("Still empty: Receipt"), "{sheet}");
    let entry = between(&sheet, "?change=", "#").to_owned();
    let receipt = with(&[&report], &[("f.receipt", "Watch officer, ISMO-2005-011"), ("entry", &entry)]);
    case.fill(&incident, "technical-report", &receipt).await;
    let sheet = case.sheet(&incident, "technical-report").await;
    assert!(sheet.contains("Complete") && sheet.contains("ISMO-2005-011"), "{sheet}");
}
