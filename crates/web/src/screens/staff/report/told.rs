//! How the parts of a report are told in words.

use super::{File, Said};
use crate::{
    screens::frame::Choice,
    times::{self},
};
use app::App;
use domain::actor::Actor;
use domain::pack::Pack;
use domain::report::{Answered, Channel, LostItem, Report, SetAsideReason};
use domain::time::{Instant, Zone};

/// Where a report went when it was filed, and which messages were made for people outside.
pub fn went(app: &App, report: &Report, pack: &Pack, now: Instant, zone: &Zone) -> Vec<Said> {
    use domain::report::Why;
    let (Some(routed), Some(filed)) = (&report.routed, &report.filed) else { return Vec::new() };
    let title = |id: &domain::pack::RoleId| pack.role(id).map_or_else(|| id.to_string(), |role| role.title.en.clone());
    let titles = |ids: &[domain::pack::RoleId]| ids.iter().map(&title).collect::<Vec<_>>().join(", ");
    let first = routed.first.as_ref().map(&title).unwrap_or_default();
    let unit =
        app.directory().unit(filed.submission.handling_unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
    let why = match routed.why {
        Why::Named => String::new(),
        Why::Chosen => format!(", chosen by the person who reported in place of: {first}"),
        Why::Away => format!(", because the {} of {unit} was away and nobody acted for them", lower(&first)),
        Why::Involved => format!(", because the {} of {unit} is involved, or may be named in it", lower(&first)),
        Why::Vacant => format!(", because {unit} had no current {}", lower(&first)),
    };
    let mut all = vec![("Sent to".to_owned(), format!("{}{why}", routed.to.as_ref().map(&title).unwrap_or_default()))];
    if !routed.copies.is_empty() {
        all.push(("Copy on the list of".to_owned(), titles(&routed.copies)));
    }
    let besides: Vec<_> = routed.told.iter().filter(|told| Some(*told) != routed.to.as_ref()).cloned().collect();
    if !besides.is_empty() {
        all.push(("Told besides".to_owned(), titles(&besides)));
    }
    if let Some(reference) = &routed.voluntary {
        all.push(("Taken as".to_owned(), format!("voluntary: the policy does not bind this unit ({reference})")));
    }
    for notice in &routed.notices {
        let at = times::short(filed.at, now, zone).words;
        let to = match &notice.address {
            Some(address) => format!("to {address}, made {at}"),
            None => format!("no address is on file; tell them, and record it, since {at}"),
        };
        all.push((format!("Message for: {}", title(&notice.role)), format!("{to}\n{}", notice.words)));
    }
    all.into_iter().map(|(question, answer)| Said { question, answer, lang: "", own_words: false }).collect()
}

pub(super) fn lower(title: &str) -> String {
    let mut letters = title.chars();
    // An abbreviation keeps its capitals.
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}

pub(super) fn from(app: &App, by: Actor) -> String {
    match by {
        Actor::Account(id) => app.name_of(id),
        Actor::Reporter => "Person who reported".to_owned(),
        Actor::System => "Tocsin".to_owned(),
    }
}

/// A file with its size in words. `of` is the reference under which it can be fetched.
pub fn file(file: &domain::report::FileAdded, of: Option<&String>) -> File {
    File {
        name: file.name.to_string(),
        size: size(file.size),
        digest: file.digest.to_string(),
        href: of.map(|of| format!("/files/{of}/{}", file.id)).unwrap_or_default(),
    }
}

/// “1.4 MB”, “500 MB”
pub fn size(bytes: u64) -> String {
    let (step, unit) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => return format!("{} KB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    match bytes % step / (step / 10) {
        0 => format!("{} {unit}", bytes / step),
        tenth => format!("{}.{tenth} {unit}", bytes / step),
    }
}

pub(super) fn channel(channel: Channel, by: Actor, app: &App) -> String {
    let taken = match by {
        Actor::Account(id) => format!(", taken by {}", app.name_of(id)),
        Actor::Reporter | Actor::System => String::new(),
    };
    let how = match channel {
        Channel::Web => "online form",
        Channel::Phone => "telephone",
        Channel::Api => "another program",
        Channel::Paper => "paper form",
        Channel::Import => "another system",
    };
    format!("{how}{taken}")
}

pub(super) fn lost(item: &LostItem, pack: &Pack) -> String {
    let loss = pack.loss.as_ref();
    let label = |list: &[domain::pack::Item], id: &domain::pack::ChoiceId| {
        list.iter().find(|i| i.id == *id).map_or_else(|| id.to_string(), |i| i.label.en.clone())
    };
    let mut lines = vec![loss.map_or_else(|| item.item.to_string(), |l| label(&l.items, &item.item))];
    lines.extend(item.tag.as_ref().map(|t| format!("Tag or serial: {t}")));
    lines.extend(item.last_seen.as_ref().map(|t| format!("Last seen: {t}")));
    lines.extend(item.place.as_ref().map(|t| format!("Where: {t}")));
    if let (Some(loss), false) = (loss, item.contents.is_empty()) {
        let on_it: Vec<String> = item.contents.iter().map(|c| label(&loss.contents, c)).collect();
        lines.push(format!("On it: {}", on_it.join(", ")));
    }
    for answered in &item.answers {
        let question = loss.and_then(|l| l.questions.iter().find(|q| q.id == answered.question));
        let asked = question.map_or("", |q| q.title.en.as_str());
        let choices = question.map(|q| q.choices.as_slice()).unwrap_or_default();
        lines.push(format!("{asked} {}", words(answered, choices)));
    }
    lines.join("\n")
}

pub(super) fn answer(answered: &Answered, pack: &Pack) -> String {
    let question = pack.questions.iter().find(|q| q.id == answered.question);
    words(answered, question.map(|q| q.choices.as_slice()).unwrap_or_default())
}

pub(super) fn words(answered: &Answered, choices: &[domain::pack::Item]) -> String {
    let chosen = answered.choices.iter().map(|id| {
        let plain = || match id.as_str() {
            "yes" => "Yes".to_owned(),
            "no" => "No".to_owned(),
            "unsure" | "not-sure" => "Not sure".to_owned(),
            "not-known" | "unknown" => "Not known yet".to_owned(),
            "affected" => "was hit".to_owned(),
            "involved" => "had a part in it".to_owned(),
            "none" => "had no part in it".to_owned(),
            other => other.to_owned(),
        };
        choices.iter().find(|c| c.id == *id).map_or_else(plain, |c| c.label.en.clone())
    });
    chosen.chain(answered.words.as_ref().map(ToString::to_string)).collect::<Vec<_>>().join("\n")
}

/// The policy's own reasons for setting a report aside.
pub(super) fn own_reasons(pack: &Pack) -> impl Iterator<Item = Choice> {
    pack.no_incident.iter().map(|rule| {
        let roles = rule.confirmed_by.iter().filter_map(|id| pack.role(id)).map(|role| role.title.en.to_lowercase());
        let roles: Vec<String> = roles.collect();
        let choice = Choice::new(&format!("policy.{}", rule.id), rule.says.clone());
        if roles.is_empty() {
            choice
        } else {
            choice.hint(format!("Only for: {}. Write below what you knew or agreed to.", roles.join(", ")))
        }
    })
}

/// A reason for setting a report aside, as the officer chooses it.
pub fn reason(reason: SetAsideReason) -> Choice {
    let (label, hint) = match reason {
        SetAsideReason::EventOnly => {
            ("An event, and no harm came of it", "Something happened, and nothing was seen, lost, changed or stopped.")
        }
        SetAsideReason::NotSecurity => ("Not about security", "It touches no system, data or access."),
        SetAsideReason::HelpDesk => ("Help-desk matter", "Something broke or was asked; no security in it."),
        SetAsideReason::Harmless => ("Looked at, and everything is as it should be", ""),
        SetAsideReason::Duplicate => ("Already being worked", "The same as another report or incident."),
        SetAsideReason::Elsewhere => ("Belongs to another organization", "They have been told."),
        SetAsideReason::Test => ("A test or an exercise", ""),
    };
    Choice::new(reason.name(), label).hint(hint)
}
