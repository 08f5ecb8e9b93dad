//! The scale, the measures of each level, and what a declaration rests on.

use super::{Board, DECLARE, FORMAT_A, at, with};
use crate::site::{DMH, Office, Site};
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH04-2.A, DMH04-4.A, DMH04-4.A.1, DMH04-4.A.2
#[tokio::test]
async fn the_scale_runs_from_one_to_five_with_names_and_the_edition_of_2016_has_none() {
    let board = Board::open().await;
    let site = &board.site;
    let fresh = board.board().await;
    assert_eq!(fresh.matches("<strong>1 Normal activity</strong>, since unknown").count(), 2, "{fresh}");
    for level in ["0", "6"] {
        board.not_declared(&[("level", level)], "Choose a level from 1 to 5.").await;
    }
    let tagged = with(&[DECLARE], &[("level", "2")]);
    let tagged: Vec<_> = tagged.into_iter().chain([("activity", "probing"), ("activity", "data-browsing")]).collect();
    site.post("/readiness/declare", &board.chief, &tagged).await;
    let page = board.board().await;
    let history = &page[page.find("How it came to be").unwrap()..];
    for tag in ["Probing", "Data browsing"] {
        assert!(history.contains(&format!("<span class=\"usa-tag\">{tag}</span>")), "{tag}: {history}");
    }
    assert!(!history.contains("<span class=\"usa-tag\">Scanning</span>"), "{history}");
    // Level 2 is reported in format A alone.
    let report = board.report().await;
    let form = site.get(&report, &board.chief).await;
    assert!(
        form.contains("f.organization") && !form.contains("f.systems") && !form.contains("f.workarounds"),
        "{form}"
    );
    site.refused(&report, &board.chief, &with(&[FORMAT_A], &[("f.reason", "")]), "Reason for the declaration").await;
    site.post(&report, &board.chief, &with(&[FORMAT_A], &[])).await;
    board.declare("4").await;
    for path in ["/readiness", "/home"] {
        let page = site.get(path, &board.officer).await;
        assert!(page.contains("4 Limited attack"), "{path}: {page}");
        assert!(page.contains("href=\"/readiness\""), "{path}: {page}");
    }
    let office = Office { now: at("2016-07-01T09:00:00-05:00"), ..DMH };
    let later = Site::of(&office).await;
    let chief = later.staff("C. Vance", "vance@example.gov", Role::ChiefOfficer, later.head).await;
    assert_eq!(later.ask("GET", "/readiness", &chief, &[]).await.status(), StatusCode::NOT_FOUND);
    let home = later.get("/home", &chief).await;
    assert!(!home.contains("/readiness") && !home.contains("INFOCON"), "{home}");
}

// proves: DMH04-4.B, DMH04-4.B-sheet, DMH04-5.C
#[tokio::test]
async fn measures_are_the_agencys_own_table_in_three_groups_and_block_nothing() {
    let board = Board::open().await;
    let site = &board.site;
    board.declare("2").await;
    let page = board.board().await;
    assert!(page.contains("2 Increased risk of attack") && page.contains("Measures not supplied."), "{page}");
    let rows: Vec<String> = (1..=12).map(|n| format!("2,Preventive,\"Step {n}, of twelve\",cso")).collect();
    for (wrong, words) in [
        ("2,preventive,Check,somebody", "Line 1: the policy knows no role “somebody”."),
        ("2,hopeful,Check,lso", "Line 1: “hopeful” is no kind of measure."),
        ("9,preventive,Check,lso", "Line 1: there is no level 9."),
    ] {
        site.refused("/readiness/measures", &board.admin, &[("table", wrong)], words).await;
    }
    board.measures(&rows.join("\n")).await;
    assert!(board.board().await.contains("12 listed: 0 done, 0 skipped, 12 open."));
    // Five at level 3, of three kinds: three are done, two are not, and the level moves on all the same.
    board.measures("level,kind,measure,responsible\n3,preventive,One,lso\n3,preventive,Two,lso\n3,during-attack,Three,lso\n3,during-attack,Four,lso\n3,damage-control,Five,lso").await;
    board.declare("3").await;
    let page = site.get("/readiness", &board.officer).await;
    for group in ["<h3>Preventive</h3>", "<h3>During an attack</h3>", "<h3>Damage control</h3>"] {
        assert!(page.contains(group), "{group}: {page}");
    }
    assert!(site.get("/home", &board.officer).await.contains("5 recommended measures have no answer yet"));
    let forms = board.listed(&board.officer).await;
    assert_eq!(forms.len(), 5);
    let bare = [
        ("step", forms[0][0].as_str()),
        ("measure", &forms[0][1]),
        ("n", "1"),
        ("unit", "RVB"),
        ("outcome", "not-done"),
    ];
    site.refused("/readiness/measures/answer", &board.officer, &bare, "Write why.").await;
    for (form, (outcome, because)) in forms.iter().zip([
        ("done", ""),
        ("done", ""),
        ("done", ""),
        ("not-done", "No link to cut"),
        ("not-applicable", "No vendor"),
    ]) {
        board.answer(form, outcome, because).await;
    }
    board.declare("2").await;
    assert!(board.board().await.contains("measures: 3 done, 2 skipped"));
}

// proves: DMH04-5.A, DMH04-5.A-change, DMH04-5.C-proportion
#[tokio::test]
async fn a_level_rests_on_a_changed_factor_or_a_notice_and_says_what_was_weighed() {
    let board = Board::open().await;
    let site = &board.site;
    let assess = |others: &[(&'static str, &'static str)]| {
        let mut all = vec![("then", "assess")];
        all.extend_from_slice(others);
        all
    };
    let path = "/readiness/declare";
    let unmarked = assess(&[("factor.technical", "changed"), ("factor.technical.words", "New holes")]);
    site.refused(path, &board.chief, &unmarked, "Operational: say that it is unchanged, or what changed.").await;
    let wordless = assess(&[
        ("factor.operational", "unchanged"),
        ("factor.technical", "changed"),
        ("factor.intelligence", "unchanged"),
    ]);
    site.refused(path, &board.chief, &wordless, "Write what changed.").await;
    let whole: Vec<_> = wordless.iter().copied().chain([("factor.technical.words", "New holes")]).collect();
    assert_eq!(site.post(path, &board.chief, &whole).await, "/readiness?done=assessed");
    assert!(board.board().await.contains("New holes</textarea>"), "the declaration begins with it");
    board
        .not_declared(
            &[("factor.technical", "unchanged"), ("factor.technical.words", "")],
            "A level follows from a changed factor",
        )
        .await;
    board
        .not_declared(
            &[("weighed.adversary.unknown", "")],
            "What the adversary can do and means to do: write a few words, or say that it is not known.",
        )
        .await;
    board.not_declared(&[("weighed.risk", "")], "The risk: write a few words.").await;
    // What law enforcement told stays with whoever declares the level.
    let told = with(
        &[DECLARE],
        &[("factor.intelligence", "changed"), ("factor.intelligence.words", "A named group plans it")],
    );
    site.post(path, &board.chief, &told).await;
    assert!(board.board().await.contains("A named group plans it"));
    let seen = site.get("/readiness", &board.officer).await;
    assert!(
        !seen.contains("A named group plans it") && seen.contains("only the chief security officer reads how"),
        "{seen}"
    );
    let report = board.report().await;
    let to = site.post(&report, &board.chief, &with(&[FORMAT_A], &[])).await;
    let issued = site.get(&to, &board.officer).await;
    for words in
        ["Mail may fail", "not known", "Clinics need the registry by day", "Probes of the mail gateway doubled"]
    {
        assert!(issued.contains(words), "{words}: {issued}");
    }
    assert!(!issued.contains("A named group plans it"), "{issued}");
}
