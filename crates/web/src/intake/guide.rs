//! The guide of a unit: what its policy wants reported, and what everybody's part in it is. Anybody can read it.

use super::{Intake, asked::Asked, doors, sorry};
use crate::screens::{public::guide::Guide, show};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

/// `GET /r/{code}/guide`.
pub async fn guide(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    let pack = match intake.app.pack_for_report(unit.id, intake.app.now()) {
        Ok(pack) => pack,
        Err(trouble) => return sorry::sorry(&intake, &asked, Some(unit), &trouble),
    };
    let language = asked.spoken();
    // Where a policy has two lists, the one of what is to be reported; every policy has that one.
    let reportable = pack.categories.iter().filter(|category| category.axis == "type");
    let kinds = reportable.map(|category| {
        let cite = category.clauses.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default();
        (category.label.text(language).to_owned(), cite)
    });
    let mut frame = asked.frame(&intake, Some(unit), asked.language.say("guide-title"));
    if let Some(first) = &pack.phone_first {
        frame.help = Some(asked.phone(&first.number));
    }
    let route = pack.routes.iter().find(|route| route.when.is_empty());
    let page = Guide {
        frame,
        unit: unit.profile.name.text(language).to_owned(),
        policy: pack.title.clone(),
        kinds: kinds.collect(),
        to: route.map(|route| route.says.text(language).to_owned()).unwrap_or_default(),
        start: asked.link(&format!("/r/{}", unit.code)),
    };
    show(StatusCode::OK, &page)
}
