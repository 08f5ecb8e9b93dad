//! The pages that anyone may open without an account: report, receipt, status, and the ways to them.
//!
//! Field names are the contract between a page and the form that reads it; they stand beside each view struct.
//! Every form also sends `then`: `next` (the default), `back`, `save`, `send`, or `language`.

pub mod about;
pub mod advice;
pub mod answers;
pub mod doors;
pub mod guide;
pub mod mend;
pub mod message;
pub mod questions;
pub mod receipt;
pub mod sign;
pub mod status;

/// Where a question stands in its row, and where its form goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// From 1; 0 for a page that is not counted.
    pub number: u8,
    /// How many questions there are.
    pub total: u8,
    /// A line under the question, or empty.
    pub hint: String,
    /// How often this page was changed when it was shown: two windows do not overwrite each other unseen.
    pub seen: String,
    /// Where the form is posted.
    pub action: String,
    /// Whether there is a page before this one.
    pub back: bool,
    /// Whether enough is known to send now and add the rest later.
    pub send_now: bool,
    /// Whether the person came from the check page and returns there.
    pub to_check: bool,
}
