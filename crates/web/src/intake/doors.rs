//! The doors into a report: whom to tell, a unit's start page, its telephone, and the way back to a saved report.

use super::{Intake, asked::Asked, form::Unread, printed, sorry, urlencoded};
use crate::screens::{
    frame::Phone,
    public::{
        doors::{ByPhone, Choose, Door, Resume, Start, UnknownUnit},
        mend::Mend,
    },
    show,
};
use app::directory::Unit;
use app::limits::Counted;
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};

/// `GET /` and `/report`.
pub async fn choose(State(intake): State<Intake>, asked: Asked) -> Response {
    let frame = asked.frame(&intake, None, asked.language.say("choose-title"));
    show(StatusCode::OK, &Choose { frame, organisations: agencies(&intake, &asked) })
}

/// Every agency, with its number.
fn agencies(intake: &Intake, asked: &Asked) -> Vec<Door> {
    let directory = intake.app.directory();
    let door = |agency: &&app::directory::Agency| Door {
        name: agency.profile.name.text(asked.spoken()).to_owned(),
        href: asked.link(&format!("/report/{}", agency.code)),
        hint: agency.profile.phone.clone(),
    };
    directory.agencies().iter().map(door).collect()
}

/// `GET /report/{org}`: the units of an agency, or straight to the only one.
pub async fn organisation(State(intake): State<Intake>, asked: Asked, Path(org): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(agency) = directory.agencies().into_iter().find(|a| a.code.eq_ignore_ascii_case(org.trim())) else {
        return unknown(&intake, &asked, &org);
    };
    let units = directory.units_of(agency.id);
    if let [only] = units.as_slice() {
        return sorry::see(&asked.link(&format!("/r/{}", only.code)));
    }
    let door = |unit: &&Unit| Door {
        name: unit.profile.name.text(asked.spoken()).to_owned(),
        href: asked.link(&format!("/r/{}", unit.code)),
        hint: unit.profile.phone.clone().unwrap_or_default(),
    };
    let mut frame = asked.frame(&intake, units.first().copied(), asked.language.say("choose-title"));
    frame.help = Some(asked.phone(&agency.profile.phone));
    show(StatusCode::OK, &Choose { frame, organisations: units.iter().map(door).collect() })
}

/// `GET /r?code=`: a code that was typed.
pub async fn code(State(intake): State<Intake>, asked: Asked) -> Response {
    let fields = urlencoded::fields(asked.query.as_bytes());
    let code = fields.into_iter().find(|(name, _)| name == "code").map(|(_, value)| value).unwrap_or_default();
    match intake.app.directory().unit_by_code(&code) {
        Some(unit) => sorry::see(&asked.link(&format!("/r/{}", unit.code))),
        None => unknown(&intake, &asked, &code),
    }
}

/// The page for a code that names nothing.
pub fn unknown(intake: &Intake, asked: &Asked, code: &str) -> Response {
    let shown: String = domain::text::inert(code, false).chars().take(40).collect();
    let mut frame = asked.frame(intake, None, asked.language.say("unknown-title"));
    frame.problems = vec![Mend::UnitUnknown { code: shown.clone() }.at("code", asked.language)];
    let page = UnknownUnit { frame, code: shown, action: asked.link("/r"), organisations: agencies(intake, asked) };
    let mut answer = show(StatusCode::NOT_FOUND, &page);
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

/// `GET /r/{code}`.
pub async fn start(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return unknown(&intake, &asked, &code) };
    let pack = match intake.app.pack_for_report(unit.id, intake.app.now()) {
        Ok(pack) => pack,
        Err(trouble) => return sorry::sorry(&intake, &asked, Some(unit), &trouble),
    };
    let mut frame = asked.frame(&intake, Some(unit), asked.language.say("start-title"));
    let mut clause = String::new();
    if let Some(first) = &pack.phone_first {
        frame.help = Some(asked.phone(&first.number));
        clause = first.clauses.first().and_then(|id| pack.clause(id)).map(|c| c.cite.clone()).unwrap_or_default();
    }
    let agency = directory.agency(unit.tenant).map(|agency| agency.code.clone()).unwrap_or_default();
    let page = Start {
        frame,
        unit: unit.profile.name.text(asked.spoken()).to_owned(),
        change: asked.link(&format!("/report/{agency}")),
        action: asked.link(&format!("/r/{}", unit.code)),
        by_phone: asked.link(&format!("/r/{}/phone", unit.code)),
        call_first: pack.phone_first.is_some(),
        clause,
        resume: asked.link("/resume"),
    };
    show(StatusCode::OK, &page)
}

/// `POST /r/{code}`: begins a draft and leads to its first question.
pub async fn begin(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>, request: Request) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return unknown(&intake, &asked, &code) };
    let conflict = match intake.read_fields(request).await {
        Ok(mut posted) => posted.take("begin").as_deref() == Some("conflict"),
        // A bare post means what the button means.
        Err(Unread::Unreadable) => false,
        Err(unread) => return intake.unread(&asked, Some(unit), &unread),
    };
    if let Err(wait) = intake.admit_report(&asked, Some(unit)).await {
        return wait;
    }
    match intake.app.begin_draft(unit.id, asked.spoken(), conflict).await {
        Ok(open) => {
            let first = intake.app.pack_for_report(unit.id, intake.app.now());
            let first =
                first.ok().and_then(|pack| pack.questions.first()).map_or("check", |q| q.id.as_str()).to_owned();
            sorry::see(&asked.link(&format!("/report/d/{}/{first}", open.token)))
        }
        Err(trouble) => sorry::sorry(&intake, &asked, Some(unit), &trouble),
    }
}

/// `GET /r/{code}/phone`.
pub async fn by_phone(State(intake): State<Intake>, asked: Asked, Path(code): Path<String>) -> Response {
    let directory = intake.app.directory();
    let Some(unit) = directory.unit_by_code(&code) else { return unknown(&intake, &asked, &code) };
    let mut frame = asked.frame(&intake, Some(unit), asked.language.say("phone-title"));
    if let Ok(pack) = intake.app.pack_for_report(unit.id, intake.app.now())
        && let Some(first) = &pack.phone_first
    {
        frame.help = Some(asked.phone(&first.number));
    }
    let phone: Phone = frame.help.clone().unwrap_or_else(|| asked.phone(""));
    let name = unit.profile.name.text(asked.spoken()).to_owned();
    show(StatusCode::OK, &ByPhone { frame, unit: name, phone, start: asked.link(&format!("/r/{}", unit.code)) })
}

/// `GET /resume`.
pub async fn resume(State(intake): State<Intake>, asked: Asked) -> Response {
    resume_page(&intake, &asked, String::new(), None)
}

fn resume_page(intake: &Intake, asked: &Asked, words: String, wrong: Option<Mend>) -> Response {
    let mut frame = asked.frame(intake, None, asked.language.say("resume-title"));
    frame.problems = wrong.iter().map(|mend| mend.at("words", asked.language)).collect();
    show(StatusCode::OK, &Resume { frame, action: asked.link("/resume"), words })
}

/// `POST /resume`.
pub async fn resume_by_words(State(intake): State<Intake>, asked: Asked, request: Request) -> Response {
    let typed = match intake.read_fields(request).await {
        Ok(mut posted) => posted.take("words").unwrap_or_default(),
        Err(unread) => return intake.unread(&asked, None, &unread),
    };
    if let Err(trouble) = intake.count(&asked, Counted::Code).await {
        return sorry::sorry(&intake, &asked, None, &trouble);
    }
    match intake.app.draft_by_words(&typed).await {
        Ok(token) => sorry::see(&asked.link(&format!("/report/d/{token}"))),
        Err(trouble) if printed::is_nothing(&trouble) => {
            let shown: String = typed.chars().take(200).collect();
            resume_page(&intake, &asked, shown, Some(Mend::WordsUnknown))
        }
        Err(trouble) => sorry::sorry(&intake, &asked, None, &trouble),
    }
}

/// `GET /gone`: a draft was deleted.
pub async fn gone(State(intake): State<Intake>, asked: Asked) -> Response {
    let (heading, why) = (asked.language.say("gone-title"), asked.language.say("gone-why"));
    sorry::message(&intake, &asked, None, StatusCode::OK, heading, vec![why])
}
