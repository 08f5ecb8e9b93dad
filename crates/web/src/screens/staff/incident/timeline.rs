//! The timeline's one box: type or paste; what looks like an address or a sum is offered before anything is written.

use app::App;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use domain::actor::Section;
use domain::ids::EntryId;
use domain::incident::{Command, Entry, EntryKind};
use domain::observable::{Observable, find};
use domain::permission::Action;
use domain::text::Narrative;
use domain::time::When;

use super::view::names::{KINDS, observable};
use super::{Place, act, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Staff, desks, page as shown},
            sorry::Answer,
        },
    },
    times,
    typed::{Typed, problem},
};

/// The step between typing and writing, when something was found. Works without script.
#[derive(Debug, Template)]
#[template(path = "staff/confirm_note.html")]
pub struct Confirm {
    /// The desk.
    pub desk: Desk,
    /// Where the form goes.
    pub action: String,
    /// The way back.
    pub back: String,
    /// The words.
    pub words: String,
    /// As typed.
    pub happened: String,
    /// How that was read.
    pub read_as: String,
    /// Kind, by name.
    pub kind: String,
    /// The entry it corrects, or empty.
    pub corrects: String,
    /// What was found: value, kind, and whether it is the agency's own.
    pub found: Vec<(String, &'static str)>,
}

desks!(Confirm);

const AT: Place<'static> = Place { section: "timeline", form: "note", field: "words", done: "noted" };

/// Adds an entry. Sends `words`, `happened`, `kind`, `corrects`, and from the confirming step `confirmed` and `accept`.
pub async fn note(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (entry, found) = match entry(&app, &staff, &typed) {
        Ok(read) => read,
        Err(wrong) => return again(&app, &staff, &reference, "note", typed, vec![wrong]).await,
    };
    if typed.get("confirmed").is_empty() && !found.is_empty() {
        // Nothing is written yet, but nobody learns this way whether the incident exists.
        let viewer = &staff.who.viewer;
        let (_, row) = app.allow_on_incident(viewer, &reference, Action::Work, Section::Officer).await?;
        let address = format!("/incidents/{}", row.reference);
        let desk = staff.desk(&app, "Check what was found").under(&address, &row.reference);
        let page = Confirm {
            desk,
            action: format!("{address}/notes"),
            back: address,
            words: entry.words.to_string(),
            happened: typed.get("happened").to_owned(),
            read_as: times::when(&entry.happened, staff.now(), &staff.zone(&app)).words,
            kind: typed.get("kind").to_owned(),
            corrects: typed.get("corrects").to_owned(),
            found: found.into_iter().map(|o| (o.value, observable(o.kind))).collect(),
        };
        return Ok(shown(&page).into_response());
    }
    let at = if entry.corrects.is_some() { Place { done: "corrected", ..AT } } else { AT };
    act(&app, &staff, &reference, at, typed, move |_, _| Ok(Command::Note(Box::new(entry.clone())))).await
}

fn entry(app: &App, staff: &Staff, typed: &Typed) -> Result<(Entry, Vec<Observable>), Problem> {
    let words: Narrative = typed.needed_prose("words", "Write what happened, or paste a log line or a message.")?;
    let happened = match typed.get("happened") {
        "" => When::Exact { at: staff.now() },
        text => {
            let read = times::read(text, staff.now(), &staff.zone(app));
            read.map_err(|e| problem("happened", &e.to_string()))?
        }
    };
    let found = find(words.as_str());
    let kind = KINDS.iter().find(|(_, name, _)| *name == typed.get("kind")).map_or(EntryKind::Note, |(kind, ..)| *kind);
    let accepted = found.iter().filter(|o| typed.has("accept", &o.value)).cloned().collect();
    let id: EntryId = app.draw();
    let corrects = typed.get("corrects").parse().ok();
    Ok((Entry { id, kind, happened, words, observables: accepted, corrects, tags: Vec::new(), doer: None }, found))
}
