//! The people of an agency: who has an account, in which roles; and adding one.

use app::directory::{Person, Profile};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::time::{Instant, Zone};
use serde::Deserialize;

use super::keeps;
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Staff, desks, page as shown, role_title},
            home::unit_name,
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

/// People on one page.
const PEOPLE: usize = 50;

/// `/admin/people`
#[derive(Debug, Template)]
#[template(path = "admin/people.html")]
pub struct People {
    /// The desk.
    pub desk: Desk,
    /// What was searched for.
    pub words: String,
    /// “23 people”
    pub count: String,
    /// One page of them, by name.
    pub people: Vec<Row>,
    /// Where the next page is, or empty.
    pub next: String,
    /// The form that was refused.
    pub typed: Typed,
}

desks!(People);

/// A person in the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// Their page.
    pub href: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// “Local security officer, Riverbend Center”
    pub roles: Vec<String>,
    /// Whether they can sign in.
    pub active: bool,
}

/// A one-time link, shown once.
#[derive(Debug, Template)]
#[template(path = "admin/link.html")]
pub struct Link {
    /// The desk.
    pub desk: Desk,
    /// Whose it is.
    pub name: String,
    /// Their page.
    pub href: String,
    /// The link.
    pub link: String,
    /// Until when it works.
    pub until: times::Stamp,
    /// Whether they still lack a role.
    pub without_role: bool,
}

desks!(Link);

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    words: String,
    #[serde(default)]
    from: usize,
}

/// The page. One statement of the store: people are in memory.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    keeps(&app, &staff)?;
    Ok(shown(&list(&app, &staff, &asked, Typed::default())))
}

fn list(app: &App, staff: &Staff, asked: &Asked, typed: Typed) -> People {
    let directory = app.directory();
    let words: Vec<String> = asked.words.split_whitespace().map(str::to_lowercase).collect();
    let meant = |person: &&Person| {
        let known = format!("{} {}", person.profile.name, person.profile.email).to_lowercase();
        words.iter().all(|word| known.contains(word))
    };
    let all: Vec<&Person> = directory.people_of(staff.who.viewer.tenant).into_iter().filter(meant).collect();
    let row = |person: &&Person| Row {
        href: format!("/admin/people/{}", person.id),
        name: person.profile.name.clone(),
        email: person.profile.email.clone(),
        roles: roles_of(app, person, staff.now()),
        active: person.active,
    };
    let next = asked.from + PEOPLE;
    let search: String = url_escape(&asked.words);
    People {
        desk: staff.desk(app, "People"),
        words: asked.words.clone(),
        count: if all.len() == 1 { "1 person".to_owned() } else { format!("{} people", all.len()) },
        people: all.iter().skip(asked.from).take(PEOPLE).map(row).collect(),
        next: if next < all.len() { format!("/admin/people?words={search}&from={next}") } else { String::new() },
        typed,
    }
}

fn url_escape(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric();
    text.bytes().map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The roles that a person holds now, in words.
pub fn roles_of(app: &App, person: &Person, now: Instant) -> Vec<String> {
    let held = app.directory().roles_of(person.id).into_iter().filter(|held| held.holds(now));
    held.map(|held| format!("{}, {}", role_title(held.role), unit_name(app, held.unit))).collect()
}

/// What is known of a person, as typed.
pub fn profile(typed: &Typed) -> Result<Profile, Problem> {
    let name = typed.needed_line::<200>("name", "Write the name as colleagues know it.")?.to_string();
    let email = typed.needed_line::<254>("email", "Write an e-mail address, such as a.ortiz@example.gov.")?.to_string();
    Ok(Profile { name, email, phone: typed.line::<40>("phone")?.map(|phone| phone.to_string()) })
}

/// Adds somebody, and shows the link by which they choose a password. Sends `name`, `email`, `phone`.
pub async fn add(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = keeps(&app, &staff)?;
    let again = |typed: Typed, wrong: Problem| {
        let mut page = list(&app, &staff, &Asked::default(), typed);
        page.desk = page.desk.mend(vec![wrong]);
        Ok(shown(&page))
    };
    let profile = match profile(&typed) {
        Ok(profile) => profile,
        Err(wrong) => return again(typed, wrong),
    };
    let person = match app.admit_person(&may, &profile).await.map_err(refusal) {
        Ok(person) => person,
        Err(Ok(words)) => return again(typed, problem("email", &words)),
        Err(Err(trouble)) => return Err(Trouble::into(trouble)),
    };
    let (link, until) = app.make_link(&may, person).await?;
    Ok(shown(&made(&app, &staff, &Made { name: profile.name, person: person.to_string(), link, until }, true)))
}

/// A link that was made.
pub struct Made {
    /// Whose it is.
    pub name: String,
    /// Their account.
    pub person: String,
    /// The link.
    pub link: String,
    /// Until when it works.
    pub until: Instant,
}

/// The page that shows a link once.
pub fn made(app: &App, staff: &Staff, made: &Made, without_role: bool) -> Link {
    let zone: Zone = staff.zone(app);
    Link {
        desk: staff.desk(app, format!("A link for {}", made.name)).under("/admin/people", "People"),
        name: made.name.clone(),
        href: format!("/admin/people/{}", made.person),
        link: made.link.clone(),
        until: times::stamp(made.until, staff.now(), &zone),
        without_role,
    }
}
