//! Holds every query that people or workers wait on to its index: no walk over a whole table, no sorting.

use crate::{drafts, duties, journal, lists, open, work};
use rusqlite::Connection;

fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut explain = conn.prepare(&format!("explain query plan {sql}")).expect(sql);
    let nothing = vec![rusqlite::types::Null; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3)).expect(sql);
    steps.collect::<Result<_, _>>().expect(sql)
}

/// Virtual tables are always "scanned": FTS5 by its expression, `json_each` by its argument. So are the rows that a
/// subquery, which is judged for itself, has found.
fn is_walk(step: &str) -> bool {
    let bounded = ["VIRTUAL TABLE", "(subquery", "CONSTANT ROW"].iter().any(|source| step.contains(source));
    let over_everything = step.starts_with("SCAN") && !bounded;
    over_everything || step.contains("TEMP B-TREE")
}

/// A store as it is made, and one with the statistics of a large installation: the planner reads them,
/// and must not be talked into walking a table.
fn both_ages(check: impl Fn(&Connection)) {
    let folder = tempfile::tempdir().expect("folder");
    let conn = open::writer(&folder.path().join("plans.db")).expect("opens");
    check(&conn);
    age(&conn);
    check(&conn);
}

/// A million rows everywhere but in the short queues: of ten agencies, a thousand to each value of the second column.
fn age(conn: &Connection) {
    conn.execute_batch("analyze").expect("makes the table of statistics");
    let mut indexes = conn
        .prepare(
            "select m.tbl_name, m.name, (select count(*) from pragma_index_info(m.name))
               from sqlite_schema m
              where m.type = 'index' and m.tbl_name not in ('entry_unlogged')",
        )
        .expect("indexes");
    let found = indexes.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("indexes");
    let found: Vec<(String, String, u32)> = found.collect::<Result<_, _>>().expect("indexes");
    for (table, index, columns) in found {
        let known = ["1000000", "100000", "1000"].into_iter().chain(std::iter::repeat("1"));
        let figures: Vec<&str> = known.take(columns as usize + 1).collect();
        conn.execute("insert into sqlite_stat1 values (?1, ?2, ?3)", (table, index, figures.join(" "))).expect("kept");
    }
    conn.execute_batch("analyze sqlite_schema").expect("read again");
}

#[test]
fn nothing_that_anyone_waits_for_walks_a_whole_table() {
    both_ages(|conn| {
        for (sql, index) in [
            (lists::INBOX, "report_inbox"),
            (lists::UNIT_INBOX, "report_unit_inbox"),
            (lists::INCIDENTS, "incident_tenant"),
            (lists::INCIDENTS_IN_STATE, "incident_state"),
            (lists::INCIDENTS_BY_WORDS, "word VIRTUAL TABLE"),
            (lists::HITS, "word VIRTUAL TABLE"),
            (lists::IN_STATE_WITH_WORDS, "incident_state"),
            (lists::COUNT_IN_STATE, "incident_state"),
            (duties::DUTIES, "duty_turn"),
            (duties::UNIT_DUTIES, "duty_unit"),
            (duties::LEAD_DUTIES, "duty_lead"),
            (work::CLAIM_JOBS, "job_due"),
            (work::CLAIM_MAIL, "mail_due"),
            (work::LEAVE_IN_DOUBT, "mail_due"),
            (work::TROUBLED_MAIL, "mail_trouble"),
            (work::BACKLOG, "job_due"),
            (drafts::PURGE, "draft_expiry"),
        ] {
            let steps = plan(conn, sql);
            assert!(!steps.iter().any(|step| is_walk(step)), "{sql}\n{steps:#?}");
            assert!(steps.iter().any(|step| step.contains(index)), "{sql}\n{steps:#?}");
        }
    });
}

#[test]
fn the_cursor_of_the_inbox_is_sought_not_filtered() {
    both_ages(|conn| {
        for sql in [lists::INBOX, lists::UNIT_INBOX] {
            let steps = plan(conn, sql);
            assert!(steps[0].contains("(patience,received_at,id)>"), "{steps:#?}");
        }
    });
}

#[test]
fn of_all_duties_only_those_that_are_due_are_touched() {
    both_ages(|conn| {
        for (sql, sought) in [
            (duties::DUTIES, "duty_turn (tenant=? AND state=? AND (turn,incident,rule)>(?,?,?) AND turn<?)"),
            (
                duties::UNIT_DUTIES,
                "duty_unit (tenant=? AND unit=? AND state=? AND (turn,incident,rule)>(?,?,?) AND turn<?)",
            ),
            (
                duties::LEAD_DUTIES,
                "duty_lead (tenant=? AND lead=? AND state=? AND (turn,incident,rule)>(?,?,?) AND turn<?)",
            ),
        ] {
            let steps = plan(conn, sql);
            assert!(steps[0].ends_with(sought), "the range of what is due is sought, not filtered: {steps:#?}");
        }
    });
}

#[test]
fn what_the_log_lacks_is_read_from_the_short_queue() {
    both_ages(|conn| {
        let steps = plan(conn, journal::UNLOGGED);
        assert_eq!(steps, ["SCAN entry_unlogged", "SEARCH entry USING INTEGER PRIMARY KEY (rowid=?)"]);
    });
}

#[test]
fn a_walk_is_recognised_as_one() {
    let folder = tempfile::tempdir().expect("folder");
    let conn = open::writer(&folder.path().join("plans.db")).expect("opens");
    assert!(plan(&conn, "select * from job where kind = ?1").iter().any(|step| is_walk(step)));
    assert!(
        plan(&conn, "select * from incident where tenant = ?1 order by reference || ?2")
            .iter()
            .any(|step| is_walk(step))
    );
}
