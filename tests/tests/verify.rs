//! Somebody who owns the database edits it: `tocsin verify` says so, and names what was edited.

use rusqlite::{Connection, params};
use serde_json::Value;
use sqlx::Executor;
use tocsin_stories::Installation;

/// A demonstration whose reports are all sealed and whose server has ended.
fn sealed_demo() -> Installation {
    let installation = Installation::embedded();
    let serving = installation.demo();
    let told = installation.sealed();
    assert_eq!(told.code, 0, "a store nobody touched is clean: {}", told.out);
    serving.end();
    installation
}

/// The kinds and the sentences of the findings.
fn findings(told: &Value) -> Vec<(String, String)> {
    let findings = told["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    findings.iter().map(|found| (text(&found["kind"]), text(&found["sentence"]))).collect()
}

struct Edit {
    what: &'static str,
    /// The kind that must be among the findings, and words of its sentence.
    kind: &'static str,
    words: &'static str,
    /// Log entries that stay proved: those before the edited one, or all of them.
    proved: Option<Proved>,
    edit: fn(&Connection),
}

/// How far the log stays proved.
#[derive(Clone, Copy)]
enum Proved {
    Before(u64),
    All,
}

/// The first report that was filed.
const REPORT: &str =
    "(select stream from log_entry where stream in (select id from report) order by log_index limit 1)";

fn flip(bytes: &[u8], place: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[place] ^= 1;
    bytes
}

fn flip_column(db: &Connection, column: &str, index: i64) {
    let at = "from entry e join log_entry l using (stream, version) where l.log_index = ?1";
    let (place, bytes): (i64, Vec<u8>) = db
        .query_row(&format!("select e.place, e.{column} {at}"), [index], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an entry");
    let middle = bytes.len() / 2;
    db.execute(&format!("update entry set {column} = ?1 where place = ?2"), params![flip(&bytes, middle), place])
        .expect("edited");
}

fn edit(db: &Connection, sql: &str) {
    db.execute_batch(sql).expect("edited");
}

const EDITS: &[Edit] = &[
    Edit {
        what: "a byte of a ciphertext is flipped",
        kind: "content_altered",
        words: "(log entry 5): its sealed content does not open",
        proved: Some(Proved::Before(5)),
        edit: |db| flip_column(db, "ciphertext", 5),
    },
    Edit {
        what: "a byte of a wrapped key is flipped",
        kind: "content_altered",
        words: "(log entry 7): its sealed content does not open",
        proved: Some(Proved::Before(7)),
        edit: |db| flip_column(db, "wrapped_key", 7),
    },
    Edit {
        what: "a header is edited",
        kind: "header_altered",
        words: "(log entry 3): its header was altered",
        proved: Some(Proved::Before(3)),
        edit: |db| flip_column(db, "header", 3),
    },
    Edit {
        what: "two ciphertexts are exchanged, keys and all",
        kind: "content_altered",
        words: "altered or exchanged for another",
        proved: Some(Proved::Before(0)),
        edit: |db| {
            edit(
                db,
                "create temp table two as
                     select e.place, e.wrapped_key, e.ciphertext, l.log_index
                       from entry e join log_entry l using (stream, version) where l.log_index in (0, 4);
                 update entry set (wrapped_key, ciphertext) = (select wrapped_key, ciphertext from two where log_index = 4)
                  where place = (select place from two where log_index = 0);
                 update entry set (wrapped_key, ciphertext) = (select wrapped_key, ciphertext from two where log_index = 0)
                  where place = (select place from two where log_index = 4);",
            );
        },
    },
    Edit {
        what: "the newest entry is deleted",
        kind: "entry_missing",
        words: "the log names it, but it is not in the journal",
        proved: None,
        edit: |db| {
            edit(db, "pragma foreign_keys = off; delete from entry where place = (select max(place) from entry)")
        },
    },
    Edit {
        what: "a whole record is deleted, row and all",
        kind: "entry_missing",
        words: "the log names it",
        proved: None,
        edit: |db| {
            edit(
                db,
                &format!(
                    "pragma foreign_keys = off;
                     delete from entry where stream = {REPORT};
                     delete from report where id = {REPORT};"
                ),
            );
        },
    },
    Edit {
        what: "a column that lists are ordered by is edited",
        kind: "row_altered",
        words: "its urgency is not what its entries say",
        proved: Some(Proved::All),
        edit: |db| edit(db, &format!("update report set urgency = 77 where id = {REPORT}")),
    },
    Edit {
        what: "a deadline is moved in the list of duties",
        kind: "row_altered",
        words: "the list of duties was altered: the row of its duty",
        proved: Some(Proved::All),
        edit: |db| {
            edit(
                db,
                "update duty set due_at = due_at + 1 where incident = (select min(incident) from duty where due_at > 0)",
            )
        },
    },
    Edit {
        what: "a duty is taken out of the list",
        kind: "row_altered",
        words: "is missing",
        proved: Some(Proved::All),
        edit: |db| edit(db, "delete from duty where incident = (select min(incident) from duty)"),
    },
    Edit {
        what: "a state is edited to nonsense",
        kind: "row_altered",
        words: "it cannot be read",
        proved: Some(Proved::All),
        edit: |db| edit(db, &format!("update report set state = 9 where id = {REPORT}")),
    },
    Edit {
        what: "the sealed line of one report is put under another",
        kind: "row_altered",
        words: "its sealed summary, which does not open",
        proved: Some(Proved::All),
        edit: |db| {
            edit(
                db,
                &format!(
                    "update report set summary = (select summary from report where id <> {REPORT} limit 1)
                      where id = {REPORT}"
                ),
            );
        },
    },
    Edit {
        what: "a row is deleted from the list",
        kind: "row_missing",
        words: "no row in the lists",
        proved: Some(Proved::All),
        edit: |db| edit(db, &format!("delete from report where id = {REPORT}")),
    },
    Edit {
        what: "a tile of the log is edited",
        kind: "tile_altered",
        words: "(log entry 2): the log's tile holds another hash",
        proved: None,
        edit: |db| {
            let bytes: Vec<u8> = db.query_row("select bytes from log_tile", [], |row| row.get(0)).expect("a tile");
            db.execute("update log_tile set bytes = ?1", [flip(&bytes, 70)]).expect("edited");
        },
    },
    Edit {
        what: "two places of the log are exchanged",
        kind: "leaf_mismatch",
        words: "(log entry 2)",
        proved: Some(Proved::Before(2)),
        edit: |db| {
            edit(
                db,
                "update log_entry set log_index = -1 where log_index = 2;
                 update log_entry set log_index = 2 where log_index = 3;
                 update log_entry set log_index = 3 where log_index = -1;",
            );
        },
    },
    Edit {
        what: "a place of the log is deleted",
        kind: "entry_missing",
        words: "has lost its place 5",
        proved: Some(Proved::Before(5)),
        edit: |db| edit(db, "delete from log_entry where log_index = 5"),
    },
    Edit {
        what: "a checkpoint is edited",
        kind: "checkpoint_altered",
        words: "stored checkpoint of size",
        proved: None,
        edit: |db| {
            edit(
                db,
                "update log_checkpoint set root = zeroblob(32) where size = (select max(size) from log_checkpoint)",
            )
        },
    },
    Edit {
        what: "a kept count is edited",
        kind: "count_wrong",
        words: "says 3 incidents",
        proved: Some(Proved::All),
        edit: |db| edit(db, "insert into rollup select tenant, 2031, 'all', '', 3, 0 from report limit 1"),
    },
];

#[test]
fn every_edit_of_the_database_is_found_and_named() {
    let untouched = sealed_demo();
    let all = untouched.verify().json()["proved"].as_u64().expect("a number");
    for Edit { what, kind, words, proved, edit } in EDITS {
        let edited = untouched.copy();
        let db = Connection::open(edited.file()).expect("opens");
        edit(&db);
        drop(db);
        let told = edited.verify();
        assert_eq!(told.code, 1, "{what}: {}{}", told.out, told.err);
        let json = told.json();
        let findings = findings(&json);
        let named = findings.iter().any(|(of, sentence)| of == kind && sentence.contains(words));
        assert!(named, "{what}: {findings:#?}");
        assert_eq!(json["outcome"], "altered", "{what}");
        if let Some(proved) = proved {
            let proved = match proved {
                Proved::Before(entries) => *entries,
                Proved::All => all,
            };
            assert_eq!(json["proved"], proved, "{what}");
        }
        let in_words = edited.run(&["verify"]);
        assert_eq!(in_words.code, 1, "{what}");
        assert!(in_words.out.starts_with("ALTERED OR MISSING"), "{what}: {}", in_words.out);
    }
    assert_eq!(untouched.verify().code, 0, "the copies were edited, not the original");
}

#[test]
fn a_store_rolled_back_to_yesterday_is_found_by_a_checkpoint_from_outside() {
    let installation = sealed_demo();
    let all = installation.verify().json()["proved"].as_u64().expect("a number");
    let yesterday = installation.copy();
    // A forger of the log's own end: everything after the first entries is gone, checkpoint included.
    let db = Connection::open(yesterday.file()).expect("opens");
    edit(
        &db,
        "pragma foreign_keys = off;
         delete from report where id in (select stream from log_entry where log_index >= 8);
         delete from entry where (stream, version) in (select stream, version from log_entry where log_index >= 8);
         delete from log_entry where log_index >= 8;
         delete from log_checkpoint where size > 8;
         update log_tile set bytes = substr(bytes, 1, 8 * 32);",
    );
    drop(db);
    let folder = yesterday.checkpoints().display().to_string();
    let told = yesterday.run(&["verify", "--json", "--checkpoints", &folder]);
    assert_eq!(told.code, 1, "{}", told.out);
    let findings = findings(&told.json());
    let named =
        findings.iter().any(|(kind, sentence)| kind == "rolled_back" && sentence.contains(&format!("covers {all}")));
    assert!(named, "{findings:#?}");

    let folder = installation.checkpoints().display().to_string();
    let told = installation.run(&["verify", "--json", "--checkpoints", &folder]).sound();
    assert!(told.json()["checked"]["outside"].as_u64().is_some_and(|outside| outside > 0));
}

#[test]
fn what_cannot_be_checked_is_neither_clean_nor_altered() {
    let installation = sealed_demo();
    let key = installation.data().join("root.key");
    let away = installation.beside("away.key");
    std::fs::rename(&key, &away).expect("taken away");
    assert_eq!(installation.verify().code, 2, "without its key nothing can be told");
    std::fs::rename(&away, &key).expect("brought back");
    assert_eq!(installation.verify().code, 0);
    let nowhere = tocsin_stories::installation::run(["verify", "--data", "/nowhere"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("there is no store"), "{}", nowhere.err);
}

#[test]
fn a_missing_cut_off_or_wrong_root_key_stops_the_start_and_changes_nothing() {
    let installation = sealed_demo();
    let other = sealed_demo();
    let key = installation.data().join("root.key");
    let right = std::fs::read(&key).expect("a key");
    let before = installation.verify().json()["checked"].clone();
    let refused = |what: &str| {
        let told = installation.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(told.code, 1, "{what}: {}{}", told.out, told.err);
        assert!(told.err.contains("key"), "{what}: {}", told.err);
        assert!(!told.out.contains("Listening"), "{what}: {}", told.out);
    };
    std::fs::remove_file(&key).expect("removed");
    refused("missing");
    assert!(!key.exists(), "a key that is missing is not made anew over old data");
    write_private(&key, &right[..right.len() / 2]);
    refused("cut off");
    write_private(&key, &std::fs::read(other.data().join("root.key")).expect("a key"));
    refused("of another installation");
    write_private(&key, &right);
    assert_eq!(installation.verify().json()["checked"], before);
}

fn write_private(path: &std::path::Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, bytes).expect("written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("closed");
}

#[tokio::test]
async fn edits_of_a_postgres_store_are_found_and_named() {
    let installation = Installation::postgres().await;
    let url = installation.database.clone().expect("a database");
    let serving = installation.demo();
    let told = installation.sealed();
    assert_eq!(told.code, 0, "{}", told.out);
    serving.end();
    let mut db = tocsin_stories::postgres::connect(&url).await;
    let altered = |kind: &str, words: &str| {
        let told = installation.verify();
        assert_eq!(told.code, 1, "{kind}: {}{}", told.out, told.err);
        let findings = findings(&told.json());
        let named = findings.iter().any(|(of, sentence)| of == kind && sentence.contains(words));
        assert!(named, "{kind}: {findings:#?}");
    };
    let urgency: &str = &format!("update report set urgency = urgency + 1 where id = {REPORT}");
    db.execute(sqlx::AssertSqlSafe(urgency.to_owned())).await.expect("edited");
    altered("row_altered", "its urgency is not what its entries say");
    let back = format!("update report set urgency = urgency - 1 where id = {REPORT}");
    db.execute(sqlx::AssertSqlSafe(back)).await.expect("put back");
    assert_eq!(installation.verify().code, 0, "put back, it is clean again");

    let flip = "update entry set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)
                 where (stream, version) = (select stream, version from log_entry where log_index = 6)";
    db.execute(flip).await.expect("edited");
    altered("content_altered", "(log entry 6): its sealed content does not open");
    db.execute("delete from entry where place = (select max(place) from entry)").await.expect("edited");
    altered("entry_missing", "the log names it, but it is not in the journal");
}
