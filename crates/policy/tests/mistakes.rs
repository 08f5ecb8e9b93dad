//! Every kind of mistake is named, pointed at, and answered with what to write instead; and no text makes the
//! compiler panic.

use proptest::prelude::*;
use tocsin_policy::{Problem, Report, Source, check, check_set, compile, compile_set};

#[path = "mistakes/laws.rs"]
mod laws;
#[path = "mistakes/schemes.rs"]
mod schemes;
#[path = "mistakes/sense.rs"]
mod sense;

const PACK: &str = r#"
[pack]
id = "xx/sample"
series = "xx/sample"
title = "Sample"
agency = { en = "Sample agency", es = "Dependencia de ejemplo" }
jurisdiction = "xx"
prefix = "SMP"
zone = "America/Chicago"

[edition]
name = "1"
from = 2020-01-01
status = "in-force"
clauses = ["S-1"]

[source]
title = "Sample policy"
issuer = "Sample agency"
edition = "First"

[identity]
anonymous = false
can_be_shielded = true
says = { en = "We need a name.", es = "Necesitamos un nombre." }

[[clause]]
id = "S-1"
cite = "Section 1"
says = "The officer fills in a form."

[[role]]
id = "officer"
title = { en = "Officer", es = "Oficial" }
capacity = "local-officer"
level = "unit"
falls_back_to = "desk"
clauses = ["S-1"]

[[role]]
id = "desk"
title = { en = "Help desk", es = "Mesa de ayuda" }
capacity = "help-desk"
level = "agency"
always_staffed = true
clauses = ["S-1"]

[[route]]
id = "all"
to = "officer"
says = { en = "Sent to the officer.", es = "Se envía al oficial." }
clauses = ["S-1"]

[[fact]]
id = "people-affected"
asks = "How many people?"
counts = "people"
clauses = ["S-1"]

[[advice]]
lines = [
  { en = "One.", es = "Uno." },
  { en = "Two.", es = "Dos." },
  { en = "Three.", es = "Tres." },
]

[[obligation]]
id = "O1"
title = "Fill in the form"
on = "report-received"
when = ["people-affected at least 500 people"]
actor = "officer"
due = "30 calendar days"
evidence = [{ entry = "form", says = "The form" }]
clauses = ["S-1"]
"#;

const CASE: &str = r#"
says = "Five hundred people on the last day of January."

[happened]
report-received = 2017-01-31

[answers]
people-affected = 500

[owed]
O1 = "2017-03-02"
"#;

fn file(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}

fn sources(pack: &str, case: &str) -> Vec<Source> {
    vec![
        file("xx/sample/pack.toml", pack),
        file("xx/sample/cases/one.toml", case),
        file("xx/sample/SOURCES.md", "# Sources"),
    ]
}

/// The first report about a pack in which `from` was replaced by `to`.
fn mistake(from: &str, to: &str) -> Report {
    assert!(PACK.contains(from), "the sample holds {from:?}");
    let reports = check(&sources(&PACK.replacen(from, to, 1), CASE)).expect_err("a mistake");
    reports.into_iter().next().expect("a report")
}

/// Replacing `from` by `to` is reported as `problem`, at text that starts with `at`, with help that says `help`.
#[track_caller]
fn expect(from: &str, to: &str, problem: Problem, at: &str, help: &str) {
    let report = mistake(from, to);
    let text = PACK.replacen(from, to, 1);
    assert_eq!(report.problem, problem, "{report:?}");
    assert!(text[report.place.start..].starts_with(at), "points at {:?}", &text[report.place.clone()]);
    assert!(report.help.contains(help), "{}", report.help);
    assert_eq!(report.path, "xx/sample/pack.toml");
}

/// A playbook of one step that belongs to nobody in particular, before the advice.
const PLAYBOOK: &str = r#"
[[playbook]]
id = "response"
title = "Response"
on = "incident-opened"
clauses = ["S-1"]

[[playbook.step]]
id = "isolate"
title = "Cut it off"
role = "officer"
stage = "contain"
clauses = ["S-1"]

[[advice]]"#;

#[test]
fn a_playbook_needs_steps_and_each_step_a_role_of_the_pack_and_a_clause() {
    let with = |from: &str, to: &str| PLAYBOOK.replacen(from, to, 1);
    let compiled = compile(&sources(&PACK.replacen("[[advice]]", PLAYBOOK, 1), CASE)).expect("it compiles");
    assert_eq!(compiled.playbooks[0].steps.len(), 1);
    let unknown = with("role = \"officer\"", "role = \"sheriff\"");
    expect("[[advice]]", &unknown, Problem::UnreachableRole, r#""sheriff""#, "[[role]]");
    let silent = with("stage = \"contain\"\nclauses = [\"S-1\"]", "stage = \"contain\"");
    expect("[[advice]]", &silent, Problem::NoClause, r#""isolate""#, "clauses =");
    let stage = with("stage = \"contain\"", "stage = \"panic\"");
    expect("[[advice]]", &stage, Problem::WrongShape, r#""panic""#, "`contain`");
    let step = PLAYBOOK.split("[[playbook.step]]").nth(1).expect("a step").replace("[[advice]]", "");
    let twice = PLAYBOOK.replacen("[[advice]]", &format!("[[playbook.step]]{step}\n[[advice]]"), 1);
    expect("[[advice]]", &twice, Problem::DuplicateId, r#""isolate""#, "of its own");
    let empty = format!("{}[[advice]]", PLAYBOOK.split("[[playbook.step]]").next().expect("a head"));
    expect("[[advice]]", &empty, Problem::NoStep, r#""response""#, "[[playbook.step]]");
}

#[test]
fn the_sample_itself_is_right() {
    check(&sources(PACK, CASE)).unwrap_or_else(|r| panic!("{r:?}"));
}

#[test]
fn a_report_prints_file_line_caret_and_help() {
    let report = mistake(r#"clauses = ["S-1"]"#, r#"clauses = ["S-7"]"#);
    let line = 1 + PACK[..PACK.find(r#"clauses = ["S-1"]"#).expect("there")].matches('\n').count();
    let printed = report.render();
    assert_eq!(report.line(), line);
    for part in ["policy::unknown-clause", &format!("xx/sample/pack.toml:{line}:"), "S-7", "Did you mean S-1?"] {
        assert!(printed.contains(part), "{part} in\n{printed}");
    }
}

#[test]
fn toml_syntax() {
    expect(r#"id = "xx/sample""#, r#"id = "xx/sample"#, Problem::Syntax, "", "Write it as TOML");
    assert_eq!(mistake(r#"id = "xx/sample""#, r#"id = "xx/sample"#).line(), 3);
}

#[test]
fn unknown_key() {
    expect("jurisdiction =", "jurisdicton =", Problem::UnknownKey, "jurisdicton", "`jurisdiction`");
}

#[test]
fn unknown_word_of_a_list() {
    expect(r#"level = "unit""#, r#"level = "village""#, Problem::WrongShape, r#""village""#, "`unit`");
}

#[test]
fn unknown_clause() {
    expect(r#"clauses = ["S-1"]"#, r#"clauses = ["S-2"]"#, Problem::UnknownClause, r#""S-2""#, "Did you mean S-1?");
}

#[test]
fn an_item_without_a_clause() {
    let from = "evidence = [{ entry = \"form\", says = \"The form\" }]\nclauses = [\"S-1\"]";
    let to = "evidence = [{ entry = \"form\", says = \"The form\" }]";
    expect(from, to, Problem::NoClause, r#""O1""#, "clauses =");
}

#[test]
fn missing_source() {
    let from = "[source]\ntitle = \"Sample policy\"\nissuer = \"Sample agency\"\nedition = \"First\"\n";
    expect(from, "", Problem::MissingSource, "", "[source]");
    let mut without = sources(PACK, CASE);
    without.retain(|s| !s.path.ends_with(".md"));
    let reports = compile(&without).expect_err("a mistake");
    assert_eq!(reports[0].problem, Problem::MissingSource);
    assert!(reports[0].help.contains("SOURCES.md"));
}

#[test]
fn missing_effective_date() {
    expect("from = 2020-01-01\n", "", Problem::MissingEffectiveDate, "[edition]", "not stated");
    let from = "[edition]\nname = \"1\"\nfrom = 2020-01-01\nstatus = \"in-force\"\nclauses = [\"S-1\"]\n";
    expect(from, "", Problem::MissingEffectiveDate, "", "[edition]");
}

#[test]
fn an_undated_text_says_so() {
    let undated = PACK.replacen("from = 2020-01-01", "from = \"not stated\"", 1);
    let pack = check(&sources(&undated, CASE)).unwrap_or_else(|r| panic!("{r:?}"));
    assert_eq!(pack.edition.from, None);
}

#[test]
fn unreachable_role() {
    expect(r#"actor = "officer""#, r#"actor = "sheriff""#, Problem::UnreachableRole, r#""sheriff""#, "[[role]]");
    expect("falls_back_to = \"desk\"\n", "", Problem::UnreachableRole, r#""officer""#, "always_staffed");
    expect(
        "always_staffed = true",
        r#"falls_back_to = "officer""#,
        Problem::UnreachableRole,
        r#""officer""#,
        "End the chain",
    );
}

#[test]
fn no_route_for_every_report() {
    let to = "id = \"all\"\nwhen = [\"people-affected at least 1 people\"]";
    expect("id = \"all\"", to, Problem::NoRoute, "", "without `when`");
}

/// The sample with a sheet at its end.
fn with_sheet(sheet: &str) -> Vec<Source> {
    sources(&format!("{PACK}\n{sheet}"), CASE)
}

const SHEET: &str = r#"
[[sheet]]
id = "outage"
title = "Outage"
repeats = true
holds = ["closing"]
clauses = ["S-1"]

[[sheet.field]]
id = "kind"
label = "Which kind?"
kind = "choose-one"
choices = [{ id = "planned", says = "Planned" }, { id = "other", says = "Other" }]
needed = "to-save"

[[sheet.field]]
id = "words"
label = "Which other?"
kind = "line"
needed = "to-save"
only_if = "kind is other"

[[sheet.field]]
id = "down"
label = "Down since"
kind = "when"

[[sheet.field]]
id = "up"
label = "Up again"
kind = "when"
needed = "to-finish"

[[sheet.span]]
says = "Time to recovery"
from = "down"
to = "up"
open = "still down"
"#;

#[test]
fn a_sheet_is_compiled_and_its_mistakes_are_pointed_at() {
    check(&with_sheet(SHEET)).unwrap_or_else(|r| panic!("{r:?}"));
    let wrong = [
        ("only_if = \"kind is other\"", "only_if = \"sort is other\"", Problem::UnknownReference, "no field sort"),
        ("only_if = \"kind is other\"", "only_if = \"kind is odd\"", Problem::UnknownReference, "no choice odd"),
        ("only_if = \"kind is other\"", "only_if = \"kind other\"", Problem::Unreadable, "condition on a field"),
        ("to = \"up\"", "to = \"back\"", Problem::UnknownReference, "no field back"),
        ("from = \"down\"", "from = \"moment someday\"", Problem::UnknownReference, "no moment someday"),
        ("repeats = true", "kinds = [\"fog\"]", Problem::UnknownReference, "no category fog"),
        ("kind = \"line\"", "kind = \"line\"\nlists = true", Problem::WrongShape, "one list only"),
        ("to = \"up\"", "to = \"words\"", Problem::WrongShape, "holds no time"),
        ("id = \"up\"", "id = \"down\"", Problem::DuplicateId, "stands twice"),
        ("kind = \"line\"", "kind = \"choose-one\"", Problem::WrongShape, "nothing to choose from"),
        ("kind = \"line\"", "kind = \"line\"\nrecords = \"confirmed\"", Problem::WrongShape, "Only a time"),
        ("holds = [\"closing\"]", "recorded_by = [\"sheriff\"]", Problem::UnreachableRole, "no role sheriff"),
        ("holds = [\"closing\"]", "meets = \"O9\"", Problem::UnknownReference, "no obligation O9"),
        ("clauses = [\"S-1\"]", "clauses = [\"S-9\"]", Problem::UnknownClause, "no clause S-9"),
    ];
    for (from, to, problem, says) in wrong {
        assert!(SHEET.contains(from), "{from}");
        let reports = check(&with_sheet(&SHEET.replacen(from, to, 1))).expect_err(to);
        assert!(reports.iter().any(|r| r.problem == problem && r.says.contains(says)), "{to}: {reports:?}");
        assert!(reports.iter().all(|r| !r.help.is_empty()), "{reports:?}");
    }
}

const ASKED: &str = r#"
[[question]]
id = "what-was-it"
kind = "choose-one"
words_with = ["else"]
title = { en = "What was it?", es = "¿Qué era?" }
choices = [{ id = "else", label = { en = "Something else", es = "Otra cosa" } }]

[[particular]]
id = "what"
title = { en = "What it was", es = "Qué era" }
questions = ["what-was-it"]
clauses = ["S-1"]

[[fact]]
id = "harmful"
asks = "Was it harmful?"
clauses = ["S-1"]

[definition]
asks = ["harmful"]
any_of = [["harmful is yes"]]
clauses = ["S-1"]
"#;

#[test]
fn what_is_asked_of_a_report_is_compiled_and_its_mistakes_are_pointed_at() {
    let pack = check(&with_sheet(ASKED)).unwrap_or_else(|r| panic!("{r:?}"));
    drop(pack);
    let wrong = [
        ("words_with = [\"else\"]", "words_with = [\"other\"]", Problem::UnknownReference, "no choice other"),
        ("questions = [\"what-was-it\"]", "questions = []", Problem::WrongShape, "No question gives"),
        ("questions = [\"what-was-it\"]", "questions = [\"why\"]", Problem::UnknownReference, "no question why"),
        ("any_of = [[\"harmful is yes\"]]", "any_of = [[]]", Problem::WrongShape, "A definition asks for facts"),
        ("asks = [\"harmful\"]", "asks = [\"odd\"]", Problem::UnknownReference, "no fact odd"),
    ];
    for (from, to, problem, says) in wrong {
        assert!(ASKED.contains(from), "{from}");
        let reports = check(&with_sheet(&ASKED.replacen(from, to, 1))).expect_err(to);
        assert!(reports.iter().any(|r| r.problem == problem && r.says.contains(says)), "{to}: {reports:?}");
    }
}

#[test]
fn obligation_without_evidence() {
    expect(
        "evidence = [{ entry = \"form\", says = \"The form\" }]\n",
        "",
        Problem::NoEvidence,
        r#""O1""#,
        "evidence =",
    );
}

#[test]
fn threshold_without_unit() {
    expect("30 calendar days", "30", Problem::ThresholdWithoutUnit, r#""30""#, "calendar days");
    expect("at least 500 people", "at least 500", Problem::ThresholdWithoutUnit, r#""people-affected"#, "500 people");
    expect(
        "at least 500 people",
        "at least 500 cats",
        Problem::ThresholdWithoutUnit,
        r#""people-affected"#,
        "500 people",
    );
}

#[test]
fn a_term_that_cannot_be_reckoned() {
    for wrong in
        ["soonish", "-3 calendar days", "0 hours", "99999999999 years", "each year by 02-30", "before lunch", ""]
    {
        expect("30 calendar days", wrong, Problem::Unreadable, &format!("\"{wrong}\""), "no period");
    }
}

#[test]
fn duties_that_wait_for_each_other() {
    expect("30 calendar days", "with O1", Problem::Cycle, r#""with O1""#, "term of its own");
}

#[test]
fn missing_spanish() {
    expect(r#", es = "Oficial" }"#, " }", Problem::MissingLanguage, "{ en = \"Officer\" }", "`es`");
    expect(r#"es = "Dos.""#, r#"es = " ""#, Problem::MissingLanguage, "{ en = \"Two.\"", "`es`");
}

#[test]
fn advice_of_two_lines() {
    expect("  { en = \"Three.\", es = \"Tres.\" },\n", "", Problem::AdviceLength, "[\n", "most urgent first");
}

#[test]
fn a_pack_without_a_worked_case() {
    let mut without = sources(PACK, CASE);
    without.retain(|s| !s.path.contains("cases/"));
    let reports = compile(&without).expect_err("a mistake");
    assert_eq!(reports[0].problem, Problem::NoWorkedCase);
    assert!(reports[0].help.contains("cases/"));
}

#[test]
fn a_worked_case_that_comes_out_differently() {
    let problems = |case: &str| {
        let reports = check(&sources(PACK, case)).expect_err("a mistake");
        reports.into_iter().map(|r| (r.problem, r.path, r.says)).collect::<Vec<_>>()
    };
    let path = || "xx/sample/cases/one.toml".to_owned();
    let wrong_day = problems(&CASE.replace("2017-03-02", "2017-03-01"));
    assert_eq!(wrong_day, [(Problem::CaseDiffers, path(), "O1 is due 2017-03-02, not 2017-03-01.".into())]);
    let too_few = problems(&CASE.replace("= 500", "= 499"));
    assert_eq!(too_few, [(Problem::CaseDiffers, path(), "O1 is not owed on these facts.".into())]);
    let unlisted = problems(&CASE.replace("O1 = \"2017-03-02\"", ""));
    assert_eq!(unlisted, [(Problem::CaseDiffers, path(), "O1 is owed on these facts and not listed.".into())]);
}

#[test]
fn duplicate_ids_and_tables() {
    expect("id = \"desk\"", "id = \"officer\"", Problem::DuplicateId, r#""officer""#, "of its own");
    let mut twice = sources(PACK, CASE);
    twice.push(file("xx/sample/more.toml", "[source]\ntitle = \"t\"\nissuer = \"i\"\nedition = \"e\"\n"));
    let reports = compile(&twice).expect_err("a mistake");
    assert_eq!(reports[0].problem, Problem::TableTwice);
}

#[test]
fn overlapping_editions() {
    let other = |from: &str| {
        let text = PACK.replacen("id = \"xx/sample\"", "id = \"xx/other\"", 1).replacen("2020-01-01", from, 1);
        let mut both = sources(&PACK.replacen("status =", "until = 2024-12-31\nstatus =", 1), CASE);
        both.push(file("xx/other/pack.toml", &text));
        both.push(file("xx/other/cases/one.toml", CASE));
        both.push(file("xx/other/SOURCES.md", "# Sources"));
        compile_set(&both)
    };
    assert_eq!(other("2025-01-01").map(|p| p.len()).ok(), Some(2));
    let reports = other("2024-12-31").expect_err("an overlap");
    assert_eq!(reports[0].problem, Problem::OverlappingEditions);
    assert!(reports[0].says.contains("2024-12-31"), "{}", reports[0].says);
}

#[test]
fn a_missing_include() {
    let to = "zone = \"America/Chicago\"\ninclude = [\"common/nowhere.toml\"]";
    expect("zone = \"America/Chicago\"", to, Problem::MissingInclude, r#""common/nowhere.toml""#, "common/");
}

#[test]
fn no_such_zone() {
    expect("America/Chicago", "America/Nowhere", Problem::Unreadable, r#""America/Nowhere""#, "America/Chicago");
}

#[test]
fn a_title_that_does_not_fit() {
    let long = "x".repeat(301);
    expect("Fill in the form", &long, Problem::TooLong, r#""O1""#, "at most 300");
}

#[test]
fn an_endless_line_is_cut_around_the_mistake() {
    let long = "y".repeat(5_000_000);
    for (text, needle) in [
        (format!("{PACK}\n{long} = 1 2\n"), "= 1 2"),
        (format!("{PACK}\n# é{long}\n[pakc]\n"), "[pakc]"),
        (format!("{PACK}\n[{long}]\n"), "yyyy"),
        (PACK.replacen("title = \"Sample\"", &format!("title = \"{long}\"\nzome = 1"), 1), "zome"),
    ] {
        for report in check(&sources(&text, CASE)).expect_err("a mistake") {
            let printed = report.render();
            assert!(printed.contains(needle) && printed.len() < 10_000, "{} bytes", printed.len());
        }
    }
}

/// The samples of policy/README.md compile as they stand there, so that nobody begins with a mistake of ours.
#[test]
fn the_smallest_policy_and_the_smallest_law_of_the_readme_are_right() {
    let readme = include_str!("../../../policy/README.md");
    let shared = include_str!("../../../policy/common/public-report.toml");
    for (heading, case) in [
        ("## The smallest policy", "says = \"One.\"\n[happened]\nreport-received = 2026-07-01\n[owed]\n"),
        (
            "## The smallest law",
            "says = \"One.\"\nzone = \"America/Los_Angeles\"\n[happened]\n\
                                 first-known = 2026-07-01\n[owed]\nL-TELL = \"2026-07-31\"\n",
        ),
    ] {
        let (_, after) = readme.split_once(heading).expect("the heading");
        let (_, block) = after.split_once("```toml\n").expect("a sample");
        let (block, _) = block.split_once("```").expect("its end");
        let mut files = sources(block, case);
        files.push(file("common/public-report.toml", shared));
        check(&files).unwrap_or_else(|reports| panic!("{heading}: {reports:?}"));
    }
}

#[test]
fn a_rule_that_ends_before_it_begins() {
    let to = "due = \"30 calendar days\"\nfrom = 2026-02-16\nto = 2026-02-16";
    expect("due = \"30 calendar days\"", to, Problem::Unreadable, "2026-02-16", "the first day on which");
}

#[test]
fn people_by_residence_are_tested_in_words() {
    let cased = |condition: &str, counts: &str| {
        let text = PACK.replacen("people-affected at least 500 people", condition, 1);
        let case = CASE.replacen("[answers]\npeople-affected = 500\n", counts, 1);
        check(&sources(&text, &case)).map(|_| ()).map_err(|reports| reports[0].says.clone())
    };
    let of = |state: &str, n: u32| format!("[[count]]\nof = \"{state}\"\npeople = {n}\n");
    for condition in [
        "affected at least 500 people",
        "affected more than 499 residents of one state",
        "affected at least 1 resident of MO",
        "notified more than 499 residents of MO at one time",
        "affected at least 500 residents of mo or unknown",
    ] {
        assert_eq!(cased(condition, &of("MO", 500)), Ok(()), "{condition}");
    }
    assert_eq!(cased("affected more than 500 people", &of("MO", 500)), Err("O1 is not owed on these facts.".into()));
    for (wrong, problem) in [
        ("affected at least 500", Problem::ThresholdWithoutUnit),
        ("affected at least 500 cats", Problem::Unreadable),
        ("affected about 500 people", Problem::Unreadable),
        ("affected at least 500 residents of Missouri", Problem::Unreadable),
        ("affected fewer than 500 residents of one state", Problem::Unreadable),
        ("notified more than 1,000 people", Problem::Unreadable),
    ] {
        expect(
            "people-affected at least 500 people",
            wrong,
            problem,
            &format!("\"{wrong}\""),
            "residents of one state",
        );
    }
}

#[test]
fn a_case_may_say_what_is_not_required_and_why() {
    let not = |n: u32, why: &str| {
        let case = CASE.replace("= 500", &format!("= {n}")).replace("O1 = \"2017-03-02\"", "");
        check(&sources(PACK, &format!("{case}\n[not_required]\nO1 = \"{why}\"\n"))).map(|_| ())
    };
    assert!(not(499, "at least 500 needed").is_ok());
    let says = |r: Result<(), Vec<Report>>| r.expect_err("a mistake")[0].says.clone();
    assert_eq!(says(not(499, "more than 500")), "The reason for O1 does not say \"more than 500\".");
    assert_eq!(says(not(500, "500")), "O1 is owed on these facts and not listed.");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Cutting, doubling and overwriting anywhere in a pack gives a pack or reports that can be printed.
    #[test]
    fn no_mangled_pack_panics(cut in any::<prop::sample::Index>(), length in 0usize..60, insert in ".{0,12}", in_case in any::<bool>()) {
        let whole = if in_case { CASE } else { PACK };
        let mut chars: Vec<char> = whole.chars().collect();
        let start = cut.index(chars.len());
        let end = (start + length).min(chars.len());
        chars.splice(start..end, insert.chars());
        let mangled: String = chars.into_iter().collect();
        let sources = if in_case { sources(PACK, &mangled) } else { sources(&mangled, CASE) };
        if let Err(reports) = check(&sources) {
            prop_assert!(!reports.is_empty());
            for report in reports {
                prop_assert!(!report.render().is_empty());
                prop_assert!(!report.help.is_empty());
            }
        }
    }

    /// Neither does any other text, as any file of a pack.
    #[test]
    fn no_text_panics(text in "\\PC{0,200}|[\\[\\]a-z=\"{}., \n0-9-]{0,200}") {
        let _ = check(&sources(&text, &text));
        let _ = compile_set(&[file("pack.toml", &text), file("a/pack.toml", &text), file("x", &text)]);
    }

    /// Numbers and dates at the edges are refused or reckoned, never a crash.
    #[test]
    fn no_number_panics(count in any::<i64>(), year in 0u16..=9999, unit in "minutes|hours|calendar days|business days|months|years") {
        let pack = PACK.replacen("30 calendar days", &format!("{count} {unit}"), 1);
        let case = CASE.replacen("2017-01-31", &format!("{year:04}-12-31"), 1);
        let _ = check(&sources(&pack, &case));
    }
}

#[test]
fn how_a_text_is_changed_names_roles_and_clauses_that_are_there() {
    let mistaken = |tables: &str| check(&sources(&format!("{PACK}\n{tables}\n"), CASE)).expect_err("a mistake");
    let nobody = mistaken("[enactment]\napproved_by = \"cio\"\nclauses = [\"S-1\"]");
    assert!(nobody.iter().any(|r| r.problem == Problem::UnreachableRole && r.says.contains("cio")), "{nobody:?}");
    let silent = mistaken("[enactment]\nunits_keep_no_rules = true");
    assert!(silent.iter().any(|r| r.problem == Problem::NoClause), "{silent:?}");
    let one_language = mistaken("[[tag]]\nid = \"t\"\ncite = \"1 CFR 1\"\nlabel = { en = \"T\" }\nclauses = [\"S-1\"]");
    assert!(one_language.iter().any(|r| r.problem == Problem::MissingLanguage), "{one_language:?}");
}

/// Two sheets after the sample: people who are named, and what they may ask for.
const SHEETS: &str = r#"
[[sheet]]
id = "named"
title = "People named"
repeats = true
clauses = ["S-1"]

[[sheet.field]]
id = "who"
label = "Who?"
kind = "person"
of = ["officer"]
needed = "to-save"

[[sheet.field]]
id = "level"
label = "How far?"
kind = "choose-one"
choices = [{ id = "far", says = "Far" }, { id = "near", says = "Near", gives = ["level is far"] }]

[[sheet]]
id = "asked"
title = "What they ask for"
after = ["named.level is far"]
or_named = { sheet = "named", person = "who" }
ordered_by = "when"
clauses = ["S-1"]

[[sheet.field]]
id = "when"
label = "When?"
kind = "when"
ahead = true
needed = "to-save"
"#;

#[test]
fn what_a_sheet_takes_from_another_is_checked() {
    let with = |from: &str, to: &str| {
        assert!(SHEETS.contains(from), "{from}");
        check(&sources(&format!("{PACK}{}", SHEETS.replacen(from, to, 1)), CASE))
    };
    with("Who?", "Who?").unwrap_or_else(|r| panic!("{r:?}"));
    for (from, to, says) in [
        ("named.level is far", "named.level is further", "no choice further"),
        ("named.level is far", "nobody", "There is no sheet nobody"),
        ("named.level is far", "asked", "cannot wait for itself"),
        ("person = \"who\"", "person = \"level\"", "no field level of kind person"),
        ("ordered_by = \"when\"", "ordered_by = \"then\"", "no field then"),
        ("kind = \"when\"\nahead", "kind = \"line\"\nahead", "Only a time lies ahead"),
        ("kind = \"person\"\nof", "kind = \"line\"\nof", "Only a person is of a role"),
        ("gives = [\"level is far\"]", "gives = [\"level is near or far\"]", "gives one other choice"),
        ("needed = \"to-save\"\n\n[[sheet.field]]", "from_loss = \"colour\"\n\n[[sheet.field]]", "called colour"),
    ] {
        let reports = with(from, to).expect_err(to);
        assert!(reports.iter().any(|r| r.says.contains(says)), "{to}: {reports:?}");
    }
}
