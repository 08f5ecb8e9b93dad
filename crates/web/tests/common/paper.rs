//! A report made on the public pages, the incident that came of it, and its form, under either edition of the regulation.

#![allow(dead_code, reason = "each test program that includes this uses a part of it")]

use std::sync::Arc;

use super::site::{Office, PASSWORD, Site, text};
use axum::http::{StatusCode, header};
use domain::ids::UnitId;
use domain::organisation::{UnitKind, UnitProfile};
use domain::permission::Role;
use http_body_util::BodyExt;

/// One edition, and a day on which it governs.
#[derive(Clone, Copy, Debug)]
pub struct Edition {
    pub name: &'static str,
    /// The morning on which everything begins, in universal time.
    pub morning: &'static str,
    /// That day as boxes write it.
    pub day: &'static str,
    /// The day before, as people type it.
    pub day_before: &'static str,
    /// The day after.
    pub day_after: &'static str,
    pub reference: &'static str,
    /// The duty that the finished form meets, and that of keeping it.
    pub duties: [&'static str; 2],
}

pub const OF_2004: Edition = Edition {
    name: "2004",
    morning: "2005-01-10T16:00:00Z",
    day: "Mon, Jan 10, 2005",
    day_before: "Jan 9, 2005",
    day_after: "Jan 11, 2005",
    reference: "DMH-2005-0001",
    duties: ["O8", "O11"],
};

pub const OF_2016: Edition = Edition {
    name: "2016",
    morning: "2016-07-01T15:00:00Z",
    day: "Fri, Jul 1, 2016",
    day_before: "Jun 30, 2016",
    day_after: "Jul 2, 2016",
    reference: "DMH-2016-0001",
    duties: ["O47", "O48"],
};

pub const BOTH: [Edition; 2] = [OF_2004, OF_2016];

/// A site of the department on an edition's day, with its people.
pub async fn department(edition: Edition, typesetter: Arc<dyn app::Typesetter>) -> Site {
    let morning: jiff::Timestamp = edition.morning.parse().unwrap();
    let office = Office {
        code: "DMH",
        name: "Department of Mental Health",
        zone: "America/Chicago",
        series: &["us-mo/dmh"],
        packs: &["common", "us-mo/dmh-2004", "us-mo/dmh-2016"],
        now: morning.as_microsecond(),
    };
    let site = Site::with(&office, typesetter).await;
    for (name, email, role, at) in [
        ("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit),
        ("P. Rao", "rao@example.gov", Role::HumanResources, site.head),
        ("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head),
        ("N. Okafor", "okafor@example.gov", Role::PrivacyOfficer, site.unit),
    ] {
        site.person(name, email, role, at).await;
    }
    site
}

/// What somebody says on the public pages.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub unit: &'a str,
    pub happened: &'a str,
    pub words: &'a str,
    pub day: [&'a str; 3],
    pub done: &'a str,
    pub work_place: &'a str,
}

/// A laptop that is gone, at Riverbend, today, by somebody of Ward 3.
pub const SAID: Said<'static> = Said {
    unit: "RVB",
    happened: "lost-or-stolen",
    words: "A laptop is gone from the ward office.",
    day: ["", "", ""],
    done: "Told the ward manager at once.",
    work_place: "Ward 3",
};

/// A report as somebody without an account files it; gives back its reference.
pub async fn reported(site: &Site, said: Said<'_>) -> String {
    let began = site.post(&format!("/r/{}", said.unit), "", &[("begin", "report")]).await;
    let draft = began.strip_suffix("/what").unwrap().to_owned();
    let [month, day, year] = said.day;
    let when: &[(&str, &str)] = if year.is_empty() {
        &[("when", "today")]
    } else {
        &[("when", "date"), ("month", month), ("day", day), ("year", year)]
    };
    for (page, fields) in [
        ("what", &[("what", said.happened)][..]),
        ("where", &[("unit", said.unit), ("place", "Ward office")]),
        ("words", &[("words", said.words)]),
        ("when", when),
        ("done", &[("yours", said.done)]),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188"), ("work", said.work_place)]),
    ] {
        site.post(&format!("{draft}/{page}"), "", fields).await;
    }
    let receipt = site.post(&format!("{draft}/check"), "", &[]).await;
    let page = site.get(&receipt, "").await;
    page[page.find("R-").unwrap()..][..11].to_owned()
}

/// An incident with its form, and the officer at work on it.
pub struct Case {
    pub site: Site,
    pub edition: Edition,
    /// The officer's cookie.
    pub officer: String,
    /// The report's reference.
    pub report: String,
    /// `/incidents/DMH-2016-0001`
    pub incident: String,
    /// `/incidents/DMH-2016-0001/form`
    pub form: String,
}

/// What the incident cannot know by itself, for boxes I to X.
pub const REPORTERS: [(&str, &str); 2] = [("ticks", "1"), ("I", "handling")];

/// What the officer adds before the form is complete.
pub const OFFICERS: [(&str, &str); 4] = [
    ("VII", "The disk was wiped from afar."),
    ("XI", "Spoke with the night shift."),
    ("na.XII-1", "The superintendent is on leave and has no deputy."),
    ("na.XII-2", "No health information was on it."),
];

impl Case {
    pub async fn open(edition: Edition) -> Self {
        Self::of(edition, SAID).await
    }

    pub async fn of(edition: Edition, said: Said<'_>) -> Self {
        Self::on(department(edition, Arc::new(ground::Press::default())).await, edition, said).await
    }

    pub async fn on(site: Site, edition: Edition, said: Said<'_>) -> Self {
        let report = reported(&site, said).await;
        let officer = site.sign_in("ortiz@example.gov").await;
        Self::accepted(site, edition, officer, report).await
    }

    pub async fn accepted(site: Site, edition: Edition, officer: String, report: String) -> Self {
        site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
        let incident = format!("/incidents/{}", edition.reference);
        let form = format!("{incident}/form");
        Self { site, edition, officer, report, incident, form }
    }

    /// A facility of its own with its officer: `alpha@example.gov`.
    pub async fn facility(site: &Site, name: &str, code: &str) -> UnitId {
        let profile =
            UnitProfile { name: ground::words(name), kind: UnitKind::Facility, phone: None, policies: vec![] };
        site.app.add_unit(site.tenant, site.head, code, &profile).await.unwrap()
    }

    /// So many seconds pass, and the officer signs in again.
    pub async fn later(&mut self, seconds: i64) {
        self.site.later(seconds);
        self.officer = self.site.sign_in("ortiz@example.gov").await;
    }

    pub async fn page(&self) -> String {
        self.site.get(&self.form, &self.officer).await
    }

    pub async fn about(&self) -> String {
        self.site.get(&self.incident, &self.officer).await
    }

    /// Saves boxes.
    pub async fn save(&self, boxes: &[(&str, &str)]) {
        self.site.post(&self.form, &self.officer, boxes).await;
    }

    /// Saves the boxes that the incident cannot know: everything needed for completion, with the remedy of today.
    pub async fn fill(&self) {
        let rest = [("VIII", self.edition.day)];
        self.save(&[REPORTERS.as_slice(), OFFICERS.as_slice(), rest.as_slice()].concat()).await;
    }

    /// Saving is refused; the page that says why.
    pub async fn refused(&self, boxes: &[(&str, &str)]) -> String {
        refused(&self.site, &self.form, &self.officer, boxes).await
    }

    /// Human resources get a copy, where the edition leaves that to the officer.
    pub async fn share(&self) {
        if self.edition.name == "2004" {
            let sheet = format!("{}/sheets/copy-to-hr", self.incident);
            self.site.post(&sheet, &self.officer, &[("f.copy", "yes")]).await;
        }
    }

    /// A link for the reporter's signature, to hand over.
    pub async fn link(&self) -> String {
        let answer = self.site.ask("POST", &format!("{}/ask", self.form), &self.officer, &[("way", "hand")]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = text(answer).await;
        let at = page.find("http://127.0.0.1:8420/sign/").expect("the link");
        let link: String = page[at..].chars().take_while(|c| !"<\"".contains(*c)).collect();
        link.strip_prefix("http://127.0.0.1:8420").unwrap().to_owned()
    }

    /// The person who reported hands in their part: reads it behind the link and signs.
    pub async fn hand_in(&self) -> String {
        let link = self.link().await;
        let page = self.site.get(&link, "").await;
        let at = page.find("name=\"digest\" value=\"").unwrap() + 21;
        let digest: String = page[at..].chars().skip_while(|c| *c == '"').take_while(|c| *c != '"').collect();
        self.site.post(&link, "", &[("digest", &digest), ("name", "Sam Lee"), ("agree", "yes")]).await;
        link
    }

    /// What the officer signs with.
    pub fn signing<'a>(party: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own = [("name", "A. Ortiz"), ("password", PASSWORD), ("party", party)];
        own.into_iter().chain(more.iter().copied()).collect()
    }

    /// The officer signs receipt and completion, with the reporter's signature on paper and no papers to attach.
    pub async fn complete(&self) {
        self.site.post(&format!("{}/sign", self.form), &self.officer, &Self::signing("completed", &PAPER)).await;
    }

    /// Completion is refused; the page that says why.
    pub async fn incomplete(&self, more: &[(&str, &str)]) -> String {
        refused(&self.site, &format!("{}/sign", self.form), &self.officer, &Self::signing("completed", more)).await
    }

    /// The form as it prints for this person: the newest document of the incident or of human resources' own page.
    pub async fn printed(&self, cookie: &str) -> Vec<u8> {
        while self.site.app.do_jobs().await > 0 {}
        let page = if cookie == self.officer { self.about().await } else { self.site.get(&self.form, cookie).await };
        let documents = page.find("id=\"documents\"").or_else(|| page.find("id=\"copies\"")).expect("documents");
        let start = documents + page[documents..].find("/files/").expect("a document");
        let href: String = page[start..].chars().take_while(|c| *c != '"').collect();
        let answer = self.site.ask("GET", &href, cookie, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/pdf");
        answer.into_body().collect().await.unwrap().to_bytes().to_vec()
    }

    /// The officer asks for a print of the form as it stands, and reads what the press was given.
    pub async fn print(&self) -> serde_json::Value {
        self.site.post(&format!("{}/pdf", self.form), &self.officer, &[]).await;
        read(&self.printed(&self.officer).await)
    }
}

/// Completing with the reporter's signature on paper, and nothing to attach.
pub const PAPER: [(&str, &str); 3] = [("reporter", "paper"), ("reporter-name", "Sam Lee"), ("papers", "none")];

/// What a press was given, of the kind that says so in its paper.
pub fn read(paper: &[u8]) -> serde_json::Value {
    let job: serde_json::Value = serde_json::from_slice(paper.strip_prefix(b"%PDF ").unwrap()).unwrap();
    job["view"].clone()
}

/// A post that is refused; the page that says why.
pub async fn refused(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let answer = site.ask("POST", path, cookie, fields).await;
    let status = answer.status();
    let page = text(answer).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {page}");
    page
}
