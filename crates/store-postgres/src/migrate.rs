//! Brings an empty or older database to the schema of this binary, one node at a time.

use crate::fault::Doing;
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor, Row};
use store::{Answer, Fault};

/// Every migration, in order; the number is the place in this list, from 1.
pub const MIGRATIONS: [(&str, &str); 8] = [
    ("0001_journal", include_str!("../migrations/0001_journal.sql")),
    ("0002_projections", include_str!("../migrations/0002_projections.sql")),
    ("0003_work", include_str!("../migrations/0003_work.sql")),
    ("0004_accounts", include_str!("../migrations/0004_accounts.sql")),
    ("0005_drafts_and_files", include_str!("../migrations/0005_drafts_and_files.sql")),
    ("0006_mail_in_doubt", include_str!("../migrations/0006_mail_in_doubt.sql")),
    ("0007_duties", include_str!("../migrations/0007_duties.sql")),
    ("0008_factors", include_str!("../migrations/0008_factors.sql")),
];

/// The lock under which one node migrates while the others wait ("tocsin" in ASCII).
const LOCK: i64 = 0x746f_6373_696e;

/// The schema of this binary.
pub const NEWEST: u32 = MIGRATIONS.len() as u32;

/// Applies what is missing up to a number. A database that is further than this binary is refused untouched.
pub async fn migrate(connection: &mut PgConnection, up_to: u32) -> Answer<()> {
    let doing = "bringing the database to this version's schema";
    sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut *connection).await.doing(doing)?;
    let outcome = apply_missing(connection, up_to, doing).await;
    sqlx::query("select pg_advisory_unlock($1)").bind(LOCK).execute(connection).await.doing(doing)?;
    outcome
}

/// Refuses a database that this version would first have to change.
pub async fn insist_on_newest(connection: &mut PgConnection) -> Answer<()> {
    let doing = "opening the database to read";
    let known: bool = sqlx::query_scalar("select to_regclass('migration') is not null")
        .fetch_one(&mut *connection)
        .await
        .doing(doing)?;
    let applied = if known { applied(connection).await.doing(doing)? } else { Vec::new() };
    if applied.iter().map(String::as_str).eq(MIGRATIONS.iter().map(|(name, _)| *name)) {
        return Ok(());
    }
    let why = match applied.len() {
        0 => "it holds no store; name the right one with --database-url".to_owned(),
        schema => format!(
            "its schema is {schema}, this program reads {NEWEST}: serve it once as its owner, or run `tocsin database prepare` as its owner, to migrate it"
        ),
    };
    Err(Fault::new(doing, why))
}

async fn apply_missing(connection: &mut PgConnection, up_to: u32, doing: &'static str) -> Answer<()> {
    let known: bool = sqlx::query_scalar("select to_regclass('migration') is not null")
        .fetch_one(&mut *connection)
        .await
        .doing(doing)?;
    let applied = if known { applied(connection).await.doing(doing)? } else { Vec::new() };
    for (place, name) in applied.iter().enumerate() {
        match MIGRATIONS.get(place) {
            Some((ours, _)) if ours == name => {}
            Some((ours, _)) => {
                return Err(Fault::new(doing, format!("the database has {name} where this version has {ours}")));
            }
            None => {
                let why =
                    format!("the database has {name}, which is newer than this version knows; use the newer version");
                return Err(Fault::new(doing, why));
            }
        }
    }
    for (place, (name, sql)) in MIGRATIONS.iter().enumerate().take(up_to as usize).skip(applied.len()) {
        let mut transaction = connection.begin().await.doing(doing)?;
        if place == 0 {
            let table = "create table migration (
                             number     integer     primary key,
                             name       text        not null,
                             applied_at timestamptz not null default now()
                         )";
            transaction.execute(table).await.doing(doing)?;
        }
        transaction.execute(*sql).await.doing(doing)?;
        sqlx::query("insert into migration (number, name) values ($1, $2)")
            .bind(place as i32 + 1)
            .bind(name)
            .execute(&mut *transaction)
            .await
            .doing(doing)?;
        transaction.commit().await.doing(doing)?;
    }
    Ok(())
}

async fn applied(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query("select name from migration order by number").fetch_all(connection).await?;
    rows.iter().map(|row| row.try_get("name")).collect()
}
