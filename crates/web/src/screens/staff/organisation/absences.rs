//! Marking officers as away, and back.

use app::App;
use axum::extract::{Path, State};
use domain::ids::{AccountId, EntryId};

use super::offices::{Offices, organises, view};
use super::{day, needed_day};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Staff, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    typed::{Typed, problem},
};

/// The right to record an officer's absence.
fn may(app: &App, staff: &Staff, person: AccountId) -> Result<domain::permission::Allowed, app::Trouble> {
    if !organises(app, staff, person) {
        return Err(app::Trouble::NotFound);
    }
    let held = app.directory().roles_of(person);
    let rights = held.iter().filter(|h| !h.over(staff.now()));
    rights.filter_map(|h| app.allow_organising(&staff.who.viewer, h.unit).ok()).next().ok_or(app::Trouble::NotFound)
}

fn again(app: &App, staff: &Staff, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff)?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&Offices { desk, opened: "away".to_owned(), typed, ..page }))
}

/// Marks somebody as away. Sends `who`, `away-from`, `away-until`, `acting`.
pub async fn away(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let read = || -> Result<_, Problem> {
        let who: AccountId = typed.get("who").parse().map_err(|_| problem("who", "Choose who is away."))?;
        let from = day(&app, &staff, &typed, "away-from")?.unwrap_or_else(|| super::today(&app, &staff));
        let until = needed_day(&app, &staff, &typed, "away-until", "Write the last day away, such as 2026-10-20.")?;
        let acting = match typed.get("acting") {
            "" => None,
            id => Some(id.parse::<AccountId>().map_err(|_| problem("acting", "Choose who acts."))?),
        };
        Ok((who, from, until, acting))
    };
    let (who, from, until, acting) = match read() {
        Ok(read) => read,
        Err(wrong) => return again(&app, &staff, typed, wrong),
    };
    let may = may(&app, &staff, who)?;
    match app.mark_away(&may, who, from, until, acting).await.map_err(refusal) {
        Ok(()) => Ok(go("/organisation?done=away")),
        Err(Ok(words)) => again(&app, &staff, typed, problem("away-until", &words)),
        Err(Err(trouble)) => Err(trouble.into()),
    }
}

/// They are back.
pub async fn back(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id: EntryId = id.parse().map_err(|_| app::Trouble::NotFound)?;
    let directory = app.directory();
    let agency = directory.agency(staff.who.viewer.tenant).ok_or(app::Trouble::NotFound)?;
    let absence = agency.register.absences.iter().find(|a| a.id == id).ok_or(app::Trouble::NotFound)?;
    let may = may(&app, &staff, absence.person)?;
    app.mark_back(&may, id).await?;
    Ok(go("/organisation?done=back"))
}
