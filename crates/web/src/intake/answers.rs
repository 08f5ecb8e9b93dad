//! From what was typed to what is filed: each page's fields are parsed into the report, or named as what to mend.

use super::own::{self, Page, chosen, items, not_known};
use super::{flow, moments};
use crate::screens::public::mend::Mend;
use app::draft::Draft;
use domain::ids::UnitId;
use domain::pack::{Pack, Question, QuestionKind, WorkforceId};
use domain::reference::ReportReference;
use domain::report::{Answered, Channel, FileAdded, LostItem, Reporter, SaidTime, Submission, System};
use domain::text::{Line, Note, TextError};
use domain::time::{Instant, When, Zone};

/// What answers are read against.
pub struct Against<'a> {
    /// The policy.
    pub pack: &'a Pack,
    /// The unit at which the report was begun.
    pub unit: UnitId,
    /// The units that may be named, by code.
    pub units: &'a dyn Fn(&str) -> Option<UnitId>,
    /// Kinds of workforce members that people here can be.
    pub kinds: Vec<WorkforceId>,
    /// Where days begin.
    pub zone: &'a Zone,
    /// The present.
    pub now: Instant,
}

/// Something to mend: the question, the field on its page, and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The question's page.
    pub page: String,
    /// The field.
    pub field: String,
    /// What to say.
    pub mend: Mend,
}

/// A report as far as it could be read, and what could not.
#[derive(Debug)]
pub struct Read {
    /// The answers.
    pub submission: Submission,
    /// Who reports.
    pub reporter: Reporter,
    /// What to mend before it can be sent.
    pub wrong: Vec<Wrong>,
}

/// The longest answer to “which place?”, “what tag?”.
const LINE: usize = 300;

/// Reads a whole draft with the files that came with it.
pub fn read(draft: &Draft, files: Vec<FileAdded>, against: &Against<'_>) -> Read {
    let mut read =
        Read { submission: nothing(draft, files, against), reporter: Reporter::default(), wrong: Vec::new() };
    for stop in flow::stops(against.pack, draft) {
        if let flow::Stop::Question(question) = stop {
            take(question, draft.fields(question.id.as_str()), &flow::chosen(against.pack, draft), against, &mut read);
        }
    }
    read
}

/// Reads one page: what is to be mended on it.
pub fn judge(question: &Question, draft: &Draft, fields: &[(String, String)], against: &Against<'_>) -> Vec<Wrong> {
    let mut read =
        Read { submission: nothing(draft, Vec::new(), against), reporter: Reporter::default(), wrong: Vec::new() };
    take(question, fields, &flow::chosen(against.pack, draft), against, &mut read);
    read.wrong
}

fn nothing(draft: &Draft, files: Vec<FileAdded>, against: &Against<'_>) -> Submission {
    Submission {
        // The use case draws the reference and names the pack.
        reference: ReportReference::from_random([0; 8]),
        pack: against.pack.id.clone(),
        unit: against.unit,
        handling_unit: against.unit,
        channel: Channel::Web,
        language: draft.language,
        happened: Vec::new(),
        going_on: None,
        place: None,
        words: None,
        when: When::Unknown,
        when_typed: None,
        noticed: When::Unknown,
        systems: Vec::new(),
        affected: None,
        lost: Vec::new(),
        done: None,
        done_by_staff: None,
        done_by_others: None,
        answers: Vec::new(),
        files,
        recipient_involved: draft.conflict,
        sent_early: false,
        shielded: false,
        times: Vec::new(),
    }
}

fn take(question: &Question, fields: &[(String, String)], tiles: &[&str], against: &Against<'_>, read: &mut Read) {
    let Read { submission: said, reporter, wrong } = read;
    let id = question.id.as_str();
    let mut page = Page { id, fields, wrong };
    match question.kind {
        QuestionKind::Tiles => {
            let tiles = page.all("what");
            said.happened =
                against.pack.tiles.iter().filter(|t| tiles.contains(&t.id.as_str())).map(|t| t.id.clone()).collect();
            if said.happened.is_empty() && question.required {
                page.mend("what", Mend::WhatMissing);
            }
        }
        QuestionKind::YesNoUnsure if id == flow::GOING_ON => {
            said.going_on = own::going_on(page.one("now"));
            if question.required && said.going_on.is_none() {
                page.mend("now", Mend::NowMissing);
            }
        }
        QuestionKind::Place => place(question, &mut page, against, said),
        QuestionKind::LongText => {
            let words = page.prose("words");
            let too_long = page.wrong.iter().any(|w| w.page == id);
            if question.required && words.is_none() && !too_long {
                page.mend("words", Mend::WordsMissing);
            }
            said.words = words;
        }
        QuestionKind::When => when(&mut page, against, said),
        QuestionKind::Affected => affected(question, &mut page, against, said),
        QuestionKind::Loss => lost(&mut page, against, said),
        QuestionKind::Done => done(question, &mut page, against, said),
        QuestionKind::Contact => contact(question, &mut page, against, said, reporter),
        QuestionKind::YesNoUnsure
        | QuestionKind::ShortText
        | QuestionKind::ChooseOne
        | QuestionKind::ChooseMany
        | QuestionKind::Named => said.answers.extend(own::take(question, &mut page, tiles)),
    }
}

fn done(question: &Question, page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission) {
    said.done = page.prose("yours");
    said.done_by_staff = page.prose("staff");
    said.done_by_others = page.prose("others");
    let sent = page.one("said-at").parse().map_or(against.now, Instant::from_micros);
    for (part, _) in app::carried::DOERS {
        let field = format!("{part}-when");
        let typed = page.one(&field);
        match moments::read_typed(typed, sent, against.now, against.zone) {
            Ok(None) => {}
            Ok(Some(when)) => {
                let part = domain::pack::ChoiceId::parse(part).ok();
                said.times.push(SaidTime { question: question.id.clone(), part, when });
            }
            Err(mend) => page.mend(&field, mend),
        }
    }
    let nothing = said.done.is_none() && said.done_by_staff.is_none() && said.done_by_others.is_none();
    said.answers.extend(not_known(question, page).filter(|_| nothing));
}

fn place(question: &Question, page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission) {
    let unit = page.one("unit");
    let elsewhere: Option<Line<200>> = page.line("elsewhere");
    let place: Option<Line<LINE>> = page.line("place");
    if let Some(known) = (against.units)(unit) {
        said.unit = known;
        said.handling_unit = known;
    }
    let named = (against.units)(unit).is_some() || elsewhere.is_some() || place.is_some();
    if question.required && !named && !page.wrong.iter().any(|w| w.page == page.id) {
        page.mend("unit", Mend::WhereMissing);
    }
    let parts: Vec<String> =
        elsewhere.iter().map(ToString::to_string).chain(place.iter().map(ToString::to_string)).collect();
    said.place = match Line::parse(&parts.join("; ")) {
        Ok(whole) => Some(whole),
        // Each part fits alone: the place within the other place says more than its name.
        Err(TextError::TooLong { .. }) => place,
        Err(TextError::Empty) => None,
    };
}

fn when(page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission) {
    let parts = [page.one("when"), page.one("month"), page.one("day"), page.one("year"), page.one("time")];
    let sent = page.one("said-at").parse().map_or(against.now, Instant::from_micros);
    let typed = moments::Typed { quick: parts[0], date: [parts[1], parts[2], parts[3]], time: parts[4] };
    match moments::read(&typed, sent, against.now, against.zone) {
        Ok(when) => {
            said.when = when;
            let typed: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
            said.when_typed = Line::parse(&typed.join(" ")).ok();
        }
        Err((field, mend)) => page.mend(field, mend),
    }
    noticed(page, against, said, sent);
}

/// When it was noticed: at the moment it happened, or on a day and perhaps at an hour of its own.
fn noticed(page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission, sent: Instant) {
    let parts = [page.one("n-month"), page.one("n-day"), page.one("n-year")];
    let dated = parts.iter().any(|part| !part.trim().is_empty());
    if !dated {
        said.noticed = if page.one("noticed") == "same" { said.when.clone() } else { When::Unknown };
        return;
    }
    let typed = moments::Typed { quick: "date", date: parts, time: page.one("n-time") };
    match moments::read(&typed, sent, against.now, against.zone) {
        Ok(when) => said.noticed = when,
        Err((field, mend)) => page.mend(if field == "time" { "n-time" } else { "n-day" }, mend),
    }
}

/// About how many people: the value, its key in the words, and what officers read.
pub const PEOPLE: [(&str, &str); 7] = [
    ("none", "people-none"),
    ("one", "people-one"),
    ("2-10", "people-few"),
    ("11-99", "people-tens"),
    ("100-499", "people-hundreds"),
    ("500-or-more", "people-many"),
    ("unknown", "people-unknown"),
];

fn affected(question: &Question, page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission) {
    let things = page.all("things");
    let systems = against.pack.systems.iter().filter(|s| things.contains(&s.id.as_str()));
    said.systems = systems.map(|s| System { class: s.id.clone(), description: None }).collect();
    let people = page.one("people");
    if PEOPLE.iter().any(|(value, _)| *value == people)
        && let Ok(choice) = domain::pack::ChoiceId::parse(people)
    {
        said.answers.push(Answered { question: question.id.clone(), choices: vec![choice], words: None });
    }
    said.affected = page.prose("systems");
    let nothing = said.systems.is_empty() && said.affected.is_none() && people.is_empty();
    said.answers.extend(not_known(question, page).filter(|_| nothing));
}

fn lost(page: &mut Page<'_>, against: &Against<'_>, said: &mut Submission) {
    let Some(loss) = &against.pack.loss else { return };
    for number in 1..=items(page.fields) {
        let field = |name: &str| format!("item-{number}-{name}");
        let kind = page.one(&field("kind"));
        let holds = page.all(&field("holds"));
        let mut item = LostItem {
            item: loss
                .items
                .iter()
                .find(|i| i.id.as_str() == kind)
                .or_else(|| loss.items.last())
                .map(|i| i.id.clone())
                .unwrap_or_else(unknown),
            tag: None,
            last_seen: None,
            place: None,
            contents: loss.contents.iter().filter(|c| holds.contains(&c.id.as_str())).map(|c| c.id.clone()).collect(),
            answers: Vec::new(),
        };
        let mut said_something = !kind.is_empty() || !item.contents.is_empty();
        for question in &loss.questions {
            let name = field(&format!("q-{}", question.id));
            match question.id.as_str() {
                "tag" => item.tag = page.line(&name),
                "last-seen" => item.last_seen = page.line(&name),
                "last-place" => item.place = page.line(&name),
                _ if matches!(question.kind, QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::When) => {
                    let words: Option<Note> = page.prose(&name);
                    let answer =
                        words.map(|w| Answered { question: question.id.clone(), choices: Vec::new(), words: Some(w) });
                    item.answers.extend(answer);
                }
                _ => item.answers.extend(chosen(question, page.all(&name))),
            }
        }
        said_something |=
            item.tag.is_some() || item.last_seen.is_some() || item.place.is_some() || !item.answers.is_empty();
        if said_something {
            said.lost.push(item);
        }
    }
}

/// For a pack that asks about losses and names no kind of item, which none that compiles does.
fn unknown() -> domain::pack::ChoiceId {
    // Invariant: a literal of letters is a name.
    domain::pack::ChoiceId::parse("other").expect("a plain word is a name")
}

fn contact(
    question: &Question,
    page: &mut Page<'_>,
    against: &Against<'_>,
    said: &mut Submission,
    reporter: &mut Reporter,
) {
    reporter.name = page.line("name");
    reporter.phone = page.line("phone");
    reporter.email = page.line("email");
    reporter.work_place = page.line("work");
    let kind = page.one("kind");
    reporter.workforce = against.kinds.iter().find(|known| known.as_str() == kind).cloned();
    said.shielded = page.one("hide") == "yes" && against.pack.identity.can_be_shielded;
    said.recipient_involved |= page.one("conflict") == "yes";
    if reporter.phone.as_ref().is_some_and(|phone| !is_phone(phone.as_str())) {
        page.mend("phone", Mend::PhoneUnreadable);
    }
    if reporter.email.as_ref().is_some_and(|email| !is_email(email.as_str())) {
        page.mend("email", Mend::EmailUnreadable);
    }
    if question.required && !against.pack.identity.anonymous {
        let too_long = page.wrong.iter().any(|w| w.page == page.id);
        if reporter.name.is_none() && !too_long {
            page.mend("name", Mend::NameMissing);
        }
        if reporter.phone.is_none() && reporter.email.is_none() && !too_long {
            page.mend("phone", Mend::Unreachable);
        }
    }
}

/// Seven digits or more, and nothing that is neither part of a number nor of an extension.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_alphanumeric() || " +-().,/#;:*".contains(c);
    (7..=25).contains(&digits)
        && text.chars().all(known)
        && text.chars().filter(|c| c.is_ascii_alphabetic()).count() <= 12
}

/// Something before and after one `@`, a dot after it, and no space: whether it works shows when mail is sent.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let sound =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;:\"()[]⟦⟧".contains(c));
    sound(local) && sound(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}
