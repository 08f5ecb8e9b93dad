//! Telling people: the officers who get a report, those whom the policy wants told besides, and the reporter.

use crate::mail::Letter;
use crate::routing::Told;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{ReportId, TenantId, UnitId};
use domain::pack::{Capacity, Language};
use domain::permission::{Action, Grant, Reading, allows};
use domain::report::{Report, Standing};
use domain::time::Instant;
use journal::Lookup;
use store::{Change, CommitError, Refused, Remembered};

impl App {
    pub(super) async fn tell_about_report(&self, tenant: TenantId, id: ReportId) -> Result<(), Trouble> {
        let report = self.load_report(&Reading::by_the_product(id.into(), tenant)).await?.state;
        let Some(filed) = &report.filed else { return Ok(()) };
        if !matches!(report.standing, Standing::Waiting | Standing::Asked) {
            return Ok(());
        }
        let now = self.now();
        let pack = self.pack_of_report(&report)?;
        let unit = report.handling_unit.unwrap_or(filed.submission.unit);
        let to = self.recipient_of(pack, &report, unit, now);
        let facts = self.facts_of_report(&report, pack);
        let besides = self.routing_without(pack, unit, &facts, now, (None, &report.kept_from())).besides;
        let place = self.name_of_unit(unit);
        let desk = to.id.as_ref().and_then(|id| pack.role(id)).is_some_and(|role| role.capacity == Capacity::HelpDesk);
        let list = if desk { "desk" } else { "inbox" };
        let link = format!("{}/{list}/{}", self.settings().public_address, filed.submission.reference);
        // What goes to an address outside is the message that was made when the report was filed, word for word.
        let notices = report.routed.as_ref().map(|routed| routed.notices.as_slice()).unwrap_or_default();
        let outside: Vec<&str> = notices.iter().filter_map(|n| n.address.as_ref()).map(|a| a.as_str()).collect();
        let mut all: Vec<Told> = std::iter::once(to).chain(besides).collect();
        for told in all.iter_mut().skip(1).filter(|told| told.mailbox.is_some()) {
            told.mailbox = told.mailbox.take().filter(|mailbox| !outside.contains(&mailbox.as_str()));
        }
        let mut change = Change::default();
        for notice in notices {
            let Some(address) = &notice.address else { continue };
            let letter = Letter {
                to: address.to_string(),
                subject: format!("Notice - {place} - {}", filed.submission.reference),
                words: format!("{}\n", notice.words),
                language: Language::English,
            };
            change.mail.push(self.letter(tenant, &letter, now)?);
        }
        let addresses = self.addresses_that_may_know(&report, tenant, &all).await?;
        if addresses.is_empty() && !self.somebody_decides(unit, tenant, &report.kept_from(), now) {
            self.tell_those_who_give_roles(&mut change, &report, tenant, &place, now)?;
        }
        for address in addresses {
            let letter = Letter {
                to: address,
                subject: format!("New report waiting - {place} - please open within 15 minutes"),
                words: format!(
                    "1 new report is waiting for {place}.\n\nOpen it: {link}\n\nSign in to read it. This message holds nothing about it.\n"
                ),
                language: Language::English,
            };
            change.mail.push(self.letter_about(tenant, &letter, id.into(), now)?);
        }
        if change.mail.is_empty() {
            return Ok(());
        }
        self.commit_once(change, &format!("tell/{id}/{}", report.version)).await
    }

    /// The addresses of these people, each once, without those who must not learn of the report.
    pub(super) async fn addresses_that_may_know(
        &self,
        report: &Report,
        tenant: TenantId,
        told: &[Told],
    ) -> Result<Vec<String>, Trouble> {
        let excluded = self.store().exclusions(report.id.into()).await?;
        let directory = self.directory();
        let kept_out: Vec<&str> = directory
            .people_of(tenant)
            .into_iter()
            .filter(|p| excluded.contains(&p.id))
            .map(|p| p.profile.email.as_str())
            .collect();
        let people = told.iter().flat_map(|told| &told.people).map(|person| person.profile.email.clone());
        let mut addresses: Vec<String> = people.chain(told.iter().filter_map(|told| told.mailbox.clone())).collect();
        // A mailbox that the policy prints may be a person's own.
        addresses.retain(|address| !kept_out.contains(&address.as_str()));
        addresses.sort();
        addresses.dedup();
        Ok(addresses)
    }

    /// Nobody is left who may decide about a report: whoever gives roles is told that somebody is needed, and nothing else.
    fn tell_those_who_give_roles(
        &self,
        change: &mut Change,
        report: &Report,
        tenant: TenantId,
        place: &str,
        now: Instant,
    ) -> Result<(), Trouble> {
        let directory = self.directory();
        let out = report.kept_from();
        let keeps = |grants: &[Grant]| {
            grants.iter().any(|grant| grant.holds(now) && allows(grant.role, Action::Administer, Section::Officer))
        };
        let people = directory.people_of(tenant).into_iter().filter(|p| p.active && !out.contains(&p.id));
        for person in people.filter(|person| keeps(&directory.grants_of(person.id))) {
            let letter = Letter {
                to: person.profile.email.clone(),
                subject: format!("Somebody is needed for {place}"),
                words: format!(
                    "Something waits for {place}, and nobody is there who may decide about it.\n\nGive somebody the role \
                     of security officer there: {}/admin/people\n\nThis message holds nothing about it.\n",
                    self.settings().public_address
                ),
                language: Language::English,
            };
            change.mail.push(self.letter_about(tenant, &letter, report.id.into(), now)?);
        }
        Ok(())
    }

    /// What a unit is called in mail.
    pub(super) fn name_of_unit(&self, unit: UnitId) -> String {
        self.directory().unit(unit).map(|u| u.profile.name.en.clone()).unwrap_or_default()
    }

    /// Commits the mail of a job that may run twice: the second time nothing is written.
    pub(crate) async fn commit_once(&self, mut change: Change, key: &str) -> Result<(), Trouble> {
        let key = self.lookup(Lookup::Idempotency, key.as_bytes())?;
        change.remember = Some(Remembered { key, request: key, answer: Vec::new() });
        match self.store().commit(change).await {
            Ok(_) | Err(CommitError::Refused(Refused::Repeated(_))) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    pub(super) async fn tell_reporter(&self, tenant: TenantId, id: ReportId) -> Result<(), Trouble> {
        let report = self.load_report(&Reading::by_the_product(id.into(), tenant)).await?.state;
        let Some(filed) = report.filed.as_ref().filter(|_| report.link_ended.is_none()) else { return Ok(()) };
        let Some(address) = report.reporter.as_ref().and_then(|r| r.email.as_ref()) else { return Ok(()) };
        let now = self.now();
        let language = filed.submission.language;
        let reference = filed.submission.reference;
        let status = format!("{}/status", self.settings().public_address);
        let (subject, words) = match language {
            Language::English => (
                format!("About your report {reference}"),
                format!(
                    "There is something new on your status page.\n\nOpen the private link on your receipt, or go to {status}\nwith your reference and code. We will never ask for your password.\n"
                ),
            ),
            Language::Spanish => (
                format!("Sobre su informe {reference}"),
                format!(
                    "Hay algo nuevo en su página de estado.\n\nAbra el enlace privado de su recibo, o vaya a {status}\ncon su referencia y código. Nunca le pediremos su contraseña.\n"
                ),
            ),
        };
        let letter = Letter { to: address.to_string(), subject, words, language };
        let mail = vec![self.letter(tenant, &letter, now)?];
        self.commit_once(Change { mail, ..Change::default() }, &format!("tell-reporter/{id}/{}", report.version)).await
    }
}
