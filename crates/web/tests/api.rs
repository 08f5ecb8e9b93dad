//! The interface for programs through the router, on a real store: filing, accepting, reading, and every refusal.

use app::api_token::Scope;
use app::directory::Profile;
use app::import::{ImportOptions, import_hhs};
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::actor::Section;
use domain::organisation::AgencyProfile;
use domain::pack::SeriesId;
use domain::permission::{Action, Role, Viewer};
use domain::time::Zone;
use ground::{World, words};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

struct Site {
    world: World,
    router: axum::Router,
    token: String,
}

/// An answer: status, kind of body, body.
struct Answer {
    status: u16,
    kind: String,
    headers: axum::http::HeaderMap,
    body: Value,
}

impl Site {
    async fn open() -> Self {
        let world = ground::world().await;
        let profile = Profile { name: "A. Ortiz".into(), email: "ortiz@example.gov".into(), phone: None };
        world.app.add_person(world.tenant, &profile, None, &[(world.unit, Role::LocalOfficer)]).await.expect("added");
        let (token, _) = world.app.make_token("ortiz@example.gov", &Scope::ALL, 30).await.expect("a token");
        let router = tocsin_web::router(world.app.clone(), Arc::new(|| "7F2A".to_owned()));
        Self { world, router, token }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.expect("answered");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let kind = headers.get(header::CONTENT_TYPE).map(|k| k.to_str().expect("text").to_owned()).unwrap_or_default();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        Answer { status, kind, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    async fn file(&self, body: &Value, key: Option<&str>) -> Answer {
        let mut request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    async fn accept(&self, reference: &str) -> Answer {
        let request = Request::post(format!("/api/v1/reports/{reference}/accept"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        self.send(request.body(Body::empty()).expect("a request")).await
    }
}

fn report() -> Value {
    json!({
        "unit": "rvb",
        "words": "The laptop DMH-44721 was left on a bus.",
        "going_on": "not_sure",
        "when": { "at": "2026-11-19T15:00:00-06:00", "about": true },
        "reporter": { "name": "Sam Lee", "phone": "573-555-0199" },
    })
}

#[tokio::test]
async fn a_report_is_filed_accepted_and_read() {
    let site = Site::open().await;
    let filed = site.file(&report(), None).await;
    assert_eq!(filed.status, 201, "{}", filed.body);
    let reference = filed.body["reference"].as_str().expect("a reference").to_owned();
    let link = filed.body["status_link"].as_str().expect("a link");
    assert!(link.starts_with("https://tocsin.example.gov/s/"), "{link}");
    assert_eq!(filed.body["received_at"], "2026-11-20T12:00:00.000000Z");
    let secret = link.rsplit('/').next().expect("a secret");
    assert_eq!(site.world.app.report_behind(secret).await.expect("found").reference, reference);

    let accepted = site.accept(&reference).await;
    assert_eq!(accepted.status, 201, "{}", accepted.body);
    assert_eq!(accepted.body["incident"], "DMH-2026-0001");
    assert_eq!(accepted.headers[header::LOCATION], "/api/v1/incidents/DMH-2026-0001");
    assert_eq!(site.accept(&reference).await.status, 409, "a report is decided once");

    let incident = site.get("/api/v1/incidents/dmh-2026-0001").await;
    assert_eq!((incident.status, &incident.body["state"]), (200, &json!("open")));
    assert_eq!(incident.body["unit"], "RVB");
    let duties = site.get("/api/v1/incidents/DMH-2026-0001/obligations").await;
    let duties = duties.body["obligations"].as_array().expect("duties").clone();
    assert!(!duties.is_empty());
    assert!(duties.iter().all(|duty| duty["clauses"].as_array().is_some_and(|clauses| !clauses.is_empty())));
    let documents = site.get("/api/v1/incidents/DMH-2026-0001/documents").await;
    assert_eq!((documents.status, documents.body), (200, json!({ "documents": [] })));

    let list = site.get("/api/v1/incidents?q=laptop&state=open&unit=RVB").await;
    assert_eq!(list.body["incidents"][0]["reference"], "DMH-2026-0001");
    assert_eq!(list.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn the_same_key_files_once_and_another_report_needs_another_key() {
    let site = Site::open().await;
    let first = site.file(&report(), Some("k1")).await;
    let again = site.file(&report(), Some("k1")).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    let mut other = report();
    other["words"] = json!("Something else.");
    assert_eq!(site.file(&other, Some("k1")).await.status, 409);
    assert_ne!(site.file(&report(), Some("k2")).await.body["reference"], first.body["reference"]);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_as_a_problem_document() {
    let site = Site::open().await;
    let with = |field: &str, value: Value| {
        let mut body = report();
        body[field] = value;
        body
    };
    let cases = [
        (with("colour", json!("red")), 422),
        (with("words", json!("x".repeat(40_001))), 422),
        (with("words", json!("  ")), 422),
        (with("unit", json!("NOPE")), 404),
        (with("unit", json!("no such")), 422),
        (with("happened", json!(["no-such-tile"])), 409),
        (with("reporter", Value::Null), 409),
        (with("place", json!("a\u{202e}b")), 422),
        (with("when", json!({ "at": "soon" })), 422),
        (with("reporter", json!({ "name": "Sam Lee", "role": "chief-officer" })), 422),
        (with("place", json!("x".repeat(301))), 422),
        (with("going_on", json!("maybe")), 422),
        (json!({ "unit": "RVB" }), 422),
        (json!([]), 422),
    ];
    for (body, status) in cases {
        let answer = site.file(&body, None).await;
        let shown: String = body.to_string().chars().take(120).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.body);
        assert_eq!(answer.kind, "application/problem+json", "{shown}");
        assert_eq!(answer.body["status"], status);
    }
    let raw = async |kind: &str, body: Vec<u8>| {
        let request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, kind).body(Body::from(body));
        let answer = site.send(request.expect("a request")).await;
        assert_eq!(answer.kind, "application/problem+json");
        answer.status
    };
    assert_eq!(raw("text/plain", b"{}".to_vec()).await, 415);
    assert_eq!(raw("application/json", b"{".to_vec()).await, 400);
    assert_eq!(raw("application/json", b"{\"unit\":\"RVB\",\"unit\":\"OAK\",\"words\":\"x\"}".to_vec()).await, 400);
    assert_eq!(raw("application/json", b"{\"unit\":\"RVB\",\"words\":\"\xff\"}".to_vec()).await, 400);
    assert_eq!(raw("application/json", vec![b' '; 1024 * 1024 + 1]).await, 413);
    assert_eq!(site.file(&report(), Some("two words")).await.status, 422);
}

#[tokio::test]
async fn a_policys_own_questions_are_answered_by_name_and_refused_by_name() {
    let site = Site::open().await;
    let app = &site.world.app;
    let profile = AgencyProfile {
        name: words("Department of Health and Senior Services"),
        zone: Zone::named("America/Chicago").unwrap(),
        policies: vec![SeriesId::parse("us-mo/dhss").unwrap()],
        edition: None,
        phone: "573-555-0143".to_owned(),
        help_desk: None,
    };
    let (tenant, _) = app.add_agency("DHSS", &profile).await.unwrap();
    let with = |answers: Value| {
        let mut body = report();
        body["unit"] = json!("DHSS");
        body["happened"] = json!(["malware"]);
        body["answers"] = answers;
        body
    };
    let refused = [
        (json!([{ "question": "no-such" }]), 409, "no-such"),
        (json!([{ "question": "spread" }]), 409, "answers.spread: this holds no answer"),
        (json!([{ "question": "spread", "choices": ["maybe"] }]), 409, "answers.spread: “maybe”"),
        (json!([{ "question": "spread", "choices": ["yes", "no"] }]), 409, "answers.spread.choices"),
        (json!([{ "question": "spread", "unknown": true }]), 409, "answers.spread.unknown"),
        (json!([{ "question": "account", "words": "rbuser" }]), 409, "answers.account: asked only"),
        (json!([{ "question": "malware-kind", "choices": ["other"] }]), 409, "answers.malware-kind.words"),
        (json!([{ "question": "harm", "words": "All of it" }]), 409, "answers.harm.choices"),
        (json!([{ "question": "named", "named": [{ "kind": "bus", "name": "7" }] }]), 409, "answers.named: “bus”"),
        (json!([{ "question": "harm", "words": "x".repeat(8_001) }]), 422, "answers.harm.words"),
        (
            json!([{ "question": "spread", "choices": ["no"] }, { "question": "spread" }]),
            409,
            "“spread” is answered twice",
        ),
    ];
    for (answers, status, says) in refused {
        let answer = site.file(&with(answers), None).await;
        assert_eq!((answer.status, answer.kind.as_str()), (status, "application/problem+json"), "{}", answer.body);
        assert!(answer.body["detail"].as_str().unwrap().contains(says), "{says}: {}", answer.body);
    }
    let filed = site
        .file(
            &with(json!([
                { "question": "harm", "choices": ["integrity", "confidentiality"] },
                { "question": "malware-kind", "choices": ["other"], "words": "It asks for money" },
                { "question": "named", "named": [{ "kind": "system", "name": "Registry", "part": "affected" }],
                  "none": ["network"] },
                { "question": "spread", "choices": ["unsure"] },
                { "question": "done", "unknown": true },
            ])),
            None,
        )
        .await;
    assert_eq!(filed.status, 201, "{}", filed.body);
    let officer = site.world.officer(None);
    let officer = Viewer { tenant, ..officer };
    let (may, row) = app
        .allow_on_report(&officer, filed.body["reference"].as_str().unwrap(), Action::Read, Section::Report)
        .await
        .unwrap();
    let read = app.read_report(&officer, &may, &row).await.unwrap();
    let said: Vec<String> = read
        .filed
        .as_ref()
        .unwrap()
        .submission
        .answers
        .iter()
        .map(|answer| {
            let choices: Vec<&str> = answer.choices.iter().map(|choice| choice.as_str()).collect();
            let words = answer.words.as_ref().map_or("", |words| words.as_str());
            format!("{} {} {words}", answer.question, choices.join("+")).trim_end().to_owned()
        })
        .collect();
    assert_eq!(
        said,
        [
            "harm integrity+confidentiality",
            "malware-kind other It asks for money",
            "named system+affected Registry",
            "named network+none",
            "spread unsure",
            "done not-known",
        ]
    );
    let description = site.get("/api/openapi.json").await.body;
    let answer = &description["components"]["schemas"]["GivenAnswer"];
    assert_eq!(answer["required"], json!(["question"]));
    assert!(answer["description"].as_str().unwrap().contains("yes-or-no"), "{answer}");
}

#[tokio::test]
async fn no_field_of_a_row_can_be_set_from_outside() {
    let site = Site::open().await;
    for column in [
        "id",
        "n",
        "tenant",
        "handling_unit",
        "reference",
        "secret",
        "received_at",
        "state",
        "urgency",
        "claimed_by",
        "incident",
        "version",
        "summary",
        "pack",
        "channel",
        "files",
    ] {
        let mut body = report();
        body[column] = json!("1");
        assert_eq!(site.file(&body, None).await.status, 422, "{column}");
    }
}

#[tokio::test]
async fn a_token_is_needed_and_does_no_more_than_it_is_for() {
    let site = Site::open().await;
    let with = async |token: &str, path: &str| {
        let request = Request::get(path).header(header::AUTHORIZATION, token).body(Body::empty());
        site.send(request.expect("a request")).await
    };
    let list = "/api/v1/incidents";
    for token in ["", "Bearer ", "Bearer tocsin_wrong", "Basic b3J0aXo6eA==", site.token.as_str()] {
        let answer = with(token, list).await;
        assert_eq!((answer.status, answer.kind.as_str()), (401, "application/problem+json"), "{token}");
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    }
    let (narrow, _) = site.world.app.make_token("ortiz@example.gov", &[Scope::Statistics], 1).await.expect("a token");
    assert_eq!(with(&format!("Bearer {narrow}"), list).await.status, 403);
    assert_eq!(with(&format!("Bearer {narrow}"), "/api/v1/statistics").await.status, 200);
    site.world.app.withdraw_token(&narrow).await.expect("withdrawn");
    assert_eq!(with(&format!("Bearer {narrow}"), "/api/v1/statistics").await.status, 401);
    site.world.app.disable_person("ortiz@example.gov").await.expect("disabled");
    assert_eq!(site.get(list).await.status, 401, "a token dies with its owner's account");
}

#[tokio::test]
async fn lists_go_page_by_page_and_stay_in_the_owners_units() {
    let site = Site::open().await;
    let mut file = "Name of Covered Entity,Breach Submission Date,State,Individuals Affected\n".to_owned();
    for n in 0..5 {
        file.push_str(&format!("Sample Clinic {n},1/2/2017,MO,100\n"));
    }
    import_hhs(&site.world.app, "RVB", file.as_bytes(), ImportOptions::default(), &mut |_| ()).await.expect("imported");
    let elsewhere = file.replace("Sample", "Other");
    import_hhs(&site.world.app, "OAK", elsewhere.as_bytes(), ImportOptions::default(), &mut |_| ())
        .await
        .expect("imported");

    let mut titles = Vec::new();
    let mut path = "/api/v1/incidents?limit=2".to_owned();
    loop {
        let page = site.get(&path).await;
        assert_eq!(page.status, 200);
        titles.extend(page.body["incidents"].as_array().expect("a list").iter().map(|i| i["title"].clone()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/api/v1/incidents?limit=2&cursor={cursor}");
    }
    assert_eq!(titles.len(), 5);
    assert_eq!(titles[4], "Breach – Sample Clinic 0");
    assert_eq!(site.get("/api/v1/incidents/DMH-2017-0006").await.status, 404, "another unit's");
    assert_eq!(site.get("/api/v1/incidents/DMH-2017-0001").await.body["imported"]["submitted"], "2017-01-02");

    let numbers = site.get("/api/v1/statistics").await.body;
    assert_eq!((&numbers["whole_agency"], &numbers["incidents"]), (&json!(false), &json!(5)));
    for query in
        ["limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor=", "state=gone", "unit=a+b", "colour=red"]
    {
        assert_eq!(site.get(&format!("/api/v1/incidents?{query}")).await.status, 422, "{query}");
    }
    assert_eq!(site.get("/api/v1/incidents?q=a&q=b").await.status, 400);
    assert_eq!(site.get("/api/v1/incidents?unit=NOPE").await.status, 404);
    assert_eq!(site.get("/api/v1/statistics?year=99999").await.status, 422);
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_problem_documents_too() {
    let site = Site::open().await;
    let nowhere = site.get("/api/v1/nothing").await;
    assert_eq!((nowhere.status, nowhere.kind.as_str()), (404, "application/problem+json"));
    assert_eq!(site.get("/api/v1/incidents/%FF").await.status, 404);
    let request = Request::builder().method(Method::DELETE).uri("/api/v1/incidents").body(Body::empty());
    let answer = site.send(request.expect("a request")).await;
    assert_eq!((answer.status, answer.kind.as_str()), (405, "application/problem+json"));
    assert!(answer.headers.get(header::ALLOW).is_some_and(|allow| allow.to_str().is_ok_and(|a| a.contains("GET"))));
    let description = site.get("/api/openapi.json").await;
    assert_eq!(description.body["paths"].as_object().map(serde_json::Map::len), Some(7));
}
