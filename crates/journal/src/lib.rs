//! What makes the record provable: keys, sealing, canonical headers, the Merkle log, and offline verification.
//!
//! Pure: bytes in, bytes out. No file, clock or database; chance comes through `domain::ambient::Random`.
//! Entries are chained per stream by the hash of their headers; the headers' hashes are the leaves of one RFC 6962
//! tree whose signed checkpoints leave the machine. A header holds no personal text, only a salted commitment to the
//! sealed payload, so destroying key, salt and ciphertext erases the words and leaves the proof standing.

mod aead;
pub mod bundle;
pub mod digest;
pub mod files;
pub mod header;
pub mod keyring;
pub mod keys;
pub mod log;
pub mod lookup;
pub mod note;
pub mod seal;
pub mod verify;

pub use bundle::{Bundle, BundleVerdict, verify_bundle, write_bundle};
pub use digest::Digest;
pub use header::{Header, HeaderError};
pub use keyring::Keyring;
pub use keys::{KeyError, KeyPurpose, RootKey, RootKeyError, WrappedKey};
pub use lookup::{Indexed, Lookup};
pub use note::{Checkpoint, SigningKey, VerifierKey};
pub use seal::{BoxPurpose, HeaderDraft, OpenError, Opened, SealedEntry, StoredEntry, open_event, seal_event};
pub use verify::{ChainChecker, Finding, FindingKind, LoggedLeaf, TreeChecker, Weight};
