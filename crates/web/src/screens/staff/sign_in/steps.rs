//! The steps after the password: a code, a program or a passkey to set up, recovery codes to keep. Until they are done
//! there is no session; what the browser holds meanwhile leads to nothing else.

use app::factors::entering::{Asks, Entry};
use app::factors::passkeys::Challenge;
use app::sign_in::SessionNote;
use app::{App, Trouble};
use askama::Template;
use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::json;

use super::super::door::set_cookie;
use super::super::sorry::{Answer, refusal};
use super::{CarryOn, KEPT, SignIn, form, note_of};
use crate::{
    screens::{
        frame::{Frame, Problem},
        pages, show,
    },
    typed::{Typed, problem},
    words::Language,
};

/// `/sign-in/code`. Sends `way`, `code`, and what is carried on.
#[derive(Debug, Template)]
#[template(path = "staff/second.html")]
pub struct Second {
    /// The frame.
    pub frame: Frame,
    /// What the browser holds until there is a session.
    pub way: String,
    /// Where to go afterwards, and a form that waits: names and values.
    pub onward: Vec<(String, String)>,
    /// Whether a program's code is taken.
    pub program: bool,
    /// Whether there is a passkey to use instead.
    pub passkey: bool,
}

/// `/sign-in/program` and `/me/factors/program/done`. Sends `way`, `code`, and what is carried on.
#[derive(Debug, Template)]
#[template(path = "staff/new_program.html")]
pub struct NewProgram {
    /// The frame.
    pub frame: Frame,
    /// Where the form goes.
    pub action: &'static str,
    /// Whether somebody is on their way in.
    pub entering: bool,
    /// What the browser holds.
    pub way: String,
    /// What is carried on.
    pub onward: Vec<(String, String)>,
    /// The drawing: how many squares wide, and the dark ones as a path.
    pub drawing: (usize, String),
    /// The same for typing.
    pub typed: String,
    /// Whether a passkey can be made instead.
    pub passkey: bool,
}

/// `/sign-in/passkey/made` and `/me/factors/passkey/made`. Sends `way`, `credential`, `name`.
#[derive(Debug, Template)]
#[template(path = "staff/new_passkey.html")]
pub struct NewPasskey {
    /// The frame.
    pub frame: Frame,
    /// Where the script asks for options.
    pub begin: &'static str,
    /// Where the form goes.
    pub action: &'static str,
    /// Whether somebody is on their way in.
    pub entering: bool,
    /// What the browser holds.
    pub way: String,
    /// What is carried on.
    pub onward: Vec<(String, String)>,
}

/// Recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "staff/codes.html")]
pub struct Codes {
    /// The frame.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
    /// Whether there were others before.
    pub replaced: bool,
    /// Where to go afterwards.
    pub next: String,
    /// A form that waits to be sent again.
    pub kept: Vec<(String, String)>,
}

pages!(Second, NewProgram, NewPasskey, Codes);

/// Recovery codes on a page of their own.
pub fn codes(codes: Vec<String>, replaced: bool, next: &str, kept: Vec<(String, String)>) -> Codes {
    let frame = Frame::new(Language::English, "/sign-in", "Your recovery codes");
    Codes { frame, codes, replaced, next: next.to_owned(), kept }
}

fn door(title: &str, problems: Vec<Problem>) -> Frame {
    Frame { problems, ..Frame::new(Language::English, "/sign-in", title) }
}

/// A link as a drawing for telephones: how many squares wide with its quiet edge, and the dark squares as a path. The
/// letters stand beside it, should it not fit.
pub fn drawing(link: &str) -> (usize, String) {
    const QUIET: usize = 4;
    let Ok(code) = QrCode::with_error_correction_level(link, EcLevel::M) else { return (1, String::new()) };
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, colour)| *colour == Color::Dark);
    let square = |(at, _): (usize, Color)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
    (width + 2 * QUIET, dark.map(square).collect())
}

/// The page that asks for what is awaited.
fn asking(app: &App, way: String, asks: Asks, page: &SignIn, problems: Vec<Problem>) -> Response {
    let onward = page.onward();
    match asks {
        Asks::Code { program, passkey } => {
            let frame = door("One more step", problems);
            show(StatusCode::OK, &Second { frame, way, onward, program, passkey: passkey && app.passkeys_work() })
        }
        Asks::NewProgram(enrolment) => show(
            StatusCode::OK,
            &NewProgram {
                frame: door("Set up a second step", problems),
                action: "/sign-in/program",
                entering: true,
                way,
                onward,
                drawing: drawing(&enrolment.link),
                typed: enrolment.typed,
                passkey: app.passkeys_work(),
            },
        ),
        Asks::NewPasskey => {
            let problems = problems.into_iter().map(|wrong| problem("passkey", &wrong.words)).collect();
            let frame = door("Make a passkey", problems);
            let (begin, action) = ("/sign-in/passkey/new", "/sign-in/passkey/made");
            show(StatusCode::OK, &NewPasskey { frame, begin, action, entering: true, way, onward })
        }
    }
}

/// What came of a step: the next one, or the way in.
pub(super) fn onward(app: &App, entry: Entry, page: SignIn) -> Response {
    match entry {
        Entry::Asked { way, asks } => asking(app, way, asks, &page, Vec::new()),
        Entry::In { secret, codes: new } => {
            let cookie = [(header::SET_COOKIE, set_cookie(app, Some(&secret)))];
            if !new.is_empty() {
                return (cookie, show(StatusCode::OK, &codes(new, false, &page.next, page.kept))).into_response();
            }
            if page.kept.is_empty() {
                return (cookie, Redirect::to(&page.next)).into_response();
            }
            let frame = Frame::new(Language::English, "/sign-in", "You are signed in again");
            (cookie, show(StatusCode::OK, &CarryOn { frame, action: page.next, kept: page.kept })).into_response()
        }
    }
}

/// “There were too many attempts. Wait 20 seconds and try again.”
pub fn wait_words(seconds: u32) -> String {
    let span = crate::times::span(i64::from(seconds));
    format!("There were too many attempts. Wait {span} and try again. A passkey works at any time.")
}

/// A step posted: who sent it, what was typed, and the sign-in page it belongs to.
pub(super) async fn posted(request: Request) -> Result<(SessionNote, Typed, SignIn), Response> {
    let note = note_of(&request);
    let typed = <Typed as axum::extract::FromRequest<()>>::from_request(request, &()).await?;
    let mut page = form(typed.get("next"));
    page.kept = typed
        .fields()
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone())))
        .collect();
    Ok((note, typed, page))
}

/// What a refused step leads to: the same page with words, or the beginning when it is over.
async fn again(app: &App, way: &str, page: SignIn, trouble: Trouble) -> Answer {
    let (words, status) = match trouble {
        Trouble::TooMany(wait) => (wait_words(wait), StatusCode::TOO_MANY_REQUESTS),
        Trouble::NotFound => return Ok(over(page)),
        other => (refusal(other)?, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let asks = match app.asked(way).await {
        Ok(asks) => asks,
        Err(Trouble::NotFound) => return Ok(over(page)),
        Err(other) => return Err(other.into()),
    };
    let mut answer = asking(app, way.to_owned(), asks, &page, vec![problem("code", &words)]);
    *answer.status_mut() = status;
    Ok(answer)
}

/// The sign-in form after something ran out, with what was kept.
fn over(mut page: SignIn) -> Response {
    page.notice = "That took too long, or was done already. Sign in again.".to_owned();
    show(StatusCode::UNAUTHORIZED, &page)
}

/// The code after the password.
pub async fn code(State(app): State<App>, request: Request) -> Answer {
    let (note, typed, page) = match posted(request).await {
        Ok(posted) => posted,
        Err(answer) => return Ok(answer),
    };
    let way = typed.get("way");
    match app.enter_code(way, typed.get("code"), &note).await {
        Ok(entry) => Ok(onward(&app, entry, page)),
        Err(trouble) => again(&app, way, page, trouble).await,
    }
}

/// The first code of a program.
pub async fn program(State(app): State<App>, request: Request) -> Answer {
    let (note, typed, page) = match posted(request).await {
        Ok(posted) => posted,
        Err(answer) => return Ok(answer),
    };
    let way = typed.get("way");
    match app.enter_program(way, typed.get("code"), &note).await {
        Ok(entry) => Ok(onward(&app, entry, page)),
        Err(trouble) => again(&app, way, page, trouble).await,
    }
}

/// Options for a script, or 404 where there are none.
pub fn challenge(made: Result<Challenge, Trouble>) -> Answer {
    let Challenge { way, options } = made?;
    Ok(Json(json!({ "way": way, "options": options })).into_response())
}

/// Begins a sign-in with a passkey.
pub async fn begin_passkey(State(app): State<App>) -> Answer {
    challenge(app.begin_passkey_sign_in().await)
}

/// Signs in with a passkey. Sends `way`, `credential`, and what is carried on.
pub async fn passkey(State(app): State<App>, request: Request) -> Answer {
    let (note, typed, mut page) = match posted(request).await {
        Ok(posted) => posted,
        Err(answer) => return Ok(answer),
    };
    match app.passkey_sign_in(typed.get("way"), typed.get("credential"), &note).await {
        Ok(secret) => Ok(onward(&app, Entry::In { secret, codes: Vec::new() }, page)),
        Err(Trouble::NotFound) => Ok(over(page)),
        Err(trouble) => {
            page.passkey = app.passkeys_work();
            page.frame.problems = vec![problem("login", &refusal(trouble)?)];
            Ok(show(StatusCode::OK, &page))
        }
    }
}

/// Begins making a passkey on the way in. Sends `way`.
pub async fn begin_new_passkey(State(app): State<App>, typed: Typed) -> Answer {
    challenge(app.begin_entry_passkey(typed.get("way")).await)
}

/// The passkey made on the way in. Sends `way`, `credential`, `name`, and what is carried on.
pub async fn new_passkey(State(app): State<App>, request: Request) -> Answer {
    let (note, typed, page) = match posted(request).await {
        Ok(posted) => posted,
        Err(answer) => return Ok(answer),
    };
    let way = typed.get("way");
    match app.enter_passkey(way, typed.get("credential"), typed.get("name"), &note).await {
        Ok(entry) => Ok(onward(&app, entry, page)),
        Err(trouble) => again(&app, way, page, trouble).await,
    }
}
