//! Long pages of the officer's side travel compressed: a list of fifty incidents says the same words fifty times.
//!
//! The public pages do not: they are short, and their private addresses stand in them beside words of strangers, whose
//! lengths would tell (BREACH). No page of the officer’s side carries a secret of that kind.

use axum::http::Extensions;
use axum::http::{HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// Below this many bytes a page fits the first packets anyway.
const WORTH_IT: u64 = 1024;

type Text = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// The layer. The level is the fastest: it already makes a list a seventh of its size.
pub fn layer() -> CompressionLayer<And<SizeAbove, Text>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(WORTH_IT).and(is_text as Text))
}

/// Pages and answers for programs. Files that people uploaded and documents go out as they are.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/html", "text/csv", "application/json", "application/problem+json", "image/svg+xml"]
        .iter()
        .any(|text| kind.starts_with(text))
}
