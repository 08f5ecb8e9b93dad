//! Who asks: a program with a live token, whose scope is checked before anything else happens.

use super::problem::Problem;
use app::App;
use app::api_token::{Program, Scope};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use domain::permission::Viewer;
use std::net::SocketAddr;

/// A program that showed a live token.
pub struct Bearer(Program);

impl FromRequestParts<App> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(line), None) = (given.next(), given.next()) else { return Err(Problem::no_token()) };
        let line = line.to_str().map_err(|_| Problem::no_token())?;
        let (scheme, token) = line.split_once(' ').ok_or_else(Problem::no_token)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::no_token());
        }
        let caller = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = caller.map(|ConnectInfo(peer)| peer.ip().to_string()).unwrap_or_default();
        app.program_from(token.trim(), &address).await?.map(Self).ok_or_else(Problem::no_token)
    }
}

impl Bearer {
    /// The one whose rights it acts with, when the token is for this.
    pub fn may(&self, scope: Scope) -> Result<&Viewer, Problem> {
        if self.0.scopes.contains(&scope) { Ok(&self.0.viewer) } else { Err(Problem::not_for_this(scope.name())) }
    }
}
