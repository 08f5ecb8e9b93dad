//! Letting somebody take part in one incident, and ending that: the record says who may look, and is asked each time.

use crate::incidents::IncidentLine;
use crate::record::open_summary;
use crate::words::Facet;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, IncidentId, StreamId, TenantId};
use domain::incident::{Command, Incident, Participant};
use domain::pack::Pack;
use domain::permission::{Action, Allowed, Object, Reading, Viewer, decide, reading_of};
use domain::text::Note;
use store::{IncidentQuery, IncidentRow};

/// Incidents that somebody takes part in are few; more than so many are found by search.
const MOST: u32 = 20;

impl App {
    /// Whether the record says that this viewer takes part now. One statement of the store.
    pub(crate) async fn takes_part(
        &self,
        viewer: &Viewer,
        tenant: TenantId,
        incident: IncidentId,
    ) -> Result<bool, Trouble> {
        if tenant != viewer.tenant {
            return Ok(false);
        }
        let incident = self.load_incident(&Reading::by_the_product(incident.into(), tenant)).await?.state;
        let pack = self.pack_of_incident(&incident)?;
        Ok(incident.takes_part(viewer.account, viewer.now, &pack.zone))
    }

    /// The proof of somebody who reads a case by a role and takes part in it besides: it allows what either does.
    pub fn with_part(&self, viewer: &Viewer, may: Allowed, incident: &Incident) -> Result<(Allowed, bool), Trouble> {
        let Object::Case { stream, tenant, unit, excluded, invited } = *may.object() else { return Ok((may, false)) };
        // Of a record that was disposed of nothing is left that somebody could take part in.
        let Ok(pack) = self.pack_of_incident(incident) else { return Ok((may, false)) };
        let zone = &pack.zone;
        if invited || !incident.takes_part(viewer.account, viewer.now, zone) {
            return Ok((may, false));
        }
        let object = Object::Case { stream, tenant, unit, excluded, invited: true };
        Ok((decide(viewer, may.action(), object, may.section())?, true))
    }

    /// People who always take part: those who hold the roles that the policy names, for the unit of the incident.
    pub fn always_take_part(&self, row: &IncidentRow, pack: &Pack) -> Vec<(AccountId, String)> {
        let directory = self.directory();
        let roles = pack.participants.iter().flat_map(|p| &p.always).filter_map(|id| pack.role(id));
        let holders = roles.flat_map(|role| {
            let holders = directory.holders(role.capacity, row.unit, self.now());
            holders.into_iter().map(move |person| (person.id, role.title.en.clone()))
        });
        let mut known: Vec<(AccountId, String)> = Vec::new();
        // Somebody in two of these roles takes part once.
        for holder in holders {
            if !known.iter().any(|(person, _)| *person == holder.0) {
                known.push(holder);
            }
        }
        known
    }

    /// Lets somebody take part.
    pub async fn add_participant(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        participant: &Participant,
    ) -> Result<(), Trouble> {
        decides(may, row)?;
        let kept_from = self.store().exclusions(row.id.into()).await?;
        if kept_from.contains(&participant.account) {
            let name = self.name_of(participant.account);
            return Err(Trouble::Refused(format!(
                "This incident is kept from {name}, so they cannot take part in it."
            )));
        }
        self.act(may, row, None, |_, pack| {
            self.refuse_always(row, pack, participant.account)?;
            Ok(Command::AddParticipant(participant.clone()))
        })
        .await
        .map(|_| ())
    }

    /// Ends somebody's part: from then on the incident is closed to them, unless a role opens it.
    pub async fn remove_participant(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        account: AccountId,
        reason: &Note,
    ) -> Result<(), Trouble> {
        decides(may, row)?;
        self.act(may, row, None, |_, pack| {
            self.refuse_always(row, pack, account)?;
            Ok(Command::RemoveParticipant(account, reason.clone()))
        })
        .await
        .map(|_| ())
    }

    fn refuse_always(&self, row: &IncidentRow, pack: &Pack, account: AccountId) -> Result<(), Trouble> {
        let always = self.always_take_part(row, pack);
        let Some((_, role)) = always.iter().find(|(person, _)| *person == account) else { return Ok(()) };
        let name = self.name_of(account);
        Err(Trouble::Refused(format!("{name} takes part as {role}, always. The policy lets nobody take that away.")))
    }

    /// Incidents that this viewer takes part in now, whatever their roles, the newest first. Two statements of the store.
    pub async fn taking_part(&self, viewer: &Viewer) -> Result<Vec<IncidentLine>, Trouble> {
        let keyring = self.keyring();
        let query = IncidentQuery {
            tenant: viewer.tenant,
            state: None,
            all: vec![Facet::Participant(viewer.account).token(&keyring, viewer.tenant)?],
            any: Vec::new(),
            viewer: viewer.account,
            before: None,
            limit: MOST,
        };
        let mut lines = Vec::new();
        for row in self.store().list_incidents(&query).await? {
            let summary = open_summary(&keyring, row.tenant, row.id.bytes(), &row.summary)?;
            lines.push(IncidentLine::of(row, summary));
        }
        if lines.is_empty() {
            return Ok(lines);
        }
        // The list left out whatever this viewer is excluded from. A part that ran out is found when it is read.
        let part = |line: &IncidentLine| {
            let (stream, tenant, unit) = (StreamId::from(line.id), viewer.tenant, line.unit);
            let object = Object::Case { stream, tenant, unit, excluded: false, invited: true };
            Ok::<_, Trouble>((line.id, reading_of(viewer, &object)?))
        };
        let readings = lines.iter().map(part).collect::<Result<Vec<_>, _>>()?;
        let states = self.read_states(viewer.tenant, readings).await?;
        lines.retain(|line| {
            let state = states.get(&line.id.into());
            let zone = state.and_then(|state| self.pack_of_incident(state).ok()).map(|pack| &pack.zone);
            state.zip(zone).is_some_and(|(state, zone)| state.takes_part(viewer.account, viewer.now, zone))
        });
        Ok(lines)
    }
}

/// Who decides who learns of a case decides who takes part in it.
fn decides(may: &Allowed, row: &IncidentRow) -> Result<(), Trouble> {
    let right = may.action() == Action::Exclude && may.section() == Section::Officer;
    if right && may.stream() == Some(row.id.into()) { Ok(()) } else { Err(Trouble::NotFound) }
}
