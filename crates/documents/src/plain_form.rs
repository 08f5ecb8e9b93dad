//! The incident form of a policy whose paper nobody laid out here: its boxes in the order of its text, filled or blank.

use crate::engine::{Setting, Template, typeset};
use crate::{Amends, DocumentError, Language, Signed};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// One box.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlainBox {
    /// Numeral and caption: "2. Cause".
    pub label: String,
    /// What stands in it. Empty for room to write.
    pub text: String,
    /// Whether somebody signs here.
    pub signs: bool,
    /// The signature, once it is given.
    pub signature: Option<Signed>,
}

/// The boxes that one office fills.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlainPart {
    /// Whose part it is.
    pub heading: String,
    /// In the order of the text.
    pub boxes: Vec<PlainBox>,
    /// The office keeps its part, and this copy says nothing about its content.
    pub withheld: bool,
    /// Lines printed below: where to send it, what is attached.
    pub below: Vec<String>,
}

/// Everything on the paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlainFormView {
    /// Title as the policy gives it.
    pub title: String,
    /// Who issues the form, and which edition: "Sample Department, 2026".
    pub issuer: String,
    /// The unit it is about.
    pub unit: String,
    /// Reference of the incident; empty on a blank form.
    pub reference: String,
    /// By which a scan is filed.
    pub form_id: String,
    /// Digest of what the signatures cover; empty on a blank form.
    pub document_hash: String,
    /// The form on a screen, behind the code.
    pub link: String,
    /// Instant of issue, carried in the file.
    pub issued_at: Instant,
    /// The same in words; empty on a blank form.
    pub issued: String,
    /// What this form amends.
    pub amends: Option<Amends>,
    /// In the order of the text.
    pub parts: Vec<PlainPart>,
}

/// The form as a PDF on letter paper. Boxes grow with their text, so that there are no continuation sheets.
pub fn plain_form(view: &PlainFormView) -> Result<Vec<u8>, DocumentError> {
    let title = match view.reference.as_str() {
        "" => view.title.clone(),
        reference => format!("{}, {reference}", view.title),
    };
    let setting = Setting {
        template: &TEMPLATE,
        title,
        language: Language::English,
        issued_at: view.issued_at,
        link: Some(&view.link),
    };
    typeset(&setting, view)
}

const TEMPLATE: Template = Template { name: "plain_form.typ", text: include_str!("../templates/plain_form.typ") };
