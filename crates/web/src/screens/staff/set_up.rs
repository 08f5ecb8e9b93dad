//! The first administrator: a one-time link from the console opens a page where somebody takes the first account.

use app::directory::Profile;
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::permission::Role;

use super::sorry::{Answer, refusal};
use crate::{
    screens::{
        frame::{Choice, Frame, Problem},
        pages, show,
    },
    typed::{Typed, problem},
    words::Language,
};

/// `/set-up/{secret}`. Sends `agency`, `name`, `email`, `password`.
#[derive(Debug, Template)]
#[template(path = "staff/set_up.html")]
pub struct SetUp {
    /// The frame.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Agencies of this installation.
    pub agencies: Vec<Choice>,
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
}

pages!(SetUp);

fn form(app: &App, secret: &str, typed: &Typed) -> SetUp {
    let agencies = app.directory();
    let agencies = agencies
        .agencies()
        .into_iter()
        .map(|a| Choice::new(&a.code, a.profile.name.en.clone()).chosen_if(typed.get("agency") == a.code));
    SetUp {
        frame: Frame::new(Language::English, "/set-up", "Set up the first account"),
        action: format!("/set-up/{secret}"),
        agencies: agencies.collect(),
        name: typed.get("name").to_owned(),
        email: typed.get("email").to_owned(),
    }
}

/// The form, while the link works.
pub async fn page(State(app): State<App>, Path(secret): Path<String>) -> Answer {
    if !app.set_up_link_works(&secret).await? {
        return Err(Trouble::NotFound.into());
    }
    Ok(show(StatusCode::OK, &form(&app, &secret, &Typed::default())))
}

/// Makes the account and uses up the link.
pub async fn set_up(State(app): State<App>, Path(secret): Path<String>, typed: Typed) -> Answer {
    if !app.set_up_link_works(&secret).await? {
        return Err(Trouble::NotFound.into());
    }
    match take(&app, &typed).await? {
        Ok(()) => {
            app.use_set_up_link().await?;
            Ok(Redirect::to("/sign-in").into_response())
        }
        Err(problems) => Ok(again(&app, &secret, &typed, problems)),
    }
}

fn again(app: &App, secret: &str, typed: &Typed, problems: Vec<Problem>) -> Response {
    let mut page = form(app, secret, typed);
    page.frame.problems = problems;
    show(StatusCode::OK, &page)
}

async fn take(app: &App, typed: &Typed) -> Result<Result<(), Vec<Problem>>, Trouble> {
    let mut problems = Vec::new();
    let directory = app.directory();
    let agency = directory.agencies().into_iter().find(|a| a.code == typed.get("agency")).cloned();
    if agency.is_none() {
        problems.push(problem("agency", "Choose the agency this account belongs to."));
    }
    let name = match typed.needed_line::<200>("name", "Write your name as colleagues know it.") {
        Ok(name) => name.to_string(),
        Err(wrong) => {
            problems.push(wrong);
            String::new()
        }
    };
    let email = typed.get("email").to_owned();
    if !email.contains('@') || email.len() > 254 {
        problems.push(problem("email", "Write an e-mail address, such as a.ortiz@example.gov."));
    }
    let password = Password::chosen(typed.raw("password").unwrap_or_default().to_owned());
    let password = match password {
        Ok(password) => Some(password),
        Err(trouble) => {
            problems.push(problem("password", &refusal(trouble)?));
            None
        }
    };
    let (Some(agency), Some(password), true) = (agency, password, problems.is_empty()) else {
        return Ok(Err(problems));
    };
    let head = directory.units_of(agency.id).into_iter().find(|u| u.parent.is_none()).map(|u| u.id);
    let head = head.ok_or(Trouble::NotFound)?;
    let profile = Profile { name, email, phone: None };
    match app.add_person(agency.id, &profile, Some(password), &[(head, Role::Administrator)]).await {
        Ok(_) => Ok(Ok(())),
        Err(trouble) => {
            let _ = refusal(trouble)?;
            Ok(Err(vec![problem("email", "There is an account with this address already. Use another one.")]))
        }
    }
}
