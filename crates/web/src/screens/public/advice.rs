//! “Do this now”: the pack's safe steps while something is still going on, and sending at once with only a phone number.

use askama::Template;

use super::Step;
use crate::screens::{frame::Frame, pages};

/// The safe steps. A multipart form: `followed` (= `yes`), `files` (a photo of the screen).
#[derive(Debug, Template)]
#[template(path = "public/advice.html")]
pub struct Advice {
    /// The frame; its help number stands on top.
    pub frame: Frame,
    /// Where this page stands.
    pub step: Step,
    /// Three to five imperative lines.
    pub lines: Vec<String>,
    /// The clause or office behind them, or empty.
    pub source: String,
    /// Whether a photo helps.
    pub camera: bool,
    /// Present answer.
    pub followed: bool,
}

/// Send now, add the rest later. Sends `phone` and `words`.
#[derive(Debug, Template)]
#[template(path = "public/send_now.html")]
pub struct SendNow {
    /// The frame.
    pub frame: Frame,
    /// Where this page stands.
    pub step: Step,
    /// As typed.
    pub phone: String,
    /// As typed; optional.
    pub words: String,
    /// Who will be alerted.
    pub sent_to: String,
}

pages!(Advice, SendNow);
