//! Signing in and out: one form, the same answer to every wrong attempt, and nothing typed lost on the way.

pub mod steps;

use std::net::SocketAddr;

use app::sign_in::{Password, SessionNote};
use app::{App, Trouble};
use askama::Template;
use axum::{
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::door::{inner_path, secret, set_cookie};
use super::sorry::Answer;
use crate::{
    screens::{frame::Frame, pages, show},
    typed::{Typed, problem},
    words::Language,
};

/// `/sign-in`. Sends `login`, `password`, `next`, and `kept` fields when a form waits to be sent again.
#[derive(Debug, Template)]
#[template(path = "staff/sign_in.html")]
pub struct SignIn {
    /// The frame.
    pub frame: Frame,
    /// As typed.
    pub login: String,
    /// Where to go afterwards.
    pub next: String,
    /// A form that waits to be sent again: names and values.
    pub kept: Vec<(String, String)>,
    /// One sentence on how one came here, or empty.
    pub notice: String,
    /// Whether passkeys work here.
    pub passkey: bool,
}

impl SignIn {
    /// What every step on the way in carries along: where to go, and a form that waits.
    fn onward(&self) -> Vec<(String, String)> {
        let kept = self.kept.iter().map(|(name, value)| (format!("{KEPT}{name}"), value.clone()));
        std::iter::once(("next".to_owned(), self.next.clone())).chain(kept).collect()
    }
}

/// After signing in again: the form that was on its way, to be sent now.
#[derive(Debug, Template)]
#[template(path = "staff/carry_on.html")]
pub struct CarryOn {
    /// The frame.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Its fields.
    pub kept: Vec<(String, String)>,
}

pages!(SignIn, CarryOn);

/// The fields of a waiting form are carried under this prefix, so that they cannot be taken for the sign-in's own.
const KEPT: &str = "kept.";

/// The query of the sign-in page.
#[derive(Debug, Default, Deserialize)]
pub struct Way {
    /// Where to go afterwards.
    #[serde(default)]
    next: String,
    /// `out` after signing out.
    #[serde(default)]
    done: String,
}

/// The address of the sign-in page that leads on to `next`.
pub fn address(next: &str) -> String {
    let plain = inner_path(next).unwrap_or("/home");
    let safe: String = plain
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/sign-in?next={safe}")
}

fn form(next: &str) -> SignIn {
    let frame = Frame::new(Language::English, "/sign-in", "Sign in");
    let next = inner_path(next).unwrap_or("/home").to_owned();
    SignIn { frame, login: String::new(), next, kept: Vec::new(), notice: String::new(), passkey: false }
}

/// The empty form; somebody who is signed in goes on at once.
pub async fn page(State(app): State<App>, Query(way): Query<Way>, headers: HeaderMap) -> Answer {
    if let Some(secret) = secret(&app, &headers)
        && app.signed_in(&secret.0).await?.is_some()
    {
        return Ok(Redirect::to(inner_path(&way.next).unwrap_or("/home")).into_response());
    }
    let mut page = form(&way.next);
    page.passkey = app.passkeys_work();
    if way.done == "out" {
        page.notice = "You are signed out.".to_owned();
    }
    Ok(show(StatusCode::OK, &page))
}

/// The sign-in form in place of a page that was sent too late, holding everything typed.
pub fn signed_out_page(app: &App, next: &str, typed: Typed) -> Response {
    let mut page = form(next);
    page.passkey = app.passkeys_work();
    page.kept = typed.fields().to_vec();
    page.notice = "You were signed out because nothing happened for a while. Sign in here and carry on; your text is \
         kept."
        .to_owned();
    show(StatusCode::UNAUTHORIZED, &page)
}

/// Signs in.
pub async fn sign_in(State(app): State<App>, request: Request) -> Answer {
    let (note, typed, mut page) = match steps::posted(request).await {
        Ok(posted) => posted,
        Err(answer) => return Ok(answer),
    };
    page.passkey = app.passkeys_work();
    page.login = typed.get("login").chars().take(254).collect();
    if page.login.is_empty() {
        page.frame.problems = vec![problem("login", "Write the e-mail address you sign in with.")];
        return Ok(show(StatusCode::OK, &page));
    }
    let password = Password::typed(typed.raw("password").unwrap_or_default().to_owned());
    if password.is_none() {
        page.frame.problems = vec![problem("password", "Write your password.")];
        return Ok(show(StatusCode::OK, &page));
    }
    match app.sign_in(&page.login, password, &note).await {
        Ok(entry) => Ok(steps::onward(&app, entry, page)),
        Err(Trouble::Refused(words)) => {
            page.frame.problems = vec![problem("login", &words)];
            Ok(show(StatusCode::OK, &page))
        }
        Err(Trouble::TooMany(wait)) => {
            page.frame.problems = vec![problem("login", &steps::wait_words(wait))];
            let mut answer = show(StatusCode::OK, &page);
            *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            Ok(answer)
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs out.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Answer {
    if let Some(secret) = secret(&app, &headers) {
        app.sign_out(&secret.0).await?;
    }
    Ok(([(header::SET_COOKIE, set_cookie(&app, None))], Redirect::to("/sign-in?done=out")).into_response())
}

/// Browser and network of a request, for the person's own list of sessions.
pub fn note_of(request: &Request) -> SessionNote {
    let browser = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("a program");
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(|| "not known".to_owned(), |ConnectInfo(peer)| peer.ip().to_string());
    SessionNote { browser: browser.chars().take(300).collect(), address }
}
