//! Backing up: one zip file with a consistent copy of the database and every file, and a signed list of both.
//!
//! The root key is never in it: whoever steals a backup has nothing, and whoever keeps one must keep the key elsewhere.

use crate::Trouble;
use domain::time::Instant;
use journal::digest::Running;
use journal::{Digest, Keyring};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use store::{Backend, Store};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) const FORMAT: &str = "tocsin-backup/1";
/// The list of everything, and the signed note over its SHA-256.
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SIGNATURE: &str = "manifest.sig";
const CHUNK: usize = 256 * 1024;

/// What a backup says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `tocsin-backup/1`.
    pub format: String,
    /// The program that wrote it.
    pub version: String,
    /// Everything that was acknowledged before this moment is in it.
    pub at: Instant,
    /// `sqlite` or `postgres`.
    pub backend: String,
    /// Migrations of the database.
    pub schema: u32,
    /// Entries of the log that its newest checkpoint covered when the copy began.
    pub log_size: u64,
    /// The root over them, in hexadecimal.
    pub log_root: String,
    /// The checkpoint itself; `None` when nothing had been sealed.
    pub checkpoint: Option<String>,
    /// The name under which the key signs.
    pub origin: String,
    /// Every member of the archive but this one and its signature.
    pub members: Vec<Member>,
}

/// A member of the archive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Where it lies: the database, or `files/` and where the file lies in the folder of files.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 over them.
    pub sha256: Digest,
}

impl Manifest {
    /// The member that holds the database.
    pub fn database(&self) -> &'static str {
        if self.backend == backend_name(Backend::Postgres) { "database/postgres.zip" } else { "database/tocsin.db" }
    }
}

/// The name of a backend in manifests.
pub const fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    }
}

/// What the key signs: it names its subject, so that it can never be taken for a checkpoint.
pub(crate) fn statement(origin: &str, manifest: &[u8]) -> String {
    format!("{origin}/backup\nsha256:{}\n", Digest::of(manifest))
}

/// What to back up.
pub struct Subject<'a> {
    /// The store; others may go on writing to it.
    pub store: &'a dyn Store,
    /// Its keys: the backup is signed.
    pub keyring: &'a Keyring,
    /// Folder of the evidence files.
    pub files: &'a Path,
    /// The name of the log.
    pub origin: &'a str,
    /// The version of the program.
    pub version: &'a str,
}

/// Writes a backup to a file that must not exist. It has its name only when it is whole and on the disk.
pub async fn back_up(subject: &Subject<'_>, to: &Path, now: Instant) -> Result<Manifest, Trouble> {
    let refused = |e: &dyn std::fmt::Display| Trouble::Refused(format!("the backup {}: {e}", to.display()));
    if to.try_exists().map_err(|e| refused(&e))? {
        return Err(refused(&"this file exists and is not overwritten; choose another name"));
    }
    let (copy, unfinished) = (beside(to, "database"), beside(to, "unfinished"));
    let made = write(subject, &copy, &unfinished, now).await;
    // Nothing half-made stays; that it cannot be removed is the lesser trouble.
    let _ = std::fs::remove_file(&copy);
    let named = made.and_then(|manifest| {
        // A hard link fails where the name was taken meanwhile; renaming would replace it.
        std::fs::hard_link(&unfinished, to).map_err(|e| refused(&e))?;
        Ok(manifest)
    });
    let _ = std::fs::remove_file(&unfinished);
    let manifest = named?;
    sync_folder(to).map_err(|e| refused(&e))?;
    Ok(manifest)
}

fn beside(to: &Path, what: &str) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{what}-{}", std::process::id()));
    name.into()
}

pub(crate) fn sync_folder(of: &Path) -> std::io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

async fn write(subject: &Subject<'_>, copy: &Path, zip: &Path, now: Instant) -> Result<Manifest, Trouble> {
    let broken = |e: &dyn std::fmt::Display| Trouble::fault("writing the backup", e);
    // Read before the copy begins: whatever the copy holds continues this checkpoint.
    let checkpoint = subject.store.latest_checkpoint().await?;
    let schema = subject.store.health().await?.schema;
    // The database before the files: a row is written when its file is durable, so no row lacks its file.
    subject.store.backup(copy).await?;
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        version: subject.version.to_owned(),
        at: now,
        backend: backend_name(subject.store.backend()).to_owned(),
        schema,
        log_size: checkpoint.as_ref().map_or(0, |c| c.size),
        log_root: checkpoint.as_ref().map_or_else(journal::log::empty_root, |c| Digest(c.root)).to_string(),
        checkpoint: checkpoint.map(|c| c.note),
        origin: subject.origin.to_owned(),
        members: Vec::new(),
    };
    let key = subject.keyring.signing().map_err(|e| broken(&e))?;
    let (files, copy, zip) = (subject.files.to_owned(), copy.to_owned(), zip.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        let mut archive = Archive::create(&zip)?;
        manifest.members.push(archive.add(manifest.database(), &copy)?);
        add_folder(&mut archive, &files, "files", &mut manifest.members)?;
        let bytes = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::other)?;
        let note = key.sign(&manifest.origin, &statement(&manifest.origin, &bytes)).map_err(std::io::Error::other)?;
        archive.put(MANIFEST, &bytes)?;
        archive.put(SIGNATURE, note.as_bytes())?;
        archive.finish()?;
        Ok::<_, std::io::Error>(manifest)
    });
    written.await.map_err(|e| broken(&e))?.map_err(|e| broken(&e))
}

fn add_folder(archive: &mut Archive, folder: &Path, path: &str, members: &mut Vec<Member>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    };
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let path = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            add_folder(archive, &entry.path(), &path, members)?;
        } else if !name.ends_with(".new") {
            match archive.add(&path, &entry.path()) {
                Ok(member) => members.push(member),
                // The file of an expired draft was removed meanwhile.
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause),
            }
        }
    }
    Ok(())
}

/// The archive while it grows. What is in it is sealed and does not shrink, so nothing is compressed.
struct Archive {
    zip: ZipWriter<BufWriter<File>>,
}

impl Archive {
    fn create(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Self { zip: ZipWriter::new(BufWriter::new(file)) })
    }

    fn start(&mut self, path: &str) -> std::io::Result<()> {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        self.zip.start_file(path, stored.large_file(true)).map_err(std::io::Error::other)
    }

    fn add(&mut self, path: &str, from: &Path) -> std::io::Result<Member> {
        let mut file = File::open(from)?;
        self.start(path)?;
        let (mut running, mut size, mut chunk) = (Running::default(), 0u64, vec![0; CHUNK]);
        loop {
            let read = file.read(&mut chunk)?;
            if read == 0 {
                return Ok(Member { path: path.to_owned(), size, sha256: running.finish() });
            }
            running.push(&chunk[..read]);
            self.zip.write_all(&chunk[..read])?;
            size += read as u64;
        }
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.start(path)?;
        self.zip.write_all(bytes)
    }

    fn finish(self) -> std::io::Result<()> {
        let file = self.zip.finish().map_err(std::io::Error::other)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}
