//! A whole site on a real store in a temporary folder, with a clock in the test's hand, and a visitor without cookies.

use app::packs::Packs;
use app::{App, MailRoute, Settings};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::ambient::{Clock, Random};
use domain::ids::{TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{SeriesId, Words};
use domain::time::{Instant, Zone};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use tocsin_web as web;
use tower::ServiceExt;

/// Tue, Oct 13, 2026, 9:10 a.m. CDT
pub const MORNING: i64 = 1_791_900_600_000_000;
/// The largest file of this site.
pub const FILE_LIMIT: u64 = 1_000_000;
/// The most files of one report here.
pub const FILES: usize = 3;

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Different bytes on every call, the same on every run.
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut x = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            x ^= x >> 27;
            chunk.copy_from_slice(&x.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// A typesetter that says what it was given, counts its papers, and stops in the middle of one when told to.
#[derive(Default)]
pub struct Press {
    pub papers: AtomicUsize,
    pub stuck: AtomicBool,
}

#[async_trait::async_trait]
impl app::Typesetter for Press {
    async fn typeset(&self, job: documents::Job) -> Result<Vec<u8>, app::Trouble> {
        self.papers.fetch_add(1, Ordering::Relaxed);
        if self.stuck.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Ok(format!("%PDF {}", serde_json::to_string(&job).unwrap()).into_bytes())
    }
}

/// The site.
pub struct Site {
    pub app: App,
    pub tenant: TenantId,
    pub unit: UnitId,
    pub press: Arc<Press>,
    router: Router,
    clock: Arc<Hand>,
    pub folder: tempfile::TempDir,
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

fn packs() -> Packs {
    fn read(folder: &Path, under: &Path, found: &mut Vec<policy::Source>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, under, found);
            } else {
                let name = path.strip_prefix(under).unwrap().to_string_lossy().into_owned();
                found.push(policy::Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root, &root, &mut sources);
    Packs::new(policy::compile_set(&sources).unwrap())
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
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(Counting(AtomicU64::new(7)));
        let clock = Arc::new(Hand(AtomicI64::new(MORNING)));
        let store = store_sqlite::SqliteStore::open(&folder.path().join("tocsin.db")).unwrap();
        let root = journal::RootKey::generate(random.as_ref());
        let keyring = app::keys::open_keyring(&store, &root, random.as_ref()).await.unwrap();
        let settings = Settings {
            public_address: "http://127.0.0.1:8420".into(),
            files: folder.path().join("files"),
            file_limit: FILE_LIMIT,
            files_per_report: FILES,
            log_origin: "tocsin.example.gov/log".into(),
            checkpoints: None,
            mail: MailRoute::DemonstrationMailbox,
            limits,
            trusted_proxies: proxies.iter().map(|network| network.parse().unwrap()).collect(),
        };
        let (store, keyring, press) = (Arc::new(store), Arc::new(keyring), Arc::new(Press::default()));
        let app = App::new(store, keyring, packs(), clock.clone(), random, press.clone(), settings).await.unwrap();
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
        Self { app, tenant, unit, press, router, clock, folder }
    }

    pub fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
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
