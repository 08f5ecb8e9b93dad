//! An officer at work on a site of the Department of Mental Health: reports, kinds, sheets, and the pages they show.

use crate::site::{Office, Site, text};
use axum::http::StatusCode;
use domain::permission::Role;

/// A site with the local security officer of its facility and the chief, both signed in.
pub struct Casework {
    pub site: Site,
    pub officer: String,
    pub chief: String,
}

impl Casework {
    pub async fn of(office: &Office<'_>) -> Self {
        let site = Site::of(office).await;
        let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
        let chief = site.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
        Self { site, officer, chief }
    }

    /// Makes an incident of a report; gives back its address.
    pub async fn incident(&self, tile: &str, said: &str) -> String {
        let reference = self.site.report(tile, said).await;
        self.accept(&reference).await
    }

    /// Accepts a report; gives back the address of its incident.
    pub async fn accept(&self, reference: &str) -> String {
        let to = self.site.post(&format!("/inbox/{reference}/accept"), &self.officer, &[]).await;
        to.split('?').next().unwrap().to_owned()
    }

    /// An incident of these kinds of the policy, chosen by the officer.
    pub async fn of_kind(&self, tile: &str, said: &str, kinds: &[&str]) -> String {
        let incident = self.incident(tile, said).await;
        self.sort(&incident, kinds).await;
        incident
    }

    /// Says of which kinds it is.
    pub async fn sort(&self, incident: &str, kinds: &[&str]) {
        // What the change would do to duties is shown first; here it is known.
        let mut fields = vec![("has-categories", "1"), ("reason", "After a first look"), ("confirmed", "1")];
        fields.extend(kinds.iter().map(|kind| ("category", *kind)));
        self.site.post(&format!("{incident}/describe"), &self.officer, &fields).await;
    }

    /// Fills a sheet; gives back where that leads.
    pub async fn fill(&self, incident: &str, sheet: &str, fields: &[(&str, &str)]) -> String {
        self.site.post(&format!("{incident}/sheets/{sheet}"), &self.officer, fields).await
    }

    /// Fills a sheet in vain; gives back the page that says why.
    pub async fn refused(&self, incident: &str, sheet: &str, fields: &[(&str, &str)]) -> String {
        self.refused_at(&format!("{incident}/sheets/{sheet}"), fields).await
    }

    /// Posts in vain; gives back the page that says why.
    pub async fn refused_at(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.site.ask("POST", path, &self.officer, fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        text(answer).await
    }

    /// A page as the officer sees it.
    pub async fn page(&self, path: &str) -> String {
        self.site.get(path, &self.officer).await
    }

    /// What stands on a sheet.
    pub async fn sheet(&self, incident: &str, sheet: &str) -> String {
        self.page(&format!("{incident}/sheets/{sheet}")).await
    }

    /// One table of the statistics, as the chief takes it along.
    pub async fn counted(&self, of: &str) -> String {
        self.site.get(&format!("/stats.csv?of={of}"), &self.chief).await
    }

    /// Whether there is such a table: nothing was counted for it yet otherwise.
    pub async fn counted_at_all(&self, of: &str) -> bool {
        let answer = self.site.ask("GET", &format!("/stats.csv?of={of}"), &self.chief, &[]).await;
        answer.status() == StatusCode::OK
    }

    /// A colleague's account.
    pub fn account(&self, name: &str) -> String {
        let directory = self.site.app.directory();
        let people = directory.people_of(self.site.tenant);
        people.iter().find(|person| person.profile.name == name).unwrap().id.to_string()
    }
}

/// Whether a radio button or tick box of a page is chosen.
pub fn chosen(page: &str, name: &str, value: &str) -> bool {
    let input = format!("name=\"{name}\" value=\"{value}\"");
    let at = page.find(&input).unwrap_or_else(|| panic!("no {input} on {page}"));
    page[at + input.len()..].starts_with(" checked")
}
