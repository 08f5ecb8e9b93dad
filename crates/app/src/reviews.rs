//! Reviews of an agency: yearly rounds of summaries, whom their trends are told to, and routine looks.

use crate::incidents::{Filter, IncidentLine};
use crate::register::Roles;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::form::Party;
use domain::ids::{EntryId, UnitId};
use domain::incident::Incident;
use domain::organisation::register::{Change, Register};
use domain::organisation::reviews::{Looked, RoundOpened, RoundTold, Summary, Threshold};
use domain::pack::{Evidence, ObligationRule, Pack};
use domain::permission::{Action, Allowed, Object, Viewer};
use domain::time::Zone;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The newest so many incidents are looked through for a review.
const LOOKED_THROUGH: u32 = 1_000;

/// Incidents by unit and civil year.
pub type UnitCounts = BTreeMap<(String, i16), i64>;

/// How the forms of a unit were kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormRate {
    /// The unit.
    pub unit: UnitId,
    /// Forms completed.
    pub forms: u32,
    /// Completed no later than their duty said.
    pub on_time: u32,
    /// Days from report to completion: the one in the middle, the later of two.
    pub median_days: i64,
}

impl FormRate {
    /// In whole percent.
    pub fn percent(&self) -> u32 {
        (self.on_time * 100).checked_div(self.forms).unwrap_or(0)
    }
}

/// Whether every duty that the officer's signature on the form answers for was kept in time.
fn kept_in_time(incident: &Incident, pack: &Pack) -> bool {
    let Some(form) = pack.forms.first() else { return false };
    let signs = |evidence: &Evidence| match evidence {
        Evidence::Signature { in_box, .. } => form.signs(in_box) == Some(Party::OfficerCompleted),
        _ => false,
    };
    let of_form = |rule: &&ObligationRule| rule.evidence.iter().any(signs);
    let states = pack.obligations.iter().filter(of_form).filter_map(|rule| incident.duties.get(&rule.id));
    states.into_iter().all(|state| state.met.as_ref().is_some_and(|met| !state.late(met.what.at)))
}

impl App {
    /// Opens a round, where the policy leaves that to the officer of the whole agency.
    pub async fn open_round(&self, may: &Allowed, new: &RoundOpened) -> Result<(), Trouble> {
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.open_round(new.clone(), rule)?)
        })
        .await
    }

    /// Takes in a unit's summary.
    pub async fn send_summary(&self, may: &Allowed, new: &Summary) -> Result<(), Trouble> {
        if !matches!(may.object(), Object::Unit { unit, .. } if *unit == new.unit) {
            return Err(Trouble::NotFound);
        }
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.send_summary(new.clone(), rule)?)
        })
        .await
    }

    /// Records whom the trends of a round were told to.
    pub async fn tell_round(&self, may: &Allowed, new: &RoundTold) -> Result<(), Trouble> {
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.tell_round(new.clone(), rule)?)
        })
        .await
    }

    /// Sets a threshold for a unit.
    pub async fn set_threshold(&self, may: &Allowed, new: &Threshold) -> Result<(), Trouble> {
        if !matches!(may.object(), Object::Unit { unit, .. } if *unit == new.unit) {
            return Err(Trouble::NotFound);
        }
        self.review(may, |register, _| Ok(register.set_threshold(new.clone())?)).await
    }

    /// Ends a threshold of a unit today.
    pub async fn end_threshold(&self, may: &Allowed, id: EntryId, last: Date) -> Result<(), Trouble> {
        let Object::Unit { unit, .. } = *may.object() else { return Err(Trouble::NotFound) };
        self.review(may, |register, _| {
            let own = register.thresholds.iter().any(|t| t.id == id && t.unit == unit);
            if own { Ok(register.end_threshold(id, last)?) } else { Err(Trouble::NotFound) }
        })
        .await
    }

    /// The incidents, oldest first, that cross each of these thresholds today. One statement of the store.
    pub async fn crossed(
        &self,
        viewer: &Viewer,
        thresholds: &[Threshold],
        zone: &Zone,
    ) -> Result<Vec<Option<Vec<IncidentLine>>>, Trouble> {
        if thresholds.is_empty() {
            return Ok(Vec::new());
        }
        let (lines, _) = self.list_incidents(viewer, &Filter::default(), None, LOOKED_THROUGH).await?;
        let mut lines: Vec<(Date, &IncidentLine)> = lines.iter().map(|l| (l.opened_at.day_in(zone), l)).collect();
        lines.sort_by_key(|(_, line)| (line.opened_at, line.id));
        let one = |threshold: &Threshold| {
            let counts = |day: Date| threshold.from <= day && threshold.until.is_none_or(|last| day <= last);
            let own = |(day, line): &&(Date, &IncidentLine)| {
                counts(*day)
                    && line.unit == threshold.unit
                    && line.summary.kinds.iter().any(|kind| kind == threshold.kind.as_str())
            };
            let days: Vec<(Date, &IncidentLine)> = lines.iter().filter(own).copied().collect();
            threshold.crossed(&days).map(|crossing| crossing.into_iter().cloned().collect())
        };
        Ok(thresholds.iter().map(one).collect())
    }

    /// Incidents by unit in each of two civil years, for those who see the whole agency counted. One statement of the
    /// store.
    pub async fn unit_counts(&self, viewer: &Viewer, years: (i16, i16)) -> Result<UnitCounts, Trouble> {
        let may = self.allow_in_agency(viewer, Action::Statistics, Section::Report)?;
        let mut counts = UnitCounts::new();
        for row in self.store().rollups(may.tenant(), years.0, years.1).await? {
            if row.dimension == "unit" {
                *counts.entry((row.value, row.year)).or_default() += row.incidents;
            }
        }
        Ok(counts)
    }

    /// How the forms of incidents that were opened in a civil year were kept, unit by unit. Two statements of the store.
    pub async fn form_rates(&self, viewer: &Viewer, year: i16) -> Result<Vec<FormRate>, Trouble> {
        let filter = Filter { year: Some(year), ..Filter::default() };
        let (lines, _) = self.list_incidents(viewer, &filter, None, LOOKED_THROUGH).await?;
        let states = self.read_lines(viewer, lines.iter()).await?;
        let mut rates: Vec<(FormRate, Vec<i64>)> = Vec::new();
        for line in &lines {
            let Some(incident) = states.get(&line.id.into()) else { continue };
            let Some((_, completed)) = incident.form.signed_by(Party::OfficerCompleted) else { continue };
            let pack = self.pack_of_incident(incident)?;
            let rate = match rates.iter().position(|(rate, _)| rate.unit == line.unit) {
                Some(at) => &mut rates[at],
                None => {
                    rates.push((FormRate { unit: line.unit, forms: 0, on_time: 0, median_days: 0 }, Vec::new()));
                    let last = rates.len() - 1;
                    &mut rates[last]
                }
            };
            rate.0.forms += 1;
            rate.0.on_time += u32::from(kept_in_time(incident, pack));
            let from = incident.opening.as_ref().and_then(|o| o.reported_at).unwrap_or(line.opened_at);
            rate.1.push(completed.seconds_since(from) / 86_400);
        }
        let settled = |(rate, mut days): (FormRate, Vec<i64>)| {
            days.sort_unstable();
            FormRate { median_days: days.get(days.len() / 2).copied().unwrap_or(0), ..rate }
        };
        Ok(rates.into_iter().map(settled).collect())
    }

    /// Records a unit's routine look.
    pub async fn record_look(&self, may: &Allowed, new: &Looked) -> Result<(), Trouble> {
        if !matches!(may.object(), Object::Unit { unit, .. } if *unit == new.unit) {
            return Err(Trouble::NotFound);
        }
        self.review(may, |register, pack| {
            let rule = pack.routine_review.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.look(new.clone(), rule)?)
        })
        .await
    }

    async fn review(
        &self,
        may: &Allowed,
        decided: impl Fn(&Register, &Pack) -> Result<Vec<Change>, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        if may.action() != Action::Organise {
            return Err(Trouble::NotFound);
        }
        let (tenant, by) = (may.tenant(), Actor::Account(may.by()));
        self.change_register(tenant, by, |standing, agency| {
            let head = standing.directory.head_of(tenant).ok_or(Trouble::NotFound)?;
            let pack = self.pack_for_report(head, standing.now)?;
            Ok((decided(&agency.register, pack)?, Roles::new()))
        })
        .await
    }
}
