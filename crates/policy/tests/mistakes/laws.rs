//! Mistakes in texts of law, which need neither intake nor prefix.

use super::*;

/// The sample as a law: no intake, days where the unit is, each rule with its tag.
fn law() -> String {
    PACK.replacen("prefix = \"SMP\"", "kind = \"law\"", 1).replacen(
        "id = \"O1\"",
        "id = \"O1\"\nverified = { tag = \"V\", source = \"a copy\" }",
        1,
    )
}

#[test]
fn a_law_needs_neither_intake_nor_prefix() {
    let start = PACK.find("[identity]").expect("there");
    let end = PACK.find("[[clause]]").expect("there");
    let without = law().replace(&PACK[start..end], "");
    check(&sources(&without, CASE)).unwrap_or_else(|r| panic!("{r:?}"));
}

#[test]
fn a_policy_needs_a_prefix() {
    expect("prefix = \"SMP\"\n", "", Problem::WrongShape, "[pack]", "prefix =");
}

#[test]
fn a_rule_of_law_that_nobody_checked() {
    let text = law().replacen("verified = { tag = \"V\", source = \"a copy\" }", "", 1);
    let reports = check(&sources(&text, CASE)).expect_err("a mistake");
    assert_eq!(reports[0].problem, Problem::Unverified);
    assert!(text[reports[0].place.start..].starts_with(r#""O1""#));
    assert!(reports[0].help.contains("verified ="), "{}", reports[0].help);
}

#[test]
fn a_law_of_the_units_zone_needs_a_zone_in_its_cases() {
    let text = law().replacen("America/Chicago", "of the unit", 1);
    let reports = check(&sources(&text, CASE)).expect_err("a mistake");
    assert!(reports[0].help.contains("zone = "), "{}", reports[0].help);
    let placed = format!("zone = \"America/Denver\"\n{CASE}");
    check(&sources(&text, &placed)).unwrap_or_else(|r| panic!("{r:?}"));
}

#[test]
fn a_regime_that_is_not_there() {
    let to = "due = \"30 calendar days\"\nregime = \"hipaa\"";
    expect("due = \"30 calendar days\"", to, Problem::UnknownReference, r#""hipaa""#, "[[regime]]");
}

#[test]
fn duties_that_give_way_to_each_other() {
    let to = "due = \"30 calendar days\"\ngives_way_to = \"O1\"";
    expect("due = \"30 calendar days\"", to, Problem::Cycle, r#""O1""#, "take out a `gives_way_to`");
}
