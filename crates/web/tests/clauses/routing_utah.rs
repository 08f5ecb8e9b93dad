//! Utah: every report goes straight to the state's information security office.

use super::hands::{FORM, Form, at};
use super::site::{Office, Site};
use domain::permission::Role;

pub fn office(moment: &str) -> Office<'static> {
    Office {
        code: "DTS",
        name: "Department of Technology Services",
        zone: "America/Denver",
        series: &["us-ut/dts"],
        packs: &["common", "us-ut/dts-2006"],
        now: at(moment),
    }
}

// proves: UT-1250.3.3
#[tokio::test]
async fn a_possible_incident_is_with_the_state_office_at_once_before_anybody_acts() {
    let site = Site::of(&office("2007-03-05T08:40:00-07:00")).await;
    let eiso = site.staff("E. Woods", "woods@example.gov", Role::ChiefOfficer, site.head).await;
    let agency = site.staff("A. Local", "local@example.gov", Role::LocalOfficer, site.unit).await;
    // “Something else, or I'm not sure” is this policy's possible incident.
    let reference = site.file(&Form { tile: "other", ..FORM }).await;
    let inbox = site.get("/inbox", &eiso).await;
    assert!(inbox.contains(&reference) && inbox.contains("Possible incident, not yet known"), "{inbox}");
    let report = site.get(&format!("/inbox/{reference}"), &eiso).await;
    assert!(report.contains("Enterprise Information Security Office"), "{report}");
    assert!(report.contains("Waiting for a decision"), "nobody has acted: {report}");
    drop(agency);
}
