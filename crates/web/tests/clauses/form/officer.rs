//! Boxes XI to XIV: the officer's alone, what completion asks for, and what it sets in motion.

use crate::paper::{BOTH, Case, OF_2004, OF_2016, OFFICERS, PAPER, REPORTERS, refused};
use axum::http::StatusCode;

// proves: DMH04-FORM-LSO-SECTION, DMH16-FORM-LSO-SECTION
#[tokio::test]
async fn the_reporter_learns_that_the_officers_part_exists_and_neither_reads_nor_writes_it() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.save(&REPORTERS).await;
        case.save(&[("XI", "Suspicion falls on the night shift.")]).await;
        let link = case.link().await;
        let before = case.site.get(&link, "").await;
        assert!(
            before.contains("XI</span> Follow Up Action by LSO") && before.contains("belong to the security officer")
        );
        assert!(!before.contains("night shift"), "{before}");
        let link = case.hand_in().await;
        let after = case.site.get(&link, "").await;
        assert!(after.contains("Boxes XI to XIV belong to the security officer and are not shown here"), "{after}");
        assert!(!after.contains("night shift"));
        // A direct write: through their link, and on the officer's own address.
        let write = [("XI", "Nothing happened."), ("XIV", "Sam Lee"), ("name", "Sam Lee"), ("agree", "yes")];
        assert_eq!(case.site.ask("POST", &link, "", &write).await.status(), StatusCode::GONE);
        let door = case.site.ask("POST", &case.form, "", &write).await;
        assert!(!door.status().is_success(), "{}", door.status());
        // Somebody who may work on the case and is not the officer of the facility is refused as well.
        for colleague in ["vance@example.gov", "okafor@example.gov"] {
            let cookie = case.site.sign_in(colleague).await;
            let page = refused(&case.site, &case.form, &cookie, &[("XI", "Nothing happened.")]).await;
            assert!(page.contains("Only the local security officer of Riverbend Center"), "{page}");
        }
        let printed = case.print().await;
        assert!(
            printed["officer"]["part"]["follow_up"].as_str().unwrap().ends_with("Suspicion falls on the night shift.")
        );
    }
}

// proves: DMH04-FORM-XI, DMH16-FORM-XI
#[tokio::test]
async fn completion_needs_an_entry_of_what_the_officer_did() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let rest: Vec<_> = OFFICERS.iter().filter(|(id, _)| *id != "XI").copied().collect();
        case.save(&[REPORTERS.as_slice(), rest.as_slice(), &[("VIII", edition.day)]].concat()).await;
        let page = case.incomplete(&PAPER).await;
        assert!(page.contains("Fill in box XI Follow Up Action by LSO."), "{page}");
        case.save(&[("XI", "Read the door log.")]).await;
        let entry = case.print().await["officer"]["part"]["follow_up"].as_str().unwrap().to_owned();
        assert_eq!(entry, format!("{}: Read the door log.", edition.day), "an entry has its day");
        case.complete().await;
    }
}

// proves: DMH04-FORM-XII-1, DMH16-FORM-XII-1
#[tokio::test]
async fn the_superintendent_was_told_on_a_day_or_there_is_a_reason() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let rest: Vec<_> = OFFICERS.iter().filter(|(id, _)| *id != "na.XII-1").copied().collect();
        case.save(&[REPORTERS.as_slice(), rest.as_slice(), &[("VIII", edition.day)]].concat()).await;
        let page = case.incomplete(&PAPER).await;
        assert!(page.contains("Fill in box XII Date Reported to Superintendent."), "{page}");
        let early = case.refused(&[("XII-1", edition.day_before)]).await;
        let says = "Box XII Date Reported to Superintendent cannot name a day before that of box IX Date Reported to Local Security Officer";
        assert!(early.contains(says), "{early}");
        case.save(&[("XII-1", edition.day)]).await;
        case.complete().await;
        let told = case.print().await["officer"]["part"]["reported_to_superintendent"].clone();
        assert_eq!(told, edition.day);
    }
}

#[tokio::test]
async fn the_privacy_officers_day_is_needed_when_health_information_is_involved() {
    for edition in BOTH {
        let case = Case::open(edition).await;
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
    }
}

// proves: DMH16-FORM-XIV
#[tokio::test]
async fn a_form_signed_on_july_20_2016_is_on_time_and_kept_until_july_20_2022() {
    let mut case = Case::open(OF_2016).await;
    case.later(19 * 86_400).await;
    case.fill().await;
    case.complete().await;
    let printed = case.print().await;
    let signed = printed["officer"]["part"]["signature"].clone();
    assert_eq!(signed["name"], "A. Ortiz");
    assert!(signed["at"].as_str().unwrap().starts_with("Wed, Jul 20, 2016"), "{signed}");
    let page = case.about().await;
    let duty = duty(&page, "O47");
    assert_eq!(standing(&duty), "Met 12 d early", "{duty}");
    assert!(self::duty(&page, "O48").contains("Wed, Jul 20, 2022"), "{}", self::duty(&page, "O48"));
}

// proves: DMH04-FORM-XIV
#[tokio::test]
async fn a_form_signed_on_february_10_2005_is_kept_until_february_10_2011_at_least() {
    let mut case = Case::open(OF_2004).await;
    case.later(31 * 86_400).await;
    case.fill().await;
    case.complete().await;
    let signed = case.print().await["officer"]["part"]["signature"].clone();
    assert!(signed["at"].as_str().unwrap().starts_with("Thu, Feb 10, 2005"), "{signed}");
    let page = case.about().await;
    assert!(duty(&page, "O8").contains("Met"), "{}", duty(&page, "O8"));
    assert!(duty(&page, "O11").contains("Thu, Feb 10, 2011"), "{}", duty(&page, "O11"));
}

/// How a duty stands, in its row.
pub fn standing(row: &str) -> &str {
    let end = row.find("</span></div>").unwrap();
    &row[row[..end].rfind('>').unwrap() + 1..end]
}

/// The row of a duty on the incident's page.
pub fn duty(page: &str, rule: &str) -> String {
    let at = page.find(&format!("id=\"duty-{rule}\"")).unwrap_or_else(|| panic!("no duty {rule}: {page}"));
    let next = page[at + 10..].find("<li id=\"duty-").map_or(page.len(), |next| at + 10 + next);
    page[at..next].to_owned()
}
