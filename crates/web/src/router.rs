//! The site map: every address, and the room that answers it.

use crate::screens::apology::{self, Apology};
use crate::{api, assets, caller, compression, health, intake, screens, security};
use app::App;
use axum::{Router, extract::OriginalUri, middleware, response::Response, routing::get};
use std::sync::Arc;

/// Everything that is served, inside its wall.
pub fn router(app: App, ids: security::RequestIds) -> Router {
    let trusted: Arc<[ipnet::IpNet]> = app.settings().trusted_proxies.clone().into();
    let behind_sign_in = Router::new()
        .merge(screens::staff::staff_router(app.clone()))
        .merge(api::routes(app.clone()))
        .layer(compression::layer());
    let routes = Router::new()
        .route(assets::ROUTE, get(assets::serve))
        .merge(screens::demo::routes(app.clone()))
        .merge(health::routes(app.clone()))
        .merge(behind_sign_in)
        .merge(intake::public_router(app))
        .fallback(nothing)
        .method_not_allowed_fallback(wrong_method);
    let routes = routes.layer(middleware::from_fn(move |request, next| caller::behind(trusted.clone(), request, next)));
    security::protect(routes, ids)
}

async fn nothing(OriginalUri(uri): OriginalUri) -> Response {
    apology::answer(uri.path(), &Apology::NotFound)
}

async fn wrong_method(OriginalUri(uri): OriginalUri) -> Response {
    apology::answer(uri.path(), &Apology::Method)
}
