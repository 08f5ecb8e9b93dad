//! Files that people send: sealed and hashed while they stream by, durable before they are recorded, opened again as
//! they are read. A file is never looked into, and its name is never a path.

use crate::draft::OpenDraft;
use crate::keep_file::FileNote;
use crate::{App, Trouble};
use domain::ids::{FileId, TenantId};
use domain::permission::Reading;
use domain::report::FileAdded;
use domain::text::Line;
use journal::BoxPurpose;
use journal::files::{FileFacts, Opener, Sealer};
use std::path::PathBuf;
use store::{FileOwner, FileRow};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes read from the file folder at a time.
const READ: usize = 256 * 1024;
/// How long bytes or rows may lie about without an owner before they are taken for left over, in seconds: longer than
/// any upload takes.
const LEFT_OVER_SECONDS: i64 = 24 * 3600;

/// A file on its way in. Dropping it forgets what has arrived.
pub struct Upload {
    app: App,
    tenant: TenantId,
    owner: FileOwner,
    id: FileId,
    name: Line<255>,
    wrapped_key: Vec<u8>,
    sealer: Sealer,
    part: Part,
    size: u64,
}

/// The bytes on disk before they have their name; removed when dropped.
struct Part {
    file: Option<File>,
    path: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What cannot be removed here is found by the collector.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Why more of a file was not taken.
#[derive(Debug)]
pub enum UploadStopped {
    /// It is larger than a file may be.
    TooBig,
    /// Something broke.
    Trouble(Trouble),
}

impl App {
    /// Begins to take a file. Its name is kept as it was given, made inert; a name of nothing becomes a dash.
    pub async fn begin_upload(&self, tenant: TenantId, owner: FileOwner, name: &str) -> Result<Upload, Trouble> {
        let id: FileId = self.draw();
        let keyring = self.keyring();
        let (key, wrapped_key) =
            keyring.new_file_key(tenant, id, self.random()).map_err(|e| Trouble::fault("drawing a file's key", e))?;
        let path = self.file_path(id).with_extension("new");
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let broken = |e| Trouble::fault("opening a file for what arrives", e);
        tokio::fs::create_dir_all(&folder).await.map_err(broken)?;
        let file = File::create(&path).await.map_err(broken)?;
        let sealer = Sealer::new(&key, self.random());
        let part = Part { file: Some(file), path };
        Ok(Upload { app: self.clone(), tenant, owner, id, name: file_name(name), wrapped_key, sealer, part, size: 0 })
    }
}

/// The last part of whatever a browser calls a file: old ones send whole paths.
fn file_name(given: &str) -> Line<255> {
    let last = given.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let cut: String = last.chars().take(200).collect();
    Line::parse(&cut).unwrap_or_else(|_| {
        // Two hundred characters of which many have to be made visible do not fit.
        let shorter: String = cut.chars().take(25).collect();
        Line::parse(&shorter).unwrap_or_else(|_| Line::dash())
    })
}

impl Upload {
    /// Its name as it will be shown.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Takes the next bytes, up to the largest file that is allowed.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), UploadStopped> {
        self.size += bytes.len() as u64;
        if self.size > self.app.settings().file_limit {
            return Err(UploadStopped::TooBig);
        }
        let sealed =
            self.sealer.push(bytes).map_err(|e| UploadStopped::Trouble(Trouble::fault("sealing a file", e)))?;
        self.part.write(&sealed).await.map_err(|e| UploadStopped::Trouble(Trouble::fault("writing a file", e)))
    }

    /// Bytes taken so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Ends the file: durable under its id, then recorded.
    pub async fn finish(self) -> Result<FileAdded, Trouble> {
        let Self { app, tenant, owner, id, name, wrapped_key, sealer, mut part, .. } = self;
        let (last, facts) = sealer.finish().map_err(|e| Trouble::fault("sealing a file", e))?;
        let path = app.file_path(id);
        part.become_durable(&last, &path).await.map_err(|e| Trouble::fault("making a file durable", e))?;
        let added = added(id, &name, &facts)?;
        let note = FileNote { name: name.to_string(), digest: added.digest.to_string() };
        let row = FileRow {
            id,
            tenant,
            owner,
            size: facts.size,
            cipher_digest: facts.cipher_digest.0,
            wrapped_key: Some(wrapped_key),
            sealed: app.seal_box(BoxPurpose::File, Some(tenant), id.bytes(), &note)?,
            at: app.now(),
        };
        if let Err(fault) = app.store().save_file(row).await {
            app.remove_bytes(id).await?;
            return Err(fault.into());
        }
        Ok(added)
    }
}

impl Part {
    async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes).await,
            None => Ok(()),
        }
    }

    async fn become_durable(&mut self, last: &[u8], path: &std::path::Path) -> std::io::Result<()> {
        self.write(last).await?;
        if let Some(file) = &mut self.file {
            file.flush().await?;
            file.sync_all().await?;
        }
        tokio::fs::rename(&self.path, path).await?;
        self.file = None;
        // The name is durable only when its folder is.
        match path.parent() {
            Some(folder) => File::open(folder).await?.sync_all().await,
            None => Ok(()),
        }
    }
}

fn added(id: FileId, name: &Line<255>, facts: &FileFacts) -> Result<FileAdded, Trouble> {
    let digest = Line::parse(&data_encoding::HEXLOWER.encode(&facts.digest.0))
        .map_err(|e| Trouble::fault("naming a digest", e))?;
    Ok(FileAdded { id, name: name.clone(), size: facts.size, digest })
}

impl App {
    /// The files of a draft or of a record, oldest first, with their names.
    pub async fn files_of(&self, owner: FileOwner) -> Result<Vec<FileAdded>, Trouble> {
        let open = |row: FileRow| {
            let note: FileNote = self.open_box(BoxPurpose::File, Some(row.tenant), row.id.bytes(), &row.sealed)?;
            let line = |e| Trouble::fault("reading what is kept of a file", e);
            let name = Line::parse(&note.name).map_err(line)?;
            Ok(FileAdded { id: row.id, name, size: row.size, digest: Line::parse(&note.digest).map_err(line)? })
        };
        self.store().files_of(owner).await?.into_iter().map(open).collect()
    }

    /// Takes a file out of a draft. One that is part of the record stays.
    pub async fn remove_draft_file(&self, draft: &OpenDraft, file: FileId) -> Result<bool, Trouble> {
        let FileOwner::Draft(key) = draft.owner() else { return Ok(false) };
        let removed = self.store().delete_draft_file(&key, file).await?;
        if removed {
            self.remove_bytes(file).await?;
        }
        Ok(removed)
    }

    /// Removes the bytes of a file that no row speaks of any more.
    pub(crate) async fn remove_bytes(&self, id: FileId) -> Result<(), Trouble> {
        match tokio::fs::remove_file(self.file_path(id)).await {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Trouble::fault("removing a file", e)),
            _ => Ok(()),
        }
    }

    /// Opens a file of a record for reading.
    pub async fn read_file(&self, reading: &Reading, file: FileId) -> Result<FileReader, Trouble> {
        let row = self.store().file(reading.tenant(), file).await?.ok_or(Trouble::NotFound)?;
        let theirs = row.owner == FileOwner::Stream(reading.stream());
        if !theirs || !reading.covers(domain::actor::Section::Evidence) {
            return Err(Trouble::NotFound);
        }
        let wrapped = row.wrapped_key.as_ref().ok_or(Trouble::NotFound)?;
        let key = self
            .keyring()
            .open_file_key(row.tenant, row.id, wrapped)
            .map_err(|e| Trouble::fault("opening a file's key", e))?;
        let note: FileNote = self.open_box(BoxPurpose::File, Some(row.tenant), row.id.bytes(), &row.sealed)?;
        let bytes = File::open(self.file_path(file)).await.map_err(|e| Trouble::fault("opening a file", e))?;
        Ok(FileReader { name: note.name, size: row.size, digest: note.digest, opener: Some(Opener::new(key)), bytes })
    }

    /// Removes what was left over by uploads that never ended: bytes without a row, and rows of drafts that are gone.
    /// Says how many. A worker calls it now and then.
    pub async fn collect_left_over_files(&self) -> Result<usize, Trouble> {
        Ok(self.collect_rows().await? + self.collect_bytes().await?)
    }

    async fn collect_rows(&self) -> Result<usize, Trouble> {
        let (mut after, mut collected) = (None, 0);
        let before = self.now().plus_seconds(-LEFT_OVER_SECONDS);
        loop {
            let rows = self.store().scan_files(after, 500).await?;
            let Some(last) = rows.last() else { return Ok(collected) };
            after = Some(last.id);
            for row in rows.iter().filter(|row| row.at < before) {
                let FileOwner::Draft(key) = row.owner else { continue };
                let gone = self.store().draft(&key, self.now()).await?.is_none();
                if gone && self.store().delete_draft_file(&key, row.id).await? {
                    self.remove_bytes(row.id).await?;
                    collected += 1;
                }
            }
        }
    }

    async fn collect_bytes(&self) -> Result<usize, Trouble> {
        let broken = |e: std::io::Error| Trouble::fault("looking through the file folder", e);
        let known = self.known_files().await?;
        let mut collected = 0;
        let mut shelves = match tokio::fs::read_dir(&self.settings().files).await {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            other => other.map_err(broken)?,
        };
        while let Some(shelf) = shelves.next_entry().await.map_err(broken)? {
            if !shelf.file_type().await.map_err(broken)?.is_dir() {
                continue;
            }
            let mut files = tokio::fs::read_dir(shelf.path()).await.map_err(broken)?;
            while let Some(file) = files.next_entry().await.map_err(broken)? {
                if self.is_left_over(&file.file_name().to_string_lossy(), &known) {
                    tokio::fs::remove_file(file.path()).await.map_err(broken)?;
                    collected += 1;
                }
            }
        }
        Ok(collected)
    }

    /// Ours by its name, older than any upload by the time in its id, and spoken of by no row.
    fn is_left_over(&self, name: &str, known: &std::collections::BTreeSet<FileId>) -> bool {
        let Ok(id) = name.strip_suffix(".new").unwrap_or(name).parse::<FileId>() else { return false };
        let Some((seconds, _)) = id.uuid().get_timestamp().map(|at| at.to_unix()) else { return false };
        let drawn =
            domain::time::Instant::from_micros(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000));
        let unfinished = name.ends_with(".new");
        self.now().seconds_since(drawn) > LEFT_OVER_SECONDS && (unfinished || !known.contains(&id))
    }

    async fn known_files(&self) -> Result<std::collections::BTreeSet<FileId>, Trouble> {
        let mut known = std::collections::BTreeSet::new();
        let mut after = None;
        loop {
            let rows = self.store().scan_files(after, 1_000).await?;
            let Some(last) = rows.last() else { return Ok(known) };
            after = Some(last.id);
            // What has no key any more was erased: its bytes are left over, should they still lie about.
            known.extend(rows.iter().filter(|row| row.wrapped_key.is_some()).map(|row| row.id));
        }
    }
}

/// A file being read: opened piece by piece, and held to its digest at the end.
pub struct FileReader {
    /// Its name as given; control characters are visible. Never a path.
    pub name: String,
    /// Bytes of the original.
    pub size: u64,
    /// SHA-256 of the original, in hexadecimal.
    pub digest: String,
    opener: Option<Opener>,
    bytes: File,
}

impl FileReader {
    /// The next bytes of the original; `None` once everything came and its digest is what was recorded. A fault means
    /// that the stored bytes were altered or cut: what came before must then be thrown away.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let broken = |e: &dyn std::fmt::Display| Trouble::fault("reading a file", e);
        let mut stored = vec![0; READ];
        while let Some(opener) = &mut self.opener {
            let length = self.bytes.read(&mut stored).await.map_err(|e| broken(&e))?;
            if length > 0 {
                let plain = opener.push(&stored[..length]).map_err(|e| broken(&e))?;
                if !plain.is_empty() {
                    return Ok(Some(plain));
                }
                continue;
            }
            let Some(opener) = self.opener.take() else { break };
            let (plain, facts) = opener.finish().map_err(|e| broken(&e))?;
            if data_encoding::HEXLOWER.encode(&facts.digest.0) != self.digest {
                return Err(broken(&"its digest is not the one that was recorded"));
            }
            return Ok((!plain.is_empty()).then_some(plain));
        }
        Ok(None)
    }
}
