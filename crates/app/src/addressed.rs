//! Reports that are addressed to a desk without an inbox: the help desk, when the officer is away or the reporter chose it.
//! Its people see these reports and no others.

use crate::inbox::InboxLine;
use crate::record::open_summary;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::UnitId;
use domain::pack::{Capacity, RoleId};
use domain::permission::{Action, Allowed, Object, Viewer, decide, reading_addressed};
use domain::report::{Report, SummaryOfReport};
use domain::time::Instant;
use store::{ReportQuery, ReportRow, ReportState};

/// The reports looked through at once: those that wait in an agency are few, because somebody decides about each.
const LOOKED_THROUGH: u32 = 300;

impl App {
    /// Whether a role of the policy under which a report was taken is a desk.
    fn is_desk(&self, unit: UnitId, at: Instant, role: &RoleId) -> bool {
        let pack = self.pack_for_report(unit, at).ok();
        pack.and_then(|pack| pack.role(role)).is_some_and(|role| role.capacity == Capacity::HelpDesk)
    }

    /// Reports that are addressed to this viewer's desk and that nobody has decided, the most urgent first.
    pub async fn addressed(&self, viewer: &Viewer) -> Result<Vec<InboxLine>, Trouble> {
        let may = self.allow_in_agency(viewer, Action::TakeAddressed, Section::Report)?;
        let query = ReportQuery {
            tenant: may.tenant(),
            units: viewer.scope(Action::TakeAddressed, Section::Report),
            states: vec![ReportState::Waiting, ReportState::Asked],
            viewer: viewer.account,
            after: None,
            limit: LOOKED_THROUGH,
        };
        let keyring = self.keyring();
        let mut lines = Vec::new();
        for row in self.store().list_reports(&query).await? {
            let summary: SummaryOfReport = open_summary(&keyring, row.tenant, row.id.bytes(), &row.summary)?;
            let theirs = summary.sent_to.as_ref().is_some_and(|(to, _)| self.is_desk(row.unit, row.received_at, to));
            if theirs {
                lines.push(InboxLine {
                    id: row.id,
                    reference: row.reference,
                    unit: row.unit,
                    received_at: row.received_at,
                    state: row.state,
                    urgency: row.urgency,
                    claimed: row.claimed_by.zip(row.claimed_at),
                    summary,
                });
            }
        }
        Ok(lines)
    }

    /// A report that is addressed to this viewer's desk, decided or not, as far as the desk reads it.
    pub async fn addressed_report(
        &self,
        viewer: &Viewer,
        reference: &str,
    ) -> Result<(Allowed, ReportRow, Report), Trouble> {
        let found = self.store().report_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let (stream, unit) = (row.id.into(), row.handling_unit);
        let object = Object::Case { stream, tenant: row.tenant, unit, excluded, invited: false };
        let may = decide(viewer, Action::TakeAddressed, object, Section::Report)?;
        let reading = reading_addressed(viewer, row.id.into(), row.tenant, row.handling_unit, excluded)?;
        let report = self.load_report(&reading).await?.state;
        let to = report.routed.as_ref().and_then(|routed| routed.to.as_ref());
        to.filter(|to| self.is_desk(row.unit, row.received_at, to)).ok_or(Trouble::NotFound)?;
        Ok((may, row, report))
    }
}
