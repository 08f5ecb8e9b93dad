//! Importing into a real store: what becomes of records, that nothing comes in twice, and that kept counts are true.

use domain::incident::SummaryOfIncident;
use ground::{World, world};
use std::collections::BTreeMap;
use store::IncidentState;
use tocsin_app::import::{ImportOptions, ImportReport, Progress, import_hhs};
use tocsin_app::incidents::Filter;
use tocsin_app::record::open_summary;

const FILE: &str = "\
Name of Covered Entity,State,Covered Entity Type,Individuals Affected,Breach Submission Date,Type of Breach,Location of Breached Information,Business Associate Present,Web Description
Sample Clinic,MO,Healthcare Provider,1200,03/09/2017,Theft,Laptop,No,\"A laptop called zanzibar was taken from a car.\"
Invented Plan,CA,Health Plan,,01/01/2018,\"Theft, Unauthorized Access/Disclosure\",\"Laptop, Paper/Films\",Yes,
Example Group,KS,Business Associate,501,02/30/2018,Loss,Email,No,never
Sample Clinic,MO,Healthcare Provider,15000,03/09/2017,Theft,Laptop,No,\"The second theft of that day.\"
";

async fn import(world: &World, bytes: &[u8], dry_run: bool) -> ImportReport {
    let mut last = Progress { done: 0, of: 0 };
    let report =
        import_hhs(&world.app, "rvb", bytes, ImportOptions { dry_run }, &mut |p| last = p).await.expect("imported");
    assert_eq!(last.of, report.added + report.already);
    report
}

async fn titles(world: &World, filter: Filter) -> Vec<String> {
    let (lines, _) = world.app.list_incidents(&world.officer(None), &filter, None, 50).await.expect("a list");
    lines.into_iter().map(|line| format!("{} {}", line.reference, line.summary.title)).collect()
}

#[tokio::test]
async fn records_become_closed_incidents_with_their_own_day() {
    let world = world().await;
    let report = import(&world, FILE.as_bytes(), false).await;
    assert_eq!((report.added, report.already), (3, 0));
    assert_eq!(report.skipped, [(4, "Breach Submission Date: “02/30/2018” is no date".to_owned())]);
    assert_eq!(
        report.changed.iter().map(|(row, what)| format!("{row} {what}")).collect::<Vec<_>>(),
        [
            "3 Type of Breach: 2 values in one cell were split",
            "3 Location of Breached Information: 2 values in one cell were split",
            "3 Individuals Affected: nothing is given",
            "3 Web Description: nothing is given",
            "5 number 2 of several records alike in name, state, date, type and location",
        ]
    );
    assert_eq!(report.rows_changed(), 2);

    let viewer = world.officer(None);
    let (lines, next) = world.app.list_incidents(&viewer, &Filter::default(), None, 50).await.expect("a list");
    assert_eq!(next, None);
    let newest = &lines[0];
    assert_eq!(newest.reference, "DMH-2017-0002");
    assert_eq!(newest.state, IncidentState::Closed);
    assert_eq!(newest.opened_at.to_string(), "2017-03-09T06:00:00.000000Z", "midnight in the agency's zone");
    assert_eq!(newest.summary.source.as_deref(), Some("HHS breach portal"));

    let row = world.app.store().incident_by_reference(world.tenant, "DMH-2017-0001").await.expect("read");
    let incident = world.app.whole_incident(&row.expect("there")).await.expect("opened").state;
    let record = incident.opening.expect("opened").imported.expect("imported");
    assert_eq!(record.author.as_str(), "Sample Clinic, imported from the HHS breach portal");
    assert!(incident.duties.is_empty(), "a past record owes nothing here");
    let (closing, _) = incident.closing.expect("closed");
    assert_eq!(
        closing.note.map(|n| n.to_string()).as_deref(),
        Some("Closed on import: a past record of HHS breach portal.")
    );
}

#[tokio::test]
async fn what_came_in_is_found_by_words_and_by_every_filter() {
    let world = world().await;
    import(&world, FILE.as_bytes(), false).await;
    let first = "DMH-2017-0001 Theft of laptop – Sample Clinic";
    let second = "DMH-2017-0002 Theft of laptop – Sample Clinic";
    let plan =
        "DMH-2018-0001 Theft and unauthorized access/disclosure involving laptop and paper/films – Invented Plan";
    let none = Filter::default;
    let cases: [(Filter, &[&str]); 9] = [
        (Filter { words: "Zanzibar".into(), ..none() }, &[first]),
        (Filter { words: "sample second".into(), ..none() }, &[second]),
        (Filter { words: "never".into(), ..none() }, &[]),
        (Filter { kind: Some("Unauthorized Access/Disclosure".into()), ..none() }, &[plan]),
        (Filter { location: Some("Laptop".into()), ..none() }, &[second, plan, first]),
        (Filter { place: Some("MO".into()), ..none() }, &[second, first]),
        (Filter { year: Some(2018), ..none() }, &[plan]),
        (Filter { people: Some(10_000), ..none() }, &[second]),
        (Filter { unit: Some(world.other_unit), ..none() }, &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(titles(&world, filter.clone()).await, expected, "{filter:?}");
    }
    let outside = world.officer(Some(&[world.other_unit]));
    let (lines, _) = world.app.list_incidents(&outside, &none(), None, 50).await.expect("a list");
    assert!(lines.is_empty(), "an officer of another unit finds nothing");
}

#[tokio::test]
async fn nothing_comes_in_twice_and_a_dry_run_writes_nothing() {
    let world = world().await;
    let dry = import(&world, FILE.as_bytes(), true).await;
    assert_eq!((dry.added, dry.already, dry.skipped.len()), (3, 0, 1));
    assert!(titles(&world, Filter::default()).await.is_empty());

    let wet = import(&world, FILE.as_bytes(), false).await;
    assert_eq!(dry, wet, "the dry run says what the import does");
    let again = import(&world, FILE.as_bytes(), false).await;
    assert_eq!((again.added, again.already, again.changed.len()), (0, 3, 0));

    // A later export: another order, one correction of a count, one more record.
    let mut lines: Vec<&str> = FILE.lines().collect();
    lines[1..].reverse();
    let later = format!(
        "{}\nAnother Clinic,MO,Health Plan,500,5/5/2018,Loss,Email,No,new\n",
        lines.join("\n").replace("15000", "15100")
    );
    let report = import(&world, later.as_bytes(), false).await;
    assert_eq!((report.added, report.already), (1, 3));
}

#[tokio::test]
async fn two_imports_at_once_bring_each_record_in_once() {
    let world = world().await;
    let (a, b) = tokio::join!(import(&world, FILE.as_bytes(), false), import(&world, FILE.as_bytes(), false));
    assert_eq!((a.added + b.added, a.already + b.already), (3, 3));
    assert_eq!(titles(&world, Filter::default()).await.len(), 3);
}

#[tokio::test]
async fn an_unknown_unit_is_refused_with_the_units_there_are() {
    let world = world().await;
    let refused = import_hhs(&world.app, "nope", FILE.as_bytes(), ImportOptions::default(), &mut |_| ()).await;
    assert_eq!(refused.expect_err("refused").to_string(), "There is no unit “nope”. Units here: DMH, OAK, RVB.");
}

#[tokio::test]
async fn the_report_of_an_import_is_a_safe_table() {
    let world = world().await;
    let file = FILE.replace("02/30/2018", "=1+1");
    let table = String::from_utf8(import(&world, file.as_bytes(), true).await.csv()).expect("text");
    let lines: Vec<&str> = table.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(lines[0], "row,outcome,what");
    assert_eq!(lines[5], "4,skipped,Breach Submission Date: “=1+1” is no date");
}

/// Kept counts, counted again from every row: (year, dimension, value) to (incidents, people).
type Counts = BTreeMap<(i16, String, String), (i64, i64)>;

async fn recounted(world: &World) -> Counts {
    let mut counts = Counts::new();
    let mut after = None;
    loop {
        let rows = world.app.store().scan_incidents(after, 500).await.expect("rows");
        let Some(last) = rows.last() else { return counts };
        after = Some(last.id);
        for row in rows.iter().filter(|row| row.state != IncidentState::Withdrawn) {
            let keyring = world.app.keyring();
            let line: SummaryOfIncident =
                open_summary(&keyring, row.tenant, row.id.bytes(), &row.summary).expect("opened");
            let dimensions = [
                ("all", vec![String::new()]),
                ("unit", vec![row.unit.to_string()]),
                ("kind", line.kinds),
                ("location", line.locations),
                ("place", line.place.into_iter().collect()),
            ];
            for (dimension, values) in dimensions {
                for value in values {
                    let count = counts.entry((line.year, dimension.to_owned(), value)).or_default();
                    count.0 += 1;
                    count.1 += i64::try_from(line.people.unwrap_or(0)).expect("small");
                }
            }
        }
    }
}

async fn kept(world: &World) -> Counts {
    let rows = world.app.store().rollups(world.tenant, 1900, 2100).await.expect("counts");
    rows.into_iter().map(|r| ((r.year, r.dimension, r.value), (r.incidents, r.people))).collect()
}

#[tokio::test]
async fn kept_counts_equal_counting_again() {
    let world = world().await;
    import(&world, FILE.as_bytes(), false).await;
    let counts = kept(&world).await;
    assert_eq!(counts, recounted(&world).await);
    assert_eq!(counts[&(2017, "kind".into(), "Theft".into())], (2, 16_200));
}

/// The whole of a real export, where one lies beside the repository. The numbers were counted with another program.
#[tokio::test]
async fn a_real_export_comes_in_whole() {
    let file = ground::repository().join("../shared/data/hhs-breaches.csv");
    let Ok(bytes) = std::fs::read(std::env::var_os("TOCSIN_REAL_EXPORT").map_or(file, Into::into)) else {
        println!("no real export lies beside the repository: nothing was tried");
        return;
    };
    let world = world().await;
    let report = import(&world, &bytes, false).await;
    assert_eq!((report.added, report.already, report.skipped.len()), (2554, 0, 0), "{:?}", report.skipped);
    let missing = |what: &str| report.changed.iter().filter(|(_, said)| said == what).count();
    assert_eq!(missing("Web Description: nothing is given"), 501);
    assert_eq!(missing("Web Description: “None” says that there is none"), 245);
    assert_eq!(missing("Individuals Affected: nothing is given"), 1);
    assert_eq!(missing("State: nothing is given"), 3);

    let counts = kept(&world).await;
    assert_eq!(counts, recounted(&world).await);
    let of = |dimension: &str, value: &str| {
        let found = counts.iter().filter(|((_, d, v), _)| d == dimension && v == value);
        found.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
    };
    assert_eq!(of("all", ""), (2554, 197_222_632));
    let kinds = [
        ("Hacking/IT Incident", 593),
        ("Improper Disposal", 85),
        ("Loss", 187),
        ("Other", 96),
        ("Theft", 906),
        ("Unauthorized Access/Disclosure", 775),
        ("Unknown", 16),
    ];
    for (kind, incidents) in kinds {
        assert_eq!(of("kind", kind).0, incidents, "{kind}");
    }
    let locations = [
        ("Desktop Computer", 290),
        ("Electronic Medical Record", 181),
        ("Email", 396),
        ("Laptop", 429),
        ("Network Server", 518),
        ("Other", 313),
        ("Other Portable Electronic Device", 250),
        ("Paper/Films", 613),
    ];
    for (location, incidents) in locations {
        assert_eq!(of("location", location).0, incidents, "{location}");
    }
    assert_eq!((of("place", "CA").0, of("place", "MO").0, of("place", "PR").0), (290, 65, 32));
    assert_eq!(counts[&(2018, "all".into(), String::new())].0, 371);

    let again = import(&world, &bytes, false).await;
    assert_eq!((again.added, again.already), (0, 2554));
    let filter = Filter {
        place: Some("MO".into()),
        kind: Some("Theft".into()),
        location: Some("Laptop".into()),
        ..Filter::default()
    };
    assert_eq!(titles(&world, filter).await.len(), 5);
}
