//! A report: what one person handed in, from the first word to the officer's decision about it.
//!
//! A report is never refused for being late, incomplete or sent under an expired policy, and it is never deleted.
//! Filing it, adding to it and deciding about it are events on its own stream.

mod decide;
mod event;
mod listing;
mod particulars;

pub use decide::{Command, Given, Refusal, UNDO_SECONDS, decide};
pub use event::*;
pub use listing::{Listing, Signal, Standing, SummaryOfReport};
pub use particulars::{Told, particulars};

use crate::actor::Actor;
use crate::ids::{AccountId, EntryId, IncidentId, ReportId, UnitId};
use crate::pack::QuestionId;
use crate::time::Instant;

/// A report as its events tell it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The report.
    pub id: ReportId,
    /// The stream version reached; 0 before anything was filed.
    pub version: u32,
    /// What was filed; `None` before that.
    pub filed: Option<Filed>,
    /// Who reported; `None` when no name was given or the reader may not know it.
    pub reporter: Option<Reporter>,
    /// Where it stands.
    pub standing: Standing,
    /// The incident it is part of.
    pub incident: Option<IncidentId>,
    /// The unit whose officers handle it now.
    pub handling_unit: Option<UnitId>,
    /// Questions, answers and later additions, oldest first.
    pub messages: Vec<Message>,
    /// Files that came with it or later.
    pub files: Vec<FileAdded>,
    /// When an officer of the unit that handles it first opened it.
    pub opened: Option<(AccountId, Instant)>,
    /// Officers of that unit who have opened it, each once, in the order in which they did.
    pub readers: Vec<AccountId>,
    /// Why it was set aside.
    pub set_aside: Option<SetAside>,
    /// The last decision, so that it can be undone for a short while.
    pub decided: Option<(AccountId, Instant)>,
    /// When the person who reported ended their private link.
    pub link_ended: Option<Instant>,
    /// Where it went when it was filed; `None` for reports of older versions of the product.
    pub routed: Option<Routed>,
    /// How it was last tested by the policy's definition of an incident, by whom and when.
    pub weighed: Option<(Weighing, Actor, Instant)>,
    /// What was found by those who looked into it, oldest first.
    pub findings: Vec<Finding>,
    /// Who is or was kept from it, oldest first.
    pub kept: Vec<KeptState>,
}

/// Somebody who is or was kept from a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptState {
    /// Who, and why.
    pub who: Kept,
    /// Since when.
    pub at: Instant,
    /// When they were let in again, by whom, and how that was known.
    pub let_in: Option<(Actor, Instant, crate::text::Note)>,
}

impl KeptState {
    /// Only a name that nobody has looked at yet is a guess; what somebody said stands.
    pub fn can_be_let_in(&self) -> bool {
        self.let_in.is_none() && self.who.why == KeptWhy::Named
    }
}

/// What somebody found who looked into a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// When it was recorded.
    pub at: Instant,
    /// By whom.
    pub by: Actor,
    /// Its words.
    pub words: crate::text::Note,
}

/// What was filed and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filed {
    /// The answers.
    pub submission: Submission,
    /// When it was received.
    pub at: Instant,
    /// Who filed it: the reporter, or an officer who took a call.
    pub by: Actor,
}

/// One message on the reporter's private status page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The message.
    pub id: EntryId,
    /// When it was written.
    pub at: Instant,
    /// Who wrote it.
    pub by: Actor,
    /// Its words.
    pub words: crate::text::Note,
    /// Whether an answer is wanted.
    pub asks: bool,
    /// The question of the report that it answers or corrects.
    pub about: Option<QuestionId>,
}

impl Report {
    /// A report of which nothing is known yet.
    pub const fn empty(id: ReportId) -> Self {
        Self {
            id,
            version: 0,
            filed: None,
            reporter: None,
            standing: Standing::Waiting,
            incident: None,
            handling_unit: None,
            messages: Vec::new(),
            files: Vec::new(),
            opened: None,
            readers: Vec::new(),
            set_aside: None,
            decided: None,
            link_ended: None,
            routed: None,
            weighed: None,
            findings: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// What the events tell, oldest first. An entry that its reader may not open, or that was erased, counts towards
    /// the version and tells nothing.
    pub fn replay<'a>(id: ReportId, entries: impl IntoIterator<Item = (&'a Event, Actor, Instant)>) -> Self {
        let mut report = Self::empty(id);
        for (event, actor, at) in entries {
            report.apply(event, actor, at);
        }
        report
    }

    /// Counts an entry that cannot be read.
    pub const fn skip(&mut self) {
        self.version += 1;
    }

    /// Who is kept from it now, each once.
    pub fn kept_from(&self) -> Vec<AccountId> {
        let mut people: Vec<AccountId> =
            self.kept.iter().filter(|k| k.let_in.is_none()).map(|k| k.who.account).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &Event, actor: Actor, at: Instant) {
        self.version += 1;
        match event {
            Event::Submitted(submission) => {
                self.handling_unit = Some(submission.handling_unit);
                self.files.extend(submission.files.iter().cloned());
                self.filed = Some(Filed { submission: (**submission).clone(), at, by: actor });
            }
            Event::ReporterNamed(reporter) => self.reporter = Some(reporter.clone()),
            Event::Opened => {
                self.opened = self.opened.or_else(|| account(actor).map(|a| (a, at)));
                self.readers.extend(account(actor).filter(|a| !self.readers.contains(a)));
            }
            Event::QuestionAsked { id, words } => {
                self.messages.push(Message { id: *id, at, by: actor, words: words.clone(), asks: true, about: None });
                if self.standing == Standing::Waiting {
                    self.standing = Standing::Asked;
                }
            }
            Event::WordsAdded { id, words, files, about } => {
                self.files.extend(files.iter().cloned());
                if let Some(words) = words {
                    let (words, about) = (words.clone(), about.clone());
                    self.messages.push(Message { id: *id, at, by: actor, words, asks: false, about });
                }
                if self.standing == Standing::Asked {
                    self.standing = Standing::Waiting;
                }
            }
            Event::Accepted { incident } | Event::AddedTo { incident } => {
                self.standing = Standing::Accepted;
                self.incident = Some(*incident);
                self.decided = account(actor).map(|a| (a, at));
            }
            Event::SetAside(why) => {
                self.standing = Standing::SetAside;
                self.set_aside = Some(why.clone());
                self.decided = account(actor).map(|a| (a, at));
            }
            Event::HandedTo { unit, .. } => {
                self.handling_unit = Some(*unit);
                self.opened = None;
                self.readers.clear();
            }
            Event::DecisionUndone => {
                self.standing = Standing::Waiting;
                self.incident = None;
                self.set_aside = None;
                self.decided = None;
            }
            Event::LinkEnded => self.link_ended = self.link_ended.or(Some(at)),
            Event::Routed(routed) => self.routed = Some((**routed).clone()),
            Event::Weighed(weighing) => self.weighed = Some((weighing.clone(), actor, at)),
            Event::KeptFrom { people } => {
                self.kept.extend(people.iter().map(|who| KeptState { who: *who, at, let_in: None }));
            }
            Event::LetIn { account, reason } => {
                let theirs = self.kept.iter_mut().filter(|k| k.who.account == *account && k.can_be_let_in());
                theirs.for_each(|kept| kept.let_in = Some((actor, at, reason.clone())));
            }
            Event::FindingRecorded { words, .. } => self.findings.push(Finding { at, by: actor, words: words.clone() }),
        }
    }
}

const fn account(actor: Actor) -> Option<AccountId> {
    match actor {
        Actor::Account(id) => Some(id),
        Actor::Reporter | Actor::System => None,
    }
}
