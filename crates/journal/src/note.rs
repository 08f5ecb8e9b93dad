//! Signed statements: checkpoints of the log, and notes over anything else, after C2SP signed-note with Ed25519.

use crate::digest::Digest;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER};
use signed_note::{Note, NoteError, Signature, Verifier, VerifierList, is_key_name_valid, key_id};
use std::{fmt, str::FromStr, sync::Arc};
use tlog_tiles::Hash;

const ED25519_NOTE: u8 = 1;

/// The installation's Ed25519 key. Never printed.
#[derive(Clone)]
pub struct SigningKey(Arc<Ed25519KeyPair>);

/// Who signs, and by which key: what an auditor must have from somewhere else than the record itself.
/// Written as C2SP writes verifier keys, `origin+hash+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    origin: String,
    key: [u8; 32],
}

/// A signed statement of the log's size and root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The name of the log, such as `tocsin.example.gov/log`.
    pub origin: String,
    /// Number of entries covered.
    pub size: u64,
    /// The root hash over them.
    pub root: Digest,
}

/// Why a note is not believed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignedError {
    /// Not a note of the expected form.
    #[error("the signed note is malformed")]
    Malformed,
    /// No signature by the expected key.
    #[error("the note is not signed by the key of {0}")]
    Unsigned(String),
    /// A signature in the expected key's name that does not fit the text.
    #[error("the signature of {0} does not fit the note: it was altered")]
    Altered(String),
    /// Signed by the right key, for another log.
    #[error("the note speaks of the log {0}")]
    Origin(String),
}

/// A log's name must be usable as a key name: not empty, without spaces and plus signs.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("\"{0}\" cannot name a log: use a name such as tocsin.example.gov/log, without spaces or plus signs")]
pub struct OriginError(pub String);

impl SigningKey {
    pub(crate) fn from_seed(seed: &[u8; 32]) -> Self {
        // Invariant: any 32 bytes are an Ed25519 seed (RFC 8032, 5.1.5).
        Self(Arc::new(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are a seed")))
    }

    /// The public half, under the name by which it signs.
    pub fn verifier(&self, origin: &str) -> Result<VerifierKey, OriginError> {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.public_key().as_ref());
        VerifierKey::new(origin, key)
    }

    /// Signs a text that ends with a line break.
    pub fn sign(&self, origin: &str, text: &str) -> Result<String, OriginError> {
        let refused = || OriginError(origin.to_owned());
        let id = self.verifier(origin)?.id();
        let signature = Signature::new(origin.to_owned(), id, self.0.sign(text.as_bytes()).as_ref().to_vec());
        let note = Note::new(text.as_bytes(), &[signature.map_err(|_| refused())?]).map_err(|_| refused())?;
        String::from_utf8(note.to_bytes()).map_err(|_| refused())
    }
}

impl VerifierKey {
    /// Names a public key.
    pub fn new(origin: &str, key: [u8; 32]) -> Result<Self, OriginError> {
        let sound = is_key_name_valid(origin) && !origin.chars().any(char::is_control);
        if sound { Ok(Self { origin: origin.to_owned(), key }) } else { Err(OriginError(origin.to_owned())) }
    }

    /// The name of the log that it signs for.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn note_key(&self) -> Vec<u8> {
        [&[ED25519_NOTE], self.key.as_slice()].concat()
    }

    fn id(&self) -> u32 {
        key_id(&self.origin, &self.note_key())
    }

    /// The text of a note that this key has signed.
    pub fn open(&self, note: &str) -> Result<String, SignedError> {
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| SignedError::Malformed)?;
        match parsed.verify(&VerifierList::new(vec![Box::new(self.clone())])) {
            Ok(_) => String::from_utf8(parsed.text().to_vec()).map_err(|_| SignedError::Malformed),
            Err(NoteError::InvalidSignature { .. }) => Err(SignedError::Altered(self.origin.clone())),
            Err(_) => Err(SignedError::Unsigned(self.origin.clone())),
        }
    }
}

impl Verifier for VerifierKey {
    fn name(&self) -> &str {
        &self.origin
    }
    fn key_id(&self) -> u32 {
        self.id()
    }
    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.key).verify(text, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.origin, self.id(), BASE64.encode(&self.note_key()))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for VerifierKey {
    type Err = SignedError;
    fn from_str(text: &str) -> Result<Self, SignedError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(origin), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SignedError::Malformed);
        };
        let bytes = BASE64.decode(key.as_bytes()).map_err(|_| SignedError::Malformed)?;
        let Some((&ED25519_NOTE, key)) = bytes.split_first() else { return Err(SignedError::Malformed) };
        let key: [u8; 32] = key.try_into().map_err(|_| SignedError::Malformed)?;
        let verifier = Self::new(origin, key).map_err(|_| SignedError::Malformed)?;
        let written = HEXLOWER.encode(&verifier.id().to_be_bytes());
        if written == id { Ok(verifier) } else { Err(SignedError::Malformed) }
    }
}

impl Checkpoint {
    /// The signed note to store and publish.
    pub fn sign(&self, key: &SigningKey) -> Result<String, OriginError> {
        let body = tlog_tiles::Checkpoint::new(&self.origin, self.size, Hash(self.root.0), "")
            .map_err(|_| OriginError(self.origin.clone()))?;
        key.sign(&self.origin, &String::from_utf8_lossy(&body.to_bytes()))
    }

    /// Reads a checkpoint that the key has signed for its own log.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, SignedError> {
        let text = key.open(note)?;
        let body = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).map_err(|_| SignedError::Malformed)?;
        if body.origin() != key.origin {
            return Err(SignedError::Origin(body.origin().to_owned()));
        }
        Ok(Self { origin: key.origin.clone(), size: body.size(), root: Digest(body.hash().0) })
    }
}
