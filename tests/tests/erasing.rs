//! Lawful erasure: the content is gone for good, the log still verifies and says by which entry, and nothing else moves.

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, Executor};
use tocsin_stories::installation::post;
use tocsin_stories::{Installation, Told, postgres};

fn erased(installation: &Installation, reference: &str, entry: &str) -> Told {
    let order =
        ["--authority", "Order 26-113 of the circuit court", "--reason", "Names a person who was never involved"];
    let mut arguments = vec!["erase", reference, "--entry", entry];
    arguments.extend(order);
    installation.run(&arguments)
}

/// The sentences of what verify found.
fn sentences(told: &Told) -> Vec<String> {
    let found = told.json()["findings"].as_array().expect("findings").clone();
    found.iter().map(|found| found["sentence"].as_str().expect("text").to_owned()).collect()
}

async fn alter(installation: &Installation, sql: &str) {
    match &installation.database {
        None => Connection::open(installation.file()).expect("opens").execute_batch(sql).expect("altered"),
        Some(url) => {
            let mut db = postgres::connect(url).await;
            db.execute(AssertSqlSafe(sql.to_owned())).await.expect("altered");
            db.close().await.expect("closed");
        }
    }
}

async fn an_erased_entry_stays_proved(installation: Installation) {
    let serving = installation.demo();
    let client = reqwest::Client::new();
    let reference =
        post(&client, &serving.address, "erasing", "Quixby left a chart on the bus.").await.expect("a receipt");
    let other = post(&client, &serving.address, "other", "The door stood open.").await.expect("a receipt");
    installation.sealed();
    serving.end();
    let before = installation.verify().sound().json();

    // The reporter's name first, then what was reported.
    for entry in ["2", "1"] {
        let told = erased(&installation, &reference, entry).sound();
        assert!(told.out.contains("Backups made earlier still hold it"), "{}", told.out);
    }
    let told = installation.verify().sound();
    let said: Vec<String> = sentences(&told).into_iter().filter(|said| said.contains("erased by log entry")).collect();
    assert_eq!(said.len(), 2, "{:?}", sentences(&told));
    let after = told.json();
    assert_eq!(after["checked"]["erased"], 2);
    let number = |value: &serde_json::Value, name: &str| value["checked"][name].as_u64().expect("a number");
    assert_eq!(number(&after, "entries"), number(&before, "entries") + 2, "two orders, and nothing taken out");
    assert_eq!(number(&after, "log"), number(&before, "log") + 2);
    assert_eq!(number(&after, "unsealed"), 0);

    for (reference, entry, why) in [
        (reference.as_str(), "1", "erased before"),
        (reference.as_str(), "99", "no entry 99"),
        ("R-2222-2222", "1", "no report or incident"),
    ] {
        let told = erased(&installation, reference, entry);
        assert_eq!(told.code, 1, "{told:?}");
        assert!(told.err.contains(why), "{}", told.err);
    }

    // A case is taken out with the erasure in it, and a server goes on.
    let bundle = installation.beside("erased.zip").display().to_string();
    installation.run(&["export", "case", &reference, "--out", &bundle]).sound();
    let told = tocsin_stories::installation::run(["verify", "--bundle", &bundle]).sound();
    assert!(told.out.contains("2 erased"), "{}", told.out);
    let serving = installation.serve();
    post(&client, &serving.address, "afterwards", "The window too.").await.expect("a receipt");
    installation.sealed();
    serving.end();
    installation.verify().sound();

    // Whoever takes content away without an order is found out.
    let taken = format!(
        "update entry set ciphertext = null, wrapped_key = null
          where version = 1 and stream = (select id from report where reference = '{other}')"
    );
    alter(&installation, &taken).await;
    let told = installation.verify();
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(sentences(&told).iter().any(|said| said.contains("no entry says that it was erased")), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_entry_stays_proved_in_the_embedded_store() {
    an_erased_entry_stays_proved(Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_entry_stays_proved_in_postgres() {
    an_erased_entry_stays_proved(Installation::postgres().await).await;
}
