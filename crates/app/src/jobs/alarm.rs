//! Two alarms of an incident, each once: a duty is about to be late, a request for silence ends. They tell one person who
//! can act, hold no fact of the case, and send nothing to anybody outside.

use super::Work;
use crate::directory::Person;
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{EntryId, IncidentId, TenantId};
use domain::incident::{DutyState, Event, HoldRecord, Incident, Standing, paused};
use domain::obligation::HoldEnd;
use domain::pack::{Capacity, Language, ObligationId, Pack};
use domain::permission::{Action, Object, Viewer, decide};
use domain::time::Instant;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Change, NewJob};

/// A limit is told a day before it passes; a shorter one when half of the time that was left has gone.
const AHEAD_SECONDS: i64 = 86_400;
/// Days before the end of a hold at which it is told.
const HOLD_DAYS: i64 = 3;
/// The hour of the agency's day at which the end of a hold is told.
const HOLD_HOUR: i8 = 8;

impl App {
    /// The alarms that follow from events on an incident, as jobs of the same transaction. `incident` is the state that
    /// the events lead to.
    pub(crate) fn alarms(
        &self,
        tenant: TenantId,
        incident: &Incident,
        events: &[Event],
        by: Actor,
        now: Instant,
    ) -> Result<Vec<NewJob>, Trouble> {
        let mut jobs = Vec::new();
        for event in events {
            let rule = match event {
                Event::DutyOpened(duty) => Some(&duty.rule),
                Event::DutyMoved { rule, .. } => Some(rule),
                _ => None,
            };
            if let Some(state) = rule.and_then(|rule| incident.duties.get(rule))
                && let Some((late, at)) = warned_at(state, now)
            {
                let rule = state.duty.rule.clone();
                for (days, at) in reminded_at(self.reminders_of(incident, state), late, at, now) {
                    let (rule, days) = (rule.clone(), Some(days));
                    jobs.push(self.job(&Work::TellOfDuty { tenant, incident: incident.id, rule, late, days }, at)?);
                }
                let work = Work::TellOfDuty { tenant, incident: incident.id, rule, late, days: None };
                jobs.push(self.job(&work, at)?);
            }
            match event {
                Event::HoldPlaced(hold) => {
                    if let Some(ends) = self.hold_ends(incident, hold, None)? {
                        let work = Work::TellOfHold { tenant, incident: incident.id, hold: hold.id };
                        jobs.push(self.job(&work, self.rings_at(tenant, ends).max(now))?);
                    }
                }
                // Who takes it back knows it; whoever leads has to learn that what was paused is due again.
                Event::HoldLifted { hold, .. } if incident.lead.is_some_and(|lead| by != Actor::Account(lead)) => {
                    jobs.push(self.job(&Work::TellOfHold { tenant, incident: incident.id, hold: *hold }, now)?);
                }
                _ => {}
            }
        }
        Ok(jobs)
    }

    /// The last day of a hold: the earliest at which it ends for some group of duties. `None` while nobody knows.
    pub fn hold_ends(
        &self,
        incident: &Incident,
        hold: &HoldRecord,
        lifted: Option<Date>,
    ) -> Result<Option<Date>, Trouble> {
        let pack = self.pack_of_incident(incident)?;
        let mut packs: Vec<&Pack> = vec![pack];
        packs.extend(self.laws_of_incident(incident));
        let ends = paused(hold, lifted, &packs, &pack.zone).into_iter().filter_map(|paused| match paused.ends {
            HoldEnd::With(day) => Some(day),
            HoldEnd::WhenLifted => None,
        });
        Ok(ends.min())
    }

    fn rings_at(&self, tenant: TenantId, ends: Date) -> Instant {
        let zone = self.zone_of(tenant);
        let day = ends.checked_sub(HOLD_DAYS.days()).unwrap_or(ends);
        zone.start_of_day(day).plus_seconds(3_600 * i64::from(HOLD_HOUR))
    }

    /// Tells that a duty is about to be late: once for each date it was given, before that on the days that its policy
    /// names, and only while nobody has answered for it.
    pub(super) async fn tell_of_duty(
        &self,
        tenant: TenantId,
        id: IncidentId,
        rule: &ObligationId,
        (late, days): (Instant, Option<u32>),
    ) -> Result<(), Trouble> {
        let Some((incident, row)) = self.under_work(tenant, id).await? else { return Ok(()) };
        let Some(state) = incident.duties.get(rule) else { return Ok(()) };
        if state.met.is_some() || state.duty.due.late_after != Some(late) {
            return Ok(());
        }
        let now = self.now();
        // A reminder that was held up says nothing any more; the alarm of the last day is still to come.
        if days.is_some_and(|days| now.seconds_since(days_before(late, days)) >= AHEAD_SECONDS) {
            return Ok(());
        }
        let Some(person) = self.answers_for(&incident, &row, Some(state), now).await? else { return Ok(()) };
        let zone = self.zone_of(tenant);
        let last = late.in_zone(&zone).strftime("%a %b %-d, %-I:%M %p %Z").to_string();
        let clause = self.clause_of(&incident, state);
        let reference = &row.reference;
        let left = days.map(|days| format!("{days} days are left. ")).unwrap_or_default();
        let letter = Letter {
            to: person.profile.email.clone(),
            subject: format!("Due {last} - {clause} - {reference}"),
            words: format!(
                "{left}1 duty of {reference} is late after {last}.\nClause: {clause}.\nTold: you alone.\n\nRecord what was done: \
                 {}/incidents/{reference}#duty-{rule}\n\nSign in to read it. This message holds nothing about it.\n",
                self.settings().public_address
            ),
            language: Language::English,
        };
        let mail = vec![self.letter_about(tenant, &letter, id.into(), now)?];
        let before = days.map(|days| format!("/{days}")).unwrap_or_default();
        self.commit_once(Change { mail, ..Change::default() }, &format!("duty/{id}/{rule}/{}{before}", late.micros()))
            .await
    }

    /// Tells, once, that a request for silence is about to end or has ended.
    pub(super) async fn tell_of_hold(&self, tenant: TenantId, id: IncidentId, hold: EntryId) -> Result<(), Trouble> {
        let Some((incident, row)) = self.under_work(tenant, id).await? else { return Ok(()) };
        let Some((placed, lifted)) = incident.holds.iter().find(|(placed, _)| placed.id == hold) else { return Ok(()) };
        let Some(ends) = self.hold_ends(&incident, placed, *lifted)? else { return Ok(()) };
        let now = self.now();
        let Some(person) = self.answers_for(&incident, &row, None, now).await? else { return Ok(()) };
        let day = ends.strftime("%a %b %-d").to_string();
        let over = ends < now.day_in(&self.zone_of(tenant)) || lifted.is_some();
        let ends = if over { "ended" } else { "ends" };
        let reference = &row.reference;
        let letter = Letter {
            to: person.profile.email.clone(),
            subject: format!("A request for silence {ends} {day} - {reference}"),
            words: format!(
                "1 request for silence in {reference} {ends} on {day}. What it paused is due then.\n\
                 Nothing is sent by itself. Told: you alone.\n\nSee what is due: \
                 {}/incidents/{reference}#holds\n\nSign in to read it. This message holds nothing about it.\n",
                self.settings().public_address
            ),
            language: Language::English,
        };
        let mail = vec![self.letter_about(tenant, &letter, id.into(), now)?];
        self.commit_once(Change { mail, ..Change::default() }, &format!("hold/{id}/{hold}")).await
    }

    /// An incident, while it is being worked.
    async fn under_work(
        &self,
        tenant: TenantId,
        id: IncidentId,
    ) -> Result<Option<(Incident, store::IncidentRow)>, Trouble> {
        let row = self.store().incident(tenant, id).await?.ok_or(Trouble::NotFound)?;
        let incident = self.whole_incident(&row).await?.state;
        Ok((incident.standing == Standing::Open).then_some((incident, row)))
    }

    /// The one person who answers for it: whoever owes it when that is an office of its own; else who leads; else the
    /// officers of the unit. Nobody who must not learn of the incident, or could not open it.
    async fn answers_for(
        &self,
        incident: &Incident,
        row: &store::IncidentRow,
        state: Option<&DutyState>,
        now: Instant,
    ) -> Result<Option<Person>, Trouble> {
        let excluded = self.store().exclusions(row.id.into()).await?;
        let directory = self.directory();
        let may = |person: &Person| {
            let viewer = Viewer { account: person.id, tenant: row.tenant, grants: directory.grants_of(person.id), now };
            let object = Object::Case {
                stream: row.id.into(),
                tenant: row.tenant,
                unit: row.unit,
                excluded: excluded.contains(&person.id),
                invited: false,
            };
            person.active && decide(&viewer, Action::Read, object, Section::Officer).is_ok()
        };
        let owes = state.and_then(|state| self.capacity_of(incident, state)).filter(|capacity| !works(*capacity));
        let owing = owes.map(|capacity| directory.holders(capacity, row.unit, now)).unwrap_or_default();
        let lead = incident.lead.and_then(|lead| directory.person(lead));
        let officers = [Capacity::LocalOfficer, Capacity::ChiefOfficer].map(|c| directory.holders(c, row.unit, now));
        let all = owing.into_iter().chain(lead).chain(officers.into_iter().flatten());
        Ok(all.into_iter().find(|person| may(person)).cloned())
    }

    fn pack_of_duty(&self, incident: &Incident, state: &DutyState) -> Option<&Pack> {
        match &state.duty.pack {
            Some(pack) => self.editions_of(incident.opening.as_ref()?.unit).get(pack),
            None => self.pack_of_incident(incident).ok(),
        }
    }

    /// How many days before the limit of a duty its policy wants somebody told.
    fn reminders_of(&self, incident: &Incident, state: &DutyState) -> &[u32] {
        let pack = self.pack_of_duty(incident, state);
        pack.and_then(|pack| pack.obligation(&state.duty.rule)).map_or(&[], |rule| rule.remind.as_slice())
    }

    fn capacity_of(&self, incident: &Incident, state: &DutyState) -> Option<Capacity> {
        let pack = self.pack_of_duty(incident, state)?;
        let rule = pack.obligation(&state.duty.rule)?;
        Some(pack.role(&rule.actor)?.capacity)
    }

    fn clause_of(&self, incident: &Incident, state: &DutyState) -> String {
        let pack = self.pack_of_duty(incident, state);
        let first = state.duty.clauses.first();
        let cite = pack.zip(first).and_then(|(pack, id)| pack.clause(id)).map(|clause| clause.cite.clone());
        cite.unwrap_or_else(|| state.duty.rule.to_string())
    }
}

/// Works incidents itself: then whoever leads does what this role owes.
const fn works(capacity: Capacity) -> bool {
    matches!(
        capacity,
        Capacity::LocalOfficer | Capacity::ChiefOfficer | Capacity::PrivacyOfficer | Capacity::Investigator
    )
}

/// The limit of an open duty, and when somebody is told of it. What is late already when it becomes known is seen by
/// whoever made it known.
fn warned_at(state: &DutyState, now: Instant) -> Option<(Instant, Instant)> {
    let late = state.duty.due.late_after.filter(|_| state.met.is_none())?;
    let left = late.seconds_since(now);
    (left > 0).then(|| (late, late.plus_seconds(-AHEAD_SECONDS.min(left / 2))))
}

/// The reminders that are still to come, each well before the alarm: what is left to the last day is told by that alone.
fn reminded_at(days: &[u32], late: Instant, alarm: Instant, now: Instant) -> Vec<(u32, Instant)> {
    let at = |days: &u32| (*days, days_before(late, *days));
    days.iter().map(at).filter(|(_, at)| *at > now && *at < alarm).collect()
}

fn days_before(late: Instant, days: u32) -> Instant {
    late.plus_seconds(-86_400 * i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incident::{DueDate, Duty};
    use domain::text::Line;

    #[test]
    fn a_limit_is_told_a_day_before_or_halfway() {
        let now = Instant::from_micros(1_792_000_000_000_000);
        let state = |late: Option<i64>| {
            let late_after = late.map(|seconds| now.plus_seconds(seconds));
            let due = DueDate { by: late_after, day: None, late_after, since: Some(now), arithmetic: Line::dash() };
            let duty = Duty {
                rule: ObligationId::parse("O1").expect("a name"),
                title: Line::dash(),
                owed_by: Line::dash(),
                clauses: Vec::new(),
                due,
                pack: None,
                blocks: Vec::new(),
            };
            DutyState { duty, opened_at: now, met: None }
        };
        let told = |late| warned_at(&state(late), now).map(|(_, at)| at.seconds_since(now));
        assert_eq!(told(Some(30 * 86_400)), Some(29 * 86_400));
        assert_eq!(told(Some(72 * 3_600)), Some(48 * 3_600));
        assert_eq!(told(Some(24 * 3_600)), Some(12 * 3_600));
        assert_eq!(told(Some(3_600)), Some(1_800));
        assert_eq!(told(Some(-60)), None, "late already");
        assert_eq!(told(None), None, "never late");
    }

    #[test]
    fn a_policy_wants_somebody_told_earlier_where_there_is_time() {
        let now = Instant::from_micros(1_792_000_000_000_000);
        let day = 86_400;
        let told = |left: i64| {
            let late = now.plus_seconds(left);
            let reminders = reminded_at(&[7, 1], late, late.plus_seconds(-day), now);
            reminders.into_iter().map(|(days, at)| (days, at.seconds_since(now))).collect::<Vec<_>>()
        };
        assert_eq!(told(30 * day), [(7, 23 * day)], "the last day has its alarm");
        assert_eq!(told(6 * day), [], "seven days before has passed");
    }
}
