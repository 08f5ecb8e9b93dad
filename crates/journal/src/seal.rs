//! Sealing what people wrote: entries under a data key of their own, and small boxes for the rows around them.

use crate::aead::{self, Aead, NONCE, identity};
use crate::digest::Digest;
use crate::header::{Header, HeaderError, SHAPE};
use crate::keyring::Keyring;
use crate::keys::{KeyError, KeyPurpose};
use domain::actor::{Actor, Section};
use domain::ambient::{Random, draw_bytes};
use domain::ids::{StreamId, TenantId};
use domain::time::Instant;
use zeroize::Zeroizing;

const SALT: usize = 32;

/// A header before the payload is committed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderDraft {
    /// The report, incident or administration stream.
    pub stream: StreamId,
    /// Place in the stream, from 1 without gaps.
    pub version: u32,
    /// The agency.
    pub tenant: TenantId,
    /// Who caused it.
    pub actor: Actor,
    /// What happened, such as `report.submitted`. Never a person's words.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// The part of the case whose key seals it.
    pub section: Section,
    /// The policy edition in force, where one applies.
    pub edition: Option<String>,
    /// The hash of the header before it; [`Digest::NONE`] for the first.
    pub prev: Digest,
}

/// An entry, ready for the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedEntry {
    /// The header.
    pub header: Header,
    /// Its canonical bytes: what the store keeps and the log's leaf is made of.
    pub canonical: Vec<u8>,
    /// SHA-256 of those bytes: what the next entry names as `prev`.
    pub hash: Digest,
    /// The data key, wrapped by the section's key.
    pub wrapped_key: Vec<u8>,
    /// Salt and payload, sealed by the data key.
    pub ciphertext: Vec<u8>,
}

/// An entry as the store gives it back. Key and ciphertext are `None` together after lawful erasure.
#[derive(Clone, Copy, Debug)]
pub struct StoredEntry<'a> {
    /// The stream that the row names.
    pub stream: StreamId,
    /// The version that the row names.
    pub version: u32,
    /// The agency that the row names.
    pub tenant: TenantId,
    /// The canonical header.
    pub header: &'a [u8],
    /// The kept hash.
    pub hash: &'a [u8; 32],
    /// The wrapped data key.
    pub wrapped_key: Option<&'a [u8]>,
    /// The sealed payload.
    pub ciphertext: Option<&'a [u8]>,
}

impl SealedEntry {
    /// The entry as the store would give it back.
    pub fn stored(&self) -> StoredEntry<'_> {
        StoredEntry {
            stream: self.header.stream,
            version: self.header.version,
            tenant: self.header.tenant,
            header: &self.canonical,
            hash: self.hash.bytes(),
            wrapped_key: Some(&self.wrapped_key),
            ciphertext: Some(&self.ciphertext),
        }
    }
}

/// What an entry held.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// Canonical JSON.
    pub payload: Vec<u8>,
    /// The salt of both commitments.
    pub salt: [u8; SALT],
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({} bytes)", self.payload.len())
    }
}

/// Why an entry cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    /// Its header is no header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Lawfully erased: header and proof remain.
    #[error("the content was erased")]
    Erased,
    /// The section's key is not here.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Wrapped key or ciphertext were altered, or belong to another entry.
    #[error("the sealed content does not open: it was altered or belongs to another entry")]
    DoesNotOpen,
    /// It opens, and is not what the header commits to.
    #[error("the content is not what the header commits to")]
    Commitment,
}

/// What the header says of the payload.
pub fn commitment(salt: &[u8; SALT], payload: &[u8]) -> Digest {
    Digest::of_parts(&[b"tocsin/commit/v1", salt, payload])
}

/// What the header says of the projection row after the entry.
pub fn state_digest(salt: &[u8; SALT], row: &[u8]) -> Digest {
    Digest::of_parts(&[b"tocsin/state/v1", salt, row])
}

/// Seals one entry: draws a data key and a salt, commits to payload and row, and encrypts salt and payload.
///
/// `payload` and `state_bytes` are canonical JSON (RFC 8785); the row's sealed parts go in as their plain words.
pub fn seal_event(
    keys: &Keyring,
    draft: HeaderDraft,
    payload: &[u8],
    state_bytes: &[u8],
    random: &dyn Random,
) -> Result<SealedEntry, KeyError> {
    let (key_version, section_key) = keys.sealing(Some(draft.tenant), KeyPurpose::Section(draft.section))?;
    let Drawn { data_key, salt, nonces } = Drawn::new(random);
    let header = Header {
        v: SHAPE,
        stream: draft.stream,
        version: draft.version,
        tenant: draft.tenant,
        actor: draft.actor,
        kind: draft.kind,
        at: draft.at,
        section: draft.section,
        edition: draft.edition,
        prev: draft.prev,
        commitment: commitment(&salt, payload),
        state: state_digest(&salt, state_bytes),
    };
    let wrapped_key =
        section_key.aead().seal_with(nonces[0], key_version, &row(b"data-key", &header), &[data_key.as_slice()]);
    let ciphertext = Aead::new(&data_key).seal_with(nonces[1], 0, &row(b"entry", &header), &[&salt, payload]);
    let canonical = header.canonical();
    Ok(SealedEntry { hash: Digest::of(&canonical), canonical, header, wrapped_key, ciphertext })
}

/// Everything random in an entry, drawn in one go: a draw from the system's generator costs as much as a hash.
struct Drawn {
    data_key: Zeroizing<[u8; 32]>,
    salt: [u8; SALT],
    nonces: [[u8; NONCE]; 2],
}

impl Drawn {
    fn new(random: &dyn Random) -> Self {
        let bytes: Zeroizing<[u8; 64 + 2 * NONCE]> = Zeroizing::new(draw_bytes(random));
        let mut drawn = Self { data_key: Zeroizing::new([0; 32]), salt: [0; SALT], nonces: [[0; NONCE]; 2] };
        drawn.data_key.copy_from_slice(&bytes[..32]);
        drawn.salt.copy_from_slice(&bytes[32..64]);
        drawn.nonces[0].copy_from_slice(&bytes[64..64 + NONCE]);
        drawn.nonces[1].copy_from_slice(&bytes[64 + NONCE..]);
        drawn
    }
}

/// Opens one entry whose header has been read, and checks that its content is what the header commits to.
pub fn open_event(keys: &Keyring, header: &Header, wrapped_key: &[u8], ciphertext: &[u8]) -> Result<Opened, OpenError> {
    let version = aead::version(wrapped_key).ok_or(OpenError::DoesNotOpen)?;
    let section_key = keys.sealing_version(Some(header.tenant), KeyPurpose::Section(header.section), version)?;
    let data_key = section_key.aead().open(&row(b"data-key", header), wrapped_key).map(Zeroizing::new);
    let data_key: Zeroizing<[u8; 32]> = data_key
        .and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new))
        .ok_or(OpenError::DoesNotOpen)?;
    let sealed = Aead::new(&data_key).open(&row(b"entry", header), ciphertext).ok_or(OpenError::DoesNotOpen)?;
    let (salt, payload) = sealed.split_first_chunk::<SALT>().ok_or(OpenError::DoesNotOpen)?;
    if commitment(salt, payload) != header.commitment {
        return Err(OpenError::Commitment);
    }
    Ok(Opened { salt: *salt, payload: payload.to_vec() })
}

impl StoredEntry<'_> {
    /// Reads header and content of a stored entry.
    pub fn open(&self, keys: &Keyring) -> Result<(Header, Opened), OpenError> {
        let header = Header::parse(self.header)?;
        let opened = self.open_content(keys, &header)?;
        Ok((header, opened))
    }

    /// Opens the content under a header that has been read.
    pub fn open_content(&self, keys: &Keyring, header: &Header) -> Result<Opened, OpenError> {
        match (self.wrapped_key, self.ciphertext) {
            (Some(wrapped_key), Some(ciphertext)) => open_event(keys, header, wrapped_key, ciphertext),
            (None, None) => Err(OpenError::Erased),
            _ => Err(OpenError::DoesNotOpen),
        }
    }
}

/// The identity of an entry's row: a ciphertext moved to another row, section or version does not open there.
fn row(what: &[u8], header: &Header) -> Vec<u8> {
    identity(&[
        b"tocsin/event/v1",
        what,
        header.tenant.bytes(),
        header.stream.bytes(),
        &header.version.to_be_bytes(),
        header.section.name().as_bytes(),
    ])
}

/// What a small box holds, and with it which key seals it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BoxPurpose {
    /// The readable part of a report's or incident's row in lists. Agency only.
    Summary,
    /// A half-written report.
    Draft,
    /// An answer remembered under a caller's key.
    Answer,
    /// A message in the outbox.
    Mail,
    /// A person's profile.
    Account,
    /// Browser and network of a session.
    Session,
    /// Original name, type and digest of a file. Agency only.
    File,
    /// Texts of policy, values and documents that an agency keeps for itself. Agency only.
    Policy,
    /// The secret or the credential of a factor.
    Factor,
    /// Something begun and not ended in a browser. Installation only.
    Ceremony,
    /// Issuer and subject of an account at an identity provider.
    Identity,
}

impl BoxPurpose {
    const fn key(self) -> KeyPurpose {
        match self {
            Self::Summary | Self::Policy => KeyPurpose::Summary,
            Self::Draft | Self::Answer => KeyPurpose::Intake,
            Self::Mail => KeyPurpose::Mail,
            Self::Account | Self::Session | Self::Factor | Self::Ceremony | Self::Identity => KeyPurpose::Account,
            Self::File => KeyPurpose::Section(Section::Evidence),
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Draft => "draft",
            Self::Answer => "answer",
            Self::Mail => "mail",
            Self::Account => "account",
            Self::Session => "session",
            Self::File => "file",
            Self::Policy => "policy",
            Self::Factor => "factor",
            Self::Ceremony => "ceremony",
            Self::Identity => "identity",
        }
    }
}

/// Why a box cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BoxError {
    /// The key is not here.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Altered, or moved from another row.
    #[error("a sealed value does not open: it was altered or belongs to another row")]
    DoesNotOpen,
}

impl Keyring {
    /// Seals a small value of a row. `row` is the row's identity (its id, and its version where old values must not
    /// come back); the tenant is `None` for rows of the installation.
    pub fn seal_box(
        &self,
        purpose: BoxPurpose,
        tenant: Option<TenantId>,
        row: &[u8],
        plaintext: &[u8],
        random: &dyn Random,
    ) -> Result<Vec<u8>, KeyError> {
        let (version, key) = self.sealing(tenant, purpose.key())?;
        Ok(key.aead().seal(version, &box_identity(purpose, tenant, row), &[plaintext], random))
    }

    /// Opens a small value of the same row.
    pub fn open_box(
        &self,
        purpose: BoxPurpose,
        tenant: Option<TenantId>,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, BoxError> {
        let version = aead::version(sealed).ok_or(BoxError::DoesNotOpen)?;
        let key = self.sealing_version(tenant, purpose.key(), version)?;
        key.aead().open(&box_identity(purpose, tenant, row), sealed).ok_or(BoxError::DoesNotOpen)
    }
}

fn box_identity(purpose: BoxPurpose, tenant: Option<TenantId>, row: &[u8]) -> Vec<u8> {
    let owner: &[u8] = tenant.as_ref().map_or(&[], |tenant| tenant.bytes());
    identity(&[b"tocsin/box/v1", purpose.label().as_bytes(), owner, row])
}
