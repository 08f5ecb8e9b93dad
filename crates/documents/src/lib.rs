//! Finished words in, bytes out: every paper and file that leaves the house is made here, and nothing else is.
//!
//! A view struct holds words and dates that somebody else already chose and formatted; a template places them. There is no
//! file access, no network and no clock: the same view gives the same bytes, so a document can be made again years
//! later and compared. What people typed reaches a template only as data, and characters that would act unseen or that
//! no embedded font can draw are printed by name (see [`mod@inert`]).
//!
//! To add a document: a view beside its function in `src/<name>.rs`, a template in `templates/<name>.typ`, one variant of
//! [`Job`], and a test that reads the PDF with somebody else's reader.

mod blank_report;
mod brief;
pub mod csv;
#[cfg(feature = "typeset")]
mod engine;
#[cfg(not(feature = "typeset"))]
#[path = "engine_absent.rs"]
mod engine;
mod form;
pub mod inert;
mod job;
mod plain_form;
mod poster;
#[cfg(feature = "typeset")]
mod qr;
mod receipt;

pub use blank_report::{BlankReportView, Question, Space, blank_report};
pub use brief::{BriefView, Duty, Fact, incident_brief};
pub use form::{
    Acts, Amends, Edition, FormView, Numbering, OfficerPart, PersonnelAction, ReporterPart, Section, Signed, blank,
    report_of_security_incident,
};
pub use job::{Job, render};
pub use plain_form::{PlainBox, PlainFormView, PlainPart, plain_form};
pub use poster::{PosterView, poster};
pub use receipt::{Answer, ReceiptView, receipt};

/// The language a document is written in; screen readers and hyphenation follow it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

/// Why no document came out. All of these are faults of the house, never of what somebody typed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A link is longer than a QR code can carry (about 2,300 bytes).
    #[error("a link of {length} bytes does not fit a QR code")]
    LinkTooLong {
        /// Bytes given.
        length: usize,
    },
    /// This build describes documents and does not make them: the typesetter lives in the binary's render process.
    #[error("this build has no typesetter")]
    NoTypesetter,
    /// The view could not be handed to the template.
    #[error("the view is not plain data")]
    View(#[from] serde_json::Error),
    /// The template does not compile, or the file would break PDF/UA-1 or PDF/A-3a.
    #[error("template {template}: {story}")]
    Template {
        /// File name of the template.
        template: &'static str,
        /// What the typesetter said.
        story: String,
    },
}
