//! The one way in: everything of a change in one transaction, refused as a whole or durable as a whole.

mod entries;
mod projections;
mod remembered;
mod rows;
mod work;

use crate::durable;
use crate::fault::{Doing, may_try_again, told, unique_constraint};
use crate::roles::TENANT;
use domain::ids::TenantId;
use sqlx::postgres::PgPool;
use sqlx::{Postgres, Transaction};
use std::time::Duration;
use store::{Change, CommitError, Committed, Fault, Refused};

const DOING: &str = "committing a change";

/// How often a transaction that the server ended for another's sake is begun again.
const TRIES: u32 = 8;

/// What ends a transaction before its commit.
pub enum Stop {
    /// The change is refused.
    Refused(Refused),
    /// The change says what cannot be meant: a mistake of the caller's program, not of a person.
    Broken(&'static str),
    /// The database said no.
    Error(sqlx::Error),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Commits everything in the change together, or nothing.
pub async fn commit(pool: &PgPool, change: &Change, walled: bool) -> Result<Committed, CommitError> {
    let tenant = agency(change).filter(|_| walled);
    for attempt in 1.. {
        let mut transaction = pool.begin().await.doing(DOING)?;
        if let Some(tenant) = tenant {
            let here = sqlx::query("select set_config($1, $2, true)").bind(TENANT).bind(tenant.to_string());
            here.execute(&mut *transaction).await.doing(DOING)?;
        }
        let stop = match write(&mut transaction, change).await {
            Ok(committed) => {
                durable::commit(transaction, durable::DEADLINE).await?;
                return Ok(committed);
            }
            Err(stop) => stop,
        };
        transaction.rollback().await.doing("taking back a refused change")?;
        match stop {
            Stop::Refused(refused) => return Err(refused.into()),
            Stop::Broken(why) => return Err(Fault::new(DOING, why).into()),
            Stop::Error(error) if may_try_again(&error) && attempt < TRIES => {
                // Apart by different spans, so that the two who met do not meet again.
                tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 7)).await;
            }
            Stop::Error(error) => return Err(explain(pool, change, &error).await),
        }
    }
    Err(Fault::new(DOING, "no attempt was made").into())
}

/// The one agency that a change is about; `None` where it is about several, or about what belongs to none.
fn agency(change: &Change) -> Option<TenantId> {
    let entries = change.appends.iter().flat_map(|append| &append.rows).map(|row| row.tenant);
    let mut all = entries
        .chain(change.reports.iter().map(|row| row.tenant))
        .chain(change.incidents.iter().map(|row| row.tenant))
        .chain(change.duties.iter().map(|row| row.tenant))
        .chain(change.rollups.iter().map(|row| row.tenant))
        .chain(change.mail.iter().map(|mail| mail.tenant));
    let first = all.next()?;
    all.all(|tenant| tenant == first).then_some(first)
}

/// Entries come before the rows made from them: a stream that has moved is the refusal that asks for a new decision.
async fn write(transaction: &mut Transaction<'static, Postgres>, change: &Change) -> Result<Committed, Stop> {
    if let Some(remember) = &change.remember {
        remembered::write(transaction, remember).await?;
    }
    entries::write(transaction, &change.appends).await?;
    projections::write_reports(transaction, &change.reports).await?;
    let incident_numbers = projections::write_incidents(transaction, &change.incidents).await?;
    projections::write_duties(transaction, &change.duties).await?;
    projections::write_words(transaction, &change.words).await?;
    work::write_jobs(transaction, &change.jobs).await?;
    work::write_mail(transaction, &change.mail).await?;
    for row in &change.rows {
        rows::write(transaction, row).await?;
    }
    // Last, because counts are the rows that everybody shares: they stay locked for the commit alone.
    projections::write_rollups(transaction, &change.rollups).await?;
    Ok(Committed { incident_numbers })
}

/// Says which value was taken, or which stream moved, when two writers met at a unique key.
async fn explain(pool: &PgPool, change: &Change, error: &sqlx::Error) -> CommitError {
    let what = match unique_constraint(error) {
        Some("report_reference" | "incident_reference") => "reference",
        Some("report_secret") => "secret",
        Some("incident_source") => "source",
        Some("account_login") => "login",
        Some("factor_found_by" | "identity_pkey") => "found_by",
        Some("tenant_code" | "unit_code") => "code",
        Some("entry_stream_version") => {
            // The winner has committed by now: the streams themselves say which of them moved.
            return match entries::moved(pool, &change.appends).await {
                Ok(Some(refused)) => refused.into(),
                Ok(None) => Fault::new(DOING, told(error)).into(),
                Err(error) => Fault::new(DOING, told(&error)).into(),
            };
        }
        _ => return Fault::new(DOING, told(error)).into(),
    };
    Refused::Taken { what }.into()
}
