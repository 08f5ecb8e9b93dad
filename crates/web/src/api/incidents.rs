//! Incidents for programs: lists, one incident, its duties and its documents.

use super::bearer::Bearer;
use super::problem::Problem;
use super::query::Parameters;
use app::api_token::Scope;
use app::incidents::{Filter, IncidentLine};
use app::{App, IncidentState, Trouble};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use domain::actor::Section;
use domain::incident::{Duty, DutyState, Incident, Proof, Severity};
use domain::permission::Action;
use domain::reference::IncidentReference;
use domain::time::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::screens::staff::incident::tags;

/// Incidents on one page unless the caller asks for fewer or more.
const USUAL: i64 = 50;
const MOST: i64 = 200;

/// A page of incidents, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentPage {
    /// The incidents.
    incidents: Vec<Brief>,
    /// The `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

/// An incident in one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct Brief {
    /// Its reference.
    reference: String,
    /// What it is called.
    title: String,
    /// Where it stands.
    state: Stands,
    /// Code of its unit.
    unit: String,
    /// When it was opened; for an imported record, the beginning of the day it was submitted at its source.
    #[schema(format = DateTime)]
    opened_at: String,
    /// Kinds: the policy's names, or the words of the source.
    kinds: Vec<String>,
    /// Where the information was.
    locations: Vec<String>,
    /// State or territory, two letters.
    place: Option<String>,
    /// People affected, as far as counted.
    people_affected: Option<u64>,
    /// Duties that are not answered for.
    open_obligations: u32,
    /// When the nearest of them is due.
    #[schema(format = DateTime)]
    next_due: Option<String>,
    /// Where it was imported from.
    source: Option<String>,
}

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// Being worked.
    Open,
    /// Every duty answered for.
    Closed,
    /// Opened by mistake.
    Withdrawn,
}

/// An incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whole {
    /// Its reference.
    reference: String,
    /// What it is called.
    title: String,
    /// Where it stands.
    state: Stands,
    /// Code of its unit.
    unit: String,
    /// The policy edition that governs it.
    policy: String,
    /// When it was opened in this product.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
    /// When it was discovered.
    #[schema(format = DateTime)]
    discovered_at: String,
    /// How bad it is, once somebody judged.
    severity: Option<Grade>,
    /// Kinds.
    kinds: Vec<String>,
    /// People affected, as far as counted.
    people_affected: Option<u64>,
    /// The legal bases that its policy and the laws name, each with whether the incident is marked with it.
    legal_bases: Vec<Basis>,
    /// What was recorded, oldest first.
    timeline: Vec<Entry>,
    /// The record it was imported from.
    imported: Option<Source>,
}

/// A legal basis that a policy names for itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Basis {
    /// Its name.
    id: String,
    /// The law as it is cited.
    cite: String,
    /// Whether the incident is marked with it.
    marked: bool,
}

/// How bad an incident is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Little harm, contained.
    Low,
    /// Some harm, or not yet contained.
    Medium,
    /// Much harm, or many people.
    High,
    /// The agency cannot do its work, or lives are touched.
    Critical,
}

/// An entry of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// When it was recorded.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// What was recorded.
    words: String,
    /// The legal bases that went along, where it tells of data that went out.
    legal_bases: Vec<String>,
}

/// The record that an incident was imported from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    /// Name of the source.
    source: String,
    /// Who reported it there.
    author: String,
    /// When, by its own calendar.
    #[schema(format = Date)]
    submitted: String,
    /// The narrative.
    narrative: Option<String>,
    /// What was changed or missing on its way in.
    remarks: Vec<String>,
}

/// A duty with its date.
#[derive(Debug, Serialize, ToSchema)]
pub struct Obligation {
    /// The rule of the policy.
    rule: String,
    /// The law or further policy that states it, with its edition; null where it is the one that governs the incident.
    pack: Option<String>,
    /// What is to be done.
    title: String,
    /// Who owes it.
    owed_by: String,
    /// The clauses that state it.
    clauses: Vec<String>,
    /// The last moment that is on time; null where the policy names no period.
    #[schema(format = DateTime)]
    due_by: Option<String>,
    /// The sum behind that date.
    arithmetic: String,
    /// How it stands.
    state: Owed,
    /// When it was answered for.
    #[schema(format = DateTime)]
    met_at: Option<String>,
}

/// How a duty stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owed {
    /// There is time, or the policy names no period.
    Open,
    /// Its last moment has passed.
    Late,
    /// Done.
    Met,
    /// Does not apply, or waived.
    #[serde(rename = "not_owed")]
    Excused,
}

/// Duties of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Obligations {
    /// The duties, in the policy's order.
    obligations: Vec<Obligation>,
}

/// Documents of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Documents {
    /// The documents, oldest first.
    documents: Vec<Paper>,
}

/// A document that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paper {
    /// The file's name.
    name: String,
    /// Bytes.
    size: u64,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
    /// The version of the incident it shows.
    of_version: u32,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
}

impl Obligation {
    /// A duty that has just been attached.
    pub fn open(duty: Duty, now: Instant) -> Self {
        Self::of(&DutyState { duty, opened_at: now, met: None }, now)
    }

    fn of(state: &DutyState, now: Instant) -> Self {
        let duty = &state.duty;
        let stands = match &state.met {
            Some(met) if matches!(met.what.by, Proof::NotApplicable | Proof::Waived) => Owed::Excused,
            Some(_) => Owed::Met,
            None if state.late(now) => Owed::Late,
            None => Owed::Open,
        };
        Self {
            rule: duty.rule.to_string(),
            pack: duty.pack.as_ref().map(ToString::to_string),
            title: duty.title.to_string(),
            owed_by: duty.owed_by.to_string(),
            clauses: duty.clauses.iter().map(ToString::to_string).collect(),
            due_by: duty.due.by.map(|by| by.to_string()),
            arithmetic: duty.due.arithmetic.to_string(),
            state: stands,
            met_at: state.met.as_ref().map(|met| met.what.at.to_string()),
        }
    }
}

/// List incidents
///
/// Newest first, a page at a time. Incidents outside the token's units are not there.
#[utoipa::path(
    get, path = "/api/v1/incidents", tag = "incidents", operation_id = "list_incidents",
    params(
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Incidents on a page; 50 without it."),
        ("cursor" = Option<String>, Query, min_length = 1, max_length = 18, pattern = "^[0-9]+$", description = "`next_cursor` of the page before."),
        ("q" = Option<String>, Query, max_length = 500, description = "Words that must all be found."),
        ("unit" = Option<String>, Query, min_length = 1, max_length = 16, pattern = "^[A-Za-z0-9]+$", description = "Code of a unit; those below it are included."),
        ("state" = Option<AskedState>, Query, description = "Only those that stand so."),
    ),
    security(("bearer" = [])),
    responses((status = 200, body = IncidentPage, description = "A page."))
)]
pub async fn list(
    State(app): State<App>,
    bearer: Bearer,
    RawQuery(query): RawQuery,
) -> Result<Json<IncidentPage>, Problem> {
    let asked = Parameters::read(query.as_deref(), &["limit", "cursor", "q", "unit", "state"])?;
    let viewer = bearer.may(Scope::Read)?;
    let limit = asked.number("limit", 1, MOST)?.unwrap_or(USUAL);
    let before = match asked.get("cursor") {
        Some(cursor) if cursor.len() > 18 || !cursor.bytes().all(|b| b.is_ascii_digit()) => {
            return Err(Problem::not_possible("cursor: the next_cursor of a page."));
        }
        _ => asked.number("cursor", 0, i64::MAX)?,
    };
    let state = match asked.get("state") {
        None => None,
        Some("open") => Some(IncidentState::Open),
        Some("closed") => Some(IncidentState::Closed),
        Some(_) => return Err(Problem::not_possible("state: open or closed.")),
    };
    let directory = app.directory();
    let unit = match asked.get("unit") {
        None => None,
        Some(code) if code.is_empty() || code.len() > 16 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            return Err(Problem::not_possible("unit: 1 to 16 letters and digits."));
        }
        Some(code) => {
            let unit = directory.unit_by_code(code).filter(|unit| unit.tenant == viewer.tenant);
            Some(unit.ok_or_else(|| Problem::nothing("No unit has this code."))?.id)
        }
    };
    let words = asked.text("q", 500)?.unwrap_or_default().to_owned();
    let filter = Filter { words, state, unit, ..Filter::default() };
    let limit = u32::try_from(limit).unwrap_or(1);
    let (lines, next) = app.list_incidents(viewer, &filter, before, limit).await?;
    let incidents = lines.into_iter().map(|line| brief(&app, line)).collect();
    Ok(Json(IncidentPage { incidents, next_cursor: next.map(|n| n.to_string()) }))
}

/// States that a list can be narrowed to.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter that is read as text")]
pub enum AskedState {
    /// Being worked.
    Open,
    /// Every duty answered for.
    Closed,
}

/// Read an incident
#[utoipa::path(
    get, path = "/api/v1/incidents/{reference}", tag = "incidents", operation_id = "read_incident",
    params(("reference" = String, Path, max_length = 40, description = "The incident's reference, such as DMH-2026-0147.")),
    security(("bearer" = [])),
    responses((status = 200, body = Whole, description = "The incident."))
)]
pub async fn one(
    State(app): State<App>,
    bearer: Bearer,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<Whole>, Problem> {
    let (reference, state, incident) = found(&app, &bearer, path, query).await?;
    whole(&app, reference, state, incident).map(Json)
}

/// List the duties of an incident
#[utoipa::path(
    get, path = "/api/v1/incidents/{reference}/obligations", tag = "incidents", operation_id = "list_obligations",
    params(("reference" = String, Path, max_length = 40, description = "The incident's reference.")),
    security(("bearer" = [])),
    responses((status = 200, body = Obligations, description = "The duties."))
)]
pub async fn obligations(
    State(app): State<App>,
    bearer: Bearer,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<Obligations>, Problem> {
    let (.., incident) = found(&app, &bearer, path, query).await?;
    let now = app.now();
    Ok(Json(Obligations { obligations: incident.duties.values().map(|duty| Obligation::of(duty, now)).collect() }))
}

/// List the documents of an incident
#[utoipa::path(
    get, path = "/api/v1/incidents/{reference}/documents", tag = "incidents", operation_id = "list_documents",
    params(("reference" = String, Path, max_length = 40, description = "The incident's reference.")),
    security(("bearer" = [])),
    responses((status = 200, body = Documents, description = "The documents."))
)]
pub async fn documents(
    State(app): State<App>,
    bearer: Bearer,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<Documents>, Problem> {
    let (.., incident) = found(&app, &bearer, path, query).await?;
    let paper = |recorded: &domain::incident::Recorded<domain::incident::Document>| Paper {
        name: recorded.what.file.name.to_string(),
        size: recorded.what.file.size,
        sha256: recorded.what.file.digest.to_string(),
        of_version: recorded.what.of_version,
        issued_at: recorded.at.to_string(),
    };
    Ok(Json(Documents { documents: incident.documents.iter().map(paper).collect() }))
}

async fn found(
    app: &App,
    bearer: &Bearer,
    path: Result<Path<String>, PathRejection>,
    query: Option<String>,
) -> Result<(String, IncidentState, Incident), Problem> {
    Parameters::read(query.as_deref(), &[])?;
    let viewer = bearer.may(Scope::Read)?;
    let reference = path.map_err(|_| Trouble::NotFound)?.0;
    let reference: IncidentReference = reference.parse().map_err(|_| Trouble::NotFound)?;
    let (may, row) = app.allow_on_incident(viewer, &reference.to_string(), Action::Read, Section::Officer).await?;
    let incident = app.read_incident(viewer, &may, &row).await?;
    Ok((row.reference, row.state, incident))
}

fn stands(state: IncidentState) -> Stands {
    match state {
        IncidentState::Open => Stands::Open,
        IncidentState::Closed => Stands::Closed,
        IncidentState::Withdrawn => Stands::Withdrawn,
    }
}

fn code_of(app: &App, unit: domain::ids::UnitId) -> String {
    app.directory().unit(unit).map(|unit| unit.code.clone()).unwrap_or_default()
}

fn brief(app: &App, line: IncidentLine) -> Brief {
    Brief {
        reference: line.reference,
        title: line.summary.title,
        state: stands(line.state),
        unit: code_of(app, line.unit),
        opened_at: line.opened_at.to_string(),
        kinds: line.summary.kinds,
        locations: line.summary.locations,
        place: line.summary.place,
        people_affected: line.summary.people,
        open_obligations: line.summary.duties,
        next_due: line.next_due.map(|due| due.to_string()),
        source: line.summary.source,
    }
}

fn whole(app: &App, reference: String, state: IncidentState, incident: Incident) -> Result<Whole, Problem> {
    let laws = app.laws_of_incident(&incident);
    let legal_bases = match app.pack_of_incident(&incident) {
        Ok(pack) => tags::rows(&incident, pack, &laws),
        Err(_) => Vec::new(),
    };
    let legal_bases = legal_bases.into_iter().map(|tag| Basis { id: tag.id, cite: tag.cite, marked: tag.on }).collect();
    let opening = incident.opening.ok_or(Trouble::NotFound)?;
    let severity = incident.severity.map(|severity| match severity {
        Severity::Low => Grade::Low,
        Severity::Medium => Grade::Medium,
        Severity::High => Grade::High,
        Severity::Critical => Grade::Critical,
    });
    let timeline = incident.timeline.iter().map(|entry| Entry {
        recorded_at: entry.at.to_string(),
        words: entry.what.words.to_string(),
        legal_bases: entry.what.tags.iter().map(ToString::to_string).collect(),
    });
    let strings = |lines: &[domain::text::Line<120>]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    let own = opening.categories.iter().map(ToString::to_string).collect();
    Ok(Whole {
        reference,
        state: stands(state),
        unit: code_of(app, opening.unit),
        policy: opening.pack.to_string(),
        title: opening.title.to_string(),
        opened_at: incident.opened_at.map(|at| at.to_string()),
        discovered_at: opening.discovered_at.to_string(),
        severity,
        kinds: opening.imported.as_ref().map_or(own, |record| strings(&record.kinds)),
        people_affected: incident.people.map(|count| count.people),
        legal_bases,
        timeline: timeline.collect(),
        imported: opening.imported.map(|record| Source {
            source: record.source.to_string(),
            author: record.author.to_string(),
            submitted: record.submitted.to_string(),
            narrative: record.narrative.map(|words| words.to_string()),
            remarks: record.remarks.iter().map(ToString::to_string).collect(),
        }),
    })
}
