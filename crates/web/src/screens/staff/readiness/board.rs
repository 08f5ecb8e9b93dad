//! The board: the state's level and the agency's, who has confirmed, the measures, and how it came to be.

use app::readiness::Board;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::ids::UnitId;
use domain::organisation::readiness::{Outcome, Step};
use domain::permission::Action;
use serde::Deserialize;

use super::history::{self, Entry};
use super::todo::{self, Todo};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, page as shown},
            sorry::Answer,
        },
    },
    times,
    typed::Typed,
};

/// `/readiness`
#[derive(Debug, Template)]
#[template(path = "readiness/board.html")]
pub struct BoardPage {
    /// The desk.
    pub desk: Desk,
    /// What the policy calls it.
    pub title: String,
    /// The policy.
    pub policy: String,
    /// The clause behind it, and what it says.
    pub cite: (String, String),
    /// The policy is not in force any more: a look back.
    pub past: bool,
    /// The state's level.
    pub state: String,
    /// Since when, and by which notice.
    pub state_since: String,
    /// The agency's level.
    pub level: String,
    /// Since when, and why.
    pub since: String,
    /// The scale, the lowest first.
    pub ladder: Vec<Rung>,
    /// What this person has to do.
    pub todo: Vec<Todo>,
    /// Units and whether they have confirmed.
    pub units: Vec<UnitRow>,
    /// “4 not confirmed”
    pub open: String,
    /// The change that brought the level; empty while nobody has said anything.
    pub step: String,
    /// Measures by kind.
    pub groups: Vec<Group>,
    /// What is said of the measures as a whole.
    pub measures: String,
    /// Whether this person declares the level.
    pub declares: bool,
    /// Who does.
    pub decider: String,
    /// Whether this person may propose one.
    pub proposes: bool,
    /// Levels to choose.
    pub levels: Vec<Choice>,
    /// Levels to propose.
    pub all_levels: Vec<Choice>,
    /// Notices of the state that a declaration can answer.
    pub notices: Vec<Choice>,
    /// Factors.
    pub factors: Vec<FactorRow>,
    /// What is weighed: id, words, whether “not known” is an answer.
    pub weighed: Vec<(String, String, bool)>,
    /// Kinds of activity.
    pub activities: Vec<Choice>,
    /// How it came to be, the latest first.
    pub history: Vec<Entry>,
    /// What held on a day that was asked for.
    pub held: String,
    /// That day.
    pub on: String,
    /// Whether this person enters the table of measures.
    pub enters: bool,
    /// The table as it stands.
    pub table: String,
    /// Whether units keep plans.
    pub plans: bool,
    /// What the document with the measures is called.
    pub document: String,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(BoardPage);

/// A level on the scale.
#[derive(Debug, Clone)]
pub struct Rung {
    /// “3 Specific risk of attack”
    pub says: String,
    /// “the department now”, “the state recommends”, “below the state’s level”
    pub marks: Vec<String>,
    /// Whether it holds now.
    pub here: bool,
}

/// A unit.
#[derive(Debug, Clone)]
pub struct UnitRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its level: that of the head office.
    pub level: String,
    /// “confirmed …” or “not confirmed, for 3 h”
    pub says: String,
    /// Whether it has confirmed.
    pub confirmed: bool,
    /// Whether this person may confirm for it.
    pub confirms: bool,
}

/// Measures of one kind.
#[derive(Debug, Clone)]
pub struct Group {
    /// “Preventive”
    pub says: String,
    /// Its measures, one line for each unit that carries it out.
    pub rows: Vec<MeasureRow>,
}

/// A measure in a unit.
#[derive(Debug, Clone)]
pub struct MeasureRow {
    /// Counts lines on the page.
    pub n: usize,
    /// Its id.
    pub measure: String,
    /// What is done.
    pub what: String,
    /// Whose it is, and where.
    pub who: String,
    /// The unit's code.
    pub code: String,
    /// How it stands.
    pub says: String,
    /// The class of its mark.
    pub mark: &'static str,
    /// Whether this person answers for it.
    pub answers: bool,
}

/// A factor in the form.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// The name of its field.
    pub name: String,
    /// What people read.
    pub says: String,
    /// Only the declarer reads what is written.
    pub restricted: bool,
    /// It is marked as unchanged.
    pub unchanged: bool,
    /// It is marked as changed.
    pub changed: bool,
    /// What changed.
    pub words: String,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    on: String,
}

/// The page. One statement of the store: everything is in memory.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff, Typed::default(), "")?;
    page.desk.flash = match asked.done.as_str() {
        "assessed" => Flash::says("The assessment is on record. Declare a level, or confirm the present one."),
        "declared" => {
            Flash::says("On record. Officers were told if the level changed; the report of a change is owed at once.")
        }
        "proposed" => Flash::says("Sent to whoever declares the level."),
        "confirmed" => Flash::says("Confirmed."),
        "answered" => Flash::says("On record."),
        "measures" => Flash::says("The table is on record. Earlier answers stay readable."),
        _ => None,
    };
    if !asked.on.trim().is_empty() {
        match times::read_day(&asked.on, staff.now(), &staff.zone(&app)) {
            Ok(day) => {
                let board = app.readiness(&staff.who.viewer)?;
                let (state, level) = board.timeline.at(board.zone.end_of_day(day).min(staff.now()));
                let says = |level| board.rules.says(level);
                page.held = format!(
                    "At the end of {} the state’s level was {} and the department’s {}.",
                    times::day(day),
                    says(state),
                    says(level)
                );
            }
            Err(wrong) => page.desk.frame.problems = vec![crate::typed::problem("on", &wrong.to_string())],
        }
        page.on = asked.on;
    }
    Ok(shown(&page))
}

/// The page again, with what was typed.
pub fn again(app: &App, staff: &Staff, opened: &str, typed: Typed, wrong: Vec<Problem>) -> Answer {
    let mut page = view(app, staff, typed, opened)?;
    page.desk.frame.problems = wrong;
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff, typed: Typed, opened: &str) -> Result<BoardPage, Trouble> {
    let viewer = &staff.who.viewer;
    let board = app.readiness(viewer)?;
    let declares = board.in_force && app.declares(viewer, &board);
    let step = board.timeline.present().copied();
    let (state, told) = board.timeline.state();
    let level = board.timeline.level();
    let units = units(app, staff, &board, step.as_ref());
    let open = units.iter().filter(|unit| !unit.confirmed).count();
    let groups = groups(app, staff, &board, step.as_ref());
    let organises =
        viewer.scope(Action::Organise, domain::actor::Section::Officer).is_none_or(|units| !units.is_empty());
    let clause = board.rules.clauses.first().and_then(|id| board.pack.clause(id));
    let document = board.pack.document(&board.rules.measures).map(|d| d.title.clone()).unwrap_or_default();
    let floor = if board.rules.floor { state } else { 1 };
    let choice = |n: u8| Choice::new(&n.to_string(), board.rules.says(n)).chosen_if(n == level.max(floor));
    let state_since = match told {
        Some(passage) => history::notice(&board, passage.id, staff),
        None => "since unknown".to_owned(),
    };
    let why = match step {
        Some(step) if board.raised_by_floor(&step) => ", raised by floor",
        _ => "",
    };
    Ok(BoardPage {
        desk: staff.desk(app, board.rules.title.clone()),
        title: board.rules.title.clone(),
        policy: board.pack.title.clone(),
        cite: clause.map(|clause| (clause.cite.clone(), clause.says.clone())).unwrap_or_default(),
        past: !board.in_force,
        state: board.rules.says(state),
        state_since,
        level: board.rules.says(level),
        since: format!("{}{why}", todo::since(staff, &board, step.as_ref())),
        ladder: ladder(&board, state, level),
        todo: if board.in_force { todo::of(app, staff, &board) } else { Vec::new() },
        open: match (step.is_some(), open) {
            (false, _) => String::new(),
            (true, 0) => "All confirmed.".to_owned(),
            (true, n) => format!("{n} not confirmed."),
        },
        units,
        step: step.map(|step| step.id.to_string()).unwrap_or_default(),
        measures: measures_in_words(&board, &groups, &document),
        groups,
        declares,
        decider: board.decider().to_lowercase(),
        proposes: board.in_force && !declares && organises,
        levels: (floor..=board.rules.top()).map(choice).collect(),
        all_levels: (1..=board.rules.top()).map(|n| Choice::new(&n.to_string(), board.rules.says(n))).collect(),
        notices: notices(&board, staff),
        factors: factors(&board, &typed, opened == "declare"),
        weighed: board
            .rules
            .weighed
            .iter()
            .map(|w| (format!("weighed.{}", w.id), w.says.clone(), w.or_unknown))
            .collect(),
        activities: board
            .rules
            .activities
            .iter()
            .map(|a| Choice::new(a.id.as_str(), a.says.clone()).chosen_if(typed.has("activity", a.id.as_str())))
            .collect(),
        history: history::entries(app, staff, &board),
        held: String::new(),
        on: String::new(),
        enters: board.in_force && (declares || app.allow_administering(viewer, Action::Administer).is_ok()),
        table: table(&board),
        plans: board.pack.plan.is_some(),
        document,
        opened: opened.to_owned(),
        typed,
    })
}

fn ladder(board: &Board<'_>, state: u8, level: u8) -> Vec<Rung> {
    let rung = |n: u8| {
        let mut marks = Vec::new();
        if n == level {
            marks.push("the department now".to_owned());
        }
        if n == state {
            marks.push("the state recommends".to_owned());
        }
        if board.rules.floor && n < state {
            marks.push("below the state’s level".to_owned());
        }
        Rung { says: board.rules.says(n), marks, here: n == level }
    };
    (1..=board.rules.top()).map(rung).collect()
}

fn units(app: &App, staff: &Staff, board: &Board<'_>, step: Option<&Step>) -> Vec<UnitRow> {
    let directory = app.directory();
    let row = |unit: &app::directory::Unit| {
        let taken = step.and_then(|step| board.readiness.acknowledgement(step.id, unit.id));
        let says = match (step, taken) {
            (None, _) => String::new(),
            (Some(_), Some(taken)) => {
                let at = times::stamp(taken.at, staff.now(), &board.zone).words;
                format!("confirmed by {}, {at}", app.name_of(taken.by))
            }
            (Some(step), None) => {
                format!("not confirmed, for {}", times::span(staff.now().seconds_since(step.at)))
            }
        };
        UnitRow {
            code: unit.code.clone(),
            name: unit.profile.name.en.clone(),
            level: board.rules.says(board.timeline.level()),
            says,
            confirmed: step.is_none() || taken.is_some(),
            confirms: board.in_force
                && step.is_some()
                && taken.is_none()
                && app.speaks_for(&staff.who.viewer, board, unit.id),
        }
    };
    board.units(&directory).into_iter().map(row).collect()
}

/// What became of a measure, in words, with the class of its mark.
pub fn outcome(outcome: &Outcome) -> (String, &'static str) {
    match outcome {
        Outcome::Done => ("Done".to_owned(), "met"),
        Outcome::NotDone(why) => (format!("Not done: {why}"), "not-owed"),
        Outcome::NotApplicable(why) => (format!("Not applicable: {why}"), "not-owed"),
    }
}

fn groups(app: &App, staff: &Staff, board: &Board<'_>, step: Option<&Step>) -> Vec<Group> {
    let directory = app.directory();
    let level = board.timeline.level();
    let listed = match step {
        Some(step) => board.readiness.measures_at(level, Some(step.at), step.until),
        None => board.readiness.measures_at(level, Some(staff.now()), None),
    };
    let mut n = 0;
    let mut row = |measure: &domain::organisation::readiness::Measure, unit: UnitId, name: &str, code: &str| {
        n += 1;
        let said = step.and_then(|step| board.readiness.answer(step.id, measure.id, unit));
        let (says, mark) = said.map_or_else(|| ("No answer yet".to_owned(), "running"), |said| outcome(&said.outcome));
        let role = board.pack.role(&measure.responsible).map_or("", |role| role.title.en.as_str());
        MeasureRow {
            n,
            measure: measure.id.to_string(),
            what: measure.what.to_string(),
            who: match board.carried_out_by(&directory, unit) {
                people if people.is_empty() => format!("{role}, {name}"),
                people => format!("{role}, {name} · carried out by {people}"),
            },
            code: code.to_owned(),
            says,
            mark,
            answers: board.in_force && step.is_some() && app.speaks_for(&staff.who.viewer, board, unit),
        }
    };
    let mut groups = Vec::new();
    for kind in &board.rules.kinds {
        let mut rows = Vec::new();
        for measure in listed.iter().filter(|measure| measure.kind == kind.id) {
            for unit in board.carries_out(&directory, &measure.responsible) {
                rows.push(row(measure, unit.id, &unit.profile.name.en, &unit.code));
            }
        }
        if !rows.is_empty() {
            groups.push(Group { says: kind.says.clone(), rows });
        }
    }
    groups
}

fn measures_in_words(board: &Board<'_>, groups: &[Group], document: &str) -> String {
    let rows: Vec<&MeasureRow> = groups.iter().flat_map(|group| &group.rows).collect();
    if board.readiness.measures.iter().all(|measure| measure.until.is_some()) {
        return format!("Measures not supplied. They stand in the {document}; an administrator enters them here.");
    }
    if rows.is_empty() {
        return "The table has no measure for this level.".to_owned();
    }
    let count = |mark: &str| rows.iter().filter(|row| row.mark == mark).count();
    format!("{} listed: {} done, {} skipped, {} open.", rows.len(), count("met"), count("not-owed"), count("running"))
}

fn notices(board: &Board<'_>, staff: &Staff) -> Vec<Choice> {
    let mut told: Vec<_> = board.timeline.passages.iter().filter(|passage| passage.notice).collect();
    told.reverse();
    told.truncate(10);
    let choice = |passage: &&domain::organisation::readiness::Passage| {
        let words = format!("{}, {}", board.rules.says(passage.state), history::notice(board, passage.id, staff));
        Choice::new(&passage.id.to_string(), words).chosen_if(Some(passage.id) == board.timeline.unanswered)
    };
    told.iter().map(choice).collect()
}

/// Factors as typed, or as the last assessment has them on which nothing rests yet.
fn factors(board: &Board<'_>, typed: &Typed, again: bool) -> Vec<FactorRow> {
    let open = board.readiness.open_assessment();
    let row = |factor: &domain::pack::Factor| {
        let name = format!("factor.{}", factor.id);
        let known = open.and_then(|assessment| assessment.factors.get(&factor.id));
        let marked = if again {
            typed.get(&name).to_owned()
        } else {
            match known {
                Some(Some(_)) => "changed".to_owned(),
                Some(None) => "unchanged".to_owned(),
                None => String::new(),
            }
        };
        let words = if again {
            typed.raw(&format!("{name}.words")).unwrap_or_default().to_owned()
        } else {
            known.and_then(Option::as_ref).map(ToString::to_string).unwrap_or_default()
        };
        FactorRow {
            says: factor.says.clone(),
            restricted: factor.restricted,
            unchanged: marked == "unchanged",
            changed: marked == "changed",
            words,
            name,
        }
    };
    board.rules.factors.iter().map(row).collect()
}

fn table(board: &Board<'_>) -> String {
    let mut lines = String::new();
    let quoted = |text: &str| {
        if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    for measure in board.readiness.measures.iter().filter(|measure| measure.until.is_none()) {
        let (kind, role) = (measure.kind.as_str(), measure.responsible.as_str());
        lines.push_str(&format!("{},{kind},{},{role}\n", measure.level, quoted(measure.what.as_str())));
    }
    lines
}
