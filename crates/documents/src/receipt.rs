//! The reporter's receipt: what they told us, the reference in letters and as spoken, and the way back to the report.

use crate::engine::{Setting, Template, typeset};
use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// A question as it was asked and the answer as it was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// In the receipt's language.
    pub question: String,
    /// In the reporter's own words; empty prints "No answer".
    pub answer: String,
}

/// What a reporter may keep. It never holds findings, or names of anyone who works on the report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReceiptView {
    /// The language the report was made in.
    pub language: Language,
    /// "R-7KQ4-M2XD".
    pub reference: String,
    /// The reference as one reads it over a telephone: "R, seven, K as in Kilo, …".
    pub spelling: String,
    /// Agency that received the report.
    pub agency: String,
    /// Instant of receipt, carried in the file.
    pub received_at: Instant,
    /// The same in words, with its zone.
    pub received: String,
    /// The office that has the report now.
    pub who_has_it: String,
    /// When to expect a first answer, in words. Empty where none is promised.
    pub first_answer: String,
    /// What happens next, one sentence each.
    pub next_steps: Vec<String>,
    /// The private status page: behind the code and printed below it.
    pub status_link: String,
    /// Until when the link works, in words. Empty when not said.
    pub link_works_until: String,
    /// Telephone number for those without the page. Empty when there is none.
    pub phone: String,
    /// Every answer, in the order of the questions.
    pub answers: Vec<Answer>,
}

/// The receipt as a PDF on letter paper.
pub fn receipt(view: &ReceiptView) -> Result<Vec<u8>, DocumentError> {
    let title = match view.language {
        Language::English => format!("Receipt for report {}", view.reference),
        Language::Spanish => format!("Comprobante del informe {}", view.reference),
    };
    let setting = Setting {
        template: &TEMPLATE,
        title,
        language: view.language,
        issued_at: view.received_at,
        link: Some(&view.status_link),
    };
    typeset(&setting, view)
}

const TEMPLATE: Template = Template { name: "receipt.typ", text: include_str!("../templates/receipt.typ") };
