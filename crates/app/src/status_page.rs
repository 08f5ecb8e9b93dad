//! The reporter's private status page: what happened to the report, questions and answers, never findings or names.

use crate::{App, Trouble, spoken};
use domain::actor::Actor;
use domain::permission::Reading;
use domain::reference::ReportReference;
use domain::report::{Message, Report, Standing};
use domain::time::Instant;
use journal::Lookup;
use store::ReportRow;

/// Attempts with a code on one reference in a window, right ones included.
const CODE_ATTEMPTS: u32 = 60;
const CODE_SECONDS: u32 = 3600;
/// How long a private link works, in seconds: one year.
const LINK_SECONDS: i64 = 365 * 24 * 3600;

/// The moment from which the private link of a report received then opens nothing.
pub fn link_ends(received_at: Instant) -> Instant {
    received_at.plus_seconds(LINK_SECONDS)
}

/// Where a report stands, in the reporter's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// It is here.
    Received,
    /// Somebody trained is looking at it.
    BeingLookedAt,
    /// There is a question for the reporter.
    Question,
    /// Nothing more is needed from the reporter.
    Finished,
}

/// What the status page shows.
#[derive(Clone, Debug)]
pub struct StatusView {
    /// Its reference.
    pub reference: String,
    /// When it was received.
    pub received_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// When somebody first looked at it.
    pub opened_at: Option<Instant>,
    /// Questions and answers, oldest first; whether each came from the reporter.
    pub messages: Vec<(bool, Message)>,
    /// Names and sizes of the files the reporter sent.
    pub files: Vec<(String, u64)>,
    /// The report itself, as the reporter sent it.
    pub report: Report,
}

impl StatusView {
    /// Whether the reporter told in own words what happened.
    pub fn said_words(&self) -> bool {
        self.report.filed.as_ref().is_some_and(|filed| filed.submission.words.is_some())
    }
}

impl App {
    /// The report behind a private link. The link is the right to it: 192 random bits, kept only as a keyed hash.
    pub async fn report_behind(&self, secret: &str) -> Result<ReportRow, Trouble> {
        if let Some((reference, code)) = secret.split_once('.') {
            return self.report_by_code(reference, code).await;
        }
        let hash = self.lookup(Lookup::Receipt, secret.as_bytes())?;
        let row = self.store().report_by_secret(&hash).await?;
        row.filter(|row| self.link_works(row)).ok_or(Trouble::NotFound)
    }

    /// A private link ends a year after the report, as the receipt says.
    fn link_works(&self, row: &ReportRow) -> bool {
        self.now() < link_ends(row.received_at)
    }

    /// The report of a reference, when the code from its receipt is right; the same answer for a wrong code and an
    /// unknown reference. Forty bits are few, so attempts are counted per reference and wait, without locking out.
    pub async fn report_by_code(&self, reference: &str, code: &str) -> Result<ReportRow, Trouble> {
        let reference: ReportReference = reference.parse().map_err(|_| Trouble::NotFound)?;
        let code = spoken::normal(code).ok_or(Trouble::NotFound)?;
        let key = self.lookup(Lookup::Network, format!("code of {reference}").as_bytes())?;
        if self.store().count_attempt(&key, CODE_SECONDS, self.now()).await? > CODE_ATTEMPTS {
            return Err(Trouble::TooMany(CODE_SECONDS));
        }
        let row = self.store().report_by_reference(None, &reference.to_string()).await?;
        let row = row.filter(|row| self.link_works(row)).ok_or(Trouble::NotFound)?;
        if self.code_of_report(&row)? == code { Ok(row) } else { Err(Trouble::NotFound) }
    }

    /// The code on a receipt that opens the status page together with the reference. It follows from the private
    /// link, so that nothing more has to be kept, and ends with it.
    pub fn code_of_report(&self, row: &ReportRow) -> Result<String, Trouble> {
        self.lookup(Lookup::Receipt, &[b"code ".as_slice(), &row.secret].concat()).map(|seed| spoken::from_seed(&seed))
    }

    /// What the reporter sees.
    pub async fn status_view(&self, row: &ReportRow) -> Result<StatusView, Trouble> {
        let report = self.load_report(&Reading::by_private_link(row.id, row.tenant)).await?.state;
        let filed = report.filed.as_ref().ok_or(Trouble::NotFound)?;
        let asked = report.messages.last().is_some_and(|m| m.asks);
        let stage = match report.standing {
            Standing::SetAside => Stage::Finished,
            Standing::Accepted if self.finished(row).await? => Stage::Finished,
            _ if asked => Stage::Question,
            Standing::Waiting if report.opened.is_none() => Stage::Received,
            Standing::Waiting | Standing::Asked | Standing::Accepted => Stage::BeingLookedAt,
        };
        let by_reporter = |m: &Message| !matches!(m.by, Actor::Account(_));
        Ok(StatusView {
            reference: row.reference.clone(),
            received_at: filed.at,
            stage,
            opened_at: report.opened.map(|(_, at)| at).or_else(|| report.decided.map(|(_, at)| at)),
            messages: report.messages.iter().map(|m| (by_reporter(m), m.clone())).collect(),
            files: report.files.iter().map(|f| (f.name.to_string(), f.size)).collect(),
            report,
        })
    }

    async fn finished(&self, row: &ReportRow) -> Result<bool, Trouble> {
        let Some(id) = row.incident else { return Ok(false) };
        let incident = self.store().incident(row.tenant, id).await?;
        Ok(incident.is_some_and(|i| i.state == store::IncidentState::Closed))
    }
}
