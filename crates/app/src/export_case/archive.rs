//! The archive of an exported case while it is written: it has its name only once it is whole.

use journal::Digest;
use journal::files::Opener;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The name of an archive that is not whole yet; the name goes when this does.
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Beside the file that it becomes.
    pub fn beside(to: &Path) -> Self {
        let mut name = to.as_os_str().to_owned();
        name.push(format!(".unfinished-{}", std::process::id()));
        Self(name.into())
    }

    /// Gives the whole archive its name.
    pub fn publish(&self, to: &Path) -> std::io::Result<()> {
        // A hard link fails where the name was taken meanwhile; renaming would replace it.
        std::fs::hard_link(&self.0, to)?;
        crate::backup::sync_folder(to)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The archive while it is written.
pub(super) struct Out {
    /// The archive.
    pub zip: ZipWriter<BufWriter<File>>,
}

impl Out {
    /// A new one, for nobody else to read.
    pub fn create(at: &Unfinished) -> std::io::Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&at.0)?;
        Ok(Self { zip: ZipWriter::new(BufWriter::new(file)) })
    }

    /// Begins a member.
    pub fn start(&mut self, path: &str) -> std::io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        self.zip.start_file(path, options.large_file(true)).map_err(std::io::Error::other)
    }

    /// A whole member.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.start(path)?;
        self.zip.write_all(bytes)
    }

    /// Ends it, durably.
    pub fn finish(self) -> std::io::Result<()> {
        let file = self.zip.finish().map_err(std::io::Error::other)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}

/// Opens a sealed file; its size and digest as they are now.
pub(super) fn unseal(from: &Path, mut opener: Opener, to: &mut impl Write) -> Result<(u64, Digest), String> {
    let mut file = File::open(from).map_err(|e| e.to_string())?;
    let mut chunk = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut chunk).map_err(|e| e.to_string())?;
        if read == 0 {
            break;
        }
        let plain = opener.push(&chunk[..read]).map_err(|e| e.to_string())?;
        to.write_all(&plain).map_err(|e| e.to_string())?;
    }
    let (last, facts) = opener.finish().map_err(|e| e.to_string())?;
    to.write_all(&last).map_err(|e| e.to_string())?;
    Ok((facts.size, facts.digest))
}
