//! The door of the signed-in side: finds the session behind the cookie, and lets nobody lose what they typed when it
//! has ended.

use app::App;
use app::sign_in::SessionSecret;
use axum::{
    extract::{FromRequest, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::sign_in;
use crate::{screens::staff::sorry::Sorry, typed::Typed};

/// The cookie's name: with the `__Host-` prefix wherever the site is reached through TLS. Browsers refuse that prefix
/// over plain HTTP, which only a demonstration on the own machine uses.
pub fn cookie_name(app: &App) -> &'static str {
    if secure(app) { "__Host-tocsin" } else { "tocsin" }
}

fn secure(app: &App) -> bool {
    app.settings().public_address.starts_with("https://")
}

/// The secret in the session cookie.
pub fn secret(app: &App, headers: &HeaderMap) -> Option<SessionSecret> {
    let name = cookie_name(app);
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.find(|(key, _)| *key == name)?.1;
    (value.len() <= 200).then(|| SessionSecret(value.to_owned()))
}

/// The `Set-Cookie` line that gives a browser its session, or takes it away when `secret` is `None`.
pub fn set_cookie(app: &App, secret: Option<&SessionSecret>) -> String {
    let (name, transport) = (cookie_name(app), if secure(app) { "; Secure" } else { "" });
    match secret {
        Some(SessionSecret(value)) => format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{transport}"),
        None => format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{transport}"),
    }
}

/// Only a path of this site, never another host: what may stand in `next=`.
pub fn inner_path(typed: &str) -> Option<&str> {
    let sound = typed.starts_with('/')
        && !typed.starts_with("//")
        && typed.len() <= 500
        && !typed.contains(['\\', '\r', '\n', '\t', '\0']);
    sound.then_some(typed)
}

/// Lets a request in whose session lives. A page asked for without one leads to the sign-in page; a form sent without
/// one gets a sign-in page that holds everything typed.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let who = match secret(&app, request.headers()) {
        Some(SessionSecret(secret)) => match app.signed_in(&secret).await {
            Ok(who) => who,
            Err(trouble) => return Sorry::from(trouble).into_response(),
        },
        None => None,
    };
    if let Some(who) = who {
        request.extensions_mut().insert(who);
        return next.run(request).await;
    }
    let asked = request.uri().path_and_query().map_or("/home", |all| all.as_str()).to_owned();
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Redirect::to(&sign_in::address(&asked)).into_response();
    }
    match Typed::from_request(request, &()).await {
        Ok(typed) => sign_in::signed_out_page(&app, &asked, typed),
        // Files cannot wait in the sign-in page: the way back leads to where they were chosen.
        Err(_) => {
            let back = sign_in::address(asked.strip_suffix("/files").unwrap_or("/home"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_never_leads_to_another_site() {
        for bad in ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "", "home", "/a\r\nb"] {
            assert_eq!(inner_path(bad), None, "{bad:?}");
        }
        assert_eq!(inner_path("/inbox?after=1"), Some("/inbox?after=1"));
    }
}
