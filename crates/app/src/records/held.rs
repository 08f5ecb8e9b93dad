//! What stops disposal, for administrators, who lift a hold without seeing anything of the case it protects.

use crate::incidents::Filter;
use crate::record::open;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{EntryId, StreamId, UnitId};
use domain::incident::{self, Incident};
use domain::permission::{Action, Reading, Viewer};
use domain::time::Instant;
use std::collections::HashMap;

/// At most so many records on one page.
const MOST: u32 = 100;

/// Something that stops the disposal of a record: who and when, never why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The record.
    pub reference: String,
    /// Its unit.
    pub unit: UnitId,
    /// The hold or matter.
    pub id: EntryId,
    /// It is a hold; otherwise an open legal matter.
    pub hold: bool,
    /// An administrator may lift it: the policy itself does not keep the record for it.
    pub liftable: bool,
    /// Who placed it.
    pub by: Actor,
    /// When.
    pub at: Instant,
}

impl App {
    /// Everything that stops disposal where this viewer may lift holds. Two statements of the store.
    pub async fn held_records(&self, viewer: &Viewer) -> Result<Vec<Held>, Trouble> {
        let filter = Filter { waits: Some("hold"), ..Filter::default() };
        let right = (Action::LiftHold, Section::Officer);
        let (lines, _) = self.list_for(viewer, right, &filter, None, MOST).await?;
        let streams: Vec<StreamId> = lines.iter().map(|line| line.id.into()).collect();
        let mut states: HashMap<StreamId, Incident> =
            lines.iter().map(|line| (line.id.into(), Incident::empty(line.id))).collect();
        let keyring = self.keyring();
        let rows =
            if streams.is_empty() { Vec::new() } else { self.store().read_streams(viewer.tenant, &streams).await? };
        for row in rows {
            let Some(state) = states.get_mut(&row.stream) else { continue };
            let reading = Reading::by_the_product(row.stream, viewer.tenant);
            let opened = open::<incident::Event>(&keyring, &row, &reading)?;
            match &opened.event {
                Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                None => state.skip(&opened.header.kind, opened.header.section, opened.header.at),
            }
        }
        let mut found = Vec::new();
        for line in lines {
            let Some(state) = states.get(&line.id.into()) else { continue };
            let pack = self.pack_of_incident(state)?;
            let by_policy = pack.retention.as_ref().is_some_and(|rule| rule.until_matters_settle);
            let one = |id, hold, liftable, by, at| Held {
                reference: line.reference.clone(),
                unit: line.unit,
                id,
                hold,
                liftable,
                by,
                at,
            };
            let holds = state.keeping.standing_holds().map(|h| one(h.hold.what.id, true, true, h.hold.by, h.hold.at));
            found.extend(holds);
            let matters = state.keeping.open_matters();
            found.extend(matters.map(|m| one(m.matter.what.id, false, !by_policy, m.matter.by, m.matter.at)));
        }
        Ok(found)
    }
}
