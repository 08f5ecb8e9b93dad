//! Boxes XV and XVI: human resources' alone, a choice with its words, and a day that goes with it.

use crate::paper::{BOTH, Case, read, refused};
use axum::http::StatusCode;

// proves: DMH04-FORM-XV, DMH16-FORM-XV
#[tokio::test]
async fn a_written_plan_needs_its_words() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.share().await;
        let hr = case.site.sign_in("rao@example.gov").await;
        let path = format!("{}/personnel", case.form);
        let page = refused(&case.site, &path, &hr, &[("XV", "written-plan"), ("XVI", edition.day)]).await;
        assert!(page.contains("needs words of your own with that choice"), "{page}");
        assert!(page.contains("value=\"written-plan\" checked"), "what was chosen stays chosen: {page}");
        let plan = [("XV", "written-plan"), ("XV.words", "Weekly talks until May."), ("XVI", edition.day)];
        case.site.post(&path, &hr, &plan).await;
        let page = case.site.get(&case.form, &hr).await;
        assert!(page.contains("Weekly talks until May."), "{page}");
        for choice in ["none", "punitive", "probationary"] {
            case.site.post(&path, &hr, &[("XV", choice), ("XVI", edition.day)]).await;
        }
    }
}

// proves: DMH04-FORM-XVI, DMH16-FORM-XVI
#[tokio::test]
async fn an_action_has_its_day_and_never_reopens_the_finished_form() {
    for edition in BOTH {
        let mut case = Case::open(edition).await;
        case.fill().await;
        case.share().await;
        case.complete().await;
        let signed = case.print().await["officer"]["part"]["signature"]["at"].clone();
        case.later(86_400).await;
        let hr = case.site.sign_in("rao@example.gov").await;
        let path = format!("{}/personnel", case.form);
        let page = refused(&case.site, &path, &hr, &[("XV", "punitive"), ("XVI", "")]).await;
        assert!(page.contains("Fill in box XVI Date Personnel Action Taken too"), "{page}");
        let early = refused(&case.site, &path, &hr, &[("XV", "punitive"), ("XVI", edition.day_before)]).await;
        assert!(early.contains("cannot name a day before that of box IX"), "{early}");
        case.site.post(&path, &hr, &[("XV", "punitive"), ("XVI", edition.day_after)]).await;
        let printed = case.print().await;
        assert_eq!(printed["officer"]["part"]["signature"]["at"], signed, "completed on the same day as before");
        assert_eq!(printed["version"], 1);
        let met = super::officer::duty(&case.about().await, edition.duties[0]);
        assert!(met.contains("Met"), "{met}");
    }
}

// proves: DMH04-FORM-HR-SECTION, DMH16-FORM-HR-SECTION
#[tokio::test]
async fn an_officers_print_keeps_the_personnel_part_back_and_human_resources_own_shows_it() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.fill().await;
        case.share().await;
        case.complete().await;
        let hr = case.site.sign_in("rao@example.gov").await;
        let sign = [
            ("XV", "probationary"),
            ("XV.words", "Ninety days."),
            ("XVI", edition.day),
            ("then", "sign"),
            ("name", "P. Rao"),
            ("password", crate::site::PASSWORD),
        ];
        let path = format!("{}/personnel", case.form);
        case.site.post(&path, &hr, &sign).await;
        let officers = case.print().await;
        assert_eq!(officers["personnel"]["state"], "withheld");
        assert!(!officers.to_string().contains("Ninety days"));
        let theirs = read(&case.printed(&hr).await);
        assert_eq!(theirs["personnel"]["part"][0]["action"], "Probationary: Ninety days.");
        assert_eq!(theirs["personnel"]["part"][0]["date"], edition.day);
        for page in [case.page().await, case.about().await] {
            assert!(!page.contains("Ninety days") && !page.contains("Probationary"), "{page}");
        }
        let denied = case.site.ask("POST", &path, &case.officer, &[("XV", "none")]).await;
        assert_eq!(denied.status(), StatusCode::NOT_FOUND);
    }
}
