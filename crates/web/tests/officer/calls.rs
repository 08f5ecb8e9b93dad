//! Phone intake: facts found in the notes, and the caller's private page.

use super::site::{Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

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

/// The Department of Health and Senior Services, on Monday, March 4, 2024, 11:00 a.m. CST.
const DHSS: Office<'static> = Office {
    code: "DHSS",
    name: "Department of Health and Senior Services",
    zone: "America/Chicago",
    series: &["us-mo/dhss"],
    packs: &["common", "us-mo/dhss"],
    now: 1_709_571_600_000_000,
};

#[tokio::test]
async fn a_call_asks_what_the_policy_asks_and_nobody_must_ask_all_of_it() {
    let site = Site::of(&DHSS).await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await;
    let unit = site.unit.to_string();
    let call = [("unit", unit.as_str()), ("notes", "A window asks for money"), ("key", "k4"), ("name", "Sam Lee")];
    let blank = site.get(&format!("/intake?unit={unit}"), &officer).await;
    for shown in ["name=\"q.harm.answer\"", "name=\"q.spread.answer\"", "name=\"q.named.item-1-name\"", "Not asked"] {
        assert!(blank.contains(shown), "{shown}");
    }
    assert!(!blank.contains("q.malware-kind.answer"), "it belongs to what was not heard yet");

    let heard = [&call[..], &[("happened", "malware"), ("q.spread.answer", "unsure"), ("then", "look")]].concat();
    let asked = text(site.ask("POST", "/intake", &officer, &heard).await).await;
    assert!(asked.contains("name=\"q.malware-kind.answer\""), "{asked}");
    assert!(asked.contains("<option value=\"unsure\" selected>"), "what was typed is still there");

    // A name without its kind would be lost; nothing else stands in the way of filing.
    let named = [("happened", "malware"), ("q.named.item-1-name", "Registry"), ("q.harm.answer", "integrity")];
    let named = [&call[..], &named].concat();
    let mend = text(site.ask("POST", "/intake", &officer, &named).await).await;
    assert!(mend.contains("q.named.item-1-kind-error") && mend.contains("value=\"Registry\""), "{mend}");
    let rest = [
        ("q.named.item-1-kind", "system"),
        ("q.malware-kind.answer", "other"),
        ("q.malware-kind.answer-words", "It locks files"),
        ("q.done.unknown", "yes"),
    ];
    let filed = site.post("/intake", &officer, &[&named[..], &rest].concat()).await;
    let reference = filed.strip_prefix("/intake/filed/").unwrap().split('?').next().unwrap();
    let report = site.get(&format!("/inbox/{reference}"), &officer).await;
    for said in ["Something was changed, damaged or deleted", "It locks files", "Registry"] {
        assert!(report.contains(said), "{said}: {report}");
    }

    let bare = [("unit", unit.as_str()), ("notes", "A strange van"), ("key", "k5"), ("name", "Sam Lee")];
    assert!(site.post("/intake", &officer, &bare).await.starts_with("/intake/filed/"), "nothing has to be asked");
}
