//! The legal bases that an incident is marked with: named by its policy, put on and taken off by whoever works on it.

use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::incident::{Command, Incident};
use domain::pack::{Pack, TagId};

use super::{Place, act};
use crate::{
    screens::staff::{desk::Staff, sorry::Answer},
    typed::Typed,
};

/// A legal basis that the policy names.
#[derive(Debug, Clone)]
pub struct TagRow {
    /// Its id.
    pub id: String,
    /// As it is cited.
    pub cite: String,
    /// What an incident is about that carries it.
    pub label: String,
    /// Whether the incident carries it.
    pub on: bool,
}

/// The legal bases of the policy and the laws, each with whether the incident carries it.
pub fn rows(incident: &Incident, pack: &Pack, laws: &[&Pack]) -> Vec<TagRow> {
    let mut rows: Vec<TagRow> = Vec::new();
    for tag in std::iter::once(&pack).chain(laws).flat_map(|pack| &pack.tags) {
        if rows.iter().all(|known| known.id != tag.id.as_str()) {
            rows.push(TagRow {
                id: tag.id.to_string(),
                cite: tag.cite.clone(),
                label: tag.label.en.clone(),
                on: incident.tags.contains(&tag.id),
            });
        }
    }
    rows
}

/// Marks, or takes a mark off. Sends `tag` and `on` = `yes` or `no`.
pub async fn mark(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let tag = TagId::parse(typed.get("tag")).map_err(|_| Trouble::NotFound)?;
    let on = typed.get("on") == "yes";
    let place = Place { section: "tags", form: "tags", field: "tags", done: "tagged" };
    act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::Tag(tag.clone(), on))).await
}
