//! Bytes come back as they went in: any bytes, none at all, and as many as an entry may have.

use super::world::*;
use crate::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => Just(Vec::new()),
        4 => proptest::collection::vec(any::<u8>(), 1..200),
        1 => proptest::collection::vec(any::<u8>(), 60_000..=65_536),
    ]
}

/// Any sequence of entries is read back byte for byte, and so is every sealed part of a row.
pub async fn what_was_written_is_read_back(w: World) {
    let config = Config { cases: 40, max_shrink_iters: 100, failure_persistence: None, ..Config::default() };
    let parts = proptest::collection::vec(
        (any_bytes(), proptest::option::of(any_bytes()), proptest::option::of(any_bytes())),
        1..4,
    );
    let counter = std::sync::atomic::AtomicU64::new(1);
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let w = &w;
        let run = TestRunner::new(config).run(&(parts, any_bytes()), |(entries, sealed)| {
            let case = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            handle.block_on(write_and_read(w, case, entries, sealed))
        });
        run.expect("every byte comes back");
    });
}

type Entry = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

async fn write_and_read(w: &World, n: u64, entries: Vec<Entry>, sealed: Vec<u8>) -> Result<(), TestCaseError> {
    let (a, stream) = (here(), id(n));
    let rows: Vec<JournalRow> = entries
        .into_iter()
        .zip(1..)
        .map(|((header, wrapped_key, ciphertext), version)| JournalRow {
            header,
            wrapped_key,
            ciphertext,
            ..a.entry(stream, version)
        })
        .collect();
    let report = ReportRow { summary: sealed.clone(), ..a.report(n) };
    let incident = IncidentRow { summary: sealed.clone(), ..a.incident(n) };
    let remembered = Remembered { key: hash(n), request: hash(n), answer: sealed.clone() };
    let change = Change {
        appends: vec![Append { stream, expected: 0, rows: rows.clone() }],
        reports: vec![report.clone()],
        incidents: vec![incident.clone()],
        mail: vec![NewMail { sealed: sealed.clone(), ..a.mail(n, false) }],
        rows: vec![RowChange::Setting(None, "any".to_owned(), Some(sealed.clone()))],
        remember: Some(remembered.clone()),
        ..Change::default()
    };
    w.commit(change.clone()).await;
    w.store.save_draft(DraftRow { sealed: sealed.clone(), ..a.draft(hash(n), 1) }, 0).await.expect("saved");
    let file =
        FileRow { sealed: sealed.clone(), wrapped_key: Some(sealed.clone()), ..a.file(n, FileOwner::Draft(hash(n))) };
    w.store.save_file(file.clone()).await.expect("saved");

    prop_assert_eq!(&w.store.read_stream(a.tenant, stream, 0).await.expect("read"), &rows);
    let report = w.store.report(a.tenant, report.id).await.expect("read");
    prop_assert_eq!(report.map(|row| row.summary), Some(sealed.clone()));
    let incident = w.store.incident(a.tenant, incident.id).await.expect("read");
    prop_assert_eq!(incident.map(|row| row.summary), Some(sealed.clone()));
    let newest = w.store.list_mail(None, 1).await.expect("read");
    prop_assert_eq!(&newest[0].sealed, &sealed);
    prop_assert_eq!(w.store.setting(None, "any").await.expect("read"), Some(sealed.clone()));
    let draft = w.store.draft(&hash(n), at(0)).await.expect("read");
    prop_assert_eq!(draft.map(|row| row.sealed), Some(sealed.clone()));
    prop_assert_eq!(w.store.file(a.tenant, file.id).await.expect("read"), Some(file));
    prop_assert_eq!(w.refused(change).await, Refused::Repeated(remembered));
    Ok(())
}
