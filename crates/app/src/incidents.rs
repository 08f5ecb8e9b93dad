//! Lists of incidents and search: newest first, a page at a time, at a cost that does not grow with what exists.

use crate::record::open_summary;
use crate::words::{Facet, PEOPLE_STEPS, word_token, words_of};
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, IncidentId, UnitId};
use domain::incident::{Incident, SummaryOfIncident};
use domain::permission::{Action, Allowed, Viewer, reading_of};
use domain::time::Instant;
use store::{IncidentQuery, IncidentRow, IncidentState};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must all be found.
    pub words: String,
    /// Where it stands.
    pub state: Option<IncidentState>,
    /// A unit, with those below it.
    pub unit: Option<UnitId>,
    /// A kind.
    pub kind: Option<String>,
    /// Where the information was.
    pub location: Option<String>,
    /// A state or territory, two letters.
    pub place: Option<String>,
    /// A civil year.
    pub year: Option<i16>,
    /// At least so many people: one of [`PEOPLE_STEPS`], rounded down.
    pub people: Option<u64>,
    /// Waits for this: `dated-duty`, `personnel-part`, `others`, `particulars`.
    pub waits: Option<&'static str>,
    /// Has an entry in the register that this sheet is.
    pub entered: Option<String>,
    /// At least one of these, where there are any.
    pub any_of: Vec<Facet<'static>>,
}

/// One line of a list.
#[derive(Clone, Debug)]
pub struct IncidentLine {
    /// The incident.
    pub id: IncidentId,
    /// Its place in the order; the cursor of a page that ends here.
    pub n: i64,
    /// Its reference.
    pub reference: String,
    /// Its unit.
    pub unit: UnitId,
    /// When it was opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub state: IncidentState,
    /// Who leads it.
    pub lead: Option<AccountId>,
    /// Its nearest duty with a date.
    pub next_due: Option<Instant>,
    /// The readable part.
    pub summary: SummaryOfIncident,
}

impl IncidentLine {
    /// The line of a row, with its readable part opened.
    pub(crate) fn of(row: IncidentRow, summary: SummaryOfIncident) -> Self {
        Self {
            id: row.id,
            n: row.n,
            reference: row.reference,
            unit: row.unit,
            opened_at: row.opened_at,
            state: row.state,
            lead: row.lead,
            next_due: row.next_due,
            summary,
        }
    }
}

impl App {
    /// Incidents that this viewer may see, newest first, and the cursor of the next page when there is one.
    pub async fn list_incidents(
        &self,
        viewer: &Viewer,
        filter: &Filter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<IncidentLine>, Option<i64>), Trouble> {
        self.list_in_section(viewer, Section::Officer, filter, before, limit).await
    }

    /// As [`App::list_incidents`], for those who read another section of the case.
    pub(crate) async fn list_in_section(
        &self,
        viewer: &Viewer,
        section: Section,
        filter: &Filter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<IncidentLine>, Option<i64>), Trouble> {
        self.list_for(viewer, (Action::Read, section), filter, before, limit).await
    }

    /// As [`App::list_incidents`], for those who may do this in that section.
    pub(crate) async fn list_for(
        &self,
        viewer: &Viewer,
        (action, section): (Action, Section),
        filter: &Filter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<IncidentLine>, Option<i64>), Trouble> {
        let may = self.allow_in_agency(viewer, action, section)?;
        let query = self.query(viewer, (action, section), may.tenant(), filter, before, limit + 1)?;
        let mut rows = self.store().list_incidents(&query).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.n);
        let keyring = self.keyring();
        let line = |row: IncidentRow| {
            let summary = open_summary(&keyring, row.tenant, row.id.bytes(), &row.summary)?;
            Ok(IncidentLine::of(row, summary))
        };
        Ok((rows.into_iter().map(line).collect::<Result<_, Trouble>>()?, next))
    }

    fn query(
        &self,
        viewer: &Viewer,
        (action, section): (Action, Section),
        tenant: domain::ids::TenantId,
        filter: &Filter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<IncidentQuery, Trouble> {
        let keyring = self.keyring();
        let token = |facet: Facet<'_>| facet.token(&keyring, tenant);
        let step = filter.people.and_then(|n| PEOPLE_STEPS.iter().rev().find(|step| **step <= n));
        let facets = [
            filter.unit.map(Facet::Under),
            filter.kind.as_deref().map(Facet::Kind),
            filter.location.as_deref().map(Facet::Location),
            filter.place.as_deref().map(Facet::Place),
            filter.year.map(Facet::Year),
            step.map(|step| Facet::People(*step)),
            filter.waits.map(Facet::Waits),
            filter.entered.as_deref().map(Facet::Entered),
        ];
        let words = words_of(&filter.words);
        let words = words.iter().map(|w| word_token(&keyring, tenant, w));
        let all = words.chain(facets.into_iter().flatten().map(token)).collect::<Result<_, _>>()?;
        // Scope is part of the query itself, so that neither a page nor its end says anything about what lies outside.
        let scope = viewer.scope(action, section);
        let any =
            scope.map(|units| units.into_iter().map(|unit| token(Facet::Under(unit))).collect::<Result<Vec<_>, _>>());
        let any = any.transpose()?;
        let one_of = filter.any_of.iter().map(|facet| token(*facet)).collect::<Result<Vec<_>, _>>()?;
        let one_of = Some(one_of).filter(|tokens| !tokens.is_empty());
        Ok(IncidentQuery {
            tenant,
            state: filter.state,
            all,
            any: any.into_iter().chain(one_of).collect(),
            viewer: viewer.account,
            before,
            limit,
        })
    }

    /// An incident as this viewer may read it: parts that are not theirs are not opened.
    pub async fn read_incident(&self, viewer: &Viewer, may: &Allowed, row: &IncidentRow) -> Result<Incident, Trouble> {
        if may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let reading = reading_of(viewer, may.object())?;
        Ok(self.load_incident(&reading).await?.state)
    }
}
