//! Writing the report of a change of level: its fields as the policy has them, who gets it, and what it still lacks.

use app::readiness::{Board, Said, Writing, key};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::EntryId;
use domain::organisation::readiness::{Ranked, ReportKind, Step, Value, Values};
use domain::pack::{FilledWith, ReportField, ReportFieldKind};
use domain::text::{Line, Note};
use serde::Deserialize;

use super::{mended, todo};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::Answer,
        },
    },
    times,
    typed::{Typed, problem},
};

/// Rows that a list of rows offers beyond those that are filled.
const SPARE: usize = 2;
/// Rows that are read.
const ROWS: usize = 40;

/// `/readiness/report/{step}`
#[derive(Debug, Template)]
#[template(path = "readiness/report.html")]
pub struct ReportPage {
    /// The desk.
    pub desk: Desk,
    /// Where the form posts.
    pub address: String,
    /// Which clauses ask for it: cite and paraphrase.
    pub cites: Vec<(String, String)>,
    /// `change` or `summary`.
    pub kind: &'static str,
    /// What is to be filled in.
    pub fields: Vec<FieldView>,
    /// What the declaration rests on, as it will print.
    pub basis: Vec<Said>,
    /// Who gets it: key, name, address or what to do without, whether they may be left out, whether they are.
    pub recipients: Vec<Recipient>,
    /// “7 deliveries”
    pub deliveries: String,
    /// What was typed.
    pub typed: Typed,
}

desks!(ReportPage);

/// Somebody who gets the report.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// What they are called in the form.
    pub key: String,
    /// Who.
    pub name: String,
    /// Their address, or that there is none.
    pub mail: String,
    /// Nobody leaves them out.
    pub always: bool,
    /// Whether they are left out.
    pub left_out: bool,
}

/// A field as the page shows it.
#[derive(Debug, Clone, Default)]
pub struct FieldView {
    /// Its name in the form.
    pub name: String,
    /// What people read.
    pub label: String,
    /// A second line.
    pub hint: String,
    /// `line`, `text`, `short`, `level`, `one`, `list`, `rows`.
    pub shape: &'static str,
    /// What stands there.
    pub value: String,
    /// Choices, or things offered for a list.
    pub choices: Vec<Choice>,
    /// The statement in place of a list, or empty.
    pub none: String,
    /// Whether it is made.
    pub nothing: bool,
    /// Rows of cells: name, label, value.
    pub rows: Vec<Vec<(String, String, String)>>,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    done: String,
}

fn name_of(field: &ReportField) -> String {
    format!("f.{}", field.id)
}

/// The page. One statement of the store: everything is in memory.
pub async fn page(
    State(app): State<App>,
    Path(step): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let board = app.readiness(&staff.who.viewer)?;
    let step = step_of(&app, &staff, &board, &step)?;
    let summary = asked.kind == "summary";
    if !summary && let Some(report) = board.readiness.report_of(step.id) {
        return Ok(go(&format!("/readiness/reports/{}", report.id)));
    }
    let values = app.filled_report(&staff.who.viewer, &board, &step);
    let mut typed = pairs(&board, &values, step.level);
    typed.push(("kind".to_owned(), if summary { "summary" } else { "change" }.to_owned()));
    let mut page = view(&app, &staff, &board, &step, Typed::new(typed));
    if asked.done == "saved" {
        page.desk.flash = Flash::says("Saved. It is not sent yet.");
    }
    Ok(shown(&page))
}

fn step_of(app: &App, staff: &Staff, board: &Board<'_>, id: &str) -> Result<Step, Trouble> {
    let id: EntryId = id.parse().map_err(|_| Trouble::NotFound)?;
    let step = board.timeline.step(id).copied().ok_or(Trouble::NotFound)?;
    if board.in_force && app.declares(&staff.who.viewer, board) { Ok(step) } else { Err(Trouble::NotFound) }
}

/// Values as the form has them.
fn pairs(board: &Board<'_>, values: &Values, level: u8) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for field in board.rules.fields_at(level) {
        let name = name_of(field);
        match values.get(&field.id) {
            None => {}
            Some(Value::Words(words)) => pairs.push((name, words.to_string())),
            Some(Value::Chosen(choice)) => pairs.push((name, choice.to_string())),
            Some(Value::Day(day)) => pairs.push((name, day.to_string())),
            Some(Value::Time(time)) => pairs.push((name, time.strftime("%H:%M").to_string())),
            Some(Value::List(things)) => {
                let lines: Vec<&str> = things.iter().map(Line::as_str).collect();
                pairs.push((name, lines.join("\n")));
            }
            Some(Value::Rows(rows)) => {
                for (n, row) in rows.iter().enumerate() {
                    for (column, cell) in field.columns.iter().zip(row) {
                        let cell = cell.as_ref().map(ToString::to_string).unwrap_or_default();
                        pairs.push((format!("{name}.{n}.{}", column.id), cell));
                    }
                }
            }
            Some(Value::Ranked(things)) => {
                for (n, thing) in things.iter().enumerate() {
                    pairs.push((format!("{name}.{n}.rank"), thing.rank.to_string()));
                    pairs.push((format!("{name}.{n}.what"), thing.what.to_string()));
                }
            }
            Some(Value::Nothing) => pairs.push((format!("{name}.none"), "1".to_owned())),
        }
    }
    pairs
}

fn view(app: &App, staff: &Staff, board: &Board<'_>, step: &Step, typed: Typed) -> ReportPage {
    let summary = typed.get("kind") == "summary";
    let directory = app.directory();
    let recipient = |who: domain::organisation::readiness::Sent| {
        let key = key(&who);
        Recipient {
            name: who.name.to_string(),
            mail: who.mail.as_ref().map_or_else(
                || "no address on record: print it, hand it over, and record that".to_owned(),
                ToString::to_string,
            ),
            always: board.rules.always_told.contains(&who.role),
            left_out: typed.has("leave-out", &key),
            key,
        }
    };
    let recipients: Vec<Recipient> = board.recipients(&directory, staff.now()).into_iter().map(recipient).collect();
    let duty = todo::duty(board, todo::Asks::Report);
    let clauses = duty.into_iter().flat_map(|duty| &duty.clauses).filter_map(|id| board.pack.clause(id));
    let what = if summary { "Summary report" } else { "Report of a change" };
    let title = format!("{what}: {}", board.rules.says(step.level));
    ReportPage {
        desk: staff.desk(app, title).under("/readiness", &board.rules.title),
        address: format!("/readiness/report/{}", step.id),
        cites: clauses.map(|clause| (clause.cite.clone(), clause.says.clone())).collect(),
        kind: if summary { "summary" } else { "change" },
        fields: board.rules.fields_at(step.level).map(|field| show(board, step, field, &typed)).collect(),
        basis: board.basis(step),
        deliveries: format!("{} deliveries", recipients.iter().filter(|r| !r.left_out).count()),
        recipients,
        typed,
    }
}

fn show(board: &Board<'_>, step: &Step, field: &ReportField, typed: &Typed) -> FieldView {
    let name = name_of(field);
    let hint = field.help.clone().unwrap_or_default();
    let value = typed.raw(&name).unwrap_or_default().to_owned();
    let view = FieldView { name: name.clone(), label: field.label.clone(), hint, value, ..FieldView::default() };
    match field.kind {
        ReportFieldKind::Line => FieldView { shape: "line", ..view },
        ReportFieldKind::Text => FieldView { shape: "text", ..view },
        ReportFieldKind::Day => FieldView { shape: "short", hint: "2005-01-10 or 1/10/2005".to_owned(), ..view },
        ReportFieldKind::Time => {
            FieldView { shape: "short", hint: format!("2:05 pm or 14:05, in {}", board.zone.name()), ..view }
        }
        ReportFieldKind::Level => FieldView { shape: "level", value: board.rules.says(step.level), ..view },
        ReportFieldKind::ChooseOne => {
            let choice = |c: &domain::pack::Named| {
                Choice::new(c.id.as_str(), c.says.clone()).chosen_if(view.value == c.id.as_str())
            };
            FieldView { shape: "one", choices: field.choices.iter().map(choice).collect(), ..view }
        }
        ReportFieldKind::List => {
            let offered = if field.filled_with == Some(FilledWith::MeasuresDone) {
                board.measures_done(step)
            } else {
                Vec::new()
            };
            let written: Vec<&str> = view.value.lines().map(str::trim).collect();
            let chosen = format!("{name}.offer");
            let choices = offered.iter().filter(|offer| !written.contains(&offer.as_str()));
            let choices =
                choices.map(|offer| Choice::new(offer, offer.clone()).chosen_if(typed.has(&chosen, offer))).collect();
            let hint = if view.hint.is_empty() { "One a line.".to_owned() } else { view.hint.clone() };
            FieldView {
                shape: "list",
                choices,
                none: field.or_none.clone().unwrap_or_default(),
                nothing: typed.get(&format!("{name}.none")) == "1",
                hint,
                ..view
            }
        }
        ReportFieldKind::Rows | ReportFieldKind::Ranked => {
            let columns: Vec<(String, String)> = if field.kind == ReportFieldKind::Ranked {
                vec![("rank".to_owned(), "Rank".to_owned()), ("what".to_owned(), "What".to_owned())]
            } else {
                field.columns.iter().map(|column| (column.id.to_string(), column.says.clone())).collect()
            };
            let row = |n: usize| -> Vec<(String, String, String)> {
                let cell = |(id, label): &(String, String)| {
                    let cell = format!("{name}.{n}.{id}");
                    let value = typed.raw(&cell).unwrap_or_default().to_owned();
                    (cell, format!("{label}, row {}", n + 1), value)
                };
                columns.iter().map(cell).collect()
            };
            let filled = (0..ROWS).rfind(|n| row(*n).iter().any(|(_, _, value)| !value.trim().is_empty()));
            let many = filled.map_or(0, |last| last + 1) + SPARE;
            FieldView {
                shape: "rows",
                rows: (0..many.min(ROWS)).map(row).collect(),
                none: field.or_none.clone().unwrap_or_default(),
                nothing: typed.get(&format!("{name}.none")) == "1",
                ..view
            }
        }
    }
}

/// Reads what was typed, with everything that cannot be read.
fn read(board: &Board<'_>, step: &Step, staff: &Staff, typed: &Typed) -> (Values, Vec<Problem>) {
    let (mut values, mut wrong) = (Values::new(), Vec::new());
    for field in board.rules.fields_at(step.level).filter(|field| field.kind != ReportFieldKind::Level) {
        match value(board, field, staff, typed) {
            Ok(Some(value)) => drop(values.insert(field.id.clone(), value)),
            Ok(None) => {}
            Err(problem) => wrong.push(problem),
        }
    }
    (values, wrong)
}

fn value(board: &Board<'_>, field: &ReportField, staff: &Staff, typed: &Typed) -> Result<Option<Value>, Problem> {
    let name = name_of(field);
    let text = typed.get(&name);
    let nothing = field.or_none.is_some() && typed.get(&format!("{name}.none")) == "1";
    Ok(match field.kind {
        ReportFieldKind::Level => None,
        ReportFieldKind::Line => {
            let line: Option<Line<400>> = typed.line(&name)?;
            line.and_then(|line| Note::parse(line.as_str()).ok()).map(Value::Words)
        }
        ReportFieldKind::Text => typed.prose(&name)?.map(Value::Words),
        ReportFieldKind::Day if text.is_empty() => None,
        ReportFieldKind::Day => {
            let day = times::read_day(text, staff.now(), &board.zone);
            Some(Value::Day(day.map_err(|e| problem(&name, &e.to_string()))?))
        }
        ReportFieldKind::Time if text.is_empty() => None,
        ReportFieldKind::Time => {
            let time = crate::intake::time_of_day(text);
            Some(Value::Time(time.ok_or_else(|| problem(&name, "Write a time such as 2:05 pm or 14:05."))?))
        }
        ReportFieldKind::ChooseOne => field
            .choices
            .iter()
            .find(|choice| choice.id.as_str() == text)
            .map(|choice| Value::Chosen(choice.id.clone())),
        ReportFieldKind::List => {
            let offer = format!("{name}.offer");
            let lines = typed.raw(&name).unwrap_or_default().lines().chain(typed.all(&offer)).map(str::trim);
            let mut things: Vec<Line<400>> = Vec::new();
            for line in lines.filter(|line| !line.is_empty()) {
                let thing =
                    Line::parse(line).map_err(|e| problem(&name, &format!("One of the lines does not fit: {e}.")))?;
                if !things.contains(&thing) {
                    things.push(thing);
                }
            }
            if things.is_empty() { nothing.then_some(Value::Nothing) } else { Some(Value::List(things)) }
        }
        ReportFieldKind::Rows => {
            let mut rows = Vec::new();
            for n in 0..ROWS {
                let cells = field.columns.iter().map(|column| typed.line(&format!("{name}.{n}.{}", column.id)));
                let row: Vec<Option<Line<200>>> = cells.collect::<Result<_, Problem>>()?;
                if row.iter().any(Option::is_some) {
                    rows.push(row);
                }
            }
            if rows.is_empty() { nothing.then_some(Value::Nothing) } else { Some(Value::Rows(rows)) }
        }
        ReportFieldKind::Ranked => {
            let mut things = Vec::new();
            for n in 0..ROWS {
                let what: Option<Line<200>> = typed.line(&format!("{name}.{n}.what"))?;
                let rank = typed.get(&format!("{name}.{n}.rank"));
                match (what, rank) {
                    (None, "") => {}
                    (None, _) => return Err(problem(&name, &format!("Row {}: write what has this rank.", n + 1))),
                    (Some(what), rank) => {
                        let rank = rank.parse().ok().filter(|rank| *rank > 0);
                        let says = format!("Row {}: write its rank as a number from 1.", n + 1);
                        things.push(Ranked { rank: rank.ok_or_else(|| problem(&name, &says))?, what });
                    }
                }
            }
            if things.is_empty() { nothing.then_some(Value::Nothing) } else { Some(Value::Ranked(things)) }
        }
    })
}

/// Saves the report or sends it. Sends `then` (`save` or `send`), `kind`, `f.…`, `leave-out` (several), `leave-out-why`.
pub async fn write(State(app): State<App>, Path(step): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let board = app.readiness(&staff.who.viewer)?;
    let step = step_of(&app, &staff, &board, &step)?;
    let (values, mut wrong) = read(&board, &step, &staff, &typed);
    let again = |wrong: Vec<Problem>, typed: Typed| -> Answer {
        let page = view(&app, &staff, &board, &step, typed);
        let desk = page.desk.clone().mend(wrong);
        Ok(shown(&ReportPage { desk, ..page }))
    };
    let why: Option<Note> = match typed.prose("leave-out-why") {
        Ok(why) => why,
        Err(problem) => {
            wrong.push(problem);
            None
        }
    };
    if !wrong.is_empty() {
        return again(wrong, typed);
    }
    let kind = if typed.get("kind") == "summary" { ReportKind::Summary } else { ReportKind::Change };
    let left_out = typed.all("leave-out").map(str::to_owned).collect();
    let writing = Writing { step: step.id, kind, values, left_out, why };
    let viewer = &staff.who.viewer;
    let to = if typed.get("then") == "save" {
        app.save_report(viewer, &writing).await.map(|()| format!("/readiness/report/{}?done=saved", step.id))
    } else {
        app.issue_report(viewer, &writing).await.map(|id| format!("/readiness/reports/{id}?done=sent"))
    };
    match to.map_err(mended) {
        Ok(to) => Ok(go(&to)),
        Err(Ok(wrong)) => {
            let placed = |mut problem: Problem| {
                if board.rules.fields.iter().any(|field| field.id.as_str() == problem.field) {
                    problem.field = format!("f.{}", problem.field);
                }
                problem
            };
            again(wrong.into_iter().map(placed).collect(), typed)
        }
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
