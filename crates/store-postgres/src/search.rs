//! The list of incidents and its search, newest first, at a cost that does not depend on how many exist.
//!
//! Two ways lead to the newest matches of some words. Walking the incidents from the newest on is best when a word is
//! common: a page is full after few steps. The inverted index is best when a word is rare, and ruinous when it is
//! common, for it must gather every match before it can sort. Nobody knows beforehand which it is, so the walk goes
//! first, for a bounded number of steps; when it has not filled the page, the words are rarer than a page in that many
//! rows, and the index takes over from where the walk stopped.

use crate::columns;
use crate::incidents::{SELECT, incident};
use sqlx::postgres::PgPool;
use sqlx::{Postgres, QueryBuilder, Row};
use store::{IncidentQuery, IncidentRow, Token};

/// Rows that the walk looks at before the index takes over.
const STEPS: i64 = 2_000;

/// How a keyed word is written in the text index: sixteen hexadecimal digits.
pub fn lexeme(token: &Token) -> String {
    format!("{:016x}", u64::from_be_bytes(*token))
}

/// The query in the index's own notation; `None` when nothing is asked of the words.
fn words(query: &IncidentQuery) -> Option<String> {
    let all = query.all.iter().map(lexeme);
    let any = query.any.iter().map(|group| {
        let group: Vec<String> = group.iter().map(lexeme).collect();
        format!("({})", group.join("|"))
    });
    let parts: Vec<String> = all.chain(any).collect();
    if parts.is_empty() { None } else { Some(parts.join("&")) }
}

/// Incidents, newest first.
pub async fn list(pool: &PgPool, query: &IncidentQuery) -> sqlx::Result<Vec<IncidentRow>> {
    // A group of which one must be present, and which is empty, matches nothing: the viewer's scope may be empty.
    if query.any.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let Some(words) = words(query) else { return plain(pool, query).await };
    let Walked { mut found, stopped_at } = walk(pool, query, &words).await?;
    let missing = i64::from(query.limit) - found.len() as i64;
    if let Some(stopped_at) = stopped_at.filter(|_| missing > 0) {
        found.extend(by_index(pool, query, &words, stopped_at, missing).await?);
    }
    Ok(found)
}

/// The conditions that every way shares.
fn narrow(sql: &mut QueryBuilder<Postgres>, query: &IncidentQuery, before: Option<i64>) {
    sql.push(" where tenant = ").push_bind(query.tenant.uuid());
    if let Some(state) = query.state {
        sql.push(" and state = ").push_bind(state.stored());
    }
    if let Some(before) = before {
        sql.push(" and incident.n < ").push_bind(before);
    }
}

fn not_excluded(sql: &mut QueryBuilder<Postgres>, query: &IncidentQuery) {
    sql.push(" not exists (select from exclusion where stream = id and account = ");
    sql.push_bind(query.viewer.uuid()).push(")");
}

async fn plain(pool: &PgPool, query: &IncidentQuery) -> sqlx::Result<Vec<IncidentRow>> {
    let mut sql = QueryBuilder::new(SELECT);
    narrow(&mut sql, query, query.before);
    sql.push(" and");
    not_excluded(&mut sql, query);
    sql.push(" order by incident.n desc limit ").push_bind(i64::from(query.limit));
    columns::all(sql.build().fetch_all(pool).await?, incident)
}

struct Walked {
    found: Vec<IncidentRow>,
    /// Where the index must go on; `None` when there is nothing older, or the page is full.
    stopped_at: Option<i64>,
}

async fn walk(pool: &PgPool, query: &IncidentQuery, words: &str) -> sqlx::Result<Walked> {
    // The last of the steps comes along whether it matches or not: it says where the walk stopped.
    let mut sql = QueryBuilder::new("select * from (select *, row_number() over (order by n desc) as step from (");
    sql.push(SELECT);
    narrow(&mut sql, query, query.before);
    sql.push(" order by incident.n desc limit ").push_bind(STEPS);
    sql.push(") as newest) as stepped");
    sql.push(" cross join lateral (select step = ").push_bind(STEPS).push(" as is_last, ");
    sql.push("exists (select from word where word.n = stepped.n and tokens @@ ").push_bind(words.to_owned());
    sql.push("::tsquery) and");
    not_excluded(&mut sql, query);
    sql.push(" as matches offset 0) as look where matches or is_last order by step limit ");
    sql.push_bind(i64::from(query.limit));
    let rows = sql.build().fetch_all(pool).await?;
    let mut walked = Walked { found: Vec::with_capacity(rows.len()), stopped_at: None };
    for row in &rows {
        if row.try_get("matches")? {
            walked.found.push(incident(row)?);
        }
        if row.try_get("is_last")? {
            walked.stopped_at = Some(row.try_get("n")?);
        }
    }
    Ok(walked)
}

async fn by_index(
    pool: &PgPool,
    query: &IncidentQuery,
    words: &str,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<IncidentRow>> {
    let mut sql = QueryBuilder::new("with hit as materialized (select n from word where tokens @@ ");
    sql.push_bind(words.to_owned()).push("::tsquery) ").push(SELECT).push("join hit on hit.n = incident.n");
    narrow(&mut sql, query, Some(before));
    sql.push(" and");
    not_excluded(&mut sql, query);
    sql.push(" order by incident.n desc limit ").push_bind(limit);
    columns::all(sql.build().fetch_all(pool).await?, incident)
}
