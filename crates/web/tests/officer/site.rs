//! A site on a real store in a temporary folder: one agency, a unit, people in their roles, and a hand to ask with.

use std::sync::Arc;

use app::directory::Profile;
use app::sign_in::Password;
use app::submit_report::Filing;
use app::{App, Settings};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use domain::actor::Actor;
use domain::ids::UnitId;
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{SeriesId, TileId};
use domain::permission::Role;
use domain::report::{Channel, GoingOn, Reporter, Submission};
use domain::text::{Name, Narrative};
use domain::time::{When, Zone};
use ground::{Ground, Hand, words};
use http_body_util::BodyExt;
use tocsin_web as web;
use tower::ServiceExt;

pub const PASSWORD: &str = "four unrelated words here";

pub struct Site {
    pub app: App,
    pub router: Router,
    clock: Arc<Hand>,
    pub head: UnitId,
    pub unit: UnitId,
    _ground: Ground,
}

impl Site {
    pub async fn open() -> Self {
        let ground = Ground::new().await;
        // Tue, Oct 13, 2026, 9:10 a.m. CDT
        let clock = Arc::new(Hand::at(1_791_900_600_000_000));
        let settings = Settings { public_address: "http://127.0.0.1:8420".into(), ..ground.settings() };
        let packs = ground::packs_of(&["common", "us-mo/dmh-2016"]);
        let app = ground.app(packs, clock.clone(), settings).await;
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
        Self { app, router, clock, head, unit, _ground: ground }
    }

    /// Signs in the administrator of another agency.
    pub async fn other_agency(&self) -> String {
        let profile = AgencyProfile {
            name: words("Department of Transportation"),
            zone: Zone::named("America/Chicago").unwrap(),
            policies: vec![],
            phone: "573-555-0143".into(),
            help_desk: None,
            edition: None,
        };
        let (tenant, head) = self.app.add_agency("DOT", &profile).await.unwrap();
        let profile = Profile { name: "B. Hall".into(), email: "hall@example.gov".into(), phone: None };
        let password = Password::chosen(PASSWORD.into()).ok();
        self.app.add_person(tenant, &profile, password, &[(head, Role::Administrator)]).await.unwrap();
        self.sign_in("hall@example.gov").await
    }

    pub fn later(&self, seconds: i64) {
        self.clock.later(seconds);
    }

    pub async fn report(&self, tile: &str, said: &str) -> String {
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

    pub async fn ask(&self, method: &str, path: &str, cookie: &str, body: &[(&str, &str)]) -> Response {
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

    pub async fn get(&self, path: &str, cookie: &str) -> String {
        let answer = self.ask("GET", path, cookie, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        text(answer).await
    }

    /// Posts and gives back where it leads.
    pub async fn post(&self, path: &str, cookie: &str, body: &[(&str, &str)]) -> String {
        let answer = self.ask("POST", path, cookie, body).await;
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
        match to {
            Some(to) if status == StatusCode::SEE_OTHER => to,
            _ => panic!("{path}: {status} {}", text(answer).await),
        }
    }

    pub async fn sign_in(&self, login: &str) -> String {
        let answer =
            self.ask("POST", "/sign-in", "", &[("login", login), ("password", PASSWORD), ("next", "/inbox")]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[header::LOCATION], "/inbox");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }
}

pub async fn text(answer: Response) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
