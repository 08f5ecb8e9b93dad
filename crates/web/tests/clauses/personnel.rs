//! Personnel: what officers hand to human resources, what human resources alone record, and what others learn of it.

mod missouri;
mod utah;

use crate::site::{Office, PASSWORD, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

/// A word that stands in sealed records and nowhere else.
const SECRET: &str = "ocelot";

/// An incident with the officer who works it and somebody of human resources.
struct World {
    site: Site,
    officer: String,
    hr: String,
    /// `/incidents/DHSS-2024-0001`
    incident: String,
}

impl World {
    async fn of(office: &Office<'_>) -> Self {
        let site = Site::of(office).await;
        let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::ChiefOfficer, site.head).await;
        let hr = site.staff("P. Rao", "rao@example.gov", Role::HumanResources, site.head).await;
        let report = site.report("down", "The wolverine system does not answer.").await;
        let to = site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
        let incident = to.split('?').next().unwrap().to_owned();
        Self { site, officer, hr, incident }
    }

    fn reference(&self) -> &str {
        self.incident.strip_prefix("/incidents/").unwrap()
    }

    fn sheet(&self, sheet: &str) -> String {
        format!("{}/sheets/{sheet}", self.incident)
    }

    /// The officer hands it to human resources.
    async fn hand_over(&self) {
        let said =
            [("f.who", "J. Poole"), ("f.what", "Passwords were shared; a colleague saw it."), ("f.found", "now")];
        self.site.post(&self.sheet("personnel-referral"), &self.officer, &said).await;
    }

    /// Human resources record something.
    async fn record(&self, sheet: &str, fields: &[(&str, &str)]) {
        self.site.post(&self.sheet(sheet), &self.hr, fields).await;
    }

    /// A sheet as somebody reads it.
    async fn read(&self, sheet: &str, cookie: &str) -> String {
        self.site.get(&self.sheet(sheet), cookie).await
    }

    /// A refusal in words.
    async fn refused(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.site.ask("POST", path, cookie, fields).await;
        let status = answer.status();
        let page = text(answer).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {page}");
        page
    }

    async fn is_hidden(&self, method: &str, path: &str, cookie: &str) {
        assert_eq!(self.site.ask(method, path, cookie, &[]).await.status(), StatusCode::NOT_FOUND, "{method} {path}");
    }

    /// The entries of a sheet, oldest first, as somebody may see them.
    async fn entries(&self, sheet: &str, cookie: &str) -> Vec<String> {
        let page = self.read(sheet, cookie).await;
        page.split("aria-labelledby=\"entry-").skip(1).map(|rest| rest[..36].to_owned()).collect()
    }

    fn signing(entry: &str) -> [(&str, &str); 3] {
        [("entry", entry), ("name", "P. Rao"), ("password", PASSWORD)]
    }

    /// Human resources sign the newest entry of a sheet.
    async fn sign(&self, sheet: &str) {
        let entry = self.entries(sheet, &self.hr).await.pop().unwrap();
        self.site.post(&format!("{}/sign", self.sheet(sheet)), &self.hr, &Self::signing(&entry)).await;
    }

    fn account(&self, name: &str) -> String {
        let directory = self.site.app.directory();
        let people = directory.people_of(self.site.tenant);
        people.iter().find(|person| person.profile.name == name).unwrap().id.to_string()
    }

    /// Somebody who works the incident finds nothing of these sheets: no page, no title, no count, no word.
    async fn nothing_of(&self, cookie: &str, sheets: &[(&str, &str)]) {
        for (sheet, title) in sheets {
            let at = self.sheet(sheet);
            for path in [at.clone(), format!("{at}/csv"), format!("{at}/print"), format!("{at}/copy")] {
                self.is_hidden("GET", &path, cookie).await;
            }
            for path in [at.clone(), format!("{at}/strike"), format!("{at}/sign")] {
                self.is_hidden("POST", &path, cookie).await;
            }
            for path in self.pages() {
                let page = self.site.get(&path, cookie).await;
                assert!(!page.contains(&format!("/sheets/{sheet}")) && !page.contains(title), "{path}: {page}");
            }
        }
        for path in self.pages() {
            let page = self.site.get(&path, cookie).await;
            assert!(!page.contains(SECRET), "{path}: {page}");
            assert!(!page.contains("sealed for others"), "nothing is counted: {path}: {page}");
        }
        self.is_hidden("GET", &format!("{}/personnel", self.incident), cookie).await;
        let found = self.site.get(&format!("/incidents.csv?words={SECRET}"), cookie).await;
        assert!(!found.contains(self.reference()), "no search finds it: {found}");
    }

    fn pages(&self) -> Vec<String> {
        let incident = &self.incident;
        let own = [incident.clone(), format!("{incident}?timeline=all"), format!("{incident}/summary")];
        let lists = ["/incidents", "/incidents.csv", "/stats", "/home", "/duties"].map(str::to_owned);
        own.into_iter().chain([format!("{incident}/access")]).chain(lists).collect()
    }
}
