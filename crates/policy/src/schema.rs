//! The published JSON Schemas, made from the types that read the files, so that editors complete them and outsiders
//! can check their own.

use crate::text::{Case, Piece};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// Any `.toml` file of a pack, except its worked cases.
pub fn pack_schema() -> Value {
    let mut schema = generator().into_root_schema_for::<Piece>();
    schema.insert("title".to_owned(), json!("A file of a policy pack"));
    schema.insert(
        "description".to_owned(),
        json!("Any table may stand in any file of a pack; policy/README.md explains each. Worked cases have a schema of their own under $defs/WorkedCase."),
    );
    let case = case_schema();
    let mut value = schema.to_value();
    let definitions = value["$defs"].as_object_mut().map(std::mem::take).unwrap_or_default();
    let mut all = definitions;
    if let Some(own) = case.get("$defs").and_then(Value::as_object) {
        for (name, definition) in own {
            all.entry(name.clone()).or_insert_with(|| definition.clone());
        }
    }
    let mut case = case;
    if let Some(case) = case.as_object_mut() {
        case.remove("$defs");
        case.remove("$schema");
    }
    all.insert("WorkedCase".to_owned(), case);
    value["$defs"] = Value::Object(all);
    value
}

/// A worked case.
pub fn case_schema() -> Value {
    generator().into_root_schema_for::<Case>().to_value()
}

/// A facts file for `tocsin policy assess`.
pub fn facts_schema() -> Value {
    generator().into_root_schema_for::<crate::facts::FactsText>().to_value()
}
