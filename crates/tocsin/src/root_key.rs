//! The root key's file: made at first start with mode 0600, beside the database and never inside it.

use crate::wrong::Wrong;
use domain::ambient::Random;
use journal::{RootKey, RootKeyError};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// What people have to know about the file.
pub const ADVICE: &str = "Without this file nothing in the database can be read, and no backup can be used: a backup \
     alone is worthless. Keep a copy of it in a safe or a key manager, on another machine and apart from the backups.";

/// Reads the key. A missing file is made only where `may_create` says that nothing depends on an older one.
pub fn read(path: &Path, may_create: bool, random: &dyn Random) -> Result<RootKey, Wrong> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(cause) if cause.kind() == ErrorKind::NotFound => None,
        Err(cause) => return Err(Wrong::new(format!("the root key {} cannot be read: {cause}", path.display()))),
    };
    if text.is_some() {
        refuse_open_doors(path)?;
    }
    match RootKey::from_file(text.as_deref()) {
        Ok(key) => Ok(key),
        Err(RootKeyError::Missing) if may_create => create(path, random),
        Err(error) => Err(Wrong::new(format!(
            "{error} ({})\nNothing was started and nothing was changed. {ADVICE}",
            path.display()
        ))),
    }
}

fn create(path: &Path, random: &dyn Random) -> Result<RootKey, Wrong> {
    let key = RootKey::generate(random);
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    // create_new: a key that appeared meanwhile is not overwritten.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.to_file().as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    tracing::warn!(path = %path.display(), "a new root key was made. {ADVICE}");
    Ok(key)
}

/// Copies a key that has been read to where a server looks for it.
pub fn copy(from: &Path, to: &Path) -> Result<(), Wrong> {
    let text = std::fs::read(from)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    file.write_all(&text)?;
    Ok(file.sync_all()?)
}

fn refuse_open_doors(path: &Path) -> Result<(), Wrong> {
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Wrong::new(format!(
        "others can read the root key {} (mode {mode:o}). Close it with: chmod 600 {}",
        path.display(),
        path.display()
    )))
}
