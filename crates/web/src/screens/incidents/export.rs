//! A list of incidents as a CSV file, sent as it is read.

use app::App;
use app::export_list::Sheet;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;

use super::narrowed::Narrowed;
use crate::query::pairs;
use crate::screens::apology::{Apology, answer};
use crate::screens::staff::desk::Staff;
use crate::screens::staff::sorry::Answer;

/// `/incidents.csv`, with the query of the list.
pub async fn table(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let unreadable = || Ok(answer("/incidents.csv", &Apology::Unreadable));
    let Some(pairs) = pairs(query.as_deref()) else { return unreadable() };
    let viewer = staff.who.viewer;
    let narrowed = Narrowed::read(&pairs, &app.choices(&viewer));
    if !narrowed.problems.is_empty() {
        return unreadable();
    }
    app.may_export(&viewer)?;
    let filter = narrowed.filter;
    let pieces = stream::try_unfold(Sheet::default(), move |mut sheet| {
        let (app, viewer, filter) = (app.clone(), viewer.clone(), filter.clone());
        async move {
            let piece = app.export_piece(&viewer, &filter, &mut sheet).await;
            piece.map(|piece| piece.map(|bytes| (bytes, sheet))).map_err(|trouble| {
                tracing::error!(%trouble, "a table broke off");
                std::io::Error::other("the table broke off")
            })
        }
    });
    Ok(csv("incidents.csv", Body::from_stream(pieces)))
}

/// An answer that is saved as a CSV file of that name.
pub fn csv(name: &str, body: Body) -> Response {
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
    answer
}
