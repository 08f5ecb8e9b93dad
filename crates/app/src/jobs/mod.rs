//! Work that follows a commit. A job may run twice and acts once; it holds opaque ids, never words.
//!
//! To add one: a file here named by its verb, a variant of [`Work`], a line in [`App::run`].

use crate::{App, Trouble};
use domain::ids::{AccountId, IncidentId, ReportId, TenantId};
use serde::{Deserialize, Serialize};

/// What a job does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Work {
    /// Tell those who must know that a report has come in.
    TellAboutReport {
        /// The agency.
        tenant: TenantId,
        /// The report.
        report: ReportId,
    },
    /// Tell the reporter that there is something on their status page.
    TellReporter {
        /// The agency.
        tenant: TenantId,
        /// The report.
        report: ReportId,
    },
    /// Typeset the form as it stands and file it with the incident.
    IssueForm {
        /// The agency.
        tenant: TenantId,
        /// The incident.
        incident: IncidentId,
        /// The version it is to show.
        version: u32,
        /// Who asked for it.
        by: AccountId,
        /// With the personnel part, for human resources.
        personnel: bool,
    },
}

impl Work {
    /// The kind, as the store keeps it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::TellAboutReport { .. } => "tell_about_report",
            Self::TellReporter { .. } => "tell_reporter",
            Self::IssueForm { .. } => "issue_form",
        }
    }

    /// At most one waiting job with the same key.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::TellAboutReport { report, .. } => Some(format!("tell-about/{report}")),
            Self::TellReporter { report, .. } => Some(format!("tell-reporter/{report}")),
            Self::IssueForm { incident, version, personnel, .. } => {
                Some(format!("form/{incident}/{version}/{personnel}"))
            }
        }
    }
}
