//! Readiness levels as a policy has them: their names, what moves them, what is done at each, and what a report of a
//! change has to say. Most policies have none.

use super::{ChoiceId, ClauseId, FieldId, LocalId, NoteId, RoleId, SlotId, Words};
use serde::{Deserialize, Serialize};

/// The readiness scheme of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadinessRules {
    /// What the policy calls it: `INFOCON`.
    pub title: String,
    /// Who declares the level; others propose.
    pub decided_by: RoleId,
    /// The level is never below the one that the state tells.
    pub floor: bool,
    /// Units hold the level of the head office and have none of their own; they acknowledge each change.
    pub equal_units: bool,
    /// Who gets the report of a change.
    pub reported_to: Vec<RoleId>,
    /// Those of them whom nobody leaves out.
    pub always_told: Vec<RoleId>,
    /// The document with the recommended measures, which an administrator enters as a table.
    pub measures: SlotId,
    /// Levels, the lowest first.
    pub levels: Vec<ReadinessLevel>,
    /// What reasons for a level can be marked with.
    pub activities: Vec<Named>,
    /// What drives the level.
    pub factors: Vec<Factor>,
    /// What a declaration weighs.
    pub weighed: Vec<Weighed>,
    /// Kinds of measures, in order.
    pub kinds: Vec<Named>,
    /// The report of a change, field by field.
    pub fields: Vec<ReportField>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A level. Its number is its place, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadinessLevel {
    /// Its name.
    pub name: Words,
    /// The local value that says how often a summary is due while it lasts.
    pub summaries: Option<LocalId>,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// A word of the scheme with what people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Slug.
    pub id: ChoiceId,
    /// What people read.
    pub says: String,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// A kind of reasons that drive the level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Slug.
    pub id: ChoiceId,
    /// What people read.
    pub says: String,
    /// Only whoever declares the level reads what is written about it, and it goes into no report.
    pub restricted: bool,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// Something that a declaration weighs, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// Slug.
    pub id: ChoiceId,
    /// What people read.
    pub says: String,
    /// “Not known” is an answer.
    pub or_unknown: bool,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// A field of the report of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportField {
    /// Slug.
    pub id: FieldId,
    /// What people read.
    pub label: String,
    /// A second line.
    pub help: Option<String>,
    /// What it takes.
    pub kind: ReportFieldKind,
    /// Choices of a field that chooses.
    pub choices: Vec<Named>,
    /// Columns of a field of rows.
    pub columns: Vec<Named>,
    /// The lowest level at whose report it stands.
    pub from_level: u8,
    /// The report waits for it.
    pub needed: bool,
    /// One of the fields with the same word here is enough.
    pub one_of: Option<String>,
    /// The statement that may stand in place of a list.
    pub or_none: Option<String>,
    /// What it is filled with beforehand.
    pub filled_with: Option<FilledWith>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}

/// What a field of a report takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportFieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// The day of the report, never in the future.
    Day,
    /// The time of the report, in the zone of the agency.
    Time,
    /// The level as declared; nobody changes it in the report.
    Level,
    /// One of its choices.
    ChooseOne,
    /// Things, one a line.
    List,
    /// Rows with its columns.
    Rows,
    /// Things with a rank from 1, no two alike.
    Ranked,
}

/// What a field of a report is filled with beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilledWith {
    /// The name of the agency.
    Organization,
    /// Where the declaring unit is: as the last report said, at first the unit's name.
    Location,
    /// The moment at which the page is opened.
    Now,
    /// The reason of the declaration.
    Reason,
    /// Offers the measures that were done at this level.
    MeasuresDone,
    /// The name of whoever writes the report.
    ContactName,
    /// Their role.
    ContactTitle,
    /// Their address and number.
    ContactReach,
}

impl ReadinessRules {
    /// The level with this number, from 1.
    pub fn level(&self, number: u8) -> Option<&ReadinessLevel> {
        self.levels.get(usize::from(number).checked_sub(1)?)
    }

    /// “4 Limited attack”: number and name, always together, because scales differ.
    pub fn says(&self, number: u8) -> String {
        self.level(number).map_or_else(|| number.to_string(), |level| format!("{number} {}", level.name.en))
    }

    /// The highest level.
    pub fn top(&self) -> u8 {
        u8::try_from(self.levels.len()).unwrap_or(u8::MAX)
    }

    /// The fields of a report at a level.
    pub fn fields_at(&self, level: u8) -> impl Iterator<Item = &ReportField> {
        self.fields.iter().filter(move |field| field.from_level <= level)
    }

    /// The factor with this id.
    pub fn factor(&self, id: &ChoiceId) -> Option<&Factor> {
        self.factors.iter().find(|f| f.id == *id)
    }

    /// What people read of an activity.
    pub fn activity(&self, id: &ChoiceId) -> Option<&Named> {
        self.activities.iter().find(|a| a.id == *id)
    }

    /// The kind of measures with this id.
    pub fn kind(&self, id: &ChoiceId) -> Option<&Named> {
        self.kinds.iter().find(|k| k.id == *id)
    }
}
