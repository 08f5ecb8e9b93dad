//! The published schemas are those of the types that read the files, and everything that ships keeps to them.

use serde_json::{Map, Value};
use std::{fs, path::Path};

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The file is what the program would publish. With TOCSIN_WRITE_SCHEMAS set, it is written first.
fn is_current(file: &str, schema: &Value) {
    let path = root().join("docs/schemas").join(file);
    let expected = format!("{}\n", serde_json::to_string_pretty(schema).expect("JSON"));
    if std::env::var_os("TOCSIN_WRITE_SCHEMAS").is_some() {
        fs::write(&path, &expected).expect("written");
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(published == expected, "{file} is old: run this test with TOCSIN_WRITE_SCHEMAS=1 and look at what changed");
}

#[test]
fn the_published_schemas_are_current() {
    is_current("pack.schema.json", &tocsin_policy::pack_schema());
    is_current("facts.schema.json", &tocsin_policy::facts_schema());
}

/// TOML as a schema sees it: dates are text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(n) => Value::from(n),
        toml::Value::Float(n) => Value::from(n),
        toml::Value::Boolean(b) => Value::Bool(b),
        toml::Value::Datetime(d) => Value::String(d.to_string()),
        toml::Value::Array(all) => Value::Array(all.into_iter().map(json).collect()),
        toml::Value::Table(t) => Value::Object(t.into_iter().map(|(k, v)| (k, json(v))).collect::<Map<_, _>>()),
    }
}

fn tomls(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tomls(&path, into);
        } else if path.extension().is_some_and(|e| e == "toml") {
            into.push(path);
        }
    }
}

#[test]
fn every_shipped_file_keeps_to_the_schema() {
    let pack = jsonschema::validator_for(&tocsin_policy::pack_schema()).expect("a schema");
    let case = jsonschema::validator_for(&tocsin_policy::case_schema()).expect("a schema");
    let mut files = Vec::new();
    tomls(&root().join("policy"), &mut files);
    assert!(files.len() > 100, "{} files", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("text");
        let value = json(toml::Value::Table(text.parse().expect("TOML")));
        let schema = if path.components().any(|c| c.as_os_str() == "cases") { &case } else { &pack };
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn the_schema_turns_mistakes_away() {
    let pack = jsonschema::validator_for(&tocsin_policy::pack_schema()).expect("a schema");
    for wrong in ["unknown = 1", "[pack]\nid = \"x\"", "[[clause]]\nid = 1", "[[obligation]]\nid = \"O1\"\non = \"lunch\""] {
        let value = json(toml::Value::Table(wrong.parse().expect("TOML")));
        assert!(!pack.is_valid(&value), "{wrong}");
    }
}
