//! What an agency decides for itself where a policy leaves it open: its local values, and kinds of workforce besides
//! those that the policy names.

use super::kept::AddedKind;
use super::reassess::Because;
use crate::administration::{held, record::Event};
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::TenantId;
use domain::pack::{ClauseId, LocalId, LocalValue, Pack, PackKind, SeriesId, Words, WorkforceId};
use domain::permission::Allowed;
use store::Change;

/// The most kinds of workforce that can be added.
const MOST_KINDS: usize = 30;

/// A local value as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnValue {
    /// The value; its default is the pack's.
    pub local: LocalValue,
    /// The policies that leave it open, by title.
    pub policies: Vec<String>,
    /// What the agency set; `None` for the default.
    pub set: Option<u32>,
}

impl OwnValue {
    /// What counts now; `None` is switched off.
    pub fn counts(&self) -> Option<u32> {
        self.set.or(self.local.default)
    }

    /// A number of it in words: “60 minutes”.
    pub fn say(&self, number: Option<u32>) -> String {
        number.map_or_else(|| "off".to_owned(), |n| format!("{n} {}", self.local.unit.noun(n)))
    }
}

impl App {
    /// The editions of the agency's policies and laws that govern today, policies first.
    pub fn governing_today(&self, tenant: TenantId) -> Vec<&Pack> {
        let today = self.now().day_in(&self.zone_of(tenant));
        let series = self.series_of(tenant);
        let editions = self.packs().of(tenant);
        let mut found: Vec<&Pack> = series.iter().filter_map(|s| editions.governing(s, today).pack()).collect();
        if let Some(pinned) = self.pinned_edition(tenant).filter(|pinned| found.iter().all(|p| p.id != pinned.id)) {
            found.retain(|pack| pack.series != pinned.series);
            found.insert(0, pinned);
        }
        found.sort_by_key(|pack| pack.kind == PackKind::Law);
        found
    }

    /// The series that bind an agency, then those that bind only some of its units.
    pub fn series_of(&self, tenant: TenantId) -> Vec<SeriesId> {
        let directory = self.directory();
        let mut series = directory.agency(tenant).map(|a| a.profile.policies.clone()).unwrap_or_default();
        for own in directory.units_of(tenant).into_iter().flat_map(|unit| &unit.profile.policies) {
            if !series.contains(own) {
                series.push(own.clone());
            }
        }
        series
    }

    /// The edition that governs an agency whatever the day, where it has one.
    pub fn pinned_edition(&self, tenant: TenantId) -> Option<&Pack> {
        let pinned = self.directory().agency(tenant)?.profile.edition.clone()?;
        self.packs().of(tenant).get(&pinned)
    }

    /// The local values of the agency's policies as they stand.
    pub fn own_values(&self, tenant: TenantId) -> Vec<OwnValue> {
        let kept = self.kept(tenant);
        let mut values: Vec<OwnValue> = Vec::new();
        for pack in self.governing_today(tenant) {
            // Its default as it is written; the governing pack already carries what was set.
            let written = self.as_written(tenant, pack);
            for local in &written.locals {
                match values.iter_mut().find(|value| value.local.id == local.id) {
                    Some(value) => value.policies.push(pack.title.clone()),
                    None => values.push(OwnValue {
                        set: kept.values.get(&local.id).copied(),
                        local: local.clone(),
                        policies: vec![pack.title.clone()],
                    }),
                }
            }
        }
        values
    }

    /// A pack as its text has it, without an agency's own values.
    fn as_written<'a>(&'a self, tenant: TenantId, pack: &'a Pack) -> &'a Pack {
        let shipped = self.packs().shipped().get(&pack.id);
        shipped.or_else(|| self.packs().of(tenant).written(&pack.id)).unwrap_or(pack)
    }

    /// Sets a local value, or gives it back to the default.
    pub async fn set_own_value(&self, may: &Allowed, id: &LocalId, to: Option<u32>) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        if !self.own_values(tenant).iter().any(|value| value.local.id == *id) {
            return Err(Trouble::NotFound);
        }
        if to.is_some_and(|number| !(1..=100_000).contains(&number)) {
            return Err(Trouble::Refused("Write a whole number from 1 to 100,000, or leave it empty.".to_owned()));
        }
        self.keep(tenant, by, |kept, standing| {
            let from = kept.values.get(id).copied();
            match to {
                _ if from == to => return Ok((Change::default(), Vec::new())),
                Some(number) => kept.values.insert(id.clone(), number),
                None => kept.values.remove(id),
            };
            let jobs = vec![self.reassessing(tenant, Because::Value, standing.now)?];
            Ok((Change { jobs, ..Change::default() }, vec![Event::LocalValueSet { value: id.clone(), to, from }]))
        })
        .await
    }

    /// Adds a kind of workforce.
    pub async fn add_workforce_kind(&self, may: &Allowed, label: Words) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let slug: String =
            label.en.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
        let id = WorkforceId::parse(slug.trim_matches('-'))
            .map_err(|_| Trouble::Refused("Write what the kind is called, with letters.".to_owned()))?;
        let known = self.policy_kinds(tenant).iter().any(|(kind, _)| *kind == id);
        self.keep(tenant, by, |kept, _| {
            if known || kept.workforce.iter().any(|kind| kind.id == id) {
                return Err(Trouble::Refused("There is a kind of this name already.".to_owned()));
            }
            if kept.workforce.len() >= MOST_KINDS {
                return Err(Trouble::Refused(format!("At most {MOST_KINDS} kinds can be added.")));
            }
            kept.workforce.push(AddedKind { id: id.clone(), label: label.clone() });
            let event = Event::WorkforceKindAdded { kind: id.clone(), label: label.en.clone() };
            Ok((Change::default(), vec![event]))
        })
        .await
    }

    /// Takes away a kind of workforce that had been added. Those of the policy stay; trying goes on record.
    pub async fn remove_workforce_kind(&self, may: &Allowed, id: &WorkforceId) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        if let Some((_, clauses)) = self.policy_kinds(tenant).into_iter().find(|(kind, _)| kind == id) {
            let cites: Vec<&str> = clauses.iter().map(ClauseId::as_str).collect();
            let words = format!("The policy names this kind ({}), so it stays.", cites.join(", "));
            let event = Event::RuleChangeRefused { what: format!("remove the kind of workforce {id}"), clauses };
            self.administer(tenant, Actor::Account(may.by()), None, |_| Ok((Change::default(), vec![event.clone()])))
                .await?;
            return Err(Trouble::Refused(words));
        }
        self.keep(tenant, by, |kept, _| {
            let before = kept.workforce.len();
            kept.workforce.retain(|kind| kind.id != *id);
            if kept.workforce.len() == before {
                return Err(Trouble::NotFound);
            }
            Ok((Change::default(), vec![Event::WorkforceKindRemoved { kind: id.clone() }]))
        })
        .await
    }

    /// The kinds of workforce that the agency's policies name, with their clauses.
    pub fn policy_kinds(&self, tenant: TenantId) -> Vec<(WorkforceId, Vec<ClauseId>)> {
        let added: Vec<WorkforceId> = self.kept(tenant).workforce.into_iter().map(|kind| kind.id).collect();
        let packs = self.governing_today(tenant).into_iter();
        let kinds = packs.flat_map(|pack| pack.workforce.iter().map(|kind| (kind.id.clone(), kind.clauses.clone())));
        kinds.filter(|(id, _)| !added.contains(id)).collect()
    }
}
