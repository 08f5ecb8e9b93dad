//! A site on a real store in a temporary folder: one agency, a unit, people in their roles, and a hand to ask with.

#![allow(dead_code, reason = "each test program that includes this uses a part of it")]

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
use domain::ids::{TenantId, UnitId};
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

/// Tue, Oct 13, 2026, 9:10 a.m. CDT
pub const OCTOBER: i64 = 1_791_900_600_000_000;

/// Which agency a site is of, and when it is.
pub struct Office<'a> {
    /// Its code, such as `DMH`.
    pub code: &'a str,
    pub name: &'a str,
    pub zone: &'a str,
    /// The series of its policy, then those of the laws that bind it.
    pub series: &'a [&'a str],
    /// Folders below `policy/` that are compiled.
    pub packs: &'a [&'a str],
    /// Microseconds since 1970.
    pub now: i64,
}

/// The Department of Mental Health under its edition of 2016.
pub const DMH: Office<'static> = Office {
    code: "DMH",
    name: "Department of Mental Health",
    zone: "America/Chicago",
    series: &["us-mo/dmh"],
    packs: &["common", "us-mo/dmh-2016"],
    now: OCTOBER,
};

pub struct Site {
    pub app: App,
    pub router: Router,
    clock: Arc<Hand>,
    pub tenant: TenantId,
    pub head: UnitId,
    pub unit: UnitId,
    _ground: Ground,
}

impl Site {
    /// The Department of Mental Health with an officer, human resources, an administrator and the chief.
    pub async fn open() -> Self {
        let site = Self::of(&DMH).await;
        for (name, email, role, at) in [
            ("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit),
            ("P. Rao", "rao@example.gov", Role::HumanResources, site.head),
            ("K. Diaz", "diaz@example.gov", Role::Administrator, site.head),
            ("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head),
        ] {
            site.person(name, email, role, at).await;
        }
        site
    }

    /// An agency with a head office and one facility, Riverbend Center (`RVB`), and nobody in it yet.
    pub async fn of(office: &Office<'_>) -> Self {
        Self::with(office, Arc::new(ground::NoTypesetter)).await
    }

    /// As [`Site::of`], with something that makes its papers.
    pub async fn with(office: &Office<'_>, typesetter: Arc<dyn app::Typesetter>) -> Self {
        Self::chosen(office, typesetter, |settings| settings).await
    }

    /// As [`Site::with`], as an installation chose its settings.
    pub async fn chosen(
        office: &Office<'_>,
        typesetter: Arc<dyn app::Typesetter>,
        choose: impl FnOnce(Settings) -> Settings,
    ) -> Self {
        let ground = Ground::new().await;
        let clock = Arc::new(Hand::at(office.now));
        let settings = choose(Settings { public_address: "http://127.0.0.1:8420".into(), ..ground.settings() });
        let app = ground.app_with(ground::packs_of(office.packs), clock.clone(), typesetter, settings).await;
        let profile = AgencyProfile {
            name: words(office.name),
            zone: Zone::named(office.zone).unwrap(),
            policies: office.series.iter().map(|series| SeriesId::parse(series).unwrap()).collect(),
            phone: "573-555-0142".into(),
            help_desk: None,
            edition: None,
        };
        let (tenant, head) = app.add_agency(office.code, &profile).await.unwrap();
        let unit =
            UnitProfile { name: words("Riverbend Center"), kind: UnitKind::Facility, phone: None, policies: vec![] };
        let unit = app.add_unit(tenant, head, "RVB", &unit).await.unwrap();
        let ids: web::security::RequestIds = Arc::new(|| "7F2A".to_owned());
        let router = web::router(app.clone(), ids);
        Self { app, router, clock, tenant, head, unit, _ground: ground }
    }

    /// Lets somebody in, with [`PASSWORD`].
    pub async fn person(&self, name: &str, email: &str, role: Role, at: UnitId) {
        let profile = Profile { name: name.into(), email: email.into(), phone: None };
        let password = Password::chosen(PASSWORD.into()).ok();
        self.app.add_person(self.tenant, &profile, password, &[(at, role)]).await.unwrap();
    }

    /// Lets somebody in and signs them in.
    pub async fn staff(&self, name: &str, email: &str, role: Role, at: UnitId) -> String {
        self.person(name, email, role, at).await;
        self.sign_in(email).await
    }

    /// Another agency, which no policy binds, and its head.
    pub async fn agency_beside(&self) -> (TenantId, UnitId) {
        let profile = AgencyProfile {
            name: words("Department of Transportation"),
            zone: Zone::named("America/Chicago").unwrap(),
            policies: vec![],
            phone: "573-555-0143".into(),
            help_desk: None,
            edition: None,
        };
        self.app.add_agency("DOT", &profile).await.unwrap()
    }

    /// Signs in the administrator of another agency.
    pub async fn other_agency(&self) -> String {
        let (tenant, head) = self.agency_beside().await;
        let profile = Profile { name: "B. Hall".into(), email: "hall@example.gov".into(), phone: None };
        let password = Password::chosen(PASSWORD.into()).ok();
        self.app.add_person(tenant, &profile, password, &[(head, Role::Administrator)]).await.unwrap();
        self.sign_in("hall@example.gov").await
    }

    /// Another server on the same store, which has not heard of anything that happens after this.
    pub async fn second_server(&self, packs: &[&str]) -> Router {
        let (store, keyring) = (self._ground.store.clone(), self.app.keyring());
        let (chance, typesetter) = (Arc::new(ground::Counting::new()), Arc::new(ground::NoTypesetter));
        let settings = self.app.settings().clone();
        let packs = ground::packs_of(packs);
        let app = App::new(store, keyring, packs, self.clock.clone(), chance, typesetter, settings).await.unwrap();
        let ids: web::security::RequestIds = Arc::new(|| "7F2A".to_owned());
        web::router(app, ids)
    }

    pub fn later(&self, seconds: i64) {
        self.clock.later(seconds);
    }

    pub async fn report(&self, tile: &str, said: &str) -> String {
        self.report_with(tile, said, |_| ()).await
    }

    /// Files a report of Sam Lee's, after `change` had a say about it; gives back the reference.
    pub async fn report_with(&self, tile: &str, said: &str, change: impl FnOnce(&mut Submission)) -> String {
        let reference = domain::reference::ReportReference::from_random(self.app.secret());
        let pack = self.app.pack_for_report(self.unit, self.app.now()).unwrap().id.clone();
        let mut submission = Submission {
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
            noticed: When::Unknown,
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
            times: vec![],
        };
        change(&mut submission);
        let reporter = Reporter { name: Some(Name::parse("Sam Lee").unwrap()), ..Reporter::default() };
        let filing = Filing {
            submission,
            reporter: Some(reporter),
            by: Actor::Reporter,
            draft: None,
            idempotency_key: None,
            chosen: None,
        };
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
