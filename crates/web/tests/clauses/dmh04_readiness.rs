//! INFOCON of the Department of Mental Health, edition of 2004: the level, what moves it, and the report of each change.

mod level;
mod moves;
mod plan;
mod report;

use super::hands::{at, between};
use super::site::{DMH, Office, Site};
use app::directory::Profile;
use domain::ids::UnitId;
use domain::permission::Role;

/// The department on Monday, January 10, 2005, 2:10 p.m. CST, with its chief, the officer of Riverbend, and somebody who
/// keeps the house.
struct Board {
    site: Site,
    chief: String,
    officer: String,
    admin: String,
}

/// A declaration that rests on one changed factor; `with` takes the place of what has the same name.
const DECLARE: &[(&str, &str)] = &[
    ("then", "declare"),
    ("factor.operational", "unchanged"),
    ("factor.technical", "changed"),
    ("factor.technical.words", "Probes of the mail gateway doubled"),
    ("factor.intelligence", "unchanged"),
    ("level", "3"),
    ("reason", "Somebody looks for a way in"),
    ("weighed.risk", "Mail may fail"),
    ("weighed.adversary.unknown", "1"),
    ("weighed.mission", "Clinics need the registry by day"),
];

/// What every report says.
const FORMAT_A: &[(&str, &str)] = &[
    ("then", "send"),
    ("f.organization", "Department of Mental Health"),
    ("f.location", "Central Office, Jefferson City"),
    ("f.date", "2005-01-10"),
    ("f.time", "2:05 pm"),
    ("f.reason", "Somebody looks for a way in"),
    ("f.actions.none", "1"),
    ("f.contact-name", "C. Vance"),
    ("f.contact-title", "Chief security officer"),
    ("f.contact-reach", "vance@example.gov, 573-555-0142"),
    ("f.no-assessment", "One sign, and the network holds"),
];

/// What the report of level 4 or 5 says besides.
const FORMAT_B: &[(&str, &str)] = &[
    ("f.systems.0.network", "Hospital network"),
    ("f.systems.0.classification", "Confidential"),
    ("f.systems.0.application", "Registry"),
    ("f.systems.0.database", "Registry database"),
    ("f.degree", "partial"),
    ("f.degree-words", "Admissions are written by hand"),
    ("f.impact-potential", "Pharmacy may stop"),
    ("f.restoration.0.rank", "1"),
    ("f.restoration.0.what", "Registry"),
    ("f.restoration.1.rank", "2"),
    ("f.restoration.1.what", "Mail"),
    ("f.workarounds", "Paper forms\nTelephone"),
];

/// Fields with others in place of those that have the same name; an empty one is left out.
fn with<'a>(fields: &[&[(&'a str, &'a str)]], others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all = fields.iter().flat_map(|part| part.iter().copied());
    let kept = all.filter(|(name, _)| others.iter().all(|(other, _)| other != name));
    kept.chain(others.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

impl Board {
    async fn open() -> Self {
        let office = Office { packs: &["common", "us-mo/dmh-2004"], now: at("2005-01-10T14:10:00-06:00"), ..DMH };
        let site = Site::of(&office).await;
        let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
        let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
        let admin = site.staff("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
        Self { site, chief, officer, admin }
    }

    /// Somebody who is told and never signs in here.
    async fn told(&self, name: &str, email: &str, role: Role, unit: UnitId) {
        let profile = Profile { name: name.into(), email: email.into(), phone: None };
        self.site.app.add_person(self.site.tenant, &profile, None, &[(unit, role)]).await.unwrap();
    }

    /// The board as the chief sees it.
    async fn board(&self) -> String {
        self.site.get("/readiness", &self.chief).await
    }

    async fn declare(&self, level: &str) {
        let fields = with(&[DECLARE], &[("level", level)]);
        assert_eq!(self.site.post("/readiness/declare", &self.chief, &fields).await, "/readiness?done=declared");
    }

    async fn not_declared(&self, others: &[(&str, &str)], words: &str) {
        self.site.refused("/readiness/declare", &self.chief, &with(&[DECLARE], others), words).await;
    }

    /// Where the report of the latest change is written.
    async fn report(&self) -> String {
        format!("/readiness/report/{}", between(&self.board().await, "href=\"/readiness/report/", "\""))
    }

    /// Takes down a notice of the state.
    async fn notice(&self, on: &str, level: &str) {
        let channels = [("channels", "State response desk\nTelephone")];
        self.site.post("/organisation/notices/channels", &self.admin, &channels).await;
        let reference = format!("ISMO-{on}");
        let notice = [
            ("on", on),
            ("at", "9:00 am"),
            ("reference", reference.as_str()),
            ("level", level),
            ("channel", "State response desk"),
            ("sender", "Watch officer"),
        ];
        self.site.post("/organisation/notices", &self.chief, &notice).await;
    }

    async fn measures(&self, table: &str) {
        self.site.post("/readiness/measures", &self.admin, &[("table", table)]).await;
    }

    /// The forms of measures on the board: step, measure, line.
    async fn listed(&self, cookie: &str) -> Vec<[String; 3]> {
        let page = self.site.get("/readiness", cookie).await;
        let forms = page.split("action=\"/readiness/measures/answer").skip(1);
        let hidden = |form: &str, name: &str| between(form, &format!("name=\"{name}\" value=\""), "\"").to_owned();
        forms.map(|form| [hidden(form, "step"), hidden(form, "measure"), hidden(form, "n")]).collect()
    }

    /// Says what became of a measure in Riverbend.
    async fn answer(&self, form: &[String; 3], outcome: &str, because: &str) {
        let fields = [
            ("step", form[0].as_str()),
            ("measure", &form[1]),
            ("n", &form[2]),
            ("unit", "RVB"),
            ("outcome", outcome),
            ("because", because),
        ];
        self.site.post("/readiness/measures/answer", &self.officer, &fields).await;
    }

    /// Comes back after some time: everybody signs in anew.
    async fn later(&mut self, moment: &str) {
        self.site.set_clock(moment);
        self.chief = self.site.sign_in("vance@example.gov").await;
        self.officer = self.site.sign_in("ortiz@example.gov").await;
        self.admin = self.site.sign_in("diaz@example.gov").await;
    }
}
