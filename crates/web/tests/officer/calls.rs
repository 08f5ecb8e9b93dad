//! Phone intake: facts found in the notes, and the caller's private page.

use super::site::{Site, text};
use axum::http::StatusCode;

#[tokio::test]
async fn facts_in_the_notes_of_a_call_are_offered_and_count_when_they_are_ticked() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let unit = site.unit.to_string();
    let notes = "Laptop gone yesterday at 3pm from room 12, tag DMH-44721, ring 573-555-0188, mail pay@example.org";
    let call = [("unit", unit.as_str()), ("notes", notes), ("key", "k2"), ("phone", "573-555-0188"), ("then", "pick")];
    let offered = site.ask("POST", "/intake", &officer, &call).await;
    assert_eq!(offered.status(), StatusCode::OK);
    let offered = text(offered).await;
    for value in ["when=about 10/12/2026 15:00", "place=room 12", "affected=tag DMH-44721", "email=pay@example.org"] {
        assert!(offered.contains(&format!("name=\"take\" value=\"{value}\"")), "{value}: {offered}");
    }
    assert!(!offered.contains("take\" value=\"phone="), "what stands in its field is not offered again");
    assert!(!offered.contains("checked"), "nothing is taken unasked");

    let mut taking = vec![("take", "when=about 10/12/2026 15:00"), ("take", "affected=tag DMH-44721")];
    taking.extend(call);
    taking.retain(|field| *field != ("then", "pick"));
    let taken = text(site.ask("POST", "/intake", &officer, &[&taking[..], &[("then", "take")]].concat()).await).await;
    assert!(taken.contains("value=\"about 10/12/2026 15:00\"") && taken.contains("value=\"tag DMH-44721\""), "{taken}");
    assert!(
        taken.contains("value=\"place=room 12\"") && !taken.contains("value=\"affected=tag"),
        "the rest is still offered"
    );

    // Filing takes what is ticked; what was offered and not ticked is not in the report.
    let filed = site.post("/intake", &officer, &taking).await;
    let reference = filed.strip_prefix("/intake/filed/").unwrap().split('?').next().unwrap();
    let report = site.get(&format!("/inbox/{reference}"), &officer).await;
    assert!(report.contains("tag DMH-44721") && report.contains("3:00\u{a0}p.m. CDT"), "{report}");
    let nothing = site.ask("POST", "/intake", &officer, &[("unit", &unit), ("notes", "hello"), ("then", "pick")]).await;
    assert!(text(nothing).await.contains("Nothing more was found in the notes."));
}

#[tokio::test]
async fn a_caller_is_given_their_private_page_by_mail_or_on_paper() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let unit = site.unit.to_string();
    let call = [("unit", unit.as_str()), ("notes", "A strange van"), ("key", "k3"), ("name", "Sam Lee")];
    let filed = site.post("/intake", &officer, &call).await;
    let page = site.get(&filed, &officer).await;
    let at = page.find("http://127.0.0.1:8420/s/").expect("the private link");
    let link: String = page[at..].chars().take_while(|c| !"<\"".contains(*c)).collect();
    let status = site.get(link.strip_prefix("http://127.0.0.1:8420").unwrap(), "").await;
    assert!(status.contains("Your report is safe with us."));
    assert!(!filed.contains(link.rsplit('/').next().unwrap()), "an address never carries the secret itself");

    let (path, sealed) = (filed.split('?').next().unwrap(), filed.split("&link=").nth(1).unwrap());
    let wrong = site.ask("POST", path, &officer, &[("link", sealed), ("email", "sam at home")]).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let done = site.post(path, &officer, &[("link", sealed), ("email", "sam@example.org")]).await;
    assert!(site.get(&done, &officer).await.contains("The link is on its way by mail."));
    let mail = site.app.store().list_mail(None, 10).await.unwrap();
    let letter: app::mail::Letter =
        site.app.open_box(journal::BoxPurpose::Mail, None, mail[0].id.bytes(), &mail[0].sealed).unwrap();
    assert!(letter.to == "sam@example.org" && letter.words.contains(&link) && !letter.words.contains("van"));

    // Somebody else's session opens nothing with it.
    let chief = site.sign_in("vance@example.gov").await;
    let theirs = site.ask("POST", path, &chief, &[("link", sealed), ("email", "sam@example.org")]).await;
    assert_eq!(theirs.status(), StatusCode::NOT_FOUND);
    assert!(!text(site.ask("GET", &filed, &chief, &[]).await).await.contains("/s/"));
}
