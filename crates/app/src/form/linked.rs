//! What the incident knows for the boxes of its form. Functions of their arguments alone.

use domain::form::{BOX_LIMIT, BoxText, Filled, written_day};
use domain::incident::Incident;
use domain::pack::{BoxId, BoxKind, Form, FormPart, Language, Moment, Pack, Start};
use domain::report::Report;
use domain::text::TextError;
use domain::time::{Instant, When, Zone};
use std::collections::BTreeMap;

/// A box that takes its text from the incident until somebody writes in it or the form is signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Linked {
    /// The text.
    pub text: BoxText,
    /// Where it comes from, in words.
    pub from: &'static str,
}

/// What the incident knows for the boxes of its form. A function of its arguments alone.
pub fn linked(incident: &Incident, report: Option<&Report>, unit: &str, pack: &Pack) -> BTreeMap<BoxId, Linked> {
    let Some(form) = pack.forms.first() else { return BTreeMap::new() };
    let zone = &pack.zone;
    let known = |b: &domain::pack::FormBox| -> Option<(String, &'static str)> {
        let said = report.and_then(|r| r.filed.as_ref()).map(|f| &f.submission);
        match (b.kind, b.id.as_str()) {
            (BoxKind::Unit, _) => Some((unit.to_owned(), "from the organization")),
            (BoxKind::Categories, _) => Some((categories(incident, pack), "from the classification")),
            (BoxKind::DateTime, _) => Some((happened(incident, zone)?, "from the incident")),
            (BoxKind::Date, _) if b.tells.is_some() => Some((moment(incident, b.tells?, zone)?, "from the report")),
            (BoxKind::Date, id) if id.starts_with("XII") => {
                Some((told(incident, pack, &b.id)?, "from the duty that was answered for"))
            }
            (BoxKind::Text, "IV") => Some((damage(incident, report, pack), "from the report and the systems affected")),
            (BoxKind::Text, "VI") => Some((first_action(incident, said?, zone), "from the report and the timeline")),
            (BoxKind::People, _) => {
                let shielded = said.is_some_and(|s| s.shielded);
                let name = report?.reporter.as_ref()?.name.as_ref().filter(|_| !shielded)?;
                Some((format!("{name} (person who reported)"), "from the report"))
            }
            (BoxKind::Place, _) => {
                // Where it happened is no place of work: without one, the box waits.
                let place = report?.reporter.as_ref()?.work_place.as_ref()?;
                Some((place.to_string(), "from the report"))
            }
            (BoxKind::Entries, _) => Some((entries(incident, zone), "from the timeline")),
            (BoxKind::Text, _) => Some((crate::sheets::offered(incident, pack, &b.id)?, "from what is on record")),
            _ => None,
        }
    };
    let boxes = form.boxes.iter().filter(|b| b.part != FormPart::Hr);
    boxes
        .filter_map(|b| {
            let (text, from) = known(b)?;
            Some((b.id.clone(), Linked { text: bounded(&text)?, from }))
        })
        .collect()
}

/// As much of a text as a box holds, and a word where the rest is. Nothing is left out in silence.
fn bounded(text: &str) -> Option<BoxText> {
    const REST: &str = " … The rest stands in the report itself.";
    match BoxText::parse(text) {
        Ok(text) => Some(text),
        Err(TextError::Empty) => None,
        Err(TextError::TooLong { .. }) => {
            let room = BOX_LIMIT - REST.chars().count();
            let whole: String = text.chars().take(room).chain(REST.chars()).collect();
            BoxText::parse(&whole).ok()
        }
    }
}

/// The civil day in words, as forms write it.
pub fn day_words(day: jiff::civil::Date) -> String {
    written_day(day)
}

fn moment_words(at: Instant, zone: &Zone) -> String {
    crate::moments::said(Language::English, at, zone)
}

/// When something happened, as the box for it says; nothing when not even the day is known.
pub fn when_words(when: &When, zone: &Zone) -> Option<String> {
    match when {
        When::Exact { at } => Some(moment_words(*at, zone)),
        When::About { at } => Some(format!("about {}", moment_words(*at, zone))),
        When::Day { on } => Some(format!("{}, time unknown", day_words(*on))),
        When::Unknown => None,
    }
}

/// When the incident happened: the moment, or from when to when where both ends are recorded.
fn happened(incident: &Incident, zone: &Zone) -> Option<String> {
    let recorded = |moment| incident.moments.get(&moment).map(|record| &record.when);
    let from = recorded(Moment::OccurredFrom).or_else(|| Some(&incident.opening.as_ref()?.occurred))?;
    let from = when_words(from, zone)?;
    let to = recorded(Moment::OccurredTo).and_then(|to| when_words(to, zone));
    Some(to.map_or_else(|| from.clone(), |to| format!("{from} to {to}")))
}

/// The day or moment of an entry, in front of its words.
fn dated(when: &When, zone: &Zone) -> String {
    match when {
        When::Day { on } => day_words(*on),
        other => when_words(other, zone).unwrap_or_else(|| "Day not known".to_owned()),
    }
}

fn categories(incident: &Incident, pack: &Pack) -> String {
    let chosen = incident.opening.iter().flat_map(|o| o.categories.iter());
    chosen.filter_map(|id| pack.category(id)).map(|c| c.label.en.as_str()).collect::<Vec<_>>().join("; ")
}

fn moment(incident: &Incident, moment: Moment, zone: &Zone) -> Option<String> {
    let day = match domain::incident::facts(incident).moments.get(&moment)?.when {
        Start::Day(day) => day,
        Start::At(at) => at.day_in(zone),
    };
    Some(day_words(day))
}

/// The day on which the duty that this box proves was answered for by other means.
fn told(incident: &Incident, pack: &Pack, id: &BoxId) -> Option<String> {
    use domain::pack::Evidence;
    // Answered for by the reason in the box itself: there is no day to tell.
    if incident.form.not_applicable.contains_key(id) {
        return None;
    }
    let fills = |e: &Evidence| matches!(e, Evidence::Filled { in_box, .. } if in_box == id);
    let rules = pack.obligations.iter().filter(|rule| rule.evidence.iter().any(fills));
    let met = rules.filter_map(|rule| incident.duties.get(&rule.id)?.met.as_ref()).next()?;
    use domain::incident::Proof;
    match met.what.by {
        Proof::NotApplicable | Proof::Waived => None,
        Proof::Delivered | Proof::Recorded | Proof::Called | Proof::Signed | Proof::Decided => {
            Some(day_words(met.what.at.day_in(&pack.zone)))
        }
    }
}

fn damage(incident: &Incident, report: Option<&Report>, pack: &Pack) -> String {
    let class = |id: &domain::pack::SystemId| {
        pack.systems.iter().find(|s| s.id == *id).map_or_else(|| id.to_string(), |s| s.label.en.clone())
    };
    let mut parts: Vec<String> = incident.systems.iter().map(|s| s.description.to_string()).collect();
    if let Some(said) = report.and_then(|r| r.filed.as_ref()).map(|f| &f.submission) {
        let systems = said
            .systems
            .iter()
            .map(|s| s.description.as_ref().map_or_else(|| class(&s.class), |d| format!("{}: {d}", class(&s.class))));
        parts.extend(systems);
        for item in &said.lost {
            let label = pack.loss.as_ref().and_then(|l| l.items.iter().find(|i| i.id == item.item));
            let label = label.map_or_else(|| item.item.to_string(), |i| i.label.en.clone());
            parts.push(item.tag.as_ref().map_or_else(|| label.clone(), |tag| format!("{label}, tag {tag}")));
        }
        parts.extend(said.words.as_ref().map(ToString::to_string));
        parts.extend(said.affected.as_ref().map(ToString::to_string));
    }
    parts.join(". ")
}

fn first_action(incident: &Incident, said: &domain::report::Submission, zone: &Zone) -> String {
    use domain::incident::EntryKind;
    let by = [("", &said.done), ("Technical staff: ", &said.done_by_staff), ("Others: ", &said.done_by_others)];
    let reported = by.into_iter().filter_map(|(who, what)| Some(format!("{who}{}", what.as_ref()?)));
    let actions = incident
        .timeline
        .iter()
        .filter(|e| e.what.kind == EntryKind::Action && !incident.corrected(e.what.id))
        .map(|e| format!("{}: {}", dated(&e.what.happened, zone), e.what.words));
    reported.chain(actions).collect::<Vec<_>>().join("\n")
}

fn entries(incident: &Incident, zone: &Zone) -> String {
    use domain::incident::EntryKind;
    let told = |kind: EntryKind| matches!(kind, EntryKind::Finding | EntryKind::Contact | EntryKind::Note);
    let lines = incident
        .timeline
        .iter()
        .filter(|e| told(e.what.kind) && !incident.corrected(e.what.id))
        .map(|e| format!("{}: {}", dated(&e.what.happened, zone), e.what.words));
    lines.collect::<Vec<_>>().join("\n")
}

/// The form with what the incident knows in every box that is still empty and still open.
pub fn with_linked(filled: &Filled, links: &BTreeMap<BoxId, Linked>, form: &Form) -> Filled {
    let mut whole = filled.clone();
    for (id, link) in links {
        let open = form.form_box(id).is_some_and(|b| filled.writable(b));
        let empty = !filled.boxes.contains_key(id) && !filled.not_applicable.contains_key(id);
        if open && empty {
            whole.boxes.insert(id.clone(), link.text.clone());
        }
    }
    whole
}
