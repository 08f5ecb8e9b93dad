//! Where a report goes when it is filed: whom the policy names first, who stands in while they are away or the office is
//! vacant, whom the reporter chose instead, and who is told besides.

use crate::directory::{Directory, Person};
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, UnitId};
use domain::incident::FactValue;
use domain::pack::{Answer, Capacity, Facts, Moment, Notice, Pack, Role, RoleId, Route, Start};
use domain::permission::{Action, allows};
use domain::report::{Prepared, Report, Routed, Submission, Why};
use domain::text::{Line, Note};
use domain::time::Instant;

/// Where a report goes: the roles that are told, each with the people who hold it now.
#[derive(Clone, Debug)]
pub struct Routing {
    /// Whom the policy names first; `None` when it names no recipient.
    pub first: Option<RoleId>,
    /// The role that gets the report.
    pub to: Told,
    /// Why it goes there.
    pub why: Why,
    /// The roles told besides.
    pub besides: Vec<Told>,
}

/// A role that is told, and who holds it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The role; `None` when the policy names no recipient.
    pub id: Option<RoleId>,
    /// Whether its holders find the report on a list of theirs, so that a filed report has reached them.
    pub reads_inbox: bool,
    /// The role's title.
    pub role: domain::pack::Words,
    /// The people who hold it and are there; empty for a role outside the product.
    pub people: Vec<Person>,
    /// An address that the policy prints or the agency keeps.
    pub mailbox: Option<String>,
}

/// A recipient that a reporter may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The role.
    pub to: RoleId,
    /// What the reporter reads beside it.
    pub says: domain::pack::Words,
}

/// Who may be chosen for a report, the one who gets it unless another is chosen first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Everybody who may be chosen; empty where the policy offers no choice.
    pub all: Vec<Choice>,
    /// The first choice of the policy, when it is not there: their title and the last day of their absence, if they are
    /// away for a time.
    pub away: Option<(domain::pack::Words, Option<jiff::civil::Date>)>,
}

impl App {
    /// Where a report of this unit with these facts goes, as the pack says: first choice, then its fallbacks; or whom
    /// the reporter chose among those whom the pack offers.
    pub fn routing(&self, pack: &Pack, unit: UnitId, facts: &Facts, now: Instant, chosen: Option<&RoleId>) -> Routing {
        self.routing_without(pack, unit, facts, now, (chosen, &[]))
    }

    /// The same past people who are kept from the report: to the route they are not there.
    pub(crate) fn routing_without(
        &self,
        pack: &Pack,
        unit: UnitId,
        facts: &Facts,
        now: Instant,
        (chosen, out): (Option<&RoleId>, &[AccountId]),
    ) -> Routing {
        let directory = self.directory();
        let at = Standing { directory: &directory, pack, unit, now, out };
        let notices = notices(pack, facts);
        let besides = notices.map(|n| at.told(pack.role(&n.to), false)).collect();
        let Some(route) = route(pack, facts) else {
            return Routing { first: None, to: nobody(pack), why: Why::Named, besides };
        };
        let first = Some(route.to.clone());
        if let Some(offer) = chosen.and_then(|id| route.offers.iter().find(|offer| offer.to == *id)) {
            let to = at.told(pack.role(&offer.to), true);
            return Routing { first, to: at.listed(to), why: Why::Chosen, besides };
        }
        let to = at.told(pack.role(&route.to), true);
        let why = match &to.id {
            Some(id) if *id != route.to && pack.role(&route.to).is_some_and(|role| at.kept_out(role)) => Why::Involved,
            Some(id) if *id != route.to => {
                let away = pack.role(&route.to).is_some_and(|role| at.people(role).1);
                if away { Why::Away } else { Why::Vacant }
            }
            _ => Why::Named,
        };
        Routing { first, to: at.listed(to), why, besides }
    }

    /// Whom a reporter may choose for a report of this unit with these facts. Where the first is away and nobody acts
    /// for them, those who are there come first.
    pub fn recipients_offered(&self, pack: &Pack, unit: UnitId, facts: &Facts, now: Instant) -> Choices {
        let directory = self.directory();
        let Some(route) = route(pack, facts).filter(|route| !route.offers.is_empty()) else {
            return Choices { all: Vec::new(), away: None };
        };
        let at = Standing { directory: &directory, pack, unit, now, out: &[] };
        let named = Choice { to: route.to.clone(), says: route.says.clone() };
        let mut all: Vec<Choice> = vec![named];
        all.extend(route.offers.iter().map(|o| Choice { to: o.to.clone(), says: o.says.clone() }));
        let role = pack.role(&route.to);
        let there = role.is_some_and(|role| !at.people(role).0.is_empty() || at.mail(role).is_some());
        let away = role.filter(|_| !there).map(|role| (role.title.clone(), at.back_on(role)));
        if away.is_some() {
            all.rotate_left(1);
        }
        Choices { all, away }
    }

    /// Roles in whose list a report lies from the moment it is filed.
    pub fn told_at_filing(&self, pack: &Pack, unit: UnitId, facts: &Facts, at: Instant) -> Vec<RoleId> {
        told_of(&self.routing(pack, unit, facts, at, None))
    }

    /// The facts that a report's answers make true.
    pub fn facts_of_report(&self, report: &Report, pack: &Pack) -> Facts {
        report
            .filed
            .as_ref()
            .map_or_else(Facts::default, |filed| facts_of_submission(&filed.submission, pack, filed.at))
    }

    /// What the record says about where a report goes.
    pub(crate) fn routed(
        &self,
        pack: &Pack,
        said: &Submission,
        now: Instant,
        (chosen, out): (Option<&RoleId>, &[AccountId]),
    ) -> Result<Routed, Trouble> {
        let directory = self.directory();
        let unit = said.handling_unit;
        let facts = facts_of_submission(said, pack, now);
        let routing = self.routing_without(pack, unit, &facts, now, (chosen, out));
        let told = told_of(&routing);
        let at = Standing { directory: &directory, pack, unit, now, out };
        let copies = routing.first.iter().filter(|first| Some(*first) != routing.to.id.as_ref()).filter(|first| {
            let role = pack.role(first);
            role.is_some_and(|r| allows(r.capacity, Action::ReadInbox, Section::Report) && !at.holders(r).is_empty())
        });
        let mut prepared = Vec::new();
        for notice in notices(pack, &facts) {
            let Some(role) = pack.role(&notice.to) else { continue };
            let address = at.mail(role);
            // Whoever has a list in the product sees the report there.
            if address.is_none() && !at.people(role).0.is_empty() {
                continue;
            }
            let words = self.words_of_notice(pack, notice, said, now)?;
            prepared.push(Prepared { notice: notice.id.clone(), role: role.id.clone(), address, words });
        }
        let agency = directory.unit(said.unit).and_then(|unit| directory.agency(unit.tenant));
        let left_out = agency.and_then(|agency| {
            let today = now.day_in(&agency.profile.zone);
            agency.register.left_out_on(&directory.ancestry(said.unit), today)
        });
        Ok(Routed {
            first: routing.first.clone(),
            to: routing.to.id.clone(),
            why: routing.why,
            copies: copies.cloned().collect(),
            told,
            notices: prepared,
            urgent: notices(pack, &facts).any(|notice| notice.urgent),
            voluntary: left_out.map(|entry| entry.reference.clone()),
        })
    }

    /// A message that goes outside holds what its reader needs to call back, and nothing that was said.
    fn words_of_notice(&self, pack: &Pack, notice: &Notice, said: &Submission, now: Instant) -> Result<Note, Trouble> {
        let directory = self.directory();
        let unit = directory.unit(said.unit);
        let agency = unit.and_then(|unit| directory.agency(unit.tenant));
        let name = unit.map(|unit| unit.profile.name.en.as_str()).unwrap_or_default();
        let phone =
            unit.and_then(|unit| unit.profile.phone.clone()).or_else(|| agency.map(|a| a.profile.phone.clone()));
        let zone = agency.map_or_else(domain::time::Zone::utc, |agency| agency.profile.zone.clone());
        let at = now.in_zone(&zone).strftime("%Y-%m-%d %H:%M").to_string();
        let cite = notice.clauses.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default();
        let title = pack.obligation(&notice.meets).map(|rule| rule.title.clone()).unwrap_or_default();
        let words = format!(
            "{name}: report {} was received on {at}.\n{title} ({cite}).\nFor particulars call {}. This message holds none.",
            said.reference,
            phone.unwrap_or_default()
        );
        Note::parse(&words).map_err(|e| Trouble::fault("writing a notice", e))
    }

    /// The people who hold a role for a unit now and are there, or the address at which it is reached; nobody stands in.
    pub(crate) fn holders_of(&self, pack: &Pack, role: &RoleId, unit: UnitId, now: Instant, out: &[AccountId]) -> Told {
        let directory = self.directory();
        Standing { directory: &directory, pack, unit, now, out }.told(pack.role(role), false)
    }

    /// Who gets a report now that was filed earlier: the role that it was sent to, or who stands in for it.
    pub(crate) fn recipient_of(&self, pack: &Pack, report: &Report, unit: UnitId, now: Instant) -> Told {
        let directory = self.directory();
        let out = report.kept_from();
        let at = Standing { directory: &directory, pack, unit, now, out: &out };
        // Handed to another unit, it begins again with whom the policy names there.
        let moved = report.filed.as_ref().is_some_and(|filed| filed.submission.handling_unit != unit);
        match report.routed.as_ref().filter(|_| !moved).and_then(|routed| routed.to.as_ref()) {
            Some(role) => at.told(pack.role(role), true),
            None => self.routing_without(pack, unit, &self.facts_of_report(report, pack), now, (None, &out)).to,
        }
    }
}

/// The facts that answers make true or false.
pub fn facts_of_submission(said: &Submission, pack: &Pack, at: Instant) -> Facts {
    let known = crate::triage::facts_of(said, pack).into_iter();
    known.fold(Facts::default().with(Moment::ReportReceived, Start::At(at)), |facts, known| {
        let answer = match known.answer {
            FactValue::Yes => Answer::Yes,
            FactValue::No => Answer::No,
            FactValue::Unknown => Answer::Unknown,
            FactValue::Count(n) => Answer::Count(n),
        };
        facts.answered(known.fact, answer)
    })
}

fn route<'a>(pack: &'a Pack, facts: &Facts) -> Option<&'a Route> {
    pack.routes.iter().find(|route| facts.satisfy(&route.when))
}

fn notices<'a>(pack: &'a Pack, facts: &'a Facts) -> impl Iterator<Item = &'a Notice> {
    pack.notices.iter().filter(|n| n.on == Moment::ReportReceived && facts.satisfy(&n.when))
}

fn told_of(routing: &Routing) -> Vec<RoleId> {
    let all = std::iter::once(&routing.to).chain(&routing.besides);
    all.filter(|told| told.reads_inbox).filter_map(|told| told.id.clone()).collect()
}

fn nobody(pack: &Pack) -> Told {
    Told { id: None, reads_inbox: false, role: pack.agency.clone(), people: Vec::new(), mailbox: None }
}

/// One policy at one unit at one moment.
struct Standing<'a> {
    directory: &'a Directory,
    pack: &'a Pack,
    unit: UnitId,
    now: Instant,
    /// People who are kept from the report.
    out: &'a [AccountId],
}

impl Standing<'_> {
    /// Everybody who holds a role here.
    fn holders(&self, role: &Role) -> Vec<&Person> {
        match role.capacity {
            Capacity::WorkforceMember | Capacity::Outside => Vec::new(),
            capacity => self.upwards(|unit| self.directory.holders(capacity, unit, self.now)),
        }
    }

    /// Those of the nearest unit upwards in which some are left who may learn of the report.
    fn upwards<'d>(&self, of: impl Fn(UnitId) -> Vec<&'d Person>) -> Vec<&'d Person> {
        if self.out.is_empty() {
            return of(self.unit);
        }
        for level in self.directory.ancestry(self.unit) {
            let mut people = of(level);
            people.retain(|person| !self.out.contains(&person.id));
            if !people.is_empty() {
                return people;
            }
        }
        Vec::new()
    }

    /// Whether somebody holds this role here who is kept from the report.
    fn kept_out(&self, role: &Role) -> bool {
        let open = Standing { out: &[], ..*self };
        open.holders(role).iter().any(|person| self.out.contains(&person.id))
    }

    /// Those who are there, and whether all of some are away.
    fn people(&self, role: &Role) -> (Vec<&Person>, bool) {
        match role.capacity {
            Capacity::WorkforceMember | Capacity::Outside => (Vec::new(), false),
            capacity if self.out.is_empty() => self.directory.present(capacity, self.unit, self.now),
            capacity => {
                let away = self.directory.present(capacity, self.unit, self.now).1;
                (self.upwards(|unit| self.directory.present(capacity, unit, self.now).0), away)
            }
        }
    }

    /// The address of a role on this day: the agency's, else the one that the policy prints.
    fn mail(&self, role: &Role) -> Option<Line<254>> {
        let agency = self.directory.unit(self.unit).and_then(|unit| self.directory.agency(unit.tenant));
        let kept = agency.and_then(|agency| {
            let today = self.now.day_in(&agency.profile.zone);
            agency.register.mail_of(&role.id, &self.directory.ancestry(self.unit), today).cloned()
        });
        let printed = || role.reach.as_ref().and_then(|reach| reach.mail.as_deref()).and_then(|m| Line::parse(m).ok());
        kept.or_else(printed)
    }

    /// The last day of the absence that keeps a role from being there, when all who hold it are away.
    fn back_on(&self, role: &Role) -> Option<jiff::civil::Date> {
        let agency = self.directory.unit(self.unit).and_then(|unit| self.directory.agency(unit.tenant))?;
        let today = self.now.day_in(&agency.profile.zone);
        let away = self.holders(role).into_iter().filter_map(|p| agency.register.away_on(p.id, today));
        away.map(|absence| absence.until).min()
    }

    /// A role with who holds it and is there; with `fall_back` the first in its chain that somebody answers for.
    fn told(&self, first: Option<&Role>, fall_back: bool) -> Told {
        let mut next = first;
        let mut seen = Vec::new();
        while let Some(role) = next.filter(|r| !seen.contains(&&r.id)) {
            let last = !fall_back || role.falls_back_to.is_none();
            // Where nobody stands in, those who are away are told all the same.
            let people = match self.people(role) {
                (_, true) if last => self.holders(role),
                (here, _) => here,
            };
            let mailbox = self.mail(role).map(|mail| mail.to_string());
            if !people.is_empty() || mailbox.is_some() || last {
                let reads_inbox = !people.is_empty() && allows(role.capacity, Action::ReadInbox, Section::Report);
                let people = people.into_iter().cloned().collect();
                return Told { id: Some(role.id.clone()), reads_inbox, role: role.title.clone(), people, mailbox };
            }
            seen.push(&role.id);
            next = role.falls_back_to.as_ref().and_then(|id| self.pack.role(id));
        }
        nobody(self.pack)
    }

    /// Whoever a report is addressed to has it on a list of theirs, the help desk on its own.
    fn listed(&self, to: Told) -> Told {
        let capacity = to.id.as_ref().and_then(|id| self.pack.role(id)).map(|role| role.capacity);
        let takes = capacity.is_some_and(|capacity| allows(capacity, Action::TakeAddressed, Section::Report));
        Told { reads_inbox: to.reads_inbox || (takes && !to.people.is_empty()), ..to }
    }
}
