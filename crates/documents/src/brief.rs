//! The incident brief: one page that an executive can read between two doors.

use crate::engine::{Setting, Template, typeset};
use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// A fact under its name: "People affected", "312 (confirmed)".
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// Its name, or its time in the timeline.
    pub label: String,
    /// In finished words.
    pub value: String,
}

/// One duty and how it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Duty {
    /// What has to be done.
    pub duty: String,
    /// By when, in words.
    pub due: String,
    /// How it stands, in words: "done Tue, Oct 13", "open", "late".
    pub state: String,
    /// The clause it comes from.
    pub cite: String,
}

/// What one page can hold. Six facts, eight duties and six entries of the timeline are printed and the others counted;
/// long words are shortened with a mark, because a brief of two pages is not a brief.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BriefView {
    /// "DMH-2026-0147".
    pub reference: String,
    /// The incident's title.
    pub title: String,
    /// Agency and unit.
    pub organisation: String,
    /// Handling label, such as "TLP:AMBER" or "EXERCISE". Empty for none.
    pub banner: String,
    /// State of the case, in words.
    pub state: String,
    /// The next step and who takes it.
    pub next_step: String,
    /// A few sentences.
    pub summary: String,
    /// Most important first.
    pub facts: Vec<Fact>,
    /// In the order of their dates.
    pub duties: Vec<Duty>,
    /// Latest first.
    pub timeline: Vec<Fact>,
    /// Who made the brief, in which role.
    pub prepared_by: String,
    /// "As of Tue, Oct 13, 2026, 9:10 a.m. CDT".
    pub as_of: String,
    /// The incident's page, behind the code.
    pub link: String,
    /// Instant of issue, carried in the file.
    pub issued_at: Instant,
}

/// The brief as a PDF on one letter page.
pub fn incident_brief(view: &BriefView) -> Result<Vec<u8>, DocumentError> {
    let setting = Setting {
        template: &TEMPLATE,
        title: format!("Incident brief {}", view.reference),
        language: Language::English,
        issued_at: view.issued_at,
        link: Some(&view.link),
    };
    typeset(&setting, view)
}

const TEMPLATE: Template = Template { name: "brief.typ", text: include_str!("../templates/brief.typ") };
