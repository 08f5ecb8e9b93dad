//! The server itself: what strangers post to the public form and the API, and addresses that people and programs alter.

use super::Reader;
use super::proofs::Bundles;
use app::App;
use app::directory::Profile;
use app::export_case::{Origin, Wanted, export_case};
use app::import::{ImportOptions, SourceFile, import_hhs, import_veris};
use app::limits::PublicLimits;
use app::sign_in::{Password, SessionNote};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::actor::Section;
use domain::organisation::AgencyProfile;
use domain::pack::SeriesId;
use domain::permission::Role;
use domain::time::Zone;
use ground::{Ground, Hand, NOW, packs_of, words};
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// An agency whose public limits are out of the way.
pub struct Site {
    runtime: Runtime,
    app: App,
    router: Router,
    _ground: Ground,
}

impl Site {
    /// Founds it.
    pub fn ready() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (app, ground) = runtime.block_on(async {
            let ground = Ground::new().await;
            let limits = PublicLimits {
                reports_per_network: u32::MAX,
                reports_per_unit: u32::MAX,
                files_per_network: u32::MAX,
                codes_per_network: u32::MAX,
                papers_per_network: u32::MAX,
                ..PublicLimits::default()
            };
            let settings = app::Settings { limits, ..ground.settings() };
            let packs = packs_of(&["common", "us-mo/dmh-2016"]);
            let app = ground.app(packs, Arc::new(Hand::at(NOW)), settings).await;
            let profile = AgencyProfile {
                name: words("Department of Mental Health"),
                zone: Zone::named("America/Chicago").expect("a zone"),
                policies: vec![SeriesId::parse("us-mo/dmh").expect("a series")],
                edition: None,
                phone: "573-555-0142".to_owned(),
                help_desk: None,
            };
            app.add_agency("DMH", &profile).await.expect("an agency");
            (app, ground)
        });
        let router = web::router(app.clone(), Arc::new(|| "7F2A".to_owned()));
        Self { runtime, app, router, _ground: ground }
    }

    /// Asks, reads the whole answer, and says what came: its status, about how long it is, and where it leads.
    fn ask(&self, request: Request<Body>) -> (String, String) {
        self.runtime.block_on(async {
            let Ok(answer) = self.router.clone().oneshot(request).await;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let leads = headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
            let body = answer.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            (format!("status {status} {}", body.len().checked_ilog2().unwrap_or(0)), leads)
        })
    }

    /// Begins a report; gives the address of its draft.
    fn begin(&self) -> String {
        let request = Request::post("/r/DMH").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (_, leads) = self.ask(request.body(Body::from("begin=report")).expect("a request"));
        leads.strip_suffix("/what").expect("a draft").to_owned()
    }

    /// The members of an exported case.
    pub fn exported(&self) -> Vec<u8> {
        let request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(JSON[0])).expect("a request"));
        self.runtime.block_on(async {
            while self.app.seal_log().await.expect("sealed") > 0 {}
            let reports = self.app.store().scan_reports(None, 1).await.expect("read");
            let reference = &reports.first().expect("a report").reference;
            let keyring = self.app.keyring();
            let settings = self.app.settings();
            let origin = Origin {
                store: self.app.store(),
                keyring: keyring.as_ref(),
                files: &settings.files,
                log: &settings.log_origin,
                packs: self.app.packs(),
            };
            let folder = tempfile::tempdir().expect("a folder");
            let to = folder.path().join("case.zip");
            let wanted = Wanted { reference, sections: &Section::ALL, now: self.app.now() };
            export_case(&origin, &wanted, &to).await.expect("exported");
            Bundles::members(&std::fs::read(&to).expect("read"))
        })
    }
}

/// Reports as programs send them.
const JSON: [&str; 2] = [
    r#"{ "unit": "DMH", "words": "The laptop is gone.", "reporter": { "name": "Sam Lee", "phone": "573-555-0188" } }"#,
    r#"{ "unit": "DMH", "words": "Ein Bericht \ud83d\udd14", "happened": ["lost-or-stolen"], "going_on": "no",
         "place": "Store lot", "when": "2026-11-19", "reporter": { "anonymous": true } }"#,
];

/// `POST /api/v1/reports`
pub struct ReportJson(Site);

impl ReportJson {
    /// On a site of its own.
    pub fn ready() -> Self {
        Self(Site::ready())
    }
}

impl Reader for ReportJson {
    fn seeds(&self) -> Vec<Vec<u8>> {
        JSON.map(|text| text.as_bytes().to_vec()).to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, "application/json");
        self.0.ask(request.body(Body::from(input.to_vec())).expect("a request")).0
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "\"words\": ",
            "\"unit\": \"DMH\"",
            "\"happened\": [",
            "\"when\": ",
            "\\ud800",
            "\\u0000",
            "1e400",
            "null",
            "\"2026-02-30\"",
            "\"9999-12-31T23:59:60Z\"",
            "\"affected\": ",
            "\"lost\": [{}]",
        ]
    }
}

/// Forms with files, as browsers and others send them: the first line says what comes after `multipart/form-data;`.
pub struct Multipart {
    site: Site,
    draft: String,
}

impl Multipart {
    /// On a site of its own.
    pub fn ready() -> Self {
        let site = Site::ready();
        let draft = site.begin();
        Self { site, draft }
    }
}

impl Reader for Multipart {
    fn seeds(&self) -> Vec<Vec<u8>> {
        let part = |name: &str, file: &str, bytes: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{bytes}\r\n")
        };
        let named = |file: &str| format!("; filename=\"{file}\"");
        let words = part("words", "", "A red page asks for money.");
        let file = part("file", &named("page.png"), "\u{1}PNG");
        vec![
            format!("boundary=edge\n{words}--edge--\r\n").into_bytes(),
            format!("boundary=edge\n{words}{file}--edge--\r\n").into_bytes(),
            format!("boundary=\"edge\"\n{file}{file}").into_bytes(),
            format!(
                "boundary=edge; charset=utf-16\n{}--edge--",
                part("words", "; filename*=UTF-8''%e2%82%ac", "x")
                    .replace("\r\n\r\n", "\r\nContent-Type: text/html\r\n\r\n")
            )
            .into_bytes(),
        ]
    }
    fn read(&mut self, input: &[u8]) -> String {
        let (line, body) = match input.iter().position(|byte| *byte == b'\n') {
            Some(at) => (&input[..at], &input[at + 1..]),
            None => (input, &[][..]),
        };
        let kind = format!("multipart/form-data; {}", String::from_utf8_lossy(line));
        let request = Request::post(format!("{}/words", self.draft)).header(header::CONTENT_TYPE, kind);
        // Bytes that no header can hold never come so far.
        let Ok(request) = request.body(Body::from(body.to_vec())) else { return "no header".to_owned() };
        let outcome = self.site.ask(request).0;
        if outcome.starts_with("status 404") {
            self.draft = self.site.begin();
        }
        outcome
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "--edge",
            "--edge--",
            "\r\n--edge\r\n",
            "Content-Disposition: form-data; name=\"words\"\r\n\r\n",
            "; filename=\"../../etc/passwd\"",
            "; filename*=UTF-8''%00",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Type: multipart/mixed; boundary=edge\r\n",
        ]
    }
}

/// Fields of the public pages: the first byte chooses the page.
pub struct Form {
    site: Site,
    draft: String,
}

/// Pages of a draft, then others.
const PAGES: [&str; 11] =
    ["what", "going-on", "where", "words", "when", "affected", "done", "you", "check", "/status", "/r/DMH"];

impl Form {
    /// On a site of its own.
    pub fn ready() -> Self {
        let site = Site::ready();
        let draft = site.begin();
        Self { site, draft }
    }
}

impl Reader for Form {
    fn seeds(&self) -> Vec<Vec<u8>> {
        [
            "0what=malware",
            "2unit=DMH&place=Building+2",
            "3words=A+red+page+asks+for+money.",
            "4when=yesterday+3pm",
            "7name=Sam+Lee&phone=573-555-0188",
            "8",
            "9reference=R-7KQ4-M2XD&code=maple-river-stone-0000",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let Some((which, body)) = input.split_first() else { return String::new() };
        let page = PAGES[usize::from(which.wrapping_sub(b'0')) % PAGES.len()];
        let path = if page.starts_with('/') { page.to_owned() } else { format!("{}/{page}", self.draft) };
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (outcome, leads) = self.site.ask(request.body(Body::from(body.to_vec())).expect("a request"));
        if outcome.starts_with("status 404") || leads.contains("receipt") {
            self.draft = self.site.begin();
        }
        format!("{page} {outcome}").replacen(&format!("{page} status 5"), "status 5", 1)
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "%",
            "%F",
            "%00",
            "%FF",
            "&",
            "=",
            "+",
            "when=",
            "2/30/2026",
            "13/13/13 25:61",
            "yesterday",
            "code=",
            "unit=",
        ]
    }
}

/// Addresses with cursors and filters, asked by somebody who may read: the first byte chooses the page.
pub struct Cursor {
    site: Site,
    cookie: String,
}

const LISTS: [&str; 9] = [
    "/incidents",
    "/duties",
    "/reports",
    "/inbox",
    "/stats",
    "/admin/journal",
    "/admin/people",
    "/records",
    "/api/v1/incidents",
];

impl Cursor {
    /// Signed in.
    pub fn ready() -> Self {
        let site = Site::ready();
        let secret = site.runtime.block_on(async {
            let app = &site.app;
            let agency = app.directory().agencies()[0].id;
            let head = app.directory().head_of(agency).expect("a head");
            let typed = || Password::typed("four unrelated words here".into());
            let profile = Profile { name: "A. Ortiz".into(), email: "ortiz@example.gov".into(), phone: None };
            app.add_person(agency, &profile, typed(), &[(head, Role::ChiefOfficer)]).await.expect("a person");
            let note = SessionNote { browser: String::new(), address: String::new() };
            app.sign_in("ortiz@example.gov", typed(), &note).await.expect("signed in").session().expect("in").0
        });
        Self { site, cookie: format!("__Host-tocsin={secret}") }
    }
}

impl Reader for Cursor {
    fn seeds(&self) -> Vec<Vec<u8>> {
        [
            "0before=7&words=lost+laptop&state=open&year=2026&people=500",
            "1which=next&whose=mine&after=1792000000000000.0190c1d2-0000-7000-8000-000000000000.O47",
            "2after=0",
            "3after=1",
            "5before=12",
            "8limit=50&cursor=eyJuIjo3fQ&q=laptop&unit=DMH&state=open",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let Some((which, query)) = input.split_first() else { return String::new() };
        let list = LISTS[usize::from(which.wrapping_sub(b'0')) % LISTS.len()];
        // What an address cannot hold as it is goes in escaped.
        let mut address = format!("{list}?");
        for byte in query {
            match byte {
                b'!'..=b'~'
                    if !matches!(byte, b'#' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'\\' | b'^') =>
                {
                    address.push(char::from(*byte));
                }
                _ => address.push_str(&format!("%{byte:02X}")),
            }
        }
        let request = Request::builder().method(Method::GET).uri(address).header(header::COOKIE, &self.cookie);
        let Ok(request) = request.body(Body::empty()) else { return "no address".to_owned() };
        format!("{list} {}", self.site.ask(request).0).replacen(&format!("{list} status 5"), "status 5", 1)
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "before=",
            "after=",
            "cursor=",
            "limit=",
            "-9223372036854775808",
            "9223372036854775807",
            "%C3%28",
            "words=",
            "waits=silence",
            "year=-32768",
            ".",
        ]
    }
}

/// Records of other systems, read and counted but not written. The first byte says which kind.
pub struct Import(Site);

impl Import {
    /// On a site of its own.
    pub fn ready() -> Self {
        Self(Site::ready())
    }
}

impl Reader for Import {
    fn seeds(&self) -> Vec<Vec<u8>> {
        let columns = "Name of Covered Entity,State,Individuals Affected,Breach Submission Date,Type of Breach,\
                       Location of Breached Information,Web Description";
        vec![
            format!("h{columns}\nSample Clinic,MO,501,1/2/2017,Theft,Laptop,\"A bag, and \"\"more\"\".\"\n")
                .into_bytes(),
            br#"v{"incident_id":"A-1","summary":"Lost","timeline":{"incident":{"year":2017}},"action":{"error":{}}}"#
                .to_vec(),
        ]
    }
    fn read(&mut self, input: &[u8]) -> String {
        let Some((kind, bytes)) = input.split_first() else { return String::new() };
        let options = ImportOptions { dry_run: true };
        let app = &self.0.app;
        let read = self.0.runtime.block_on(async {
            if *kind == b'h' {
                import_hhs(app, "DMH", bytes, options, &mut |_| ()).await
            } else {
                let file = SourceFile { name: "one.json".into(), bytes: bytes.to_vec() };
                import_veris(app, "DMH", &[file], options, &mut |_| ()).await
            }
        });
        match read {
            Ok(report) => format!("{report:?}").chars().filter(|c| !c.is_ascii_digit()).take(80).collect(),
            Err(trouble) => trouble.to_string().chars().take(40).collect(),
        }
    }
    fn words(&self) -> Vec<&'static str> {
        vec![
            "\",\"",
            "\"\"",
            "2/29/2017",
            "13/32/99999",
            "-1",
            "18446744073709551616",
            "{\"plus\":{}}",
            "[[[[",
            "\u{feff}",
        ]
    }
}
