//! A person's own page: who they are here, and the browsers in which they are signed in.

use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::permission::Action;
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, go, page as shown};
use super::sorry::Answer;
use crate::{times, typed::Typed};

/// `/me`
#[derive(Debug, Template)]
#[template(path = "staff/me.html")]
pub struct Me {
    /// The desk.
    pub desk: Desk,
    /// Signed-in browsers, newest first.
    pub sessions: Vec<Session>,
    /// Whether there are others than this one.
    pub others: bool,
    /// Tokens of programs that act with their rights.
    pub tokens: Vec<Token>,
    /// Whether there is anything for a calendar of theirs.
    pub calendar: bool,
    /// Whether this person may ask to look into incidents in an emergency, or agree that others do.
    pub glass: bool,
    /// Until when their calendar link works; empty without one.
    pub link_until: String,
}

/// One signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// “Firefox on Windows”
    pub browser: String,
    /// Where from.
    pub address: String,
    /// When it was last used.
    pub seen: times::Stamp,
    /// When it began.
    pub began: times::Stamp,
    /// Whether it is the one being used.
    pub this: bool,
}

/// A token of a program.
#[derive(Debug, Clone)]
pub struct Token {
    /// `3f9a-11c2`
    pub name: String,
    /// “read, statistics”
    pub scopes: String,
    /// When it ends.
    pub ends: times::Stamp,
}

/// A calendar link, shown once.
#[derive(Debug, Template)]
#[template(path = "staff/calendar_link.html")]
pub struct CalendarPage {
    /// The desk.
    pub desk: Desk,
    /// The whole address.
    pub link: String,
}

desks!(Me, CalendarPage);

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Five statements of the store at most.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let (now, zone) = (staff.now(), staff.zone(&app));
    let sessions: Vec<Session> = app
        .my_sessions(&staff.who)
        .await?
        .into_iter()
        .filter(|(row, _)| row.ends_at > now && row.idle_until > now)
        .map(|(row, note)| Session {
            id: row.id.to_string(),
            browser: browser(&note.browser),
            address: note.address,
            seen: times::short(row.seen_at, now, &zone),
            began: times::short(row.started_at, now, &zone),
            this: row.id == staff.who.session.id,
        })
        .collect();
    let mut desk = staff.desk(&app, staff.who.name.clone());
    match done.done.as_str() {
        "ended" => desk.flash = Flash::says("Signed out there."),
        "token" => desk.flash = Flash::says("Withdrawn: programs that use it are refused from now on."),
        "calendar-ended" => desk.flash = Flash::says("The link is ended. It leads nowhere now."),
        _ => {}
    }
    let calendar = staff.may(Action::Read, Section::Officer);
    let link = if calendar { app.calendar_link(&staff.who).await? } else { None };
    let link_until = link.map(|link| times::short(link.until, now, &zone).words).unwrap_or_default();
    let glass = staff.may(Action::BreakGlass, Section::Officer) || staff.may(Action::AgreeGlass, Section::Officer);
    let token = |line: app::administration::tokens::TokenLine| Token {
        name: line.name,
        scopes: line.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", "),
        ends: times::short(line.ends_at, now, &zone),
    };
    let tokens = app.my_tokens(&staff.who).await?.into_iter().map(token).collect();
    Ok(shown(&Me { desk, others: sessions.len() > 1, sessions, tokens, calendar, link_until, glass }))
}

/// Makes the calendar link and shows it, once; an earlier one stops working.
pub async fn make_calendar(State(app): State<App>, staff: Staff) -> Answer {
    let link = app.make_calendar_link(&staff.who).await?;
    Ok(shown(&CalendarPage { desk: staff.desk(&app, "Your calendar link").under("/me#calendar", "Your page"), link }))
}

/// Ends the calendar link.
pub async fn end_calendar(State(app): State<App>, staff: Staff) -> Answer {
    app.end_calendar_link(&staff.who).await?;
    Ok(go("/me?done=calendar-ended#calendar"))
}

/// Withdraws a token that acts with one's own rights.
pub async fn withdraw_token(State(app): State<App>, Path(name): Path<String>, staff: Staff) -> Answer {
    app.withdraw_my_token(&staff.who, &name).await?;
    Ok(go("/me?done=token"))
}

/// Ends one session, or all but this one.
pub async fn end_sessions(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let which = match typed.get("which") {
        "others" => None,
        one => match one.parse() {
            Ok(id) => Some(id),
            Err(_) => return Err(app::Trouble::NotFound.into()),
        },
    };
    app.end_my_sessions(&staff.who, which).await?;
    Ok(go("/me?done=ended"))
}

/// A browser's own long name in two words that people recognise.
fn browser(agent: &str) -> String {
    let names =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&names), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}
