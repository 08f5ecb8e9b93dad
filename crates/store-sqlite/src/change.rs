//! One change: everything in it under one savepoint, with each broken uniqueness turned into the refusal it means.

use crate::value::{Sql, Undone, clock, row, run, violated};
use crate::words::{Kind, PendingWords, text};
use crate::writer::Writing;
use crate::{accounts, drafts, duties, factors, journal, projections, work};
use domain::ids::{StreamId, TenantId};
use rusqlite::Connection;
use std::collections::HashMap;
use store::{Append, Change, Committed, Refused, Remembered, RowChange, Words};

/// A row of the index that words can be put to.
#[derive(Clone, Copy)]
struct Indexed {
    kind: Kind,
    tenant: TenantId,
    n: i64,
    fresh: bool,
}

/// Writes the change. A repeated key is noticed first: a repetition must be answered, not refused as late.
pub(crate) fn commit(writing: &mut Writing<'_>, change: Change) -> Result<Committed, Undone> {
    let conn = writing.conn;
    if let Some(remember) = change.remember {
        remember_answer(conn, remember)?;
    }
    for appended in &change.appends {
        append(conn, appended)?;
    }

    let mut written: HashMap<StreamId, Indexed> = HashMap::new();
    for report in &change.reports {
        let n = projections::put_report(conn, writing.next_n, report)?;
        note(writing, &mut written, report.id.into(), Kind::Report, report.tenant, n);
    }
    let mut incident_numbers = Vec::with_capacity(change.incidents.len());
    for incident in &change.incidents {
        let n = projections::put_incident(conn, writing.next_n, incident)?;
        note(writing, &mut written, incident.id.into(), Kind::Incident, incident.tenant, n);
        incident_numbers.push(n);
    }
    for duty in &change.duties {
        duties::put(conn, duty)?;
    }
    for words in change.words {
        put_words(writing, &written, words)?;
    }
    for rollup in &change.rollups {
        projections::add_rollup(conn, rollup)?;
    }
    for job in change.jobs {
        work::add_job(conn, job)?;
    }
    for mail in change.mail {
        work::add_mail(conn, mail)?;
    }
    if apply_rows(writing, change.rows)? {
        accounts::bump_directory(conn)?;
    }
    Ok(Committed { incident_numbers })
}

/// Notes the `n` that a row has, and moves on when it was a new one.
fn note(
    writing: &mut Writing<'_>,
    written: &mut HashMap<StreamId, Indexed>,
    object: StreamId,
    kind: Kind,
    tenant: TenantId,
    n: i64,
) {
    let fresh = n == writing.next_n;
    if fresh {
        writing.next_n += 1;
    }
    let fresh = fresh || written.get(&object).is_some_and(|earlier| earlier.fresh);
    written.insert(object, Indexed { kind, tenant, n, fresh });
}

fn put_words(writing: &mut Writing<'_>, written: &HashMap<StreamId, Indexed>, words: Words) -> Result<(), Undone> {
    let object = match written.get(&words.object) {
        Some(object) => Some(*object),
        None => stored_object(writing.conn, words.object)?,
    };
    let object = object.ok_or(Undone::Broken("words for an object that has no row"))?;
    let text = text(object.kind, object.tenant, &words.tokens);
    writing.words.push(PendingWords { n: object.n, fresh: object.fresh, text });
    Ok(())
}

fn stored_object(conn: &Connection, object: StreamId) -> Sql<Option<Indexed>> {
    row(
        conn,
        "select 1, n, tenant from incident where id = ?1
          union all
         select 0, n, tenant from report   where id = ?1",
        [object.bytes()],
        |row| {
            let kind = if row.get(0)? { Kind::Incident } else { Kind::Report };
            Ok(Indexed { kind, n: row.get(1)?, tenant: crate::value::id(row, 2)?, fresh: false })
        },
    )
}

fn remember_answer(conn: &Connection, new: Remembered) -> Result<(), Undone> {
    let inserted = run(
        conn,
        "insert into remembered (key, request, answer, at)
         values (?1, ?2, ?3, ?4)",
        (new.key, new.request, &new.answer, clock(conn)?),
    );
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if violated(&error).is_some() => {
            let earlier = conn
                .prepare_cached("select request, answer from remembered where key = ?1")?
                .query_row([new.key], |row| {
                    Ok(Remembered { key: new.key, request: row.get(0)?, answer: row.get(1)? })
                })?;
            Err(if earlier.request == new.request { Refused::Repeated(earlier) } else { Refused::KeyReused }.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn append(conn: &Connection, append: &Append) -> Result<(), Undone> {
    let moved = || Undone::Refused(Refused::Moved { stream: append.stream, expected: append.expected });
    let in_order = (append.expected + 1..)
        .zip(&append.rows)
        .all(|(version, row)| row.version == version && row.stream == append.stream);
    if !in_order {
        return Err(Undone::Broken("entries that do not continue the stream they are appended to"));
    }
    let Some((first, rest)) = append.rows.split_first() else {
        let at_expected = journal::version(conn, append.stream)? == append.expected;
        return if at_expected { Ok(()) } else { Err(moved()) };
    };
    // The unique key catches a stream that is further; the condition catches one that is not there yet.
    match journal::add_first(conn, first) {
        Ok(true) => {}
        Ok(false) => return Err(moved()),
        Err(error) if violated(&error).is_some() => return Err(moved()),
        Err(error) => return Err(error.into()),
    }
    for entry in rest {
        journal::add_next(conn, entry)?;
    }
    Ok(())
}

/// Applies the changes in order; `true` when the directory or a setting is another one now.
fn apply_rows(writing: &mut Writing<'_>, rows: Vec<RowChange>) -> Result<bool, Undone> {
    let conn = writing.conn;
    let mut directory = false;
    for change in rows {
        directory |= matches!(
            change,
            RowChange::Tenant(_)
                | RowChange::Unit(_)
                | RowChange::Account(_)
                | RowChange::Assignments(..)
                | RowChange::Setting(..)
        );
        match change {
            RowChange::Tenant(tenant) => accounts::put_tenant(conn, &tenant)?,
            RowChange::Unit(unit) => accounts::put_unit(conn, &unit)?,
            RowChange::Account(account) => accounts::put_account(conn, &account)?,
            RowChange::Assignments(account, roles) => accounts::put_assignments(conn, account, &roles)?,
            RowChange::Token(token) => accounts::put_token(conn, &token)?,
            RowChange::Setting(tenant, name, value) => accounts::put_setting(conn, tenant, &name, value)?,
            RowChange::Exclude(stream, account) => projections::exclude(conn, stream, account)?,
            RowChange::Readmit(stream, account) => projections::readmit(conn, stream, account)?,
            RowChange::RemoveDraft(token) => drafts::remove(conn, &token)?,
            RowChange::MoveFile(file, owner) => drafts::move_file(conn, file, owner)?,
            RowChange::Erase(stream, version) => {
                journal::erase(conn, stream, version)?;
                writing.erased = true;
            }
            RowChange::EraseFile(file) => {
                drafts::erase_file(conn, file)?;
                writing.erased = true;
            }
            RowChange::ForgetDuties(incident) => duties::forget(conn, incident)?,
            RowChange::Factor(factor) => factors::put_factor(conn, &factor)?,
            RowChange::DropFactor(account, factor) => factors::drop_factor(conn, account, factor)?,
            RowChange::DropFactors(account, kind) => factors::drop_factors(conn, account, kind)?,
            RowChange::Identity(identity) => factors::put_identity(conn, &identity)?,
            RowChange::DropIdentity(account, found_by) => factors::drop_identity(conn, account, &found_by)?,
        }
    }
    Ok(directory)
}
