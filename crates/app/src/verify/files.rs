//! The evidence files: that each lies where it should, with the bytes that were sealed.

use super::{Found, Kind, Run};
use crate::keep_file::path_in;
use domain::ids::FileId;
use journal::digest::Running;
use journal::{Digest, FindingKind};
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use store::{Answer, Fault, FileOwner, FileRow};

/// Rows read at once.
const PAGE: u32 = 500;
/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// Walks every file.
pub(super) async fn walk(run: &mut Run<'_>, (): ()) -> Answer<()> {
    let mut after: Option<FileId> = None;
    loop {
        let page = run.store.scan_files(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for row in page {
            if row.wrapped_key.is_some() {
                one(run, &row).await?;
            }
            run.checked.files += 1;
        }
        run.progress.at("files", run.checked.files);
    }
}

async fn one(run: &mut Run<'_>, row: &FileRow) -> Answer<()> {
    let path = path_in(run.files, row.id);
    let digest =
        tokio::task::spawn_blocking(move || digest(path)).await.map_err(|e| Fault::new("reading a file", e))?;
    let found = match digest {
        Ok(digest) if digest.0 == row.cipher_digest => return Ok(()),
        Ok(_) => said(
            row,
            Kind::Journal(FindingKind::FileAltered),
            "was altered or cut off: its bytes are not those that were kept",
        ),
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            // A draft's file goes with the draft, while the walk is on its way.
            if matches!(row.owner, FileOwner::Draft(_)) && run.store.file(row.tenant, row.id).await?.is_none() {
                return Ok(());
            }
            said(row, Kind::FileMissing, "is missing from the folder of files")
        }
        Err(cause) => said(row, Kind::Unchecked, &format!("cannot be read: {cause}")),
    };
    run.findings.push(found);
    Ok(())
}

fn said(row: &FileRow, kind: Kind, what: &str) -> Found {
    let sentence = format!("the file {} {what}", row.id);
    match row.owner {
        FileOwner::Stream(stream) => Found::at(kind, stream, None, sentence),
        FileOwner::Draft(_) => Found::of(kind, format!("{sentence} (it belongs to a draft)")),
    }
}

fn digest(path: PathBuf) -> std::io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let mut running = Running::default();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(running.finish()),
            read => running.push(&chunk[..read]),
        }
    }
}
