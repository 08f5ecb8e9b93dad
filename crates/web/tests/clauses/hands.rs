//! What proofs do by hand: filing by the public form, finding people, reading what a page says about one duty.

use super::site::{Site, text};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use domain::ids::UnitId;
use domain::organisation::{UnitKind, UnitProfile};
use ground::words;
use tower::ServiceExt;

/// Microseconds of a moment written with its offset.
pub fn at(moment: &str) -> i64 {
    moment.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

/// The text between two marks.
pub fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let from = page.find(before).unwrap_or_else(|| panic!("no {before} in {page}")) + before.len();
    &page[from..from + page[from..].find(after).expect("an end")]
}

/// A report as it is filled in on the public form; what is left out is left blank.
pub struct Form<'a> {
    pub code: &'a str,
    pub tile: &'a str,
    pub kind: &'a str,
    /// Further pages: name, then fields.
    pub pages: &'a [(&'a str, &'a [(&'a str, &'a str)])],
    /// Whom the reporter chooses on the last page; empty for what is marked there.
    pub to: &'a str,
}

pub const FORM: Form<'static> = Form { code: "RVB", tile: "access", kind: "", pages: &[], to: "" };

impl Site {
    /// The moment that the clock shows becomes another.
    pub fn set_clock(&self, moment: &str) {
        let micros = at(moment) - self.app.now().micros();
        self.later(micros / 1_000_000);
    }

    /// Adds a facility below the head office.
    pub async fn facility(&self, name: &str, code: &str) -> UnitId {
        let unit = UnitProfile { name: words(name), kind: UnitKind::Facility, phone: None, policies: vec![] };
        self.app.add_unit(self.tenant, self.head, code, &unit).await.unwrap()
    }

    /// Begins a report on the public form and fills its pages; gives back where the draft lives.
    pub async fn write(&self, form: &Form<'_>) -> String {
        let first = self.post(&format!("/r/{}", form.code), "", &[("begin", "report")]).await;
        let draft = first.rsplit_once('/').unwrap().0.to_owned();
        let page = |name: &str| format!("{draft}/{name}");
        self.post(&page("what"), "", &[("what", form.tile), ("then", "next")]).await;
        self.post(&page("where"), "", &[("unit", form.code), ("then", "next")]).await;
        self.post(&page("words"), "", &[("words", "Somebody used my account."), ("then", "next")]).await;
        // One policy asks these two as well; on the others there are no such pages.
        for name in ["harm", "harmed"] {
            self.ask("POST", &page(name), "", &[("answer", "unknown"), ("then", "next")]).await;
        }
        // Some policies ask what went wrong, and to what; not to be sure is an answer. Others have no such page.
        for name in ["harm", "harmed"] {
            self.ask("POST", &page(name), "", &[("answer", "unknown"), ("then", "next")]).await;
        }
        for (name, fields) in form.pages {
            let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("then", "next")]).collect();
            self.post(&page(name), "", &fields).await;
        }
        let you = [("name", "Sam Lee"), ("phone", "573-555-0177"), ("kind", form.kind), ("then", "next")];
        self.post(&page("you"), "", &you).await;
        draft
    }

    /// Sends a written draft; gives back the report's reference.
    pub async fn send(&self, draft: &str, to: &str) -> String {
        let check = format!("{draft}/check");
        let shown = self.get(&check, "").await;
        let marked = shown.find("name=\"to\"").map(|_| {
            let radio =
                shown.split("name=\"to\" value=\"").skip(1).find(|r| r.split('>').next().unwrap().contains(" checked"));
            radio.unwrap().split('"').next().unwrap().to_owned()
        });
        let to = if to.is_empty() { marked.unwrap_or_default() } else { to.to_owned() };
        let received = self.post(&check, "", &[("then", "next"), ("to", &to)]).await;
        let receipt = self.get(&received, "").await;
        let from = receipt.find("R-").unwrap();
        receipt[from..from + 11].to_owned()
    }

    /// Files a report on the public form; gives back its reference.
    pub async fn file(&self, form: &Form<'_>) -> String {
        let draft = self.write(form).await;
        self.send(&draft, form.to).await
    }

    /// Accepts a report; gives back the address of the incident.
    pub async fn accept(&self, reference: &str, officer: &str) -> String {
        let to = self.post(&format!("/inbox/{reference}/accept"), officer, &[]).await;
        to.split('?').next().unwrap().split('#').next().unwrap().to_owned()
    }

    /// The id of somebody's account, as the administrator's page has it.
    pub async fn account(&self, admin: &str, words: &str) -> String {
        let page = self.get(&format!("/admin/people?words={words}"), admin).await;
        between(&page, "href=\"/admin/people/", "\"").to_owned()
    }

    /// Posts and expects the page again with a reason.
    pub async fn refused(&self, path: &str, cookie: &str, body: &[(&str, &str)], words: &str) {
        let answer = self.ask("POST", path, cookie, body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let page = text(answer).await;
        assert!(page.contains(words), "{words}: {page}");
    }

    /// Posts JSON without an account.
    pub async fn program(&self, path: &str, body: &serde_json::Value) -> Response {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Lets the workers do what is due.
    pub async fn work(&self) {
        while self.app.do_jobs().await > 0 {}
    }
}

/// A page as it is read: dates and numbers keep their parts together by spaces that do not break.
pub fn read(page: &str) -> String {
    page.replace(['\u{a0}', '\u{202f}'], " ")
}

/// What a page says of one duty; `None` when the incident does not owe it.
pub fn duty<'a>(page: &'a str, rule: &str) -> Option<&'a str> {
    let from = page.find(&format!("<li id=\"duty-{rule}\""))?;
    page[from..].split("</li>").next()
}

/// Whether a duty is there and nobody has answered for it.
pub fn open(page: &str, rule: &str) -> bool {
    duty(page, rule).is_some_and(|duty| !duty.starts_with(&format!("<li id=\"duty-{rule}\" class=\"done\"")))
}
