//! The inbox: reports that wait for a decision, those that are hurt most by waiting first.

use crate::record::open_summary;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, ReportId, UnitId};
use domain::permission::{Action, Allowed, Viewer, reading_of};
use domain::report::{Report, SummaryOfReport};
use domain::time::Instant;
use store::{ReportQuery, ReportRow, ReportState};

/// One line of the inbox.
#[derive(Clone, Debug)]
pub struct InboxLine {
    /// The report.
    pub id: ReportId,
    /// Its reference.
    pub reference: String,
    /// Where it happened.
    pub unit: UnitId,
    /// When it arrived.
    pub received_at: Instant,
    /// Where it stands.
    pub state: ReportState,
    /// Harm of waiting.
    pub urgency: i16,
    /// Who is reading it, and since when.
    pub claimed: Option<(AccountId, Instant)>,
    /// The readable part.
    pub summary: SummaryOfReport,
}

/// Where one page of the inbox ends and the next begins.
pub type InboxCursor = (i16, Instant, ReportId);

impl App {
    /// Reports that wait, at most `limit`, after a cursor; and the cursor of the next page, when there is one.
    pub async fn inbox(
        &self,
        viewer: &Viewer,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<(Vec<InboxLine>, Option<InboxCursor>), Trouble> {
        self.reports(viewer, vec![ReportState::Waiting, ReportState::Asked], after, limit).await
    }

    /// Reports that stand so, whatever became of them: a report is kept when it is no incident too.
    pub async fn reports(
        &self,
        viewer: &Viewer,
        states: Vec<ReportState>,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<(Vec<InboxLine>, Option<InboxCursor>), Trouble> {
        let may = self.allow_in_agency(viewer, Action::ReadInbox, Section::Report)?;
        let query = ReportQuery {
            tenant: may.tenant(),
            units: viewer.scope(Action::ReadInbox, Section::Report),
            states,
            viewer: viewer.account,
            after,
            limit: limit + 1,
        };
        let mut rows = self.store().list_reports(&query).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| (row.urgency, row.received_at, row.id));
        let keyring = self.keyring();
        let line = |row: ReportRow| {
            let summary = open_summary(&keyring, row.tenant, row.id.bytes(), &row.summary)?;
            Ok(InboxLine {
                id: row.id,
                reference: row.reference,
                unit: row.unit,
                received_at: row.received_at,
                state: row.state,
                urgency: row.urgency,
                claimed: row.claimed_by.zip(row.claimed_at),
                summary,
            })
        };
        Ok((rows.into_iter().map(line).collect::<Result<_, Trouble>>()?, next))
    }

    /// A report as this viewer may read it: without the reporter for those who may not know them.
    pub async fn read_report(&self, viewer: &Viewer, may: &Allowed, row: &ReportRow) -> Result<Report, Trouble> {
        if may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        // The proof says that this viewer is not excluded.
        let reading = reading_of(viewer, may.object())?;
        Ok(self.load_report(&reading).await?.state)
    }
}
