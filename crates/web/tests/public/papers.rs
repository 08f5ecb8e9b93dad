//! Papers as PDF from the public pages: what is printed on each, and what happens when the press is busy.

use super::site::{Site, from};
use app::limits::PublicLimits;
use axum::body::Body;
use axum::http::{Request, header};
use std::sync::atomic::Ordering;

#[tokio::test]
async fn a_receipt_is_printed_with_the_answers_and_without_the_name() {
    let site = Site::open().await;
    let (receipt, link) = site.sent().await;
    let pdf = receipt.replace("/received", "/receipt.pdf");
    assert!(site.get(&receipt).await.page(200).contains(&format!("href=\"{pdf}\"")));
    let paper = site.get(&pdf).await;
    assert!(paper.page(200).starts_with("%PDF"));
    assert_eq!(paper.headers[header::CONTENT_TYPE], "application/pdf");
    let name = paper.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"R-"), "{name}");
    assert_eq!(paper.headers[header::CACHE_CONTROL], "no-store");
    for said in ["A red page asks for money.", "Building 2", "Department of Mental Health", "Wed, Oct 13, 2027", &link]
    {
        assert!(paper.text.contains(said), "{said}: {}", paper.text);
    }
    assert!(!paper.text.contains("Sam Lee"), "whoever finds the paper learns no name");
    // The Spanish page prints a Spanish sheet.
    let spanish = site.get(&format!("/es{pdf}")).await;
    assert!(spanish.page(200).contains("mié, 13 oct 2027") && spanish.text.contains("\"language\":\"spanish\""));
    // A day later the receipt is gone from the draft's address, and its paper with it.
    site.later(25 * 3600);
    assert_eq!(site.get(&pdf).await.status.as_u16(), 410);
    assert_eq!(site.get("/report/d/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/receipt.pdf").await.status.as_u16(), 410);
    let draft = site.begin().await;
    assert_eq!(site.get(&format!("{draft}/receipt.pdf")).await.status.as_u16(), 410, "nothing was sent yet");
}

#[tokio::test]
async fn a_receipt_of_a_very_long_report_stops_and_says_so() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let words = "palabra ".repeat(5_000);
    site.post(&format!("{draft}/words"), &[("words", &words)]).await.leads();
    let receipt = site.post(&format!("{draft}/check"), &[]).await.leads().replace("/received", "/receipt.pdf");
    let paper = site.get(&receipt).await;
    assert!(paper.page(200).contains("This paper stops here") && paper.text.len() < 30_000, "{}", paper.text.len());
}

#[tokio::test]
async fn posters_and_blank_forms_are_made_once() {
    let site = Site::open().await;
    let poster = site.get("/r/rvb/poster.pdf").await;
    for said in ["127.0.0.1:8420/r/RVB", "573-555-0150", "Riverbend Center", "Printed Oct 13, 2026"] {
        assert!(poster.page(200).contains(said), "{said}: {}", poster.text);
    }
    let blank = site.get("/r/RVB/form.pdf").await;
    for said in ["A virus, a ransom note or an odd computer", "What happened?", "any_of", "573-555-0150"] {
        assert!(blank.page(200).contains(said), "{said}: {}", blank.text);
    }
    assert!(site.get("/es/r/RVB/form.pdf").await.page(200).contains("¿Qué pasó?"));
    for (edition, printed) in [("2016", "dmh2016"), ("2004", "dmh2004")] {
        let form = site.get(&format!("/r/RVB/incident-form/{edition}")).await;
        assert!(form.page(200).contains(printed) && form.text.contains("Riverbend Center"), "{}", form.text);
    }
    assert_eq!(site.press.papers.load(Ordering::Relaxed), 5);
    for path in ["/r/RVB/poster.pdf", "/r/RVB/form.pdf", "/es/r/RVB/form.pdf", "/r/RVB/incident-form/2004"] {
        site.get(path).await.page(200);
    }
    assert_eq!(site.press.papers.load(Ordering::Relaxed), 5, "asked for again, none is made again");
    // What stands on the poster changed with the day.
    site.later(24 * 3600);
    assert!(site.get("/r/RVB/poster.pdf").await.page(200).contains("Printed Oct 14, 2026"));
    // Another edition, a unit whose policy has no such form, and a unit that is not there.
    for path in ["/r/RVB/incident-form/1999", "/r/MODOT/incident-form/2016", "/r/NOPE/poster.pdf", "/r/NOPE/form.pdf"] {
        assert_eq!(site.get(path).await.status.as_u16(), 404, "{path}");
    }
    let kit = site.get("/outage-kit").await;
    assert!(kit.page(200).contains("/r/RVB/incident-form/2016") && kit.text.contains("/r/MODOT/form.pdf"));
    assert!(!kit.text.contains("/r/MODOT/incident-form"));
    assert!(site.get("/r/RVB/poster").await.page(200).contains("/r/RVB/poster.pdf"));
    assert!(site.get("/es/r/RVB/form").await.page(200).contains("/es/r/RVB/form.pdf"));
}

#[tokio::test]
async fn a_busy_press_says_so_and_reports_are_still_taken() {
    let site = Site::open().await;
    let (receipt, _) = site.sent().await;
    site.get("/r/RVB/poster.pdf").await.page(200);
    site.press.stuck.store(true, Ordering::Relaxed);
    let stuck = async { tokio::join!(site.get("/r/RVB/form.pdf"), site.get("/es/r/RVB/form.pdf")) };
    let meanwhile = async {
        // What was made before is there at once, and a report does not wait for paper.
        site.get("/r/RVB/poster.pdf").await.page(200);
        site.sent().await;
        let busy = site.get(&receipt.replace("/received", "/receipt.pdf")).await;
        assert!(busy.page(503).contains("We can’t make the PDF right now") && busy.text.contains(&receipt));
        assert_eq!(busy.headers[header::RETRY_AFTER], "10");
    };
    tokio::select! {
        biased;
        _ = stuck => panic!("a stuck press ends nothing"),
        () = meanwhile => {}
    }
}

#[tokio::test]
async fn one_network_cannot_keep_the_press_to_itself() {
    let site = Site::within(PublicLimits { papers_per_network: 2, ..PublicLimits::default() }).await;
    let ask = || from("203.0.113.9", Request::get("/r/RVB/poster.pdf").body(Body::empty()).unwrap());
    site.ask(ask()).await.page(200);
    site.ask(ask()).await.page(200);
    assert!(site.ask(ask()).await.page(429).contains("Please wait a moment"));
    site.ask(from("198.51.100.1", Request::get("/r/RVB/poster.pdf").body(Body::empty()).unwrap())).await.page(200);
}
