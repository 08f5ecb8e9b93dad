//! What is done on the board: assessing, declaring, proposing, confirming, measures.

use app::readiness::{Declaring, read_table};
use app::{App, Trouble};
use axum::extract::State;
use domain::ids::EntryId;
use domain::organisation::readiness::{Factors, Outcome, Weighing};
use domain::pack::{ChoiceId, ReadinessRules};
use domain::text::Note;

use super::board::again;
use super::mended;
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Staff, go},
            sorry::Answer,
        },
    },
    typed::{Typed, problem},
};

/// Ends a post: to the board, or the board again with what is to be mended.
fn after(app: &App, staff: &Staff, typed: Typed, opened: &str, changed: Result<(), Trouble>, done: &str) -> Answer {
    match changed.map_err(mended) {
        Ok(()) => Ok(go(&format!("/readiness?done={done}"))),
        Err(Ok(wrong)) => again(app, staff, opened, typed, wrong),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

fn factors(rules: &ReadinessRules, typed: &Typed, wrong: &mut Vec<Problem>) -> Factors {
    let mut factors = Factors::new();
    for factor in &rules.factors {
        let name = format!("factor.{}", factor.id);
        match typed.get(&name) {
            "unchanged" => drop(factors.insert(factor.id.clone(), None)),
            "changed" => match typed.needed_prose(&format!("{name}.words"), "Write what changed.") {
                Ok(words) => drop(factors.insert(factor.id.clone(), Some(words))),
                Err(problem) => wrong.push(problem),
            },
            _ => wrong.push(problem(&name, &format!("{}: say that it is unchanged, or what changed.", factor.says))),
        }
    }
    factors
}

fn weighing(rules: &ReadinessRules, typed: &Typed, wrong: &mut Vec<Problem>) -> Weighing {
    let mut weighing = Weighing::new();
    for weighed in &rules.weighed {
        let name = format!("weighed.{}", weighed.id);
        match typed.prose(&name) {
            Ok(Some(words)) => drop(weighing.insert(weighed.id.clone(), Some(words))),
            Ok(None) if typed.get(&format!("{name}.unknown")) == "1" => drop(weighing.insert(weighed.id.clone(), None)),
            // What is missing is told by the rule itself.
            Ok(None) => {}
            Err(problem) => wrong.push(problem),
        }
    }
    weighing
}

/// Assesses, or declares. Sends `then` (`assess` or `declare`), `factor.…`, `factor.….words`, `level`, `reason`, `notice`,
/// `weighed.…`, `weighed.….unknown`, `activity` (several).
pub async fn declare(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let board = app.readiness(viewer)?;
    if !app.declares(viewer, &board) {
        let words =
            format!("Only the {} declares the level. Send them a proposal instead.", board.decider().to_lowercase());
        return again(&app, &staff, "propose", typed, vec![problem("proposed", &words)]);
    }
    let mut wrong = Vec::new();
    let factors = factors(board.rules, &typed, &mut wrong);
    if typed.get("then") == "assess" {
        if !wrong.is_empty() {
            return again(&app, &staff, "declare", typed, wrong);
        }
        let changed = app.assess_readiness(viewer, &factors).await;
        return after(&app, &staff, typed, "declare", changed, "assessed");
    }
    let level = typed.get("level").parse::<u8>().unwrap_or_default();
    let weighed = weighing(board.rules, &typed, &mut wrong);
    let reason: Option<Note> = typed
        .needed_prose("reason", "Write why this level is declared or confirmed.")
        .map_err(|problem| wrong.push(problem))
        .ok();
    let activities: Vec<ChoiceId> = typed.all("activity").filter_map(|id| ChoiceId::parse(id).ok()).collect();
    let notice: Option<EntryId> = typed.get("notice").parse().ok();
    let (Some(reason), true) = (reason, wrong.is_empty()) else {
        return again(&app, &staff, "declare", typed, wrong);
    };
    let new = Declaring { level, reason, factors, notice, weighed, activities };
    let changed = app.declare_level(viewer, &new).await;
    after(&app, &staff, typed, "declare", changed, "declared")
}

/// Proposes a level. Sends `proposed`, `why`.
pub async fn propose(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let level = typed.get("proposed").parse::<u8>().unwrap_or_default();
    let why: Note = match typed.needed_prose("why", "Write why this level is right.") {
        Ok(why) => why,
        Err(wrong) => return again(&app, &staff, "propose", typed, vec![wrong]),
    };
    let changed = app.propose_level(&staff.who.viewer, level, &why).await;
    after(&app, &staff, typed, "propose", changed, "proposed")
}

/// Confirms the level for a unit. Sends `step`, `unit` (its code).
pub async fn confirm(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let unit = app.directory().unit_by_code(typed.get("unit")).map(|unit| unit.id).ok_or(Trouble::NotFound)?;
    let step: EntryId = typed.get("step").parse().map_err(|_| Trouble::NotFound)?;
    let changed = app.acknowledge_level(&staff.who.viewer, step, unit).await;
    after(&app, &staff, typed, "", changed, "confirmed")
}

/// Enters the table of measures. Sends `table`.
pub async fn table(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let changed = match read_table(typed.raw("table").unwrap_or_default()) {
        Ok(table) => app.set_measures(&staff.who.viewer, &table).await.map(|_| ()),
        Err(trouble) => Err(trouble),
    };
    after(&app, &staff, typed, "table", changed, "measures")
}

/// Says what became of a measure in a unit. Sends `step`, `measure`, `unit` (its code), `outcome`, `because`, `n` (the line
/// of the page).
pub async fn answer(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let unit = app.directory().unit_by_code(typed.get("unit")).map(|unit| unit.id).ok_or(Trouble::NotFound)?;
    let step: EntryId = typed.get("step").parse().map_err(|_| Trouble::NotFound)?;
    let measure: EntryId = typed.get("measure").parse().map_err(|_| Trouble::NotFound)?;
    let line = format!("measure-{}", typed.get("n"));
    let why = || typed.needed_prose::<8_000>("because", "Write why. Measures are advice; the reason is what is kept.");
    let outcome = match typed.get("outcome") {
        "done" => Ok(Outcome::Done),
        "not-done" => why().map(Outcome::NotDone),
        "not-applicable" => why().map(Outcome::NotApplicable),
        _ => Err(problem("outcome", "Choose what became of it.")),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(wrong) => return again(&app, &staff, &line, typed, vec![problem(&line, &wrong.words)]),
    };
    let changed = app.answer_measure(&staff.who.viewer, (step, measure), unit, &outcome).await;
    after(&app, &staff, typed, &line, changed, "answered")
}
