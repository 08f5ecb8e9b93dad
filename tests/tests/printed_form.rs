//! The Report of Security Incident on paper: made by the real typesetter over HTTP, read with somebody else's reader.

// The site of the screens' tests knows the room by the name of its crate.
extern crate web as tocsin_web;

#[path = "../../crates/web/tests/common/paper.rs"]
mod paper;
#[path = "../../crates/documents/tests/reader/mod.rs"]
mod reader;
#[path = "../../crates/web/tests/common/site.rs"]
mod site;

use documents::Job;
use paper::{BOTH, Case, Edition, OF_2004, PAPER, REPORTERS, SAID, Said, department};
use reader::Pdf;
use site::{PASSWORD, Site};
use std::sync::Arc;

/// Sets papers in this process.
struct Typesetting;

#[async_trait::async_trait]
impl app::Typesetter for Typesetting {
    async fn typeset(&self, job: Job) -> Result<Vec<u8>, app::Trouble> {
        documents::render(job).map_err(|e| app::Trouble::fault("typesetting", e))
    }
}

async fn office(edition: Edition) -> Site {
    department(edition, Arc::new(Typesetting)).await
}

async fn case(edition: Edition, said: Said<'_>) -> Case {
    Case::on(office(edition).await, edition, said).await
}

async fn print(case: &Case) -> Pdf {
    case.site.post(&format!("{}/pdf", case.form), &case.officer, &[]).await;
    Pdf::new(case.printed(&case.officer).await)
}

/// What stands between two captions.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let at = text.find(from).unwrap_or_else(|| panic!("{from}: {text}")) + from.len();
    let end = text[at..].find(to).unwrap_or_else(|| panic!("{to} after {from}: {text}"));
    text[at..at + end].trim()
}

// proves: DMH04-9
#[tokio::test]
async fn a_completed_form_of_2004_prints_every_box_in_order_with_xii_twice() {
    let case = case(OF_2004, SAID).await;
    case.fill().await;
    case.complete().await;
    let text = print(&case).await.text();
    let captions = [
        "I. Instructions:",
        "II. Type of Incident",
        "III. Date & Time of Incident",
        "IV. System Compromised/Damage Caused",
        "V. Employee(s) Involved:",
        "VI. Initial Action Taken:",
        "VII. Remedy Implemented:",
        "VIII. Remedy Date:",
        "IX. Date Reported to Local Security Officer:",
        "X. Person Reporting:",
        "XI. FOLLOW UP ACTION BY LSO:",
        "XII: Date Reported to Superintendent:",
        "XII. Date Reported to HIPAA Privacy Officer:",
        "XIV. Local Security Officer Signature:",
        "XV. Personnel Action Taken",
        "XVI. Date Personnel Action Taken:",
    ];
    let mut from = 0;
    for caption in captions {
        let at = text[from..].find(caption).unwrap_or_else(|| panic!("{caption} is missing or late: {text}"));
        from += at + caption.len();
    }
    assert!(!text.contains("XIII") && text.contains("effective Sept. 1, 2004"), "{text}");
}

// proves: DMH04-FORM-IV, DMH16-FORM-IV
#[tokio::test]
async fn three_thousand_characters_of_damage_print_whole_and_box_four_says_where_they_go_on() {
    for edition in BOTH {
        let words: Vec<String> = (0..429).map(|n| format!("w{n:05}")).collect();
        let words = words.join(" ");
        assert!(words.chars().count() >= 3_000);
        let case = case(edition, Said { words: &words, ..SAID }).await;
        let pdf = print(&case).await;
        let first = pdf.page(1);
        let four = between(&first, "IV. System Compromised/Damage Caused", "V. Employee(s) Involved:");
        assert!(four.ends_with("continued on page 2, box IV"), "{four}");
        let text = pdf.text();
        let printed: Vec<&str> = text.split_whitespace().filter(|w| w.len() == 6 && w.starts_with("w0")).collect();
        assert_eq!(printed.join(" "), words, "nothing is cut");
    }
    // None known is an answer too.
    let case = case(OF_2004, SAID).await;
    case.save(&REPORTERS).await;
    case.save(&[("IV", "None known")]).await;
    case.hand_in().await;
    let text = print(&case).await.text();
    assert_eq!(between(&text, "IV. System Compromised/Damage Caused", "V. Employee(s) Involved:"), "None known");
}

// proves: DMH04-FORM-XII-2, DMH16-FORM-XII-2
#[tokio::test]
async fn the_privacy_officers_day_is_needed_for_health_information_and_prints_under_a_second_xii() {
    for edition in BOTH {
        let case = case(edition, SAID).await;
        case.fill().await;
        let fact = [("fact.health-information-involved", "yes"), ("confirmed", "1")];
        case.site.post(&format!("{}/facts", case.incident), &case.officer, &fact).await;
        let page = case.incomplete(&PAPER).await;
        assert!(
            page.contains("Fill in box XII Date Reported to HIPAA Privacy Officer. A reason does not do"),
            "{page}"
        );
        case.save(&[("XII-2", edition.day)]).await;
        case.complete().await;
        let text = print(&case).await.text();
        let told = between(&text, "XII. Date Reported to HIPAA Privacy Officer:", "XIV.");
        assert_eq!(told, edition.day);
        assert!(!text.contains("XIII"), "{text}");
    }
}

#[tokio::test]
async fn what_a_form_says_prints_as_it_stands() {
    for edition in BOTH {
        let site = office(edition).await;
        let alpha = Case::facility(&site, "Alpha", "ALP").await;
        site.person("L. Quist", "quist@example.gov", domain::permission::Role::LocalOfficer, alpha).await;
        let officer = site.sign_in("quist@example.gov").await;
        let report = paper::reported(&site, Said { unit: "ALP", ..SAID }).await;
        let case = Case::accepted(site, edition, officer, report).await;
        case.save(&REPORTERS).await;
        case.hand_in().await;
        let text = print(&case).await.text();
        assert!(between(&text, "Facility Name", "Local Security Officer Use Only:").starts_with("Alpha"), "{text}");
        let day = between(&text, "III. Date & Time of Incident", "IV.");
        assert_eq!(day, format!("{}, time unknown", edition.day));
        assert_eq!(between(&text, "Work Location:", "When completed"), "Ward 3");
        assert!(text.contains("Sam Lee, Person reporting Signed electronically"), "{text}");
    }
}

#[tokio::test]
async fn the_officers_paper_says_reserved_where_human_resources_own_has_words() {
    for edition in BOTH {
        let case = case(edition, SAID).await;
        case.fill().await;
        case.complete().await;
        case.share().await;
        let hr = case.site.sign_in("rao@example.gov").await;
        let action = [
            ("XV", "punitive"),
            ("XV.words", "Three days without pay."),
            ("XVI", edition.day),
            ("then", "sign"),
            ("name", "P. Rao"),
            ("password", PASSWORD),
        ];
        case.site.post(&format!("{}/personnel", case.form), &hr, &action).await;
        let officers = print(&case).await.text();
        assert_eq!(officers.matches("kept by Human Resources").count(), 2, "{officers}");
        assert!(!officers.contains("without pay"));
        let theirs = Pdf::new(case.printed(&hr).await).text();
        assert!(theirs.contains("Punitive: Three days without pay.") && !theirs.contains("kept by Human"), "{theirs}");
    }
}
