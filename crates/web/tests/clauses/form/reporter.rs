//! Boxes I to X: what they hold, what handing in refuses, and who learns of the people named.

use crate::paper::{BOTH, Case, OF_2016, REPORTERS, SAID, Said, refused, reported};
use domain::permission::Role;

/// Handing in, by a link and on paper, is refused; both pages say the same.
async fn not_handed_in(case: &Case, says: &str) {
    let by_link = refused(&case.site, &format!("{}/ask", case.form), &case.officer, &[("way", "hand")]).await;
    let paper = Case::signing("reporter", &[("reporter", "paper"), ("reporter-name", "Sam Lee")]);
    let on_paper = refused(&case.site, &format!("{}/sign", case.form), &case.officer, &paper).await;
    for page in [by_link, on_paper] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(case.page().await.contains("Nobody has signed yet"));
}

// proves: DMH04-FORM-I, DMH16-FORM-I
#[tokio::test]
async fn a_form_without_a_tick_in_box_one_is_not_handed_in() {
    for edition in BOTH {
        let case = Case::of(edition, Said { done: "Nobody had locked the door: that was left undone.", ..SAID }).await;
        assert!(case.page().await.contains("what the acts or omissions led to"));
        not_handed_in(&case, "Fill in box I Instructions.").await;
        case.save(&[("ticks", "1"), ("I", "interference")]).await;
        case.hand_in().await;
        let printed = case.print().await;
        assert_eq!(printed["reporter"]["acts"]["interference"], true);
        assert_eq!(printed["reporter"]["person_reporting"]["name"], "Sam Lee", "an omission is as good as an act");
    }
}

// proves: DMH04-FORM-II, DMH16-FORM-II
#[tokio::test]
async fn box_two_shows_the_kinds_of_triage_and_the_report_keeps_the_first_choice() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let first = case.print().await["reporter"]["type_of_incident"].as_str().unwrap().to_owned();
        let chosen = if edition.name == OF_2016.name {
            [
                ("improper-recipient", "Data sent to improper recipients"),
                ("physical-breach", "Physical breach to a building or locked area"),
            ]
        } else {
            [("malicious-code", "Malicious code"), ("unauthorized-use", "Unauthorized use of a system")]
        };
        let [one, two] = chosen;
        let described = [("has-categories", "1"), ("category", one.0), ("category", two.0), ("reason", "Looked into")];
        case.site.post(&format!("{}/describe", case.incident), &case.officer, &described).await;
        let now = case.print().await["reporter"]["type_of_incident"].as_str().unwrap().to_owned();
        assert!(now.contains(one.1) && now.contains(two.1) && now != first, "{first} became {now}");
        let report = case.site.get(&format!("/inbox/{}", case.report), &case.officer).await;
        assert!(
            report.contains("Something was lost or stolen"),
            "what the reporter chose stays in the report: {report}"
        );
        // Several kinds of the pack, and another in words.
        case.save(&[("II.shown", "1"), ("II", one.0), ("II", two.0), ("II.other", "A paper file left on a bus")]).await;
        let printed = case.print().await["reporter"]["type_of_incident"].as_str().unwrap().to_owned();
        assert!(printed.contains(one.1) && printed.ends_with("; A paper file left on a bus"), "{printed}");
    }
}

// proves: DMH04-FORM-III, DMH16-FORM-III
#[tokio::test]
async fn a_day_is_needed_and_its_time_may_be_unknown() {
    for edition in BOTH {
        let [month, day, year] = if edition.name == "2004" { ["1", "10", "2005"] } else { ["7", "1", "2016"] };
        let case = Case::of(edition, Said { day: [month, day, year], ..SAID }).await;
        case.save(&REPORTERS).await;
        case.hand_in().await;
        let printed = case.print().await;
        assert_eq!(printed["reporter"]["date_and_time"], format!("{}, time unknown", edition.day));
        assert_eq!(printed["reporter"]["person_reporting"]["name"], "Sam Lee", "handed in");

        let case = Case::open(edition).await;
        let ahead = case.refused(&[("III", edition.day_after)]).await;
        assert!(ahead.contains("Box III Date &#38; Time of Incident names a day that lies in the future"), "{ahead}");
        let none = case.refused(&[("III", "some time ago")]).await;
        assert!(none.contains("could not be read as a day"), "{none}");
        case.save(&[("III", &format!("{} 6am to 8am", edition.day))]).await;
        let zone = if edition.name == "2004" { "CST" } else { "CDT" };
        let stretch = format!("{0}, 6:00 a.m. {zone} to {0}, 8:00 a.m. {zone}", edition.day);
        assert_eq!(case.print().await["reporter"]["date_and_time"], stretch);
    }
}

// proves: DMH04-FORM-V, DMH16-FORM-V
#[tokio::test]
async fn being_named_as_a_subject_shows_nobody_the_case() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        let beta = Case::facility(&case.site, "Beta", "BET").await;
        let named = case.site.staff("B. Named", "named@example.gov", Role::LocalOfficer, beta).await;
        let people = [("V.name", "Sam Lee"), ("V.part", "reporter"), ("V.name", "B. Named"), ("V.part", "subject")];
        case.save(&people).await;
        let stands = case.print().await["reporter"]["employees_involved"].as_str().unwrap().to_owned();
        assert_eq!(stands, "Sam Lee (person who reported)\nB. Named (subject)");
        assert!(case.page().await.contains("value=\"B. Named\""), "the officer reads who was named");
        for list in ["/incidents", "/incidents?q=Named", "/home", "/inbox"] {
            assert!(!case.site.get(list, &named).await.contains(edition.reference), "{list}");
        }
        for path in [&case.incident, &case.form] {
            assert_eq!(case.site.ask("GET", path, &named, &[]).await.status().as_u16(), 404, "{path}");
        }
    }
}

// proves: DMH04-FORM-VI, DMH16-FORM-VI
#[tokio::test]
async fn box_six_says_what_was_done_first_or_that_nothing_was() {
    for edition in BOTH {
        let case = Case::of(edition, Said { done: "", ..SAID }).await;
        case.save(&REPORTERS).await;
        not_handed_in(&case, "Fill in box VI Initial Action Taken.").await;
        case.save(&[("VI", "None taken")]).await;
        case.hand_in().await;
        assert_eq!(case.print().await["reporter"]["initial_action"], "None taken");
    }
}

// proves: DMH04-FORM-X, DMH16-FORM-X
#[tokio::test]
async fn what_was_signed_is_changed_by_an_amendment_alone_and_stays_readable() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.save(&REPORTERS).await;
        case.hand_in().await;
        let page = case.page().await;
        assert!(page.contains(&format!("Person reporting: Sam Lee, {}", edition.day)), "{page}");
        let change = [("VI", "Told the police first.")];
        let frozen = case.refused(&change).await;
        assert!(frozen.contains("open an amendment to change it"), "{frozen}");
        let why = [("why", "The reporter remembered the order.")];
        case.site.post(&format!("{}/amend", case.form), &case.officer, &why).await;
        case.save(&change).await;
        assert!(case.page().await.contains("Told the police first."));
        let signed = case.site.get(&format!("{}/1", case.form), &case.officer).await;
        for said in
            ["Told the ward manager at once.", "Sam Lee, Person reporting", "The reporter remembered the order."]
        {
            assert!(signed.contains(said), "{said}: {signed}");
        }
        assert!(!signed.contains("Told the police first."));
        let printed = case.print().await;
        assert_eq!((&printed["version"], &printed["amends"]["version"]), (&2.into(), &1.into()));
        assert!(printed["reporter"]["person_reporting"].is_null(), "nobody has signed the amended words");
    }
}

// proves: DMH04-FORM-X-LOCATION, DMH16-FORM-X-LOCATION
#[tokio::test]
async fn the_work_location_stays_as_it_was_at_signing() {
    for edition in BOTH {
        let case = Case::of(edition, Said { work_place: "", ..SAID }).await;
        case.save(&REPORTERS).await;
        not_handed_in(&case, "Fill in box X Work Location.").await;

        let case = Case::open(edition).await;
        case.save(&REPORTERS).await;
        case.hand_in().await;
        // They move to Ward 5 and report again; the second report joins the same incident.
        let later = reported(&case.site, Said { work_place: "Ward 5", ..SAID }).await;
        let joins = [("incident", edition.reference)];
        case.site.post(&format!("/inbox/{later}/add"), &case.officer, &joins).await;
        assert_eq!(case.print().await["reporter"]["work_location"], "Ward 3");
        let frozen = case.refused(&[("X-LOCATION", "Ward 5")]).await;
        assert!(frozen.contains("open an amendment to change it"), "{frozen}");
        case.save(&[("VII", "Wiped from afar."), ("VIII", edition.day), ("XI", "Spoke with the ward.")]).await;
        assert_eq!(case.print().await["reporter"]["work_location"], "Ward 3");
    }
}
