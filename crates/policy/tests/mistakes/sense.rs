//! Mistakes of sense: every key is there and means nothing that could happen.

use super::*;

#[test]
fn a_duty_is_never_asked_for_later_than_it_is_due() {
    let due = "due = \"30 calendar days\"";
    for wrong in ["31 calendar days", "2 months", "800 hours"] {
        let to = format!("soft = \"{wrong}\"\n{due}");
        expect(due, &to, Problem::Unreadable, &format!("\"{wrong}\""), "swap the two");
    }
    for right in ["30 calendar days", "1 months", "20 business days", "immediately"] {
        let text = PACK.replacen(due, &format!("soft = \"{right}\"\n{due}"), 1);
        check(&sources(&text, CASE)).unwrap_or_else(|r| panic!("{right}: {r:?}"));
    }
}

#[test]
fn a_state_that_does_not_exist() {
    let condition = "people-affected at least 500 people";
    expect(condition, "affected at least 1 resident of TZ", Problem::Unreadable, "\"affected", "such as MO or PR");
}

#[test]
fn a_route_to_which_nothing_comes() {
    let second = "[[route]]\nid = \"late\"\nwhen = [\"people-affected at least 500 people\"]\nto = \"desk\"\n\
                  says = { en = \"x\", es = \"y\" }\nclauses = [\"S-1\"]\n\n[[fact]]";
    expect("[[fact]]", second, Problem::NoRoute, "\"late\"", "before all");
}

#[test]
fn a_decision_of_nobody_about_nothing() {
    let decision = |deciders: &str, options: &str| {
        format!(
            "[[decision]]\nid = \"breach\"\nasks = \"Was it?\"\non = \"incident-opened\"\nconcurrence = \"any\"\n\
             deciders = [{deciders}]\noptions = [{options}]\nclauses = [\"S-1\"]\n\n[[fact]]"
        )
    };
    let yes = "{ id = \"yes\", label = { en = \"Yes\", es = \"Sí\" } }";
    expect("[[fact]]", &decision("", yes), Problem::WrongShape, "\"breach\"", "`deciders`");
    expect("[[fact]]", &decision("\"desk\"", ""), Problem::WrongShape, "\"breach\"", "`options`");
}

#[test]
fn discovery_is_not_the_earliest_of_itself() {
    let table = "[discovery]\nearliest_of = [\"first-known\", \"discovered\"]\nclauses = [\"S-1\"]\n\n[[fact]]";
    expect("[[fact]]", table, Problem::Unreadable, "[discovery]", "the earliest of them");
}

#[test]
fn only_a_signature_is_signed() {
    let evidence = "evidence = [{ entry = \"form\", says = \"The form\" }]";
    let text = |kind: &str| {
        let form = format!(
            "[[form]]\nid = \"paper\"\ntitle = {{ en = \"Form\", es = \"Formulario\" }}\nissuer = \"Agency\"\n\
             edition = \"1\"\nsend_line = {{ en = \"Send.\", es = \"Envíe.\" }}\nsend_to = \"desk\"\n\
             attach_line = {{ en = \"Attach.\", es = \"Adjunte.\" }}\nclauses = [\"S-1\"]\n\n[[form.box]]\nid = \"I\"\n\
             label = {{ en = \"Box\", es = \"Casilla\" }}\npart = \"officer\"\nkind = \"{kind}\"\n\
             required = \"to-complete\"\nclauses = [\"S-1\"]\n"
        );
        PACK.replacen(evidence, "evidence = [{ signed = \"paper/I\" }]", 1) + &form
    };
    check(&sources(&text("signature"), CASE)).unwrap_or_else(|r| panic!("{r:?}"));
    let reports = check(&sources(&text("text"), CASE)).expect_err("a mistake");
    assert_eq!(reports[0].problem, Problem::Unreadable, "{reports:?}");
    assert!(reports[0].help.contains("`signature`"), "{}", reports[0].help);
}

#[test]
fn a_day_in_quotes_and_a_name_in_other_capitals_are_understood() {
    expect("from = 2020-01-01", "from = \"2020-01-01\"", Problem::MissingEffectiveDate, "\"2020", "without quotes");
    expect("actor = \"officer\"", "actor = \"OFFICER\"", Problem::UnreachableRole, "\"OFFICER\"", "mean officer?");
}

#[test]
fn numbers_are_asked_for_in_plain_words() {
    let local = "[[local]]\nid = \"target\"\ntitle = \"Target\"\ndefault = -1\nunit = \"minutes\"\n\
                 clauses = [\"S-1\"]\n\n[[fact]]";
    expect("[[fact]]", local, Problem::WrongShape, "-1", "a whole number");
}

#[test]
fn two_texts_of_one_name_are_told_apart() {
    let mut both = sources(PACK, CASE);
    both.extend(sources(PACK, CASE).into_iter().map(|s| file(&s.path.replace("xx/", "yy/"), &s.text)));
    let reports = check_set(&both).expect_err("a mistake");
    assert!(reports.iter().any(|r| r.help.contains("an id of its own")), "{reports:?}");
}

#[test]
fn a_case_counts_as_a_facts_file_does() {
    let text = PACK.replacen("people-affected at least 500 people", "affected at least 500 people", 1);
    let case = CASE.replacen("[answers]\npeople-affected = 500", "[[counts]]\npeople = 500", 1);
    check(&sources(&text, &case)).unwrap_or_else(|r| panic!("{r:?}"));
}
