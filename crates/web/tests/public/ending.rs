//! Ending a private link: asked first, done once, and for good.

use super::site::Site;
use domain::actor::Actor;
use domain::ids::{AccountId, EntryId};
use domain::report::{Command, Given, Refusal, decide};
use domain::text::Note;

#[tokio::test]
async fn a_private_link_is_ended_after_a_question_and_for_good() {
    let site = Site::open().await;
    let (receipt, link) = site.sent().await;
    let row = site.app.report_behind(link.rsplit('/').next().unwrap()).await.unwrap();
    let by_code = format!("/s/{}.{}", row.reference, site.app.code_of_report(&row).unwrap());

    assert!(site.get(&link).await.page(200).contains(&format!("href=\"{link}/end\"")));
    let asks = site.get(&format!("{link}/end")).await;
    assert!(asks.page(200).contains("End this private link?") && asks.text.contains(&row.reference));
    site.get(&link).await.page(200);
    site.get(&by_code).await.page(200);

    let done = site.post(&format!("{link}/end"), &[]).await;
    assert_eq!(done.leads(), "/ended");
    assert!(site.get("/ended").await.page(200).contains("Your private link has ended"));
    assert!(site.get("/es/ended").await.page(200).contains("Su enlace privado ha terminado"));
    for path in [&link, &format!("/es{link}"), &format!("{link}/end"), &by_code, &receipt] {
        assert_eq!(site.get(path).await.status.as_u16(), 410, "{path}");
    }
    assert_eq!(site.get(&receipt.replace("/received", "/receipt.pdf")).await.status.as_u16(), 410);
    assert_eq!(site.post(&format!("{link}/end"), &[]).await.status.as_u16(), 410, "ended once");
    assert_eq!(site.post(&link, &[("message", "One more thing")]).await.status.as_u16(), 410);

    // The report is where it was, and whoever read its row earlier does not bring the link back by writing.
    let report = site.app.whole_report(&row).await.unwrap().state;
    assert!(report.filed.is_some() && report.link_ended.is_some());
    site.app.add_words(&row, Some(Note::parse("From an old window").unwrap()), Vec::new(), None).await.unwrap();
    assert_eq!(site.get(&link).await.status.as_u16(), 410);
    assert_eq!(site.get(&by_code).await.status.as_u16(), 410);

    // A question would wait where nobody can read it.
    let id: EntryId = site.app.draw();
    let officer: AccountId = site.app.draw();
    let given = Given { actor: Actor::Account(officer), now: site.app.now() };
    let ask = Command::Ask(id, Note::parse("Which room?").unwrap());
    assert_eq!(decide(&report, ask, given), Err(Refusal::LinkEnded));
}
