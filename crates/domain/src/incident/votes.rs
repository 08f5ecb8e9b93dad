//! Decisions of several offices: who votes, what holds meanwhile, who has not agreed, and when it is decided.

use super::decide::Given;
use super::refusal::Refusal;
use super::{ClockRecord, Decision, Description, Event, Incident, Recorded, Severity, Standing};
use crate::ids::EntryId;
use crate::pack::{self, Capacity, ChoiceId, Concurrence, DecisionId, Item, Moment, Pack, RoleId};
use crate::text::Note;
use crate::time::{Instant, When};
use serde::{Deserialize, Serialize};

/// The voice of one office on a question of the policy. A newer one takes its place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Vote {
    /// The vote.
    pub id: EntryId,
    /// The question.
    pub decision: DecisionId,
    /// The office.
    pub role: RoleId,
    /// What it is for.
    pub option: ChoiceId,
    /// Why.
    pub reason: Option<Note>,
    /// The written statement it agrees to, where the question is put about one.
    #[serde(default)]
    pub statement: Option<EntryId>,
}

/// A text that the deciders agree to or not. A new version needs new votes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// The version.
    pub id: EntryId,
    /// The question it answers.
    pub decision: DecisionId,
    /// The text.
    pub words: Note,
}

/// How a question stands.
#[derive(Clone, Debug)]
pub struct Tally<'a> {
    /// Each decider with its vote that counts, in the order of the pack.
    pub votes: Vec<(&'a RoleId, Option<&'a Recorded<Vote>>)>,
    /// The newest vote of the office that may end a disagreement.
    pub settling: Option<&'a Recorded<Vote>>,
    /// The text that is voted on, where the question is put about one.
    pub statement: Option<&'a Recorded<Statement>>,
    /// What holds until it is decided: the highest option voted for, where the policy says so.
    pub provisional: Option<&'a Item>,
    /// What was decided.
    pub outcome: Option<Outcome<'a>>,
    /// Deciders who have not voted, or not for the highest option.
    pub not_agreed: Vec<&'a RoleId>,
}

/// What was decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome<'a> {
    /// The option; none where it was recorded in words.
    pub option: Option<&'a Item>,
    /// The words on record.
    pub words: &'a str,
    /// When it became decided.
    pub at: Instant,
    /// It was settled by the office that may end a disagreement.
    pub settled: bool,
}

/// How a question of the pack stands in an incident.
pub fn tally<'a>(incident: &'a Incident, decision: &'a pack::Decision) -> Tally<'a> {
    let of_question = |vote: &&Recorded<Vote>| vote.what.decision == decision.id;
    let statement = decision
        .on_statement
        .then(|| incident.statements.iter().rev().find(|s| s.what.decision == decision.id))
        .flatten();
    let counts = |vote: &&Recorded<Vote>| {
        !decision.on_statement || statement.is_some_and(|s| vote.what.statement == Some(s.what.id))
    };
    let newest =
        |role: &RoleId| incident.votes.iter().rev().filter(of_question).filter(counts).find(|v| v.what.role == *role);
    let votes: Vec<_> = decision.deciders.iter().map(|role| (role, newest(role))).collect();
    let settling = decision.settles.as_ref().and_then(newest);
    let rank = |vote: &Recorded<Vote>| decision.options.iter().position(|o| o.id == vote.what.option);
    let highest = votes.iter().filter_map(|(_, vote)| rank((*vote)?)).max();
    let agrees = |vote: Option<&Recorded<Vote>>| vote.is_some_and(|vote| rank(vote) == highest && highest.is_some());
    let not_agreed: Vec<&RoleId> = votes.iter().filter(|(_, vote)| !agrees(*vote)).map(|(role, _)| *role).collect();
    let newest_vote = votes.iter().filter_map(|(_, vote)| *vote).max_by_key(|vote| vote.at);

    let by_vote = match decision.concurrence {
        Concurrence::Any => newest_vote,
        Concurrence::All | Concurrence::AllHighestHolds => newest_vote.filter(|_| not_agreed.is_empty()),
    };
    let by_vote = by_vote.map(|vote| voted(decision, vote, false));
    let by_settling = settling.map(|vote| voted(decision, vote, true));
    // What was put on record as decided holds until an office votes anew.
    let recorded = incident.decisions.iter().rev().find(|d| d.what.asked.as_ref() == Some(&decision.id));
    let recorded = recorded.filter(|d| newest_vote.is_none_or(|vote| vote.at <= d.at)).map(|d| Outcome {
        option: decision.options.iter().find(|o| is_option(o, &d.what)),
        words: d.what.outcome.as_str(),
        at: d.at,
        settled: false,
    });
    let outcome = by_settling.or(by_vote).or(recorded);
    let provisional = match decision.concurrence {
        Concurrence::AllHighestHolds if outcome.is_none() => highest.and_then(|rank| decision.options.get(rank)),
        _ => None,
    };
    let not_agreed =
        if matches!(decision.concurrence, Concurrence::Any) && outcome.is_some() { Vec::new() } else { not_agreed };
    Tally { votes, settling, statement, provisional, outcome, not_agreed }
}

fn voted<'a>(decision: &'a pack::Decision, vote: &'a Recorded<Vote>, settled: bool) -> Outcome<'a> {
    let option = decision.options.iter().find(|o| o.id == vote.what.option);
    let words = option.map_or(vote.what.option.as_str(), |o| o.label.en.as_str());
    Outcome { option, words, at: vote.at, settled }
}

fn is_option(option: &Item, recorded: &Decision) -> bool {
    recorded.outcome.as_str().eq_ignore_ascii_case(&option.label.en)
}

/// Whether the policy puts this question to the incident as it stands.
pub fn is_put(incident: &Incident, decision: &pack::Decision) -> bool {
    let facts = super::facts(incident);
    facts.has(decision.trigger.on) && facts.satisfy(&decision.trigger.when)
}

/// Whose voice a question waits for: the deciders who have not agreed, and once all have voted and disagree, the
/// office that may end it.
pub fn waits_for_votes<'a>(incident: &'a Incident, decision: &'a pack::Decision) -> Vec<&'a RoleId> {
    if incident.standing != Standing::Open || !is_put(incident, decision) {
        return Vec::new();
    }
    let tally = tally(incident, decision);
    if tally.outcome.is_some() {
        return Vec::new();
    }
    let all_voted = tally.votes.iter().all(|(_, vote)| vote.is_some());
    let settles = decision.settles.iter().filter(|_| all_voted);
    tally.not_agreed.into_iter().chain(settles).collect()
}

/// The questions that wait for somebody who holds one of these capacities, with the role in which they are asked.
pub fn concurrence_wanted<'a>(
    incident: &'a Incident,
    pack: &'a Pack,
    held: &[Capacity],
) -> Vec<(&'a pack::Decision, &'a pack::Role)> {
    let asked = pack.decisions.iter().flat_map(|decision| {
        waits_for_votes(incident, decision).into_iter().filter_map(move |role| Some((decision, pack.role(role)?)))
    });
    asked.filter(|(_, role)| held.contains(&role.capacity)).collect()
}

/// “Information Systems (voted Moderate), Counsel (has not voted)”
pub fn not_agreed_in_words(tally: &Tally<'_>, decision: &pack::Decision, pack: &Pack) -> String {
    let said = |role: &&RoleId| {
        let title = pack.role(role).map_or(role.as_str(), |role| role.title.en.as_str());
        let vote = tally.votes.iter().find(|(voter, _)| voter == role).and_then(|(_, vote)| *vote);
        let option = vote.and_then(|vote| decision.options.iter().find(|o| o.id == vote.what.option));
        match option {
            Some(option) => format!("{title} (voted {})", option.label.en),
            None => format!("{title} (has not voted)"),
        }
    };
    tally.not_agreed.iter().map(said).collect::<Vec<_>>().join(", ")
}

pub(super) fn vote(incident: &Incident, vote: Box<Vote>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let decision = known(&vote.decision, given.pack)?;
    if !is_put(incident, decision) {
        return Err(Refusal::NotPut);
    }
    let decides = decision.deciders.contains(&vote.role) || decision.settles.as_ref() == Some(&vote.role);
    if !decides {
        return Err(Refusal::NotADecider);
    }
    if !decision.options.iter().any(|o| o.id == vote.option) {
        return Err(Refusal::NoSuchOption);
    }
    if decision.reasoned && vote.reason.is_none() {
        return Err(Refusal::WordsNeeded);
    }
    let before = tally(incident, decision);
    if decision.on_statement && before.statement.is_none_or(|s| Some(s.what.id) != vote.statement) {
        return Err(Refusal::StatementFirst);
    }
    let mut after = incident.clone();
    let cast = Event::Voted(vote);
    after.apply(&cast, given.actor, given.now);
    let mut events = vec![cast];
    events.extend(follows(&after, decision, given));
    Ok(events)
}

/// What a changed tally drives: the severity that the header shows, and the moment that being decided is.
fn follows(after: &Incident, decision: &pack::Decision, given: Given<'_>) -> Vec<Event> {
    let tally = tally(after, decision);
    let mut events = Vec::new();
    let holds = tally.outcome.as_ref().map_or(tally.provisional, |outcome| outcome.option);
    let severity = holds.filter(|_| decision.judges_severity).map(|item| severity_of(decision, item));
    if severity.is_some() && after.severity != severity {
        let reason =
            if tally.outcome.is_some() { "Decided by vote." } else { "The highest vote holds until all agree." };
        let reason = Note::parse(reason).ok();
        events.push(Event::Described(Description { severity, reason, ..Description::default() }));
    }
    let decided = tally.outcome.as_ref().and(decision.records);
    if let Some(moment) = decided.filter(|moment| !after.moments.contains_key(moment)) {
        events.push(Event::MomentRecorded(ClockRecord::seen(moment, When::Exact { at: given.now })));
    }
    events
}

/// Options lie lowest to highest; they are spread over the four bars.
fn severity_of(decision: &pack::Decision, item: &Item) -> Severity {
    let place = decision.options.iter().position(|o| o.id == item.id).unwrap_or(0);
    match place * 4 / decision.options.len().max(1) {
        0 => Severity::Low,
        1 => Severity::Medium,
        2 => Severity::High,
        _ => Severity::Critical,
    }
}

pub(super) fn write_statement(
    incident: &Incident,
    text: Box<Statement>,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let decision = known(&text.decision, given.pack)?;
    if !decision.on_statement {
        return Err(Refusal::NoSuchDecision);
    }
    let same = tally(incident, decision).statement.is_some_and(|s| s.what.words == text.words);
    Ok(if same { Vec::new() } else { vec![Event::StatementWritten(text)] })
}

/// A decision put on record in words. Where several have to agree, they have agreed first.
pub(super) fn record(incident: &Incident, decided: Box<Decision>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let asked = decided.asked.as_ref().and_then(|id| given.pack.decisions.iter().find(|d| d.id == *id));
    if let Some(decision) = asked {
        agreed(incident, decision, given.pack)?;
    }
    Ok(vec![Event::Decided(decided)])
}

/// A moment that is a decision's own is not recorded before it is decided.
pub(super) fn may_record(incident: &Incident, moment: Moment, pack: &Pack) -> Result<(), Refusal> {
    pack.decisions.iter().filter(|d| d.records == Some(moment)).try_for_each(|d| agreed(incident, d, pack))
}

fn agreed(incident: &Incident, decision: &pack::Decision, pack: &Pack) -> Result<(), Refusal> {
    let tally = tally(incident, decision);
    if matches!(decision.concurrence, Concurrence::Any) || tally.outcome.is_some() {
        return Ok(());
    }
    Err(Refusal::NotAgreed(not_agreed_in_words(&tally, decision, pack)))
}

fn known<'a>(id: &DecisionId, pack: &'a Pack) -> Result<&'a pack::Decision, Refusal> {
    pack.decisions.iter().find(|d| d.id == *id).ok_or(Refusal::NoSuchDecision)
}

#[cfg(test)]
#[path = "votes_tests.rs"]
mod tests;
