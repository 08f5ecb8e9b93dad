//! What is kept: a backup taken under load comes back whole, a damaged one is refused, a case proves itself elsewhere.

use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tocsin_stories::Installation;
use tocsin_stories::installation::{post, run};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn path(path: &Path) -> String {
    path.display().to_string()
}

/// Files reports until told to stop; keeps the references that were acknowledged.
async fn load(address: String, stop: Arc<AtomicBool>, acknowledged: Arc<Mutex<Vec<String>>>, who: usize) {
    let client = reqwest::Client::new();
    let mut n = 0;
    while !stop.load(Ordering::Relaxed) {
        n += 1;
        let key = format!("load-{who}-{n}");
        if let Some(reference) = post(&client, &address, &key, &format!("The door of room {who}-{n} stood open.")).await
        {
            acknowledged.lock().expect("unpoisoned").push(reference);
        }
    }
}

/// Backs up while four callers file reports; everything acknowledged before the backup began comes back elsewhere.
async fn a_backup_under_load_comes_back(installation: Installation, elsewhere: Installation) {
    let serving = installation.demo();
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let callers: Vec<_> = (0..4)
        .map(|who| tokio::spawn(load(serving.address.clone(), stop.clone(), acknowledged.clone(), who)))
        .collect();
    while acknowledged.lock().expect("unpoisoned").len() < 20 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let before = acknowledged.lock().expect("unpoisoned").clone();
    let out = installation.beside("backup.zip");
    let (place, to) = (installation.data(), out.clone());
    let database = installation.database.clone();
    let told = tokio::task::spawn_blocking(move || {
        let mut arguments = vec!["backup".to_owned(), "--out".into(), path(&to), "--data".into(), path(&place)];
        arguments.extend(database.into_iter().flat_map(|url| ["--database-url".to_owned(), url]));
        run(arguments)
    });
    let told = told.await.expect("ran").sound();
    assert!(told.out.contains("The root key is NOT in it"), "{}", told.out);
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.expect("the caller ended");
    }
    serving.end();
    assert!(!names(&out).iter().any(|name| name.contains("root.key")), "the key stays outside");

    let key = path(&installation.data().join("root.key"));
    let told = elsewhere.run(&["restore", &path(&out), "--root-key", &key]).sound();
    assert!(told.out.contains("Ready"), "{}", told.out);
    let verified = elsewhere.verify().sound();
    assert!(verified.json()["checked"]["reports"].as_u64().is_some_and(|rows| rows >= before.len() as u64));
    for reference in before.iter().take(5).chain(before.iter().rev().take(5)) {
        let bundle = elsewhere.beside(&format!("{reference}.zip"));
        elsewhere.run(&["export", "case", reference, "--out", &path(&bundle)]).sound();
    }
    let again = elsewhere.run(&["restore", &path(&out), "--root-key", &key]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("not empty"), "{}", again.err);
    let over = installation.run(&["backup", "--out", &path(&out)]);
    assert_eq!(over.code, 1);
    assert!(over.err.contains("not overwritten"), "{}", over.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_restored_elsewhere_and_verifies() {
    a_backup_under_load_comes_back(Installation::embedded(), Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_postgres_under_load_is_restored_elsewhere_and_verifies() {
    a_backup_under_load_comes_back(Installation::postgres().await, Installation::postgres().await).await;
}

fn names(zip: &Path) -> BTreeSet<String> {
    let mut zip = ZipArchive::new(File::open(zip).expect("opens")).expect("a zip");
    (0..zip.len()).map(|n| zip.by_index(n).expect("a member").name().expect("a name").into_owned()).collect()
}

/// Writes an archive again with some members changed; `None` leaves one out.
fn rewrite(from: &Path, to: &Path, mut change: impl FnMut(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let mut old = ZipArchive::new(File::open(from).expect("opens")).expect("a zip");
    let mut new = ZipWriter::new(File::create(to).expect("created"));
    for n in 0..old.len() {
        let mut member = old.by_index(n).expect("a member");
        let name = member.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).expect("read");
        if let Some(bytes) = change(&name, bytes) {
            new.start_file(name, SimpleFileOptions::default()).expect("started");
            new.write_all(&bytes).expect("written");
        }
    }
    new.finish().expect("finished");
}

fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bytes
}

#[test]
fn a_damaged_backup_is_refused_with_the_name_of_what_is_damaged() {
    let installation = Installation::embedded();
    let serving = installation.demo();
    installation.sealed();
    serving.end();
    let whole = installation.beside("whole.zip");
    installation.run(&["backup", "--out", &path(&whole)]).sound();
    let key = path(&installation.data().join("root.key"));
    let damaged = installation.beside("damaged.zip");
    let restored = |key: &str, force: bool| {
        let empty = Installation::embedded();
        let mut arguments = vec!["restore".to_owned(), path(&damaged), "--root-key".into(), key.to_owned()];
        arguments.extend(force.then(|| "--force".to_owned()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let told = empty.run(&arguments);
        let left = std::fs::read_dir(empty.data()).map(|entries| entries.count()).unwrap_or_default();
        (told, left)
    };
    let refused = |what: &str, words: &str| {
        let (told, left) = restored(&key, false);
        assert_eq!(told.code, 1, "{what}: {}{}", told.out, told.err);
        assert!(told.err.contains(words), "{what}: {}", told.err);
        assert_eq!(left, 0, "{what}: nothing is left behind");
    };

    rewrite(&whole, &damaged, |name, bytes| Some(if name.starts_with("database/") { flipped(bytes) } else { bytes }));
    refused("a flipped byte", "database/tocsin.db: its bytes are not those on the list");
    rewrite(&whole, &damaged, |name, bytes| (!name.starts_with("database/")).then_some(bytes));
    refused("a missing member", "database/tocsin.db: it is missing");
    rewrite(&whole, &damaged, |name, bytes| {
        let list = String::from_utf8_lossy(&bytes).replace("\"version\": \"", "\"version\": \"9");
        Some(if name == "manifest.json" { list.into_bytes() } else { bytes })
    });
    refused("an edited list", "its list was altered");
    let bytes = std::fs::read(&whole).expect("read");
    std::fs::write(&damaged, &bytes[..bytes.len() / 2]).expect("cut off");
    refused("half a file", "it is cut off");

    std::fs::copy(&whole, &damaged).expect("copied");
    let other = Installation::embedded();
    other.demo().end();
    let (told, left) = restored(&path(&other.data().join("root.key")), false);
    assert_eq!((told.code, left), (1, 0), "another installation's key: {}{}", told.out, told.err);
    assert!(told.err.contains("key"), "{}", told.err);

    rewrite(&whole, &damaged, |name, bytes| {
        let list = String::from_utf8_lossy(&bytes).replace("\"version\": \"", "\"version\": \"9");
        Some(if name == "manifest.json" { list.into_bytes() } else { bytes })
    });
    let (told, _) = restored(&key, true);
    assert_eq!(told.code, 0, "a person may insist: {}{}", told.out, told.err);
    assert!(told.out.contains("DAMAGED: its list was altered"), "{}", told.out);
    assert!(!told.out.contains("Ready:"), "{}", told.out);
}

#[test]
fn a_case_proves_itself_where_there_is_nothing_else() {
    let installation = Installation::embedded();
    let serving = installation.demo();
    installation.sealed();
    serving.end();
    let db = Connection::open(installation.file()).expect("opens");
    let reference: String =
        db.query_row("select reference from report where incident is null", [], |row| row.get(0)).expect("a report");
    drop(db);
    let nothing = TempDir::new().expect("a folder");
    let bundle = nothing.path().join("case.zip");
    installation.run(&["export", "case", &reference, "--out", &path(&bundle)]).sound();
    assert!(names(&bundle).contains("README.txt"));
    drop(installation);

    let verified = |bundle: &Path| run(["verify", "--bundle", &path(bundle), "--json"]);
    let told = verified(&bundle).sound();
    assert_eq!(told.json()["reference"], reference);
    let altered = nothing.path().join("altered.zip");
    let named = |what: &str, words: &str| {
        let told = verified(&altered);
        assert_eq!(told.code, 1, "{what}: {}{}", told.out, told.err);
        assert!(told.out.contains(words), "{what}: {}", told.out);
    };
    rewrite(&bundle, &altered, |name, bytes| {
        Some(if name.ends_with("1.payload.json") { flipped(bytes) } else { bytes })
    });
    named("an edited payload", "its payload was altered");
    rewrite(&bundle, &altered, |name, bytes| {
        Some(if name.ends_with("1.header.json") { flipped(bytes) } else { bytes })
    });
    named("an edited header", "its header was altered");
    rewrite(&bundle, &altered, |name, bytes| Some(if name == "case.json" { flipped(bytes) } else { bytes }));
    named("an edited summary", "case.json: it was altered");
    rewrite(&bundle, &altered, |name, bytes| (!name.ends_with("2.payload.json")).then_some(bytes));
    named("a missing payload", "its payload is missing");
    rewrite(&bundle, &altered, |name, bytes| {
        let list = String::from_utf8_lossy(&bytes).replace(&reference, "R-2222-2222");
        Some(if name == "manifest.json" { list.into_bytes() } else { bytes })
    });
    named("an edited list", "manifest.json was altered");
}
