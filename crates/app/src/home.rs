//! What needs somebody now: the nearest duties across the incidents they may see, and what waits for others.

use crate::incidents::{Filter, IncidentLine};
use crate::record::open;
use crate::records::vote_of;
use crate::words::Facet;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{IncidentId, StreamId, TenantId};
use domain::incident::{self, Incident, concurrence_wanted};
use domain::pack::Capacity;
use domain::permission::{Action, Reading, Viewer, reading};
use std::collections::HashMap;
use store::IncidentState;

/// The newest so many incidents with a dated duty are looked through; a unit with more open at once works by list.
const LOOKED_THROUGH: u32 = 200;
/// The newest so many incidents that wait for others are looked through.
const WAITING: u32 = 50;

/// Incidents that need somebody now.
#[derive(Clone, Debug)]
pub struct AtHand {
    /// Those with a dated duty, the nearest first.
    pub due: Vec<(IncidentLine, Incident)>,
    /// How many have a dated duty in all.
    pub dated: usize,
    /// Some incidents are not among those above: a request for silence on one of them stands in the list alone.
    pub more: bool,
    /// Those with work that has no date of the law's, the oldest first.
    pub undated: Vec<(IncidentLine, Incident)>,
    /// Those that wait for somebody else, the oldest first.
    pub waiting: Vec<(IncidentLine, Incident)>,
    /// How many wait for somebody else in all.
    pub held_up: usize,
    /// Those with a question that waits for this viewer's own voice, the oldest first.
    pub votes: Vec<(IncidentLine, Incident)>,
}

impl App {
    /// Incidents that this viewer may see and that have a dated duty or wait for others, at most `most` of each. Three
    /// statements of the store.
    pub async fn at_hand(&self, viewer: &Viewer, most: usize) -> Result<AtHand, Trouble> {
        let any_of = vec![Facet::Waits("dated-duty"), Facet::Waits("work")];
        let filter = Filter { state: Some(IncidentState::Open), any_of, ..Filter::default() };
        let (open, further) = self.list_incidents(viewer, &filter, None, LOOKED_THROUGH).await?;
        let (mut due, mut undated): (Vec<_>, Vec<_>) = open.into_iter().partition(|line| line.next_due.is_some());
        let deciders = self.capacities_that_decide(viewer.tenant);
        let decides: Vec<Capacity> = viewer.roles().into_iter().filter(|role| deciders.contains(role)).collect();
        let works = viewer.scope(Action::Work, Section::Officer).is_none_or(|units| !units.is_empty());
        // For those who only decide, nothing waits for others; for those who also work, whatever waits for a vote waits
        // for others as well.
        let filter = if works || decides.is_empty() {
            Filter { waits: Some("others"), ..Filter::default() }
        } else {
            let any_of = decides.iter().map(|capacity| Facet::Waits(vote_of(*capacity))).collect();
            Filter { any_of, ..Filter::default() }
        };
        let (mut waiting, _) = self.list_incidents(viewer, &filter, None, WAITING).await?;
        let (dated, held_up) = (due.len(), waiting.len());
        let more = further.is_some() || due.len() > most || undated.len() > most;
        due.sort_by_key(|line| (line.next_due, line.id));
        due.truncate(most);
        undated.sort_by_key(|line| (line.opened_at, line.id));
        undated.truncate(most);
        waiting.sort_by_key(|line| (line.opened_at, line.id));
        let asked: Vec<IncidentLine> = if decides.is_empty() { Vec::new() } else { waiting.clone() };
        waiting.truncate(if works { most } else { 0 });
        let lines = due.iter().chain(&undated).chain(&waiting).chain(&asked);
        let states = self.read_lines(viewer, lines).await?;
        let mut votes = Vec::new();
        for line in asked {
            let Some(state) = states.get(&line.id.into()) else { continue };
            let held: Vec<Capacity> =
                decides.iter().copied().filter(|capacity| viewer.holds_for(*capacity, line.unit)).collect();
            if !concurrence_wanted(state, self.pack_of_incident(state)?, &held).is_empty() {
                votes.push((line, state.clone()));
            }
        }
        let with = |lines: Vec<IncidentLine>| {
            lines
                .into_iter()
                .filter_map(|line| Some((states.get(&line.id.into())?.clone(), line)))
                .map(|(state, line)| (line, state))
                .collect()
        };
        let held_up = if works { held_up } else { 0 };
        Ok(AtHand { due: with(due), dated, more, undated: with(undated), waiting: with(waiting), held_up, votes })
    }

    /// The incidents of some lines, as far as this viewer may read each. One statement of the store.
    pub async fn read_lines<'a>(
        &self,
        viewer: &Viewer,
        lines: impl Iterator<Item = &'a IncidentLine>,
    ) -> Result<HashMap<StreamId, Incident>, Trouble> {
        // The list left out whatever this viewer is excluded from.
        let read = |line: &IncidentLine| {
            Ok::<_, Trouble>((line.id, reading(viewer, line.id.into(), viewer.tenant, line.unit, false)?))
        };
        self.read_states(viewer.tenant, lines.map(read).collect::<Result<Vec<_>, _>>()?).await
    }

    /// Several incidents, each as far as its reading goes. One statement of the store.
    pub(crate) async fn read_states(
        &self,
        tenant: TenantId,
        readings: Vec<(IncidentId, Reading)>,
    ) -> Result<HashMap<StreamId, Incident>, Trouble> {
        let mut states: HashMap<StreamId, Incident> =
            readings.iter().map(|(id, _)| ((*id).into(), Incident::empty(*id))).collect();
        let readings: HashMap<StreamId, Reading> = readings.into_iter().map(|(id, r)| (id.into(), r)).collect();
        if states.is_empty() {
            return Ok(states);
        }
        let streams: Vec<StreamId> = states.keys().copied().collect();
        let keyring = self.keyring();
        for row in self.store().read_streams(tenant, &streams).await? {
            let (Some(state), Some(reading)) = (states.get_mut(&row.stream), readings.get(&row.stream)) else {
                continue;
            };
            let opened = open::<incident::Event>(&keyring, &row, reading)?;
            match &opened.event {
                Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                None => state.skip(&opened.header.kind, opened.header.section, opened.header.at),
            }
        }
        Ok(states)
    }

    /// Incidents that wait for human resources, for their part of the form or their review: references and units, no
    /// titles.
    pub async fn waiting_for_personnel(&self, viewer: &Viewer) -> Result<Vec<IncidentLine>, Trouble> {
        let filter = Filter { waits: Some("personnel-part"), ..Filter::default() };
        let (lines, _) = self.list_in_section(viewer, Section::Personnel, &filter, None, 50).await?;
        Ok(lines)
    }
}
