//! A report or an incident, with the right to do something with it.

use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, IncidentId, TenantId};
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
        // Whoever takes part in the incident that came of it reads it as well.
        let may = self
            .by_role_or_part(viewer, (action, section), case, excluded, row.incident.map(|id| (row.tenant, id)))
            .await?;
        Ok((may, row))
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
        let may = self.by_role_or_part(viewer, (action, section), case, excluded, Some((row.tenant, row.id))).await?;
        Ok((may, row))
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
        let may = self.by_role_or_part(viewer, (action, section), case, excluded, Some((row.tenant, row.id))).await?;
        Ok((may, row, kept_from))
    }

    /// Decides by the viewer's roles. Only where a part in the case could allow it is the record asked whether there is
    /// one.
    async fn by_role_or_part(
        &self,
        viewer: &Viewer,
        (action, section): (Action, Section),
        case: impl Fn(bool) -> Object + Send,
        excluded: bool,
        incident: Option<(TenantId, IncidentId)>,
    ) -> Result<Allowed, Trouble> {
        match (decide(viewer, action, case(false), section), incident) {
            (Ok(may), _) => Ok(may),
            (Err(_), Some((tenant, incident)))
                if !excluded
                    && participant_allows(action, section)
                    && self.takes_part(viewer, tenant, incident).await? =>
            {
                Ok(decide(viewer, action, case(true), section)?)
            }
            (Err(denied), _) => Err(denied.into()),
        }
    }
}
