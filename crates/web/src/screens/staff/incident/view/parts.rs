//! Who takes part in an incident: those whom the policy always wants, and those who were named, for as long as they are.

use domain::incident::Part;
use domain::pack::Pack;
use domain::time::{Instant, Zone};

use super::Sight;
use crate::{screens::staff::home::actor, times};

/// Somebody who takes or took part.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// Their account.
    pub id: String,
    /// The form that ends their part, which is also its place on the page.
    pub form: String,
    /// Their name.
    pub name: String,
    /// As what, what for, by whom, until when; how it ended.
    pub says: String,
    /// Whether their part is over.
    pub over: bool,
    /// Whether it can be ended; the policy's own stay.
    pub endable: bool,
}

impl Sight<'_> {
    /// The policy's own first, then those who were named, in that order.
    pub(super) fn parts(&self, pack: &Pack, now: Instant, zone: &Zone) -> Vec<PartRow> {
        let always = self.app.always_take_part(&self.case.row, pack).into_iter().map(|(id, role)| PartRow {
            form: format!("end-{id}"),
            id: id.to_string(),
            name: self.app.name_of(id),
            says: format!("{role}, always"),
            over: false,
            endable: false,
        });
        let row = |part: &Part| {
            let given = &part.given;
            let until = given.what.until.map(|day| format!(", until {}", times::day(day))).unwrap_or_default();
            let by = actor(self.app, given.by);
            let since = times::short(given.at, now, zone).words;
            let ended = part.ended.as_ref().map(|ended| {
                let at = times::short(ended.at, now, zone).words;
                format!(". Ended {at} by {}: {}", actor(self.app, ended.by), ended.what)
            });
            let lasts = part.lasts(now, &pack.zone);
            PartRow {
                id: given.what.account.to_string(),
                form: format!("end-{}", given.what.account),
                name: self.app.name_of(given.what.account),
                says: format!("{}. Named {since} by {by}{until}{}", given.what.reason, ended.unwrap_or_default()),
                over: !lasts,
                endable: lasts,
            }
        };
        always.chain(self.case.incident.parts.iter().map(row)).collect()
    }
}
