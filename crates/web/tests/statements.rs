//! No page asks the database more than five times, however much is on it: counted, on either store.

use app::directory::Profile;
use app::import::{ImportOptions, import_hhs};
use app::sign_in::{Password, SessionNote};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use domain::permission::Role;
use http_body_util::BodyExt;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The promise.
const MOST: usize = 5;

/// Remembers every statement that either store tells of, but for the marks that begin and end a snapshot, what the text
/// index asks itself, and what a connection is told once in its life, whichever page happens to come by then.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<String>>>);

struct Sql(String);

impl tracing::field::Visit for Sql {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if matches!(field.name(), "sql" | "summary") {
            self.0 = format!("{value:?}");
        }
    }
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if matches!(field.name(), "sql" | "summary") {
            value.clone_into(&mut self.0);
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if !matches!(event.metadata().target(), "store_sqlite::query" | "sqlx::query") {
            return;
        }
        let mut sql = Sql(String::new());
        event.record(&mut sql);
        let sql = sql.0.trim_matches('"').to_ascii_lowercase();
        let inner = sql.contains("'main'.'word_");
        let connecting = ["set timezone", "select pg_is_in_recovery"].iter().any(|first| sql.starts_with(first));
        if !inner
            && !connecting
            && !["--", "begin", "commit", "savepoint", "release", "rollback"].iter().any(|mark| sql.starts_with(mark))
        {
            self.lock().push(sql);
        }
    }
}

impl Listener {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Site {
    router: Router,
    cookie: String,
}

impl Site {
    async fn get(&self, path: &str) -> (u16, String) {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("answered");
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn file(&self, words: &str) -> String {
        let request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, "application/json");
        let body = serde_json::json!({ "unit": "RVB", "words": words, "reporter": { "name": "Sam Lee" } }).to_string();
        let answer = self.router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await;
        let bytes = answer.expect("answered").into_body().collect().await.expect("a body").to_bytes();
        let told: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        told["reference"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    async fn post(&self, path: &str, fields: &str) -> String {
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(fields.to_owned()))
            .expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("answered");
        let leads = answer.headers().get(header::LOCATION).map(|to| to.to_str().expect("text").to_owned());
        leads.unwrap_or_else(|| panic!("{path} answered {}", answer.status()))
    }
}

#[tokio::test]
async fn no_page_asks_more_than_five_times() {
    let heard = Listener::default();
    tracing_subscriber::registry().with(heard.clone()).init();
    let world = ground::world().await;
    let mut records = "Name of Covered Entity,State,Individuals Affected,Breach Submission Date,Type of Breach,\
                       Location of Breached Information,Web Description\n"
        .to_owned();
    for n in 0..120 {
        writeln!(records, "Sample Clinic {n},MO,{n},1/2/2017,Theft,Laptop,Number {n} was taken.").expect("text");
    }
    import_hhs(&world.app, "RVB", records.as_bytes(), ImportOptions::default(), &mut |_| ()).await.expect("imported");
    let profile = Profile { name: "A. Ortiz".into(), email: "ortiz@example.gov".into(), phone: None };
    let typed = || Password::typed("four unrelated words here".into());
    let roles = [(world.head, Role::ChiefOfficer), (world.unit, Role::LocalOfficer)];
    world.app.add_person(world.tenant, &profile, typed(), &roles).await.expect("a person");
    let note = SessionNote { browser: String::new(), address: String::new() };
    let secret = world
        .app
        .sign_in("ortiz@example.gov", typed(), &note)
        .await
        .expect("signed in")
        .session()
        .expect("nothing more is asked")
        .0;
    let router = tocsin_web::router(world.app.clone(), Arc::new(|| "7F2A".to_owned()));
    let site = Site { router, cookie: format!("__Host-tocsin={secret}") };

    let mut reports = Vec::new();
    for n in 0..20 {
        reports.push(site.file(&format!("Laptop number {n} is gone.")).await);
    }
    let incident = site.post(&format!("/inbox/{}/accept", reports[0]), "").await;
    let incident = incident.split('?').next().expect("an address").to_owned();
    for n in 0..20 {
        site.post(
            &format!("{incident}/notes"),
            &format!("words=Note+number+{n}&happened=11/20/2026+5:00+am&kind=note&confirmed=1"),
        )
        .await;
    }
    site.post("/organisation/reviews", "year=2026&due=12/31/2026").await;
    let pages = [
        "/home".to_owned(),
        "/me".to_owned(),
        "/inbox".to_owned(),
        "/reports".to_owned(),
        format!("/inbox/{}", reports[1]),
        "/incidents".to_owned(),
        "/incidents?kind=Theft".to_owned(),
        "/incidents?words=laptop".to_owned(),
        "/duties".to_owned(),
        "/duties?which=next&whose=mine".to_owned(),
        "/stats".to_owned(),
        incident.clone(),
        format!("{incident}/access"),
        format!("{incident}/close"),
        format!("{incident}/summary"),
        format!("{incident}/sheets/nature"),
        format!("{incident}/form"),
        format!("{incident}/decisions/breach-determination"),
        incident.replace("/incidents/", "/records/"),
        "/records".to_owned(),
        "/records?show=all".to_owned(),
        "/registers/RVB/disclosures".to_owned(),
        "/playbooks".to_owned(),
        "/me".to_owned(),
        "/me/factors".to_owned(),
        "/intake".to_owned(),
        "/policy".to_owned(),
        "/glass".to_owned(),
        "/organisation".to_owned(),
        "/organisation/people".to_owned(),
        "/organisation/people/RVB".to_owned(),
        "/organisation/notices".to_owned(),
        "/organisation/reviews?year=2026".to_owned(),
        "/organisation/units/RVB".to_owned(),
        "/r/RVB".to_owned(),
    ];
    let mut told = String::new();
    for page in pages {
        // The first look of a person writes down that they looked; what is counted is the page itself.
        let (status, body) = site.get(&page).await;
        assert_eq!(status, 200, "{page}: {body}");
        heard.lock().clear();
        site.get(&page).await;
        let statements = heard.lock().clone();
        assert!(!statements.is_empty() || page.starts_with("/r/"), "{page}: nothing was heard");
        if statements.len() > MOST {
            writeln!(told, "{page} asks {} times:\n  {}", statements.len(), statements.join("\n  ")).expect("text");
        }
    }
    assert!(told.is_empty(), "{told}");
}
