//! What people see: one view struct per page, holding finished words, beside a template of the same name.

pub mod apology;
pub mod demo;
pub mod duties;
pub mod frame;
pub mod incidents;
pub mod public;
pub mod staff;
pub mod stats;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use self::frame::Frame;

/// A page with its frame: language, title, help line and errors.
pub trait Page: Template {
    /// The frame around this page.
    fn frame(&self) -> &Frame;
}

/// The answer that shows a page. With errors on it the status is 422, whatever was asked for.
pub fn show(status: StatusCode, page: &impl Page) -> Response {
    let frame = page.frame();
    match page.render() {
        Ok(html) => {
            let status = if frame.problems.is_empty() { status } else { StatusCode::UNPROCESSABLE_ENTITY };
            let mut answer = (status, Html(html)).into_response();
            answer.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(frame.language.tag()));
            answer
        }
        Err(cause) => {
            tracing::error!(%cause, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Ties a view struct to its frame.
macro_rules! pages {
    ($($page:ty),+ $(,)?) => {
        $(impl crate::screens::Page for $page {
            fn frame(&self) -> &crate::screens::frame::Frame {
                &self.frame
            }
        })+
    };
}
pub(crate) use pages;
