//! Each role tries what it must not do, and the server refuses.

use super::furnished;
use ground::Database;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::Store;
use store::contract::world::{here, id, there};
use tocsin_store_postgres::{PostgresStore, prepare};

async fn as_role(database: &Database, role: &str) -> PgConnection {
    PgConnection::connect(&database.url_as(role)).await.expect("connected")
}

/// What the server says to a statement: nothing, or the code of its refusal.
async fn refused(connection: &mut PgConnection, statement: &str) -> Option<String> {
    let outcome = connection.execute(AssertSqlSafe(statement.to_owned())).await;
    outcome
        .err()
        .map(|why| why.as_database_error().and_then(|e| e.code()).map(|code| code.to_string()).unwrap_or_default())
}

const DENIED: Option<&str> = Some("42501");

#[tokio::test]
async fn no_role_does_what_is_another_ones_part() {
    let (database, world) = furnished().await;
    drop(world);
    prepare(&database.url()).await.expect("prepared");
    prepare(&database.url()).await.expect("prepared again");

    let mut app = as_role(&database, "tocsin_app").await;
    for statement in [
        "update entry set header = header",
        "update entry set hash = hash, stream = stream",
        "delete from entry",
        "truncate entry",
        "update log_entry set stream = stream",
        "delete from log_entry",
        "delete from log_checkpoint",
        "update log_checkpoint set note = note",
        "delete from report",
        "drop table entry",
        "alter table entry disable row level security",
        "create table elsewhere (n integer)",
        "update migration set name = name",
    ] {
        assert_eq!(refused(&mut app, statement).await.as_deref(), DENIED, "{statement}");
    }

    app.execute("set tocsin.tenant = '*'").await.expect("set");
    let gone = app.execute("delete from file where stream is not null").await.expect("answered").rows_affected();
    assert_eq!(gone, 0, "a file of the record stays");

    let mut intake = as_role(&database, "tocsin_intake").await;
    let filed =
        "insert into report (n, id, tenant, unit, handling_unit, reference, secret, received_at, state, urgency,
                                     version, summary)
                 values (nextval('record_number'), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                         gen_random_uuid(), 'R-1', 'x', 1, 0, 0, 1, 'x')";
    assert_eq!(refused(&mut intake, filed).await, None, "a report goes in");
    for statement in [
        "select * from report",
        "select count(*) from entry",
        "select 1 from incident",
        "select sealed from account",
        "update report set state = 1",
        "delete from report",
        "insert into incident (tenant, n) values (gen_random_uuid(), 1)",
        "insert into assignment (account, place, unit, role, valid_from) values (gen_random_uuid(), 1, gen_random_uuid(), 'x', 1)",
        "select * from wrapped_key",
    ] {
        assert_eq!(refused(&mut intake, statement).await.as_deref(), DENIED, "{statement}");
    }

    let mut verifier = as_role(&database, "tocsin_verifier").await;
    for read in [
        "entry",
        "log_entry",
        "log_tile",
        "log_checkpoint",
        "report",
        "incident",
        "duty",
        "rollup",
        "file",
        "exclusion",
    ] {
        assert_eq!(refused(&mut verifier, &format!("select * from {read}")).await, None, "{read}");
        assert_eq!(refused(&mut verifier, &format!("delete from {read}")).await.as_deref(), DENIED, "{read}");
    }
    for statement in [
        "select * from session",
        "select * from token",
        "select * from mail",
        "select * from draft",
        "select password from account",
        "update entry set ciphertext = null",
        "insert into exclusion (stream, account) values (gen_random_uuid(), gen_random_uuid())",
    ] {
        assert_eq!(refused(&mut verifier, statement).await.as_deref(), DENIED, "{statement}");
    }
}

#[tokio::test]
async fn the_rows_of_another_agency_do_not_exist_for_a_query_that_forgot_to_ask() {
    let (database, world) = furnished().await;
    drop(world);
    prepare(&database.url()).await.expect("prepared");
    let mut app = as_role(&database, "tocsin_app").await;
    let count = async |app: &mut PgConnection, table: &str| -> i64 {
        let asked = format!("select count(*) from {table}");
        sqlx::query_scalar(AssertSqlSafe(asked)).fetch_one(app).await.expect("counted")
    };
    let be = async |app: &mut PgConnection, tenant: &str| {
        sqlx::query("select set_config('tocsin.tenant', $1, false)").bind(tenant).execute(app).await.expect("set");
    };
    for table in ["entry", "report", "incident", "duty", "rollup", "mail"] {
        assert_eq!(count(&mut app, table).await, 0, "{table}: whoever says for nobody sees nothing");
        be(&mut app, &there().tenant.to_string()).await;
        assert_eq!(count(&mut app, table).await, 0, "{table}");
        be(&mut app, &here().tenant.to_string()).await;
        assert!(count(&mut app, table).await > 0, "{table}");
        be(&mut app, "*").await;
        assert!(count(&mut app, table).await > 0, "{table}");
        be(&mut app, "").await;
    }
    // Nor does one write for another.
    be(&mut app, &there().tenant.to_string()).await;
    let forged = format!("update incident set state = 2 where tenant = '{}'", here().tenant);
    let touched = app.execute(AssertSqlSafe(forged)).await.expect("answered").rows_affected();
    assert_eq!(touched, 0);
    let forged = format!(
        "insert into rollup (tenant, year, dimension, value, incidents, people) values ('{}', 2026, 'all', '', 1, 1)",
        here().tenant
    );
    assert_eq!(refused(&mut app, &forged).await.as_deref(), DENIED);
}

#[tokio::test]
async fn the_product_works_as_a_role_that_owns_nothing_and_the_verifier_reads_beside_it() {
    let (database, world) = furnished().await;
    drop(world);
    prepare(&database.url()).await.expect("prepared");
    let app = PostgresStore::connect(&database.url_as("tocsin_app")).await.expect("opened");
    let a = here();
    assert!(!app.read_stream(a.tenant, id(1), 0).await.expect("read").is_empty());
    assert!(app.read_stream(there().tenant, id(1), 0).await.expect("read").is_empty());
    assert!(!app.scan_journal(None, 10).await.expect("walked").is_empty(), "its own work sees all agencies");
    let verifier = PostgresStore::connect_read_only(&database.url_as("tocsin_verifier")).await.expect("opened");
    assert!(!verifier.scan_journal(None, 10).await.expect("walked").is_empty());
    assert!(!verifier.read_stream(a.tenant, id(1), 0).await.expect("read").is_empty());
    // A database that is behind is not brought forward by whoever does not own it.
    let mut owner = database.connection().await;
    owner.execute("delete from migration where number = (select max(number) from migration)").await.expect("changed");
    let older = PostgresStore::connect(&database.url_as("tocsin_app")).await.expect_err("refused");
    assert!(older.to_string().contains("tocsin database prepare"), "{older}");
}
