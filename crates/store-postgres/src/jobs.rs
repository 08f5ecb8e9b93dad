//! Jobs: claimed by one worker at a time under a lease told by the database's clock, and ended by token.

use crate::columns::{self, Columns};
use crate::fault::unique_constraint;
use domain::ids::JobId;
use domain::time::Instant;
use sqlx::Row;
use sqlx::postgres::PgPool;
use store::{Backlog, ClaimedJob, JobOutcome};

/// Claims due jobs, those whose lease ran out included, the longest due first.
pub async fn claim(pool: &PgPool, limit: u32, seconds: u32) -> sqlx::Result<Vec<ClaimedJob>> {
    let rows = sqlx::query(
        "with due as materialized (
             select id from job
              where due_at <= now_micros()
              order by due_at
              limit $1
                for update skip locked
         )
         update job
            set state   = 1,
                due_at  = now_micros() + $2 * 1000000,
                attempt = attempt + 1,
                token   = token + 1
           from due
          where job.id = due.id
         returning job.id, kind, body, attempt, token",
    )
    .bind(i64::from(limit))
    .bind(i64::from(seconds))
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| {
        Ok(ClaimedJob {
            id: row.id("id")?,
            kind: row.try_get("kind")?,
            body: row.bytes("body")?,
            attempt: row.count("attempt")?,
            token: row.try_get("token")?,
        })
    })
}

/// Whether a job of this kind is waiting, under way, or given up: whether its work is still to be done.
pub async fn waits(pool: &PgPool, kind: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from job where kind = $1)").bind(kind).fetch_one(pool).await
}

/// Ends a claim; `false` when the token is not the one of the present claim.
pub async fn finish(pool: &PgPool, job: JobId, token: i64, outcome: &JobOutcome) -> sqlx::Result<bool> {
    const DELETE: &str = "delete from job where id = $1 and token = $2 and state = 1";
    let ended = match outcome {
        JobOutcome::Done => sqlx::query(DELETE).bind(job.uuid()).bind(token).execute(pool).await?,
        JobOutcome::Retry(at, note) => {
            let retried = sqlx::query(
                "update job
                    set state = 0, due_at = $3, note = $4
                  where id = $1 and token = $2 and state = 1",
            )
            .bind(job.uuid())
            .bind(token)
            .bind(at.micros())
            .bind(note)
            .execute(pool)
            .await;
            match retried {
                // Another job with this key waits already, and will do what this one would have done.
                Err(error) if unique_constraint(&error) == Some("job_key") => {
                    sqlx::query(DELETE).bind(job.uuid()).bind(token).execute(pool).await?
                }
                other => other?,
            }
        }
        JobOutcome::Failed(note) => {
            sqlx::query(
                "update job
                    set state = 2, due_at = null, note = $3
                  where id = $1 and token = $2 and state = 1",
            )
            .bind(job.uuid())
            .bind(token)
            .bind(note)
            .execute(pool)
            .await?
        }
    };
    Ok(ended.rows_affected() == 1)
}

/// How much work waits, and for how long the oldest of it has been due. Reads only what is not finished.
pub async fn backlog(pool: &PgPool) -> sqlx::Result<Backlog> {
    let row = sqlx::query(
        "select (select count(*) from job  where due_at <= now_micros()) as jobs,
                (select count(*) from job  where state = 2)              as failed_jobs,
                (select count(*) from mail where due_at is not null)     as mail,
                (select count(*) from mail where state in (3, 4))        as mail_in_trouble,
                coalesce((now_micros() - least((select min(due_at) from job  where due_at <= now_micros()),
                                               (select min(due_at) from mail where due_at <= now_micros()))) / 1000000,
                         0)                                              as oldest_seconds",
    )
    .fetch_one(pool)
    .await?;
    Ok(Backlog {
        jobs: row.count("jobs")?,
        failed_jobs: row.count("failed_jobs")?,
        mail: row.count("mail")?,
        mail_in_trouble: row.count("mail_in_trouble")?,
        oldest_seconds: row.try_get("oldest_seconds")?,
    })
}

/// Forgets answers given before an instant, walking along the key, so that no index by age is needed.
pub async fn forget_answers(
    pool: &PgPool,
    before: Instant,
    after: Option<[u8; 32]>,
    limit: u32,
) -> sqlx::Result<Option<[u8; 32]>> {
    let row = sqlx::query(
        "with step as materialized (
             select key, at from remembered where key > $1 order by key limit $2
         ),
         gone as (
             delete from remembered using step where remembered.key = step.key and step.at < $3
         )
         select count(*) as looked_at, (select key from step order by key desc limit 1) as last from step",
    )
    .bind(after.map_or_else(Vec::new, Vec::from))
    .bind(i64::from(limit))
    .bind(before.micros())
    .fetch_one(pool)
    .await?;
    if row.try_get::<i64, _>("looked_at")? < i64::from(limit) {
        return Ok(None);
    }
    row.hash("last").map(Some)
}
