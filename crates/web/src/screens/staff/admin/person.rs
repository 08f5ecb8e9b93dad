//! One person's account: what is known of them, how they get in, and their roles.

use app::directory::Person;
use app::factors::Has;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::AccountId;
use domain::permission::Allowed;
use serde::Deserialize;

use super::keeps;
use super::people::{Made, made, profile};
use super::roles::{RoleRow, role_rows};
use super::{role_choices, unit_choices};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// `/admin/people/{person}`
#[derive(Debug, Template)]
#[template(path = "admin/person.html")]
pub struct PersonPage {
    /// The desk.
    pub desk: Desk,
    /// This page.
    pub address: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their telephone, or empty.
    pub phone: String,
    /// Whether they can sign in.
    pub active: bool,
    /// Whether this is the administrator's own account.
    pub own: bool,
    /// “Signed in with 2 browsers, last used 5 min ago.”
    pub sessions: String,
    /// “Besides the password: a program, 2 passkeys, 7 recovery codes.”
    pub factors: String,
    /// Whether there is something besides the password to take away.
    pub resettable: bool,
    /// Whether there is a session to end.
    pub signed_in: bool,
    /// Roles held now or later.
    pub roles: Vec<RoleRow>,
    /// Roles that have ended.
    pub ended: Vec<RoleRow>,
    /// Roles to give.
    pub choices: Vec<Choice>,
    /// Units to give them in.
    pub units: Vec<Choice>,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(PersonPage);

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// Somebody of the administrator's own agency.
pub(super) fn find(app: &App, may: &Allowed, person: &str) -> Result<Person, Trouble> {
    let id: AccountId = person.parse().map_err(|_| Trouble::NotFound)?;
    let directory = app.directory();
    directory.person(id).filter(|p| p.tenant == may.tenant()).cloned().ok_or(Trouble::NotFound)
}

/// The page. Three statements of the store: session, how often this person is signed in, and what they sign in with.
pub async fn page(
    State(app): State<App>,
    Path(person): Path<String>,
    Query(done): Query<Done>,
    staff: Staff,
) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    let mut page = view(&app, &staff, &may, &person).await?;
    page.desk.flash = match done.done.as_str() {
        "changed" => Flash::says("Changed."),
        "role" => Flash::says("They hold this role. It works at once."),
        "ended" => Flash::says("That role has ended, and with it what it allowed."),
        "out" => Flash::says("Signed out everywhere."),
        "disabled" => Flash::says("Disabled: they cannot sign in, and their programs’ tokens no longer work."),
        "enabled" => Flash::says("They can sign in again."),
        "reset" => Flash::says("Taken away, and they are told. At their next sign-in they set up new ones."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, may: &Allowed, person: &Person) -> Result<PersonPage, Trouble> {
    let (live, seen) = app.sessions_of(may, person.id).await?;
    let sessions = match (live, seen) {
        (0, _) | (_, None) => "Not signed in anywhere.".to_owned(),
        (1, Some(at)) => format!("Signed in with 1 browser, last used {}.", times::ago(at, staff.now())),
        (n, Some(at)) => format!("Signed in with {n} browsers, last used {}.", times::ago(at, staff.now())),
    };
    let (roles, ended) = role_rows(app, staff, person);
    let has = app.factors_of(may, person.id).await?;
    Ok(PersonPage {
        factors: besides(has),
        resettable: has.something() || has.codes > 0,
        desk: staff.desk(app, person.profile.name.clone()).under("/admin/people", "People"),
        address: format!("/admin/people/{}", person.id),
        name: person.profile.name.clone(),
        email: person.profile.email.clone(),
        phone: person.profile.phone.clone().unwrap_or_default(),
        active: person.active,
        own: person.id == staff.who.viewer.account,
        sessions,
        signed_in: live > 0,
        roles,
        ended,
        choices: role_choices(),
        units: unit_choices(app, staff),
        opened: String::new(),
        typed: Typed::default(),
    })
}

/// What somebody signs in with besides their password.
fn besides(has: Has) -> String {
    let mut parts = Vec::new();
    if has.program {
        parts.push("a program that shows codes".to_owned());
    }
    match has.passkeys {
        0 => {}
        1 => parts.push("a passkey".to_owned()),
        n => parts.push(format!("{n} passkeys")),
    }
    match has.codes {
        0 => {}
        1 => parts.push("1 recovery code".to_owned()),
        n => parts.push(format!("{n} recovery codes")),
    }
    if parts.is_empty() {
        return "Nothing besides the password.".to_owned();
    }
    format!("Besides the password: {}.", parts.join(", "))
}

/// The page again, with what was wrong and what was typed in the form `opened`.
pub(super) async fn again(
    app: &App,
    staff: &Staff,
    may: &Allowed,
    person: &Person,
    opened: &str,
    typed: Typed,
    wrong: Problem,
) -> Answer {
    let page = view(app, staff, may, person).await?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&PersonPage { desk, opened: opened.to_owned(), typed, ..page }))
}

/// Changes name, address and telephone. Sends `name`, `email`, `phone`.
pub async fn change(State(app): State<App>, Path(person): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    let new = match profile(&typed) {
        Ok(new) => new,
        Err(wrong) => return again(&app, &staff, &may, &person, "known", typed, wrong).await,
    };
    match app.change_person(&may, person.id, &new).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/people/{}?done=changed", person.id))),
        Err(Ok(words)) => again(&app, &staff, &may, &person, "known", typed, problem("email", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Makes a one-time link and shows it.
pub async fn link(State(app): State<App>, Path(person): Path<String>, staff: Staff) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    match app.make_link(&may, person.id).await.map_err(refusal) {
        Ok((link, until)) => {
            let without = app.directory().roles_of(person.id).is_empty();
            let link = Made { name: person.profile.name, person: person.id.to_string(), link, until };
            Ok(shown(&made(&app, &staff, &link, without)))
        }
        Err(Ok(words)) => {
            again(&app, &staff, &may, &person, "in", Typed::default(), problem("getting-in", &words)).await
        }
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Signs them out everywhere.
pub async fn sign_out(State(app): State<App>, Path(person): Path<String>, staff: Staff) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    app.end_sessions_of(&may, person.id).await?;
    Ok(go(&format!("/admin/people/{}?done=out", person.id)))
}

/// Lets them in no longer. Sends `sure`: the tick that says so.
pub async fn disable(State(app): State<App>, Path(person): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    if typed.get("sure") != "yes" {
        let wrong = problem("sure", "Tick the box to say that you mean it.");
        return again(&app, &staff, &may, &person, "disable", typed, wrong).await;
    }
    match app.disable(&may, person.id).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/people/{}?done=disabled", person.id))),
        Err(Ok(words)) => again(&app, &staff, &may, &person, "disable", typed, problem("sure", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Takes everything but the password away from somebody who lost it. Sends `reason`.
pub async fn reset(State(app): State<App>, Path(person): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    let reason = match typed.needed_prose::<500>("reason", "Write why: the reason stays on record.") {
        Ok(reason) => reason.to_string(),
        Err(wrong) => return again(&app, &staff, &may, &person, "reset", typed, wrong).await,
    };
    match app.reset_factors(&may, person.id, &reason).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/people/{}?done=reset", person.id))),
        Err(Ok(words)) => again(&app, &staff, &may, &person, "reset", typed, problem("reason", &words)).await,
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Lets them in again.
pub async fn enable(State(app): State<App>, Path(person): Path<String>, staff: Staff) -> Answer {
    let may = keeps(&app, &staff)?;
    let person = find(&app, &may, &person)?;
    app.enable(&may, person.id).await?;
    Ok(go(&format!("/admin/people/{}?done=enabled", person.id)))
}
