//! Every address of the router, asked as everybody: what is not theirs looks, to the last byte, like what is not there.
//!
//! The list of addresses is read out of the router itself. An address that nobody declared in [`declared`] fails the
//! test, so that a new page cannot be forgotten.

mod canary;
mod declared;
mod kept;

use super::site::{PASSWORD, Site, text};
use app::api_token::Scope;
use app::directory::Profile;
use app::sign_in::Password;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use declared::{DECLARED, Need};
use domain::ids::AccountId;
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::{Role, allows, participant_allows, roles};
use ground::words;
use std::collections::BTreeSet;
use std::fmt::Write;
use tower::ServiceExt;

/// An incident that does not exist, in place of the one that does.
const ABSENT: &str = "DMH-2026-0999";
const PRESENT: &str = "DMH-2026-0001";

/// One method of one address.
type Route = (&'static str, String);

/// What the router serves, from the router.
pub fn routes(router: &axum::Router) -> BTreeSet<Route> {
    let shown = format!("{router:?}");
    let own = shown.split("fallback_router").next().unwrap_or_default();
    let mut methods: Vec<(&str, Vec<&'static str>)> = Vec::new();
    let mut found = BTreeSet::new();
    for part in own.split("RouteId(").skip(1) {
        let Some((id, rest)) = part.split_once("): ") else { continue };
        if let Some(path) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
            let served = methods.iter().filter(|(known, _)| *known == id).flat_map(|(_, served)| served.clone());
            found.extend(served.map(|method| (method, path.to_owned())));
        } else {
            let all = ["get", "head", "delete", "options", "patch", "post", "put", "trace"];
            let names = ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
            let served = all.into_iter().zip(names).filter(|(field, _)| !rest.contains(&format!("{field}: None")));
            methods.push((id, served.map(|(_, name)| name).collect()));
        }
    }
    found
}

#[tokio::test]
async fn every_address_is_declared_and_every_declaration_is_served() {
    let site = Site::open().await;
    let served = routes(&site.router);
    assert!(served.len() > 150, "the router says what it serves: {}", served.len());
    let declared: BTreeSet<Route> = DECLARED.iter().map(|(method, path, _)| (*method, (*path).to_owned())).collect();
    let unlisted: Vec<&Route> =
        served.iter().filter(|route| !declared.contains(route) && !declared::open_to_all(&route.1)).collect();
    let gone: Vec<&Route> = declared.iter().filter(|route| !served.contains(route)).collect();
    assert!(unlisted.is_empty(), "say in `declared.rs` who may: {unlisted:#?}");
    assert!(gone.is_empty(), "declared and not served: {gone:#?}");
    assert!(served.iter().all(|(method, _)| matches!(*method, "GET" | "POST")), "{served:?}");
}

/// Somebody who asks.
pub struct Who {
    pub name: &'static str,
    pub cookie: String,
    pub roles: Vec<Role>,
    /// Takes part in the incident.
    pub part: bool,
    /// Learns nothing of this agency's incident: excluded from it, or of another agency.
    pub shut_out: bool,
    /// Of another agency.
    pub stranger: bool,
}

impl Who {
    pub fn of(name: &'static str, cookie: String, roles: &[Role]) -> Self {
        Self { name, cookie, roles: roles.to_vec(), part: false, shut_out: false, stranger: false }
    }

    pub fn may(&self, need: &Need) -> bool {
        match need {
            Need::Account => true,
            Need::Room(rights) => rights.iter().any(|(action, section)| self.holds(*action, *section)),
            Need::Case(rights) => {
                !self.shut_out
                    && rights.iter().any(|(action, section)| {
                        self.holds(*action, *section) || (self.part && participant_allows(*action, *section))
                    })
            }
        }
    }

    fn holds(&self, action: domain::permission::Action, section: domain::actor::Section) -> bool {
        self.roles.iter().any(|role| allows(*role, action, section))
    }
}

/// Every role that people with an account hold.
pub fn every_role() -> Vec<Role> {
    roles().into_iter().filter(|role| !matches!(role, Role::WorkforceMember | Role::Outside)).collect()
}

impl Site {
    /// Lets somebody in with several roles at the head of this agency, and signs them in.
    pub async fn everything(&self, name: &str, email: &str, roles: &[Role]) -> String {
        let profile = Profile { name: name.into(), email: email.into(), phone: None };
        let roles: Vec<_> = roles.iter().map(|role| (self.head, *role)).collect();
        let password = Password::chosen(PASSWORD.into()).ok();
        self.app.add_person(self.tenant, &profile, password, &roles).await.unwrap();
        self.sign_in(email).await
    }

    /// Somebody with every role in another agency.
    pub async fn stranger(&self) -> String {
        let (tenant, head) = self.agency_beside().await;
        let unit = UnitProfile { name: words("District 5"), kind: UnitKind::Facility, phone: None, policies: vec![] };
        self.app.add_unit(tenant, head, "D5", &unit).await.unwrap();
        let profile = Profile { name: "B. Hall".into(), email: "hall@example.gov".into(), phone: None };
        let roles: Vec<_> = every_role().into_iter().map(|role| (head, role)).collect();
        self.app.add_person(tenant, &profile, Password::chosen(PASSWORD.into()).ok(), &roles).await.unwrap();
        self.sign_in("hall@example.gov").await
    }

    /// The account of somebody, by address.
    pub fn account_of(&self, email: &str) -> AccountId {
        let directory = self.app.directory();
        let people = directory.people_of(self.tenant);
        people.iter().find(|person| person.profile.email == email).expect("known").id
    }

    async fn bearer(&self, method: &str, path: &str, token: &str) -> (StatusCode, String) {
        let request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (answer.status(), text(answer).await)
    }
}

/// An answer without what every answer has of its own.
struct Said {
    status: StatusCode,
    to: String,
    body: String,
}

async fn said(site: &Site, method: &str, path: &str, cookie: &str) -> Said {
    let answer = site.ask(method, path, cookie, &[]).await;
    let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    Said { status: answer.status(), to, body: text(answer).await }
}

/// The real thing and what does not exist, in place of the names in an address.
pub struct Names {
    pub report: String,
    pub report_id: String,
    pub file: String,
    pub task: String,
    pub person: AccountId,
}

impl Names {
    pub fn fill(&self, path: &str, incident: &str, report: &str) -> String {
        let about_report =
            ["/inbox/", "/desk/", "/intake/", "/api/v1/reports/"].iter().any(|room| path.starts_with(room));
        let zeroes = "00000000-0000-0000-0000-000000000000";
        [
            ("{reference}", if about_report { report } else { incident }),
            ("{report}", &self.report_id),
            ("{file}", &self.file),
            ("{task}", &self.task),
            ("{person}", &self.person.to_string()),
            ("{rule}", "O43"),
            ("{sheet}", "nature"),
            ("{decision}", "breach-determination"),
            ("{playbook}", "malware"),
            ("{number}", "1"),
            ("{code}", "RVB"),
            ("{role}", "lso"),
            ("{hold}", zeroes),
            ("{matter}", zeroes),
            ("{id}", zeroes),
            ("{request}", zeroes),
            ("{slot}", "plan"),
            ("{name}", "unknown"),
            ("{digest}", &"0".repeat(64)),
        ]
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

#[tokio::test]
async fn what_is_not_theirs_is_not_there_for_anybody_on_any_address() {
    let site = Site::open().await;
    let report = site.report("malware", "The screen shows a ransom note.").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
    let case = format!("/incidents/{PRESENT}");
    site.post(&format!("{case}/tasks"), &officer, &[("task", "Ask the ward")]).await;
    site.send(&officer, &[("list.txt", b"evidence")]).await;
    let page = site.get(&case, &officer).await;
    let cut = |before: &str, length: usize| {
        let at = page.find(before).unwrap_or_else(|| panic!("{before}")) + before.len();
        page[at..at + length].to_owned()
    };
    let names = Names {
        report: report.clone(),
        report_id: cut(&format!("{case}/reports/"), 36),
        file: cut(&format!("/files/{PRESENT}/"), 36),
        task: cut(&format!("{case}/tasks/"), 36),
        person: site.account_of("ortiz@example.gov"),
    };
    let no_report = domain::reference::ReportReference::from_random([7; 8]).to_string();

    let desk = site.everything("H. Park", "park@example.gov", &[Role::HelpDesk]).await;
    let part = site.everything("T. Moss", "moss@example.gov", &[Role::HelpDesk]).await;
    let subject = site.everything("S. Vole", "vole@example.gov", &every_role()).await;
    let gone = site.everything("G. One", "one@example.gov", &[Role::ChiefOfficer]).await;
    let administrator = site.sign_in("diaz@example.gov").await;
    let hr = site.sign_in("rao@example.gov").await;
    let moss = site.account_of("moss@example.gov").to_string();
    let reason = [("participant", moss.as_str()), ("part-reason", "Knows the console")];
    site.post(&format!("{case}/participants"), &officer, &reason).await;
    let vole = site.account_of("vole@example.gov").to_string();
    site.post(&format!("{case}/exclude"), &officer, &[("person", &vole)]).await;
    let one = site.account_of("one@example.gov");
    site.post(&format!("/admin/people/{one}/disable"), &administrator, &[("sure", "yes")]).await;

    let everybody = [
        Who { shut_out: true, ..Who::of("the subject, with every role", subject, &every_role()) },
        Who { shut_out: true, stranger: true, ..Who::of("another agency", site.stranger().await, &every_role()) },
        Who::of("the administrator", administrator, &[Role::Administrator]),
        Who::of("human resources", hr, &[Role::HumanResources]),
        Who::of("the help desk", desk, &[Role::HelpDesk]),
        Who { part: true, ..Who::of("somebody who takes part", part, &[Role::HelpDesk]) },
    ];
    let mut wrong = String::new();
    for (method, path, need) in DECLARED {
        let (there, absent) = (names.fill(path, PRESENT, &report), names.fill(path, ABSENT, &no_report));
        // Without an account, or with one that was ended: the door, and the same door for what does not exist.
        let neutral = |words: &str| {
            words.replace(PRESENT, "?").replace(ABSENT, "?").replace(&report, "?").replace(&no_report, "?")
        };
        if !path.starts_with("/api/") {
            let door = said(&site, method, &there, "").await;
            let sound = if *method == "GET" {
                door.status == StatusCode::SEE_OTHER && door.to.starts_with("/sign-in?next=")
            } else {
                door.status == StatusCode::UNAUTHORIZED
            };
            if !sound {
                writeln!(wrong, "{method} {path}: nobody is answered {} {}", door.status, door.to).unwrap();
            }
            let nothing = said(&site, method, &absent, "").await;
            if door.status != nothing.status || neutral(&door.body) != neutral(&nothing.body) {
                writeln!(wrong, "{method} {path}: the door differs for what is not there").unwrap();
            }
            let ended = said(&site, method, &there, &gone).await;
            if (ended.status, &ended.to, &ended.body) != (door.status, &door.to, &door.body) {
                writeln!(wrong, "{method} {path}: an ended account is answered {}", ended.status).unwrap();
            }
        }
        for who in &everybody {
            let answer =
                if path.starts_with("/api/") { continue } else { said(&site, method, &there, &who.cookie).await };
            let foreign = who.stranger && ["{person}", "{code}"].iter().any(|name| path.contains(name));
            if who.may(need) && !foreign {
                // A page that their right opens is there: otherwise this test would pass on a closed house.
                let needs_more = [
                    "/desk/",
                    "/intake/filed/",
                    "{hold}",
                    "{digest}",
                    "{slot}",
                    "{id}",
                    "certificate",
                    "{number}",
                    // Only where a policy has them, which this one does not.
                    "/readiness",
                    "/registers/",
                ];
                if *method == "GET"
                    && answer.status == StatusCode::NOT_FOUND
                    && needs_more.iter().all(|n| !path.contains(n))
                {
                    writeln!(wrong, "GET {path}: {} may and finds nothing", who.name).unwrap();
                }
                continue;
            }
            if answer.status != StatusCode::NOT_FOUND {
                writeln!(wrong, "{method} {path}: {} is answered {} {}", who.name, answer.status, answer.to).unwrap();
                continue;
            }
            let nowhere = said(&site, "GET", &format!("/incidents/{ABSENT}"), &who.cookie).await;
            if answer.body != nowhere.body {
                writeln!(wrong, "{method} {path}: {} is told something: {}", who.name, answer.body).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(site.get(&case, &everybody[5].cookie).await.contains("ransom"), "the part was not ended by asking");

    // Programs.
    for (email, whose) in [
        ("vole@example.gov", "the subject"),
        ("hall@example.gov", "another agency"),
        ("diaz@example.gov", "the administrator"),
    ] {
        let (token, _) = site.app.make_token(email, &Scope::ALL, 30).await.expect("a token");
        for (method, path, _) in
            DECLARED.iter().filter(|(_, path, need)| path.starts_with("/api/") && matches!(need, Need::Case(_)))
        {
            let there = site.bearer(method, &names.fill(path, PRESENT, &report), &token).await;
            let absent = site.bearer(method, &names.fill(path, ABSENT, &no_report), &token).await;
            assert_eq!(there, absent, "{method} {path} for {whose}");
            assert_eq!(there.0, StatusCode::NOT_FOUND, "{method} {path} for {whose}");
            let nobody = site.bearer(method, &names.fill(path, PRESENT, &report), "tocsin_nobody").await;
            assert_eq!(nobody.0, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
}

/// Pages ask the application, which asks for a proof: none of them reads a record for itself.
#[test]
fn no_page_reads_a_record_without_a_proof() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let source = std::fs::read_to_string(&entry).unwrap_or_default();
            for past in ["by_the_product(", "whole_incident(", "whole_report(", "load_incident(", "load_report("] {
                let uses = source
                    .lines()
                    .filter(|line| line.contains(past) && !line.contains("fn ") && !line.contains("_by_the_product"));
                for line in uses {
                    writeln!(found, "{}: {}", entry.display(), line.trim()).unwrap();
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{found}");
}
