//! The private page of a person who reported: how far it is, questions and answers, and more files; no account.

use super::{Intake, asked::Asked, form::FilePlace, printed, sizes, sorry};
use crate::{
    screens::{
        frame::{Choice, Problem},
        public::{
            mend::Mend,
            questions::File,
            status::{EndLink, Letter, Lookup, Reached, Stage as Step, Status},
        },
        show as show_page,
    },
    words,
};
use app::limits::Counted;
use app::status_page::{Stage, StatusView};
use app::{FileOwner, ReportRow, Trouble};
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use domain::pack::{QuestionId, QuestionKind};
use domain::reference::ReportReference;
use domain::report::{Told, particulars};
use domain::text::{Note, TextError};

/// `GET /s/{key}`: the secret of the private link, or reference and code with a dot between.
pub async fn show(State(intake): State<Intake>, asked: Asked, Path(key): Path<String>) -> Response {
    match intake.app.report_behind(&key).await {
        Ok(row) => page(&intake, &asked, &row, (String::new(), String::new()), Vec::new()).await,
        Err(trouble) => missing(&intake, &asked, &trouble),
    }
}

fn missing(intake: &Intake, asked: &Asked, trouble: &Trouble) -> Response {
    if printed::is_nothing(trouble) { sorry::ended(asked) } else { sorry::sorry(intake, asked, None, trouble) }
}

/// `POST /s/{key}`: words and files for the officer.
pub async fn add(State(intake): State<Intake>, asked: Asked, Path(key): Path<String>, request: Request) -> Response {
    let row = match intake.app.report_behind(&key).await {
        Ok(row) => row,
        Err(trouble) => return missing(&intake, &asked, &trouble),
    };
    let sent = match intake.app.status_view(&row).await {
        Ok(view) => view.files.len(),
        Err(trouble) => return sorry::sorry(&intake, &asked, None, &trouble),
    };
    // Files wait beside the record, under the keyed hash of the link, until the entry that names them is written.
    let room = intake.app.settings().files_per_report.saturating_sub(sent);
    let place = FilePlace { tenant: row.tenant, owner: FileOwner::Draft(row.secret), room };
    let mut posted = match intake.read_with_files(&asked, request, place, &mut |_| Box::pin(async {})).await {
        Ok(posted) => posted,
        Err(unread) => return intake.unread(&asked, None, &unread),
    };
    if posted.take("then").as_deref() == Some("language") {
        return sorry::see(&asked.language.other().path(&asked.path));
    }
    let about = posted.take("about").unwrap_or_default();
    let typed = posted.take("message").unwrap_or_default();
    let mut problems: Vec<Problem> = posted.problems.iter().map(|mend| mend.at("files", asked.language)).collect();
    let message = match Note::parse(&typed) {
        Ok(note) => Some(note),
        Err(TextError::Empty) => None,
        Err(TextError::TooLong { length, limit }) => {
            let mend = Mend::TooLong { length: sizes::thousands(length), most: sizes::thousands(limit) };
            problems.push(mend.at("message", asked.language));
            None
        }
    };
    if message.is_none() && posted.files.is_empty() && problems.is_empty() {
        problems.push(Mend::NothingAdded.at("message", asked.language));
    }
    // With something to mend the words wait on the page; files that have arrived are not asked for again.
    let message = message.filter(|_| problems.is_empty());
    if (message.is_some() || !posted.files.is_empty())
        && let Err(trouble) = intake.app.add_words(&row, message, posted.files, QuestionId::parse(&about).ok()).await
    {
        return sorry::sorry(&intake, &asked, None, &trouble);
    }
    if problems.is_empty() {
        return sorry::see(&format!("{}?added", asked.path));
    }
    page(&intake, &asked, &row, (typed, about), problems).await
}

/// `GET /s/{key}/end`: what ending the private link means, before it is done.
pub async fn end(State(intake): State<Intake>, asked: Asked, Path(key): Path<String>) -> Response {
    let row = match intake.app.report_behind(&key).await {
        Ok(row) => row,
        Err(trouble) => return missing(&intake, &asked, &trouble),
    };
    let directory = intake.app.directory();
    let frame = asked.frame(&intake, directory.unit(row.unit), asked.language.say("end-title"));
    let keep = asked.path.trim_end_matches("/end").to_owned();
    show_page(StatusCode::OK, &EndLink { frame, reference: row.reference, action: asked.path.clone(), keep })
}

/// `POST /s/{key}/end`.
pub async fn end_now(State(intake): State<Intake>, asked: Asked, Path(key): Path<String>) -> Response {
    let ended = match intake.app.report_behind(&key).await {
        Ok(row) => intake.app.end_link(&row).await,
        Err(trouble) => Err(trouble),
    };
    match ended {
        Ok(()) => sorry::see(&asked.link("/ended")),
        Err(trouble) => missing(&intake, &asked, &trouble),
    }
}

/// `GET /ended`: a private link was ended by the person whose it was.
pub async fn ended(State(intake): State<Intake>, asked: Asked) -> Response {
    let said = ["ended-why", "ended-report"].map(|key| asked.language.say(key)).into();
    sorry::message(&intake, &asked, None, StatusCode::OK, asked.language.say("ended-title"), said)
}

async fn page(
    intake: &Intake,
    asked: &Asked,
    row: &ReportRow,
    typed: (String, String),
    problems: Vec<Problem>,
) -> Response {
    match status(intake, asked, row, typed, problems).await {
        Ok(status) => show_page(StatusCode::OK, &status),
        Err(trouble) => sorry::sorry(intake, asked, None, &trouble),
    }
}

async fn status(
    intake: &Intake,
    asked: &Asked,
    row: &ReportRow,
    (message, about): (String, String),
    problems: Vec<Problem>,
) -> Result<Status, Trouble> {
    let view = intake.app.status_view(row).await?;
    let directory = intake.app.directory();
    let zone = intake.app.zone_of(row.tenant);
    let said = |at: domain::time::Instant| words::moment(asked.language, &at.in_zone(&zone));
    let mut frame = asked.frame(intake, directory.unit(row.unit), asked.language.say("status-title"));
    frame.holds_answers = true;
    frame.problems = problems;
    let asks = view.messages.last().filter(|(_, message)| message.asks);
    let pack = intake.app.pack_of_report(&view.report)?;
    let open: Vec<_> = particulars(&view.report, pack).into_iter().filter(|(_, told)| *told != Told::Yes).collect();
    let open =
        open.into_iter().filter_map(|(p, _)| Some((p.questions.first()?.as_str(), p.title.text(asked.spoken()))));
    let open: Vec<(&str, &str)> = open.collect();
    let words = pack.questions.iter().find(|q| q.kind == QuestionKind::LongText && view.said_words());
    let title = |id: &QuestionId| pack.questions.iter().find(|q| q.id == *id).map(|q| q.title.text(asked.spoken()));
    let letter = |(yours, message): &(bool, domain::report::Message)| Letter {
        yours: *yours,
        from: asked.language.say(if *yours { "from-you" } else { "from-office" }),
        at: said(message.at),
        words: message.words.to_string(),
        about: message.about.as_ref().and_then(title).unwrap_or_default().to_owned(),
        lang: String::new(),
    };
    let file = |(name, size): &(String, u64)| File {
        id: String::new(),
        name: name.clone(),
        size: sizes::size(*size),
        state: asked.language.say("file-sealed"),
    };
    let spoken = view.reference.parse::<ReportReference>().map(|r| r.spoken().join(", ")).unwrap_or_default();
    Ok(Status {
        stages: stages(asked, &view, said),
        question: asks.map(|(_, message)| message.words.to_string()).unwrap_or_default(),
        messages: view.messages.iter().map(letter).collect(),
        files: view.files.iter().map(file).collect(),
        action: asked.path.clone(),
        abouts: std::iter::once(Choice::new("", asked.language.say("about-anything")))
            .chain(words.map(|q| Choice::new(q.id.as_str(), asked.language.say("about-correction"))))
            .chain(open.iter().map(|(id, title)| Choice::new(id, *title)))
            .map(|choice| Choice { chosen: choice.value == about, ..choice })
            .collect(),
        open: open.iter().map(|(_, title)| (*title).to_owned()).collect(),
        message,
        limits: intake.file_limits(asked),
        largest: intake.app.settings().file_limit,
        just_done: if asked.has("added") { asked.language.say("status-added") } else { String::new() },
        cancel: format!("{}/end", asked.path),
        reference: view.reference,
        spoken,
        frame,
    })
}

fn stages(asked: &Asked, view: &StatusView, said: impl Fn(domain::time::Instant) -> String) -> Vec<Step> {
    let order = [Stage::Received, Stage::BeingLookedAt, Stage::Question, Stage::Finished];
    let here = order.iter().position(|stage| *stage == view.stage).unwrap_or(0);
    let step = |(at, stage): (usize, Stage)| {
        // A report that was never asked about passes the question by.
        let asked_at = view.messages.iter().find(|(_, m)| m.asks).map(|(_, m)| m.at);
        if stage == Stage::Question && view.stage != Stage::Question && asked_at.is_none() {
            return None;
        }
        let (name, meaning, when) = match stage {
            Stage::Received => ("stage-received", "stage-received-meaning", Some(view.received_at)),
            Stage::BeingLookedAt => ("stage-looking", "stage-looking-meaning", view.opened_at),
            Stage::Question => ("stage-question", "stage-question-meaning", asked_at),
            Stage::Finished => ("stage-finished", "stage-finished-meaning", None),
        };
        let reached = match at.cmp(&here) {
            std::cmp::Ordering::Less => Reached::Done,
            std::cmp::Ordering::Equal => Reached::Now,
            std::cmp::Ordering::Greater => Reached::Ahead,
        };
        let at = when.filter(|_| reached != Reached::Ahead).map(&said).unwrap_or_default();
        Some(Step { name: asked.language.say(name), meaning: asked.language.say(meaning), at, reached })
    };
    order.into_iter().enumerate().filter_map(step).collect()
}

/// `GET /status`.
pub async fn lookup(State(intake): State<Intake>, asked: Asked) -> Response {
    lookup_page(&intake, &asked, String::new(), String::new(), Vec::new())
}

fn lookup_page(intake: &Intake, asked: &Asked, reference: String, code: String, problems: Vec<Problem>) -> Response {
    let mut frame = asked.frame(intake, None, asked.language.say("go-status"));
    frame.problems = problems;
    show_page(StatusCode::OK, &Lookup { frame, action: asked.link("/status"), reference, code })
}

/// `POST /status`: reference and code when the link is lost.
pub async fn find(State(intake): State<Intake>, asked: Asked, request: Request) -> Response {
    let (reference, code) = match intake.read_fields(request).await {
        Ok(mut posted) => (posted.take("reference").unwrap_or_default(), posted.take("code").unwrap_or_default()),
        Err(unread) => return intake.unread(&asked, None, &unread),
    };
    if let Err(trouble) = intake.count(&asked, Counted::Code).await {
        return sorry::sorry(&intake, &asked, None, &trouble);
    }
    let again = |mend: Mend, field: &str| {
        let short = |text: &str| text.chars().take(200).collect::<String>();
        lookup_page(&intake, &asked, short(&reference), short(&code), vec![mend.at(field, asked.language)])
    };
    let Ok(parsed) = reference.parse::<ReportReference>() else { return again(Mend::ReferenceMistyped, "reference") };
    match intake.app.report_by_code(&parsed.to_string(), &code).await {
        Ok(row) => match intake.app.code_of_report(&row) {
            Ok(code) => sorry::see(&asked.link(&format!("/s/{parsed}.{code}"))),
            Err(trouble) => sorry::sorry(&intake, &asked, None, &trouble),
        },
        Err(trouble) if printed::is_nothing(&trouble) => again(Mend::ReferenceUnknown, "reference"),
        Err(trouble) => sorry::sorry(&intake, &asked, None, &trouble),
    }
}
