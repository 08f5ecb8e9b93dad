//! Remembered answers: a repeated request is told what it was told before, and acts once.

use super::world::*;
use crate::*;

fn request(stream: StreamId, key: u64, request: u64) -> Change {
    let answer = format!("answer to {request}").into_bytes();
    Change {
        remember: Some(Remembered { key: hash(key), request: hash(request), answer }),
        ..here().appending(stream, 0, 1)
    }
}

/// The same key with the same request gives back the first answer, although the stream has moved since.
pub async fn a_repeated_request_hears_the_first_answer(w: World) {
    let first = request(id(1), 1, 10);
    w.commit(first.clone()).await;
    let mut second = first.clone();
    if let Some(remember) = &mut second.remember {
        remember.answer = b"a later answer".to_vec();
    }
    let Refused::Repeated(remembered) = w.refused(second).await else { panic!("the answer is remembered") };
    assert_eq!(Some(remembered), first.remember);
    assert_eq!(w.versions(id(1)).await, [1]);
}

/// The same key for something else is refused, and does nothing.
pub async fn a_key_serves_one_request(w: World) {
    w.commit(request(id(1), 1, 10)).await;
    assert_eq!(w.refused(request(id(2), 1, 11)).await, Refused::KeyReused);
    assert!(w.versions(id(2)).await.is_empty());
    w.commit(request(id(2), 2, 11)).await;
}

/// Of a double click, one acts and all others hear its answer.
pub async fn doubles_at_the_same_moment_act_once(w: World) {
    for round in 0..8 {
        let (stream, change) = (id(100 + round), request(id(100 + round), round, round));
        let outcomes = futures::future::join_all((0..4).map(|_| w.store.commit(change.clone()))).await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "winners in round {round}");
        for outcome in lost {
            let Refused::Repeated(remembered) = refusal(outcome) else { panic!("a double is told the answer") };
            assert_eq!(Some(remembered), change.remember);
        }
        assert_eq!(w.versions(stream).await, [1]);
    }
}

/// Answers older than an instant are forgotten step by step, and their keys are free again; younger ones stay.
pub async fn old_answers_are_forgotten(w: World) {
    for n in 1..=5 {
        w.commit(request(id(n), n, n)).await;
    }
    let forget = async |before, after, limit| w.store.forget_answers(before, after, limit).await.expect("answered");
    assert_eq!(forget(long_ago(), None, 10).await, None, "one step reaches the end");
    let Refused::Repeated(_) = w.refused(request(id(1), 1, 1)).await else { panic!("it is young, and stays") };

    let second = forget(at(0), None, 2).await;
    assert_eq!(second, Some(hash(2)), "two were looked at");
    assert_eq!(forget(at(0), second, 10).await, None);
    for n in 1..=5 {
        w.commit(request(id(10 + n), n, 100 + n)).await;
    }
    assert_eq!(forget(at(0), None, 10).await, None);
    assert_eq!(forget(at(0), None, 10).await, None, "nothing is left to look at");
}
