//! Both stores have the same tables and columns, so that a copy of one can become the other and a query learnt on one
//! reads on both.

use ground::Database;
use std::collections::BTreeMap;
use std::path::Path;

/// Where the two differ, and why.
const DIFFERENCES: [(&str, &str); 2] = [
    // PostgreSQL has no writer's queue: the sealer waits for transactions that began earlier.
    ("entry_unlogged", "xact"),
    // The embedded full-text index numbers its rows by itself.
    ("word", "n"),
];

/// Columns by table; `true` where a value must be there.
type Shape = BTreeMap<String, BTreeMap<String, bool>>;

#[tokio::test]
async fn both_stores_have_the_same_shape() {
    let (embedded, mut ours) = (embedded_shape(), shape_of_database().await);
    for (table, column) in DIFFERENCES {
        let columns = ours.get_mut(table).expect("a difference names a table that exists");
        columns.remove(column).expect("a difference names a column that exists here");
        assert!(!embedded[table].contains_key(column), "{table}.{column} is no difference any more");
    }
    for (table, columns) in &embedded {
        assert_eq!(Some(columns), ours.get(table), "table {table}: the embedded store's columns, then ours");
    }
    assert_eq!(embedded.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>());
}

#[test]
fn both_stores_number_and_name_their_migrations_alike() {
    let ours: Vec<String> = files("migrations").into_iter().map(|(name, _)| name).collect();
    let embedded: Vec<String> = files("../store-sqlite/migrations").into_iter().map(|(name, _)| name).collect();
    assert_eq!(ours, embedded);
    let built_in: Vec<String> =
        tocsin_store_postgres::MIGRATIONS.iter().map(|(name, _)| format!("{name}.sql")).collect();
    assert_eq!(built_in, ours);
}

async fn shape_of_database() -> Shape {
    let database = Database::create().await;
    database.store().await.close().await;
    let mut connection = database.connection().await;
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "select table_name::text, column_name::text, is_nullable = 'NO'
           from information_schema.columns
          where table_schema = 'public' and table_name <> 'migration'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("read");
    let mut shape = Shape::new();
    for (table, column, needed) in columns {
        shape.entry(table).or_default().insert(column, needed);
    }
    shape
}

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the folder of migrations")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

/// The embedded store's tables as its migrations spell them: one column per line, constraints on lines of their own.
fn embedded_shape() -> Shape {
    let mut shape = Shape::new();
    let mut table: Option<String> = None;
    for (_, sql) in files("../store-sqlite/migrations") {
        for line in sql.lines().map(|line| line.split("--").next().unwrap_or_default().trim()) {
            let mut words = line.split([' ', ',', '(']).filter(|word| !word.is_empty());
            if let Some(rest) = line.strip_prefix("create table ").or(line.strip_prefix("create virtual table ")) {
                let name = rest.split(' ').next().unwrap_or_default().to_owned();
                shape.insert(name.clone(), BTreeMap::new());
                table = Some(name);
            } else if let Some(rest) = line.strip_prefix("alter table ") {
                let words: Vec<&str> = rest.split(' ').collect();
                let [name, "add", "column", column, definition @ ..] = words.as_slice() else {
                    panic!("this test does not know how to read `{line}`");
                };
                let needed = definition.windows(2).any(|pair| pair == ["not", "null"]);
                shape.get_mut(*name).expect("a table made before").insert((*column).to_owned(), needed);
            } else if line.starts_with(')') {
                table = None;
            } else if let (Some(table), Some(column)) = (&table, words.next()) {
                let is_constraint =
                    ["primary", "unique", "check", "foreign", "constraint", "content"].contains(&column);
                if !is_constraint {
                    let needed = line.contains("not null") || line.contains("primary key") || table == "word";
                    shape.get_mut(table).expect("made above").insert(column.to_owned(), needed);
                }
            }
        }
    }
    shape
}
