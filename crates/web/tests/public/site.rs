//! A whole site on a real store in a temporary folder, with a clock in the test's hand, and a visitor without cookies.

use app::{App, MailRoute, Settings};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::ids::{TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{SeriesId, Words};
use domain::time::Zone;
use ground::{Ground, Hand, Press};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use std::sync::Arc;
use tocsin_web as web;
use tower::ServiceExt;

/// Tue, Oct 13, 2026, 9:10 a.m. CDT
pub const MORNING: i64 = 1_791_900_600_000_000;
/// The largest file of this site.
pub const FILE_LIMIT: u64 = 1_000_000;
/// The most files of one report here.
pub const FILES: usize = 3;

/// The site.
pub struct Site {
    pub app: App,
    pub tenant: TenantId,
    pub unit: UnitId,
    pub press: Arc<Press>,
    router: Router,
    clock: Arc<Hand>,
    pub ground: Ground,
}

/// An answer with its body.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// Where a redirect leads.
    pub fn leads(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap()
    }
    /// The page, when it is one with this status.
    pub fn page(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(!self.headers.contains_key(header::SET_COOKIE), "a public page sets no cookie");
        &self.text
    }
    /// The value of a field on the page.
    pub fn value(&self, name: &str) -> &str {
        let at =
            self.text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}: {}", self.text));
        let rest = &self.text[at..];
        let rest = &rest[rest.find("value=\"").unwrap() + 7..];
        &rest[..rest.find('"').unwrap()]
    }
}

fn words(text: &str) -> Words {
    Words { en: text.into(), es: format!("{text} (es)") }
}

impl Site {
    /// Two agencies: one with a centre and a head office, one whose policy wants a call first.
    pub async fn open() -> Self {
        Self::within(app::limits::PublicLimits::default()).await
    }

    pub async fn within(limits: app::limits::PublicLimits) -> Self {
        Self::behind(limits, &[]).await
    }

    /// Within limits, with proxies in front that are believed.
    pub async fn behind(limits: app::limits::PublicLimits, proxies: &[&str]) -> Self {
        let ground = Ground::new().await;
        let clock = Arc::new(Hand::at(MORNING));
        let settings = Settings {
            public_address: "http://127.0.0.1:8420".into(),
            file_limit: FILE_LIMIT,
            files_per_report: FILES,
            mail: MailRoute::DemonstrationMailbox,
            limits,
            trusted_proxies: proxies.iter().map(|network| network.parse().unwrap()).collect(),
            ..ground.settings()
        };
        let press = Arc::new(Press::default());
        let app = ground.app_with(ground::packs(), clock.clone(), press.clone(), settings).await;
        let agency = |name: &str, series: &str, phone: &str| AgencyProfile {
            name: words(name),
            zone: Zone::named("America/Chicago").unwrap(),
            policies: vec![SeriesId::parse(series).unwrap()],
            phone: phone.into(),
            help_desk: None,
            edition: None,
        };
        let dmh = agency("Department of Mental Health", "us-mo/dmh", "573-555-0142");
        let (tenant, head) = app.add_agency("DMH", &dmh).await.unwrap();
        let unit = UnitProfile {
            name: words("Riverbend Center"),
            kind: UnitKind::Facility,
            phone: Some("573-555-0150".into()),
            policies: vec![],
        };
        let unit = app.add_unit(tenant, head, "RVB", &unit).await.unwrap();
        let modot = agency("Department of Transportation", "us-mo/modot", "573-555-0160");
        app.add_agency("MODOT", &modot).await.unwrap();
        let ids: web::security::RequestIds = Arc::new(|| "7F2A".to_owned());
        let router = web::router(app.clone(), ids);
        Self { app, tenant, unit, press, router, clock, ground }
    }

    pub fn later(&self, seconds: i64) {
        self.clock.later(seconds);
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "never a 500");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(form(path, fields)).await
    }

    /// Begins a report at Riverbend and gives the address of its draft.
    pub async fn begin(&self) -> String {
        let answer = self.post("/r/RVB", &[("begin", "report")]).await;
        answer.leads().strip_suffix("/what").unwrap().to_owned()
    }

    /// Sends a report and gives the addresses of its receipt and of its private page.
    pub async fn sent(&self) -> (String, String) {
        let draft = self.filled().await;
        let receipt = self.post(&format!("{draft}/check"), &[]).await.leads().to_owned();
        let page = self.get(&receipt).await;
        let at = page.page(200).find("/s/").expect("a private link");
        let link = page.text[at..].chars().take_while(|c| !"\"<#".contains(*c)).collect();
        (receipt, link)
    }

    /// Answers everything that is required.
    pub async fn filled(&self) -> String {
        let draft = self.begin().await;
        for (page, fields) in [
            ("what", &[("what", "malware")][..]),
            ("where", &[("unit", "RVB"), ("place", "Building 2")]),
            ("words", &[("words", "A red page asks for money.")]),
            ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")]),
        ] {
            self.post(&format!("{draft}/{page}"), fields).await.leads();
        }
        draft
    }
}

/// A form as a browser posts it.
pub fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .unwrap()
}

/// The same request from somewhere on the network.
pub fn from(peer: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = format!("{peer}:4000").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// A part of a multipart form: its name, a file name when it is a file, its bytes.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// The bytes of a multipart form with the boundary `edge`.
pub fn parts(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    body
}

/// A multipart form as a browser posts it.
pub fn multipart(path: &str, body: Vec<u8>) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap()
}
