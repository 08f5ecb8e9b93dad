//! Jobs and leases: one holder at a time, and a late one is known by its token.

use super::world::*;
use crate::*;
use std::collections::BTreeSet;

async fn claim(w: &World, limit: u32, seconds: u32) -> Vec<ClaimedJob> {
    w.store.claim_jobs(limit, seconds).await.expect("claimed")
}

/// A due job is claimed with its body; one that is not due waits.
pub async fn a_due_job_is_claimed(w: World) {
    let later = NewJob { run_at: at(0), ..job(2, None) };
    w.commit(enqueue(vec![job(1, None), later])).await;
    let claimed = claim(&w, 10, 60).await;
    let [only] = claimed.as_slice() else { panic!("one job is due: {claimed:?}") };
    assert_eq!(
        (only.id, only.kind.as_str(), only.body.as_slice(), only.attempt),
        (job(1, None).id, "count", &b"body 1"[..], 1)
    );
    assert!(claim(&w, 10, 60).await.is_empty());
}

/// Claimers at the same moment never hold the same job, and together they get all.
pub async fn claimers_never_share(w: World) {
    w.commit(enqueue((0..60).map(|n| job(n, None)).collect())).await;
    let claimers = (0..4).map(|_| {
        let w = &w;
        async move {
            let mut mine = Vec::new();
            loop {
                let claimed = claim(w, 5, 60).await;
                assert!(claimed.len() <= 5);
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|job| job.id));
            }
        }
    });
    let all: Vec<JobId> = futures::future::join_all(claimers).await.into_iter().flatten().collect();
    assert_eq!(all.len(), 60);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 60);
}

/// A worker that dies leaves its job to another, who gets a higher token; the dead one's answer comes too late.
pub async fn a_crashed_worker_loses_its_job(w: World) {
    w.commit(enqueue(vec![job(1, None)])).await;
    let crashed = claim(&w, 1, 1).await.remove(0);
    assert!(claim(&w, 1, 60).await.is_empty(), "the lease still runs");
    let_a_short_lease_lapse().await;
    let second = claim(&w, 1, 60).await.remove(0);
    assert_eq!((second.id, second.attempt), (crashed.id, 2));
    assert!(second.token > crashed.token);
    for outcome in [JobOutcome::Done, JobOutcome::Retry(long_ago(), String::new()), JobOutcome::Failed(String::new())] {
        assert!(!w.store.finish_job(crashed.id, crashed.token, outcome).await.expect("answered"));
    }
    assert!(claim(&w, 1, 60).await.is_empty(), "the late answer changed nothing");
    assert!(w.store.finish_job(second.id, second.token, JobOutcome::Done).await.expect("answered"));
}

/// What is done is not done again.
pub async fn a_finished_job_is_gone(w: World) {
    w.commit(enqueue(vec![job(1, None)])).await;
    let claimed = claim(&w, 1, 1).await.remove(0);
    assert!(w.store.finish_job(claimed.id, claimed.token, JobOutcome::Done).await.expect("answered"));
    assert!(!w.store.finish_job(claimed.id, claimed.token, JobOutcome::Done).await.expect("answered"));
    let_a_short_lease_lapse().await;
    assert!(claim(&w, 1, 60).await.is_empty());
    assert_eq!(w.store.backlog().await.expect("read"), Backlog::default());
}

/// A job put off waits until its instant, and counts its attempts.
pub async fn a_job_is_tried_again_when_it_says(w: World) {
    w.commit(enqueue(vec![job(1, None), job(2, None)])).await;
    for claimed in claim(&w, 2, 60).await {
        let when = if claimed.id == job(1, None).id { long_ago() } else { at(0) };
        let retry = JobOutcome::Retry(when, "server busy".to_owned());
        assert!(w.store.finish_job(claimed.id, claimed.token, retry).await.expect("answered"));
    }
    let again = claim(&w, 2, 60).await;
    assert_eq!(again.iter().map(|job| (job.id, job.attempt)).collect::<Vec<_>>(), [(job(1, None).id, 2)]);
}

/// A job given up is not claimed again, and stays in sight.
pub async fn a_failed_job_stays_in_sight(w: World) {
    w.commit(enqueue(vec![job(1, None)])).await;
    let claimed = claim(&w, 1, 1).await.remove(0);
    let failed = JobOutcome::Failed("no such template".to_owned());
    assert!(w.store.finish_job(claimed.id, claimed.token, failed).await.expect("answered"));
    let_a_short_lease_lapse().await;
    assert!(claim(&w, 1, 60).await.is_empty());
    let backlog = w.store.backlog().await.expect("read");
    assert_eq!((backlog.jobs, backlog.failed_jobs), (0, 1));
}

/// Of jobs with one key, one waits; when it is done the key is free again.
pub async fn one_job_waits_per_key(w: World) {
    w.commit(enqueue(vec![job(1, Some("seal")), job(2, Some("seal")), job(3, None), job(4, None)])).await;
    w.commit(enqueue(vec![job(5, Some("seal")), job(6, Some("other"))])).await;
    let mut claimed = claim(&w, 10, 60).await;
    claimed.sort_by_key(|job| job.id);
    let ids: Vec<JobId> = claimed.iter().map(|job| job.id).collect();
    assert_eq!(ids, [1, 3, 4, 6].map(|n| job(n, None).id));
    assert!(w.store.finish_job(claimed[0].id, claimed[0].token, JobOutcome::Done).await.expect("answered"));
    w.commit(enqueue(vec![job(7, Some("seal"))])).await;
    assert_eq!(claim(&w, 10, 60).await.iter().map(|job| job.id).collect::<Vec<_>>(), [job(7, None).id]);
}

/// What happens while a job runs is not forgotten: another with its key may wait, and a retry joins the one that waits.
pub async fn a_running_job_does_not_swallow_the_next(w: World) {
    w.commit(enqueue(vec![job(1, Some("seal"))])).await;
    let running = claim(&w, 10, 60).await.remove(0);
    w.commit(enqueue(vec![job(2, Some("seal"))])).await;
    w.commit(enqueue(vec![job(3, Some("seal"))])).await;
    let retry = JobOutcome::Retry(long_ago(), "again".to_owned());
    assert!(w.store.finish_job(running.id, running.token, retry).await.expect("answered"));
    assert_eq!(claim(&w, 10, 60).await.len(), 1, "one of the key waits");
}

/// The backlog counts what is due, not what is planned.
pub async fn the_backlog_counts_what_is_due(w: World) {
    let a = here();
    assert_eq!(w.store.backlog().await.expect("read"), Backlog::default());
    let change = Change {
        jobs: vec![job(1, None), job(2, None), NewJob { run_at: at(0), ..job(3, None) }],
        mail: vec![a.mail(1, false)],
        ..Change::default()
    };
    w.commit(change).await;
    let backlog = w.store.backlog().await.expect("read");
    assert_eq!((backlog.jobs, backlog.failed_jobs, backlog.mail, backlog.mail_in_trouble), (2, 0, 1, 0));
    assert!(backlog.oldest_seconds >= 0);
}

/// A lease has one holder, who may renew it under the same token.
pub async fn a_lease_has_one_holder(w: World) {
    let take = async |holder| w.store.take_lease("sealer", holder, 60).await.expect("answered");
    let first = take("north").await.expect("free");
    assert_eq!(take("south").await, None);
    assert_eq!(take("north").await, Some(first));
    assert!(
        w.store.take_lease("mail", "south", 60).await.expect("answered").is_some(),
        "another name is another lease"
    );
}

/// Who takes over a lapsed lease gets a higher token, and then holds it.
pub async fn a_takeover_raises_the_token(w: World) {
    let first = w.store.take_lease("sealer", "north", 1).await.expect("answered").expect("free");
    let_a_short_lease_lapse().await;
    let second = w.store.take_lease("sealer", "south", 60).await.expect("answered").expect("lapsed");
    assert!(second > first);
    assert_eq!(w.store.take_lease("sealer", "north", 60).await.expect("answered"), None);
}

/// Of those who ask for a free lease at once, one gets it.
pub async fn of_racing_holders_one_gets_the_lease(w: World) {
    let holders = ["north", "south", "east", "west"];
    let asked = holders.map(|holder| w.store.take_lease("sealer", holder, 60));
    let got = futures::future::join_all(asked).await.into_iter().filter(|lease| matches!(lease, Ok(Some(_)))).count();
    assert_eq!(got, 1);
}

/// Work that is still to be done is found by its kind, until it is done.
pub async fn a_kind_of_job_is_looked_for(w: World) {
    assert!(!w.store.job_waits("seal").await.expect("asked"));
    w.commit(enqueue(vec![NewJob { kind: "seal".to_owned(), ..job(1, None) }])).await;
    assert!(w.store.job_waits("seal").await.expect("asked"));
    assert!(!w.store.job_waits("other").await.expect("asked"));
    let claimed = w.store.claim_jobs(1, 60).await.expect("claimed").remove(0);
    assert!(w.store.job_waits("seal").await.expect("asked"), "under way");
    assert!(w.store.finish_job(claimed.id, claimed.token, JobOutcome::Done).await.expect("finished"));
    assert!(!w.store.job_waits("seal").await.expect("asked"));
}
