//! The plans of units: who sees and writes them, who approves them, and which units have none.

use crate::administration::record::Event;
use crate::directory::Unit;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::plan::{Change, Content, Plans, Timeliness, keeps_one};
use domain::organisation::readiness::decide::mend;
use domain::pack::{Pack, PlanRules};
use domain::permission::{Action, Object, Viewer, decide};
use domain::text::Note;
use domain::time::{Instant, Zone};
use jiff::civil::Date;
use journal::{BoxPurpose, Keyring};
use store::{RowChange, Store};

const NAME: &str = "plans";

/// An agency's plans, from the store. The directory keeps them in memory.
pub(crate) async fn read(store: &dyn Store, keyring: &Keyring, tenant: TenantId) -> Result<Plans, Trouble> {
    let Some(sealed) = store.setting(Some(tenant), NAME).await? else { return Ok(Plans::default()) };
    let plain = keyring
        .open_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &sealed)
        .map_err(|e| Trouble::fault("opening the plans", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading the plans", e))
}

/// The plans of an agency with the rules that they follow.
pub struct Shelf<'a> {
    /// The policy.
    pub pack: &'a Pack,
    /// Its rules.
    pub rules: &'a PlanRules,
    /// The head office, whose officer approves.
    pub head: UnitId,
    /// Where days begin.
    pub zone: Zone,
    /// The plans.
    pub plans: Plans,
    /// Units that keep one, by name, as far as the viewer sees them.
    pub units: Vec<Unit>,
}

impl Shelf<'_> {
    /// How a unit stands with its plan today.
    pub fn timeliness(&self, unit: UnitId, now: Instant) -> Timeliness {
        self.plans.timeliness(unit, self.rules, now.day_in(&self.zone), |at| at.day_in(&self.zone))
    }
}

impl App {
    /// The plans of the viewer's agency; nothing is there where the policy in force wants none.
    pub fn plans(&self, viewer: &Viewer) -> Result<Shelf<'_>, Trouble> {
        self.allow_seeing_organisation(viewer)?;
        let directory = self.directory();
        let agency = directory.agency(viewer.tenant).ok_or(Trouble::NotFound)?;
        let head = directory.head_of(viewer.tenant).ok_or(Trouble::NotFound)?;
        // An agency that no policy binds keeps no plans either.
        let pack = self.pack_for_report(head, viewer.now).map_err(|_| Trouble::NotFound)?;
        let rules = pack.plan.as_ref().ok_or(Trouble::NotFound)?;
        let scope = viewer.scope(Action::SeeOrganisation, Section::Officer);
        let seen = |unit: &&&Unit| scope.as_ref().is_none_or(|units| units.contains(&unit.id));
        let all = directory.units_of(viewer.tenant);
        let units = all.iter().filter(|unit| keeps_one(rules, unit.profile.kind)).filter(seen).map(|u| (*u).clone());
        let (plans, zone) = (agency.plans.clone(), agency.profile.zone.clone());
        Ok(Shelf { pack, rules, head, zone, plans, units: units.collect() })
    }

    /// Whether this viewer writes the plan of a unit.
    pub fn writes_plan(&self, viewer: &Viewer, shelf: &Shelf<'_>, unit: UnitId) -> bool {
        let role = shelf.pack.role(&shelf.rules.written_by).map(|role| role.capacity);
        self.allow_organising(viewer, unit).is_ok() && role.is_some_and(|role| viewer.holds_for(role, unit))
    }

    /// Whether this viewer approves plans.
    pub fn approves_plans(&self, viewer: &Viewer, shelf: &Shelf<'_>) -> bool {
        let role = shelf.pack.role(&shelf.rules.approved_by).map(|role| role.capacity);
        let object = Object::Unit { tenant: viewer.tenant, unit: shelf.head };
        let organises = decide(viewer, Action::Organise, object, Section::Officer).is_ok();
        organises && role.is_some_and(|role| viewer.holds_for(role, shelf.head))
    }

    async fn change_plans(
        &self,
        tenant: TenantId,
        by: AccountId,
        decided: impl Fn(&Plans, Instant) -> Result<Vec<Change>, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer(tenant, Actor::Account(by), None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            let changes = decided(&agency.plans, standing.now)?;
            let mut plans = agency.plans.clone();
            changes.iter().for_each(|change| plans.apply(change));
            let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &plans)?;
            let rows = vec![RowChange::Setting(Some(tenant), NAME.to_owned(), Some(sealed))];
            let events = changes.into_iter().map(|change| Event::Plan(Box::new(change))).collect();
            Ok((store::Change { rows, ..store::Change::default() }, events))
        })
        .await
    }

    fn plan_shelf(&self, viewer: &Viewer, unit: UnitId) -> Result<Shelf<'_>, Trouble> {
        let shelf = self.plans(viewer)?;
        if shelf.units.iter().any(|known| known.id == unit) { Ok(shelf) } else { Err(Trouble::NotFound) }
    }

    /// Writes the plan of a unit; handing it in is a step of its own.
    pub async fn write_plan(&self, viewer: &Viewer, unit: UnitId, content: &Content) -> Result<(), Trouble> {
        let shelf = self.plan_shelf(viewer, unit)?;
        if !self.writes_plan(viewer, &shelf, unit) {
            return Err(Trouble::NotFound);
        }
        let by = viewer.account;
        self.change_plans(viewer.tenant, by, |plans, now| Ok(plans.write(unit, content.clone(), by, now)?)).await
    }

    /// Hands the plan of a unit in for approval.
    pub async fn submit_plan(&self, viewer: &Viewer, unit: UnitId) -> Result<(), Trouble> {
        let shelf = self.plan_shelf(viewer, unit)?;
        if !self.writes_plan(viewer, &shelf, unit) {
            return Err(Trouble::NotFound);
        }
        self.change_plans(viewer.tenant, viewer.account, |plans, _| Ok(plans.submit(unit, shelf.rules)?)).await
    }

    /// Approves the plan that a unit handed in, or sends it back with a reason.
    pub async fn decide_plan(&self, viewer: &Viewer, unit: UnitId, back: Option<&Note>) -> Result<(), Trouble> {
        let shelf = self.plan_shelf(viewer, unit)?;
        if !self.approves_plans(viewer, &shelf) {
            let who = shelf.pack.role(&shelf.rules.approved_by).map_or("", |role| &role.title.en).to_lowercase();
            return Err(Trouble::Mend(vec![mend("plan", format!("Only the {who} approves plans."))]));
        }
        let by = viewer.account;
        self.change_plans(viewer.tenant, by, |plans, now| match back {
            None => Ok(plans.approve(unit, by, now)?),
            Some(why) => Ok(plans.send_back(unit, why.clone())?),
        })
        .await
    }

    /// Sets the day by which the plan of a unit is due, as for a unit that came later.
    pub async fn set_plan_due(&self, viewer: &Viewer, unit: UnitId, on: Date) -> Result<(), Trouble> {
        self.plan_shelf(viewer, unit)?;
        self.allow_administering(viewer, Action::Administer)?;
        self.change_plans(viewer.tenant, viewer.account, |_, _| Ok(vec![Change::Due { unit, on }])).await
    }
}
