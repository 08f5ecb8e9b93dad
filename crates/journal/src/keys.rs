//! The root key as a file, and the inventory of keys that hang from it.
//!
//! | key | kept for | wrapped by | rotation |
//! |---|---|---|---|
//! | root | the installation | nothing: it is a file apart from the database | re-wraps tenant and installation keys |
//! | tenant | an agency | root | re-wraps the agency's keys |
//! | section, summary, intake, mail, account | sealing rows | tenant, or root for the installation's own | new version; old rows keep theirs |
//! | search | finding words | tenant | never: it would mean indexing again |
//! | lookup | finding rows by a secret | root | never: every kept hash would be lost |
//! | signing | checkpoints and bundles | root | new version; old notes name the old key |

use crate::digest::Digest;
use data_encoding::HEXLOWER;
use domain::actor::Section;
use domain::ambient::{Random, draw_bytes};
use domain::ids::TenantId;
use std::{fmt, str::FromStr};
use zeroize::Zeroizing;

const TITLE: &str = "tocsin root key v1";

/// The key from which all others hang. Its holder can read everything; it is never stored beside the database.
pub struct RootKey {
    bytes: Zeroizing<[u8; 32]>,
    id: RootKeyId,
}

/// Tells root keys apart without saying anything about them: the start of a hash of the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RootKeyId(pub(crate) [u8; 8]);

/// Why the file of the root key cannot be used. Each message is for the person who runs the installation.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RootKeyError {
    /// There is no such file.
    #[error("the root key file is missing; put back the copy that was made when this installation was set up")]
    Missing,
    /// The file begins as a root key and ends too early.
    #[error("the root key file is cut off; put back a complete copy")]
    Truncated,
    /// The file is something else.
    #[error("this file is not a Tocsin root key")]
    NotAKey,
    /// The file's own checksum does not fit: a character was changed.
    #[error("the root key file was changed since it was written; put back an unchanged copy")]
    Altered,
}

impl RootKey {
    /// Draws a new root key, for a new installation.
    pub fn generate(random: &dyn Random) -> Self {
        Self::from_bytes(Zeroizing::new(draw_bytes(random)))
    }

    fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        let digest = Digest::of_parts(&[b"tocsin/root-key-id/v1", bytes.as_slice()]);
        let mut id = [0; 8];
        id.copy_from_slice(&digest.0[..8]);
        Self { bytes, id: RootKeyId(id) }
    }

    /// Which root key this is.
    pub const fn id(&self) -> RootKeyId {
        self.id
    }

    pub(crate) const fn bytes(&self) -> &Zeroizing<[u8; 32]> {
        &self.bytes
    }

    /// The text to write to the file, which only its owner may read.
    pub fn to_file(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(HEXLOWER.encode(self.bytes.as_slice()));
        let check = HEXLOWER.encode(&checksum(&self.id, &self.bytes));
        Zeroizing::new(format!("{TITLE}\nid: {}\nkey: {}\ncheck: {check}\n", self.id, key.as_str()))
    }

    /// Reads the file's text; `None` stands for a file that is not there.
    pub fn from_file(text: Option<&str>) -> Result<Self, RootKeyError> {
        let text = text.ok_or(RootKeyError::Missing)?.trim();
        let mut lines = text.lines().map(str::trim);
        match lines.next() {
            Some(TITLE) => {}
            Some(start) if lines.next().is_none() && TITLE.starts_with(start) => return Err(RootKeyError::Truncated),
            None => return Err(RootKeyError::Truncated),
            Some(_) => return Err(RootKeyError::NotAKey),
        }
        let id = field::<8>(lines.next(), "id: ")?;
        let bytes = Zeroizing::new(field::<32>(lines.next(), "key: ")?);
        let check = field::<4>(lines.next(), "check: ")?;
        let key = Self::from_bytes(bytes);
        let sound = lines.next().is_none() && key.id.0 == id && checksum(&key.id, &key.bytes) == check;
        if sound { Ok(key) } else { Err(RootKeyError::Altered) }
    }
}

fn checksum(id: &RootKeyId, bytes: &Zeroizing<[u8; 32]>) -> [u8; 4] {
    let digest = Digest::of_parts(&[b"tocsin/root-key-check/v1", &id.0, bytes.as_slice()]);
    [digest.0[0], digest.0[1], digest.0[2], digest.0[3]]
}

fn field<const LENGTH: usize>(line: Option<&str>, label: &str) -> Result<[u8; LENGTH], RootKeyError> {
    let line = line.ok_or(RootKeyError::Truncated)?;
    let Some(value) = line.strip_prefix(label) else {
        return Err(if label.starts_with(line) { RootKeyError::Truncated } else { RootKeyError::Altered });
    };
    if value.len() < LENGTH * 2 {
        return Err(RootKeyError::Truncated);
    }
    let bytes = Zeroizing::new(HEXLOWER.decode(value.as_bytes()).map_err(|_| RootKeyError::Altered)?);
    bytes.as_slice().try_into().map_err(|_| RootKeyError::Altered)
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", self.id)
    }
}

impl fmt::Display for RootKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for RootKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a key is for. A key is used for one purpose only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum KeyPurpose {
    /// Wraps the other keys of its agency.
    Tenant,
    /// Wraps the data keys of one section's entries, and of files under [`Section::Evidence`].
    Section(Section),
    /// Seals the readable part of list rows.
    Summary,
    /// Turns words, facets and units into search tokens.
    Search,
    /// Seals drafts and remembered answers.
    Intake,
    /// Seals mail that waits in the outbox.
    Mail,
    /// Seals profiles and descriptions of sessions.
    Account,
    /// Turns secrets into what their rows are found by.
    Lookup,
    /// The seed that signs checkpoints and bundles.
    Signing,
}

impl KeyPurpose {
    const SECTIONS: [(&'static str, Section); 6] = [
        ("section.report", Section::Report),
        ("section.reporter", Section::Reporter),
        ("section.officer", Section::Officer),
        ("section.personnel", Section::Personnel),
        ("section.counsel", Section::Counsel),
        ("section.evidence", Section::Evidence),
    ];
    const OTHERS: [(&'static str, Self); 8] = [
        ("tenant", Self::Tenant),
        ("summary", Self::Summary),
        ("search", Self::Search),
        ("intake", Self::Intake),
        ("mail", Self::Mail),
        ("account", Self::Account),
        ("lookup", Self::Lookup),
        ("signing", Self::Signing),
    ];

    /// The name under which the store keeps it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Section(Section::Report) => "section.report",
            Self::Section(Section::Reporter) => "section.reporter",
            Self::Section(Section::Officer) => "section.officer",
            Self::Section(Section::Personnel) => "section.personnel",
            Self::Section(Section::Counsel) => "section.counsel",
            Self::Section(Section::Evidence) => "section.evidence",
            Self::Summary => "summary",
            Self::Search => "search",
            Self::Intake => "intake",
            Self::Mail => "mail",
            Self::Account => "account",
            Self::Lookup => "lookup",
            Self::Signing => "signing",
        }
    }

    /// The keys that an agency has, or (`None`) that the installation has for itself, in the order of their making.
    pub fn set(tenant: Option<TenantId>) -> Vec<Self> {
        let boxes = [Self::Intake, Self::Mail, Self::Account];
        match tenant {
            None => boxes.into_iter().chain([Self::Lookup, Self::Signing]).collect(),
            Some(_) => [Self::Tenant]
                .into_iter()
                .chain(Section::ALL.map(Self::Section))
                .chain([Self::Summary, Self::Search])
                .chain(boxes)
                .collect(),
        }
    }
}

impl FromStr for KeyPurpose {
    type Err = KeyError;
    fn from_str(name: &str) -> Result<Self, KeyError> {
        let section =
            Self::SECTIONS.iter().find(|(known, _)| *known == name).map(|(_, section)| Self::Section(*section));
        let other = || Self::OTHERS.iter().find(|(known, _)| *known == name).map(|(_, purpose)| *purpose);
        section.or_else(other).ok_or_else(|| KeyError::UnknownPurpose(name.to_owned()))
    }
}

impl fmt::Display for KeyPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A key as the store keeps it: known by tenant, purpose and version together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrappedKey {
    /// The agency; `None` for a key of the installation.
    pub tenant: Option<TenantId>,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// Counts rotations, from 1.
    pub version: u32,
    /// The key, sealed by the one above it.
    pub wrapped: Vec<u8>,
}

/// Why a key cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// The root key is sound and belongs to another installation.
    #[error("this database was made with root key {database}, but the root key file holds {file}")]
    DifferentRoot {
        /// The id in the file.
        file: RootKeyId,
        /// The id that the database's keys name.
        database: RootKeyId,
    },
    /// A wrapped key was altered, or moved from another place.
    #[error("the {purpose} key (version {version}) does not open: it was altered or belongs elsewhere")]
    DoesNotOpen {
        /// What it is for.
        purpose: KeyPurpose,
        /// Which version.
        version: u32,
    },
    /// No such key is known here.
    #[error("there is no {purpose} key for this agency in the key set")]
    Absent {
        /// What it would be for.
        purpose: KeyPurpose,
    },
    /// The store names a purpose that this version of the product does not know.
    #[error("the database holds a key for \"{0}\", which this version of the product does not know")]
    UnknownPurpose(String),
}
