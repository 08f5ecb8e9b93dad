//! From what went wrong in a use case to the page that says so: the same "nothing here" for what is not there and for
//! what may not be seen, and for a fault a number to quote.

use std::sync::Arc;

use app::Trouble;
use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    screens::apology::{self, Apology},
    security::RequestId,
};

/// The answer of a handler.
pub type Answer = Result<Response, Sorry>;

/// A use case that did not do what was asked, on its way to [`apologise`].
#[derive(Clone, Debug)]
pub struct Sorry(Arc<Trouble>);

impl<T: Into<Trouble>> From<T> for Sorry {
    fn from(trouble: T) -> Self {
        Self(Arc::new(trouble.into()))
    }
}

impl IntoResponse for Sorry {
    fn into_response(self) -> Response {
        let mut answer = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// What a person can do about it, in words, when it is a refusal; otherwise the trouble goes on.
pub fn refusal(trouble: Trouble) -> Result<String, Trouble> {
    match trouble {
        Trouble::Refused(words) => Ok(sentence(&words)),
        Trouble::Report(refusal) => Ok(sentence(&refusal.to_string())),
        Trouble::Incident(refusal) => Ok(sentence(&refusal.to_string())),
        Trouble::Moved => Ok("Somebody changed this while you were working. The page now shows how it stands. \
             What you typed is still in its box: look at it again and save once more."
            .to_owned()),
        other => Err(other),
    }
}

/// A capital letter in front and a full stop at the end.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if words.ends_with(['.', '?', '!', '”']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// Turns troubles into pages, and faults into a line of the log with the number shown on the page.
pub async fn apologise(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    apologise_by(request, next, |apology| apology::answer(&path, apology)).await
}

/// As [`apologise`], for people who are signed in: their apology leads home.
pub async fn apologise_inside(request: Request, next: Next) -> Response {
    apologise_by(request, next, apology::answer_staff).await
}

async fn apologise_by(request: Request, next: Next, answer_with: impl Fn(&Apology) -> Response) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut answer = next.run(request).await;
    let Some(Sorry(trouble)) = answer.extensions_mut().remove::<Sorry>() else { return answer };
    let apology = match trouble.as_ref() {
        Trouble::NotFound => Apology::NotFound,
        Trouble::TooMany(wait) => Apology::TooMany { wait: *wait },
        trouble => {
            tracing::error!(%id, %trouble, "a request failed");
            Apology::Fault { id }
        }
    };
    answer_with(&apology)
}
