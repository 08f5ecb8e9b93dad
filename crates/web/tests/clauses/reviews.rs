//! Reviews: April rounds of summaries, whom their trends are told to, rounds that somebody opens, and routine looks.

use crate::hands::at;
use crate::paper::refused;
use crate::site::{DMH, Office, Site};
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;
use ground::words;

const PAGE: &str = "/organisation/reviews";

/// The department with four facilities, and a security officer in each.
async fn four_facilities(packs: &'static [&'static str], moment: &str) -> Site {
    let site = Site::of(&Office { packs, now: at(moment), ..DMH }).await;
    site.person("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    site.person("A. Ortiz", "rvb@example.gov", Role::LocalOfficer, site.unit).await;
    for (name, code, officer, mail) in [
        ("Northside Center", "NTH", "B. Hale", "nth@example.gov"),
        ("Lakeview Center", "LKV", "D. Moss", "lkv@example.gov"),
        ("Fairmount Center", "FMT", "E. Pratt", "fmt@example.gov"),
    ] {
        let profile = UnitProfile { name: words(name), kind: UnitKind::Facility, phone: None, policies: vec![] };
        let unit = site.app.add_unit(site.tenant, site.head, code, &profile).await.unwrap();
        site.person(officer, mail, Role::LocalOfficer, unit).await;
    }
    site
}

async fn send(site: &Site, code: &str, year: &str) {
    let officer = site.sign_in(&format!("{}@example.gov", code.to_lowercase())).await;
    let summary = (format!("summary-{code}"), "Four viruses, one lost key; each was back within a day.");
    let fields = [("year", year), (summary.0.as_str(), summary.1)];
    site.post(&format!("{PAGE}/{code}/summary"), &officer, &fields).await;
}

// proves: DMH04-8, DMH04-8-feedback
#[tokio::test]
async fn the_april_round_of_2006_counts_what_came_and_its_trends_are_told_to_two() {
    let site = four_facilities(&["common", "us-mo/dmh-2004"], "2006-04-03T09:00:00-05:00").await;
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get(&format!("{PAGE}?year=2006"), &chief).await;
    assert!(page.contains("Open from Sat, Apr 1, 2006 to Sun, Apr 30, 2006") && page.contains("4 requested"), "{page}");
    let page = site.get(&format!("{PAGE}?year=2005"), &chief).await;
    assert!(page.contains("There is no round for 2005.") && !page.contains("requested"), "{page}");
    for code in ["RVB", "NTH", "LKV"] {
        send(&site, code, "2006").await;
    }
    let officer = site.sign_in("rvb@example.gov").await;
    let twice = [("year", "2006"), ("summary-RVB", "Another")];
    let page = refused(&site, &format!("{PAGE}/RVB/summary"), &officer, &twice).await;
    assert!(page.contains("has been sent already"), "{page}");
    assert!(!page.contains("Northside"), "an officer sees their own facility: {page}");
    site.set_clock("2006-05-01T09:00:00-05:00");
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get(&format!("{PAGE}?year=2006"), &chief).await;
    assert!(page.contains("3 received, 1 overdue"), "{page}");
    assert!(page.contains("Four viruses, one lost key"), "{page}");
    assert!(site.get(&format!("{PAGE}?year=2005"), &chief).await.contains("There is no round for 2005."));

    // The trends go to two; told to one, the duty stays open for the other.
    let page = site.get(&format!("{PAGE}?year=2006"), &chief).await;
    assert_eq!(page.matches("Not told yet").count(), 2, "{page}");
    let told = [("year", "2006"), ("to", "systems-director"), ("how-systems-director", "In the meeting of today")];
    site.post(&format!("{PAGE}/told"), &chief, &told).await;
    let page = site.get(&format!("{PAGE}?year=2006"), &chief).await;
    assert!(page.contains("In the meeting of today") && page.matches("Not told yet").count() == 1, "{page}");
    let open = page.find("Not told yet").unwrap();
    assert!(page[..open].rfind("Executive team") > page[..open].rfind("Director of information systems"), "{page}");
}

// proves: DMH04-8-routine
#[tokio::test]
async fn a_routine_review_says_something_of_all_three_parts() {
    let site = four_facilities(&["common", "us-mo/dmh-2004"], "2006-04-03T09:00:00-05:00").await;
    let officer = site.sign_in("rvb@example.gov").await;
    let look = format!("{PAGE}/RVB/look");
    let two = [("part-1", "More logons at night."), ("part-2", "Nothing found.")];
    let page = refused(&site, &look, &officer, &two).await;
    assert!(page.contains("Write what you found about Unusual behaviour"), "{page}");
    assert!(page.contains("More logons at night."), "what was typed stays: {page}");
    assert!(site.get(PAGE, &officer).await.contains("Never"), "nothing is stored");
    let three = [two.as_slice(), &[("part-3", "Nothing found.")]].concat();
    site.post(&look, &officer, &three).await;
    let page = site.get(PAGE, &officer).await;
    assert!(page.contains("Mon, Apr 3, 2006 by A. Ortiz") && page.contains("again by Wed, May 3, 2006"), "{page}");
}

// proves: DMH16-7
#[tokio::test]
async fn a_round_of_2017_is_owed_only_once_the_chief_opens_it() {
    let site = four_facilities(&["common", "us-mo/dmh-2016"], "2017-09-01T09:00:00-05:00").await;
    let chief = site.sign_in("vance@example.gov").await;
    let year = format!("{PAGE}?year=2017");
    let page = site.get(&year, &chief).await;
    assert!(page.contains("Nobody has opened a round for 2017; none is owed."), "{page}");
    assert!(!page.contains("Requested") && !site.get("/duties", &chief).await.contains("ound of summaries"));
    let officer = site.sign_in("rvb@example.gov").await;
    let answer = site.ask("POST", PAGE, &officer, &[("year", "2017"), ("due", "2017-09-30")]).await;
    assert_eq!(answer.status(), axum::http::StatusCode::NOT_FOUND, "the chief opens it, nobody else");
    site.post(PAGE, &chief, &[("year", "2017"), ("due", "2017-09-30")]).await;
    let page = site.get(&year, &chief).await;
    assert_eq!(page.matches("Requested, due Sat, Sep 30, 2017").count(), 4, "{page}");
    let again = refused(&site, PAGE, &chief, &[("year", "2017"), ("due", "2017-10-31")]).await;
    assert!(again.contains("there is one each year"), "{again}");
    send(&site, "NTH", "2017").await;
    let page = site.get(&year, &chief).await;
    assert!(page.contains("1 received, 3 requested"), "{page}");
}

/// An incident of malicious code at Riverbend, today; its reference.
async fn malicious(site: &Site) -> String {
    let officer = site.sign_in("rvb@example.gov").await;
    let report = site.report("malware", "A worm on the ward.").await;
    let to = site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
    let incident = to.split('?').next().unwrap().to_owned();
    let kinds =
        [("has-categories", "1"), ("reason", "A first look"), ("confirmed", "1"), ("category", "malicious-code")];
    site.post(&format!("{incident}/describe"), &officer, &kinds).await;
    incident.strip_prefix("/incidents/").unwrap().to_owned()
}

// proves: DMH04-8-thresholds
#[tokio::test]
async fn the_third_incident_within_thirty_days_calls_for_a_review_and_one_on_day_thirty_one_does_not() {
    for (third, crossed) in [("2006-03-30T09:00:00-06:00", true), ("2006-03-31T09:00:00-06:00", false)] {
        let site = four_facilities(&["common", "us-mo/dmh-2004"], "2006-03-01T09:00:00-06:00").await;
        let officer = site.sign_in("rvb@example.gov").await;
        let set = format!("{PAGE}/RVB/thresholds");
        let rule = [("kind", "malicious-code"), ("count", "3"), ("days", "30"), ("again", "365")];
        let one = [rule[0], ("count", "1"), rule[2], rule[3]];
        assert!(refused(&site, &set, &officer, &one).await.contains("at least two incidents"));
        site.post(&set, &officer, &rule).await;
        let mut references = vec![malicious(&site).await];
        site.set_clock("2006-03-10T09:00:00-06:00");
        references.push(malicious(&site).await);
        let officer = site.sign_in("rvb@example.gov").await;
        assert!(site.get(PAGE, &officer).await.contains("Not crossed"));
        site.set_clock(third);
        references.push(malicious(&site).await);
        let officer = site.sign_in("rvb@example.gov").await;
        let page = site.get(PAGE, &officer).await;
        assert_eq!(page.contains("Review it"), crossed, "{page}");
        assert_eq!(references.iter().all(|reference| page.contains(reference)), crossed, "{page}");
        assert!(page.contains("by A. Ortiz; looked at again by Thu, Mar 1, 2007"), "{page}");
        let neighbour = site.sign_in("nth@example.gov").await;
        assert!(!site.get(PAGE, &neighbour).await.contains("Review it"));
    }
}

// proves: DMH16-7-trends
#[tokio::test]
async fn eight_of_ten_forms_within_thirty_days_read_eighty_percent() {
    use crate::keeping::{accepted, complete_form};
    let site = four_facilities(&["common", "us-mo/dmh-2016"], "2016-07-01T09:00:00-05:00").await;
    let officer = site.sign_in("rvb@example.gov").await;
    let mut incidents = Vec::new();
    for _ in 0..10 {
        incidents.push(accepted(&site, &officer).await);
    }
    site.set_clock("2016-07-20T09:00:00-05:00");
    let officer = site.sign_in("rvb@example.gov").await;
    for incident in &incidents[..8] {
        complete_form(&site, &officer, incident).await;
    }
    site.set_clock("2016-08-05T09:00:00-05:00");
    let officer = site.sign_in("rvb@example.gov").await;
    for incident in &incidents[8..] {
        complete_form(&site, &officer, incident).await;
    }
    site.set_clock("2017-09-01T09:00:00-05:00");
    let chief = site.sign_in("vance@example.gov").await;
    site.post(PAGE, &chief, &[("year", "2017"), ("due", "2017-09-30")]).await;
    let page = site.get(&format!("{PAGE}?year=2017"), &chief).await;
    let row = page[page.find("<th scope=\"row\">Riverbend Center").unwrap()..].split("</tr>").next().unwrap();
    let cells: Vec<&str> = row.split("class=\"tnum\">").skip(1).map(|c| c.split('<').next().unwrap()).collect();
    assert_eq!(cells, ["0", "10", "+10", "10", "80 %", "19"], "{row}");
}
