//! The outbox: pending, submitting, accepted, failed, in doubt; each step committed before the next is taken.

use crate::columns::{self, Columns};
use domain::ids::{MailId, TenantId};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{QueryBuilder, Row};
use store::{ClaimedMail, MailMark, MailRow, MailState};

fn state(stored: i16) -> Option<MailState> {
    use MailState::{Accepted, Failed, InDoubt, Pending, Submitting};
    [Pending, Submitting, Accepted, Failed, InDoubt].into_iter().find(|state| *state as i16 == stored)
}

/// Claims mail that is due. What was being handed over when its lease ran out is in doubt: a statutory letter, and what
/// was in doubt before, is put aside for a person; information is claimed again under the same Message-ID.
pub async fn claim(pool: &PgPool, limit: u32, seconds: u32) -> sqlx::Result<Vec<ClaimedMail>> {
    sqlx::query(
        "with lapsed as materialized (
             select n from mail
              where due_at <= now_micros() and state = 1 and (statutory or doubts > 0)
                for update skip locked
         )
         update mail
            set state = 4, due_at = null, token = token + 1, doubts = doubts + 1
           from lapsed
          where mail.n = lapsed.n",
    )
    .execute(pool)
    .await?;
    let rows = sqlx::query(
        "with due as materialized (
             select n from mail
              where due_at <= now_micros() and (state <> 1 or not (statutory or doubts > 0))
              order by due_at
              limit $1
                for update skip locked
         )
         update mail
            set state   = 0,
                due_at  = now_micros() + $2 * 1000000,
                attempt = attempt + 1,
                token   = token + 1,
                doubts  = doubts + (state = 1)::integer
           from due
          where mail.n = due.n
         returning id, tenant, message_id, sealed, attempt, doubts, token",
    )
    .bind(i64::from(limit))
    .bind(i64::from(seconds))
    .fetch_all(pool)
    .await?;
    columns::all(rows, |row| {
        Ok(ClaimedMail {
            id: row.id("id")?,
            tenant: row.id("tenant")?,
            message_id: row.try_get("message_id")?,
            sealed: row.bytes("sealed")?,
            attempt: row.count("attempt")?,
            doubts: row.count("doubts")?,
            token: row.try_get("token")?,
        })
    })
}

/// Notes what happens to a claimed message; `false` when the claim is not the present one.
///
/// Handing over needs a lease that still runs: after that, somebody else may have begun. A message put off leaves its
/// claim behind, so its token is used up.
pub async fn mark(pool: &PgPool, mail: MailId, token: i64, mark: &MailMark) -> sqlx::Result<bool> {
    let (statement, at, answer) = match mark {
        MailMark::Submitting => {
            let submitting = "update mail
                                 set state = 1
                               where id = $1 and token = $2 and state = 0 and due_at > now_micros()
                                 and $3::bigint is null and $4::text = ''";
            (submitting, None, "")
        }
        MailMark::Accepted(answer) => {
            let accepted = "update mail
                               set state = 2, due_at = $3, answer = $4
                             where id = $1 and token = $2 and state in (0, 1)";
            (accepted, None, answer.as_str())
        }
        MailMark::Retry(at, answer) => {
            let retried = "update mail
                              set state = 0, due_at = $3, answer = $4, token = token + 1
                            where id = $1 and token = $2 and state in (0, 1)";
            (retried, Some(at.micros()), answer.as_str())
        }
        MailMark::Failed(answer) => {
            let failed = "update mail
                             set state = 3, due_at = $3, answer = $4
                           where id = $1 and token = $2 and state in (0, 1)";
            (failed, None, answer.as_str())
        }
        MailMark::InDoubt(at, answer) => {
            let doubted = "update mail
                              set state  = 4,
                                  due_at = case when statutory or doubts > 0 then null else $3 end,
                                  answer = $4,
                                  doubts = doubts + 1,
                                  token  = token + 1
                            where id = $1 and token = $2 and state = 1";
            (doubted, Some(at.micros()), answer.as_str())
        }
    };
    let marked = sqlx::query(statement).bind(mail.uuid()).bind(token).bind(at).bind(answer).execute(pool).await?;
    Ok(marked.rows_affected() == 1)
}

/// Mail, newest first, of one agency or of all.
pub async fn list(pool: &PgPool, tenant: Option<TenantId>, limit: u32) -> sqlx::Result<Vec<MailRow>> {
    let mut query = QueryBuilder::new(
        "select id, tenant, message_id, state, statutory, attempt, doubts, sealed, answer, at
           from mail ",
    );
    if let Some(tenant) = tenant {
        query.push("where tenant = ").push_bind(tenant.uuid());
    }
    query.push(" order by n desc limit ").push_bind(i64::from(limit));
    columns::all(query.build().fetch_all(pool).await?, mail)
}

/// Mail that a person should know of, oldest first.
pub async fn troubled(pool: &PgPool, limit: u32) -> sqlx::Result<Vec<MailRow>> {
    let rows = sqlx::query(
        "select id, tenant, message_id, state, statutory, attempt, doubts, sealed, answer, at
           from mail
          where n in (select n from mail where state in (3, 4)
                      union all
                      select n from mail where due_at > 0 and state = 0 and answer <> '')
          order by n
          limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    columns::all(rows, mail)
}

fn mail(row: &PgRow) -> sqlx::Result<MailRow> {
    Ok(MailRow {
        id: row.id("id")?,
        tenant: row.id("tenant")?,
        message_id: row.try_get("message_id")?,
        state: row.known("state", state)?,
        statutory: row.try_get("statutory")?,
        attempt: row.count("attempt")?,
        doubts: row.count("doubts")?,
        sealed: row.bytes("sealed")?,
        answer: row.try_get("answer")?,
        at: row.instant("at")?,
    })
}
