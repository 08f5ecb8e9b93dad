//! Reading incidents: one by each of its names, who must not learn of it, and the verifier's walk.

use crate::columns::{self, Columns};
use domain::ids::{AccountId, IncidentId, StreamId, TenantId};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{QueryBuilder, Row};
use store::{IncidentRow, IncidentState};

/// The columns of an incident.
pub const SELECT: &str = "select incident.n, id, tenant, unit, reference, opened_at, state,
                                 lead, next_due, source, version, summary
                            from incident ";

/// An incident from a row that has its columns.
pub fn incident(row: &PgRow) -> sqlx::Result<IncidentRow> {
    Ok(IncidentRow {
        id: row.id("id")?,
        n: row.try_get("n")?,
        tenant: row.id("tenant")?,
        unit: row.id("unit")?,
        reference: row.try_get("reference")?,
        opened_at: row.instant("opened_at")?,
        state: row.known("state", IncidentState::read)?,
        lead: row.maybe_id("lead")?,
        next_due: row.maybe_instant("next_due")?,
        source: row.maybe_hash("source")?,
        version: row.count("version")?,
        summary: row.bytes("summary")?,
    })
}

/// One incident by id.
pub async fn by_id(pool: &PgPool, tenant: TenantId, id: IncidentId) -> sqlx::Result<Option<IncidentRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where tenant = ").push_bind(tenant.uuid()).push(" and id = ").push_bind(id.uuid());
    columns::one(query.build().fetch_optional(pool).await?, incident)
}

/// One incident by its printed reference.
pub async fn by_reference(pool: &PgPool, tenant: TenantId, reference: &str) -> sqlx::Result<Option<IncidentRow>> {
    let mut query = QueryBuilder::new(SELECT);
    query.push("where tenant = ").push_bind(tenant.uuid()).push(" and reference = ").push_bind(reference);
    columns::one(query.build().fetch_optional(pool).await?, incident)
}

/// One incident by its printed reference, and whether this account must not learn of it.
pub async fn for_account(
    pool: &PgPool,
    tenant: TenantId,
    reference: &str,
    account: AccountId,
) -> sqlx::Result<Option<(IncidentRow, bool)>> {
    let query = sqlx::query(
        "select *, exists (select from exclusion where stream = incident.id and account = $3) as excluded
           from incident
          where reference = $1 and tenant = $2",
    );
    let found = query.bind(reference).bind(tenant.uuid()).bind(account.uuid()).fetch_optional(pool).await?;
    columns::one(found, |row| Ok((incident(row)?, row.try_get("excluded")?)))
}

/// Every incident of every agency after an id.
pub async fn scan(pool: &PgPool, after: Option<IncidentId>, limit: u32) -> sqlx::Result<Vec<IncidentRow>> {
    let mut query = QueryBuilder::new(SELECT);
    if let Some(after) = after {
        query.push("where id > ").push_bind(after.uuid());
    }
    query.push(" order by id limit ").push_bind(i64::from(limit));
    columns::all(query.build().fetch_all(pool).await?, incident)
}

/// The accounts that must not learn of this stream.
pub async fn exclusions(pool: &PgPool, stream: StreamId) -> sqlx::Result<Vec<AccountId>> {
    let query = sqlx::query("select account from exclusion where stream = $1 order by account").bind(stream.uuid());
    columns::all(query.fetch_all(pool).await?, |row| row.id("account"))
}

/// The streams that this account must not learn of. They are few, in a table of few rows.
pub async fn excluded_from(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<StreamId>> {
    let query = sqlx::query("select stream from exclusion where account = $1 order by stream").bind(account.uuid());
    columns::all(query.fetch_all(pool).await?, |row| row.id("stream"))
}

/// The import sources that are already present.
pub async fn known_sources(pool: &PgPool, tenant: TenantId, sources: &[[u8; 32]]) -> sqlx::Result<Vec<[u8; 32]>> {
    let rows = sqlx::query("select source from incident where tenant = $1 and source = any($2)")
        .bind(tenant.uuid())
        .bind(sources.iter().map(|source| source.as_slice()).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    columns::all(rows, |row| row.hash("source"))
}
