//! The recommended measures: a table that an administrator enters, and what each unit did about them.

use super::Board;
use crate::directory::{Directory, Unit};
use crate::{App, Trouble};
use domain::ids::{EntryId, UnitId};
use domain::organisation::readiness::decide::mend;
use domain::organisation::readiness::{Answered, Measure, Outcome};
use domain::pack::{ChoiceId, Level, RoleId};
use domain::permission::{Action, Viewer};
use domain::text::Line;

/// A line of the table as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its line, from 1.
    pub line: usize,
    /// At which level.
    pub level: u8,
    /// Of which kind, by its id or its words.
    pub kind: String,
    /// What is done.
    pub what: Line<400>,
    /// Whose it is, by the role's id or title.
    pub responsible: String,
}

/// Reads a table: level, kind, measure, responsible, parted by commas; a first line with these words is passed over.
pub fn read_table(text: &str) -> Result<Vec<Listed>, Trouble> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let line = at + 1;
        let wrong = |what: &str| Trouble::Mend(vec![mend("table", format!("Line {line}: {what}"))]);
        let record = record.map_err(|_| wrong("this cannot be read. Part level, kind, measure and role by commas."))?;
        let cell = |n: usize| record.get(n).unwrap_or_default();
        if record.iter().all(str::is_empty) || (at == 0 && cell(0).eq_ignore_ascii_case("level")) {
            continue;
        }
        let level = cell(0).parse().map_err(|_| wrong("the first cell is the number of the level."))?;
        let what = Line::parse(cell(2)).map_err(|_| wrong("write the measure, in at most 400 characters."))?;
        rows.push(Listed { line, level, kind: cell(1).to_owned(), what, responsible: cell(3).to_owned() });
    }
    if rows.is_empty() {
        return Err(Trouble::Mend(vec![mend("table", "Write at least one line: level, kind, measure, responsible.")]));
    }
    Ok(rows)
}

impl Board<'_> {
    /// The units that carry out what is a role's to do: each unit for a role that every unit has, otherwise the head office.
    pub fn carries_out<'d>(&self, directory: &'d Directory, role: &RoleId) -> Vec<&'d Unit> {
        match self.capacity(role) {
            Some((_, Level::Unit)) => self.units(directory),
            _ => directory.unit(self.head).into_iter().collect(),
        }
    }

    /// Who carries out the measures in a unit by its plan in force, in one line.
    pub fn carried_out_by(&self, directory: &Directory, unit: UnitId) -> String {
        let plans = directory.agency(self.tenant).map(|agency| &agency.plans);
        let people = plans.zip(self.pack.plan.as_ref()).map(|(plans, rules)| plans.carry_out(unit, rules));
        people.unwrap_or_default().into_iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
    }

    fn named_kind(&self, words: &str) -> Option<&ChoiceId> {
        let same = |kind: &&domain::pack::Named| {
            kind.id.as_str().eq_ignore_ascii_case(words) || kind.says.eq_ignore_ascii_case(words)
        };
        self.rules.kinds.iter().find(same).map(|kind| &kind.id)
    }

    fn named_role(&self, words: &str) -> Option<&RoleId> {
        let same = |role: &&domain::pack::Role| {
            role.id.as_str().eq_ignore_ascii_case(words) || role.title.en.eq_ignore_ascii_case(words)
        };
        self.pack.roles.iter().find(same).map(|role| &role.id)
    }
}

impl App {
    /// Puts a table of measures in place of the present one. An administrator does this, or whoever declares the level.
    pub async fn set_measures(&self, viewer: &Viewer, table: &[Listed]) -> Result<usize, Trouble> {
        let board = self.readiness(viewer)?;
        if self.allow_administering(viewer, Action::Administer).is_err() && !self.declares(viewer, &board) {
            return Err(Trouble::NotFound);
        }
        let ids: Vec<EntryId> = table.iter().map(|_| self.draw()).collect();
        let by = viewer.account;
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let mut wrong = Vec::new();
            let mut measures = Vec::new();
            for (row, id) in table.iter().zip(&ids) {
                let (kind, role) = (board.named_kind(&row.kind), board.named_role(&row.responsible));
                let mut say = |what: String| wrong.push(mend("table", format!("Line {}: {what}", row.line)));
                if board.rules.level(row.level).is_none() {
                    say(format!("there is no level {}.", row.level));
                }
                if kind.is_none() {
                    let kinds: Vec<&str> = board.rules.kinds.iter().map(|kind| kind.says.as_str()).collect();
                    say(format!("“{}” is no kind of measure. Write one of: {}.", row.kind, kinds.join(", ")));
                }
                if role.is_none() {
                    say(format!(
                        "the policy knows no role “{}”. Write one such as {}.",
                        row.responsible, board.rules.decided_by
                    ));
                }
                if let (Some(kind), Some(role)) = (kind, role) {
                    measures.push(Measure {
                        id: *id,
                        level: row.level,
                        kind: kind.clone(),
                        what: row.what.clone(),
                        responsible: role.clone(),
                        from: standing.now,
                        until: None,
                    });
                }
            }
            if !wrong.is_empty() {
                return Err(wrong.into());
            }
            Ok((board.readiness.set_measures(measures, standing.now, board.rules)?, Vec::new()))
        })
        .await?;
        Ok(table.len())
    }

    /// Says what became of a measure in a unit while a level lasts.
    pub async fn answer_measure(
        &self,
        viewer: &Viewer,
        (step, measure): (EntryId, EntryId),
        unit: UnitId,
        outcome: &Outcome,
    ) -> Result<(), Trouble> {
        let board = self.readiness(viewer)?;
        if !self.speaks_for(viewer, &board, unit) {
            return Err(Trouble::NotFound);
        }
        let by = viewer.account;
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let known = board.readiness.measures.iter().find(|known| known.id == measure).ok_or(Trouble::NotFound)?;
            if board.carries_out(standing.directory, &known.responsible).iter().all(|carries| carries.id != unit) {
                return Err(Trouble::NotFound);
            }
            let outcome = outcome.clone();
            let entry = Answered { step, measure, unit, outcome, by, at: standing.now };
            Ok((board.readiness.answer_measure(entry, &board.timeline)?, Vec::new()))
        })
        .await
    }
}
