//! Answers under a caller's key: the first to write the key acts, everybody after hears what it answered.

use super::Stop;
use crate::columns::Columns;
use sqlx::{Postgres, Transaction};
use store::{Refused, Remembered};

/// Writes the answer under its key. A double that runs at this moment is waited for: it decides whether we act.
pub async fn write(transaction: &mut Transaction<'static, Postgres>, remember: &Remembered) -> Result<(), Stop> {
    let written = sqlx::query(
        "insert into remembered (key, request, answer, at)
         values ($1, $2, $3, now_micros())
         on conflict (key) do nothing",
    )
    .bind(remember.key.as_slice())
    .bind(remember.request.as_slice())
    .bind(&remember.answer)
    .execute(&mut **transaction)
    .await?;
    if written.rows_affected() == 1 {
        return Ok(());
    }
    let row = sqlx::query("select request, answer from remembered where key = $1")
        .bind(remember.key.as_slice())
        .fetch_one(&mut **transaction)
        .await?;
    let first = Remembered { key: remember.key, request: row.hash("request")?, answer: row.bytes("answer")? };
    let same = first.request == remember.request;
    Err(if same { Refused::Repeated(first) } else { Refused::KeyReused }.into())
}
