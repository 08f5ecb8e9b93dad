//! How the level came to be: notices, declarations, what they rest on, what was done, and their reports.

use app::App;
use app::readiness::Board;
use domain::ids::EntryId;
use domain::organisation::readiness::{Outcome, Passage};

use crate::{screens::staff::desk::Staff, times};

/// A notice or a declaration.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: times::Stamp,
    /// “Declared 3 Specific risk of attack”
    pub what: String,
    /// By whom.
    pub by: String,
    /// Why, in the words of whoever declared it.
    pub reason: String,
    /// What it rests on: label and words.
    pub rows: Vec<(String, String)>,
    /// Marks: kinds of activity.
    pub tags: Vec<String>,
    /// The report, as address and words; empty where there is none.
    pub report: (String, String),
    /// “3 done, 2 skipped”, once measures were answered.
    pub measures: String,
    /// Nothing changed by it.
    pub confirmed: bool,
}

/// A notice in a line: source, reference, channel, sender, when.
pub fn notice(board: &Board<'_>, id: EntryId, staff: &Staff) -> String {
    let Some(notice) = board.notices.iter().find(|notice| notice.id == id) else { return String::new() };
    let source =
        board.pack.role(&notice.source).map_or_else(|| notice.source.to_string(), |role| role.title.en.clone());
    let at = domain::organisation::readiness::level::received(notice, &board.zone);
    let mut words = format!("since {}, {source}", times::stamp(at, staff.now(), &board.zone).words);
    for part in [
        notice.reference.as_ref().map(ToString::to_string),
        notice.channel.as_ref().map(|c| format!("by {c}")),
        notice.sender.as_ref().map(|s| format!("from {s}")),
    ]
    .into_iter()
    .flatten()
    {
        words.push_str(", ");
        words.push_str(&part);
    }
    words
}

/// Everything that moved the level or left it where it is, the latest first.
pub fn entries(app: &App, staff: &Staff, board: &Board<'_>) -> Vec<Entry> {
    board.timeline.passages.iter().rev().map(|passage| entry(app, staff, board, passage)).collect()
}

fn entry(app: &App, staff: &Staff, board: &Board<'_>, passage: &Passage) -> Entry {
    let says = |level| board.rules.says(level);
    let step = board.timeline.step(passage.id);
    let at = times::stamp(passage.at, staff.now(), &board.zone);
    let report = match (step, board.readiness.report_of(passage.id)) {
        (_, Some(report)) => (format!("/readiness/reports/{}", report.id), "Report of this change".to_owned()),
        (Some(step), None) if step.level != step.before && app.declares(&staff.who.viewer, board) => {
            (format!("/readiness/report/{}", step.id), "Write the report of this change".to_owned())
        }
        _ => (String::new(), String::new()),
    };
    let measures = board.readiness.answers.iter().filter(|answer| answer.step == passage.id);
    let (done, skipped): (Vec<_>, Vec<_>) = measures.partition(|answer| answer.outcome == Outcome::Done);
    let measures = match (done.len(), skipped.len()) {
        (0, 0) => String::new(),
        (done, skipped) => format!("{done} done, {skipped} skipped"),
    };
    let Some(declaration) = board.readiness.declaration(passage.id) else {
        let raised = if passage.changed {
            format!("; the department’s was raised by floor to {}", says(passage.level))
        } else {
            String::new()
        };
        let told = board.notices.iter().find(|notice| notice.id == passage.id);
        return Entry {
            at,
            what: format!("The state recommends {}{raised}", says(passage.state)),
            by: notice(board, passage.id, staff),
            reason: told.map(|notice| notice.says.to_string()).unwrap_or_default(),
            rows: Vec::new(),
            tags: Vec::new(),
            report,
            measures,
            confirmed: false,
        };
    };
    let own = app.declares(&staff.who.viewer, board);
    let mut rows = Vec::new();
    for factor in &board.rules.factors {
        let words = match declaration.factors.get(&factor.id) {
            Some(Some(_)) if factor.restricted && !own => {
                format!("changed; only the {} reads how", board.decider().to_lowercase())
            }
            Some(Some(words)) => words.to_string(),
            _ => "unchanged".to_owned(),
        };
        rows.push((factor.says.clone(), words));
    }
    for weighed in &board.rules.weighed {
        let words = declaration.weighed.get(&weighed.id).and_then(Option::as_ref);
        rows.push((weighed.says.clone(), words.map_or_else(|| "not known".to_owned(), ToString::to_string)));
    }
    if let Some(id) = declaration.notice {
        rows.push(("Answers the notice".to_owned(), notice(board, id, staff)));
    }
    let tags =
        declaration.activities.iter().filter_map(|id| board.rules.activity(id)).map(|a| a.says.clone()).collect();
    let verb = if passage.changed || step.is_some() { "Declared" } else { "Confirmed" };
    Entry {
        at,
        what: format!("{verb} {}", says(declaration.level)),
        by: format!("by {}", app.name_of(declaration.by)),
        reason: declaration.reason.to_string(),
        rows,
        tags,
        report,
        measures,
        confirmed: verb == "Confirmed",
    }
}
