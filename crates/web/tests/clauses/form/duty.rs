//! Box IX and the duty to complete the form: from which day it counts, and when it is late.

use super::officer::{duty, standing};
use crate::paper::{Case, Edition, OF_2004, OF_2016, department};
use std::sync::Arc;

/// Somebody told the officer by mouth on the edition's day; the officer enters it some days later.
async fn by_mouth(edition: Edition, days: i64) -> Case {
    let site = department(edition, Arc::new(ground::Press::default())).await;
    site.later(days * 86_400);
    let officer = site.sign_in("ortiz@example.gov").await;
    let unit = site.unit.to_string();
    let call = [
        ("unit", unit.as_str()),
        ("happened", "lost-or-stolen"),
        ("notes", "Laptop gone"),
        ("key", "k"),
        ("name", "Sam Lee"),
    ];
    let filed = site.post("/intake", &officer, &call).await;
    let report = filed.strip_prefix("/intake/filed/").unwrap().split('?').next().unwrap().to_owned();
    Case::accepted(site, edition, officer, report).await
}

// proves: DMH16-FORM-IX
#[tokio::test]
async fn a_word_of_july_1_2016_entered_on_july_5_is_due_on_july_31() {
    let case = by_mouth(OF_2016, 4).await;
    let entered = duty(&case.about().await, "O47");
    assert!(
        entered.contains("Thu, Aug 4, 2016"),
        "thirty days from the entry, as long as nothing else is known: {entered}"
    );
    let printed = case.print().await;
    assert_eq!(printed["reporter"]["reported_to_officer"], "Tue, Jul 5, 2016", "set at filing");
    case.save(&[("IX", "7/1/2016")]).await;
    let moved = duty(&case.about().await, "O47");
    assert!(moved.contains("Sun, Jul 31, 2016") && !moved.contains("Aug 4"), "{moved}");
    assert_eq!(case.print().await["reporter"]["reported_to_officer"], "Fri, Jul 1, 2016");
    let ahead = case.refused(&[("IX", "7/6/2016")]).await;
    assert!(ahead.contains("names a day that lies in the future"), "{ahead}");
}

// proves: DMH04-FORM-IX
#[tokio::test]
async fn in_2004_box_nine_gives_an_age_and_no_due_date() {
    let case = by_mouth(OF_2004, 2).await;
    case.save(&[("IX", "Jan 10, 2005")]).await;
    let open = duty(&case.about().await, "O8");
    assert!(open.contains("Running 2 d") && open.contains("no fixed date"), "{open}");
}

// proves: DMH16-4.a
#[tokio::test]
async fn thirty_days_end_with_sunday_july_31_and_are_late_from_august_1() {
    // 10:00 a.m. on July 1; 30 days, 13 hours and 59 minutes later it is 11:59 p.m. on July 31.
    let last = 30 * 86_400 + 13 * 3_600 + 59 * 60;
    for (seconds, says, late) in [(last, "Met", false), (last + 60, "Met 1 d late", true)] {
        let mut case = Case::open(OF_2016).await;
        let due = duty(&case.about().await, "O47");
        assert!(due.contains("Sun, Jul 31, 2016"), "a Sunday, and not moved: {due}");
        case.later(seconds).await;
        case.fill().await;
        case.complete().await;
        let met = duty(&case.about().await, "O47");
        assert!(standing(&met).starts_with(says) && standing(&met).ends_with("late") == late, "{}", standing(&met));
    }
}
