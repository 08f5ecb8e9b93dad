//! The reporter's part of the form, to read and to sign: boxes as adopted, and nothing that others wrote elsewhere.

use askama::Template;

use crate::screens::{frame::Frame, pages};

/// `/sign/{token}`. Its form sends `name`, `agree` and `digest` to `action`.
#[derive(Debug, Template)]
#[template(path = "public/sign.html")]
pub struct SignPart {
    /// The frame.
    pub frame: Frame,
    /// Title of the form.
    pub form: String,
    /// Who issued it, and which edition.
    pub issuer: String,
    /// The boxes, in the order of the paper.
    pub boxes: Vec<BoxToRead>,
    /// Numeral and caption of the officer's boxes, which are there and not shown.
    pub kept: Vec<(String, String)>,
    /// What stood on the page when it was signed.
    pub digest: String,
    /// Until when the link signs, said in full.
    pub until: String,
    /// Where the form is posted.
    pub action: String,
    /// The name as typed.
    pub signer: String,
}

/// One box of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxToRead {
    /// `IV`
    pub numeral: String,
    /// The caption.
    pub label: String,
    /// What stands in it.
    pub text: String,
    /// Whether nothing does.
    pub empty: bool,
}

pages!(SignPart);
