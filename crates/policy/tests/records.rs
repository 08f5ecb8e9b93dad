//! Mistakes in what a policy wants on record, tried on a pack that ships: each is named, pointed at, and answered.

use std::{fs, path::Path};
use tocsin_policy::{Problem, Source, check};

const RECORD: &str = "us-mo/dmh-2004/record.toml";

fn read(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, root, into);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            into.push(Source { path: name, text: fs::read_to_string(&path).expect("text") });
        }
    }
}

/// What is reported about the pack in which `from` was replaced by `to`.
fn expect(from: &str, to: &str, problem: Problem, at: &str, help: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root.join("us-mo/dmh-2004"), &root, &mut sources);
    read(&root.join("common"), &root, &mut sources);
    let record = sources.iter_mut().find(|s| s.path == RECORD).expect("what it wants on record");
    assert!(record.text.contains(from), "the pack holds {from:?}");
    record.text = record.text.replacen(from, to, 1);
    let text = record.text.clone();
    let report = check(&sources).expect_err("a mistake").into_iter().next().expect("a report");
    assert_eq!((report.problem, report.path.as_str()), (problem, RECORD), "{report:?}");
    assert!(text[report.place.start..].starts_with(at), "points at {:?}", &text[report.place.clone()]);
    assert!(report.help.contains(help), "{}", report.help);
}

#[test]
fn a_sheet_of_a_kind_that_does_not_exist() {
    let (from, to) = ("kinds = [\"physical-breach\"]", "kinds = [\"physical-breech\"]");
    expect(from, to, Problem::UnknownReference, "\"physical-breech\"", "Did you mean physical-breach?");
}

#[test]
fn a_document_that_nobody_supplies() {
    let (from, to) = ("kinds = [\"technical-breach\"]", "kinds = [\"technical-breach\"]\nuses = [\"the-plan\"]");
    expect(from, to, Problem::UnknownReference, "\"the-plan\"", "[[missing]]");
}

#[test]
fn an_answer_is_suggested_that_cannot_be_chosen() {
    expect("suggests = \"yes\"", "suggests = \"maybe\"", Problem::UnknownReference, "\"maybe\"", "one of its choices");
}

#[test]
fn a_kind_makes_no_choice_or_one_entry_among_several() {
    let (from, to) = (" marked_by = [\"attempted-unauthorized-access\"],", "");
    expect(from, to, Problem::WrongShape, "\"success\"", "give a choice `marked_by`");
    let from = "title = \"Tried or done, and what it did\"";
    let to = "title = \"Tried or done, and what it did\"\nrepeats = true";
    expect(from, to, Problem::WrongShape, "\"success\"", "Take `repeats` or `by_itself` out");
}

#[test]
fn words_are_offered_for_a_box_that_exists_and_times_for_none() {
    let from = "offers_for = \"report-of-security-incident/VII\"";
    let to = "offers_for = \"report-of-security-incident/VIIII\"";
    expect(from, to, Problem::UnknownReference, "\"report-of-security-incident/VIIII\"", "Did you mean");
    let from = "label = \"Done on\"\nkind = \"date\"";
    let to = "label = \"Done on\"\nkind = \"date\"\noffers_for = \"report-of-security-incident/VIII\"";
    expect(from, to, Problem::WrongShape, "\"report-of-security-incident/VIII\"", "kind = \"line\"");
}

#[test]
fn a_reason_is_confirmed_by_a_role_that_exists() {
    let (from, to) = ("confirmed_by = [\"lso\", \"cso\"]", "confirmed_by = [\"lsso\"]");
    expect(from, to, Problem::UnreachableRole, "\"lsso\"", "Did you mean lso?");
}

#[test]
fn those_who_always_take_part_hold_a_role_of_the_policy() {
    let from = "# ---- What is no incident";
    let to = "[participants]\nalways = [\"chief\"]\nclauses = [\"DMH04-2.F\"]\n\n# ---- What is no incident";
    expect(from, to, Problem::UnreachableRole, "\"chief\"", "[[role]]");
}
