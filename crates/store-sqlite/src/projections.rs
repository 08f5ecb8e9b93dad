//! Rows of reports and incidents: written whole, found by id, reference, secret or source; counts and numbers.

use crate::value::{Sql, Undone, at, id, json_of, known, maybe_at, maybe_id, row, rows, run, taken};
use domain::ids::{AccountId, IncidentId, ReportId, StreamId, TenantId};
use rusqlite::{Connection, Row};
use std::collections::HashSet;
use store::{IncidentRow, IncidentState, ReportRow, ReportState, RollupRow};

macro_rules! report_columns {
    () => {
        "id, n, tenant, unit, handling_unit, reference, secret, received_at, state, urgency, claimed_by, claimed_at, \
         incident, version, summary"
    };
}
macro_rules! incident_columns {
    () => {
        "id, n, tenant, unit, reference, opened_at, state, lead, next_due, source, version, summary"
    };
}
pub(crate) use {incident_columns, report_columns};

/// Reads the columns of `report_columns!()`.
pub(crate) fn report(row: &Row<'_>) -> Sql<ReportRow> {
    Ok(ReportRow {
        id: id(row, 0)?,
        n: row.get(1)?,
        tenant: id(row, 2)?,
        unit: id(row, 3)?,
        handling_unit: id(row, 4)?,
        reference: row.get(5)?,
        secret: row.get(6)?,
        received_at: at(row, 7)?,
        state: known(row, 8, ReportState::read)?,
        urgency: row.get(9)?,
        claimed_by: maybe_id(row, 10)?,
        claimed_at: maybe_at(row, 11)?,
        incident: maybe_id(row, 12)?,
        version: row.get(13)?,
        summary: row.get(14)?,
    })
}

/// Reads the columns of `incident_columns!()`.
pub(crate) fn incident(row: &Row<'_>) -> Sql<IncidentRow> {
    Ok(IncidentRow {
        id: id(row, 0)?,
        n: row.get(1)?,
        tenant: id(row, 2)?,
        unit: id(row, 3)?,
        reference: row.get(4)?,
        opened_at: at(row, 5)?,
        state: known(row, 6, IncidentState::read)?,
        lead: maybe_id(row, 7)?,
        next_due: maybe_at(row, 8)?,
        source: row.get(9)?,
        version: row.get(10)?,
        summary: row.get(11)?,
    })
}

// --- writing

/// Adds a report under `n`, or replaces the one with its id, whose `n` stays; gives the `n` it has.
pub(crate) fn put_report(conn: &Connection, n: i64, new: &ReportRow) -> Result<i64, Undone> {
    let kept = row(
        conn,
        "insert into report (n, id, tenant, unit, handling_unit, reference, secret, received_at, state, urgency,
                             claimed_by, claimed_at, incident, version, summary)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
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
          where tenant = excluded.tenant
         returning n",
        (
            n,
            new.id.bytes(),
            new.tenant.bytes(),
            new.unit.bytes(),
            new.handling_unit.bytes(),
            &new.reference,
            new.secret,
            new.received_at.micros(),
            new.state.stored(),
            new.urgency,
            new.claimed_by.as_ref().map(AccountId::bytes),
            new.claimed_at.map(|at| at.micros()),
            new.incident.as_ref().map(IncidentId::bytes),
            new.version,
            &new.summary,
        ),
        |row| row.get(0),
    );
    kept.map_err(taken)?.ok_or(Undone::Broken("the report belongs to another agency"))
}

/// Adds an incident under `n`, or replaces the one with its id, whose `n` stays; gives the `n` it has.
pub(crate) fn put_incident(conn: &Connection, n: i64, new: &IncidentRow) -> Result<i64, Undone> {
    let kept = row(
        conn,
        "insert into incident (n, id, tenant, unit, reference, opened_at, state, lead, next_due, source, version,
                               summary)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
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
          where tenant = excluded.tenant
         returning n",
        (
            n,
            new.id.bytes(),
            new.tenant.bytes(),
            new.unit.bytes(),
            &new.reference,
            new.opened_at.micros(),
            new.state.stored(),
            new.lead.as_ref().map(AccountId::bytes),
            new.next_due.map(|at| at.micros()),
            new.source,
            new.version,
            &new.summary,
        ),
        |row| row.get(0),
    );
    kept.map_err(taken)?.ok_or(Undone::Broken("the incident belongs to another agency"))
}

pub(crate) fn exclude(conn: &Connection, stream: StreamId, account: AccountId) -> Sql<()> {
    run(
        conn,
        "insert into exclusion (stream, account) values (?1, ?2) on conflict do nothing",
        (stream.bytes(), account.bytes()),
    )
    .map(drop)
}

pub(crate) fn readmit(conn: &Connection, stream: StreamId, account: AccountId) -> Sql<()> {
    run(conn, "delete from exclusion where stream = ?1 and account = ?2", (stream.bytes(), account.bytes())).map(drop)
}

/// The streams that an account must not learn of. They are few, in a table of few rows.
pub(crate) fn excluded_from(conn: &Connection, account: AccountId) -> Sql<Vec<StreamId>> {
    rows(conn, "select stream from exclusion where account = ?1 order by stream", [account.bytes()], |row| id(row, 0))
}

pub(crate) fn exclusions(conn: &Connection, stream: StreamId) -> Sql<Vec<AccountId>> {
    rows(conn, "select account from exclusion where stream = ?1 order by account", [stream.bytes()], |row| id(row, 0))
}

pub(crate) fn add_rollup(conn: &Connection, difference: &RollupRow) -> Sql<()> {
    run(
        conn,
        "insert into rollup (tenant, year, dimension, value, incidents, people)
         values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (tenant, year, dimension, value) do update
            set incidents = incidents + excluded.incidents,
                people    = people    + excluded.people",
        (
            difference.tenant.bytes(),
            difference.year,
            &difference.dimension,
            &difference.value,
            difference.incidents,
            difference.people,
        ),
    )
    .map(drop)
}

/// Reserves running numbers and gives the first of them.
pub(crate) fn next_numbers(conn: &Connection, tenant: TenantId, year: i16, count: u32) -> Sql<u32> {
    conn.prepare_cached(
        "insert into running_number (tenant, year, last)
         values (?1, ?2, ?3)
             on conflict (tenant, year) do update
            set last = last + excluded.last
         returning last - ?3 + 1",
    )?
    .query_row((tenant.bytes(), year, count), |row| row.get(0))
}

// --- reading

pub(crate) fn report_by_id(conn: &Connection, tenant: TenantId, wanted: ReportId) -> Sql<Option<ReportRow>> {
    row(
        conn,
        concat!("select ", report_columns!(), " from report where id = ?1 and tenant = ?2"),
        (wanted.bytes(), tenant.bytes()),
        report,
    )
}

pub(crate) fn report_by_reference(
    conn: &Connection,
    tenant: Option<TenantId>,
    reference: &str,
) -> Sql<Option<ReportRow>> {
    row(
        conn,
        concat!("select ", report_columns!(), " from report where reference = ?1 and (?2 is null or tenant = ?2)"),
        (reference, tenant.as_ref().map(TenantId::bytes)),
        report,
    )
}

pub(crate) fn report_for(
    conn: &Connection,
    tenant: TenantId,
    reference: &str,
    account: AccountId,
) -> Sql<Option<(ReportRow, bool)>> {
    row(
        conn,
        concat!(
            "select ",
            report_columns!(),
            ", exists (select 1 from exclusion where stream = report.id and account = ?3) as excluded
               from report
              where reference = ?1 and tenant = ?2"
        ),
        (reference, tenant.bytes(), account.bytes()),
        |row| Ok((report(row)?, row.get("excluded")?)),
    )
}

pub(crate) fn report_by_secret(conn: &Connection, secret: &[u8; 32]) -> Sql<Option<ReportRow>> {
    row(conn, concat!("select ", report_columns!(), " from report where secret = ?1"), [secret], report)
}

pub(crate) fn incident_by_id(conn: &Connection, tenant: TenantId, wanted: IncidentId) -> Sql<Option<IncidentRow>> {
    row(
        conn,
        concat!("select ", incident_columns!(), " from incident where id = ?1 and tenant = ?2"),
        (wanted.bytes(), tenant.bytes()),
        incident,
    )
}

pub(crate) fn incident_by_reference(conn: &Connection, tenant: TenantId, reference: &str) -> Sql<Option<IncidentRow>> {
    row(
        conn,
        concat!("select ", incident_columns!(), " from incident where tenant = ?1 and reference = ?2"),
        (tenant.bytes(), reference),
        incident,
    )
}

pub(crate) fn incident_for(
    conn: &Connection,
    tenant: TenantId,
    reference: &str,
    account: AccountId,
) -> Sql<Option<(IncidentRow, bool)>> {
    row(
        conn,
        concat!(
            "select ",
            incident_columns!(),
            ", exists (select 1 from exclusion where stream = incident.id and account = ?3) as excluded
               from incident
              where reference = ?1 and tenant = ?2"
        ),
        (reference, tenant.bytes(), account.bytes()),
        |row| Ok((incident(row)?, row.get("excluded")?)),
    )
}

/// The sources that are present, in the order asked.
pub(crate) fn known_sources(conn: &Connection, tenant: TenantId, sources: &[[u8; 32]]) -> Sql<Vec<[u8; 32]>> {
    let present: HashSet<[u8; 32]> = rows(
        conn,
        "select source
           from incident
          where tenant = ?1
            and source is not null
            and source in (select unhex(value) from json_each(?2))",
        (tenant.bytes(), json_of(sources.iter().copied())),
        |row| row.get(0),
    )?
    .into_iter()
    .collect();
    Ok(sources.iter().filter(|source| present.contains(*source)).copied().collect())
}

pub(crate) fn rollups(conn: &Connection, tenant: TenantId, from_year: i16, to_year: i16) -> Sql<Vec<RollupRow>> {
    rows(
        conn,
        "select tenant, year, dimension, value, incidents, people
           from rollup
          where tenant = ?1 and year between ?2 and ?3
          order by year, dimension, value",
        (tenant.bytes(), from_year, to_year),
        |row| {
            Ok(RollupRow {
                tenant: id(row, 0)?,
                year: row.get(1)?,
                dimension: row.get(2)?,
                value: row.get(3)?,
                incidents: row.get(4)?,
                people: row.get(5)?,
            })
        },
    )
}

pub(crate) fn scan_reports(conn: &Connection, after: Option<ReportId>, limit: u32) -> Sql<Vec<ReportRow>> {
    rows(
        conn,
        concat!("select ", report_columns!(), " from report where id > ?1 order by id limit ?2"),
        (after.as_ref().map_or(&[][..], |id| id.bytes()), limit),
        report,
    )
}

pub(crate) fn scan_incidents(conn: &Connection, after: Option<IncidentId>, limit: u32) -> Sql<Vec<IncidentRow>> {
    rows(
        conn,
        concat!("select ", incident_columns!(), " from incident where id > ?1 order by id limit ?2"),
        (after.as_ref().map_or(&[][..], |id| id.bytes()), limit),
        incident,
    )
}
