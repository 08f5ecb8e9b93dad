//! Letters about the level: short, with the number and the name of the level and one link.

use super::Board;
use crate::App;
use crate::directory::{Directory, Person};
use crate::mail::Letter;
use domain::pack::Language;
use domain::permission::Role;
use domain::time::Instant;

/// People who hold a role somewhere at or below the head office, each once, with the unit.
pub(super) fn officers<'d>(
    directory: &'d Directory,
    board: &Board<'_>,
    role: Role,
    now: Instant,
) -> Vec<(&'d Person, String)> {
    let mut found: Vec<(&Person, String)> = Vec::new();
    for unit in directory.below(board.head) {
        let name = directory.unit(unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default();
        for person in directory.people_of(board.tenant).into_iter().filter(|person| person.active) {
            let here = directory.roles_of(person.id).iter().any(|h| h.role == role && h.unit == unit && h.holds(now));
            if here && found.iter().all(|(known, _)| known.id != person.id) {
                found.push((person, name.clone()));
            }
        }
    }
    found
}

fn letter(app: &App, to: &str, subject: String, words: &str) -> Letter {
    let link = format!("{}/readiness", app.settings().public_address);
    let words = format!("{words}\n\nOpen it: {link}\n\nSign in to read it.\n");
    Letter { to: to.to_owned(), subject, words, language: Language::English }
}

/// A line to everybody who declares the level.
pub(crate) fn to_deciders(
    app: &App,
    directory: &Directory,
    board: &Board<'_>,
    words: &str,
    now: Instant,
) -> Vec<Letter> {
    let Some(role) = board.pack.role(&board.rules.decided_by) else { return Vec::new() };
    let subject = format!("{}: your assessment is needed", board.rules.title);
    let people = directory.holders(role.capacity, board.head, now).into_iter();
    people.map(|person| letter(app, &person.profile.email, subject.clone(), words)).collect()
}

impl App {
    /// Tells every local officer that the level is another.
    pub(crate) fn level_letters(
        &self,
        directory: &Directory,
        board: &Board<'_>,
        level: u8,
        now: Instant,
    ) -> Vec<Letter> {
        let agency = directory.agency(board.tenant).map(|agency| agency.profile.name.en.clone()).unwrap_or_default();
        let measures = board.readiness.measures_at(level, Some(now), None).len();
        let subject = format!("{agency}: {} is now {}", board.rules.title, board.rules.says(level));
        let list = match measures {
            0 => String::new(),
            1 => " 1 measure is on the list.".to_owned(),
            n => format!(" {n} measures are on the list."),
        };
        let officers = officers(directory, board, Role::LocalOfficer, now).into_iter();
        let words = |unit: &str| {
            format!(
                "{unit} holds the level of the head office, {} since now. Please confirm it.{list}",
                board.rules.says(level)
            )
        };
        officers.map(|(person, unit)| letter(self, &person.profile.email, subject.clone(), &words(&unit))).collect()
    }
}
