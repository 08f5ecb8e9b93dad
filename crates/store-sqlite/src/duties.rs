//! The clocks of all incidents: written by incident and rule, listed by turn from one index range per unit or lead.

use crate::value::{Sql, Undone, id, known, maybe_at, maybe_id, rows, run};
use domain::ids::{AccountId, IncidentId, TenantId};
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use store::{DutyQuery, DutyRow, DutyStanding, LedBy, ListedDuty};

/// Up to this many units each has its own walk; a viewer of more sees so much that one walk finds a page soon.
const UNITS_WALKED: usize = 64;

macro_rules! columns {
    () => {
        "duty.incident, duty.rule, duty.tenant, duty.unit, duty.lead, duty.pack, duty.state, duty.due_at, duty.late_after, \
         duty.since, duty.whole_day, duty.excused, duty.answered_at"
    };
}

macro_rules! list {
    ($index:literal, $narrowed:literal) => {
        concat!(
            "select ",
            columns!(),
            ", incident.reference, incident.summary, duty.turn
               from duty indexed by ",
            $index,
            "
              cross join incident on incident.id = duty.incident
              where duty.tenant = ?1
                and duty.state = ?2
                and (duty.turn, duty.incident, duty.rule) > (?3, ?4, ?5)
                and duty.turn <= ?6
                and not exists (select 1 from exclusion where stream = duty.incident and account = ?7)
                ",
            $narrowed,
            "
              order by duty.turn, duty.incident, duty.rule
              limit ?8"
        )
    };
}

/// Everybody's, of the whole agency or of some units among very many.
pub(crate) const DUTIES: &str =
    list!("duty_turn", "and (?9 is null or duty.unit in (select unhex(value) from json_each(?9)))");
/// Those of one unit.
pub(crate) const UNIT_DUTIES: &str = list!("duty_unit", "and duty.unit = ?9");
/// Those of incidents that somebody leads, or that nobody leads.
pub(crate) const LEAD_DUTIES: &str = list!(
    "duty_lead",
    "and duty.lead is ?10 and (?9 is null or duty.unit in (select unhex(value) from json_each(?9)))"
);

fn duty(row: &Row<'_>) -> Sql<DutyRow> {
    Ok(DutyRow {
        incident: id(row, 0)?,
        rule: row.get(1)?,
        tenant: id(row, 2)?,
        unit: id(row, 3)?,
        lead: maybe_id(row, 4)?,
        pack: row.get(5)?,
        standing: known(row, 6, DutyStanding::read)?,
        due: maybe_at(row, 7)?,
        late_after: maybe_at(row, 8)?,
        since: maybe_at(row, 9)?,
        whole_day: row.get(10)?,
        excused: row.get(11)?,
        answered_at: maybe_at(row, 12)?,
    })
}

fn listed(row: &Row<'_>) -> Sql<ListedDuty> {
    Ok(ListedDuty { duty: duty(row)?, reference: row.get(13)?, summary: row.get(14)? })
}

/// Adds a duty, or replaces the one of its incident and rule.
pub(crate) fn put(conn: &Connection, new: &DutyRow) -> Result<(), Undone> {
    let written = run(
        conn,
        "insert into duty (incident, rule, tenant, unit, lead, pack, state, due_at, late_after, since, whole_day, excused,
                           answered_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             on conflict (incident, rule) do update
            set unit        = excluded.unit,
                lead        = excluded.lead,
                pack        = excluded.pack,
                state       = excluded.state,
                due_at      = excluded.due_at,
                late_after  = excluded.late_after,
                since       = excluded.since,
                whole_day   = excluded.whole_day,
                excused     = excluded.excused,
                answered_at = excluded.answered_at
          where tenant = excluded.tenant",
        (
            new.incident.bytes(),
            &new.rule,
            new.tenant.bytes(),
            new.unit.bytes(),
            new.lead.as_ref().map(AccountId::bytes),
            &new.pack,
            new.standing.stored(),
            new.due.map(|at| at.micros()),
            new.late_after.map(|at| at.micros()),
            new.since.map(|at| at.micros()),
            new.whole_day,
            new.excused,
            new.answered_at.map(|at| at.micros()),
        ),
    )?;
    if written == 1 { Ok(()) } else { Err(Undone::Broken("the duty belongs to another agency")) }
}

/// A page of duties by turn.
pub(crate) fn list(conn: &Connection, query: &DutyQuery) -> Sql<Vec<ListedDuty>> {
    // The first page begins before the first incident of its first turn, so that the range itself is what is sought.
    let (after, incident, rule) = match &query.after {
        Some((turn, incident, rule)) => (*turn, incident.bytes().to_vec(), rule.clone()),
        None => (query.from, Vec::new(), String::new()),
    };
    let mut values: Vec<Value> = vec![
        Value::Blob(query.tenant.bytes().to_vec()),
        i64::from(query.standing.stored()).into(),
        after.into(),
        incident.into(),
        rule.into(),
        query.until.into(),
        Value::Blob(query.viewer.bytes().to_vec()),
        query.limit.into(),
    ];
    let among = query.units.as_ref().map(|units| crate::value::json_of(units.iter().map(|unit| *unit.bytes())));
    let among = || among.clone().map_or(Value::Null, Value::from);
    let lead = match query.led_by {
        LedBy::Anyone => None,
        LedBy::Account(account) => Some(Value::Blob(account.bytes().to_vec())),
        LedBy::Nobody => Some(Value::Null),
    };
    let sql = match (lead, &query.units) {
        (Some(lead), _) => {
            values.extend([among(), lead]);
            LEAD_DUTIES.to_owned()
        }
        (None, Some(units)) if units.len() <= UNITS_WALKED => {
            let mut units: Vec<[u8; 16]> = units.iter().map(|unit| *unit.bytes()).collect();
            units.sort_unstable();
            units.dedup();
            if units.is_empty() {
                return Ok(Vec::new());
            }
            let arms = (0..units.len()).map(|n| UNIT_DUTIES.replace("?9", &format!("?{}", 9 + n)));
            let arms: Vec<String> = arms.map(|arm| format!("select * from ({arm})")).collect();
            values.extend(units.into_iter().map(|unit| Value::Blob(unit.to_vec())));
            arms.join(" union all ")
        }
        (None, _) => {
            values.push(among());
            DUTIES.to_owned()
        }
    };
    let mut found = rows(conn, &sql, rusqlite::params_from_iter(values), listed)?;
    found.sort_by(|a, b| order(&a.duty).cmp(&order(&b.duty)));
    found.truncate(query.limit as usize);
    Ok(found)
}

fn order(duty: &DutyRow) -> (i64, IncidentId, &str) {
    (duty.turn(), duty.incident, &duty.rule)
}

/// Removes the duties of an incident.
pub(crate) fn forget(conn: &Connection, incident: IncidentId) -> Result<(), Undone> {
    run(conn, "delete from duty where incident = ?1", [incident.bytes()])?;
    Ok(())
}

/// Every duty in (incident, rule) order after a position.
pub(crate) fn scan(conn: &Connection, after: Option<&(IncidentId, String)>, limit: u32) -> Sql<Vec<DutyRow>> {
    rows(
        conn,
        concat!("select ", columns!(), " from duty where (incident, rule) > (?1, ?2) order by incident, rule limit ?3"),
        (after.map_or(&[][..], |(incident, _)| incident.bytes()), after.map_or("", |(_, rule)| rule), limit),
        duty,
    )
}

/// The duties of one incident, by rule.
pub(crate) fn of_incident(conn: &Connection, tenant: TenantId, incident: IncidentId) -> Sql<Vec<DutyRow>> {
    rows(
        conn,
        concat!("select ", columns!(), " from duty where incident = ?1 and tenant = ?2 order by rule"),
        (incident.bytes(), tenant.bytes()),
        duty,
    )
}
