//! How somebody signs in: programs, passkeys, recovery codes and the password, each to add, replace and take away. What
//! changes any of it is asked for freshly, see [`super::prove`].

use app::factors::FactorKind;
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::{get, post},
};
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, go, page as shown};
use super::sign_in::steps::{self, NewPasskey, NewProgram};
use super::sorry::{Answer, refusal};
use crate::{
    screens::{
        frame::{Frame, Problem},
        show,
    },
    times::{self, Stamp},
    typed::{Typed, problem},
    words::Language,
};

/// Addresses below `/me/factors`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/me/factors", get(page))
        .route("/me/factors/program", post(begin_program))
        .route("/me/factors/program/done", post(program))
        .route("/me/factors/passkey", post(new_passkey))
        .route("/me/factors/passkey/begin", post(begin_passkey))
        .route("/me/factors/passkey/made", post(passkey))
        .route("/me/factors/codes", post(codes))
        .route("/me/factors/password", post(password))
        .route("/me/factors/{factor}/remove", post(remove))
}

/// `/me/factors`
#[derive(Debug, Template)]
#[template(path = "staff/factors.html")]
pub struct Factors {
    /// The desk.
    pub desk: Desk,
    /// Programs and passkeys.
    pub factors: Vec<Row>,
    /// Whether there is a program.
    pub program: bool,
    /// Whether there is a program or a passkey.
    pub something: bool,
    /// Whether passkeys work here.
    pub passkeys: bool,
    /// “7 are left.”
    pub codes_left: String,
}

/// A program or a passkey.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is a passkey.
    pub passkey: bool,
    /// Since when.
    pub since: Stamp,
    /// “5 min ago”, “never”
    pub used: String,
}

desks!(Factors);

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Two statements of the store: session and factors.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff).await?;
    page.desk.flash = match done.done.as_str() {
        "removed" => Flash::says("Taken away. You are signed out everywhere else."),
        "program" => Flash::says("The program is set up. You are signed out everywhere else."),
        "passkey" => Flash::says("The passkey is yours. You are signed out everywhere else."),
        "password" => Flash::says("Changed. You are signed out everywhere else."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff) -> Result<Factors, Trouble> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let (factors, has) = app.my_factors(&staff.who).await?;
    let row = |factor: app::factors::Factor| Row {
        id: factor.id.to_string(),
        name: factor.name,
        passkey: factor.kind == FactorKind::Passkey,
        since: times::short(factor.made_at, now, &zone),
        used: factor.used_at.map_or_else(|| "never".to_owned(), |at| times::ago(at, now)),
    };
    Ok(Factors {
        desk: staff.desk(app, "How I sign in").under("/me", "Your page"),
        factors: factors.into_iter().map(row).collect(),
        program: has.program,
        something: has.something(),
        passkeys: app.passkeys_work(),
        codes_left: match has.codes {
            0 => "None is left: make new ones.".to_owned(),
            1 => "One is left: make new ones.".to_owned(),
            n => format!("{n} are left."),
        },
    })
}

async fn again(app: &App, staff: &Staff, wrong: Problem) -> Answer {
    let page = view(app, staff).await?;
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&Factors { desk, ..page }))
}

/// What to do about a refusal: the page again, with the words at `field`.
async fn told(app: &App, staff: &Staff, field: &str, trouble: Trouble) -> Answer {
    let words = match trouble {
        Trouble::TooMany(wait) => steps::wait_words(wait),
        Trouble::NotFound => "That took too long, or was done already. Begin again.".to_owned(),
        other => refusal(other)?,
    };
    again(app, staff, problem(field, &words)).await
}

fn program_page(enrolment: app::factors::program::Enrolment, problems: Vec<Problem>) -> NewProgram {
    NewProgram {
        frame: Frame { problems, ..Frame::new(Language::English, "/me/factors", "Set up a program") },
        action: "/me/factors/program/done",
        entering: false,
        way: enrolment.way,
        onward: Vec::new(),
        drawing: steps::drawing(&enrolment.link),
        typed: enrolment.typed,
        passkey: false,
    }
}

/// Shows what a program is to be told.
pub async fn begin_program(State(app): State<App>, staff: Staff) -> Answer {
    let enrolment = app.begin_program(&staff.who).await?;
    Ok(show(StatusCode::OK, &program_page(enrolment, Vec::new())))
}

/// Takes its first code. Sends `way`, `code`.
pub async fn program(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let way = typed.get("way");
    match app.finish_program(&staff.who, way, typed.get("code")).await.map_err(refusal) {
        Ok(codes) if codes.is_empty() => Ok(go("/me/factors?done=program")),
        Ok(codes) => Ok(show(StatusCode::OK, &steps::codes(codes, false, "/me/factors?done=program", Vec::new()))),
        Err(Ok(words)) => {
            let enrolment = app.program_again(&staff.who, way).await?;
            Ok(show(StatusCode::OK, &program_page(enrolment, vec![problem("code", &words)])))
        }
        Err(Err(trouble)) => told(&app, &staff, "steps", trouble).await,
    }
}

/// The page on which a passkey is made.
pub async fn new_passkey(State(app): State<App>, _: Staff) -> Answer {
    if !app.passkeys_work() {
        return Err(Trouble::NotFound.into());
    }
    let frame = Frame::new(Language::English, "/me/factors", "Make a passkey");
    let (begin, action) = ("/me/factors/passkey/begin", "/me/factors/passkey/made");
    let page = NewPasskey { frame, begin, action, entering: false, way: String::new(), onward: Vec::new() };
    Ok(show(StatusCode::OK, &page))
}

/// Options for the script.
pub async fn begin_passkey(State(app): State<App>, staff: Staff) -> Answer {
    steps::challenge(app.begin_passkey(&staff.who).await)
}

/// Keeps a passkey. Sends `way`, `credential`, `name`.
pub async fn passkey(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let made = app.finish_passkey(&staff.who, typed.get("way"), typed.get("credential"), typed.get("name")).await;
    match made {
        Ok(codes) if codes.is_empty() => Ok(go("/me/factors?done=passkey")),
        Ok(codes) => Ok(show(StatusCode::OK, &steps::codes(codes, false, "/me/factors?done=passkey", Vec::new()))),
        Err(trouble) => told(&app, &staff, "steps", trouble).await,
    }
}

/// Makes ten new recovery codes and shows them, once.
pub async fn codes(State(app): State<App>, staff: Staff) -> Answer {
    match app.new_codes(&staff.who).await {
        Ok(codes) => Ok(show(StatusCode::OK, &steps::codes(codes, true, "/me/factors", Vec::new()))),
        Err(trouble) => told(&app, &staff, "steps", trouble).await,
    }
}

/// Takes a program or a passkey away.
pub async fn remove(State(app): State<App>, Path(factor): Path<String>, staff: Staff) -> Answer {
    let id = factor.parse().map_err(|_| Trouble::NotFound)?;
    match app.remove_factor(&staff.who, id).await {
        Ok(()) => Ok(go("/me/factors?done=removed")),
        Err(trouble) => told(&app, &staff, "steps", trouble).await,
    }
}

/// Changes the password. Sends `present`, `password`.
pub async fn password(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let raw = |name| typed.raw(name).unwrap_or_default().to_owned();
    let Some(present) = Password::typed(raw("present")) else {
        return again(&app, &staff, problem("present", "Write your present password.")).await;
    };
    let new = match Password::chosen(raw("password")) {
        Ok(new) => new,
        Err(trouble) => return told(&app, &staff, "password", trouble).await,
    };
    match app.change_password(&staff.who, present, new).await {
        Ok(()) => Ok(go("/me/factors?done=password")),
        Err(trouble) => told(&app, &staff, "present", trouble).await,
    }
}
