//! Keeping an agency's register: designations with the roles that go with them, absences, addresses of roles, units that
//! a law leaves out, and notices of the state.

use crate::administration::Standing;
use crate::administration::record::{Event, Held};
use crate::directory::{Agency, Directory, role_name};
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, EntryId, TenantId, UnitId};
use domain::organisation::register::{Absence, Change, Channel, Designation, LeftOut, Refusal, Register, StateNotice};
use domain::pack::{Office, Pack, RoleId};
use domain::permission::{Action, Allowed, Object, Role, Viewer, decide};
use domain::text::Line;
use domain::time::{Instant, Zone};
use jiff::civil::Date;
use journal::{BoxPurpose, Keyring};
use std::collections::BTreeMap;
use store::{AssignmentRow, RowChange, Store};

const NAME: &str = "register";

/// An agency's register, from the store. The directory keeps it in memory.
pub(crate) async fn read(store: &dyn Store, keyring: &Keyring, tenant: TenantId) -> Result<Register, Trouble> {
    let Some(sealed) = store.setting(Some(tenant), NAME).await? else { return Ok(Register::default()) };
    let plain = keyring
        .open_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &sealed)
        .map_err(|e| Trouble::fault("opening the register", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading the register", e))
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Trouble::Refused(refusal.to_string())
    }
}

/// What follows from changes of the register for people's roles.
pub(crate) type Roles = BTreeMap<AccountId, Vec<Held>>;

impl App {
    /// The right to see offices, gaps, notices and the workforce of some part of the agency.
    pub fn allow_seeing_organisation(&self, viewer: &Viewer) -> Result<Allowed, Trouble> {
        self.allow_in_agency(viewer, Action::SeeOrganisation, Section::Officer)
    }

    /// The right to record absences, teaching and notices for a unit.
    pub fn allow_organising(&self, viewer: &Viewer, unit: UnitId) -> Result<Allowed, Trouble> {
        let object = Object::Unit { tenant: viewer.tenant, unit };
        Ok(decide(viewer, Action::Organise, object, Section::Officer)?)
    }

    /// The agency of somebody who may do this with it as a whole.
    fn keeper(&self, may: &Allowed) -> Result<(TenantId, Actor), Trouble> {
        crate::administration::held(may)
    }

    /// Designates somebody to an office of the policy, and gives them its role for those days. Whoever held it ends on
    /// the day before.
    pub async fn designate(&self, may: &Allowed, new: &Designation) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.designate_as(tenant, by, new).await
    }

    /// Designates somebody, for the product's own commands.
    pub async fn designate_by_command(&self, tenant: TenantId, new: &Designation) -> Result<(), Trouble> {
        self.designate_as(tenant, Actor::System, new).await
    }

    async fn designate_as(&self, tenant: TenantId, by: Actor, new: &Designation) -> Result<(), Trouble> {
        self.change_register(tenant, by, |standing, agency| {
            let pack = self.pack_for_report(new.unit, standing.now)?;
            let (office, role) = office(pack, &new.office)?;
            somebody(standing.directory, tenant, new.holder)?;
            let changes = agency.register.designate(new.clone(), office)?;
            let mut roles = Roles::new();
            for change in &changes {
                follow(&mut roles, standing.directory, change, role, &agency.profile.zone)?;
            }
            Ok((changes, roles))
        })
        .await
    }

    /// Ends the designation that covers a day, on its last day; the role ends with it.
    pub async fn end_designation(
        &self,
        may: &Allowed,
        office_id: &RoleId,
        unit: UnitId,
        on: Date,
        last: Date,
    ) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.change_register(tenant, by, |standing, agency| {
            let pack = self.pack_for_report(unit, standing.now)?;
            let (_, role) = office(pack, office_id)?;
            let changes = agency.register.end(office_id, unit, on, last)?;
            let mut roles = Roles::new();
            for change in &changes {
                follow(&mut roles, standing.directory, change, role, &agency.profile.zone)?;
            }
            Ok((changes, roles))
        })
        .await
    }

    /// Marks an officer as away. Whoever acts for them has their roles for those days; an officer can name a colleague
    /// who is an officer already, an administrator anybody who may be one.
    pub async fn mark_away(
        &self,
        may: &Allowed,
        person: AccountId,
        from: Date,
        until: Date,
        acting: Option<AccountId>,
    ) -> Result<(), Trouble> {
        if may.action() != Action::Organise {
            return Err(Trouble::NotFound);
        }
        let (tenant, by) = (may.tenant(), Actor::Account(may.by()));
        let id: EntryId = self.draw();
        self.change_register(tenant, by, |standing, agency| {
            somebody(standing.directory, tenant, person)?;
            let theirs = offices_of(standing.directory, person, standing.now);
            if theirs.is_empty() {
                return Err(Trouble::Refused("They hold no officer's role, so nobody waits for them.".into()));
            }
            let mut roles = Roles::new();
            if let Some(acting) = acting {
                somebody(standing.directory, tenant, acting)?;
                let keeps = self.keeps_house(standing.directory, may.by(), standing.now);
                if !keeps && offices_of(standing.directory, acting, standing.now).is_empty() {
                    return Err(Trouble::Refused(
                        "Choose a colleague who is a security officer already. An administrator can name somebody else."
                            .into(),
                    ));
                }
                let zone = &agency.profile.zone;
                for held in theirs {
                    let until = Some(zone.start_of_day(until.tomorrow().unwrap_or(until)));
                    let theirs = Held { from: zone.start_of_day(from), until, ..held };
                    give(&mut roles, standing.directory, acting, theirs)?;
                }
            }
            let absence = Absence { id, person, from, until, acting };
            Ok((agency.register.mark_away(absence)?, roles))
        })
        .await
    }

    /// Somebody is back before their time; whoever acted for them acts no more.
    pub async fn mark_back(&self, may: &Allowed, id: EntryId) -> Result<(), Trouble> {
        if may.action() != Action::Organise {
            return Err(Trouble::NotFound);
        }
        let (tenant, by) = (may.tenant(), Actor::Account(may.by()));
        self.change_register(tenant, by, |standing, agency| {
            let zone = &agency.profile.zone;
            let changes = agency.register.back(id, standing.now.day_in(zone))?;
            let mut roles = Roles::new();
            if let Some(absence) = agency.register.absences.iter().find(|a| a.id == id)
                && let Some(acting) = absence.acting
            {
                let until = zone.start_of_day(absence.until.tomorrow().unwrap_or(absence.until));
                let from = zone.start_of_day(absence.from);
                let mut held = standing.directory.roles_of(acting);
                for role in held.iter_mut().filter(|h| h.from == from && h.until == Some(until)) {
                    role.until = Some(standing.now);
                }
                held.retain(|h| h.until.is_none_or(|until| h.from < until));
                roles.insert(acting, held);
            }
            Ok((changes, roles))
        })
        .await
    }

    /// Sets where a role is reached from a day on.
    pub async fn set_channel(&self, may: &Allowed, channel: &Channel) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.change_register(tenant, by, |_, agency| Ok((agency.register.reach(channel.clone())?, Roles::new()))).await
    }

    /// Records that a law leaves a unit out of the policy.
    pub async fn leave_out(&self, may: &Allowed, new: &LeftOut) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.change_register(tenant, by, |standing, agency| {
            standing.directory.unit(new.unit).filter(|u| u.tenant == tenant).ok_or(Trouble::NotFound)?;
            Ok((agency.register.leave_out(new.clone())?, Roles::new()))
        })
        .await
    }

    /// The policy binds a unit again after a day.
    pub async fn bind_again(&self, may: &Allowed, id: EntryId, last: Date) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.change_register(tenant, by, |_, agency| Ok((agency.register.bind_again(id, last)?, Roles::new()))).await
    }

    /// Takes down a notice of the state as the policy wants it.
    pub async fn take_notice(&self, may: &Allowed, notice: &StateNotice) -> Result<(), Trouble> {
        if may.action() != Action::Organise {
            return Err(Trouble::NotFound);
        }
        let (tenant, by) = (may.tenant(), Actor::Account(may.by()));
        self.administer(tenant, by, None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            let head = standing.directory.head_of(tenant).ok_or(Trouble::NotFound)?;
            let pack = self.pack_for_report(head, standing.now)?;
            let rules = pack.state_notices.as_ref();
            let rules = rules.ok_or_else(|| Trouble::Refused("The policy in force knows no such notices.".into()))?;
            let today = standing.now.day_in(&agency.profile.zone);
            let changes = agency.register.take_notice(notice.clone(), rules, today)?;
            let mut after = agency.clone();
            changes.iter().for_each(|change| after.register.apply(change));
            let letters = self.letters_on_notice(standing, agency, &after);
            let (mut change, events) = self.register_change(tenant, agency, changes, Roles::new())?;
            for letter in &letters {
                change.mail.push(self.letter(tenant, letter, standing.now)?);
            }
            Ok((change, events))
        })
        .await
    }

    /// A notice calls for an assessment; where it raises the level by itself, every officer hears of it.
    fn letters_on_notice(&self, standing: &Standing<'_>, before: &Agency, after: &Agency) -> Vec<Letter> {
        let boards =
            (self.board(standing.directory, before, standing.now), self.board(standing.directory, after, standing.now));
        let (Ok(before), Ok(after)) = boards else { return Vec::new() };
        if !after.in_force {
            return Vec::new();
        }
        let (state, _) = after.timeline.state();
        let words =
            format!("The state’s level is {}. Assess the level and declare or confirm it.", after.rules.says(state));
        let mut letters = crate::readiness::to_deciders(self, standing.directory, &after, &words, standing.now);
        if after.timeline.level() != before.timeline.level() {
            letters.extend(self.level_letters(standing.directory, &after, after.timeline.level(), standing.now));
        }
        letters
    }

    /// Sets the channels by which notices of the state come.
    pub async fn set_notice_channels(&self, may: &Allowed, channels: &[Line<80>]) -> Result<(), Trouble> {
        let (tenant, by) = self.keeper(may)?;
        self.change_register(tenant, by, |_, agency| {
            Ok((agency.register.set_notice_channels(channels.to_vec()), Roles::new()))
        })
        .await
    }

    fn keeps_house(&self, directory: &Directory, person: AccountId, now: Instant) -> bool {
        directory.roles_of(person).iter().any(|held| held.role == Role::Administrator && held.holds(now))
    }

    pub(crate) async fn change_register(
        &self,
        tenant: TenantId,
        by: Actor,
        decided: impl Fn(&Standing<'_>, &Agency) -> Result<(Vec<Change>, Roles), Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        self.administer(tenant, by, None, |standing| {
            let agency = standing.directory.agency(tenant).ok_or(Trouble::NotFound)?;
            let (changes, roles) = decided(standing, agency)?;
            self.register_change(tenant, agency, changes, roles)
        })
        .await
    }

    fn register_change(
        &self,
        tenant: TenantId,
        agency: &Agency,
        changes: Vec<Change>,
        roles: Roles,
    ) -> Result<(store::Change, Vec<Event>), Trouble> {
        let mut register = agency.register.clone();
        changes.iter().for_each(|change| register.apply(change));
        let sealed = self.seal_box(BoxPurpose::Account, Some(tenant), NAME.as_bytes(), &register)?;
        let mut rows = vec![RowChange::Setting(Some(tenant), NAME.to_owned(), Some(sealed))];
        let mut events: Vec<Event> = changes.into_iter().map(|change| Event::Register(Box::new(change))).collect();
        for (person, held) in roles {
            rows.push(RowChange::Assignments(person, rows_of(person, &held)));
            events.push(Event::RolesSet { person, roles: held });
        }
        Ok((store::Change { rows, ..store::Change::default() }, events))
    }
}

/// An office of a policy, with the role of the product that goes with it.
fn office<'a>(pack: &'a Pack, id: &RoleId) -> Result<(&'a Office, Role), Trouble> {
    let role = pack.role(id).ok_or(Trouble::NotFound)?;
    Ok((role.office.as_ref().ok_or(Trouble::NotFound)?, role.capacity))
}

/// Somebody of the agency whose account works.
fn somebody(directory: &Directory, tenant: TenantId, person: AccountId) -> Result<(), Trouble> {
    let known = directory.person(person).filter(|p| p.tenant == tenant).ok_or(Trouble::NotFound)?;
    if known.active { Ok(()) } else { Err(Trouble::Refused("This account is disabled. Enable it first.".into())) }
}

/// The officer's roles that somebody holds.
fn offices_of(directory: &Directory, person: AccountId, now: Instant) -> Vec<Held> {
    let officer = |held: &Held| matches!(held.role, Role::LocalOfficer | Role::ChiefOfficer) && !held.over(now);
    directory.roles_of(person).into_iter().filter(officer).collect()
}

/// The roles that follow from a change of the register.
fn follow(roles: &mut Roles, directory: &Directory, change: &Change, role: Role, zone: &Zone) -> Result<(), Trouble> {
    let after = |last: Date| zone.start_of_day(last.tomorrow().unwrap_or(last));
    match change {
        Change::Designated(new) => {
            let (from, until) = (zone.start_of_day(new.from), new.until.map(after));
            give(roles, directory, new.holder, Held { role, unit: new.unit, from, until })
        }
        Change::Ended { unit, holder, last, .. } => {
            let end = after(*last);
            let held = roles.entry(*holder).or_insert_with(|| directory.roles_of(*holder));
            for theirs in held.iter_mut().filter(|h| h.role == role && h.unit == *unit && !h.over(end)) {
                theirs.until = Some(end);
            }
            held.retain(|h| h.until.is_none_or(|until| h.from < until));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Adds a role for some days to what somebody holds, unless they hold it all that time anyway.
fn give(roles: &mut Roles, directory: &Directory, person: AccountId, new: Held) -> Result<(), Trouble> {
    let held = roles.entry(person).or_insert_with(|| directory.roles_of(person));
    // Whoever keeps the accounts of those who read cases reads none (A57).
    if held.iter().any(|h| h.role == Role::Administrator && !h.over(new.from)) {
        return Err(Trouble::Refused(
            "An administrator sees no report and no incident. Choose somebody else, or end that role first.".into(),
        ));
    }
    let lasts = |h: &Held| match (h.until, new.until) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(theirs), Some(end)) => theirs >= end,
    };
    let covered = held.iter().any(|h| h.role == new.role && h.unit == new.unit && h.from <= new.from && lasts(h));
    if !covered {
        held.push(new);
    }
    Ok(())
}

fn rows_of(person: AccountId, roles: &[Held]) -> Vec<AssignmentRow> {
    let row = |held: &Held| AssignmentRow {
        account: person,
        unit: held.unit,
        role: role_name(held.role),
        from: held.from,
        until: held.until,
    };
    roles.iter().map(row).collect()
}
