//! The page behind a one-time link: somebody chooses their password and can sign in from then on.

use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};

use super::sorry::{Answer, refusal};
use crate::{
    screens::{
        frame::{Frame, Problem},
        pages, show,
    },
    typed::{Typed, problem},
    words::Language,
};

/// `/welcome/{word}`. Sends `password`.
#[derive(Debug, Template)]
#[template(path = "staff/welcome.html")]
pub struct Welcome {
    /// The frame.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Whose account it is.
    pub name: String,
    /// Their agency.
    pub agency: String,
}

pages!(Welcome);

async fn view(app: &App, word: &str, problems: Vec<Problem>) -> Result<Welcome, Trouble> {
    let invited = app.invited(word).await?;
    let mut frame = Frame::new(Language::English, "/welcome", "Choose your password");
    frame.problems = problems;
    let directory = app.directory();
    let agency = directory.agency(invited.tenant).map(|a| a.profile.name.en.clone()).unwrap_or_default();
    Ok(Welcome { frame, action: format!("/welcome/{word}"), name: invited.name, agency })
}

/// The form, while the link works.
pub async fn page(State(app): State<App>, Path(word): Path<String>) -> Answer {
    Ok(show(StatusCode::OK, &view(&app, &word, Vec::new()).await?))
}

/// Takes the password and uses the link up.
pub async fn choose(State(app): State<App>, Path(word): Path<String>, typed: Typed) -> Answer {
    let password = Password::chosen(typed.raw("password").unwrap_or_default().to_owned());
    let password = match password.map_err(refusal) {
        Ok(password) => password,
        Err(Ok(words)) => {
            return Ok(show(StatusCode::OK, &view(&app, &word, vec![problem("password", &words)]).await?));
        }
        Err(Err(trouble)) => return Err(Trouble::into(trouble)),
    };
    app.choose_password(&word, password).await?;
    Ok(Redirect::to("/sign-in").into_response())
}
