//! Tokens of programs: which there are, with whose rights they act and until when; making one and withdrawing one.

use app::administration::tokens::TokenLine;
use app::api_token::Scope;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::AccountId;
use domain::permission::Allowed;
use serde::Deserialize;

use super::keeps;
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

/// Days that a token lasts when nothing else is typed.
const DAYS: u16 = 90;

/// `/admin/tokens`
#[derive(Debug, Template)]
#[template(path = "admin/tokens.html")]
pub struct Tokens {
    /// The desk.
    pub desk: Desk,
    /// All of them, those that work first.
    pub tokens: Vec<Row>,
    /// People whose rights a token can act with.
    pub people: Vec<Choice>,
    /// What a token can be for.
    pub scopes: Vec<Choice>,
    /// The token that was just made: shown now and never again.
    pub made: String,
    /// Whether the form was refused.
    pub opened: bool,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Tokens);

/// A token of the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// `3f9a-11c2`
    pub name: String,
    /// With whose rights it acts.
    pub person: String,
    /// “read, statistics”
    pub scopes: String,
    /// When it ends or ended.
    pub ends: times::Stamp,
    /// “works”, “ended”, “withdrawn”
    pub state: &'static str,
    /// Whether it works.
    pub works: bool,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Two statements of the store: session and tokens.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let may = keeps(&app, &staff)?;
    let mut page = view(&app, &staff, &may).await?;
    if done.done == "withdrawn" {
        page.desk.flash = Flash::says("Withdrawn: programs that use it are refused from now on.");
    }
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, may: &Allowed) -> Result<Tokens, Trouble> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let row = |line: TokenLine| {
        let works = line.withdrawn_at.is_none() && line.ends_at > now;
        Row {
            person: app.name_of(line.person),
            scopes: match line.scopes.as_slice() {
                // What people make for themselves on their own page; no address of the API takes it.
                [] => "their own calendar".to_owned(),
                scopes => scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", "),
            },
            ends: times::stamp(line.withdrawn_at.unwrap_or(line.ends_at), now, &zone),
            state: match (line.withdrawn_at, works) {
                (Some(_), _) => "withdrawn",
                (None, true) => "works",
                (None, false) => "ended",
            },
            works,
            name: line.name,
        }
    };
    let mut tokens: Vec<Row> = app.token_lines(may).await?.into_iter().map(row).collect();
    tokens.sort_by_key(|row| !row.works);
    let directory = app.directory();
    let people = directory.people_of(may.tenant()).into_iter().filter(|person| person.active);
    Ok(Tokens {
        desk: staff.desk(app, "Tokens of programs"),
        tokens,
        people: people
            .map(|p| Choice::new(&p.id.to_string(), format!("{} ({})", p.profile.name, p.profile.email)))
            .collect(),
        scopes: Scope::ALL.into_iter().map(|scope| Choice::new(scope.name(), says(scope))).collect(),
        made: String::new(),
        opened: false,
        typed: Typed::default(),
    })
}

const fn says(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read incidents, their duties and documents",
        Scope::Triage => "Accept reports",
        Scope::Statistics => "Read statistics",
    }
}

fn read(typed: &Typed) -> Result<(AccountId, Vec<Scope>, u16), Problem> {
    let person = typed.get("person").parse().map_err(|_| problem("person", "Choose with whose rights it acts."))?;
    let days = match typed.get("days") {
        "" => DAYS,
        days => days.parse().map_err(|_| problem("days", "Write the number of days in figures."))?,
    };
    Ok((person, typed.all("scope").filter_map(Scope::named).collect(), days))
}

/// Makes a token and shows it once. Sends `person`, `scope` (several), `days`.
pub async fn issue(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let asked = read(&typed);
    let done = match &asked {
        Ok((person, scopes, days)) => {
            app.issue_token(&may, *person, scopes, *days).await.map_err(|trouble| match refusal(trouble) {
                Ok(words) => Ok(problem("scopes", &words)),
                Err(trouble) => Err(trouble),
            })
        }
        Err(wrong) => Err(Ok(wrong.clone())),
    };
    let page = match done {
        Err(Err(trouble)) => return Err(Trouble::into(trouble)),
        Err(Ok(wrong)) => {
            let page = view(&app, &staff, &may).await?;
            let desk = page.desk.clone().mend(vec![wrong]);
            Tokens { desk, opened: true, typed, ..page }
        }
        Ok((made, _)) => Tokens { made, ..view(&app, &staff, &may).await? },
    };
    Ok(shown(&page))
}

/// Withdraws a token.
pub async fn withdraw(State(app): State<App>, Path(name): Path<String>, staff: Staff) -> Answer {
    let may = keeps(&app, &staff)?;
    app.revoke_token(&may, &name).await?;
    Ok(go("/admin/tokens?done=withdrawn"))
}
