//! What moves the level: the state, the chief, and nobody else.

use super::{Board, DECLARE, with};
use crate::hands::read;

// proves: DMH04-5.B.1, DMH04-5.B.1-notice, DMH04-5.B.1-assess
#[tokio::test]
async fn each_notice_of_the_state_is_kept_with_its_channel_and_asks_for_an_assessment() {
    let mut board = Board::open().await;
    board.declare("3").await;
    board.later("2005-03-04T10:00:00-06:00").await;
    board.notice("2005-03-01", "2").await;
    let site = &board.site;
    let page = board.board().await;
    assert!(page.contains("Assess the level: the state recommends 2 Increased risk of attack"), "{page}");
    assert!(page.contains("by State response desk, from Watch officer"), "{page}");
    let part =
        [("on", "2005-03-02"), ("at", "9:00 am"), ("reference", "X"), ("level", "2"), ("sender", "Watch officer")];
    site.refused("/organisation/notices", &board.chief, &part, "Choose the channel").await;
    let strange: Vec<_> = part.iter().copied().chain([("channel", "A rumor")]).collect();
    site.refused("/organisation/notices", &board.chief, &strange, "Choose the channel from the list.").await;
    // Confirming the present level with a reason answers for it.
    let confirm = with(&[DECLARE], &[("reason", "Our own signs did not change")]);
    site.post("/readiness/declare", &board.chief, &confirm).await;
    let page = board.board().await;
    assert!(!page.contains("Assess the level:") && page.contains("Confirmed 3 Specific risk of attack"), "{page}");
    board.notice("2005-03-04", "3").await;
    for (day, state) in [
        ("2005-02-28", "1 Normal activity"),
        ("2005-03-02", "2 Increased risk of attack"),
        ("2005-03-04", "3 Specific risk of attack"),
    ] {
        let page = site.get(&format!("/readiness?on={day}"), &board.chief).await;
        assert!(
            page.contains(&format!("the state’s level was {state} and the department’s 3 Specific")),
            "{day}: {page}"
        );
    }
    let history = board.board().await;
    assert!(
        history.contains("The state recommends 2 Increased") && history.contains("The state recommends 3 Specific")
    );
}

// proves: DMH04-5.B.2, DMH04-5.B.2-cso, DMH04-4.A.3
#[tokio::test]
async fn the_level_is_never_below_the_states_and_only_the_chief_declares_it() {
    let mut board = Board::open().await;
    board.later("2005-03-04T10:00:00-06:00").await;
    board.notice("2005-03-01", "3").await;
    let page = board.board().await;
    assert!(page.contains("INFOCON: 3 Specific risk of attack") && page.contains("raised by floor"), "{page}");
    board.declare("3").await;
    board
        .not_declared(&[("level", "2")], "The state recommends 3 Specific risk of attack. The level can’t be lower.")
        .await;
    board.declare("4").await;
    let site = &board.site;
    let tried = with(&[DECLARE], &[("level", "5")]);
    let words = "Only the chief security officer declares the level. Send them a proposal instead.";
    site.refused("/readiness/declare", &board.officer, &tried, words).await;
    site.refused("/readiness/declare", &board.admin, &tried, words).await;
    let proposal = [("proposed", "5"), ("why", "Three wards are cut off")];
    assert_eq!(site.post("/readiness/propose", &board.officer, &proposal).await, "/readiness?done=proposed");
    assert!(site.get("/home", &board.chief).await.contains("A. Ortiz proposes 5 General attack"));
    board.notice("2005-03-04", "5").await;
    let page = board.board().await;
    assert!(page.contains("INFOCON: 5 General attack"), "{page}");
    let since = "since Fri, Mar 4, 2005, 9:00 a.m. CST, raised by floor";
    assert!(read(&page).contains(since), "{page}");
    // When the state's level falls, nothing changes until the chief declares; then it may fall to the state's.
    board.later("2005-03-08T10:00:00-06:00").await;
    board.notice("2005-03-07", "2").await;
    assert!(board.board().await.contains("INFOCON: 5 General attack"));
    board.declare("3").await;
    board.declare("2").await;
    assert!(board.board().await.contains("INFOCON: 2 Increased risk of attack"));
}

// proves: DMH04-5.B.2-facility
#[tokio::test]
async fn four_facilities_read_the_level_of_central_office_at_once_and_confirm_it() {
    let board = Board::open().await;
    let site = &board.site;
    for (name, code) in [("Beta", "BETA"), ("Gamma", "GAMMA"), ("Delta", "DELTA")] {
        site.facility(name, code).await;
    }
    board.declare("3").await;
    board.declare("4").await;
    let page = site.get("/readiness", &board.officer).await;
    let units = &page[page.find("Units, equal to the head office").unwrap()..];
    let units = units.split("</section>").next().unwrap();
    assert_eq!(units.matches("4 Limited attack").count(), 4, "{units}");
    assert!(units.contains("4 not confirmed."), "{units}");
    // The officer confirms for Riverbend alone, and nobody sets a level for a unit.
    assert_eq!(units.matches("action=\"/readiness/confirm\"").count(), 1, "{units}");
    assert!(!units.contains("name=\"level\""), "{units}");
    assert!(site.get("/home", &board.officer).await.contains("Confirm 4 Limited attack for Riverbend Center"));
    let step = super::between(units, "name=\"step\" value=\"", "\"");
    site.post("/readiness/confirm", &board.officer, &[("step", step), ("unit", "RVB")]).await;
    let page = site.get("/readiness", &board.officer).await;
    assert!(page.contains("3 not confirmed.") && page.contains("confirmed by A. Ortiz"), "{page}");
}
