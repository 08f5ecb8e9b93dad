//! The policies of an organisation, clause by clause: what each says, where it acts in the product, and which evidence
//! there is this year. What an auditor asks for first; made to be printed.

use app::policies::evidence::{Count, Year};
use app::policies::view::acts;
use app::{App, Trouble};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::IntoResponse,
};
use domain::pack::{Pack, PackKind, SlotId};
use serde::Deserialize;

use super::admin::{local::SlotRow, packs::WatchRow};
use super::desk::{Desk, Flash, Staff, desks, page as shown};
use super::sorry::Answer;
use crate::times;

/// `/policy`
#[derive(Debug, Template)]
#[template(path = "staff/policy.html")]
pub struct Policy {
    /// The desk.
    pub desk: Desk,
    /// The year of the counts.
    pub year: i16,
    /// Whether counts are shown.
    pub counted: bool,
    /// Texts whose own date has passed or is near.
    pub watches: Vec<WatchRow>,
    /// Proposed texts that wait for this person's approval: address and title.
    pub approvals: Vec<(String, String)>,
    /// What is missing: documents that nobody has supplied.
    pub gaps: Vec<SlotRow>,
    /// The policies, then the laws.
    pub packs: Vec<PackView>,
}

desks!(Policy);

/// A policy or a law.
#[derive(Debug, Clone)]
pub struct PackView {
    /// The id of its section on the page.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// “Policy” or “Law”.
    pub kind: &'static str,
    /// Its record: document, dates, who approved it, authorities, legal bases.
    pub record: Vec<(&'static str, String)>,
    /// What has to be known about it today, or empty.
    pub warning: String,
    /// Its clauses.
    pub clauses: Vec<ClauseView>,
    /// Clauses that nothing in the product cites.
    pub silent: usize,
    /// How open passages are read: number, question, reading, clauses.
    pub readings: Vec<(String, String, String, String)>,
    /// Local values: title, what counts now, the usual value, clauses.
    pub locals: Vec<(String, String, String, String)>,
    /// Documents.
    pub slots: Vec<SlotRow>,
}

/// A clause.
#[derive(Debug, Clone)]
pub struct ClauseView {
    /// Its id.
    pub id: String,
    /// Where it stands in the text.
    pub cite: String,
    /// What it says, in our words.
    pub says: String,
    /// Where it acts: what kind of place, and which.
    pub acts: Vec<(&'static str, String)>,
    /// “3 duties opened, 2 met”, or empty.
    pub evidence: String,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Two statements of the store: session, kept counts.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let tenant = viewer.tenant;
    let zone = staff.zone(&app);
    let today = staff.now().day_in(&zone);
    let counts = app.duties_of_year(viewer, today.year()).await?;
    let slots = app.slots(tenant);
    let packs: Vec<PackView> = app
        .governing_today(tenant)
        .into_iter()
        .map(|pack| {
            let own = slots.iter().filter(|slot| pack.missing.iter().any(|m| m.id == slot.document.id));
            let own = own.map(|slot| SlotRow::of(&app, &staff, slot)).collect();
            view(&app, &staff, pack, counts.as_ref(), own)
        })
        .collect();
    let mut desk = staff.desk(&app, "Policy");
    if done.done == "authorized" {
        desk.flash = Flash::says("Your approval is on record. A second administrator can put the text in force now.");
    }
    Ok(shown(&Policy {
        desk,
        year: today.year(),
        counted: counts.is_some(),
        watches: app.watches(tenant).iter().map(WatchRow::of).collect(),
        approvals: asked(&app, &staff),
        gaps: slots.iter().filter(|s| s.supplied.is_none()).map(|s| SlotRow::of(&app, &staff, s)).collect(),
        packs,
    }))
}

/// Texts that wait for the office of this person.
fn asked(app: &App, staff: &Staff) -> Vec<(String, String)> {
    let viewer = &staff.who.viewer;
    if app.allow_enacting(viewer).is_err() {
        return Vec::new();
    }
    let kept = app.kept(viewer.tenant);
    let mine = kept.waiting().filter(|text| app.waits_for_office_of(viewer, text));
    mine.map(|text| (format!("/policy/proposals/{}", &text.digest[..16]), text.title.clone())).collect()
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn record(app: &App, staff: &Staff, pack: &Pack) -> Vec<(&'static str, String)> {
    let day = |day: Option<jiff::civil::Date>, open: &str| day.map_or_else(|| open.to_owned(), times::day);
    let source = &pack.source;
    let mut rows = vec![
        ("Text", format!("{}, {}", source.title, source.issuer)),
        ("Number and revision", source.edition.clone()),
        (
            "In force",
            format!(
                "from {} until {}",
                day(pack.edition.from, "a day not stated"),
                day(pack.edition.until, "further notice")
            ),
        ),
    ];
    if let Some(sunset) = pack.edition.sunset {
        rows.push(("Sunset date", times::day(sunset)));
    }
    if let Some(said) = app.statement(staff.who.viewer.tenant, &pack.id) {
        let until =
            said.until.map_or_else(|| "in force".to_owned(), |until| format!("extended until {}", times::day(until)));
        let at = times::stamp(said.at, staff.now(), &staff.zone(app)).words;
        rows.push(("Said since", format!("{until}: {} ({}, {at})", said.says, app.name_of(said.by))));
    }
    if let Some(authority) = &source.authority {
        rows.push(("Authority it names", authority.clone()));
    }
    if !pack.enactment.authorities.is_empty() {
        rows.push(("Issued under", pack.enactment.authorities.join("; ")));
    }
    if let Some(role) = pack.enactment.approved_by.as_ref().and_then(|id| pack.role(id)) {
        rows.push(("Changes need the approval of", role.title.en.clone()));
    }
    if !pack.tags.is_empty() {
        let bases: Vec<String> =
            pack.tags.iter().map(|t| format!("{} ({})", t.cite, t.label.en.to_lowercase())).collect();
        rows.push(("Legal bases", bases.join("; ")));
    }
    rows.push((
        "Reviewed by counsel",
        pack.reviewed_by_counsel.clone().unwrap_or_else(|| "never; until then this is how we read it".to_owned()),
    ));
    rows
}

fn view(app: &App, staff: &Staff, pack: &Pack, counts: Option<&Year>, slots: Vec<SlotRow>) -> PackView {
    let tenant = staff.who.viewer.tenant;
    let today = staff.now().day_in(&staff.zone(app));
    let acts = acts(pack);
    let clause = |clause: &domain::pack::Clause| {
        let acts = acts.get(&clause.id).map(Vec::as_slice).unwrap_or_default();
        let duties = acts.iter().filter_map(|act| act.duty.as_ref());
        let sum = counts.map(|year| {
            duties.clone().map(|rule| year.of(&pack.id, rule)).fold(Count::default(), |sum, count| Count {
                opened: sum.opened + count.opened,
                met: sum.met + count.met,
            })
        });
        let evidence = match sum {
            Some(count) if duties.clone().next().is_some() => {
                format!("{} opened, {} met", count.opened, count.met)
            }
            _ => String::new(),
        };
        ClauseView {
            id: clause.id.to_string(),
            cite: clause.cite.clone(),
            says: clause.says.clone(),
            acts: acts.iter().map(|act| (act.kind, act.says.clone())).collect(),
            evidence,
        }
    };
    let clauses: Vec<ClauseView> = pack.clauses.iter().map(clause).collect();
    let values = app.own_values(tenant);
    let locals = values.iter().filter(|value| pack.local(&value.local.id).is_some());
    let governing = app.packs().of(tenant).governing(&pack.series, today);
    let stated = app.statement(tenant, &pack.id).is_some();
    PackView {
        anchor: pack.id.as_str().replace(['/', '.'], "-"),
        title: pack.title.clone(),
        kind: if pack.kind == PackKind::Law { "Law" } else { "Policy" },
        record: record(app, staff, pack),
        warning: governing.warning().filter(|_| !stated).unwrap_or_default(),
        silent: clauses.iter().filter(|clause| clause.acts.is_empty()).count(),
        clauses,
        readings: pack
            .interpretations
            .iter()
            .map(|note| (note.id.to_string(), note.question.clone(), note.reading.clone(), list(&note.clauses)))
            .collect(),
        locals: locals
            .map(|value| {
                let (now, usual) = (value.say(value.counts()), value.say(value.local.default));
                (value.local.title.clone(), now, usual, list(&value.local.clauses))
            })
            .collect(),
        slots,
    }
}

/// A document that was supplied, as a file to keep. Two statements of the store.
pub async fn document(State(app): State<App>, Path((slot, digest)): Path<(String, String)>, staff: Staff) -> Answer {
    let slot = SlotId::parse(&slot).map_err(|_| Trouble::NotFound)?;
    let (version, bytes) = app.document(staff.who.viewer.tenant, &slot, &digest).await?;
    let name: String =
        version.file.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let offer = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|e| Trouble::fault("naming a document", e))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, offer),
    ];
    Ok((headers, bytes).into_response())
}
