//! The outbox: nothing is lost, and a letter that the law requires is never sent twice without a person's decision.

use super::world::*;
use crate::*;

async fn claim(w: &World, limit: u32, seconds: u32) -> Vec<ClaimedMail> {
    w.store.claim_mail(limit, seconds).await.expect("claimed")
}

async fn mark(w: &World, mail: &ClaimedMail, mark: MailMark) -> bool {
    w.store.mark_mail(mail.id, mail.token, mark).await.expect("answered")
}

async fn outbox(w: &World) -> Vec<MailRow> {
    w.store.list_mail(Some(here().tenant), 100).await.expect("read")
}

fn post(mail: Vec<NewMail>) -> Change {
    Change { mail, ..Change::default() }
}

/// A message is claimed once, handed over, and keeps the server's answer.
pub async fn a_message_is_sent_once(w: World) {
    let later = NewMail { send_at: at(0), ..here().mail(2, false) };
    w.commit(post(vec![here().mail(1, true), later])).await;
    let claimed = claim(&w, 10, 60).await;
    let [mail] = claimed.as_slice() else { panic!("one message is due: {claimed:?}") };
    let new = here().mail(1, true);
    assert_eq!(
        (mail.id, mail.tenant, &mail.message_id, &mail.sealed),
        (new.id, new.tenant, &new.message_id, &new.sealed)
    );
    assert_eq!(mail.attempt, 1);
    assert!(claim(&w, 10, 60).await.is_empty());
    assert!(mark(&w, mail, MailMark::Submitting).await);
    assert!(mark(&w, mail, MailMark::Accepted("queued as 4F1".to_owned())).await);
    assert!(claim(&w, 10, 60).await.is_empty());
    let row = outbox(&w).await.into_iter().find(|row| row.id == mail.id).expect("listed");
    assert_eq!(
        (row.state, row.statutory, row.attempt, row.answer.as_str()),
        (MailState::Accepted, true, 1, "queued as 4F1")
    );
}

/// Claimers at the same moment never hold the same message.
pub async fn claimers_of_mail_never_share(w: World) {
    w.commit(post((0..40).map(|n| here().mail(n, false)).collect())).await;
    let claimers = (0..4).map(|_| claim(&w, 10, 60));
    let mut ids: Vec<MailId> =
        futures::future::join_all(claimers).await.into_iter().flatten().map(|mail| mail.id).collect();
    ids.extend(claim(&w, 40, 60).await.into_iter().map(|mail| mail.id));
    ids.sort();
    assert_eq!(ids, (0..40).map(|n| here().mail(n, false).id).collect::<Vec<_>>());
}

/// Dying before handing over loses nothing: either kind is claimed again, under a higher token.
pub async fn a_crash_before_handing_over_is_tried_again(w: World) {
    w.commit(post(vec![here().mail(1, false), here().mail(2, true)])).await;
    let crashed = claim(&w, 10, 1).await;
    assert_eq!(crashed.len(), 2);
    let_a_short_lease_lapse().await;
    let again = claim(&w, 10, 60).await;
    assert_eq!(again.len(), 2);
    for mail in &again {
        let before = crashed.iter().find(|before| before.id == mail.id).expect("claimed before");
        assert!(mail.token > before.token);
        assert_eq!(mail.attempt, 2);
        assert!(!mark(&w, before, MailMark::Submitting).await, "a stale token hands nothing over");
    }
}

/// Dying while handing over: information is sent again under its Message-ID, a statutory letter waits for a person.
pub async fn a_crash_while_handing_over_is_in_doubt(w: World) {
    w.commit(post(vec![here().mail(1, false), here().mail(2, true)])).await;
    let crashed = claim(&w, 10, 1).await;
    for mail in &crashed {
        assert!(mark(&w, mail, MailMark::Submitting).await);
    }
    let_a_short_lease_lapse().await;
    let again = claim(&w, 10, 60).await;
    let [information] = again.as_slice() else { panic!("one is claimed again: {again:?}") };
    assert_eq!(
        (information.id, &information.message_id),
        (here().mail(1, false).id, &here().mail(1, false).message_id)
    );
    let letter = outbox(&w).await.into_iter().find(|row| row.statutory).expect("listed");
    assert_eq!(letter.state, MailState::InDoubt);
    let backlog = w.store.backlog().await.expect("read");
    assert_eq!((backlog.mail, backlog.mail_in_trouble), (1, 1));
    for mail in &crashed {
        assert!(!mark(&w, mail, MailMark::Accepted("late".to_owned())).await, "a stale token decides nothing");
    }
    let_a_short_lease_lapse().await;
    assert!(claim(&w, 10, 60).await.is_empty());
}

/// A message that was not taken waits until its instant, statutory or not, and keeps the last answer.
pub async fn a_message_not_taken_is_tried_again(w: World) {
    w.commit(post(vec![here().mail(1, true), here().mail(2, false)])).await;
    for mail in claim(&w, 10, 60).await {
        assert!(mark(&w, &mail, MailMark::Submitting).await);
        let when = if mail.id == here().mail(1, true).id { long_ago() } else { at(0) };
        assert!(mark(&w, &mail, MailMark::Retry(when, "450 later".to_owned())).await);
        assert!(!mark(&w, &mail, MailMark::Accepted(String::new())).await, "the claim has ended");
    }
    assert!(outbox(&w).await.iter().all(|row| row.state == MailState::Pending && row.answer == "450 later"));
    let again = claim(&w, 10, 60).await;
    assert_eq!(again.iter().map(|mail| (mail.id, mail.attempt)).collect::<Vec<_>>(), [(here().mail(1, true).id, 2)]);
}

/// A message refused for good is not tried again, and stays in sight.
pub async fn a_refused_message_stays_in_sight(w: World) {
    w.commit(post(vec![here().mail(1, false)])).await;
    let mail = claim(&w, 1, 60).await.remove(0);
    assert!(mark(&w, &mail, MailMark::Submitting).await);
    assert!(mark(&w, &mail, MailMark::Failed("550 no such box".to_owned())).await);
    assert!(claim(&w, 1, 60).await.is_empty());
    let row = outbox(&w).await.remove(0);
    assert_eq!((row.state, row.answer.as_str()), (MailState::Failed, "550 no such box"));
    let backlog = w.store.backlog().await.expect("read");
    assert_eq!((backlog.mail, backlog.mail_in_trouble), (0, 1));
}

/// The mailbox shows the newest first, of one agency or of all.
pub async fn the_mailbox_is_newest_first(w: World) {
    for n in 1..=3 {
        w.commit(post(vec![here().mail(n, false)])).await;
    }
    w.commit(post(vec![there().mail(4, false)])).await;
    let ids = async |tenant, limit| {
        let rows = w.store.list_mail(tenant, limit).await.expect("read");
        rows.iter().map(|row| row.id).collect::<Vec<MailId>>()
    };
    let mail = |n| here().mail(n, false).id;
    assert_eq!(ids(Some(here().tenant), 10).await, [3, 2, 1].map(mail));
    assert_eq!(ids(Some(here().tenant), 2).await, [3, 2].map(mail));
    assert_eq!(ids(None, 10).await, [4, 3, 2, 1].map(mail));
}

/// No answer after handing over: information waits its while and goes out again, a statutory letter does not.
pub async fn what_may_have_arrived_is_in_doubt(w: World) {
    w.commit(post(vec![here().mail(1, false), here().mail(2, true)])).await;
    for mail in claim(&w, 10, 60).await {
        assert_eq!(mail.doubts, 0);
        let doubt = || MailMark::InDoubt(long_ago(), "the connection broke".to_owned());
        assert!(!mark(&w, &mail, doubt()).await, "what was not handed over has not arrived");
        assert!(mark(&w, &mail, MailMark::Submitting).await);
        assert!(mark(&w, &mail, doubt()).await);
        assert!(!mark(&w, &mail, MailMark::Accepted(String::new())).await, "the claim has ended");
    }
    assert!(outbox(&w).await.iter().all(|row| row.state == MailState::InDoubt && row.doubts == 1));
    assert!(outbox(&w).await.iter().all(|row| row.answer == "the connection broke"));
    let again = claim(&w, 10, 60).await;
    let [information] = again.as_slice() else { panic!("one goes out again: {again:?}") };
    let first = here().mail(1, false);
    assert_eq!((information.id, &information.message_id), (first.id, &first.message_id));
    assert_eq!((information.attempt, information.doubts), (2, 1));
}

/// Whether it arrived twice is not asked a third time: a person decides.
pub async fn a_second_doubt_waits_for_a_person(w: World) {
    w.commit(post(vec![here().mail(1, false)])).await;
    for doubts in 0..2 {
        let mail = claim(&w, 10, 60).await.remove(0);
        assert_eq!(mail.doubts, doubts);
        assert!(mark(&w, &mail, MailMark::Submitting).await);
        assert!(mark(&w, &mail, MailMark::InDoubt(long_ago(), String::new())).await);
    }
    assert!(claim(&w, 10, 60).await.is_empty());
    let row = outbox(&w).await.remove(0);
    assert_eq!((row.state, row.attempt, row.doubts), (MailState::InDoubt, 2, 2));
}

/// The same holds for a sender that dies twice while handing over.
pub async fn a_second_crash_waits_for_a_person(w: World) {
    w.commit(post(vec![here().mail(1, false)])).await;
    for doubts in 0..2 {
        let mail = claim(&w, 10, 1).await.remove(0);
        assert_eq!(mail.doubts, doubts);
        assert!(mark(&w, &mail, MailMark::Submitting).await);
        let_a_short_lease_lapse().await;
    }
    assert!(claim(&w, 10, 60).await.is_empty());
    let row = outbox(&w).await.remove(0);
    assert_eq!((row.state, row.doubts), (MailState::InDoubt, 2));
}

/// What was tried and not taken, refused, or is in doubt is told, the oldest first; what waits or was sent is not.
pub async fn mail_in_trouble_is_told(w: World) {
    w.commit(post((1..=5).map(|n| here().mail(n, false)).collect())).await;
    let marks = [
        Some(MailMark::Retry(at(0), "450 later".to_owned())),
        Some(MailMark::Failed("550 no".to_owned())),
        Some(MailMark::InDoubt(at(0), "gone".to_owned())),
        Some(MailMark::Accepted("queued".to_owned())),
        None,
    ];
    let mut claimed = claim(&w, 10, 60).await;
    claimed.sort_by_key(|mail| mail.id);
    for (mail, note) in claimed.iter().zip(marks) {
        if let Some(note) = note {
            assert!(mark(&w, mail, MailMark::Submitting).await);
            assert!(mark(&w, mail, note).await);
        }
    }
    w.commit(post(vec![here().mail(6, false)])).await;
    let told = async |limit| {
        let rows = w.store.troubled_mail(limit).await.expect("read");
        rows.into_iter().map(|row| (row.id, row.state, row.answer)).collect::<Vec<_>>()
    };
    let row = |n, state, answer: &str| (here().mail(n, false).id, state, answer.to_owned());
    let all = [
        row(1, MailState::Pending, "450 later"),
        row(2, MailState::Failed, "550 no"),
        row(3, MailState::InDoubt, "gone"),
    ];
    assert_eq!(told(10).await, all);
    assert_eq!(told(2).await, all[..2]);
}
