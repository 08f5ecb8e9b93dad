//! Closing an incident: a checklist that names what is missing, with a link to each; and opening it again.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::incident::{Closing, Command, Missing, Standing, missing_for_closing};
use domain::pack::{ClosingNeed, Pack};
use domain::permission::Action;
use domain::text::Note;

use super::{Case, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    typed::{Typed, problem},
};

/// `/incidents/{reference}/close`. Sends `statement.{id}` and `note`.
#[derive(Debug, Template)]
#[template(path = "staff/close.html")]
pub struct ClosePage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// Its page.
    pub address: String,
    /// What stands in the way: words, clause, and where to mend it.
    pub missing: Vec<Line>,
    /// Statements that the policy asks for: id, words, clause, what was typed.
    pub statements: Vec<Line>,
    /// What was typed.
    pub note: String,
    /// Whether it is open.
    pub open: bool,
}

desks!(ClosePage);

/// A line of the checklist.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its id, for a statement.
    pub id: String,
    /// What is missing.
    pub says: String,
    /// “DOR 8.350 (4)(a)”
    pub cite: String,
    /// Where to mend it.
    pub href: String,
    /// What was typed.
    pub typed: String,
}

/// The checklist.
pub async fn page(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    checklist(&app, &staff, &reference, &Typed::default(), Vec::new()).await
}

async fn checklist(app: &App, staff: &Staff, reference: &str, typed: &Typed, problems: Vec<Problem>) -> Answer {
    let case = Case::find(app, staff, reference).await?;
    case.allow(staff, Action::Close, Section::Officer)?;
    let pack = app.pack_of_incident(&case.incident)?;
    let address = format!("/incidents/{}", case.row.reference);
    let asks = |line: &&domain::pack::Closing| matches!(line.needs, ClosingNeed::Statement { .. });
    let facts = domain::incident::facts(&case.incident);
    let cite = |ids: &[domain::pack::ClauseId]| {
        ids.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default()
    };
    let statements = pack.closing.iter().filter(asks).filter(|line| facts.satisfy(&line.when)).map(|line| Line {
        id: line.id.to_string(),
        says: line.says.clone(),
        cite: cite(&line.clauses),
        href: String::new(),
        typed: typed.get(&format!("statement.{}", line.id)).to_owned(),
    });
    let statements: Vec<Line> = statements.collect();
    let missing = missing_for_closing(&case.incident, &empty(), pack);
    let missing = missing.iter().filter(|m| !statements.iter().any(|s| s.says == m.says)).map(|m| Line {
        says: m.says.clone(),
        cite: cite(&m.clauses),
        href: mend(m, pack, &address),
        ..Line::default()
    });
    let page = ClosePage {
        missing: missing.collect(),
        statements,
        note: typed.get("note").to_owned(),
        open: case.incident.standing == Standing::Open,
        reference: case.row.reference.clone(),
        desk: staff
            .desk(app, format!("Close {}", case.row.reference))
            .under(&address, &case.row.reference)
            .mend(problems),
        address,
    };
    Ok(shown(&page))
}

const fn empty() -> Closing {
    Closing { statements: Vec::new(), note: None }
}

fn mend(missing: &Missing, pack: &Pack, address: &str) -> String {
    if let Some((sheet, entry)) = &missing.sheet {
        let change = entry.map(|entry| format!("?change={entry}")).unwrap_or_default();
        return format!("{address}/sheets/{sheet}{change}#fill");
    }
    if let Some(decision) = &missing.decision {
        return format!("{address}/decisions/{decision}");
    }
    let Some(rule) = &missing.duty else { return format!("{address}#decisions") };
    let on_form = pack.forms.iter().any(|form| form.meets.as_ref() == Some(rule));
    if on_form { format!("{address}/form") } else { format!("{address}#duty-{rule}") }
}

/// Closes.
pub async fn close(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Close, Section::Officer).await?;
    let mut statements: Vec<(domain::pack::ClosingId, Note)> = Vec::new();
    let mut problems = Vec::new();
    for (name, _) in typed.fields() {
        let id = name.strip_prefix("statement.").and_then(|id| domain::pack::ClosingId::parse(id).ok());
        match (id, typed.prose(name)) {
            (Some(id), Ok(Some(note))) => statements.push((id, note)),
            (Some(_), Err(wrong)) => problems.push(wrong),
            _ => {}
        }
    }
    let note = typed.prose("note").unwrap_or_else(|wrong| {
        problems.push(wrong);
        None
    });
    if !problems.is_empty() {
        return checklist(&app, &staff, &reference, &typed, problems).await;
    }
    let closing = Closing { statements, note };
    match app.act(&may, &row, None, |_, _| Ok(Command::Close(Box::new(closing.clone())))).await {
        Ok(_) => Ok(go(&format!("/incidents/{}?done=closed", row.reference))),
        Err(Trouble::Incident(domain::incident::Refusal::NotReady(missing))) => {
            let words = |m: &Missing| problem("checklist", &m.says);
            checklist(&app, &staff, &reference, &typed, missing.iter().map(words).collect()).await
        }
        Err(trouble) => {
            let words = refusal(trouble)?;
            checklist(&app, &staff, &reference, &typed, vec![problem("note", &words)]).await
        }
    }
}

/// Opens it again. Sends `reopen-reason`.
pub async fn reopen(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Close, Section::Officer).await?;
    let reason: Note = match typed.needed_prose("reopen-reason", "Write why this incident is opened again.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, "reopen", typed, vec![wrong]).await,
    };
    match app.act(&may, &row, None, |_, _| Ok(Command::Reopen(reason.clone()))).await {
        Ok(_) => Ok(go(&format!("/incidents/{}?done=reopened", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "reopen", typed, vec![problem("reopen-reason", &words)]).await
        }
    }
}
