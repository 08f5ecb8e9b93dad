//! How long an incident is kept, what holds it back, and what has to be true before it may be disposed of.

use super::decide::Given;
use super::refusal::Refusal;
use super::{ClockRecord, Event, FactAnswer, FactValue, Incident, Recorded, Standing};
use crate::actor::Actor;
use crate::form::Party;
use crate::ids::EntryId;
use crate::pack::{ClauseId, FactId, Matters, Moment, Pack, RetainUntil, keep_until};
use crate::text::{Line, Note};
use crate::time::{Instant, When, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A legal question or action around an incident. While it is open, nothing of the incident is disposed of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LegalMatter {
    /// The entry.
    pub id: EntryId,
    /// What it is about.
    pub question: Line<300>,
    /// Who looks after it.
    pub owner: Line<120>,
}

/// An order to keep everything, whatever any date says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LegalHold {
    /// The entry.
    pub id: EntryId,
    /// Why.
    pub reason: Note,
}

/// That somebody wants the record disposed of. Somebody else reviews it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DisposalProposal {
    /// The entry.
    pub id: EntryId,
    /// The last day on which it had to be kept.
    pub kept_until: Date,
    /// The rule that gave that day, in words.
    pub rule: Line<300>,
    /// The clauses of that rule.
    pub clauses: Vec<ClauseId>,
    /// Why now.
    pub reason: Note,
}

/// A legal matter and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatterState {
    /// The matter.
    pub matter: Recorded<LegalMatter>,
    /// The day on which it was settled, and how.
    pub settled: Option<(Date, Recorded<Note>)>,
    /// That an administrator let it hold the record no longer, and why.
    pub released: Option<Recorded<Note>>,
}

/// A legal hold and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldState {
    /// The hold.
    pub hold: Recorded<LegalHold>,
    /// That it was lifted, and why.
    pub lifted: Option<Recorded<Note>>,
}

/// What an incident's events say about keeping it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keeping {
    /// Legal matters, oldest first.
    pub matters: Vec<MatterState>,
    /// Legal holds, oldest first.
    pub holds: Vec<HoldState>,
    /// The proposal to dispose of it that waits for a second person.
    pub proposal: Option<Recorded<DisposalProposal>>,
    /// When it was disposed of: all that was known is gone.
    pub disposed: Option<Instant>,
}

impl Keeping {
    /// Matters that are neither settled nor released.
    pub fn open_matters(&self) -> impl Iterator<Item = &MatterState> {
        self.matters.iter().filter(|m| m.settled.is_none() && m.released.is_none())
    }

    /// Holds that stand.
    pub fn standing_holds(&self) -> impl Iterator<Item = &HoldState> {
        self.holds.iter().filter(|h| h.lifted.is_none())
    }

    /// Whether anything stops disposal whatever the date.
    pub fn held(&self) -> bool {
        self.open_matters().next().is_some() || self.standing_holds().next().is_some()
    }

    /// The last day on which a matter was settled.
    pub fn settled_on(&self) -> Option<Date> {
        self.matters.iter().filter_map(|m| m.settled.as_ref().map(|(on, _)| *on)).max()
    }

    fn matters(&self) -> Matters {
        if self.open_matters().next().is_some() {
            Matters::Open
        } else {
            self.settled_on().map_or(Matters::None, Matters::Settled)
        }
    }

    pub(super) fn settle(&mut self, matter: EntryId, on: Date, how: Recorded<Note>) {
        if let Some(state) = self.matters.iter_mut().find(|m| m.matter.what.id == matter) {
            state.settled = Some((on, how));
        }
    }

    pub(super) fn lift(&mut self, hold: EntryId, why: &Recorded<Note>) {
        for state in self.holds.iter_mut().filter(|h| h.hold.what.id == hold) {
            state.lifted = Some(why.clone());
        }
        for state in self.matters.iter_mut().filter(|m| m.matter.what.id == hold) {
            state.released = Some(why.clone());
        }
    }
}

/// A rule of keeping as it applies to one incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeepRule {
    /// The title of the pack that states it, or leaves it open.
    pub pack: String,
    /// Civil years.
    pub years: u32,
    /// The organisation set it, because the text states none.
    pub local: bool,
    /// It counts from the completion of the pack's form; otherwise from closing.
    pub from_form: bool,
    /// Past the years until the last matter is settled.
    pub until_matters_settle: bool,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// The rules that apply: those of the governing policy and of every law beside it, and the organisation's own value
/// where the policy states none.
pub fn keep_rules(governing: &Pack, laws: &[&Pack], local_years: Option<u32>) -> Vec<KeepRule> {
    let stated = std::iter::once(governing).chain(laws.iter().copied()).filter_map(|pack| {
        let rule = pack.retention.as_ref()?;
        Some(KeepRule {
            pack: pack.title.clone(),
            years: rule.years,
            local: false,
            from_form: rule.form.is_some(),
            until_matters_settle: rule.until_matters_settle,
            clauses: rule.clauses.clone(),
        })
    });
    let mut rules: Vec<KeepRule> = stated.collect();
    if let (None, Some(years)) = (&governing.retention, local_years) {
        let left_open = governing.locals.iter().find(|local| local.id.as_str() == "retention");
        rules.push(KeepRule {
            pack: governing.title.clone(),
            years,
            local: true,
            from_form: false,
            until_matters_settle: true,
            clauses: left_open.map(|local| local.clauses.clone()).unwrap_or_default(),
        });
    }
    rules
}

/// Until when an incident is kept, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The last day, or none.
    pub until: RetainUntil,
    /// The rule that gives the last day, and the day from which it counts.
    pub rule: Option<(KeepRule, Date)>,
    /// The sum in words.
    pub says: String,
}

/// Until when an incident is kept: the latest of what the rules give, and no day at all while anything holds it.
pub fn kept(incident: &Incident, rules: &[KeepRule], zone: &Zone) -> Kept {
    let none =
        |rule: Option<(KeepRule, Date)>, says: &str| Kept { until: RetainUntil::NoDate, rule, says: says.into() };
    if incident.standing != Standing::Closed {
        return none(None, "It is not closed, so no time has begun to run.");
    }
    if rules.is_empty() {
        return none(
            None,
            "Neither a policy nor a law states how long it is kept, and no value of the agency is set: it is never disposed of.",
        );
    }
    let matters = incident.keeping.matters();
    let mut latest: Option<(Date, KeepRule, Date)> = None;
    for rule in rules {
        let Some(base) = base(incident, rule, zone) else {
            let says = if incident.form.amends.is_some() {
                "An amendment of the form is open: the time counts from the day on which it is completed."
            } else {
                "The form was never completed, so its time has not begun to run."
            };
            return none(None, says);
        };
        // What holds it is said below; here the day that it would have otherwise.
        let settled = incident.keeping.settled_on().map_or(Matters::None, Matters::Settled);
        if let RetainUntil::Day(day) = keep_until(rule.years, rule.until_matters_settle, base, settled)
            && latest.as_ref().is_none_or(|(known, ..)| day > *known)
        {
            latest = Some((day, rule.clone(), base));
        }
    }
    let Some((day, rule, base)) = latest else { return none(None, "No rule gives a day.") };
    if matters == Matters::Open || incident.keeping.held() {
        return none(Some((rule, base)), "A legal matter or hold stops its disposal, whatever the date.");
    }
    let from = if rule.from_form { "completion of the form" } else { "closing" };
    let source = if rule.local { "a local value" } else { "the rule" };
    let settled = incident.keeping.settled_on().filter(|on| rule.until_matters_settle && *on == day);
    let says = match settled {
        Some(on) => {
            format!("The last legal matter was settled on {on}, later than {} years from {from} on {base}.", rule.years)
        }
        None => format!("{} years from {from} on {base}, by {source} of {}.", rule.years, rule.pack),
    };
    Kept { until: RetainUntil::Day(day), rule: Some((rule, base)), says }
}

/// The day from which a rule counts: the officer's signature on the newest form, or closing.
fn base(incident: &Incident, rule: &KeepRule, zone: &Zone) -> Option<Date> {
    if rule.from_form {
        return incident.form.signed_by(Party::OfficerCompleted).map(|(_, at)| at.day_in(zone));
    }
    incident.closing.as_ref().map(|(_, at)| at.day_in(zone))
}

/// Everything that forbids disposing of it today, each in words that name it. Empty when nothing does.
pub fn in_the_way(incident: &Incident, rules: &[KeepRule], zone: &Zone, today: Date) -> Vec<String> {
    let keeping = &incident.keeping;
    let mut found = Vec::new();
    if incident.standing != Standing::Closed {
        found.push("it is not closed".to_owned());
    }
    let matters = keeping.open_matters();
    found.extend(matters.map(|m| format!("the legal matter “{}” is open", m.matter.what.question)));
    let holds = keeping.standing_holds();
    found.extend(holds.map(|h| {
        let day = h.hold.at.day_in(zone);
        format!("a legal hold of {day} stands: {}", h.hold.what.reason.gist(200))
    }));
    if !found.is_empty() {
        return found;
    }
    let kept = kept(incident, rules, zone);
    match kept.until {
        RetainUntil::Day(day) if today > day => {}
        RetainUntil::Day(day) => {
            let next = day.tomorrow().unwrap_or(day);
            found.push(format!("it is kept to the end of {day} and can be disposed of from {next}"));
        }
        RetainUntil::NoDate => found.push(kept.says),
    }
    found
}

pub(super) fn open_matter(
    incident: &Incident,
    matter: Box<LegalMatter>,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let mut events = vec![Event::MatterOpened(matter)];
    // A policy that asks whether a legal question is open has its answer.
    let asked = FactId::parse("legal-issue").ok().filter(|fact| given.pack.fact(fact).is_some());
    if let Some(fact) = asked
        && incident.standing == Standing::Open
        && incident.answers.get(&fact).is_none_or(|(value, _)| *value != FactValue::Yes)
    {
        let reason = Note::parse("A legal matter was opened.").ok();
        events.push(Event::FactAnswered(FactAnswer { fact, answer: FactValue::Yes, reason }));
    }
    Ok(events)
}

pub(super) fn settle_matter(
    incident: &Incident,
    matter: EntryId,
    on: Date,
    how: Note,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    if on > given.now.day_in(&given.pack.zone) {
        return Err(Refusal::InTheFuture);
    }
    let others = incident.keeping.open_matters().filter(|m| m.matter.what.id != matter).count();
    if incident.keeping.open_matters().count() == others {
        return Err(Refusal::NoSuchMatter);
    }
    let mut events = vec![Event::MatterSettled { matter, on, how }];
    if others == 0 {
        let last = incident.keeping.settled_on().map_or(on, |earlier| earlier.max(on));
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::MattersSettled, When::Day { on: last })));
    }
    Ok(events)
}

/// Lifts a hold, or lets an open matter hold the record no longer, where only the house rule makes it do so.
pub(super) fn lift(incident: &Incident, hold: EntryId, reason: Note, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if incident.keeping.standing_holds().any(|h| h.hold.what.id == hold) {
        return Ok(vec![Event::LegalHoldLifted { hold, reason }]);
    }
    if !incident.keeping.open_matters().any(|m| m.matter.what.id == hold) {
        return Err(Refusal::NoSuchHold);
    }
    if given.pack.retention.as_ref().is_some_and(|rule| rule.until_matters_settle) {
        return Err(Refusal::PolicyKeeps);
    }
    Ok(vec![Event::LegalHoldLifted { hold, reason }])
}

pub(super) fn propose(
    incident: &Incident,
    proposal: Box<DisposalProposal>,
    rules: &[KeepRule],
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let zone = &given.pack.zone;
    let found = in_the_way(incident, rules, zone, given.now.day_in(zone));
    if !found.is_empty() {
        return Err(Refusal::KeptBack(found));
    }
    if incident.keeping.proposal.is_some() {
        return Err(Refusal::ProposedAlready);
    }
    Ok(vec![Event::DisposalProposed(proposal)])
}

pub(super) fn decline(incident: &Incident, reason: Note) -> Result<Vec<Event>, Refusal> {
    if incident.keeping.proposal.is_none() {
        return Err(Refusal::NotProposed);
    }
    Ok(vec![Event::DisposalDeclined { reason }])
}

/// Carries out a proposal: by somebody else than whoever made it, and only while nothing forbids it.
pub(super) fn dispose(incident: &Incident, rules: &[KeepRule], given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let Some(proposal) = &incident.keeping.proposal else { return Err(Refusal::NotProposed) };
    if !matches!(given.actor, Actor::Account(_)) || proposal.by == given.actor {
        return Err(Refusal::SamePerson);
    }
    let zone = &given.pack.zone;
    let found = in_the_way(incident, rules, zone, given.now.day_in(zone));
    if found.is_empty() { Ok(vec![Event::Disposed]) } else { Err(Refusal::KeptBack(found)) }
}

#[cfg(test)]
#[path = "keeping_tests.rs"]
mod tests;
