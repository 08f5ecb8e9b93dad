//! Reading reports: one by each of its names, and the inbox.

use crate::columns::{self, Columns};
use domain::ids::{AccountId, ReportId, TenantId};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{QueryBuilder, Row};
use store::{ReportQuery, ReportRow, ReportState};

const SELECT: &str = "select n, id, tenant, unit, handling_unit, reference, secret, received_at,
                             state, urgency, claimed_by, claimed_at, incident, version, summary
                        from report ";

fn report(row: &PgRow) -> sqlx::Result<ReportRow> {
    Ok(ReportRow {
        id: row.id("id")?,
        n: row.try_get("n")?,
        tenant: row.id("tenant")?,
        unit: row.id("unit")?,
        handling_unit: row.id("handling_unit")?,
        reference: row.try_get("reference")?,
        secret: row.hash("secret")?,
        received_at: row.instant("received_at")?,
        state: row.known("state", ReportState::read)?,
        urgency: row.try_get("urgency")?,
        claimed_by: row.maybe_id("claimed_by")?,
        claimed_at: row.maybe_instant("claimed_at")?,
        incident: row.maybe_id("incident")?,
        version: row.count("version")?,
        summary: row.bytes("summary")?,
    })
}

/// One report by id.
pub async fn by_id(pool: &PgPool, tenant: TenantId, id: ReportId) -> sqlx::Result<Option<ReportRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where tenant = ").push_bind(tenant.uuid()).push(" and id = ").push_bind(id.uuid());
    columns::one(query.build().fetch_optional(pool).await?, report)
}

/// One report by its printed reference, of one agency or of any.
pub async fn by_reference(pool: &PgPool, tenant: Option<TenantId>, reference: &str) -> sqlx::Result<Option<ReportRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where reference = ").push_bind(reference);
    if let Some(tenant) = tenant {
        query.push(" and tenant = ").push_bind(tenant.uuid());
    }
    columns::one(query.build().fetch_optional(pool).await?, report)
}

/// One report of an agency by its printed reference, and whether this account must not learn of it.
pub async fn for_account(
    pool: &PgPool,
    tenant: TenantId,
    reference: &str,
    account: AccountId,
) -> sqlx::Result<Option<(ReportRow, bool)>> {
    let query = sqlx::query(
        "select *, exists (select from exclusion where stream = report.id and account = $3) as excluded
           from report
          where reference = $1 and tenant = $2",
    );
    let found = query.bind(reference).bind(tenant.uuid()).bind(account.uuid()).fetch_optional(pool).await?;
    columns::one(found, |row| Ok((report(row)?, row.try_get("excluded")?)))
}

/// The report that a status link opens.
pub async fn by_secret(pool: &PgPool, secret: &[u8; 32]) -> sqlx::Result<Option<ReportRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where secret = ").push_bind(secret.as_slice());
    columns::one(query.build().fetch_optional(pool).await?, report)
}

/// Reports for the inbox.
///
/// Each state, and each state of each unit, is an index range already in the order wanted. The ranges are read from
/// the cursor on, each no further than the page, and merged: the cost does not depend on how many reports exist.
pub async fn inbox(pool: &PgPool, asked: &ReportQuery) -> sqlx::Result<Vec<ReportRow>> {
    let mut states: Vec<i16> = asked.states.iter().map(|state| state.stored()).collect();
    states.sort_unstable();
    states.dedup();
    let mut query = QueryBuilder::new("select page.* from unnest(");
    query.push_bind(states).push("::smallint[]) as wanted_state");
    if let Some(units) = &asked.units {
        let mut units: Vec<_> = units.iter().map(|unit| unit.uuid()).collect();
        units.sort_unstable();
        units.dedup();
        query.push(" cross join unnest(").push_bind(units).push("::uuid[]) as wanted_unit");
    }
    query.push(" cross join lateral (").push(SELECT);
    query.push("where state = wanted_state and tenant = ").push_bind(asked.tenant.uuid());
    if asked.units.is_some() {
        query.push(" and handling_unit = wanted_unit");
    }
    if let Some((urgency, received_at, id)) = asked.after {
        query.push(" and (patience, received_at, id) > (").push_bind(-i32::from(urgency));
        query.push(", ").push_bind(received_at.micros()).push(", ").push_bind(id.uuid()).push(")");
    }
    query.push(" and not exists (select from exclusion where stream = report.id and account = ");
    query.push_bind(asked.viewer.uuid()).push(")");
    query.push(" order by patience, received_at, id limit ").push_bind(i64::from(asked.limit));
    query.push(") as page order by -page.urgency::integer, page.received_at, page.id limit ");
    query.push_bind(i64::from(asked.limit));
    columns::all(query.build().fetch_all(pool).await?, report)
}

/// Every report of every agency after an id.
pub async fn scan(pool: &PgPool, after: Option<ReportId>, limit: u32) -> sqlx::Result<Vec<ReportRow>> {
    let mut query = QueryBuilder::new(SELECT);
    if let Some(after) = after {
        query.push("where id > ").push_bind(after.uuid());
    }
    query.push(" order by id limit ").push_bind(i64::from(limit));
    columns::all(query.build().fetch_all(pool).await?, report)
}
