//! Telling people: the officers who get a report, those whom the policy wants told besides, and the reporter.

use crate::directory::{Directory, Person};
use crate::mail::Letter;
use crate::words::words_of;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{ReportId, TenantId, UnitId};
use domain::incident::FactValue;
use domain::pack::{Answer, Capacity, Facts, Language, Moment, Pack, RoleId, Start};
use domain::permission::{Action, Reading, allows};
use domain::report::{Report, Standing};
use domain::time::Instant;
use journal::Lookup;
use store::{Change, CommitError, Refused, Remembered};

/// Where a report goes: the roles that are told, each with the people who hold it now.
#[derive(Clone, Debug)]
pub struct Routing {
    /// The role that decides about the report, after fallbacks.
    pub to: Told,
    /// The roles told besides.
    pub besides: Vec<Told>,
}

/// A role that is told, and who holds it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The role; `None` when the policy names no recipient.
    pub id: Option<RoleId>,
    /// Whether its holders read the inbox themselves, so that a filed report has reached them.
    pub reads_inbox: bool,
    /// The role's title.
    pub role: domain::pack::Words,
    /// The people who hold it; empty for a role outside the product.
    pub people: Vec<Person>,
    /// An address that the policy itself prints.
    pub mailbox: Option<String>,
}

impl App {
    /// Where a report of this unit with these facts goes, as the pack says: first choice, then its fallbacks.
    pub fn routing(&self, pack: &Pack, unit: UnitId, facts: &Facts, now: Instant) -> Routing {
        let directory = self.directory();
        let route = pack.routes.iter().find(|route| facts.satisfy(&route.when));
        let to = route.map_or_else(
            || Told { id: None, reads_inbox: false, role: pack.agency.clone(), people: Vec::new(), mailbox: None },
            |route| told(&directory, pack, &route.to, unit, now, true),
        );
        let notices = pack.notices.iter().filter(|n| n.on == Moment::ReportReceived && facts.satisfy(&n.when));
        let besides = notices.map(|n| told(&directory, pack, &n.to, unit, now, false)).collect();
        Routing { to, besides }
    }

    /// Roles in whose inbox a report lies from the moment it is filed.
    pub fn told_at_filing(&self, pack: &Pack, unit: UnitId, facts: &Facts, at: Instant) -> Vec<RoleId> {
        let routing = self.routing(pack, unit, facts, at);
        let all = std::iter::once(routing.to).chain(routing.besides);
        all.filter(|told| told.reads_inbox).filter_map(|told| told.id).collect()
    }

    /// The facts that a report's answers make true.
    pub fn facts_of_report(&self, report: &Report, pack: &Pack) -> Facts {
        let Some(filed) = &report.filed else { return Facts::default() };
        let mut facts = Facts::default().with(Moment::ReportReceived, Start::At(filed.at));
        for answer in crate::triage::facts_of(&filed.submission, pack) {
            if answer.answer == FactValue::Yes {
                facts = facts.answered(answer.fact, Answer::Yes);
            }
        }
        facts
    }

    pub(super) async fn tell_about_report(&self, tenant: TenantId, id: ReportId) -> Result<(), Trouble> {
        let report = self.load_report(&Reading::by_the_product(id.into(), tenant)).await?.state;
        let Some(filed) = &report.filed else { return Ok(()) };
        if !matches!(report.standing, Standing::Waiting | Standing::Asked) {
            return Ok(());
        }
        let now = self.now();
        let pack = self.pack_of_report(&report)?;
        let unit = report.handling_unit.unwrap_or(filed.submission.unit);
        let routing = self.routing(pack, unit, &self.facts_of_report(&report, pack), now);
        let place = self.name_of_unit(unit);
        let link = format!("{}/inbox/{}", self.settings().public_address, filed.submission.reference);
        let all: Vec<Told> = std::iter::once(routing.to).chain(routing.besides).collect();
        let mut change = Change::default();
        for address in self.addresses_that_may_know(&report, tenant, &all).await? {
            let letter = Letter {
                to: address,
                subject: format!("New report waiting - {place} - please open within 15 minutes"),
                words: format!(
                    "1 new report is waiting for {place}.\n\nOpen it: {link}\n\nSign in to read it. This message holds nothing about it.\n"
                ),
                language: Language::English,
            };
            change.mail.push(self.letter(tenant, &letter, now)?);
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
            .filter(|p| excluded.contains(&p.id) || named_in(report, &p.profile.name))
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

    /// What a unit is called in mail.
    pub(super) fn name_of_unit(&self, unit: UnitId) -> String {
        self.directory().unit(unit).map(|u| u.profile.name.en.clone()).unwrap_or_default()
    }

    /// The people who hold a role for a unit now, or the address that the policy prints for it; nobody stands in.
    pub(super) fn holders_of(&self, pack: &Pack, role: &RoleId, unit: UnitId, now: Instant) -> Told {
        told(&self.directory(), pack, role, unit, now, false)
    }

    /// Commits the mail of a job that may run twice: the second time nothing is written.
    pub(super) async fn commit_once(&self, mut change: Change, key: &str) -> Result<(), Trouble> {
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

/// Whoever bears a name that stands in the report may be its subject: nobody is tipped off before a person looked.
fn named_in(report: &Report, name: &str) -> bool {
    let Some(filed) = &report.filed else { return false };
    let said = filed.submission.affected.as_ref().map(|n| n.as_str()).unwrap_or_default();
    let names = words_of(name);
    !names.is_empty() && names.is_subset(&words_of(said))
}

fn told(directory: &Directory, pack: &Pack, role: &RoleId, unit: UnitId, now: Instant, fall_back: bool) -> Told {
    let mut next = pack.roles.iter().find(|r| r.id == *role);
    let mut seen = Vec::new();
    while let Some(role) = next.filter(|r| !seen.contains(&&r.id)) {
        let people: Vec<&Person> = match role.capacity {
            Capacity::WorkforceMember | Capacity::Outside => Vec::new(),
            capacity => directory.holders(capacity, unit, now),
        };
        let mailbox = role.reach.as_ref().and_then(|reach| reach.mail.clone());
        if !people.is_empty() || mailbox.is_some() || !fall_back || role.falls_back_to.is_none() {
            let reads_inbox = !people.is_empty() && allows(role.capacity, Action::ReadInbox, Section::Report);
            let people = people.into_iter().cloned().collect();
            return Told { id: Some(role.id.clone()), reads_inbox, role: role.title.clone(), people, mailbox };
        }
        seen.push(&role.id);
        next = role.falls_back_to.as_ref().and_then(|id| pack.roles.iter().find(|r| r.id == *id));
    }
    Told { id: None, reads_inbox: false, role: pack.agency.clone(), people: Vec::new(), mailbox: None }
}
