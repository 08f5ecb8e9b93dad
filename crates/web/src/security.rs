//! The wall around every answer: headers that forbid what pages never need, refusal of requests that another site
//! sent, an id per request, and an apology in place of a crash.
//!
//! The order, from the outside in: id, panic containment, headers, method and length, origin, then the router.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use futures::FutureExt;

use crate::screens::apology::{self, Apology};

/// Everything is forbidden that a page of documents, own style sheets and own scripts does not need. `data:` images
/// and inline code stay forbidden; the site's scripts may talk to the site alone.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const FEATURES: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
     encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

const HEADERS: [(HeaderName, &str); 9] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), FEATURES),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    // A page about an incident must not wait in a cache; what may be kept says so itself.
    (header::CACHE_CONTROL, "no-store"),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ALLOWED: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const LONGEST_ADDRESS: usize = 8 * 1024;

/// Where request ids come from: the caller owns the random source.
pub type RequestIds = Arc<dyn Fn() -> String + Send + Sync>;

/// The id of the request being answered, shown on the apology and written in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Puts the whole wall around a router, including its fallback.
pub fn protect(router: Router, ids: RequestIds) -> Router {
    router
        .layer(middleware::from_fn(refuse_foreign))
        .layer(middleware::from_fn(refuse_odd))
        .layer(middleware::from_fn(set_headers))
        .layer(middleware::from_fn(contain))
        .layer(middleware::from_fn_with_state(ids, identify))
}

async fn identify(State(ids): State<RequestIds>, mut request: Request, next: Next) -> Response {
    let id = ids();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

async fn contain(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => {
            tracing::error!(%id, what = said(&*panic), "a request ended in a panic");
            let mut answer = apology::answer(&path, &Apology::Fault { id });
            apply_headers(answer.headers_mut());
            answer
        }
    }
}

/// What a panic said, when it said it in words.
fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("nothing")
}

async fn set_headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    apply_headers(answer.headers_mut());
    answer
}

fn apply_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

async fn refuse_odd(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !ALLOWED.split(", ").any(|known| known == request.method().as_str()) {
        let mut answer = apology::answer(path, &Apology::Method);
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(ALLOWED));
        return answer;
    }
    if request.uri().path_and_query().is_some_and(|all| all.as_str().len() > LONGEST_ADDRESS) {
        return apology::answer("/", &Apology::AddressTooLong);
    }
    let path = path.to_owned();
    let answer = next.run(request).await;
    // A route that exists with other methods: the router's answer is bare, the page is not.
    if answer.status() == StatusCode::METHOD_NOT_ALLOWED && !answer.headers().contains_key(header::CONTENT_TYPE) {
        let allow = answer.headers().get(header::ALLOW).cloned();
        let mut page = apology::answer(&path, &Apology::Method);
        if let Some(allow) = allow {
            page.headers_mut().insert(header::ALLOW, allow);
        }
        return page;
    }
    answer
}

async fn refuse_foreign(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_ours(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    tracing::info!("a change asked for by another site was refused");
    apology::answer(request.uri().path(), &Apology::Foreign).into_response()
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a change was asked for by our own page or by no page at all. Browsers of the last years say so in
/// `Sec-Fetch-Site`; older ones send `Origin` with every post; programs send neither and carry no cookies.
fn is_ours(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(|named| named.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == host
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Body,
        routing::{get, post},
    };
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let router = Router::new()
            .route("/page", get(|| async { "page" }))
            .route("/kept", get(|| async { ([(header::CACHE_CONTROL, "public, max-age=1")], "kept") }))
            .route("/report", post(|| async { "taken" }))
            .route("/api/v1/reports", post(|| async { "taken" }))
            .route(
                "/broken",
                get(|| async {
                    if true {
                        panic!("the shelf fell")
                    }
                }),
            );
        let mut request = Request::builder().method(method).uri(path).header("host", "tocsin.example.gov");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        protect(router, Arc::new(|| "7F2A".to_owned())).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(answer: Response) -> String {
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_answer_forbids_what_pages_never_need() {
        for path in ["/page", "/nowhere", "/broken"] {
            let answer = ask("GET", path, &[]).await;
            let headers = answer.headers();
            assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none';"), "{path}");
            assert!(!headers["content-security-policy"].to_str().unwrap().contains("unsafe"), "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
            assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
            assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
            assert_eq!(headers["cache-control"], "no-store", "{path}");
            assert_eq!(headers["x-request-id"], "7F2A", "{path}");
            assert!(!headers.contains_key("set-cookie"), "{path}");
        }
    }

    #[tokio::test]
    async fn what_may_be_kept_says_so_itself() {
        assert_eq!(ask("GET", "/kept", &[]).await.headers()["cache-control"], "public, max-age=1");
    }

    #[tokio::test]
    async fn a_change_is_taken_from_our_page_or_from_a_program_and_from_nobody_else() {
        for (headers, taken) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://tocsin.example.gov")], false),
            (&[("origin", "https://tocsin.example.gov")], true),
            (&[("origin", "https://evil.example.org")], false),
            (&[("origin", "null")], false),
            (&[], true),
        ] {
            let status = ask("POST", "/report", headers).await.status();
            assert_eq!(status, if taken { StatusCode::OK } else { StatusCode::FORBIDDEN }, "{headers:?}");
        }
    }

    #[tokio::test]
    async fn methods_that_nobody_serves_are_refused_with_what_is_served() {
        for (method, path) in [("TRACE", "/page"), ("BREW", "/nowhere"), ("DELETE", "/page"), ("POST", "/page")] {
            let answer = ask(method, path, &[]).await;
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(answer.headers().contains_key("allow"), "{method} {path}");
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_apology_with_the_id_and_without_the_cause() {
        let answer = ask("GET", "/broken", &[]).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let page = text(answer).await;
        assert!(page.contains("7F2A") && !page.contains("shelf"));
    }

    #[tokio::test]
    async fn programs_get_problem_details_instead_of_pages() {
        let answer = ask("POST", "/api/v1/reports", &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&text(answer).await).unwrap();
        assert_eq!(problem["status"], 403);
    }

    #[tokio::test]
    async fn an_endless_address_is_refused() {
        let answer = ask("GET", &format!("/page?{}", "a".repeat(LONGEST_ADDRESS)), &[]).await;
        assert_eq!(answer.status(), StatusCode::URI_TOO_LONG);
    }
}
