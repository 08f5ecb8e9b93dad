//! The header of a journal entry: the few facts about it that are hashed, chained, logged and never erased.
//!
//! A header names opaque ids, kinds and instants. What people wrote stands behind it as a salted commitment only.

use crate::digest::Digest;
use data_encoding::HEXLOWER;
use domain::actor::{Actor, Section};
use domain::ids::{StreamId, TenantId};
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use uuid::Uuid;

/// The version of the header's own shape.
pub const SHAPE: u32 = 1;

/// What is hashed of an entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The shape of this header: [`SHAPE`].
    pub v: u32,
    /// The report, incident or administration stream.
    pub stream: StreamId,
    /// Place in the stream, from 1 without gaps.
    pub version: u32,
    /// The agency.
    pub tenant: TenantId,
    /// Who caused it, by opaque id.
    pub actor: Actor,
    /// What happened, such as `report.submitted`.
    pub kind: String,
    /// When, in UTC to the microsecond.
    pub at: Instant,
    /// The part of the case it belongs to, whose key seals it.
    pub section: Section,
    /// The policy edition in force, where one applies.
    pub edition: Option<String>,
    /// The hash of the header before it in the stream; [`Digest::NONE`] for the first.
    pub prev: Digest,
    /// SHA-256 over label, salt and payload.
    pub commitment: Digest,
    /// SHA-256 over label, salt and the projection row after this entry.
    pub state: Digest,
}

/// Why bytes are not a header.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderError {
    /// Not JSON of the right shape.
    #[error("the bytes are not a journal header")]
    Shape,
    /// A header of a later version of the product.
    #[error("the header has shape {0}, which this version of the product does not know")]
    Version(u32),
    /// The same facts, written otherwise than RFC 8785 says.
    #[error("the header is not in canonical form")]
    NotCanonical,
}

impl Header {
    /// The bytes that are stored, hashed and logged: JSON after RFC 8785. Written by hand, since every entry of the
    /// record passes here on every verification; a test holds it equal to a general canonicaliser.
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = String::with_capacity(640);
        out.push_str("{\"actor\":{\"as\":");
        match self.actor {
            Actor::Reporter => out.push_str("\"reporter\""),
            Actor::System => out.push_str("\"system\""),
            Actor::Account(id) => {
                out.push_str("\"account\",\"id\":");
                push_uuid(&mut out, id.uuid());
            }
        }
        // Writing to a string cannot fail.
        let _ = write!(out, "}},\"at\":\"{}\",\"commitment\":", self.at);
        push_digest(&mut out, &self.commitment);
        out.push_str(",\"edition\":");
        match &self.edition {
            Some(edition) => push_text(&mut out, edition),
            None => out.push_str("null"),
        }
        out.push_str(",\"kind\":");
        push_text(&mut out, &self.kind);
        out.push_str(",\"prev\":");
        push_digest(&mut out, &self.prev);
        out.push_str(",\"section\":\"");
        out.push_str(self.section.name());
        out.push_str("\",\"state\":");
        push_digest(&mut out, &self.state);
        out.push_str(",\"stream\":");
        push_uuid(&mut out, self.stream.uuid());
        out.push_str(",\"tenant\":");
        push_uuid(&mut out, self.tenant.uuid());
        let _ = write!(out, ",\"v\":{},\"version\":{}}}", self.v, self.version);
        out.into_bytes()
    }

    /// The hash that the next entry of the stream names.
    pub fn hash(&self) -> Digest {
        Digest::of(&self.canonical())
    }

    /// Reads stored bytes back, and refuses anything that is not exactly what [`Header::canonical`] writes.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        let header: Self = serde_json::from_slice(bytes).map_err(|_| HeaderError::Shape)?;
        if header.v != SHAPE {
            return Err(HeaderError::Version(header.v));
        }
        if header.canonical() == bytes { Ok(header) } else { Err(HeaderError::NotCanonical) }
    }
}

/// The log's leaf for an entry: the RFC 6962 hash of its canonical header.
pub fn leaf(canonical: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], canonical])
}

fn push_uuid(out: &mut String, id: Uuid) {
    out.push('"');
    out.push_str(id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    out.push('"');
}

fn push_digest(out: &mut String, digest: &Digest) {
    out.push('"');
    HEXLOWER.encode_append(&digest.0, out);
    out.push('"');
}

/// RFC 8785 escapes what `JSON.stringify` escapes: quote, backslash and control characters.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{A}' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\u{D}' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
