//! Writing what lists are ordered and filtered by: whole rows, replaced by id.

use super::Stop;
use crate::columns::Columns;
use domain::ids::IncidentId;
use sqlx::{Postgres, Row, Transaction};
use std::collections::{BTreeMap, HashMap};
use store::{DutyRow, IncidentRow, ReportRow, RollupRow, Words};

/// The last row of each id, in the order of first mention: a change that names a row twice means its last state.
fn last_of_each<T, K: Eq + std::hash::Hash>(rows: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut places: HashMap<K, usize> = HashMap::with_capacity(rows.len());
    let mut last: Vec<&T> = Vec::with_capacity(rows.len());
    for row in rows {
        match places.get(&key(row)) {
            Some(place) => last[*place] = row,
            None => {
                places.insert(key(row), last.len());
                last.push(row);
            }
        }
    }
    last
}

/// One array per column, bound in the order of the columns.
macro_rules! bind_columns {
    ($query:expr, $rows:expr; $($value:expr),+ $(,)?) => {{
        let query = $query;
        $(let query = query.bind($rows.iter().map($value).collect::<Vec<_>>());)+
        query
    }};
}

/// Adds or replaces reports; a report that exists keeps its `n`.
pub async fn write_reports(t: &mut Transaction<'static, Postgres>, reports: &[ReportRow]) -> Result<(), Stop> {
    if reports.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "with given as materialized (
             select given.*, nextval('record_number') as n
               from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[],
                           $8::smallint[], $9::smallint[], $10::uuid[], $11::bigint[], $12::uuid[], $13::integer[],
                           $14::bytea[])
                    as given (id, tenant, unit, handling_unit, reference, secret, received_at,
                              state, urgency, claimed_by, claimed_at, incident, version, summary)
         )
         insert into report (n, id, tenant, unit, handling_unit, reference, secret, received_at,
                             state, urgency, claimed_by, claimed_at, incident, version, summary)
         select n, id, tenant, unit, handling_unit, reference, secret, received_at,
                state, urgency, claimed_by, claimed_at, incident, version, summary
           from given
          order by n
         on conflict (id) do update
            set unit          = excluded.unit,
                handling_unit = excluded.handling_unit,
                reference     = excluded.reference,
                secret        = excluded.secret,
                received_at   = excluded.received_at,
                state         = excluded.state,
                urgency       = excluded.urgency,
                claimed_by    = excluded.claimed_by,
                claimed_at    = excluded.claimed_at,
                incident      = excluded.incident,
                version       = excluded.version,
                summary       = excluded.summary
          where report.tenant = excluded.tenant",
    );
    let rows = last_of_each(reports, |row| row.id);
    let query = bind_columns!(query, rows;
        |row| row.id.uuid(),
        |row| row.tenant.uuid(),
        |row| row.unit.uuid(),
        |row| row.handling_unit.uuid(),
        |row| row.reference.as_str(),
        |row| row.secret.as_slice(),
        |row| row.received_at.micros(),
        |row| row.state.stored(),
        |row| row.urgency,
        |row| row.claimed_by.map(|id| id.uuid()),
        |row| row.claimed_at.map(|at| at.micros()),
        |row| row.incident.map(|id| id.uuid()),
        |row| row.version as i32,
        |row| row.summary.as_slice(),
    );
    let written = query.execute(&mut **t).await?.rows_affected();
    if written == rows.len() as u64 { Ok(()) } else { Err(Stop::Broken("the report belongs to another agency")) }
}

/// Adds or replaces incidents and gives the `n` of each, in the order given; one that exists keeps its `n`.
pub async fn write_incidents(
    t: &mut Transaction<'static, Postgres>,
    incidents: &[IncidentRow],
) -> Result<Vec<i64>, Stop> {
    if incidents.is_empty() {
        return Ok(Vec::new());
    }
    let query = sqlx::query(
        "with given as materialized (
             select given.*, nextval('record_number') as n
               from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::smallint[], $7::uuid[],
                           $8::bigint[], $9::bytea[], $10::integer[], $11::bytea[])
                    as given (id, tenant, unit, reference, opened_at, state, lead,
                              next_due, source, version, summary)
         )
         insert into incident (n, id, tenant, unit, reference, opened_at, state, lead,
                               next_due, source, version, summary)
         select n, id, tenant, unit, reference, opened_at, state, lead,
                next_due, source, version, summary
           from given
          order by n
         on conflict (id) do update
            set unit      = excluded.unit,
                reference = excluded.reference,
                opened_at = excluded.opened_at,
                state     = excluded.state,
                lead      = excluded.lead,
                next_due  = excluded.next_due,
                source    = excluded.source,
                version   = excluded.version,
                summary   = excluded.summary
          where incident.tenant = excluded.tenant
         returning id, n",
    );
    let rows = last_of_each(incidents, |row| row.id);
    let query = bind_columns!(query, rows;
        |row| row.id.uuid(),
        |row| row.tenant.uuid(),
        |row| row.unit.uuid(),
        |row| row.reference.as_str(),
        |row| row.opened_at.micros(),
        |row| row.state.stored(),
        |row| row.lead.map(|id| id.uuid()),
        |row| row.next_due.map(|at| at.micros()),
        |row| row.source.as_ref().map(|hash| hash.as_slice()),
        |row| row.version as i32,
        |row| row.summary.as_slice(),
    );
    let written = query.fetch_all(&mut **t).await?;
    let mut numbers: HashMap<IncidentId, i64> = HashMap::with_capacity(written.len());
    for row in &written {
        numbers.insert(row.id("id")?, row.try_get("n")?);
    }
    let number = |row: &IncidentRow| numbers.get(&row.id).copied();
    let kept: Option<Vec<i64>> = incidents.iter().map(number).collect();
    kept.ok_or(Stop::Broken("the incident belongs to another agency"))
}

/// Adds or replaces duties by incident and rule.
pub async fn write_duties(t: &mut Transaction<'static, Postgres>, duties: &[DutyRow]) -> Result<(), Stop> {
    if duties.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "insert into duty (incident, rule, tenant, unit, lead, pack, state, due_at, late_after, since, whole_day, excused,
                           answered_at)
         select *
           from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::smallint[],
                       $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::boolean[], $13::bigint[])
         on conflict (incident, rule) do update
            set unit        = excluded.unit,
                lead        = excluded.lead,
                pack        = excluded.pack,
                state       = excluded.state,
                due_at      = excluded.due_at,
                late_after  = excluded.late_after,
                since       = excluded.since,
                whole_day   = excluded.whole_day,
                excused     = excluded.excused,
                answered_at = excluded.answered_at
          where duty.tenant = excluded.tenant",
    );
    let rows = last_of_each(duties, |row| (row.incident, row.rule.clone()));
    let micros = |at: Option<domain::time::Instant>| at.map(|at| at.micros());
    let query = bind_columns!(query, rows;
        |row| row.incident.uuid(),
        |row| row.rule.as_str(),
        |row| row.tenant.uuid(),
        |row| row.unit.uuid(),
        |row| row.lead.map(|id| id.uuid()),
        |row| row.pack.as_str(),
        |row| row.standing.stored(),
        |row| micros(row.due),
        |row| micros(row.late_after),
        |row| micros(row.since),
        |row| row.whole_day,
        |row| row.excused,
        |row| micros(row.answered_at),
    );
    let written = query.execute(&mut **t).await?.rows_affected();
    if written == rows.len() as u64 { Ok(()) } else { Err(Stop::Broken("the duty belongs to another agency")) }
}

/// Replaces the words of reports and incidents. An object without a row breaks the change: its `n` would be null.
pub async fn write_words(t: &mut Transaction<'static, Postgres>, words: &[Words]) -> sqlx::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "insert into word (n, tokens)
         select coalesce((select n from incident where incident.id = given.object),
                         (select n from report   where report.id   = given.object)),
                array_to_tsvector(string_to_array(tokens, ' '))
           from unnest($1::uuid[], $2::text[]) as given (object, tokens)
         on conflict (n) do update
            set tokens = excluded.tokens",
    );
    let rows = last_of_each(words, |row| row.object);
    let query = bind_columns!(query, rows;
        |row| row.object.uuid(),
        |row| row.tokens.iter().map(crate::search::lexeme).collect::<Vec<_>>().join(" "),
    );
    query.execute(&mut **t).await.map(drop)
}

/// Adds differences to kept counts, always in one order, so that writers of the same counts queue and never deadlock.
pub async fn write_rollups(t: &mut Transaction<'static, Postgres>, rollups: &[RollupRow]) -> sqlx::Result<()> {
    if rollups.is_empty() {
        return Ok(());
    }
    let mut sums: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for row in rollups {
        let key = (row.tenant, row.year, row.dimension.as_str(), row.value.as_str());
        let (incidents, people) = sums.entry(key).or_default();
        *incidents += row.incidents;
        *people += row.people;
    }
    let rows: Vec<_> = sums.into_iter().collect();
    let query = sqlx::query(
        "insert into rollup (tenant, year, dimension, value, incidents, people)
         select tenant, year, dimension, value, incidents, people
           from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
                with ordinality
                as given (tenant, year, dimension, value, incidents, people, ord)
          order by ord
         on conflict (tenant, year, dimension, value) do update
            set incidents = rollup.incidents + excluded.incidents,
                people    = rollup.people    + excluded.people",
    );
    let query = bind_columns!(query, rows;
        |((tenant, ..), _)| tenant.uuid(),
        |((_, year, ..), _)| *year,
        |((_, _, dimension, _), _)| *dimension,
        |((.., value), _)| *value,
        |(_, (incidents, _))| *incidents,
        |(_, (_, people))| *people,
    );
    query.execute(&mut **t).await.map(drop)
}
