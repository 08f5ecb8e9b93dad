//! Serves the style sheets, scripts and icon that were built into the binary, so that a page asks nobody else for anything.
//!
//! An address carries the digest of its content and may therefore be kept for ever; an address with another digest
//! (an old page still open in a browser) gets today's content and is not kept.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

/// The route that [`serve`] answers; its two parts are the digest and the file name.
pub const ROUTE: &str = "/assets/{digest}/{name}";

const KEEP: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "$TOCSIN_ASSETS"]
struct Embedded;

struct Asset {
    digest: String,
    kind: &'static str,
    plain: Vec<u8>,
    brotli: Vec<u8>,
    gzip: Vec<u8>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let bytes = |name: &str| Embedded::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
    Embedded::iter()
        .filter_map(|name| {
            let kind = kind(&name)?;
            let file = Embedded::get(&name)?;
            let digest = data_encoding::HEXLOWER.encode(&file.metadata.sha256_hash()[..6]);
            let (brotli, gzip) = (bytes(&format!("{name}.br")), bytes(&format!("{name}.gz")));
            Some((name.into_owned(), Asset { digest, kind, plain: file.data.into_owned(), brotli, gzip }))
        })
        .collect()
});

/// The address under which a page names an asset, with the digest of today's content.
pub fn address(name: &str) -> String {
    let digest = ASSETS.get(name).map_or("none", |asset| asset.digest.as_str());
    format!("/assets/{digest}/{name}")
}

/// Answers [`ROUTE`]: the smallest encoding that the browser takes, or 304 when it already has the content.
pub async fn serve(Path((digest, name)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", asset.digest);
    let kept = if digest == asset.digest { KEEP } else { "no-cache" };
    let mut answer = if has(&asked, header::IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(asset, &asked)
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    answer
}

fn body(asset: &'static Asset, asked: &HeaderMap) -> Response {
    let (coding, bytes): (Option<&str>, &'static [u8]) = if accepts(asked, "br") && !asset.brotli.is_empty() {
        (Some("br"), &asset.brotli)
    } else if accepts(asked, "gzip") && !asset.gzip.is_empty() {
        (Some("gzip"), &asset.gzip)
    } else {
        (None, &asset.plain)
    };
    let mut answer = ([(header::CONTENT_TYPE, asset.kind)], bytes).into_response();
    if let Some(coding) = coding {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    answer
}

fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
            name.trim().eq_ignore_ascii_case(coding)
                && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
}

fn has(asked: &HeaderMap, name: header::HeaderName, tag: &str) -> bool {
    asked
        .get(name)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(path: (&str, &str), asked: &[(&str, &str)]) -> Response {
        let asked = asked.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        serve(Path((path.0.to_owned(), path.1.to_owned())), asked).await
    }

    fn today(name: &str) -> String {
        address(name).split('/').nth(2).unwrap().to_owned()
    }

    #[tokio::test]
    async fn an_address_with_todays_digest_may_be_kept_and_is_pressed() {
        let answer = ask((&today("public.css"), "public.css"), &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-encoding"], "br");
        assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], KEEP);
    }

    #[tokio::test]
    async fn an_old_digest_gets_todays_content_but_is_not_kept() {
        let answer = ask(("0000", "public.js"), &[("accept-encoding", "br;q=0, gzip")]).await;
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let digest = today("icon.svg");
        let answer = ask((&digest, "icon.svg"), &[("if-none-match", &format!("W/\"{digest}\""))]).await;
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn nothing_but_built_assets_is_served() {
        for name in ["public.css.br", "../Cargo.toml", "none.css"] {
            assert_eq!(ask(("0", name), &[]).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    /// Budgets of the first public page (60 KB in all) and of an officer's list page (35 KB in 4 requests).
    #[test]
    fn the_pressed_assets_leave_room_for_the_page() {
        let pressed = |name: &str| ASSETS[name].brotli.len();
        assert!(pressed("public.css") + pressed("public.js") + pressed("icon.svg") < 20_000);
        assert!(pressed("work.css") + pressed("work.js") + pressed("icon.svg") < 27_000);
    }
}
