//! The poster on a unit's wall: whom to tell, by camera, keyboard or telephone, in English and Spanish.

use crate::engine::{Setting, Template, typeset};
use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// One unit's poster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PosterView {
    /// Agency, as people know it.
    pub agency: String,
    /// The unit on whose wall it hangs.
    pub unit: String,
    /// The telephone number for reports, as it is dialled. Empty when there is none.
    pub phone: String,
    /// The short address without scheme, as one types it: "tocsin.example.gov/r/RIVER".
    pub short_url: String,
    /// The full link behind the code.
    pub link: String,
    /// What to do until somebody answers, from the policy pack: at most four lines.
    pub advice: Vec<String>,
    /// The same in Spanish.
    pub advice_spanish: Vec<String>,
    /// Which edition of which policy the poster follows, and when it was printed, in words.
    pub imprint: String,
    /// Instant of issue, carried in the file.
    pub issued_at: Instant,
}

/// The poster as a PDF on one letter page.
pub fn poster(view: &PosterView) -> Result<Vec<u8>, DocumentError> {
    let setting = Setting {
        template: &TEMPLATE,
        title: format!("Report a security incident: {}", view.unit),
        language: Language::English,
        issued_at: view.issued_at,
        link: Some(&view.link),
    };
    typeset(&setting, view)
}

const TEMPLATE: Template = Template { name: "poster.typ", text: include_str!("../templates/poster.typ") };
