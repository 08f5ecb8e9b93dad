//! The mailbox of the demonstration: what would have been sent, for whoever looks around.

use crate::screens::apology::{self, Apology};
use crate::screens::{frame::Frame, pages, show};
use crate::words::Language;
use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::time::Zone;

/// How many messages are shown.
const SHOWN: u32 = 100;

/// `/demo/mail`
#[derive(Debug, Template)]
#[template(path = "demo/mail.html")]
pub struct Mailbox {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub letters: Vec<Shown>,
}

/// A message as shown.
#[derive(Debug)]
pub struct Shown {
    /// Its subject.
    pub subject: String,
    /// Its recipient.
    pub to: String,
    /// When it was written.
    pub at: String,
    /// Where it stands.
    pub state: &'static str,
    /// The language of its words.
    pub language: &'static str,
    /// Its words.
    pub words: String,
}

pages!(Mailbox);

/// The one address.
pub fn routes(app: App) -> Router {
    Router::new().route("/demo/mail", get(mailbox)).with_state(app)
}

async fn mailbox(State(app): State<App>) -> Response {
    let path = "/demo/mail";
    match app.demonstration_mail(SHOWN).await {
        // An installation that sends real mail has no such page.
        Ok(None) => apology::answer(path, &Apology::NotFound),
        Ok(Some(letters)) => {
            let zone = Zone::named("America/Chicago").unwrap_or_else(|_| Zone::utc());
            let letters = letters
                .into_iter()
                .map(|(row, letter)| Shown {
                    subject: letter.subject,
                    to: letter.to,
                    at: crate::words::moment(Language::English, &row.at.in_zone(&zone)),
                    state: if row.accepted { "sent" } else { "waiting" },
                    language: match letter.language {
                        domain::pack::Language::English => "en",
                        domain::pack::Language::Spanish => "es",
                    },
                    words: letter.words,
                })
                .collect();
            let frame = Frame::new(Language::English, path, "Demonstration mailbox");
            show(StatusCode::OK, &Mailbox { frame, letters })
        }
        Err(trouble) => {
            tracing::error!(%trouble, "the demonstration mailbox could not be read");
            apology::answer(path, &Apology::Unavailable { phone: None })
        }
    }
}
