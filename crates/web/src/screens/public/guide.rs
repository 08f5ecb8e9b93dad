//! What a policy wants reported, on one page for everybody.

use askama::Template;

use crate::screens::{frame::Frame, pages};

/// `/r/{code}/guide`
#[derive(Debug, Template)]
#[template(path = "public/guide.html")]
pub struct Guide {
    /// The frame.
    pub frame: Frame,
    /// The unit.
    pub unit: String,
    /// The policy and its edition.
    pub policy: String,
    /// What is to be reported, each with its clause.
    pub kinds: Vec<(String, String)>,
    /// Whom it goes to.
    pub to: String,
    /// Where to report.
    pub start: String,
}

pages!(Guide);
