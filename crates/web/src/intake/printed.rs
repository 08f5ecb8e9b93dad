//! Pages that are made for paper: the poster of a unit with its QR code, and the report as a blank form.

use super::{Intake, asked::Asked, doors, sorry};
use crate::screens::{
    frame::Choice,
    public::{
        about::{Accessibility, Blank, Kit, Papers, Poster},
        answers::Answer,
        message::Link,
    },
    show,
};
use app::Trouble;
use app::directory::Unit;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::pack::{Facts, QuestionKind};
use qrcode::{EcLevel, QrCode, render::svg};

/// A QR code as an `svg` element; empty for text longer than a code holds.
pub fn qr(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .map(|code| code.render::<svg::Color>().quiet_zone(false).build())
        .unwrap_or_default()
        .split_once("<svg")
        .map(|(_, rest)| format!("<svg{rest}"))
        .unwrap_or_default()
}

/// `GET /r/{code}/poster`.
pub async fn poster(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    let link = format!("{}/r/{}", intake.app.settings().public_address, unit.code);
    let address = link.split_once("://").map_or(link.as_str(), |(_, address)| address).to_owned();
    let frame = asked.frame(&intake, Some(unit), asked.language.say("poster-title"));
    let name = unit.profile.name.text(asked.spoken()).to_owned();
    let pdf = asked.link(&format!("/r/{}/poster.pdf", unit.code));
    show(StatusCode::OK, &Poster { frame, unit: name, address, qr: qr(&link), pdf })
}

/// `GET /r/{code}/form`.
pub async fn blank(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return doors::unknown(&intake, &asked, &code) };
    let now = intake.app.now();
    let pack = match intake.app.pack_for_report(unit.id, now) {
        Ok(pack) => pack,
        Err(trouble) => return sorry::sorry(&intake, &asked, Some(unit), &trouble),
    };
    let language = asked.spoken();
    // Finer questions, and things one by one, are for a screen or for the officer who calls back.
    let on_paper = |q: &&domain::pack::Question| {
        q.tiles.is_empty() && !matches!(q.kind, QuestionKind::Tiles | QuestionKind::Named)
    };
    let questions = pack.questions.iter().filter(on_paper).map(|question| Answer {
        question: question.title.text(language).to_owned(),
        answer: question.hint.as_ref().map(|hint| hint.text(language).to_owned()).unwrap_or_default(),
        ..Answer::default()
    });
    let to = intake.app.routing(pack, unit.id, &Facts::default(), now, None).to.role;
    let page = Blank {
        frame: asked.frame(&intake, Some(unit), asked.language.say("blank-title")),
        unit: unit.profile.name.text(language).to_owned(),
        kinds: pack.tiles.iter().map(|tile| Choice::new(tile.id.as_str(), tile.label.text(language))).collect(),
        questions: questions.collect(),
        send_to: to.text(language).to_owned(),
        pdf: asked.link(&format!("/r/{}/form.pdf", unit.code)),
    };
    show(StatusCode::OK, &page)
}

/// `GET /outage-kit`: every unit's blank form and poster, to print before the network is down.
pub async fn outage_kit(State(intake): State<Intake>, asked: Asked) -> Response {
    let directory = intake.app.directory();
    let papers_of = |unit: &&Unit| {
        let link = |page: &str, words: String| Link { href: asked.link(&format!("/r/{}/{page}", unit.code)), words };
        let shared = [
            ("form", "kit-form"),
            ("form.pdf", "kit-form-pdf"),
            ("poster", "kit-poster"),
            ("poster.pdf", "kit-poster-pdf"),
        ];
        let shared = shared.map(|(page, key)| link(page, asked.language.say(key)));
        let forms = intake.app.incident_form_editions(unit.id).into_iter().map(|edition| {
            let words = asked.language.say_with("kit-incident-form", &[("edition", &edition)]);
            link(&format!("incident-form/{edition}"), words)
        });
        let links = shared.into_iter().chain(forms).collect();
        Papers { unit: unit.profile.name.text(asked.spoken()).to_owned(), links }
    };
    let agencies = directory.agencies().into_iter().map(|agency| {
        let units = directory.units_of(agency.id).iter().map(papers_of).collect();
        (agency.profile.name.text(asked.spoken()).to_owned(), units)
    });
    let frame = asked.frame(&intake, None, asked.language.say("kit-title"));
    show(StatusCode::OK, &Kit { frame, agencies: agencies.collect() })
}

/// `GET /accessibility`.
pub async fn accessibility(State(intake): State<Intake>, asked: Asked) -> Response {
    let frame = asked.frame(&intake, None, asked.language.say("access-title"));
    show(StatusCode::OK, &Accessibility { frame, email: String::new(), tested: String::new() })
}

/// Whether a trouble means that nothing is there.
pub const fn is_nothing(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::NotFound)
}
