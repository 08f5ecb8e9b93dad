//! Papers as PDF: a unit's poster and blank forms, a reporter's receipt; where none can be made now, the page to print.

use super::{Intake, asked::Asked, doors, received, sorry};
use crate::screens::{
    public::message::{Link, Message},
    show,
};
use app::Trouble;
use app::directory::Unit;
use app::limits::Counted;
use app::papers::{NoPaper, Paper};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Seconds after which a paper that could not be made is worth asking for again.
const AGAIN: u32 = 10;

/// `GET /r/{code}/poster.pdf`.
pub async fn poster(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    if let Err(wait) = admit(&intake, &asked, Some(unit)).await {
        return wait;
    }
    let paper = intake.app.poster(unit.id).await;
    answer(&intake, &asked, Some(unit), paper, &format!("/r/{}/poster", unit.code))
}

/// `GET /r/{code}/form.pdf`.
pub async fn blank(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    if let Err(wait) = admit(&intake, &asked, Some(unit)).await {
        return wait;
    }
    let paper = intake.app.blank_report(unit.id, asked.spoken()).await;
    answer(&intake, &asked, Some(unit), paper, &format!("/r/{}/form", unit.code))
}

/// `GET /r/{code}/incident-form/{edition}`: the officers' form for pen, in an edition of the unit's own policy.
pub async fn incident_form(
    State(intake): State<Intake>,
    asked: Asked,
    Path((code, edition)): Path<(String, String)>,
) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    if let Err(wait) = admit(&intake, &asked, Some(unit)).await {
        return wait;
    }
    let paper = intake.app.blank_incident_form(unit.id, &edition).await;
    answer(&intake, &asked, Some(unit), paper, "/outage-kit")
}

/// `GET /report/d/{token}/receipt.pdf`: as long as the receipt stands at the draft's address.
pub async fn receipt(State(intake): State<Intake>, asked: Asked, Path(token): Path<String>) -> Response {
    let receipt = match intake.app.draft(&token).await {
        Ok(open) => open.draft.sent,
        Err(Trouble::NotFound) => return sorry::ended(&asked),
        Err(trouble) => return sorry::sorry(&intake, &asked, None, &trouble),
    };
    let Some(receipt) = receipt else { return sorry::ended(&asked) };
    if let Err(wait) = admit(&intake, &asked, None).await {
        return wait;
    }
    let paper = match received::received(&intake, &asked, &token, &receipt).await {
        Ok(page) => intake.app.receipt_paper(received::paper(&asked, &receipt, page)).await,
        Err(Trouble::NotFound) => return sorry::ended(&asked),
        Err(trouble) => Err(trouble.into()),
    };
    answer(&intake, &asked, None, paper, &format!("/report/d/{token}/received"))
}

async fn admit(intake: &Intake, asked: &Asked, unit: Option<&Unit>) -> Result<(), Response> {
    intake.count(asked, Counted::Paper).await.map_err(|trouble| sorry::sorry(intake, asked, unit, &trouble))
}

/// The paper as a download, or why not and which page to print instead.
fn answer(
    intake: &Intake,
    asked: &Asked,
    unit: Option<&Unit>,
    paper: Result<Paper, NoPaper>,
    instead: &str,
) -> Response {
    match paper {
        Ok(paper) => download(paper),
        Err(NoPaper::Trouble(trouble @ Trouble::NotFound)) => sorry::sorry(intake, asked, unit, &trouble),
        Err(none) => {
            match &none {
                NoPaper::Busy => tracing::warn!("a paper was asked for while the press was busy"),
                NoPaper::Trouble(trouble) => tracing::error!(id = %asked.id, %trouble, "a paper could not be made"),
            }
            let heading = asked.language.say("no-paper");
            let frame = asked.frame(intake, unit, heading.clone());
            let paragraphs = vec![asked.language.say("no-paper-do")];
            let links = vec![
                Link { href: asked.link(instead), words: asked.language.say("no-paper-print") },
                Link { href: asked.path.clone(), words: asked.language.say("no-paper-again") },
            ];
            let mut answer = show(StatusCode::SERVICE_UNAVAILABLE, &Message { frame, heading, paragraphs, links });
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(AGAIN));
            answer
        }
    }
}

fn download(paper: Paper) -> Response {
    // Names are made of unit codes, references and our own words; anything else would be a fault of the house.
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = paper.name.chars().map(plain).collect();
    let mut answer = paper.bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}
