//! The technical response: who helps, under whose guidance, what is isolated, and what happened when.

use super::closing::led;
use super::*;

// proves: MODOT-11.A-lead
#[tokio::test]
async fn the_office_of_cyber_security_stands_in_the_timeline_with_requester_and_contact() {
    let site = Site::of(&MODOT).await;
    site.later(6 * HOUR);
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    let engaged = [
        ("f.requester", "I. Novak"),
        ("f.requested", "2024-03-04 11:00"),
        ("f.asked", "Read the logs of the file server"),
        ("f.state", "engaged"),
        ("f.engaged", "2024-03-04 12:00"),
        ("f.contact", "T. Hale, 573-555-0199"),
    ];
    filled(&site, &incident, &is, "ocs", &engaged).await;
    let page = site.get(&incident, &officer).await;
    let timeline = &page[page.find("<ol class=\"timeline\">").expect("a timeline")..];
    let timeline = &timeline[..timeline.find("</ol>").unwrap()];
    for said in ["Office of Cyber Security", "12:00", "I. Novak", "T. Hale, 573-555-0199", "Read the logs"] {
        assert!(timeline.contains(said), "{said}: {timeline}");
    }
}

// proves: MODOT-11.A-quarantine
#[tokio::test]
async fn of_three_affected_state_hosts_the_one_not_in_quarantine_stays_an_open_step() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    for (host, managed, quarantined) in [
        ("FS-01", "state", "2024-03-04 07:10"),
        ("FS-02", "state", "2024-03-04 07:20"),
        ("FS-03", "state", ""),
        ("Toll vendor", "contractor", ""),
    ] {
        let fields = [
            ("f.host", host),
            ("f.managed", managed),
            ("f.impacted", "yes"),
            ("f.quarantined", quarantined),
            ("f.by", "I. Novak"),
        ];
        filled(&site, &incident, &is, "hosts", &fields).await;
    }
    let page = site.get(&incident, &officer).await;
    assert!(line(&page, "hosts").contains("4 entries, 1 unfinished"), "{}", line(&page, "hosts"));
    let closing = refused(&site, &incident, &officer).await;
    assert!(closing.contains("(FS-03)") && !closing.contains("Toll vendor") && !closing.contains("FS-01"), "{closing}");
}

// proves: MODOT-11.A-timeline
#[tokio::test]
async fn the_technical_timeline_goes_out_in_order_of_time_and_keeps_when_each_entry_was_written() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    led(&site, &incident, &is).await;
    for (happened, what) in [
        ("2024-03-04 07:30", "The account is locked"),
        ("2024-03-04 05:00", "First login"),
        ("2024-03-04 06:15", "Files are copied"),
    ] {
        let fields =
            [("f.happened", happened), ("f.what", what), ("f.source", "Log of FS-01"), ("f.confidence", "high")];
        filled(&site, &incident, &is, "technical-timeline", &fields).await;
        site.later(5 * MINUTE);
    }
    let rows = [
        "2024-03-04 05:00 CST,First login,Log of FS-01,High,,2024-03-04 08:05 CST,I. Novak",
        "2024-03-04 06:15 CST,Files are copied,Log of FS-01,High,,2024-03-04 08:10 CST,I. Novak",
        "2024-03-04 07:30 CST,The account is locked,Log of FS-01,High,,2024-03-04 08:00 CST,I. Novak",
    ];
    let table = site.get(&format!("{incident}/sheets/technical-timeline/csv"), &officer).await;
    let places: Vec<usize> =
        rows.iter().map(|row| table.find(row).unwrap_or_else(|| panic!("{row}: {table}"))).collect();
    assert!(places.is_sorted(), "{table}");
    let page = site.get(&format!("{incident}/sheets/technical-timeline/print"), &officer).await;
    let order: Vec<usize> =
        ["First login", "Files are copied", "The account is locked"].iter().map(|s| page.find(s).unwrap()).collect();
    assert!(order.is_sorted() && page.contains("2024-03-04 08:10 CST"), "{page}");
}

// proves: MODOT-11.A-guard
#[tokio::test]
async fn the_national_guard_is_an_option_only_in_a_statewide_emergency_and_using_it_is_logged() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let is = systems(&site).await;
    let ask = [("f.asked", "2024-03-04 07:55"), ("f.asked-by", "I. Novak"), ("f.itsd", "D. Frost")];
    let magnitude = |level| {
        [("f.level", level), ("f.decided", "2024-03-04 07:50"), ("f.decided-by", "A. Ortiz"), ("f.why", "Reach")]
    };
    filled(&site, &incident, &officer, "magnitude", &magnitude("several-agencies")).await;
    assert!(!site.get(&incident, &is).await.contains("/sheets/national-guard"), "not offered");
    assert_eq!(unfilled(&site, &incident, &is, "national-guard", &ask).await.0, StatusCode::NOT_FOUND);
    let entry = entry_of(&site.get(&format!("{incident}/sheets/magnitude"), &officer).await, "Several agencies");
    let statewide =
        [magnitude("statewide-emergency").as_slice(), &[("entry", &entry), ("sheet-reason", "It spread")]].concat();
    filled(&site, &incident, &officer, "magnitude", &statewide).await;
    assert!(
        line(&site.get(&incident, &is).await, "national-guard").contains("Nothing yet"),
        "offered, and nothing sent by itself"
    );
    filled(&site, &incident, &is, "national-guard", &ask).await;
    let page = site.get(&incident, &officer).await;
    let timeline = &page[page.find("<ol class=\"timeline\">").expect("a timeline")..];
    assert!(
        timeline.contains("Request to the National Guard through ITSD") && timeline.contains("D. Frost"),
        "{timeline}"
    );
}

// proves: MODOT-11.B
#[tokio::test]
async fn somebody_named_by_counsel_asks_for_help_until_the_designation_ends() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let counsel = counsel(&site).await;
    let named = site.staff("E. Stone", "stone@example.gov", Role::Executive, site.head).await;
    let sheet = site.get(&format!("{incident}/sheets/designees"), &counsel).await;
    let at = sheet.find(">E. Stone</option>").unwrap_or_else(|| panic!("{sheet}"));
    let value = sheet[..at].rfind("value=\"").unwrap() + 7;
    let stone = &sheet[value..value + 36];
    let address = format!("{incident}/sheets/help-requests");
    let post = async |what: &str| {
        let fields = [("f.what", what), ("f.asked-by", stone), ("f.asked", "now")];
        site.ask("POST", &address, &named, &fields).await
    };
    assert_eq!(post("Too early").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "nobody named them yet");
    let until = [("f.person", stone), ("f.from", "2024-03-04 08:00"), ("f.until", "2024-03-04 08:20")];
    filled(&site, &incident, &counsel, "designees", &until).await;
    assert_eq!(post("A list of accounts").await.status(), StatusCode::SEE_OTHER);
    let page = site.get(&format!("{incident}/sheets/help-requests"), &officer).await;
    assert!(
        page.contains("A list of accounts") && page.contains("E. Stone") && page.contains("not answered"),
        "{page}"
    );
    site.later(20 * MINUTE);
    let late = post("Another list").await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(late).await.contains("you are not now"));
    assert!(!site.get(&format!("{incident}/sheets/help-requests"), &officer).await.contains("Another list"));
}

// proves: MODOT-11.A-legal
#[tokio::test]
async fn privileged_guidance_leaves_its_words_behind_when_the_case_goes_out_and_its_existence_is_listed() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    let counsel = counsel(&site).await;
    let secret = "Do not image the laptop before the court order";
    let given = [("f.given", "2024-03-04 07:45"), ("f.guidance", secret)];
    filled(&site, &incident, &counsel, "privileged-guidance", &given).await;
    let open = [("f.given", "2024-03-04 07:50"), ("f.guidance", "Keep every log of the file server")];
    filled(&site, &incident, &counsel, "guidance", &open).await;
    assert!(site.get(&format!("{incident}/sheets/privileged-guidance"), &counsel).await.contains(secret));
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("1 entry is sealed for others.") && !page.contains(secret));
    assert!(page.contains("Keep every log of the file server"), "what is not privileged is read by all who work on it");

    let case = exported(&site, incident.strip_prefix("/incidents/").unwrap()).await;
    assert!(!case.contains(secret) && case.contains("Keep every log of the file server"));
    let case: serde_json::Value = serde_json::from_str(&case).unwrap();
    let entries = case["incident"]["entries"].as_array().unwrap();
    let sealed: Vec<_> = entries.iter().filter(|e| e["content"] == "closed").collect();
    assert_eq!(sealed.len(), 1, "its existence is listed");
    assert_eq!(
        (sealed[0]["kind"].as_str(), sealed[0]["section"].as_str()),
        (Some("incident.sheet_filled"), Some("counsel"))
    );
}

/// What `tocsin export case` writes without an option: the text of its `case.json`.
pub async fn exported(site: &Site, reference: &str) -> String {
    use app::export_case::{Exported, Origin, Wanted, export_case};
    use domain::actor::Section;
    use std::io::Read;
    let keyring = site.app.keyring();
    let settings = site.app.settings();
    let packs = site.app.packs();
    let origin =
        Origin { store: site.app.store(), keyring: &keyring, files: &settings.files, log: &settings.log_origin, packs };
    let sections = [Section::Report, Section::Reporter, Section::Officer, Section::Evidence];
    std::fs::create_dir_all(&settings.files).unwrap();
    let out = settings.files.join("case.zip");
    for _ in 0..600 {
        site.app.seal_log().await.unwrap();
        let wanted = Wanted { reference, sections: &sections, now: site.app.now() };
        if let Exported::Done { .. } = export_case(&origin, &wanted, &out).await.unwrap() {
            let mut text = String::new();
            let mut zip = zip::ZipArchive::new(std::fs::File::open(&out).unwrap()).unwrap();
            zip.by_name("case.json").unwrap().read_to_string(&mut text).unwrap();
            return text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the log was not sealed in 30 seconds")
}
