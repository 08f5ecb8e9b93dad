//! The text of a pack as somebody hands it in: files of a folder or of a zip, small and few, compiled in memory.

use super::kept::Text;
use crate::{App, Trouble};
use domain::ids::TenantId;
use domain::pack::Pack;
use journal::{BoxPurpose, Digest, Keyring};
use policy::Source;
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read};
use store::{RowChange, Store};
use zip::ZipArchive;

/// The largest zip, in bytes.
pub const LARGEST_ZIP: usize = 1024 * 1024;
/// The most files of a text.
pub const MOST_FILES: usize = 300;
/// The largest file of a text, in bytes.
pub const LARGEST_FILE: usize = 256 * 1024;
/// The largest text, in bytes.
pub const LARGEST_TEXT: usize = 2 * 1024 * 1024;

/// The folder under which a text's own files stand while it is compiled.
const OWN: &str = "pack/";

/// One file: its path below the folder of the pack, and its text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct File {
    /// Such as `pack/obligations/report.toml`, or `common/public-report.toml` for one that it includes.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl File {
    /// The path as its writer knows it.
    pub fn shown(&self) -> &str {
        self.path.strip_prefix(OWN).unwrap_or(&self.path)
    }
}

/// Something to mend in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mend {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where it concerns no line.
    pub line: usize,
    /// What is wrong.
    pub says: String,
    /// What to write instead.
    pub help: String,
}

/// Why a text cannot be taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It has mistakes.
    Mend(Vec<Mend>),
    /// Something else.
    Trouble(Trouble),
}

impl<T: Into<Trouble>> From<T> for NotTaken {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

/// A sound text.
#[derive(Clone, Debug)]
pub struct Sound {
    /// What it says.
    pub pack: Pack,
    /// Its files.
    pub files: Vec<File>,
    /// SHA-256 over them, hexadecimal.
    pub digest: String,
}

fn refused(words: impl Into<String>) -> NotTaken {
    NotTaken::Trouble(Trouble::Refused(words.into()))
}

/// The text files of a zip. Nothing is written anywhere; what unpacks to more than it may ends the reading.
pub fn from_zip(bytes: &[u8]) -> Result<Vec<Source>, NotTaken> {
    if bytes.len() > LARGEST_ZIP {
        return Err(refused("The file is larger than 1 MB. Send the folder of one pack and nothing else."));
    }
    let not_a_zip = |_| refused("This is not a zip file. Pack the folder of the policy into a zip, and send that.");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(not_a_zip)?;
    if zip.len() > MOST_FILES {
        return Err(refused(format!("There are more than {MOST_FILES} files in it. Send the folder of one pack.")));
    }
    let mut sources = Vec::new();
    let mut total = 0;
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(not_a_zip)?;
        let path = file.name().map_err(not_a_zip)?.replace('\\', "/");
        let wanted = path.ends_with(".toml") || path.ends_with(".md");
        if file.is_dir() || !wanted || path.starts_with("__MACOSX/") {
            continue;
        }
        let mut text = Vec::new();
        let most = LARGEST_FILE.min(LARGEST_TEXT - total) as u64;
        file.take(most + 1).read_to_end(&mut text).map_err(|_| refused(format!("{path} in it is damaged.")))?;
        if text.len() as u64 > most {
            return Err(refused(format!("{path} is too large. A file has at most 256 KB, all files together 2 MB.")));
        }
        total += text.len();
        let text = String::from_utf8(text).map_err(|_| refused(format!("{path} is not text in UTF-8.")))?;
        sources.push(Source { path, text });
    }
    Ok(sources)
}

/// The files of a text in their places: its own below `pack/`, what it includes as it is, and of the wording that ships
/// with the product what it includes and did not bring along.
fn placed(sources: Vec<Source>, wording: &[Source]) -> Result<Vec<File>, NotTaken> {
    let total: usize = sources.iter().map(|source| source.text.len()).sum();
    if sources.len() > MOST_FILES || total > LARGEST_TEXT || sources.iter().any(|s| s.text.len() > LARGEST_FILE) {
        return Err(refused("The text is too large: at most 300 files of 256 KB, 2 MB together."));
    }
    let heads: Vec<&str> = sources
        .iter()
        .map(|s| s.path.as_str())
        .filter(|path| *path == "pack.toml" || path.ends_with("/pack.toml"))
        .collect();
    let root = match heads.as_slice() {
        [] => return Err(refused("There is no pack.toml in it. Send the folder of one pack.")),
        [one] => one.strip_suffix("pack.toml").unwrap_or_default().to_owned(),
        [..] => return Err(refused("There is more than one pack.toml in it. Send the folder of one pack.")),
    };
    let own = |source: Source| match source.path.strip_prefix(&root) {
        Some(below) => File { path: format!("{OWN}{below}"), text: source.text },
        None => File { path: source.path, text: source.text },
    };
    let mut files: Vec<File> = sources.into_iter().map(own).collect();
    let included: Vec<File> = wording
        .iter()
        .filter(|shared| {
            let named = format!("\"{}\"", shared.path);
            let brought = files.iter().any(|file| file.path.ends_with(&shared.path));
            !brought && files.iter().any(|file| file.path == format!("{OWN}pack.toml") && file.text.contains(&named))
        })
        .map(|shared| File { path: shared.path.clone(), text: shared.text.clone() })
        .collect();
    files.extend(included);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn sources(files: &[File]) -> Vec<Source> {
    files.iter().map(|file| Source { path: file.path.clone(), text: file.text.clone() }).collect()
}

fn digest(files: &[File]) -> String {
    // Each part begins with its length, so that no two texts run together to the same bytes.
    let mut bytes = Vec::new();
    for part in files.iter().flat_map(|file| [&file.path, &file.text]) {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&Digest::of(&bytes).0)
}

/// The name of the setting that holds a text.
fn setting(digest: &str) -> String {
    format!("policy-text/{digest}")
}

impl App {
    /// Compiles a text and works its cases.
    pub fn read_text(&self, handed_in: Vec<Source>) -> Result<Sound, NotTaken> {
        let files = placed(handed_in, self.packs().wording())?;
        match policy::check(&sources(&files)) {
            Ok(pack) => Ok(Sound { digest: digest(&files), pack, files }),
            Err(reports) => {
                let mend = |report: &policy::Report| Mend {
                    file: report.path.strip_prefix(OWN).unwrap_or(&report.path).to_owned(),
                    line: if report.place.is_empty() { 0 } else { report.line() },
                    says: report.says.clone(),
                    help: report.help.clone(),
                };
                Err(NotTaken::Mend(reports.iter().map(mend).collect()))
            }
        }
    }

    /// The change that stores a text, sealed.
    pub(crate) fn store_text(&self, tenant: TenantId, sound: &Sound) -> Result<RowChange, Trouble> {
        let name = setting(&sound.digest);
        let sealed = self.seal_box(BoxPurpose::Policy, Some(tenant), name.as_bytes(), &sound.files)?;
        Ok(RowChange::Setting(Some(tenant), name, Some(sealed)))
    }

    /// What a text says, approved or not, and its files.
    pub async fn pack_of_text(&self, tenant: TenantId, text: &Text) -> Result<(Pack, Vec<File>), Trouble> {
        let files = files_of(self.store(), &self.keyring(), tenant, text).await?;
        Ok((compile(&files, text)?, files))
    }
}

/// The files of a text that was handed in, held to the digest in the record.
pub(crate) async fn files_of(
    store: &dyn Store,
    keyring: &Keyring,
    tenant: TenantId,
    text: &Text,
) -> Result<Vec<File>, Trouble> {
    let doing = "reading a text of policy";
    let name = setting(&text.digest);
    let sealed = store.setting(Some(tenant), &name).await?.ok_or_else(|| Trouble::fault(doing, "it is missing"))?;
    let plain = keyring
        .open_box(BoxPurpose::Policy, Some(tenant), name.as_bytes(), &sealed)
        .map_err(|e| Trouble::fault(doing, e))?;
    let files: Vec<File> = serde_json::from_slice(&plain).map_err(|e| Trouble::fault(doing, e))?;
    if digest(&files) == text.digest {
        Ok(files)
    } else {
        Err(Trouble::fault(doing, "it is not the text that was recorded"))
    }
}

/// The pack of a text, in force from the day that it was proposed or approved for.
pub(crate) fn compile(files: &[File], text: &Text) -> Result<Pack, Trouble> {
    let mut pack = policy::compile(&sources(files)).map_err(|reports| {
        let first = reports.first().map_or_else(String::new, |report| format!("{report:?}"));
        Trouble::fault("compiling a text of policy", first)
    })?;
    pack.edition.from = Some(text.from);
    Ok(pack)
}
