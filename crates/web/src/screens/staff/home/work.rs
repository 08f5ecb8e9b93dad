//! The part of Home that tells somebody what is theirs to do without a date of the law's: tasks, and duties of their role.
//! What nobody does, because nobody holds the role or nobody took the task, is told to whoever oversees the officers.

use app::home::AtHand;
use app::incidents::IncidentLine;
use app::{App, Trouble};
use domain::incident::{DutyState, Incident, Task, step_of};
use domain::pack::{Capacity, ClauseId, Pack, Role, Step, Term};

use super::unit_name;
use crate::{screens::staff::desk::Staff, times};

/// Lines on the page; the rest is counted.
const LINES: usize = 12;

/// Everything that is this person's to do, or nobody's.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// One line each, what is nobody's first.
    pub rows: Vec<Row>,
    /// “and 3 more”, or empty.
    pub more: String,
}

/// One thing to do.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it is done.
    pub href: String,
    /// What.
    pub what: String,
    /// The incident's reference.
    pub reference: String,
    /// What that is called, and where.
    pub about: String,
    /// Why: the clause as it is cited, with its id; empty for a task that follows from none.
    pub why: String,
    /// By when.
    pub due: String,
    /// Whose it would be, when it is nobody's; else empty.
    pub nobody: String,
}

/// What is to be done on the incidents at hand.
pub fn of(app: &App, staff: &Staff, at_hand: &AtHand) -> Result<Work, Trouble> {
    let mut rows = Vec::new();
    for (line, incident) in at_hand.due.iter().chain(&at_hand.undated) {
        let pack = app.pack_of_incident(incident)?;
        let on = On { app, staff, line, pack };
        rows.extend(
            incident
                .tasks
                .values()
                .filter(|t| t.done.is_none() && t.removed.is_none())
                .filter_map(|t| on.task(incident, &t.task)),
        );
        rows.extend(on.duties(incident));
    }
    // What is nobody's is seen first; the order is kept otherwise.
    rows.sort_by_key(|row| row.nobody.is_empty());
    let more = rows.len().saturating_sub(LINES);
    rows.truncate(LINES);
    Ok(Work { rows, more: if more == 0 { String::new() } else { format!("and {more} more") } })
}

struct On<'a> {
    app: &'a App,
    staff: &'a Staff,
    line: &'a IncidentLine,
    pack: &'a Pack,
}

impl On<'_> {
    fn row(&self, place: &str, what: &str, clauses: &[ClauseId], due: String, nobody: String) -> Row {
        let why = clauses.first().map(|id| match self.pack.clause(id) {
            Some(clause) => format!("{} ({id})", clause.cite),
            None => id.to_string(),
        });
        Row {
            href: format!("/incidents/{}{place}", self.line.reference),
            what: what.to_owned(),
            reference: self.line.reference.clone(),
            about: format!("{} · {}", self.line.summary.title, unit_name(self.app, self.line.unit)),
            why: why.unwrap_or_default(),
            due,
            nobody,
        }
    }

    fn oversees(&self) -> bool {
        self.holds(Capacity::ChiefOfficer)
    }

    fn holds(&self, capacity: Capacity) -> bool {
        self.staff.who.viewer.holds_for(capacity, self.line.unit)
    }

    /// A task of this person's, or of their role's where the library gives it to one; and whatever nobody took.
    fn task(&self, incident: &Incident, task: &Task) -> Option<Row> {
        let step = step_of(incident, self.pack, task.id);
        let role = step.and_then(|(_, step)| self.pack.role(&step.role));
        let nobody = match (task.owner, role) {
            (Some(owner), _) if owner == self.staff.who.viewer.account => String::new(),
            (None, Some(role)) if self.holds(role.capacity) => String::new(),
            (None, Some(role)) => self.nobody(role)?,
            (None, None) if self.oversees() => "Unassigned: nobody took this task".to_owned(),
            _ => return None,
        };
        let due = task.due.map_or_else(|| "no fixed date".to_owned(), |day| format!("by {}", times::day(day)));
        Some(self.row("#tasks", task.title.as_str(), &task.clauses, due, nobody))
    }

    /// Says that nobody holds a role at the unit of the incident, to those who oversee the officers; `None` otherwise.
    /// People outside, and whoever reports, have no account: nothing of theirs is unassigned here.
    fn nobody(&self, role: &Role) -> Option<String> {
        let outside = matches!(role.capacity, Capacity::Outside | Capacity::WorkforceMember);
        let directory = self.app.directory();
        let held = || !directory.holders(role.capacity, self.line.unit, self.staff.now()).is_empty();
        if outside || !self.oversees() || held() {
            return None;
        }
        let unit = unit_name(self.app, self.line.unit);
        Some(format!("Unassigned: nobody at {unit} is {}", role.title.en.to_lowercase()))
    }

    fn duties(&self, incident: &Incident) -> Vec<Row> {
        let open = incident.duties.values().filter(|d| d.met.is_none() && d.duty.pack.is_none());
        open.filter_map(|duty| self.duty(duty)).collect()
    }

    /// A duty of one's own role that no date of the law's puts among what is due; and whatever nobody can do.
    fn duty(&self, state: &DutyState) -> Option<Row> {
        let rule = self.pack.obligation(&state.duty.rule)?;
        let role = self.pack.role(&rule.actor)?;
        let nobody = match self.nobody(role) {
            Some(words) => words,
            None if self.holds(role.capacity) && state.duty.due.by.is_none() => String::new(),
            None => return None,
        };
        let due = match (&rule.outer, state.duty.due.by) {
            (_, Some(by)) => format!("by {}", times::short(by, self.staff.now(), &self.staff.zone(self.app)).words),
            (Term::Before(Step::Closing), None) => "before closing".to_owned(),
            (Term::Before(Step::Completion), None) => "before the form is completed".to_owned(),
            _ => "no fixed date".to_owned(),
        };
        let place = format!("#duty-{}", state.duty.rule);
        Some(self.row(&place, state.duty.title.as_str(), &state.duty.clauses, due, nobody))
    }
}
