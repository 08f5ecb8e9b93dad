//! What is known of an incident: kinds, people, systems, answers to the policy's questions, decisions, and what was imported.

use domain::incident::{Confidence, FactValue, Incident, Severity};
use domain::pack::{FactKind, Pack};
use domain::time::{Instant, Zone};

use super::Sight;
use super::names::SEVERITIES;
use crate::{
    screens::{frame::Choice, staff::home::actor},
    times::{self, Stamp},
    typed::thousands,
};

/// A question of the policy with its answer.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// Its name.
    pub id: String,
    /// The question.
    pub asks: String,
    /// The answer in words.
    pub answer: String,
    /// `yes`, `no`, `unknown`, or empty.
    pub value: &'static str,
    /// The number, or empty.
    pub count: String,
    /// What is counted; empty for a yes-or-no question.
    pub unit: String,
}

/// A decision.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// The question.
    pub question: String,
    /// What was decided.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
}

impl Sight<'_> {
    /// Its kinds in one line, those of the policy first.
    pub(super) fn kinds(&self, pack: &Pack) -> String {
        let Some(opening) = &self.case.incident.opening else { return String::new() };
        let own = opening.categories.iter().filter_map(|id| pack.category(id)).map(|c| c.label.en.clone());
        let source = opening.imported.iter().flat_map(|r| r.kinds.iter().map(ToString::to_string));
        own.chain(source).collect::<Vec<_>>().join(", ")
    }

    /// Systems affected, with their class.
    pub(super) fn systems(&self, pack: &Pack) -> Vec<String> {
        let class = |id: &domain::pack::SystemId| pack.systems.iter().find(|c| c.id == *id).map(|c| c.label.en.clone());
        let words = |s: &domain::incident::AffectedSystem| match s.class.as_ref().and_then(class) {
            Some(class) if class == s.description.as_str() => class,
            Some(class) => format!("{} ({class})", s.description),
            None => s.description.to_string(),
        };
        self.case.incident.systems.iter().map(words).collect()
    }

    /// What the unit's plan in force says for an incident of these kinds: who handles it, and what help there is.
    pub(super) fn told_by_plan(&self, pack: &Pack) -> Vec<(String, String)> {
        let directory = self.app.directory();
        let plans = directory.agency(self.case.row.tenant).map(|agency| &agency.plans);
        let plan = plans.and_then(|plans| plans.in_force(self.case.row.unit));
        let (Some(rules), Some(plan)) = (&pack.plan, plan) else { return Vec::new() };
        let own = self.case.incident.opening.as_ref().map(|opening| opening.categories.as_slice()).unwrap_or_default();
        let mut says = Vec::new();
        for kind in rules.kinds.iter().filter(|kind| kind.categories.iter().any(|id| own.contains(id))) {
            for party in plan.content.parties.iter().filter(|party| party.kinds.contains(&kind.id)) {
                let parts = rules.parts.iter().filter(|part| party.parts.contains(&part.id));
                let parts: Vec<&str> = parts.map(|part| part.says.as_str()).collect();
                let label = format!("Proposed handler, {}", kind.says.to_lowercase());
                says.push((label, format!("{}, {}: {}", party.person, party.party, parts.join(", "))));
            }
        }
        let help = plan.content.limits.iter().filter_map(|limit| limit.remedy.as_ref().map(|help| (limit, help)));
        says.extend(help.map(|(limit, help)| ("Help available".to_owned(), format!("{help} ({})", limit.what))));
        says
    }

    /// Decisions, the newest first.
    pub(super) fn decisions(&self, now: Instant, zone: &Zone) -> Vec<DecisionRow> {
        let row = |d: &domain::incident::Recorded<domain::incident::Decision>| DecisionRow {
            question: d.what.question.to_string(),
            outcome: d.what.outcome.to_string(),
            reason: d.what.reason.to_string(),
            by: actor(self.app, d.by),
            at: times::short(d.at, now, zone),
        };
        self.case.incident.decisions.iter().rev().map(row).collect()
    }
}

/// How many people, and how sure that is.
pub(in super::super) fn people(incident: &Incident) -> String {
    match &incident.people {
        None => "not counted yet".to_owned(),
        Some(count) => {
            let sure = match count.confidence {
                Confidence::Counted => "counted",
                Confidence::Estimated => "estimated",
            };
            let of = count.residence.as_ref().map(|r| format!(", living in {r}")).unwrap_or_default();
            let noun = if count.people == 1 { "person" } else { "people" };
            format!("{} {noun} ({sure}{of})", thousands(count.people))
        }
    }
}

/// The questions of the policy, then those of the laws beside it, with their answers; each once.
pub(in super::super) fn facts(incident: &Incident, pack: &Pack, laws: &[&Pack]) -> Vec<FactRow> {
    let row = |fact: &domain::pack::Fact| {
        let known = incident.answers.get(&fact.id).map(|(value, _)| *value);
        let (value, answer, count) = match known {
            Some(FactValue::Yes) => ("yes", "Yes".to_owned(), String::new()),
            Some(FactValue::No) => ("no", "No".to_owned(), String::new()),
            Some(FactValue::Unknown) => ("unknown", "Not known yet".to_owned(), String::new()),
            Some(FactValue::Count(n)) => ("count", thousands(n), n.to_string()),
            None => ("", "Not asked yet".to_owned(), String::new()),
        };
        let unit = match &fact.kind {
            FactKind::YesNo => String::new(),
            FactKind::Count { unit } => unit.clone(),
        };
        FactRow { id: fact.id.to_string(), asks: fact.asks.clone(), answer, value, count, unit }
    };
    let mut asked: Vec<&domain::pack::Fact> = pack.facts.iter().collect();
    for fact in laws.iter().flat_map(|law| &law.facts) {
        if asked.iter().all(|known| known.id != fact.id) {
            asked.push(fact);
        }
    }
    asked.into_iter().map(row).collect()
}

/// The questions that the policy wants decided now.
pub(super) fn questions(incident: &Incident, pack: &Pack) -> Vec<Choice> {
    let facts = domain::incident::facts(incident);
    let put = pack.decisions.iter().filter(|d| facts.has(d.trigger.on) && facts.satisfy(&d.trigger.when));
    put.map(|d| Choice::new(d.id.as_str(), d.asks.clone())).collect()
}

/// The kinds of the policy as choices.
pub(super) fn categories(incident: &Incident, pack: &Pack) -> Vec<Choice> {
    let chosen = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let choice =
        |c: &domain::pack::Category| Choice::new(c.id.as_str(), c.label.en.clone()).chosen_if(chosen.contains(&c.id));
    pack.categories.iter().map(choice).collect()
}

/// The severities as choices.
pub(super) fn severities(now: Option<Severity>) -> Vec<Choice> {
    SEVERITIES
        .iter()
        .map(|(value, name, label, hint)| Choice::new(name, *label).hint(*hint).chosen_if(now == Some(*value)))
        .collect()
}

/// An imported record as label and words.
pub(super) fn imported(incident: &Incident) -> Vec<(String, String)> {
    let Some(record) = incident.opening.as_ref().and_then(|o| o.imported.as_ref()) else { return Vec::new() };
    let list = |lines: &[domain::text::Line<120>]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let optional = |line: Option<&domain::text::Line<120>>| line.map(ToString::to_string).unwrap_or_default();
    [
        ("Imported from", record.source.to_string()),
        ("Record", record.record.to_string()),
        ("Reported there by", record.author.to_string()),
        ("Submitted there", times::day(record.submitted)),
        ("Where the information was", list(&record.locations)),
        ("State", record.place.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Kind of organization", optional(record.organisation.as_ref())),
        ("What it says", record.narrative.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Changed on the way in", record.remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .map(|(label, words)| (label.to_owned(), words))
    .collect()
}
