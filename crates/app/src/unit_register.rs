//! The register of a unit: what one sheet holds over all its incidents, for those who may read it there.

use crate::incidents::Filter;
use crate::{App, Trouble};
use domain::ids::{IncidentId, StreamId, UnitId};
use domain::incident::{FieldValue, Incident, SheetEntry};
use domain::pack::{Sheet, SheetId};
use domain::permission::{Action, Allowed, Object, Viewer, decide, reading_of};

/// An entry, with the incident that it was made for.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The incident.
    pub incident: IncidentId,
    /// Its reference.
    pub reference: String,
    /// The entry.
    pub entry: SheetEntry,
}

/// Some of a register.
#[derive(Clone, Debug)]
pub struct Register {
    /// The sheet, as the policy of the unit has it now.
    pub sheet: Sheet,
    /// Its entries, those of the newest incident first.
    pub entries: Vec<Entered>,
    /// The cursor of the next incidents, when there are some.
    pub next: Option<i64>,
}

impl App {
    /// The register that the policy wants of a unit, narrowed to `of` in the field that tells its entries apart, over the
    /// next `limit` incidents that have entries. Somebody who may not read there learns nothing of it. Two statements of
    /// the store.
    pub async fn unit_register(
        &self,
        viewer: &Viewer,
        (action, unit, sheet): (Action, UnitId, &SheetId),
        of: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Register, Trouble> {
        let tenant = viewer.tenant;
        if self.directory().unit(unit).is_none_or(|unit| unit.tenant != tenant) {
            return Err(Trouble::NotFound);
        }
        let sheet = self.pack_for_report(unit, self.now())?.sheet(sheet);
        let sheet = sheet.filter(|sheet| sheet.register.is_some()).ok_or(Trouble::NotFound)?.clone();
        decide(viewer, action, Object::Unit { tenant, unit }, sheet.section)?;
        // The index holds the words of sheets that may be searched; whether one says just that is seen when it is read.
        let words = if sheet.section.searchable() { of.to_owned() } else { String::new() };
        let filter = Filter { words, unit: Some(unit), entered: Some(sheet.id.to_string()), ..Filter::default() };
        let (lines, next) = self.list_for(viewer, (action, sheet.section), &filter, before, limit).await?;
        // The list left out whatever this viewer is excluded from.
        let object = |id: IncidentId, unit| Object::Case {
            stream: StreamId::from(id),
            tenant,
            unit,
            excluded: false,
            invited: false,
        };
        let readings =
            lines.iter().map(|line| Ok::<_, Trouble>((line.id, reading_of(viewer, &object(line.id, line.unit))?)));
        let states = self.read_states(tenant, readings.collect::<Result<_, _>>()?).await?;
        let wanted = |entry: &&SheetEntry| of.trim().is_empty() || says(entry, &sheet, of);
        let entries = lines.iter().flat_map(|line| {
            let state: Option<&Incident> = states.get(&line.id.into());
            let entries = state.into_iter().flat_map(|state| state.entries(&sheet.id)).filter(wanted);
            entries.map(|entry| Entered { incident: line.id, reference: line.reference.clone(), entry: entry.clone() })
        });
        Ok(Register { entries: entries.collect(), next, sheet: sheet.clone() })
    }

    /// Writes down that somebody took entries of these incidents along.
    pub async fn note_register_copy(&self, viewer: &Viewer, register: &Register, unit: UnitId) -> Result<(), Trouble> {
        let mut incidents: Vec<IncidentId> = register.entries.iter().map(|entered| entered.incident).collect();
        incidents.dedup();
        for id in incidents {
            let (stream, tenant) = (StreamId::from(id), viewer.tenant);
            let case = Object::Case { stream, tenant, unit, excluded: false, invited: false };
            let may: Allowed = decide(viewer, Action::Export, case, register.sheet.section)?;
            self.note_copy(&may, &register.sheet.title).await?;
        }
        Ok(())
    }
}

/// Whether the field that tells entries apart says just that, in whatever case.
fn says(entry: &SheetEntry, sheet: &Sheet, of: &str) -> bool {
    let held = sheet.register.as_ref().and_then(|field| entry.values.get(field));
    matches!(held, Some(FieldValue::Words(words)) if words.as_str().trim().to_lowercase() == of.trim().to_lowercase())
}
