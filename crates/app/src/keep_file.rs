//! Keeping a file that is whole in memory: sealed, made durable in the file folder, then recorded.

use crate::{App, Trouble};
use domain::ids::{FileId, StreamId, TenantId};
use domain::report::FileAdded;
use domain::text::Line;
use journal::BoxPurpose;
use journal::files::Sealer;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use store::{FileOwner, FileRow};
use tokio::io::AsyncWriteExt;

/// What is sealed beside a file: its name as given and the digest of the original.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileNote {
    /// Its name as given; never used as a path.
    pub name: String,
    /// SHA-256 of the original, in hexadecimal.
    pub digest: String,
}

/// Where the sealed bytes of a file lie in the folder of files.
pub fn path_in(files: &Path, id: FileId) -> PathBuf {
    let name = id.to_string();
    // The end of a version 7 id is random, its beginning is the time: the end spreads files over folders.
    files.join(&name[name.len() - 2..]).join(name)
}

impl App {
    /// Where the sealed bytes of a file lie. Made of the id alone, never of a name.
    pub fn file_path(&self, id: FileId) -> PathBuf {
        path_in(&self.settings().files, id)
    }

    /// Seals bytes into the file folder and records them as part of a stream. Durable when it returns.
    pub async fn keep_file(
        &self,
        tenant: TenantId,
        owner: StreamId,
        name: &str,
        bytes: &[u8],
    ) -> Result<FileAdded, Trouble> {
        let id: FileId = self.draw();
        let fault = |e: &dyn std::fmt::Display| Trouble::fault("keeping a file", e);
        let keyring = self.keyring();
        let (key, wrapped) = keyring.new_file_key(tenant, id, self.random()).map_err(|e| fault(&e))?;
        let mut sealer = Sealer::new(&key, self.random());
        let mut sealed = sealer.push(bytes).map_err(|e| fault(&e))?;
        let (last, facts) = sealer.finish().map_err(|e| fault(&e))?;
        sealed.extend(last);
        self.write_durably(id, &sealed).await.map_err(|e| fault(&e))?;

        let digest = data_encoding::HEXLOWER.encode(&facts.digest.0);
        let note = FileNote { name: name.to_owned(), digest: digest.clone() };
        let row = FileRow {
            id,
            tenant,
            owner: FileOwner::Stream(owner),
            size: bytes.len() as u64,
            cipher_digest: facts.cipher_digest.0,
            wrapped_key: Some(wrapped),
            sealed: self.seal_box(BoxPurpose::File, Some(tenant), id.bytes(), &note)?,
            at: self.now(),
        };
        self.store().save_file(row).await?;
        let line = |e: domain::text::TextError| fault(&e);
        Ok(FileAdded {
            id,
            name: Line::parse(name).map_err(line)?,
            size: bytes.len() as u64,
            digest: Line::parse(&digest).map_err(line)?,
        })
    }

    async fn write_durably(&self, id: FileId, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.file_path(id);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        tokio::fs::create_dir_all(&folder).await?;
        let fresh = path.with_extension("new");
        let mut file = tokio::fs::File::create(&fresh).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&fresh, &path).await?;
        // The name is durable only when its folder is.
        tokio::fs::File::open(&folder).await?.sync_all().await
    }
}
