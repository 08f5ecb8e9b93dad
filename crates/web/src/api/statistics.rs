//! Kept counts for programs: the numbers of the statistics page.

use super::bearer::Bearer;
use super::problem::Problem;
use super::query::Parameters;
use app::App;
use app::api_token::Scope;
use app::statistics::Counted;
use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

/// Numbers over incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Numbers {
    /// Whether they are about the whole agency; a token for some units gets units and years only.
    whole_agency: bool,
    /// Incidents.
    incidents: i64,
    /// People affected, as far as counted.
    people_affected: i64,
    /// By kind. An incident of two kinds counts under both.
    kinds: Vec<Count>,
    /// By where the information was, likewise.
    locations: Vec<Count>,
    /// By state or territory.
    places: Vec<Count>,
    /// By unit.
    units: Vec<Count>,
    /// By civil year of opening, whatever year was asked for.
    years: Vec<Count>,
}

/// A value with its counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// What is counted.
    label: String,
    /// Incidents.
    incidents: i64,
    /// People affected.
    people_affected: i64,
}

/// Read statistics
#[utoipa::path(
    get, path = "/api/v1/statistics", tag = "statistics", operation_id = "read_statistics",
    params(("year" = Option<i16>, Query, minimum = 1900, maximum = 9999, description = "One civil year; all without it.")),
    security(("bearer" = [])),
    responses((status = 200, body = Numbers, description = "The numbers."))
)]
pub async fn show(State(app): State<App>, bearer: Bearer, RawQuery(query): RawQuery) -> Result<Json<Numbers>, Problem> {
    let asked = Parameters::read(query.as_deref(), &["year"])?;
    let viewer = bearer.may(Scope::Statistics)?;
    let year = asked.number("year", 1900, 9999)?.and_then(|year| i16::try_from(year).ok());
    let counted = app.statistics(viewer, year).await?;
    let counts = |list: Vec<Counted>| {
        let count = |c: Counted| Count { label: c.label, incidents: c.incidents, people_affected: c.people };
        list.into_iter().map(count).collect()
    };
    Ok(Json(Numbers {
        whole_agency: counted.whole_agency,
        incidents: counted.incidents,
        people_affected: counted.people,
        kinds: counts(counted.kinds),
        locations: counts(counted.locations),
        places: counts(counted.places),
        units: counts(counted.units),
        years: counts(counted.years),
    }))
}
