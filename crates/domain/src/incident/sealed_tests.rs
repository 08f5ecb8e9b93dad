//! Sealed sheets in examples: handing over, signing, what is done, what others may know.

use super::sheet_tests::{Case, ONE, TWO, at, chosen, field, policy, words};
use super::*;
use crate::actor::{Actor, Section};
use crate::ids::EntryId;
use crate::pack::tests::name;
use crate::pack::{FieldNeed, OnSheet, Pack, SheetChoice, SheetFieldKind, SheetHold, SheetWord};
use crate::text::{Line, Note};
use std::collections::BTreeMap;

const THREE: &str = "01890a5d-ac96-774b-bcce-b302099a8059";

/// An officer hands over; human resources decide and, without discipline, a statement is signed.
fn sealed() -> Pack {
    let mut pack = policy();
    let choice = |id: &str| SheetChoice { id: name(id), says: id.to_owned(), marked_by: vec![], gives: vec![] };
    let plain = pack.sheets.remove(0);
    let choose = |id: &str, choices: &[&str], need| {
        let mut field = field(id, SheetFieldKind::ChooseOne, need);
        field.choices = choices.iter().map(|id| choice(id)).collect();
        field
    };
    let mut blank = plain;
    (blank.wanted, blank.holds, blank.meets, blank.met_at, blank.spans) = (vec![], vec![], vec![], None, vec![]);
    let mut copy = blank.clone();
    (copy.id, copy.repeats, copy.refers) = (name("copy"), false, Some(vec![(name("copy"), vec![name("yes")])]));
    copy.fields = vec![choose("copy", &["yes", "no"], FieldNeed::ToSave)];
    let mut violation = blank.clone();
    (violation.id, violation.section) = (name("violation"), Section::Personnel);
    violation.fields = vec![
        choose("intent", &["on-purpose", "open"], FieldNeed::ToSave),
        choose("action", &["none", "warning"], FieldNeed::ToFinish),
    ];
    violation.words = vec![SheetWord {
        when: vec![(name("intent"), vec![name("open")]), (name("action"), vec![name("warning")])],
        says: "Find out first.".into(),
        asks_first: true,
    }];
    violation.keeps = Some(SheetHold {
        when: vec![(name("action"), vec![name("warning")])],
        from: None,
        says: "A sealed record asks for it.".into(),
    });
    let mut statement = blank;
    (statement.id, statement.section) = (name("statement"), Section::Personnel);
    statement.after = vec![OnSheet { sheet: name("violation"), holds: Some((name("action"), vec![name("none")])) }];
    statement.fields = vec![field("why", SheetFieldKind::Text, FieldNeed::ToFinish)];
    statement.signed_by = vec![name("lso")];
    pack.sheets = vec![copy, violation, statement];
    pack
}

fn fills(case: &mut Case, sheet: &str, entry: &str, values: &[(&str, FieldValue)]) -> Result<Vec<Event>, Refusal> {
    let values: BTreeMap<_, _> = values.iter().map(|(field, value)| (name(field), Some(value.clone()))).collect();
    let (sheet, entry, section) = (name(sheet), entry.parse().expect("an id"), Section::Officer);
    case.does(Command::FillSheet(SheetFilling { sheet, entry, section, values, reason: None }))
}

fn signature(entry: &str) -> Box<EntrySignature> {
    let entry: EntryId = entry.parse().expect("an id");
    let (name, capacity) = (Line::parse("M. Park").expect("a name"), Line::parse("Supervisor").expect("a line"));
    let (digest, proof) = (Line::dash(), Line::parse("password").expect("a line"));
    Box::new(EntrySignature { entry, section: Section::Officer, name, capacity, digest, proof })
}

#[test]
fn a_review_is_done_once_everything_that_follows_is_signed_and_is_told_as_that_alone() {
    let mut case = Case::under(sealed());
    let done = |case: &Case| case.incident.personnel_reviewed.is_some();
    assert!(!case.incident.open_to_personnel(&case.pack));
    fills(&mut case, "copy", ONE, &[("copy", chosen("yes"))]).expect("handed over");
    assert!(case.incident.open_to_personnel(&case.pack) && case.incident.waits_for_personnel(&case.pack).is_some());

    let violation = [("intent", chosen("on-purpose")), ("action", chosen("none"))];
    let events = fills(&mut case, "violation", TWO, &violation).expect("taken");
    assert!(events.iter().all(|event| event.section() == Section::Personnel), "{events:?}");
    assert!(!done(&case), "the statement is wanted");
    fills(&mut case, "statement", THREE, &[]).expect("begun");
    let early = case.does(Command::SignEntry(signature(THREE)));
    assert_eq!(early, Err(Refusal::FieldsEmpty(vec![(name("why"), "why".into())])));
    fills(&mut case, "statement", THREE, &[("why", words("It was nobody's fault."))]).expect("written");
    let events = case.does(Command::SignEntry(signature(THREE))).expect("signed");
    let told: Vec<_> = events.iter().filter(|event| event.section() == Section::Officer).collect();
    assert_eq!(told, [&Event::PersonnelReviewed { done: true }]);
    assert!(done(&case) && case.incident.waits_for_personnel(&case.pack).is_none());
    let change = fills(&mut case, "statement", THREE, &[("why", words("Otherwise."))]);
    assert_eq!(change, Err(Refusal::EntrySigned));
    let strike = Command::StrikeEntry(THREE.parse().expect("an id"), Note::parse("Wrong").expect("words"));
    assert_eq!(case.does(strike), Err(Refusal::EntrySigned));

    // What others can open tells no more than that, and counts nothing.
    let mut officers = Incident::empty(case.incident.id);
    officers.skip("incident.sheet_filled", Section::Personnel, at("2024-03-06T12:00:00Z"));
    officers.apply(&Event::PersonnelReviewed { done: true }, Actor::System, at("2024-03-06T12:00:00Z"));
    assert_eq!(officers.sealed_entries, 0);
    assert!(officers.personnel_reviewed.is_some());
    let theirs = case.incident.only(Section::Personnel, |entry| entry.sheet == name("statement"));
    assert_eq!(theirs.sheets.len(), 1);
    assert_eq!(theirs.opening.expect("opened").title.as_str(), "SMP-2024-0001");

    // Another violation opens it again.
    let events = fills(&mut case, "violation", ONE.replace("57", "60").as_str(), &violation).expect("taken");
    assert!(events.contains(&Event::PersonnelReviewed { done: false }));
}

#[test]
fn discipline_before_a_finding_is_asked_about_and_a_hold_tells_nothing_of_the_entry() {
    let mut case = Case::under(sealed());
    let values = [("intent", chosen("open")), ("action", chosen("warning"))];
    let asked = fills(&mut case, "violation", ONE, &values);
    assert_eq!(asked, Err(Refusal::AsksFirst("Find out first.".into())));
    let values = [("intent", chosen("on-purpose")), ("action", chosen("warning"))];
    fills(&mut case, "violation", ONE, &values).expect("taken");
    let hold = case.incident.keeping.standing_holds().next().expect("a hold");
    assert_eq!(hold.hold.what.reason.as_str(), "A sealed record asks for it.");
    assert_ne!(hold.hold.what.id, ONE.parse().expect("an id"));
}
