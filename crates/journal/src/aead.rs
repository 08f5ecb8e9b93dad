//! Authenticated encryption of small things with AES-256-GCM-SIV (RFC 8452), in envelopes that name their algorithm.
//!
//! GCM-SIV survives a repeated nonce with nothing worse than showing that two equal plaintexts are equal.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::ambient::{Random, draw_bytes};

/// Envelope: algorithm, version of the key, nonce, ciphertext, tag. The first two are authenticated with the row.
const ALGORITHM: u8 = 1;
const NONCE_AT: usize = 5;
/// Bytes of a nonce.
pub(crate) const NONCE: usize = NONCE_LEN;
const BODY_AT: usize = NONCE_AT + NONCE;
/// Bytes that an envelope is longer than what it holds.
pub(crate) const OVERHEAD: usize = BODY_AT + 16;

/// One key for AES-256-GCM-SIV. Never printed.
pub(crate) struct Aead(LessSafeKey);

impl Aead {
    pub(crate) fn new(bytes: &[u8; 32]) -> Self {
        // Invariant: the key has the algorithm's length, the only thing that is checked.
        let key = UnboundKey::new(&AES_256_GCM_SIV, bytes).expect("32 bytes are an AES-256 key");
        Self(LessSafeKey::new(key))
    }

    /// Seals `parts`, one after another, under the row identity `aad`.
    pub(crate) fn seal(&self, version: u32, aad: &[u8], parts: &[&[u8]], random: &dyn Random) -> Vec<u8> {
        self.seal_with(draw_bytes(random), version, aad, parts)
    }

    /// The same with a nonce that the caller has drawn.
    pub(crate) fn seal_with(&self, nonce: [u8; NONCE], version: u32, aad: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let mut out = Vec::with_capacity(OVERHEAD + length);
        out.push(ALGORITHM);
        out.extend_from_slice(&version.to_be_bytes());
        out.extend_from_slice(&nonce);
        for part in parts {
            out.extend_from_slice(part);
        }
        let bound = [&out[..NONCE_AT], aad].concat();
        let nonce = Nonce::assume_unique_for_key(nonce);
        // Invariant: sealing fails only beyond 2^36 bytes, more than a row or a machine's memory holds.
        let tag = self
            .0
            .seal_in_place_separate_tag(nonce, Aad::from(bound), &mut out[BODY_AT..])
            .expect("the plaintext is far below the algorithm's limit");
        out.extend_from_slice(tag.as_ref());
        out
    }

    /// Opens an envelope; `None` when it was altered, moved from another row, or sealed by another key.
    pub(crate) fn open(&self, aad: &[u8], envelope: &[u8]) -> Option<Vec<u8>> {
        version(envelope)?;
        let nonce = Nonce::try_assume_unique_for_key(envelope.get(NONCE_AT..BODY_AT)?).ok()?;
        let bound = [&envelope[..NONCE_AT], aad].concat();
        let mut body = envelope.get(BODY_AT..)?.to_vec();
        let length = self.0.open_in_place(nonce, Aad::from(bound), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

/// The version of the key that sealed an envelope; `None` when it is no envelope that this version knows.
pub(crate) fn version(envelope: &[u8]) -> Option<u32> {
    if envelope.len() < OVERHEAD || envelope[0] != ALGORITHM {
        return None;
    }
    Some(u32::from_be_bytes(envelope[1..NONCE_AT].try_into().ok()?))
}

/// The identity of a row as associated data: every field with its length before it, so that no two identities share
/// their bytes.
pub(crate) fn identity(fields: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(fields.iter().map(|field| field.len() + 4).sum());
    for field in fields {
        // Invariant: identities are labels, ids and numbers; far shorter than 4 GiB.
        out.extend_from_slice(&(field.len() as u32).to_be_bytes());
        out.extend_from_slice(field);
    }
    out
}
