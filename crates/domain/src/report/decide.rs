//! What may happen to a report, and what follows: commands in, events or a refusal out.

use super::{Event, FileAdded, Kept, KeptWhy, Report, Reporter, Routed, SetAside, Standing, Submission, Weighing};
use crate::actor::Actor;
use crate::ids::{AccountId, EntryId, IncidentId, UnitId};
use crate::pack::QuestionId;
use crate::reference::ReportReference;
use crate::text::Note;
use crate::time::Instant;

/// How long an officer's decision about a report can be taken back from the list, in seconds. The screens offer
/// ten; a little more keeps the promise on a slow line.
pub const UNDO_SECONDS: i64 = 30;

/// What somebody wants to do with a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// File it, and say where it goes.
    Submit(Box<Submission>, Option<Reporter>, Option<Box<Routed>>),
    /// Note that an officer opened it.
    Open,
    /// Ask the person who reported.
    Ask(EntryId, Note),
    /// Add words or files, in answer to a question of the report where one is named.
    AddWords(EntryId, Option<Note>, Vec<FileAdded>, Option<QuestionId>),
    /// Make an incident of it.
    Accept(IncidentId),
    /// Add it to an incident.
    AddTo(IncidentId),
    /// Decide that it is no incident.
    SetAside(SetAside),
    /// Hand it to another unit.
    HandTo(UnitId, Option<Note>),
    /// Take back the last decision.
    Undo,
    /// End the private link of the person who reported.
    EndLink,
    /// Test it by the policy's definition of an incident.
    Weigh(Weighing),
    /// Record what was found.
    RecordFinding(EntryId, Note),
    /// Keep people from it.
    KeepFrom(Vec<Kept>),
    /// It is not about this person after all.
    LetIn(AccountId, Note),
}

/// The circumstances of a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Given {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: Instant,
}

/// Why a command is not carried out, in words that name what to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// A report is filed once.
    #[error("report {0} has already been filed; add to it from its status page")]
    AlreadyFiled(ReportReference),
    /// Nothing was filed under this id.
    #[error("there is no such report")]
    NotFiled,
    /// Somebody decided already.
    #[error("this report has already been decided; undo that decision first, or open its incident")]
    AlreadyDecided,
    /// A question would wait on a page that nobody can open.
    #[error("the person who reported ended their private page; call or write to them instead")]
    LinkEnded,
    /// Nothing was said and nothing was attached.
    #[error("write something or choose a file")]
    NothingAdded,
    /// The moment for undoing has passed, or there is nothing to undo.
    #[error("this can no longer be undone here; correct it on the incident instead")]
    TooLateToUndo,
    /// Nobody kept that person from it because of a name.
    #[error("this person is not kept from the report because of a name in it")]
    NotNamed,
}

/// Decides a command: the events that follow from it, or why not.
pub fn decide(report: &Report, command: Command, given: Given) -> Result<Vec<Event>, Refusal> {
    if let Command::Submit(submission, reporter, routed) = command {
        return match &report.filed {
            Some(filed) => Err(Refusal::AlreadyFiled(filed.submission.reference)),
            None => Ok(std::iter::once(Event::Submitted(submission))
                .chain(reporter.filter(|r| *r != Reporter::default()).map(Event::ReporterNamed))
                .chain(routed.map(Event::Routed))
                .collect()),
        };
    }
    report.filed.as_ref().ok_or(Refusal::NotFiled)?;
    match command {
        Command::Submit(..) => Err(Refusal::NotFiled),
        Command::Ask(..) if report.link_ended.is_some() => Err(Refusal::LinkEnded),
        Command::Open => Ok(if has_read(report, given.actor) { Vec::new() } else { vec![Event::Opened] }),
        Command::Ask(id, words) => Ok(vec![Event::QuestionAsked { id, words }]),
        Command::AddWords(_, None, files, _) if files.is_empty() => Err(Refusal::NothingAdded),
        Command::AddWords(id, words, files, about) => Ok(vec![Event::WordsAdded { id, words, files, about }]),
        Command::Accept(incident) => undecided(report).map(|()| vec![Event::Accepted { incident }]),
        Command::AddTo(incident) => undecided(report).map(|()| vec![Event::AddedTo { incident }]),
        Command::SetAside(why) => undecided(report).map(|()| vec![Event::SetAside(why)]),
        Command::HandTo(unit, note) => undecided(report).map(|()| vec![Event::HandedTo { unit, note }]),
        Command::Weigh(weighing) if report.weighed.as_ref().is_some_and(|(known, ..)| *known == weighing) => {
            Ok(Vec::new())
        }
        Command::Weigh(weighing) => undecided(report).map(|()| vec![Event::Weighed(weighing)]),
        Command::Undo => undo(report, given),
        Command::RecordFinding(id, words) => undecided(report).map(|()| vec![Event::FindingRecorded { id, words }]),
        Command::KeepFrom(people) => Ok(keep_from(report, people)),
        Command::LetIn(account, reason) => {
            undecided(report)?;
            let named = report.kept.iter().any(|k| k.who.account == account && k.can_be_let_in());
            if named { Ok(vec![Event::LetIn { account, reason }]) } else { Err(Refusal::NotNamed) }
        }
        Command::EndLink => Ok(if report.link_ended.is_none() { vec![Event::LinkEnded] } else { Vec::new() }),
    }
}

/// Who is kept from it already, or was let in again by somebody who looked, is not kept from it anew because of a name.
fn keep_from(report: &Report, people: Vec<Kept>) -> Vec<Event> {
    let known = |new: &Kept| {
        let same = report.kept.iter().filter(|k| k.who.account == new.account);
        same.into_iter().any(|k| k.let_in.is_none() || (k.who.why == new.why && new.why == KeptWhy::Named))
    };
    let people: Vec<Kept> = people.into_iter().filter(|new| !known(new)).collect();
    if people.is_empty() { Vec::new() } else { vec![Event::KeptFrom { people }] }
}

/// Each person's first look is part of the record; looking again is not.
fn has_read(report: &Report, actor: Actor) -> bool {
    match actor {
        Actor::Account(person) => report.readers.contains(&person),
        Actor::Reporter | Actor::System => report.opened.is_some(),
    }
}

const fn undecided(report: &Report) -> Result<(), Refusal> {
    match report.standing {
        Standing::Waiting | Standing::Asked => Ok(()),
        Standing::Accepted | Standing::SetAside => Err(Refusal::AlreadyDecided),
    }
}

fn undo(report: &Report, given: Given) -> Result<Vec<Event>, Refusal> {
    let mine = |by| given.actor == Actor::Account(by);
    match report.decided {
        Some((by, at)) if mine(by) && given.now.seconds_since(at) <= UNDO_SECONDS => Ok(vec![Event::DecisionUndone]),
        _ => Err(Refusal::TooLateToUndo),
    }
}
