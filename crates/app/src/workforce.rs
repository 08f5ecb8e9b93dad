//! The workforce as far as an agency lists it: people with their kind and unit, and what each of them was taught or has
//! acknowledged. Nobody needs to be listed to report.

use crate::administration::record::Event;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{EntryId, TenantId, UnitId};
use domain::organisation::workforce::{Change, Member, Taught, Workforce};
use domain::pack::{Evidence, Pack, WorkforceId};
use domain::permission::{Action, Allowed, Object};
use domain::text::{Line, Name};
use domain::time::Instant;
use jiff::civil::Date;
use journal::BoxPurpose;
use std::collections::HashSet;
use store::RowChange;

const NAME: &str = "workforce";
/// People in one event: an entry of the journal stays of a size that is read in a moment.
const AT_ONCE: usize = 500;
/// People on one list that is brought in.
const MOST: usize = 20_000;

/// A line of a list of people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Their name.
    pub name: Name,
    /// The code of their unit; empty for the unit that the list is of.
    pub unit: String,
    /// Their kind: the slug or the words of it.
    pub kind: String,
    /// Since when; `None` for the day of the list.
    pub from: Option<Date>,
}

/// What a policy wants its people to have heard, in its own word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Teaching {
    /// People acknowledge the edition.
    Acknowledge,
    /// People are taught how and when to report.
    Instruct,
    /// The policy asks for neither; the list can be kept all the same.
    Unasked,
}

/// What a policy wants of its people, by the proofs that its duties name.
pub fn teaching(pack: &Pack) -> (Teaching, Option<&domain::pack::ClauseId>) {
    for rule in &pack.obligations {
        for evidence in &rule.evidence {
            let Evidence::Entry { entry, .. } = evidence else { continue };
            match entry.as_str() {
                "awareness" => return (Teaching::Acknowledge, rule.clauses.first()),
                "instruction-log" => return (Teaching::Instruct, rule.clauses.first()),
                _ => {}
            }
        }
    }
    (Teaching::Unasked, None)
}

/// Reads a list of people: a line each with name, kind, code of the unit and first day, parted by commas; the last two may
/// be left out, and a first line of headings is passed over.
pub fn read_list(text: &str) -> Result<Vec<Listed>, Trouble> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut people = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let wrong = |what: &str| Trouble::Refused(format!("Line {}: {what}", at + 1));
        let record = record.map_err(|_| wrong("this cannot be read. Part name, kind, unit and day by commas."))?;
        let cell = |n: usize| record.get(n).unwrap_or_default();
        if record.iter().all(str::is_empty) || (at == 0 && cell(0).eq_ignore_ascii_case("name")) {
            continue;
        }
        let name = Name::parse(cell(0)).map_err(|_| wrong("write a name of at most 200 characters."))?;
        let from = match cell(3) {
            "" => None,
            text => Some(text.parse().map_err(|_| wrong("write the first day as 2026-10-20."))?),
        };
        people.push(Listed { name, kind: cell(1).to_owned(), unit: cell(2).to_owned(), from });
    }
    if people.is_empty() { Err(Trouble::Refused("Write at least one line.".into())) } else { Ok(people) }
}

impl App {
    /// The list, for deciding about it.
    pub(crate) async fn workforce_of(&self, tenant: TenantId) -> Result<Workforce, Trouble> {
        match self.store().setting(Some(tenant), NAME).await? {
            Some(sealed) => self.open_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &sealed),
            None => Ok(Workforce::default()),
        }
    }

    /// The list, for somebody who may see it. One statement of the store.
    pub async fn workforce(&self, may: &Allowed) -> Result<Workforce, Trouble> {
        if may.action() != Action::SeeOrganisation {
            return Err(Trouble::NotFound);
        }
        self.workforce_of(may.tenant()).await
    }

    /// Kinds of workforce members that people of a unit can be: the policy's, then the agency's own.
    pub fn kinds_for(&self, unit: UnitId, now: Instant) -> Vec<(WorkforceId, domain::pack::Words)> {
        let pack = self.pack_for_report(unit, now).ok();
        pack.iter().flat_map(|pack| &pack.workforce).map(|kind| (kind.id.clone(), kind.label.clone())).collect()
    }

    /// Lists people of a unit and the units below it. Somebody who is listed there already under the same name and kind
    /// stays as they are. Says how many are new.
    pub async fn list_people(&self, may: &Allowed, unit: UnitId, people: &[Listed]) -> Result<usize, Trouble> {
        let (tenant, by) = of_unit(may, unit)?;
        if people.len() > MOST {
            return Err(Trouble::Refused(format!("At most {MOST} people are taken at once.")));
        }
        let now = self.now();
        let directory = self.directory();
        let units = directory.below(unit);
        let today = now.day_in(&self.zone_of(tenant));
        let mut members = Vec::new();
        for (at, line) in people.iter().enumerate() {
            let wrong = |what: String| Trouble::Refused(format!("Line {}: {what}", at + 1));
            let place = match line.unit.as_str() {
                "" => unit,
                code => {
                    let known = directory.unit_by_code(code).filter(|u| units.contains(&u.id));
                    known.ok_or_else(|| wrong(format!("no unit here has the code {code}.")))?.id
                }
            };
            let kinds = self.kinds_for(place, now);
            let typed = line.kind.trim();
            let kind = kinds.iter().find(|(id, label)| id.as_str() == typed || label.en.eq_ignore_ascii_case(typed));
            let (kind, _) = kind.ok_or_else(|| {
                let known: Vec<&str> = kinds.iter().map(|(id, _)| id.as_str()).collect();
                wrong(format!("“{typed}” is none of {}.", known.join(", ")))
            })?;
            let from = line.from.unwrap_or(today);
            members.push(Member {
                id: self.draw(),
                name: line.name.clone(),
                unit: place,
                kind: kind.clone(),
                from,
                until: None,
            });
        }
        let count = std::sync::atomic::AtomicUsize::new(0);
        self.change_workforce(tenant, by, |known| {
            let same = |m: &Member| (m.name.to_string(), m.unit, m.kind.clone());
            let mut listed: HashSet<_> = known.members.iter().filter(|m| m.works_on(today)).map(same).collect();
            let fresh: Vec<Member> = members.iter().filter(|m| listed.insert(same(m))).cloned().collect();
            count.store(fresh.len(), std::sync::atomic::Ordering::Relaxed);
            Ok(fresh.chunks(AT_ONCE).map(|some| Change::Listed(some.to_vec())).collect())
        })
        .await?;
        Ok(count.into_inner())
    }

    /// Somebody works there no more after a day.
    pub async fn member_left(&self, may: &Allowed, unit: UnitId, member: EntryId, last: Date) -> Result<(), Trouble> {
        let (tenant, by) = of_unit(may, unit)?;
        let units = self.directory().below(unit);
        self.change_workforce(tenant, by, |known| {
            known.members.iter().find(|m| m.id == member && units.contains(&m.unit)).ok_or(Trouble::NotFound)?;
            Ok(vec![Change::Left { member, last }])
        })
        .await
    }

    /// Records that people of a unit were taught a material, or acknowledged it, on a day.
    pub async fn record_teaching(
        &self,
        may: &Allowed,
        unit: UnitId,
        who: &[EntryId],
        material: &Line<120>,
        on: Date,
        taught_by: Option<&Line<120>>,
    ) -> Result<(), Trouble> {
        let (tenant, by) = of_unit(may, unit)?;
        if who.is_empty() {
            return Err(Trouble::Refused("Tick at least one person.".into()));
        }
        if on > self.now().day_in(&self.zone_of(tenant)) {
            return Err(Trouble::Refused("That day lies in the future.".into()));
        }
        let units = self.directory().below(unit);
        self.change_workforce(tenant, by, |known| {
            let here = |id: &EntryId| known.members.iter().any(|m| m.id == *id && units.contains(&m.unit));
            if !who.iter().all(here) {
                return Err(Trouble::NotFound);
            }
            let taught = |id: &EntryId| Taught { member: *id, material: material.clone(), on, by: taught_by.cloned() };
            let taught: Vec<Taught> = who.iter().map(taught).collect();
            Ok(taught.chunks(AT_ONCE).map(|some| Change::Taught(some.to_vec())).collect())
        })
        .await
    }

    async fn change_workforce(
        &self,
        tenant: TenantId,
        by: Actor,
        decided: impl Fn(&Workforce) -> Result<Vec<Change>, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer_on(tenant, by, None, true, |standing| {
            let mut workforce = standing.workforce.clone().unwrap_or_default();
            let changes = decided(&workforce)?;
            changes.iter().for_each(|change| workforce.apply(change));
            let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &workforce)?;
            let rows = vec![RowChange::Setting(Some(tenant), NAME.to_owned(), Some(sealed))];
            let events = changes.into_iter().map(|change| Event::Workforce(Box::new(change))).collect();
            Ok((store::Change { rows, ..store::Change::default() }, events))
        })
        .await
    }
}

/// The right to organise, held to the unit it was given for.
fn of_unit(may: &Allowed, unit: UnitId) -> Result<(TenantId, Actor), Trouble> {
    match (may.action(), may.object()) {
        (Action::Organise, Object::Unit { tenant, unit: of }) if *of == unit => Ok((*tenant, Actor::Account(may.by()))),
        _ => Err(Trouble::NotFound),
    }
}
