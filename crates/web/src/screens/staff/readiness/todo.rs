//! What the level asks of this person: assess, report, confirm, answer for measures. The board has it, and Home.

use app::App;
use app::readiness::Board;
use domain::organisation::readiness::{Readiness, Step};
use domain::pack::{Moment, ObligationRule, Strength};

use crate::{screens::staff::desk::Staff, times};

/// Something to do.
#[derive(Debug, Clone)]
pub struct Todo {
    /// Where.
    pub href: String,
    /// What.
    pub what: String,
    /// Since when, and by which clause.
    pub hint: String,
}

/// The level on Home.
#[derive(Debug, Clone)]
pub struct Ready {
    /// “INFOCON”
    pub title: String,
    /// “3 Specific risk of attack”
    pub level: String,
    /// “since …”
    pub since: String,
    /// What this person has to do about it.
    pub todo: Vec<Todo>,
}

/// The level for Home; nothing where the policy in force has none.
pub fn on_home(app: &App, staff: &Staff) -> Option<Ready> {
    let board = app.readiness(&staff.who.viewer).ok().filter(|board| board.in_force)?;
    Some(Ready {
        title: board.rules.title.clone(),
        level: board.rules.says(board.timeline.level()),
        since: since(staff, &board, board.timeline.present()),
        todo: of(app, staff, &board),
    })
}

/// “since Tue, Mar 1, 2005, 9:00 a.m. CST”, or that nobody knows.
pub fn since(staff: &Staff, board: &Board<'_>, step: Option<&Step>) -> String {
    match step {
        Some(step) => format!("since {}", times::stamp(step.at, staff.now(), &board.zone).words),
        None => "since unknown".to_owned(),
    }
}

/// Changes whose report is owed.
pub fn unreported<'b>(board: &'b Board<'_>) -> impl Iterator<Item = &'b Step> {
    let steps = board.timeline.steps.iter().filter(|step| step.level != step.before);
    steps.filter(|step| board.readiness.report_of(step.id).is_none())
}

/// What the level asks for, as the policy has it among its duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A notice of the state calls for an assessment.
    Assessment,
    /// A change is reported by whoever declares it.
    Report,
    /// A change is acknowledged by each unit.
    Acknowledgement,
    /// Measures are answered.
    Measures,
}

/// The duty behind it; a policy may leave it unsaid.
pub fn duty<'b>(board: &'b Board<'_>, asks: Asks) -> Option<&'b ObligationRule> {
    board.pack.obligations.iter().find(|rule| {
        let own = rule.actor == board.rules.decided_by;
        let required = rule.strength == Strength::Required;
        match asks {
            Asks::Assessment => rule.trigger.on == Moment::StateNotice && own,
            Asks::Report => rule.trigger.on == Moment::LevelChanged && own,
            Asks::Acknowledgement => rule.trigger.on == Moment::LevelChanged && !own && required,
            Asks::Measures => rule.trigger.on == Moment::LevelChanged && !own && !required,
        }
    })
}

/// The clause behind a duty, as it is cited.
fn cite(board: &Board<'_>, asks: Asks) -> String {
    let clause = duty(board, asks).and_then(|duty| duty.clauses.first()).and_then(|id| board.pack.clause(id));
    clause.map(|clause| format!(" · {}", clause.cite)).unwrap_or_default()
}

/// What this person has to do.
pub fn of(app: &App, staff: &Staff, board: &Board<'_>) -> Vec<Todo> {
    let viewer = &staff.who.viewer;
    let mut todo = Vec::new();
    let says = |level| board.rules.says(level);
    if app.declares(viewer, board) {
        if let Some(passage) = board.timeline.passages.iter().find(|p| Some(p.id) == board.timeline.unanswered) {
            todo.push(Todo {
                href: "/readiness#declare".to_owned(),
                what: format!("Assess the level: the state recommends {}", says(passage.state)),
                hint: format!(
                    "at once, since {}{}",
                    times::stamp(passage.at, staff.now(), &board.zone).words,
                    cite(board, Asks::Assessment)
                ),
            });
        }
        for step in unreported(board) {
            let begun = if board.readiness.draft_of(step.id).is_some() { "begun · " } else { "" };
            todo.push(Todo {
                href: format!("/readiness/report/{}", step.id),
                what: format!("Report the change to {}", says(step.level)),
                hint: format!("{begun}owed at once, {}{}", since(staff, board, Some(step)), cite(board, Asks::Report)),
            });
        }
        todo.extend(board.timeline.present().and_then(|step| summaries(staff, board, step)));
        for proposal in board.readiness.open_proposals() {
            todo.push(Todo {
                href: "/readiness#declare".to_owned(),
                what: format!("{} proposes {}", app.name_of(proposal.by), says(proposal.level)),
                hint: proposal.why.gist(160),
            });
        }
    }
    if let Some(step) = board.timeline.present() {
        let directory = app.directory();
        for unit in board.units(&directory) {
            // Whoever declares answers for a unit only where it has no officer; they see all units on the board.
            if !viewer.holds_for(domain::permission::Role::LocalOfficer, unit.id) {
                continue;
            }
            let name = &unit.profile.name.en;
            if board.readiness.acknowledgement(step.id, unit.id).is_none() {
                todo.push(Todo {
                    href: "/readiness#units".to_owned(),
                    what: format!("Confirm {} for {name}", says(step.level)),
                    hint: format!("{}{}", since(staff, board, Some(step)), cite(board, Asks::Acknowledgement)),
                });
            }
            let listed = board.readiness.measures_at(step.level, Some(step.at), step.until);
            let open = listed.iter().filter(|measure| {
                board.carries_out(&directory, &measure.responsible).iter().any(|carries| carries.id == unit.id)
                    && board.readiness.answer(step.id, measure.id, unit.id).is_none()
            });
            let open = open.count();
            if open > 0 {
                todo.push(Todo {
                    href: "/readiness#measures".to_owned(),
                    what: format!("{open} recommended measures have no answer yet: {name}"),
                    hint: format!("recommended; nothing waits for them{}", cite(board, Asks::Measures)),
                });
            }
        }
    }
    todo
}

/// Summaries that are due while a level lasts, where the agency set how often.
pub fn due_and_sent(staff: &Staff, board: &Board<'_>, step: &Step) -> Option<(u32, usize)> {
    let every = |id: &domain::pack::LocalId| board.pack.local(id).and_then(|local| local.default);
    let due = Readiness::summaries_due(step, board.rules, every, staff.now(), &board.zone)?;
    Some((due, board.readiness.summaries_of(step.id)))
}

fn summaries(staff: &Staff, board: &Board<'_>, step: &Step) -> Option<Todo> {
    let (due, sent) = due_and_sent(staff, board, step)?;
    let open = usize::try_from(due).ok()?.checked_sub(sent).filter(|open| *open > 0)?;
    Some(Todo {
        href: format!("/readiness/report/{}?kind=summary", step.id),
        what: format!("Send a summary report: {open} are due"),
        hint: "how often is a local value of the agency, not of the policy".to_owned(),
    })
}
