//! Opening: settings that are read back and insisted on, one process per folder, migrations forward only.

use crate::value::Doing;
use rusqlite::config::DbConfig;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Answer, Fault};

/// How long a connection waits for another process, such as a backup tool that holds the file for a moment.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// "Tocs": says that a file is ours, so that no other database is ever written to.
const APPLICATION_ID: i32 = 0x546f_6373;
/// Before this version a rare race of two connections could damage a file in write-ahead mode.
const OLDEST_SQLITE: i32 = 3_051_003;
const STATEMENTS_KEPT: usize = 160;

/// Every migration in order; the place in this list is its number.
const MIGRATIONS: [(&str, &str); 8] = [
    ("0001_journal", include_str!("../migrations/0001_journal.sql")),
    ("0002_projections", include_str!("../migrations/0002_projections.sql")),
    ("0003_work", include_str!("../migrations/0003_work.sql")),
    ("0004_accounts", include_str!("../migrations/0004_accounts.sql")),
    ("0005_drafts_and_files", include_str!("../migrations/0005_drafts_and_files.sql")),
    ("0006_mail_in_doubt", include_str!("../migrations/0006_mail_in_doubt.sql")),
    ("0007_duties", include_str!("../migrations/0007_duties.sql")),
    ("0008_factors", include_str!("../migrations/0008_factors.sql")),
];

/// Takes the folder for this process until the file is dropped.
pub(crate) fn lock(path: &Path) -> Answer<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = PathBuf::from(name);
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&lock).doing("opening the lock file")?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::new(
            "opening the store",
            format!("another process is serving {}; stop it first, or read beside it", path.display()),
        )),
        Err(TryLockError::Error(error)) => Err(Fault::new("locking the store", error)),
    }
}

/// Makes an empty file that only its owner may read; SQLite gives the files beside it the same mode.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The writing connection, migrated to the newest schema.
pub(crate) fn writer(path: &Path) -> Answer<Connection> {
    insist_on_version(rusqlite::version_number())?;
    match create_private(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(Fault::new("creating the store", error)),
        _ => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags).doing("opening the store")?;
    conn.busy_timeout(BUSY).doing("setting the patience")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    insist_on_ours(&conn)?;
    // secure_delete: an erased key or text is overwritten in the file, not merely unlinked.
    conn.execute_batch(
        "pragma journal_mode       = wal;
         pragma synchronous        = full;
         pragma foreign_keys       = on;
         pragma secure_delete      = on;
         pragma trusted_schema     = off;
         pragma temp_store         = memory;
         pragma mmap_size          = 0;
         pragma cache_size         = -40960;
         pragma wal_autocheckpoint = 8000;
         pragma journal_size_limit = 67108864;",
    )
    .doing("setting the store up")?;
    plan_once(&conn)?;
    insist_on_durability(&conn)?;
    migrate(&mut conn)?;
    tell_statements(&conn);
    Ok(conn)
}

/// A connection that can only read; it may belong to another process than the writer's.
pub(crate) fn reader(path: &Path) -> Answer<Connection> {
    insist_on_version(rusqlite::version_number())?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).doing("opening the store to read")?;
    conn.busy_timeout(BUSY).doing("setting the patience")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.execute_batch(
        "pragma query_only     = on;
         pragma trusted_schema = off;
         pragma temp_store     = memory;
         pragma mmap_size      = 0;
         pragma cache_size     = -8192;",
    )
    .doing("setting a reader up")?;
    plan_once(&conn)?;
    insist_on_ours(&conn)?;
    let schema = schema(&conn)?;
    if schema != MIGRATIONS.len() {
        return Err(Fault::new(
            "opening the store to read",
            format!("its schema is {schema}, this program reads {}: serve it once to migrate it", MIGRATIONS.len()),
        ));
    }
    tell_statements(&conn);
    Ok(conn)
}

/// A statement is planned by its words and never again by its values: otherwise, once statistics are kept, nearly every
/// call with another value would be planned anew, and a plan could differ from the one that the tests hold it to.
fn plan_once(conn: &Connection) -> Answer<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).doing("holding plans stable").map(drop)
}

/// Every statement as an event, without its values, where somebody listens: for counting and for finding slow pages.
fn tell_statements(conn: &Connection) {
    if tracing::enabled!(target: "store_sqlite::query", tracing::Level::DEBUG) {
        let tell = |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(_, sql) = event {
                tracing::debug!(target: "store_sqlite::query", sql);
            }
        };
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(tell));
    }
}

fn insist_on_version(version: i32) -> Answer<()> {
    if version < OLDEST_SQLITE {
        let found = format!("SQLite {version} is linked; {OLDEST_SQLITE} or newer is needed");
        return Err(Fault::new("opening the store", found));
    }
    Ok(())
}

fn insist_on_ours(conn: &Connection) -> Answer<()> {
    let (id, tables): (i32, i64) = conn
        .query_row(
            "select (select application_id from pragma_application_id), (select count(*) from sqlite_schema)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .doing("reading what kind of file this is")?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(Fault::new("opening the store", "this is a database of another program; it was left untouched"));
    }
    Ok(())
}

/// A receipt promises that a report survives a power cut: these two settings are that promise.
fn insist_on_durability(conn: &Connection) -> Answer<()> {
    let journal: String =
        conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).doing("reading the journal mode back")?;
    let synchronous: i64 =
        conn.pragma_query_value(None, "synchronous", |row| row.get(0)).doing("reading synchronous back")?;
    if journal != "wal" || synchronous != 2 {
        let found = format!("commits would not be durable: journal_mode {journal}, synchronous {synchronous}");
        return Err(Fault::new("opening the store", found));
    }
    Ok(())
}

/// How many migrations have been applied.
fn schema(conn: &Connection) -> Answer<usize> {
    conn.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))
        .map(|version| version as usize)
        .doing("reading the schema's version")
}

fn migrate(conn: &mut Connection) -> Answer<()> {
    let applied = schema(conn)?;
    if applied > MIGRATIONS.len() {
        return Err(Fault::new(
            "opening the store",
            format!(
                "it was written by a newer program (schema {applied}, this one knows {}); it was left untouched",
                MIGRATIONS.len()
            ),
        ));
    }
    for (number, (name, sql)) in (1..).zip(MIGRATIONS).skip(applied) {
        let step = conn.transaction_with_behavior(TransactionBehavior::Immediate).doing("starting a migration")?;
        step.execute_batch(sql).map_err(|error| Fault::new("migrating the store", format!("{name}: {error}")))?;
        step.pragma_update(None, "user_version", number).doing("noting a migration")?;
        step.pragma_update(None, "application_id", APPLICATION_ID).doing("marking the file as ours")?;
        step.commit().doing("committing a migration")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_synchronous_is_insisted_on_by_reading_it_back() {
        let folder = tempfile::tempdir().expect("folder");
        let conn = writer(&folder.path().join("t.db")).expect("opens");
        insist_on_durability(&conn).expect("durable as opened");
        conn.execute_batch("pragma synchronous = normal").expect("lowered");
        let told = insist_on_durability(&conn).expect_err("refused").to_string();
        assert!(told.contains("would not be durable"), "{told}");
    }

    #[test]
    fn a_store_without_a_write_ahead_log_is_refused() {
        let conn = Connection::open_in_memory().expect("opens");
        assert!(insist_on_durability(&conn).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        let conn = writer(&folder.path().join("t.db")).expect("opens");
        for name in ["t.db", "t.db-wal", "t.db-shm"] {
            let mode = folder.path().join(name).metadata().expect(name).permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        drop(conn);
    }

    #[test]
    fn an_old_library_is_refused() {
        assert!(insist_on_version(3_051_002).is_err());
        assert!(insist_on_version(3_051_003).is_ok());
        assert!(insist_on_version(rusqlite::version_number()).is_ok());
    }

    #[test]
    fn migrations_are_numbered_by_their_place() {
        for (number, (name, _)) in (1..).zip(MIGRATIONS) {
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
        }
    }

    #[test]
    fn a_newer_schema_and_a_foreign_file_are_left_untouched() {
        let folder = tempfile::tempdir().expect("folder");
        let ours = folder.path().join("ours.db");
        drop(writer(&ours).expect("opens"));
        Connection::open(&ours).expect("opens").pragma_update(None, "user_version", 99).expect("set");
        let told = writer(&ours).expect_err("refused").to_string();
        assert!(told.contains("newer program"), "{told}");

        let foreign = folder.path().join("foreign.db");
        Connection::open(&foreign).expect("opens").execute_batch("create table t (a)").expect("made");
        let before = std::fs::read(&foreign).expect("read");
        assert!(writer(&foreign).is_err());
        assert_eq!(std::fs::read(&foreign).expect("read"), before);
    }
}
