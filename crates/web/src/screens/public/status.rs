//! The private page of a person who reported: how far it is, questions and answers; and the way back to it.

use askama::Template;

use super::questions::File;
use crate::screens::{
    frame::{Choice, Frame},
    pages,
};

/// `/s/{token}`. Its multipart form sends `about`, `message` and `files` to `action`. It never shows findings or names.
#[derive(Debug, Template)]
#[template(path = "public/status.html")]
pub struct Status {
    /// The frame.
    pub frame: Frame,
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// The same as it is read aloud.
    pub spoken: String,
    /// Received, being looked at, we have a question, finished.
    pub stages: Vec<Stage>,
    /// A question that waits for an answer, or empty.
    pub question: String,
    /// Oldest first.
    pub messages: Vec<Letter>,
    /// What was sent along.
    pub files: Vec<File>,
    /// Where the form is posted.
    pub action: String,
    /// What the words can be about; the first is anything. Sends `about`.
    pub abouts: Vec<Choice>,
    /// Particulars that the policy wants and that are still open.
    pub open: Vec<String>,
    /// What was typed and not sent.
    pub message: String,
    /// “20 files, 500 MB each”, in words.
    pub limits: String,
    /// The largest file in bytes.
    pub largest: u64,
    /// One sentence confirming what has just been done, or empty.
    pub just_done: String,
    /// The page that cancels the private link, or empty.
    pub cancel: String,
}

/// One of the stages of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// “Being looked at”
    pub name: String,
    /// What that means.
    pub meaning: String,
    /// When it was reached, said in full, or empty.
    pub at: String,
    /// Whether it is behind, here, or ahead.
    pub reached: Reached,
}

/// Where a stage lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Behind us.
    Done,
    /// Here.
    Now,
    /// Ahead.
    Ahead,
}

/// A message between the person who reported and the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whether the person who reported wrote it.
    pub yours: bool,
    /// “You” or “Security office”; never a person's name.
    pub from: String,
    /// Said in full with its zone.
    pub at: String,
    /// The words.
    pub words: String,
    /// The question that they answer or correct, or empty.
    pub about: String,
    /// The language the words are written in, when it is not the page's: a BCP 47 tag, or empty.
    pub lang: String,
}

/// `/s/{token}/end`: asks before the private link is ended for good.
#[derive(Debug, Template)]
#[template(path = "public/end_link.html")]
pub struct EndLink {
    /// The frame.
    pub frame: Frame,
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// Where the wish is posted.
    pub action: String,
    /// Back to the status page.
    pub keep: String,
}

/// `/status`: a reference and a code when the link is lost. Sends `reference` and `code`.
#[derive(Debug, Template)]
#[template(path = "public/lookup.html")]
pub struct Lookup {
    /// The frame.
    pub frame: Frame,
    /// Where the form is posted.
    pub action: String,
    /// As typed.
    pub reference: String,
    /// As typed.
    pub code: String,
}

pages!(Status, EndLink, Lookup);
