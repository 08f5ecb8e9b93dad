//! Facts files: the same facts in every form come out the same, and what nothing knows is an error that says what
//! was meant.

use domain::pack::Pack;
use proptest::prelude::*;
use std::{fs, path::Path, sync::LazyLock};
use tocsin_policy::{Assessment, Problem, Source, assess, compile_set, read_facts};

fn read(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of packs") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, root, into);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            into.push(Source { path: name, text: fs::read_to_string(&path).expect("text") });
        }
    }
}

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root, &root, &mut sources);
    compile_set(&sources).expect("the shipped packs compile")
});

fn assessed(path: &str, text: &str) -> Assessment {
    let asked = read_facts(path, text, &PACKS)
        .unwrap_or_else(|r| panic!("{}", r.iter().map(|r| r.render()).collect::<Vec<_>>().join("\n")));
    assess(&asked)
}

/// `id date` of everything owed.
fn owed(assessment: &Assessment) -> Vec<String> {
    let line = |o: &tocsin_policy::Obligation| {
        let due = o.due.as_ref();
        let date =
            due.and_then(|d| d.date).map_or_else(|| due.map_or("none", |d| d.kind).to_owned(), |d| d.to_string());
        format!("{} {date}", o.rule.id)
    };
    assessment.obligations.iter().map(line).collect()
}

const TOML: &str = r#"
packs = ["us/hipaa-breach", "us-mo/407-1500"]
zone = "America/Chicago"
reported = 2026-03-02
as_of = 2026-06-01

[[events]]
what = "first-known"
when = 2026-03-02T09:15:00
who = "Help desk"
evidence = "Ticket 4711"

[answers]
unsecured-phi-breached = true
mo-data-accessed-and-acquired = "yes"

[[counts]]
of = "MO"
people = 1001
as_of = 2026-03-04
confidence = "counted"

[[done]]
rule = "HIPAA-IND"
at = 2026-05-03
evidence = "1,001 letters posted"
"#;

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
fn several_laws_bind_one_incident_side_by_side() {
    let found = owed(&assessed("facts.toml", TOML));
    assert_eq!(
        found,
        [
            "HIPAA-IND 2026-05-01",
            "HIPAA-MEDIA 2026-05-01",
            "HIPAA-HHS-L 2026-05-01",
            "MO-CONS 2026-03-02",
            "MO-AG 2026-03-04",
            "MO-CRA 2026-03-04"
        ]
    );
}

#[test]
fn toml_and_json_say_the_same() {
    let (toml, json) = (assessed("facts.toml", TOML), assessed("facts.json", JSON));
    assert_eq!(serde_json::to_value(&toml).expect("JSON"), serde_json::to_value(&json).expect("JSON"));
}

#[test]
fn a_duty_shows_its_start_its_state_and_how_late_it_was() {
    let found = assessed("facts.toml", TOML);
    let one = |id: &str| found.obligations.iter().find(|o| o.rule.id == id).expect("owed");
    let letters = one("HIPAA-IND");
    let start = letters.start.as_ref().expect("started");
    assert_eq!(start.who.as_deref(), Some("Help desk"));
    assert_eq!(start.point.local.as_deref(), Some("2026-03-02T09:15:00-06:00"));
    assert_eq!(letters.state, "met");
    assert_eq!(letters.answered.as_ref().map(|a| a.says.as_str()), Some("2 calendar days late"));
    assert_eq!(one("HIPAA-MEDIA").state, "overdue");
    assert_eq!(one("MO-CONS").state, "open");
    let small = found.not_required.iter().find(|r| r.rule.id == "HIPAA-HHS-S").expect("not required");
    assert!(small.because[0].contains("1,001 people in all places affected"), "{:?}", small.because);
    assert_eq!(letters.rule.reviewed_by_counsel, "never");
    assert_eq!(letters.due.as_ref().and_then(|d| d.local.clone()).as_deref(), Some("2026-05-01T23:59:59-05:00"));
}

#[test]
fn the_edition_is_that_of_the_day_of_the_first_report() {
    for (reported, expected) in
        [("2008-06-30", "us-mo/dmh-2004"), ("2016-06-22", "us-mo/dmh-2004"), ("2016-06-23", "us-mo/dmh-2016")]
    {
        let text = format!("packs = [\"us-mo/dmh\"]\nreported = {reported}\n[happened]\nnoticed = 2004-10-01\n");
        assert_eq!(assessed("f.toml", &text).packs[0].id, expected, "{reported}");
    }
    let pinned = "packs = [\"us-mo/dmh-2004\"]\nreported = 2020-01-01\n";
    let found = assessed("f.toml", pinned);
    assert_eq!(found.packs[0].id, "us-mo/dmh-2004");
    assert!(found.packs[0].warning.is_some());
}

#[test]
fn a_proposed_law_is_carried_and_owes_nothing() {
    let text = "packs = [\"us/circia\"]\nzone = \"America/Chicago\"\n[happened]\nransom-paid = 2026-03-02T10:00:00\n\
                [answers]\ncircia-covered = \"yes\"\n";
    let found = assessed("f.toml", text);
    assert_eq!((found.obligations.len(), found.off.len()), (0, 2));
}

#[test]
fn a_hold_rings_and_pauses_only_what_it_names() {
    let text = r#"
packs = ["us/hipaa-breach", "us-ut/63a-19"]
zone = "America/Denver"
[happened]
first-known = 2026-06-04
[answers]
unsecured-phi-breached = "yes"
ut-data-breach = "yes"
[[counts]]
of = "UT"
people = 700
as_of = 2026-06-05
[[holds]]
regimes = ["us/hipaa-breach"]
official = "Agent C. Sample"
agency = "Sample Bureau"
form = "oral"
stated = 2026-07-20
"#;
    let found = assessed("f.toml", text);
    let lines = owed(&found);
    for expected in ["HIPAA-IND 2026-08-19", "HIPAA-MEDIA 2026-08-19", "UT-500 2026-06-09"] {
        assert!(lines.contains(&expected.to_owned()), "{expected} in {lines:?}");
    }
    assert_eq!(found.alarms.iter().map(|a| a.on.to_string()).collect::<Vec<_>>(), ["2026-08-19"]);
}

/// The first problem of a facts file in which `from` was replaced by `to`.
fn wrong(from: &str, to: &str) -> (Problem, String, String) {
    assert!(TOML.contains(from), "the sample holds {from:?}");
    let reports = read_facts("f.toml", &TOML.replacen(from, to, 1), &PACKS).expect_err("a mistake");
    assert!(reports[0].render().contains("f.toml"), "{}", reports[0].render());
    (reports[0].problem, reports[0].says.clone(), reports[0].help.clone())
}

#[test]
fn what_nothing_knows_is_an_error_that_says_what_was_meant() {
    for (from, to, problem, says, help) in [
        ("people = 1001", "peple = 1001", Problem::UnknownKey, "peple", "Did you mean people?"),
        (
            "us/hipaa-breach",
            "us/hipa-breach",
            Problem::UnknownReference,
            "hipa-breach",
            "Did you mean us/hipaa-breach?",
        ),
        ("\"first-known\"", "\"first-knwon\"", Problem::UnknownReference, "first-knwon", "Did you mean first-known?"),
        (
            "unsecured-phi-breached",
            "unsecured-phi-breach",
            Problem::UnknownReference,
            "There is no fact",
            "unsecured-phi-breached",
        ),
        ("unsecured-phi-breached", "cji-involved", Problem::UnknownReference, "us/cjis", "Add \"us/cjis\""),
        ("\"HIPAA-IND\"", "\"HIPAA-IDN\"", Problem::UnknownReference, "HIPAA-IDN", "Did you mean HIPAA-IND?"),
        ("America/Chicago", "America/Chicgo", Problem::Unreadable, "America/Chicgo", "IANA"),
        ("people = 1001", "low = 5\nhigh = 3", Problem::Unreadable, "contradict", "at most"),
        ("people = 1001\n", "", Problem::Unreadable, "no number", "people"),
        ("of = \"MO\"", "of = \"Missouri\"", Problem::Unreadable, "two letters", "unknown"),
        ("= true", "= \"perhaps\"", Problem::Unreadable, "no answer", "unknown"),
        ("\"counted\"", "\"sure\"", Problem::WrongShape, "sure", "counted"),
        ("people = 1001", "people = -1", Problem::WrongShape, "", ""),
        ("evidence = \"1,001 letters posted\"", "", Problem::WrongShape, "answered for", "waived_by"),
        ("2026-03-02T09:15:00", "\"yesterday\"", Problem::Unreadable, "yesterday", "2026-03-02"),
        ("zone = \"America/Chicago\"\n", "", Problem::WrongShape, "where the unit is", "zone"),
        ("packs = [\"us/hipaa-breach\", \"us-mo/407-1500\"]\n", "", Problem::WrongShape, "packs", ""),
    ] {
        let (found, said, helped) = wrong(from, to);
        assert_eq!(found, problem, "{to}: {said}");
        assert!(said.contains(says) && helped.contains(help), "{to}: {said} / {helped}");
    }
    for (from, to, says) in [
        (
            "[[done]]",
            "[[holds]]\nregimes = [\"hipaa\"]\nofficial = \"D. Sample\"\nagency = \"County\"\nform = \"oral\"\n\
             stated = 2026-03-20\nlifted = 2026-03-19\n[[done]]",
            "ends before it was made",
        ),
        ("reported = 2026-03-02", "reported = 9999-12-31", "too far away"),
    ] {
        let (found, said, _) = wrong(from, to);
        assert!(found == Problem::Unreadable && said.contains(says), "{to}: {said}");
    }
    let json = JSON.replace("\"people\"", "\"peple\"");
    let reports = read_facts("f.json", &json, &PACKS).expect_err("a mistake");
    assert_eq!((reports[0].problem, reports[0].line()), (Problem::UnknownKey, 8));
    assert!(reports[0].help.contains("Did you mean people?"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in the file, it is read or refused in words, never a crash.
    #[test]
    fn no_facts_file_panics(cut in any::<prop::sample::Index>(), length in 0usize..40, insert in "\\PC{0,12}", json in any::<bool>()) {
        let whole = if json { JSON } else { TOML };
        let mut chars: Vec<char> = whole.chars().collect();
        let start = cut.index(chars.len());
        let end = (start + length).min(chars.len());
        chars.splice(start..end, insert.chars());
        let text: String = chars.into_iter().collect();
        match read_facts(if json { "f.json" } else { "f.toml" }, &text, &PACKS) {
            Ok(asked) => { assess(&asked); }
            Err(reports) => {
                prop_assert!(!reports.is_empty());
                for report in reports { prop_assert!(!report.render().is_empty()); }
            }
        }
    }

    #[test]
    fn no_instant_panics(year in 0i32..12000, month in 0u8..14, day in 0u8..33, hour in 0u8..26) {
        let text = TOML.replace("2026-03-02T09:15:00", &format!("\"{year:04}-{month:02}-{day:02}T{hour:02}:15:00\""));
        if let Ok(asked) = read_facts("f.toml", &text, &PACKS) { assess(&asked); }
    }
}
