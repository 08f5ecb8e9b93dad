//! An installation moves from one kind of store to the other and back: nothing is lost, and half a copy is none.

use rusqlite::Connection;
use sqlx::Executor;
use tocsin_stories::installation::{post, run};
use tocsin_stories::{Installation, Told, postgres};

/// A demonstration with a report of our own, all of it sealed.
async fn lived_in(installation: &Installation) -> String {
    let serving = installation.demo();
    let client = reqwest::Client::new();
    let words = "The door of the archive\nstood open\tall night — \\N \\. 'quoted' \u{202e}text.";
    let reference = post(&client, &serving.address, "moving", words).await.expect("a receipt");
    installation.sealed();
    serving.end();
    reference
}

fn embedded(installation: &Installation) -> String {
    format!("sqlite:{}", installation.file().display())
}

fn moved(installation: &Installation, from: &str, to: &str) -> Told {
    let data = installation.data().display().to_string();
    run(["migrate-store", "--from", from, "--to", to, "--data", &data])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_moves_to_postgres_and_back() {
    let mut installation = Installation::embedded();
    let reference = lived_in(&installation).await;
    let before = installation.verify().sound().json();
    let database = postgres::database().await;
    let told = moved(&installation, &embedded(&installation), &database).sound();
    assert!(told.out.contains("Done.") && told.out.contains("checkpoint is the same"), "{}", told.out);
    assert!(!told.out.contains("postgres://"), "an address may hold a password: {}", told.out);

    // It serves, takes reports, seals and verifies there; what was known is known.
    let old = installation.file();
    installation.database = Some(database.clone());
    let there = installation.verify().sound().json();
    assert_eq!(there["checked"], before["checked"]);
    let serving = installation.serve();
    let client = reqwest::Client::new();
    let again = post(
        &client,
        &serving.address,
        "moving",
        "The door of the archive\nstood open\tall night — \\N \\. 'quoted' \u{202e}text.",
    );
    assert_eq!(again.await.expect("a receipt"), reference, "a repeated request hears the first answer");
    let added = post(&client, &serving.address, "there", "The window too.").await.expect("a receipt");
    installation.sealed();
    serving.end();

    // And back, into a new file.
    let back = installation.beside("back.db");
    let file = format!("sqlite:{}", back.display());
    moved(&installation, &database, &file).sound();
    let after = installation.verify().sound().json();
    installation.database = Some(file);
    assert_eq!(installation.verify().sound().json()["checked"], after["checked"]);
    let bundle = installation.beside("added.zip").display().to_string();
    installation.run(&["export", "case", &added, "--out", &bundle]).sound();
    let found = |path: &std::path::Path, n: &str| -> i64 {
        let db = Connection::open(path).expect("opens");
        db.query_row(&format!("select count(*) from {n}"), [], |row| row.get(0)).expect("counted")
    };
    assert_eq!(found(&back, "report"), found(&old, "report") + 1);
    assert_eq!(found(&back, "word"), found(&old, "word") + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_holds_something_is_refused_and_left_as_it_is() {
    let installation = Installation::embedded();
    lived_in(&installation).await;
    let from = embedded(&installation);

    let told = moved(&installation, &from, &from);
    assert_eq!(told.code, 1, "{told:?}");
    let other = postgres::database().await;
    postgres::connect(&other).await.execute("create table theirs (a integer)").await.expect("made");
    let told = moved(&installation, &from, &other);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("not empty") && told.err.contains("theirs"), "{}", told.err);

    let taken = postgres::database().await;
    moved(&installation, &from, &taken).sound();
    let told = moved(&installation, &from, &taken);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("not empty"), "{}", told.err);
    let file = installation.beside("there.db");
    std::fs::write(&file, b"").expect("written");
    let told = moved(&installation, &from, &format!("sqlite:{}", file.display()));
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("exists"), "{}", told.err);

    let serving = installation.serve();
    let told = moved(&installation, &from, &postgres::database().await);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("another process is serving"), "{}", told.err);
    serving.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_store_is_not_said_to_have_moved() {
    let installation = Installation::embedded();
    lived_in(&installation).await;
    let db = Connection::open(installation.file()).expect("opens");
    db.execute("update report set urgency = urgency + 1 where n = 1", []).expect("altered");
    drop(db);
    let told = moved(&installation, &embedded(&installation), &postgres::database().await);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.out.contains("NOT done") && !told.out.contains("Done."), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_copy_is_none() {
    let installation = Installation::embedded();
    lived_in(&installation).await;
    // A character that PostgreSQL does not take breaks the copy in the middle, after the journal.
    let db = Connection::open(installation.file()).expect("opens");
    db.execute("insert into lease (name, holder, token, until) values ('a' || char(0), '', 1, 1)", [])
        .expect("altered");
    drop(db);
    let target = postgres::database().await;
    let told = moved(&installation, &embedded(&installation), &target);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("0x00"), "{}", told.err);
    let mut there = postgres::connect(&target).await;
    let rows: i64 = sqlx::query_scalar("select count(*) from entry").fetch_one(&mut there).await.expect("counted");
    assert_eq!(rows, 0, "nothing stays of a copy that broke");

    // Once it is mended, the same place takes it.
    let db = Connection::open(installation.file()).expect("opens");
    db.execute("delete from lease where holder = ''", []).expect("mended");
    drop(db);
    moved(&installation, &embedded(&installation), &target).sound();
}
