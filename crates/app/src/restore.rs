//! Taking a backup out of its archive: every member held to the list, and the list to its signature.
//!
//! What is damaged is named; only a person's explicit wish lets the rest be used.

use crate::Trouble;
use crate::backup::{FORMAT, MANIFEST, Manifest, Member, SIGNATURE, statement, sync_folder};
use journal::digest::Running;
use journal::{Digest, Keyring};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zip::ZipArchive;

const CHUNK: usize = 256 * 1024;
/// Lists are small; a larger one is no list.
const LARGEST_LIST: u64 = 256 * 1024 * 1024;

/// A backup, taken out.
#[derive(Debug)]
pub struct Unpacked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The database, as the archive holds it.
    pub database: PathBuf,
    /// What is damaged or missing; never empty unless a person wished to go on nevertheless.
    pub damage: Vec<String>,
    list: Vec<u8>,
    signature: String,
}

/// Takes a backup out into a folder: `database` and `files` below it. Damage is refused with the name of what is
/// damaged, unless `despite_damage`.
pub fn unpack(from: &Path, into: &Path, despite_damage: bool) -> Result<Unpacked, Trouble> {
    let refused = |e: &dyn std::fmt::Display| Trouble::Refused(format!("the backup {}: {e}", from.display()));
    let file = File::open(from).map_err(|e| refused(&e))?;
    let mut zip = ZipArchive::new(BufReader::new(file))
        .map_err(|e| refused(&format!("it is cut off, or no backup at all ({e}). Fetch another copy of it.")))?;
    let list = small(&mut zip, MANIFEST).map_err(|e| refused(&format!("its list {MANIFEST} cannot be read: {e}")))?;
    let signature = small(&mut zip, SIGNATURE).and_then(|bytes| String::from_utf8(bytes).map_err(|e| e.to_string()));
    let signature = signature.map_err(|e| refused(&format!("its signature {SIGNATURE} cannot be read: {e}")))?;
    let manifest: Manifest =
        serde_json::from_slice(&list).map_err(|e| refused(&format!("its list {MANIFEST} was altered: {e}")))?;
    if manifest.format != FORMAT {
        return Err(refused(&format!("it has the format {:?}, which this version does not know", manifest.format)));
    }
    let mut unpacked =
        Unpacked { database: into.join(manifest.database()), manifest, damage: Vec::new(), list, signature };
    let mut listed: HashSet<&str> = HashSet::from([MANIFEST, SIGNATURE]);
    for member in &unpacked.manifest.members {
        listed.insert(&member.path);
        if let Err(what) = member_out(&mut zip, member, into) {
            let what = format!("{}: {what}", member.path);
            if !despite_damage {
                return Err(refused(&format!(
                    "{what}. Nothing was restored. Fetch another copy, or restore what is left of this one with --force."
                )));
            }
            unpacked.damage.push(what);
        }
    }
    let names: Vec<String> = zip.file_names().map(|name| name.map_or_else(|_| "?".to_owned(), Into::into)).collect();
    if let Some(name) = names.iter().find(|name| !listed.contains(name.as_str())) {
        unpacked.damage.push(format!("{name}: it is not on the backup's list and was left out"));
        if !despite_damage {
            return Err(refused(&format!("{name} is not on its list: somebody added to it. Nothing was restored.")));
        }
    }
    Ok(unpacked)
}

impl Unpacked {
    /// Holds the list to the signature of the installation it was made by; says what does not fit.
    pub fn check_signature(&self, keyring: &Keyring) -> Result<(), String> {
        let key = keyring.signing().map_err(|e| e.to_string())?;
        let key = key.verifier(&self.manifest.origin).map_err(|e| e.to_string())?;
        let signed = key.open(&self.signature).map_err(|e| format!("the signature of its list does not fit: {e}"))?;
        if signed == statement(&self.manifest.origin, &self.list) {
            return Ok(());
        }
        Err("its list was altered: it is not what was signed".to_owned())
    }
}

fn small(zip: &mut ZipArchive<BufReader<File>>, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let member = zip.by_name(name).map_err(|e| e.to_string())?;
    member.take(LARGEST_LIST).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Where a member goes: below the folder, whatever the list says.
fn place(into: &Path, path: &str) -> Result<PathBuf, String> {
    let inside = (path.starts_with("files/") || path.starts_with("database/"))
        && !path.contains('\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if inside { Ok(into.join(path)) } else { Err("its name leads out of the backup".to_owned()) }
}

fn member_out(zip: &mut ZipArchive<BufReader<File>>, member: &Member, into: &Path) -> Result<(), String> {
    let path = place(into, &member.path)?;
    let said = |e: std::io::Error| format!("it could not be taken out: {e}");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(said)?;
    }
    let mut source = zip.by_name(&member.path).map_err(|_| "it is missing from the archive".to_owned())?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(said)?;
    let copied = copy(&mut source, &mut file);
    let sound = match copied {
        Ok((size, digest)) if size == member.size && digest == member.sha256 => file.sync_all().map_err(said),
        Ok(_) => Err("its bytes are not those on the list: it was altered or damaged".to_owned()),
        Err(why) => Err(format!("it is damaged: {why}")),
    };
    if sound.is_ok() {
        return sync_folder(&path).map_err(said);
    }
    // A damaged database may still give most of its records; a damaged file gives nothing that could be trusted.
    if member.path.starts_with("files/") {
        let _ = std::fs::remove_file(&path);
    }
    sound
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(u64, Digest)> {
    let (mut running, mut size, mut chunk) = (Running::default(), 0u64, vec![0; CHUNK]);
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok((size, running.finish()));
        }
        running.push(&chunk[..read]);
        to.write_all(&chunk[..read])?;
        size += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::place;
    use std::path::Path;

    #[test]
    fn no_member_leads_out_of_the_folder() {
        let into = Path::new("/restored");
        assert!(place(into, "files/ab/0190").is_ok());
        assert!(place(into, "database/tocsin.db").is_ok());
        for bad in ["files/../../etc/passwd", "/etc/passwd", "root.key", "files//x", "files/./x", "files/..\\x"] {
            assert!(place(into, bad).is_err(), "{bad}");
        }
    }
}
