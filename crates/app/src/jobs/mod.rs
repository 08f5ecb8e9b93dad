//! Work that follows a commit. A job may run twice and acts once; it holds opaque ids, never words.
//!
//! To add one: a file here named by its verb, a variant of [`Work`], a line in `App::do_work`.

mod alarm;
mod digest;
mod escalate;
mod fill;
mod tell;

pub use escalate::Step;
pub use fill::FILLING;

use crate::policies::reassess::{Because, Reached};
use crate::{App, Trouble};
use domain::ids::{AccountId, EntryId, IncidentId, ReportId, TenantId};
use domain::pack::ObligationId;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{ClaimedJob, JobOutcome};
use tokio::sync::watch;

/// The kind of job that assesses open incidents again.
pub const REASSESSING: &str = "reassess";

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
    /// Tell the next in the route about a report that nobody has opened.
    PassOn {
        /// The agency.
        tenant: TenantId,
        /// The report.
        report: ReportId,
        /// Since when it waits.
        since: Instant,
        /// Counts those who were told.
        number: u8,
    },
    /// Send everybody in an agency who has something waiting their digest.
    SendDigest {
        /// The agency.
        tenant: TenantId,
        /// The hour it is for.
        at: Instant,
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
    /// Tell whoever answers for it that a duty is about to be late.
    TellOfDuty {
        /// The agency.
        tenant: TenantId,
        /// The incident.
        incident: IncidentId,
        /// The duty.
        rule: ObligationId,
        /// From when it is late; when that has moved since, another job tells.
        late: Instant,
        /// So many days before, as its policy wants; `None` is the alarm before the last day.
        #[serde(default)]
        days: Option<u32>,
    },
    /// Tell whoever leads that a request for silence ends.
    TellOfHold {
        /// The agency.
        tenant: TenantId,
        /// The incident.
        incident: IncidentId,
        /// The request.
        hold: EntryId,
    },
    /// Tell somebody who is neither of the two that an incident was opened in an emergency.
    TellOfGlass {
        /// The agency.
        tenant: TenantId,
        /// The incident.
        incident: IncidentId,
        /// The request.
        request: EntryId,
    },
    /// Write the rows of duties for incidents that are older than those rows. The migration that made them asks for it.
    FillDuties {
        /// Goes on after this incident.
        after: Option<IncidentId>,
    },
    /// Assess the open incidents of an agency again, a stretch of them.
    Reassess {
        /// The agency.
        tenant: TenantId,
        /// The run.
        run: EntryId,
        /// Why it was begun.
        because: Because,
        /// How far it has come; `None` begins it.
        reached: Option<Reached>,
    },
}

impl Work {
    /// The kind, as the store keeps it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::TellAboutReport { .. } => "tell_about_report",
            Self::PassOn { .. } => "pass_on",
            Self::SendDigest { .. } => "send_digest",
            Self::TellReporter { .. } => "tell_reporter",
            Self::IssueForm { .. } => "issue_form",
            Self::TellOfDuty { .. } => "tell_of_duty",
            Self::TellOfHold { .. } => "tell_of_hold",
            Self::TellOfGlass { .. } => "tell_of_glass",
            Self::FillDuties { .. } => FILLING,
            Self::Reassess { .. } => REASSESSING,
        }
    }

    /// At most one waiting job with the same key.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::TellAboutReport { report, .. } => Some(format!("tell-about/{report}")),
            Self::PassOn { report, since, number, .. } => Some(format!("pass-on/{report}/{}/{number}", since.micros())),
            Self::SendDigest { tenant, at } => Some(format!("digest/{tenant}/{}", at.micros())),
            Self::TellReporter { report, .. } => Some(format!("tell-reporter/{report}")),
            Self::IssueForm { incident, version, personnel, .. } => {
                Some(format!("form/{incident}/{version}/{personnel}"))
            }
            Self::TellOfDuty { incident, rule, late, days, .. } => {
                let before = days.map(|days| format!("/{days}")).unwrap_or_default();
                Some(format!("tell-of-duty/{incident}/{rule}/{}{before}", late.micros()))
            }
            Self::TellOfGlass { incident, request, .. } => Some(format!("glass/{incident}/{request}")),
            // Placing it and taking it back each plan one; the mail itself goes out once.
            Self::TellOfHold { .. } => None,
            Self::FillDuties { after } => {
                Some(format!("fill-duties/{}", after.map(|id| id.to_string()).unwrap_or_default()))
            }
            Self::Reassess { run, reached, .. } => {
                let place = reached.map_or_else(|| "begins".to_owned(), |r| format!("{:?}", r.before));
                Some(format!("reassess/{run}/{place}"))
            }
        }
    }
}

/// Jobs claimed at once, and for how long; a job that takes longer may run a second time and acts once.
const CLAIMED: u32 = 8;
const LEASE_SECONDS: u32 = 60;
/// Attempts before a job is left for a person, visible on the health page.
const ATTEMPTS: u32 = 8;
/// How long a worker rests when there was nothing to do.
const REST: Duration = Duration::from_millis(500);
/// Remembered answers looked at in a round, and how long they are kept: longer than any draft or retry lives.
const ANSWERS: u32 = 2_000;
const ANSWER_SECONDS: i64 = 30 * 86_400;
/// Beats of the worker between two rounds of removing expired drafts, and of looking for left-over files.
const PURGE_BEATS: u32 = 120;
const COLLECT_BEATS: u32 = 7_200;
/// Beats between two looks at whether another server changed the organisation or its policies.
const REFRESH_BEATS: u32 = 10;

impl App {
    /// Works until told to stop: jobs, mail, the log, expired drafts. Mail goes its own pace, so that a server that
    /// keeps us waiting holds nothing else up.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        tokio::join!(self.post(stop.clone()), self.work_at_home(stop));
    }

    async fn post(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let rest = if self.send_mail().await == 0 { REST } else { Duration::ZERO };
            let _ = tokio::time::timeout(rest, stop.changed()).await;
        }
    }

    async fn work_at_home(&self, mut stop: watch::Receiver<bool>) {
        let (mut beat, mut answers) = (0u32, None);
        if let Err(trouble) = self.notice_shipped_texts().await {
            tracing::error!(%trouble, "the shipped texts were not compared with those before");
        }
        while !*stop.borrow() {
            let did = self.do_jobs().await;
            if let Err(trouble) = self.seal_log().await {
                tracing::error!(%trouble, "the log was not extended");
            }
            self.tidy(beat).await;
            if beat.is_multiple_of(PURGE_BEATS) {
                answers = self.forget_answers(answers).await;
            }
            beat = beat.wrapping_add(1);
            let rest = if did == 0 { REST } else { Duration::ZERO };
            let _ = tokio::time::timeout(rest, stop.changed()).await;
        }
        // What was committed before the end is sealed before the end.
        while matches!(self.seal_log().await, Ok(taken) if taken > 0) {}
    }

    /// Forgets old answers a stretch at a time; says where the next stretch begins.
    async fn forget_answers(&self, after: Option<[u8; 32]>) -> Option<[u8; 32]> {
        let before = self.now().plus_seconds(-ANSWER_SECONDS);
        match self.store().forget_answers(before, after, ANSWERS).await {
            Ok(next) => next,
            Err(fault) => {
                tracing::error!(%fault, "old answers were not forgotten");
                after
            }
        }
    }

    /// Takes up what another server changed, every few seconds. Removes what nobody waits for: expired drafts about every minute, left-over files about every hour. Sees to it
    /// that the next digests are planned.
    async fn tidy(&self, beat: u32) {
        if beat.is_multiple_of(REFRESH_BEATS)
            && let Err(trouble) = self.reload().await
        {
            tracing::error!(%trouble, "the organisation could not be read again");
        }
        if beat.is_multiple_of(PURGE_BEATS)
            && let Err(trouble) = self.plan_digests().await
        {
            tracing::error!(%trouble, "digests were not planned");
        }
        if beat.is_multiple_of(PURGE_BEATS)
            && let Err(trouble) = self.purge_drafts().await
        {
            tracing::error!(%trouble, "expired drafts were not removed");
        }
        if beat.is_multiple_of(COLLECT_BEATS)
            && let Err(trouble) = self.collect_left_over_files().await
        {
            tracing::error!(%trouble, "left-over files were not removed");
        }
    }

    /// Does the jobs that are due now; says how many those were.
    pub async fn do_jobs(&self) -> usize {
        let jobs = match self.store().claim_jobs(CLAIMED, LEASE_SECONDS).await {
            Ok(jobs) => jobs,
            Err(fault) => {
                tracing::error!(%fault, "no jobs could be claimed");
                return 0;
            }
        };
        let count = jobs.len();
        for job in jobs {
            self.work_on(job).await;
        }
        count
    }

    async fn work_on(&self, job: ClaimedJob) {
        let done = match serde_json::from_slice::<Work>(&job.body) {
            Ok(work) => self.do_work(&work).await,
            Err(cause) => Err(Trouble::fault("reading a job", cause)),
        };
        let outcome = match done {
            // What is not there any more needs nothing done about it.
            Ok(()) | Err(Trouble::NotFound) => JobOutcome::Done,
            Err(trouble) => {
                tracing::warn!(kind = job.kind, attempt = job.attempt, %trouble, "a job did not succeed");
                if job.attempt >= ATTEMPTS {
                    JobOutcome::Failed(trouble.to_string())
                } else {
                    let wait = 2i64.saturating_pow(job.attempt).min(600);
                    JobOutcome::Retry(self.now().plus_seconds(wait), trouble.to_string())
                }
            }
        };
        if let Err(fault) = self.store().finish_job(job.id, job.token, outcome).await {
            tracing::error!(%fault, "a job's end could not be noted; it will run again");
        }
    }

    async fn do_work(&self, work: &Work) -> Result<(), Trouble> {
        match work {
            Work::TellAboutReport { tenant, report } => self.tell_about_report(*tenant, *report).await,
            Work::PassOn { tenant, report, since, number } => {
                self.pass_on(Step { tenant: *tenant, report: *report, since: *since, number: *number }).await
            }
            Work::SendDigest { tenant, at } => self.send_digest(*tenant, *at).await,
            Work::TellReporter { tenant, report } => self.tell_reporter(*tenant, *report).await,
            Work::IssueForm { tenant, incident, version, by, personnel } => {
                self.issue_form(*tenant, *incident, *version, *by, *personnel).await
            }
            Work::TellOfDuty { tenant, incident, rule, late, days } => {
                self.tell_of_duty(*tenant, *incident, rule, (*late, *days)).await
            }
            Work::TellOfGlass { tenant, incident, request } => self.tell_of_glass(*tenant, *incident, *request).await,
            Work::FillDuties { after } => self.fill_duties(*after).await,
            Work::TellOfHold { tenant, incident, hold } => self.tell_of_hold(*tenant, *incident, *hold).await,
            Work::Reassess { tenant, run, because, reached } => self.reassess(*tenant, *run, *because, *reached).await,
        }
    }
}
