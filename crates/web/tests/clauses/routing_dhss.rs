//! The Department of Health and Senior Services: to whom a report goes, what a loss adds, and what may spread.

use super::hands::{FORM, Form, at, duty, open, read};
use super::site::{Office, Site};
use domain::permission::Role;

fn office(moment: &str) -> Office<'static> {
    Office {
        code: "DHSS",
        name: "Department of Health and Senior Services",
        zone: "America/Chicago",
        series: &["us-mo/dhss"],
        packs: &["common", "us-mo/dhss"],
        now: at(moment),
    }
}

/// The agency with a help desk, somebody who works its incidents, and an administrator.
async fn site(moment: &str) -> (Site, String, String) {
    let site = Site::of(&office(moment)).await;
    let desk = site.staff("H. Nolan", "nolan@example.gov", Role::HelpDesk, site.head).await;
    let officer = site.staff("T. Brandt", "brandt@example.gov", Role::LocalOfficer, site.unit).await;
    (site, desk, officer)
}

const NOTICED_AT_NINE: &[(&str, &[(&str, &str)])] =
    &[("when", &[("n-month", "3"), ("n-day", "4"), ("n-year", "2024"), ("n-time", "9:00")])];
const TO_THE_DESK: Form<'static> = Form { to: "itsd-help-desk", pages: NOTICED_AT_NINE, ..FORM };

// proves: DHSS-IV.A
#[tokio::test]
async fn the_help_desk_alone_will_do_and_the_elapsed_time_is_shown_against_the_tolerance() {
    for (filed, said) in
        [("2024-03-04T09:20:00-06:00", "Met in 20 min"), ("2024-03-04T10:30:00-06:00", "Met 30 min late")]
    {
        let (site, desk, officer) = site(filed).await;
        let reference = site.file(&TO_THE_DESK).await;
        assert!(site.get("/desk", &desk).await.contains(&reference), "the desk has it at once");
        let incident = site.accept(&reference, &officer).await;
        let page = read(&site.get(&incident, &officer).await);
        let reported = duty(&page, "O1").unwrap();
        assert!(reported.contains(said) && !open(&page, "O1"), "{filed}: {reported}");
        assert!(reported.contains("9:00 a.m.") && reported.contains("60 minutes"), "{reported}");
    }
}

const LAPTOP: &[(&str, &[(&str, &str)])] = &[(
    "lost",
    &[("item-1-kind", "laptop"), ("item-1-q-supervisor-told", "no"), ("item-1-q-division-management-told", "no")],
)];

// proves: DHSS-IV.A-loss
#[tokio::test]
async fn a_stolen_laptop_starts_three_duties_and_each_is_met_by_its_own_telling() {
    let (site, _, officer) = site("2024-03-04T09:20:00-06:00").await;
    let theft = Form { tile: "lost-or-stolen", to: "itsd-help-desk", pages: LAPTOP, ..FORM };
    let reference = site.file(&theft).await;
    let report = site.get(&format!("/inbox/{reference}"), &officer).await;
    assert!(report.contains("Have you told the managers of your division? No"), "{report}");
    let incident = site.accept(&reference, &officer).await;
    let three = ["O2-supervisor", "O2-division-management", "O2-ismo"];
    let page = site.get(&incident, &officer).await;
    assert_eq!(three.map(|rule| open(&page, rule)), [true; 3], "the help desk meets none of them: {page}");
    for rule in &three[..2] {
        let words = format!("words-{rule}");
        let told = [("how", "called"), (words.as_str(), "Told by telephone")];
        site.post(&format!("{incident}/duties/{rule}"), &officer, &told).await;
    }
    let page = site.get(&incident, &officer).await;
    assert_eq!(three.map(|rule| open(&page, rule)), [false, false, true], "{page}");
}

// proves: DHSS-IV.A-loss-address
#[tokio::test]
async fn a_theft_notice_goes_to_the_address_of_its_day_and_keeps_it() {
    let (site, _, officer) = site("2024-03-04T09:20:00-06:00").await;
    site.person("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let theft = Form { tile: "lost-or-stolen", to: "itsd-help-desk", pages: LAPTOP, ..FORM };
    let first = site.file(&theft).await;
    let report = read(&site.get(&format!("/inbox/{first}"), &officer).await);
    assert!(report.contains("to cyber.security@oa.mo.gov, made Mar 4, 9:20 a.m. CST"), "{report}");
    assert!(
        report.contains(&format!("Riverbend Center: report {first} was received on 2024-03-04 09:20.")),
        "{report}"
    );

    site.set_clock("2024-05-01T08:00:00-05:00");
    let admin = site.sign_in("diaz@example.gov").await;
    let officer = site.sign_in("brandt@example.gov").await;
    let new = [("role", "ismo"), ("mail", "soc@example.gov"), ("mail-from", "2024-05-01")];
    site.post("/organisation/rules/channels", &admin, &new).await;
    let second = site.file(&theft).await;
    let report = site.get(&format!("/inbox/{second}"), &officer).await;
    assert!(report.contains("to soc@example.gov") && !report.contains("cyber.security@oa.mo.gov"), "{report}");
    let earlier = site.get(&format!("/inbox/{first}"), &officer).await;
    assert!(earlier.contains("to cyber.security@oa.mo.gov") && !earlier.contains("soc@example.gov"), "{earlier}");
    let rules = read(&site.get("/organisation/rules", &admin).await);
    assert!(rules.contains("soc@example.gov") && rules.contains("from Wed, May 1, 2024"), "{rules}");
}

// proves: DHSS-IV-spread
#[tokio::test]
async fn what_may_spread_is_owed_to_the_state_office_unless_it_was_told_already() {
    let (site, _, officer) = site("2024-03-04T09:20:00-06:00").await;
    let stays: &[(&str, &[(&str, &str)])] = &[("spread", &[("now", "no")])];
    let reference = site.file(&Form { to: "itsd-help-desk", pages: stays, ..FORM }).await;
    let incident = site.accept(&reference, &officer).await;
    assert!(duty(&site.get(&incident, &officer).await, "O4").is_none());
    let spreads = [("fact.may-spread", "yes"), ("fact-reason", "It is on a shared drive"), ("confirmed", "yes")];
    site.post(&format!("{incident}/facts"), &officer, &spreads).await;
    assert!(open(&site.get(&incident, &officer).await, "O4"), "the help desk is not the state office");

    site.person("I. Moreau", "moreau@example.gov", Role::ChiefOfficer, site.head).await;
    let reference = site.file(&Form { pages: stays, ..FORM }).await;
    let incident = site.accept(&reference, &officer).await;
    site.post(&format!("{incident}/facts"), &officer, &spreads).await;
    let page = site.get(&incident, &officer).await;
    let told = duty(&page, "O4").unwrap();
    assert!(!open(&page, "O4") && told.contains("message delivered"), "{told}");
}
