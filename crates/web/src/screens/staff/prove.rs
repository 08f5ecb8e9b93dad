//! Before what cannot be taken back the person proves afresh who they are: for that one act, in this session, for five
//! minutes. What they sent waits in the page that asks, and goes on with the answer.

use std::net::SocketAddr;

use app::factors::step_up::Provable;
use app::sign_in::SignedIn;
use app::{App, Trouble};
use askama::Template;
use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequest, MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::desk::Staff;
use super::sign_in::steps;
use super::sorry::{Answer, Sorry, refusal};
use crate::{
    screens::{frame::Frame, pages, show},
    typed::{Typed, problem},
    words::Language,
};

/// Posts that are asked for freshly. What lets people in or takes from them, what ends records, what frees held ones.
const ACTS: [&str; 18] = [
    "/admin/people/{person}/link",
    "/admin/people/{person}/disable",
    "/admin/people/{person}/enable",
    "/admin/people/{person}/factors/reset",
    "/admin/people/{person}/roles",
    "/admin/people/{person}/roles/end",
    "/admin/tokens",
    "/admin/packs/{digest}/decide",
    "/records/holds/{reference}/{hold}/lift",
    "/records/{reference}/propose",
    "/records/{reference}/review",
    "/me/factors/program",
    "/me/factors/program/done",
    "/me/factors/passkey",
    "/me/factors/passkey/made",
    "/me/factors/codes",
    "/me/factors/password",
    "/me/factors/{factor}/remove",
];

/// Fields of the proof itself; they go no further.
const PROOF: [&str; 4] = ["proof.code", "way", "credential", "act"];

/// The page that asks. Sends what was sent before, with `proof.code`, or with `way` and `credential`.
#[derive(Debug, Template)]
#[template(path = "staff/prove.html")]
pub struct Prove {
    /// The frame.
    pub frame: Frame,
    /// Whose session it is.
    pub name: String,
    /// Where the form goes: where it was going.
    pub action: String,
    /// Where somebody goes who does not do it.
    pub back: String,
    /// What was sent.
    pub kept: Vec<(String, String)>,
    /// The same with the act, for the script.
    pub kept_for_passkey: Vec<(String, String)>,
    /// Whether there is a program.
    pub program: bool,
    /// Whether there is a passkey.
    pub passkey: bool,
}

pages!(Prove);

/// What the proof is for: the address, or anything about how oneself signs in.
fn act_of(path: &str) -> &str {
    if path.starts_with("/me/factors/") { "/me/factors" } else { path }
}

fn encode(fields: &[(String, String)]) -> String {
    let plain = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    let text = |text: &str| text.bytes().map(plain).collect::<String>();
    fields.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect::<Vec<_>>().join("&")
}

/// Lets a dangerous post through with a fresh proof; asks for one otherwise.
pub async fn wanted(State(app): State<App>, request: Request, next: Next) -> Response {
    let dangerous = request.method() == Method::POST
        && request.extensions().get::<MatchedPath>().is_some_and(|path| ACTS.contains(&path.as_str()));
    let who = request.extensions().get::<SignedIn>().cloned();
    match who {
        Some(who) if dangerous => match asked(&app, &who, request).await {
            Ok(Ok(request)) => next.run(request).await,
            Ok(Err(page)) => page,
            Err(sorry) => sorry.into_response(),
        },
        _ => next.run(request).await,
    }
}

async fn asked(app: &App, who: &SignedIn, request: Request) -> Result<Result<Request, Response>, Sorry> {
    let path = request.uri().path().to_owned();
    let act = act_of(&path);
    let Some(provable) = app.proof_wanted(who, act).await? else { return Ok(Ok(request)) };
    let caller = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = caller.map(|ConnectInfo(peer)| peer.ip().to_string()).unwrap_or_default();
    let (mut parts, body) = request.into_parts();
    let typed = match Typed::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(typed) => typed,
        Err(answer) => return Ok(Err(answer)),
    };
    // Only the page that asks sends `act`: then what stands beside it is the proof's, and the rest was kept.
    let proving = typed.raw("act").is_some();
    let kept: Vec<(String, String)> =
        typed.fields().iter().filter(|(name, _)| !proving || !PROOF.contains(&name.as_str())).cloned().collect();
    let kept: Vec<(String, String)> = kept.into_iter().map(|(name, value)| (freed(&name), value)).collect();
    let page = |words: Option<&str>, status| ask(who, &path, &kept, provable, words, status);
    if !proving {
        return Ok(Err(page(None, StatusCode::OK)));
    }
    let proved = if typed.get("credential").is_empty() {
        app.prove_code(who, act, typed.get("proof.code"), &address).await
    } else {
        app.prove_passkey(who, act, typed.get("way"), typed.get("credential")).await
    };
    match proved {
        Ok(()) => {}
        Err(Trouble::TooMany(wait)) => {
            return Ok(Err(page(Some(&steps::wait_words(wait)), StatusCode::TOO_MANY_REQUESTS)));
        }
        Err(trouble) => {
            let words = refusal(trouble)?;
            return Ok(Err(page(Some(&words), StatusCode::UNPROCESSABLE_ENTITY)));
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    parts.headers.insert(header::CONTENT_TYPE, kind);
    Ok(Ok(Request::from_parts(parts, Body::from(encode(&kept)))))
}

/// What was sent before is carried under a prefix, so that its fields are not taken for the proof's.
const KEPT: &str = "kept.";

fn freed(name: &str) -> String {
    name.strip_prefix(KEPT).unwrap_or(name).to_owned()
}

fn ask(
    who: &SignedIn,
    path: &str,
    kept: &[(String, String)],
    provable: Provable,
    words: Option<&str>,
    status: StatusCode,
) -> Response {
    let mut frame = Frame::new(Language::English, path, "Is it you?");
    frame.problems = words.map(|words| problem("proof.code", words)).into_iter().collect();
    let mut kept: Vec<(String, String)> =
        kept.iter().map(|(name, value)| (format!("{KEPT}{name}"), value.clone())).collect();
    kept.push(("act".to_owned(), act_of(path).to_owned()));
    let back = if path.starts_with("/me/") { "/me/factors" } else { "/home" };
    let page = Prove {
        frame,
        name: who.name.clone(),
        action: path.to_owned(),
        back: back.to_owned(),
        kept_for_passkey: kept.clone(),
        kept,
        program: provable.program,
        passkey: provable.passkey,
    };
    let mut answer = show(status, &page);
    *answer.status_mut() = status;
    answer
}

/// Options for the script of that page. Sends `act`.
pub async fn begin(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let act = typed.get("act");
    if act.is_empty() || act.len() > 500 {
        return Err(Trouble::NotFound.into());
    }
    steps::challenge(app.begin_proof(&staff.who, act).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_goes_on_as_it_was_sent() {
        let fields = [("a b".to_owned(), "1&2=3".to_owned()), ("role".to_owned(), "ü+%".to_owned())];
        assert_eq!(encode(&fields), "a%20b=1%262%3D3&role=%C3%BC%2B%25");
    }
}
