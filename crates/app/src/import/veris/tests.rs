//! What records in the VERIS format are read as: whole ones, odd ones, and those that cannot be filed.

use super::*;
use serde_json::json;

fn whole() -> Value {
    json!({
        "schema_version": "1.3.7",
        "incident_id": "0B1C-SAMPLE-1",
        "source_id": "vcdb",
        "security_incident": "Confirmed",
        "summary": "A laptop was taken from a parked car.\r\nIt was not encrypted.",
        "reference": "https://news.example.org/laptop",
        "timeline": { "incident": { "year": 2014, "month": 3, "day": 9 } },
        "victim": { "victim_id": "Sample Clinic", "country": ["US"], "state": "MO", "industry": "622110" },
        "actor": { "external": { "variety": ["Unaffiliated"] } },
        "action": { "physical": { "variety": ["Theft"], "vector": ["Personal vehicle"] } },
        "asset": { "assets": [{ "variety": "U - Laptop" }, { "variety": "M - Documents" }] },
        "attribute": { "confidentiality": { "data": [{ "variety": "Medical", "amount": 2159 }], "data_total": 2159 } },
    })
}

fn with(place: &str, key: &str, value: Value) -> Value {
    let mut record = whole();
    let object = record.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
    object.insert(key.to_owned(), value);
    record
}

fn without(place: &str, key: &str) -> Value {
    let mut record = whole();
    record.pointer_mut(place).and_then(Value::as_object_mut).expect("an object").remove(key);
    record
}

fn parsed(records: &[Value]) -> Parsed {
    let file =
        |(n, record): (usize, &Value)| SourceFile { name: format!("{n}.json"), bytes: record.to_string().into_bytes() };
    read(&records.iter().enumerate().map(file).collect::<Vec<_>>(), civil::date(2026, 11, 20))
}

fn one(record: Value) -> Record {
    let mut parsed = parsed(&[record]);
    assert!(parsed.skipped.is_empty(), "{:?}", parsed.skipped);
    parsed.records.remove(0)
}

#[test]
fn a_whole_record_is_read_without_a_remark() {
    let record = one(whole());
    let imported = &record.imported;
    assert_eq!(record.changes, Vec::<String>::new());
    assert_eq!(record.title.as_str(), "Theft of laptop and paper/films – Sample Clinic");
    assert_eq!(imported.source.as_str(), "VERIS Community Database");
    assert_eq!(imported.record.as_str(), "0B1C-SAMPLE-1");
    assert_eq!(imported.submitted, civil::date(2014, 3, 9));
    assert_eq!(imported.place.as_ref().map(|place| place.as_str()), Some("MO"));
    assert_eq!(imported.organisation.as_ref().map(|o| o.as_str()), Some("Health care and social assistance"));
    assert_eq!((imported.people, imported.associate), (Some(2_159), None));
    let words = imported.narrative.as_ref().expect("a narrative").as_str();
    assert!(words.starts_with("A laptop was taken from a parked car.\nIt was not encrypted."), "{words}");
    assert!(
        words.contains("action physical: Theft; actor external: Unaffiliated; assets: U - Laptop, M - Documents"),
        "{words}"
    );
}

#[test]
fn actions_and_assets_are_counted_as_what_every_import_shares() {
    for (action, kinds) in [
        (json!({ "hacking": { "variety": ["SQLi"] } }), &["Hacking/IT Incident"][..]),
        (json!({ "malware": {}, "social": { "variety": "Phishing" } }), &["Hacking/IT Incident"]),
        (json!({ "error": { "variety": ["Loss", "Misdelivery"] } }), &["Loss"]),
        (json!({ "error": { "variety": ["Misdelivery"] } }), &["Unauthorized Access/Disclosure"]),
        (json!({ "error": { "variety": ["Disposal error"] } }), &["Improper Disposal"]),
        (json!({ "physical": { "variety": ["Theft"] }, "misuse": {} }), &["Theft", "Unauthorized Access/Disclosure"]),
        (json!({ "environmental": {} }), &["Other"]),
        (json!({ "unknown": {} }), &["Unknown"]),
        (json!({ "sorcery": {} }), &["Other"]),
        (json!({}), &[]),
    ] {
        let record = one(with("", "action", action.clone()));
        let read: Vec<&str> = record.imported.kinds.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(read, kinds, "{action}");
        assert!(read.iter().all(|kind| KINDS.values.iter().any(|(value, _)| value == kind)), "{read:?}");
    }
    for (asset, at) in [
        ("S - Database", "Network Server"),
        ("S - Mail", "Email"),
        ("U - Desktop", "Desktop Computer"),
        ("M - Disk drive", "Other Portable Electronic Device"),
        ("P - End-user", "Other"),
    ] {
        let record = one(with("", "asset", json!({ "assets": [{ "variety": asset }] })));
        assert_eq!(record.imported.locations[0].as_str(), at, "{asset}");
        assert!(LOCATIONS.values.iter().any(|(value, _)| *value == at));
    }
}

#[test]
fn what_is_missing_or_odd_is_said() {
    for (record, said) in [
        (without("/timeline/incident", "day"), "no day is given"),
        (without("/timeline/incident", "month"), "only the year is given"),
        (with("/timeline/incident", "day", json!(32)), "no day is given"),
        (without("", "summary"), "summary: nothing is given"),
        (without("", "action"), "action: nothing is given"),
        (without("", "asset"), "asset.assets: nothing is given"),
        (without("/victim", "victim_id"), "victim.victim_id: nothing is given"),
        (with("/victim", "country", json!("CA")), "outside the United States"),
        (with("/victim", "state", json!("Zanzibar")), "is no state or territory"),
        (with("/victim", "industry", json!("000")), "is no sector"),
        (with("/attribute/confidentiality", "data_total", json!(90_000_000_000_u64)), "is no number of people"),
        (with("/victim", "victim_id", json!("Sample\u{202e}  Clinic\n")), "tidied"),
        (with("", "summary", json!("turned\u{202e}round")), "act unseen"),
    ] {
        let record = one(record);
        assert!(record.changes.iter().any(|what| what.contains(said)), "{said}: {:?}", record.changes);
        assert!(record.changes.iter().all(|what| what.starts_with("0.json: ")), "{:?}", record.changes);
    }
}

#[test]
fn what_cannot_be_filed_is_skipped_with_the_reason() {
    for (record, why) in [
        (without("", "incident_id"), "no incident_id"),
        (without("", "timeline"), "timeline.incident.year"),
        (with("/timeline/incident", "year", json!(2027)), "has not come yet"),
        (with("/timeline/incident", "year", json!(20_140_309)), "no year"),
        (with("", "security_incident", json!("False positive")), "false positive"),
        (json!("a text"), "no record"),
    ] {
        let parsed = parsed(&[record]);
        assert!(parsed.records.is_empty());
        assert!(parsed.skipped[0].1.contains(why), "{why}: {:?}", parsed.skipped);
    }
    let broken = SourceFile { name: "broken.json".into(), bytes: b"{\"incident_id\": ".to_vec() };
    let parsed = read(&[broken], civil::date(2026, 11, 20));
    assert!(parsed.skipped[0].1.starts_with("broken.json: it is no JSON"), "{:?}", parsed.skipped);
}

#[test]
fn a_list_holds_many_records_and_a_record_comes_once() {
    let parsed = parsed(&[json!([whole(), with("", "incident_id", json!("0B1C-SAMPLE-2"))]), whole()]);
    assert_eq!(parsed.records.iter().map(|record| record.row).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(parsed.skipped, [(3, "1.json: it is the record of 0.json [1] once more".to_owned())]);
}
