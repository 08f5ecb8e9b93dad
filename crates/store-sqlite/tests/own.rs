//! What only the embedded store promises: one process per folder, readers beside it, copies under load.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::contract::world::{at, hash, here, id, token};
use store::*;
use tocsin_store_sqlite::SqliteStore;

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("tocsin.db")).expect("opens")
}

fn setting(name: String) -> Change {
    Change { rows: vec![RowChange::Setting(None, name, Some(vec![1; 2_000]))], ..Change::default() }
}

#[test]
fn another_process_is_told_that_the_folder_is_taken() {
    const FOLDER: &str = "TOCSIN_TEST_TAKEN_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        // This is the second process: it reports what it was told and how reading went.
        let path = Path::new(&folder).join("tocsin.db");
        let told = SqliteStore::open(&path).err().expect("refused").to_string();
        assert!(told.contains("another process"), "{told}");
        let beside = SqliteStore::open_read_only(&path).expect("opens beside");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        let kept = runtime.block_on(beside.setting(None, "kept")).expect("reads");
        assert_eq!(kept, Some(vec![1; 2_000]));
        let told = runtime.block_on(beside.next_numbers(here().tenant, 2026, 1)).expect_err("refused").to_string();
        assert!(told.contains("read only"), "{told}");
        println!("the second process came to the end");
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let store = open(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(store.commit(setting("kept".into()))).expect("committed");
    let second = Command::new(std::env::current_exe().expect("this test"))
        .args(["another_process_is_told_that_the_folder_is_taken", "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .expect("a second process");
    let said = String::from_utf8_lossy(&second.stdout);
    assert!(second.status.success() && said.contains("came to the end"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_free_again_when_its_store_is_dropped() {
    let folder = tempfile::tempdir().expect("folder");
    let store = open(folder.path());
    store.commit(setting("kept".into())).await.expect("committed");
    assert!(SqliteStore::open(&folder.path().join("tocsin.db")).is_err());
    drop(store);
    assert_eq!(open(folder.path()).setting(None, "kept").await.expect("reads"), Some(vec![1; 2_000]));
}

#[tokio::test(flavor = "multi_thread")]
async fn running_numbers_go_on_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let first = open(folder.path()).commit(incident(1)).await.expect("committed").incident_numbers;
    let second = open(folder.path()).commit(incident(2)).await.expect("committed").incident_numbers;
    assert!(second > first, "{second:?} after {first:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_is_one_state_and_opens() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Arc::new(open(folder.path()));
    // Two settings at a time: in any consistent copy the pairs are complete.
    let pair = |n: u32| Change {
        rows: ["left", "right"]
            .map(|side| RowChange::Setting(None, format!("{side} {n}"), Some(vec![1; 2_000])))
            .into(),
        ..Change::default()
    };
    for n in 0..2_000 {
        store.commit(pair(n)).await.expect("committed");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
        async move {
            let mut n = 2_000;
            while !stop.load(Ordering::Relaxed) {
                store.commit(pair(n)).await.expect("committed under the copy");
                n += 1;
            }
            n
        }
    });
    let to = folder.path().join("copy.db");
    store.backup(&to).await.expect("copied");
    stop.store(true, Ordering::Relaxed);
    let written = writing.await.expect("wrote");
    assert!(written > 2_000, "nothing was written meanwhile");

    let copy = SqliteStore::open(&to).expect("the copy opens as a store");
    let mut copied = 0;
    for n in 0..written {
        let left = copy.setting(None, &format!("left {n}")).await.expect("reads");
        let right = copy.setting(None, &format!("right {n}")).await.expect("reads");
        assert_eq!(left, right, "pair {n}");
        copied += u32::from(left.is_some());
    }
    assert!(copied >= 2_000, "{copied}");
    let told = store.backup(&to).await.expect_err("not overwritten").to_string();
    assert!(told.contains("not overwritten"), "{told}");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("lists")
        .filter(|entry| entry.as_ref().expect("entry").file_name().to_string_lossy().contains("unfinished"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_nowhere_in_the_files() {
    let folder = tempfile::tempdir().expect("folder");
    let store = open(folder.path());
    let secret = *b"the very bytes that a court ordered gone";
    let entry = JournalRow {
        stream: id(1),
        version: 1,
        tenant: here().tenant,
        header: b"header".to_vec(),
        hash: hash(1),
        wrapped_key: Some(secret.to_vec()),
        ciphertext: Some(secret.repeat(300)),
    };
    let append = Append { stream: entry.stream, expected: 0, rows: vec![entry] };
    store.commit(Change { appends: vec![append], ..Change::default() }).await.expect("committed");
    assert!(found(folder.path(), &secret), "the test looks in the wrong place");

    let erase = Change { rows: vec![RowChange::Erase(id(1), 1)], ..Change::default() };
    store.commit(erase).await.expect("erased");
    // The log is emptied after the answer: the next commit comes after it.
    store.commit(setting("later".into())).await.expect("committed");
    assert!(!found(folder.path(), &secret));
}

fn found(folder: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("lists").any(|entry| {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("reads");
        bytes.windows(wanted.len()).any(|window| window == wanted)
    })
}

fn incident(n: u64) -> Change {
    let row = IncidentRow {
        id: id(1_000 + n),
        n: 0,
        tenant: here().tenant,
        unit: here().unit,
        reference: format!("TST-2026-{n}"),
        opened_at: at(0),
        state: if n <= 60 { IncidentState::Open } else { IncidentState::Closed },
        lead: None,
        next_due: None,
        source: None,
        version: 1,
        summary: vec![7; 120],
    };
    let common = [token(1), token(2)];
    let rare = n.is_multiple_of(1_000).then(|| token(3));
    let words = Words { object: row.id.into(), tokens: common.into_iter().chain(rare).collect() };
    Change { incidents: vec![row], words: vec![words], ..Change::default() }
}

/// The best of many readings, so that a busy machine does not decide.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_hundred_thousand_incidents_is_read_like_one_of_a_thousand() {
    let folder = tempfile::tempdir().expect("folder");
    let store = open(folder.path());
    let query = |all: &[u16], state, before| IncidentQuery {
        tenant: here().tenant,
        state,
        all: all.iter().map(|n| token(*n)).collect(),
        any: vec![],
        viewer: here().officer,
        before,
        limit: 50,
    };
    let mut small = Vec::new();
    for hundred in 0..1_000_u64 {
        let mut change = Change::default();
        for n in hundred * 100 + 1..=hundred * 100 + 100 {
            let mut one = incident(n);
            change.incidents.append(&mut one.incidents);
            change.words.append(&mut one.words);
        }
        store.commit(change).await.expect("committed");
        if hundred == 9 {
            small = timings(&store, &query).await;
        }
    }
    let large = timings(&store, &query).await;
    for (name, (small, large)) in
        ["no words", "a common word", "two", "from the middle", "the open ones", "the open ones with a word"]
            .iter()
            .zip(small.iter().zip(&large))
    {
        println!("{name}: {small:?} for 1 000, {large:?} for 100 000");
        // A walk over all would take about a hundred times as long; noise does not take twenty.
        assert!(*large < *small * 20, "{name}: {small:?} for 1 000, {large:?} for 100 000");
    }
    let rare = store.list_incidents(&query(&[1, 3], None, None)).await.expect("lists");
    let references: Vec<_> = rare.iter().map(|row| row.reference.as_str()).take(2).collect();
    assert_eq!(references, ["TST-2026-100000", "TST-2026-99000"]);

    // Sixty old ones are open among a hundred thousand that share the word: page by page, each once.
    let mut open = Vec::new();
    let mut before = None;
    loop {
        let mut asked = query(&[1], Some(IncidentState::Open), before);
        asked.limit = 25;
        let page = store.list_incidents(&asked).await.expect("lists");
        open.extend(page.iter().map(|row| row.n));
        before = page.last().map(|row| row.n);
        if page.len() < 25 {
            break;
        }
    }
    assert_eq!(open, (1..=60).rev().collect::<Vec<i64>>());
}

#[allow(clippy::disallowed_methods)] // the test is about how long a page takes
async fn timings(
    store: &SqliteStore,
    query: &impl Fn(&[u16], Option<IncidentState>, Option<i64>) -> IncidentQuery,
) -> Vec<std::time::Duration> {
    let mut best = Vec::new();
    let open = Some(IncidentState::Open);
    for query in [
        query(&[], None, None),
        query(&[1], None, None),
        query(&[1, 2], None, None),
        query(&[1], None, Some(500)),
        query(&[], open, None),
        query(&[1], open, None),
    ] {
        let mut took = Vec::new();
        for _ in 0..25 {
            let begun = std::time::Instant::now();
            assert_eq!(store.list_incidents(&query).await.expect("lists").len(), 50);
            took.push(begun.elapsed());
        }
        best.push(took.into_iter().min().expect("measured"));
    }
    best
}

#[test]
fn every_table_of_the_schema_moves_with_the_store() {
    let folder = tempfile::tempdir().expect("folder");
    drop(open(folder.path()));
    let db = rusqlite::Connection::open(folder.path().join("tocsin.db")).expect("opens");
    // FTS5 keeps tables of its own beside the index, and SQLite one for its counters.
    let query = "select t.name || ': ' || group_concat(c.name, ', ' order by c.cid)
                   from pragma_table_list t, pragma_table_xinfo(t.name) c
                  where t.schema = 'main' and t.type in ('table', 'virtual') and t.name not like 'sqlite_%' and c.hidden = 0
                  group by t.name
                  order by t.name";
    let mut statement = db.prepare(query).expect("asked");
    let schema: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("asked").collect::<Result<_, _>>().expect("read");
    let mut moved: Vec<String> = store::copying::TABLES
        .iter()
        .map(|table| {
            format!(
                "{}: {}",
                table.name,
                table.names().trim_start_matches(if table.name == "word" { "n, " } else { "" })
            )
        })
        .collect();
    moved.sort();
    assert_eq!(moved, schema);
}
