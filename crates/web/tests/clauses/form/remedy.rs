//! Boxes IV, VII and VIII: the damage whole, the remedy before completion, and its day.

use crate::paper::{BOTH, Case, OFFICERS, PAPER, REPORTERS, SAID, Said};

// proves: DMH04-FORM-VII, DMH16-FORM-VII
#[tokio::test]
async fn a_remedy_may_come_after_handing_in_and_not_after_completion() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.save(&REPORTERS).await;
        case.hand_in().await;
        assert_eq!(case.print().await["reporter"]["remedy"], "", "handed in without one");
        let rest: Vec<_> = OFFICERS.iter().filter(|(id, _)| *id != "VII").copied().collect();
        case.save(&rest).await;
        let page = case.incomplete(&[("papers", "none")]).await;
        assert!(page.contains("Fill in box VII Remedy Implemented."), "{page}");
        // What the reporter left to the officer can still be filled, and is no part of the reporter's signature.
        case.save(&[("VII", "The disk was wiped from afar."), ("VIII", edition.day)]).await;
        assert!(case.page().await.contains("Written after the person who reported had signed"));
        case.site
            .post(&format!("{}/sign", case.form), &case.officer, &Case::signing("completed", &[("papers", "none")]))
            .await;
        assert_eq!(case.print().await["reporter"]["remedy"], "The disk was wiped from afar.");
    }
}

// proves: DMH04-FORM-VIII, DMH16-FORM-VIII
#[tokio::test]
async fn a_remedy_is_not_older_than_its_incident() {
    for edition in BOTH {
        let mut case = Case::open(edition).await;
        let says = "Box VIII Remedy Date cannot name a day before that of box III Date &#38; Time of Incident";
        let early = case.refused(&[("VII", "Wiped from afar."), ("VIII", edition.day_before)]).await;
        assert!(early.contains(says), "{early}");
        let ahead = case.refused(&[("VIII", edition.day_after)]).await;
        assert!(ahead.contains("Box VIII Remedy Date names a day that lies in the future"), "{ahead}");
        // It was in order when it was written; then the incident turns out to have been a day later.
        case.later(86_400).await;
        case.fill().await;
        let described = [("occurred", edition.day_after), ("reason", "The log says so")];
        case.site.post(&format!("{}/describe", case.incident), &case.officer, &described).await;
        let page = case.incomplete(&PAPER).await;
        assert!(page.contains(says), "{page}");
        case.save(&[("VIII", "")]).await;
        let page = case.incomplete(&PAPER).await;
        assert!(page.contains("Fill in box VIII Remedy Date."), "{page}");
        case.save(&[("VIII", edition.day_after)]).await;
        case.complete().await;
    }
}

#[tokio::test]
async fn three_thousand_characters_of_damage_stand_whole_in_box_four() {
    for edition in BOTH {
        let words = "damage ".repeat(429);
        let case = Case::of(edition, Said { words: words.trim(), ..SAID }).await;
        let printed = case.print().await;
        let stands = printed["reporter"]["system_and_damage"].as_str().unwrap();
        assert_eq!(stands.matches("damage").count(), 429);
        assert!(case.page().await.contains("the rest prints on a continuation sheet"));
    }
}
