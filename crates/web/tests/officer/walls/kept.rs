//! Who a case is about learns nothing of it, from before the first notice; and the one way in for an hour, with a witness.

use super::{PASSWORD, PRESENT, Site, text};
use crate::site::DMH;
use app::directory::Profile;
use app::sign_in::Password;
use axum::http::StatusCode;
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;
use ground::words;

impl Site {
    async fn told(&self) -> Vec<(String, String)> {
        while self.app.do_jobs().await > 0 {}
        self.letters()
            .await
            .into_iter()
            .map(|letter| (letter.to, format!("{}\n{}", letter.subject, letter.words)))
            .collect()
    }

    async fn is_nothing(&self, path: &str, cookie: &str) {
        let answer = self.ask("GET", path, cookie, &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn whoever_a_report_may_be_about_is_kept_out_before_anybody_is_told() {
    let site = Site::open().await;
    let (officer, chief) = (site.sign_in("ortiz@example.gov").await, site.sign_in("vance@example.gov").await);
    let report = site.report("access", "I saw Ortiz copy the list of patients at night.").await;
    let told = site.told().await;
    assert!(told.iter().any(|(to, _)| to == "vance@example.gov"), "the next in the route is told: {told:?}");
    assert!(told.iter().all(|(to, _)| to != "ortiz@example.gov"), "{told:?}");
    assert!(!site.get("/inbox", &officer).await.contains(&report));
    assert!(!site.get("/home", &officer).await.contains(&report));
    site.is_nothing(&format!("/inbox/{report}"), &officer).await;
    let page = site.get(&format!("/inbox/{report}"), &chief).await;
    assert!(
        page.contains("A. Ortiz: a name in the report may be theirs") && page.contains("is involved, or may be named"),
        "{page}"
    );

    // The one who looked says that it is somebody else: with a reason, and nobody can say it of themselves.
    let ortiz = site.account_of("ortiz@example.gov").to_string();
    let path = format!("/inbox/{report}/let-in");
    let field = format!("let-in-{ortiz}");
    let silent = site.ask("POST", &path, &chief, &[("person", &ortiz)]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let own = site.ask("POST", &path, &officer, &[("person", &ortiz), (&field, "Not me")]).await;
    assert_eq!(own.status(), StatusCode::NOT_FOUND);
    site.post(&path, &chief, &[("person", &ortiz), (&field, "Another Ortiz, of the cleaning firm")]).await;
    assert!(site.get("/inbox", &officer).await.contains(&report));

    // What somebody says later counts as what they said first, and what comes of it is closed as well.
    let second = site.report("malware", "The screen went black.").await;
    assert!(site.get("/inbox", &officer).await.contains(&second));
    let row = site.app.store().report_by_reference(Some(site.tenant), &second).await.unwrap().unwrap();
    let said = domain::text::Note::parse("A. Ortiz did it.").ok();
    site.app.add_words(&row, said, Vec::new(), None).await.unwrap();
    site.is_nothing(&format!("/inbox/{second}"), &officer).await;
    site.post(&format!("/inbox/{second}/accept"), &chief, &[]).await;
    site.is_nothing(&format!("/incidents/{PRESENT}"), &officer).await;

    // A report that joins an incident is closed to whom the incident is closed to.
    let third = site.report("malware", "Another screen went black.").await;
    assert!(site.get("/inbox", &officer).await.contains(&third));
    site.post(&format!("/inbox/{third}/add"), &chief, &[("incident", PRESENT)]).await;
    site.is_nothing(&format!("/inbox/{third}"), &officer).await;
    let journal = site.get(&format!("/incidents/{PRESENT}/access"), &chief).await;
    assert!(journal.contains("<li>A. Ortiz</li>"), "{journal}");
}

#[tokio::test]
async fn when_the_only_one_who_decides_is_involved_somebody_else_is_found_and_told_nothing() {
    let site = Site::of(&DMH).await;
    site.person("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    site.person("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let report = site.report_with("access", "They sell records.", |said| said.recipient_involved = true).await;
    let chief = site.sign_in("vance@example.gov").await;
    site.is_nothing(&format!("/inbox/{report}"), &chief).await;
    assert!(!site.get("/inbox", &chief).await.contains(&report));
    let told = site.told().await;
    assert!(told.iter().all(|(to, _)| to != "vance@example.gov"), "{told:?}");
    let (_, said) = told.iter().find(|(to, _)| to == "diaz@example.gov").expect("whoever gives roles");
    assert!(said.contains("Somebody is needed for") && !said.contains(&report) && !said.contains("records."), "{said}");
}

#[tokio::test]
async fn glass_takes_two_people_one_hour_and_a_witness_and_never_opens_for_the_subject() {
    let site = Site::open().await;
    let report = site.report("malware", "The screen shows a ransom note.").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
    let case = format!("/incidents/{PRESENT}");
    let profile = UnitProfile { name: words("Hillside"), kind: UnitKind::Facility, phone: None, policies: vec![] };
    let hillside = site.app.add_unit(site.tenant, site.head, "HLS", &profile).await.unwrap();
    for (name, email) in [("L. Fir", "fir@example.gov"), ("S. Vole", "vole@example.gov")] {
        let profile = Profile { name: name.into(), email: email.into(), phone: None };
        let password = Password::chosen(PASSWORD.into()).ok();
        site.app.add_person(site.tenant, &profile, password, &[(hillside, Role::LocalOfficer)]).await.unwrap();
    }
    let (fir, vole) = (site.sign_in("fir@example.gov").await, site.sign_in("vole@example.gov").await);
    let chief = site.sign_in("vance@example.gov").await;
    let excluded = site.account_of("vole@example.gov").to_string();
    site.post(&format!("{case}/exclude"), &officer, &[("person", &excluded)]).await;

    // Asking teaches nothing: of an incident, of none, and of one that is about oneself.
    site.is_nothing(&case, &fir).await;
    let silent = site.ask("POST", "/glass", &fir, &[("reference", PRESENT)]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY, "it takes a reason");
    for (who, reference) in [(&fir, "DMH-2026-0999"), (&vole, PRESENT), (&fir, PRESENT), (&fir, PRESENT)] {
        let asked = [("reference", reference), ("reason", "The ward cannot reach anybody")];
        assert_eq!(site.post("/glass", who, &asked).await, "/glass?done=asked");
    }
    site.is_nothing(&case, &fir).await;
    let waiting = site.get("/glass", &chief).await;
    assert_eq!(waiting.matches("asks to look into").count(), 1, "{waiting}");
    assert!(waiting.contains("L. Fir") && !waiting.contains("S. Vole") && !waiting.contains("ransom"), "{waiting}");
    let at = waiting.find(&format!("/glass/{PRESENT}/")).unwrap();
    let path: String = waiting[at..].chars().take_while(|c| *c != '"').collect();
    for one in [&fir, &vole, &officer] {
        let answer = site.ask("POST", &path, one, &[("answer", "yes")]).await;
        assert_eq!(
            answer.status(),
            StatusCode::NOT_FOUND,
            "who asks does not agree, nor does anybody without the right"
        );
    }
    assert_eq!(site.post(&path, &chief, &[("answer", "yes")]).await, "/glass?done=agreed");
    assert!(site.get(&case, &fir).await.contains("ransom"));
    assert!(!site.get(&format!("/inbox/{report}"), &fir).await.contains("Sam Lee"), "never who reported");
    site.is_nothing(&case, &vole).await;
    let told = site.told().await;
    let told: Vec<&(String, String)> = told.iter().filter(|(_, words)| words.contains("in an emergency")).collect();
    assert!(told.iter().any(|(to, _)| to == "ortiz@example.gov"), "{told:?}");
    assert!(
        told.iter()
            .all(|(to, words)| to != "vance@example.gov" && to != "fir@example.gov" && !words.contains("ransom"))
    );
    let looked = site.get(&format!("{case}/access"), &officer).await;
    assert!(
        looked.contains("The ward cannot reach anybody") && looked.contains("C. Vance agreed; open until"),
        "{looked}"
    );
    assert!(looked.contains("L. Fir</th>"), "and what they looked at stands there");

    site.later(3_601);
    let fir = site.sign_in("fir@example.gov").await;
    site.is_nothing(&case, &fir).await;
    let late =
        text(site.ask("POST", &path, &site.sign_in("vance@example.gov").await, &[("answer", "yes")]).await).await;
    assert!(late.contains("There is no such request"), "{late}");
}
