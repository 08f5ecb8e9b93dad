//! A report that nobody opens goes on to the next person in its route, again and again until somebody does.

use super::Work;
use crate::mail::Letter;
use crate::routing::Told;
use crate::{App, Trouble};
use domain::ids::{AccountId, ReportId, TenantId, UnitId};
use domain::pack::{Capacity, Language, Pack};
use domain::permission::Reading;
use domain::report::{Report, Standing};
use domain::time::Instant;
use store::{Change, NewJob};

/// One step along the route of a report that nobody has opened since it was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The agency.
    pub tenant: TenantId,
    /// The report.
    pub report: ReportId,
    /// Since when it waits: when it was filed, or handed to its present unit.
    pub since: Instant,
    /// Counts the steps, from 1.
    pub number: u8,
}

impl App {
    /// The job that looks, after the agency's patience, whether somebody has opened a report.
    pub(crate) fn watch(&self, step: Step, minutes: u16) -> Result<NewJob, Trouble> {
        let wait = i64::from(minutes) * 60 * i64::from(step.number);
        let Step { tenant, report, since, number } = step;
        self.job(&Work::PassOn { tenant, report, since, number }, since.plus_seconds(wait))
    }

    /// Tells the next in the route when nobody has opened the report, and watches on.
    pub(super) async fn pass_on(&self, step: Step) -> Result<(), Trouble> {
        let report = self.load_report(&Reading::by_the_product(step.report.into(), step.tenant)).await?.state;
        if !waits_unread(&report, step.since) {
            return Ok(());
        }
        let Some(filed) = &report.filed else { return Ok(()) };
        let now = self.now();
        let pack = self.pack_of_report(&report)?;
        let unit = report.handling_unit.unwrap_or(filed.submission.unit);
        let first = self.recipient_of(pack, &report, unit, now);
        let route = self.people_along_route(pack, unit, first, (now, &report.kept_from()));
        let number = usize::from(step.number);
        let (Some(next), Some(before)) = (route.get(number), route.get(..number)) else { return Ok(()) };
        let minutes = self.local_values(step.tenant).open_within_minutes;
        let before: Vec<&str> = before.iter().flatten().map(|told| told.role.en.as_str()).collect();
        let place = self.name_of_unit(unit);
        let waited = u32::from(minutes) * u32::from(step.number);
        let link = format!("{}/inbox/{}", self.settings().public_address, filed.submission.reference);

        let mut change = Change::default();
        for told in next {
            let ask = if told.reads_inbox {
                format!("Open it: {link}\n\nSign in to read it. This message holds nothing about it.")
            } else {
                "Please see to it, by telephone, that one of them opens it. This message holds nothing about it."
                    .to_owned()
            };
            for to in self.addresses_that_may_know(&report, step.tenant, std::slice::from_ref(told)).await? {
                let letter = Letter {
                    to,
                    subject: format!("Report not opened for {waited} minutes - {place} - please see to it now"),
                    words: format!(
                        "1 report for {place} has waited {waited} minutes, and nobody has opened it.\n\
                         Told before you: {}.\n\n{ask}\n",
                        before.join(", ")
                    ),
                    language: Language::English,
                };
                change.mail.push(self.letter_about(step.tenant, &letter, step.report.into(), now)?);
            }
        }
        let onward = Step { number: step.number.saturating_add(1), ..step };
        if usize::from(onward.number) < route.len() {
            change.jobs.push(self.watch(onward, minutes)?);
        }
        self.commit_once(change, &format!("pass-on/{}/{}/{}", step.report, step.since.micros(), step.number)).await
    }

    /// Everybody along a report's route, in the order in which they are told: the first who is there, those who stand
    /// in, and the chief officer in the end. Who cannot open reports is told together with the next who can; a role
    /// that nobody new holds is passed over.
    fn people_along_route(
        &self,
        pack: &Pack,
        unit: UnitId,
        first: Told,
        (now, out): (Instant, &[AccountId]),
    ) -> Vec<Vec<Told>> {
        let after = first.id.as_ref().map(|id| pack.fallbacks(id)).unwrap_or_default();
        let chiefs = pack.roles.iter().filter(|role| role.capacity == Capacity::ChiefOfficer);
        let mut known: Vec<AccountId> = first.people.iter().map(|person| person.id).collect();
        let mut mailboxes: Vec<String> = first.mailbox.iter().cloned().collect();
        let (mut route, mut group) = (vec![vec![first]], Vec::new());
        for role in after.into_iter().chain(chiefs) {
            let told = self.holders_of(pack, &role.id, unit, now, out);
            let new_person = told.people.iter().any(|person| !known.contains(&person.id));
            let new_mailbox = told.mailbox.as_ref().is_some_and(|mailbox| !mailboxes.contains(mailbox));
            if !new_person && !new_mailbox {
                continue;
            }
            known.extend(told.people.iter().map(|person| person.id));
            mailboxes.extend(told.mailbox.clone());
            let opens = told.reads_inbox;
            group.push(told);
            if opens {
                route.push(std::mem::take(&mut group));
            }
        }
        route.extend(Some(group).filter(|group| !group.is_empty()));
        route
    }
}

/// Undecided, and opened by nobody since.
fn waits_unread(report: &Report, since: Instant) -> bool {
    let opened = report.opened.is_some_and(|(_, at)| at >= since);
    !opened && matches!(report.standing, Standing::Waiting | Standing::Asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::actor::Actor;
    use domain::report::Event;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_792_000_000_000_000).plus_seconds(seconds)
    }

    fn account(n: u128) -> Actor {
        Actor::Account(AccountId::from(uuid::Uuid::from_u128(n)))
    }

    #[test]
    fn a_report_waits_until_its_present_unit_opens_it() {
        let mut report = Report::empty(ReportId::from(uuid::Uuid::from_u128(1)));
        assert!(waits_unread(&report, at(0)));
        report.apply(&Event::Opened, account(2), at(60));
        assert!(!waits_unread(&report, at(0)));
        report.apply(&Event::HandedTo { unit: UnitId::from(uuid::Uuid::from_u128(3)), note: None }, account(2), at(90));
        assert!(waits_unread(&report, at(90)), "the new unit has not opened it");
        report.apply(&Event::Opened, account(4), at(100));
        assert!(!waits_unread(&report, at(90)));
        assert_eq!(report.readers.len(), 1, "those who handed it on are not its readers any more");
    }
}
