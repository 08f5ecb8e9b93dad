//! Mistakes in what only some policies have: readiness levels, and a plan of each unit.

use super::{CASE, PACK, check, sources};

/// A scale of two levels after the sample.
const READINESS: &str = r#"
[[missing]]
id = "sheet"
title = "Measures"
supply = "A table"
used = "Measures"
clauses = ["S-1"]

[[local]]
id = "every"
title = "How often"
unit = "calendar-days"
clauses = ["S-1"]

[state_notices]
source = "desk"
clauses = ["S-1"]

[readiness]
title = "Alert"
decided_by = "officer"
floor = true
reported_to = ["desk"]
always_told = ["desk"]
measures = "sheet"
weighed = [{ id = "risk", says = "The risk" }]
clauses = ["S-1"]

[[readiness.level]]
name = { en = "Calm", es = "Calma" }
clauses = ["S-1"]

[[readiness.level]]
name = { en = "Alarm", es = "Alarma" }
summaries = "every"
clauses = ["S-1"]

[[readiness.factor]]
id = "technical"
says = "Technical"

[[readiness.kind]]
id = "preventive"
says = "Preventive"

[[readiness.field]]
id = "degree"
label = "How much"
kind = "choose-one"
choices = [{ id = "all", says = "All" }]
from_level = 2
clauses = ["S-1"]
"#;

#[test]
fn a_scale_has_steps_somebody_who_declares_and_a_report_that_can_be_filled_in() {
    let with = |from: &str, to: &str| {
        assert!(READINESS.contains(from), "{from}");
        check(&sources(&format!("{PACK}{}", READINESS.replacen(from, to, 1)), CASE))
    };
    with("Calm", "Calm").unwrap_or_else(|r| panic!("{r:?}"));
    let second =
        &READINESS[READINESS.rfind("[[readiness.level]]").unwrap()..READINESS.find("[[readiness.factor]]").unwrap()];
    for (from, to, says) in [
        (second, "", "A scale has 2 to 9 levels; this one has 1."),
        ("decided_by = \"officer\"", "decided_by = \"king\"", "no role king"),
        ("reported_to = [\"desk\"]", "reported_to = [\"officer\"]", "desk always gets the report"),
        ("measures = \"sheet\"", "measures = \"table\"", "no missing document table"),
        ("[state_notices]\nsource = \"desk\"\nclauses = [\"S-1\"]\n", "", "Nobody tells the level that is the floor."),
        (
            "[state_notices]\n",
            "[state_notices]\nlevels = [{ en = \"A\", es = \"A\" }]\n",
            "The levels stand here and in [readiness].",
        ),
        ("unit = \"calendar-days\"", "unit = \"hours\"", "Summaries are due by the day."),
        ("[[readiness.factor]]\nid = \"technical\"\nsays = \"Technical\"\n", "", "There is no [[readiness.factor]]."),
        ("from_level = 2", "from_level = 3", "The scale has no level 3."),
        ("kind = \"choose-one\"", "kind = \"list\"", "`choices` and `kind = \"choose-one\"` belong together."),
        ("from_level = 2", "or_none = \"None\"", "Only a list can be empty by a statement."),
        ("name = { en = \"Calm\", es = \"Calma\" }", "name = { en = \"Calm\" }", "The Spanish is missing."),
    ] {
        let reports = with(from, to).expect_err(to);
        assert!(reports.iter().any(|r| r.says.contains(says)), "{to}: {reports:?}");
    }
}

/// The plan of each unit, after the sample.
const PLAN: &str = r#"
[plan]
title = "Incident plan"
each = ["facility"]
written_by = "officer"
approved_by = "desk"
due = 2021-04-01
clauses = ["S-1"]

[[plan.area]]
id = "office"
says = "An office"

[[plan.goal]]
id = "cause"
says = "Find the cause"

[[plan.part]]
id = "measures"
says = "Carries out the measures"
carries_out = true
"#;

#[test]
fn a_plan_is_written_by_one_role_and_approved_by_another() {
    let with = |from: &str, to: &str| {
        assert!(PLAN.contains(from), "{from}");
        check(&sources(&format!("{PACK}{}", PLAN.replacen(from, to, 1)), CASE))
    };
    with("Find", "Find").unwrap_or_else(|r| panic!("{r:?}"));
    for (from, to, says) in [
        ("approved_by = \"desk\"", "approved_by = \"officer\"", "Nobody approves their own plan."),
        ("approved_by = \"desk\"", "approved_by = \"king\"", "no role king"),
        ("each = [\"facility\"]", "each = []", "Nobody keeps this plan."),
        ("[[plan.goal]]\nid = \"cause\"\nsays = \"Find the cause\"\n", "", "There is no [[plan.goal]]."),
        ("due = 2021-04-01", "due = 2021-04-01T10:00:00", "is not a day"),
    ] {
        let reports = with(from, to).expect_err(to);
        assert!(reports.iter().any(|r| r.says.contains(says)), "{to}: {reports:?}");
    }
}
