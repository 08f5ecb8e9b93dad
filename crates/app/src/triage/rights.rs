//! A report or an incident, with the right to do something with it.

use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::AccountId;
use domain::permission::{Action, Allowed, Object, Viewer, decide, participant_allows};
use store::{IncidentRow, ReportRow};

impl App {
    /// A report and the right to do something with it. One that is not there, belongs to others, or that the viewer
    /// must not learn of gives the same answer.
    pub async fn allow_on_report(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, ReportRow), Trouble> {
        let found = self.store().report_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let (stream, unit) = (row.id.into(), row.handling_unit);
        let case = |invited| Object::Case { stream, tenant: row.tenant, unit, excluded, invited };
        match (decide(viewer, action, case(false), section), row.incident) {
            (Ok(may), _) => Ok((may, row)),
            // Whoever takes part in the incident that came of it reads it as well.
            (Err(_), Some(incident))
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, incident).await? =>
            {
                Ok((decide(viewer, action, case(true), section)?, row))
            }
            (Err(denied), _) => Err(denied.into()),
        }
    }

    /// An incident and the right to do something with it.
    pub async fn allow_on_incident(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, IncidentRow), Trouble> {
        let found = self.store().incident_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let case =
            |invited| Object::Case { stream: row.id.into(), tenant: row.tenant, unit: row.unit, excluded, invited };
        match decide(viewer, action, case(false), section) {
            Ok(may) => Ok((may, row)),
            // Only where a part in the case could allow it is the record asked whether there is one.
            Err(_)
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, row.id).await? =>
            {
                Ok((decide(viewer, action, case(true), section)?, row))
            }
            Err(denied) => Err(denied.into()),
        }
    }

    /// As [`App::allow_on_incident`], with everybody who must not learn of it: for the page that says so.
    pub async fn allow_on_incident_and_excluded(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
        section: Section,
    ) -> Result<(Allowed, IncidentRow, Vec<AccountId>), Trouble> {
        let row = self.store().incident_by_reference(viewer.tenant, reference).await?.ok_or(Trouble::NotFound)?;
        let kept_from = self.store().exclusions(row.id.into()).await?;
        let excluded = kept_from.contains(&viewer.account);
        let (stream, tenant, unit) = (row.id.into(), row.tenant, row.unit);
        let case = |invited| Object::Case { stream, tenant, unit, excluded, invited };
        let may = match decide(viewer, action, case(false), section) {
            Err(_)
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, row.tenant, row.id).await? =>
            {
                decide(viewer, action, case(true), section)?
            }
            decided => decided?,
        };
        Ok((may, row, kept_from))
    }
}
