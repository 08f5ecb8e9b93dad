//! What this backend promises beyond the port: its server is checked, its copies come back whole, and a commit that the
//! server is not sure of is not acknowledged.

mod walls;

use ground::Database;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::contract::world::{at, enqueue, hash, here, id, job, rows, token};
use store::contract::{Fresh, World};
use store::{Change, CommitError, FileOwner, IncidentQuery, Refused, Remembered, RowChange, Store, Words};
use tocsin_store_postgres::tables::TABLES;
use tocsin_store_postgres::{MIGRATIONS, PostgresStore, restore_into};

/// A database in which every table has rows.
async fn furnished() -> (Database, World) {
    let database = Database::create().await;
    let store = Arc::new(database.store().await);
    let world = World::found(Fresh { store, keep: Box::new(()) }).await;
    let (a, stream) = (here(), id(1));
    let incident = a.incident(1);
    let file = a.file(1, FileOwner::Draft(hash(1)));
    let change = Change {
        reports: vec![a.report(1)],
        words: vec![Words { object: incident.id.into(), tokens: vec![token(1), token(2)] }],
        duties: vec![store::DutyRow {
            incident: incident.id,
            rule: "O47".to_owned(),
            tenant: a.tenant,
            unit: a.unit,
            lead: Some(a.officer),
            pack: "us/sample".to_owned(),
            standing: store::DutyStanding::Open,
            due: Some(at(3)),
            late_after: None,
            since: Some(at(1)),
            whole_day: true,
            excused: false,
            answered_at: None,
        }],
        incidents: vec![incident],
        rollups: vec![store::contract::rollups::count(2100, "place", "tab\there \\ \"and\" back", 1, 2)],
        jobs: vec![job(1, Some("seal"))],
        mail: vec![a.mail(1, true)],
        rows: vec![
            RowChange::Assignments(a.officer, vec![a.assignment(a.officer, "officer")]),
            RowChange::Exclude(stream, a.clerk),
            RowChange::Setting(None, "tolerance".to_owned(), Some(vec![0, 1, 255])),
            RowChange::Token(store::TokenRow {
                secret: hash(1),
                account: a.officer,
                scopes: "incidents.read".to_owned(),
                ends_at: at(9),
                withdrawn_at: None,
            }),
            RowChange::Factor(store::FactorRow {
                id: id(1),
                account: a.officer,
                kind: store::FactorKind::Program,
                found_by: hash(1),
                made_at: at(1),
                used_at: None,
                step: 7,
                sealed: vec![1],
            }),
            RowChange::Identity(store::IdentityRow {
                found_by: hash(1),
                account: a.officer,
                made_at: at(1),
                sealed: vec![1],
            }),
        ],
        remember: Some(Remembered { key: hash(1), request: hash(2), answer: vec![0; 40] }),
        ..a.appending(stream, 0, 3)
    };
    world.commit(change).await;
    let s = &world.store;
    s.save_draft(a.draft(hash(1), 1), 0).await.expect("saved");
    s.save_file(file).await.expect("saved");
    s.save_session(a.session(a.officer, 1)).await.expect("saved");
    s.count_attempt(&hash(1), 600, at(0)).await.expect("counted");
    let pace = store::Pace { free: 1, first_seconds: 1, longest_seconds: 1, forgets_seconds: 1 };
    s.take_turn(&hash(1), pace, at(0)).await.expect("counted");
    s.mark_proof(a.session(a.officer, 1).id, &hash(1), at(0)).await.expect("marked");
    let ceremony = store::CeremonyRow { secret: hash(1), account: None, ends_at: at(9), sealed: vec![1] };
    s.save_ceremony(ceremony, at(0)).await.expect("saved");
    s.next_numbers(a.tenant, 2100, 7).await.expect("numbers");
    s.take_lease("sealer", "north", 60).await.expect("answered");
    let key = store::KeyRow { tenant: None, purpose: "root".to_owned(), version: 1, wrapped: vec![9; 60] };
    s.add_keys(vec![key]).await.expect("added");
    let extension = store::LogExtension {
        expected_size: 0,
        leaves: vec![(stream, 1), (stream, 2)],
        tiles: vec![store::TileRow { id: store::TileId { level: 0, index: 0 }, bytes: vec![5; 64] }],
        checkpoint: store::CheckpointRow { size: 2, root: hash(2), note: "log\n2\n".to_owned(), at: at(2) },
    };
    assert!(s.extend_log(extension).await.expect("sealed"));
    (database, world)
}

/// Every row of every table, as the database prints it.
async fn contents(database: &Database) -> BTreeMap<&'static str, Vec<String>> {
    let mut connection = database.connection().await;
    let mut contents = BTreeMap::new();
    for table in &TABLES {
        let query = format!("select row({})::text from {} order by 1", table.columns, table.name);
        let rows = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut connection).await.expect("read");
        contents.insert(table.name, rows);
    }
    contents
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_comes_back_whole() {
    let (database, world) = furnished().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.zip");
    world.store.backup(&file).await.expect("copied");
    let before = contents(&database).await;
    let empty: Vec<_> = before.iter().filter(|(_, rows)| rows.is_empty()).map(|(name, _)| *name).collect();
    assert!(empty.is_empty(), "this test says nothing of {empty:?}");

    let target = Database::create().await;
    restore_into(&target.url(), &file).await.expect("restored");
    assert_eq!(contents(&target).await, before);

    // What is given out from now on lies beyond what was given out before.
    let a = here();
    let restored = world_over(&target).await;
    let query = IncidentQuery { all: vec![token(2)], ..a.all_incidents(10) };
    let found = restored.list(&query).await;
    assert_eq!(found, world.list(&query).await);
    let next = restored.record(vec![(a.incident(2), vec![])]).await;
    assert!(next[0] > found[0]);
    assert_eq!(restored.store.next_numbers(a.tenant, 2100, 1).await.expect("number"), 8);
    restored.commit(a.appending(id(1), 3, 1)).await;
    restored.commit(Change { mail: vec![a.mail(2, false)], ..Change::default() }).await;
    // Entries wait for every transaction of the server that began before them, other tests' included.
    let mut waiting = Vec::new();
    for _ in 0..600 {
        waiting = restored.store.unlogged(10).await.expect("read");
        if !waiting.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(waiting.iter().map(|row| row.version).min(), Some(3), "what waited for its place still does");
}

async fn world_over(database: &Database) -> World {
    let store = Arc::new(database.store().await);
    World::over(Fresh { store, keep: Box::new(()) })
}

#[tokio::test]
async fn a_copy_is_not_poured_into_a_database_that_is_in_use() {
    let (database, world) = furnished().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.zip");
    world.store.backup(&file).await.expect("copied");
    let fault = restore_into(&database.url(), &file).await.expect_err("refused");
    assert!(format!("{fault}").contains("not empty"), "{fault}");
    let bytes = std::fs::read(&file).expect("read");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("cut short");
    let target = Database::create().await;
    restore_into(&target.url(), &file).await.expect_err("half a copy is none");
}

#[tokio::test]
async fn every_table_of_the_schema_is_copied() {
    let database = Database::create().await;
    database.store().await;
    let mut connection = database.connection().await;
    let query = "select table_name || ': ' || string_agg(column_name, ', ' order by ordinal_position)
                   from information_schema.columns
                  where table_schema = 'public' and is_generated = 'NEVER' and table_name <> 'migration'
                    and (table_name, column_name) <> ('entry_unlogged', 'xact')
                  group by table_name
                  order by table_name";
    let schema: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut connection).await.expect("read");
    let mut copied: Vec<String> = TABLES.iter().map(|table| format!("{}: {}", table.name, table.columns)).collect();
    copied.sort();
    assert_eq!(copied, schema);
    let moved: Vec<String> =
        store::copying::TABLES.iter().map(|table| format!("{}: {}", table.name, table.names())).collect();
    let backed_up: Vec<String> = TABLES.iter().map(|table| format!("{}: {}", table.name, table.columns)).collect();
    assert_eq!(moved, backed_up, "what moves to another backend is what is backed up");
}

#[tokio::test]
async fn a_schema_from_the_future_is_left_alone() {
    let database = Database::create().await;
    database.store().await.close().await;
    let mut connection = database.connection().await;
    let next = MIGRATIONS.len() as i32 + 1;
    sqlx::query("insert into migration (number, name) values ($1, 'later')")
        .bind(next)
        .execute(&mut connection)
        .await
        .expect("written");
    let fault = PostgresStore::connect(&database.url()).await.expect_err("refused");
    assert!(format!("{fault}").contains("newer"), "{fault}");
}

#[tokio::test]
async fn nodes_that_start_together_migrate_once() {
    let database = Database::create().await;
    let url = database.url();
    let nodes = (0..4).map(|_| PostgresStore::connect(&url));
    for node in futures::future::join_all(nodes).await {
        assert_eq!(node.expect("opened").health().await.expect("answers").schema as usize, MIGRATIONS.len());
    }
}

#[tokio::test]
async fn a_server_that_may_forget_is_refused() {
    let database = Database::create().await;
    let mut connection = database.connection().await;
    let set =
        "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$";
    connection.execute(set).await.expect("set");
    let fault = PostgresStore::connect(&database.url()).await.expect_err("refused");
    assert!(format!("{fault}").contains("synchronous_commit"), "{fault}");
}

/// The server reports a commit that lacks its standby copy as done, with nothing but a warning (a wait that an operator
/// cancelled). A trigger that warns at commit looks the same from here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_at_commit_is_not_taken_as_success() {
    let (database, world) = furnished().await;
    let warn = "create function warn() returns trigger language plpgsql as $$
                begin
                    raise warning 'canceling wait for synchronous replication due to user request';
                    return null;
                end $$;
                create constraint trigger warns after insert on entry
                    deferrable initially deferred for each row execute function warn()";
    database.connection().await.execute(warn).await.expect("set");
    let request = Change {
        remember: Some(Remembered { key: hash(8), request: hash(8), answer: b"done".to_vec() }),
        ..here().appending(id(5), 0, 1)
    };
    match world.store.commit(request.clone()).await {
        Err(CommitError::Fault(fault)) => assert!(fault.source.to_string().contains("warned"), "{fault}"),
        other => panic!("neither success nor refusal was expected: {other:?}"),
    }
    // It may have been written all the same: the caller's key tells on the next try.
    assert!(matches!(world.refused(request).await, Refused::Repeated(_)));
    // Commits that the server does not warn about go on as before.
    world.commit(enqueue(vec![job(9, None)])).await;
    world.commit(rows(vec![RowChange::Exclude(id(5), here().clerk)])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_a_fault_and_the_pool_recovers() {
    let (database, world) = furnished().await;
    let mut connection = database.connection().await;
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()";
    for round in 0..5 {
        connection.execute(end).await.expect("ended");
        let stream = id(50 + round);
        let change = here().appending(stream, 0, 1);
        let (mut stored, mut read) = (false, None);
        for _ in 0..100 {
            match world.store.commit(change.clone()).await {
                Ok(_) => stored = true,
                // Either it is there from a try whose answer was lost, or it is there from the last one.
                Err(CommitError::Refused(refused)) => assert_eq!(refused, Refused::Moved { stream, expected: 0 }),
                Err(CommitError::Fault(_)) => {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            }
            read = world.store.read_stream(here().tenant, stream, 0).await.ok();
            if read.is_some() {
                break;
            }
        }
        assert!(stored, "the pool finds its way back to writing");
        assert_eq!(read, Some(vec![here().entry(stream, 1)]), "and to reading");
    }
    connection.close().await.expect("closed");
}

/// However common or rare a word is, and however small the agency, a page is found without reading the whole store.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_found_without_reading_the_store() {
    const ROWS: i64 = 40_000;
    let database = Database::create().await;
    let store = database.store().await;
    let (a, b) = (here(), store::contract::world::there());
    let mut connection = database.connection().await;
    // Token p is on every pth incident; the small agency's few incidents are the oldest.
    sqlx::query(
        "insert into incident (n, id, tenant, unit, reference, opened_at, state, version, summary)
         select n, gen_random_uuid(), case when n <= 20 then $1 else $2 end, $1, 'AG-' || n, n, 0, 1, ''
           from generate_series(1, $3) as n",
    )
    .bind(b.tenant.uuid())
    .bind(a.tenant.uuid())
    .bind(ROWS)
    .execute(&mut connection)
    .await
    .expect("filled");
    let hexadecimal = |t: u16| format!("{:016x}", u64::from_be_bytes(token(t)));
    let periods = [1_u16, 2, 100, 400, 9_000];
    sqlx::query(
        "insert into word (n, tokens)
         select n, array_to_tsvector(array(select lexeme from unnest($1::text[], $2::bigint[]) as t (lexeme, period)
                                            where n % period = 0))
           from generate_series(1, $3) as n",
    )
    .bind(periods.map(hexadecimal))
    .bind(periods.map(i64::from))
    .bind(ROWS)
    .execute(&mut connection)
    .await
    .expect("filled");
    connection.execute("analyze; select pg_stat_reset()").await.expect("counted afresh");

    for (words, expected) in [
        (vec![], 50),
        (vec![1], 50),
        (vec![2], 50),
        (vec![100], 50),
        (vec![400], 50),
        (vec![9_000], 4),
        (vec![7], 0),
        (vec![1, 9_000], 4),
    ] {
        let query = IncidentQuery { all: words.iter().copied().map(token).collect(), ..a.all_incidents(50) };
        let found = store.list_incidents(&query).await.expect("listed");
        assert_eq!(found.len(), expected, "{words:?}");
        assert!(found.windows(2).all(|pair| pair[0].n > pair[1].n));
    }
    for words in [vec![], vec![token(1)]] {
        assert_eq!(
            store.list_incidents(&IncidentQuery { all: words, ..b.all_incidents(50) }).await.expect("listed").len(),
            20
        );
    }
    // A connection that ends hands in what it counted.
    store.close().await;
    let counted = "select sum(seq_tup_read)::bigint, sum(idx_tup_fetch)::bigint
                     from pg_stat_user_tables where relname in ('incident', 'word')";
    let mut read = (0, 0);
    for _ in 0..100 {
        connection.execute("select pg_stat_clear_snapshot()").await.expect("cleared");
        read = sqlx::query_as::<_, (i64, i64)>(counted).fetch_one(&mut connection).await.expect("read");
        if read.1 > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(read.0, 0, "no table is read from end to end");
    // Ten searches: at most 2,000 and 8,000 steps, each step a row of both tables, and the index's hits.
    assert!((1_000..ROWS * 2).contains(&read.1), "{} rows were read", read.1);
}

#[tokio::test]
async fn who_only_looks_changes_nothing() {
    let database = Database::create().await;
    let told = PostgresStore::connect_read_only(&database.url()).await.expect_err("nothing is there").to_string();
    assert!(told.contains("holds no store"), "{told}");
    let mut connection = database.connection().await;
    let tables: i64 = sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'public'")
        .fetch_one(&mut connection)
        .await
        .expect("counted");
    assert_eq!(tables, 0, "looking makes no tables");

    let store = database.store().await;
    store.next_numbers(here().tenant, 2026, 1).await.expect("written");
    let looking = PostgresStore::connect_read_only(&database.url()).await.expect("opens");
    assert!(looking.health().await.is_ok());
    let told = looking.next_numbers(here().tenant, 2026, 1).await.expect_err("refused");
    assert!(told.source.to_string().contains("read-only"), "{}", told.source);
    let told = looking.claim_jobs(1, 1).await.expect_err("refused");
    assert!(told.source.to_string().contains("read-only"), "{}", told.source);
    sqlx::query("delete from migration where number = 6").execute(&mut connection).await.expect("altered");
    let told = PostgresStore::connect_read_only(&database.url()).await.expect_err("older").to_string();
    assert!(told.contains("serve it once"), "{told}");
}
