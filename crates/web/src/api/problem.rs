//! Errors as problem documents (RFC 9457): what went wrong, and what to do about it.

use app::Trouble;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was not carried out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind of problem in a few words.
    pub title: &'static str,
    /// The HTTP status, repeated.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened, and what to do about it.
    pub detail: String,
    /// Seconds after which trying again makes sense.
    #[serde(skip)]
    wait: Option<u32>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), wait: None }
    }

    /// The request could not be read at all.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The request could not be read", detail)
    }

    /// No live token came with the request.
    pub fn no_token() -> Self {
        let detail = "Send a live token: Authorization: Bearer tocsin_… The administrator makes one.";
        Self::new(StatusCode::UNAUTHORIZED, "A token is needed", detail)
    }

    /// The token is for other things.
    pub fn not_for_this(scope: &str) -> Self {
        let detail = format!("This needs a token with the scope “{scope}”.");
        Self::new(StatusCode::FORBIDDEN, "This token is for other things", detail)
    }

    /// Nothing is here, or nothing that may be seen.
    pub fn nothing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing here", detail)
    }

    /// A rule of the case stands against it.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "That cannot be done now", detail)
    }

    /// More than fits.
    pub fn too_large(limit: usize) -> Self {
        let detail = format!("A body has at most {limit} bytes here.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large", detail)
    }

    /// Another kind of body.
    pub fn not_json() -> Self {
        let detail = "Send the body as application/json, without content coding.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON", detail)
    }

    /// The request was read and says something that is not possible.
    pub fn not_possible(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "The request says something that is not possible", detail)
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotFound => Self::nothing("It is not there, or this token may not see it."),
            Trouble::TooMany(seconds) => {
                let detail = format!("Wait {seconds} seconds and try again.");
                let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests", detail);
                Self { wait: Some(seconds), ..problem }
            }
            Trouble::Fault { doing, detail } => {
                tracing::error!(doing, %detail, "a request of a program failed");
                let detail = "It has been noted. Try again; an Idempotency-Key makes that safe.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something broke here", detail)
            }
            other => Self::conflict(crate::screens::staff::sorry::sentence(&other.to_string())),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut answer = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = self.wait {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}
