//! What the service says when it cannot do what was asked: a page for people, problem details (RFC 9457) for programs.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    frame::{Frame, Phone},
    public::message::{Link, Message},
    show,
};
use crate::words::Language;

/// A request that cannot be answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apology {
    /// Nothing is here, or nothing that this person may see: the same words for both.
    NotFound,
    /// The address exists, but not for this method.
    Method,
    /// The address is longer than any of ours.
    AddressTooLong,
    /// Another site asked for a change.
    Foreign,
    /// What was sent could not be read as a form.
    Unreadable,
    /// More was sent than can be taken; the text says how much is too much.
    TooLarge {
        /// “500 MB”
        most: String,
    },
    /// The draft or the link has ended.
    Ended,
    /// Too many requests from one place.
    TooMany {
        /// Seconds until another attempt makes sense.
        wait: u32,
    },
    /// The service cannot take reports now.
    Unavailable {
        /// Whom to call instead.
        phone: Option<Phone>,
    },
    /// Something broke here.
    Fault {
        /// The request's id, for the help desk and the log.
        id: String,
    },
}

impl Apology {
    /// The HTTP status that says the same to a program.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Ended => StatusCode::GONE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Heading and paragraphs.
    fn said(&self, language: Language) -> (String, Vec<String>) {
        let say = |key: &str| language.say(key);
        match self {
            Self::NotFound => (say("sorry-not-found"), vec![say("sorry-not-found-why"), say("sorry-not-found-do")]),
            Self::Method => (say("sorry-method"), vec![say("sorry-method-do")]),
            Self::AddressTooLong => (say("sorry-long"), vec![say("sorry-long-do")]),
            Self::Foreign => (say("sorry-foreign"), vec![say("sorry-foreign-do")]),
            Self::Unreadable => (say("sorry-unreadable"), vec![say("sorry-unreadable-do")]),
            Self::TooLarge { most } => {
                (say("sorry-large"), vec![language.say_with("sorry-large-do", &[("most", most)])])
            }
            Self::Ended => (say("sorry-ended"), vec![say("sorry-ended-why"), say("sorry-ended-do")]),
            Self::TooMany { wait } => {
                let minutes = wait.div_ceil(60).max(1).to_string();
                (say("sorry-many"), vec![language.say_with("sorry-many-do", &[("minutes", &minutes)])])
            }
            Self::Unavailable { phone: Some(phone) } => (
                say("sorry-down"),
                vec![language.say_with("sorry-down-call", &[("phone", &phone.shown)]), say("sorry-down-kept")],
            ),
            Self::Unavailable { phone: None } => (say("sorry-down"), vec![say("sorry-down-kept")]),
            Self::Fault { id } => {
                (say("sorry-fault"), vec![say("sorry-fault-kept"), language.say_with("sorry-fault-id", &[("id", id)])])
            }
        }
    }
}

/// The answer for a request to `path`: problem details under `/api/`, a page everywhere else.
pub fn answer(path: &str, apology: &Apology) -> Response {
    let mut answer = if path.starts_with("/api/") { problem(apology) } else { page(path, apology) };
    if let Apology::TooMany { wait } = apology {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*wait));
    }
    answer
}

/// The answer for somebody who is signed in: the same words, and the way back to their own pages.
pub fn answer_staff(apology: &Apology) -> Response {
    let links = [("/home", "Home"), ("/inbox", "Inbox"), ("/incidents", "Incidents")];
    let links = links.map(|(href, words)| Link { href: href.to_owned(), words: words.to_owned() });
    let mut answer = message(Language::English, apology, links.into());
    if let Apology::TooMany { wait } = apology {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*wait));
    }
    answer
}

fn page(path: &str, apology: &Apology) -> Response {
    let language = Language::of_path(path);
    let links = vec![
        Link { href: language.path("/"), words: language.say("go-report") },
        Link { href: language.path("/status"), words: language.say("go-status") },
    ];
    message(language, apology, links)
}

fn message(language: Language, apology: &Apology, links: Vec<Link>) -> Response {
    let (heading, paragraphs) = apology.said(language);
    let mut frame = Frame::new(language, &language.path("/"), heading.clone());
    if let Apology::Unavailable { phone } = apology {
        frame.help.clone_from(phone);
    }
    show(apology.status(), &Message { frame, heading, paragraphs, links })
}

fn problem(apology: &Apology) -> Response {
    let (title, paragraphs) = apology.said(Language::English);
    let status = apology.status();
    let body = serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": paragraphs.join(" ") });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
