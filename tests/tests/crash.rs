//! Fifty power cuts under load: every receipt stands exactly once, nothing is half-written, and the store verifies.

use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tocsin_stories::Installation;
use tocsin_stories::installation::post;

const CUTS: usize = 50;
/// Reports that the demonstration itself files: eight that wait, and those behind its five incidents.
const DEMONSTRATED: usize = 13;
const CALLERS: usize = 8;

/// What each caller's key got: the reference, once it was acknowledged.
type Ledger = Arc<Mutex<BTreeMap<String, Option<String>>>>;

/// Files reports until the server is gone. A key whose answer was lost stays without a reference.
async fn call(address: String, ledger: Ledger, round: usize, who: usize) {
    let client = reqwest::Client::new();
    for n in 0.. {
        let key = format!("cut-{round}-{who}-{n}");
        ledger.lock().expect("unpoisoned").insert(key.clone(), None);
        let Some(reference) = post(&client, &address, &key, &words(&key)).await else { return };
        ledger.lock().expect("unpoisoned").insert(key, Some(reference));
    }
}

fn words(key: &str) -> String {
    format!("Report {key}: a cabinet was found open.")
}

fn acknowledged(ledger: &Ledger) -> usize {
    ledger.lock().expect("unpoisoned").values().flatten().count()
}

async fn fifty_power_cuts(installation: &Installation) -> Ledger {
    installation.demo().end();
    let ledger = Ledger::default();
    for round in 0..CUTS {
        let serving = installation.serve();
        let before = acknowledged(&ledger);
        let callers: Vec<_> =
            (0..CALLERS).map(|who| tokio::spawn(call(serving.address.clone(), ledger.clone(), round, who))).collect();
        while acknowledged(&ledger) == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // The cut falls elsewhere in the work each time, between nothing and a third of a second later.
        tokio::time::sleep(Duration::from_millis((round as u64 * 37) % 331)).await;
        serving.kill();
        for caller in callers {
            caller.await.expect("the caller ended");
        }
    }
    again(installation, &ledger).await;
    ledger
}

/// Callers whose answer was lost repeat their request under the same key, as the interface tells them to. Those who
/// had their answer get the same one.
async fn again(installation: &Installation, ledger: &Ledger) {
    let serving = installation.serve();
    let client = reqwest::Client::new();
    let known = ledger.lock().expect("unpoisoned").clone();
    for (n, (key, reference)) in known.iter().enumerate() {
        if reference.is_none() || n % 50 == 0 {
            let now = post(&client, &serving.address, key, &words(key)).await.expect("the server answers");
            assert!(reference.as_ref().is_none_or(|before| *before == now), "{key} got {now} instead of {reference:?}");
            ledger.lock().expect("unpoisoned").insert(key.clone(), Some(now));
        }
    }
    installation.sealed();
    serving.end();
}

/// Holds the store's references to the ledger's.
fn hold(installation: &Installation, ledger: &Ledger, mut stored: Vec<String>) {
    let mut receipts: Vec<String> = ledger.lock().expect("unpoisoned").values().flatten().cloned().collect();
    let keys = ledger.lock().expect("unpoisoned").len();
    receipts.sort();
    receipts.dedup();
    assert_eq!(receipts.len(), keys, "one receipt for each key");
    assert!(keys > CUTS * 2, "the cuts fell into work: {keys} reports");
    stored.sort();
    let once = stored.len();
    stored.dedup();
    assert_eq!(stored.len(), once, "no reference twice");
    let missing: Vec<&String> = receipts.iter().filter(|receipt| stored.binary_search(receipt).is_err()).collect();
    assert!(missing.is_empty(), "acknowledged and gone: {missing:?}");
    // The demonstration's own reports are there besides, and nothing else.
    assert_eq!(stored.len(), receipts.len() + DEMONSTRATED, "each report once, and none that nobody filed");
    let told = installation.verify();
    assert_eq!(told.code, 0, "{}", told.out);
    assert_eq!(told.json()["checked"]["unsealed"], 0);
    println!("{keys} reports over {CUTS} power cuts, each there exactly once; verify is clean");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; the full check runs it"]
async fn fifty_power_cuts_lose_nothing_that_was_acknowledged() {
    let installation = Installation::embedded();
    let ledger = fifty_power_cuts(&installation).await;
    let db = rusqlite::Connection::open(installation.file()).expect("opens");
    let mut rows = db.prepare("select reference from report").expect("a question");
    let stored = rows.query_map([], |row| row.get(0)).expect("asked").map(|row| row.expect("a reference")).collect();
    hold(&installation, &ledger, stored);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; the full check runs it"]
async fn fifty_power_cuts_on_postgres_lose_nothing_that_was_acknowledged() {
    let installation = Installation::postgres().await;
    let ledger = fifty_power_cuts(&installation).await;
    let mut db = tocsin_stories::postgres::connect(installation.database.as_deref().expect("a database")).await;
    let rows = sqlx::query("select reference from report").fetch_all(&mut db).await.expect("asked");
    hold(&installation, &ledger, rows.iter().map(|row| row.get(0)).collect());
}
