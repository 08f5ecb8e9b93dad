//! One document to make, as plain data: what the server writes to the process that typesets.

use crate::{
    BlankReportView, BriefView, DocumentError, Edition, FormView, PlainFormView, PosterView, ReceiptView, blank_report,
    incident_brief, plain_form, poster, receipt, report_of_security_incident,
};
use serde::{Deserialize, Serialize};

/// Any PDF of the house with its view. Travels as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "document")]
pub enum Job {
    /// [`report_of_security_incident`].
    ReportOfSecurityIncident {
        /// Whose boxes and cites.
        edition: Edition,
        /// What stands in them; [`crate::blank`] for the empty form.
        view: Box<FormView>,
    },
    /// [`receipt`].
    Receipt {
        /// What the reporter keeps.
        view: Box<ReceiptView>,
    },
    /// [`poster`].
    Poster {
        /// One unit's.
        view: Box<PosterView>,
    },
    /// [`blank_report`].
    BlankReport {
        /// One agency's questions.
        view: Box<BlankReportView>,
    },
    /// [`incident_brief`].
    IncidentBrief {
        /// One incident's.
        view: Box<BriefView>,
    },
    /// [`plain_form`].
    PlainForm {
        /// One incident's, or blank.
        view: Box<PlainFormView>,
    },
}

/// Makes the document. Equal jobs give equal bytes.
pub fn render(job: Job) -> Result<Vec<u8>, DocumentError> {
    match job {
        Job::ReportOfSecurityIncident { edition, view } => report_of_security_incident(&view, edition),
        Job::Receipt { view } => receipt(&view),
        Job::Poster { view } => poster(&view),
        Job::BlankReport { view } => blank_report(&view),
        Job::IncidentBrief { view } => incident_brief(&view),
        Job::PlainForm { view } => plain_form(&view),
    }
}
