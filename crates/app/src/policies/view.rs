//! Where each clause of a policy acts in the product: computed from the pack, so that what an auditor reads cannot differ
//! from what the product does.

use super::compare::say;
use domain::pack::{ClauseId, ClosingNeed, FormPart, ObligationId, Pack, PlanRules, ReadinessRules};
use std::collections::BTreeMap;

/// One place where a clause acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// What kind of place: “Duty”.
    pub kind: &'static str,
    /// Which, in words.
    pub says: String,
    /// The duty, when it is one.
    pub duty: Option<ObligationId>,
}

/// The places where the clauses of a pack act, by clause.
pub fn acts(pack: &Pack) -> BTreeMap<ClauseId, Vec<Act>> {
    let mut found = Found::default();
    for rule in &pack.obligations {
        let says = format!("{}: {}, {}", rule.id, rule.title, say(&rule.outer));
        for clause in &rule.clauses {
            found.put(clause, Act { kind: "Duty", says: says.clone(), duty: Some(rule.id.clone()) });
        }
    }
    for decision in &pack.decisions {
        found.all(&decision.clauses, "Decision", || decision.asks.clone());
    }
    for line in &pack.closing {
        let kind = match line.needs {
            ClosingNeed::Duty { .. } => "Closing waits for a duty",
            ClosingNeed::Decision { .. } => "Closing waits for a decision",
            ClosingNeed::Statement { .. } => "Closing asks for a statement",
        };
        found.all(&line.clauses, kind, || line.says.clone());
    }
    for sheet in &pack.sheets {
        found.all(&sheet.clauses, "Sheet of the incident", || sheet.title.clone());
        for field in &sheet.fields {
            found.all(&field.clauses, "Field of a sheet", || format!("{}: {}", sheet.title, field.label));
        }
    }
    for form in &pack.forms {
        found.all(&form.clauses, "Form", || format!("{}, edition {}", form.title.en, form.edition));
        for form_box in &form.boxes {
            let part = match form_box.part {
                FormPart::Reporter => "the person who reported",
                FormPart::Officer => "the officer",
                FormPart::Hr => "human resources",
            };
            found.all(&form_box.clauses, "Box of the form", || {
                let numeral =
                    if form_box.numeral.is_empty() { String::new() } else { format!("{} ", form_box.numeral) };
                format!("{numeral}{}, filled by {part}", form_box.label.en)
            });
        }
    }
    for question in &pack.questions {
        found.all(&question.clauses, "Question of the report", || question.title.en.clone());
    }
    for category in &pack.categories {
        found.all(&category.clauses, "Kind of incident", || category.label.en.clone());
    }
    for role in &pack.roles {
        found.all(&role.clauses, "Role", || role.title.en.clone());
        if let Some(reach) = &role.reach {
            found.all(&reach.clauses, "How a role is reached", || role.title.en.clone());
        }
    }
    for route in &pack.routes {
        found.all(&route.clauses, "Route of reports", || route.says.en.clone());
    }
    for notice in &pack.notices {
        found.all(&notice.clauses, "Message", || notice.says.en.clone());
    }
    for kind in &pack.workforce {
        found.all(&kind.clauses, "Kind of workforce", || kind.label.en.clone());
    }
    for system in &pack.systems {
        found.all(&system.clauses, "Class of systems", || system.label.en.clone());
    }
    for fact in &pack.facts {
        found.all(&fact.clauses, "Fact that officers record", || fact.asks.clone());
    }
    for tag in &pack.tags {
        found.all(&tag.clauses, "Mark on incidents", || format!("{} ({})", tag.label.en, tag.cite));
    }
    for regime in &pack.regimes {
        found.all(&regime.clauses, "Requests for silence", || regime.title.clone());
    }
    for local in &pack.locals {
        found.all(&local.clauses, "Left to the organisation (local value)", || local.title.clone());
    }
    for missing in &pack.missing {
        found.all(&missing.clauses, "Document that an administrator supplies", || missing.title.clone());
    }
    single(pack, &mut found);
    found.0
}

/// What a pack has at most once.
fn single(pack: &Pack, found: &mut Found) {
    let day = |day: Option<jiff::civil::Date>, open: &str| day.map_or(open.to_owned(), domain::obligation::say_day);
    found.all(&pack.edition.clauses, "Dates of the text", || {
        let (from, until) = (day(pack.edition.from, "a day not stated"), day(pack.edition.until, "further notice"));
        format!("in force from {from} to {until}")
    });
    let enactment = &pack.enactment;
    found.all(&enactment.clauses, "How the text is changed", || {
        let office = enactment.approved_by.as_ref().and_then(|id| pack.role(id));
        match office {
            Some(role) => format!("not without the approval of the {}", role.title.en.to_lowercase()),
            None => "by administrators of the whole agency alone".to_owned(),
        }
    });
    found.all(&pack.identity.clauses, "Names of those who report", || pack.identity.says.en.clone());
    if let Some(ticket) = &pack.ticket {
        found.all(&ticket.clauses, "Help ticket", || ticket.category.clone());
    }
    if let Some(phone) = &pack.phone_first {
        found.all(&phone.clauses, "A call before anything is typed", || phone.says.en.clone());
    }
    if let Some(loss) = &pack.loss {
        found.all(&loss.clauses, "What is asked about something lost", || loss.says.en.clone());
        for question in &loss.questions {
            found.all(&question.clauses, "What is asked about something lost", || question.title.en.clone());
        }
    }
    if let Some(retention) = &pack.retention {
        found.all(&retention.clauses, "How long records are kept", || format!("{} years", retention.years));
    }
    if let Some(round) = &pack.yearly_round {
        found.all(&round.clauses, "Yearly round", || format!("from {}", round.first_year));
    }
    if let Some(review) = &pack.routine_review {
        found.all(&review.clauses, "Routine review", || review.parts.join(", "));
    }
    found.all(&pack.discovery.clauses, "What discovery means", || "the earliest of several moments".to_owned());
    if let Some(notices) = &pack.state_notices {
        let source = pack.role(&notices.source).map_or("", |role| &role.title.en);
        found.all(&notices.clauses, "Notices of the state", || source.to_owned());
    }
    if let Some(rules) = &pack.readiness {
        readiness(rules, found);
    }
    if let Some(rules) = &pack.plan {
        plan(rules, found);
    }
}

/// The plan that each unit keeps.
fn plan(rules: &PlanRules, found: &mut Found) {
    found.all(&rules.clauses, "Plan of each unit", || rules.title.clone());
    found.all(&rules.limits, "Section of the plan", || "constraints".to_owned());
    for kind in &rules.kinds {
        found.all(&kind.clauses, "Section of the plan", || format!("role: {}", kind.says));
    }
    let lists = [("area", &rules.areas), ("goal", &rules.goals), ("priority", &rules.priorities)];
    for (section, list) in lists {
        for named in list {
            found.all(&named.clauses, "Section of the plan", || format!("{section}: {}", named.says));
        }
    }
    for part in &rules.parts {
        found.all(&part.clauses, "Section of the plan", || format!("part: {}", part.says));
    }
}

/// The levels of readiness, what they rest on, and the report of a change.
fn readiness(rules: &ReadinessRules, found: &mut Found) {
    found.all(&rules.clauses, "Readiness", || rules.title.clone());
    for (number, level) in (1u8..).zip(&rules.levels) {
        found.all(&level.clauses, "Readiness level", || rules.says(number));
    }
    for (kind, named) in [("Activity behind a level", &rules.activities), ("Kind of measures", &rules.kinds)] {
        for item in named {
            found.all(&item.clauses, kind, || item.says.clone());
        }
    }
    for factor in &rules.factors {
        found.all(&factor.clauses, "Factor of the level", || factor.says.clone());
    }
    for weighed in &rules.weighed {
        found.all(&weighed.clauses, "Weighed by a declaration", || weighed.says.clone());
    }
    for field in &rules.fields {
        found.all(&field.clauses, "Field of the report of a change", || field.label.clone());
    }
}

#[derive(Default)]
struct Found(BTreeMap<ClauseId, Vec<Act>>);

impl Found {
    fn all(&mut self, clauses: &[ClauseId], kind: &'static str, says: impl Fn() -> String) {
        for clause in clauses {
            self.put(clause, Act { kind, says: says(), duty: None });
        }
    }

    fn put(&mut self, clause: &ClauseId, act: Act) {
        let acts = self.0.entry(clause.clone()).or_default();
        if !acts.contains(&act) {
            acts.push(act);
        }
    }
}
