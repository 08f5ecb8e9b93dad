//! The library of playbooks of the agency's policies: what an incident takes its copy from.

use app::App;
use askama::Template;
use axum::extract::State;
use domain::actor::Section;
use domain::pack::{Pack, PackKind, Playbook, Starts};
use domain::permission::Action;

use super::desk::{Desk, Staff, desks, page as shown};
use super::incident::view::names::STAGES;
use super::sorry::Answer;

/// `/playbooks`
#[derive(Debug, Template)]
#[template(path = "staff/playbooks.html")]
pub struct Library {
    /// The desk.
    pub desk: Desk,
    /// The playbooks.
    pub books: Vec<Book>,
}

desks!(Library);

/// A playbook of the library.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its name in addresses on the page.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The policy it belongs to.
    pub policy: String,
    /// How it begins.
    pub begins: &'static str,
    /// Clauses it comes from.
    pub cite: String,
    /// Steps: title, office, stage, clauses.
    pub steps: Vec<(String, String, &'static str, String)>,
}

/// The page. One statement of the store.
pub async fn page(State(app): State<App>, staff: Staff) -> Answer {
    app.allow_in_agency(&staff.who.viewer, Action::Read, Section::Officer)?;
    let directory = app.directory();
    let series = directory.agency(staff.who.viewer.tenant).map(|a| a.profile.policies.clone()).unwrap_or_default();
    let today = staff.now().day_in(&staff.zone(&app));
    let all = app.packs();
    let editions = all.of(staff.who.viewer.tenant);
    let packs = series.iter().filter_map(|series| editions.governing(series, today).pack());
    let books = packs
        .filter(|pack| pack.kind == PackKind::Policy)
        .flat_map(|pack| pack.playbooks.iter().map(move |b| book(pack, b)));
    let page = Library { desk: staff.desk(&app, "Playbooks").under("/incidents", "Incidents"), books: books.collect() };
    Ok(shown(&page))
}

fn book(pack: &Pack, playbook: &Playbook) -> Book {
    let cite = |ids: &[domain::pack::ClauseId]| {
        ids.iter().filter_map(|id| pack.clause(id)).map(|c| c.cite.as_str()).collect::<Vec<_>>().join("; ")
    };
    let steps = playbook.steps.iter().map(|step| {
        let office = pack.role(&step.role).map_or_else(|| step.role.to_string(), |role| role.title.en.clone());
        let stage = STAGES.iter().find(|(stage, ..)| *stage == step.stage).map_or("", |(.., label)| *label);
        (step.title.clone(), office, stage, cite(&step.clauses))
    });
    Book {
        id: playbook.id.to_string(),
        title: playbook.title.clone(),
        policy: pack.title.clone(),
        begins: match playbook.starts {
            Starts::ByItself => "Starts by itself once its condition holds.",
            Starts::WhenAsked => "Offered on the incident; somebody starts it.",
        },
        cite: cite(&playbook.clauses),
        steps: steps.collect(),
    }
}
