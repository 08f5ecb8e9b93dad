//! A report that was sent: to read, to print, as data, and how it reached those who have no address.

use app::readiness::Said;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::ids::EntryId;
use domain::organisation::readiness::{Issued, ReportKind};
use domain::text::Name;
use serde::Deserialize;

use super::mended;
use crate::{
    screens::staff::{
        desk::{Desk, Flash, Staff, desks, go, page as shown},
        sorry::Answer,
    },
    times,
    typed::{Typed, problem},
};

/// `/readiness/reports/{id}`
#[derive(Debug, Template)]
#[template(path = "readiness/issued.html")]
pub struct IssuedPage {
    /// The desk.
    pub desk: Desk,
    /// Its address.
    pub address: String,
    /// Who sent it, and when.
    pub sent: String,
    /// What it says.
    pub lines: Vec<Said>,
    /// To whom it went, how, and whether it has still to be brought.
    pub deliveries: Vec<(String, String, bool)>,
    /// Who was left out, and why.
    pub left_out: Vec<(String, String)>,
    /// Whether this person records deliveries.
    pub records: bool,
    /// What was typed.
    pub typed: Typed,
}

desks!(IssuedPage);

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

fn find(reports: &[Issued], id: &str) -> Result<Issued, Trouble> {
    let id: EntryId = id.parse().map_err(|_| Trouble::NotFound)?;
    reports.iter().find(|report| report.id == id).cloned().ok_or(Trouble::NotFound)
}

/// The page. One statement of the store: everything is in memory.
pub async fn page(State(app): State<App>, Path(id): Path<String>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff, &id, Typed::default())?;
    page.desk.flash = match done.done.as_str() {
        "sent" => Flash::says("Sent. Mail is on its way; whoever has no address is listed below."),
        "delivered" => Flash::says("On record."),
        _ => None,
    };
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff, id: &str, typed: Typed) -> Result<IssuedPage, Trouble> {
    let board = app.readiness(&staff.who.viewer)?;
    let report = find(&board.readiness.reports, id)?;
    let kind = match report.kind {
        ReportKind::Change => "Report of a change",
        ReportKind::Summary => "Summary report",
    };
    let delivery = |who: &domain::organisation::readiness::Sent| {
        let by_hand = board.readiness.delivered.iter().rev().find(|d| d.report == report.id && d.to == who.name);
        let how = match (&who.mail, by_hand) {
            (_, Some(delivered)) => {
                let at = times::stamp(delivered.at, staff.now(), &board.zone).words;
                format!("{}, {at}, recorded by {}", delivered.how, app.name_of(delivered.by))
            }
            (Some(mail), None) => format!("by mail to {mail}"),
            (None, None) => "no address on record: print it and hand it over".to_owned(),
        };
        (who.name.to_string(), how, who.mail.is_none() && by_hand.is_none())
    };
    let at = times::stamp(report.at, staff.now(), &board.zone).words;
    Ok(IssuedPage {
        desk: staff
            .desk(app, format!("{kind}: {}", board.rules.says(report.level)))
            .under("/readiness", &board.rules.title),
        address: format!("/readiness/reports/{}", report.id),
        sent: format!("Sent {at} by {}", app.name_of(report.by)),
        lines: board.lines(&report),
        deliveries: report.sent.iter().map(delivery).collect(),
        left_out: report.left_out.iter().map(|left| (left.who.name.to_string(), left.why.to_string())).collect(),
        records: board.in_force && app.declares(&staff.who.viewer, &board),
        typed,
    })
}

/// The report as data.
pub async fn data(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    let board = app.readiness(&staff.who.viewer)?;
    let report = find(&board.readiness.reports, &id)?;
    let directory = app.directory();
    let agency = directory.agency(board.tenant).map(|agency| agency.profile.name.en.clone()).unwrap_or_default();
    let body = board.as_data(&report, &agency).to_string();
    let mut answer: Response = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = HeaderValue::from_str(&format!("attachment; filename=\"level-report-{}.json\"", report.id));
    headers.insert(header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment")));
    Ok(answer)
}

/// Records that the report was brought to somebody. Sends `to`, `how`.
pub async fn delivered(State(app): State<App>, Path(id): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let board = app.readiness(&staff.who.viewer)?;
    let report = find(&board.readiness.reports, &id)?;
    let to = Name::parse(typed.get("to")).map_err(|_| Trouble::NotFound)?;
    let again = |typed: Typed, wrong| -> Answer {
        let page = view(&app, &staff, &id, typed)?;
        let desk = page.desk.clone().mend(wrong);
        Ok(shown(&IssuedPage { desk, ..page }))
    };
    let how = match typed.needed_line("how", "Write how it was brought and what shows it.") {
        Ok(how) => how,
        Err(wrong) => return again(typed, vec![problem("how", &wrong.words)]),
    };
    match app.delivered_by_hand(&staff.who.viewer, report.id, &to, &how).await.map_err(mended) {
        Ok(()) => Ok(go(&format!("/readiness/reports/{}?done=delivered", report.id))),
        Err(Ok(wrong)) => again(typed, wrong),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
