//! Check your answers: everything on one page, each with its way back, and who will read it.

use askama::Template;

use crate::screens::{
    frame::{Choice, Frame},
    pages,
};

/// The check page. Its form sends `once` (so that a double tap is one report) to `action`.
#[derive(Debug, Template)]
#[template(path = "public/check.html")]
pub struct Check {
    /// The frame; a problem's field is the id of an answer's row.
    pub frame: Frame,
    /// Where the form is posted.
    pub action: String,
    /// Everything that was asked.
    pub answers: Vec<Answer>,
    /// Who will read it.
    pub sent_to: String,
    /// The clause that says so, or empty.
    pub clause: String,
    /// The idempotency key of this attempt.
    pub once: String,
    /// Whom the reporter may choose, where the policy offers a choice. Sends `to`.
    pub recipients: Vec<Choice>,
    /// A sentence when whom the policy names is not there, or empty.
    pub absent: String,
}

/// A question and what was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The id of the row: `what`, `place`, `words` …
    pub id: String,
    /// “What happened”
    pub question: String,
    /// The answer in words; empty when there is none.
    pub answer: String,
    /// The page that changes it; empty on paper and on the receipt.
    pub change: String,
}

pages!(Check);
