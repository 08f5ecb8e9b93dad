//! The two lists that people live in: the inbox of reports, and incidents newest first, found or not by words.
//!
//! Both cost what a page costs, however many rows exist: each walks an index from the cursor on and stops.

use crate::projections::{incident, incident_columns, report, report_columns};
use crate::value::{Sql, rows, signed};
use crate::words::expression;
use rusqlite::Connection;
use rusqlite::types::Value;
use store::{IncidentQuery, IncidentRow, IncidentState, ReportQuery, ReportRow, ReportState};

/// Up to this many units each has its own walk; a viewer of more sees so much that one walk finds a page soon.
const UNITS_WALKED: usize = 64;
/// Hits of a search after which a filter by state is looked at again.
const HITS_WALKED: u32 = 1_000;
/// Fewer incidents than this are sooner looked up one by one than found among all hits.
const FEW_IN_STATE: u32 = 2_000;

pub(crate) const INBOX: &str = concat!(
    "select ",
    report_columns!(),
    "
       from report
      where tenant = ?1
        and state = ?2
        and (patience, received_at, id) > (?3, ?4, ?5)
        and not exists (select 1 from exclusion where stream = report.id and account = ?6)
        and (?8 is null or handling_unit in (select unhex(value) from json_each(?8)))
      order by patience, received_at, id
      limit ?7"
);

pub(crate) const UNIT_INBOX: &str = concat!(
    "select ",
    report_columns!(),
    "
       from report
      where tenant = ?1
        and state = ?2
        and (patience, received_at, id) > (?3, ?4, ?5)
        and not exists (select 1 from exclusion where stream = report.id and account = ?6)
        and handling_unit = ?8
      order by patience, received_at, id
      limit ?7"
);

pub(crate) const INCIDENTS: &str = concat!(
    "select ",
    incident_columns!(),
    "
       from incident
      where tenant = ?1
        and n < ?2
        and not exists (select 1 from exclusion where stream = incident.id and account = ?3)
      order by n desc
      limit ?4"
);

pub(crate) const INCIDENTS_IN_STATE: &str = concat!(
    "select ",
    incident_columns!(),
    "
       from incident
      where tenant = ?1
        and state = ?5
        and n < ?2
        and not exists (select 1 from exclusion where stream = incident.id and account = ?3)
      order by n desc
      limit ?4"
);

/// `cross join` keeps the index outside: it streams newest first, and the walk ends with the page.
pub(crate) const INCIDENTS_BY_WORDS: &str = concat!(
    "select ",
    incident_columns!(),
    "
       from word
      cross join incident on incident.n = word.rowid
      where word match ?5
        and word.rowid < ?2
        and incident.tenant = ?1
        and not exists (select 1 from exclusion where stream = incident.id and account = ?3)
      order by word.rowid desc
      limit ?4"
);

/// As above, with a row of nulls for each hit in another state, so that the walk can be counted and left.
pub(crate) const HITS: &str = concat!(
    "select ",
    incident_columns!(),
    ", word.rowid
       from word
       left join incident
         on incident.n = word.rowid
        and incident.tenant = ?1
        and incident.state = ?4
        and not exists (select 1 from exclusion where stream = incident.id and account = ?3)
      where word match ?5
        and word.rowid < ?2
      order by word.rowid desc"
);

/// The other way round: walks the state and looks each incident up in the index.
pub(crate) const IN_STATE_WITH_WORDS: &str = concat!(
    "select ",
    incident_columns!(),
    "
       from incident
      where tenant = ?1
        and state = ?5
        and n < ?2
        and not exists (select 1 from exclusion where stream = incident.id and account = ?3)
        and exists (select 1 from word where word match ?6 and word.rowid = incident.n)
      order by n desc
      limit ?4"
);

pub(crate) const COUNT_IN_STATE: &str = "
    select count(*)
      from (select 1
              from incident
             where tenant = ?1
               and state = ?2
               and n < ?3
             limit ?4)";

/// Walks one index for each state (and unit), all in one statement, and merges the heads of those walks.
pub(crate) fn reports(conn: &Connection, query: &ReportQuery) -> Sql<Vec<ReportRow>> {
    let mut states = query.states.clone();
    states.sort_unstable();
    states.dedup();
    let units = match &query.units {
        Some(units) if units.len() <= UNITS_WALKED => {
            let mut units: Vec<Value> = units.iter().map(|unit| Value::Blob(unit.bytes().to_vec())).collect();
            units.sort_unstable_by_key(|unit| format!("{unit:?}"));
            units.dedup();
            Walked::Each(units)
        }
        Some(units) => Walked::Among(crate::value::json_of(units.iter().map(|unit| *unit.bytes())).into()),
        None => Walked::Among(Value::Null),
    };
    let (arm, units) = match units {
        Walked::Each(units) => (UNIT_INBOX, units),
        Walked::Among(units) => (INBOX, vec![units]),
    };
    if states.is_empty() || units.is_empty() {
        return Ok(Vec::new());
    }
    let arms: Vec<String> = states
        .iter()
        .flat_map(|state| (0..units.len()).map(|unit| arm_of(arm, *state, unit)))
        .map(|arm| format!("select * from ({arm})"))
        .collect();
    let (urgency, received_at, after) = match &query.after {
        Some((urgency, received_at, id)) => (i64::from(*urgency), received_at.micros(), id.bytes().to_vec()),
        None => (i64::from(i16::MAX) + 1, i64::MIN, Vec::new()),
    };
    let mut values: Vec<Value> = vec![
        Value::Blob(query.tenant.bytes().to_vec()),
        Value::Null,
        (-urgency).into(),
        received_at.into(),
        after.into(),
        Value::Blob(query.viewer.bytes().to_vec()),
        query.limit.into(),
    ];
    values.extend(units);
    let mut found = rows(conn, &arms.join(" union all "), rusqlite::params_from_iter(values), report)?;
    found.sort_by_key(|report| (-i32::from(report.urgency), report.received_at, report.id));
    found.truncate(query.limit as usize);
    Ok(found)
}

/// Which units a walk is about.
enum Walked {
    /// A walk for each.
    Each(Vec<Value>),
    /// One walk that looks at every unit among these, or at all.
    Among(Value),
}

/// One walk: its state stands in the text, its unit is the parameter of its own number.
fn arm_of(arm: &str, state: ReportState, unit: usize) -> String {
    arm.replace("?2", &state.stored().to_string()).replace("?8", &format!("?{}", 8 + unit))
}

pub(crate) fn incidents(conn: &Connection, query: &IncidentQuery) -> Sql<Vec<IncidentRow>> {
    let (tenant, before) = (query.tenant.bytes(), query.before.unwrap_or(i64::MAX));
    let (viewer, limit) = (query.viewer.bytes(), query.limit);
    if query.all.is_empty() && query.any.is_empty() {
        return match query.state {
            Some(state) => rows(conn, INCIDENTS_IN_STATE, (tenant, before, viewer, limit, state.stored()), incident),
            None => rows(conn, INCIDENTS, (tenant, before, viewer, limit), incident),
        };
    }
    let Some(words) = expression(query.tenant, &query.all, &query.any) else { return Ok(Vec::new()) };
    match query.state {
        Some(state) => by_words_and_state(conn, query, before, &words, state),
        None => rows(conn, INCIDENTS_BY_WORDS, (tenant, before, viewer, limit, words), incident),
    }
}

/// Words and a state are two lists that must be crossed, and either may be the long one: common words over a few open
/// incidents, or a rare word among many closed ones. Walks the words first; when that does not fill the page soon and
/// the state has few incidents left, walks the state instead. Either way the walk is bounded, whatever has piled up.
fn by_words_and_state(
    conn: &Connection,
    query: &IncidentQuery,
    before: i64,
    words: &str,
    state: IncidentState,
) -> Sql<Vec<IncidentRow>> {
    let (tenant, viewer, state) = (query.tenant.bytes(), query.viewer.bytes(), state.stored());
    let limit = query.limit as usize;
    let mut found = Vec::new();
    let mut walk = conn.prepare_cached(HITS)?;
    let mut hits = walk.query((tenant, before, viewer, state, words))?;
    let mut walked = 0_u32;
    while found.len() < limit
        && let Some(hit) = hits.next()?
    {
        if hit.get::<_, Option<i64>>(1)?.is_some() {
            found.push(incident(hit)?);
        }
        walked += 1;
        if walked == HITS_WALKED {
            let reached: i64 = hit.get(12)?;
            if has_few(conn, tenant, state, reached)? {
                let left = signed((limit - found.len()) as u64);
                let rest = (tenant, reached, viewer, left, state, words);
                found.append(&mut rows(conn, IN_STATE_WITH_WORDS, rest, incident)?);
                return Ok(found);
            }
        }
    }
    Ok(found)
}

fn has_few(conn: &Connection, tenant: &[u8; 16], state: i16, before: i64) -> Sql<bool> {
    let count: u32 =
        conn.prepare_cached(COUNT_IN_STATE)?.query_row((tenant, state, before, FEW_IN_STATE), |row| row.get(0))?;
    Ok(count < FEW_IN_STATE)
}
