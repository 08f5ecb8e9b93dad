//! Whether this node lives and is ready, and the public face of the log: checkpoint and tiles in C2SP formats.

use app::App;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Health and log.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/checkpoint", get(checkpoint))
        .route("/log/key", get(key))
        .route("/tile/{level}/{*place}", get(tile))
        .with_state(app)
}

async fn live() -> &'static str {
    "live\n"
}

async fn ready(State(app): State<App>) -> Response {
    match app.store().directory_version().await {
        Ok(_) => "ready\n".into_response(),
        Err(fault) => {
            tracing::error!(doing = fault.doing, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

const TEXT: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];

async fn checkpoint(State(app): State<App>) -> Response {
    match app.latest_checkpoint().await {
        Ok(Some(note)) => (TEXT, note).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "nothing has been sealed yet\n").into_response(),
        Err(trouble) => fault(&trouble),
    }
}

async fn key(State(app): State<App>) -> Response {
    match app.log_key() {
        Ok(key) => (TEXT, format!("{key}\n")).into_response(),
        Err(trouble) => fault(&trouble),
    }
}

async fn tile(State(app): State<App>, Path((level, place)): Path<(u8, String)>) -> Response {
    match app.tile(level, &place).await {
        Ok(Some(bytes)) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "no such tile\n").into_response(),
        Err(trouble) => fault(&trouble),
    }
}

fn fault(trouble: &app::Trouble) -> Response {
    tracing::error!(%trouble, "the log could not be read");
    (StatusCode::INTERNAL_SERVER_ERROR, "the log could not be read\n").into_response()
}
