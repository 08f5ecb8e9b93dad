//! One report: everything that was said, who said it for those who may know, and what can be decided about it.

pub mod told;
mod view;

pub use told::{file, reason, size, went};

use app::{App, ReportRow, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::pack::Pack;
use domain::permission::{Action, Object, decide};
use domain::report::Report;
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, page as shown};
use super::inbox::Sign;
use super::sorry::Answer;
use crate::{
    screens::frame::{Choice, Problem},
    times::Stamp,
    typed::Typed,
};
use view::View;

/// `/inbox/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/report.html")]
pub struct ReportPage {
    /// The desk.
    pub desk: Desk,
    /// The report.
    pub view: ReportView,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(ReportPage);

/// Everything about one report that this person may see.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// What happened, as chosen.
    pub what: String,
    /// When it arrived.
    pub received: Stamp,
    /// How it came in.
    pub channel: String,
    /// The policy edition it was taken under.
    pub policy: String,
    /// What has to be known about that edition on the day of the report, or empty.
    pub remark: String,
    /// Where it stands, in words.
    pub standing: String,
    /// Marks with words.
    pub signals: Vec<Sign>,
    /// The first words, for the pane beside the list.
    pub gist: String,
    /// The language it was written in when it was not English.
    pub spanish: bool,
    /// Everything that was said.
    pub said: Vec<Said>,
    /// Who reported; `None` for those who may not know.
    pub reporter: Option<Vec<Said>>,
    /// A sentence about the reporter's identity.
    pub identity: String,
    /// Where it went when it was filed.
    pub went: Vec<Said>,
    /// Files.
    pub files: Vec<File>,
    /// Questions and answers.
    pub letters: Vec<Letter>,
    /// Who is reading it.
    pub claimed: String,
    /// The incident it became part of: address and reference.
    pub incident: Option<(String, String)>,
    /// Duties that accepting would start: title, and by when.
    pub would_start: Vec<(String, String)>,
    /// Whether this person may decide, and nobody has.
    pub decides: bool,
    /// Whether this person may ask the reporter.
    pub asks: bool,
    /// The reasons for setting it aside.
    pub reasons: Vec<Choice>,
    /// What was found by those who looked into it.
    pub findings: Vec<Letter>,
    /// Who is kept from it: a sentence, and for a name that may be theirs the account and the field of the reason.
    pub kept: Vec<(String, Option<(String, String)>)>,
    /// Whether this person records a finding.
    pub finds: bool,
    /// Whose finding is missing before it can be set aside, or empty.
    pub finding_missing: String,
    /// Units it can be handed to.
    pub units: Vec<Choice>,
    /// Who decided about it, when, and what they added; empty while nobody has.
    pub decided: String,
    /// “3 of 4 particulars”, or empty where the policy counts none.
    pub complete: String,
    /// The policy's particulars, each with how it stands.
    pub particulars: Vec<(String, Sign)>,
    /// The questions of the policy's definition of an incident.
    pub definition: Vec<(String, String, &'static str)>,
    /// What the definition makes of the answers, or empty.
    pub finding: String,
    /// Whether accepting it would overrule the definition.
    pub overrules: bool,
    /// Where its forms go: `/inbox/R-7KQ4-M2XD`.
    pub address: String,
}

/// A question and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What was asked.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// `es` when it is in Spanish.
    pub lang: &'static str,
    /// Whether the answer is the reporter's own prose.
    pub own_words: bool,
}

/// A file of a report or incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, never a path.
    pub name: String,
    /// “1.4 MB”
    pub size: String,
    /// SHA-256 in hexadecimal.
    pub digest: String,
    /// Where it can be fetched, or empty.
    pub href: String,
}

/// A message between officer and reporter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who wrote it.
    pub from: String,
    /// When.
    pub at: Stamp,
    /// The words.
    pub words: String,
    /// Whether the office wrote it.
    pub ours: bool,
}

/// How closely a report is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Beside the list: nothing is noted.
    Glance,
    /// On its page: noted as opened.
    Open,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What has just been done.
    #[serde(default)]
    done: String,
    /// The form to open.
    #[serde(default, rename = "do")]
    act: String,
}

/// The page.
pub async fn page(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let view = look(&app, &staff, &reference, Look::Open).await?.ok_or(Trouble::NotFound)?;
    let mut desk = staff.desk(&app, title(&view)).under("/inbox", "Inbox");
    desk.flash = match asked.done.as_str() {
        "asked" => Flash::says("Your question is on the reporter’s status page, and they were told to look."),
        "found" => Flash::says("The finding is on record."),
        "let-in" => Flash::says("They learn of it from now on. Your reason stays with the report."),
        "undone" => Flash::says("Undone. The report is waiting again."),
        "corrected" => Flash::says("On record. The first words stay beside it."),
        "weighed" => Flash::says("The answers are on record."),
        _ => None,
    };
    Ok(shown(&ReportPage { desk, view, opened: asked.act, typed: Typed::default() }))
}

/// The page again, with what was wrong and what was typed.
pub async fn again(
    app: &App,
    staff: &Staff,
    reference: &str,
    form: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Answer {
    let view = look(app, staff, reference, Look::Glance).await?.ok_or(Trouble::NotFound)?;
    let desk = staff.desk(app, title(&view)).under("/inbox", "Inbox").mend(problems);
    Ok(shown(&ReportPage { desk, view, opened: form.to_owned(), typed }))
}

fn title(view: &ReportView) -> String {
    format!("{} {}", view.reference, view.what)
}

/// A report as this person may see it; `None` when there is nothing for them.
pub async fn look(app: &App, staff: &Staff, reference: &str, how: Look) -> Result<Option<ReportView>, Trouble> {
    let viewer = &staff.who.viewer;
    let (may, row) = match app.allow_on_report(viewer, reference, Action::Read, Section::Report).await {
        Ok(found) => found,
        Err(Trouble::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    let report = app.read_report(viewer, &may, &row).await?;
    let triages = decide(viewer, Action::Triage, may.object().clone(), Section::Report);
    if let Look::Open = how {
        app.note_look(&may).await?;
        if let (Ok(triage), false) = (&triages, report.readers.contains(&viewer.account)) {
            app.open_report(triage, &row).await?;
        }
    }
    let knows = decide(viewer, Action::Read, may.object().clone(), Section::Reporter).is_ok();
    let copies = decide(viewer, Action::Export, may.object().clone(), Section::Evidence).is_ok();
    let incident = match row.incident {
        // Whoever takes part came from the incident; asking for it again would be one statement too many.
        Some(id)
            if !matches!(may.object(), Object::Case { invited: true, .. })
                && decide(viewer, Action::Read, may.object().clone(), Section::Officer).is_ok() =>
        {
            let found = app.store().incident(row.tenant, id).await?;
            found.map(|i| (format!("/incidents/{}", i.reference), i.reference))
        }
        _ => None,
    };
    let view = View { app, staff, row: &row, report: &report, zone: staff.zone(app), now: staff.now() };
    view.make(knows, copies, triages.is_ok(), incident).map(Some)
}

/// What was said and who said it, for a page that decides nothing.
pub fn said_in(app: &App, staff: &Staff, row: &ReportRow, report: &Report, pack: &Pack) -> (Vec<Said>, Vec<Said>) {
    let view = View { app, staff, row, report, zone: staff.zone(app), now: staff.now() };
    let said = report.filed.as_ref().map(|filed| view.said(&filed.submission, pack)).unwrap_or_default();
    (said, view.reporter(pack))
}
