//! Kept counts: what each incident adds to them, so that a page of statistics never counts a million rows.

use domain::ids::TenantId;
use domain::incident::{Incident, Listing, Standing};
use domain::pack::{ObligationId, PackId};
use domain::time::{Instant, Zone};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::RollupRow;

/// The difference that replacing `old` by `new` makes to the kept counts of an agency. Withdrawn incidents count as none.
pub fn difference(tenant: TenantId, old: Option<&Listing>, new: &Listing) -> Vec<RollupRow> {
    let mut rows: Vec<RollupRow> = Vec::new();
    let sides = old.into_iter().map(|l| (l, -1)).chain([(new, 1)]);
    for (listing, sign) in sides.filter(|(l, _)| l.standing != Standing::Withdrawn) {
        let people = i64::try_from(listing.summary.people.unwrap_or(0)).unwrap_or(i64::MAX);
        let counted = values(listing).into_iter().map(|(dimension, value)| (dimension, value, people));
        // A sum stands where counts of people do: incidents with an amount, and what they come to.
        let added = listing.summary.sums.iter().map(|sum| {
            let amount = i64::try_from(sum.amount).unwrap_or(i64::MAX);
            (Cow::from(sum_dimension(&sum.field)), String::new(), amount)
        });
        for (dimension, value, people) in counted.chain(added) {
            let year = listing.summary.year;
            match rows.iter_mut().find(|r| r.year == year && r.dimension == dimension && r.value == value) {
                Some(row) => {
                    row.incidents += sign;
                    row.people += sign * people;
                }
                None => rows.push(RollupRow {
                    tenant,
                    year,
                    dimension: dimension.into_owned(),
                    value,
                    incidents: sign,
                    people: sign * people,
                }),
            }
        }
    }
    rows.retain(|row| row.incidents != 0 || row.people != 0);
    rows
}

/// Duties that were called up, by year, pack and rule.
pub const DUTIES_OPENED: &str = "duty-opened";
/// Duties that were answered for, likewise.
pub const DUTIES_MET: &str = "duty-met";

/// What an incident adds to the counts of duties: one for each in the year it was called up, and one in the year it was
/// answered for. Withdrawn incidents count as none.
pub fn duties(tenant: TenantId, incident: &Incident, zone: &Zone) -> Vec<RollupRow> {
    let Some(opening) = incident.opening.as_ref().filter(|_| incident.standing != Standing::Withdrawn) else {
        return Vec::new();
    };
    let row = |dimension: &str, pack: &PackId, rule: &ObligationId, at: Instant| RollupRow {
        tenant,
        year: at.day_in(zone).year(),
        dimension: dimension.to_owned(),
        value: duty_value(pack, rule),
        incidents: 1,
        people: 0,
    };
    let each = incident.duties.values().flat_map(|state| {
        let (rule, pack) = (&state.duty.rule, state.duty.pack.as_ref().unwrap_or(&opening.pack));
        let met = state.met.as_ref().map(|met| row(DUTIES_MET, pack, rule, met.at));
        std::iter::once(row(DUTIES_OPENED, pack, rule, state.opened_at)).chain(met)
    });
    each.collect()
}

/// Under which value the duties of a rule are counted.
pub fn duty_value(pack: &PackId, rule: &ObligationId) -> String {
    format!("{pack} {rule}")
}

/// The difference between two lists of counts.
pub fn more(before: Vec<RollupRow>, after: Vec<RollupRow>) -> Vec<RollupRow> {
    let before = before.into_iter().map(|row| RollupRow { incidents: -row.incidents, people: -row.people, ..row });
    merged(before.chain(after).collect())
}

/// Many differences as few: one row per year, dimension and value, so that a batch of a thousand incidents touches a
/// kept count once.
pub fn merged(rows: Vec<RollupRow>) -> Vec<RollupRow> {
    let mut sums: BTreeMap<(TenantId, i16, String, String), (i64, i64)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry((row.tenant, row.year, row.dimension, row.value)).or_default();
        sum.0 += row.incidents;
        sum.1 = sum.1.saturating_add(row.people);
    }
    let row = |((tenant, year, dimension, value), (incidents, people))| RollupRow {
        tenant,
        year,
        dimension,
        value,
        incidents,
        people,
    };
    sums.into_iter().map(row).filter(|row| row.incidents != 0 || row.people != 0).collect()
}

/// Under which values of which dimensions an incident is counted: once under each.
pub fn values(listing: &Listing) -> Vec<(Cow<'static, str>, String)> {
    let summary = &listing.summary;
    let mut values = vec![("all".into(), String::new()), ("unit".into(), listing.unit.to_string())];
    values.extend(summary.kinds.iter().map(|k| ("kind".into(), k.clone())));
    values.extend(summary.locations.iter().map(|l| ("location".into(), l.clone())));
    values.extend(summary.place.iter().map(|p| ("place".into(), p.clone())));
    values.extend(summary.marks.iter().map(|mark| (Cow::from(sheet_dimension(&mark.field)), mark.choice.clone())));
    values.sort();
    values.dedup();
    values
}

/// The dimension under which the amounts in a field are added up; the field is named `sheet.field`.
pub fn sum_dimension(field: &str) -> String {
    format!("sum:{field}")
}

/// The dimension under which the choices of a field are counted; the field is named `sheet.field`.
pub fn sheet_dimension(field: &str) -> String {
    format!("sheet:{field}")
}
