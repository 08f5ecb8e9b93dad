//! Which edition governs a day, what is told about a text that is not in force, and what happens on its sunset date. No
//! report is ever refused for want of a text in force.

use domain::permission::Role;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::policy_hand::text_of;
use super::site::{DMH, Office, Site};

/// Noon on a day, in a zone.
fn noon(year: i16, month: i8, day: i8, zone: &str) -> i64 {
    let zone = TimeZone::get(zone).unwrap();
    date(year, month, day).at(12, 0, 0, 0).to_zoned(zone).unwrap().timestamp().as_microsecond()
}

const NOT_IN_FORCE: &str = "The text was not in force on";

/// Files a report at noon of a day, and gives back its page as the officer reads it.
async fn reported(office: &Office<'_>, (year, month, day): (i16, i8, i8)) -> (Site, String, String) {
    let site = Site::of(&Office { now: noon(year, month, day, office.zone), ..*office }).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await;
    let report = site.files("RVB", "Somebody was in the records room.").await;
    let page = site.get(&format!("/inbox/{report}"), &officer).await;
    let incident = site.accepts(&officer, &report).await;
    let incident = site.get(&incident, &officer).await;
    (site, page, incident)
}

// proves: UT-EFFECTIVE
#[tokio::test]
async fn utah_takes_reports_outside_its_days_and_marks_them() {
    let utah = Office {
        code: "UT",
        name: "Department of Technology Services",
        zone: "America/Denver",
        series: &["us-ut/dts"],
        packs: &["common", "us-ut/dts-2006"],
        ..DMH
    };
    for (day, marked) in [((2006, 9, 23), true), ((2006, 9, 24), false), ((2008, 9, 23), false), ((2008, 9, 24), true)]
    {
        let (_, report, incident) = reported(&utah, day).await;
        assert!(report.contains("Taken under Utah DTS Policy 5000-1250"), "{day:?}");
        assert_eq!(report.contains(NOT_IN_FORCE), marked, "{day:?}: {report}");
        assert_eq!(incident.contains(NOT_IN_FORCE), marked, "{day:?}: the incident says so too");
    }
}

/// The department with both its editions.
const BOTH: Office<'static> = Office { packs: &["common", "us-mo/dmh-2004", "us-mo/dmh-2016"], ..DMH };

// proves: DMH04-HISTORY
#[tokio::test]
async fn the_day_of_the_report_chooses_the_edition_of_the_regulation() {
    let flagged = "Those texts are not supplied";
    for (day, edition, remark) in [
        // No text reaches back so far: the report is taken under the oldest one, and says so.
        ((2004, 8, 31), "DMH DOR 8.350 (2004)", Some("it took force on Wednesday, September 1, 2004")),
        ((2004, 9, 1), "DMH DOR 8.350 (2004)", None),
        ((2008, 6, 30), "DMH DOR 8.350 (2004)", None),
        ((2008, 7, 1), "DMH DOR 8.350 (2004)", Some(flagged)),
        ((2010, 1, 5), "DMH DOR 8.350 (2004)", Some(flagged)),
        ((2016, 6, 23), "DMH DOR 8.350 (2016)", None),
    ] {
        let (_, report, _) = reported(&BOTH, day).await;
        assert!(report.contains(&format!("Taken under {edition}")), "{day:?}: {report}");
        match remark {
            Some(remark) => {
                assert!(report.contains("Text not in force") && report.contains(remark), "{day:?}: {report}")
            }
            None => assert!(!report.contains("Text not in force"), "{day:?}: {report}"),
        }
    }
}

// proves: DMH16-HISTORY
#[tokio::test]
async fn the_amendment_and_its_thirty_days_begin_on_the_twenty_third_of_june_2016() {
    let thirty = "30 calendar days later is Saturday, July 23, 2016";
    let (_, report, incident) = reported(&BOTH, (2016, 6, 22)).await;
    assert!(report.contains("Taken under DMH DOR 8.350 (2004)"), "{report}");
    assert!(!incident.contains("30 calendar days"), "{incident}");
    let (_, report, incident) = reported(&BOTH, (2016, 6, 23)).await;
    assert!(report.contains("Taken under DMH DOR 8.350 (2016)"), "{report}");
    assert!(incident.contains(thirty), "{incident}");
}

// proves: DMH16-HISTORY-sunset
#[tokio::test]
async fn a_sunset_is_told_before_and_after_until_an_extension_is_on_record() {
    // The shipped text of 2016 names a sunset that had passed before. Here is one whose sunset lies ahead.
    let at = |year, month, day| Office {
        now: noon(year, month, day, DMH.zone),
        packs: &["common", "us-mo/dmh-2004"],
        ..DMH
    };
    let site = Site::of(&at(2014, 3, 1)).await;
    let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let second = site.staff("L. Moss", "moss@example.gov", Role::Administrator, site.head).await;
    let sunset = ("until = 2016-06-22\nstatus = \"superseded\"", "sunset = 2014-07-01\nstatus = \"in-force\"");
    let flags = (
        "[[edition.flag]]\nfrom = 2008-07-01\nuntil = 2016-06-22",
        "[[edition.flag]]\nfrom = 2008-07-01\nuntil = 2008-07-01",
    );
    let proposal = site.propose(&admin, &text_of("us-mo/dmh-2004", "us-mo/dmh-2014", &[sunset, flags]), "").await;
    site.post(&format!("{proposal}/decide"), &second, &[("then", "approve"), ("reason", "As issued.")]).await;

    let days = |n: i64| n * 24 * 3_600;
    // March 1: 122 days before. April 1: 91 days. April 2: 90 days. June 1: 30 days. July 2: the day after.
    assert!(!site.get("/admin/packs", &admin).await.contains("sunset date"), "122 days before");
    for (later, words) in [
        (31, None),
        (1, Some("has a sunset date, Tuesday, July 1, 2014, in 90 days")),
        (60, Some("has a sunset date, Tuesday, July 1, 2014, in 30 days")),
        (31, Some("The sunset date of DMH DOR 8.350 (2004), Tuesday, July 1, 2014, has passed")),
    ] {
        site.later(days(later));
        let admin = site.sign_in("diaz@example.gov").await;
        let page = site.get("/admin/packs", &admin).await;
        match words {
            Some(words) => assert!(page.contains(words), "{words}: {page}"),
            None => assert!(!page.contains("sunset date"), "91 days before: {page}"),
        }
    }
    // Past the date the text goes on working.
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await;
    assert!(site.get("/home", &officer).await.contains("Check with the issuer; work goes on under it."));
    let report = site.files("RVB", "Somebody was in the records room.").await;
    assert!(site.get(&format!("/inbox/{report}"), &officer).await.contains("Taken under"), "the report is accepted");

    let admin = site.sign_in("diaz@example.gov").await;
    let mut statement = vec![("pack", "us-mo/dmh-2014"), ("until-us-mo-dmh-2014", "2015-07-01")];
    let silent = site.ask("POST", "/admin/packs/statement", &admin, &statement).await;
    site.says_no(silent, "Write what shows it").await;
    statement.push(("says-us-mo-dmh-2014", "Letter of the department, June 20, 2014"));
    site.post("/admin/packs/statement", &admin, &statement).await;
    assert!(!site.get("/home", &officer).await.contains("sunset date"), "the extension removes the notice");
    let page = site.get("/admin/packs", &admin).await;
    assert!(page.contains("Extended until") && page.contains("Letter of the department"), "{page}");
    assert!(site.get("/admin/journal", &admin).await.contains("is extended until"), "and is on record");
}
