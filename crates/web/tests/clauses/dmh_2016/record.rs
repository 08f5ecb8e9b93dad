//! What an incident is, the six kinds of event that are reported, and what each asks.

use crate::casework::Casework;
use crate::site::DMH;
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH16-1.B
#[tokio::test]
async fn a_part_of_a_computer_is_a_class_of_its_own() {
    let case = Casework::of(&DMH).await;
    let incident = case.incident("lost-or-stolen", "A part of the tape drive is missing.").await;
    let page = case.page(&incident).await;
    for class in [
        "networked-computer",
        "database-or-records",
        "internet-or-email",
        "data-processing-equipment",
        "component",
        "portable-device",
    ] {
        assert!(page.contains(&format!("<option value=\"{class}\"")), "{class}: {page}");
    }
    let system = [("system", "Tape drive part 3"), ("class", "component")];
    case.site.post(&format!("{incident}/systems"), &case.officer, &system).await;
    assert!(case.page(&incident).await.contains("Tape drive part 3 (A part of a computer)"));
}

// proves: DMH16-1.G
#[tokio::test]
async fn an_attempt_is_an_incident_and_owes_the_form_within_thirty_days() {
    let case = Casework::of(&DMH).await;
    let incident = case.incident("access", "Somebody tried door codes and gave up.").await;
    case.fill(&incident, "nature", &[("f.success", "attempted"), ("f.effects", "access")]).await;
    let page = case.page(&incident).await;
    // Told on October 13, 2026: the thirtieth day after is November 12.
    let form = &page[page.find("id=\"duty-O47\"").unwrap_or_else(|| panic!("{page}"))..];
    let form = &form[..form.find("</li>").unwrap()];
    assert!(form.contains("Nov 12, 2026") && form.contains("no later than"), "{form}");
    assert!(case.counted("nature.success").await.contains("Only tried,1,"));
}

/// The answer to one page of the public report.
type Answered<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// Files a report through the public pages, as unsure as they allow, with answers to what its tile asks besides; gives
/// back its reference.
async fn file(case: &Casework, tile: &str, said: &str, besides: &[Answered<'_>]) -> String {
    let draft = case.site.post("/r/RVB", "", &[("begin", "report")]).await;
    let draft = draft.strip_suffix("/what").unwrap().to_owned();
    let usual: [Answered<'_>; 5] = [
        ("what", &[("what", tile)]),
        ("now", &[("now", "unsure")]),
        ("where", &[("unit", "RVB")]),
        ("words", &[("words", said)]),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")]),
    ];
    for (page, fields) in usual.iter().chain(besides) {
        // Each question is asked in either language before it is answered.
        for language in ["", "/es"] {
            case.site.get(&format!("{language}{draft}/{page}"), "").await;
        }
        case.site.post(&format!("{draft}/{page}"), "", fields).await;
    }
    let receipt = case.site.post(&format!("{draft}/check"), "", &[]).await;
    let page = case.site.get(&receipt, "").await;
    let at = page.find("R-").unwrap_or_else(|| panic!("{page}"));
    page[at..at + 11].to_owned()
}

// proves: DMH16-2
#[tokio::test]
async fn whoever_is_not_sure_reports_each_of_the_six_kinds_all_the_same() {
    let case = Casework::of(&DMH).await;
    for (tile, said, kind) in [
        ("access", "Maybe a badge was lent out.", "improper-use-of-privileges"),
        ("access", "Perhaps somebody copies files to sell them.", "staff-access-to-damage-or-steal"),
        ("forced-open", "I think the lock was forced.", "physical-breach"),
        ("malware", "Windows open by themselves, maybe.", "change-or-suspicious-activity"),
        ("lost-or-stolen", "A file may be lost.", "loss-of-data"),
        ("wrong-person", "The letter possibly went to somebody else.", "improper-recipient"),
    ] {
        let reference = file(&case, tile, said, &[]).await;
        assert!(case.page("/inbox").await.contains(&reference), "{kind} is with the officer");
        let report = case.page(&format!("/inbox/{reference}")).await;
        assert!(report.contains("Not sure") && report.contains(said), "{report}");
        let incident = case.accept(&reference).await;
        case.sort(&incident, &[kind]).await;
    }
    let kinds = case.counted("kind").await;
    assert_eq!(kinds.lines().count(), 7, "six kinds besides the head: {kinds}");
}

// proves: DMH16-2.a
#[tokio::test]
async fn a_shared_badge_is_a_misuse_of_physical_access() {
    let case = Casework::of(&DMH).await;
    let physical: [Answered<'_>; 1] = [("which-access", &[("answer", "physical")])];
    let reference = file(&case, "access", "Two people share one door badge.", &physical).await;
    let incident = case.accept(&reference).await;
    assert!(case.page(&incident).await.contains("Improper use of staff access privileges"));
    let sheet = case.sheet(&incident, "privileges").await;
    assert!(sheet.contains("<dt>Which access?</dt><dd class=\"own-words\">Physical</dd>"), "{sheet}");
    assert!(case.counted("privileges.nature").await.contains("Physical,1,"));
}

// proves: DMH16-2.b
#[tokio::test]
async fn a_case_about_the_reporters_supervisor_is_not_shown_to_the_supervisor() {
    let case = Casework::of(&DMH).await;
    let site = &case.site;
    let boss = site.staff("M. Stone", "stone@example.gov", Role::Investigator, site.head).await;
    // The supervisor is the officer to whom one would report here: the report goes a level up, and the name is shielded.
    let said = "My supervisor takes records home to sell them.";
    let reference = site.report_with("access", said, |s| (s.recipient_involved, s.shielded) = (true, true)).await;
    assert!(!case.page("/inbox").await.contains(&reference));
    let to = site.post(&format!("/inbox/{reference}/accept"), &case.chief, &[]).await;
    let incident = to.split('?').next().unwrap();
    let kind = [("has-categories", "1"), ("category", "staff-access-to-damage-or-steal"), ("reason", "As reported")];
    site.post(&format!("{incident}/describe"), &case.chief, &kind).await;
    // Somebody else with a wide view is the supervisor's own: the chief keeps it from them as well.
    let whole = site.get("/incidents", &boss).await;
    assert!(whole.contains("takes records home"), "an investigator sees it until it is kept from them: {whole}");
    site.post(&format!("{incident}/exclude"), &case.chief, &[("person", &case.account("M. Stone"))]).await;
    for cookie in [&case.officer, &boss] {
        assert!(!site.get("/incidents", cookie).await.contains("takes records home"));
        for path in [incident, &format!("{incident}/summary"), &format!("/inbox/{reference}")] {
            assert_eq!(site.ask("GET", path, cookie, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert!(site.get("/incidents", &case.chief).await.contains("takes records home"));
}

// proves: DMH16-2.c
#[tokio::test]
async fn a_forced_door_keeps_which_area_it_led_to() {
    let case = Casework::of(&DMH).await;
    let place: [Answered<'_>; 2] =
        [("entered", &[("answer", "locked-area")]), ("entered-name", &[("answer", "Records room, second floor")])];
    let reference = file(&case, "forced-open", "The door is forced.", &place).await;
    let incident = case.accept(&reference).await;
    assert!(case.page(&incident).await.contains("Physical breach to a building or locked area"));
    let sheet = case.sheet(&incident, "break-in").await;
    assert!(sheet.contains("A locked area</dd>") && sheet.contains("Records room, second floor</dd>"), "{sheet}");
    assert!(case.counted("break-in.place").await.contains("A locked area,1,"));
}

// proves: DMH16-2.d
#[tokio::test]
async fn odd_windows_on_a_workstation_are_offered_malicious_code_as_a_tag() {
    let case = Casework::of(&DMH).await;
    let kind = ["change-or-suspicious-activity"];
    let incident = case.of_kind("malware", "Windows pop up on my computer.", &kind).await;
    let sheet = case.sheet(&incident, "change").await;
    assert!(sheet.contains("name=\"f.tags\" value=\"malicious-code\""), "{sheet}");
    case.fill(&incident, "change", &[("f.object", "workstation-activity"), ("f.tags", "malicious-code")]).await;
    let sheet = case.sheet(&incident, "change").await;
    assert!(sheet.contains("Activity on a workstation</dd>") && sheet.contains("Malicious code</dd>"), "{sheet}");
    // What the person who reports says of it is taken over as it is.
    let object: [Answered<'_>; 1] = [("acted-oddly", &[("answer", "software")])];
    let reference = file(&case, "changed", "My browser opens another page.", &object).await;
    let incident = case.accept(&reference).await;
    assert!(case.sheet(&incident, "change").await.contains("Software</dd>"));
}

// proves: DMH16-2.e
#[tokio::test]
async fn a_misplaced_paper_file_asks_for_health_information() {
    let case = Casework::of(&DMH).await;
    let incident = case.of_kind("lost-or-stolen", "A paper file cannot be found.", &["loss-of-data"]).await;
    let page = case.page(&incident).await;
    for asked in ["What data, on what?", "On paper or electronic?", "How was it lost?", "Last seen"] {
        assert!(page.contains(&format!("Open: {asked}")), "{asked}: {page}");
    }
    let file = [("f.what", "File of one consumer"), ("f.medium", "paper"), ("f.manner", "misplaced")];
    case.fill(&incident, "loss", &file).await;
    let sheet = case.sheet(&incident, "loss").await;
    assert!(sheet.contains("Paper</dd>") && sheet.contains("Misplaced</dd>"), "{sheet}");
    let asked = "Is health information that identifies a person on it?";
    assert!(sheet.contains(&format!("Still empty: Last seen, {asked}")), "no cipher is asked of paper: {sheet}");
    assert!(case.page(&incident).await.contains(&format!("Open: {asked}")));
    let whole = [
        ("f.last-seen.unknown", "1"),
        ("f.health-information", "yes"),
        ("entry", &*entry(&case, &incident, "loss").await),
    ];
    case.fill(&incident, "loss", &[file.as_slice(), &whole].concat()).await;
    let page = case.page(&incident).await;
    assert!(crate::casework::chosen(&page, "fact.health-information-involved", "yes"), "{page}");
}

/// The first entry of a sheet, whether it holds one or several.
async fn entry(case: &Casework, incident: &str, sheet: &str) -> String {
    let page = case.sheet(incident, sheet).await;
    let several = page.find("?change=").map(|at| at + 8);
    let at = several.or_else(|| page.find("name=\"entry\" value=\"").map(|at| at + 20)).unwrap();
    page[at..at + 36].to_owned()
}

// proves: DMH16-2.f
#[tokio::test]
async fn a_consumers_data_at_the_wrong_person_owes_an_entry_of_the_privacy_officer() {
    let case = Casework::of(&DMH).await;
    let filed = async |data: &str| {
        let besides: [Answered<'_>; 2] = [("called-back", &[("now", "no")]), ("consumer-data", &[("now", data)])];
        let reference = file(&case, "wrong-person", "A letter went to another family.", &besides).await;
        case.accept(&reference).await
    };
    // Without a consumer's data nothing is owed; the officer may still learn of some.
    let none = filed("no").await;
    assert!(!case.page(&none).await.contains("duty-O49"));
    let incident = filed("yes").await;
    let sheet = case.sheet(&incident, "recipients").await;
    assert!(sheet.contains("Still empty: Who got it?, Sent at"), "{sheet}");
    let sent = [
        ("entry", &*entry(&case, &incident, "recipients").await),
        ("f.who", "One family in Fulton"),
        ("f.sent", "2026-10-12 16:00"),
        ("f.recalled", "no"),
        ("f.consumer-data", "yes"),
    ];
    case.fill(&incident, "recipients", &sent).await;
    assert!(case.sheet(&incident, "recipients").await.contains("Complete"));
    let page = case.page(&incident).await;
    let duty = &page[page.find("id=\"duty-O49\"").unwrap_or_else(|| panic!("{page}"))..];
    let duty = &duty[..duty.find("</li>").unwrap()];
    assert!(duty.contains("register") && duty.contains("Privacy officer"), "{duty}");
}
