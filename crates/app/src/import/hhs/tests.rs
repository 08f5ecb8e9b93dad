//! The breach portal's export as rows in and rows out, with the dirt that real exports have.

use super::*;

const HEADER: &str = "Name of Covered Entity,State,Covered Entity Type,Individuals Affected,Breach Submission Date,\
                      Type of Breach,Location of Breached Information,Business Associate Present,Web Description";

fn parsed(rows: &str) -> Parsed {
    read(format!("{HEADER}\n{rows}").as_bytes(), civil::date(2026, 11, 20)).expect("an export")
}

fn one(row: &str) -> Record {
    let mut parsed = parsed(row);
    assert_eq!(parsed.skipped, [], "{row}");
    parsed.records.pop().expect("one record")
}

fn why_skipped(row: &str) -> String {
    let mut parsed = parsed(row);
    assert!(parsed.records.is_empty(), "{row}");
    parsed.skipped.pop().expect("one skipped row").1
}

#[test]
fn a_clean_row_becomes_a_record_and_nothing_is_remarked() {
    let record = one("Sample Clinic,MO,Healthcare Provider,1200,03/09/2017,Theft,Paper/Films,No,\"A box was taken.\"");
    assert_eq!(record.row, 2);
    assert_eq!(record.title.as_str(), "Theft of paper/films – Sample Clinic");
    let imported = &record.imported;
    assert_eq!(imported.author.as_str(), "Sample Clinic, imported from the HHS breach portal");
    assert_eq!(imported.submitted, civil::date(2017, 3, 9));
    assert_eq!(imported.people, Some(1200));
    assert_eq!(imported.place.as_ref().map(|p| p.as_str()), Some("MO"));
    assert_eq!(imported.associate, Some(false));
    assert_eq!(imported.narrative.as_ref().map(|n| n.as_str()), Some("A box was taken."));
    assert!(record.changes.is_empty(), "{:?}", record.changes);
}

#[test]
fn what_is_missing_or_garbled_is_left_out_and_said() {
    let record = one("Sample Clinic,XX,,5oo,03/09/2017,,,perhaps,None");
    let imported = &record.imported;
    assert_eq!((imported.people, imported.associate, imported.place.is_none()), (None, None, true));
    assert!(imported.narrative.is_none() && imported.kinds.is_empty() && imported.organisation.is_none());
    assert_eq!(record.title.as_str(), "Breach – Sample Clinic");
    assert_eq!(
        record.changes,
        [
            "State: “XX” is no state or territory",
            "Individuals Affected: “5oo” is no number of people",
            "Business Associate Present: “perhaps” is neither yes nor no",
            "Web Description: “None” says that there is none",
            "Covered Entity Type: nothing is given",
            "Type of Breach: nothing is given",
            "Location of Breached Information: nothing is given",
        ]
    );
    let remarks: Vec<&str> = imported.remarks.iter().map(|r| r.as_str()).collect();
    assert_eq!(remarks, record.changes, "the record keeps what was changed on its way in");
}

#[test]
fn characters_that_act_unseen_become_marks() {
    let record = one("Bowman\u{19}s  Clinic,MO,Health Plan,1,1/2/2017,Loss,Laptop,No,\"one\r\ntwo\u{202E}\"");
    assert_eq!(record.title.as_str(), "Loss of laptop – Bowman⟦U+0019⟧s Clinic");
    assert_eq!(record.imported.narrative.as_ref().map(|n| n.as_str()), Some("one\ntwo⟦U+202E⟧"));
    assert_eq!(
        record.changes,
        [
            "Name of Covered Entity: spaces and line breaks were tidied",
            "Name of Covered Entity: characters that act unseen are shown as marks",
            "Web Description: characters that act unseen are shown as marks",
        ]
    );
}

#[test]
fn counts_are_read_as_people_write_them() {
    for (cell, people) in
        [("\"1,200\"", Some(1200)), ("1200.0", Some(1200)), ("500+", None), ("-3", None), ("99999999999", None)]
    {
        let record = one(&format!("Sample Clinic,MO,Health Plan,{cell},1/2/2017,Loss,Laptop,No,x"));
        assert_eq!(record.imported.people, people, "{cell}");
        assert_eq!(record.changes.is_empty(), people.is_some(), "{cell}");
    }
}

#[test]
fn an_impossible_day_keeps_the_row_out_with_the_reason() {
    for (cell, why) in [
        ("02/30/2017", "Breach Submission Date: “02/30/2017” is no date"),
        ("13/01/2017", "Breach Submission Date: “13/01/2017” is no date"),
        ("yesterday", "Breach Submission Date: “yesterday” is no date"),
        ("", "Breach Submission Date: nothing is given, and a record cannot be filed without its day"),
        ("01/01/2030", "Breach Submission Date: 2030-01-01 has not come yet"),
    ] {
        assert_eq!(why_skipped(&format!("Sample Clinic,MO,Health Plan,1,{cell},Loss,Laptop,No,x")), why);
    }
    for (cell, day) in [("3/9/2017", (3, 9)), ("03/09/17", (3, 9)), ("2017-03-09", (3, 9)), ("3/9/2017 0:00", (3, 9))] {
        let record = one(&format!("Sample Clinic,MO,Health Plan,1,{cell},Loss,Laptop,No,x"));
        assert_eq!(record.imported.submitted, civil::date(2017, day.0, day.1), "{cell}");
    }
}

#[test]
fn a_shifted_row_is_named_as_such() {
    let why = why_skipped("Sample Clinic, LLC,MO,Health Plan,1,1/2/2017,Loss,Laptop,No,x");
    assert_eq!(why, "Breach Submission Date: “1” is no date (the row has 10 cells under 9 headers)");
    assert_eq!(why_skipped(",,,,,,,,"), "the row is empty");
}

#[test]
fn columns_are_found_by_name_whatever_their_order_case_and_number() {
    let file = "\u{FEFF}BREACH SUBMISSION DATE,Colour,Individuals_Affected,name of covered entity,Type of Breach\n\
                10/21/2023,blue,501,Sample Plan,Hacking/IT Incident\n";
    let parsed = read(file.as_bytes(), civil::date(2026, 1, 1)).expect("an export");
    assert_eq!(parsed.records[0].title.as_str(), "Hacking/IT incident – Sample Plan");
    assert_eq!(parsed.records[0].imported.people, Some(501));
    assert!(parsed.records[0].changes.is_empty(), "a column that is not there is said once, for the file");
    assert_eq!(
        parsed.notes,
        [
            "there is no column “State”",
            "there is no column “Covered Entity Type”",
            "there is no column “Location of Breached Information”",
            "there is no column “Business Associate Present”",
            "there is no column “Web Description”",
            "column “Colour” is not known and was left out",
        ]
    );
}

#[test]
fn another_file_is_refused_by_what_it_lacks() {
    let refusal = read(b"Animal,Legs\ncat,4\n", civil::date(2026, 1, 1)).expect_err("no export");
    assert_eq!(
        refusal.to_string(),
        "This is not an export of the breach portal: its first line has no column “Name of Covered Entity” and no \
         column “Breach Submission Date”."
    );
    assert!(read(b"", civil::date(2026, 1, 1)).is_err());
}

#[test]
fn a_record_keeps_its_identity_through_untidy_exports_and_twins_stay_apart() {
    let tidy = one("Sample Clinic,MO,Health Plan,1,1/2/2017,\"Loss, Theft\",Laptop,No,x");
    let untidy = one("SAMPLE  CLINIC\u{A0},mo,Health Plan,\"1,000\",01/02/2017,Theft/Loss,laptop,,Revised");
    assert_eq!(tidy.identity, untidy.identity);
    let other = one("Sample Clinic,MO,Health Plan,1,1/3/2017,\"Loss, Theft\",Laptop,No,x");
    assert_ne!(tidy.identity, other.identity);

    let twins = parsed(
        "Sample Clinic,MO,Health Plan,1,1/2/2017,Loss,Laptop,No,x\nSample Clinic,MO,Health Plan,2,1/2/2017,Loss,Laptop,No,y",
    );
    assert_ne!(twins.records[0].identity, twins.records[1].identity);
    assert_eq!(twins.records[1].imported.record.as_str(), "2017-01-02 MO Sample Clinic (2)");
}
