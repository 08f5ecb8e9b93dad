//! A page that says one thing and where to go next: the shape of every apology and of every small confirmation.

use askama::Template;

use crate::screens::{frame::Frame, pages};

/// A heading, a few sentences, and links.
#[derive(Debug, Template)]
#[template(path = "public/message.html")]
pub struct Message {
    /// The frame.
    pub frame: Frame,
    /// The one thing.
    pub heading: String,
    /// What it means and what to do.
    pub paragraphs: Vec<String>,
    /// Where to go.
    pub links: Vec<Link>,
}

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub href: String,
    /// What is read.
    pub words: String,
}

pages!(Message);
