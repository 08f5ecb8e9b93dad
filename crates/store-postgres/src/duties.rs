//! The clocks of all incidents, listed by turn from one index range per unit or lead.

use crate::columns::{self, Columns};
use domain::ids::{IncidentId, TenantId};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{QueryBuilder, Row};
use store::{DutyQuery, DutyRow, DutyStanding, LedBy, ListedDuty};

const COLUMNS: &str = "duty.incident, duty.rule, duty.tenant, duty.unit, duty.lead, duty.pack, duty.state, duty.due_at,
                       duty.late_after, duty.since, duty.whole_day, duty.excused, duty.answered_at";

fn duty(row: &PgRow) -> sqlx::Result<DutyRow> {
    Ok(DutyRow {
        incident: row.id("incident")?,
        rule: row.try_get("rule")?,
        tenant: row.id("tenant")?,
        unit: row.id("unit")?,
        lead: row.maybe_id("lead")?,
        pack: row.try_get("pack")?,
        standing: row.known("state", DutyStanding::read)?,
        due: row.maybe_instant("due_at")?,
        late_after: row.maybe_instant("late_after")?,
        since: row.maybe_instant("since")?,
        whole_day: row.try_get("whole_day")?,
        excused: row.try_get("excused")?,
        answered_at: row.maybe_instant("answered_at")?,
    })
}

/// A page of duties by turn: of each unit no further than the page, merged. `begin` stands in front of it.
fn listing(begin: &str, asked: &DutyQuery) -> QueryBuilder<sqlx::Postgres> {
    let mut query = QueryBuilder::new(begin);
    query.push("select page.*, incident.reference, incident.summary from (select found.* from ");
    if let Some(units) = &asked.units {
        let mut units: Vec<_> = units.iter().map(|unit| unit.uuid()).collect();
        units.sort_unstable();
        units.dedup();
        query.push("unnest(").push_bind(units).push("::uuid[]) as wanted_unit cross join ");
    }
    query.push("lateral (select ").push(COLUMNS).push(", duty.turn from duty where duty.tenant = ");
    query.push_bind(asked.tenant.uuid());
    query.push(" and duty.state = ").push_bind(asked.standing.stored());
    query.push(" and duty.turn <= ").push_bind(asked.until);
    if asked.units.is_some() {
        query.push(" and duty.unit = wanted_unit");
    }
    match asked.led_by {
        LedBy::Anyone => {}
        LedBy::Account(account) => drop(query.push(" and duty.lead = ").push_bind(account.uuid())),
        LedBy::Nobody => drop(query.push(" and duty.lead is null")),
    }
    match &asked.after {
        Some((turn, incident, rule)) => {
            query.push(" and (duty.turn, duty.incident, duty.rule) > (").push_bind(*turn);
            query.push(", ").push_bind(incident.uuid()).push(", ").push_bind(rule.clone()).push(")");
        }
        None => drop(query.push(" and duty.turn >= ").push_bind(asked.from)),
    }
    query.push(" and not exists (select from exclusion where stream = duty.incident and account = ");
    query.push_bind(asked.viewer.uuid()).push(")");
    query.push(" order by duty.turn, duty.incident, duty.rule limit ").push_bind(i64::from(asked.limit));
    query.push(") as found order by found.turn, found.incident, found.rule limit ");
    query.push_bind(i64::from(asked.limit));
    query.push(") as page join incident on incident.id = page.incident order by page.turn, page.incident, page.rule");
    query
}

/// Duties by turn, a page at a time.
pub async fn list(pool: &PgPool, asked: &DutyQuery) -> sqlx::Result<Vec<ListedDuty>> {
    let mut query = listing("", asked);
    columns::all(query.build().fetch_all(pool).await?, |row| {
        Ok(ListedDuty { duty: duty(row)?, reference: row.try_get("reference")?, summary: row.bytes("summary")? })
    })
}

/// Every duty in (incident, rule) order after a position.
pub async fn scan(pool: &PgPool, after: Option<(IncidentId, String)>, limit: u32) -> sqlx::Result<Vec<DutyRow>> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from duty");
    if let Some((incident, rule)) = after {
        query.push(" where (incident, rule) > (").push_bind(incident.uuid()).push(", ").push_bind(rule).push(")");
    }
    query.push(" order by incident, rule limit ").push_bind(i64::from(limit));
    columns::all(query.build().fetch_all(pool).await?, duty)
}

/// The duties of one incident, by rule.
pub async fn of_incident(pool: &PgPool, tenant: TenantId, incident: IncidentId) -> sqlx::Result<Vec<DutyRow>> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from duty where incident = ").push_bind(incident.uuid());
    query.push(" and tenant = ").push_bind(tenant.uuid()).push(" order by rule");
    columns::all(query.build().fetch_all(pool).await?, duty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{AccountId, UnitId};
    use ground::Database;
    use sqlx::Executor;
    use uuid::Uuid;

    /// One duty in ten thousand is due; the rest lies far ahead.
    const FILLED: &str = "
        insert into incident (n, id, tenant, unit, reference, opened_at, state, version, summary)
        select n, md5('i' || n)::uuid, md5('t')::uuid, md5('u')::uuid, 'AG-' || n, 0, 0, 1, ''
          from generate_series(1, 20000) as n;
        insert into duty (incident, rule, tenant, unit, lead, pack, state, due_at, whole_day, excused)
        select md5('i' || n)::uuid, 'O1', md5('t')::uuid, md5('u')::uuid, md5('a')::uuid, 'p', 0, due, false, false
          from (select n, case when n % 10000 = 0 then 5 else 1000000 + n end as due from generate_series(1, 20000) as n) as filled;
        analyze";

    fn made(name: &str) -> Uuid {
        let digest = match name {
            "t" => "e358efa4-89f5-8062-f10d-d7316b65649e",
            "u" => "7b774eff-e4a3-49c6-dd82-ad4f4f21d34c",
            _ => "0cc175b9-c0f1-b6a8-31c3-99e269772661",
        };
        digest.parse().expect("an id")
    }

    #[tokio::test]
    async fn of_all_duties_only_those_that_are_due_are_touched() {
        let database = Database::create().await;
        database.store().await.close().await;
        let mut connection = database.connection().await;
        connection.execute(sqlx::raw_sql(FILLED)).await.expect("filled");
        let asked = |units: Option<Vec<UnitId>>, led_by| DutyQuery {
            tenant: made("t").into(),
            units,
            led_by,
            standing: DutyStanding::Open,
            from: 1,
            until: 10,
            viewer: made("a").into(),
            after: None,
            limit: 50,
        };
        let unit: UnitId = made("u").into();
        let lead: AccountId = made("a").into();
        for (asked, index) in [
            (asked(None, LedBy::Anyone), "duty_turn"),
            (asked(Some(vec![unit]), LedBy::Anyone), "duty_unit"),
            (asked(None, LedBy::Account(lead)), "duty_"),
        ] {
            let mut query = listing("explain (analyze, costs off, timing off, summary off) ", &asked);
            let rows = query.build().fetch_all(&mut connection).await.expect("explained");
            let plan: Vec<String> = rows.iter().map(|row| row.try_get(0).expect("a line")).collect();
            let plan = plan.join("\n");
            assert!(plan.contains(&format!("using {index}")) && !plan.contains("Seq Scan on duty"), "{plan}");
            let touched = plan.lines().find(|line| line.contains(&format!("using {index}"))).expect("the walk");
            assert!(touched.contains("rows=2"), "two are due, and two are read: {plan}");
            assert!(!plan.contains("Rows Removed by Filter"), "nothing is read in vain: {plan}");
        }
    }
}
