//! A list of duties as a table to take along, made piece by piece so that a long one never fills the memory.

use crate::duties::{After, DutyFilter, DutyLine};
use crate::{App, Trouble};
use documents::csv::{Mark, table};
use domain::permission::{Action, Viewer};
use domain::time::Instant;
use store::DutyStanding;

/// The most duties in one table. A longer list is narrowed first.
pub const MOST: usize = 10_000;
/// Duties read at a time.
const PIECE: u32 = 500;

/// How far a table of duties has come.
#[derive(Clone, Debug, Default)]
pub struct DutySheet {
    after: Option<After>,
    written: usize,
    begun: bool,
    done: bool,
}

impl App {
    /// The next piece of the table, or `None` at its end. The last line says so when the table was cut.
    pub async fn export_duties(
        &self,
        viewer: &Viewer,
        filter: &DutyFilter,
        sheet: &mut DutySheet,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        if sheet.done {
            return Ok(None);
        }
        self.may_export(viewer)?;
        let (lines, next) = self.duties_in(viewer, Action::Export, filter, sheet.after.take(), PIECE).await?;
        let mut rows: Vec<Vec<String>> = lines.iter().map(|line| self.cells_of_duty(viewer, line)).collect();
        sheet.written += rows.len();
        sheet.done = next.is_none();
        if sheet.written >= MOST && next.is_some() {
            sheet.done = true;
            rows.push(vec![format!("Cut here: one table holds {MOST} duties. Narrow the list and take it again.")]);
        }
        sheet.after = next;
        if !sheet.begun {
            sheet.begun = true;
            return Ok(Some(table(HEAD.map(str::to_owned).to_vec(), rows, Mark::Utf8)));
        }
        let mut rows = rows.into_iter();
        // The table writes its first row as a header; here that is the first of the rows.
        Ok(Some(rows.next().map_or_else(Vec::new, |first| table(first, rows, Mark::None))))
    }

    fn cells_of_duty(&self, viewer: &Viewer, line: &DutyLine) -> Vec<String> {
        let zone = self.zone_of(viewer.tenant);
        let duty = &line.duty;
        let rule = line.rule(self);
        let at = |at: Option<Instant>| {
            at.map(|at| at.in_zone(&zone).strftime("%Y-%m-%d %H:%M %Z").to_string()).unwrap_or_default()
        };
        let due = match (duty.due, duty.whole_day) {
            (Some(due), true) => due.day_in(&zone).to_string(),
            (due, _) => at(due),
        };
        let stands = match (duty.standing, duty.excused) {
            (DutyStanding::Open, _) if duty.late_after.is_some_and(|late| viewer.now > late) => "late",
            (DutyStanding::Open, _) => "open",
            (DutyStanding::Answered, true) => "let go",
            (DutyStanding::Answered, false)
                if duty.late_after.zip(duty.answered_at).is_some_and(|(late, at)| at > late) =>
            {
                "answered for, late"
            }
            (DutyStanding::Answered, false) => "answered for",
            (DutyStanding::Left, _) => "left",
        };
        let owed_by = rule.and_then(|(pack, rule)| pack.role(&rule.actor)).map(|role| role.title.en.clone());
        vec![
            line.reference.clone(),
            line.summary.title.clone(),
            self.directory().unit(duty.unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default(),
            duty.lead.map(|lead| self.name_of(lead)).unwrap_or_default(),
            rule.map_or_else(|| duty.rule.clone(), |(_, rule)| rule.title.clone()),
            rule.map(|(pack, _)| pack.title.clone()).unwrap_or_default(),
            line.cite(self),
            owed_by.unwrap_or_default(),
            due,
            at(duty.late_after),
            stands.to_owned(),
            at(duty.answered_at),
        ]
    }
}

const HEAD: [&str; 12] = [
    "reference",
    "title",
    "unit",
    "lead",
    "duty",
    "policy or law",
    "clause",
    "owed by",
    "due",
    "late after",
    "stands",
    "answered at",
];
