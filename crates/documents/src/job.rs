//! One document to make, as plain data: what the server writes to the process that typesets.

use crate::{DocumentError, Edition, FormView, report_of_security_incident};
use serde::{Deserialize, Serialize};

/// Any document of the house with its view. Travels as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "document")]
pub enum Job {
    /// [`report_of_security_incident`].
    ReportOfSecurityIncident {
        /// Whose boxes and cites.
        edition: Edition,
        /// What stands in them.
        view: Box<FormView>,
    },
}

/// Makes the document. Equal jobs give equal bytes.
pub fn render(job: Job) -> Result<Vec<u8>, DocumentError> {
    match job {
        Job::ReportOfSecurityIncident { edition, view } => report_of_security_incident(&view, edition),
    }
}
