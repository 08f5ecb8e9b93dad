//! Appending: entries keep their order, a stream moves once per version, and a change is whole or absent.

use super::world::*;
use crate::*;

/// What was appended is read back in order, from where the reader asks.
pub async fn entries_come_back_in_order(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 2)).await;
    w.commit(a.appending(stream, 2, 3)).await;
    let all = w.store.read_stream(a.tenant, stream, 0).await.expect("read");
    assert_eq!(all, (1..=5).map(|version| a.entry(stream, version)).collect::<Vec<_>>());
    let rest = w.store.read_stream(a.tenant, stream, 3).await.expect("read");
    assert_eq!(rest, [a.entry(stream, 4), a.entry(stream, 5)]);
    assert!(w.store.read_stream(a.tenant, stream, 5).await.expect("read").is_empty());
}

/// Several streams come back grouped in the order asked, unknown ones leaving no trace.
pub async fn several_streams_come_back_in_the_order_asked(w: World) {
    let (a, first, second, unknown) = (here(), id(1), id(2), id(3));
    w.commit(a.appending(first, 0, 2)).await;
    w.commit(a.appending(second, 0, 2)).await;
    w.commit(a.appending(first, 2, 1)).await;
    let read = w.store.read_streams(a.tenant, &[second, unknown, first]).await.expect("read");
    let places: Vec<_> = read.iter().map(|row| (row.stream, row.version)).collect();
    assert_eq!(places, [(second, 1), (second, 2), (first, 1), (first, 2), (first, 3)]);
    assert!(w.store.read_streams(a.tenant, &[]).await.expect("read").is_empty());
}

/// Somebody who decided on an old version, or on one that never was, is told so.
pub async fn a_stream_that_moved_refuses(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 2)).await;
    for expected in [0, 1, 3] {
        assert_eq!(w.refused(a.appending(stream, expected, 1)).await, Refused::Moved { stream, expected });
    }
    assert_eq!(w.refused(a.appending(id(2), 4, 1)).await, Refused::Moved { stream: id(2), expected: 4 });
    assert_eq!(w.versions(stream).await, [1, 2]);
    assert!(w.versions(id(2)).await.is_empty());
}

/// Of appenders that decided on the same version, exactly one is right.
pub async fn of_racing_appenders_one_wins(w: World) {
    let (a, stream) = (here(), id(1));
    for expected in 0..10 {
        let racers = (0..4).map(|_| w.store.commit(a.appending(stream, expected, 1)));
        let outcomes = futures::future::join_all(racers).await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "winners at version {expected}");
        for outcome in lost {
            assert_eq!(refusal(outcome), Refused::Moved { stream, expected });
        }
    }
    assert_eq!(w.versions(stream).await, (1..=10).collect::<Vec<_>>());
}

/// Writers of different streams do not get in each other's way.
pub async fn writers_of_different_streams_all_succeed(w: World) {
    let a = here();
    let writers = (1..=8).map(|n| {
        let w = &w;
        async move {
            for expected in 0..10 {
                w.commit(a.appending(id(n), expected, 1)).await;
            }
        }
    });
    futures::future::join_all(writers).await;
    for n in 1..=8 {
        assert_eq!(w.versions(id(n)).await.len(), 10);
    }
}

/// When one stream of a change has moved, nothing of the change is written, of whatever kind.
pub async fn a_refused_change_leaves_nothing(w: World) {
    let (a, good, moved) = (here(), id(1), id(2));
    w.commit(a.appending(moved, 0, 1)).await;
    let before = w.store.directory_version().await.expect("version");
    let incident = a.incident(1);
    let change = Change {
        appends: vec![a.append(good, 0, 1), a.append(moved, 0, 1)],
        reports: vec![a.report(1)],
        incidents: vec![incident.clone()],
        duties: Vec::new(),
        words: vec![Words { object: incident.id.into(), tokens: vec![token(1)] }],
        rollups: vec![super::rollups::count(2100, "all", "", 1, 10)],
        jobs: vec![job(1, None)],
        mail: vec![a.mail(1, false)],
        rows: vec![RowChange::Setting(None, "greeting".to_owned(), Some(b"hello".to_vec()))],
        remember: Some(Remembered { key: hash(1), request: hash(2), answer: b"no".to_vec() }),
    };
    assert_eq!(w.refused(change.clone()).await, Refused::Moved { stream: moved, expected: 0 });

    assert!(w.versions(good).await.is_empty());
    assert_eq!(w.versions(moved).await, [1]);
    assert_eq!(w.store.report(a.tenant, a.report(1).id).await.expect("read"), None);
    assert_eq!(w.store.incident(a.tenant, incident.id).await.expect("read"), None);
    assert!(w.list(&a.all_incidents(10)).await.is_empty());
    assert!(w.store.rollups(a.tenant, 0, 9999).await.expect("read").is_empty());
    assert_eq!(w.store.backlog().await.expect("read"), Backlog::default());
    assert_eq!(w.store.setting(None, "greeting").await.expect("read"), None);
    assert_eq!(w.store.directory_version().await.expect("version"), before);
    // The key was not used up either: the same request may try again after reading.
    let again = Change { appends: vec![a.append(good, 0, 1)], ..change };
    w.commit(again).await;
}

/// Changes committed together do not share each other's refusals.
pub async fn a_refused_change_does_not_fail_its_neighbours(w: World) {
    let (a, moved) = (here(), id(1));
    w.commit(a.appending(moved, 0, 1)).await;
    let outcomes = futures::future::join_all((0..24).map(|n| {
        let change = if n % 3 == 0 { a.appending(moved, 0, 1) } else { a.appending(id(100 + n), 0, 1) };
        w.store.commit(change)
    }))
    .await;
    for (n, outcome) in outcomes.into_iter().enumerate() {
        let stream = id(100 + n as u64);
        if n % 3 == 0 {
            assert_eq!(refusal(outcome), Refused::Moved { stream: moved, expected: 0 });
            assert!(w.versions(stream).await.is_empty());
        } else {
            outcome.expect("an innocent neighbour is committed");
            assert_eq!(w.versions(stream).await, [1]);
        }
    }
}

/// Streams are told apart within one change, and many entries may arrive at once.
pub async fn one_change_may_fill_many_streams(w: World) {
    let a = here();
    let appends = (1..=300).map(|n| a.append(id(n), 0, 3)).collect();
    w.commit(Change { appends, ..Change::default() }).await;
    assert_eq!(w.versions(id(1)).await, [1, 2, 3]);
    assert_eq!(w.versions(id(300)).await, [1, 2, 3]);
    assert_eq!(w.store.scan_journal(None, 2_000).await.expect("read").len(), 900);
}

/// A change with nothing in it is no mistake.
pub async fn an_empty_change_is_committed(w: World) {
    assert_eq!(w.commit(Change::default()).await, Committed { incident_numbers: Vec::new() });
}

/// Lawful erasure destroys key and ciphertext of one entry; what the log proves stays.
pub async fn erasure_leaves_the_header(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 3)).await;
    w.commit(rows(vec![RowChange::Erase(stream, 2)])).await;
    let read = w.store.read_stream(a.tenant, stream, 0).await.expect("read");
    let erased = JournalRow { wrapped_key: None, ciphertext: None, ..a.entry(stream, 2) };
    assert_eq!(read, [a.entry(stream, 1), erased, a.entry(stream, 3)]);
}

/// A change that names what does not exist, or leaves a gap, is a mistake of the program and not a refusal.
pub async fn what_cannot_be_meant_is_a_fault(w: World) {
    let (a, stream) = (here(), id(1));
    w.commit(a.appending(stream, 0, 1)).await;
    let gap = Append { stream, expected: 1, rows: vec![a.entry(stream, 3)] };
    w.broken(Change { appends: vec![gap], ..Change::default() }).await;
    let elsewhere = Append { stream, expected: 1, rows: vec![a.entry(id(2), 2)] };
    w.broken(Change { appends: vec![elsewhere], ..Change::default() }).await;
    let words = vec![Words { object: id(9), tokens: vec![token(1)] }];
    w.broken(Change { words, ..a.appending(stream, 1, 1) }).await;
    for row in [RowChange::Erase(stream, 9), RowChange::MoveFile(id(9), FileOwner::Stream(stream))] {
        w.broken(Change { rows: vec![row], ..a.appending(stream, 1, 1) }).await;
    }
    assert_eq!(w.versions(stream).await, [1]);
}
