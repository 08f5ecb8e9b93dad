//! The online backup: a consistent copy into a new file while everybody goes on writing.

use crate::open;
use crate::value::Doing;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Answer, Fault};

/// One megabyte at the usual page size: short enough to share the disk, long enough to be quick.
const PAGES_AT_ONCE: std::ffi::c_int = 256;

/// Copies the store at `from` to a file that must not exist yet.
///
/// The copy grows under another name and takes its own only when it is whole and on the disk, so that a file that
/// bears the name of a backup is one.
pub(crate) fn backup(from: &Path, to: &Path) -> Answer<()> {
    refuse_existing(to)?;
    let unfinished = unfinished_name(to);
    open::create_private(&unfinished).doing("creating the backup")?;
    let copied = copy(from, &unfinished).and_then(|()| publish(&unfinished, to));
    if copied.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    copied
}

fn refuse_existing(to: &Path) -> Answer<()> {
    if to.try_exists().doing("looking where the backup goes")? {
        return Err(Fault::new("writing a backup", format!("{} exists and is not overwritten", to.display())));
    }
    Ok(())
}

fn unfinished_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".unfinished-{}", std::process::id()));
    PathBuf::from(name)
}

fn copy(from: &Path, to: &Path) -> Answer<()> {
    let source = open::reader(from)?;
    let mut target = Connection::open(to).doing("opening the backup")?;
    // The file is forced to the disk once, when it is whole.
    target.execute_batch("pragma journal_mode = off; pragma synchronous = off").doing("setting the backup up")?;
    // A held snapshot: without it SQLite would start over after every commit of the writer.
    source.execute_batch("begin; select count(*) from sqlite_schema").doing("taking a snapshot")?;
    let run = Backup::new(&source, &mut target).doing("starting the backup")?;
    loop {
        match run.step(PAGES_AT_ONCE).doing("copying pages")? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn publish(unfinished: &Path, to: &Path) -> Answer<()> {
    File::open(unfinished).and_then(|file| file.sync_all()).doing("forcing the backup to the disk")?;
    refuse_existing(to)?;
    fs::rename(unfinished, to).doing("naming the backup")?;
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).doing("forcing the backup's name to the disk")
}
