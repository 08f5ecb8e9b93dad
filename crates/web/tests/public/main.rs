//! The public side through its handlers: a whole report, and everything that can be wrong with one.

mod site;

use site::Site;

#[tokio::test]
async fn a_report_leads_to_a_receipt_and_a_private_page() {
    let site = Site::open().await;
    assert!(site.get("/r/rvb").await.page(200).contains("Riverbend Center"));
    let draft = site.begin().await;

    let what = site.get(&format!("{draft}/what")).await;
    assert!(what.page(200).contains("A virus, a ransom note or an odd computer"));
    let next = site.post(&format!("{draft}/what"), &[("what", "malware"), ("seen", what.value("seen"))]).await;
    assert_eq!(next.leads(), format!("{draft}/now"));
    let next = site.post(&format!("{draft}/now"), &[("now", "no")]).await;
    assert_eq!(next.leads(), format!("{draft}/do-now"));
    assert!(site.get(&format!("{draft}/do-now")).await.page(200).contains("stop using it"));
    for (page, fields, then) in [
        ("do-now", &[("followed", "yes")][..], "where"),
        ("where", &[("unit", "RVB"), ("place", "Building 2")], "words"),
        ("words", &[("words", "A red page asks for money.")], "when"),
        ("when", &[("when", "yesterday"), ("time", "3 p.m.")], "affected"),
        ("affected", &[("things", "networked-computer"), ("people", "2-10")], "done"),
        ("done", &[("yours", "Pulled out the cable.")], "you"),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")], "check"),
    ] {
        site.get(&format!("{draft}/{page}")).await.page(200);
        let next = site.post(&format!("{draft}/{page}"), fields).await;
        assert_eq!(next.leads(), format!("{draft}/{then}"));
    }

    let check = site.get(&format!("{draft}/check")).await;
    for said in ["A red page asks for money.", "Building 2", "Mon, Oct 12, 2026, 3:00\u{a0}p.m. CDT", "Sam Lee", "2–10"]
    {
        assert!(check.page(200).contains(said), "{said}: {}", check.text);
    }
    let sent = site.post(&format!("{draft}/check"), &[]).await;
    let receipt = site.get(sent.leads()).await;
    let page = receipt.page(200);
    let at = page.find("/s/").expect("a private link");
    let link: String = page[at..].chars().take_while(|c| !"\"<".contains(*c)).collect();
    let at = page.find("R-").expect("a reference");
    let reference = &page[at..at + 11];
    assert!(page.contains("Tue, Oct 13, 2026, 9:10\u{a0}a.m. CDT"));

    let status = site.get(&link).await;
    assert!(status.page(200).contains(reference));
    assert!(!status.text.contains("Sam Lee"), "the private page names nobody");

    // The record holds what was said, and it is there once.
    let secret = link.rsplit('/').next().unwrap();
    let row = site.app.report_behind(secret).await.unwrap();
    let report = site.app.whole_report(&row).await.unwrap().state;
    let filed = report.filed.unwrap().submission;
    assert_eq!(filed.words.unwrap().as_str(), "A red page asks for money.");
    assert_eq!(filed.place.unwrap().as_str(), "Building 2");
    assert_eq!(report.reporter.unwrap().phone.unwrap().as_str(), "573-555-0188");
}

mod ending;
mod limits;
mod papers;
mod signing;
mod wrong;
