//! One limiter for pages and programs, and whom it takes for the caller behind a proxy.

use super::site::{Site, form, from};
use app::limits::PublicLimits;
use axum::body::Body;
use axum::http::{Request, header};

fn by_page() -> Request<Body> {
    form("/r/RVB", &[("begin", "report")])
}

fn by_program() -> Request<Body> {
    Request::post("/api/v1/reports")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"unit":"RVB","words":"A red page asks for money.","reporter":{"name":"Sam Lee","phone":"573-555-0188"}}"#))
        .unwrap()
}

fn forwarded(name: &str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("x-forwarded-for", name.parse().unwrap());
    request
}

#[tokio::test]
async fn pages_and_programs_are_counted_together() {
    let site = Site::within(PublicLimits { reports_per_network: 2, ..PublicLimits::default() }).await;
    site.ask(from("203.0.113.9", by_page())).await.leads();
    assert_eq!(site.ask(from("203.0.113.9", by_program())).await.status.as_u16(), 201);
    assert!(site.ask(from("203.0.113.77", by_page())).await.page(429).contains("Please wait a moment"));
    let refused = site.ask(from("203.0.113.9", by_program())).await;
    assert_eq!(refused.status.as_u16(), 429);
    assert!(refused.text.contains("\"status\":429"), "{}", refused.text);
    site.ask(from("198.51.100.1", by_page())).await.leads();
    site.later(601);
    assert_eq!(site.ask(from("203.0.113.9", by_program())).await.status.as_u16(), 201, "the window has passed");
}

#[tokio::test]
async fn one_unit_is_not_drowned_from_many_networks() {
    let site = Site::within(PublicLimits { reports_per_unit: 2, ..PublicLimits::default() }).await;
    site.ask(from("203.0.113.9", by_page())).await.leads();
    assert_eq!(site.ask(from("198.51.100.1", by_program())).await.status.as_u16(), 201);
    assert_eq!(site.ask(from("192.0.2.1", by_program())).await.status.as_u16(), 429);
    assert_eq!(site.ask(from("192.0.2.1", by_page())).await.status.as_u16(), 429);
}

#[tokio::test]
async fn an_ipv6_network_is_a_64_and_a_site_has_room_for_several() {
    let site = Site::within(PublicLimits { reports_per_network: 1, ..PublicLimits::default() }).await;
    let at = |address: &str| {
        let mut request = by_page();
        let peer: std::net::SocketAddr = format!("[{address}]:4000").parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        site.ask(request)
    };
    at("2001:db8:1:1::1").await.leads();
    assert_eq!(at("2001:db8:1:1:ffff::2").await.status.as_u16(), 429, "the same /64");
    for n in 2..=8 {
        at(&format!("2001:db8:1:{n}::1")).await.leads();
    }
    assert_eq!(at("2001:db8:1:9::1").await.status.as_u16(), 429, "one /48 has eight times the room and no more");
    at("2001:db8:2:1::1").await.leads();
}

#[tokio::test]
async fn a_caller_behind_a_trusted_proxy_is_counted_and_nobody_else_can_name_one() {
    let limits = PublicLimits { reports_per_network: 1, ..PublicLimits::default() };
    let site = Site::behind(limits.clone(), &["10.0.0.0/8"]).await;
    let through = |name: &str| site.ask(forwarded(name, from("10.0.0.1", by_page())));
    through("203.0.113.9").await.leads();
    assert_eq!(through("203.0.113.9").await.status.as_u16(), 429);
    assert_eq!(
        through("1.2.3.4, 203.0.113.9").await.status.as_u16(),
        429,
        "what a caller writes in front counts nothing"
    );
    through("198.51.100.1").await.leads();

    // From outside, and with no proxy named in the configuration, the header is somebody's claim.
    site.ask(forwarded("192.0.2.1", from("192.0.2.200", by_page()))).await.leads();
    assert_eq!(site.ask(forwarded("192.0.9.9", from("192.0.2.200", by_page()))).await.status.as_u16(), 429);
    let alone = Site::within(limits).await;
    alone.ask(forwarded("203.0.113.9", from("10.0.0.1", by_page()))).await.leads();
    assert_eq!(alone.ask(forwarded("198.51.100.1", from("10.0.0.1", by_page()))).await.status.as_u16(), 429);
}
