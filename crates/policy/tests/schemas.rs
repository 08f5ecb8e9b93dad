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
    assert!(
        published == expected,
        "{file} is old: run this test with TOCSIN_WRITE_SCHEMAS=1 and the feature schema, and look at what changed"
    );
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
        let errors: Vec<String> =
            schema.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn the_schema_turns_mistakes_away() {
    let pack = jsonschema::validator_for(&tocsin_policy::pack_schema()).expect("a schema");
    for wrong in
        ["unknown = 1", "[pack]\nid = \"x\"", "[[clause]]\nid = 1", "[[obligation]]\nid = \"O1\"\non = \"lunch\""]
    {
        let value = json(toml::Value::Table(wrong.parse().expect("TOML")));
        assert!(!pack.is_valid(&value), "{wrong}");
    }
}

const JSON: &str = r#"{
  "packs": ["us/hipaa-breach", "us-mo/407-1500"],
  "zone": "America/Chicago",
  "reported": "2026-03-02",
  "as_of": "2026-06-01",
  "events": [{"what": "first-known", "when": "2026-03-02T15:15:00Z", "who": "Help desk", "evidence": "Ticket 4711"}],
  "answers": {"unsecured-phi-breached": "yes", "mo-data-accessed-and-acquired": {"answer": true}},
  "counts": [{"of": "mo", "people": 1001, "as_of": "2026-03-04", "confidence": "counted"}],
  "done": [{"rule": "HIPAA-IND", "at": "2026-05-03", "evidence": "1,001 letters posted"}]
}"#;

#[test]
fn the_facts_of_these_tests_keep_to_the_schema() {
    let schema = jsonschema::validator_for(&tocsin_policy::facts_schema()).expect("a schema");
    let good: serde_json::Value = serde_json::from_str(JSON).expect("JSON");
    assert!(schema.is_valid(&good), "{:?}", schema.iter_errors(&good).map(|e| e.to_string()).collect::<Vec<_>>());
    for (from, to) in [("\"people\"", "\"peple\""), ("first-known", "first-knwon"), ("2026-03-04", "yesterday")] {
        let bad: serde_json::Value = serde_json::from_str(&JSON.replace(from, to)).expect("JSON");
        assert!(!schema.is_valid(&bad), "{to}");
    }
}

#[test]
fn the_list_of_moments_is_whole() {
    let all: Vec<Value> = domain::pack::Moment::ALL.iter().map(|m| serde_json::to_value(m).expect("JSON")).collect();
    let published = &tocsin_policy::facts_schema()["$defs"]["Moment"]["oneOf"];
    let published: Vec<Value> = published.as_array().expect("a list").iter().map(|v| v["const"].clone()).collect();
    assert_eq!(all, published);
}
