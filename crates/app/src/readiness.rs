//! The readiness level of an agency: who sees it, who declares it, what its people did about it, and the report of each
//! change. A policy without levels has no such page; what was recorded under an older edition stays readable.

mod acts;
mod letters;
mod measures;
mod reports;

pub use acts::Declaring;
pub(crate) use letters::to_deciders;
pub use measures::{Listed, read_table};
pub use reports::{Said, Writing, key};

use crate::administration::Standing;
use crate::administration::record::Event;
use crate::directory::{Agency, Directory, Unit};
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::readiness::decide::{Refusal, mend};
use domain::organisation::readiness::{Change, Readiness, Timeline};
use domain::organisation::register::StateNotice;
use domain::pack::{Level, Pack, ReadinessRules, RoleId};
use domain::permission::{Action, Object, Role, Viewer, decide};
use domain::time::{Instant, Zone};
use journal::{BoxPurpose, Keyring};
use store::{RowChange, Store};

const NAME: &str = "readiness";

/// An agency's readiness, from the store. The directory keeps it in memory.
pub(crate) async fn read(store: &dyn Store, keyring: &Keyring, tenant: TenantId) -> Result<Readiness, Trouble> {
    let Some(sealed) = store.setting(Some(tenant), NAME).await? else { return Ok(Readiness::default()) };
    let plain = keyring
        .open_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &sealed)
        .map_err(|e| Trouble::fault("opening the readiness", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading the readiness", e))
}

/// The readiness of an agency with the rules that it is read by.
pub struct Board<'a> {
    /// The agency.
    pub tenant: TenantId,
    /// The policy.
    pub pack: &'a Pack,
    /// Its scheme.
    pub rules: &'a ReadinessRules,
    /// Whether that policy is in force; otherwise the page is a look back.
    pub in_force: bool,
    /// Where days begin.
    pub zone: Zone,
    /// The head office, which declares.
    pub head: UnitId,
    /// What was recorded.
    pub readiness: Readiness,
    /// What the state told.
    pub notices: Vec<StateNotice>,
    /// The level over time.
    pub timeline: Timeline,
}

impl Board<'_> {
    /// The units that hold the level of the head office and acknowledge it.
    pub fn units<'d>(&self, directory: &'d Directory) -> Vec<&'d Unit> {
        let below = directory.below(self.head).into_iter().filter(|id| *id != self.head);
        let mut units: Vec<&Unit> = below.filter_map(|id| directory.unit(id)).collect();
        units.sort_by(|a, b| a.profile.name.en.cmp(&b.profile.name.en));
        units
    }

    /// What people call the role that declares.
    pub fn decider(&self) -> &str {
        self.pack.role(&self.rules.decided_by).map_or("", |role| &role.title.en)
    }

    fn capacity(&self, role: &RoleId) -> Option<(Role, Level)> {
        self.pack.role(role).map(|role| (role.capacity, role.level))
    }
}

/// What follows from a decision: changes of the record, and letters.
pub(crate) type Follows = (Vec<Change>, Vec<Letter>);

impl App {
    /// The readiness of the viewer's agency. Nothing is there where no policy of theirs has levels; where an older edition
    /// had some, there is what was recorded under it.
    pub fn readiness(&self, viewer: &Viewer) -> Result<Board<'_>, Trouble> {
        self.allow_seeing_organisation(viewer)?;
        let directory = self.directory();
        let agency = directory.agency(viewer.tenant).ok_or(Trouble::NotFound)?;
        self.board(&directory, agency, viewer.now)
    }

    /// Whether the policy in force for the viewer's agency has levels that they see.
    pub fn has_readiness(&self, viewer: &Viewer) -> bool {
        let head = self.directory().head_of(viewer.tenant);
        let pack = head.and_then(|head| self.pack_for_report(head, viewer.now).ok());
        pack.is_some_and(|pack| pack.readiness.is_some()) && self.allow_seeing_organisation(viewer).is_ok()
    }

    pub(crate) fn board(&self, directory: &Directory, agency: &Agency, now: Instant) -> Result<Board<'_>, Trouble> {
        let head = directory.head_of(agency.id).ok_or(Trouble::NotFound)?;
        let in_force = self.pack_for_report(head, now).ok();
        let with_levels = in_force.filter(|pack| pack.readiness.is_some());
        let pack = match with_levels {
            Some(pack) => pack,
            None if agency.readiness.is_empty() => return Err(Trouble::NotFound),
            None => {
                let all = self.packs().of(agency.id);
                let series = &agency.profile.policies;
                let mut older: Vec<&Pack> = all
                    .all()
                    .iter()
                    .map(AsRef::as_ref)
                    .filter(|p: &&Pack| p.readiness.is_some() && series.contains(&p.series))
                    .collect();
                older.sort_by_key(|pack| pack.edition.from);
                older.pop().ok_or(Trouble::NotFound)?
            }
        };
        let rules = pack.readiness.as_ref().ok_or(Trouble::NotFound)?;
        let zone = agency.profile.zone.clone();
        let notices = agency.register.notices.clone();
        let readiness = agency.readiness.clone();
        let timeline = readiness.timeline(&notices, rules, &zone);
        let (tenant, in_force) = (agency.id, with_levels.is_some());
        Ok(Board { tenant, pack, rules, in_force, zone, head, readiness, notices, timeline })
    }

    /// Whether this viewer declares the level: they hold the role that the policy names, for the head office. Somebody who
    /// acts for them holds it too, for those days.
    pub fn declares(&self, viewer: &Viewer, board: &Board<'_>) -> bool {
        let object = Object::Unit { tenant: viewer.tenant, unit: board.head };
        let organises = decide(viewer, Action::Organise, object, domain::actor::Section::Officer).is_ok();
        let named = board.capacity(&board.rules.decided_by);
        organises && named.is_some_and(|(role, _)| viewer.holds_for(role, board.head))
    }

    /// Whether this viewer answers for a unit: as its officer, or as whoever declares the level.
    pub fn speaks_for(&self, viewer: &Viewer, board: &Board<'_>, unit: UnitId) -> bool {
        let officer = viewer.holds_for(Role::LocalOfficer, unit) && self.allow_organising(viewer, unit).is_ok();
        officer || self.declares(viewer, board)
    }

    /// Decides and records a change of the readiness.
    pub(crate) async fn change_readiness(
        &self,
        tenant: TenantId,
        by: AccountId,
        decided: impl Fn(&Standing<'_>, &Board<'_>) -> Result<Follows, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer(tenant, Actor::Account(by), None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            let board = self.board(standing.directory, agency, standing.now)?;
            if !board.in_force {
                return Err(Trouble::Refused("The policy in force has no such levels.".into()));
            }
            let (changes, letters) = decided(standing, &board)?;
            let mut readiness = board.readiness.clone();
            changes.iter().for_each(|change| readiness.apply(change));
            let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &readiness)?;
            let rows = vec![RowChange::Setting(Some(tenant), NAME.to_owned(), Some(sealed))];
            let mail = letters.iter().map(|letter| self.letter(tenant, letter, standing.now));
            let mail = mail.collect::<Result<Vec<_>, Trouble>>()?;
            let events = changes.into_iter().map(|change| Event::Readiness(Box::new(change))).collect();
            Ok((store::Change { rows, mail, ..store::Change::default() }, events))
        })
        .await
    }
}

/// Only somebody of that role may do this; the words say what anybody else can do.
fn only_the(board: &Board<'_>, on: &str, instead: &str) -> Trouble {
    let who = board.decider().to_lowercase();
    Trouble::Mend(vec![mend(on, format!("Only the {who} does this. {instead}"))])
}

impl From<Vec<Refusal>> for Trouble {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Mend(refusals)
    }
}
