//! The receipt: proof for the person who reported, shown only after the report is durably kept.

use askama::Template;

use super::answers::Answer;
use crate::screens::{frame::Frame, pages};

/// The receipt.
#[derive(Debug, Template)]
#[template(path = "public/received.html")]
pub struct Received {
    /// The frame.
    pub frame: Frame,
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// The same as it is read aloud: “R, 7, K, Q, 4, M, 2, X, D”.
    pub spoken: String,
    /// Who reads it first, for the printed copy.
    pub who: String,
    /// Where its days begin.
    pub zone: domain::time::Zone,
    /// When it was received, said in full with its zone.
    pub at: String,
    /// The same instant for machines.
    pub at_machine: String,
    /// What happens next, in order.
    pub next: Vec<String>,
    /// The whole private address of the status page.
    pub link: String,
    /// The same as a QR code: an `svg` element made by this program.
    pub qr: String,
    /// The look-up code that opens the status page together with the reference.
    pub code: String,
    /// What to do until then.
    pub until_then: Vec<String>,
    /// The receipt as a PDF, or empty.
    pub pdf: String,
    /// Every answer, for the printed copy.
    pub answers: Vec<Answer>,
}

pages!(Received);
