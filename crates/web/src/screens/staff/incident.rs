//! An incident on one page: what is next, what is owed, what happened, who and what is touched; and every act on it.

pub mod acts;
pub mod affected;
pub mod ask;
pub mod clocks;
pub mod closing;
pub mod decision;
pub mod files;
pub mod foresee;
pub mod form;
pub mod looked;
pub mod people;
pub mod personnel;
pub mod personnel_file;
pub mod playbook;
pub mod sheet_sign;
pub mod sheet_table;
pub mod sheets;
pub mod summary;
pub mod tags;
pub mod ticket;
pub mod timeline;
pub mod view;

use app::{App, IncidentRow, Trouble};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    routing::{get, post},
};
use domain::actor::Section;
use domain::ids::ReportId;
use domain::incident::{Command, Incident};
use domain::pack::Pack;
use domain::permission::{Action, Allowed, decide};
use serde::Deserialize;

use super::desk::{Flash, Staff, go, page as shown};
use super::sorry::{Answer, Sorry, refusal};
use crate::{
    screens::frame::Problem,
    typed::{Typed, problem},
};
use view::{IncidentPage, Sight};

/// Addresses below `/incidents/{reference}`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/incidents/{reference}", get(page))
        .route("/incidents/{reference}/notes", post(timeline::note))
        .route("/incidents/{reference}/duties/{rule}", post(acts::meet_duty))
        .route("/incidents/{reference}/tasks", post(acts::set_task))
        .route("/incidents/{reference}/tasks/{task}/done", post(acts::finish_task))
        .route("/incidents/{reference}/tasks/{task}/reopen", post(acts::reopen_task))
        .route("/incidents/{reference}/describe", post(acts::describe))
        .route("/incidents/{reference}/decisions", post(acts::decide_question))
        .route("/incidents/{reference}/decisions/{decision}", get(decision::page).post(decision::vote))
        .route("/incidents/{reference}/decisions/{decision}/statement", post(decision::statement))
        .route("/incidents/{reference}/playbooks/{playbook}", post(playbook::start))
        .route("/incidents/{reference}/tasks/{task}/remove", post(playbook::remove))
        .route("/incidents/{reference}/systems", post(affected::system))
        .route("/incidents/{reference}/count", post(affected::count))
        .route("/incidents/{reference}/facts", post(affected::facts))
        .route("/incidents/{reference}/moments", post(clocks::moment))
        .route("/incidents/{reference}/holds", post(clocks::place_hold))
        .route("/incidents/{reference}/holds/{hold}/lift", post(clocks::lift_hold))
        .route("/incidents/{reference}/duties/{rule}/waive", post(clocks::waive))
        // Files are counted where they are read, part by part.
        .route("/incidents/{reference}/files", post(files::add).layer(DefaultBodyLimit::disable()))
        .route("/incidents/{reference}/lead", post(people::give_lead))
        .route("/incidents/{reference}/exclude", post(people::exclude))
        .route("/incidents/{reference}/participants", post(people::add_participant))
        .route("/incidents/{reference}/participants/{person}/remove", post(people::remove_participant))
        .route("/incidents/{reference}/summary", get(summary::page))
        .route("/incidents/{reference}/reports/{report}", get(report))
        .route("/incidents/{reference}/access", get(looked::page))
        .route("/incidents/{reference}/close", get(closing::page).post(closing::close))
        .route("/incidents/{reference}/reopen", post(closing::reopen))
        .route("/incidents/{reference}/sheets/{sheet}", get(sheets::page).post(sheets::fill))
        .route("/incidents/{reference}/sheets/{sheet}/strike", post(sheets::strike))
        .route("/incidents/{reference}/sheets/{sheet}/copy", get(sheet_table::copy))
        .route("/incidents/{reference}/sheets/{sheet}/csv", get(sheet_table::csv))
        .route("/incidents/{reference}/sheets/{sheet}/print", get(sheet_table::print))
        .route("/incidents/{reference}/form", get(form::page).post(form::save))
        .route("/incidents/{reference}/form/sign", post(form::sign))
        .route("/incidents/{reference}/form/ask", post(ask::ask))
        .route("/incidents/{reference}/form/ask/end", post(ask::end))
        .route("/incidents/{reference}/form/amend", post(form::amend))
        .route("/incidents/{reference}/form/pdf", post(form::pdf))
        .route("/incidents/{reference}/form/{number}", get(form::original))
        .route("/incidents/{reference}/form/personnel", post(personnel::save))
        .route("/incidents/{reference}/sheets/{sheet}/sign", post(sheet_sign::sign))
        .route("/incidents/{reference}/personnel", get(personnel_file::page))
        .route("/incidents/{reference}/tags", post(tags::mark))
        .route("/incidents/{reference}/ticket", post(ticket::open))
}

/// An incident that somebody may read, as far as they may read it.
pub struct Case {
    /// The proof.
    pub may: Allowed,
    /// Its row.
    pub row: IncidentRow,
    /// Its contents.
    pub incident: Incident,
}

impl Case {
    /// Finds it for this person. Two statements of the store, one more for those who take part in it.
    pub async fn find(app: &App, staff: &Staff, reference: &str) -> Result<Self, Trouble> {
        let viewer = &staff.who.viewer;
        let (may, row) = app.allow_on_incident(viewer, reference, Action::Read, Section::Officer).await?;
        let mut incident = app.read_incident(viewer, &may, &row).await?;
        // Somebody with a role here and a part besides may read more than the role alone opens.
        let (may, more) = app.with_part(viewer, may, &incident)?;
        if more {
            incident = app.read_incident(viewer, &may, &row).await?;
        }
        Ok(Self { may, row, incident })
    }

    /// A further proof on the same case.
    pub fn allow(&self, staff: &Staff, action: Action, section: Section) -> Result<Allowed, Trouble> {
        Ok(decide(&staff.who.viewer, action, self.may.object().clone(), section)?)
    }

    /// Whether this person may say what it is and who leads it.
    pub fn directs(&self, staff: &Staff) -> bool {
        self.allow(staff, Action::Direct, Section::Officer).is_ok()
    }

    /// Whether this person may work on it.
    pub fn works(&self, staff: &Staff) -> bool {
        self.allow(staff, Action::Work, Section::Officer).is_ok()
    }
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What has just been done.
    #[serde(default)]
    done: String,
    /// To which report.
    #[serde(default)]
    of: String,
    /// The entry of the timeline that is about to be corrected.
    #[serde(default)]
    pub correct: String,
    /// The moment that is about to be told otherwise.
    #[serde(default)]
    pub moment: String,
    /// `all` shows the whole timeline.
    #[serde(default)]
    pub timeline: String,
}

/// The page. Five statements of the store: session, row, exclusion, stream, and the look that is written down.
pub async fn page(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    if case.incident.keeping.disposed.is_some() {
        return Ok(go(&format!("/records/{}/certificate", case.row.reference)));
    }
    app.note_look(&case.may).await?;
    let flash = flash(&asked, &case, &staff, &app);
    let mut page = Sight { app: &app, staff: &staff, case: &case, asked: &asked }.page()?;
    page.desk.flash = flash;
    Ok(shown(&page))
}

/// Leads to a report that belongs to the incident; its own page decides what of it may be read.
async fn report(State(app): State<App>, Path((reference, report)): Path<(String, String)>, staff: Staff) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    let id: ReportId = report.parse().map_err(|_| Trouble::NotFound)?;
    let part = case.incident.reports.contains(&id);
    let row = if part { app.store().report(case.row.tenant, id).await? } else { None };
    Ok(go(&format!("/inbox/{}", row.ok_or(Trouble::NotFound)?.reference)))
}

/// The page again, with what was wrong and what was typed in the form `opened`.
pub async fn again(
    app: &App,
    staff: &Staff,
    reference: &str,
    opened: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Answer {
    let case = Case::find(app, staff, reference).await?;
    let (correct, moment) = (typed.get("corrects").to_owned(), typed.get("moment").to_owned());
    let asked = Asked { correct, moment, ..Asked::default() };
    let page = Sight { app, staff, case: &case, asked: &asked }.page()?;
    let desk = page.desk.clone().mend(problems);
    Ok(shown(&IncidentPage { desk, opened: opened.to_owned(), typed, ..page }))
}

/// The right to work on an incident and, for those who have it, to say what it is as well.
pub async fn allow_work(app: &App, staff: &Staff, reference: &str) -> Result<(Allowed, IncidentRow), Trouble> {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, reference, Action::Work, Section::Officer).await?;
    Ok((decide(viewer, Action::Direct, may.object().clone(), Section::Officer).unwrap_or(may), row))
}

/// Carries out a command and goes back to the page; a refusal shows the page again at `field`.
pub async fn act(
    app: &App,
    staff: &Staff,
    reference: &str,
    at: Place<'_>,
    typed: Typed,
    command: impl Fn(&Incident, &Pack) -> Result<Command, Trouble> + Send + Sync,
) -> Answer {
    let (may, row) = allow_work(app, staff, reference).await?;
    // The version in front of the person counts only where a change would overwrite another's.
    let seen = typed.get("seen").parse().ok();
    match app.act(&may, &row, seen, command).await {
        Ok(_) => Ok(go(&format!("/incidents/{}?done={}#{}", row.reference, at.done, at.section))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(app, staff, reference, at.form, typed, vec![problem(at.field, &words)]).await
        }
    }
}

/// Where on the page an act belongs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The part of the page to return to.
    pub section: &'a str,
    /// The form that stays open when it is refused.
    pub form: &'a str,
    /// The field beside which a refusal stands.
    pub field: &'a str,
    /// What is said when it is done.
    pub done: &'a str,
}

/// Either the command's parts or the page again with what is wrong.
pub async fn wrong(
    app: &App,
    staff: &Staff,
    reference: &str,
    form: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<axum::response::Response, Sorry> {
    again(app, staff, reference, form, typed, problems).await
}

fn flash(asked: &Asked, case: &Case, staff: &Staff, app: &App) -> Option<Flash> {
    let of = asked.of.parse::<domain::reference::ReportReference>().map(|r| r.to_string()).unwrap_or_default();
    match asked.done.as_str() {
        "accepted" => {
            let age = case.incident.opened_at.map_or(i64::MAX, |at| staff.now().seconds_since(at));
            let left = domain::report::UNDO_SECONDS - age;
            let pack = app.pack_of_incident(&case.incident).ok()?;
            let rows = view::duties(app, staff, &case.incident, pack);
            let lines: Vec<String> =
                rows.iter().filter(|d| d.open).take(4).map(|d| format!("{}: {}", d.title, d.says)).collect();
            let words = match rows.iter().filter(|d| d.open).count() {
                0 => "This is an incident now. It starts no duties.".to_owned(),
                1 => "This is an incident now. It starts 1 duty.".to_owned(),
                n => format!("This is an incident now. It starts {n} duties."),
            };
            let undo = if left > 0 && !of.is_empty() { format!("/inbox/{of}/undo") } else { String::new() };
            Some(Flash { words, lines, undo, seconds: left.max(0) })
        }
        "added" => {
            let undo = if of.is_empty() { String::new() } else { format!("/inbox/{of}/undo") };
            Some(Flash { words: format!("{of} belongs to this incident now."), lines: Vec::new(), undo, seconds: 30 })
        }
        "noted" => Flash::says("Added to the timeline."),
        "corrected" => Flash::says("Corrected. The earlier entry stays, struck through."),
        "met" => Flash::says("Recorded. That duty is answered for."),
        "task" => Flash::says("The task is set."),
        "task-done" => Flash::says("The task is done."),
        "task-open" => Flash::says("The task is open again."),
        "playbook" => Flash::says("Started. Its steps are tasks of this incident now; fit them to it."),
        "task-removed" => Flash::says("Taken out of this incident, with your reason. The library keeps the step."),
        "described" => Flash::says("Changed. The reason is on record."),
        "decided" => Flash::says("Decided, and on record."),
        "system" => Flash::says("The system is on the list."),
        "counted" => Flash::says("The count is on record, and the duties were looked at again."),
        "answered" => Flash::says("Answered, and the duties were looked at again."),
        "moment" => Flash::says("On record, and the duties were looked at again."),
        "held" => Flash::says("On record. It pauses what it names and nothing else; nothing is sent when it ends."),
        "lifted" => Flash::says("Taken back. What it paused is due again."),
        "waived" => Flash::says("Let go. The authority and the reason stand beside the duty."),
        "files" => Flash::says("Sealed, and on record with their SHA-256. Nobody can change them now."),
        "lead" => Flash::says("Handed over."),
        "excluded" => {
            Flash::says("They will not learn of this incident: no list, count, search or mail shows it to them.")
        }
        "tagged" => Flash::says("Marked, and on record. The mark travels with what leaves the incident."),
        "part-given" => Flash::says("They take part from now on. Tell them: nothing is mailed."),
        "part-ended" => Flash::says("Their part is ended. The incident is closed to them now."),
        "closed" => Flash::says("Closed. The record stays, and the incident can be reopened with a reason."),
        "reopened" => Flash::says("Open again."),
        "ticket" => Flash::says("The ticket is on record, and that duty is answered for."),
        _ => None,
    }
}
