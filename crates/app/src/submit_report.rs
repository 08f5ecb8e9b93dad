//! Filing a report: from checked answers to a durable record, a receipt, and the work of telling those who must know.

use crate::jobs::{Step, Work};
use crate::record::{Cause, Tip, report_row, report_state, seal, under};
use crate::words;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, FileId, ReportId, TenantId, UnitId};
use domain::pack::{Pack, RoleId, SeriesId};
use domain::reference::ReportReference;
use domain::report::{self, Command, Given, Report, Reporter, Submission};
use domain::time::Instant;
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::{Change, CommitError, FileOwner, NewJob, Refused, Remembered, RowChange, Words};

/// Everything a report is filed with, once its answers are parsed.
#[derive(Clone, Debug)]
pub struct Filing {
    /// The answers. Its reference and pack are set here, whatever they hold.
    pub submission: Submission,
    /// Who reports.
    pub reporter: Option<Reporter>,
    /// Who types: the reporter, or an officer who takes a call.
    pub by: Actor,
    /// The draft it was written in, by the keyed hash of its token: it is sent once, whatever it holds by then.
    pub draft: Option<[u8; 32]>,
    /// The key of a request that may be repeated.
    pub idempotency_key: Option<String>,
    /// Whom the reporter chose among those whom the policy offers.
    pub chosen: Option<RoleId>,
}

/// What the reporter gets, after the durable commit and never before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The report.
    pub report: ReportId,
    /// The agency.
    pub tenant: TenantId,
    /// The printed reference.
    pub reference: ReportReference,
    /// The secret of the private status link; shown once, kept only as a keyed hash.
    pub secret: String,
    /// When it was received.
    pub received_at: Instant,
}

impl App {
    /// The policy edition under which a report for this unit is taken now.
    pub fn pack_for_report(&self, unit: UnitId, now: Instant) -> Result<&Pack, Trouble> {
        let directory = self.directory();
        let unit = directory.unit(unit).ok_or(Trouble::NotFound)?;
        let agency = directory.agency(unit.tenant).ok_or(Trouble::NotFound)?;
        if let Some(edition) = &agency.profile.edition {
            let pinned = self.packs().of(agency.id).get(edition);
            return pinned.ok_or_else(|| Trouble::fault("choosing a policy", format!("no pack {edition}")));
        }
        let series: &[SeriesId] =
            if unit.profile.policies.is_empty() { &agency.profile.policies } else { &unit.profile.policies };
        self.packs()
            .of(agency.id)
            .for_report(series, now.day_in(&agency.profile.zone))
            .ok_or_else(|| Trouble::fault("choosing a policy", "no policy binds this unit"))
    }

    /// Files a report. The same idempotency key with the same answers gives the same receipt and files nothing twice.
    pub async fn submit_report(&self, filing: Filing) -> Result<Receipt, Trouble> {
        // Another report can hold the same drawn reference; a fresh draw settles it.
        for _ in 0..4 {
            match self.try_submit(&filing).await {
                Err(CommitError::Refused(Refused::Taken { .. })) => {}
                Err(CommitError::Refused(Refused::Repeated(remembered))) => {
                    return self.receipt_again(&filing, &remembered);
                }
                Err(other) => return Err(other.into()),
                Ok(outcome) => return outcome,
            }
        }
        Err(Trouble::fault("filing a report", "no free reference after four draws"))
    }

    async fn try_submit(&self, filing: &Filing) -> Result<Result<Receipt, Trouble>, CommitError> {
        // The edition is pinned here: what was put in force on another server a moment ago counts. A report is taken all
        // the same when that cannot be read.
        if let Err(trouble) = self.reload().await {
            tracing::error!(%trouble, "the organisation could not be read again before a report was filed");
        }
        let (change, receipt) = match self.prepare_submission(filing) {
            Ok(prepared) => prepared,
            Err(trouble) => return Ok(Err(trouble)),
        };
        self.store().commit(change).await?;
        Ok(Ok(receipt))
    }

    fn prepare_submission(&self, filing: &Filing) -> Result<(Change, Receipt), Trouble> {
        let now = self.now();
        let directory = self.directory();
        let tenant = directory.unit(filing.submission.unit).ok_or(Trouble::NotFound)?.tenant;
        let pack = self.pack_for_report(filing.submission.unit, now)?;
        let id: ReportId = self.draw();
        let reference = ReportReference::from_random(self.secret());
        let secret = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<24>());

        let mut submission = filing.submission.clone();
        submission.reference = reference;
        submission.pack = pack.id.clone();
        if submission.recipient_involved {
            submission.handling_unit = directory.one_level_up(submission.unit);
        }
        let facts = crate::routing::facts_of_submission(&submission, pack, now);
        let chosen = filing.chosen.as_ref();
        let (kept, handling) = self.keep_at_filing(pack, &submission, &facts, filing.by, now);
        submission.handling_unit = handling;
        let out: Vec<AccountId> = kept.iter().map(|kept| kept.account).collect();
        let minutes = self.local_values(tenant).open_within_minutes;
        let files: Vec<FileId> = submission.files.iter().map(|f| f.id).collect();

        let mut report = Report::empty(id);
        let routed = Some(Box::new(self.routed(pack, &submission, now, (chosen, &out))?));
        let command = Command::Submit(Box::new(submission), filing.reporter.clone(), routed);
        let given = Given { actor: filing.by, now };
        let mut events = report::decide(&report, command, given)?;
        if !kept.is_empty() {
            let filed = Report::replay(id, events.iter().map(|event| (event, filing.by, now)));
            events.extend(report::decide(&filed, Command::KeepFrom(kept), given)?);
        }
        let cause = Cause { tenant, actor: filing.by, at: now, edition: Some(&pack.id) };
        let append = seal(self, id.into(), Tip::START, &cause, &events, |event| {
            report.apply(event, filing.by, now);
            report_state(&report)
        })?;

        let keyring = self.keyring();
        let hash = self.lookup(Lookup::Receipt, secret.as_bytes())?;
        let row = report_row(self, tenant, &report, hash, None)?;
        let printed = reference.to_string();
        let tokens = words::tokens(
            &keyring,
            tenant,
            &words::of_report(&report, &printed),
            &under(&directory, row.handling_unit),
        )?;
        let said = report.filed.as_ref().map(|filed| &filed.submission).unwrap_or(&filing.submission);
        let receipt = Receipt { report: id, tenant, reference, secret, received_at: now };
        let change = Change {
            mail: self.receipt_mail(&receipt, said, filing.reporter.as_ref(), pack)?.into_iter().collect(),
            appends: vec![append],
            words: vec![Words { object: id.into(), tokens }],
            reports: vec![row],
            jobs: vec![
                self.job(&Work::TellAboutReport { tenant, report: id }, now)?,
                self.watch(Step { tenant, report: id, since: now, number: 1 }, minutes)?,
            ],
            rows: files
                .into_iter()
                .map(|file| RowChange::MoveFile(file, FileOwner::Stream(id.into())))
                .chain(crate::kept::rows(id.into(), out))
                .collect(),
            remember: self.remember(filing, &receipt)?,
            ..Change::default()
        };
        Ok((change, receipt))
    }

    fn remember(&self, filing: &Filing, receipt: &Receipt) -> Result<Option<Remembered>, Trouble> {
        let Some(key) = &filing.idempotency_key else { return Ok(None) };
        let key = self.lookup(Lookup::Idempotency, key.as_bytes())?;
        let answer = self.seal_box(BoxPurpose::Answer, None, &key, receipt)?;
        Ok(Some(Remembered { key, request: self.meaning(filing)?, answer }))
    }

    /// A hash of what was asked: equal for a repeated request, different for another one.
    fn meaning(&self, filing: &Filing) -> Result<[u8; 32], Trouble> {
        // A draft is sent once, whatever it held when *Send* was pressed again: its token is the meaning.
        if let Some(draft) = &filing.draft {
            return self.lookup(Lookup::Request, draft);
        }
        let plain = serde_json::to_vec(&(&filing.submission, &filing.reporter, &filing.chosen))
            .map_err(|e| Trouble::fault("hashing a request", e))?;
        self.lookup(Lookup::Request, &plain)
    }

    fn receipt_again(&self, filing: &Filing, remembered: &Remembered) -> Result<Receipt, Trouble> {
        if remembered.request != self.meaning(filing)? {
            return Err(Trouble::KeyReused);
        }
        self.open_box(BoxPurpose::Answer, None, &remembered.key, &remembered.answer)
    }

    /// A job for the workers.
    pub fn job(&self, work: &Work, run_at: Instant) -> Result<NewJob, Trouble> {
        let body = serde_json::to_vec(work).map_err(|e| Trouble::fault("writing a job", e))?;
        Ok(NewJob { id: self.draw(), kind: work.kind().to_owned(), body, run_at, key: work.key() })
    }
}
