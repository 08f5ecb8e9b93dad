//! The head of the form: the facility, and the receipt that its own officer signs.

use std::sync::Arc;

use crate::paper::{BOTH, Case, SAID, Said, department, refused};
use crate::site::PASSWORD;
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH04-FORM-FACILITY, DMH16-FORM-FACILITY
#[tokio::test]
async fn the_head_names_the_facility_of_the_case_and_nobody_writes_another() {
    for edition in BOTH {
        let site = department(edition, Arc::new(ground::Press::default())).await;
        let alpha = Case::facility(&site, "Alpha", "ALP").await;
        let officer = site.staff("M. Reyes", "reyes@example.gov", Role::LocalOfficer, alpha).await;
        let report = crate::paper::reported(&site, Said { unit: "ALP", ..SAID }).await;
        let case = Case::accepted(site, edition, officer, report).await;
        assert!(case.page().await.contains("<strong>Alpha</strong>"), "no field: it is the unit of the incident");
        assert_eq!(case.print().await["facility"], "Alpha");
        for typed in ["", "Beta"] {
            let page = case.refused(&[("FACILITY", typed), ("VII", "Wiped from afar.")]).await;
            assert!(page.contains("Box Facility Name is not written by hand"), "{page}");
        }
        assert_eq!(case.print().await["facility"], "Alpha");
        assert_eq!(case.print().await["reporter"]["remedy"], "", "nothing of a refused page is kept");
    }
}

// proves: DMH04-FORM-HEAD-SIGN, DMH16-FORM-HEAD-SIGN
#[tokio::test]
async fn receipt_is_signed_by_the_facilitys_own_officer_and_by_nobody_else() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let beta = Case::facility(&case.site, "Beta", "BET").await;
        let other = case.site.staff("M. Reyes", "reyes@example.gov", Role::LocalOfficer, beta).await;
        let chief = case.site.sign_in("vance@example.gov").await;
        case.save(&[("ticks", "1"), ("I", "handling")]).await;
        case.hand_in().await;
        let receipt = [("name", "C. Vance"), ("password", PASSWORD), ("party", "received")];
        let sign = format!("{}/sign", case.form);
        let page = refused(&case.site, &sign, &chief, &receipt).await;
        assert!(page.contains("Only the local security officer of Riverbend Center fills and signs"), "{page}");
        let there = case.site.ask("POST", &sign, &other, &receipt).await;
        assert_eq!(there.status(), StatusCode::NOT_FOUND, "the officer of another facility sees no such case");
        assert!(case.print().await["receipt"].is_null());

        case.site.post(&sign, &case.officer, &Case::signing("received", &[])).await;
        let printed = case.print().await;
        assert_eq!(printed["receipt"]["name"], "A. Ortiz");
        let at = printed["receipt"]["at"].as_str().unwrap();
        assert!(at.starts_with(edition.day) && at.contains(":00 a.m. C"), "{at}");
        assert!(printed["officer"]["part"]["signature"].is_null(), "received is not completed");
        let page = case.page().await;
        assert!(page.contains(&format!("A. Ortiz, Local security officer, {}, ", edition.day)), "{page}");
    }
}

// proves: DMH04-FORM-HEAD-RECEIVED, DMH16-FORM-HEAD-RECEIVED
#[tokio::test]
async fn the_received_date_is_set_by_the_receipt_and_lies_between_the_incident_and_today() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let early = case.refused(&[("HEAD-RECEIVED", edition.day_before)]).await;
        let says = "Box Received Date cannot name a day before that of box III Date &#38; Time of Incident";
        assert!(early.contains(says), "{early}");
        case.site.post(&format!("{}/sign", case.form), &case.officer, &Case::signing("received", &[])).await;
        assert_eq!(case.print().await["received_date"], edition.day, "set when receipt was signed");
        let early = case.refused(&[("HEAD-RECEIVED", edition.day_before)]).await;
        assert!(early.contains(says), "{early}");
        let late = case.refused(&[("HEAD-RECEIVED", edition.day_after)]).await;
        assert!(late.contains("Box Received Date names a day that lies in the future"), "{late}");
        let chief = case.site.sign_in("vance@example.gov").await;
        let theirs = refused(&case.site, &case.form, &chief, &[("HEAD-RECEIVED", edition.day_after)]).await;
        assert!(theirs.contains("Only the local security officer"), "{theirs}");
        assert_eq!(case.print().await["received_date"], edition.day);
    }
}
