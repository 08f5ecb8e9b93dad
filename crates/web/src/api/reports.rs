//! Reports of programs: filed without an account like the public form's, and accepted with a token.

use super::answers::{self, GivenAnswer};
use super::bearer::Bearer;
use super::problem::Problem;
use super::query::Parameters;
use super::strict::Strict;
use app::api_token::Scope;
use app::submit_report::Filing;
use app::{App, Trouble};
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use domain::actor::{Actor, Section};
use domain::pack::{ChoiceId, Language, Pack, RoleId, TileId};
use domain::permission::Action;
use domain::reference::ReportReference;
use domain::report::{Channel, GoingOn, LostItem, Reporter, Submission};
use domain::text::{Line, Prose, TextError};
use domain::time::{Instant, When};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use utoipa::ToSchema;

/// A report, with the questions of the public form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// Code of the unit where it happened, as on its poster.
    #[schema(min_length = 1, max_length = 16, pattern = "^[A-Za-z0-9]+$")]
    unit: String,
    /// What happened, in the reporter's own words.
    #[schema(min_length = 1, max_length = 40000, pattern = "\\S")]
    words: String,
    /// What happened, as names of the choices on the unit's public form.
    #[serde(default)]
    #[schema(max_items = 20)]
    happened: Vec<Slug>,
    /// The language of the words.
    #[serde(default)]
    language: Spoken,
    /// Whether it is still going on.
    going_on: Option<Going>,
    /// The place inside the unit.
    #[schema(
        max_length = 300,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    place: Option<String>,
    /// When it happened; left out when not known.
    when: Option<Happened>,
    /// When the reporter noticed it; left out when not known.
    noticed: Option<Happened>,
    /// Who should get it, as the name of a role that the policy offers; left out, whom the policy names first.
    recipient: Option<Slug>,
    /// People and information touched, in words.
    #[schema(max_length = 8000)]
    affected: Option<String>,
    /// Things lost or stolen.
    #[serde(default)]
    #[schema(max_items = 20)]
    lost: Vec<Lost>,
    /// What the reporter has done so far.
    #[schema(max_length = 8000)]
    done: Option<String>,
    /// What technical staff has done so far.
    #[schema(max_length = 8000)]
    done_by_staff: Option<String>,
    /// What others have done so far.
    #[schema(max_length = 8000)]
    done_by_others: Option<String>,
    /// Answers to the questions that only the unit's policy asks, one for each question. What is left out stays open.
    #[serde(default)]
    #[schema(max_items = 40)]
    answers: Vec<GivenAnswer>,
    /// The person to whom one would report is involved: the report goes one level up.
    #[serde(default)]
    recipient_involved: bool,
    /// Only those who handle the report may learn the reporter's name, where the policy offers that.
    #[serde(default)]
    shielded: bool,
    /// Who reports; needed where the policy takes no report without a name.
    reporter: Option<Person>,
}

/// A name in a policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 80, pattern = "^[a-z0-9.-]+$")]
pub struct Slug(pub(super) String);

/// A language.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
pub enum Spoken {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

/// Whether it is still going on.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Going {
    /// Yes: it is read first.
    Yes,
    /// No.
    No,
    /// Not known.
    NotSure,
}

/// When something happened. `at` counts before `on`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// A moment, with its offset from universal time.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Whether `at` is only about right.
    #[serde(default)]
    about: bool,
    /// A day in the unit's own time zone.
    #[schema(format = Date)]
    on: Option<String>,
}

/// A thing lost or stolen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// What it is, as the name of a choice on the unit's public form.
    item: Slug,
    /// Tag or serial number.
    #[schema(
        max_length = 120,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    tag: Option<String>,
    /// When it was last seen, in words.
    #[schema(
        max_length = 200,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    last_seen: Option<String>,
    /// Where, in words.
    #[schema(
        max_length = 300,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    place: Option<String>,
}

/// Who reports and how to reach them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    #[schema(
        max_length = 200,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    name: Option<String>,
    /// Telephone.
    #[schema(
        max_length = 40,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    phone: Option<String>,
    /// Mail address.
    #[schema(
        max_length = 254,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    email: Option<String>,
    /// Place of work.
    #[schema(
        max_length = 300,
        pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]*$"
    )]
    work_place: Option<String>,
}

/// What the reporter keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportReceipt {
    /// The reference to quote.
    reference: String,
    /// The private status page. Whoever has this link can read the report: it is shown once.
    status_link: String,
    /// When the report was received, durably.
    #[schema(format = DateTime)]
    received_at: String,
}

/// An incident that a report became.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedReport {
    /// The incident's reference.
    incident: String,
    /// The duties that the policy attached at once.
    obligations: Vec<super::incidents::Obligation>,
}

/// File a report
///
/// No account is needed. The rules are those of the public form.
#[utoipa::path(
    post, path = "/api/v1/reports", tag = "reports", operation_id = "file_report",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 200, pattern = "^[!-~]+$",
        description = "Drawn by the caller for each report: a repeated request with the same key and the same body gets the same receipt and files nothing twice.")),
    request_body(content = NewReport, content_type = "application/json"),
    responses((status = 201, body = ReportReceipt, description = "The report is filed and durable."))
)]
pub async fn file(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri().query(), &[])?;
    let key = idempotency_key(request.headers())?;
    let caller = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let Strict(new): Strict<NewReport> = request.extract().await?;
    let said = Said::read(new)?;
    let directory = app.directory();
    let unit = directory.unit_by_code(&said.unit);
    let unit = unit.ok_or_else(|| Problem::nothing("No unit has this code. It stands on the unit's poster."))?;
    let pack = app.pack_for_report(unit.id, app.now())?;
    let filing = said.filing(unit.id, pack, key)?;
    app.admit_report(caller, Some(unit.id)).await?;
    let receipt = app.submit_report(filing).await?;
    let body = ReportReceipt {
        reference: receipt.reference.to_string(),
        status_link: format!("{}/s/{}", app.settings().public_address, receipt.secret),
        received_at: receipt.received_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Accept a report
///
/// It becomes an incident, and the policy's duties start.
#[utoipa::path(
    post, path = "/api/v1/reports/{reference}/accept", tag = "reports", operation_id = "accept_report",
    params(("reference" = String, Path, max_length = 40, description = "The report's reference, such as R-7KQ4-M2XD.")),
    security(("bearer" = [])),
    responses((status = 201, body = AcceptedReport, description = "The incident is open.",
        headers(("Location" = String, description = "The incident."))))
)]
pub async fn accept(
    State(app): State<App>,
    bearer: Bearer,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::read(query.as_deref(), &[])?;
    let viewer = bearer.may(Scope::Triage)?;
    let reference = path.map_err(|_| Trouble::NotFound)?.0;
    let reference: ReportReference = reference.parse().map_err(|_| Trouble::NotFound)?;
    let (may, row) = app.allow_on_report(viewer, &reference.to_string(), Action::Triage, Section::Report).await?;
    let accepted = app.accept(&may, &row).await?;
    let now = app.now();
    let obligations = accepted.duties.into_iter().map(|duty| super::incidents::Obligation::open(duty, now)).collect();
    let incident = accepted.reference.to_string();
    let location = format!("/api/v1/incidents/{incident}");
    let body = Json(AcceptedReport { incident, obligations });
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    let wrong = || Problem::not_possible("Idempotency-Key: once, 1 to 200 visible ASCII characters.");
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => {
            let key = key.to_str().map_err(|_| wrong())?;
            let sound = (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
            if sound { Ok(Some(format!("api {key}"))) } else { Err(wrong()) }
        }
        _ => Err(wrong()),
    }
}

/// Makes the submission once unit and policy are known.
type Submitting = Box<dyn Fn(domain::ids::UnitId, &Pack) -> Submission + Send + Sync>;

/// A report whose texts and names are parsed; what remains depends on the unit's policy.
struct Said {
    unit: String,
    submission: Submitting,
    happened: Vec<TileId>,
    answers: Vec<GivenAnswer>,
    lost: Vec<ChoiceId>,
    shielded: bool,
    reporter: Reporter,
    recipient: Option<RoleId>,
}

impl Said {
    fn read(new: NewReport) -> Result<Self, Problem> {
        let words =
            prose("words", Some(new.words))?.ok_or_else(|| Problem::not_possible("words: say what happened."))?;
        if new.unit.is_empty() || new.unit.len() > 16 || !new.unit.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Problem::not_possible("unit: 1 to 16 letters and digits."));
        }
        if new.happened.len() > 20 || new.lost.len() > 20 {
            return Err(Problem::not_possible("happened and lost: at most 20 each."));
        }
        answers::judge(&new.answers)?;
        let happened: Vec<TileId> =
            new.happened.iter().map(|s| slug("happened", s, TileId::parse)).collect::<Result<_, _>>()?;
        let lost: Vec<LostItem> = new.lost.into_iter().map(lost).collect::<Result<_, _>>()?;
        let noticed = new.noticed.map_or(Ok(When::Unknown), when)?;
        let recipient = new.recipient.as_ref().map(|s| slug("recipient", s, RoleId::parse)).transpose()?;
        let when = new.when.map_or(Ok(When::Unknown), when)?;
        let place = line("place", new.place)?;
        let affected = prose("affected", new.affected)?;
        let (done, done_by_staff) = (prose("done", new.done)?, prose("done_by_staff", new.done_by_staff)?);
        let done_by_others = prose("done_by_others", new.done_by_others)?;
        let person = new.reporter.unwrap_or_default();
        let reporter = Reporter {
            name: line("reporter.name", person.name)?,
            phone: line("reporter.phone", person.phone)?,
            email: line("reporter.email", person.email)?,
            workforce: None,
            work_place: line("reporter.work_place", person.work_place)?,
        };
        let language = match new.language {
            Spoken::English => Language::English,
            Spoken::Spanish => Language::Spanish,
        };
        let going_on = new.going_on.map(|going| match going {
            Going::Yes => GoingOn::Yes,
            Going::No => GoingOn::No,
            Going::NotSure => GoingOn::NotSure,
        });
        let items = lost.iter().map(|item| item.item.clone()).collect();
        let tiles = happened.clone();
        let (recipient_involved, shielded) = (new.recipient_involved, new.shielded);
        let submission = move |unit, pack: &Pack| Submission {
            // Drawn when it is filed; until then equal for equal requests, so that a repetition is recognised.
            reference: ReportReference::from_random([0; 8]),
            pack: pack.id.clone(),
            unit,
            handling_unit: unit,
            channel: Channel::Api,
            language,
            happened: happened.clone(),
            going_on,
            place: place.clone(),
            words: Some(words.clone()),
            when: when.clone(),
            when_typed: None,
            noticed: noticed.clone(),
            systems: Vec::new(),
            affected: affected.clone(),
            lost: lost.clone(),
            done: done.clone(),
            done_by_staff: done_by_staff.clone(),
            done_by_others: done_by_others.clone(),
            answers: Vec::new(),
            files: Vec::new(),
            recipient_involved,
            sent_early: false,
            shielded: shielded && pack.identity.can_be_shielded,
            times: Vec::new(),
        };
        let submission: Submitting = Box::new(submission);
        Ok(Self {
            unit: new.unit,
            submission,
            happened: tiles,
            answers: new.answers,
            lost: items,
            shielded,
            reporter,
            recipient,
        })
    }

    fn filing(self, unit: domain::ids::UnitId, pack: &Pack, key: Option<String>) -> Result<Filing, Problem> {
        let known = |tile: &TileId| pack.tiles.iter().any(|known| known.id == *tile);
        if let Some(unknown) = self.happened.iter().find(|tile| !known(tile)) {
            let names: Vec<&str> = pack.tiles.iter().map(|tile| tile.id.as_str()).collect();
            let unknown = unknown.as_str();
            return Err(Problem::conflict(format!("happened: “{unknown}” is not one of: {}.", names.join(", "))));
        }
        let offered = || {
            pack.routes.iter().flat_map(|route| std::iter::once(&route.to).chain(route.offers.iter().map(|o| &o.to)))
        };
        if let Some(unknown) = self.recipient.as_ref().filter(|role| !offered().any(|known| known == *role)) {
            let names: Vec<&str> = offered().map(|role| role.as_str()).collect();
            return Err(Problem::conflict(format!("recipient: “{unknown}” is not one of: {}.", names.join(", "))));
        }
        let items = pack.loss.iter().flat_map(|loss| &loss.items).map(|item| item.id.as_str()).collect::<Vec<_>>();
        if let Some(unknown) = self.lost.iter().find(|item| !items.contains(&item.as_str())) {
            let unknown = unknown.as_str();
            return Err(Problem::conflict(format!("lost.item: “{unknown}” is not one of: {}.", items.join(", "))));
        }
        if !pack.identity.anonymous && self.reporter.name.is_none() {
            return Err(Problem::conflict("reporter.name: this unit's policy takes no report without a name."));
        }
        if self.shielded && !pack.identity.can_be_shielded {
            return Err(Problem::conflict("shielded: this unit's policy does not offer to shield a name."));
        }
        let mut submission = (self.submission)(unit, pack);
        submission.answers = answers::read(&self.answers, pack, &submission)?;
        Ok(Filing {
            submission,
            reporter: (self.reporter != Reporter::default()).then_some(self.reporter),
            by: Actor::Reporter,
            draft: None,
            idempotency_key: key,
            chosen: self.recipient,
        })
    }
}

fn lost(lost: Lost) -> Result<LostItem, Problem> {
    Ok(LostItem {
        item: slug("lost.item", &lost.item, ChoiceId::parse)?,
        tag: line("lost.tag", lost.tag)?,
        last_seen: line("lost.last_seen", lost.last_seen)?,
        place: line("lost.place", lost.place)?,
        contents: Vec::new(),
        answers: Vec::new(),
    })
}

fn when(given: Happened) -> Result<When, Problem> {
    if let Some(at) = given.at {
        let at: jiff::Timestamp =
            at.parse().map_err(|_| Problem::not_possible("when.at: a moment such as 2026-10-13T09:10:00-05:00."))?;
        let at = Instant::from_timestamp(at);
        return Ok(if given.about { When::About { at } } else { When::Exact { at } });
    }
    match given.on {
        Some(on) => {
            let on = on.parse().map_err(|_| Problem::not_possible("when.on: a day such as 2026-10-13."))?;
            Ok(When::Day { on })
        }
        None => Ok(When::Unknown),
    }
}

pub(super) fn slug<T, E>(field: &str, slug: &Slug, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Problem> {
    let sound = slug.0.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
    let parsed = if sound && slug.0.len() <= 80 { parse(&slug.0).ok() } else { None };
    parsed.ok_or_else(|| Problem::not_possible(format!("{field}: 1 to 80 small letters, digits, dots and hyphens.")))
}

pub(super) fn line<const N: usize>(field: &str, text: Option<String>) -> Result<Option<Line<N>>, Problem> {
    let Some(text) = text else { return Ok(None) };
    short(field, &text, N)?;
    if text.chars().any(domain::text::acts_unseen) {
        return Err(Problem::not_possible(format!("{field}: one line, without control or direction characters.")));
    }
    optional(field, Line::parse(&text))
}

pub(super) fn prose<const N: usize>(field: &str, text: Option<String>) -> Result<Option<Prose<N>>, Problem> {
    let Some(text) = text else { return Ok(None) };
    short(field, &text, N)?;
    optional(field, Prose::parse(&text))
}

/// Space around a text is cut off later, but it counts for the limit that callers are told.
fn short(field: &str, text: &str, limit: usize) -> Result<(), Problem> {
    if text.chars().count() <= limit {
        return Ok(());
    }
    Err(Problem::not_possible(format!("{field}: at most {limit} characters.")))
}

fn optional<T>(field: &str, parsed: Result<T, TextError>) -> Result<Option<T>, Problem> {
    match parsed {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(TextError::TooLong { limit, .. }) => Err(Problem::not_possible(format!(
            "{field}: at most {limit} characters, with control characters written out."
        ))),
    }
}
