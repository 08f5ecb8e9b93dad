//! From trouble to a page that a person can act on; a fault tells its story to the log and never to the page.

use super::{Intake, asked::Asked};
use crate::{
    screens::{
        apology::{self, Apology},
        public::message::{Link, Message},
        show,
    },
    words::Language,
};
use app::{Trouble, directory::Unit};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The page for a trouble on a public page; with the unit's number where a person may rather call.
pub fn sorry(intake: &Intake, asked: &Asked, unit: Option<&Unit>, trouble: &Trouble) -> Response {
    match trouble {
        Trouble::NotFound => apology::answer(&asked.path, &Apology::NotFound),
        Trouble::TooMany(wait) => {
            let minutes = wait.div_ceil(60).max(1).to_string();
            let said = asked.language.say_with("sorry-many-do", &[("minutes", &minutes)]);
            let mut answer = message(
                intake,
                asked,
                unit,
                StatusCode::TOO_MANY_REQUESTS,
                asked.language.say("sorry-many"),
                vec![said],
            );
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*wait));
            answer
        }
        Trouble::Moved => {
            let (heading, said) = (asked.language.say("sorry-moved"), asked.language.say("sorry-moved-do"));
            message(intake, asked, unit, StatusCode::CONFLICT, heading, vec![said])
        }
        Trouble::Refused(_) | Trouble::Mend(_) | Trouble::Report(_) | Trouble::Incident(_) | Trouble::KeyReused => {
            let heading = asked.language.say("sorry-refused");
            message(intake, asked, unit, StatusCode::UNPROCESSABLE_ENTITY, heading, vec![trouble.to_string()])
        }
        Trouble::Fault { .. } => {
            tracing::error!(id = %asked.id, %trouble, "a public page could not be answered");
            let phone = asked.frame(intake, unit, "").help;
            apology::answer(&asked.path, &Apology::Unavailable { phone })
        }
    }
}

/// A page of one heading and a few sentences.
pub fn message(
    intake: &Intake,
    asked: &Asked,
    unit: Option<&Unit>,
    status: StatusCode,
    heading: String,
    paragraphs: Vec<String>,
) -> Response {
    let frame = asked.frame(intake, unit, heading.clone());
    let links = vec![
        Link { href: asked.link("/"), words: asked.language.say("go-report") },
        Link { href: asked.link("/status"), words: asked.language.say("go-status") },
    ];
    show(status, &Message { frame, heading, paragraphs, links })
}

/// A draft or link that has ended, or never was: the same page for both.
pub fn ended(asked: &Asked) -> Response {
    apology::answer(&asked.path, &Apology::Ended)
}

/// For a body that came compressed.
pub fn compressed(path: &str) -> Response {
    let language = Language::of_path(path);
    let mut answer = apology::answer(path, &Apology::Unreadable);
    *answer.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    answer.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    answer
}

/// “See other”: the answer to every form that was taken, so that reloading a page sends nothing again.
pub fn see(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
