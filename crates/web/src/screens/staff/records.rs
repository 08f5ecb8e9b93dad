//! Keeping records: the list by the last day of keeping, one record with its matters and holds, disposal by two people,
//! and for administrators the holds alone.

pub mod certificate;
pub mod holds;
pub mod one;

use app::App;
use app::records::{Record, Shown};
use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    routing::{get, post},
};
use domain::actor::Section;
use domain::pack::RetainUntil;
use domain::permission::Action;
use serde::Deserialize;

use super::desk::{Desk, Staff, desks, page as shown};
use super::home::unit_name;
use super::sorry::Answer;
use crate::times;

/// Records on one page.
const LINES: u32 = 50;

/// Addresses below `/records`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/records", get(page))
        .route("/records/holds", get(holds::page))
        .route("/records/holds/{reference}/{hold}/lift", post(holds::lift))
        .route("/records/{reference}", get(one::page))
        .route("/records/{reference}/matters", post(one::open_matter))
        .route("/records/{reference}/matters/{matter}/settle", post(one::settle_matter))
        .route("/records/{reference}/holds", post(one::place_hold))
        .route("/records/{reference}/propose", post(one::propose))
        .route("/records/{reference}/review", post(one::review))
        .route("/records/{reference}/certificate", get(certificate::page))
}

/// `/records`
#[derive(Debug, Template)]
#[template(path = "staff/records.html")]
pub struct Records {
    /// The desk.
    pub desk: Desk,
    /// Ways to narrow it: address, words, whether it is this one.
    pub tabs: Vec<(String, String, bool)>,
    /// What the list is of.
    pub about: String,
    /// Its lines.
    pub rows: Vec<Row>,
    /// Where the next page is, or empty.
    pub next: String,
}

desks!(Records);

/// A record.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The last day, or that there is none.
    pub until: String,
    /// Why.
    pub why: String,
    /// What stops its disposal, one line each.
    pub held: Vec<String>,
    /// How it stands: class of the mark and words.
    pub mark: (&'static str, &'static str),
}

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `held`, `proposed`, `disposed`, `all`, or a year; otherwise what may be disposed of now.
    #[serde(default)]
    show: String,
    /// The cursor.
    before: Option<i64>,
}

/// The list. Three statements of the store: session, list, streams.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    app.allow_in_agency(viewer, Action::ReviewDisposal, Section::Officer)?;
    let this_year = staff.now().day_in(&staff.zone(&app)).year();
    let wanted = match (asked.show.as_str(), asked.show.parse::<i16>()) {
        ("held", _) => Shown::Held,
        ("proposed", _) => Shown::Proposed,
        ("disposed", _) => Shown::Disposed,
        ("all", _) => Shown::All,
        (_, Ok(year)) => Shown::Year(year.clamp(1900, 9000)),
        _ => Shown::Due,
    };
    let (records, next) = app.records(viewer, wanted, asked.before, LINES).await?;
    let today = staff.now().day_in(&staff.zone(&app));
    let about = match wanted {
        Shown::Due => {
            "Their time has run out, the longest first. Nothing stops their disposal unless a line says so.".to_owned()
        }
        Shown::Year(year) => format!("Kept until some day of {year}, the earliest first."),
        Shown::Held => "A legal matter or a hold keeps these, whatever their date.".to_owned(),
        Shown::Proposed => "One person proposed to dispose of these. A second person reviews each.".to_owned(),
        Shown::Disposed => {
            "These are gone. What is left is their number, what they count as, and the certificate.".to_owned()
        }
        Shown::All => "Every closed incident, newest first.".to_owned(),
    };
    let mut tabs = vec![
        ("due".to_owned(), "Can be disposed of".to_owned(), wanted == Shown::Due),
        ("proposed".to_owned(), "Waiting for review".to_owned(), wanted == Shown::Proposed),
        ("held".to_owned(), "Held".to_owned(), wanted == Shown::Held),
        ("all".to_owned(), "All closed".to_owned(), wanted == Shown::All),
        ("disposed".to_owned(), "Disposed of".to_owned(), wanted == Shown::Disposed),
    ];
    let years =
        (this_year..this_year + 3).map(|year| (year.to_string(), format!("Until {year}"), wanted == Shown::Year(year)));
    tabs.splice(1..1, years);
    let page = Records {
        desk: staff.desk(&app, "Records"),
        rows: records.iter().map(|record| row(&app, record, today)).collect(),
        next: next.map(|n| format!("/records?show={}&before={n}", escaped(&asked.show))).unwrap_or_default(),
        tabs: tabs.into_iter().map(|(show, words, here)| (format!("/records?show={show}"), words, here)).collect(),
        about,
    };
    Ok(shown(&page))
}

/// Only words that this page itself writes are carried on.
fn escaped(show: &str) -> String {
    show.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

fn row(app: &App, record: &Record, today: jiff::civil::Date) -> Row {
    let keeping = &record.incident.keeping;
    let gone = record.incident.opening.is_none();
    let matters = keeping.open_matters().map(|m| format!("Open legal matter: {}", m.matter.what.question));
    let holds = keeping.standing_holds().map(|h| format!("Legal hold: {}", h.hold.what.reason.gist(160)));
    let until = match record.kept.until {
        RetainUntil::Day(day) => times::day(day),
        RetainUntil::NoDate => "no date".to_owned(),
    };
    let reference = record.line.reference.clone();
    Row {
        href: if gone { format!("/records/{reference}/certificate") } else { format!("/records/{reference}") },
        title: record.line.summary.title.clone(),
        unit: unit_name(app, record.line.unit),
        until: if gone { "–".to_owned() } else { until },
        why: record.kept.says.clone(),
        held: matters.chain(holds).collect(),
        mark: match record.kept.until {
            _ if gone => ("waived", "Disposed of"),
            _ if keeping.proposal.is_some() => ("soon", "Proposed"),
            _ if keeping.held() => ("hold", "Held"),
            RetainUntil::Day(day) if day < today => ("running", "Can go"),
            _ => ("on-track", "Kept"),
        },
        reference,
    }
}
