//! What an administrator keeps about how the policy meets the agency: units that a law leaves out, and addresses of roles
//! with the day from which each holds.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::{EntryId, UnitId};
use domain::organisation::register::{Channel, LeftOut};
use domain::pack::{Pack, RoleId};
use domain::permission::{Action, Allowed};
use serde::Deserialize;

use super::{day, keeps, needed_day, today, units_seen};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::unit_name,
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// `/organisation/rules`
#[derive(Debug, Template)]
#[template(path = "organisation/rules.html")]
pub struct Rules {
    /// The desk.
    pub desk: Desk,
    /// Units left out of the policy.
    pub left_out: Vec<LeftOutRow>,
    /// Addresses of roles.
    pub channels: Vec<ChannelRow>,
    /// Roles that can be given an address.
    pub roles: Vec<Choice>,
    /// Units.
    pub units: Vec<Choice>,
    /// Whether this person keeps the agency; always, on this page.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Rules);

/// A unit that a law leaves out.
#[derive(Debug, Clone)]
pub struct LeftOutRow {
    /// Its entry.
    pub id: String,
    /// The unit.
    pub unit: String,
    /// “since Jan 1, 2007”
    pub days: String,
    /// The law.
    pub reference: String,
    /// Whether it holds today.
    pub now: bool,
}

/// An address of a role.
#[derive(Debug, Clone)]
pub struct ChannelRow {
    /// The role.
    pub role: String,
    /// For which unit, or empty.
    pub unit: String,
    /// The address.
    pub mail: String,
    /// From which day; “as the policy prints it”.
    pub from: String,
    /// Whether it holds today.
    pub now: bool,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The right to organise the agency as a whole.
pub fn whole_agency(app: &App, staff: &Staff) -> Option<Allowed> {
    let head = app.directory().head_of(staff.who.viewer.tenant)?;
    app.allow_organising(&staff.who.viewer, head).ok()
}

fn administers(app: &App, staff: &Staff) -> Result<Allowed, Trouble> {
    app.allow_administering(&staff.who.viewer, Action::Administer)
}

/// The page. One statement of the store: the register is in memory.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    administers(&app, &staff)?;
    let mut page = view(&app, &staff)?;
    page.desk.flash = match done.done.as_str() {
        "left-out" => Flash::says("On record. Reports from there are taken as voluntary on those days."),
        "bound" => Flash::says("On record. The policy binds the unit again after that day."),
        "channel" => {
            Flash::says("On record. Messages made from that day on go there; earlier ones keep their address.")
        }
        _ => None,
    };
    Ok(shown(&page))
}

/// Every policy that binds a unit of the agency today, each once.
fn policies<'a>(app: &'a App, staff: &Staff) -> Vec<&'a Pack> {
    let mut packs: Vec<&Pack> = Vec::new();
    for unit in units_seen(app, staff) {
        if let Ok(pack) = app.pack_for_report(unit.id, staff.now())
            && !packs.iter().any(|known| known.id == pack.id)
        {
            packs.push(pack);
        }
    }
    packs
}

fn view(app: &App, staff: &Staff) -> Result<Rules, Trouble> {
    let directory = app.directory();
    let agency = directory.agency(staff.who.viewer.tenant).ok_or(Trouble::NotFound)?;
    let (today, packs) = (today(app, staff), policies(app, staff));
    let left_out = agency.register.left_out.iter().map(|entry| LeftOutRow {
        id: entry.id.to_string(),
        unit: unit_name(app, entry.unit),
        days: match entry.until {
            Some(last) => format!("{} to {}", times::day(entry.from), times::day(last)),
            None => format!("since {}", times::day(entry.from)),
        },
        reference: entry.reference.to_string(),
        now: entry.covers(today),
    });
    let roles = packs.iter().flat_map(|pack| &pack.roles);
    let title = |id: &RoleId| {
        roles.clone().find(|role| role.id == *id).map_or_else(|| id.to_string(), |role| role.title.en.clone())
    };
    let mut channels: Vec<ChannelRow> = Vec::new();
    for role in roles.clone() {
        let Some(mail) = role.reach.as_ref().and_then(|reach| reach.mail.as_ref()) else { continue };
        let replaced = agency.register.mail_of(&role.id, &[], today).is_some();
        channels.push(ChannelRow {
            role: role.title.en.clone(),
            unit: String::new(),
            mail: mail.clone(),
            from: "as the policy prints it".to_owned(),
            now: !replaced,
        });
    }
    channels.extend(agency.register.channels.iter().map(|channel| {
        let line: Vec<UnitId> = channel.unit.into_iter().collect();
        ChannelRow {
            role: title(&channel.role),
            unit: channel.unit.map(|unit| unit_name(app, unit)).unwrap_or_default(),
            mail: channel.mail.to_string(),
            from: format!("from {}", times::day(channel.from)),
            now: agency.register.mail_of(&channel.role, &line, today) == Some(&channel.mail) && channel.from <= today,
        }
    }));
    let mut choices: Vec<Choice> = Vec::new();
    for role in roles {
        if !choices.iter().any(|choice| choice.value == role.id.as_str()) {
            choices.push(Choice::new(role.id.as_str(), role.title.en.clone()));
        }
    }
    Ok(Rules {
        desk: staff.desk(app, "Rules of the agency").under("/organisation", "Organization"),
        left_out: left_out.collect(),
        channels,
        roles: choices,
        units: units_seen(app, staff)
            .into_iter()
            .map(|unit| Choice::new(&unit.id.to_string(), unit.profile.name.en))
            .collect(),
        keeps: keeps(app, staff),
        opened: String::new(),
        typed: Typed::default(),
    })
}

fn again(app: &App, staff: &Staff, opened: &str, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff)?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&Rules { desk, opened: opened.to_owned(), typed, ..page }))
}

/// Leads on after a change, or shows the page again at `field`.
fn after(
    app: &App,
    staff: &Staff,
    typed: Typed,
    (opened, field, done): (&str, &str, &str),
    changed: Result<(), Trouble>,
) -> Answer {
    match changed.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/organisation/rules?done={done}"))),
        Err(Ok(words)) => again(app, staff, opened, typed, problem(field, &words)),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Leaves a unit out. Sends `unit`, `left-from`, `left-until`, `reference`.
pub async fn leave_out(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = administers(&app, &staff)?;
    let id: EntryId = app.draw();
    let read = || -> Result<LeftOut, Problem> {
        let unit = typed.get("unit").parse().map_err(|_| problem("unit", "Choose the unit."))?;
        let from = needed_day(&app, &staff, &typed, "left-from", "Write the first day, such as 2026-10-20.")?;
        let until = day(&app, &staff, &typed, "left-until")?;
        let reference = typed.needed_line("reference", "Write the law that leaves it out, as it is cited.")?;
        Ok(LeftOut { id, unit, from, until, reference })
    };
    match read() {
        Ok(new) => {
            let changed = app.leave_out(&may, &new).await;
            after(&app, &staff, typed, ("left-out", "left-from", "left-out"), changed)
        }
        Err(wrong) => again(&app, &staff, "left-out", typed, wrong),
    }
}

/// The policy binds a unit again. Sends `last`.
pub async fn bind_again(State(app): State<App>, Path(id): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = administers(&app, &staff)?;
    let id: EntryId = id.parse().map_err(|_| Trouble::NotFound)?;
    let last = match day(&app, &staff, &typed, "last") {
        Ok(last) => last.unwrap_or_else(|| today(&app, &staff)),
        Err(wrong) => return again(&app, &staff, "bound", typed, wrong),
    };
    let changed = app.bind_again(&may, id, last).await;
    after(&app, &staff, typed, ("bound", "last", "bound"), changed)
}

/// Sets an address. Sends `role`, `mail`, `mail-from`, `mail-unit`.
pub async fn channel(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = administers(&app, &staff)?;
    let read = || -> Result<Channel, Problem> {
        let role = RoleId::parse(typed.get("role")).map_err(|_| problem("role", "Choose the role."))?;
        let mail = typed.needed_line("mail", "Write the address, such as desk@example.gov.")?;
        if !crate::intake::is_email(typed.get("mail")) {
            return Err(problem("mail", "Check the address. It looks like name@example.org."));
        }
        let from = day(&app, &staff, &typed, "mail-from")?.unwrap_or_else(|| today(&app, &staff));
        Ok(Channel { role, unit: typed.get("mail-unit").parse().ok(), mail, from })
    };
    match read() {
        Ok(channel) => {
            let changed = app.set_channel(&may, &channel).await;
            after(&app, &staff, typed, ("channel", "mail-from", "channel"), changed)
        }
        Err(wrong) => again(&app, &staff, "channel", typed, wrong),
    }
}
