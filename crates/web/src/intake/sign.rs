//! The page behind a signing link: the reporter's part of the form to read, a name to type, and a signature given once.

use super::{Intake, asked::Asked, form::Unread, sorry};
use crate::{
    screens::{
        frame::Problem,
        public::{
            mend::Mend,
            sign::{BoxToRead, SignPart},
        },
        show,
    },
    words,
};
use app::Trouble;
use app::sign_by_link::{BehindLink, ToSign};
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use domain::text::{Line, Name};

/// `GET /sign/{token}`.
pub async fn page(State(intake): State<Intake>, asked: Asked, Path(token): Path<String>) -> Response {
    match intake.app.behind_signing_link(&token).await {
        Ok(BehindLink::Open(form)) => show(StatusCode::OK, &view(&intake, &asked, *form, String::new(), Vec::new())),
        Ok(BehindLink::Signed(at, zone)) => {
            let at = words::moment(asked.language, &at.in_zone(&zone));
            let said = vec![
                asked.language.say_with("signed-at", &[("at", &at)]),
                asked.language.say("signed-done"),
                asked.language.say("sign-kept-short"),
            ];
            sorry::message(&intake, &asked, None, StatusCode::OK, asked.language.say("signed-title"), said)
        }
        Err(trouble) => missing(&intake, &asked, &trouble),
    }
}

/// `POST /sign/{token}`: sends `name`, `agree` = `yes`, and `digest`, what stood on the page.
pub async fn sign(State(intake): State<Intake>, asked: Asked, Path(token): Path<String>, request: Request) -> Response {
    let mut posted = match intake.read_fields(request).await {
        Ok(posted) => posted,
        Err(Unread::Unreadable) => return sorry::see(&asked.path),
        Err(unread) => return intake.unread(&asked, None, &unread),
    };
    let typed = posted.take("name").unwrap_or_default();
    let digest = posted.take("digest").unwrap_or_default();
    let mut problems = Vec::new();
    // Marks that nobody sees are no name.
    let name: Option<Name> = Line::parse(&typed).ok().filter(|_| typed.chars().any(char::is_alphabetic));
    if name.is_none() {
        problems.push(Mend::SignName.at("name", asked.language));
    }
    if posted.take("agree").as_deref() != Some("yes") {
        problems.push(Mend::SignAgree.at("agree", asked.language));
    }
    if let (Some(name), true) = (&name, problems.is_empty()) {
        match intake.app.sign_by_link(&token, name, &digest).await {
            Ok(()) => return sorry::see(&asked.path),
            Err(Trouble::Moved) => problems.push(Mend::SignChanged.at("form", asked.language)),
            // Signed in another window, or by paper meanwhile: the page says so.
            Err(Trouble::Incident(_)) => return sorry::see(&asked.path),
            Err(trouble) => return missing(&intake, &asked, &trouble),
        }
    }
    match intake.app.behind_signing_link(&token).await {
        Ok(BehindLink::Open(form)) => {
            let typed = typed.chars().take(400).collect();
            show(StatusCode::OK, &view(&intake, &asked, *form, typed, problems))
        }
        Ok(BehindLink::Signed(..)) => sorry::see(&asked.path),
        Err(trouble) => missing(&intake, &asked, &trouble),
    }
}

fn missing(intake: &Intake, asked: &Asked, trouble: &Trouble) -> Response {
    if super::printed::is_nothing(trouble) { sorry::ended(asked) } else { sorry::sorry(intake, asked, None, trouble) }
}

fn view(intake: &Intake, asked: &Asked, form: ToSign, name: String, problems: Vec<Problem>) -> SignPart {
    let directory = intake.app.directory();
    let unit = directory.unit(form.unit);
    let mut frame = asked.frame(intake, unit, asked.language.say("sign-title"));
    frame.problems = problems;
    let silent = asked.language.say("sign-empty");
    let boxes = form.boxes.into_iter().map(|(numeral, label, text)| BoxToRead {
        numeral,
        label: label.text(asked.spoken()).to_owned(),
        empty: text.is_empty(),
        text: if text.is_empty() { silent.clone() } else { text },
    });
    SignPart {
        frame,
        form: form.title.text(asked.spoken()).to_owned(),
        issuer: form.issuer,
        boxes: boxes.collect(),
        kept: form.kept.into_iter().map(|(numeral, label)| (numeral, label.text(asked.spoken()).to_owned())).collect(),
        digest: form.digest,
        until: words::moment(asked.language, &form.until.in_zone(&form.zone)),
        action: asked.path.clone(),
        signer: name,
    }
}
