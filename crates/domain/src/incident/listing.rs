//! An incident in one line: what lists, search and statistics need, as a function of the incident.

use super::{FieldValue, Incident, Severity};
use crate::actor::Section;
use crate::ids::{AccountId, UnitId};
use crate::reference::IncidentReference;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Where an incident stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Being worked.
    Open,
    /// Every duty answered for.
    Closed,
    /// Opened by mistake.
    Withdrawn,
}

/// The line of an incident: plain columns to sort and filter by, and a readable part that is sealed at rest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// The printed reference.
    pub reference: IncidentReference,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// When it was opened; for an imported record, the day it was submitted at the source.
    pub opened_at: Instant,
    /// Where it stands.
    pub standing: Standing,
    /// Who leads it.
    pub lead: Option<AccountId>,
    /// The nearest open duty with a date.
    pub next_due: Option<Instant>,
    /// The stream version that this line reflects.
    pub version: u32,
    /// The readable part.
    pub summary: SummaryOfIncident,
}

/// The readable part of an incident's line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SummaryOfIncident {
    /// What it is called.
    pub title: String,
    /// Kinds: the pack's categories, or the source's own kinds of an imported record.
    pub kinds: Vec<String>,
    /// Where the information was.
    pub locations: Vec<String>,
    /// State or territory of an imported record.
    pub place: Option<String>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// People affected, as far as counted.
    pub people: Option<u64>,
    /// Open duties.
    pub duties: u32,
    /// Where it came from, when it was imported.
    pub source: Option<String>,
    /// Civil year of opening in the agency's zone, under which it is counted.
    pub year: i16,
    /// Choices made on its sheets, each once. Left out while there are none, so that lines written before there were
    /// sheets keep their digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Amounts on its sheets, added up field by field. Left out while there are none, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<Sum>,
}

/// What the amounts in a field of one incident come to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Sum {
    /// `sheet.field`
    pub field: String,
    /// The sum, in hundredths.
    pub amount: u64,
}

/// A choice of a field, by which incidents are counted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// `sheet.field`
    pub field: String,
    /// The choice.
    pub choice: String,
}

impl Mark {
    /// What stands for the field in the mark of a class of systems; no sheet has a name like it.
    pub const SYSTEM: &'static str = "system";
}

impl Incident {
    /// The line of this incident; `None` before it was opened. `zone` decides the civil year.
    pub fn listing(&self, zone: &crate::time::Zone) -> Option<Listing> {
        let opening = self.opening.as_ref()?;
        let imported = opening.imported.as_ref();
        let opened_at = match imported {
            Some(record) => zone.start_of_day(record.submitted),
            None => self.opened_at?,
        };
        let words = |lines: &[crate::text::Line<120>]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let open = self.duties.values().filter(|d| d.met.is_none());
        Some(Listing {
            reference: opening.reference.clone(),
            unit: opening.unit,
            opened_at,
            standing: self.standing,
            lead: self.lead,
            next_due: open.clone().filter_map(|d| d.duty.due.by).min(),
            version: self.version,
            summary: SummaryOfIncident {
                title: opening.title.to_string(),
                kinds: match imported {
                    Some(record) => words(&record.kinds),
                    None => opening.categories.iter().map(ToString::to_string).collect(),
                },
                locations: imported.map(|record| words(&record.locations)).unwrap_or_default(),
                place: imported.and_then(|record| record.place.as_ref().map(ToString::to_string)),
                severity: self.severity,
                people: self.people.as_ref().map(|count| count.people),
                duties: u32::try_from(open.count()).unwrap_or(u32::MAX),
                source: imported.map(|record| record.source.to_string()),
                year: opened_at.day_in(zone).year(),
                marks: self.marks(),
                sums: self.sums(),
            },
        })
    }

    /// Whether a field is added up over incidents is the policy's to say; here every amount is told.
    fn sums(&self) -> Vec<Sum> {
        let mut sums: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
        for entry in self.sheets.iter().filter(|e| e.struck.is_none() && e.section == Section::Officer) {
            for (field, value) in &entry.values {
                if let FieldValue::Amount(amount) = value {
                    let sum = sums.entry(format!("{}.{field}", entry.sheet)).or_default();
                    *sum = sum.saturating_add(*amount);
                }
            }
        }
        sums.into_iter().map(|(field, amount)| Sum { field, amount }).collect()
    }

    /// What is sealed for counsel, personnel or the keepers of evidence is counted nowhere.
    fn marks(&self) -> Vec<Mark> {
        let entries = self.sheets.iter().filter(|e| e.struck.is_none() && e.section == Section::Officer);
        let chosen = entries.flat_map(|entry| {
            entry.values.keys().flat_map(move |field| {
                let name = format!("{}.{field}", entry.sheet);
                entry.chosen(field).iter().map(move |c| Mark { field: name.clone(), choice: c.to_string() })
            })
        });
        let systems = self.systems.iter().filter(|s| s.counted).filter_map(|s| s.class.as_ref());
        let systems = systems.map(|class| Mark { field: Mark::SYSTEM.to_owned(), choice: class.to_string() });
        let mut marks: Vec<Mark> = chosen.chain(systems).collect();
        marks.sort();
        marks.dedup();
        marks
    }
}
