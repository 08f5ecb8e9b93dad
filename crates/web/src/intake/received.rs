//! The receipt: shown once the report is durable, and again for a while to whoever still holds the draft's address.

use super::{Intake, asked::Asked, flow, printed, sorry};
use crate::{
    screens::{
        public::{answers::Answer, receipt::Received},
        show as show_page,
    },
    words,
};
use app::Trouble;
use app::papers::ReceiptWords;
use app::submit_report::Receipt;
use axum::{http::StatusCode, response::Response};
use domain::report::{GoingOn, Report, Told, particulars};

/// `GET /report/d/{token}/received`.
pub async fn show(intake: &Intake, asked: &Asked, token: &str) -> Response {
    let receipt = match intake.app.draft(token).await {
        Ok(open) => open.draft.sent,
        Err(Trouble::NotFound) => return sorry::ended(asked),
        Err(trouble) => return sorry::sorry(intake, asked, None, &trouble),
    };
    let Some(receipt) = receipt else {
        return sorry::see(&asked.link(&format!("/report/d/{token}/{}", flow::CHECK)));
    };
    match received(intake, asked, token, &receipt).await {
        Ok(page) => show_page(StatusCode::OK, &page),
        // The private link was ended by its owner: nothing is behind it any more.
        Err(Trouble::NotFound) => sorry::ended(asked),
        Err(trouble) => sorry::sorry(intake, asked, None, &trouble),
    }
}

/// The page of a receipt.
pub async fn received(intake: &Intake, asked: &Asked, token: &str, receipt: &Receipt) -> Result<Received, Trouble> {
    let row = intake.app.report_behind(&receipt.secret).await?;
    let view = intake.app.status_view(&row).await?;
    let directory = intake.app.directory();
    let unit = directory.unit(row.handling_unit).ok_or(Trouble::NotFound)?;
    let agency = directory.agency(row.tenant).ok_or(Trouble::NotFound)?;
    let at = receipt.received_at.in_zone(&agency.profile.zone);
    let pack = intake.app.pack_of_report(&view.report)?;
    let sent_to = view.report.routed.as_ref().and_then(|routed| routed.to.as_ref()).and_then(|id| pack.role(id));
    let facts = intake.app.facts_of_report(&view.report, pack);
    let named = || intake.app.routing(pack, row.handling_unit, &facts, receipt.received_at, None).to.role;
    let who = sent_to.map_or_else(named, |role| role.title.clone());
    let place = unit.profile.name.text(asked.spoken());
    let who = format!("{}, {place}", who.text(asked.spoken()));
    let link = format!("{}{}", intake.app.settings().public_address, asked.link(&format!("/s/{}", receipt.secret)));
    let mut next = vec![
        asked.language.say_with("next-who", &[("who", &who)]),
        asked.language.say("next-contact"),
        asked.language.say("next-page"),
    ];
    let open = particulars(&view.report, pack).into_iter().filter(|(_, told)| *told != Told::Yes);
    next.extend(open.map(|(particular, _)| {
        let what = particular.title.text(asked.spoken());
        asked.language.say_with("received-open-part", &[("what", what)])
    }));
    Ok(Received {
        frame: asked.frame(intake, Some(unit), asked.language.say("received-title")),
        who,
        zone: agency.profile.zone.clone(),
        reference: receipt.reference.to_string(),
        spoken: receipt.reference.spoken().join(", "),
        at: words::moment(asked.language, &at),
        at_machine: words::machine(&at),
        next,
        qr: printed::qr(&link),
        link,
        code: intake.app.code_of_report(&row)?,
        until_then: until_then(asked, pack, &view.report),
        pdf: asked.link(&format!("/report/d/{token}/receipt.pdf")),
        answers: told(asked, pack, &view.report),
    })
}

/// The same as it is printed.
pub fn paper(asked: &Asked, receipt: &Receipt, page: Received) -> ReceiptWords {
    // The last sentence points at the page below it, which a sheet does not have.
    let next_steps = page.next.into_iter().take(2).collect();
    let last = app::status_page::link_ends(receipt.received_at);
    ReceiptWords {
        language: asked.spoken(),
        reference: page.reference,
        spelling: page.spoken,
        agency: page.frame.organisation,
        received_at: receipt.received_at,
        received: page.at,
        who_has_it: page.who,
        next_steps,
        status_link: page.link,
        link_works_until: words::day(asked.language, last.day_in(&page.zone)),
        phone: page.frame.help.map(|phone| phone.shown).unwrap_or_default(),
        answers: page.answers.into_iter().map(|row| (row.question, row.answer)).collect(),
    }
}

/// What to do meanwhile: the calm steps of the pack for what happened.
fn until_then(asked: &Asked, pack: &domain::pack::Pack, report: &Report) -> Vec<String> {
    let Some(filed) = &report.filed else { return Vec::new() };
    let going_on = filed.submission.going_on == Some(GoingOn::Yes);
    let fits = pack.advice.iter().filter(|advice| advice.going_on == going_on);
    let for_tile =
        |advice: &&domain::pack::Advice| advice.tiles.iter().any(|tile| filed.submission.happened.contains(tile));
    let advice = fits.clone().find(for_tile).or_else(|| fits.clone().find(|advice| advice.tiles.is_empty()));
    advice.map(|a| a.lines.iter().map(|line| line.text(asked.spoken()).to_owned()).collect()).unwrap_or_default()
}

/// What the reporter told us, for the printed copy; the name is left out, as it is on the private page.
fn told(asked: &Asked, pack: &domain::pack::Pack, report: &Report) -> Vec<Answer> {
    let Some(filed) = &report.filed else { return Vec::new() };
    let said = &filed.submission;
    let tiles = pack.tiles.iter().filter(|tile| said.happened.contains(&tile.id));
    let what: Vec<&str> = tiles.map(|tile| tile.label.text(asked.spoken())).collect();
    let row = |question: &str, answer: String| {
        let title = pack.questions.iter().find(|q| q.id.as_str() == question).map(|q| q.title.text(asked.spoken()));
        Answer { question: title.unwrap_or_default().to_owned(), answer, ..Answer::default() }
    };
    let text = |words: Option<String>| words.unwrap_or_default();
    let mut rows = vec![
        row("what", what.join("; ")),
        row("where", text(said.place.as_ref().map(ToString::to_string))),
        row("words", text(said.words.as_ref().map(ToString::to_string))),
        row("when", text(said.when_typed.as_ref().map(ToString::to_string))),
        row("affected", text(said.affected.as_ref().map(ToString::to_string))),
        row("done", text(said.done.as_ref().map(ToString::to_string))),
    ];
    rows.retain(|row| !row.answer.is_empty() && !row.question.is_empty());
    rows
}
