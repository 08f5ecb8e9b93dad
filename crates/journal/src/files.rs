//! Encrypting evidence as it streams by: chunks of 64 KiB under AES-256-GCM in the STREAM construction.
//!
//! Each chunk's nonce is a random prefix, its number and whether it is the last, so a chunk that is altered, moved,
//! dropped, repeated or added does not open, and any chunk can be read alone. Nothing here reads or writes: bytes
//! are pushed in and come out, so that callers may be asynchronous.

use crate::aead::{self, identity};
use crate::digest::{Digest, Running};
use crate::keyring::Keyring;
use crate::keys::{KeyError, KeyPurpose};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use domain::actor::Section;
use domain::ambient::{Random, draw_bytes};
use domain::ids::{FileId, TenantId};
use std::ops::Range;
use zeroize::Zeroizing;

/// Bytes of plaintext in every chunk but the last.
pub const CHUNK: usize = 64 * 1024;
/// Bytes before the first chunk.
pub const HEADER: usize = 16;
const TAG: usize = 16;
const SEALED_CHUNK: usize = CHUNK + TAG;
/// Name, format version 1, algorithm 2 (AES-256-GCM STREAM), log2 of the chunk, reserved; then the nonce prefix.
const START: [u8; 9] = *b"TOCF\x01\x02\x10\0\0";
const PREFIX: usize = 7;

/// The key of one file. Never printed.
pub struct FileKey(Zeroizing<[u8; 32]>);

/// Why a file cannot be sealed or read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileError {
    /// The wrapping key is not here.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file's key was altered or belongs to another file.
    #[error("the file's key does not open: it was altered or belongs to another file")]
    FileKey,
    /// Not written by this product, or by a later version.
    #[error("the file does not begin as an encrypted file of this product")]
    Header,
    /// A chunk was altered, moved or cut; counted from 0.
    #[error("part {0} of the file does not open: it was altered, moved or cut off")]
    Chunk(u64),
    /// Ends before its last chunk.
    #[error("the file is cut off")]
    Truncated,
    /// Longer than 2^32 chunks (256 TiB).
    #[error("the file is too long")]
    TooLong,
}

impl Keyring {
    /// Draws a file's key and wraps it under the agency's evidence key.
    pub fn new_file_key(
        &self,
        tenant: TenantId,
        file: FileId,
        random: &dyn Random,
    ) -> Result<(FileKey, Vec<u8>), KeyError> {
        let (version, key) = self.sealing(Some(tenant), KeyPurpose::Section(Section::Evidence))?;
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(draw_bytes(random));
        let wrapped = key.aead().seal(version, &file_identity(tenant, file), &[bytes.as_slice()], random);
        Ok((FileKey(bytes), wrapped))
    }

    /// Unwraps a file's key.
    pub fn open_file_key(&self, tenant: TenantId, file: FileId, wrapped: &[u8]) -> Result<FileKey, FileError> {
        let version = aead::version(wrapped).ok_or(FileError::FileKey)?;
        let key = self.sealing_version(Some(tenant), KeyPurpose::Section(Section::Evidence), version)?;
        let bytes = key.aead().open(&file_identity(tenant, file), wrapped).map(Zeroizing::new);
        let bytes = bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).ok_or(FileError::FileKey)?;
        Ok(FileKey(Zeroizing::new(bytes)))
    }
}

fn file_identity(tenant: TenantId, file: FileId) -> Vec<u8> {
    identity(&[b"tocsin/file-key/v1", tenant.bytes(), file.bytes()])
}

/// The chunks' cipher: shared by sealing, opening and reading ranges.
struct Chunks {
    key: LessSafeKey,
    header: [u8; HEADER],
}

impl Chunks {
    fn new(key: &FileKey, header: [u8; HEADER]) -> Self {
        // Invariant: the key has the algorithm's length, the only thing that is checked.
        let key = UnboundKey::new(&AES_256_GCM, key.0.as_slice()).expect("32 bytes are an AES-256 key");
        Self { key: LessSafeKey::new(key), header }
    }

    fn read(key: &FileKey, header: &[u8]) -> Result<Self, FileError> {
        let header: [u8; HEADER] = header.try_into().map_err(|_| FileError::Header)?;
        if header.starts_with(&START) { Ok(Self::new(key, header)) } else { Err(FileError::Header) }
    }

    fn nonce(&self, chunk: u64, last: bool) -> Result<Nonce, FileError> {
        let chunk = u32::try_from(chunk).map_err(|_| FileError::TooLong)?;
        let mut nonce = [0; PREFIX + 5];
        nonce[..PREFIX].copy_from_slice(&self.header[START.len()..]);
        nonce[PREFIX..PREFIX + 4].copy_from_slice(&chunk.to_be_bytes());
        nonce[PREFIX + 4] = u8::from(last);
        Ok(Nonce::assume_unique_for_key(nonce))
    }

    fn seal(&self, chunk: u64, last: bool, plain: &[u8], out: &mut Vec<u8>) -> Result<(), FileError> {
        let nonce = self.nonce(chunk, last)?;
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::from(self.header), &mut out[start..])
            .map_err(|_| FileError::TooLong)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(&self, chunk: u64, last: bool, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), FileError> {
        let nonce = self.nonce(chunk, last)?;
        let mut bytes = sealed.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(self.header), &mut bytes);
        out.extend_from_slice(plain.map_err(|_| FileError::Chunk(chunk))?);
        Ok(())
    }
}

/// What is known of a file once all of it has passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileFacts {
    /// Bytes of the original.
    pub size: u64,
    /// SHA-256 of the original: what examiners compare.
    pub digest: Digest,
    /// Bytes as stored.
    pub cipher_size: u64,
    /// SHA-256 of the bytes as stored: what custody compares without reading.
    pub cipher_digest: Digest,
}

/// Running sizes and digests of both sides.
#[derive(Default)]
struct Tally {
    plain: (u64, Running),
    cipher: (u64, Running),
}

impl Tally {
    fn plain(&mut self, bytes: &[u8]) {
        self.plain.0 += bytes.len() as u64;
        self.plain.1.push(bytes);
    }
    fn cipher(&mut self, bytes: &[u8]) {
        self.cipher.0 += bytes.len() as u64;
        self.cipher.1.push(bytes);
    }
    fn finish(self) -> FileFacts {
        FileFacts {
            size: self.plain.0,
            digest: self.plain.1.finish(),
            cipher_size: self.cipher.0,
            cipher_digest: self.cipher.1.finish(),
        }
    }
}

/// Seals a file that is pushed in pieces of any size.
pub struct Sealer {
    chunks: Chunks,
    next: u64,
    held: Zeroizing<Vec<u8>>,
    started: bool,
    tally: Tally,
}

impl Sealer {
    /// Begins a file. The key seals this one file only.
    pub fn new(key: &FileKey, random: &dyn Random) -> Self {
        let mut header = [0; HEADER];
        header[..START.len()].copy_from_slice(&START);
        header[START.len()..].copy_from_slice(&draw_bytes::<PREFIX>(random));
        let held = Zeroizing::new(Vec::with_capacity(CHUNK));
        Self { chunks: Chunks::new(key, header), next: 0, held, started: false, tally: Tally::default() }
    }

    /// Takes the next bytes of the original; gives the next bytes to store, perhaps none.
    pub fn push(&mut self, mut plain: &[u8]) -> Result<Vec<u8>, FileError> {
        let mut out = Vec::with_capacity(plain.len() + HEADER + TAG);
        self.start(&mut out);
        self.tally.plain(plain);
        while !plain.is_empty() {
            // A full chunk waits until more follows, for only then is it known not to be the last.
            if self.held.len() == CHUNK {
                self.chunks.seal(self.next, false, &self.held, &mut out)?;
                self.next += 1;
                self.held.clear();
            }
            let (now, later) = plain.split_at(plain.len().min(CHUNK - self.held.len()));
            self.held.extend_from_slice(now);
            plain = later;
        }
        self.tally.cipher(&out);
        Ok(out)
    }

    /// Ends the file: the last bytes to store, and what is known of the whole.
    pub fn finish(mut self) -> Result<(Vec<u8>, FileFacts), FileError> {
        let mut out = Vec::with_capacity(self.held.len() + HEADER + TAG);
        self.start(&mut out);
        self.chunks.seal(self.next, true, &self.held, &mut out)?;
        self.tally.cipher(&out);
        Ok((out, self.tally.finish()))
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        if !self.started {
            self.started = true;
            out.extend_from_slice(&self.chunks.header);
        }
    }
}

/// Opens a file whose stored bytes are pushed in pieces of any size. What comes out is authentic; that it is all
/// there is certain only after [`Opener::finish`].
pub struct Opener {
    key: FileKey,
    chunks: Option<Chunks>,
    next: u64,
    held: Vec<u8>,
    tally: Tally,
}

impl Opener {
    /// Begins a file.
    pub fn new(key: FileKey) -> Self {
        Self { key, chunks: None, next: 0, held: Vec::new(), tally: Tally::default() }
    }

    /// Takes the next stored bytes; gives the next bytes of the original, perhaps none.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Vec<u8>, FileError> {
        self.tally.cipher(sealed);
        self.held.extend_from_slice(sealed);
        let mut at = 0;
        if self.chunks.is_none() {
            let Some(header) = self.held.get(..HEADER) else { return Ok(Vec::new()) };
            self.chunks = Some(Chunks::read(&self.key, header)?);
            at = HEADER;
        }
        let mut out = Vec::with_capacity(sealed.len());
        if let Some(chunks) = &self.chunks {
            while self.held.len() - at > SEALED_CHUNK {
                chunks.open(self.next, false, &self.held[at..at + SEALED_CHUNK], &mut out)?;
                self.next += 1;
                at += SEALED_CHUNK;
            }
        }
        self.held.drain(..at);
        self.tally.plain(&out);
        Ok(out)
    }

    /// Ends the file: the last bytes of the original, and what is known of the whole.
    pub fn finish(mut self) -> Result<(Vec<u8>, FileFacts), FileError> {
        let chunks = self.chunks.as_ref().ok_or(FileError::Truncated)?;
        if self.held.len() < TAG {
            return Err(FileError::Truncated);
        }
        let mut out = Vec::with_capacity(self.held.len());
        // Ends on a chunk that is sound but not the last: cut off exactly between two chunks.
        if chunks.open(self.next, true, &self.held, &mut out).is_err() {
            let between = chunks.open(self.next, false, &self.held, &mut Vec::new()).is_ok();
            return Err(if between { FileError::Truncated } else { FileError::Chunk(self.next) });
        }
        self.tally.plain(&out);
        Ok((out, self.tally.finish()))
    }
}

/// Reads any chunk of a stored file alone, for range requests.
pub struct RangeOpener {
    chunks: Chunks,
    count: u64,
    cipher_size: u64,
}

impl RangeOpener {
    /// From the first [`HEADER`] stored bytes and the number of bytes stored.
    pub fn new(key: &FileKey, header: &[u8], cipher_size: u64) -> Result<Self, FileError> {
        let body = cipher_size.checked_sub(HEADER as u64).ok_or(FileError::Truncated)?;
        let count = body.div_ceil(SEALED_CHUNK as u64);
        let rest = body - count.saturating_sub(1) * SEALED_CHUNK as u64;
        if rest < TAG as u64 {
            return Err(FileError::Truncated);
        }
        Ok(Self { chunks: Chunks::read(key, header)?, count, cipher_size })
    }

    /// Bytes of the original.
    pub const fn size(&self) -> u64 {
        self.cipher_size - HEADER as u64 - self.count * TAG as u64
    }

    /// The chunks that hold these bytes of the original; what lies beyond its end is left out.
    pub fn chunks(&self, bytes: Range<u64>) -> Range<u64> {
        let end = bytes.end.min(self.size());
        if bytes.start >= end {
            return 0..0;
        }
        bytes.start / CHUNK as u64..end.div_ceil(CHUNK as u64)
    }

    /// Where a chunk lies among the stored bytes.
    pub fn stored(&self, chunk: u64) -> Range<u64> {
        let start = (HEADER as u64).saturating_add(chunk.saturating_mul(SEALED_CHUNK as u64)).min(self.cipher_size);
        start..start.saturating_add(SEALED_CHUNK as u64).min(self.cipher_size)
    }

    /// Opens one chunk from its stored bytes; the first byte is byte `chunk * CHUNK` of the original.
    pub fn open(&self, chunk: u64, stored: &[u8]) -> Result<Vec<u8>, FileError> {
        if chunk >= self.count {
            return Err(FileError::Chunk(chunk));
        }
        let mut out = Vec::with_capacity(stored.len());
        self.chunks.open(chunk, chunk + 1 == self.count, stored, &mut out)?;
        Ok(out)
    }
}
