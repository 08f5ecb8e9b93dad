//! Stands in for the typesetter where a room only describes documents: every attempt says so.

use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::Serialize;

#[allow(dead_code, reason = "described here, read by the typesetter alone")]
pub struct Template {
    pub name: &'static str,
    pub text: &'static str,
}

#[allow(dead_code, reason = "described here, read by the typesetter alone")]
pub struct Setting<'a> {
    pub template: &'static Template,
    pub title: String,
    pub language: Language,
    pub issued_at: Instant,
    pub link: Option<&'a str>,
}

pub fn typeset(_setting: &Setting<'_>, _view: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
    Err(DocumentError::NoTypesetter)
}
