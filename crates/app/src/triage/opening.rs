//! How an incident begins when it is made of a report: everything the reporter said is carried over.

use crate::Trouble;
use domain::incident::{FactAnswer, FactValue, Opening};
use domain::pack::{FactId, Pack};
use domain::reference::IncidentReference;
use domain::report::{Report, Submission, Weighing};
use domain::text::{Line, Note};
use domain::time::{Instant, When};
use store::ReportRow;

/// The facts of an opening with the answers by which the report was weighed; the reason goes with those it overrules.
pub(super) fn weighed_facts(facts: Vec<FactAnswer>, weighed: Option<&Weighing>, why: Option<&Note>) -> Vec<FactAnswer> {
    let answers = weighed.map(|w| w.answers.clone()).unwrap_or_default();
    let untold = facts.into_iter().filter(|fact| !answers.iter().any(|answer| answer.fact == fact.fact));
    let told = answers.iter().map(|answer| FactAnswer { reason: why.cloned(), ..answer.clone() });
    untold.chain(told).collect()
}

/// How an incident begins when it is made of a report: everything the reporter said is carried over.
pub(super) fn opening_from(
    report: &Report,
    pack: &Pack,
    reference: IncidentReference,
    row: &ReportRow,
) -> Result<Opening, Trouble> {
    let filed = report.filed.as_ref().ok_or(Trouble::NotFound)?;
    let said = &filed.submission;
    let tiles: Vec<_> = pack.tiles.iter().filter(|tile| said.happened.contains(&tile.id)).collect();
    let label = tiles.first().map_or("Report", |tile| tile.label.en.as_str());
    let gist = said.words.as_ref().map(|w| w.gist(120)).unwrap_or_default();
    let title = if gist.is_empty() { label.to_owned() } else { format!("{label}: {gist}") };
    let title: String = title.chars().take(200).collect();
    let in_place_of = report.routed.as_ref().and_then(|routed| routed.in_place_of());
    Ok(Opening {
        reference,
        unit: row.handling_unit,
        pack: pack.id.clone(),
        laws: Vec::new(),
        title: Line::parse(&title).map_err(|e| Trouble::fault("naming an incident", e))?,
        categories: pack.first_suggested(&said.happened),
        report: Some(report.id),
        reported_at: Some(filed.at),
        occurred: said.when.clone(),
        discovered_at: first_known(said, filed.at, pack),
        noticed: Some(said.noticed.clone()).filter(|noticed| *noticed != When::Unknown),
        facts: facts_of(said, pack),
        told: Vec::new(),
        in_place_of: in_place_of.map(|(first, to)| (first.clone(), to.clone())),
        voluntary: report.routed.as_ref().and_then(|routed| routed.voluntary.clone()),
        lead: None,
        imported: None,
    })
}

/// The first knowledge that the report tells of: when its author noticed it, or else when it was received.
fn first_known(said: &Submission, filed: Instant, pack: &Pack) -> Instant {
    let noticed = match &said.noticed {
        When::Exact { at } | When::About { at } => *at,
        When::Day { on } => pack.zone.start_of_day(*on),
        When::Unknown => filed,
    };
    noticed.min(filed)
}

/// The facts that a report's answers make known: by what was chosen, by things lost, and by questions that ask for one.
pub fn facts_of(said: &Submission, pack: &Pack) -> Vec<FactAnswer> {
    let tiles = pack.tiles.iter().filter(|tile| said.happened.contains(&tile.id));
    let suggested = pack.first_suggested(&said.happened);
    let categories = pack.categories.iter().filter(|c| suggested.contains(&c.id));
    let lost = pack.loss.iter().filter(|_| !said.lost.is_empty()).map(|loss| loss.sets.clone());
    let mut facts: Vec<FactId> =
        tiles.flat_map(|tile| tile.sets.clone()).chain(categories.flat_map(|c| c.sets.clone())).chain(lost).collect();
    facts.sort();
    facts.dedup();
    let mut known: Vec<FactAnswer> =
        facts.into_iter().map(|fact| FactAnswer { fact, answer: FactValue::Yes, reason: None }).collect();
    for question in &pack.questions {
        let Some(fact) = question.records.clone().filter(|fact| !known.iter().any(|k| k.fact == *fact)) else {
            continue;
        };
        let answered = said.answers.iter().find(|a| a.question == question.id);
        let answer = match answered.and_then(|a| a.choices.first()).map(|choice| choice.as_str()) {
            Some("yes") => FactValue::Yes,
            Some("no") => FactValue::No,
            Some("unsure") => FactValue::Unknown,
            _ => continue,
        };
        known.push(FactAnswer { fact, answer, reason: None });
    }
    known
}
