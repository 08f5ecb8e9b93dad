//! The public side: anyone reports without an account, is given a receipt, and follows the report on a private page.
//!
//! These routes set no cookies and keep nothing about the caller; to somebody who is signed in they offer the name and
//! numbers that the directory has. Answers live in a sealed draft whose token is in the
//! address; a receipt is shown only after the report is durable. They have their own limits, apart from the officers'.

mod answers;
mod asked;
mod check;
mod doors;
mod draft;
mod flow;
mod form;
mod guide;
mod limits;
mod moments;
mod own;
mod page;
mod papers;
mod printed;
mod received;
mod sign;
mod sizes;
mod sorry;
mod status;
mod urlencoded;

pub(crate) use answers::Wrong;
pub use answers::is_email;
pub(crate) use form::{FilePlace, Posted, Unread};
pub use moments::time as time_of_day;
pub(crate) use own::{MOST_ITEMS, NOT_KNOWN, PARTS, asked, items, questions, read as read_own};
pub use printed::qr;

use app::App;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::header,
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What the public handlers share.
#[derive(Clone)]
pub struct Intake {
    app: App,
    /// Long texts are held in memory while they are read: so many at once and no more.
    long_texts: Arc<Semaphore>,
}

/// Everything that anyone may open, in English and under `/es` in Spanish.
pub fn public_router(app: App) -> Router {
    let long_texts = Arc::new(Semaphore::new(app.settings().limits.long_texts));
    let state = Intake { app, long_texts };
    let pages: [(&str, MethodRouter<Intake>); 25] = [
        ("/", get(doors::choose)),
        ("/report", get(doors::choose)),
        ("/report/{org}", get(doors::organisation)),
        ("/r", get(doors::code)),
        ("/r/{code}", get(doors::start).post(doors::begin)),
        ("/r/{code}/phone", get(doors::by_phone)),
        ("/r/{code}/guide", get(guide::guide)),
        ("/r/{code}/poster", get(printed::poster)),
        ("/r/{code}/form", get(printed::blank)),
        ("/r/{code}/blank", get(printed::blank)),
        ("/r/{code}/poster.pdf", get(papers::poster)),
        ("/r/{code}/form.pdf", get(papers::blank)),
        ("/r/{code}/incident-form/{edition}", get(papers::incident_form)),
        ("/report/d/{token}", get(draft::carry_on)),
        ("/report/d/{token}/receipt.pdf", get(papers::receipt)),
        ("/report/d/{token}/{page}", get(draft::show).post(draft::post)),
        ("/resume", get(doors::resume).post(doors::resume_by_words)),
        ("/status", get(status::lookup).post(status::find)),
        ("/s/{key}", get(status::show).post(status::add)),
        ("/s/{key}/end", get(status::end).post(status::end_now)),
        ("/ended", get(status::ended)),
        ("/sign/{token}", get(sign::page).post(sign::sign)),
        ("/accessibility", get(printed::accessibility)),
        ("/gone", get(doors::gone)),
        ("/outage-kit", get(printed::outage_kit)),
    ];
    let both = pages.into_iter().fold(Router::new(), |router, (path, handlers)| {
        let spanish = if path == "/" { "/es".to_owned() } else { format!("/es{path}") };
        router.route(path, handlers.clone()).route(&spanish, handlers)
    });
    // Bodies are counted where they are read, part by part: one number for all routes fits neither text nor files.
    both.with_state(state).layer(DefaultBodyLimit::disable()).layer(middleware::from_fn(refuse_compressed))
}

/// Takes the files of a form that somebody signed in sends, within the same limits of size and number.
pub(crate) async fn receive_files(app: &App, request: Request, place: FilePlace) -> Result<Posted, Unread> {
    let reader = Intake { app: app.clone(), long_texts: Arc::new(Semaphore::new(1)) };
    reader.read_files(request, place).await
}

/// A compressed body can hold a thousand times what it weighs, and no browser sends one.
async fn refuse_compressed(request: Request, next: Next) -> Response {
    let plain = request.headers().get(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    if plain { next.run(request).await } else { sorry::compressed(request.uri().path()) }
}
