//! Offices of the policy, unit by unit: who holds each, who is away, and what is missing, each with what to do.

use app::App;
use app::gaps::{Gap, OfficeAt};
use askama::Template;
use axum::extract::{Query, State};
use domain::ids::AccountId;
use domain::permission::Role;
use serde::Deserialize;

use super::{keeps, today};
use crate::{
    screens::{
        frame::Choice,
        staff::{
            desk::{Desk, Flash, Staff, desks, page as shown},
            home::unit_name,
            sorry::Answer,
        },
    },
    times,
    typed::Typed,
};

/// `/organisation`
#[derive(Debug, Template)]
#[template(path = "organisation/offices.html")]
pub struct Offices {
    /// The desk.
    pub desk: Desk,
    /// What is missing.
    pub gaps: Vec<GapRow>,
    /// Every office that this person may see.
    pub offices: Vec<OfficeRow>,
    /// Who is away now or later.
    pub away: Vec<AwayRow>,
    /// Officers who can be marked as away by this person.
    pub officers: Vec<Choice>,
    /// People who can act for them.
    pub acting: Vec<Choice>,
    /// Whether this person keeps the agency.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Offices);

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRow {
    /// “Beta: no current local security officer”
    pub words: String,
    /// What to do about it.
    pub todo: String,
    /// Where.
    pub href: String,
    /// The clause that asks for the office.
    pub cite: String,
}

/// An office at a unit.
#[derive(Debug, Clone)]
pub struct OfficeRow {
    /// Its page.
    pub href: String,
    /// “Local security officer”
    pub office: String,
    /// The unit.
    pub unit: String,
    /// Who holds it, or “nobody”.
    pub holder: String,
    /// “since …, designated by …”, or what is missing.
    pub since: String,
    /// “away until …, … acts”, or empty.
    pub away: String,
    /// Whether something is missing.
    pub missing: bool,
    /// Where the unit's own incidents stand.
    pub history: String,
}

/// An absence.
#[derive(Debug, Clone)]
pub struct AwayRow {
    /// Its id.
    pub id: String,
    /// Who.
    pub name: String,
    /// “Jul 4 – Jul 8”
    pub days: String,
    /// Who acts, or what happens to reports.
    pub acting: String,
    /// Whether this person may end it.
    pub ends: bool,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// A gap in words, with what to do.
pub fn gap_row(app: &App, office: &OfficeAt, keeps: bool) -> Option<GapRow> {
    let unit = unit_name(app, office.unit);
    let code = app.directory().unit(office.unit).map(|u| u.code.clone()).unwrap_or_default();
    let title = office.role.title.en.to_lowercase();
    let ask =
        |what: &str| if keeps { what.to_owned() } else { format!("Ask an administrator: {}", what.to_lowercase()) };
    let (words, todo) = match office.gap? {
        Gap::Vacant => (format!("{unit}: no current {title}"), ask("Designate somebody.")),
        Gap::NotOnRecord => {
            let names: Vec<&str> = office.people.iter().map(|p| p.profile.name.as_str()).collect();
            (
                format!("{unit}: {} works as {title}, and no designation is on record", names.join(", ")),
                ask("Record the designation."),
            )
        }
        Gap::Unattended => {
            let until = office.away.as_ref().map(|a| times::day(a.until)).unwrap_or_default();
            (
                format!("{unit}: the {title} is away until {until} and nobody acts for them"),
                "Name somebody who acts, below. Until then reports go to who stands in by the policy.".to_owned(),
            )
        }
    };
    Some(GapRow {
        words,
        todo,
        href: format!("/organisation/office/{code}/{}", office.role.id),
        cite: office.cite.clone(),
    })
}

/// The page. One statement of the store: offices are in memory.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff)?;
    page.desk.flash = match done.done.as_str() {
        "away" => Flash::says("On record. Reports go to who stands in on those days."),
        "back" => Flash::says("On record: they are back."),
        _ => None,
    };
    Ok(shown(&page))
}

/// The page as it stands.
pub fn view(app: &App, staff: &Staff) -> Result<Offices, app::Trouble> {
    let viewer = &staff.who.viewer;
    let offices = app.offices(viewer)?;
    let keeps = keeps(app, staff);
    let directory = app.directory();
    let agency = directory.agency(viewer.tenant).ok_or(app::Trouble::NotFound)?;
    let today = today(app, staff);
    let away = agency.register.absences.iter().filter(|a| a.until >= today && organises(app, staff, a.person));
    let row = |absence: &domain::organisation::register::Absence| AwayRow {
        id: absence.id.to_string(),
        name: app.name_of(absence.person),
        days: format!("{} to {}", times::day(absence.from), times::day(absence.until)),
        acting: match absence.acting {
            Some(acting) => format!("{} acts", app.name_of(acting)),
            None => "nobody acts: reports go to who stands in".to_owned(),
        },
        ends: true,
    };
    let officer = |role: Role| matches!(role, Role::LocalOfficer | Role::ChiefOfficer);
    let people = directory.people_of(viewer.tenant).into_iter().filter(|p| p.active);
    let officers: Vec<_> =
        people.filter(|p| directory.roles_of(p.id).iter().any(|h| officer(h.role) && !h.over(staff.now()))).collect();
    let choice = |p: &&app::directory::Person| {
        Choice::new(&p.id.to_string(), p.profile.name.clone()).chosen_if(p.id == viewer.account)
    };
    Ok(Offices {
        desk: staff.desk(app, "Organization"),
        gaps: offices.iter().filter_map(|office| gap_row(app, office, keeps)).collect(),
        offices: offices.iter().map(|office| office_row(app, office)).collect(),
        away: away.map(row).collect(),
        officers: officers.iter().filter(|p| organises(app, staff, p.id)).map(choice).collect(),
        acting: if keeps {
            super::colleagues(app, staff)
        } else {
            officers.iter().map(|p| Choice::new(&p.id.to_string(), p.profile.name.clone())).collect()
        },
        keeps,
        opened: String::new(),
        typed: Typed::default(),
    })
}

/// Whether this person may record the absence of an officer: their own, or where they organise all units of the other.
pub fn organises(app: &App, staff: &Staff, person: AccountId) -> bool {
    let officer = |role: Role| matches!(role, Role::LocalOfficer | Role::ChiefOfficer);
    let held = app.directory().roles_of(person);
    let mut theirs = held.iter().filter(|h| officer(h.role) && !h.over(staff.now())).peekable();
    let own = person == staff.who.viewer.account;
    theirs.peek().is_some() && (own || theirs.all(|h| app.allow_organising(&staff.who.viewer, h.unit).is_ok()))
}

fn office_row(app: &App, office: &OfficeAt) -> OfficeRow {
    let code = app.directory().unit(office.unit).map(|u| u.code.clone()).unwrap_or_default();
    let names: Vec<&str> = office.people.iter().map(|p| p.profile.name.as_str()).collect();
    let holder = match &office.designation {
        Some(designation) if office.gap != Some(Gap::Vacant) => app.name_of(designation.holder),
        _ if names.is_empty() => "nobody".to_owned(),
        _ => names.join(", "),
    };
    let since = match (&office.designation, office.gap) {
        (_, Some(Gap::Vacant)) => "vacant".to_owned(),
        (_, Some(Gap::NotOnRecord)) | (None, _) => "no designation on record".to_owned(),
        (Some(d), _) => {
            let by = d.by.as_ref().map(|by| format!(", designated by {by}")).unwrap_or_default();
            let until = d.until.map(|last| format!(", until {}", times::day(last))).unwrap_or_default();
            format!("since {}{until}{by}", times::day(d.from))
        }
    };
    let away = office.away.as_ref().map(|absence| {
        let acting = absence.acting.map(|id| format!(", {} acts", app.name_of(id))).unwrap_or_default();
        format!("away until {}{acting}", times::day(absence.until))
    });
    OfficeRow {
        href: format!("/organisation/office/{code}/{}", office.role.id),
        office: office.role.title.en.clone(),
        unit: unit_name(app, office.unit),
        holder,
        since,
        away: away.unwrap_or_default(),
        missing: office.gap.is_some(),
        history: format!("/organisation/units/{code}"),
    }
}
