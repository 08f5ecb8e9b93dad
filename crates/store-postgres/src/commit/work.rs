//! Writing the work that a change causes: it exists when, and only when, the change does.

use sqlx::{Postgres, Transaction};
use std::collections::BTreeMap;
use store::{NewJob, NewMail};

/// Adds jobs; of those with a key, none when one with that key waits already.
///
/// The job that waits is share-locked until this change is committed. Otherwise a worker could take it, look, find
/// nothing of this change yet, and end it: the change would have caused no work.
pub async fn write_jobs(t: &mut Transaction<'static, Postgres>, jobs: &[NewJob]) -> sqlx::Result<()> {
    let mut keyed: BTreeMap<&str, &NewJob> = BTreeMap::new();
    let mut free: Vec<&NewJob> = Vec::new();
    for job in jobs {
        match &job.key {
            Some(key) => drop(keyed.entry(key).or_insert(job)),
            None => free.push(job),
        }
    }
    if !free.is_empty() {
        insert(t, &free).await?;
    }
    // In the order of keys, so that two changes with the same keys queue and never deadlock.
    let mut wanted: Vec<&NewJob> = keyed.into_values().collect();
    while !wanted.is_empty() {
        insert(t, &wanted).await?;
        let waiting: Vec<String> = sqlx::query_scalar(
            "select key from job
              where key = any($1) and state = 0
              order by key
                for key share",
        )
        .bind(wanted.iter().filter_map(|job| job.key.as_deref()).collect::<Vec<_>>())
        .fetch_all(&mut **t)
        .await?;
        // One that was claimed between the two statements is not waiting any more: ours goes in after all.
        wanted.retain(|job| !waiting.iter().any(|key| Some(key) == job.key.as_ref()));
    }
    Ok(())
}

async fn insert(t: &mut Transaction<'static, Postgres>, jobs: &[&NewJob]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into job (id, kind, body, due_at, key, state, attempt, token, note)
         select id, kind, body, due_at, key, 0, 0, 0, ''
           from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bigint[], $5::text[])
                as given (id, kind, body, due_at, key)
         on conflict (key) where state = 0 and key is not null do nothing",
    )
    .bind(jobs.iter().map(|job| job.id.uuid()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.body.as_slice()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.run_at.micros()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.key.as_deref()).collect::<Vec<_>>())
    .execute(&mut **t)
    .await
    .map(drop)
}

/// Adds mail.
pub async fn write_mail(t: &mut Transaction<'static, Postgres>, mail: &[NewMail]) -> sqlx::Result<()> {
    if mail.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into mail (id, tenant, message_id, statutory, sealed, due_at, state, attempt, token, answer, at)
         select id, tenant, message_id, statutory, sealed, due_at, 0, 0, 0, '', now_micros()
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::bytea[], $6::bigint[])
                with ordinality
                as given (id, tenant, message_id, statutory, sealed, due_at, ord)
          order by ord",
    )
    .bind(mail.iter().map(|mail| mail.id.uuid()).collect::<Vec<_>>())
    .bind(mail.iter().map(|mail| mail.tenant.uuid()).collect::<Vec<_>>())
    .bind(mail.iter().map(|mail| mail.message_id.as_str()).collect::<Vec<_>>())
    .bind(mail.iter().map(|mail| mail.statutory).collect::<Vec<_>>())
    .bind(mail.iter().map(|mail| mail.sealed.as_slice()).collect::<Vec<_>>())
    .bind(mail.iter().map(|mail| mail.send_at.micros()).collect::<Vec<_>>())
    .execute(&mut **t)
    .await
    .map(drop)
}
