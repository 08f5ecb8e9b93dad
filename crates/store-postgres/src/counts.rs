//! Kept counts and running numbers.

use crate::columns::{self, Columns};
use domain::ids::TenantId;
use sqlx::Row;
use sqlx::postgres::PgPool;
use store::RollupRow;

/// Kept counts of one agency between two civil years inclusive.
pub async fn rollups(pool: &PgPool, tenant: TenantId, from_year: i16, to_year: i16) -> sqlx::Result<Vec<RollupRow>> {
    let rows = sqlx::query(
        "select tenant, year, dimension, value, incidents, people
           from rollup
          where tenant = $1 and year between $2 and $3
          order by year, dimension, value",
    )
    .bind(tenant.uuid())
    .bind(from_year)
    .bind(to_year)
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| {
        Ok(RollupRow {
            tenant: row.id("tenant")?,
            year: row.try_get("year")?,
            dimension: row.try_get("dimension")?,
            value: row.try_get("value")?,
            incidents: row.try_get("incidents")?,
            people: row.try_get("people")?,
        })
    })
}

/// Reserves running numbers and gives the first. What is reserved and not used stays a gap.
pub async fn next_numbers(pool: &PgPool, tenant: TenantId, year: i16, count: u32) -> sqlx::Result<u32> {
    let row = sqlx::query(
        "insert into running_number (tenant, year, last)
         values ($1, $2, $3)
         on conflict (tenant, year) do update
            set last = running_number.last + excluded.last
         returning last - $3 + 1 as first",
    )
    .bind(tenant.uuid())
    .bind(year)
    .bind(i64::from(count))
    .fetch_one(pool)
    .await?;
    row.count("first")
}
