//! Who asks, in which language, at which address: what every public handler needs to know of a request.

use super::Intake;
use crate::{
    screens::{
        frame::{Frame, Phone},
        staff::door,
    },
    security::RequestId,
    words::Language,
};
use app::{directory::Unit, sign_in::SessionSecret};
use axum::{
    extract::{ConnectInfo, FromRequestParts, OriginalUri},
    http::request::Parts,
};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

/// A request as the handlers see it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The language its address says.
    pub language: Language,
    /// The path, with `/es` where it stands.
    pub path: String,
    /// The query, or empty.
    pub query: String,
    /// The id of the request, for the apology and the log.
    pub id: String,
    /// The caller; unknown outside a server.
    pub peer: Option<IpAddr>,
    /// The session of somebody signed in, whose name and numbers can then stand on the form already.
    pub session: Option<SessionSecret>,
}

impl FromRequestParts<Intake> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Intake) -> Result<Self, Infallible> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await?;
        let id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let path = uri.path().to_owned();
        let query = uri.query().unwrap_or_default().to_owned();
        let session = door::secret(&state.app, &parts.headers);
        Ok(Self { language: Language::of_path(&path), path, query, id, peer, session })
    }
}

impl Asked {
    /// The language as the record keeps it.
    pub const fn spoken(&self) -> domain::pack::Language {
        self.language.spoken()
    }

    /// A path in the language of the request.
    pub fn link(&self, path: &str) -> String {
        self.language.path(path)
    }

    /// Whether the query has this flag.
    pub fn has(&self, flag: &str) -> bool {
        self.query.split('&').any(|part| part == flag)
    }

    /// A frame for a page of a unit, with the number that helps there.
    pub fn frame(&self, intake: &Intake, unit: Option<&Unit>, title: impl Into<String>) -> Frame {
        let mut frame = Frame::new(self.language, &self.path, title);
        let directory = intake.app.directory();
        if let Some(unit) = unit
            && let Some(agency) = directory.agency(unit.tenant)
        {
            agency.profile.name.text(self.spoken()).clone_into(&mut frame.organisation);
            let number = unit.profile.phone.as_ref().unwrap_or(&agency.profile.phone);
            frame.help = Some(self.phone(number));
        }
        frame
    }

    /// A number as people read it and as a phone dials it.
    pub fn phone(&self, shown: &str) -> Phone {
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        let dial = match digits.len() {
            10 => format!("+1{digits}"),
            11 if digits.starts_with('1') => format!("+{digits}"),
            _ => digits,
        };
        Phone { shown: shown.to_owned(), dial, hours: self.language.say("hours-always") }
    }
}
