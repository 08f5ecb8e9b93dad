//! The officer's walk through the handlers, on a real store in a temporary folder: sign in, inbox, report, accept, incident.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use app::directory::Profile;
use app::packs::Packs;
use app::sign_in::Password;
use app::submit_report::Filing;
use app::{App, MailRoute, Settings};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use domain::actor::Actor;
use domain::ambient::{Clock, Random};
use domain::ids::UnitId;
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{SeriesId, TileId, Words};
use domain::permission::Role;
use domain::report::{Channel, GoingOn, Reporter, Submission};
use domain::text::{Name, Narrative};
use domain::time::{Instant, When, Zone};
use http_body_util::BodyExt;
use tocsin_web as web;
use tower::ServiceExt;

const PASSWORD: &str = "four unrelated words here";

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Different bytes on every call; unpredictable enough for a test, repeatable always.
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

/// Typesets nothing: no test here issues a document.
struct Nobody;

#[async_trait::async_trait]
impl app::Typesetter for Nobody {
    async fn typeset(&self, _: documents::Job) -> Result<Vec<u8>, app::Trouble> {
        Err(app::Trouble::fault("typesetting", "no test here issues a document"))
    }
}

struct Site {
    app: App,
    router: Router,
    clock: Arc<Hand>,
    unit: UnitId,
    _folder: tempfile::TempDir,
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
    for part in ["common", "us-mo/dmh-2016"] {
        read(&root.join(part), &root, &mut sources);
    }
    Packs::new(policy::compile_set(&sources).unwrap())
}

fn words(text: &str) -> Words {
    Words { en: text.into(), es: text.into() }
}

impl Site {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(Counting(AtomicU64::new(7)));
        // Tue, Oct 13, 2026, 9:10 a.m. CDT
        let clock = Arc::new(Hand(AtomicI64::new(1_791_900_600_000_000)));
        let store = store_sqlite::SqliteStore::open(&folder.path().join("tocsin.db")).unwrap();
        let root = journal::RootKey::generate(random.as_ref());
        let keyring = app::keys::open_keyring(&store, &root, random.as_ref()).await.unwrap();
        let settings = Settings {
            public_address: "http://127.0.0.1:8420".into(),
            files: folder.path().join("files"),
            file_limit: 1_000_000,
            files_per_report: 20,
            log_origin: "tocsin.example.gov/log".into(),
            checkpoints: None,
            mail: MailRoute::None,
        };
        let app =
            App::new(Arc::new(store), Arc::new(keyring), packs(), clock.clone(), random, Arc::new(Nobody), settings)
                .await
                .unwrap();
        let profile = AgencyProfile {
            name: words("Department of Mental Health"),
            zone: Zone::named("America/Chicago").unwrap(),
            policies: vec![SeriesId::parse("us-mo/dmh").unwrap()],
            phone: "573-555-0142".into(),
            help_desk: None,
            edition: None,
        };
        let (tenant, head) = app.add_agency("DMH", &profile).await.unwrap();
        let unit =
            UnitProfile { name: words("Riverbend Center"), kind: UnitKind::Facility, phone: None, policies: vec![] };
        let unit = app.add_unit(tenant, head, "RVB", &unit).await.unwrap();
        for (name, email, role, at) in [
            ("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, unit),
            ("P. Rao", "rao@example.gov", Role::HumanResources, head),
            ("K. Diaz", "diaz@example.gov", Role::Administrator, head),
            ("C. Vance", "vance@example.gov", Role::ChiefOfficer, head),
        ] {
            let profile = Profile { name: name.into(), email: email.into(), phone: None };
            let password = Password::chosen(PASSWORD.into()).ok();
            app.add_person(tenant, &profile, password, &[(at, role)]).await.unwrap();
        }
        let ids: web::security::RequestIds = Arc::new(|| "7F2A".to_owned());
        let router = web::router(app.clone(), ids);
        Self { app, router, clock, unit, _folder: folder }
    }

    fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    async fn report(&self, tile: &str, said: &str) -> String {
        let reference = domain::reference::ReportReference::from_random([1; 8]);
        let pack = self.app.pack_for_report(self.unit, self.app.now()).unwrap().id.clone();
        let submission = Submission {
            reference,
            pack,
            unit: self.unit,
            handling_unit: self.unit,
            channel: Channel::Web,
            language: domain::pack::Language::English,
            happened: vec![TileId::parse(tile).unwrap()],
            going_on: Some(GoingOn::Yes),
            place: None,
            words: Some(Narrative::parse(said).unwrap()),
            when: When::Unknown,
            when_typed: None,
            systems: vec![],
            affected: None,
            lost: vec![],
            done: None,
            done_by_staff: None,
            done_by_others: None,
            answers: vec![],
            files: vec![],
            recipient_involved: false,
            sent_early: false,
            shielded: false,
        };
        let reporter = Reporter { name: Some(Name::parse("Sam Lee").unwrap()), ..Reporter::default() };
        let filing =
            Filing { submission, reporter: Some(reporter), by: Actor::Reporter, draft: None, idempotency_key: None };
        self.app.submit_report(filing).await.unwrap().reference.to_string()
    }

    async fn ask(&self, method: &str, path: &str, cookie: &str, body: &[(&str, &str)]) -> Response {
        let body: Vec<String> = body.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> String {
        let answer = self.ask("GET", path, cookie, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        text(answer).await
    }

    /// Posts and gives back where it leads.
    async fn post(&self, path: &str, cookie: &str, body: &[(&str, &str)]) -> String {
        let answer = self.ask("POST", path, cookie, body).await;
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
        match to {
            Some(to) if status == StatusCode::SEE_OTHER => to,
            _ => panic!("{path}: {status} {}", text(answer).await),
        }
    }

    async fn sign_in(&self, login: &str) -> String {
        let answer =
            self.ask("POST", "/sign-in", "", &[("login", login), ("password", PASSWORD), ("next", "/inbox")]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[header::LOCATION], "/inbox");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }
}

async fn text(answer: Response) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[tokio::test]
async fn an_officer_signs_in_accepts_the_top_report_and_stands_on_the_incident() {
    let site = Site::open().await;
    let reference = site.report("malware", "The screen shows <b>a ransom note</b>.").await;
    let cookie = site.sign_in("Ortiz@example.gov").await;

    let inbox = site.get("/inbox", &cookie).await;
    assert!(inbox.contains(&reference) && inbox.contains("Still going on"), "{inbox}");
    assert!(inbox.contains("If you accept, these start"));
    assert!(!inbox.contains("<b>a ransom"), "typed markup is shown, not obeyed");

    let report = site.get(&format!("/inbox/{reference}"), &cookie).await;
    assert!(report.contains("Sam Lee"), "the officer may know who reported");

    let to = site.post(&format!("/inbox/{reference}/accept"), &cookie, &[]).await;
    assert!(to.starts_with("/incidents/DMH-2026-0001?done=accepted"), "{to}");
    let incident = site.get(&to, &cookie).await;
    assert!(incident.contains("Undo") && incident.contains("Why this date?"), "{incident}");

    let back = site.post(&format!("/inbox/{reference}/undo"), &cookie, &[]).await;
    assert!(site.get(&back, &cookie).await.contains(&reference), "undo restores the inbox");
}

#[tokio::test]
async fn what_is_not_theirs_looks_like_what_does_not_exist() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let administrator = site.sign_in("diaz@example.gov").await;
    let there = site.ask("GET", "/incidents/DMH-2026-0001", &administrator, &[]).await;
    let nowhere = site.ask("GET", "/incidents/DMH-2026-0999", &administrator, &[]).await;
    assert_eq!((there.status(), nowhere.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(text(there).await, text(nowhere).await);
}

#[tokio::test]
async fn excluding_somebody_takes_the_incident_out_of_their_world() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get("/incidents/DMH-2026-0001", &chief).await;
    let at = page.find(">C. Vance</option>").map(|at| page[..at].rfind("value=\"").unwrap() + 7).unwrap();
    let vance = page[at..at + 36].to_owned();
    site.post("/incidents/DMH-2026-0001/exclude", &officer, &[("person", &vance)]).await;
    for path in ["/incidents/DMH-2026-0001".to_owned(), format!("/inbox/{reference}")] {
        assert_eq!(site.ask("GET", &path, &chief, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!site.get("/home", &chief).await.contains("DMH-2026-0001"));
}

#[tokio::test]
async fn a_pasted_log_offers_what_it_holds_before_anything_is_written() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    let notes = "/incidents/DMH-2026-0001/notes";
    let line = "2026-10-13T14:02:11Z fw01 DENY src=203.0.113.9:51515 dst=198.51.100.7:443";
    let step = site.ask("POST", notes, &officer, &[("words", line), ("happened", "today 9:02"), ("kind", "log")]).await;
    assert_eq!(step.status(), StatusCode::OK);
    let step = text(step).await;
    assert!(step.contains("203.0.113.9") && step.contains("9:02\u{a0}a.m. CDT"), "{step}");
    assert!(!site.get("/incidents/DMH-2026-0001", &officer).await.contains("fw01"), "nothing is written yet");
    let fields =
        [("words", line), ("happened", "today 9:02"), ("kind", "log"), ("confirmed", "1"), ("accept", "203.0.113.9")];
    site.post(notes, &officer, &fields).await;
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    assert!(page.contains("<code>203.0.113.9</code>") && !page.contains("<code>198.51.100.7</code>"), "{page}");

    let refused = site.ask("POST", notes, &officer, &[("words", "seen"), ("happened", "sooon")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = text(refused).await;
    assert!(refused.contains("<title>Error: ") && refused.contains("could not be read") && refused.contains(">seen<"));
}

#[tokio::test]
async fn a_duty_is_answered_for_and_closing_names_what_is_missing() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    site.later(6 * 60);
    let path = "/incidents/DMH-2026-0001/duties/O43";
    let silent = site.ask("POST", path, &officer, &[("how", "recorded")]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY, "a proof without words proves nothing");
    site.post(path, &officer, &[("how", "recorded"), ("words-O43", "OCS-88213")]).await;
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    assert!(page.contains("OCS-88213") && page.contains("Met in 6 min"), "{page}");
    let close = site.get("/incidents/DMH-2026-0001/close", &officer).await;
    assert!(close.contains("not completed") && !close.contains("help ticket is not on record"), "{close}");
    let refused = site.ask("POST", "/incidents/DMH-2026-0001/close", &officer, &[("note", "done")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains(">done<"), "what was typed is kept");
}

#[tokio::test]
async fn a_session_that_ends_loses_no_words() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    site.later(31 * 60);
    let notes = "/incidents/DMH-2026-0001/notes";
    let late = site.ask("POST", notes, &officer, &[("words", "a long story")]).await;
    assert_eq!(late.status(), StatusCode::UNAUTHORIZED);
    assert!(text(late).await.contains("a long story"));
    let fields =
        [("login", "ortiz@example.gov"), ("password", PASSWORD), ("next", notes), ("kept.words", "a long story")];
    let again = site.ask("POST", "/sign-in", "", &fields).await;
    assert_eq!(again.status(), StatusCode::OK);
    let page = text(again).await;
    assert!(page.contains("a long story") && page.contains(&format!("action=\"{notes}\"")), "{page}");
}

#[tokio::test]
async fn looking_is_written_down_once_an_hour() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    for _ in 0..3 {
        site.get("/incidents/DMH-2026-0001", &officer).await;
    }
    let chief = site.sign_in("vance@example.gov").await;
    let page = site.get("/incidents/DMH-2026-0001/access", &chief).await;
    assert_eq!((page.matches("A. Ortiz</th>").count(), page.matches("C. Vance</th>").count()), (1, 1), "{page}");
}

const FORM: &str = "/incidents/DMH-2026-0001/form";

async fn with_incident(site: &Site) -> String {
    let reference = site.report("malware", "The screen shows a ransom note.").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    officer
}

/// Everything that the incident cannot know by itself.
const ANSWERS: [(&str, &str); 8] = [
    ("ticks", "1"),
    ("I", "interference"),
    ("II", "Changes to hardware or software"),
    ("VI", "Network cable pulled"),
    ("VII", "Reinstalled"),
    ("VIII", "Oct 13, 2026"),
    ("X-LOCATION", "Building 2"),
    ("XI", "Talked to the ward"),
];

const TOLD: [(&str, &str); 3] = [("V", "Sam Lee"), ("na.XII-1", "No clients touched"), ("na.XII-2", "No health data")];

const SIGNATURE: [(&str, &str); 5] = [
    ("name", "A. Ortiz"),
    ("password", PASSWORD),
    ("party", "completed"),
    ("reporter", "paper"),
    ("reporter-name", "Sam Lee"),
];

#[tokio::test]
async fn the_form_fills_itself_and_a_signature_freezes_it() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("Riverbend Center") && page.contains("The screen shows a ransom note."), "{page}");
    assert!(page.matches("and follows it until").count() >= 5, "boxes are linked to the incident");

    let early = site.ask("POST", &format!("{FORM}/sign"), &officer, &SIGNATURE).await;
    assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY, "empty boxes stand in the way");

    site.post(FORM, &officer, &[ANSWERS.as_slice(), TOLD.as_slice()].concat()).await;
    let wrong = [("name", "A. Ortiz"), ("password", "not the password"), ("party", "completed")];
    let wrong = site.ask("POST", &format!("{FORM}/sign"), &officer, &wrong).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    site.post(&format!("{FORM}/sign"), &officer, &SIGNATURE).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("covers "), "{page}");
    assert!(!page.contains("name=\"VII\""), "a signed box cannot be written in");
    let late = site.ask("POST", FORM, &officer, &[("VII", "Something else")]).await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);

    site.post(&format!("{FORM}/amend"), &officer, &[("why", "The remedy came later")]).await;
    let page = site.get(FORM, &officer).await;
    assert!(page.contains("Form 2, amends form 1: The remedy came later") && page.contains("name=\"VII\""), "{page}");
}

#[tokio::test]
async fn the_personnel_part_is_read_by_human_resources_alone() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let hr = site.sign_in("rao@example.gov").await;
    let page = site.get(FORM, &hr).await;
    assert!(page.contains("Personnel Action Taken"), "{page}");
    assert!(!page.contains("ransom note"), "human resources sees boxes V to VII and its own part");
    site.post(&format!("{FORM}/personnel"), &hr, &[("XV", "Written plan of probation"), ("XVI", "Oct 13, 2026")]).await;
    assert!(site.get(FORM, &hr).await.contains("Written plan of probation"));
    for path in [FORM, "/incidents/DMH-2026-0001"] {
        assert!(!site.get(path, &officer).await.contains("probation"), "{path}");
    }
    let denied = site.ask("POST", &format!("{FORM}/personnel"), &officer, &[("XV", "None")]).await;
    assert_eq!(denied.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.ask("GET", "/incidents/DMH-2026-0001", &hr, &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_change_made_meanwhile_is_told_and_typed_words_stay() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    site.post("/incidents/DMH-2026-0001/notes", &officer, &[("words", "seen by somebody else")]).await;
    let stale = [("title", "Ransom note on ward 2"), ("reason", "Clearer"), ("seen", "1")];
    let answer = site.ask("POST", "/incidents/DMH-2026-0001/describe", &officer, &stale).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(answer).await;
    assert!(page.contains("Somebody changed this") && page.contains("Ransom note on ward 2"), "{page}");
}

#[tokio::test]
async fn a_call_is_filed_once_with_its_route_shown_before() {
    let site = Site::open().await;
    let officer = site.sign_in("ortiz@example.gov").await;
    let page = site.get("/intake", &officer).await;
    assert!(page.contains("Goes to") && page.contains("A. Ortiz"), "{page}");
    let unit = site.unit.to_string();
    let call = [
        ("unit", unit.as_str()),
        ("happened", "lost-or-stolen"),
        ("notes", "Laptop gone"),
        ("key", "k1"),
        ("name", "Sam Lee"),
    ];
    let first = site.post("/intake", &officer, &call).await;
    let second = site.post("/intake", &officer, &call).await;
    assert_eq!(first, second, "a second click files nothing twice");
    assert!(site.get(&first, &officer).await.contains("Romeo – "));
    let inbox = site.get("/inbox", &officer).await;
    assert_eq!(inbox.matches("data-preview").count(), 1);
    let empty = site.ask("POST", "/intake", &officer, &[("unit", &unit)]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
