//! Putting a text of policy in force: one administrator proposes it, the office that the policy names approves it where
//! it names one, a second administrator decides. Nothing binds before, and incidents that are open keep their edition.

use super::compare::{Part, compare};
use super::kept::{Authority, Fate, Kept, Text};
use super::reassess::Because;
use super::text::{NotTaken, Sound};
use crate::administration::{held, record::Event};
use crate::directory::Directory;
use crate::packs::Editions;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId};
use domain::pack::{ClauseId, Governing, Pack, PackKind, Role, SeriesId, Status};
use domain::permission::{Action, Allowed, Viewer};
use domain::time::Instant;
use jiff::civil::Date;
use store::{Change, RowChange, TenantRow};

/// What a text would change, for people who have to agree to it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The edition that governs on the text's first day, if there is one.
    pub against: Option<String>,
    /// What would be different.
    pub parts: Vec<Part>,
    /// The units it would bind, by name.
    pub units: Vec<String>,
    /// The agency has no edition of this series yet.
    pub new_series: bool,
    /// The office whose approval the policy asks for.
    pub office: Option<Office>,
    /// The policy under which the reports of these units are taken, and go on being taken because the text is of another
    /// series.
    pub behind: Option<Behind>,
}

/// A policy that stands before a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Behind {
    /// What it is called.
    pub title: String,
    /// What a text has to carry to take its place.
    pub series: SeriesId,
}

/// The office whose approval a policy asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    /// The role, as the policy describes it.
    pub role: Role,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}

/// The office that a change of this series needs: as the editions so far name it, or as the new one does. A text cannot
/// free itself of it by leaving the line out.
fn office(editions: &Editions, series: &SeriesId, new: &Pack) -> Option<Office> {
    let before = editions.all().iter().map(std::convert::AsRef::as_ref).filter(|pack| pack.series == *series);
    before.chain(std::iter::once(new)).find_map(|pack| {
        let role = pack.role(pack.enactment.approved_by.as_ref()?)?.clone();
        Some(Office { role, clauses: pack.enactment.clauses.clone() })
    })
}

fn reasoned(reason: &str) -> Result<String, Trouble> {
    let reason = reason.trim();
    match reason.chars().count() {
        0 => Err(Trouble::Refused("Write why, in a sentence: it goes on record.".to_owned())),
        1..=2_000 => Ok(reason.to_owned()),
        _ => Err(Trouble::Refused("Write the reason in at most 2,000 characters.".to_owned())),
    }
}

impl App {
    /// What a text would change for an agency.
    pub fn preview(&self, tenant: TenantId, pack: &Pack) -> Preview {
        let editions = self.packs().of(tenant);
        let directory = self.directory();
        let first = pack.edition.from.unwrap_or_else(|| self.now().day_in(&self.zone_of(tenant)));
        let governing = match editions.governing(&pack.series, first) {
            Governing::None => None,
            governing => governing.pack().filter(|governing| governing.id != pack.id),
        };
        let bound = |unit: &&crate::directory::Unit| {
            let own = &unit.profile.policies;
            own.is_empty() || own.contains(&pack.series)
        };
        Preview {
            against: governing.map(|pack| pack.title.clone()),
            parts: compare(governing, pack),
            units: directory.units_of(tenant).iter().filter(|u| bound(u)).map(|u| u.profile.name.en.clone()).collect(),
            new_series: !has_series(&directory, tenant, &pack.series),
            office: office(editions, &pack.series, pack),
            behind: behind(editions, &directory, tenant, pack, first),
        }
    }

    /// From which day a text can be in force: the day asked for, else its own, never one that has passed.
    pub fn first_day(&self, tenant: TenantId, pack: &Pack, asked: Option<Date>) -> Result<Date, Trouble> {
        let refused = |words: String| Err(Trouble::Refused(words));
        let today = self.now().day_in(&self.zone_of(tenant));
        let stated = pack.edition.from;
        let from = asked.or(stated.filter(|day| *day >= today)).unwrap_or(today);
        if from < today {
            return refused(
                "A text cannot be put in force for days that have passed. Choose today or a later day.".into(),
            );
        }
        if let Some(stated) = stated.filter(|stated| from < *stated) {
            let day = domain::obligation::say_day(stated);
            return refused(format!(
                "The text says of itself that it is in force from {day}. Choose that day or a later one."
            ));
        }
        if let Some(last) = pack.edition.until.filter(|last| *last < from) {
            let day = domain::obligation::say_day(last);
            return refused(format!("The text says of itself that it ended on {day}. Mend `until` under [edition]."));
        }
        if matches!(pack.edition.status, Status::Proposed | Status::Repealed) {
            return refused("The text says of itself that it is not in force. Mend `status` under [edition].".into());
        }
        Ok(from)
    }

    /// Proposes a text; gives back its digest.
    pub async fn propose_text(
        &self,
        may: &Allowed,
        handed_in: Vec<policy::Source>,
        from: Option<Date>,
        note: &str,
    ) -> Result<String, NotTaken> {
        let sound = self.read_text(handed_in)?;
        self.propose_sound(may, &sound, from, note).await?;
        Ok(sound.digest)
    }

    /// Proposes a text that was read before.
    pub async fn propose_sound(
        &self,
        may: &Allowed,
        sound: &Sound,
        from: Option<Date>,
        note: &str,
    ) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let note = reasoned(note)?;
        let pack = &sound.pack;
        let from = self.first_day(tenant, pack, from)?;
        if let Some((duty, other)) = taken_duty(self.packs().of(tenant), &self.directory(), tenant, pack) {
            return Err(Trouble::Refused(format!(
                "{duty} is the number of a duty of {other} already, which binds the same units. Give the duty a number \
                 that only this text has."
            )));
        }
        let stored = self.store_text(tenant, sound)?;
        let needs = office(self.packs().of(tenant), &pack.series, pack).map(|office| office.role.capacity);
        self.keep(tenant, by, |kept, standing| {
            if self.packs().get(&pack.id).is_some() || kept.waiting().any(|text| text.pack == pack.id) {
                return Err(Trouble::Refused(format!(
                    "{} is the name of a text that is here already, and incidents are worked under that text. Give \
                     the changed text a name of its own: write another `id` under [pack], such as {}-revised.",
                    pack.id, pack.id
                )));
            }
            kept.texts.retain(|text| text.digest != sound.digest);
            kept.texts.push(Text {
                digest: sound.digest.clone(),
                pack: pack.id.clone(),
                series: pack.series.clone(),
                title: pack.title.clone(),
                kind: pack.kind,
                from,
                by: may.by(),
                at: standing.now,
                note: note.clone(),
                needs,
                authority: None,
                fate: Fate::Proposed,
            });
            let event = Event::PackProposed {
                pack: pack.id.clone(),
                title: pack.title.clone(),
                digest: sound.digest.clone(),
                from,
                note: note.clone(),
            };
            Ok((Change { rows: vec![stored.clone()], ..Change::default() }, vec![event]))
        })
        .await
    }

    /// Whether this person holds the office that a waiting text needs, for the agency as a whole.
    pub fn holds_office(&self, viewer: &Viewer, office: &Office) -> bool {
        holds(viewer, office.role.capacity)
    }

    /// Whether a waiting text needs the approval of an office that this person holds.
    pub fn waits_for_office_of(&self, viewer: &Viewer, text: &Text) -> bool {
        let waits = text.fate == Fate::Proposed && text.authority.is_none() && text.by != viewer.account;
        waits && text.needs.is_some_and(|capacity| holds(viewer, capacity))
    }

    /// The office that the policy names approves a waiting text.
    pub async fn authorize_text(
        &self,
        may: &Allowed,
        viewer: &Viewer,
        digest: &str,
        reason: &str,
    ) -> Result<(), Trouble> {
        if may.action() != Action::Enact || may.by() != viewer.account {
            return Err(Trouble::NotFound);
        }
        let tenant = may.tenant();
        let reason = reasoned(reason)?;
        let text = self.kept(tenant).text(digest).cloned().ok_or(Trouble::NotFound)?;
        let (pack, _) = self.pack_of_text(tenant, &text).await?;
        let office = office(self.packs().of(tenant), &pack.series, &pack).ok_or(Trouble::NotFound)?;
        if !self.holds_office(viewer, &office) {
            return Err(Trouble::NotFound);
        }
        self.keep(tenant, Actor::Account(may.by()), |kept, standing| {
            let text = waiting(kept, digest)?;
            let role = office.role.id.clone();
            let event = Event::PackAuthorized {
                pack: text.pack.clone(),
                digest: text.digest.clone(),
                role: role.clone(),
                reason: reason.clone(),
            };
            text.authority = Some(Authority { role, by: may.by(), at: standing.now, reason: reason.clone() });
            Ok((Change::default(), vec![event]))
        })
        .await
    }

    /// A second administrator puts a waiting text in force from its day, or from today where that day has passed.
    pub async fn approve_text(&self, may: &Allowed, digest: &str, reason: &str) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let reason = reasoned(reason)?;
        let text = self.kept(tenant).text(digest).cloned().ok_or(Trouble::NotFound)?;
        let (pack, _) = self.pack_of_text(tenant, &text).await?;
        let office = office(self.packs().of(tenant), &pack.series, &pack);
        self.keep(tenant, by, |kept, standing| {
            let series = pack.series.clone();
            let today = standing.now.day_in(&self.zone_of(tenant));
            let text = waiting(kept, digest)?;
            second(text, may.by())?;
            if let (Some(office), None) = (&office, &text.authority) {
                let clauses: Vec<&str> = office.clauses.iter().map(ClauseId::as_str).collect();
                return Err(Trouble::Refused(format!(
                    "The policy asks for the approval of the {} ({}), and none is on record for this text. Once they \
                     have given it on the page Policy, put the text in force.",
                    office.role.title.en.to_lowercase(),
                    clauses.join(", ")
                )));
            }
            let from = text.from.max(today);
            text.from = from;
            text.fate = Fate::Approved { by: may.by(), at: standing.now, reason: reason.clone() };
            let new_series = !has_series(standing.directory, tenant, &series);
            let event = Event::PackApproved {
                pack: text.pack.clone(),
                digest: text.digest.clone(),
                from,
                reason: reason.clone(),
                new_series,
            };
            let rows = if new_series { vec![bound(standing.directory, tenant, series)?] } else { Vec::new() };
            // On its first day, not before: nothing that is open could meet it sooner.
            let begins = self.zone_of(tenant).start_of_day(from).max(standing.now);
            let jobs = vec![self.reassessing(tenant, Because::Text, begins)?];
            Ok((Change { rows, jobs, ..Change::default() }, vec![event]))
        })
        .await
    }

    /// A second administrator says no to a waiting text.
    pub async fn decline_text(&self, may: &Allowed, digest: &str, reason: &str) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let reason = reasoned(reason)?;
        self.keep(tenant, by, |kept, standing| {
            let text = waiting(kept, digest)?;
            second(text, may.by())?;
            text.fate = Fate::Declined { by: may.by(), at: standing.now, reason: reason.clone() };
            let event =
                Event::PackDeclined { pack: text.pack.clone(), digest: text.digest.clone(), reason: reason.clone() };
            Ok((Change::default(), vec![event]))
        })
        .await
    }

    /// Whoever proposed a text takes it back.
    pub async fn withdraw_text(&self, may: &Allowed, digest: &str) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        self.keep(tenant, by, |kept, standing| {
            let text = waiting(kept, digest)?;
            if text.by != may.by() {
                return Err(Trouble::Refused("Only whoever proposed it takes it back. You can decline it.".to_owned()));
            }
            text.fate = Fate::Withdrawn { at: standing.now };
            let event = Event::PackWithdrawn { pack: text.pack.clone(), digest: text.digest.clone() };
            Ok((Change::default(), vec![event]))
        })
        .await
    }

    /// Somebody who keeps a part of an agency tried to change a rule: the refusal goes on record, and its words say
    /// which clause keeps rules with the agency. Not found for anybody else.
    pub async fn refuse_rules(&self, viewer: &Viewer, what: &str) -> Trouble {
        if !viewer.has(domain::permission::Role::Administrator) {
            return Trouble::NotFound;
        }
        let (words, clauses) = self.rules_stay(viewer.tenant, viewer.now);
        let event = Event::RuleChangeRefused { what: what.to_owned(), clauses };
        let by = Actor::Account(viewer.account);
        let noted = self.administer(viewer.tenant, by, None, |_| Ok((Change::default(), vec![event.clone()]))).await;
        noted.err().unwrap_or(Trouble::Refused(words))
    }

    /// Why units keep no rules of their own, and by which clauses.
    pub fn rules_stay(&self, tenant: TenantId, now: Instant) -> (String, Vec<ClauseId>) {
        let today = now.day_in(&self.zone_of(tenant));
        let series = self.series_of(tenant);
        let editions = self.packs().of(tenant);
        let governing = series.iter().filter_map(|series| editions.governing(series, today).pack());
        let silent = governing.clone().find(|pack| pack.enactment.units_keep_no_rules);
        match silent {
            Some(pack) => {
                let clauses = pack.enactment.clauses.clone();
                let cites: Vec<String> = clauses
                    .iter()
                    .map(|id| pack.clause(id).map_or_else(|| id.to_string(), |clause| format!("{id}, {}", clause.cite)))
                    .collect();
                let words = format!(
                    "Units make no rules, categories or deadlines of their own: they belong to the whole agency ({}). \
                     Ask an administrator of the whole agency.",
                    cites.join("; ")
                );
                (words, clauses)
            }
            None => {
                let words = "Rules, categories and deadlines belong to the whole agency. Ask an administrator of the \
                             whole agency.";
                (words.to_owned(), Vec::new())
            }
        }
    }

    /// The right of an office to approve a text, for the agency as a whole.
    pub fn allow_enacting(&self, viewer: &Viewer) -> Result<Allowed, Trouble> {
        self.allow_administering(viewer, Action::Enact)
    }
}

/// Holds a capacity now, for the agency as a whole.
fn holds(viewer: &Viewer, capacity: domain::pack::Capacity) -> bool {
    viewer.grants.iter().any(|grant| grant.role == capacity && grant.whole_agency && grant.holds(viewer.now))
}

fn waiting<'a>(kept: &'a mut Kept, digest: &str) -> Result<&'a mut Text, Trouble> {
    let known = kept.text(digest).map(|text| text.digest.clone()).ok_or(Trouble::NotFound)?;
    let text = kept.texts.iter_mut().find(|text| text.digest == known).ok_or(Trouble::NotFound)?;
    match text.fate {
        Fate::Proposed => Ok(text),
        _ => Err(Trouble::Refused("This text was decided on meanwhile. The page shows how it stands.".to_owned())),
    }
}

/// Two people answer for a change.
fn second(text: &Text, by: AccountId) -> Result<(), Trouble> {
    let both = text.by == by || text.authority.as_ref().is_some_and(|authority| authority.by == by);
    if both {
        let words = "You proposed or approved this text already. A second administrator decides on it.";
        return Err(Trouble::Refused(words.to_owned()));
    }
    Ok(())
}

/// The policy that takes the reports of the agency before a text of another series does. A law takes none.
fn behind(editions: &Editions, directory: &Directory, tenant: TenantId, pack: &Pack, first: Date) -> Option<Behind> {
    let series = &directory.agency(tenant)?.profile.policies;
    let stands = editions.for_report(series, first)?;
    let other = pack.kind == PackKind::Policy && stands.series != pack.series;
    other.then(|| Behind { title: stands.title.clone(), series: stands.series.clone() })
}

fn has_series(directory: &Directory, tenant: TenantId, series: &SeriesId) -> bool {
    let of_agency = directory.agency(tenant).is_some_and(|agency| agency.profile.policies.contains(series));
    of_agency || directory.units_of(tenant).iter().any(|unit| unit.profile.policies.contains(series))
}

/// A duty that another text of the agency has under the same number. An incident holds each number once, so both texts
/// would answer for one line. Editions of one series follow each other and may share theirs.
fn taken_duty(editions: &Editions, directory: &Directory, tenant: TenantId, new: &Pack) -> Option<(String, String)> {
    let series = &directory.agency(tenant)?.profile.policies;
    let beside = editions.all().iter().filter(|pack| pack.series != new.series && series.contains(&pack.series));
    let mut shared = beside.flat_map(|pack| {
        let both = move |rule: &&domain::pack::ObligationRule| pack.obligation(&rule.id).is_some();
        new.obligations.iter().find(both).map(|rule| (rule.id.to_string(), pack.title.clone()))
    });
    shared.next()
}

/// The agency with one more series.
fn bound(directory: &Directory, tenant: TenantId, series: SeriesId) -> Result<RowChange, Trouble> {
    let agency = directory.agency(tenant).ok_or(Trouble::NotFound)?;
    let mut profile = agency.profile.clone();
    profile.policies.push(series);
    let body = serde_json::to_vec(&profile).map_err(|e| Trouble::fault("writing an agency", e))?;
    Ok(RowChange::Tenant(TenantRow { id: tenant, code: agency.code.clone(), body }))
}
