//! The public report form on paper, for the day the network is down or for those who prefer a pen.

use crate::engine::{Setting, Template, typeset};
use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// How a question is answered with a pen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Space {
    /// Ruled lines; at least one and at most 30 are drawn.
    Lines {
        /// How many.
        lines: u8,
    },
    /// Tick one.
    OneOf {
        /// In the order of the screen.
        choices: Vec<String>,
    },
    /// Tick any.
    AnyOf {
        /// In the order of the screen.
        choices: Vec<String>,
    },
}

/// A question with room for its answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// As on the screen.
    pub question: String,
    /// The hint below it. Empty for none.
    pub hint: String,
    /// Room to answer.
    pub space: Space,
}

/// The questions of one agency's report form, in the words of one language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlankReportView {
    /// The language of every word in here.
    pub language: Language,
    /// Agency.
    pub agency: String,
    /// Unit, or empty for a line to write it on.
    pub unit: String,
    /// Title of the form.
    pub title: String,
    /// Sentences before the first question: that a name is optional, what not to write down.
    pub introduction: Vec<String>,
    /// In the order of the screen.
    pub questions: Vec<Question>,
    /// Where a filled form goes: a person's office, a box, a telephone number.
    pub hand_in: String,
    /// The same form on a screen, behind the code.
    pub link: String,
    /// Form id by which a scan is filed, and the edition it follows.
    pub imprint: String,
    /// Instant of issue, carried in the file.
    pub issued_at: Instant,
}

/// The paper form as a PDF on letter paper. Questions are numbered and never torn from their answers' first line.
pub fn blank_report(view: &BlankReportView) -> Result<Vec<u8>, DocumentError> {
    let setting = Setting {
        template: &TEMPLATE,
        title: format!("{}, {}", view.title, view.agency),
        language: view.language,
        issued_at: view.issued_at,
        link: Some(&view.link),
    };
    typeset(&setting, view)
}

const TEMPLATE: Template = Template { name: "blank_report.typ", text: include_str!("../templates/blank_report.typ") };
